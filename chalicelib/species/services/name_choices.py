"""The release's table of names that are split by country."""

from __future__ import annotations

from functools import cache

from chalicelib.platform.country_folder import read_rows
from chalicelib.species.model.name_choice import NameChoice, read_choices


@cache
def name_choices() -> tuple[NameChoice, ...]:
    return read_choices(read_rows("name_choices.csv"))
