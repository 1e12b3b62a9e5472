"""Values of a verdict beside its codes: time of judging, age of the data, time zone, and facts of each code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from vectors import craft, read, scenes
from vectors.craft import HOUR, T

from chalicelib.kernel import days
from chalicelib.record.permit import Permit
from chalicelib.token import claims
from chalicelib.trust.model.status_list import IMPORTED, USED, StatusList, open_status_list
from chalicelib.trust.model.trust import Trust
from chalicelib.verdict import register_checks, snapshot, verdict
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.check_results import CheckResult
from chalicelib.verdict.file_findings import FileFindings
from chalicelib.verdict.snapshot import Failed, NotAsked, Unknown

TRUST = read.trust(scenes.trust())
SKEW = days.SKEW
ZONE = "Asia/Bishkek"


def listed(value: int = 0, iat: int = T - HOUR) -> StatusList:
    return open_status_list(craft.status_list({4711: value}, iat=iat), TRUST)


OFFLINE = NotAsked()


def judged(text: str, *lists: StatusList, register: Any = OFFLINE, now: int = T, **more: Any) -> verdict.Verdict:
    status = {each.uri: each for each in lists}
    return verdict.judge(text, **{"trust": TRUST, "status": status, "register": register, "now": now, **more})


def permit(**changes: Any) -> Permit:
    return claims.decode_claims(craft.payload(**changes)).claims


def place(kind: str, direction: str, country: str | None) -> tuple[list[CheckResult], Place]:
    return register_checks.check_place(permit(p0=kind), Place(direction, country))


# --- values that judge returns


def test_verdict_has_times_zone_register_and_uses() -> None:
    register = read.register(scenes.snapshot(scenes.use("a", T - HOUR)))
    found = judged(craft.text(), register=register)
    assert (found.checked_at, found.data_as_of, found.zone) == (T, T, ZONE)
    assert found.register is register
    assert found.uses == register.uses


@pytest.mark.parametrize(
    ("text", "now", "code", "as_of"),
    [
        ("nothing", T, "T4", T - HOUR),
        ("nothing", T - HOUR - SKEW, "T4", T - HOUR),
        ("nothing", T - HOUR - SKEW - 1, "T2", T - HOUR),
        (craft.text("stranger"), T, "F2", T - HOUR),
    ],
)
def test_verdict_that_ended_early_has_its_times_only(text: str, now: int, code: str, as_of: int) -> None:
    found = judged(text, now=now)
    assert (found.codes, found.checked_at, found.data_as_of) == ((code,), now, as_of)
    assert (found.permit, found.pages, found.register, found.uses, found.zone) == (None, (), None, (), "")


def test_clock_behind_status_list_returns_t2() -> None:
    """The status list of the permit's Party counts. Any list of our own Party counts even before a token is read."""
    late = replace(listed(), issued_at=T + HOUR)
    own_other = replace(late, uri="https://tamga.kg/s/26q1")
    foreign = replace(own_other, issuer="AE")
    for lists in ((late,), (own_other,)):
        for text in (craft.text(), "nothing"):
            found = judged(text, *lists)
            assert (found.codes, found.checked_at, found.data_as_of) == (("T2",), T, T + HOUR)
    assert judged("nothing", foreign).codes == ("T4",)
    of_partner = read.trust(scenes.trust(craft.trust_list(), pins=[craft.pin("AE"), craft.pin("KG")]))
    found = judged(craft.text(), late, trust=of_partner)
    assert (found.codes, found.checked_at, found.data_as_of) == (("T2",), T, T + HOUR)
    assert judged("nothing", late, trust=of_partner).codes == ("T4",)


def test_verdict_without_trust_list_returns_t4_or_t1() -> None:
    assert judged("nothing", trust=Trust((), ())).codes == ("T4",)
    assert judged(craft.text(), trust=Trust((), ())).codes == ("T1",)


def test_offline_verdict_is_as_of_status_list_or_trust_list() -> None:
    old = listed(iat=T - 3 * HOUR)
    assert judged(craft.text(), old).data_as_of == T - 3 * HOUR
    assert judged(craft.text()).data_as_of == TRUST.newest_signed
    beyond = craft.text(idx=131_072)
    assert judged(beyond, old).data_as_of == TRUST.newest_signed  # this permit is not in the list
    assert judged(craft.text(), old, register=Failed()).data_as_of == T - 3 * HOUR
    assert judged(craft.text(), old, register=Unknown()).data_as_of == T


def test_other_partys_list_under_this_uri_returns_t1() -> None:
    found = judged(craft.text(), replace(listed(USED), issuer="AE"))
    assert [(result.code, result.outcome, result.check) for result in found.check_results if result.check == 8] == [
        ("T1", "check", 8)
    ]
    assert found.data_as_of == TRUST.newest_signed


def test_codes_of_the_file_are_added_to_codes_of_the_token() -> None:
    odd = craft.text(exp=T)
    found = judged(odd, document=FileFindings("pdf", form_codes=(odd,), blocks={"1": (craft.NUMBER,)}))
    assert {"S1", "T1", "D1"} <= set(found.codes)


# --- facts


def test_facts_of_time() -> None:
    future, over = permit(iat=T + SKEW + 1), permit(exp=T)
    assert register_checks.time_results(future, ZONE, T) == [CheckResult("S5", "not_valid", {"at": T + SKEW + 1})]
    assert register_checks.time_results(over, ZONE, T) == [CheckResult("S1", "not_valid", {"at": T, "zone": ZONE})]
    assert register_checks.time_results(permit(iat=T + SKEW, exp=T + SKEW + 1), ZONE, T) == []
    assert judged(craft.text(exp=T)).check_results[0].facts == {"at": T, "zone": ZONE}


@pytest.mark.parametrize(
    ("age", "results"),
    [
        (register_checks.STATUS_FRESH, []),
        (
            register_checks.STATUS_FRESH + 1,
            [CheckResult("T1", "accept_offline", {"at": T - register_checks.STATUS_FRESH - 1}, at=8)],
        ),
        (72 * HOUR - 1, [CheckResult("T1", "accept_offline", {"at": T - 72 * HOUR + 1}, at=8)]),
        (72 * HOUR, [CheckResult("T1", "check", {"at": T - 72 * HOUR}, at=8)]),
    ],
)
def test_facts_of_status_list_age(age: int, results: list[CheckResult]) -> None:
    assert register_checks.status_list_results(permit(), listed(iat=T - age), T) == (0, results)


@pytest.mark.parametrize(
    ("changes", "results"),
    [
        ({}, []),
        ({"state": "suspended"}, [CheckResult("S3", "hold")]),
        ({"state": "revoked"}, [CheckResult("S2", "not_valid")]),
        ({"state": "revoked", "for_cause": True}, [CheckResult("S7", "hold")]),
        (
            {"state": "replaced", "replaced_by": "26KG000124/E"},
            [CheckResult("S4", "not_valid", {"number": "26KG000124/E"})],
        ),
        ({"state": "lost"}, [CheckResult("S6", "hold")]),
        ({"missing": True}, [CheckResult("S6", "hold")]),
        ({"quota_passed": True}, [CheckResult("P2", "check")]),
        ({"legacy": True}, [CheckResult("D4", "check")]),
    ],
)
def test_facts_of_register_state(changes: dict[str, Any], results: list[CheckResult]) -> None:
    assert register_checks.state_results(read.register(scenes.snapshot(**changes))) == results


@pytest.mark.parametrize(
    ("ago", "shown"), [((-1,), None), ((0,), 0), ((1800,), 1800), ((1801,), None), ((1800, 7, 60), 7)]
)
def test_own_scan_is_in_facts_for_half_an_hour(ago: tuple[int, ...], shown: int | None) -> None:
    context = snapshot.Context(own_scans=tuple(T - each for each in ago))
    results = register_checks.use_results((permit(),), None, None, (), context, T)
    assert results == ([] if shown is None else [CheckResult("U0", "", {"at": T - shown})])


def test_returning_goods_give_one_p4() -> None:
    context = snapshot.Context(place=Place("return", "KG"))
    assert register_checks.use_results((permit(),), None, None, (), context, T) == [CheckResult("P4", "check")]


# --- place and time


@pytest.mark.parametrize(
    ("kind", "direction", "country", "wrong"),
    [
        ("E", "export", "KG", False),
        ("E", "export", "KZ", True),
        ("E", "export", None, False),  # without a country nothing about the place is answered
        ("E", "import", "AE", False),
        ("E", "import", "KZ", True),
        ("E", "import", None, False),
        ("E", "transit", "KZ", False),
        ("E", "transit", "AE", True),
        ("E", "return", "KG", False),
        ("E", "none", "KZ", False),
        ("I", "import", "KG", True),
        ("I", "import", "AE", False),
        ("I", "export", "KZ", False),
        ("OM", "export", "KZ", False),
    ],
)
def test_document_at_wrong_place_returns_p1(kind: str, direction: str, country: str | None, wrong: bool) -> None:
    assert place(kind, direction, country) == (
        [CheckResult("P1", "not_valid")] if wrong else [],
        Place(direction, country),
    )


def test_own_goods_at_own_import_are_a_return() -> None:
    assert place("E", "import", "KG") == ([], Place("return", "KG"))


OVER = [CheckResult("S1", "not_valid", {"at": T})]
LEFT = [CheckResult("S1", "check", {"at": T, "left": True})]


@pytest.mark.parametrize(
    ("kind", "value", "results"),
    [
        ("E", None, OVER),
        ("E", 0, OVER),
        ("E", USED, LEFT),
        ("E", IMPORTED, LEFT),
        ("R", USED, LEFT),
        ("I", USED, OVER),  # an import permit and a document for many crossings must be valid on the day itself
        ("OM", USED, OVER),
    ],
)
def test_expired_document_whose_goods_left_in_time_returns_check(
    kind: str, value: int | None, results: list[CheckResult]
) -> None:
    other = CheckResult("S6", "hold")
    found = register_checks.expired_results([*OVER, other], permit(p0=kind, exp=T), (), value, snapshot.NO_CONTEXT, T)
    assert found == [*results, other]


def test_gravest_result_of_one_code_is_kept() -> None:
    light, heavy = CheckResult("T1", "check", at=8), CheckResult("T1", "cannot_tell", at=8)
    silent = CheckResult("U0", "", {"at": T})
    for results in ((light, heavy, silent), (silent, heavy, light)):
        assert verdict._one_each(results) == (heavy, silent)
    assert verdict._one_each((replace(silent, outcome=""), replace(silent, outcome="check"))) == (
        replace(silent, outcome="check"),
    )
