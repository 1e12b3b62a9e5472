"""Which documents are needed, over HTTP, for anybody: the table's answer in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chalicelib import requirement_words as words
from chalicelib import tables
from chalicelib.core.codes import KINDS
from chalicelib.core.permit import APPENDIX_NAMES
from chalicelib.core.requirements import Answer
from chalicelib.core.taxon import Restriction
from chalicelib.edges import requirement_models as models
from chalicelib.edges.blueprint import Blueprint, Call
from chalicelib.services import tell_requirements

if TYPE_CHECKING:
    from chalicelib.services.hold_species import SpeciesDeps

blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route("/v1/requirements", public=True, query=models.RequirementsQuery, returns="Requirements")
def requirements(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """Which documents a movement needs, who gives them, why and by which Article; what else may be asked for.
    `ask`: something was not said that decides it, or a person has to. Other papers are never checked by Tamga."""
    today = call.office.stage.today(call.now)
    told = tell_requirements.tell(
        call.query.species, call.query.question(), listing=call.office.listing, stricter=tables.stricter_abroad(),
        today=today, issuer=call.office.stage.issuer,
    )  # fmt: skip
    taxon, language = told.taxon, call.language
    return {
        "species": taxon
        and {"scientific_name": taxon.scientific_name, "appendix": APPENDIX_NAMES[taxon.appendix],
             "annotation": taxon.annotation},
        **shown(told.answer, language, call.office.listing.restrictions),
        "findings": list(told.findings),
        "stricter_abroad": [{"needs": each.needs, "source": each.source} for each in told.stricter],
        "day": today.isoformat(),
        "as_of": call.office.listing.as_of,
    }  # fmt: skip


def shown(answer: Answer, language: str, stops: Iterable[Restriction]) -> dict[str, Any]:
    """The same members as web/core/requirements.js, with their words."""
    held = answer.allowance
    return {
        "decision": answer.decision,
        "documents": [
            {
                "kind": each.kind,
                "name": getattr(KINDS[each.kind], language, "") or KINDS[each.kind].en,
                "issued_by": each.issued_by,
                "why": words.why(each, language),
                "why_code": each.why,
                "article": each.article,
                "alternatives": list(each.alternatives),
                "comparable": each.comparable,
            }
            for each in answer.documents
        ],
        "other_papers": [
            {"kind": name, "text": words.paper(name, language), "checked": words.paper("not_checked", language)}
            for name in answer.other_papers
        ],
        "reasons": [
            {"code": each.code, "row": each.row, "article": each.article, "facts": dict(each.facts),
             "text": words.reason(each, language, stops)}
            for each in answer.reasons
        ],
        "allowance": held
        and {"code": held.code, "most": held.most, "unit": held.unit, "text": words.allowance(held, language)},
    }  # fmt: skip
