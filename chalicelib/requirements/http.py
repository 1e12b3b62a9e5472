"""Required documents over HTTP, for anybody: the table's answer in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.kernel.codes import APPENDIX_NAMES
from chalicelib.requirements import schemas as requirements_schemas
from chalicelib.requirements import services as requirements_services
from chalicelib.requirements.schemas import Requirements, answer_json, importers_json

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
        "stricter_abroad": importers_json(found.importers, call.query.destination or "", language),
        **answer_json(found.answer, language, listing.restrictions),
        "findings": list(found.findings),
        "findings_open": list(found.findings_open),
        "near": list(found.near),
        "day": found.day.isoformat(),
        "as_of": listing.as_of,
        "in_force": listing.in_force,
        "checked": listing.checked,
    }
