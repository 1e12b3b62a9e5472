"""Dossier: status value, snapshot for a verdict, and derived values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from vectors import craft, read, scenes

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import FindingResult
from chalicelib.permits.model import dossier as permits_dossier
from chalicelib.permits.model.dossier import Cleared, Dossier, Finding, snapshot, status_value
from chalicelib.uses.use import PermittedAmount, Use

BASE = Dossier("d", 3, "issued", "", "c", 0, craft.RECORD, digest="now", tokens=(craft.text(),))


def uses(*kinds: str) -> tuple[Use, ...]:
    return tuple(read.use(scenes.use(str(i), craft.T + i, kind)) for i, kind in enumerate(kinds))


def of(kind: str, **changes: Any) -> Dossier:
    return replace(BASE, record={**craft.RECORD, "document_type": kind}, **changes)


LEFT, BOTH = uses("export"), uses("export", "import")


@pytest.mark.parametrize(
    ("dossier", "value"),
    [
        (of("E"), 0),
        (of("E", uses=LEFT), 3),
        (of("E", uses=BOTH), 12),
        (of("E", uses=uses("transit", "return")), 0),
        (of("I", uses=uses("import")), 3),
        (of("I", uses=LEFT), 0),
        (of("E", state="suspended", uses=BOTH), 2),
        (of("E", state="revoked", uses=LEFT), 1),
        (of("E", state="revoked", for_cause=True), 15),
        (of("E", state="replaced", uses=LEFT), 13),
        (of("E", state="lost", missing="lost"), 14),
        (of("E", state="lost", missing="stolen", uses=LEFT), 14),
        (of("E", state="replaced", missing="stolen"), 14),  # it stays missing
        *((of(kind, uses=BOTH), 0) for kind in KINDS if KINDS[kind].many_crossings),
        (of("OM", state="suspended"), 2),
        (of("OM", state="replaced", missing="stolen"), 14),
        *((of(kind, uses=LEFT), 3) for kind in KINDS if not KINDS[kind].many_crossings and kind != "I"),
    ],
)
def test_status_value_of_state_and_uses(dossier: Dossier, value: int) -> None:
    assert status_value(dossier) == value


def test_snapshot_has_the_data_of_the_dossier() -> None:
    found = snapshot(replace(BASE, uses=LEFT, cleared=(Cleared("U4", ("a", "b"), "o", 0),), replaced_by_number="n"))
    assert found.payloads == {1: craft.payload()}
    assert (found.state, found.kind, found.uses) == ("issued", "E", LEFT)
    assert found.allowed == {"A": PermittedAmount("1", None)}
    assert found.cleared == {("U4", ("a", "b"))}
    assert (found.replaced_by, found.retrospective, found.missing) == ("n", False, False)
    assert snapshot(replace(BASE, record={**craft.RECORD, "retrospective": {"reason": "x"}})).retrospective
    assert snapshot(replace(BASE, state="replaced", missing="stolen")).missing
    pages = tuple(craft.text(cti=bytes([n]) * 16, p8=[n, 2]) for n in (1, 2))
    assert set(snapshot(replace(BASE, tokens=pages)).payloads) == {1, 2}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "accept"),
        ({"state": "suspended"}, "hold"),
        ({"state": "revoked"}, "not_valid"),
        ({"state": "revoked", "for_cause": True}, "hold"),
        ({"state": "replaced"}, "not_valid"),
        ({"state": "replaced", "missing": "stolen"}, "hold"),
        ({"state": "lost", "missing": "lost"}, "hold"),
    ],
)
def test_online_and_offline_verdicts_of_a_state_are_equal(changes: dict[str, Any], outcome: str) -> None:
    """The snapshot of a state gives the same outcome as its value in the status list."""
    dossier = replace(BASE, **changes)
    offline = scenes.offline(status_value(dossier))
    row = scenes.verdict("x", "x", "accept", **offline)
    told = read.judge(row["input"]).outcome
    row["input"]["register"] = "not_asked"
    asked = {**row["input"], "status": []}
    online = _judge(asked, snapshot(dossier))
    assert online == outcome
    assert told == {"accept": "accept_offline"}.get(outcome, outcome)


def _judge(given: Any, known: Any) -> str:
    from chalicelib.verdict import verdict

    found = verdict.judge(
        given["text"], trust=read.trust(given["trust"]), status={}, register=known, now=given["now"]
    )  # fmt: skip
    return found.outcome


def test_line_letters_continue_after_z() -> None:
    line = craft.RECORD["lines"][0]
    record = {**craft.RECORD, "lines": [{**line, "quantity": str(i + 1), "unit": "KGM"} for i in range(28)]}
    allowed = replace(BASE, record=record).allowed
    assert list(allowed)[24:] == ["Y", "Z", "AA", "AB"]
    assert allowed["AB"] == PermittedAmount("28", "KGM")


def test_newest_finding_on_present_digest_counts() -> None:
    old = Finding("non_detriment", FindingResult.POSITIVE, "", "f", 0, "before")
    first, last = replace(old, digest="now"), replace(old, digest="now", result="negative")
    assert replace(BASE, findings=(old,)).current_findings == {}
    assert replace(BASE, findings=(first, last)).current_findings == {"non_detriment": last}


def test_but_returns_the_next_version() -> None:
    after = BASE.but(reason="r")
    assert (after.version, after.reason, after.id) == (4, "r", "d")
    assert (BASE.version, BASE.reason) == (3, None)
    assert permits_dossier.Dossier("x", 1, "draft", "", "", 0, {}).use == "unused"
