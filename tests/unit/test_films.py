"""Training films: recorded with the present texts, about two minutes long, with captions that fit."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import pytest

from local.door import WEB
from local.web_catalogues import translated

LANGUAGES = ("ky", "ru", "en")
FILMS: list[dict[str, Any]] = json.loads((WEB / "training/films.json").read_text("utf-8"))
CUE = re.compile(r"(\d+):(\d+)\.(\d+) --> (\d+):(\d+)\.(\d+) ([^\n]*)\n")
LINES = 3  # at once: a taller caption hides the page and is not read in time
LETTERS = {"position": 26, "line": 48}  # beside a telephone, below a desk: Chromium cuts a longer line off


@pytest.mark.parametrize(
    ("film", "language", "track"), [*product([each["name"] for each in FILMS], LANGUAGES, LANGUAGES)]
)
def test_captions_of_film_equal_the_present_texts(film: str, language: str, track: str) -> None:
    parts = (WEB / f"training/films/{film}.{language}.{track}.vtt").read_text("utf-8").strip().split("\n\n")[1:]
    said = translated("training", track)
    wanted = [said.get(text, text) for each in FILMS if each["name"] == film for text in each["captions"]]
    shown = [part.split("\n")[1:] for part in parts]
    assert " ".join(line for lines in shown for line in lines) == " ".join(wanted), "make films"
    assert max(map(len, shown)) <= LINES
    last = CUE.match(parts[-1] + "\n")
    assert last is not None
    assert 100 <= int(last[4]) * 60 + int(last[5]) <= 145
    most = LETTERS["position" if "position" in last[7] else "line"]
    assert all(len(line) <= most for lines in shown for line in lines)
    assert (WEB / f"training/films/{film}.{language}.webm").stat().st_size > 10_000
