"""Names of hybrids with many parents, repeated parents, and goods whose country is not known."""

from __future__ import annotations

import pytest

from chalicelib.species.model import name_resolution
from chalicelib.species.model.name_resolution import ResolvedName, resolve_name, too_many_parents
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()


def test_a_repeated_parent_counts_once() -> None:
    once, often = (
        resolve_name("Falco cherrug x Falco rusticolus", LISTING),
        resolve_name("Falco cherrug x " * 9 + "F. rusticolus", LISTING),
    )
    assert often.taxa == once.taxa
    assert often.whole


def test_more_than_four_different_parents_are_no_name() -> None:
    four = "Falco cherrug x Falco rusticolus x Falco peregrinus x Falco tinnunculus"
    assert not too_many_parents(four)
    assert len(resolve_name(four, LISTING).taxa) == 4
    assert too_many_parents(f"{four} x Falco subbuteo")
    assert resolve_name(f"{four} x Falco subbuteo", LISTING).taxa == ()


def test_answers_for_an_unknown_country_stay_apart() -> None:
    goods = resolve_name("Falconiformes", LISTING)
    assert goods.of("KG") is goods.of("KG")
    for origin in ("KG", "XX", "AE", "DE", "FR", "US"):
        assert goods.of(origin).taxa == tuple(
            sorted((each.of(origin) for each in goods.taxa), key=lambda each: each.appendix or 4)
        )


class Emptied(dict[str, ResolvedName]):
    """A memory that another thread empties after each answer."""

    def __setitem__(self, name: str, answer: ResolvedName) -> None:
        super().__setitem__(name, answer)
        self.clear()


def test_an_answer_that_another_thread_forgets_is_given_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The local service answers in threads, and a full memory is emptied."""
    monkeypatch.setitem(name_resolution._answers, LISTING, Emptied())
    goods = resolve_name("Falconiformes", LISTING)
    monkeypatch.setitem(vars(goods), "_by_origin", Emptied())
    assert goods.of("KG").taxa
