"""Uses of an import permit with foreign documents, waiting endorsements, and arrived quantities."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from test_single_use import DAY, NOW, ONE, PENDING, POSTS, TWO, UNDONE, admitted, part, use

from chalicelib.kernel.errors import AlreadyUsed, QuantityExceeded
from chalicelib.uses import single_use
from chalicelib.uses.use import PermittedAmount, Use, UsedLine

OTHER = {"transport_document": "other"}
AT_B = {"post": "b"}  # linked with `a`, the post of `part`


def beside(event: str, quantity: str, at: int = NOW, **more: Any) -> Use:
    lines = (UsedLine("A", quantity),)
    return use(event, "import", at, **{"lines": lines, "foreign_document": "KZ 26KZ000007/E", **more})


def test_document_key_keeps_letters_and_digits_in_upper_case() -> None:
    assert single_use.document_key("cmr № 1187/26") == "CMRNO118726"


@pytest.mark.parametrize(
    ("uses", "new", "expect"),
    [
        ([beside("1", "2")], part("2", "2"), "admitted"),
        ([beside("1", "2", NOW - 30 * DAY)], part("2", "2"), "admitted"),
        ([beside("1", "2", NOW - 30 * DAY - 1)], part("2", "2"), "1"),
        ([beside("1", "2", NOW + 30 * DAY + 1)], part("2", "2"), "1"),
        ([beside("1", "2", **OTHER)], part("2", "2"), "1"),
        ([beside("1", "1"), beside("2", "1", NOW - 1, **OTHER)], part("3", "2"), "2"),
        ([beside("1", "2", **OTHER, **UNDONE)], part("2", "2"), "admitted"),
        ([beside("1", "2", **OTHER, **PENDING)], part("2", "2"), "admitted"),
        ([beside("1", "1"), beside("2", "1", **OTHER, **UNDONE)], part("3", "2"), "admitted"),
    ],
)
def test_check_use_beside_foreign_documents_allows_one_consignment(uses: list[Use], new: Use, expect: str) -> None:
    assert admitted("I", uses, new) == expect


@pytest.mark.parametrize(
    "uses",
    [
        [],
        [part("1", "2")],  # the permit's own endorsement is for the same goods
        [beside("1", "1")],
        [beside("1", "1", **UNDONE), beside("2", "1")],
        [beside("1", "1"), beside("2", "1", **AT_B)],  # the same goods, recorded again on their way
        [beside("1", "1", NOW - 30 * DAY)],
    ],
)
def test_paired_use_within_permitted_quantity_is_allowed(uses: list[Use]) -> None:
    single_use.check_paired_use(uses, beside("9", "1", foreign_document="KZ 26KZ000008/E"), ONE, POSTS)


@pytest.mark.parametrize("uses", [[beside("1", "1"), beside("2", "1")], [beside("1", "1.5")]])
@pytest.mark.parametrize("result", ["accepted", "pending", "duplicate"])
def test_paired_use_above_permitted_quantity_names_the_line(uses: list[Use], result: str) -> None:
    with pytest.raises(QuantityExceeded) as caught:
        single_use.check_paired_use(uses, beside("9", "1", result=result), ONE, POSTS)
    assert caught.value.detail == "More arrives than the import permit allows in line A."
    assert caught.value.extra == {"lines": ["A"]}


def test_paired_use_above_two_lines_names_both() -> None:
    new = beside("9", "1", lines=(UsedLine("A", "3"), UsedLine("B", "10.5"), UsedLine("Z", "1")))
    with pytest.raises(QuantityExceeded) as caught:
        single_use.check_paired_use([], new, TWO, POSTS)
    assert caught.value.detail == "More arrives than the import permit allows in line A, Z."
    assert caught.value.extra == {"lines": ["A", "Z"]}


@pytest.mark.parametrize(("quantity", "taken"), [("105", True), ("105.1", False)])
def test_paired_use_allows_five_percent_more_weight(quantity: str, taken: bool) -> None:
    allowed = {"A": PermittedAmount("100", "KGM")}
    if taken:
        single_use.check_paired_use([], beside("9", quantity), allowed, POSTS)
    else:
        with pytest.raises(QuantityExceeded):
            single_use.check_paired_use([], beside("9", quantity), allowed, POSTS)


@pytest.mark.parametrize(
    "earlier",
    [part("1", "1", **OTHER), beside("1", "1", **OTHER), beside("1", "1", NOW - 30 * DAY - 1)],
)
def test_paired_use_for_other_consignment_names_first_use(earlier: Use) -> None:
    with pytest.raises(AlreadyUsed) as caught:
        single_use.check_paired_use(
            [beside("2", "1", NOW + 1), earlier], beside("9", "1"), {"A": PermittedAmount("9")}, POSTS
        )
    assert caught.value.detail == "The import permit was used for another consignment."
    assert caught.value.extra == {"first_use": earlier}


@pytest.mark.parametrize(
    ("uses", "amounts"),
    [
        ([part("1", "0.5")], {"A": "0.5"}),
        ([beside("1", "0.5")], {"A": "0.5"}),
        ([part("1", "2"), beside("2", "1"), beside("3", "1")], {"A": "2"}),
        ([part("1", "2"), beside("2", "1"), beside("3", "2")], {"A": "3"}),
        ([part("1", "2"), beside("2", "1", lines=(UsedLine("B", "0.5"),))], {"A": "2", "B": "0.5"}),
    ],
)
def test_arrived_amounts_are_the_larger_of_both_records(uses: list[Use], amounts: dict[str, str]) -> None:
    assert single_use.arrived_amounts(uses) == {letter: Decimal(amount) for letter, amount in amounts.items()}


DUPLICATE = {"result": "duplicate"}


@pytest.mark.parametrize(
    ("uses", "arrived"),
    [
        ([part("1", "2"), part("2", "2", NOW + 1, **DUPLICATE)], ["1"]),
        ([part("1", "2", **UNDONE), part("2", "2", NOW + 1, **DUPLICATE)], ["2"]),
        (
            [part("1", "2", **UNDONE), part("2", "2", **DUPLICATE), part("3", "2", NOW + 1, **DUPLICATE, **AT_B)],
            ["2"],
        ),
        ([part("1", "1"), part("2", "1", NOW + 1)], ["1", "2"]),  # equal parts of one day
        ([part("1", "1"), part("2", "1", NOW + 1, **AT_B)], ["1"]),
        ([part("1", "2"), part("2", "2", NOW + 1, result="conflict", **OTHER)], ["1", "2"]),
        ([part("1", "2", transport_document="")], ["1"]),
        ([part("1", "2", **PENDING), use("2"), use("3", "return"), use("4", **DUPLICATE)], []),
    ],
)
def test_arrivals_recorded_twice_are_returned_once(uses: list[Use], arrived: list[str]) -> None:
    assert [each.event_id for each in single_use.arrivals(uses, POSTS)] == arrived


@pytest.mark.parametrize(
    ("uses", "called"),
    [
        ([], None),
        ([use("1")], None),
        ([use("1"), use("2", **UNDONE)], "withdrawn"),
        ([use("1", **PENDING)], "waiting"),
        ([use("1", **UNDONE), use("2", **PENDING)], "waiting"),
        ([use("1", **PENDING, **UNDONE)], "withdrawn"),
    ],
)
def test_uncounted_uses_return_the_reason(uses: list[Use], called: str | None) -> None:
    assert single_use.why_not_counted(uses) == called


STAMPED = use("1", post="d", **PENDING)  # another post than `use`


@pytest.mark.parametrize(
    ("kind", "uses", "new", "named"),
    [
        ("E", [STAMPED], use("9"), ["1"]),
        ("E", [STAMPED, use("0", at=NOW - 1, post="d", **PENDING)], use("9"), ["0", "1"]),
        ("I", [part("1", "1", **PENDING)], part("9", "2"), ["1"]),
        ("E", [use("1", **PENDING, **AT_B)], use("9"), []),  # the same use
        ("E", [STAMPED, use("2", post="d")], use("9"), []),  # the same as another use that counts
        ("E", [part("1", "1", **PENDING)], use("9"), []),
        ("E", [replace(STAMPED, event_id="9")], use("9"), []),  # itself, before confirmation
        ("E", [STAMPED], use("9", **PENDING), []),
        ("E", [STAMPED], use("9", **UNDONE), []),
        ("E", [use("1", "transit", post="d", **PENDING)], use("9", "transit"), []),
        ("E", [use("1", "return", post="d", **PENDING)], use("9", "return"), []),
        ("OM", [STAMPED], use("9"), []),
    ],
)
def test_unconfirmed_beside_returns_other_uses_only(kind: str, uses: list[Use], new: Use, named: list[str]) -> None:
    assert [each.event_id for each in single_use.unconfirmed_beside(kind, uses, new, POSTS)] == named
