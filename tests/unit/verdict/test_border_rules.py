"""Border rules in the verdict: each alarm has its own events, and clearing one hides no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from life import issued
from office import MemoryOffice

from chalicelib.people import services as people
from chalicelib.permits.model.dossier import snapshot
from chalicelib.uses.single_use import distinct_uses
from chalicelib.uses.use import PermittedAmount, Use, UsedLine
from chalicelib.verdict.border_rules import Place, codes_of_uses
from chalicelib.verdict.snapshot import Context
from chalicelib.verdict.verdict import Verdict, judge

POSTS = people.posts("KG")
NOW = 1_795_600_000
ALLOWED = {"A": PermittedAmount("2")}


def use(name: str, post: str, at: int, kind: str = "export", document: str = "AWB 1", quantity: str = "2") -> Use:
    return Use(name, kind, post, NOW + at, "officer", (UsedLine("A", quantity),), document)


def test_each_impossible_journey_is_its_own_alarm() -> None:
    uses = [use("1", "manas-airport", 0), use("2", "osh-airport", 60), use("3", "torugart", 120)]
    results = [result for result in codes_of_uses("E", Place(), uses, ALLOWED, POSTS, NOW) if result.code == "U3"]
    assert {result.events for result in results} == {("1", "2"), ("1", "3"), ("2", "3")}


@pytest.mark.parametrize("gap", [22 * 3600, 24 * 3600])
def test_a_day_is_enough_for_any_journey(gap: int) -> None:
    uses = [use("1", "manas-airport", 0), use("2", "osh-airport", gap)]
    assert [h.code for h in codes_of_uses("E", Place(), uses, ALLOWED, POSTS, NOW)].count("U3") == 0


def judged(office: MemoryOffice, uses: list[Use], cleared: frozenset[tuple[str, tuple[str, ...]]]) -> Verdict:
    permit = issued(office)
    known = replace(snapshot(permit), uses=tuple(uses), cleared=cleared)
    return judge(
        permit.tokens[0], trust=office.trust(), status={}, register=known, now=office.now, context=Context(posts=POSTS)
    )


def test_clearing_one_alarm_leaves_other_of_same_code() -> None:
    uses = [
        use("1", "manas-airport", -90_000), use("2", "manas-airport", -40_000, document="AWB 2"),
        use("3", "irkeshtam", -30_000, "import", "AWB 3"), use("4", "irkeshtam", -20_000, "import", "AWB 4"),
    ]  # fmt: skip
    office = MemoryOffice(now=NOW)
    exports, imports = ("U4", ("1", "2")), ("U4", ("3", "4"))
    assert judged(office, uses, frozenset({exports})).outcome == "hold"
    assert judged(office, uses, frozenset({imports})).outcome == "hold"
    both = judged(office, uses, frozenset({exports, imports}))
    assert (both.outcome, [h.cleared for h in both.check_results if h.code == "U4"]) == ("check", [True])


def test_uses_without_waybill_are_distinct() -> None:
    uses = [use("1", "manas-airport", 0, document=""), use("2", "manas-airport", 600, document="")]
    assert len(distinct_uses(uses, "export", POSTS)) == 2
    with_one = [replace(each, transport_document="AWB 1") for each in uses]
    assert len(distinct_uses(with_one, "export", POSTS)) == 1


def test_import_above_permitted_quantity_of_import_permit_returns_u2() -> None:
    codes = [
        h.code
        for h in codes_of_uses("I", Place(), [use("1", "osh-airport", 0, "import", quantity="3")], ALLOWED, POSTS, NOW)
    ]
    assert "U2" in codes
