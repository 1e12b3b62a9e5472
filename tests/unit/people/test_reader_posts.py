"""Names of posts in the language of a verdict's reader."""

from __future__ import annotations

import pytest

from chalicelib.kernel.stage import Stage
from chalicelib.people import readers
from chalicelib.people import services as people
from chalicelib.platform import country_folder


@pytest.mark.parametrize("language", ["en", "ky", "ru"])
def test_posts_are_named_in_readers_language(language: str) -> None:
    reader = readers.Reader(language=language, stage=Stage(), posts=people.posts("KG"), officer=True)
    assert reader.for_words.post_names == country_folder.post_names(language, "KG")
    assert (reader.for_words.post_names["manas-airport"] == "Manas Airport") == (language == "en")
