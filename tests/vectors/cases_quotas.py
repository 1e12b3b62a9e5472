"""Quotas that apply to a line: of its taxon, higher and lower taxa, by term and source, narrowest first.

expect = indexes into `quotas`. A quota is written as "taxon; terms; sources"; its year is 2026.
"""

from __future__ import annotations

from typing import Any

from vectors.scenes import Vector

ABOVE = {"family": "Falconidae", "order": "Falconiformes", "class": "Aves"}


def case(name: str, why: str, taxon: str, line: str, quotas: list[str], expect: list[int], members: str = "",
         above: str = "") -> Vector:  # fmt: skip
    """`line`: term and source. `members`: entries within the taxon, itself included. `above`: the higher taxa."""
    known = []
    for each in quotas:
        of, terms, sources = (part.strip() for part in each.split(";"))
        known.append({"scientific_name": of, "terms": terms.split(), "sources": sources.split()})
    term, source = line.split()
    named: dict[str, Any] = {"scientific_name": taxon, **ABOVE}
    if members:
        named["covers"] = {"members": members.split(", "), "above": above.split(", ")}
    given = {"taxon": named, "term": term, "source": source, "quotas": known}
    return {"name": name, "why": why, "input": given, "expect": expect}


def cases() -> list[Vector]:
    saker = "Falco cherrug"
    return [
        case("no quota", "nothing is on record", saker, "LIV W", [], []),
        case("of another taxon", "neither the taxon nor above or below it", saker, "LIV W",
             ["Falco peregrinus;;", "Ovis ammon;;", "Falco c;;"], []),
        case("below the taxon", "the line leaves open which subspecies it is", saker, "LIV W",
             ["Falco cherrug milvipes;;", f"{saker};;"], [0, 1]),
        case("of any kind", "empty terms and sources stand for any", saker, "LIV W", [f"{saker};;"], [0]),
        case("by term and source", "each must fit", saker, "LIV W",
             [f"{saker}; LIV; W", f"{saker}; LIV EGG; C W", f"{saker}; EGG; W", f"{saker}; LIV; C"], [0, 1]),
        case("seized", "it counts as wild without a second code, else as that code", saker, "LIV I",
             [f"{saker};; W", f"{saker};; C", f"{saker};; I", f"{saker}; LIV;"], [3, 0, 2]),
        case("of unknown source", "it counts as wild", saker, "LIV U", [f"{saker};; W", f"{saker};; C"], [0]),
        case("above the taxon", "genus, family, order and class; of one word each, so by name", saker, "LIV W",
             ["Aves;;", "Falconiformes;;", "Falconidae;;", "Falco;;", "Mammalia;;"], [0, 3, 2, 1]),
        case("the narrowest first", "box 11a names the first", f"{saker} milvipes", "LIV W",
             ["Falco;;", f"{saker};;", f"{saker};; W", f"{saker}; LIV;", f"{saker} milvipes;;", f"{saker}; LIV; W"],
             [4, 5, 3, 2, 1, 0]),
        case("of a genus", "of each member and what is below it, of what is above; of no other one", "Falco", "LIV W",
             ["Falco cherrug;;", "Falco cherrug milvipes;;", "Falco subbuteo;;", "Falconidae;;", "Falconi;;",
              "Aquila heliaca;;"], [1, 0, 2, 3], "falco, falco cherrug",
             "aves, falconidae, falconiformes"),
        case("of an order", "of the genera and families in it too", "Falconiformes", "LIV W",
             ["Falco;;", "Falconidae;;", f"{saker};;", "Falco subbuteo;;", "Falconiformes;;"], [2, 0, 1, 4],
             "falco cherrug, falconiformes", "aves, falco, falconidae"),
        case("in whatever case", "names are compared in lower case", "falco CHERRUG", "LIV W", [f"{saker};;"], [0]),
    ]  # fmt: skip
