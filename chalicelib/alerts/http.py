"""Alerts to the duty desks, the watch-list of enforcement, and where each desk gets its mails."""

from __future__ import annotations

from typing import Any

from chalicelib.alerts import schemas as alerts_schemas
from chalicelib.alerts.services import alerts, duty_desks, watch_list
from chalicelib.http.blueprint import Blueprint, Call, json_response
from chalicelib.http.requests import Confirm, CursorQuery
from chalicelib.kernel.days import with_times
from chalicelib.permits.schemas import ReasonBody

blueprint = Blueprint(__name__)

ONE = "/v1/alerts/{alert_id}"


@blueprint.route("/v1/alerts", query=alerts_schemas.AlertsQuery, returns="Alerts", may="see_alerts")
def listed(call: Call) -> dict[str, Any]:
    """Alerts, the newest first, each as the caller's agency may see it; officers get those of their posts."""
    items, cursor = alerts.listed(
        call.actor, register=call.deps.register, only_open=call.query.open == "true", cursor=call.query.cursor
    )
    return {"items": with_times(items), "cursor": cursor}


@blueprint.route(ONE, returns="Alert", may="see_alerts")
def one(call: Call, alert_id: str) -> Any:
    """One alert."""
    return with_times(alerts.seen(alert_id, call.actor, register=call.deps.register))


@blueprint.route(
    f"{ONE}/acknowledge", method="POST", body=alerts_schemas.Acknowledge, returns="Alert", may="acknowledge"
)
def acknowledge(call: Call, alert_id: str) -> Any:
    """Answer it in words, by name: it moves on to no other desk.
    Of an agency that was not asked so far, or of who raised it, the words are kept as a note."""
    made = alerts.acknowledge(alert_id, call.body.note, call.actor, call.deps)
    return with_times(made)


@blueprint.route(f"{ONE}/reopen", method="POST", body=ReasonBody, returns="Alert", may="acknowledge")
def reopen(call: Call, alert_id: str) -> Any:
    """Open an answered alert again, and say why: the desks that were asked so far get a mail. Open: 409."""
    made = alerts.reopen(alert_id, call.body.reason, call.actor, call.deps)
    return with_times(made)


@blueprint.route(f"{ONE}/abroad", returns="AlertAbroad", may="share_abroad")
def abroad(call: Call, alert_id: str) -> Any:
    """What may be told to another country: nothing about a person or a post."""
    return with_times(alerts.abroad(alert_id, call.actor, register=call.deps.register))


@blueprint.route("/v1/watch-list", query=CursorQuery, returns="WatchList", may="see_watch")
def watched(call: Call) -> dict[str, Any]:
    """What is looked for, the newest first, ended entries too."""
    items, cursor = watch_list.listed(call.actor, call.deps, cursor=call.query.cursor)
    return {"items": with_times(items), "cursor": cursor}


@blueprint.route(
    "/v1/watch-list", method="POST", body=alerts_schemas.WatchEntry, status=201, returns="WatchEntry", may="watch"
)
def watch(call: Call) -> Any:
    """Look for a number, a mark, a name or a vehicle until a day, and say why."""
    body, deps = call.body, call.deps
    made = watch_list.add(body.kind, body.value, body.reason, body.until, call.actor, deps)
    return with_times(made)


@blueprint.route("/v1/watch-list/{entry_id}/end", method="POST", body=ReasonBody, returns="WatchEntry", may="watch")
def end(call: Call, entry_id: str) -> Any:
    """Look for it no longer, and say why."""
    return with_times(watch_list.end(entry_id, call.body.reason, call.actor, call.deps))


@blueprint.route("/v1/duty-desks", returns="DutyDesks", may="see_duty_desks")
def desks(call: Call) -> dict[str, Any]:
    """Where each agency's duty desk gets its mails."""
    return {"items": with_times(duty_desks.listed(call.actor, register=call.deps.register)), "cursor": None}


@blueprint.route(
    "/v1/duty-desks/{agency}",
    method="PUT",
    body=alerts_schemas.DutyDesk,
    returns="DutyDesk",
    may="duty_desks",
    proposes="DutyDesk",
)
def desk(call: Call, agency: str) -> Any:
    """Say where an agency's duty desk gets its mails.
    An additional address counts at once (200). To remove or replace one is a proposal (202, `proposed`), which another
    admin confirms. The addresses in force again take a proposal back. Each address in force before gets a mail."""
    made, waits = duty_desks.choose(agency, call.body.wanted(), call.actor, call.deps)
    return json_response(with_times(made), 202 if waits else 200)


@blueprint.route("/v1/duty-desks/{agency}/confirm", method="POST", body=Confirm, returns="DutyDesk", may="duty_desks")
def confirm_desk(call: Call, agency: str) -> Any:
    """Confirm another admin's proposal, by the version of the desk in which it was read."""
    made = duty_desks.confirm(agency, call.body.version, call.actor, call.deps)
    return with_times(made)


@blueprint.route("/v1/duty-desks/{agency}/history", query=CursorQuery, returns="DutyDeskHistory", may="see_duty_desks")
def desk_history(call: Call, agency: str) -> dict[str, Any]:
    """Every change of a desk's addresses, newest first: who, when, before and after."""
    items, cursor = duty_desks.history(agency, call.actor, register=call.deps.register, cursor=call.query.cursor)
    return {"items": with_times(items), "cursor": cursor}
