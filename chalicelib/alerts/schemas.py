"""Request bodies, queries and answers of alerts, watch-list and duty desks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.alerts.model.alert import ANSWER, NOTE, REOPENED
from chalicelib.alerts.model.alert import KINDS as ALERTS
from chalicelib.alerts.model.watch import KINDS as WATCHED
from chalicelib.alerts.services.duty_desks import DESKS
from chalicelib.http.requests import Code, CursorQuery, Model, Moment, Reason, Text
from chalicelib.http.schema_parts import ANYTHING, FLAG, NUMBER, TEXT, TIME, listed, maybe, members, one_of
from chalicelib.kernel.roles import AGENCIES
from chalicelib.people.schemas import Notify


class AlertsQuery(CursorQuery):
    """`open=true`: only alerts that a duty desk still has to answer."""

    open: Literal["true", "false"] | None = None


class Acknowledge(Model):
    """`note`: what the desk does about it."""

    note: Annotated[str, StringConstraints(max_length=500)]


class WatchEntry(Model):
    """`kind`: number, mark (ring, chip), name or vehicle. `until`: the entry ends then by itself, within two years."""

    kind: Code
    value: Text
    reason: Reason
    until: Moment


class DutyDesk(Model):
    """`addresses`: where the desk's mails go; an empty list for no mail. Or `notify`: one address or null."""

    addresses: Annotated[list[Notify], Field(max_length=20)] | None = None
    notify: Notify | None = None

    @model_validator(mode="after")
    def _one(self) -> DutyDesk:
        if len(self.model_fields_set) != 1 or (self.addresses is None and "notify" not in self.model_fields_set):
            raise ValueError("addresses, or notify")
        return self

    def wanted(self) -> list[tuple[str, str]]:
        chosen = self.addresses
        if chosen is None:
            chosen = [self.notify] if self.notify else []
        return [(each.email, each.language) for each in chosen]


_ALERT_ABROAD = {
    "id": TEXT,
    "kind": one_of(ALERTS),
    "state": one_of(("open", "acknowledged")),
    "occurred_at": TIME,
    "outcome": TEXT,
    "codes": listed(TEXT),
    "permit": maybe(ANYTHING),
    "goods": listed(ANYTHING),
    "case": maybe(TEXT),
    "charge": one_of(AGENCIES),
    "unheard": FLAG,
}

_ALERT = members(
    {
        **_ALERT_ABROAD,
        "post": TEXT,
        "officer": TEXT,
        "brought_by": TEXT,
        "version": NUMBER,
        "acknowledged": listed(
            members(
                {
                    "kind": one_of((ANSWER, NOTE, REOPENED)),
                    "at": TIME,
                    "by": TEXT,
                    "by_name": TEXT,
                    "agency": one_of(AGENCIES),
                    "note": TEXT,
                }
            )
        ),
        "steps": listed(TEXT),
    },
    {"people": listed(TEXT), "watch": listed(ANYTHING)},
    "Of each member what the caller's agency may see: who was involved and what was looked for, for the police.",
)

_WATCHED = members(
    {
        "id": TEXT,
        "kind": one_of(WATCHED),
        "value": TEXT,
        "reason": TEXT,
        "until": TIME,
        "at": TIME,
        "by_name": TEXT,
        "ended": maybe(ANYTHING),
        "state": one_of(("in_force", "expired", "ended")),
    }
)

_ADDRESSES = listed(members({"email": TEXT, "language": TEXT}))

_DESK = members(
    {
        "agency": one_of(DESKS),
        "email": maybe(TEXT),
        "language": maybe(TEXT),
        "addresses": _ADDRESSES,
        "proposed": maybe(members({"addresses": _ADDRESSES, "at": TIME, "by_name": TEXT, "steps": listed(TEXT)})),
        "version": NUMBER,
    },
    words="`email`, `language`: the first of `addresses`. `proposed`: what waits for another admin.",
)
