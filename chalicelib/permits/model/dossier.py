"""The dossier: all that the register records about one permit, from the draft to the last crossing.

Records are added and never removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import ClearingResult, Direction, FindingResult, State, UseResult, UseState
from chalicelib.kernel.errors import DigestMismatch, Stop
from chalicelib.kernel.rows import RowData
from chalicelib.record.permit import LEGACY, Line, from_record, line_letter
from chalicelib.record.shape import YEAR
from chalicelib.token.cose import decode_sign1
from chalicelib.token.qr_text import decode_qr
from chalicelib.trust.model import status_list
from chalicelib.uses.single_use import use_state
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verdict.snapshot import Arrival, ArrivalReport, Snapshot
from chalicelib.verdict.snapshot_checks import arrival, confirmed_values
from chalicelib.verdict.token_checks import TOKEN_CAP

Choice = Literal["restore", "withdraw"]  # how a difference from the published status list is settled


@dataclass(frozen=True, slots=True)
class Draw:
    """The quantity that one line takes of one quota, as counted when the permit got its number.

    - `line`: index from 0.
    - `carried`: the part that the replaced permit had and gives back when this permit is signed.
    - `frees`: what the replaced permit gives back beyond `carried`.
    - `total` of `limit`: box 11a, this permit included.
    - `passed`: an approver allowed this line to exceed the quota.
    """

    quota: str
    year: int
    line: int
    quantity: str
    carried: str = "0"
    frees: str = "0"
    total: str = ""
    limit: str = ""
    passed: bool = False

    @property
    def printed(self) -> str:
        """Box 11a (Conf. 12.3 Annex 2): total exported, this permit included, of the quota, and its year."""
        return f"{self.total} / {self.limit} ({self.year})"


def year_of(line: Line, this_year: int) -> int:
    """The year whose quota a line draws on. It is the year that the line names, else the year of issue."""
    return int(line.quota_year) if line.quota_year and YEAR.fullmatch(line.quota_year) else this_year


@dataclass(frozen=True, slots=True)
class Finding:
    """An authority's finding (Art. III-V).

    It is valid for one digest, so a changed application needs a new finding.
    """

    kind: str
    result: FindingResult
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
    represented: str = ""  # approver that a deputy stood in for: id and name
    represented_name: str = ""

    @property
    def same_person_ids(self) -> set[str]:
        """The approver and the person they stood in for, as `Actor.same_person_ids`."""
        return {self.by, self.represented} - {""}

    @property
    def printed(self) -> str:
        """The approver's name for block 13, a deputy's with the name of the approver they stood in for."""
        return f"{self.by_name}, for {self.represented_name}" if self.represented else self.by_name


@dataclass(frozen=True, slots=True)
class Override:
    """Hard stops (field, code) that an approver let pass for one digest, with the reason and the texts of the refusals.

    `identities` has one for each stop. It is empty in an override of a release that did not record them.
    """

    stops: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    reason: str
    by: str
    by_name: str
    at: int
    digest: str
    represented: str = ""  # approver that a deputy stood in for: id and name
    represented_name: str = ""
    identities: tuple[Stop, ...] = ()

    @property
    def same_person_ids(self) -> set[str]:
        return {self.by, self.represented} - {""}


ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A supporting document. `sha256` (hex) is the content address of the stored bytes, and `size` is in bytes."""

    id: str
    name: str
    content_type: str
    size: int
    sha256: str
    by: str
    at: int

    @property
    def file_name(self) -> str:
        """The name of a download, with an ending that fits the stored content type.

        The uploader chooses the name. A PDF named `permit.hta` would otherwise run when somebody opens the download.
        """
        endings = ENDINGS[self.content_type]
        return self.name if self.name.lower().endswith(endings) else self.name + endings[0]


@dataclass(frozen=True, slots=True)
class Intent:
    """The bytes to be signed, stored before the first signature of an attempt.

    - `pages`: for each page the two parts of the Sig_structure, protected header and payload, as hex.
    - `old`: state and use of the permit that this one replaces, as they were when these bytes were made.
    """

    attempt: int
    started_at: int
    kid: str
    pages: tuple[tuple[str, str], ...]
    old: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Cleared:
    """A verdict code that an officer cleared for the events that had raised it."""

    code: str
    events: tuple[str, ...]
    by: str
    at: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A person's answer to a verdict code that these events raised.

    The same answer again adds no line to the history.
    """

    code: str
    events: tuple[str, ...]
    result: ClearingResult
    by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A permit's entry in a status list."""

    uri: str
    index: int


@dataclass(frozen=True, slots=True)
class Issued:
    """Part of a dossier that exists once the permit is issued. `entry`: None for a paper permit from before Tamga."""

    number: str
    issued_at: int
    expires_at: int
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One permit's dossier. `record` is the request's JSON (`permit.to_record`). Times are whole seconds since 1970
    UTC.
    """

    id: str
    version: int
    state: State
    owner: str  # the applicant's id, or "" for the ministry's own
    creator: str
    created_at: int
    record: RowData = field(hash=False)
    editor: str = ""
    submitter: str = ""
    touched: tuple[str, ...] = ()  # user ids of everybody who ever edited or submitted it
    digest: str | None = None
    submitted_at: int | None = None
    species_list: Mapping[str, str] | None = field(default=None, hash=False)  # filled block 10: its days and version
    findings: tuple[Finding, ...] = ()
    approval: Approval | None = None
    overrides: tuple[Override, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reason: str | None = None  # of the last return, refusal, suspension, revocation or loss
    stamp: str = ""  # security stamp put by hand on the issued paper where block 5b was left open
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
    resolutions: tuple[Resolution, ...] = ()
    for_cause: bool = False
    missing: str | None = None  # lost | stolen
    voided: tuple[str, ...] = ()  # numbers declared void
    draws: tuple[Draw, ...] = ()  # the parts of quotas that its lines take; counted by quotas/model.py
    quota_lapsed: bool = False  # it expired unused and gave its part of the quotas back
    quota_waits: bool = False  # it ended while a hand-stamped endorsement waited: gives its part back when none waits
    quota_passed: bool = False  # P2: since a correction it takes more than the quota had left
    replaces: str | None = None  # dossier id
    replaces_number: str | None = None
    replaces_reason: str | None = None
    replaced_by: str | None = None  # dossier id, once that one is issued
    replaced_by_number: str | None = None
    confirmations: tuple[ArrivalReport, ...] = ()  # reports of arrival of other Parties, in the order they came
    lowered_at: int | None = None  # last time a withdrawal, reinstatement or correction took back a status value
    # action -> user id of who did it last (idempotent transitions)
    last_actions: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def entry(self) -> Entry | None:
        """The entry in a status list, from the reservation of the number on."""
        if self.status_uri is None or self.status_idx is None:
            return None
        return Entry(self.status_uri, self.status_idx)

    @property
    def reserved(self) -> tuple[str, Entry]:
        """The number and the entry that are reserved for it. Raises `DigestMismatch` without one."""
        if self.number is None or (entry := self.entry) is None:
            raise DigestMismatch("This permit has no number, or no entry of a status list.")
        return self.number, entry

    @property
    def issued(self) -> Issued:
        """The part that exists once it is issued. Raises `DigestMismatch` without it."""
        if self.number is None or self.issued_at is None or self.expires_at is None:
            raise DigestMismatch("This permit is not issued.")
        return Issued(self.number, self.issued_at, self.expires_at, self.entry)

    @property
    def legacy(self) -> bool:
        """True for a permit issued on paper before Tamga. It has no tokens, no check code and no status list entry."""
        return self.record.get("form") == LEGACY

    @property
    def private(self) -> bool:
        """True for an applicant's own draft that was never submitted, withdrawn or not."""
        return bool(self.owner) and self.creator == self.owner and self.submitted_at is None

    @property
    def kind(self) -> str:
        return str(self.record.get("document_type", ""))

    @property
    def waiting_since(self) -> int:
        """The time since which it waits for its next step.

        That is its approval or issue, else its submission, else its creation.
        """
        if self.state in {State.APPROVED, State.SIGNING} and self.approval:
            return self.approval.at
        return self.issued_at or self.submitted_at or self.created_at

    @property
    def use(self) -> UseState:
        return use_state(self.kind, self.uses) if self.kind in KINDS else UseState.UNUSED

    @property
    def stamp_waits(self) -> bool:
        """True if a hand-stamped export or import waits for its second officer."""
        return any(use.is_unconfirmed and use.kind in {Direction.EXPORT, Direction.IMPORT} for use in self.uses)

    @property
    def allowed(self) -> dict[str, PermittedAmount]:
        """Map each line letter to the amount that the record permits."""
        lines = from_record(self.record).lines
        return {line_letter(i): PermittedAmount(line.quantity or "0", line.unit) for i, line in enumerate(lines)}

    @property
    def arrived(self) -> Arrival | None:
        """The arrival that other Parties report of it now (P3)."""
        if not self.confirmations:
            return None
        destination = from_record(self.record).importer.country or ""
        return arrival(self.kind, destination, self.confirmations, self.allowed, self.confirmations[-1].at)

    @property
    def current_findings(self) -> dict[str, Finding]:
        """Map each kind to the newest finding on the current digest."""
        return {finding.kind: finding for finding in self.findings if finding.digest == self.digest}

    def but(self, **changes: Any) -> Dossier:
        """The next version, with these fields changed."""
        return replace(self, version=self.version + 1, **changes)


def status_value(dossier: Dossier) -> int:
    """The permit's status list entry (FORMAT.md 3). It depends only on state and use."""
    if dossier.missing and not dossier.for_cause:  # a lost permit stays LOST when it is replaced or revoked
        return status_list.LOST
    match dossier.state:
        case State.SUSPENDED:
            return status_list.SUSPENDED
        case State.REVOKED:
            return status_list.FOR_CAUSE if dossier.for_cause else status_list.REVOKED
        case State.REPLACED:
            return status_list.REPLACED
    if KINDS[dossier.kind].many_crossings:
        return status_list.VALID
    if dossier.kind == DocumentKind.IMPORT:
        return status_list.USED if dossier.use == UseState.IMPORTED else status_list.VALID
    return {
        "unused": status_list.VALID,
        "exported": status_list.USED,
        "imported": status_list.IMPORTED,
    }[dossier.use]


def confirmed(dossier: Dossier) -> frozenset[int]:
    """The status values that the dossier confirms. `status_value` is the one to publish."""
    return confirmed_values(
        dossier.state, dossier.kind, dossier.uses, for_cause=dossier.for_cause, missing=dossier.missing is not None
    )


def lowered_at(dossier: Dossier) -> int | None:
    """The time at which a status value was last taken back.

    For rows written before `lowered_at` was recorded, the last withdrawal of an export or import that had counted. A
    use that still waited for its second officer had changed no value.
    """
    if dossier.lowered_at is not None:
        return dossier.lowered_at
    counted = (
        use
        for use in dossier.uses
        if use.kind in {Direction.EXPORT, Direction.IMPORT} and use.result != UseResult.PENDING
    )
    return max((use.withdrawn.at for use in counted if use.withdrawn), default=None)


def snapshot(dossier: Dossier) -> Snapshot:
    """The part of the dossier that a verdict may use."""
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
        quota_passed=dossier.quota_passed,
        legacy=dossier.legacy,
        reports=dossier.confirmations,
        cleared=frozenset((c.code, c.events) for c in dossier.cleared),
        lowered_at=lowered_at(dossier),
    )
