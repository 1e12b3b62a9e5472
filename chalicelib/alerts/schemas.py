"""Request bodies, queries and answers of alerts, watch-list and duty desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import Field, StringConstraints, model_validator

from chalicelib.alerts.model import alert as alert_model
from chalicelib.alerts.model.alert import AlertKind, EntryKind
from chalicelib.alerts.model.watch import WatchKind
from chalicelib.alerts.services.alerts import steps
from chalicelib.alerts.services.duty_desks import Desk, DeskAddresses
from chalicelib.alerts.services.watch_list import WatchState, state
from chalicelib.http.answers import Anything, Time
from chalicelib.http.requests import Code, CursorQuery, Model, Moment, Reason, Text
from chalicelib.kernel.days import to_text
from chalicelib.kernel.roles import Actor, Agency, agencies_of
from chalicelib.kernel.rows import RowData
from chalicelib.people.model import ABROAD, part_abroad, visible_members
from chalicelib.people.schemas import Notify


class AlertsQuery(CursorQuery):
    """`open=true`: only alerts that a duty desk still has to answer."""

    open: Literal["true", "false"] | None = None


class Acknowledge(Model):
    """`note`: what the desk does about it."""

    note: Annotated[str, StringConstraints(max_length=500)]


class WatchEntryBody(Model):
    """`kind`: number, mark (ring, chip), name or vehicle. `until`: the entry ends then by itself, within two years."""

    kind: Code
    value: Text
    reason: Reason
    until: Moment


class DutyDeskBody(Model):
    """`addresses`: where the desk's mails go, or an empty list for no mail. Or `notify`: one address or null."""

    addresses: Annotated[list[Notify], Field(max_length=20)] | None = None
    notify: Notify | None = None

    @model_validator(mode="after")
    def _one(self) -> DutyDeskBody:
        if len(self.model_fields_set) != 1 or (self.addresses is None and "notify" not in self.model_fields_set):
            raise ValueError("exactly one of addresses and notify")
        return self

    def wanted(self) -> list[tuple[str, str]]:
        chosen = self.addresses
        if chosen is None:
            chosen = [self.notify] if self.notify else []
        return [(each.email, each.language) for each in chosen]


class AlertAbroad(TypedDict):
    """The part of an alert that may go to another country. It has nothing about a person or a post."""

    id: str
    kind: AlertKind
    state: Literal["open", "acknowledged"]
    occurred_at: Time
    outcome: str
    codes: list[str]
    permit: Anything | None
    goods: list[Anything]
    case: str | None
    charge: Agency
    unheard: bool


class AlertEntry(TypedDict):
    """An answer, a note or a reopening, with the person's words."""

    kind: EntryKind
    at: Time
    by: str
    by_name: str
    agency: Agency
    note: str


class Alert(AlertAbroad):
    """An alert, with the members that the caller's agency may see.

    `people`, `watch`: who was involved and what was looked for, for the police.
    """

    post: str
    officer: str
    brought_by: str
    version: int
    acknowledged: list[AlertEntry]
    steps: list[str]
    people: NotRequired[list[str]]
    watch: NotRequired[list[Anything]]


class Alerts(TypedDict):
    items: list[Alert]
    cursor: str | None


class WatchedValue(TypedDict):
    """An entry of the watch-list. `ended`: the person who ended it, with time and reason."""

    id: str
    kind: WatchKind
    value: str
    reason: str
    until: Time
    at: Time
    by_name: str
    ended: Anything | None
    state: WatchState


class WatchList(TypedDict):
    items: list[WatchedValue]
    cursor: str | None


class DeskAddress(TypedDict):
    email: str
    language: str


class ProposedAddresses(TypedDict):
    """A change of a desk's addresses that waits for another admin."""

    addresses: list[DeskAddress]
    at: Time
    by_name: str
    steps: list[str]


class DeskInForce(TypedDict):
    """A duty desk. `email`, `language`: the first of `addresses`. `proposed`: a change that waits for another admin."""

    agency: Desk
    email: str | None
    language: str | None
    addresses: list[DeskAddress]
    proposed: ProposedAddresses | None
    version: int


class DutyDesks(TypedDict):
    items: list[DeskInForce]
    cursor: str | None


class DeskChange(TypedDict):
    """A change of a desk's addresses: `was` before, `addresses` after."""

    at: Time
    by: str
    by_name: str
    action: Literal["add", "propose", "keep", "confirm"]
    was: list[DeskAddress]
    addresses: list[DeskAddress]
    proposed_by: NotRequired[str]
    proposed_by_name: NotRequired[str]
    proposed_at: NotRequired[Time]


class DutyDeskHistory(TypedDict):
    items: list[DeskChange]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {
    "Alert": Alert,
    "AlertAbroad": AlertAbroad,
    "Alerts": Alerts,
    "WatchEntry": WatchedValue,
    "WatchList": WatchList,
    "DutyDesk": DeskInForce,
    "DutyDesks": DutyDesks,
    "DutyDeskHistory": DutyDeskHistory,
}


def alert_json(alert: alert_model.Alert, actor: Actor) -> Alert:
    """The members that the actor's agencies may see."""
    made: Alert = {
        "id": alert.id,
        "kind": alert.kind,
        "state": "open" if alert.open else "acknowledged",
        "occurred_at": to_text(alert.at),
        "post": alert.post,
        "officer": alert.officer,
        "brought_by": alert.brought_by,
        "outcome": alert.outcome,
        "codes": list(alert.codes),
        "permit": alert.permit or None,
        "goods": list(alert.goods),
        "case": alert.case,
        "charge": alert.agency_asked,
        "unheard": alert.unanswered,
        "acknowledged": [_entry(each) for each in alert.acknowledged],
        "version": alert.version,
        "steps": steps(alert, actor),
        "people": list(alert.people),
        "watch": list(alert.watch),
    }
    return visible_members(made, agencies_of(actor))


def alert_abroad(alert: alert_model.Alert) -> AlertAbroad:
    made: AlertAbroad = {
        "id": alert.id,
        "kind": alert.kind,
        "state": "open" if alert.open else "acknowledged",
        "occurred_at": to_text(alert.at),
        "outcome": alert.outcome,
        "codes": list(alert.codes),
        "permit": part_abroad("permit", alert.permit) if alert.permit else None,
        "goods": [part_abroad("goods", line) for line in alert.goods],
        "case": alert.case,
        "charge": alert.agency_asked,
        "unheard": alert.unanswered,
    }
    return visible_members(made, {ABROAD})


def _entry(each: RowData) -> AlertEntry:
    return {
        "kind": each.get("kind", alert_model.ANSWER),
        "at": to_text(each["at"]),
        "by": each["by"],
        "by_name": each["by_name"],
        "agency": each["agency"],
        "note": each["note"],
    }


def watched_json(entry: RowData, now: int) -> WatchedValue:
    ended = entry["ended"]
    return {
        "id": entry["id"],
        "kind": WatchKind(entry["kind"]),
        "value": entry["value"],
        "reason": entry["reason"],
        "until": to_text(entry["until"]),
        "at": to_text(entry["at"]),
        "by_name": entry["by_name"],
        "ended": {**ended, "at": to_text(ended["at"])} if ended else None,
        "state": state(entry, now),
    }


def desk_json(desk: DeskAddresses, actor: Actor) -> DeskInForce:
    addresses: list[DeskAddress] = [{"email": each.email, "language": each.language} for each in desk.addresses]
    first = desk.addresses[0] if desk.addresses else None
    proposed: ProposedAddresses | None = None
    if desk.proposed:
        proposed = {
            "addresses": desk.proposed["addresses"],
            "at": to_text(desk.proposed["at"]),
            "by_name": desk.proposed["by_name"],
            "steps": ["confirm"] if desk.may_confirm(actor) else [],
        }
    return {
        "agency": desk.desk,
        "email": first.email if first else None,
        "language": first.language if first else None,
        "addresses": addresses,
        "proposed": proposed,
        "version": desk.version,
    }


def change_json(row: RowData) -> DeskChange:
    made: DeskChange = {
        "at": to_text(row["at"]),
        "by": row["by"],
        "by_name": row["by_name"],
        "action": row["action"],
        "was": row["was"],
        "addresses": row["addresses"],
    }
    if "proposed_by" in row:
        made["proposed_by"] = row["proposed_by"]
        made["proposed_by_name"] = row["proposed_by_name"]
        made["proposed_at"] = to_text(row["proposed_at"])
    return made
