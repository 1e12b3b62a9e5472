"""The species list over HTTP: names, Appendix and kingdom as they stand today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.core.errors import NoMatch
from chalicelib.edges import models
from chalicelib.edges.blueprint import Blueprint, Call
from chalicelib.services import tell_species

if TYPE_CHECKING:
    from chalicelib.services.hold_species import SpeciesDeps

blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route("/v1/species", public=True, query=models.SpeciesQuery, returns="SpeciesList")
def search(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """Entries with a name like this, the best first: Latin, English, Russian, Kyrgyz, in either script.
    Forgives slips where nothing fits exactly. `found_by`: the name found, `accepted_name`: what is printed."""
    listing = call.office.listing
    return {
        "items": [tell_species.told(each.taxon, listing, found_by=each.name) for each in listing.search(call.query.q)],
        "cursor": None,
        "as_of": listing.as_of,
        "version": listing.version,
    }


@blueprint.route("/v1/species/{species_id}", public=True, returns="Species")
def one(call: Call[SpeciesDeps], species_id: str) -> dict[str, Any]:
    """One species: its id is a scientific name in lower case with hyphens, `falco-cherrug`; a synonym's leads to it."""
    listing = call.office.listing
    found = listing.by_id(species_id)
    if found is None:
        raise NoMatch("The list has no such species.")
    return tell_species.told(found.taxon, listing, found_by=found.name)
