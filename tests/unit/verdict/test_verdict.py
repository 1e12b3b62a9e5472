"""The verdict (`judge`): pure and total, without unverified fields, and never positive for an altered token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from proof import size
from vectors import craft, read, scenes
from vectors.craft import DAY, HOUR, T

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.uses.single_use import distinct_uses, first_use, use_state
from chalicelib.uses.use import PermittedAmount
from chalicelib.verdict import border_rules, snapshot, verdict
from chalicelib.verdict.check_results import CHECK_OF, CHECKS, OUTCOMES
from chalicelib.verdict.file_findings import FileFindings
from chalicelib.verdict.snapshot import NotAsked

GREEN = {"accept", "accept_offline", "check"}
POSTS = read.context(scenes.context()).posts
TRUST = read.trust(scenes.trust())

times = st.integers(T - 400 * DAY, T + 400 * DAY)
near = st.sampled_from([T + d for d in (-181 * DAY, -31 * DAY, -3 * DAY, -HOUR, -1, 0, 1, HOUR)])
uses = st.builds(
    scenes.use,
    st.sampled_from("abcdef"),
    near,
    st.sampled_from(["export", "import", "transit", "return"]),
    st.sampled_from([*scenes.POSTS, "gone"]),
    quantity=st.sampled_from(["0", "1", "2", "1.5"]),
    transport_document=st.sampled_from(["", "AWB 1", "AWB 2"]),
    result=st.sampled_from(["accepted", "conflict", "duplicate", "pending"]),
    late=st.booleans(),
    withdrawn_at=st.none() | near,
)
sets_of_uses = st.lists(uses, max_size=5, unique_by=lambda use: use["event_id"])
kinds = st.sampled_from(sorted(KINDS))
tokens = st.builds(
    lambda kind, iat, exp, idx, by: craft.text(by, p0=kind, iat=iat, exp=exp, idx=idx),
    kinds, times, times.map(abs), st.sampled_from([0, 4711, 131071, 131072]),
    st.sampled_from(["KG permit", "KG permit", "KG permit", "KG status", "stranger"]),
)  # fmt: skip
texts = st.one_of(
    st.just(craft.text()),
    tokens,
    st.text(max_size=60),
    st.text("0123456789", max_size=60).map("https://tamga.kg/1#".__add__),
)
snapshots = st.builds(
    lambda found, **more: scenes.snapshot(*found, **more),
    sets_of_uses,
    state=st.sampled_from(["issued", "suspended", "revoked", "replaced", "lost", "void", "approved"]),
    for_cause=st.booleans(), missing=st.booleans(), retrospective=st.booleans(), quota_passed=st.booleans(),
    legacy=st.booleans(), lowered_at=st.none() | near,
    cleared=st.lists(st.fixed_dictionaries({
        "code": st.sampled_from(sorted(CHECK_OF)),
        "events": st.lists(st.sampled_from("abcdef"), max_size=2, unique=True).map(sorted),
    }), max_size=3),
)  # fmt: skip
contexts = st.builds(
    scenes.context,
    st.sampled_from(["export", "import", "transit", "return", "none"]),
    st.none() | st.sampled_from([*scenes.POSTS, "gone"]),
    st.none() | st.sampled_from(["KG", "AE", "KZ"]),
    same_goods=st.none() | st.booleans(),
    other_pages=st.lists(texts, max_size=2),
    own_scans=st.lists(near, max_size=2),
    unsent=st.lists(uses, max_size=2, unique_by=lambda use: use["event_id"]),
    offline_limits=st.dictionaries(st.sampled_from(["", "KGM"]), st.sampled_from(["0", "10.5"])),
)
findings = st.builds(
    FileFindings, st.sampled_from(["pdf", "image"]), codes=st.lists(texts, max_size=2).map(tuple),
    record=st.none() | st.text(max_size=9), overlaid=st.lists(st.just("9"), max_size=1).map(tuple),
    altered=st.lists(st.just("9"), max_size=1).map(tuple),
    form_codes=st.just((craft.text(),)), blocks=st.dictionaries(st.just("1"), st.just(("x",)), max_size=1),
)  # fmt: skip
trusts = st.builds(
    lambda fetched, newest: read.trust(scenes.trust(fetched_at={"KG": fetched}, newest_signed=newest)), near, near
)
lists = st.none() | st.tuples(st.integers(0, 15), st.sampled_from([T - 73 * HOUR, T - 7 * HOUR, T, T + HOUR])).map(
    lambda row: craft.status_list({0: row[0], 4711: row[0]}, iat=row[1])
)


@pytest.mark.slow
@given(
    texts, trusts, lists, st.sampled_from(["unknown", "not_asked", "failed"]) | snapshots, sets_of_uses, contexts,
    st.none() | findings, near,
)  # fmt: skip
@settings(max_examples=size(200, 600))
def test_judge_is_pure_and_total_for_any_input(
    text: str, trust: Any, listed: Any, register: Any, own: Any, where: Any, document: Any, now: int
) -> None:
    status = {}
    if listed is not None:
        from chalicelib.trust.model.status_list import open_status_list

        found = open_status_list(listed, trust)
        status = {found.uri: found}
    asked: dict[str, Any] = {
        "trust": trust, "status": status, "register": read.register(register), "own_uses": read.uses(own),
        "context": read.context(where), "document": document, "now": now,
    }  # fmt: skip
    one = verdict.judge(text, **asked)
    assert one == verdict.judge(text, **asked)
    assert one.outcome in OUTCOMES
    assert one.outcome == min([*(h.outcome for h in one.check_results if h.outcome), "accept"], key=OUTCOMES.index) or (
        one.outcome == "accept_offline"
    )
    assert list(one.checks) == list(CHECKS)
    assert [h.check for h in one.check_results] == sorted(h.check for h in one.check_results)
    assert all(h.outcome in {*OUTCOMES, ""} for h in one.check_results)
    assert not any(h.cleared and (not h.events or h.outcome != "check") for h in one.check_results)
    if one.permit is None:
        assert (one.pages, one.register, one.uses) == ((), None, ())
        assert one.outcome not in GREEN
        assert len(one.check_results) == 1
    else:
        alone = verdict.judge(text, **{**asked, "context": snapshot.NO_CONTEXT, "document": None})
        assert all(alone.checks[n] == "pass" for n in range(1, 7))
        assert one.pages[0] == one.permit
    if not isinstance(asked["register"], snapshot.Snapshot):
        assert one.outcome != "accept"
    if register == "unknown" and one.permit:
        assert one.outcome == "hold"


@given(st.lists(uses, max_size=5, unique_by=lambda use: use["event_id"]), st.randoms(), kinds, contexts, near)
@settings(max_examples=300)
def test_order_of_uses_does_not_change_the_state(found: Any, random: Any, kind: str, where: Any, now: int) -> None:
    one = read.uses(found)
    other = list(one)
    random.shuffle(other)
    for direction in ("export", "import"):
        assert first_use(one, direction) == first_use(other, direction)
        assert distinct_uses(one, direction, POSTS) == distinct_uses(other, direction, POSTS)
    assert use_state(kind, one) == use_state(kind, other)
    place, allowed = read.context(where).place, {"A": PermittedAmount("1", None)}
    shown = [
        sorted(map(repr, border_rules.codes_of_uses(kind, place, each, allowed, POSTS, now)))
        for each in (one, tuple(other))
    ]
    assert shown[0] == shown[1]


OFFLINE = NotAsked()


def judged(text: str, register: Any = OFFLINE) -> verdict.Verdict:
    return verdict.judge(text, trust=TRUST, status={}, register=register, now=T)


BENT = [
    craft.token(),
    craft.token(p0="R", p5=[["Huso huso", 2, "C", "CAV", "0.5", {0: "KGM", 4: "KG-7"}]] * 4),
    craft.token(p8=[2, 3], p6="KG 0001234", p5=[["Panax ginseng", 0, "W", "ROO", "999999999.999999"]]),
]


@pytest.mark.parametrize("token", BENT, ids=["falcon", "four lines", "page"])
def test_token_with_flipped_bit_is_never_accepted(token: bytes) -> None:
    """Even where the register would confirm anything."""
    assert judged(f"https://tamga.kg/1#{craft.digits(token)}").permit is not None
    seen = set()
    for at in range(len(token) * 8):
        bent = bytearray(token)
        bent[at // 8] ^= 1 << at % 8
        found = judged(f"https://tamga.kg/1#{craft.digits(bytes(bent))}")
        assert found.outcome not in GREEN, at
        seen |= set(found.codes)
    assert seen <= {"F1", "F2", "F6", "T3", "T4", "T6"}
    assert {"F1", "F2", "T3"} <= seen


def test_text_with_changed_character_is_never_accepted() -> None:
    text = craft.text()
    host = range(len("https://"), text.index("/1#"))
    seen = set()
    for at, char in enumerate(text):
        others = "0123456789" if at > text.index("#") else "0aZ/#.-%\n "
        for other in others:
            if other in {char, char.upper() if at in host else char}:
                continue
            found = judged(text[:at] + other + text[at + 1 :])
            assert found.outcome not in GREEN, (at, other)
            seen |= set(found.codes)
    assert seen <= {"F1", "F2", "F6", "T3", "T4", "T6"}


@pytest.mark.parametrize("change", [lambda t: t + "0", lambda t: t[:-1], lambda t: t + t[-17:], lambda t: t[:-17]])
def test_added_or_removed_digits_are_never_accepted(change: Any) -> None:
    assert judged(change(craft.text())).outcome not in GREEN


def test_order_of_uses_does_not_change_events_of_an_alarm() -> None:
    """`events` is the name of the alarm in a clearance, so the order of uploads must not change it."""
    late = [read.use(scenes.use(name, T - 9, late=True)) for name in "ba"]
    known = [read.register(scenes.snapshot()), read.register(scenes.snapshot())]
    found = [
        judged(craft.text(), replace(each, uses=tuple(order)))
        for each, order in zip(known, (late, late[::-1]), strict=True)
    ]
    assert [(h.code, h.events) for h in found[0].check_results] == [(h.code, h.events) for h in found[1].check_results]
    assert {h.code: h.events for h in found[0].check_results}["L2"] == ("a", "b")


def test_data_as_of() -> None:
    assert judged(craft.text()).data_as_of == TRUST.newest_signed
    assert judged(craft.text(), read.register(scenes.snapshot())).data_as_of == T
    row = next(r for r in read.vectors("verdicts") if r["name"] == "in order, offline")
    assert read.judge(row["input"]).data_as_of == T - HOUR


def test_token_with_codes_of_a_later_version_is_judged_with_its_file() -> None:
    odd = craft.text(p4="?", p5=[["Falco", 2, "?", "ZZZ", "1", {0: "ZZZ"}]], exp=9007199254740991)
    found = verdict.judge(
        odd, trust=TRUST, status={}, register=NotAsked(), now=T,
        document=FileFindings("pdf", form_codes=(odd,), blocks={"1": (craft.NUMBER,)}),
    )  # fmt: skip
    assert found.permit is not None
    assert "D1" in found.codes
