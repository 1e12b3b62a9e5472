"""The species list over HTTP: names, Appendix and kingdom as they stand today."""

from __future__ import annotations

from typing import Any

from chalicelib.core.errors import NoMatch
from chalicelib.core.listing import Taxon
from chalicelib.core.permit import APPENDIX_NAMES
from chalicelib.edges import models
from chalicelib.edges.blueprint import Blueprint, Call

blueprint = Blueprint(__name__)


@blueprint.route("/v1/species", public=True, query=models.SpeciesQuery, returns="SpeciesList")
def search(call: Call) -> dict[str, Any]:
    """Species and genera whose scientific or common name has the words in it."""
    found = call.office.listing.search(call.query.q)
    return {"items": [_shown(taxon) for taxon in found], "cursor": None, "as_of": call.office.listing.as_of}


@blueprint.route("/v1/species/{species_id}", public=True, returns="Species")
def one(call: Call, species_id: str) -> dict[str, Any]:
    """One species: its id is the scientific name in lower case with hyphens, `falco-cherrug`."""
    taxon = call.office.listing.find(species_id.replace("-", " "))
    if taxon is None:
        raise NoMatch("The list has no such species.")
    return _shown(taxon)


def _shown(taxon: Taxon) -> dict[str, Any]:
    return {
        "id": taxon.scientific_name.lower().replace(" ", "-"),
        "scientific_name": taxon.scientific_name,
        "accepted_name": taxon.scientific_name,
        "rank": taxon.rank,
        "appendix": APPENDIX_NAMES[taxon.appendix],
        "kingdom": taxon.kingdom,
        "class": taxon.class_name,
        "order": taxon.order,
        "family": taxon.family,
        "synonyms": list(taxon.synonyms),
        "annotation": taxon.annotation,
        "names": dict(taxon.names),
        "source": taxon.source,
        "as_of": taxon.as_of,
    }
