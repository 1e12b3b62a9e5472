"""A restriction applies to goods by their origin, term, day of export and its own effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.species.model.listing import Applies, Effect, RestrictedGoods, Restriction
from chalicelib.species.services import list_in_use

ANY: frozenset[str] = frozenset()

TODAY = date(2026, 11, 30)

ZERO = Restriction("Saiga tatarica", frozenset({"E", "R"}), frozenset({"W"}), frozenset({"T"}), ANY,
                   date(2019, 11, 26), None, "Zero quota", "CoP18", exported_before=True,
                   except_origins=frozenset({"KZ"}))  # fmt: skip

OURS = RestrictedGoods("E", "W", "T", "MN", "HOR")


def test_restriction_for_matching_export_stops_it() -> None:
    assert ZERO.applies(OURS, TODAY) == Applies.STOP
    assert ZERO.applies(OURS._replace(source="I"), TODAY) == Applies.STOP
    assert ZERO.applies(OURS, date(2019, 11, 25)) == Applies.NO


@pytest.mark.parametrize("other", [{"kind": "OP"}, {"source": "C"}, {"purpose": "S"}, {"origin": "KZ"}])
def test_restriction_for_other_goods_says_no(other: dict[str, str]) -> None:
    assert ZERO.applies(OURS._replace(**other), TODAY) == Applies.NO


def test_restriction_with_effect_ask_asks() -> None:
    asked = replace(ZERO, effect=Effect.ASK, origins=frozenset({"KZ"}), except_origins=ANY)
    assert asked.applies(OURS._replace(origin="KZ"), TODAY) == Applies.ASK
    assert asked.applies(OURS, TODAY) == Applies.NO


def test_restriction_without_origin_asks_for_it_only_if_it_decides() -> None:
    assert ZERO.applies(OURS._replace(origin=""), TODAY) == Applies.ASK_ORIGIN
    assert replace(ZERO, except_origins=ANY).applies(OURS._replace(origin=""), TODAY) == Applies.STOP


@pytest.mark.parametrize("origin", ["XX", "XV", "ZZ"])
def test_restriction_for_goods_of_no_country_stops_them(origin: str) -> None:
    assert ZERO.applies(OURS._replace(origin=origin), TODAY) == Applies.STOP


def test_restriction_by_term_leaves_out_other_terms() -> None:
    horn = replace(ZERO, terms=frozenset({"HOR"}))
    assert [horn.applies(OURS._replace(term=term), TODAY) for term in ("HOR", "LIV", "")] == ["stop", "no", "stop"]


@pytest.mark.parametrize(("left", "expected"), [(None, "ask_exported_on"), (date(2019, 11, 25), "no"),
                                                (date(2019, 11, 26), "stop")])  # fmt: skip
def test_reexport_is_judged_by_the_day_it_left_its_origin(left: date | None, expected: str) -> None:
    assert ZERO.applies(OURS._replace(kind="R", exported_on=left), TODAY) == expected


def test_past_zero_quota_still_stops_goods_exported_under_it() -> None:
    past = replace(ZERO, until=date(2026, 3, 5), origins=frozenset({"KZ"}), except_origins=ANY)
    horn = OURS._replace(origin="KZ")
    assert past.applies(horn, TODAY) == Applies.NO
    assert past.applies(horn._replace(kind="R", exported_on=date(2022, 5, 1)), TODAY) == Applies.STOP
    assert past.applies(horn._replace(kind="R", exported_on=date(2026, 4, 1)), TODAY) == Applies.NO
    assert past.applies(horn._replace(kind="R"), TODAY) == Applies.ASK_EXPORTED_ON


def test_restriction_with_new_conditions_has_another_identity() -> None:
    """An override names the restriction: one on the old rule must not let the new one pass."""
    plain = replace(ZERO, exported_before=False, except_origins=ANY)
    made = [plain, ZERO, replace(ZERO, terms=frozenset({"HOR"})), replace(ZERO, effect=Effect.ASK)]
    assert len({each.id for each in made}) == len(made)
    assert plain.id.startswith("saiga-tatarica-2019-11-26-")


@pytest.mark.parametrize("text", ["no", "YES", "y", " "])
def test_table_of_restrictions_takes_yes_or_nothing_for_exports_before(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (first, *_) = list(list_in_use.read_rows("restrictions.csv"))
    monkeypatch.setattr(list_in_use, "read_rows", lambda name: [{**first, "exported_before": text}])
    with pytest.raises(ValueError, match="expected yes"):
        list_in_use.restrictions()
