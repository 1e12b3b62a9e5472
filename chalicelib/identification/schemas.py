"""Response schemas of the identification aid."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.http.schema_parts import ANYTHING, FLAG, TEXT, Schema, listed, maybe, members, one_of, ref
from chalicelib.identification.services import SPOKEN

_LANGUAGE = one_of(SPOKEN)

_SOURCES = listed(TEXT)

_SAID = members({"text": TEXT, "sources": _SOURCES})

_IN_SHORT: Mapping[str, Schema] = {
    "id": TEXT,
    "scientific_name": TEXT,
    "name": TEXT,
    "appendix": one_of(("0", "I", "II", "III")),
    "in_list": FLAG,
    "term": TEXT,
    "part": TEXT,
    "by": one_of(("eye", "expert", "laboratory")),
}

IDENTIFICATION: Mapping[str, Schema] = {
    "Identification": members(
        {
            "language": _LANGUAGE,
            "as_of": TEXT,
            "list_version": TEXT,
            "first": TEXT,
            "questions": listed(
                members(
                    {
                        "id": TEXT,
                        "ask": TEXT,
                        "answers": listed(members({"say": TEXT, "to": maybe(TEXT), "found": listed(TEXT)})),
                    }
                )
            ),
            "candidates": listed(ref("CandidateInShort")),
        },
        words="`first` is the id of the question to begin with. An answer leads `to` a question, or else to the ids of "
        "candidates in `found`.",
    ),
    "CandidateInShort": members(
        _IN_SHORT,
        words="`appendix`: as the species list in use has it, 0 for none; where `in_list` is false the list lacks the "
        "taxon, and it is the aid's own. `by`: what it takes to be sure.",
    ),
    "Candidate": members(
        {
            "language": _LANGUAGE,
            **_IN_SHORT,
            "tell": _SAID,
            "shows": listed(TEXT),
            "alike": listed(members({**_IN_SHORT, "tell": _SAID})),
            "measure": listed(_SAID),
            "care": _SAID,
            "call": listed(_SAID),
            "listing": _SOURCES,
            "sources": ANYTHING,
        },
        words="`tell`: what to look at; of `alike`, what tells the two apart. `shows`: what its drawings on the pages "
        "show. `listing`: sources of the Appendix where the species list lacks the taxon. `sources`: each name that is "
        "given as a source, with its citation.",
    ),
}
