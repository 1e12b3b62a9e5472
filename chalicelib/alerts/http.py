"""Routes of alerts, of the watch-list, and of the duty desks' mail addresses."""

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
    """List alerts, the newest first.
    Each has the members that the caller's agency may see. Officers get the alerts of their posts."""
    items, cursor = alerts.listed(
        call.actor, register=call.deps.register, only_open=call.query.open == "true", cursor=call.query.cursor
    )
    return {"items": with_times(items), "cursor": cursor}


@blueprint.route(ONE, returns="Alert", may="see_alerts")
def one(call: Call, alert_id: str) -> Any:
    """Read one alert."""
    return with_times(alerts.seen(alert_id, call.actor, register=call.deps.register))


@blueprint.route(
    f"{ONE}/acknowledge", method="POST", body=alerts_schemas.Acknowledge, returns="Alert", may="acknowledge"
)
def acknowledge(call: Call, alert_id: str) -> Any:
    """Answer an alert in words, under the caller's name.
    It then goes to no other desk. Words of an agency that was not asked so far, or of a person who raised the alert,
    are kept as a note."""
    made = alerts.acknowledge(alert_id, call.body.note, call.actor, call.deps)
    return with_times(made)


@blueprint.route(f"{ONE}/reopen", method="POST", body=ReasonBody, returns="Alert", may="acknowledge")
def reopen(call: Call, alert_id: str) -> Any:
    """Reopen an answered alert, with a reason.
    The desks asked so far get a mail. An open alert: 409."""
    made = alerts.reopen(alert_id, call.body.reason, call.actor, call.deps)
    return with_times(made)


@blueprint.route(f"{ONE}/abroad", returns="AlertAbroad", may="share_abroad")
def abroad(call: Call, alert_id: str) -> Any:
    """Read the part of an alert that may go to another country.
    It has nothing about a person or a post."""
    return with_times(alerts.abroad(alert_id, call.actor, register=call.deps.register))


@blueprint.route("/v1/watch-list", query=CursorQuery, returns="WatchList", may="see_watch")
def watched(call: Call) -> dict[str, Any]:
    """List the watch-list, the newest first, with ended entries."""
    items, cursor = watch_list.listed(call.actor, call.deps, cursor=call.query.cursor)
    return {"items": with_times(items), "cursor": cursor}


@blueprint.route(
    "/v1/watch-list", method="POST", body=alerts_schemas.WatchEntry, status=201, returns="WatchEntry", may="watch"
)
def watch(call: Call) -> Any:
    """Add a number, a mark, a name or a vehicle to the watch-list, with an end and a reason."""
    body, deps = call.body, call.deps
    made = watch_list.add(body.kind, body.value, body.reason, body.until, call.actor, deps)
    return with_times(made)


@blueprint.route("/v1/watch-list/{entry_id}/end", method="POST", body=ReasonBody, returns="WatchEntry", may="watch")
def end(call: Call, entry_id: str) -> Any:
    """End a watch-list entry, with a reason."""
    return with_times(watch_list.end(entry_id, call.body.reason, call.actor, call.deps))


@blueprint.route("/v1/duty-desks", returns="DutyDesks", may="see_duty_desks")
def desks(call: Call) -> dict[str, Any]:
    """List the mail addresses of each agency's duty desk."""
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
    """Set the mail addresses of an agency's duty desk.
    An additional address counts at once (200). Removing or replacing one is a proposal (202, `proposed`), which another
    admin confirms. Sending the addresses in force again withdraws a proposal. Each address in force before gets a mail.
    """
    made, waits = duty_desks.choose(agency, call.body.wanted(), call.actor, call.deps)
    return json_response(with_times(made), 202 if waits else 200)


@blueprint.route("/v1/duty-desks/{agency}/confirm", method="POST", body=Confirm, returns="DutyDesk", may="duty_desks")
def confirm_desk(call: Call, agency: str) -> Any:
    """Confirm another admin's proposal, by the version of the desk that was read."""
    made = duty_desks.confirm(agency, call.body.version, call.actor, call.deps)
    return with_times(made)


@blueprint.route("/v1/duty-desks/{agency}/history", query=CursorQuery, returns="DutyDeskHistory", may="see_duty_desks")
def desk_history(call: Call, agency: str) -> dict[str, Any]:
    """List every change of a desk's addresses, newest first.
    Each has the person, the time, and the addresses before and after."""
    items, cursor = duty_desks.history(agency, call.actor, register=call.deps.register, cursor=call.query.cursor)
    return {"items": with_times(items), "cursor": cursor}
