"""A permit's life, step by step, over the real connection: each step may be cut off or fail, and is done once.

A test defines `verb`: it does the work with some disturbance until it is done. `once` checks the result.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aws_office import AwsOffice
from border import Phone, confirm, endorse, event, held, new_uuid, undo
from life import APPLICATION, SAKER, approved, endorsement, examined_and_approved, issue
from office import AIZADA, APPROVER, BEKZAT, PREPARER

from chalicelib.applications.services import draft as applications_draft
from chalicelib.endorsement.services import photographs
from chalicelib.kernel.errors import Unavailable
from chalicelib.permits.model.dossier import Dossier, status_value
from chalicelib.permits.services import change_status, store
from chalicelib.trust.model import status_list

NINE = replace(APPLICATION, lines=tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="1") for n in range(9)))
PNG = b"\x89PNG\r\n\x1a\n"
SIGNING = frozenset({"issue", "issue a replacement", "issue, annexed"})  # the sweep may have to end these
VERBS = frozenset(
    {
        "issue",
        "photo",
        "print",
        "endorse",
        "undo",
        "sync",
        "replace",
        "issue a replacement",
        "suspend",
        "reinstate",
        "revoke",
        "paper",
        "confirm",
        "issue, annexed",
    }
)


class Life(ABC):
    """The steps, in the order of one life. `office.print_here` draws nothing."""

    def __init__(self, office: AwsOffice) -> None:
        self.office = office
        self.permits: list[str] = []
        office.render = lambda dossier, replaced, marks: b"%PDF- " + str(dossier.number).encode()  # type: ignore[assignment]

    @abstractmethod
    def verb(self, name: str, work: Callable[[], Any]) -> None:
        """Do the work, disturbed, until it is done."""

    def life(self) -> None:
        office = self.office
        first = approved(office)
        self.verb("issue", lambda: issue(office, first))
        permit = held(office, first)
        assert permit.state == "issued"
        self.verb("print", lambda: self.printed(permit.id))
        asked, undo_id = endorsement(office, permit), new_uuid()
        self.verb("endorse", lambda: endorse(office, asked))
        self.verb("photo", lambda: self.photographed(asked.event_id))
        self.verb("undo", lambda: undo(office, asked.event_id, BEKZAT, undo_id))
        phone = Phone(office)
        told = event(endorsement(office, permit, direction="export"), AIZADA)
        self.verb("sync", lambda: self.synced(phone, told))
        reason = "a mistake in block 8"
        self.verb("replace", lambda: self.replaced(permit, reason))
        draft = self.replaced(permit, reason)
        assert self.replaced(permit, reason).id == draft.id  # one draft after several requests
        second = examined_and_approved(office, self.submitted(draft))
        self.verb("issue a replacement", lambda: issue(office, second))
        for step in ("suspend", "reinstate", "revoke"):
            self.verb(step, lambda step=step: self.moved(step, second.id))  # type: ignore[misc]
        uses = [asked.event_id, told["event_id"]]
        self.once(first.id, uses, {"endorse": 1, "undo": 1, "sync": 1, "replaced": 1})
        self.once(second.id, uses, {"suspend": 1, "reinstate": 1, "revoke": 1})
        assert len(office.register.query(f"PHOTOS#{asked.event_id}")) == 1
        annexed = approved(office, NINE)
        self.verb("issue, annexed", lambda: issue(office, annexed))
        paper = endorsement(office, held(office, annexed), recorded="paper")
        self.verb("paper", lambda: endorse(office, paper))
        self.verb("confirm", lambda: confirm(office, paper.event_id))
        self.once(annexed.id, [paper.event_id], {"endorse": 1, "confirm": 1})

    def synced(self, phone: Phone, told: dict[str, Any]) -> None:
        answers = phone.sync(told)
        if any(answer.get("again") for answer in answers):
            raise Unavailable
        assert answers[0]["result"] in {"stored", "duplicate"}, answers

    def printed(self, permit_id: str) -> None:
        self.office.print_here(permit_id, False)

    def photographed(self, event_id: str) -> None:
        office = self.office
        photographs.add(event_id, PNG, "image/png", AIZADA, office)  # fmt: skip

    def replaced(self, permit: Dossier, reason: str) -> Dossier:
        office = self.office
        return change_status.replace_permit(permit.id, reason, PREPARER, office)

    def submitted(self, draft: Dossier) -> Dossier:
        office = self.office
        return applications_draft.submit(draft.id, PREPARER, office)

    def moved(self, step: str, permit_id: str) -> None:
        """Change the state and publish at once, as the HTTP layer does."""
        office = self.office
        if step == "revoke":
            made = change_status.revoke(permit_id, "fraud", True, APPROVER, office)
        else:
            made = getattr(change_status, step)(permit_id, "asked", APPROVER, office)
        office.publish_here(made.status_uri or "")

    def once(self, permit_id: str, uses: list[str], actions: dict[str, int]) -> None:
        """Check that each step was done once.

        Checked: I4 uses and their events, history, and the value for the status list.
        """
        office, dossier = self.office, store.load(self.office.register, permit_id)
        assert [use.event_id for use in dossier.uses] == uses
        assert {use.result for use in dossier.uses} <= {"accepted"}  # no officer is accused by a retry
        history = store.history(office.register, permit_id, PREPARER)[0]
        counted = Counter(entry["action"] for entry in history)
        assert {name: counted[name] for name in actions} == actions, counted
        assert counted["signed"] == 1
        assert [entry["version"] for entry in history] == list(range(1, dossier.version + 1))  # none left out
        row = office.register.get(status_list.status_key(dossier.status_uri or "", dossier.status_idx or 0))
        assert row is not None
        assert row.data["value"] == status_value(dossier)
        self.permits.append(permit_id)
