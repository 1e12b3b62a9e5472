"""Fills an empty register with the ministry of `local/ministry.py`, through the running service like anybody else.

A seed that was cut off goes on where it stopped: stories told are noted, drafts have Idempotency-Keys, events have ids.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.core.permit import line_letter
from chalicelib.core.roles import FINDING_ROLES
from local.client import Client
from local.ministry import STORIES, Json, Story, tour_fields
from local.people import DEFAULT_NAMES
from local.place import Place, read_json, write_json

SPACE = uuid.UUID("7b0c6f3e-2a51-4e6b-9d0e-0c6a5b8f4d21")  # of event ids, so that a repetition is the same event
ZONE = ZoneInfo("Asia/Bishkek")


def staff(role: str) -> tuple[str, str]:
    return DEFAULT_NAMES[role], role


TOUR = "tour"
CUSTOMS, OTHER_CUSTOMS = staff("customs"), ("bekzat", "customs")
NOTES = {
    "non_detriment": "Within the quota agreed with the Academy.",
    "bred_or_propagated": "Second generation, breeding book seen.",
    "live_transport": "Crates conform to IATA LAR.",
    "legal_acquisition": "Breeder's and hunting papers seen.",
    "lawful_import": "Foreign export permit seen and stamped.",
}


class Seed:
    """`made`: story -> permit id, kept in `place.seeded` once all is done."""

    def __init__(self, client: Client, place: Place) -> None:
        self._client = client
        self._place = place
        self.made: dict[str, str] = dict(read_json(place.seeded) or {})

    def ensure(self, say: Callable[[str], None] = lambda text: None) -> bool:
        """True if something had to be made."""
        untold = [story for story in STORIES if story.name not in self.made]
        today = datetime.now(ZONE).date()
        for story in untold:
            say(story.name)
            self.made[story.name] = self._tell(story, today)
            write_json(self._place.seeded, self.made)
        return bool(untold)

    def tour_permit(self) -> Json:
        """An approved permit that waits to be issued: the last one made for the tour, or a new one if it is used up."""
        if TOUR in self.made:
            held: Json = self._client.get(staff("preparer"), f"/v1/permits/{self.made[TOUR]}")
            if held["state"] == "approved":
                return held
        today = datetime.now(ZONE).date()
        permit = self._approved(f"tour {uuid.uuid4()}", "sunkar", tour_fields(today))
        self.made[TOUR] = permit["id"]
        write_json(self._place.seeded, self.made)
        return permit

    def _tell(self, story: Story, today: date) -> str:
        """From wherever an earlier seed was cut off to the end of the story."""
        applicant = (story.applicant, "applicant")
        permit = self._draft(story.name, applicant, story.fields(today))
        path, reason = f"/v1/permits/{permit['id']}", {"reason": story.reason}
        if permit["state"] == "draft" != story.ends:
            permit = self._client.post(applicant, f"{path}/submit")
        if permit["state"] == "submitted" and story.ends in {"returned", "refused"}:
            verb, role = ("return", "preparer") if story.ends == "returned" else ("refuse", "approver")
            permit = self._client.post(staff(role), f"{path}/{verb}", reason)
        if permit["state"] == "submitted" != story.ends:
            permit = self._approve(permit)
        if permit["state"] == "approved" != story.ends:
            permit = self._client.post(staff("preparer"), f"{path}/issue")
        if permit["state"] == "issued":
            if story.then:
                AT_THE_BORDER[story.then](self, permit)
            match story.ends:
                case "lost":
                    self._client.post(applicant, f"{path}/lost", {**reason, "how": "lost"})
                case "revoked":
                    self._client.post(staff("approver"), f"{path}/revoke", {**reason, "for_cause": True})
                case "suspended":
                    self._client.post(staff("approver"), f"{path}/suspend", reason)
                case "replaced":
                    self._replace(permit, reason)
        return str(permit["id"])

    def _draft(self, name: str, applicant: tuple[str, str], fields: Json) -> Json:
        made: Json = self._client.post(applicant, "/v1/permits", fields, **{"Idempotency-Key": f"seed {name}"})
        return made

    def _approved(self, name: str, applicant: str, fields: Json) -> Json:
        who = (applicant, "applicant")
        draft = self._draft(name, who, fields)
        return self._approve(self._client.post(who, f"/v1/permits/{draft['id']}/submit"))

    def _approve(self, submitted: Json) -> Json:
        """Findings by those who may, then approval by somebody else, bound to the digest."""
        path = f"/v1/permits/{submitted['id']}"
        for kind in submitted["findings_needed"] or ["legal_acquisition"]:
            note = NOTES.get(kind, "Examined.")
            body = {"kind": kind, "result": "positive", "note": note}
            self._client.post(staff(FINDING_ROLES[kind]), f"{path}/findings", body)
        approved: Json = self._client.post(staff("approver"), f"{path}/approve", {"digest": submitted["digest"]})
        return approved

    def _replace(self, issued: Json, reason: Json) -> None:
        draft = self._client.post(staff("preparer"), f"/v1/permits/{issued['id']}/replace", reason)
        path = f"/v1/permits/{draft['id']}"
        corrected = {**draft, "importer": {**draft["importer"], "name": "Reptilienhaus Oldenburg GmbH"}}
        if draft["state"] == "draft":
            self._client.put(staff("preparer"), path, corrected)
            draft = self._client.post(staff("preparer"), f"{path}/submit")
        if draft["state"] == "submitted":
            self._approve(draft)
        self._client.post(staff("preparer"), f"{path}/issue")

    def _endorse(self, issued: Json, direction: str, post: str, *, share: int = 1) -> str:
        """All lines in full, or one in `share` of each, unless an earlier seed did it; gives the event's id."""
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
            "endorsed_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "lines": lines,
            "transport_document": "AWB 176-55501234",
        }
        self._client.post(CUSTOMS, "/v1/endorsements", body)
        return event_id

    def _export(self, issued: Json) -> None:
        self._endorse(issued, "export", "manas-airport")

    def _export_part(self, issued: Json) -> None:
        self._endorse(issued, "export", "bishkek-clearance", share=2)

    def _cross(self, issued: Json) -> None:
        self._endorse(issued, "export", "torugart")
        self._endorse(issued, "import", "torugart")

    def _import(self, issued: Json) -> None:
        self._endorse(issued, "import", "manas-airport")

    def _undone(self, issued: Json) -> None:
        event_id = self._endorse(issued, "export", "osh-airport")
        withdrawal = str(uuid.uuid5(SPACE, f"{issued['id']} undo"))
        body = {"event_id": withdrawal, "reason": "The flight was cancelled; the birds went back to the breeder."}
        self._client.post(OTHER_CUSTOMS, f"/v1/endorsements/{event_id}/undo", body)


AT_THE_BORDER: Mapping[str, Callable[[Seed, Any], None]] = {
    "export": Seed._export,
    "export_part": Seed._export_part,
    "cross": Seed._cross,
    "import": Seed._import,
    "undone": Seed._undone,
}
