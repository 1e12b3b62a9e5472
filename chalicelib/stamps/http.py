"""The stock of security stamps over HTTP: runs, what is left of them, who has which, what was written off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.http import requests
from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.kernel.days import with_times
from chalicelib.permits.http import shown
from chalicelib.stamps import schemas as stamps_schemas
from chalicelib.stamps import services as stamps

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


def run_json(count: stamps.Count) -> dict[str, Any]:
    run = count.run
    shown = {
        "id": run.id,
        "prefix": run.prefix,
        "first": run.text(run.first),
        "last": run.text(run.last),
        "total": run.last - run.first + 1,
        "used": count.used,
        "spoiled": count.spoiled,
        "left": count.left,
        "at": run.at,
        "by_name": run.by_name,
    }
    answer: dict[str, Any] = with_times(shown)
    return answer


def stamp_json(stamp: stamps.Stamp) -> dict[str, Any]:
    shown: dict[str, Any] = {"stamp_number": stamp.text, "permit": None, "spoiled": None}
    if stamp.dossier is not None:
        shown["permit"] = {"id": stamp.dossier.id, "number": stamp.dossier.number, "state": stamp.dossier.state}
    else:
        shown["spoiled"] = {"reason": stamp.data["spoiled"], "by_name": stamp.data["by_name"], "at": stamp.data["at"]}
    answer: dict[str, Any] = with_times(shown)
    return answer


@blueprint.route("/v1/stamps", returns="Stamps", may="stamps")
def counts(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """Runs of stamps, the newest first, with how many are left; `next` is the one that a form proposes."""
    found = stamps.counts(call.actor, register=call.deps.register)
    return {"items": [run_json(each) for each in found], "next": stamps.proposed(found), "cursor": None}


@blueprint.route(
    "/v1/stamps", method="POST", body=stamps_schemas.StampRun, status=201, returns="StampRunEntered", may="stock"
)
def receive(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """Enter a run that was received: `first` and `last` are the digits as printed, noughts included."""
    body = call.body
    run = stamps.receive(body.prefix, body.first, body.last, call.actor, call.deps)
    return {"id": run.id, "first": run.text(run.first), "last": run.text(run.last)}


@blueprint.route(
    "/v1/stamps/spoiled", method="POST", body=stamps_schemas.SpoiledStamp, returns="StampWrittenOff", may="write_off"
)
def write_off(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """Write a free stamp off that is torn, misprinted or gone; it is never given out."""
    text = stamps.write_off(call.body.number, call.body.reason, call.actor, call.deps)
    return {"stamp_number": text, "reason": call.body.reason}


@blueprint.route("/v1/stamps/{run_id}", query=requests.CursorQuery, returns="StampsOfRun", may="stamps")
def of_run(call: Call[SpeciesDeps], run_id: str) -> dict[str, Any]:
    """Who has which stamp of a run, and which were written off, in the order of their numbers."""
    found, cursor = stamps.of_run(run_id, call.actor, register=call.deps.register, cursor=call.query.cursor)
    return {"items": [stamp_json(each) for each in found], "cursor": cursor}


@blueprint.route(
    "/v1/permits/{permit_id}/stamp", method="POST", body=stamps_schemas.StampPutOn, returns="Permit", may="stamp"
)
def put_on(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Say which stamp was put by hand on an issued paper whose block 5b was left open.
    It leaves the stock; one that is written off, another permit's, or in no run is refused."""
    made = stamps.record(permit_id, call.body.number, call.actor, call.deps)
    return shown(call, made)
