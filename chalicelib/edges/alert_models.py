"""What a request about alerts, the watch-list and the duty desks may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.edges.border_models import Moment
from chalicelib.edges.models import Code, CursorQuery, Notify, Reason, Text
from chalicelib.edges.parsing import Model


class AlertsQuery(CursorQuery):
    """`open=true`: those that nobody has answered."""

    open: Literal["true", "false"] | None = None


class Acknowledge(Model):
    note: Annotated[str, StringConstraints(max_length=500)] | None = None


class WatchEntry(Model):
    """`kind`: number, mark (ring, chip), name or vehicle; `until`: when it ends by itself, within two years."""

    kind: Code
    value: Text
    reason: Reason
    until: Moment


class DutyDesk(Model):
    """`notify` null: no mail to this desk."""

    notify: Notify | None
