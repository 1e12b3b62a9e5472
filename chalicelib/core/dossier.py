"""Everything the register holds about one permit, from the draft to the last crossing; it only ever grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.core import status_list
from chalicelib.core.codes import KINDS
from chalicelib.core.cose import decode_sign1
from chalicelib.core.ledger import Allowance, Use, use_of
from chalicelib.core.permit import from_record, line_letter
from chalicelib.core.qr_text import decode_qr
from chalicelib.core.token import TOKEN_CAP
from chalicelib.core.verdict import Snapshot


@dataclass(frozen=True, slots=True)
class Finding:
    """What an authority found (Art. III-V). It speaks for one digest; a changed application needs a new one."""

    kind: str
    result: str  # positive | negative | conditional
    note: str
    by: str
    at: int
    digest: str


@dataclass(frozen=True, slots=True)
class Approval:
    by: str
    by_name: str
    at: int
    digest: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A supporting paper; `sha256` (hex) names the stored bytes (content address), `size` counts them."""

    id: str
    name: str
    content_type: str
    size: int
    sha256: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be signed, stored before the first signature (attempt by attempt).

    `pages`: for each page the Sig_structure's two parts, protected header and payload, as hex. `old`: the state and
    use of the permit that this one replaces, as they were when these bytes were made.
    """

    attempt: int
    started_at: int
    kid: str
    pages: tuple[tuple[str, str], ...]
    old: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Cleared:
    """A code that an officer cleared, for the events that had raised it."""

    code: str
    events: tuple[str, ...]
    by: str
    at: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One permit's file. `record` is the request's JSON (permit.to_record); times are whole seconds."""

    id: str
    version: int
    state: str
    owner: str  # the applicant's id, or "" for the ministry's own
    creator: str
    created_at: int
    record: Mapping[str, Any]
    editor: str = ""
    submitter: str = ""
    digest: str | None = None
    submitted_at: int | None = None
    findings: tuple[Finding, ...] = ()
    approval: Approval | None = None
    attachments: tuple[Attachment, ...] = ()
    reason: str | None = None  # of the last return, refusal, suspension, revocation or loss
    number: str | None = None
    status_uri: str | None = None
    status_idx: int | None = None
    issued_at: int | None = None
    expires_at: int | None = None
    intent: Intent | None = None
    tokens: tuple[str, ...] = ()  # QR texts, page by page
    check_code: str | None = None
    uses: tuple[Use, ...] = ()
    cleared: tuple[Cleared, ...] = ()
    for_cause: bool = False
    missing: str | None = None  # lost | stolen
    voided: tuple[str, ...] = ()  # numbers declared void
    replaces: str | None = None  # dossier id
    replaces_number: str | None = None
    replaces_reason: str | None = None
    replaced_by: str | None = None  # dossier id, once that one is issued
    replaced_by_number: str | None = None
    last_actions: Mapping[str, str] = field(default_factory=dict)  # action -> who did it last (idempotent transitions)

    @property
    def kind(self) -> str:
        return str(self.record.get("document_type", ""))

    @property
    def use(self) -> str:
        return use_of(self.kind, self.uses) if self.kind in KINDS else "unused"

    @property
    def allowed(self) -> dict[str, Allowance]:
        """Line letter -> what the record permits."""
        lines = from_record(self.record).lines
        return {line_letter(i): Allowance(line.quantity or "0", line.unit) for i, line in enumerate(lines)}

    @property
    def current_findings(self) -> dict[str, Finding]:
        """kind -> the newest finding on the present digest."""
        return {finding.kind: finding for finding in self.findings if finding.digest == self.digest}

    def but(self, **changes: Any) -> Dossier:
        """The next version, with these fields changed."""
        return replace(self, version=self.version + 1, **changes)


def status_value(dossier: Dossier) -> int:
    """The permit's entry in the status list (FORMAT.md 3): a function of state and use alone."""
    if dossier.missing and not dossier.for_cause:  # it stays so when it is replaced or revoked
        return status_list.LOST
    match dossier.state:
        case "suspended":
            return status_list.SUSPENDED
        case "revoked":
            return status_list.FOR_CAUSE if dossier.for_cause else status_list.REVOKED
        case "replaced":
            return status_list.REPLACED
    if KINDS[dossier.kind].many_crossings:
        return status_list.VALID
    if dossier.kind == "I":
        return status_list.USED if dossier.use == "imported" else status_list.VALID
    return {
        "unused": status_list.VALID,
        "exported": status_list.USED,
        "imported": status_list.IMPORTED,
    }[dossier.use]


def snapshot(dossier: Dossier) -> Snapshot:
    """What a verdict may know of the dossier."""
    payloads = {i + 1: decode_sign1(decode_qr(text)[1], cap=TOKEN_CAP).payload for i, text in enumerate(dossier.tokens)}
    return Snapshot(
        state=dossier.state,
        kind=dossier.kind,
        payloads=payloads,
        allowed=dossier.allowed,
        uses=dossier.uses,
        for_cause=dossier.for_cause,
        missing=dossier.missing is not None,
        replaced_by=dossier.replaced_by_number,
        retrospective="retrospective" in dossier.record,
        cleared=frozenset((c.code, c.events) for c in dossier.cleared),
    )
