"""Actions of the local ministry's people on a permit, through the HTTP interface of the running service.

A step that is done already is not repeated, because drafts have Idempotency-Keys, and event ids derive from the event's
content.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.record.permit import line_letter
from local.client import Client
from local.ministry import Json
from local.people import DEFAULT_NAMES

ZONE = ZoneInfo("Asia/Bishkek")
SPACE = uuid.UUID("7b0c6f3e-2a51-4e6b-9d0e-0c6a5b8f4d21")  # namespace of event ids: a repetition has the same id


def default_person(role: str) -> tuple[str, str]:
    return DEFAULT_NAMES[role], role


def at(day: date, clock: str) -> str:
    """The time `clock` (`14:35`) of that day in Bishkek, in the form that the service takes for a moment (UTC)."""
    return f"{datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


CUSTOMS, OTHER_CUSTOMS = default_person("customs"), ("bekzat", "customs")
NOTES = {
    "non_detriment": "Within the quota agreed with the Academy.",
    "bred_or_propagated": "Second generation, breeding book seen.",
    "live_transport": "Crates conform to IATA LAR.",
    "legal_acquisition": "Breeder's and hunting papers seen.",
    "lawful_import": "Foreign export permit seen and stamped.",
}


class Desk:
    """The steps of a permit. Most methods take a permit as the service returns it, and return it after the step."""

    def __init__(self, client: Client, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._client = client
        self._clock = clock

    def draft(self, name: str, applicant: str, fields: Json) -> Json:
        """Create a draft. `name` is the Idempotency-Key, so the same name gives the same draft."""
        made: Json = self._client.post((applicant, "applicant"), "/v1/permits", fields,
                                       **{"Idempotency-Key": f"seed {name}"})  # fmt: skip
        return made

    def approved(self, name: str, applicant: str, fields: Json) -> Json:
        draft = self.draft(name, applicant, fields)
        if draft["state"] == "draft":
            draft = self._client.post((applicant, "applicant"), f"/v1/permits/{draft['id']}/submit")
        return self.approve(draft) if draft["state"] == "submitted" else draft

    def issued(self, name: str, applicant: str, fields: Json) -> Json:
        permit = self.approved(name, applicant, fields)
        return self.issue(permit) if permit["state"] == "approved" else permit

    def override_stops(self, draft: Json, reason: str) -> None:
        """Override every hard stop of the draft that is not overridden yet."""
        path = f"/v1/permits/{draft['id']}"
        found = self._client.get(default_person("approver"), f"{path}/stops")
        stops = [{"field": each["field"], "code": each["code"]} for each in found["items"] if not each["override"]]
        if stops:
            body = {"stops": stops, "reason": reason, "digest": found["digest"]}
            self._client.post(default_person("approver"), f"{path}/override", body)

    def approve(self, submitted: Json) -> Json:
        """Record the findings that are needed, then approve by another person, bound to the digest.

        Each finding is by a role that may make it.
        """
        path = f"/v1/permits/{submitted['id']}"
        for kind in submitted["findings_needed"] or ["legal_acquisition"]:
            note = NOTES.get(kind, "Examined.")
            body = {"kind": kind, "result": "positive", "note": note}
            self._client.post(default_person(FINDING_ROLES[kind]), f"{path}/findings", body)
        approved: Json = self._client.post(
            default_person("approver"), f"{path}/approve", {"digest": submitted["digest"]}
        )
        return approved

    def issue(self, approved: Json) -> Json:
        issued: Json = self._client.post(default_person("preparer"), f"/v1/permits/{approved['id']}/issue")
        return issued

    def replace(self, issued: Json, reason: str) -> Json:
        """Replace the permit by a new one with the importer's name corrected, and issue that."""
        draft = self._client.post(default_person("preparer"), f"/v1/permits/{issued['id']}/replace", {"reason": reason})
        path = f"/v1/permits/{draft['id']}"
        corrected = {**draft, "importer": {**draft["importer"], "name": "Reptilienhaus Oldenburg GmbH"}}
        if draft["state"] == "draft":
            self._client.put(default_person("preparer"), path, corrected)
            draft = self._client.post(default_person("preparer"), f"{path}/submit")
        if draft["state"] == "submitted":
            self.approve(draft)
        return self.issue(draft)

    def endorse(self, issued: Json, direction: str, post: str, *, share: int = 1) -> str:
        """Endorse all lines in full, or one `share`-th of each, and return the event id. Skip it if done before."""
        event_id = str(uuid.uuid5(SPACE, f"{issued['id']} {direction}"))
        if any(use["kind"] == direction for use in issued["uses"]):
            return event_id
        lines = [
            {"line": line_letter(index), "quantity": str(int(line["quantity"]) // share)}
            for index, line in enumerate(issued["lines"])
        ]
        body = {
            "event_id": event_id,
            "qr": issued["qr"],
            "other_pages": issued["qr_pages"][1:],
            "post": post,
            "direction": direction,
            "endorsed_at": self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "lines": lines,
            "transport_document": "AWB 176-55501234",
        }
        self._client.post(CUSTOMS, "/v1/endorsements", body)
        return event_id

    def undo(self, issued: Json, event_id: str, reason: str) -> None:
        withdrawal = str(uuid.uuid5(SPACE, f"{issued['id']} undo"))
        body = {"event_id": withdrawal, "reason": reason}
        self._client.post(OTHER_CUSTOMS, f"/v1/endorsements/{event_id}/undo", body)

    def end(self, issued: Json, applicant: str, state: str, reason: str) -> None:
        """End or suspend the permit. `state` is lost, revoked or suspended, and any other value does nothing."""
        path = f"/v1/permits/{issued['id']}"
        match state:
            case "lost":
                self._client.post((applicant, "applicant"), f"{path}/lost", {"reason": reason, "how": "lost"})
            case "revoked":
                self._client.post(default_person("approver"), f"{path}/revoke", {"reason": reason, "for_cause": True})
            case "suspended":
                self._client.post(default_person("approver"), f"{path}/suspend", {"reason": reason})
