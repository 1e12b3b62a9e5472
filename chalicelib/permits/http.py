"""Permits over HTTP: search, read, history, changes of status, replacement, settlement of differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.http import requests
from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.http.requests import version_of
from chalicelib.kernel.days import to_text
from chalicelib.people.http import reader
from chalicelib.permits import schemas as permits_schemas
from chalicelib.permits.model.block_5 import as_printed
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import possible
from chalicelib.permits.schemas import Difference, DifferenceProposal, History, Permit, Permits, Settlement, entry
from chalicelib.permits.services import change_status, find_permits, list_differences, store

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


ONE = "/v1/permits/{permit_id}"

blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


def permit_response(call: Call[SpeciesDeps], item: Dossier) -> Permit:
    whole = permits_schemas.dossier(item, call.now, reader=reader(call))
    return {
        **permits_schemas.visible_permit(whole, call.actor, call.deps.stage),
        "block_5": as_printed(item, call.deps.stage, call.now),
        "difference": _difference(call, item),
        "steps": list(possible(item, call.actor)),
    }


def _difference(call: Call[SpeciesDeps], item: Dossier) -> Difference | None:
    """The difference of the status list from the register (T8), or None without one, and for an exporter."""
    found = list_differences.described(item, call.actor, call.deps)
    if found is None:
        return None
    proposal: DifferenceProposal | None = None
    if waits := found.proposal:
        proposal = {
            "choice": waits.choice,
            "reason": waits.reason,
            "by_name": waits.by_name,
            "at": to_text(waits.at),
        }
    return {
        "value": found.value,
        "listed_at": to_text(found.listed_at),
        "own": found.own,
        "proposal": proposal,
        "steps": list(found.steps),
    }


@blueprint.route("/v1/permits", query=permits_schemas.PermitsQuery, returns="Permits", may="see")
def find(call: Call[SpeciesDeps]) -> Permits:
    """List permits that the caller may see, newest first.

    `q` is a number, or part of a name or taxon. With `order=waiting`, those that have waited longest in their state
    come first (`waiting_since`).
    """
    found, cursor = find_permits.find(
        find_permits.Search(call.query.state, call.query.q, waiting=call.query.order == "waiting"),
        call.actor,
        call.deps,
        cursor=call.query.cursor,
    )
    return {"items": [entry(item, call.now) for item in found], "cursor": cursor}


@blueprint.route(ONE, returns="Permit", may="see")
def see(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Read one permit, with its digest once it is submitted."""
    call.actor.require("see")
    return permit_response(call, store.load(call.deps.register, permit_id, call.actor))


@blueprint.route(f"{ONE}/suspend", method="POST", body=permits_schemas.ReasonBody, returns="Permit", may="suspend")
def suspend(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Suspend a permit, so that goods are held until it is reinstated."""
    made = change_status.suspend(permit_id, call.body.reason, call.actor, call.deps)
    return permit_response(call, _published(call, made))


@blueprint.route(f"{ONE}/reinstate", method="POST", body=permits_schemas.ReasonBody, returns="Permit", may="reinstate")
def reinstate(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Withdraw a suspension or a report of loss."""
    made = change_status.reinstate(permit_id, call.body.reason, call.actor, call.deps)
    return permit_response(call, _published(call, made))


@blueprint.route(f"{ONE}/revoke", method="POST", body=permits_schemas.Revoke, returns="Permit", may="revoke")
def revoke(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Revoke a permit.
    If it is revoked for cause, goods are held."""
    made = change_status.revoke(permit_id, call.body.reason, call.body.for_cause, call.actor, call.deps)
    return permit_response(call, _published(call, made))


@blueprint.route(f"{ONE}/surrender", method="POST", body=permits_schemas.ReasonBody, returns="Permit", may="surrender")
def surrender(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Give an unused permit back.
    It is revoked, not for cause, and cannot be reinstated."""
    made = change_status.surrender(permit_id, call.body.reason, call.actor, call.deps)
    return permit_response(call, _published(call, made))


@blueprint.route(f"{ONE}/lost", method="POST", body=permits_schemas.Lost, returns="Permit", may="lost")
def lost(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Report the permit lost or stolen."""
    made = change_status.report_lost(permit_id, call.body.reason, call.body.how, call.actor, call.deps)
    return permit_response(call, _published(call, made))


@blueprint.route(
    f"{ONE}/replace", method="POST", body=permits_schemas.ReasonBody, status=201, returns="Permit", may="replace"
)
def replace(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Make a draft that replaces the permit.
    The old permit ends when the new one is issued."""
    made = change_status.replace_permit(permit_id, call.body.reason, call.actor, call.deps)
    return permit_response(call, made)


@blueprint.route(f"{ONE}/history", query=requests.CursorQuery, returns="History", may="history")
def history(call: Call[SpeciesDeps], permit_id: str) -> History:
    """List the changes of a permit, first to last, with who made each and when.

    An exporter reads the changes of their own permits by day, without other people's names.
    """
    call.actor.require("history")
    entries, cursor = store.history(call.deps.register, permit_id, call.actor, call.query.cursor)
    return {"items": permits_schemas.visible_history(entries, call.actor, call.deps.stage), "cursor": cursor}


def version_read(call: Call) -> int | None:
    """The version that the caller read before deciding (`If-Match`), or None without one."""
    return version_of(call.headers.get("if-match"))


@blueprint.route(
    f"{ONE}/difference",
    method="POST",
    body=permits_schemas.SettleDifference,
    returns="Settlement",
    may="settle_difference",
)
def settle(call: Call[SpeciesDeps], permit_id: str) -> Settlement:
    """Settle a difference between the status list and a permit's dossier (T8).

    One person proposes a `choice`. A second person who sends the same choice carries it out.
    """
    made = list_differences.settle(permit_id, call.body.choice, call.body.reason, call.actor, call.deps)
    if made.settled:
        _published(call, made.dossier)
    return {"value": made.value, "choice": made.choice, "settled": made.settled}


def _published(call: Call[SpeciesDeps], item: Dossier) -> Dossier:
    """Publish the status list at once, for offline verifiers. If that fails, the scheduled publication repeats it."""
    if item.status_uri:
        call.deps.publisher.publish(item.status_uri)
    return item
