"""Routes of the species list: search and entries for the public, and new lists for the ministry.

A new list takes two people, because one uploads it, and another reads what it changes and puts it in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.http.blueprint import GZIP, Blueprint, Call
from chalicelib.http.requests import Nothing
from chalicelib.kernel import days
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch
from chalicelib.kernel.files import FILE_CAP
from chalicelib.kernel.text import csv_row
from chalicelib.species import schemas as species_schemas
from chalicelib.species.model.upload import Upload
from chalicelib.species.schemas import (
    Species,
    SpeciesList,
    SpeciesListChange,
    SpeciesListDecision,
    SpeciesListHead,
    SpeciesListProposed,
    SpeciesLists,
    UploadQuery,
    list_json,
    taxon_json_with_terms,
)
from chalicelib.species.services import list_in_use, propose_list
from chalicelib.species.services.propose_list import ListHead, ListState

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)

ONE = "/v1/species-lists/{digest}"


@blueprint.route("/v1/species", public=True, query=species_schemas.SpeciesQuery, returns="SpeciesList")
def search(call: Call[SpeciesDeps]) -> SpeciesList:
    """Search the species list by name, best match first.

    Names may be Latin, English, French, Russian or Kyrgyz, in either script. Misspelled names match only where no name
    fits exactly. `found_by` is the name that matched, `accepted_name` the name to print.
    """
    listing = call.deps.listing
    return {
        "items": [
            taxon_json_with_terms(each.taxon, listing, found_by=each.name) for each in listing.search(call.query.q)
        ],
        "cursor": None,
        "as_of": listing.as_of,
        "in_force": listing.in_force,
        "checked": listing.checked,
        "version": listing.version,
    }


@blueprint.route("/v1/species/{species_id}", public=True, query=species_schemas.DayQuery, returns="Species")
def one(call: Call[SpeciesDeps], species_id: str) -> Species:
    """Show one species of the list, today or on another day.

    `species_id` is a scientific name in lower case with hyphens, for example `falco-cherrug`. The id of a synonym leads
    to the accepted entry. `on`: the day, past or coming; `open` says where the list does not know it.
    """
    listing = call.deps.listing
    if call.query.on is not None:
        day = days.day(call.query.on)
        if day is None:
            raise Invalid(FieldError("on", "date", "Must be an existing day, as YYYY-MM-DD."))
        listing = listing.on(day)
    found = listing.by_id(species_id)
    if found is None:
        raise NoMatch("The species list has no such species.")
    return taxon_json_with_terms(found.taxon, listing, found_by=found.name)


SHOWN = 200  # changes of one kind in an answer; the CSV of the changes has all


@blueprint.route("/v1/species-lists", returns="SpeciesLists", may="species_lists")
def list_versions(call: Call[SpeciesDeps]) -> SpeciesLists:
    """Show the species list in use, the proposed list with its changes, and the lists put in use before.

    `proposed` is the list that waits for a second person, or null.
    """
    deps, listing = call.deps, call.deps.listing
    head, past = propose_list.list_proposals(call.actor, register=deps.register)
    return {
        "in_use": {
            "version": listing.version,
            "as_of": listing.as_of,
            "in_force": listing.in_force,
            "checked": listing.checked,
            "taxa": len(listing.taxa),
            "release": not past,
        },
        "proposed": _with_changes(head, call) if head and head.state == ListState.PROPOSED else None,
        "items": [list_json(each) for each in past],
        "cursor": None,
    }


@blueprint.route(
    "/v1/species-lists",
    method="POST",
    raw=(GZIP,),
    cap=FILE_CAP,
    query=UploadQuery,
    status=201,
    returns="SpeciesListProposed",
    may="propose_species",
)
def propose(call: Call[SpeciesDeps]) -> SpeciesListProposed:
    """Propose a new species list: upload it compressed with gzip.

    The file is a CSV of Species+ (listings, or the index of the Checklist), or a list that `tamga species` wrote. A
    faulty file is refused, and the answer has row and column of the first 500 faults. A sound list is stored. It is in
    use only after a second person publishes it. If no answer came (503), send the same file again a minute later. The
    service then answers with the result of the first upload and does not read the file again.
    """
    deps, query = call.deps, call.query
    whole, replace = query.whole == "true", query.replace == "true"
    upload = Upload(call.body, query.name, query.as_of or "", whole, query.in_force or "", replace)
    head = propose_list.propose(
        upload,
        call.actor,
        deps,
        build=list_in_use.listing_of,
        populations=list_in_use.populations(),
    )
    return _with_changes(head, call)


@blueprint.route(f"{ONE}/changes", produces=("text/csv",), returns="Table", may="species_lists")
def changes(call: Call[SpeciesDeps], digest: str) -> Response:
    """Download everything that the proposed list would change, as CSV.

    The answer stays available after the decision, until the next proposal.
    """
    found = propose_list.changes_of(digest, call.actor, register=call.deps.register)
    rows = [("what", "name", "before", "after"), *((each.what, each.name, each.before, each.after) for each in found)]
    headers: dict[str, Any] = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": "attachment; filename=species-changes.csv",
    }
    return Response("\ufeff" + "".join(csv_row(row) for row in rows), headers=headers)


@blueprint.route(f"{ONE}/publish", method="POST", body=Nothing, returns="SpeciesListHead", may="publish_species")
def publish(call: Call[SpeciesDeps], digest: str) -> SpeciesListHead:
    """Put the proposed list in use, as the second person.

    `digest` names the list that was read. Every function uses the new list within a minute.
    """
    deps = call.deps
    head = propose_list.publish(digest, call.actor, deps)
    deps.species.forget()
    return list_json(head)


@blueprint.route(
    f"{ONE}/reject", method="POST", body=SpeciesListDecision, returns="SpeciesListHead", may="species_lists"
)
def reject(call: Call[SpeciesDeps], digest: str) -> SpeciesListHead:
    """Reject the proposed list (approver), or withdraw it (administrator)."""
    return list_json(propose_list.reject(digest, call.body.reason, call.actor, call.deps))


def _with_changes(head: ListHead, call: Call[SpeciesDeps]) -> SpeciesListProposed:
    """The list with the first `SHOWN` changes of each kind.

    The limit is per kind, so other kinds do not crowd out changes of Appendix.
    """
    found = propose_list.changes_of(head.digest, call.actor, register=call.deps.register)
    counted: dict[str, int] = {}
    shown: list[SpeciesListChange] = []
    for each in found:
        counted[each.what] = counted.get(each.what, 0) + 1
        if counted[each.what] <= SHOWN:
            shown.append({"what": each.what, "name": each.name, "before": each.before, "after": each.after})
    return {**list_json(head), "changes": shown}
