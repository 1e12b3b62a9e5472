"""Random questions about required documents and annotations get the same complete answer in Python and JavaScript."""

from __future__ import annotations

import random
from typing import Any

from web_core.asking import Node, agree, annotated, needs_node

from chalicelib.kernel.codes import PURPOSES, SOURCES, TERMS
from chalicelib.requirements.model.requirements import ABROAD, DIRECTIONS, USES
from chalicelib.requirements.services import for_devices
from chalicelib.species.model.annotation_rules import EXCEPTIONS, FORMS, RULES
from chalicelib.species.model.listing import Open

pytestmark = needs_node
SOME = 200
COUNTRIES = (None, "KG", "KZ", "DE", "PK", "MX", "KP", "XX")
NAMES = ("Aaa bbb", "Dalbergia melanoxylon", "Dalbergia cochinchinensis", "Opuntia ficus-indica", "Vanilla planifolia",
         "Aloe ferox", "Gastrodia elata", "Chinchilla lanigera")  # fmt: skip
FAMILIES = ("", "Cactaceae", "Orchidaceae", "Leguminosae")
TERMS_DRAWN = (None, "LIV", "TRO", "CAV", "SEE", "WPR", *TERMS)
SPLIT = {"appendix": "I", "origins": ["PK"], "open": ["MX"], "others": "II"}


def restriction(rng: random.Random) -> dict[str, Any]:
    return {
        "since": rng.choice(("2019-11-26", "2026-03-05")), "until": rng.choice((None, None, "2026-03-05")),
        "kinds": rng.choice(([], ["E", "R", "I"])), "sources": rng.choice(([], ["W"], ["C"])),
        "purposes": rng.choice(([], ["T"])), "origins": rng.choice(([], ["KZ"], ["PK"])),
        "terms": rng.choice(([], [], ["WPR", "SKI"])), "except_origins": rng.choice(([], [], ["KZ"])),
        "effect": rng.choice(("stop", "ask")), "exported_before": rng.choice((True, False)),
        "reason": "why", "source": "whence",
    }  # fmt: skip


def goods(rng: random.Random) -> dict[str, Any]:
    found = {
        "symbol": rng.choice(("", *RULES)), "excepts": rng.choice(([], [], sorted(EXCEPTIONS))),
        "taxon": rng.choice(NAMES), "family": rng.choice(FAMILIES), "term": rng.choice(TERMS_DRAWN),
        "form": rng.choice((None, *FORMS, "other")), "origin": rng.choice(COUNTRIES),
        "source": rng.choice((None, *SOURCES)), "quantity": rng.choice((None, "1", "10", "10.000001", "9999")),
        "unit": rng.choice((None, "KGM", "GRM", "MGM")),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def question(rng: random.Random) -> dict[str, Any]:
    of = goods(rng)
    subject = {
        "appendix": rng.choice(("0", "I", "II", "III")), "kingdom": rng.choice(("Animalia", "Plantae")),
        "may_be": rng.choice(([], [], ["I"], ["0", "II"])), "listed_by": rng.choice((None, "KG", "PK")),
        "groups": rng.choice(([], ["Acipenseriformes"])), "name": of.pop("taxon"), "family": of.pop("family"),
        "restrictions": [restriction(rng) for _ in range(rng.choice((0, 0, 1, 3)))],
        "deciding": rng.choice(("", "", "Falco rusticolus")), "symbol": of.pop("symbol"), "excepts": of.pop("excepts"),
        "open": rng.choice(([], [], [], [str(rng.choice(list(Open)))])), "broad": rng.random() < 0.1,
        "range_states": rng.choice(([], [], ["KZ"], ["CD", "CM"])), "range_sure": rng.choice((True, False)),
        "introduced": rng.choice(([], ["KG", "RU"])),
        **({"population": SPLIT} if rng.random() < 0.2 else {}),
    }  # fmt: skip
    said = {
        **of, "direction": rng.choice((None, *DIRECTIONS)), "purpose": rng.choice((None, *PURPOSES)),
        "exporting": rng.choice(COUNTRIES[:-1]), "destination": rng.choice(COUNTRIES[:-1]),
        "based": rng.choice(COUNTRIES[:-1]), "use": rng.choice(("", *USES)), "abroad": rng.choice(ABROAD),
        "pre_convention": rng.choice((None, None, True, False)), "registered": rng.choice((None, True, False)),
        "on": rng.choice((None, "2020-01-01", "2026-03-05")),
        "exported_on": rng.choice((None, "2018-01-01", "2022-01-01", "2026-06-01")),
    }  # fmt: skip
    return {"subject": rng.choice((subject, subject, subject, subject, None)), **said}


def test_random_questions_get_same_answer(node: Node) -> None:
    rng, table = random.Random(16), for_devices(())
    given = {"today": "2026-11-26", "table": table}
    for issuer in ("KG", "ES"):
        asked = ({"question": question(rng), "issuer": issuer, **given} for _ in range(SOME))
        agree(node, *({"ask": "requirement", "given": each} for each in asked))


def test_random_goods_get_same_coverage(node: Node) -> None:
    rng = random.Random(17)
    agree(node, *(annotated({"goods": goods(rng), "day": rng.choice(("2020-01-01", "2026-11-26"))})
                  for _ in range(SOME)))  # fmt: skip
