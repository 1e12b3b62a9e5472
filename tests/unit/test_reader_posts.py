"""Whether a verdict names posts in its reader's language."""

from __future__ import annotations

import pytest

from chalicelib import tables
from chalicelib.core.stage import Stage
from chalicelib.edges import show


@pytest.mark.parametrize("language", ["en", "ky", "ru"])
def test_posts_are_named_in_the_language_of_the_sentence(language: str) -> None:
    reader = show.Reader(language=language, stage=Stage(), posts=tables.posts("KG"), officer=True)
    assert reader.for_words.post_names == tables.post_names(language, "KG")
    assert (reader.for_words.post_names["manas-airport"] == "Manas Airport") == (language == "en")
