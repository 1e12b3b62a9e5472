"""Rules of importing countries: which of the rows of `RULES` are shown for goods, in this order.

The rules are short copies of rows of importers.csv: a change of the table changes no vector. `expect`: names of rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors.scenes import Vector

FALCON = {"appendix": "II", "kingdom": "Animalia"}
EAGLE = {"appendix": "I", "kingdom": "Animalia"}
ORCHID = {"appendix": "II", "kingdom": "Plantae"}
IBEX = {"appendix": "III", "kingdom": "Animalia", "listed_by": "PK"}
WOLF = {
    **FALCON,
    "may_be": ["I"],
    "population": {"appendix": "I", "origins": ["IN"], "open": [], "others": "II"},
    "range_states": ["IN", "KG"],
}


def _rule(name: str, countries: str, appendices: str = "", **own: str) -> Vector:
    cells = ("kingdoms", "taxa", "except_taxa", "terms")
    several: dict[str, Any] = {each: [one for one in own.get(each, "").split("; ") if one] for each in cells}
    return {
        "countries": countries.split(), "appendices": appendices.split(), "annex": "", **several,
        "needs": "import_permit", "texts": {"en": name, "ru": name, "ky": name}, "source": "a law",
        "confidence": "known", "as_of": "2026-11-29",
    }  # fmt: skip


RULES = [
    _rule("annex A", "DE GB", "I"),
    _rule("annex B", "DE GB", "II", except_taxa="Falco cherrug; Canis lupus"),
    _rule("annex A taxa", "DE GB", "II", taxa="Falco cherrug; Canis lupus"),
    _rule("annex C", "DE GB", "III"),
    _rule("trophies", "DE", "II", taxa="Ovis ammon; Ovis polii", terms="TRO"),
    _rule("argali", "US", taxa="Ovis ammon"),
    _rule("animals", "KZ", "I II III", kingdoms="Animalia"),
    _rule("alive", "JP", "II III", terms="LIV"),
    _rule("falcons", "AE", taxa="Falco", terms="LIV"),
    _rule("all", "AE", "I II III"),
]


def case(name: str, expect: str, subject: Vector | None, names: str, destination: str | None, **said: Any) -> Vector:
    question = {"subject": subject, "direction": "export", "destination": destination, **said}
    return {
        "name": name, "why": "chalicelib/data/importers.csv",
        "input": {"question": question, "names": names.split("; "), "issuer": "KG", "rules": RULES},
        "expect": [each for each in expect.split("; ") if each],
    }  # fmt: skip


def cases() -> Iterator[Vector]:
    yield case("Appendix I to the EU", "annex A", EAGLE, "Aquila heliaca", "DE")
    yield case("Appendix II to the EU", "annex B", ORCHID, "Dactylorhiza umbrosa", "DE")
    yield case("Appendix II in Annex A", "annex A taxa", FALCON, "Falco cherrug", "DE", term="LIV")
    yield case("Appendix III to the EU", "annex C", IBEX, "Capra sibirica", "DE", term="TRO")
    yield case("Appendix II to Great Britain", "annex B", ORCHID, "Dactylorhiza umbrosa", "GB")
    yield case("trophy: the taxon's rule comes first", "trophies; annex B", FALCON, "Ovis polii", "DE", term="TRO")
    yield case("no trophy", "annex B", FALCON, "Ovis polii", "DE", term="SKI")
    yield case("term not given: both are shown", "trophies; annex B", FALCON, "Ovis polii", "DE")
    yield case("a synonym", "argali", FALCON, "Ovis collium; Ovis ammon collium", "US", term="TRO")
    yield case("another species of the genus", "", FALCON, "Ovis vignei", "US", term="TRO")
    yield case("a name that only begins like it", "", FALCON, "Ovis ammonoides", "US", term="TRO")
    yield case("genus of a rule", "falcons; all", FALCON, "Falco tinnunculus", "AE", term="LIV")
    yield case("genus of a rule, another term", "all", FALCON, "Falco tinnunculus", "AE", term="FEA")
    yield case("kingdom fits", "animals", FALCON, "Falco cherrug", "KZ")
    yield case("kingdom does not fit", "", ORCHID, "Dactylorhiza umbrosa", "KZ")
    yield case("live goods", "alive", FALCON, "Testudo horsfieldii", "JP", term="LIV")
    yield case("other goods", "", FALCON, "Testudo horsfieldii", "JP", term="CAP")
    yield case("re-export", "annex B", ORCHID, "Dactylorhiza umbrosa", "DE", direction="reexport", origin="CN")
    yield case("import here", "", ORCHID, "Dactylorhiza umbrosa", "DE", direction="import")
    yield case("transit", "", ORCHID, "Dactylorhiza umbrosa", "DE", direction="transit")
    yield case("no destination", "", EAGLE, "Aquila heliaca", None)
    yield case("a country without a rule", "", EAGLE, "Aquila heliaca", "AU")
    yield case("a taxon that the list lacks", "", None, "Draco imaginarius", "DE")
    yield case("population of here", "annex A taxa", WOLF, "Canis lupus", "DE")
    yield case("population not said, of no range here", "annex A taxa; annex A", {**WOLF, "range_states": ["IN"]},
               "Canis lupus", "DE")  # fmt: skip
    yield case("population in Appendix I", "annex A", WOLF, "Canis lupus", "DE", direction="reexport", origin="IN")
    yield case("population not known", "annex A taxa; annex A", WOLF, "Canis lupus", "DE", direction="reexport")
