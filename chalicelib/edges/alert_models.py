"""What a request about alerts, the watch-list and the duty desks may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.edges.border_models import Moment
from chalicelib.edges.models import Code, CursorQuery, Notify, Reason, Text
from chalicelib.edges.parsing import Model


class AlertsQuery(CursorQuery):
    """`open=true`: those that nobody has answered."""

    open: Literal["true", "false"] | None = None


class Acknowledge(Model):
    """`note`: what is being done about it."""

    note: Annotated[str, StringConstraints(max_length=500)]


class WatchEntry(Model):
    """`kind`: number, mark (ring, chip), name or vehicle; `until`: when it ends by itself, within two years."""

    kind: Code
    value: Text
    reason: Reason
    until: Moment


class DutyDesk(Model):
    """`addresses`: where its mails go, none for no mail; or `notify`: one address or null."""

    addresses: Annotated[list[Notify], Field(max_length=20)] | None = None
    notify: Notify | None = None

    @model_validator(mode="after")
    def _one(self) -> DutyDesk:
        if len(self.model_fields_set) != 1 or (self.addresses is None and "notify" not in self.model_fields_set):
            raise ValueError("addresses, or notify")
        return self

    def wanted(self) -> list[tuple[str, str]]:
        chosen = self.addresses if self.addresses is not None else [self.notify] if self.notify else []
        return [(each.email, each.language) for each in chosen]
