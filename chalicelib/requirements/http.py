"""Required documents over HTTP, for anybody: the table's answer in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.requirements import schemas as requirements_schemas
from chalicelib.requirements import services as requirements_services
from chalicelib.requirements.model.requirements import Answer
from chalicelib.requirements.schemas import NeededDocuments, Requirements
from chalicelib.species.model.listing import Restriction

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route("/v1/requirements", public=True, query=requirements_schemas.RequirementsQuery, returns="Requirements")
def requirements(call: Call[SpeciesDeps]) -> Requirements:
    """List the documents that a movement needs, with issuer, reason and Article, and other papers that may be required.

    `ask`: a fact that decides it is missing, or a person has to decide. Tamga never checks the other papers.
    """
    found = requirements_services.find_requirements(
        call.query.species,
        call.query.question(),
        listing=call.deps.listing,
        today=call.deps.stage.today(call.now),
        issuer=call.deps.stage.issuer,
    )
    taxon, listing, language = found.taxon, found.listing, call.language
    return {
        "species": {
            "scientific_name": taxon.scientific_name,
            "appendix": APPENDIX_NAMES[taxon.appendix],
            "annotation": taxon.annotation,
            "symbol": taxon.symbol,
            "in_force": taxon.since or taxon.as_of,
            "checked": taxon.checked,
            "basis": taxon.basis or taxon.source,
            "open": sorted(taxon.open),
        }
        if taxon
        else None,
        "stricter_abroad": [
            {
                "country": call.query.destination,
                "annex": each.annex,
                "needs": each.needs,
                "text": requirements_services.importer_text(each, language),
                "source": each.source,
                "confidence": each.confidence,
                "as_of": each.as_of,
            }
            for each in found.importers
        ],
        **answer_json(found.answer, language, listing.restrictions),
        "findings": list(found.findings),
        "findings_open": list(found.findings_open),
        "near": list(found.near),
        "day": found.day.isoformat(),
        "as_of": listing.as_of,
        "in_force": listing.in_force,
        "checked": listing.checked,
    }


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
                "why": requirements_services.why(each, language),
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
                "text": requirements_services.paper(name, language),
                "checked": requirements_services.paper("not_checked", language),
            }
            for name in answer.other_papers
        ],
        "reasons": [
            {
                "code": each.code,
                "row": each.row,
                "article": each.article,
                "facts": dict(each.facts),
                "text": requirements_services.reason(each, language, stops),
            }
            for each in answer.reasons
        ],
        "allowance": {
            "code": held.code,
            "most": held.most,
            "unit": held.unit,
            "text": requirements_services.allowance(held, language),
        }
        if held
        else None,
    }
