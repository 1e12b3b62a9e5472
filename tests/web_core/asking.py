"""Send the same questions to chalicelib (`python`) and to web/core in a Node process or a browser page.

A question is {"ask": kind, ...}. An answer is {"is": plain JSON}, {"refused": slug, "code": ...} or {"fault": ...}. A
fault is never a correct answer. `answers.mjs` implements the same questions in JavaScript.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import pytest
from vectors import read

from chalicelib.applications.rules import validity
from chalicelib.kernel import codes, days, document_kinds, numbers, text
from chalicelib.kernel.countries import COUNTRIES, ORIGINS
from chalicelib.kernel.errors import DecodeError, TamgaError
from chalicelib.people import model as people
from chalicelib.record import permit
from chalicelib.requirements.model import requirements
from chalicelib.requirements.services import for_devices
from chalicelib.species.model import annotations
from chalicelib.token import cbor, claims, cose, qr_text
from chalicelib.token.check_code import normal_check_code
from chalicelib.trust.model.status_list import open_status_list
from chalicelib.trust.model.trust_list import TrustList, open_bundle, open_trust_list
from chalicelib.uses import single_use
from chalicelib.uses import use as uses_use
from chalicelib.verdict import check_results
from chalicelib.verdict.verdict import Verdict

HERE = Path(__file__).resolve().parent
NODE = HERE.parents[1] / ".venv-node" / "node"
Question = Mapping[str, Any]
Answer = dict[str, Any]

needs_node = pytest.mark.skipif(not NODE.exists(), reason="Node could not be had (make setup says why)")


class Asked(Protocol):
    """A runtime of web/core: Node or Chromium."""

    def ask(self, *questions: Question) -> list[Answer]:
        """Return the answers in the order of the questions."""


class Node:
    """web/core in a Node process whose time zone is UTC+14, so that its local day often differs."""

    def __enter__(self) -> Self:
        command = [str(NODE), str(HERE / "answer.mjs")]
        away = os.environ | {"TZ": "Pacific/Kiritimati"}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=away)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def ask(self, *questions: Question) -> list[Answer]:
        """Return the answers in the order of the questions."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(questions) + "\n")  # ASCII, so that lone surrogates arrive too
        self._process.stdin.flush()
        answers: list[Answer] = json.loads(self._process.stdout.readline())
        return answers


def python(question: Question) -> Answer:
    """Return the answer of chalicelib."""
    try:
        return {"is": json.loads(json.dumps(ANSWERS[question["ask"]](question)))}
    except TamgaError as error:
        code = error.code if isinstance(error, DecodeError) else None
        return {"refused": error.slug, "code": code, "detail": error.detail}


def agree(asked: Asked, *questions: Question) -> list[Answer]:
    """Return Python's answers; fail if JavaScript's differ.

    The error texts (`detail`) may differ, except for lines, uses and numbers.
    """
    ours = [python(question) for question in questions]
    for question, one, other in zip(questions, ours, asked.ask(*questions), strict=True):
        for answer in (one, other):
            if question["ask"] not in {"lines", "check_use", "number"}:
                answer.pop("detail", None)
        assert other == one, question["ask"]
    return ours


def plain(found: Verdict) -> Any:
    """Return all members of a verdict as plain JSON, in the form of `plain` of read.mjs."""
    results = [
        {
            "code": each.code,
            "outcome": each.outcome,
            "check": each.check,
            "facts": each.facts,
            "events": each.events,
            "cleared": each.cleared,
        }
        for each in found.check_results
    ]
    return {
        "outcome": found.outcome, "check_results": results, "checks": dict(found.checks), "permit": named(found.permit),
        "pages": named(found.pages), "register": found.register is not None,
        "uses": [use.event_id for use in found.uses], "checked_at": found.checked_at, "data_as_of": found.data_as_of,
        "zone": found.zone,
    }  # fmt: skip


def named(value: Any) -> Any:
    """Convert bytes to hex and dataclasses to dicts of their fields."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return [named(item) for item in value]
    if is_dataclass(value):
        return {field.name: named(getattr(value, field.name)) for field in fields(value)}
    return value


def tagged(value: Any) -> Any:
    """Convert a CBOR value to JSON that distinguishes its types."""
    match value:
        case bool() | str():
            return value
        case int():
            return {"int": str(value)}
        case bytes():
            return {"bytes": value.hex()}
        case list():
            return [tagged(item) for item in value]
    return {"map": [[tagged(key), tagged(item)] for key, item in value.items()]}


def _bytes(question: Question, name: str = "data") -> bytes:
    return bytes.fromhex(question[name])


def _sign1(question: Question) -> Any:
    return named(cose.decode_sign1(_bytes(question), cap=2048))


def _bundle(question: Question) -> Any:
    known = {"newest_seq": question["newest_seq"], "now": question["now"]}
    return [_listed(each) for each in open_bundle(_bytes(question), read.pins(question["pins"]), **known)]


def _listed(found: TrustList) -> Any:
    return named(found)


def _status_list(question: Question) -> Any:
    found = open_status_list(_bytes(question), read.trust(question["trust"]))
    return [found.issuer, found.uri, found.issued_at, found.expires_at, found.values.hex()]


def _verified(question: Question) -> bool:
    key = cose.public_key_xy(_bytes(question, "x"), _bytes(question, "y"))
    return cose.verify_raw(_bytes(question, "message"), _bytes(question, "signature"), key)


def _allowed(question: Question) -> dict[str, uses_use.PermittedAmount]:
    return {
        letter: uses_use.PermittedAmount(each["quantity"], each["unit"]) for letter, each in question["allowed"].items()
    }


def _lines(question: Question) -> bool:
    lines = [uses_use.UsedLine(each["line"], each["quantity"], each["dead_on_arrival"]) for each in question["lines"]]
    single_use.check_lines(lines, _allowed(question), question["direction"])
    return True


def _check_use(question: Question) -> bool:
    posts = {
        name: people.Post(name, name, "road", frozenset(), frozenset(post["links"]))
        for name, post in question["posts"].items()
    }
    uses, added = read.uses(question["uses"]), read.use(question["added"])
    single_use.check_use(question["kind"], uses, added, _allowed(question), posts, question["now"])
    return True


def _tables(_: Question) -> Any:
    return {
        "kinds": [[k.code, k.en, k.letter, k.many_crossings] for k in document_kinds.KINDS.values()],
        "purposes": [[c.code, c.en] for c in codes.PURPOSES.values()],
        "sources": [[c.code, c.en] for c in codes.SOURCES.values()],
        "terms": [[c.code, c.en] for c in codes.TERMS.values()],
        "units": [[u.code, u.en, u.symbol, u.base, int(u.factor * 10**6)] for u in codes.UNITS.values()],
        "countries": dict(COUNTRIES), "origins": dict(ORIGINS), "checks": dict(check_results.CHECKS),
        "check_of": dict(check_results.CHECK_OF), "outcomes": check_results.OUTCOMES,
        "validity": {kind: each.months for kind, each in validity.VALIDITY.items()},
        "foreign": {"": numbers.RECOMMENDED.pattern}
        | {country: each.form.pattern for country, each in numbers.FORMS.items()},
        "letters": [permit.line_letter(at) for at in range(80)],
        "lines_at_most": permit.LINES_AT_MOST,
    }  # fmt: skip


def _annotation(asked: Question) -> Any:
    goods, day = read.annotated_goods(asked["goods"]), validity.date.fromisoformat(asked["day"])
    found = annotations.covered(goods, day)
    return [found._asdict(), list(annotations.form_needed(goods, day)), list(annotations.deciding_terms(goods))]


def _requirement(asked: Question) -> Any:
    today = validity.date.fromisoformat(asked["given"]["today"])
    found = requirements.answer(read.question(asked["given"]["question"]), today=today, issuer=asked["given"]["issuer"])
    return answered(found)


def answered(found: requirements.Answer) -> Any:
    """Return the complete answer in the JSON form of the service and the pages."""
    held = found.allowance
    return {
        "decision": found.decision,
        "documents": [asdict(each) | {"alternatives": list(each.alternatives)} for each in found.documents],
        "reasons": [asdict(each) | {"facts": dict(each.facts)} for each in found.reasons],
        "other_papers": list(found.other_papers),
        "allowance": held and asdict(held) | {"groups": sorted(held.groups), "terms": sorted(held.terms)},
    }


def _judged(given: Any) -> Any:
    return plain(read.judge(given))


def _outcomes(question: Question) -> Any:
    found = [read.judge(question["given"] | {"text": each}) for each in question["texts"]]
    return [[each.outcome, each.codes, each.permit is None] for each in found]


ANSWERS: Mapping[str, Callable[[Question], Any]] = {
    "judge": lambda q: _judged(q["given"]),
    "outcomes": _outcomes,
    "text": lambda q: named(qr_text.decode_qr(q["text"])),
    "cbor": lambda q: tagged(cbor.decode(_bytes(q), cap=q["cap"], depth=q["depth"])),
    "sign1": _sign1,
    "claims": lambda q: named(claims.decode_claims(_bytes(q)).claims),
    "trust_list": lambda q: _listed(open_trust_list(_bytes(q), read.pins(q["pins"]))),
    "bundle": _bundle,
    "status_list": _status_list,
    "verified": _verified,
    "point": lambda q: cose.public_bytes(cose.public_key_xy(_bytes(q, "x"), _bytes(q, "y"))).hex(),
    "number": lambda q: [
        numbers.normalise_number(q["number"]),
        numbers.identity(q["number"]),
        numbers.read_typed_number(q["number"]),
    ],
    "typed": lambda q: normal_check_code(q["typed"]),
    "record": lambda q: permit.record_bytes(q["record"]).hex(),
    "texts": lambda q: [[text.forbidden_characters(each), each.split()] for each in q["texts"]],
    "lines": _lines,
    "check_use": _check_use,
    "days": lambda q: [days.calendar_day(moment, q["zone"]).isoformat() for moment in q["moments"]],
    "ends": lambda q: [validity.expires_at(day, q["zone"]) for day in q["days"]],
    "latest": lambda q: [validity.latest(q["kind"], validity.date.fromisoformat(day)).isoformat() for day in q["days"]],
    "exist": lambda q: [found and found.isoformat() for found in map(days.day, q["days"])],
    "tables": _tables,
    "foreign_form": lambda q: [numbers.form_of(q["country"], number) for number in q["numbers"]],
    "annotation": _annotation,
    "requirement": _requirement,
}


def _list(ask: str, given: Any) -> Question:
    return {"ask": ask, **given, "data": given["list"] + "00" * given.get("zeros", 0)}


def annotated(given: Any) -> Question:
    return {"ask": "annotation", **given, "rules": annotations.for_devices(), "terms": list(codes.TERMS)}


# File of vectors -> the question of each vector. Digests are left to the vectors' own tests, papers to the service.
VECTORS: Mapping[str, Callable[[Any], Question]] = {
    "texts": lambda given: {"ask": "text", "text": given["text"]},
    "cbor": lambda given: {"ask": "cbor", "data": given["cbor"], "cap": 64, "depth": 4},
    "cose": lambda given: {"ask": "sign1", "data": given["token"]},
    "claims": lambda given: {"ask": "claims", "data": given["payload"]},
    "trust_lists": lambda given: _list("trust_list", given),
    "bundles": lambda given: {"ask": "bundle", **given, "data": given["bundle"]},
    "status_lists": lambda given: _list("status_list", given),
    "verdicts": lambda given: {"ask": "judge", "given": given},
    "directions": lambda given: {"ask": "judge", "given": given},
    "numbers": lambda given: {"ask": "number", "number": given["number"]},
    "annotations": annotated,
    "requirements": lambda given: {"ask": "requirement", "given": {**given, "table": for_devices(())}},
}


def of_pages(name: str) -> list[dict[str, Any]]:
    """Return the vectors that a page can judge: without papers, files (checks 11, 12) and check codes."""
    given = [row for row in read.vectors(name) if name != "papers"]
    return [row for row in given if row["input"].get("document") is None and "cti" not in row["input"]]


def questions() -> list[Question]:
    """Return every vector that a page can judge, as a question."""
    return [ask(row["input"]) for name, ask in VECTORS.items() for row in of_pages(name)]
