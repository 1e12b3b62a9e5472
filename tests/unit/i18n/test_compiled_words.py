"""Compiled catalogues: the same words give the same bytes, so that a package of one commit is reproducible."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from local import catalogues


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_time_of_compilation_is_not_in_the_file(language: str, tmp_path: Path) -> None:
    made = []
    for day in (1, 2):
        catalogue = catalogues.read(catalogues.po_path(language), language)
        catalogue.creation_date = datetime(2026, 11, day, tzinfo=UTC)  # Babel sets it from the clock
        catalogues.compile_catalogue(catalogue, tmp_path / f"{day}.mo")
        made.append((tmp_path / f"{day}.mo").read_bytes())
    assert made[0] == made[1]
