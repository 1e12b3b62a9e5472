"""Documents that a movement of goods needs: `answer` reads the rows of `table.py` for one question.

The facts that the rows test, each derived from the question:

    flow       export, reexport, import, import_again (a re-export of another country), return (our goods come back),
               transit, sea, inland
    appendix   0, I, II, III     mixed  other populations have another Appendix
    listed     in III, for goods that leave: by us (here) or not (elsewhere). For goods that come: whether the country
               that they come from listed it (exporting, elsewhere), or unknown
    source purpose kingdom       codes of the form; a pre-Convention specimen has source O
    live trophy                  from term and purpose
    use        the exemption that is claimed: one of USES, or ""
    abroad     whether the owner acquired it outside the country where they live
    covered    by an allowance for personal effects: yes; no, it is more; unit, the quantity lacks its unit; unlimited,
               none is set for such goods
    not_listed in Appendix 0, because of the country of origin, the day, or the kind itself
    coast      whether our country has one
    hybrid     of Appendix I plants

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
from chalicelib.kernel.countries import FROM_THE_SEA, LANDLOCKED, OF_NO_COUNTRY, UNKNOWN
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.permits.model.findings import LIVE
from chalicelib.requirements.model.table import (
    CONFISCATED,
    DESTINATION,
    EAEU,
    EXPORTING,
    HERE,
    HOLDER,
    NON_PARTIES,
    NON_PARTY,
    ROWS,
    Decision,
    PersonalAllowance,
    RequiredDocument,
    Row,
    allowance,
)
from chalicelib.species.model.annotation_rules import AS_OF, CULTIVAR, DOMESTIC, OTHER
from chalicelib.species.model.annotations import (
    MISSING,
    AnnotatedGoods,
    Coverage,
    Covered,
    covered,
    deciding_terms,
    form_needed,
    symbol_for,
)
from chalicelib.species.model.doubts import doubts_that_matter
from chalicelib.species.model.listing import Applies, Open, Population, RestrictedGoods, Restriction, strictest_of
from chalicelib.species.model.name_resolution import PLANT_HYBRID
from chalicelib.species.model.native_range import RangeResult, compare_range, lives_in
from chalicelib.species.model.wild_form import TROPHY, is_of_wild_animal


@dataclass(frozen=True, slots=True)
class Subject:
    """The species list's data about the goods.

    `listed_by`: every country that listed it in Appendix III. `groups`: genus, family, order, for the allowances.
    `deciding`: the taxon that these data are of, if the name covers others in a weaker Appendix
    (`ResolvedName.deciding`). `population`: how countries of origin split it. `name`, `family`, `symbol`, `excepts`,
    `range_states`, `range_sure` and `introduced` are those of the entry (`Taxon`). `open`: of every taxon that the name
    covers. `broad`: the species must be named (`ResolvedName.broad`). `wild_forms`: listed wild forms of a domestic
    animal. `listed_on_other_days`: the entry is or was in an Appendix on another day. `with_origin` sets
    `origin_decides` (the country of origin chose the Appendix) and `origin_open` (the list leaves open which population
    lives there).
    """

    appendix: int
    kingdom: str
    may_be: frozenset[int] = frozenset()
    listed_by: frozenset[str] = frozenset()
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
    introduced: frozenset[str] = frozenset()
    wild_forms: tuple[str, ...] = ()
    listed_on_other_days: bool = False
    origin_decides: bool = False
    origin_open: bool = False


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

    `issued_by`: a country, or `exporting`, `destination`, `holder` if the country is not known. `comparable`: a
    comparable document of a State outside the Convention (Art. X).
    """

    kind: DocumentKind
    issued_by: str
    why: str
    article: str
    alternatives: tuple[DocumentKind, ...] = ()
    comparable: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason: its code in `REASONS` (requirements/services.py), the row that gives it and its article.

    `facts`: of a suspension, an annotation, or the taxon that decides.
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


class Flow(StrEnum):
    """What the goods do, which the rows test: derived from the question, with the origin and the issuing country."""

    EXPORT = "export"
    REEXPORT = "reexport"
    IMPORT = "import"
    IMPORT_AGAIN = "import_again"  # a re-export of another country
    RETURN = "return"  # our goods come back
    TRANSIT = "transit"
    SEA = "sea"
    INLAND = "inland"


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

HUNTING, TRADE, FORENSIC = "H", "T", "L"

PERSONAL_EFFECTS, OWN_USE = "personal_effects", "P"  # the claim, and the purpose that it means

# Values tried where one is missing; the rows distinguish no others.
_TERMS, _PURPOSES = (LIVE, TROPHY, "DER"), (TRADE, HUNTING, FORENSIC, "S")

_NOT_LISTED, APPENDIX_I, APPENDIX_II, APPENDIX_III = range(4)

PRE_CONVENTION = 13  # number of its row

ABOVE_ALLOWANCE, CULTIVAR_EXEMPT = "above_allowance", "cultivar_exempt"  # codes of reasons

STURGEONS, CAVIAR = "Acipenseriformes", frozenset({"CAV", "EGG"})

_EXCEPTION_WHYS = ("fossil", "domestic", "cultivar_")  # rules of exceptions that no annotation symbol has


def answer(question: Question, *, today: date, issuer: str) -> Answer:
    """The requirements of this movement by the table as of its day, or of today. The same question gives the same
    answer.
    """
    given, question = question, with_origin(question, issuer)
    day, subject = question.on or today, question.subject
    found = _answer(question, day, issuer)
    if subject is None:
        return found
    found = _with_populations(found, given, question, day, issuer)
    found = _with_doubts(found, question, subject, issuer)
    if not subject.deciding or any(each.code == "ask_name_too_broad" for each in found.reasons):
        return found
    return replace(found, reasons=(*found.reasons, Reason("strictest", facts=_strictest(subject))))


def _with_populations(found: Answer, given: Question, question: Question, today: date, issuer: str) -> Answer:
    """The answer for a taxon whose populations or subspecies are in several Appendices.

    `given`: the question before its origin chose the Appendix. Where the Appendices lead to different answers, the
    origin is asked for, or the Scientific Authority says which population it is.
    """
    subject = question.subject
    assert subject is not None
    certain = not subject.may_be or question.origin in OF_NO_COUNTRY or _is_ours(question, subject, issuer)
    if certain or found.decision == Decision.ASK or not _crosses(question, issuer):
        return found
    others = (
        replace(question, subject=replace(subject, appendix=each, may_be=frozenset()))
        for each in sorted(subject.may_be)
    )
    answers = [_answer(each, today, issuer) for each in others]
    if all((each.decision, each.documents) == (found.decision, found.documents) for each in answers):
        return found
    papers = next((each.other_papers for each in (found, *answers) if each.other_papers), ())
    split = given.subject is not None and given.subject.population is not None
    if split and not given.origin:
        return replace(_ask("origin"), other_papers=papers)
    return Answer(Decision.ASK, (), (Reason("population", 0, "Art. I(a)"),), papers)


def _is_ours(question: Question, subject: Subject, issuer: str) -> bool:
    """True for goods of our country, if the list says which population lives here."""
    return question.origin == issuer and not subject.origin_open


def _strictest(subject: Subject) -> tuple[tuple[str, str], ...]:
    return (("taxon", subject.deciding or subject.name), ("appendix", APPENDIX_NAMES[subject.appendix]))


def _with_doubts(found: Answer, question: Question, subject: Subject, issuer: str) -> Answer:
    """The answer for an entry of the list that is not certain: ask, with what would follow if the entry holds.

    The answer stays where the doubt does not matter: goods in transit, goods that cross no border, goods that the
    listing certainly leaves out, and a missing direction.
    """
    imported = _flow(question, issuer) == Flow.IMPORT
    doubts = doubts_that_matter(subject.open, subject.appendix, imported=imported)
    left_out = any(each.code in {"outside_annotation", "outside_exception"} for each in found.reasons)
    if not doubts or question.direction is None or not _crosses(question, issuer):
        return found
    if left_out and Open.ANNOTATION not in doubts:
        return found
    said = [Reason("ask_uncertain"), *(Reason(f"open_{each}") for each in doubts)]
    if found.decision == Decision.ASK:
        said += found.reasons
    elif Open.PAST_UNKNOWN in doubts:
        pass  # the entry is not of this day: nothing follows from it
    elif found.documents:
        kinds = ", ".join(dict.fromkeys(each.kind for each in found.documents))
        said.append(Reason("would_need", facts=(("documents", kinds),)))
    else:
        said.append(Reason("would_need_none" if found.decision == Decision.NONE else "would_be_prohibited"))
    return Answer(Decision.ASK, (), tuple(said), found.other_papers)


def with_direction(question: Question, issuer: str) -> Question:
    """The question with an export or import instead of a transit that begins or ends in our country.

    Goods in transit only pass through (Art. VII(1); Conf. 9.7).
    """
    if question.direction != Movement.TRANSIT:
        return question
    if question.destination == issuer:
        return replace(question, direction=Movement.IMPORT)
    begins = (question.exporting or question.origin) == issuer
    return replace(question, direction=Movement.EXPORT) if begins else question


def with_origin(question: Question, issuer: str) -> Question:
    """The question with the Appendix of its goods' country of origin, where the list splits the taxon by country.

    A transit that begins or ends here is an export or import (`with_direction`).

    Without an origin, or where the list leaves it open, the strictest Appendix counts and the others stay possible. Our
    country counts for an export of a taxon that lives here. No other country stands in: goods pass through several.
    """
    question = with_direction(question, issuer)
    subject, origin = question.subject, question.origin
    if subject is None or subject.population is None:
        return question
    ours = question.direction == Movement.EXPORT and lives_in(issuer, subject.population, subject.range_states)
    origin = origin or (issuer if ours else UNKNOWN)
    every = {subject.appendix, *subject.may_be}
    told = None if origin in OF_NO_COUNTRY else subject.population.of(origin)
    appendix = strictest_of(every) if told is None else told
    may_be = every - {appendix} if told is None else ()
    chosen = replace(subject, appendix=appendix, may_be=frozenset(may_be), population=None)
    is_open = told is None and origin not in OF_NO_COUNTRY
    return replace(question, subject=replace(chosen, origin_decides=told is not None, origin_open=is_open))


def _answer(question: Question, today: date, issuer: str) -> Answer:
    if question.subject is None:
        return _ask("unknown_taxon")
    if question.direction is None:
        return _ask("direction")
    if question.subject.broad and _crosses(question, issuer):
        return Answer(Decision.ASK, (), (Reason("ask_name_too_broad", facts=_strictest(question.subject)),))
    if _may_be_wild_form(question, question.subject) and _crosses(question, issuer):
        wild = ", ".join(question.subject.wild_forms)
        return Answer(Decision.ASK, (), (Reason("ask_wild_form", 0, "Art. II", (("wild", wild),)),))
    found = _completed(question, question.subject, today, issuer)
    if question.use != PERSONAL_EFFECTS or question.purpose is not None:
        return found
    claimed = _completed(replace(question, purpose=OWN_USE), question.subject, today, issuer)
    same = (found.decision, found.documents) == (claimed.decision, claimed.documents)
    return claimed if same or claimed.decision in {Decision.NONE, Decision.ASK} else found


def _may_be_wild_form(question: Question, subject: Subject) -> bool:
    """True for goods under the name of a domestic animal that are stated to be of a wild one."""
    source = _source(question, subject)
    return bool(subject.wild_forms) and is_of_wild_animal(source, question.term, question.purpose)


def _completed(question: Question, subject: Subject, today: date, issuer: str) -> Answer:
    """The answer that is right for every value of a missing source, purpose and term, or ask for the one that decides.

    It tries no purpose of own use: the rows treat it like science (S), except for a claim of personal effects.
    """
    missing = [name for name in ("source", "purpose", "term") if getattr(question, name) is None]
    if not missing:
        return _decide(question, today, issuer)
    whole = list(completions(question, subject, issuer))
    found = [_decide(each, today, issuer) for each in whole]
    first = found[0]
    if open_ := [name for name in missing if _decides(name, whole, found)]:
        return replace(_ask(*open_), other_papers=_common(each.other_papers for each in found))
    return replace(
        first,
        reasons=_common(each.reasons for each in found)
        or (() if first.documents else _all(each.reasons for each in found)),
        other_papers=_common(each.other_papers for each in found),
        allowance=first.allowance if question.term else None,
    )


def facts(question: Question, subject: Subject, issuer: str) -> Mapping[str, str]:
    """The facts that the rows test. Term, source and purpose must be given."""
    held = _allowed(question, subject)
    return {
        "flow": _flow(question, issuer),
        "appendix": APPENDIX_NAMES[subject.appendix],
        "mixed": _yes(bool(subject.may_be) and not _is_ours(question, subject, issuer)),
        "listed": _listed(question, subject, issuer),
        "source": _source(question, subject),
        "purpose": question.purpose or "",
        "kingdom": subject.kingdom,
        "live": _yes(question.term == LIVE),
        "trophy": _yes(question.term == TROPHY or question.purpose == HUNTING),
        "use": question.use,
        "abroad": question.abroad,
        "covered": _covered(held, question),
        "not_listed": _not_listed(subject),
        "coast": _yes(issuer not in LANDLOCKED),
        "hybrid": _yes(PLANT_HYBRID in subject.excepts),
    }


def _covered(held: PersonalAllowance | None, question: Question) -> str:
    if held is None:
        return "unlimited"
    if held.lacks_unit(question.quantity, question.unit):
        return "unit"
    return _yes(held.holds(question.quantity, question.unit))


def _not_listed(subject: Subject) -> str:
    """What decides that goods in Appendix 0 are not listed: the country of origin, the day, or the kind itself."""
    if subject.appendix != _NOT_LISTED:
        return ""
    if subject.origin_decides or subject.may_be:
        return "origin"
    return "day" if subject.listed_on_other_days else "kind"


def _decide(question: Question, today: date, issuer: str) -> Answer:
    """Decide one complete question.

    1. The source fits the kingdom.
    2. The annotation of the listing covers the goods.
    3. The first row that fits decides.
    4. Suspensions prohibit, or the Management Authority decides.
    5. Remarks follow: use, population, 21, 22, caviar.
    6. Wild goods may come from their country of origin.
    """
    subject = question.subject
    assert subject is not None
    known = facts(question, subject, issuer)
    papers = _papers(question, known)
    code = SOURCES.get(known["source"])
    listed = subject.appendix != _NOT_LISTED and _crosses(question, issuer)
    if listed and code and code.kingdom not in {None, subject.kingdom}:  # 1
        return replace(_ask("source_kingdom"), other_papers=papers)
    goods = _annotated(question, subject, known, issuer)
    coverage = covered(goods, today) if listed else Coverage(Covered.LISTED)  # 2
    if coverage.result == Covered.OUTSIDE:
        return Answer(Decision.NONE, (), tuple(_left_out(goods, coverage)), papers)
    found = _in_range(_by_rows(question, subject, known, today, issuer), question, subject, known, issuer)
    if coverage.result == Covered.ASK and found.decision != Decision.NONE:
        return Answer(Decision.ASK, (), tuple(_ask_annotation(goods, coverage, today)), papers)
    said = _on_form(goods, today) if listed and coverage.result == Covered.LISTED else None
    if said is None or (said == CULTIVAR_EXEMPT and not found.documents):
        return found
    return replace(found, reasons=(*found.reasons, Reason(said, 0, "Art. I(b)")))


def _on_form(goods: AnnotatedGoods, today: date) -> str | None:
    """The remark on the form of goods that are listed: the claimed form changes nothing, or a cultivar would."""
    if goods.form:
        return None if goods.form == OTHER else "form_no_exception"
    cultivar = covered(replace(goods, form=CULTIVAR), today).result
    return CULTIVAR_EXEMPT if cultivar == Covered.OUTSIDE else None


def _by_rows(question: Question, subject: Subject, known: Mapping[str, str], today: date, issuer: str) -> Answer:
    """Steps 3 to 5 of `_decide`."""
    papers = _papers(question, known)
    row = next((each for each in ROWS if all(known[fact] in may for fact, may in each.when.items())), None)  # 3
    if row is None:
        return replace(_ask("no_row"), other_papers=papers)
    documents = tuple(_document(each, question, issuer) for each in row.documents)
    reasons = [Reason(each, row.number, row.article) for each in row.reasons]
    restricted = known["flow"] != Flow.RETURN  # goods that come back left already
    found = list(_suspensions(question, subject, documents, known, today, issuer)) if restricted else []
    if stopped := tuple(each for each in found if each.code == "suspended"):  # 4
        return Answer(Decision.PROHIBITED, (), stopped)
    if found:
        return Answer(Decision.ASK, (), tuple(dict.fromkeys(found)), papers)
    reasons += _remarks(row, question, subject, known, documents)  # 5
    if row.decision == Decision.PROHIBITED:
        return Answer(Decision.PROHIBITED, (), tuple(reasons))
    turned_down = _not_personal(row, known) if question.use == PERSONAL_EFFECTS else ""
    believed = question.use == PERSONAL_EFFECTS and turned_down in {"", ABOVE_ALLOWANCE}
    held = _allowed(question, subject) if believed else None
    if documents and STURGEONS in subject.groups and question.term in CAVIAR:
        reasons += (Reason(each, None, "Conf. 12.7") for each in _caviar(known["flow"]))
    return Answer(row.decision, documents, tuple(reasons), papers, held)


def _in_range(
    found: Answer, question: Question, subject: Subject, known: Mapping[str, str], issuer: str
) -> Answer:  # 6
    """The answer for wild goods: ask where the taxon certainly does not live, a remark where it is not recorded."""
    if found.decision != Decision.DOCUMENTS or known["flow"] == Flow.RETURN:
        return found
    origin = _origin(question, known["flow"], issuer)
    result = compare_range(
        known["source"], origin, subject.range_states, sure=subject.range_sure, introduced=subject.introduced
    )
    if result == RangeResult.FAR:
        return Answer(Decision.ASK, (), (Reason("ask_out_of_range", facts=(("origin", origin),)),), found.other_papers)
    if result == RangeResult.OUTSIDE:
        return replace(found, reasons=(*found.reasons, Reason("range", facts=(("origin", origin),))))
    return found


def _crosses(question: Question, issuer: str) -> bool:
    """True if the goods cross a border of ours and do not only pass through."""
    return _flow(question, issuer) not in {Flow.TRANSIT, Flow.INLAND}


def _annotated(question: Question, subject: Subject, known: Mapping[str, str], issuer: str) -> AnnotatedGoods:
    """The goods as an annotation judges them."""
    return AnnotatedGoods(
        symbol=symbol_for(subject.appendix, subject.symbol),
        excepts=subject.excepts,
        taxon=subject.name,
        family=subject.family,
        term=question.term or "",
        form=question.form or "",
        origin=_origin(question, known["flow"], issuer),
        source=known["source"],
        purpose=question.purpose or "",
        quantity=question.quantity,
        unit=question.unit,
    )


def _origin(question: Question, flow: str, issuer: str) -> str:
    """The country of origin, which is ours for an export without another one, or "" if not known."""
    return question.origin or (issuer if flow == Flow.EXPORT else "")


def _left_out(goods: AnnotatedGoods, coverage: Coverage) -> Iterator[Reason]:
    if goods.symbol and not coverage.why.startswith(_EXCEPTION_WHYS):
        yield Reason("outside_annotation", 0, "Art. I(b)", (("symbol", goods.symbol), ("as_of", AS_OF)))
    else:
        yield Reason("outside_exception", 0, "Art. I(b)")
    yield Reason(f"annotation_{coverage.why}")


def _ask_annotation(goods: AnnotatedGoods, coverage: Coverage, today: date) -> Iterator[Reason]:
    if coverage.why == "form":
        yield Reason("ask_form", facts=(("forms", " ".join(form_needed(goods, today))),))
    elif coverage.why in MISSING:
        yield Reason(f"ask_{coverage.why}")
    else:
        yield Reason("ask_annotation", 0, "Art. I(b)")
        yield Reason(f"annotation_{coverage.why}")


def _flow(question: Question, issuer: str) -> Flow:
    origin, direction = question.origin, question.direction
    if direction == Movement.SEA and issuer in LANDLOCKED and question.exporting:
        return Flow.IMPORT  # the goods landed in another State, which exports them
    if direction in {Movement.TRANSIT, Movement.SEA, Movement.RETURN}:
        return Flow(direction)
    if direction in {Movement.EXPORT, Movement.REEXPORT} and question.destination == issuer:
        return Flow.INLAND
    if direction == Movement.EXPORT:
        return Flow.REEXPORT if origin not in {None, issuer, FROM_THE_SEA} else Flow.EXPORT
    if direction == Movement.REEXPORT:
        return Flow.REEXPORT
    again = origin not in {None, FROM_THE_SEA} and question.exporting and origin != question.exporting
    return Flow.IMPORT_AGAIN if again else Flow.IMPORT


def _source(question: Question, subject: Subject) -> str:
    if question.pre_convention or question.source == "O":
        return "O"
    if subject.kingdom == PLANT:  # the registration of a nursery is voluntary (Conf. 9.19)
        return question.source or ""
    if question.registered and subject.appendix == APPENDIX_I and question.source in {"C", "A"}:
        return "D"
    if question.registered is False and question.source == "D":
        return "C"
    return question.source or ""


def _listed(question: Question, subject: Subject, issuer: str) -> str:
    if _leaves(question, issuer):
        return "here" if issuer in subject.listed_by else "elsewhere"
    exporting = _exporting(question, issuer)
    if exporting is None or not subject.listed_by:
        return "unknown"
    return "exporting" if exporting in subject.listed_by else "elsewhere"


def _exporting(question: Question, issuer: str) -> str | None:
    """The country that goods come from, or None if it is not given."""
    country = question.exporting or question.origin
    return None if country in {None, issuer, *OF_NO_COUNTRY} else country


def _leaves(question: Question, issuer: str) -> bool:
    return _flow(question, issuer) in {Flow.EXPORT, Flow.REEXPORT}


def _allowed(question: Question, subject: Subject) -> PersonalAllowance | None:
    # Conf. 13.7 has limits for Appendix II only.
    return allowance(subject.groups, question.term) if subject.appendix == APPENDIX_II else None


def _document(wanted: RequiredDocument, question: Question, issuer: str) -> Document:
    by = wanted.by
    country = {
        HERE: issuer,
        DESTINATION: question.destination,
        EXPORTING: _exporting(question, issuer),
        HOLDER: question.based,
    }[by]
    return Document(wanted.kind, country or by, wanted.why, wanted.article, wanted.alternatives, country in NON_PARTIES)


def _suspensions(  # noqa: PLR0913 - the movement, its goods and documents, and the day
    question: Question,
    subject: Subject,
    documents: tuple[Document, ...],
    known: Mapping[str, str],
    today: date,
    issuer: str,
) -> Iterator[Reason]:
    """The suspensions of these goods: `suspended`, or what has to be asked."""
    origin = _origin(question, known["flow"], issuer)
    left = _left_origin(question, origin, known["flow"], today)
    for rule in subject.restrictions:
        found = {
            rule.applies(
                RestrictedGoods(each.kind, known["source"], known["purpose"], origin, question.term or "", left), today
            )
            for each in documents
        }
        said = (("since", rule.since.isoformat()), ("reason", rule.reason), ("source", rule.source))
        if Applies.STOP in found:
            yield Reason("suspended", facts=said)
        elif Applies.ASK in found:
            yield Reason("ask_suspended", facts=said)
        elif Applies.ASK_ORIGIN in found:
            yield Reason("ask_origin")
        elif Applies.ASK_EXPORTED_ON in found:
            yield Reason("ask_exported_before", facts=said)


def _left_origin(question: Question, origin: str, flow: str, today: date) -> date | None:
    """The day on which the goods left their country of origin, or None if it is not known.

    Goods that come from there now leave it on the day of the question. Without a known country no day counts.
    """
    if origin in OF_NO_COUNTRY:
        return None
    return today if flow in {Flow.EXPORT, Flow.IMPORT} else question.exported_on


def _remarks(
    row: Row, question: Question, subject: Subject, known: Mapping[str, str], documents: tuple[Document, ...]
) -> Iterator[Reason]:
    if any(each.issued_by == HOLDER for each in documents):
        yield Reason("holder_unknown", row.number, row.article)
    if question.use == PERSONAL_EFFECTS:
        if why := _not_personal(row, known):
            yield Reason(why, _ROWS_OF[PERSONAL_EFFECTS][0], "Conf. 13.7" if why == ABOVE_ALLOWANCE else "")
    elif question.use and row.number not in _ROWS_OF[question.use] and row.number != 0:
        yield Reason(f"not_{question.use}", _ROWS_OF[question.use][0])
    if subject.may_be and known["mixed"] == "yes" and row.number != 0:
        yield Reason("population", 0, "Art. I(a)")
    seized = known["source"] == "I" and row.number != PRE_CONVENTION
    if documents and known["flow"] != Flow.RETURN and (question.purpose == FORENSIC or seized):
        yield Reason("authority_decides", CONFISCATED)
    if any(each.comparable for each in documents):
        yield Reason("non_party", NON_PARTY, "Art. X; Conf. 9.5")


def _not_personal(row: Row, known: Mapping[str, str]) -> str:
    """Code of the reason why the row turns a claim of personal effects down, or ""."""
    if row.number in {0, *_ROWS_OF[PERSONAL_EFFECTS]}:
        return ""
    grounds = {
        "not_personal_effects": "yes" in {known["live"], known["trophy"]},
        "personal_purpose": known["purpose"] not in {OWN_USE, HUNTING},
        ABOVE_ALLOWANCE: known["covered"] == "no",
        "personal_i_abroad": known["appendix"] == "I" and known["abroad"] == "yes",
    }
    return next((code for code, holds in grounds.items() if holds), "")


def _caviar(flow: str) -> Iterator[str]:
    if flow != Flow.RETURN:
        yield "caviar_labels"
    if flow in {Flow.EXPORT, Flow.REEXPORT}:
        yield "caviar_registered"
    if flow in {Flow.REEXPORT, Flow.IMPORT_AGAIN}:
        yield "caviar_18_months"


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
    leaves = known["flow"] in {Flow.EXPORT, Flow.REEXPORT}
    papers = {
        "eaeu": leaves and question.destination not in EAEU,
        "veterinary": known["kingdom"] != PLANT and known["flow"] != Flow.INLAND,
        "phytosanitary": known["kingdom"] == PLANT and known["flow"] != Flow.INLAND,
        "hunting": known["flow"] == Flow.EXPORT and known["trophy"] == "yes" and known["source"] != "O",
        "destination": leaves,
    }
    return tuple(name for name, asked in papers.items() if asked)


def completions(question: Question, subject: Subject, issuer: str) -> Iterator[Question]:
    """The question with every value of its missing source, purpose and term that the rules tell apart.

    Goods with the form `domestic` get no value of a wild animal, such as source W.
    """
    unlikely = {"O"} if subject.appendix == 1 else {"O", "D"}  # a question without a source means none of these
    sources = [c for c, each in SOURCES.items() if c not in unlikely and each.kingdom in {None, subject.kingdom}]
    purposes: tuple[str, ...] = _PURPOSES
    terms = _terms(question, subject, issuer)
    if question.form == DOMESTIC and "domesticated" in subject.excepts:
        sources = [each for each in sources if not is_of_wild_animal(each, None, None)]
        purposes = tuple(each for each in purposes if not is_of_wild_animal(None, None, each))
        terms = tuple(each for each in terms if not is_of_wild_animal(None, each, None))
    choices = product(
        [question.source] if question.source else sources,
        [question.purpose] if question.purpose else purposes,
        [question.term] if question.term else terms,
    )
    for source, purpose, term in choices:
        yield replace(question, source=source, purpose=purpose, term=term)


def _terms(question: Question, subject: Subject, issuer: str) -> tuple[str, ...]:
    """Terms that the rows, the suspensions and the annotation tell apart."""
    goods = _annotated(question, subject, {"flow": _flow(question, issuer), "source": ""}, issuer)
    suspended = (min(rule.terms) for rule in subject.restrictions if rule.terms)
    return tuple(dict.fromkeys((*_TERMS, *suspended, *deciding_terms(goods))))


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


def _all[T](several: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """The elements that any of them has, once each."""
    return tuple(dict.fromkeys(each for one in several for each in one))


def _ask(*codes: str) -> Answer:
    return Answer(Decision.ASK, (), tuple(Reason(f"ask_{code}") for code in codes))


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
