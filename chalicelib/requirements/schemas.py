"""Request and response about the documents that goods need.

Only the species is required. An empty value counts as not given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypedDict

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo, WithJsonSchema

from chalicelib.http.answers import Anything, Day
from chalicelib.http.requests import Model
from chalicelib.kernel import codes, countries, days
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.requirements import services
from chalicelib.requirements.model.importers import Confidence, ImporterRule, Need
from chalicelib.requirements.model.requirements import DIRECTIONS, USES, Answer, Question
from chalicelib.requirements.model.table import Decision
from chalicelib.species.model.annotation_rules import FORMS, OTHER
from chalicelib.species.model.listing import Restriction

SHORT = 20  # longest table whose codes a refusal lists


def _code(known: Iterable[str]) -> Any:
    table = tuple(known)

    def check(value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and value not in table:
            shown = ": " + ", ".join(table) if len(table) <= SHORT else ", which the API description lists"
            raise ValueError(f"one of the codes for {info.field_name}{shown}")
        return value

    return Annotated[str | None, BeforeValidator(_said), AfterValidator(check), WithJsonSchema({"enum": list(table)})]


def _said(value: object) -> object:
    return None if value == "" else value


def _quantity(value: str | None) -> str | None:
    if value is not None and not QUANTITY.fullmatch(value):
        raise ValueError("a quantity above 0, such as 2 or 0.125")
    return value


def _day(value: str | None) -> str | None:
    if value is not None and days.day(value) is None:
        raise ValueError("a day, such as 2026-03-05")
    return value


Flag = Annotated[Literal["true", "false"] | None, BeforeValidator(_said)]

Amount = Annotated[str | None, BeforeValidator(_said), AfterValidator(_quantity)]

DayGiven = Annotated[
    str | None, BeforeValidator(_said), AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]


class RequirementsQuery(Model):
    """A movement of goods.

    `exporting`: the country that the goods come from now, if it is not their origin. `use`: the exemption that is
    claimed. `registered_operation`: the breeder is in the CITES register. `acquired_abroad`: the owner acquired
    personal effects outside the country where they live. `quantity`, `unit`: for the allowances of personal effects and
    for finished wood. `on`: the day of the movement, instead of today. `based`: the country where the owner lives, or
    where the exhibition or collection is based. `form`: the state of the goods that an annotation names, `other` for
    none of them. `exported_on`: the day on which the goods left their country of origin.
    """

    species: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    direction: _code(DIRECTIONS) = None  # type: ignore[valid-type]
    term: _code(codes.TERMS) = None  # type: ignore[valid-type]
    source: _code(codes.SOURCES) = None  # type: ignore[valid-type]
    purpose: _code(codes.PURPOSES) = None  # type: ignore[valid-type]
    origin: _code(countries.ORIGINS) = None  # type: ignore[valid-type]
    exporting: _code(countries.COUNTRIES) = None  # type: ignore[valid-type]
    destination: _code(countries.COUNTRIES) = None  # type: ignore[valid-type]
    pre_convention: Flag = None
    registered_operation: Flag = None
    acquired_abroad: Flag = None
    use: _code(USES) = None  # type: ignore[valid-type]
    quantity: Amount = None
    unit: _code(codes.UNITS) = None  # type: ignore[valid-type]
    on: DayGiven = None
    based: _code(countries.COUNTRIES) = None  # type: ignore[valid-type]
    form: _code((*FORMS, OTHER)) = None  # type: ignore[valid-type]
    exported_on: DayGiven = None

    def question(self) -> Question:
        """The question without its subject, which comes from the species list."""
        abroad = {"true": "yes", "false": "no"}.get(self.acquired_abroad or "", "unknown")
        return Question(
            subject=None,
            direction=self.direction,
            term=self.term,
            source=self.source,
            purpose=self.purpose,
            origin=self.origin,
            exporting=self.exporting,
            destination=self.destination,
            pre_convention=_flag(self.pre_convention),
            registered=_flag(self.registered_operation),
            use=self.use or "",
            abroad=abroad,
            quantity=self.quantity,
            unit=self.unit,
            on=days.day(self.on),
            based=self.based,
            form=self.form,
            exported_on=days.day(self.exported_on),
        )


def _flag(text: str | None) -> bool | None:
    return None if text is None else text == "true"


class FoundSpecies(TypedDict):
    """The entry that was judged, as of when and on what basis.

    `in_force`: the day from which its Appendix is in force. `checked`: the day on which it was last compared with a
    second source, "" if it was not. `open`: codes of the reasons why it is not certain.
    """

    scientific_name: str
    appendix: str
    annotation: str
    symbol: str
    in_force: str
    checked: str
    basis: str
    open: list[str]


class NeededDocument(TypedDict):
    kind: DocumentKind
    name: str
    issued_by: str
    why: str
    why_code: str
    article: str
    alternatives: list[DocumentKind]
    comparable: bool


class OtherPaper(TypedDict):
    kind: str
    text: str
    checked: str


class RequirementReason(TypedDict):
    code: str
    row: int | None
    article: str
    facts: Anything
    text: str


class Allowance(TypedDict):
    """The allowance of personal effects that applies."""

    code: str
    most: str
    unit: str
    text: str


class StricterAbroad(TypedDict):
    """What the importing country also asks for. It is advice: ask that country.

    `annex`: that of the country's own law, or "". `text`: in the reader's language if the table has it, else in
    Russian for Uzbek, else in English. `confidence`: seen (read in the law), known, or known_not_firm. `as_of`: the day
    on which the rule was written down.
    """

    country: str
    annex: str
    needs: Need
    text: str
    source: str
    confidence: Confidence
    as_of: str


class NeededDocuments(TypedDict):
    """The table's answer, without what the species list adds."""

    decision: Decision
    documents: list[NeededDocument]
    other_papers: list[OtherPaper]
    reasons: list[RequirementReason]
    allowance: Allowance | None


class Requirements(NeededDocuments):
    """The documents that a movement needs: all of them.

    `alternatives` serve instead of one. `issued_by`: a country, or `exporting`, `destination`, `holder` if none was
    given. `findings_open`: missing facts that decide whether further findings are required. `near`: names that an
    unknown name may mean. `day`: the day that was judged. `in_force`: the day of the Appendices, and `checked` the day
    on which the list was last compared with its sources.
    `comparable`: a comparable document of a State outside CITES (Art. X).
    """

    species: FoundSpecies | None
    findings: list[str]
    findings_open: list[str]
    near: list[str]
    stricter_abroad: list[StricterAbroad]
    day: Day
    as_of: str
    in_force: str
    checked: str


ANSWERS: Mapping[str, Any] = {"Requirements": Requirements}


def answer_json(answer: Answer, language: str, stops: Iterable[Restriction]) -> NeededDocuments:
    """JSON of the answer, with the same members as in web/core/requirements.js and their texts."""
    held = answer.allowance
    return {
        "decision": answer.decision,
        "documents": [
            {
                "kind": each.kind,
                "name": getattr(KINDS[each.kind], language, "") or KINDS[each.kind].en,
                "issued_by": each.issued_by,
                "why": services.why(each, language),
                "why_code": each.why,
                "article": each.article,
                "alternatives": list(each.alternatives),
                "comparable": each.comparable,
            }
            for each in answer.documents
        ],
        "other_papers": [
            {
                "kind": name,
                "text": services.paper(name, language),
                "checked": services.paper("not_checked", language),
            }
            for name in answer.other_papers
        ],
        "reasons": [
            {
                "code": each.code,
                "row": each.row,
                "article": each.article,
                "facts": dict(each.facts),
                "text": services.reason(each, language, stops),
            }
            for each in answer.reasons
        ],
        "allowance": {
            "code": held.code,
            "most": held.most,
            "unit": held.unit,
            "text": services.allowance(held, language),
        }
        if held
        else None,
    }


def importers_json(rules: Iterable[ImporterRule], country: str, language: str) -> list[StricterAbroad]:
    """JSON of what the country of destination also asks for."""
    return [
        {
            "country": country,
            "annex": each.annex,
            "needs": each.needs,
            "text": services.importer_text(each, language),
            "source": each.source,
            "confidence": each.confidence,
            "as_of": each.as_of,
        }
        for each in rules
    ]
