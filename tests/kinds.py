"""Lawful applications, one of each of the thirteen kinds of document."""

from __future__ import annotations

from dataclasses import replace

from life import APPLICATION, SAKER

from chalicelib.record.permit import Application, ImportPermit, Line, Party, SourceDocument

KG = APPLICATION.exporter
BISHKEK_ZOO = Party("Bishkek Zoo", "Mira 1, Bishkek", "KG")  # importer of the papers and codes from Kazakhstan
GERMANY = Party("Museum Berlin", "Invalidenstrasse 43, Berlin", "DE")
IBEX = Line(
    scientific_name="Capra sibirica", common_name="Siberian ibex", description="Trophy", marks="tag 7", appendix=3,
    kingdom="Animalia", source="W", term="TRO", quantity="1",
)  # fmt: skip
STURGEON = Line(
    scientific_name="Acipenser baerii", common_name="Siberian sturgeon", description="Caviar", marks="tins 1-9",
    source="C", term="CAV", quantity="12.5", unit="KGM", origin=SourceDocument("RU", "RU-7/E", "2026-09-01"),
)  # fmt: skip
OLD_HIDE = Line(
    scientific_name="Aquila chrysaetos", common_name="Golden eagle", description="Mounted", marks="plate 3",
    source="O", term="TRO", quantity="1", operation_or_acquisition="1959", origin=SourceDocument("KG"),
)  # fmt: skip
TULIP = Line(
    scientific_name="Orchis militaris", common_name="Military orchid", description="Plants in pots", appendix=2,
    kingdom="Plantae", source="A", term="LIV", quantity="40",
)  # fmt: skip
EAGLE = replace(SAKER, marks="chip 9810", quantity="1")
FIDDLE = replace(OLD_HIDE, term="LPS", description="Komuz with feathers")
FISH = Line(
    scientific_name="Hippocampus kuda", common_name="Spotted seahorse", description="Dried", marks="lot 1", appendix=2,
    kingdom="Animalia", source="X", term="BOD", quantity="7", unit="KGM",
)  # fmt: skip


def _of(kind: str, line: Line, **changes: object) -> Application:
    fields = {"document_type": kind, "lines": (line,), **changes}
    return replace(APPLICATION, **fields)  # type: ignore[arg-type]


APPLICATIONS = {
    "E": APPLICATION,
    "R": _of("R", STURGEON),
    "I": _of("I", replace(SAKER, source="W"), exporter=GERMANY, importer=KG),
    "OO": _of("OO", IBEX),
    "OP": _of("OP", OLD_HIDE),
    "OC": _of("OC", SAKER),
    "OA": _of("OA", TULIP),
    "OT": _of("OT", EAGLE, valid_until="2029-10-01", purpose="Q"),
    "OW": _of("OW", EAGLE, valid_until="2029-10-01", purpose="P"),
    "OM": _of("OM", FIDDLE, valid_until="2029-10-01", purpose="P"),
    "OS": _of("OS", replace(SAKER, term="FEA", quantity="30"), ata_carnet="KG/2026/0017"),
    "OI": _of("OI", FISH, importer=KG, exporter=Party("FV North", "Bishkek", "KG")),
    "OY": _of("OY", TULIP),
}
# an Appendix I export goes to a country that has already given its import permit
APPENDIX_I = _of(
    "E",
    replace(SAKER, scientific_name="Aquila heliaca", source="W", quantity="1"),
    purpose="S",
    import_permit=ImportPermit("AE-1", "AE", "2026-10-01"),
)
