"""Documents that a movement of goods needs: `answer` reads the rows of `table.py` for one question.

The facts that the rows test, each derived from the question:

    flow       export, reexport, import, import_again (a re-export of another country), transit, sea, inland
    appendix   0, I, II, III     mixed  other populations have another Appendix     listed  who listed it in III
    source purpose kingdom       codes of the form; a pre-Convention specimen has source O
    live trophy                  from term and purpose
    use        the exemption that is claimed: one of USES, or ""
    abroad     whether the owner acquired it outside the country where they live
    covered    by an allowance for personal effects: yes; no, it is more; unlimited, none is set for such goods

Term, source and purpose may be missing. The answer is then the one that is right for every value, or `ask`.
web/core/requirements.js computes the same. The vectors in tests/vectors/requirements.json cover both.

The classes of question and answer are plain values without rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any

from chalicelib.kernel.codes import APPENDIX_NAMES, PLANT, SOURCES
from chalicelib.kernel.countries import FROM_THE_SEA, OF_NO_COUNTRY, UNKNOWN
from chalicelib.permits.model.findings import LIVE
from chalicelib.requirements.model.table import (
    CONFISCATED,
    DESTINATION,
    EAEU,
    EXPORTING,
    HERE,
    NON_PARTIES,
    NON_PARTY,
    ROWS,
    Decision,
    PersonalAllowance,
    RequiredDocument,
    Row,
    allowance,
)
from chalicelib.species.model.listing import Open, Population, Restriction, strictest_of


@dataclass(frozen=True, slots=True)
class Subject:
    """The species list's data about the goods.

    `groups`: genus, family, order, for the allowances. `deciding`: the taxon that these data are of, if the name covers
    others in a weaker Appendix (`ResolvedName.deciding`). `population`: how countries of origin split it. `name`,
    `family`, `symbol`, `excepts`, `open`, `range_states` and `range_sure` are those of the entry (`Taxon`). `broad`:
    the species must be named (`ResolvedName.broad`).
    """

    appendix: int
    kingdom: str
    may_be: frozenset[int] = frozenset()
    listed_by: str | None = None
    groups: frozenset[str] = frozenset()
    restrictions: tuple[Restriction, ...] = ()
    deciding: str = ""
    population: Population | None = None
    name: str = ""
    family: str = ""
    symbol: str = ""
    excepts: frozenset[str] = frozenset()
    open: frozenset[Open] = frozenset()
    broad: bool = False
    range_states: frozenset[str] = frozenset()
    range_sure: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The movement of goods that is asked about.

    With `subject` None the taxon is not in the list. Countries are ISO 3166-1. `exporting`: the country that the goods
    come from now. `registered` means that an operation in the CITES register breeds them (source C or A is then D), or
    None if not given. `on`: the day of the movement. `based`: the country where the owner lives or the exhibition has
    its base. `form`: the state of the goods that an annotation names (`retail`, `fossil` ...). `exported_on`: the day
    on which they left their country of origin.
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
    on: date | None = None
    based: str | None = None
    form: str | None = None
    exported_on: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is needed.

    `issued_by`: a country, or `exporting`, `destination` if the country is not known. `comparable`: a comparable
    document of a State outside the Convention (Art. X).
    """

    kind: str
    issued_by: str
    why: str
    article: str
    alternatives: tuple[str, ...] = ()
    comparable: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason: its code in `REASONS` (requirements/services.py), the row that gives it and its article.

    `facts`: of a suspension, or of the taxon that decides.
    """

    code: str
    row: int | None = None
    article: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer. `documents` is empty unless `decision` is documents. All of them are needed."""

    decision: Decision
    documents: tuple[Document, ...] = ()
    reasons: tuple[Reason, ...] = ()
    other_papers: tuple[str, ...] = ()
    allowance: PersonalAllowance | None = None


class Movement(StrEnum):
    """Direction of the goods in a question: like `Direction`, and re-export and introduction from the sea."""

    EXPORT = "export"
    IMPORT = "import"
    REEXPORT = "reexport"
    TRANSIT = "transit"
    RETURN = "return"
    SEA = "sea"


DIRECTIONS = tuple(each.value for each in Movement)

USES = (
    "personal_effects",
    "owned_animal",
    "exhibition",
    "instrument",
    "samples",
    "exchange",
    "phytosanitary",
    "outside_listing",
)

ABROAD = ("yes", "no", "unknown")

TROPHY, HUNTING, TRADE, FORENSIC = "TRO", "H", "T", "L"

# Values tried where one is missing; the rows distinguish no others.
_TERMS, _PURPOSES = (LIVE, TROPHY, "DER"), (TRADE, HUNTING, FORENSIC, "S")

_NOT_LISTED = 0


def answer(question: Question, *, today: date, issuer: str) -> Answer:
    """The requirements of this movement by the table as of today. The same question gives the same answer."""
    question = with_origin(question, issuer)
    found, subject = _answer(question, today, issuer), question.subject
    if subject is None or not subject.deciding:
        return found
    said = (("taxon", subject.deciding), ("appendix", APPENDIX_NAMES[subject.appendix]))
    return replace(found, reasons=(*found.reasons, Reason("strictest", facts=said)))


def with_origin(question: Question, issuer: str) -> Question:
    """The question with the Appendix of its goods' country of origin, where the list splits the taxon by country.

    Without an origin, our country counts for an export, else the exporting country. If none is given, or the list
    leaves it open, the strictest Appendix counts and the others stay possible.
    """
    subject, origin = question.subject, question.origin
    if subject is None or subject.population is None:
        return question
    origin = origin or (issuer if question.direction == Movement.EXPORT else question.exporting) or UNKNOWN
    every = {subject.appendix, *subject.may_be}
    told = None if origin in OF_NO_COUNTRY else subject.population.of(origin)
    appendix = strictest_of(every) if told is None else told
    may_be = every - {appendix} if told is None else ()
    return replace(question, subject=replace(subject, appendix=appendix, may_be=frozenset(may_be), population=None))


def _answer(question: Question, today: date, issuer: str) -> Answer:
    if question.subject is None:
        return _ask("unknown_taxon")
    if question.direction is None:
        return _ask("direction")
    missing = [name for name in ("source", "purpose", "term") if getattr(question, name) is None]
    if not missing:
        return _decide(question, today, issuer)
    whole = list(_completions(question, question.subject))
    found = [_decide(each, today, issuer) for each in whole]
    first = found[0]
    if open_ := [name for name in missing if _decides(name, whole, found)]:
        return replace(_ask(*open_), other_papers=_common(each.other_papers for each in found))
    return replace(
        first,
        reasons=_common(each.reasons for each in found),
        other_papers=_common(each.other_papers for each in found),
        allowance=first.allowance if question.term else None,
    )


def facts(question: Question, subject: Subject, issuer: str) -> Mapping[str, str]:
    """The facts that the rows test. Term, source and purpose must be given."""
    held = _allowed(question, subject)
    return {
        "flow": _flow(question, issuer),
        "appendix": APPENDIX_NAMES[subject.appendix],
        "mixed": _yes(bool(subject.may_be) and question.origin != issuer),
        "listed": _listed(question, subject, issuer),
        "source": _source(question, subject),
        "purpose": question.purpose or "",
        "kingdom": subject.kingdom,
        "live": _yes(question.term == LIVE),
        "trophy": _yes(question.term == TROPHY or question.purpose == HUNTING),
        "use": question.use,
        "abroad": question.abroad,
        "covered": _yes(held.holds(question.quantity, question.unit)) if held else "unlimited",
    }


def _decide(question: Question, today: date, issuer: str) -> Answer:
    """Decide one complete question.

    1. The source fits the kingdom.
    2. The first row that fits decides.
    3. Suspensions prohibit.
    4. Remarks follow: use, population, 21, 22.
    """
    subject = question.subject
    assert subject is not None
    known = facts(question, subject, issuer)
    code = SOURCES.get(known["source"])
    listed = subject.appendix != _NOT_LISTED and known["flow"] not in {"transit", "inland"}
    if listed and code and code.kingdom not in {None, subject.kingdom}:  # 1
        return replace(_ask("source_kingdom"), other_papers=_papers(question, known))
    row = next((each for each in ROWS if all(known[fact] in may for fact, may in each.when.items())), None)  # 2
    if row is None:
        return replace(_ask("no_row"), other_papers=_papers(question, known))
    documents = tuple(_document(each, question, issuer) for each in row.documents)
    reasons = [Reason(each, row.number, row.article) for each in row.reasons]
    origin = question.origin or (issuer if known["flow"] == "export" else "")
    stopped = tuple(_suspensions(subject, documents, known, origin, today))  # 3
    if stopped:
        return Answer("prohibited", (), stopped)
    reasons += _remarks(row, question, subject, known, documents)  # 4
    if row.decision == "prohibited":
        return Answer("prohibited", (), tuple(reasons))
    held = _allowed(question, subject) if question.use == "personal_effects" else None
    if known["covered"] == "no" and held and documents:
        reasons.append(Reason("above_allowance", 14, "Conf. 13.7"))
    return Answer(row.decision, documents, tuple(reasons), _papers(question, known), held)


def _flow(question: Question, issuer: str) -> str:
    origin, direction = question.origin, question.direction
    if direction in {Movement.TRANSIT, Movement.SEA}:
        return direction
    if direction in {Movement.EXPORT, Movement.REEXPORT} and question.destination == issuer:
        return "inland"
    if direction == Movement.EXPORT:
        return "reexport" if origin not in {None, issuer, FROM_THE_SEA} else "export"
    if direction == Movement.REEXPORT:
        return "reexport"
    return "import_again" if origin and question.exporting and origin != question.exporting else "import"


def _source(question: Question, subject: Subject) -> str:
    if question.pre_convention or question.source == "O":
        return "O"
    if question.registered and subject.appendix == 1 and question.source in {"C", "A", "F"}:
        return "D"
    if question.registered is False and question.source == "D":
        return "A" if subject.kingdom == PLANT else "C"
    return question.source or ""


def _listed(question: Question, subject: Subject, issuer: str) -> str:
    if subject.listed_by == issuer:
        return "here"
    if _leaves(question, issuer):
        return "elsewhere"
    exporting = question.exporting or question.origin
    if exporting is None:
        return "unknown"
    return "exporting" if subject.listed_by == exporting else "elsewhere"


def _leaves(question: Question, issuer: str) -> bool:
    return _flow(question, issuer) in {"export", "reexport"}


def _allowed(question: Question, subject: Subject) -> PersonalAllowance | None:
    # Conf. 13.7 has limits for Appendix II only.
    return allowance(subject.groups, question.term) if subject.appendix == 2 else None


def _document(wanted: RequiredDocument, question: Question, issuer: str) -> Document:
    by = wanted.by
    country = {
        HERE: issuer,
        DESTINATION: question.destination,
        EXPORTING: question.exporting or question.origin,
    }[by]
    if by == EXPORTING and country == issuer:
        country = None  # our goods coming back: the country that they come from is not given
    return Document(wanted.kind, country or by, wanted.why, wanted.article, wanted.alternatives, country in NON_PARTIES)


def _suspensions(
    subject: Subject, documents: tuple[Document, ...], known: Mapping[str, str], origin: str, today: date
) -> Iterator[Reason]:
    for rule in subject.restrictions:
        if any(rule.forbids(each.kind, known["source"], known["purpose"], origin, today) for each in documents):
            said = (("since", rule.since.isoformat()), ("reason", rule.reason), ("source", rule.source))
            yield Reason("suspended", facts=said)


def _remarks(
    row: Row, question: Question, subject: Subject, known: Mapping[str, str], documents: tuple[Document, ...]
) -> Iterator[Reason]:
    if question.use and row.number not in _ROWS_OF[question.use] and row.number != 0:
        yield Reason(f"not_{question.use}", _ROWS_OF[question.use][0])
    if subject.may_be and known["mixed"] == "yes" and row.number != 0:
        yield Reason("population", 0, "Art. I(a)")
    if (documents and question.purpose == FORENSIC) or (documents and known["source"] == "I" and row.number != 13):
        yield Reason("authority_decides", CONFISCATED)
    if any(each.comparable for each in documents):
        yield Reason("non_party", NON_PARTY, "Art. X; Conf. 9.5")


_ROWS_OF: Mapping[str, tuple[int, ...]] = {
    "personal_effects": (14,),
    "owned_animal": (15,),
    "exhibition": (16,),
    "instrument": (17,),
    "samples": (18,),
    "exchange": (19,),
    "phytosanitary": (20,),
    "outside_listing": (0,),
}


def _papers(question: Question, known: Mapping[str, str]) -> tuple[str, ...]:
    """Other papers that may be needed. Tamga checks none of them."""
    leaves = known["flow"] in {"export", "reexport"}
    papers = {
        "eaeu": leaves and question.destination not in EAEU,
        "veterinary": known["kingdom"] != PLANT and known["flow"] != "inland",
        "phytosanitary": known["kingdom"] == PLANT and known["flow"] != "inland",
        "hunting": known["flow"] == "export" and known["trophy"] == "yes" and known["source"] != "O",
        "destination": leaves,
    }
    return tuple(name for name, asked in papers.items() if asked)


def _completions(question: Question, subject: Subject) -> Iterator[Question]:
    unlikely = {"O"} if subject.appendix == 1 else {"O", "D"}  # a question without a source means none of these
    sources = [c for c, each in SOURCES.items() if c not in unlikely and each.kingdom in {None, subject.kingdom}]
    choices = product(
        [question.source] if question.source else sources,
        [question.purpose] if question.purpose else _PURPOSES,
        [question.term] if question.term else _TERMS,
    )
    for source, purpose, term in choices:
        yield replace(question, source=source, purpose=purpose, term=term)


def _decides(name: str, whole: Iterable[Question], found: Iterable[Answer]) -> bool:
    """True if an answer depends on this fact, with all others the same."""
    said: dict[Question, tuple[str, tuple[Document, ...]]] = {}
    left_out: dict[str, Any] = {name: None}
    return any(
        said.setdefault(replace(each, **left_out), (made.decision, made.documents)) != (made.decision, made.documents)
        for each, made in zip(whole, found, strict=True)
    )


def _common[T](several: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """The elements that all of them have, in the order of the first."""
    first, *rest = several
    return tuple(each for each in first if all(each in other for other in rest))


def _ask(*codes: str) -> Answer:
    return Answer("ask", (), tuple(Reason(f"ask_{code}") for code in codes))


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
