"""The stock of security stamps over HTTP: runs, stamps left, permits that have stamps, stamps written off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.http import requests
from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.kernel.days import to_text
from chalicelib.permits.http import permit_response
from chalicelib.permits.schemas import Permit
from chalicelib.stamps import schemas as stamps_schemas
from chalicelib.stamps import services as stamps
from chalicelib.stamps.schemas import (
    RunOfStamps,
    SpoiledNote,
    StampedPermit,
    StampRunEntered,
    Stamps,
    StampsOfRun,
    StampState,
    StampWrittenOff,
)

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


def run_json(count: stamps.Count) -> RunOfStamps:
    run = count.run
    return {
        "id": run.id,
        "prefix": run.prefix,
        "first": run.text(run.first),
        "last": run.text(run.last),
        "total": run.last - run.first + 1,
        "used": count.used,
        "spoiled": count.spoiled,
        "left": count.left,
        "at": to_text(run.at),
        "by_name": run.by_name,
    }


def stamp_json(stamp: stamps.Stamp) -> StampState:
    if stamp.dossier is not None:
        permit: StampedPermit = {
            "id": stamp.dossier.id,
            "number": stamp.dossier.number,
            "state": stamp.dossier.state,
        }
        return {"stamp_number": stamp.text, "permit": permit, "spoiled": None}
    data = stamp.data
    spoiled: SpoiledNote = {"reason": data["spoiled"], "by_name": data["by_name"], "at": to_text(data["at"])}
    return {"stamp_number": stamp.text, "permit": None, "spoiled": spoiled}


@blueprint.route("/v1/stamps", returns="Stamps", may="stamps")
def counts(call: Call[SpeciesDeps]) -> Stamps:
    """List the runs of stamps, the newest first, with how many are left of each.

    `next`: the stamp that a form proposes.
    """
    found = stamps.counts(call.actor, register=call.deps.register)
    return {"items": [run_json(each) for each in found], "next": stamps.proposed(found), "cursor": None}


@blueprint.route(
    "/v1/stamps", method="POST", body=stamps_schemas.StampRun, status=201, returns="StampRunEntered", may="stock"
)
def receive(call: Call[SpeciesDeps]) -> StampRunEntered:
    """Enter a run of stamps that was received.

    `first` and `last`: the digits as printed, leading zeros included.
    """
    body = call.body
    run = stamps.receive(body.prefix, body.first, body.last, call.actor, call.deps)
    return {"id": run.id, "first": run.text(run.first), "last": run.text(run.last)}


@blueprint.route(
    "/v1/stamps/spoiled", method="POST", body=stamps_schemas.SpoiledStamp, returns="StampWrittenOff", may="write_off"
)
def write_off(call: Call[SpeciesDeps]) -> StampWrittenOff:
    """Write off a free stamp that is torn, misprinted or missing.
    It is never assigned again."""
    text = stamps.write_off(call.body.number, call.body.reason, call.actor, call.deps)
    return {"stamp_number": text, "reason": call.body.reason}


@blueprint.route("/v1/stamps/{run_id}", query=requests.CursorQuery, returns="StampsOfRun", may="stamps")
def of_run(call: Call[SpeciesDeps], run_id: str) -> StampsOfRun:
    """List the stamps of a run that a permit has or that were written off, in the order of their numbers."""
    found, cursor = stamps.of_run(run_id, call.actor, register=call.deps.register, cursor=call.query.cursor)
    return {"items": [stamp_json(each) for each in found], "cursor": cursor}


@blueprint.route(
    "/v1/permits/{permit_id}/stamp", method="POST", body=stamps_schemas.StampPutOn, returns="Permit", may="stamp"
)
def put_on(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Record the stamp that was put by hand on an issued paper whose block 5b was left open.

    The stamp leaves the stock. A stamp is refused if it is written off, belongs to another permit, or looks like
    one of a run but is in none.
    """
    made = stamps.record(permit_id, call.body.number, call.actor, call.deps)
    return permit_response(call, made)
