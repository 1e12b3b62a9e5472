"""The identification aid (ADR 0032) in one language, with the Appendices of the species list in use.

The aid is written in three languages. `language_of` chooses one of them for readers of other languages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from chalicelib.kernel.codes import APPENDIX_NAMES, APPENDIX_NUMBERS
from chalicelib.platform.country_folder import DATA
from chalicelib.species.model.listing import Listing

SPOKEN = ("en", "ru", "ky")

INSTEAD: Mapping[str, str] = {"uz": "ru"}  # readers of any other language get English

type Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Aid:
    """The tables of the aid (`identification()`), the species list in use, and the reader's language."""

    table: Mapping[str, Any]
    listing: Listing
    language: str

    def said(self, words: Words) -> str:
        return words[language_of(self.language)]

    def statement(self, made: Mapping[str, Any], words: str = "text") -> dict[str, Any]:
        """The text under the key `words`, and the sources that support it."""
        return {"text": self.said(made[words]), "sources": made["sources"]}


def language_of(language: str) -> str:
    """The language of the aid for a reader of this language: the same, else Russian for Uzbek, else English."""
    return language if language in SPOKEN else INSTEAD.get(language, "en")


def overview(aid: Aid) -> dict[str, Any]:
    """All questions with their answers, and all candidates in short."""
    return {
        "language": language_of(aid.language),
        "as_of": aid.listing.as_of,
        "list_version": aid.listing.version,
        "first": aid.table["first"],
        "questions": [
            {"id": name, "ask": aid.said(each["ask"]), "answers": [_answer(aid, answer) for answer in each["answers"]]}
            for name, each in aid.table["questions"].items()
        ],
        "candidates": [in_short(aid, name) for name in aid.table["candidates"]],
    }


def _answer(aid: Aid, answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"say": aid.said(answer["say"]), "to": answer.get("to"), "found": answer.get("found", [])}


def in_short(aid: Aid, name: str) -> dict[str, Any]:
    """Short form of a candidate: names, Appendix, term, part and the way to be sure (`by`).

    `in_list`: the species list has the taxon. Then the Appendix is the list's, unless the list allows the one in the
    aid for some populations. Without an entry in the list it is the aid's own.
    """
    made = aid.table["candidates"][name]
    listed = aid.listing.find(made["taxon"])
    own = 0 if made["appendix"] == "none" else APPENDIX_NUMBERS[made["appendix"]]
    stands = own if listed is None or own in {listed.appendix, *listed.may_be} else listed.appendix
    return {
        "id": name,
        "scientific_name": made["taxon"],
        "name": aid.said(made["name"]),
        "appendix": APPENDIX_NAMES[stands],
        "in_list": listed is not None,
        "term": aid.table["parts"][made["part"]]["term"],
        "part": aid.said(aid.table["parts"][made["part"]]["name"]),
        "by": made["by"],
    }


def whole(aid: Aid, name: str) -> dict[str, Any] | None:
    """One candidate with all statements and their sources; None if there is no candidate of this id."""
    table = aid.table
    made = table["candidates"].get(name)
    if made is None:
        return None
    part = table["parts"][made["part"]]
    told: dict[str, Any] = {
        **in_short(aid, name),
        "tell": aid.statement(made, "tell"),
        "shows": [aid.said(table["drawings"][each]["shows"]) for each in made["drawings"]],
        "alike": [
            {**in_short(aid, _other(pair, name)), "tell": aid.statement(pair, "tell")}
            for pair in table["pairs"]
            if name in pair["of"]
        ],
        "measure": [aid.statement(table["measure"][each]) for each in (*part["measure"], *made.get("measure", ()))],
        "care": aid.statement(table["care"][made.get("care", part["care"])]),
        "call": [aid.statement(table["call"][each]) for each in part["call"]],
        "listing": made.get("listing", []),
    }
    return {"language": language_of(aid.language), **told, "sources": _cited(aid, told)}


def _other(pair: Mapping[str, Any], name: str) -> str:
    first, second = pair["of"]
    return str(second if first == name else first)


def _cited(aid: Aid, told: Mapping[str, Any]) -> dict[str, str]:
    """The citation of each source that the candidate names, in order of first mention."""
    statements = (
        told["tell"],
        *(each["tell"] for each in told["alike"]),
        *told["measure"],
        told["care"],
        *told["call"],
    )
    named: Iterable[str] = (source for each in statements for source in each["sources"])
    cited = {name: aid.table["sources"][name] for name in (*named, *told["listing"])}
    return {name: source if isinstance(source, str) else aid.said(source) for name, source in cited.items()}


@cache
def identification() -> Mapping[str, Any]:
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
