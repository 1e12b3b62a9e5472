"""The identification aid (ADR 0032) in one language, with the Appendices of the species list in use.

The aid is written in three languages. `language_of` chooses one of them for readers of other languages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from chalicelib.platform.country_folder import DATA
from chalicelib.species.model.listing import Listing

type AidLanguage = Literal["en", "ru", "ky"]

LANGUAGES: tuple[AidLanguage, ...] = ("en", "ru", "ky")

FALLBACK: Mapping[str, AidLanguage] = {"uz": "ru"}  # readers of any other language get English

type Words = Mapping[str, str]

type Table = Mapping[str, Any]  # JSON of the files of `data/identification/`


@dataclass(frozen=True, slots=True)
class Aid:
    """The tables of the aid (`identification()`), the species list in use, and the reader's language."""

    table: Table
    listing: Listing
    language: str

    def translate(self, words: Words) -> str:
        return words[language_of(self.language)]


def language_of(language: str) -> AidLanguage:
    """The language of the aid for a reader of this language. It is the same, else Russian for Uzbek, else English."""
    return next((each for each in LANGUAGES if each == language), FALLBACK.get(language, "en"))


@cache
def identification() -> Table:
    """Load the identification aid (ADR 0032) as one table from the files of `data/identification/`.

    The pages read the same files.
    """
    files = {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted((DATA / "identification").glob("*.json"))
    }
    questions, words, groups = files.pop("questions"), files.pop("words"), files.values()
    candidates = {name: made for each in groups for name, made in each["candidates"].items()}
    pairs = [pair for each in groups for pair in each["pairs"]]
    return MappingProxyType({**questions, **words, "candidates": candidates, "pairs": pairs})


def below(table: Table, question: str) -> list[str]:
    """All candidates that can still be reached from a question, in the order of its answers."""
    answers = table["questions"][question]["answers"]
    found = (name for each in answers for name in (below(table, each["to"]) if "to" in each else each["found"]))
    return list(dict.fromkeys(found))
