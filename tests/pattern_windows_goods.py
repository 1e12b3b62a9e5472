"""Example traffic for the rules about portions, dead animals and routes (patterns/splits.py, deaths.py, routes.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pattern_windows import NOW, SAKER, permit, quoting, used, window

from chalicelib.kernel.days import DAY
from chalicelib.patterns.window import ForeignDocument, Origin, Window
from chalicelib.permits.model.dossier import Draw
from chalicelib.record.permit import Line, SourceDocument
from chalicelib.uses.use import Use, UsedLine

CAVIAR = Line(scientific_name="Acipenser baerii", term="CAV", quantity="100", unit="GRM", source="C")
ABOVE = {"Acipenser baerii": frozenset({"Acipenser", "Acipenseridae", "Acipenseriformes"})}


def tins(*days: float, grams: str = "100", **changes: Any) -> Window:
    """One permit for personal effects on each of these days, each of another exporter, to one consignee."""
    line = replace(CAVIAR, quantity=grams)
    fields = {"purpose": "P", "lines": (line,), "importer": "aunt|DE", "importer_name": "Aunt"} | changes
    made = [permit(n, days=each, exporter=f"x{n}|KG", **fields) for n, each in enumerate(days)]
    return window(*made, above=ABOVE)


def drawing(*amounts: str, every: float = 3, limit: str = "50") -> Window:
    line = replace(SAKER, marks=None)
    return window(
        *(permit(n, days=3 + n * every, lines=(replace(line, quantity=each),),
                 draws=(Draw("2026-falco-cherrug-liv-w", 2026, 0, each, limit=limit),))
          for n, each in enumerate(amounts))
    )  # fmt: skip


def shown(n: int = 1, *uses: Use, **changes: Any) -> ForeignDocument:
    """A document of Kazakhstan that was used here."""
    fields: dict[str, Any] = {
        "issuer": "KZ", "number": f"26KZ{n:06d}/E", "kind": "E", "exporter_name": "Almaty Falcons",
        "exporter_country": "KZ", "destination": "KG", "lines": (replace(SAKER, quantity="20"),), "uses": uses,
        "at": NOW - 3 * DAY,
    } | changes  # fmt: skip
    return ForeignDocument(**fields)


def arrived(hours: float, dead: str | None, airline: str = "157", quantity: str = "20") -> Use:
    lines = (UsedLine("A", quantity, dead),)
    return used(kind="import", hours=hours, lines=lines, transport_document=f"AWB {airline}-{hours:08.0f}")


def arrivals(*dead: str | None, **changes: Any) -> Window:
    return window(shown=tuple(shown(n, arrived(20 + 30 * n, each), **changes) for n, each in enumerate(dead)))


def with_airlines(*airlines: str) -> Window:
    papers = (shown(n, arrived(20 + 30 * n, "3", each), exporter_name=f"Exporter {n}")
              for n, each in enumerate(airlines))  # fmt: skip
    return window(shown=tuple(papers))


def resting_on(number: str = "26KG000007/E", country: str = "KG", to: str = "AE", **changes: Any) -> Window:
    """A re-export by Turkey on a document that permitted export to the Emirates."""
    line = replace(SAKER, origin=SourceDocument(country, number, "2026-09-01"))
    fields: dict[str, Any] = {"issuer": "TR", "number": "TR-9", "kind": "R", "exporter_country": "TR", "lines": (line,)}
    paper = shown(1, **{**fields, **changes})
    return window(shown=(paper,), origins={(country, number): Origin(True, None, to)})


def through(first: str, second: str, hours: float = 30, **changes: Any) -> Window:
    uses = (used(first, "transit", hours=40), used(second, "transit", hours=40 - hours))
    return window(shown=(shown(1, *uses, destination="AE", **changes),))


BY_THE_EMIRATES = replace(
    SAKER, origin=SourceDocument("KG", "26KG000007/E"), last_reexport=SourceDocument("AE", "AE-1")
)
FIRES: dict[str, Window] = {
    "split_allowance": tins(10, 6, 3),
    "split_quota": drawing("5", "5", "5"),
    "dead_of_exporter": arrivals("2", "1", "3"),
    "dead_with_carrier": with_airlines("157", "157", "157"),
    "never_went_there": resting_on(),
    "transit_in_circle": through("torugart", "torugart"),
}
RESTS: dict[str, list[Window]] = {
    "split_allowance": [
        tins(10, 3),  # two
        tins(30, 15, 3),  # within a month
        tins(10, 6, 3, grams="41"),  # 123 g: one person may carry this much
        tins(10, 6, 3, grams="200"),  # each above the allowance: this is the purpose of the permit
        tins(10, 6, 3, purpose="T"),
        tins(10, 6, 3, importer="", importer_name=""),  # of three exporters, to an unknown consignee
        tins(10, 6, 3, state="replaced"),
        replace(tins(10, 6, 3), since=NOW - DAY),
    ],
    "split_quota": [
        drawing("5", "5"),
        drawing("4", "4", "4"),  # 12 of 50: less than a quarter
        drawing("5", "5", "5", every=8),
        drawing("6", "6", "6"),  # none of them small
        drawing("1", "1", "1", "1", limit="400"),  # four hunters of one outfitter
    ],
    "dead_of_exporter": [
        arrivals("2", "3"),
        arrivals("1", "1", "1", *[None] * 9),  # 3 of 240
        arrivals(None, "0", None),
        arrivals("2", "1", "3", exporter_name=""),
        arrivals("2", "1", "3", lines=(replace(SAKER, term="FEA", quantity="20"),)),
        window(shown=tuple(shown(n, arrived(20, "3")) for n in range(4))),  # one consignment under one waybill
    ],
    "dead_with_carrier": [
        with_airlines("157", "157", "176"),
        arrivals("2", "1", "3"),  # all of one exporter
    ],
    "never_went_there": [
        resting_on(to="TR"),
        resting_on(to=""),  # that document is unknown here
        resting_on(issuer="AE", exporter_country="AE"),
        resting_on(exporter_country="AE"),  # the goods are in the Emirates
        resting_on("TR-8", "TR"),  # the exporting country's own document
        resting_on(lines=(BY_THE_EMIRATES,)),
        window(quoting(1, "RU-7"), origins={("RU", "RU-7"): Origin(True, None, "KG")}),
    ],
    "transit_in_circle": [
        through("torugart", "dostuk"),
        through("torugart", "torugart", hours=20),  # two officers of one crossing, a queue
        through("manas-airport", "manas-airport"),
        through("torugart", "torugart", kind="OW"),
    ],
}
