"""Which documents a movement of goods needs, for a name as somebody wrote it: the list's entry, then the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chalicelib.core import findings, requirement_rows, requirements
from chalicelib.core.allowances import ALLOWANCES
from chalicelib.core.codes import SOURCES, UNITS
from chalicelib.core.listing import Listing
from chalicelib.core.named import Named, named
from chalicelib.core.permit import Application, Line
from chalicelib.core.requirement_rows import Stricter
from chalicelib.core.requirements import Answer, Question, Subject
from chalicelib.core.taxon import Taxon


@dataclass(frozen=True, slots=True)
class Told:
    """`findings`: what the authorities here will have to find for our own document; `stricter`: known of abroad."""

    taxon: Taxon | None
    answer: Answer
    findings: tuple[str, ...]
    stricter: tuple[Stricter, ...]


def tell(
    name: str, asked: Question, *, listing: Listing, stricter: Iterable[Stricter], today: date, issuer: str
) -> Told:
    """The answer to `asked`, whose `subject` is still open, for the taxon of this name.

    `name`: Latin (of a genus or a hybrid the strictest taxon in it counts, `core/named.py`), an id with hyphens, or a
    common name that only one taxon has.
    """
    goods = named(name, listing)
    if not goods.taxa and (meant := listing.find(name.replace("-", " ")) or _commonly(name, listing)):
        goods = named(meant.scientific_name, listing)
    if len(goods.taxa) > 1 and (origin := asked.origin or (issuer if asked.direction == "export" else asked.exporting)):
        goods = goods.of(origin)
    taxon = goods.strictest
    question = replace(asked, subject=subject_of(taxon, goods, listing) if taxon else None)
    answer = requirements.answer(question, today=today, issuer=issuer)
    abroad = (each for each in stricter if taxon and _speaks_of(each, taxon, question))
    return Told(taxon, answer, _findings(question, answer, issuer), tuple(abroad))


def for_devices(stricter: Iterable[Stricter]) -> Mapping[str, Any]:
    """The tables as web/core/requirements.js reads them; `factors`: unit -> what it is counted in, how much one is."""
    return {
        "rows": [
            {"number": row.number, "decision": row.decision, "article": row.article, "reasons": list(row.reasons),
             "when": {fact: sorted(values) for fact, values in row.when.items()},
             "documents": [{"kind": each.kind, "by": each.by, "why": each.why, "article": each.article,
                            "alternatives": list(each.alternatives)} for each in row.documents]}
            for row in requirement_rows.ROWS
        ],
        "non_parties": sorted(requirement_rows.NON_PARTIES),
        "eaeu": sorted(requirement_rows.EAEU),
        "kingdoms": {source.code: source.kingdom for source in SOURCES.values()},
        "allowances": [
            {"code": each.code, "groups": sorted(each.groups), "terms": sorted(each.terms), "most": each.most,
             "unit": each.unit}
            for each in ALLOWANCES
        ],
        "factors": {unit.code: [unit.base, f"{unit.factor:f}"] for unit in UNITS.values()},
        "stricter": [
            {"taxon": each.taxon, "countries": sorted(each.countries), "terms": sorted(each.terms),
             "needs": each.needs, "source": each.source}
            for each in stricter
        ],
    }  # fmt: skip


def _commonly(name: str, listing: Listing) -> Taxon | None:
    """The taxon that this is a whole common name of, if there is one alone."""
    wanted = " ".join(name.casefold().split())
    found = {each.taxon.scientific_name: each.taxon for each in listing.search(name) if each.name.casefold() == wanted}
    return next(iter(found.values())) if len(found) == 1 else None


def subject_of(taxon: Taxon, goods: Named, listing: Listing) -> Subject:
    """`taxon`: the strictest of the goods."""
    genus = taxon.scientific_name.split()[0]
    return Subject(
        appendix=taxon.appendix,
        kingdom=taxon.kingdom,
        may_be=taxon.may_be,
        listed_by=taxon.listed_by,
        groups=frozenset({genus, taxon.family, taxon.order} - {""}),
        restrictions=goods.restricted(listing),
        deciding=goods.deciding,
        population=taxon.population if len(goods.taxa) == 1 else None,
    )


def _findings(question: Question, answer: Answer, issuer: str) -> tuple[str, ...]:
    """As the first of our own documents will need them."""
    ours = next((each for each in answer.documents if each.issued_by == issuer), None)
    if ours is None or question.subject is None:
        return ()
    subject = requirements.placed(question, issuer).subject or question.subject
    known = requirements.facts(question, subject, issuer)
    line = Line(appendix=subject.appendix, source=known["source"] or None, term=question.term)
    application = Application(document_type=ours.kind, lines=(line,))
    return tuple(each.kind for each in findings.findings_needed(application))


def _speaks_of(each: Stricter, taxon: Taxon, question: Question) -> bool:
    names = (taxon.scientific_name, *taxon.synonyms)
    named = any(name == each.taxon or name.startswith(f"{each.taxon} ") for name in names)
    return (
        named
        and question.direction in {"export", "reexport"}
        and question.destination in each.countries
        and (not each.terms or question.term in each.terms)
    )
