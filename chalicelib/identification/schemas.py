"""Answers of the identification aid, and how they are made from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypedDict

from chalicelib.http.answers import Anything
from chalicelib.identification.services import Aid, AidLanguage, Table, below, language_of
from chalicelib.kernel.codes import APPENDIX_NAMES, APPENDIX_NUMBERS, Appendix


class Statement(TypedDict):
    """A text and the sources that support it."""

    text: str
    sources: list[str]


class AidAnswer(TypedDict):
    """An answer. `group`: a heading above the answers of the first question, else None."""

    group: str | None
    say: str
    to: str | None
    found: list[str]


class AidQuestion(TypedDict):
    """A question. `unclear`: who is asked if it stays unclear."""

    id: str
    ask: str
    answers: list[AidAnswer]
    unclear: list[str]


class CandidateInShort(TypedDict):
    """A candidate in short.

    `also`: other accepted names for these goods. `appendix`: as the species list in use has it, 0 for none. `in_list`
    false: the list lacks the taxon, and the Appendix is the aid's own. `by`: what it takes to be sure.
    """

    id: str
    scientific_name: str
    also: list[str]
    name: str
    appendix: Appendix
    in_list: bool
    term: str
    part: str
    by: Literal["eye", "expert", "laboratory"]


class Identification(TypedDict):
    """The aid. `first`: id of the question to begin with.

    An answer leads `to` a question, or else to the ids of candidates in `found`. `in_force` and `checked`: the days of
    the species list (`SpeciesList`).
    """

    language: AidLanguage
    as_of: str
    in_force: str
    checked: str
    list_version: str
    first: str
    questions: list[AidQuestion]
    candidates: list[CandidateInShort]


class LookAlike(CandidateInShort):
    """A candidate that is taken for another one. `tell`: how to distinguish the two."""

    tell: Statement


class Candidate(CandidateInShort):
    """A candidate with all statements.

    `tell`: what to look at. `shows`: what its drawings on the pages show. `listing`: sources of the Appendix where the
    species list lacks the taxon. `sources`: each name that is given as a source, with its citation.
    """

    language: AidLanguage
    tell: Statement
    shows: list[str]
    alike: list[LookAlike]
    measure: list[Statement]
    care: Statement
    call: list[Statement]
    listing: list[str]
    sources: Anything


ANSWERS: Mapping[str, Any] = {
    "Identification": Identification,
    "CandidateInShort": CandidateInShort,
    "Candidate": Candidate,
}


def overview(aid: Aid) -> Identification:
    """All questions with their answers, and all candidates in short."""
    return {
        "language": language_of(aid.language),
        "as_of": aid.listing.as_of,
        "in_force": aid.listing.in_force,
        "checked": aid.listing.checked,
        "list_version": aid.listing.version,
        "first": aid.table["first"],
        "questions": [
            {
                "id": name,
                "ask": aid.translate(each["ask"]),
                "answers": [_answer(aid, answer) for answer in each["answers"]],
                "unclear": [aid.translate(aid.table["call"][call]["text"]) for call in _calls(aid.table, name)],
            }
            for name, each in aid.table["questions"].items()
        ],
        "candidates": [in_short(aid, name) for name in aid.table["candidates"]],
    }


def in_short(aid: Aid, name: str) -> CandidateInShort:
    """Short form of a candidate: names, Appendix, term, part and the way to be sure (`by`).

    `in_list`: the species list has the taxon, or members of it. Then the Appendix is the list's, unless the list allows
    the one in the aid for some populations or members (a hybrid falcon may have a parent in Appendix I). Without an
    entry in the list it is the aid's own.
    """
    made = aid.table["candidates"][name]
    listed = aid.listing.find(made["taxon"])
    own = 0 if made["appendix"] == "none" else APPENDIX_NUMBERS[made["appendix"]]
    members = () if " " in made["taxon"] else aid.listing.below(made["taxon"])
    possible = {number for each in members for number in (each.appendix, *each.may_be)}
    stands = own if listed is None or own in {listed.appendix, *listed.may_be, *possible} else listed.appendix
    return {
        "id": name,
        "scientific_name": made["taxon"],
        "also": made.get("also", []),
        "name": aid.translate(made["name"]),
        "appendix": APPENDIX_NAMES[stands],
        "in_list": listed is not None or bool(members),
        "term": aid.table["parts"][made["part"]]["term"],
        "part": aid.translate(aid.table["parts"][made["part"]]["name"]),
        "by": made["by"],
    }


def whole(aid: Aid, name: str) -> Candidate | None:
    """One candidate with all statements and their sources, or None if there is no candidate of this id."""
    table = aid.table
    made = table["candidates"].get(name)
    if made is None:
        return None
    part = table["parts"][made["part"]]
    tell = _statement(aid, made, "tell")
    alike: list[LookAlike] = [
        {**in_short(aid, _other(pair, name)), "tell": _statement(aid, pair, "tell")}
        for pair in table["pairs"]
        if name in pair["of"]
    ]
    measure = [_statement(aid, table["measure"][each]) for each in (*part["measure"], *made.get("measure", ()))]
    care = _statement(aid, table["care"][made.get("care", part["care"])])
    call = [_statement(aid, table["call"][each]) for each in part["call"]]
    listing = made.get("listing", [])
    statements = (tell, *(each["tell"] for each in alike), *measure, care, *call)
    return {
        "language": language_of(aid.language),
        **in_short(aid, name),
        "tell": tell,
        "shows": [aid.translate(table["drawings"][each]["shows"]) for each in made["drawings"]],
        "alike": alike,
        "measure": measure,
        "care": care,
        "call": call,
        "listing": listing,
        "sources": _cited(aid, (*(source for each in statements for source in each["sources"]), *listing)),
    }


def _answer(aid: Aid, answer: Table) -> AidAnswer:
    group = answer.get("group")
    return {
        "group": aid.translate(aid.table["groups"][group]) if group else None,
        "say": aid.translate(answer["say"]),
        "to": answer.get("to"),
        "found": answer.get("found", []),
    }


def _calls(table: Table, question: str) -> list[str]:
    """Who is asked about the candidates that can still be reached from a question: keys of `call`, each once."""
    parts = (table["candidates"][name]["part"] for name in below(table, question))
    return list(dict.fromkeys(call for part in parts for call in table["parts"][part]["call"]))


def _statement(aid: Aid, made: Table, words: str = "text") -> Statement:
    """The text under the key `words`, and the sources that support it."""
    return {"text": aid.translate(made[words]), "sources": made["sources"]}


def _other(pair: Table, name: str) -> str:
    first, second = pair["of"]
    return str(second if first == name else first)


def _cited(aid: Aid, names: Iterable[str]) -> dict[str, str]:
    """The citation of each of these sources, in order of first mention."""
    cited = {name: aid.table["sources"][name] for name in names}
    return {name: source if isinstance(source, str) else aid.translate(source) for name, source in cited.items()}
