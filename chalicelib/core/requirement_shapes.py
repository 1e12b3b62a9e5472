"""What is asked about the documents that goods need, and what is answered: plain values, without any rule."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.core.allowances import Allowance
from chalicelib.core.taxon import Population, Restriction


@dataclass(frozen=True, slots=True)
class Subject:
    """What the species list says of the goods. `groups`: genus, family, order, for the allowances. `deciding`: the
    taxon that this is said of, where the name covers others in a weaker Appendix (`Named.deciding`). `population`: how
    countries of origin split it.
    """

    appendix: int
    kingdom: str
    may_be: frozenset[int] = frozenset()
    listed_by: str | None = None
    groups: frozenset[str] = frozenset()
    restrictions: tuple[Restriction, ...] = ()
    deciding: str = ""
    population: Population | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """`subject` None: a taxon that the list lacks. Countries are ISO 3166-1; `exporting`: where they come from now.

    `registered`: an operation in the CITES register breeds them (source C or A is D then). None: not said.
    """

    subject: Subject | None
    direction: str | None = None
    term: str | None = None
    source: str | None = None
    purpose: str | None = None
    origin: str | None = None
    exporting: str | None = None
    destination: str | None = None
    pre_convention: bool | None = None
    registered: bool | None = None
    use: str = ""
    abroad: str = "unknown"
    quantity: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """`issued_by`: a country, or `exporting`, `destination` where that is not known; `comparable`: Art. X."""

    kind: str
    issued_by: str
    why: str
    article: str
    alternatives: tuple[str, ...] = ()
    comparable: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of `requirement_words`, the row that it comes from and its article; `facts`: of a suspension."""

    code: str
    row: int | None = None
    article: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`decision`: documents | none | prohibited | ask. Documents only where it says so; all of them are needed."""

    decision: str
    documents: tuple[Document, ...] = ()
    reasons: tuple[Reason, ...] = ()
    other_papers: tuple[str, ...] = ()
    allowance: Allowance | None = None
