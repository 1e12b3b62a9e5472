"""A device and the service give the same answer for each entry of the species list: Appendix, suspensions, quotas."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

from species_files import with_restrictions
from vectors.read import question as read_question
from web_core.asking import Node, answered, needs_node

from chalicelib.kernel.codes import SOURCES
from chalicelib.quotas.model import Quota, bounding
from chalicelib.record.permit import Line
from chalicelib.requirements.model.requirements import DIRECTIONS, USES, Question
from chalicelib.requirements.services import find_requirements, for_devices
from chalicelib.species import schemas as species_schemas
from chalicelib.species.model.listing import Restriction
from chalicelib.species.services import list_in_use

pytestmark = needs_node
TODAY = date(2026, 11, 26)
ANY: frozenset[str] = frozenset()
SUSPENDED = ("Varanus griseus", "Varanus salvator macromaculatus", "Hippocampus kuda", "Falconidae", "Paphiopedilum")
LISTING = with_restrictions(
    list_in_use.listing(),
    *(Restriction(name, ANY, frozenset("R"), ANY, ANY, date(2020, 1, 1), None, name, "N") for name in SUSPENDED),
)
MOVES = (
    {"direction": "export", "term": "LIV", "source": "W", "purpose": "T"},
    {"direction": "export", "term": "LIV", "source": "R", "purpose": "T", "destination": "DE"},
    {"direction": "import", "term": "SKI", "source": "C", "purpose": "P", "use": "personal_effects"},
)
MET = (each.scientific_name for each in LISTING.taxa if each.group)
BOUND = [*MET, *SUSPENDED, "Varanus", "Accipitridae", "Aves", "Felidae"]
FIXED = {"today": TODAY.isoformat(), "issuer": "KG", "table": for_devices(()), "known_from": LISTING.known_from}
QUOTAS = [Quota(2026, name, (), (), "0", None, "", "") for name in dict.fromkeys(BOUND)]


def test_each_species_entry_gets_same_answer_on_device(node: Node) -> None:
    entries = species_schemas.for_devices(LISTING, (each.taxon for each in QUOTAS))["taxa"]
    quotas = [{"scientific_name": each.taxon, "year": 2026, "terms": [], "sources": []} for each in QUOTAS]
    for move in MOVES:
        given = {**FIXED, "question": move}
        found = node.ask(*({"ask": "entry", "entry": each, "given": given, "quotas": quotas} for each in entries))
        for entry, said in zip(entries, found, strict=True):
            name = entry["scientific_name"]
            told = find_requirements(name, Question(None, **move), listing=LISTING, today=TODAY, issuer="KG")
            fits = [each.taxon for each in bounding(Line(scientific_name=name), QUOTAS, LISTING)]
            assert said == {"is": {"answer": answered(told.answer), "fits": fits}}, name


SOME = 1_000
DAYS = (None, "2017-04-21", "2019-11-26", "2023-02-23", "2026-03-04", "2027-06-15", "2027-07-15")
EARLIER = "1995-06-01"  # a device does not know the rules of a group before `known_from`
COUNTRIES = (None, "KG", "KZ", "GH", "CN", "MX", "PK", "XX")


def asked_of(entry: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    return {
        "direction": rng.choice(DIRECTIONS), "term": rng.choice((None, "LIV", "TRO", "MEA", "SAW", "WPR", "MED")),
        "source": rng.choice((None, "W", "W", "R", *SOURCES)), "purpose": rng.choice((None, "T", "P", "S")),
        "use": rng.choice(("", "", *USES)), "origin": rng.choice(COUNTRIES), "exporting": rng.choice(COUNTRIES[:-1]),
        "destination": rng.choice(COUNTRIES[:-1]), "quantity": rng.choice((None, "1", "9999")),
        "on": rng.choice(DAYS if "covers" in entry else (*DAYS, EARLIER)),
    }  # fmt: skip


def test_random_questions_about_entries_get_same_answer_on_device(node: Node) -> None:
    rng = random.Random(16)
    entries = species_schemas.for_devices(LISTING)["taxa"]
    often = [each for each in entries if "covers" in each]
    drawn = [rng.choice(entries if rng.random() < 0.5 else often) for _ in range(SOME)]
    asked = sorted(((each, asked_of(each, rng)) for each in drawn), key=lambda pair: pair[1]["on"] or "")
    found = node.ask(*(
        {"ask": "entry", "entry": entry, "given": {**FIXED, "question": question}, "quotas": []}
        for entry, question in asked
    ))  # fmt: skip
    for (entry, question), said in zip(asked, found, strict=True):
        name = entry["scientific_name"]
        told = find_requirements(
            name, read_question({**question, "subject": None}), listing=LISTING, today=TODAY, issuer="KG"
        )
        assert said["is"]["answer"] == answered(told.answer), (name, question)
