"""Example data of the local ministry: applications of its exporters, and the outcome of each. Data only.

Names of people and companies are invented. Days are relative to today, so that the data never expire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]

FALCONS = {
    "name": "Sunkar Falcon Breeding Centre LLC",
    "address": "12 Ibraimov Street, Bishkek 720021",
    "country": "KG",
    "name_local": "«Сункар» шумкар багуу борбору ЖЧК",
    "address_local": "Бишкек ш., Ибраимов көч., 12",
}
OUTFITTER = {
    "name": "Tian Shan Hunting Outfitters LLC",
    "address": "48 Toktogul Street, Naryn 722600",
    "country": "KG",
    "name_local": "ОсОО «Тянь-Шань Охота»",
}
TERRARIUM = {
    "name": "Chuy Tortoise Farm LLC",
    "address": "3 Sadovaya Street, Sokuluk, Chuy Region",
    "country": "KG",
    "name_local": "«Чүй таш бака фермасы» ЖЧК",
}
CAVIAR = {
    "name": "Issyk-Kul Delicatessen LLC",
    "address": "7 Jamansariev Street, Karakol 722200",
    "country": "KG",
}
ZOO = {
    "name": "Bishkek Zoological Society",
    "address": "1 Botanical Lane, Bishkek 720005",
    "country": "KG",
    "name_local": "Бишкек зоологиялык коому",
}
FALCONER = {
    "name": "Almaz Sagynbaev",
    "address": "Bokonbaevo, Issyk-Kul Region",
    "country": "KG",
    "name_local": "Алмаз Сагынбаев",
}
EMIRATES = {"name": "Al Ain Falcon Hospital and Breeding", "address": "PO Box 999, Al Ain", "country": "AE"}
SPAIN = {"name": "Javier Ortega Ruiz", "address": "Calle de Alcala 45, 28014 Madrid", "country": "ES"}
GERMANY = {"name": "Reptilienhaus Oldenburg GmbH", "address": "Hauptstrasse 8, 26122 Oldenburg", "country": "DE"}
AMERICA = {"name": "Daniel R. Whitaker", "address": "2210 Elk Ridge Road, Bozeman MT 59715", "country": "US"}
FRANCE = {"name": "Maison Perle Noire SAS", "address": "14 rue du Marche, 75008 Paris", "country": "FR"}
QATAR = {"name": "Souq Waqif Falcon Centre", "address": "PO Box 4040, Doha", "country": "QA"}
KAZAKHSTAN = {"name": "Almaty Zoo", "address": "166 Esenberlin Street, Almaty", "country": "KZ"}


def saker(*rings: str) -> Json:
    return {
        "scientific_name": "Falco cherrug",
        "common_name": "Saker falcon / Ителги",
        "description": "Live birds bred in captivity, hatched this year",
        "marks": "closed rings " + ", ".join(rings),
        "source": "C",
        "term": "LIV",
        "quantity": str(len(rings)),
    }


def one(scientific_name: str, common_name: str, ring: str) -> Json:
    return {
        "scientific_name": scientific_name,
        "common_name": common_name,
        "description": "1 live bird bred in captivity",
        "marks": f"ring {ring}",
        "source": "C",
        "term": "LIV",
        "quantity": "1",
    }


def trophy(scientific_name: str, common_name: str, tag: str) -> Json:
    return {
        "scientific_name": scientific_name,
        "common_name": common_name,
        "description": "Horns, skull and cape of one adult male",
        "marks": f"tag {tag}",
        "source": "W",
        "term": "TRO",
        "quantity": "1",
    }


ARGALI = trophy("Ovis ammon", "Argali / Аркар", "KG-H-044")
IBEX = trophy("Capra sibirica", "Siberian ibex / Тоо теке", "KG-H-091")
SAIGA: Json = {
    "scientific_name": "Saiga tatarica",
    "common_name": "Saiga / Ак кийик",
    "description": "Horns of males, seized stock",
    "marks": "tag KG-S-001",
    "source": "W",
    "term": "HOR",
    "quantity": "2",
}
TORTOISES: Json = {
    "scientific_name": "Testudo horsfieldii",
    "common_name": "Central Asian tortoise / Таш бака",
    "description": "Live, bred in captivity, plastron 8 to 10 cm",
    "marks": "microchips in the attached list, 643094100120001 to 643094100120120",
    "source": "C",
    "term": "LIV",
    "quantity": "120",
}
EAGLE: Json = {
    "scientific_name": "Aquila chrysaetos",
    "common_name": "Golden eagle / Бүркүт",
    "description": "1 live female of a hunter with eagles, bred in captivity",
    "marks": "ring KG-BRK-0007, microchip 643094100777001",
    "source": "C",
    "term": "LIV",
    "quantity": "1",
    "operation_or_acquisition": "hatched and acquired 2021",
}
COLLECTION = [
    one("Falco cherrug", "Saker falcon", "KG-Z-001"),
    one("Falco tinnunculus", "Kestrel", "KG-Z-002"),
    one("Falco subbuteo", "Hobby", "KG-Z-003"),
    one("Accipiter gentilis", "Goshawk", "KG-Z-004"),
    one("Buteo buteo", "Buzzard", "KG-Z-005"),
    one("Gyps himalayensis", "Himalayan griffon", "KG-Z-006"),
    one("Aegypius monachus", "Black vulture", "KG-Z-007"),
    one("Bubo bubo", "Eagle owl", "KG-Z-008"),
    one("Anthropoides virgo", "Demoiselle crane", "KG-Z-009"),
]


@dataclass(frozen=True, slots=True)
class Story:
    """One application of the seed and its course.

    `fields`: the application, given today. `ends`: the state to bring it to. `then`: what follows at the border, the
    name of a routine of `local/seed.py`. `reason`: why it ends in that state. `passed`: the approver's reason for
    overriding the hard stops of the draft.
    """

    name: str
    applicant: str
    fields: Callable[[date], Json]
    ends: str = "issued"
    then: str = ""
    reason: str = ""
    passed: str = ""


def paper(
    kind: str, exporter: Mapping[str, str], importer: Mapping[str, str], purpose: str, lines: list[Json], **more: Any
) -> Callable[[date], Json]:
    """An application that is valid for `days` from today (default 150)."""
    days = more.pop("days", 150)

    def fields(today: date) -> Json:
        return {
            "document_type": kind,
            "valid_until": (today + timedelta(days=days)).isoformat(),
            "exporter": dict(exporter),
            "importer": dict(importer),
            "purpose": purpose,
            "form": "paper",
            "lines": [{"origin": {"country": "KG"}, **line} for line in lines] if kind == "E" else lines,
            **more,
        }

    return fields


def caviar(today: date) -> Json:
    line = {
        "scientific_name": "Acipenser baerii",
        "common_name": "Siberian sturgeon",
        "description": "Caviar in tins of 250 g",
        "marks": "label BAE/C/KZ/2026/KZ-014/0041",
        "source": "C",
        "term": "CAV",
        "quantity": "12.5",
        "unit": "KGM",
        "origin": {"country": "KZ", "permit": "KZ-0311", "date": (today - timedelta(days=120)).isoformat()},
    }
    return paper("R", CAVIAR, FRANCE, "T", [line])(today)


def tour_fields(today: date) -> Json:
    """The application that the tour issues. The seed leaves it approved."""
    return paper("E", FALCONS, EMIRATES, "T", [saker("KG-0201", "KG-0202")], transport_document="AWB 176-12345675")(
        today
    )


STORIES = (
    Story("sakers to the Emirates", "sunkar", paper("E", FALCONS, EMIRATES, "T", [saker("KG-0117", "KG-0118")])),
    Story("argali trophy to Spain", "outfitter", paper("E", OUTFITTER, SPAIN, "H", [ARGALI]), then="export"),
    Story("tortoises to Germany", "tortoises", paper("E", TERRARIUM, GERMANY, "T", [TORTOISES]), then="export_part"),
    Story("ibex trophy, certificate of origin", "outfitter", paper("OO", OUTFITTER, AMERICA, "H", [IBEX], days=300)),
    Story("caviar, re-export", "caviar", caviar),
    Story(
        "travelling eagle, certificate of ownership",
        "almaz",
        paper("OW", FALCONER, FALCONER, "P", [EAGLE], days=1000),
        then="cross",
    ),
    Story("nine birds on three pages", "zoo", paper("E", ZOO, KAZAKHSTAN, "Z", COLLECTION)),
    Story(
        "lost on the way to the airport",
        "sunkar",
        paper("E", FALCONS, QATAR, "T", [saker("KG-0131")]),
        ends="lost",
        reason="The envelope with the permit was left in a taxi in Bishkek.",
    ),
    Story(
        "revoked for a false declaration",
        "sunkar",
        paper("E", FALCONS, QATAR, "T", [saker("KG-0140", "KG-0141", "KG-0142")]),
        ends="revoked",
        reason="The inspection found birds from the wild under these ring numbers.",
    ),
    Story(
        "suspended while the rings are checked",
        "sunkar",
        paper("E", FALCONS, EMIRATES, "T", [saker("KG-0150")]),
        ends="suspended",
        reason="A ring number occurs twice in the breeder's book.",
    ),
    Story(
        "replaced, importer's name corrected",
        "tortoises",
        paper("E", TERRARIUM, {**GERMANY, "name": "Reptilienhaus Oldenbug"}, "T", [{**TORTOISES, "quantity": "10"}]),
        ends="replaced",
        reason="The importer's name was misspelled.",
    ),
    Story(
        "exported, then the endorsement withdrawn",
        "sunkar",
        paper("E", FALCONS, EMIRATES, "T", [saker("KG-0160")]),
        then="undone",
    ),
    Story(
        "brought in from Kazakhstan",
        "zoo",
        paper("I", KAZAKHSTAN, ZOO, "Z", [one("Falco peregrinus", "Peregrine", "KZ-P-88")], days=300),
        then="import",
    ),
    Story(
        "saiga horn, stopped",
        "outfitter",
        paper("E", OUTFITTER, KAZAKHSTAN, "T", [SAIGA]),
        ends="draft",
    ),
    Story(
        "saiga horn, let pass by an approver",
        "outfitter",
        paper("E", OUTFITTER, KAZAKHSTAN, "T", [{**SAIGA, "quantity": "1", "marks": "tag KG-S-002"}]),
        ends="submitted",
        passed="Practice: as if the Secretariat had confirmed in writing that this consignment is excepted.",
    ),
    Story("draft", "sunkar", paper("E", FALCONS, QATAR, "T", [saker("KG-0170")]), ends="draft"),
    Story("waiting for findings", "outfitter", paper("E", OUTFITTER, SPAIN, "H", [ARGALI]), ends="submitted"),
    Story(
        "returned for the ring list",
        "sunkar",
        paper("E", FALCONS, QATAR, "T", [saker("KG-0180", "KG-0181")]),
        ends="returned",
        reason="Please attach the breeder's ring list.",
    ),
    Story(
        "refused",
        "outfitter",
        paper("E", OUTFITTER, AMERICA, "H", [ARGALI]),
        ends="refused",
        reason="The year's quota for this hunting ground is used up.",
    ),
    Story("approved, to be issued", "sunkar", paper("E", FALCONS, EMIRATES, "T", [saker("KG-0190")]), ends="approved"),
)
