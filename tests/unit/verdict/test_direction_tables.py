"""The direction tables of the border rules: each cell, and each time window around its last second."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.people.model import Post
from chalicelib.uses.use import PermittedAmount, Use, UsedLine
from chalicelib.verdict import border_rules
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.check_results import CheckResult

HOUR, DAY, NOW = 3600, 86400, 1_800_000_000
POSTS = {
    name: Post(name, name, "road", frozenset(), frozenset(links))
    for name, links in {"here": {"linked"}, "linked": {"here", "third"}, "third": {"linked"}, "other": ()}.items()
}
HERE, LINKED, OTHER, NONE = "same", "linked", "other", "no post given"
SINGLE = sorted(kind for kind in KINDS if not KINDS[kind].many_crossings and kind != "I")
MANY = sorted(kind for kind in KINDS if KINDS[kind].many_crossings)
POST = {HERE: "here", LINKED: "linked", OTHER: "other", NONE: None}
DIRECTIONS = ("export", "import", "transit", "return", "none")

# direction, state -> relation of this post to the post of the use -> (seconds, code until then, code afterwards).
# A plain text: any post and time.
HOLD, ASK, FINE = "U1 hold", "U5 check", ""
Windows = dict[str, tuple[int, str, str]]
CONSIGNMENT: dict[tuple[str, str], str | Windows] = {
    ("export", "unused"): FINE,
    ("export", "exported"): {
        HERE: (72 * HOUR, ASK, HOLD), LINKED: (14 * DAY, ASK, HOLD), OTHER: (0, HOLD, HOLD), NONE: (0, ASK, ASK),
    },
    ("export", "imported"): HOLD,
    ("import", "unused"): "U6 check",
    ("import", "exported"): dict.fromkeys(POST, (30 * DAY, FINE, ASK)),
    ("import", "imported"): {
        HERE: (72 * HOUR, ASK, HOLD), LINKED: (72 * HOUR, ASK, HOLD), OTHER: (0, HOLD, HOLD), NONE: (0, HOLD, HOLD),
    },
    ("transit", "unused"): "U6 check",
    ("transit", "exported"): FINE,
    ("transit", "imported"): ASK,
    ("return", "unused"): "P4 check",
    ("return", "exported"): "P4 check",
    ("return", "imported"): "P4 check",
    ("none", "unused"): FINE,
    ("none", "exported"): ASK,
    ("none", "imported"): ASK,
}  # fmt: skip
IMPORT_PERMIT: dict[tuple[str, str], str | Windows] = {
    **{(direction, "unused"): FINE for direction in DIRECTIONS},
    **{(direction, "imported"): ASK for direction in DIRECTIONS if direction != "import"},
    ("import", "imported"): {
        HERE: (72 * HOUR, ASK, HOLD), LINKED: (72 * HOUR, ASK, HOLD), OTHER: (0, HOLD, HOLD), NONE: (0, ASK, ASK),
    },
}  # fmt: skip


def use(event: str, kind: str, at: int, post: str = "here", quantity: str = "1", waybill: str = "AWB") -> Use:
    return Use(event, kind, post, at, "o", (UsedLine("A", quantity),), waybill)


def codes(kind: str, place: Place, *uses: Use, allowed: str = "1") -> str:
    found = border_rules.codes_of_uses(kind, place, uses, {"A": PermittedAmount(allowed)}, POSTS, NOW)
    return "; ".join(f"{result.code} {result.outcome}" for result in found)


def history(state: str, ago: int) -> list[Use]:
    """Uses whose last event, which the table measures from, happened `ago` seconds before now at "here"."""
    if state == "exported":
        return [use("x", "export", NOW - ago)]
    if state == "imported":
        return [use("x", "export", NOW - ago - DAY, "other"), use("m", "import", NOW - ago)]
    return []


def expected(cell: str | Windows, relation: str, ago: int) -> str:
    if isinstance(cell, str):
        return cell
    until, within, after = cell[relation]
    return within if ago <= until else after


MOMENTS = sorted({n + d for n in (1, 12 * HOUR, 72 * HOUR, 14 * DAY, 30 * DAY, 90 * DAY) for d in (-1, 0, 1)})


@pytest.mark.parametrize("relation", POST)
@pytest.mark.parametrize(("direction", "state"), CONSIGNMENT)
def test_document_for_one_consignment_follows_the_table(direction: str, state: str, relation: str) -> None:
    place = Place(direction, "KG", POST[relation])
    for kind in SINGLE:
        for ago in MOMENTS:
            found = codes(kind, place, *history(state, ago))
            assert found == expected(CONSIGNMENT[direction, state], relation, ago), (kind, ago)


@pytest.mark.parametrize("relation", POST)
@pytest.mark.parametrize(("direction", "state"), IMPORT_PERMIT)
def test_import_permit_follows_the_table(direction: str, state: str, relation: str) -> None:
    place = Place(direction, "KG", POST[relation])
    for ago in MOMENTS:
        uses = history(state, ago)[-1:]
        assert codes("I", place, *uses) == expected(IMPORT_PERMIT[direction, state], relation, ago), ago


@given(
    st.sampled_from(sorted(CONSIGNMENT)), st.sampled_from(sorted(POST)), st.integers(0, 100 * DAY),
    st.sampled_from(SINGLE),
)  # fmt: skip
@settings(max_examples=300)
def test_any_moment_follows_the_table(cell: tuple[str, str], relation: str, ago: int, kind: str) -> None:
    direction, state = cell
    found = codes(kind, Place(direction, "KG", POST[relation]), *history(state, ago))
    assert found == expected(CONSIGNMENT[cell], relation, ago)


@pytest.mark.parametrize("kind", MANY)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("said", [None, True, False])
def test_document_for_many_crossings_is_never_used_up(kind: str, direction: str, said: bool | None) -> None:
    out, back, again = use("1", "export", NOW - 9), use("2", "import", NOW - 8), use("3", "export", NOW - 7)
    place = Place(direction, "KG", "other", said)
    for uses in ((), (out,), (out, back), (out, back, again)):
        assert codes(kind, place, *uses) == FINE
    assert codes(kind, place, out, use("3", "export", NOW - 7, "other")) == "U8 check"


@pytest.mark.parametrize(("said", "expect"), [(None, ASK), (True, ASK), (False, HOLD)])
@pytest.mark.parametrize(("direction", "state"), [("export", "exported"), ("import", "imported")])
def test_same_goods_answer_checks_and_different_goods_hold(
    direction: str, state: str, said: bool | None, expect: str
) -> None:
    place = Place(direction, "KG", "here", said)
    assert codes("E", place, *history(state, 1)) == expect
    if direction == "import":
        assert codes("I", place, *history(state, 1)[-1:]) == expect
    late = history(state, 72 * HOUR + 1)
    assert codes("E", place, *late) == HOLD  # an answer given too late changes nothing


def test_post_links_are_symmetric_and_not_transitive() -> None:
    at_linked = use("x", "export", NOW - 1, "linked")
    for post, expect in (("here", ASK), ("third", ASK), ("other", HOLD), ("unknown", HOLD)):
        assert codes("E", Place("export", "KG", post), at_linked) == expect
    assert codes("E", Place("export", "KG", "third"), use("x", "export", NOW - 1)) == HOLD
    one_sided = {"a": Post("a", "a", "road", links=frozenset({"b"})), "b": Post("b", "b", "road")}
    for here, there in (("a", "b"), ("b", "a")):
        found = list(
            border_rules.codes_of_uses(
                "E", Place("export", "KG", here), [use("x", "export", NOW, there)], {}, one_sided, NOW
            )
        )
        assert [result.code for result in found] == ["U5"]


@pytest.mark.parametrize(
    ("ago", "come", "waybill", "expect"),
    [
        (30 * DAY, "1", "AWB", ASK),  # less arrived so far than left
        (30 * DAY + 1, "1", "AWB", HOLD),
        (1, "2", "AWB", HOLD),  # all of it arrived
        (1, "1", "another", HOLD),
        (1, "1", "", HOLD),
    ],
)
def test_arrival_in_parts(ago: int, come: str, waybill: str, expect: str) -> None:
    left = use("x", "export", NOW - ago - DAY, quantity="2")
    part = use("m", "import", NOW - ago, quantity=come, waybill=waybill)
    assert codes("E", Place("import", "AE", "other"), left, part, allowed="2") == expect


STATUS = {
    "export": (FINE, ASK, HOLD),
    "import": ("U6 check", FINE, ASK),
    "transit": ("U6 check", FINE, ASK),
    "return": ("P4 check",) * 3,
    "none": (FINE, ASK, ASK),
}


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_status_value_gives_the_code_of_its_state(direction: str) -> None:
    def told(kind: str, value: int) -> str:
        return "; ".join(
            f"{h.code} {h.outcome}" for h in border_rules.codes_of_status(kind, Place(direction, "KG", "here"), value)
        )

    for kind in SINGLE:
        assert tuple(told(kind, value) for value in (0, 3, 12)) == STATUS[direction]
    assert [told("I", value) for value in (0, 3)] == [FINE, ASK]
    assert {told(kind, value) for kind in MANY for value in (0, 3, 12)} == {FINE}


def test_first_use_is_the_one_in_the_facts() -> None:
    def only(found: Any) -> CheckResult:
        (result,) = found
        return result

    one, two = use("x", "export", NOW - 9, "other"), use("y", "export", NOW - 9, "other")
    for uses in ((one, two), (two, one)):
        result = only(border_rules.codes_of_uses("E", Place("export", "KG", "other"), uses, {}, POSTS, NOW))
        assert result.events == ("x",)
        assert result.facts["at"] == NOW - 9
        assert result.facts["post"] == "other"
        assert result.facts["lines"] == (("A", "1"),)
