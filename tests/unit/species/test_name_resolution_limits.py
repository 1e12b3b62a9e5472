"""Names of hybrids with many or repeated parents, and goods from an unknown country."""

from __future__ import annotations

import pytest

from chalicelib.species.model import name_resolution
from chalicelib.species.model.name_resolution import ResolvedName, resolve_name, too_many_parents
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()


def test_repeated_parent_counts_once() -> None:
    once, often = (
        resolve_name("Falco cherrug x Falco rusticolus", LISTING),
        resolve_name("Falco cherrug x " * 9 + "F. rusticolus", LISTING),
    )
    assert often.taxa == once.taxa
    assert often.whole


def test_more_than_four_different_parents_are_refused() -> None:
    four = "Falco cherrug x Falco rusticolus x Falco peregrinus x Falco tinnunculus"
    assert not too_many_parents(four)
    assert len(resolve_name(four, LISTING).taxa) == 4
    assert too_many_parents(f"{four} x Falco subbuteo")
    assert resolve_name(f"{four} x Falco subbuteo", LISTING).taxa == ()


def test_resolution_is_cached_by_country_of_origin() -> None:
    goods = resolve_name("Falconiformes", LISTING)
    assert goods.of("KG") is goods.of("KG")
    for origin in ("KG", "XX", "AE", "DE", "FR", "US"):
        assert goods.of(origin).taxa == tuple(
            sorted((each.of(origin) for each in goods.taxa), key=lambda each: each.appendix or 4)
        )


class Emptied(dict[str, ResolvedName]):
    """A cache that another thread empties after each entry."""

    def __setitem__(self, name: str, answer: ResolvedName) -> None:
        super().__setitem__(name, answer)
        self.clear()


def test_resolution_works_when_another_thread_empties_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """The local service runs threads, and a full cache is emptied."""
    monkeypatch.setitem(name_resolution._answers, LISTING, Emptied())
    goods = resolve_name("Falconiformes", LISTING)
    monkeypatch.setitem(vars(goods), "_by_origin", Emptied())
    assert goods.of("KG").taxa
