"""One use for each consignment: allowed uses, classification of offline uses, and the state of use."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import AlreadyUsed, Invalid, NotUsable, QuantityExceeded
from chalicelib.people.model import Post
from chalicelib.uses import single_use
from chalicelib.uses.use import PermittedAmount, Use, UsedLine, Withdrawal

HOUR, DAY, NOW = 3600, 86400, 1_800_000_000
POSTS = {
    name: Post(name, name, "road", frozenset(), frozenset(links))
    for name, links in {"a": {"b"}, "b": {"a", "c"}, "c": {"b"}, "d": set()}.items()
}
ONE = {"A": PermittedAmount("2")}
TWO = {"A": PermittedAmount("2"), "B": PermittedAmount("10.5", "KGM")}


def use(event: str = "x", kind: str = "export", at: int = NOW, post: str = "a", **more: Any) -> Use:
    lines = more.pop("lines", (UsedLine("A", "2"),))
    return Use(event, kind, post, at, "o", lines, **{"transport_document": "AWB", **more})


def part(event: str, quantity: str, at: int = NOW, **more: Any) -> Use:
    return use(event, "import", at, lines=(UsedLine("A", quantity),), **more)


UNDONE = {"withdrawn": Withdrawal("w", NOW, "o", "")}
PENDING = {"result": "pending"}


def admitted(kind: str, uses: list[Use], new: Use, now: int = NOW) -> str:
    try:
        single_use.check_use(kind, uses, new, ONE, POSTS, now)
    except AlreadyUsed as error:
        return error.extra["first_use"].event_id
    except NotUsable:
        return "not usable"
    return "admitted"


@pytest.mark.parametrize(
    ("kind", "uses", "new", "expect"),
    [
        ("E", [], use(), "admitted"),
        ("E", [use("1")], use("2"), "1"),
        ("E", [use("2", at=NOW), use("1", at=NOW)], use("3"), "1"),  # at equal times the smaller id counts first
        ("E", [use("1", at=NOW), use("2", at=NOW - 1)], use("3"), "2"),
        ("E", [use("1", result="conflict")], use("2"), "1"),
        ("E", [use("1", **UNDONE)], use("2"), "admitted"),
        ("E", [use("1", **PENDING)], use("2"), "admitted"),
        ("E", [part("1", "2")], use("2"), "1"),  # arrived without a recorded export: it never leaves again
        ("E", [use("1", "transit"), use("2", "return")], use("3"), "admitted"),
        ("E", [], part("1", "2"), "admitted"),
        ("E", [use("1")], part("2", "2"), "admitted"),
        ("E", [use("1"), part("2", "2")], part("3", "1"), "2"),
        ("E", [use("1"), part("2", "1")], part("3", "1"), "admitted"),  # parts of one consignment
        ("E", [use("1"), part("2", "1")], part("3", "1", transport_document="other"), "2"),
        ("E", [use("1"), part("2", "1"), part("3", "1")], part("4", "1"), "2"),  # equal parts at one post are two
        ("E", [use("1"), part("2", "1", transport_document="")], part("3", "1", transport_document=""), "2"),
        ("E", [use("1"), part("2", "1", at=NOW - 30 * DAY)], part("3", "1"), "admitted"),
        ("E", [use("1"), part("2", "1", at=NOW - 30 * DAY - 1)], part("3", "1"), "2"),
        ("E", [part("2", "1")], part("3", "1"), "admitted"),  # less than permitted
        ("E", [part("2", "2")], part("3", "1"), "2"),
        ("E", [use("1"), part("2", "2")], use("3", "transit"), "admitted"),
        ("E", [use("1"), part("2", "2")], use("3", "return"), "admitted"),
        ("I", [], use("1"), "not usable"),
        ("I", [], use("1", "transit"), "not usable"),
        ("I", [], part("1", "2"), "admitted"),
        ("I", [part("1", "2")], part("2", "2"), "1"),
        ("I", [part("1", "1")], part("2", "1"), "admitted"),
        *(("OM", [use("1"), use("2")], use("3", kind), "admitted") for kind in single_use.DIRECTIONS),
    ],
)
def test_check_use(kind: str, uses: list[Use], new: Use, expect: str) -> None:
    assert admitted(kind, uses, new) == expect


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"at": NOW + 12 * HOUR}, True),
        ({"at": NOW - 12 * HOUR}, True),
        ({"at": NOW + 12 * HOUR + 1}, False),
        ({"at": NOW - 12 * HOUR - 1}, False),
        ({"post": "b"}, True),
        ({"post": "c"}, False),
        ({"post": "unknown"}, False),
        ({"kind": "import"}, False),
        ({"transport_document": "other"}, False),
        ({"transport_document": "a-w.b"}, True),
        ({"lines": (UsedLine("A", "1"),)}, False),
        ({"lines": (UsedLine("A", "2"), UsedLine("B", "0"))}, False),
        ({"officer": "another"}, True),
    ],
)
def test_same_use_by_two_officers_is_a_duplicate(changes: dict[str, Any], same: bool) -> None:
    from dataclasses import replace

    one, other = use("1"), replace(use("2"), **changes)
    assert single_use.same_use(one, other, POSTS) is same
    assert single_use.same_use(other, one, POSTS) is same
    assert single_use.classify_offline_use("E", [one], other, ONE, POSTS) == (
        "duplicate" if same else "accepted" if other.kind == "import" else "conflict"
    )
    if other.kind == "export":
        assert len(single_use.distinct_uses([other, one], "export", POSTS)) == (1 if same else 2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("AWB 176-12345675", "awb17612345675", True),
        ("CMR № 1187/26", "cmr no 1187-26", True),  # NFKC maps № to No
        ("01 KG 777 ABC", "01KG777ABC", True),
        ("ТТН 1187", "ттн-1187", True),
        ("straße 7", "STRASSE7", True),
        ("AWB 1", "AWB 2", False),
        ("- / -", "- / -", False),  # no document at all
        ("", "", False),
    ],
)
def test_transport_documents_are_compared_by_letters_and_digits(one: str, other: str, same: bool) -> None:
    first_part = part("1", "1", transport_document=one)
    rest = part("2", "1", NOW + 13 * HOUR, transport_document=other)
    assert single_use.same_document(first_part, rest) is same
    assert (admitted("I", [first_part], rest, rest.at) == "admitted") is same
    assert len(single_use.consignment_parts([first_part, rest], POSTS)) == (2 if same else 1)
    assert (
        single_use.open_consignment([first_part, rest], {"A": PermittedAmount("3")}, POSTS, rest.at) == first_part
    ) is same


def test_order_of_lines_makes_no_difference() -> None:
    lines = (UsedLine("A", "2"), UsedLine("B", "1"))
    assert single_use.same_use(use("1", lines=lines), use("2", lines=lines[::-1]), POSTS)


def test_uncounted_use_makes_no_duplicate() -> None:
    assert single_use.classify_offline_use("E", [use("1", **UNDONE)], use("2"), ONE, POSTS) == "accepted"
    assert single_use.classify_offline_use("E", [use("1", **PENDING)], use("2"), ONE, POSTS) == "accepted"
    assert single_use.classify_offline_use("I", [], use("2"), ONE, POSTS) == "conflict"


@pytest.mark.parametrize(
    ("kind", "uses", "state"),
    [
        ("E", [], "unused"),
        ("E", [use("1")], "exported"),
        ("E", [use("1"), part("2", "1")], "imported"),
        ("E", [part("2", "1")], "imported"),
        ("E", [use("1", "transit"), use("2", "return")], "unused"),
        ("E", [use("1", **UNDONE)], "unused"),
        ("E", [use("1", **PENDING)], "unused"),
        ("E", [use("1", result="conflict")], "exported"),
        ("E", [use("1", result="duplicate")], "exported"),
        ("I", [use("1")], "unused"),
        ("I", [part("1", "1")], "imported"),
        ("OW", [use("1"), part("2", "1")], "unused"),
    ],
)
def test_state_of_use(kind: str, uses: list[Use], state: str) -> None:
    assert {single_use.use_state(kind, order) for order in permutations(uses)} == {state}


@pytest.mark.parametrize(
    ("unit", "come", "letters"),
    [
        (None, "100", ()),
        (None, "101", ("A",)),
        ("KGM", "105", ()),
        ("KGM", "105.000001", ("A",)),
        ("GRM", "105", ()),
        ("MGM", "105", ()),
        ("MTR", "100.5", ("A",)),
        ("MTQ", "100.5", ("A",)),
    ],
)
def test_more_arrived_than_left_is_surplus(unit: str | None, come: str, letters: tuple[str, ...]) -> None:
    allowed = {"A": PermittedAmount("100", unit)}
    left = use("1", lines=(UsedLine("A", "100"),))
    assert single_use.lines_above_export([left, part("2", come)], allowed, POSTS) == letters
    assert (
        single_use.lines_above_export([part("2", come)], allowed, POSTS) == letters
    )  # no recorded export: compared with the permitted quantity
    later = part("3", "10", at=NOW + 13 * HOUR)
    assert single_use.lines_above_export([left, part("2", str(Decimal(come) - 10)), later], allowed, POSTS) == letters


def test_line_that_never_left_is_surplus() -> None:
    come = use("2", "import", lines=(UsedLine("A", "2"), UsedLine("B", "1")))
    assert single_use.lines_above_export([use("1"), come], TWO, POSTS) == ("B",)


GOOD = (UsedLine("A", "2"), UsedLine("B", "10.5"))


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ((UsedLine("A", "2"),), {"missing_lines"}),
        ((*GOOD, UsedLine("C", "1")), {"unknown_line"}),
        ((*GOOD, UsedLine("A", "1")), {"twice"}),
        *(
            ((UsedLine("A", "1"), UsedLine("B", text)), {"quantity"})
            for text in ("", "01", "1.0", "-1", "+1", "1e1", "1,5", " 1", "1.", ".5", "1234567890", "0.1234567", "١")
        ),
        ((UsedLine("A", "1.5"), UsedLine("B", "1")), {"quantity"}),  # half a falcon
        ((UsedLine("A", "1", "0.5"), UsedLine("B", "1")), {"quantity"}),
        ((UsedLine("A", "1", "2"), UsedLine("B", "1")), {"quantity"}),  # more dead than arrived
        ((UsedLine("A", "0"), UsedLine("B", "0")), {"nothing_moved"}),
    ],
)
def test_faulty_lines_of_block_14_are_refused(lines: tuple[UsedLine, ...], codes: set[str]) -> None:
    for direction in single_use.DIRECTIONS:
        with pytest.raises(Invalid) as caught:
            single_use.check_lines(lines, TWO, direction)
        assert {error.code for error in caught.value.errors} == codes


@pytest.mark.parametrize("direction", single_use.DIRECTIONS)
def test_more_than_permitted_is_refused_except_at_import(direction: str) -> None:
    for fine in (GOOD, (UsedLine("A", "0"), UsedLine("B", "0.000001")), (UsedLine("A", "2", "2"), UsedLine("B", "0"))):
        single_use.check_lines(fine, TWO, direction)
    for lines, letter in (((UsedLine("A", "3"), GOOD[1]), "A"), ((GOOD[0], UsedLine("B", "10.500001")), "B")):
        if direction == "import":
            single_use.check_lines(lines, TWO, direction)
            continue
        with pytest.raises(QuantityExceeded) as caught:
            single_use.check_lines(lines, TWO, direction)
        assert [line["line"] for line in caught.value.extra["lines"]] == [letter]


@given(st.lists(st.tuples(st.sampled_from(single_use.DIRECTIONS), st.integers(NOW, NOW + 3)), min_size=1, max_size=5))
def test_first_use_has_smallest_time_and_id(events: list[tuple[str, int]]) -> None:
    uses = [use(str(i), kind, at) for i, (kind, at) in enumerate(events)]
    found = single_use.first_use(reversed(uses), "export", "import")
    able = [u for u in uses if u.kind in {"export", "import"}]
    assert found == (sorted(able, key=lambda u: (u.at, u.event_id))[0] if able else None)
