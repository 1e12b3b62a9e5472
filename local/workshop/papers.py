"""The permits of the twenty sheets: application, later state, and changes to the paper. Data only.

Goods, right decision and reason of each sheet are in web/training/sheets.json, which the trainer's page reads too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from local.ministry import (
    AMERICA,
    COLLECTION,
    EAGLE,
    EMIRATES,
    FALCONER,
    FALCONS,
    GERMANY,
    KAZAKHSTAN,
    OUTFITTER,
    SPAIN,
    TERRARIUM,
    TORTOISES,
    ZOO,
    Json,
    one,
    paper,
    saker,
    trophy,
)
from local.workshop import prints

# The first post in a scanner's list. At a post without a link to it, a used sheet is held without a question.
POST = "manas-airport"
ENDS = 15  # the sheet that ends on the day it is made

Print = Callable[[bytes, Json], bytes]  # the service's PDF and the permit -> the PDF that the officer gets


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet. `then`: export, export_part, lost, revoked, suspended or replaced.

    `outcome`: the outcome of a check with the register, "" if the sheet has no code. `numbered`: our number -> the
    number on the paper.
    """

    fields: Callable[[date], Json]
    applicant: str = "workshop"  # has no mail address, so the sheets cause no mails
    then: str = ""
    printed: Print = prints.original
    outcome: str = "accept"
    numbered: Callable[[str], str] = str


def _birds(*rings: str, **more: Any) -> Callable[[date], Json]:
    return paper("E", FALCONS, EMIRATES, "T", [saker(*(f"KG-W-0{ring}" for ring in rings))], **more)


def _tortoises(count: int, **importer: str) -> Callable[[date], Json]:
    lines = [{**TORTOISES, "quantity": str(count), "marks": "microchips in the attached list"}]
    return paper("E", TERRARIUM, {**GERMANY, **importer}, "T", lines)


PAPERS: Mapping[int, Paper] = {
    1: Paper(_birds("101", "102")),
    2: Paper(paper("E", OUTFITTER, SPAIN, "H", [trophy("Ovis ammon", "Argali / Аркар", "KG-H-201")]), "outfitter"),
    3: Paper(_tortoises(10), "tortoises"),
    4: Paper(_tortoises(20), "tortoises", "export_part", outcome="check"),  # the rest has lapsed: hold other goods
    5: Paper(_birds("121", "122"), then="export", outcome="check"),
    6: Paper(_birds("131"), printed=prints.photocopy),
    7: Paper(_birds("141"), printed=prints.patched({"11A": "4"})),
    8: Paper(
        paper("E", FALCONS, EMIRATES, "T", [one("Falco tinnunculus", "Kestrel", "KG-W-0151")]),
        printed=prints.patched({"7-8A": "Falco cherrug", "8A": "Saker falcon / Ителги"}),
    ),
    9: Paper(_birds("161", "162"), printed=prints.recoded(prints.one_digit_changed), outcome="hold"),
    10: Paper(_birds("171"), printed=prints.recoded(prints.at_another_address), outcome="hold"),
    11: Paper(_birds("181", "182", "183"), then="revoked", outcome="hold"),
    12: Paper(_birds("191"), then="suspended", outcome="hold"),
    13: Paper(_birds("201"), then="lost", outcome="hold"),
    14: Paper(_tortoises(10, name="Reptilienhaus Oldenbug"), "tortoises", "replaced", outcome="not_valid"),
    ENDS: Paper(
        paper("E", FALCONER, EMIRATES, "P", [{**EAGLE, "marks": "ring KG-BRK-0009"}], days=0), "almaz", outcome="accept"
    ),  # on the day it is made it is still in order: see the key
    16: Paper(
        paper("E", FALCONS, EMIRATES, "T", [one("Falco cherrug", "Saker falcon", "UZ-P-17")]),
        printed=prints.of_another_country, outcome="hold", numbered=prints.UZBEK.number,
    ),
    17: Paper(
        paper("E", FALCONS, EMIRATES, "T", [{**one("Falco tinnunculus", "Kestrel", "none"), "quantity": "2"}]),
        printed=prints.without_a_code, outcome="", numbered=prints.KAZAKH.number,
    ),
    18: Paper(
        paper("E", ZOO, KAZAKHSTAN, "Z", COLLECTION), "zoo", printed=prints.without_the_last_page, outcome="check"
    ),
    19: Paper(
        paper("OO", OUTFITTER, AMERICA, "H", [trophy("Capra sibirica", "Siberian ibex", "KG-H-219")], days=300),
        "outfitter",
    ),
    20: Paper(_birds("211", form="electronic")),
}  # fmt: skip
