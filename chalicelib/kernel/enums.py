"""Closed vocabularies that several rooms use. A member is its word in rows, JSON and vectors."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, get_args


class State(StrEnum):
    """State of a permit in the register (permits/model/lifecycle.py connects them)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REFUSED = "refused"
    APPROVED = "approved"
    SIGNING = "signing"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    LOST = "lost"
    VOID = "void"


class UseState(StrEnum):
    """How far a permit is used up (FORMAT.md 6)."""

    UNUSED = "unused"
    EXPORTED = "exported"
    IMPORTED = "imported"


class Direction(StrEnum):
    """Direction of goods at a border, and so of an endorsement."""

    EXPORT = "export"
    IMPORT = "import"
    TRANSIT = "transit"
    RETURN = "return"


NO_DIRECTION: Final = "none"  # of a scan: the reader has not said which way the goods go

ScanDirection = Literal[Direction.EXPORT, Direction.IMPORT, Direction.TRANSIT, Direction.RETURN, "none"]

SCAN_DIRECTIONS: tuple[ScanDirection, ...] = get_args(ScanDirection)


class UseResult(StrEnum):
    """Result of an endorsement."""

    ACCEPTED = "accepted"
    CONFLICT = "conflict"  # kept, and contradicts an earlier use
    DUPLICATE = "duplicate"  # the same consignment, recorded a second time
    PENDING = "pending"  # stamped by hand; a second officer has to confirm it


class Recorded(StrEnum):
    """How an endorsement came into the register."""

    LIVE = "live"
    PAPER = "paper"  # from a stamp on the paper
    LIST = "list"  # inferred from a published status list after a restore


class Outcome(StrEnum):
    """Outcome of a verdict, and what one verdict code asks for, in order of gravity (FORMAT.md 5)."""

    HOLD = "hold"
    NOT_VALID = "not_valid"
    CANNOT_TELL = "cannot_tell"
    CHECK = "check"
    ACCEPT_OFFLINE = "accept_offline"
    ACCEPT = "accept"


class FindingResult(StrEnum):
    """Result of a finding of the Scientific or the Management Authority."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    CONDITIONAL = "conditional"


class ClearingResult(StrEnum):
    """What an officer decided on a verdict code."""

    CLEARED = "cleared"
    CONFIRMED = "confirmed"


class KeyPurpose(StrEnum):
    """Purpose of a key in a trust list (FORMAT.md 4)."""

    PERMIT = "permit"
    STATUS = "status"
    PDF = "pdf"


UNREADABLE_FILE_REASONS: Mapping[str, str] = {
    "encrypted": "The file is protected by a password. Send a copy without a password.",
    "broken": "The file is damaged, or it does not match its content type. Send it again.",
    "too-large": "The file or a picture in it is too large. Send a smaller one.",
    "too-many-pages": "The file has too many pages. Send only the pages of the document.",
    "unsupported": "Send a PDF, PNG or JPEG file.",
    "heic": "HEIC photographs cannot be read. Save it as JPEG and send that "
    "(iPhone: Settings, Camera, Formats, Most Compatible).",
}
