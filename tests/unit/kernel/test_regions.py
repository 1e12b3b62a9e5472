"""Regions of the world and their neighbours."""

from __future__ import annotations

import pytest

from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.regions import REGION_OF, TOUCHING, far_from


def test_every_country_but_antarctica_is_in_one_of_22_regions() -> None:
    assert set(COUNTRIES) - set(REGION_OF) == {"AQ"}
    assert set(REGION_OF) <= set(COUNTRIES)
    assert len(set(REGION_OF.values())) == len(TOUCHING) == 22


def test_regions_touch_each_other_and_never_themselves() -> None:
    for region, others in TOUCHING.items():
        assert others
        assert region not in others
        assert all(region in TOUCHING[other] for other in others)


@pytest.mark.parametrize(
    ("country", "states", "far"),
    [
        ("KG", {"GA", "CM", "CD"}, True),  # grey parrot
        ("KG", {"KZ"}, False),
        ("KG", {"AF"}, False),  # the next region
        ("KG", {"GA", "CN"}, False),
        ("KG", {"AQ", "GA"}, False),  # a State whose region is not known
        ("AQ", {"GA"}, False),
        ("AU", {"BR"}, True),
        ("US", {"RU"}, False),  # across the Bering Strait
    ],
)
def test_country_is_far_if_no_range_state_is_near(country: str, states: set[str], far: bool) -> None:
    assert far_from(country, states) == far
