"""Deputies of approvers over HTTP: named with dates, confirmed by a second person, ended earlier if need be."""

from __future__ import annotations

from datetime import date
from typing import Any

from chalicelib.core.deputies import Deputation
from chalicelib.edges import models
from chalicelib.edges.blueprint import Blueprint, Call
from chalicelib.edges.parsing import Nothing
from chalicelib.edges.times import to_text
from chalicelib.services import deputies

blueprint = Blueprint(__name__)
ONE = "/v1/deputies/{deputation_id}"


def shown(made: Deputation, today: date) -> dict[str, Any]:
    return {
        "id": made.id, "state": made.state(today), "first": made.first, "last": made.last, "reason": made.reason,
        "deputy": {"id": made.deputy, "name": made.deputy_name},
        "represented": {"id": made.represented, "name": made.represented_name},
        "at": to_text(made.at), "by": made.by, "by_name": made.by_name,
        "confirmed_by_name": made.confirmed_by_name or None, "ended_by_name": made.ended_by_name or None,
        "ended_at": to_text(made.ended_at) if made.ended_at is not None else None,
    }  # fmt: skip


@blueprint.route("/v1/deputies", returns="Deputies", may="deputies")
def listed(call: Call) -> dict[str, Any]:
    """Who stands in for whom, the newest first; `people`: whom a caller who may name a deputy can choose from."""
    today = call.office.stage.today(call.now)
    people = deputies.candidates(call.actor, register=call.office.register)
    return {
        "items": [
            shown(each, today) for each in deputies.listed(call.actor, register=call.office.register, today=today)
        ],
        "people": [{"id": who, "name": name, "roles": sorted(roles)} for who, name, roles in people],
        "cursor": None,
    }


@blueprint.route(
    "/v1/deputies", method="POST", body=models.Deputise, status=201, returns="Deputation", may="name_deputy"
)
def name(call: Call) -> dict[str, Any]:
    """Name a deputy for an approver. An admin's word stands; an approver's waits for a second approver or admin."""
    body, today = call.body, call.office.stage.today(call.now)
    made = deputies.name(
        body.deputy, body.represented, body.first, body.last, body.reason, call.actor,
        register=call.office.register, new_id=call.office.new_id, today=today, now=call.now,
    )  # fmt: skip
    return shown(made, today)


@blueprint.route(f"{ONE}/confirm", method="POST", body=Nothing, returns="Deputation", may="name_deputy")
def confirm(call: Call, deputation_id: str) -> dict[str, Any]:
    """The second person's word: neither the deputy's nor that of who named them."""
    today = call.office.stage.today(call.now)
    return shown(deputies.confirm(deputation_id, call.actor, register=call.office.register, today=today), today)


@blueprint.route(f"{ONE}/end", method="POST", body=Nothing, returns="Deputation", may="deputies")
def end(call: Call, deputation_id: str) -> dict[str, Any]:
    """End it before its last day: any approver or admin, or the deputy."""
    office, today = call.office, call.office.stage.today(call.now)
    return shown(deputies.end(deputation_id, call.actor, register=office.register, today=today, now=call.now), today)
