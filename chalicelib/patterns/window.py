"""Input and output of the rules: the permits of a year, reduced to what the rules need, and the flags.

A flag says that something is unusual, on which permits and with which figures. It accuses nobody. Somebody examines it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from chalicelib.breeding.model import Operation
from chalicelib.kernel.days import DAY, zone_named
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import FindingResult
from chalicelib.people.model import Posts
from chalicelib.permits.model.confirmations import not_left
from chalicelib.permits.model.dossier import Dossier, Draw
from chalicelib.permits.model.findings import required_findings
from chalicelib.permits.model.lifecycle import ISSUED_ONCE, excluded_approvers
from chalicelib.record.permit import Line, from_record
from chalicelib.species.model.name_search import fold
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verdict.snapshot import Arrival

YEAR = 365 * DAY


@dataclass(frozen=True, slots=True)
class PermitData:
    """One issued permit. `exporter` is folded, so that different spellings compare as equal."""

    id: str
    number: str
    kind: str
    state: str
    exporter: str
    exporter_name: str
    destination: str
    purpose: str
    lines: tuple[Line, ...]
    allowed: Mapping[str, PermittedAmount] = field(hash=False)
    issued_at: int
    expires_at: int
    creator: str
    excluded_approvers: frozenset[str]
    approver: str
    approved_at: int
    issuer: str  # user id of who issued it
    overrides: tuple[tuple[str, int], ...]  # user id and time
    lacking: tuple[str, ...]  # required findings that are missing or negative
    uses: tuple[Use, ...] = ()
    cleared: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    related: frozenset[str] = frozenset()  # ids of permits that it replaces or is replaced by
    quota_passed: bool = False
    legacy: bool = False
    importer: str = ""  # folded too
    importer_name: str = ""
    draws: tuple[Draw, ...] = ()
    not_left: Arrival | None = None  # reported by another Party, without an export before it

    @property
    def leaves(self) -> bool:
        """True if it lets one consignment leave the country."""
        return self.kind != DocumentKind.IMPORT and self.kind in KINDS and not KINDS[self.kind].many_crossings

    @property
    def taxa(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.scientific_name or "" for line in self.lines))


@dataclass(frozen=True, slots=True)
class ForeignDocument:
    """Another Party's document that was used here, by its code or as an officer read it from the paper.

    `id`: empty, since it is not a permit of ours.
    """

    issuer: str
    number: str
    kind: str
    exporter_name: str
    exporter_country: str
    destination: str
    lines: tuple[Line, ...]
    uses: tuple[Use, ...]
    at: int  # first seen
    id: str = ""

    @property
    def exporter(self) -> str:
        return f"{fold(self.exporter_name)}|{self.exporter_country}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Known data of a document that blocks 12 and 12a quote.

    `allowed`: unit ("": specimens) -> quantity, None if nobody here has seen the document. `destination`: the country
    of its block 3.
    """

    known: bool
    allowed: Mapping[str, Decimal] | None = field(default=None, hash=False)
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A security stamp that was written off."""

    number: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class PairedChange:
    """A change made by two administrators together.

    `subject`: what was changed, as displayed. `was`, `now`: figures of a quota.
    """

    kind: str  # desk | quota
    subject: str
    at: int
    proposed_by: str
    confirmed_by: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The permits and other facts that the rules read.

    `permits`: first to last by day of issue, from a year before `since`. Events before `since` give no flags. They are
    the sample for comparison.
    """

    now: int
    since: int
    issuer: str
    zone: str
    permits: tuple[PermitData, ...]
    posts: Posts = field(hash=False)
    operations: tuple[Operation, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict, hash=False)  # number -> used | void
    voids: tuple[tuple[str, int], ...] = ()  # numbers that were given up, with the time
    spoiled: tuple[Spoiled, ...] = ()
    paired: tuple[PairedChange, ...] = ()
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict, hash=False)  # (country, number) quoted
    shown: tuple[ForeignDocument, ...] = ()
    above: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)  # taxon -> its genus, family, order

    def local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at, zone_named(self.zone))

    def day(self, at: int) -> str:
        return self.local(at).date().isoformat()


def permit_data(dossier: Dossier) -> PermitData | None:
    """The permit of a dossier, or None if the dossier never became a permit."""
    if dossier.state not in ISSUED_ONCE or dossier.issued_at is None or dossier.number is None:
        return None
    asked = from_record(dossier.record)
    approval = dossier.approval
    have = {kind for kind, each in dossier.current_findings.items() if each.result != FindingResult.NEGATIVE}
    lacking = () if dossier.legacy else tuple(n.kind for n in required_findings(asked) if n.kind not in have)
    return PermitData(
        dossier.id,
        dossier.number,
        dossier.kind,
        dossier.state,
        exporter=f"{fold(asked.exporter.name or '')}|{asked.exporter.country}",
        exporter_name=asked.exporter.name or "",
        destination=asked.importer.country or "",
        purpose=asked.purpose or "",
        lines=asked.lines,
        allowed=dossier.allowed,
        issued_at=dossier.issued_at,
        expires_at=dossier.expires_at or dossier.issued_at,
        creator=dossier.creator,
        excluded_approvers=frozenset(each for each in excluded_approvers(dossier) if each),
        approver=approval.by if approval else "",
        approved_at=approval.at if approval else 0,
        issuer=dossier.last_actions.get("issue", ""),
        overrides=tuple((each.by, each.at) for each in dossier.overrides),
        lacking=lacking,
        uses=dossier.uses,
        cleared=frozenset((each.code, each.events) for each in dossier.cleared),
        related=frozenset({dossier.replaces or "", dossier.replaced_by or ""} - {""}),
        quota_passed=dossier.quota_passed,
        legacy=dossier.legacy,
        importer=f"{fold(asked.importer.name or '')}|{asked.importer.country}",
        importer_name=asked.importer.name or "",
        draws=dossier.draws,
        not_left=not_left(dossier),
    )


def quoted(permit: PermitData | ForeignDocument) -> tuple[tuple[str, str, str | None, Line], ...]:
    """The documents with which its lines' goods came (blocks 12 and 12a): country, number, day, line."""
    found = []
    for line in permit.lines:
        for source in (line.last_reexport, line.origin):
            if source is not None and source.document and source.country:
                found.append((source.country, source.document, source.date, line))
                break  # the goods came with the last re-export's document
    return tuple(found)


Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Flag:
    """A pattern that was found.

    - `subject`: identifies the same flag when it is found again.
    - `facts`: the figures of its sentence (suspicions/mail.py): times in seconds, ids of posts and people, country
      codes.
    - `at`: when it happened.
    """

    rule: str
    subject: str
    at: int
    permits: tuple[tuple[str, str], ...]  # id and number; another Party's has no id
    facts: Facts = field(default_factory=dict, hash=False)
    posts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()  # people named in it, who may not answer it

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.rule}\n{self.subject}".encode()).hexdigest()[:24]


PERMITS_NAMED = 20  # of one flag


def permit_ids(*permits: PermitData | ForeignDocument) -> tuple[tuple[str, str], ...]:
    """The permits of a flag, each once, and only the newest PERMITS_NAMED of them."""
    return tuple(dict.fromkeys((each.id, each.number) for each in permits))[-PERMITS_NAMED:]


def posts_of(*permits: PermitData | ForeignDocument) -> tuple[str, ...]:
    """The posts at which they were used, in order."""
    return tuple(dict.fromkeys(use.post for permit in permits for use in permit.uses))
