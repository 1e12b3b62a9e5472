"""Routes of alerts, of the watch-list, and of the duty desks' mail addresses."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.alerts import schemas as alerts_schemas
from chalicelib.alerts.model.watch import NewEntry
from chalicelib.alerts.schemas import (
    Alert,
    AlertAbroad,
    Alerts,
    DeskInForce,
    DutyDeskHistory,
    DutyDesks,
    WatchedValue,
    WatchList,
    alert_abroad,
    alert_json,
    change_json,
    desk_json,
    watched_json,
)
from chalicelib.alerts.services import alerts, duty_desks, watch_list
from chalicelib.http.blueprint import Blueprint, Call, json_response
from chalicelib.http.requests import Confirm, CursorQuery
from chalicelib.permits.schemas import ReasonBody

blueprint = Blueprint(__name__)

ONE = "/v1/alerts/{alert_id}"


@blueprint.route("/v1/alerts", query=alerts_schemas.AlertsQuery, returns="Alerts", may="see_alerts")
def listed(call: Call) -> Alerts:
    """List alerts, the newest first.
    Each has the members that the caller's agency may see. Officers get the alerts of their posts."""
    found, cursor = alerts.listed(
        call.actor, register=call.deps.register, only_open=call.query.open == "true", cursor=call.query.cursor
    )
    return {"items": [alert_json(each, call.actor) for each in found], "cursor": cursor}


@blueprint.route(ONE, returns="Alert", may="see_alerts")
def one(call: Call, alert_id: str) -> Alert:
    """Read one alert."""
    return alert_json(alerts.find(alert_id, call.actor, register=call.deps.register), call.actor)


@blueprint.route(
    f"{ONE}/acknowledge", method="POST", body=alerts_schemas.Acknowledge, returns="Alert", may="acknowledge"
)
def acknowledge(call: Call, alert_id: str) -> Alert:
    """Answer an alert in words, under the caller's name.
    It then goes to no other desk. Words of an agency that was not asked so far, or of a person who raised the alert,
    are kept as a note."""
    made = alerts.acknowledge(alert_id, call.body.note, call.actor, call.deps)
    return alert_json(made, call.actor)


@blueprint.route(f"{ONE}/reopen", method="POST", body=ReasonBody, returns="Alert", may="acknowledge")
def reopen(call: Call, alert_id: str) -> Alert:
    """Reopen an answered alert, with a reason.
    The desks asked so far get a mail. If the alert is open, the answer is 409."""
    made = alerts.reopen(alert_id, call.body.reason, call.actor, call.deps)
    return alert_json(made, call.actor)


@blueprint.route(f"{ONE}/abroad", returns="AlertAbroad", may="share_abroad")
def abroad(call: Call, alert_id: str) -> AlertAbroad:
    """Read the part of an alert that may go to another country.
    It has nothing about a person or a post."""
    return alert_abroad(alerts.to_share(alert_id, call.actor, register=call.deps.register))


@blueprint.route("/v1/watch-list", query=CursorQuery, returns="WatchList", may="see_watch")
def watched(call: Call) -> WatchList:
    """List the watch-list, the newest first, with ended entries."""
    found, cursor = watch_list.listed(call.actor, call.deps, cursor=call.query.cursor)
    return {"items": [watched_json(each, call.deps.now) for each in found], "cursor": cursor}


@blueprint.route(
    "/v1/watch-list", method="POST", body=alerts_schemas.WatchEntryBody, status=201, returns="WatchEntry", may="watch"
)
def watch(call: Call) -> WatchedValue:
    """Add a number, a mark, a name or a vehicle to the watch-list, with an end and a reason."""
    body, deps = call.body, call.deps
    made = watch_list.add(NewEntry(body.kind, body.value, body.reason, body.until), call.actor, deps)
    return watched_json(made, deps.now)


@blueprint.route("/v1/watch-list/{entry_id}/end", method="POST", body=ReasonBody, returns="WatchEntry", may="watch")
def end(call: Call, entry_id: str) -> WatchedValue:
    """End a watch-list entry, with a reason."""
    return watched_json(watch_list.end(entry_id, call.body.reason, call.actor, call.deps), call.deps.now)


@blueprint.route("/v1/duty-desks", returns="DutyDesks", may="see_duty_desks")
def desks(call: Call) -> DutyDesks:
    """List the mail addresses of each agency's duty desk."""
    found = duty_desks.listed(call.actor, register=call.deps.register)
    return {"items": [desk_json(each, call.actor) for each in found], "cursor": None}


@blueprint.route(
    "/v1/duty-desks/{agency}",
    method="PUT",
    body=alerts_schemas.DutyDeskBody,
    returns="DutyDesk",
    may="duty_desks",
    proposes="DutyDesk",
)
def desk(call: Call, agency: str) -> Response:
    """Set the mail addresses of an agency's duty desk.
    An additional address counts at once (200). Removing or replacing one is a proposal (202, `proposed`), which another
    admin confirms. Sending the addresses in force again withdraws a proposal. Each address in force before gets a mail.
    """
    made, waits = duty_desks.choose(agency, call.body.wanted(), call.actor, call.deps)
    return json_response(desk_json(made, call.actor), 202 if waits else 200)


@blueprint.route("/v1/duty-desks/{agency}/confirm", method="POST", body=Confirm, returns="DutyDesk", may="duty_desks")
def confirm_desk(call: Call, agency: str) -> DeskInForce:
    """Confirm another admin's proposal, by the version of the desk that was read."""
    made = duty_desks.confirm(agency, call.body.version, call.actor, call.deps)
    return desk_json(made, call.actor)


@blueprint.route("/v1/duty-desks/{agency}/history", query=CursorQuery, returns="DutyDeskHistory", may="see_duty_desks")
def desk_history(call: Call, agency: str) -> DutyDeskHistory:
    """List every change of a desk's addresses, newest first.
    Each has the person, the time, and the addresses before and after."""
    found, cursor = duty_desks.history(agency, call.actor, register=call.deps.register, cursor=call.query.cursor)
    return {"items": [change_json(each) for each in found], "cursor": cursor}
