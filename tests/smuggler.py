"""Means of a smuggler and a corrupt insider: a device with its own key, and the services."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from life import endorsement, issue
from office import AIZADA, APPROVER, PREPARER, SCIENTIST, MemoryOffice

from chalicelib.applications.services import decide
from chalicelib.applications.services import draft as applications_draft
from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services import withdraw
from chalicelib.kernel.days import to_text
from chalicelib.kernel.enums import FindingResult
from chalicelib.kernel.roles import FINDING_ROLES, Actor
from chalicelib.kernel.rows import Put
from chalicelib.offline.schemas import synced
from chalicelib.offline.services import devices, sync
from chalicelib.people import services as people
from chalicelib.people.services import person_key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.findings import required_findings
from chalicelib.permits.services import change_status
from chalicelib.record.permit import Application, from_record, record_bytes
from chalicelib.token import cose
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services import verify

GUARD = Actor("u-guard", "Guard of Torugart", frozenset({"border"}), frozenset({"torugart"}))
CORRUPT = Actor("u-corrupt", "Corrupt Officer", frozenset({"customs"}), frozenset({"manas-airport"}))
COLLEAGUE = Actor("u-colleague", "Honest Colleague", frozenset({"customs"}), frozenset({"manas-airport"}))


def staffed() -> MemoryOffice:
    """An office whose register knows these people."""
    made = MemoryOffice()
    for actor in (APPROVER, GUARD, CORRUPT, COLLEAGUE):
        row = {"name": actor.name, "posts": sorted(actor.posts), "roles": sorted(actor.roles)}
        made.register.commit(Put(person_key(actor.id), row))
    return made


@dataclass
class Phone:
    """A device with a key made by its holder."""

    office: MemoryOffice
    holder: Actor
    post: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: str = ""

    def __post_init__(self) -> None:
        public = base64.b64encode(cose.public_bytes(self.key.public_key())).decode()
        self.id = devices.register_device(public, self.post, "phone", self.holder, self.office).id  # fmt: skip

    def send(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        message = record_bytes({"device_id": self.id, "events": list(events)})
        raw = cose.raw_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return sync.sync(
            sync.Batch(self.id, list(events), base64.urlsafe_b64encode(raw).decode().rstrip("=")),
            synced,
            self.holder,
            self.office,
            person=lambda person_id: people.person(person_id, self.office.register),
        )


def used(office: MemoryOffice, dossier: Dossier, **changes: Any) -> dict[str, Any]:
    """The event of an export endorsement as a device sends it."""
    return {
        "kind": "endorsement",
        "event_id": str(uuid.uuid4()),
        "qr": dossier.tokens[0],
        "post": "manas-airport",
        "direction": "export",
        "endorsed_at": to_text(office.now),
        "lines": [{"line": letter, "quantity": a.quantity} for letter, a in dossier.allowed.items()],
        "transport_document": "AWB 235-1234",
        **changes,
    }


def endorse(office: MemoryOffice, dossier: Dossier, actor: Actor = AIZADA, **changes: Any) -> dict[str, Any]:
    receipt, _ = endorsement_endorse.endorse(endorsement(office, dossier, **changes), actor, office)  # fmt: skip
    return receipt


def look(office: MemoryOffice, dossier: Dossier, direction: str = "export", post: str = "manas-airport") -> Verdict:
    return verify.verify(dossier.tokens[0], office, place=Place(direction, "KG", post))  # fmt: skip


def ready_to_replace(office: MemoryOffice, old: Dossier, application: Application | None = None) -> Dossier:
    """The approved replacement, not issued yet."""
    draft = change_status.replace_permit(old.id, "lost in the post", PREPARER, office)
    if application is not None:
        applications_draft.edit(draft.id, application, PREPARER, office)
    made = applications_draft.submit(draft.id, PREPARER, office)
    for kind in [need.kind for need in required_findings(from_record(made.record))] or ["legal_acquisition"]:
        who = {"preparer": PREPARER, "scientist": SCIENTIST}[FINDING_ROLES[kind]]
        decide.find(made.id, decide.NewFinding(kind, FindingResult.POSITIVE, "seen"), who, office)
    return decide.approve(made.id, made.digest or "", APPROVER, office)  # fmt: skip


def replaced(office: MemoryOffice, old: Dossier, application: Application | None = None) -> Dossier:
    """The issued replacement."""
    return issue(office, ready_to_replace(office, old, application))


def undo(office: MemoryOffice, receipt: dict[str, Any], actor: Actor) -> None:
    withdraw.undo(
        withdraw.Undo(receipt["event_id"], str(uuid.uuid4()), "goods still here"),
        actor,
        office,
    )
