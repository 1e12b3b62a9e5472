"""Edge cases of single use: messages of refusals, linked posts, second exports and parts of a consignment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_single_use import DAY, GOOD, HOUR, NOW, ONE, POSTS, TWO, part, use

from chalicelib.kernel.errors import AlreadyUsed, FieldError, Invalid, NotUsable, QuantityExceeded
from chalicelib.uses import single_use
from chalicelib.uses.use import PermittedAmount, Use, UsedLine

WHOLE = "Block 14: must be a whole number of specimens, such as 2."
NUMBER = "Block 14: must be a number such as 12 or 0.5."
BAD = UsedLine("A", "x", "y")


@pytest.mark.parametrize(
    ("lines", "errors"),
    [
        (
            (GOOD[0], UsedLine("C", "1")),
            [
                ("lines[1].line", "unknown_line", "The permit has no such line."),
                ("lines", "missing_lines", "Block 14: give every line of the permit; missing: B."),
            ],
        ),
        ((), [("lines", "missing_lines", "Block 14: give every line of the permit; missing: A, B.")]),
        ((*GOOD, GOOD[0]), [("lines[2].line", "twice", "This line is given twice. Give each line once.")]),
        (
            (UsedLine("C", "x"), BAD, UsedLine("B", "x", "y"), BAD),  # all errors at once, also after an unknown line
            [
                ("lines[0].line", "unknown_line", "The permit has no such line."),
                ("lines[1].quantity", "quantity", WHOLE),
                ("lines[1].dead_on_arrival", "quantity", WHOLE),
                ("lines[2].quantity", "quantity", NUMBER),
                ("lines[2].dead_on_arrival", "quantity", NUMBER),
                ("lines[3].line", "twice", "This line is given twice. Give each line once."),
                ("lines[3].quantity", "quantity", WHOLE),
                ("lines[3].dead_on_arrival", "quantity", WHOLE),
            ],
        ),
        (
            (UsedLine("A", "0"), UsedLine("B", "0")),
            [("lines", "nothing_moved", "Block 14: at least one line must have a quantity above 0.")],
        ),
        (
            (GOOD[0], UsedLine("B", "1", "1.1")),
            [("lines[1].dead_on_arrival", "quantity", "Must not be more than the quantity that arrived.")],
        ),
    ],
)
def test_faulty_block_14_names_each_line_and_error(
    lines: tuple[UsedLine, ...], errors: list[tuple[str, str, str]]
) -> None:
    with pytest.raises(Invalid) as caught:
        single_use.check_lines(lines, TWO, "import")
    assert list(caught.value.errors) == [FieldError(*error) for error in errors]


def test_excess_quantity_names_lines_and_permitted_quantities() -> None:
    with pytest.raises(QuantityExceeded) as caught:
        single_use.check_lines((UsedLine("A", "3"), UsedLine("B", "10.6")), TWO, "export")
    assert caught.value.detail == "More than the permit allows in line A, B."
    assert caught.value.extra == {
        "lines": [{"line": "A", "permitted": "2"}, {"line": "B", "permitted": "10.5"}]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "uses", "refusal", "detail"),
    [
        ("I", [], NotUsable, "An import permit can be endorsed at import only. Endorse the export document instead."),
        ("E", [use("1")], AlreadyUsed, "This permit has been used."),
    ],
)
def test_refused_use_explains_in_one_sentence(
    kind: str, uses: list[Use], refusal: type[AlreadyUsed | NotUsable], detail: str
) -> None:
    with pytest.raises(refusal) as caught:
        single_use.check_use(kind, uses, use("2"), ONE, POSTS, NOW)
    assert caught.value.detail == detail


LATER = NOW + 13 * HOUR  # another use, not a second record of the same
AT_B = {"post": "b"}  # linked with `a`, the post of `use` and `part`


def arriving(uses: list[Use], now: int = NOW) -> str | None:
    found = single_use.open_consignment(uses, TWO, POSTS, now)
    return found.transport_document if found else None


def test_use_recorded_at_two_linked_posts_is_one() -> None:
    left = [use("1"), use("2", **AT_B)]
    come = [part("3", "1"), part("4", "1", **AT_B)]
    assert arriving([*left, *come]) == "AWB"  # one of two arrived, not two
    assert [use.event_id for use in single_use.consignment_parts([*left, *come], POSTS)] == ["3"]
    assert arriving([*left, *come, part("5", "1", LATER)]) is None
    assert single_use.lines_above_export([*left, *come, part("5", "1", LATER)], ONE, POSTS) == ()
    single_use.check_use("E", [*left, *come], part("5", "1", LATER), ONE, POSTS, LATER)
    assert single_use.classify_offline_use("E", [*left, *come], part("5", "1", LATER), ONE, POSTS) == "accepted"


def test_only_first_export_can_arrive() -> None:
    """A second export is a conflict. It is recorded but allows no further import."""
    left = [use("1"), use("2", at=LATER)]
    assert arriving([*left, part("3", "2")]) is None
    assert single_use.lines_above_export([*left, part("3", "3")], ONE, POSTS) == ("A",)
    other = use("2", at=LATER, transport_document="other")
    assert arriving([use("1"), other, part("3", "1")]) == "AWB"


def test_line_without_arrival_is_awaited() -> None:
    left = use("1", lines=(UsedLine("A", "2"), UsedLine("B", "0.5")))
    assert arriving([left, part("2", "2")]) == "AWB"


def test_arrived_line_is_refused_while_another_is_awaited() -> None:
    lines = (UsedLine("A", "2"), UsedLine("B", "1"))
    allowed = {"A": PermittedAmount("2"), "B": PermittedAmount("1")}
    without_b = (UsedLine("A", "2"), UsedLine("B", "0"))
    for left in ([], [use("1", lines=lines)]):
        come = [*left, replace(part("2", "2"), lines=without_b)]
        again = replace(part("3", "2", LATER), lines=without_b)
        with pytest.raises(AlreadyUsed):
            single_use.check_use("E", come, again, allowed, POSTS, LATER)
        assert single_use.classify_offline_use("E", come, again, allowed, POSTS) == "conflict"
        rest = replace(again, lines=(UsedLine("A", "0"), UsedLine("B", "1")))
        single_use.check_use("E", come, rest, allowed, POSTS, LATER)
        with pytest.raises(AlreadyUsed):
            single_use.check_use("E", [*come, rest], replace(rest, event_id="4"), allowed, POSTS, LATER)


def test_line_fully_arrived_is_refused_though_more_was_permitted() -> None:
    left = use("1", lines=(UsedLine("A", "1"), UsedLine("B", "2")))
    again = part("3", "1", LATER)
    with pytest.raises(AlreadyUsed):
        single_use.check_use("E", [left, part("2", "1")], again, TWO, POSTS, LATER)
    rest = replace(again, lines=(UsedLine("B", "1"),))  # of line B nothing has arrived
    single_use.check_use("E", [left, part("2", "1")], rest, TWO, POSTS, LATER)
    single_use.check_use(
        "E", [replace(left, lines=(UsedLine("A", "2"), UsedLine("B", "1"))), part("2", "1")], rest, TWO, POSTS, LATER
    )
    with pytest.raises(AlreadyUsed):  # no such line left
        single_use.check_use(
            "E", [left, part("2", "1")], replace(again, lines=(UsedLine("Z", "0.5"),)), TWO, POSTS, LATER
        )


@pytest.mark.parametrize(
    ("come", "admitted"),
    [
        ([part("2", "1"), part("3", "1", result="duplicate")], True),
        ([part("2", "1"), part("3", "1", **AT_B)], True),  # the same goods, recorded again on their way
        ([part("2", "1"), part("3", "1", **AT_B), part("4", "1", **AT_B)], False),  # twice at that post: other goods
    ],
)
def test_equal_parts_count_once_when_goods_are_the_same(come: list[Use], admitted: bool) -> None:
    new = part("9", "1", LATER)
    if admitted:
        single_use.check_use("E", [use("1"), *come], new, ONE, POSTS, LATER)
    else:
        with pytest.raises(AlreadyUsed):
            single_use.check_use("E", [use("1"), *come], new, ONE, POSTS, LATER)


@pytest.mark.parametrize("left", [[], [use("1")]])
def test_line_that_is_not_on_permit_is_surplus(left: list[Use]) -> None:
    assert single_use.lines_above_export([*left, use("2", "import", lines=(UsedLine("Z", "1"),))], ONE, POSTS) == ("Z",)


@pytest.mark.parametrize(
    ("uses", "new", "called"),
    [
        ([], use("1"), "accepted"),
        ([], use("1", late=True), "conflict"),
        ([], part("1", "2", late=True), "conflict"),
        ([], use("1", lines=(UsedLine("A", "3"),)), "conflict"),
        ([], use("1", lines=(UsedLine("A", "2"), UsedLine("Z", "0.5"))), "conflict"),  # an unknown line
        ([], part("1", "3"), "accepted"),  # more than permitted is recorded at import and reported by U2
        ([], use("1", "transit", lines=(UsedLine("A", "3"),)), "accepted"),
        ([part("1", "1")], part("2", "1", LATER), "accepted"),
        ([part("1", "1")], part("2", "1", NOW + 30 * DAY + 1), "conflict"),
        ([use("1", late=True)], use("2"), "duplicate"),
    ],
)
def test_offline_use_is_classified(uses: list[Use], new: Use, called: str) -> None:
    assert single_use.classify_offline_use("E", uses, new, ONE, POSTS) == called


@pytest.mark.parametrize(("at", "one"), [(NOW + 30 * DAY, True), (NOW + 30 * DAY + 1, False)])
def test_parts_end_after_thirty_days(at: int, one: bool) -> None:
    assert [each.event_id for each in single_use.consignment_parts([part("1", "1"), part("2", "1", at)], POSTS)] == [
        "1",
        "2",
    ][: 1 + one]


@pytest.mark.parametrize(("quantity", "over"), [("11", ()), ("11.1", ("B",))])
def test_excess_names_lines_above_permitted_quantity(quantity: str, over: tuple[str, ...]) -> None:
    lines = (UsedLine("A", "2"), UsedLine("B", quantity), UsedLine("Z", "9"))
    assert single_use.lines_above_permitted(use("1", lines=lines), TWO) == over
