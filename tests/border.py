"""Actions at the border in tests: endorse, scan, withdraw and upload with the parts of an office.

Also permits of Kazakhstan for us.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import token_maker
import trust_maker
from crashing import rows
from life import directed, endorsement
from office import AIZADA, APPLICANT, APPROVER, BEKZAT, DAY, MemoryOffice
from process import but

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services import paper_stamps, withdraw
from chalicelib.endorsement.services import scan as endorsement_scan
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key
from chalicelib.offline.services import devices
from chalicelib.offline.services import sync as offline_sync
from chalicelib.offline.services.sync import Batch
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import change_status, store
from chalicelib.record.permit import Permit, TokenParty, record_bytes
from chalicelib.token import cose
from chalicelib.token.qr_text import encode_qr
from chalicelib.uses.use import UsedLine
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services.verify import Checker, verify

CHINARA = Actor("u-chinara", "Chinara", frozenset({"customs"}), frozenset({"*"}))
GUARD = Actor("u-guard", "Guard", frozenset({"border"}), frozenset({"*"}))
INSPECTOR = Actor("u-insp", "Inspector", frozenset({"inspector"}), frozenset({"*"}))
AT_OSH = Actor("u-osh", "Osh only", frozenset({"customs"}), frozenset({"osh-airport"}))
PEOPLE = {actor.id: actor for actor in (AIZADA, BEKZAT, CHINARA, GUARD, INSPECTOR, AT_OSH)}
KZ_HOST = "cites.example.kz"


def new_uuid() -> str:
    return str(uuid.uuid4())


def lines(*quantities: str) -> tuple[UsedLine, ...]:
    return tuple(UsedLine("ABCDEFGHIJKLM"[i], quantity) for i, quantity in enumerate(quantities))


def endorse(
    office: MemoryOffice, what: Dossier | Endorsement, actor: Actor = AIZADA, *, checker: Checker | None = None,
    **changes: Any,
) -> dict[str, Any]:  # fmt: skip
    asked = what if isinstance(what, Endorsement) else endorsement(office, what)
    return endorsement_endorse.endorse(
        replace(asked, **directed(changes)), actor, but(office, checker=lambda: checker or office.checker())
    )[0]


def undo(office: MemoryOffice, event_id: str, actor: Actor = BEKZAT, undo_id: str | None = None) -> dict[str, Any]:
    return withdraw.undo(withdraw.Undo(event_id, undo_id or new_uuid(), "goods still here"), actor, office)


def confirm(office: MemoryOffice, event_id: str, actor: Actor = BEKZAT) -> dict[str, Any]:
    return paper_stamps.confirm(event_id, actor, office)


def look(
    office: MemoryOffice, dossier: Dossier, direction: str = "none", post: str | None = None, country: str = "KG"
) -> Verdict:
    return verify(dossier.tokens[0], office, place=Place(direction, country, post), other_pages=dossier.tokens[1:])


def scan(office: MemoryOffice, asked: Scan, actor: Actor = BEKZAT) -> Any:
    return endorsement_scan.scan(asked, actor, office)


def held(office: MemoryOffice, dossier: Dossier) -> Dossier:
    return store.load(office.register, dossier.id)


def with_kazakhstan(office: MemoryOffice) -> Checker:
    """Our verifier with Kazakhstan pinned as a second Party."""
    trust, other = office.trust(), trust_maker.trust_list("KZ", KZ_HOST, now=office.now - DAY)
    pins = (*trust.pins, trust_maker.pin("KZ"))
    both = replace(trust, lists=(*trust.lists, other), pins=pins, fetched_at={"KG": office.now, "KZ": office.now})
    return Checker(office.stage, both, office.posts)


def from_kazakhstan(office: MemoryOffice, **changes: Any) -> tuple[Permit, str]:
    """A permit of Kazakhstan for us, and its code."""
    fields = {
        "issuer": "KZ", "number": "26KZ000007/E", "exporter": TokenParty("Almaty Falcons", "KZ"),
        "importer": TokenParty("Bishkek Zoo", "KG"), "issued_at": office.now - 100, "expires_at": office.now + 90 * DAY,
        **changes,
    }  # fmt: skip
    permit = token_maker.permit(host=KZ_HOST, **fields)
    return permit, encode_qr(KZ_HOST, token_maker.token(permit))


class Phone:
    """A registered device with its own key."""

    def __init__(self, office: MemoryOffice, post: str = "manas-airport", actor: Actor = AIZADA) -> None:
        self.office, self.post, self.actor = office, post, actor
        self.key = FileSigner.generate()
        self.id = devices.register_device(
            base64.b64encode(self.key.public_key).decode(), post, "phone", actor, but(office, now=office.now - 30 * DAY)
        ).id

    def sign(self, events: Sequence[Mapping[str, Any]]) -> str:
        from hashlib import sha256

        message = record_bytes({"device_id": self.id, "events": list(events)})
        raw = cose.raw_signature(self.key.sign_digest(sha256(message).digest()))
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def batch(self, events: Sequence[Mapping[str, Any]], *, more: bool = False) -> Batch:
        return Batch(self.id, events, self.sign(events), more)

    def sync(
        self, *events: Mapping[str, Any], actor: Actor | None = None, signature: str | None = None,
        checker: Checker | None = None, person: Callable[[str], Actor] = PEOPLE.__getitem__, more: bool = False,
        alive: bool = False,
    ) -> list[dict[str, Any]]:  # fmt: skip
        office = self.office
        return offline_sync.sync(
            Batch(self.id, events, self.sign(events) if signature is None else signature, more, alive),
            parse,
            actor or self.actor,
            but(office, checker=lambda: checker or office.checker()),
            person=person,
        )


def event(asked: Endorsement, officer: Actor | None = None) -> dict[str, Any]:
    """The record of an endorsement on a device."""
    body = {name: value for name, value in asdict(asked).items() if value not in (None, "", ())}
    named = {"officer": officer.id} if officer else {}
    return {**body, "lines": [{k: v for k, v in x.items() if v is not None} for x in body["lines"]], **named,
            "kind": "endorsement"}  # fmt: skip


def parse(body: Mapping[str, Any]) -> tuple[offline_sync.Parsed, str | None]:
    """Parse an event as the HTTP layer does, without its schemas."""
    fields = {name: value for name, value in body.items() if name not in {"kind", "officer"}}
    if body["kind"] == "undo":
        return withdraw.Undo(fields["endorsement"], fields["event_id"], fields["reason"]), body.get("officer")
    if body["kind"] == "scan":
        return Scan(**fields), body.get("officer")
    used = tuple(UsedLine(**line) for line in fields.pop("lines"))
    pages = tuple(fields.pop("other_pages", ()))
    return Endorsement(**directed(fields), lines=used, other_pages=pages), body.get("officer")


def status_of(office: MemoryOffice, dossier: Dossier) -> int:
    """The permit's value for its status list."""
    return int(rows(office.register)[Key(f"STATUS#{dossier.status_uri}", f"{dossier.status_idx:06d}")]["value"])


def move(office: MemoryOffice, dossier: Dossier, how: str) -> None:
    """Change the permit's state by a person with the right to do so."""
    match how:
        case "suspended":
            change_status.suspend(dossier.id, "doubt", APPROVER, office)
        case "revoked":
            change_status.revoke(dossier.id, "wish", False, APPROVER, office)
        case "for cause":
            change_status.revoke(dossier.id, "fraud", True, APPROVER, office)
        case "lost" | "stolen":
            change_status.report_lost(dossier.id, "gone", how, APPLICANT, office)


def results(answers: Sequence[dict[str, Any]]) -> list[str]:
    return [answer["result"] for answer in answers]
