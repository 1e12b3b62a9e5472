"""Exceptions of Tamga's own refusals, as one tree.

    TamgaError
    +-- DecodeError            422 not-genuine        malformed bytes or text; has a verdict code
    +-- CborError              422 not-genuine        not strict CBOR
    +-- KeyFormatError         422 invalid            not a P-256 key or signature
    +-- Invalid                422 invalid            input is malformed, incomplete or against a rule
    +-- NotGenuine             422 not-genuine        the code proves no permit
    +-- QuantityExceeded       422 quantity-exceeded
    +-- EventIdReused          422 event-id-reused
    +-- WrongState             409 wrong-state
        +-- EditedMeanwhile    409 edited-meanwhile   the version that was read is no longer current
    +-- TooManyDrafts          409 too-many-drafts
    +-- DigestMismatch         409 digest-mismatch
    +-- NotUsable              409 not-usable
    +-- AlreadyUsed            409 already-used
    +-- KeptAsConflict         409 kept-as-conflict   the register keeps this endorsement as a second use
    +-- TwoPeople              403 two-people
    +-- Forbidden              403 forbidden
    +-- LostDevice             403 lost-device        the calling device was reported lost
    +-- ExchangeRefused        403 exchange-refused   another Party's question is refused; `name` is the reason
    +-- Unauthenticated        401 unauthenticated
    +-- NoMatch                404 no-match           unknown, or another person's
    +-- TooLarge               413 too-large
    +-- TooMany                429 too-many
    +-- Unavailable            503 unavailable        try again: nothing was done, or the retry finds the result
        +-- Restored           503 restored           the table was restored; writes are refused until people open it
        +-- UnreadableRow      503 unavailable        this release cannot read a row of the register

`status` and `slug` are for the HTTP answer (RFC 9457, `http/problems.py`). This module formats no response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple


class TamgaError(Exception):
    """Root of all errors. `detail` and `extra` never have an unverified field, so they are safe to show."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "fault"
    title: ClassVar[str] = "The service failed"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra: Mapping[str, Any] = extra


class DecodeError(TamgaError):
    """Malformed text or bytes. `code`: the verdict code (T3, T4, F1 ...). `check`: its number in FORMAT.md 5."""

    slug = "not-genuine"
    status = 422
    title = "The code could not be read"

    def __init__(self, code: str, check: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.check = check


@dataclass(frozen=True, slots=True)
class Stop:
    """Identity of one hard stop among those of its rule.

    `line`: from 0. `limited_by`: the quota, restriction or document that sets the limit. `limit`: the limit.
    `excess`: the amount above it. A field is empty if the rule has no such value.
    """

    line: int | None = None
    limited_by: str = ""
    limit: str = ""
    excess: str = ""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One refusal: the request field (`lines[0].quantity`), a stable code, and words that name block and rule.

    `stop`: set if it is a hard stop that an approver may override with a reason (`permits/model/overrides.py`).
    """

    field: str
    code: str
    detail: str
    stop: Stop | None = None

    @property
    def overridable(self) -> bool:
        return self.stop is not None


class WarningOption(NamedTuple):
    """A value that the field may have instead, and words about it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class FieldWarning:
    """A remark on a request field (`lines[0].scientific_name`) that refuses nothing: a stable code and words.

    `options`: values to choose from.
    """

    field: str
    code: str
    words: str
    options: tuple[WarningOption, ...] = ()


class Invalid(TamgaError):
    """Malformed or incomplete input, or input against a rule. `errors` lists every fault found."""

    status = 422
    slug = "invalid"
    title = "The request is not valid"

    def __init__(self, *errors: FieldError, detail: str = "") -> None:
        super().__init__(detail or "; ".join(f"{e.field}: {e.detail}" for e in errors))
        self.errors = errors


class NotGenuine(TamgaError):
    status = 422
    slug = "not-genuine"
    title = "The code is not that of a genuine permit"


class QuantityExceeded(TamgaError):
    status = 422
    slug = "quantity-exceeded"
    title = "More than the permit allows"


class EventIdReused(TamgaError):
    status = 422
    slug = "event-id-reused"
    title = "This event id belongs to another request"


class WrongState(TamgaError):
    status = 409
    slug = "wrong-state"
    title = "Not possible in this state"


class EditedMeanwhile(WrongState):
    slug = "edited-meanwhile"
    title = "It was changed after you read it"


class TooManyDrafts(TamgaError):
    status = 409
    slug = "too-many-drafts"
    title = "Too many drafts that are not submitted"


class DigestMismatch(TamgaError):
    status = 409
    slug = "digest-mismatch"
    title = "The application has changed since it was read"


class NotUsable(TamgaError):
    status = 409
    slug = "not-usable"
    title = "The permit cannot be used"


class AlreadyUsed(TamgaError):
    status = 409
    slug = "already-used"
    title = "The permit has been used"


class KeptAsConflict(TamgaError):
    """An endorsement from a device's batch that is kept but contradicts an earlier use or the permit's state."""

    status = 409
    slug = "kept-as-conflict"
    title = "Kept as a second use"


class TwoPeople(TamgaError):
    status = 403
    slug = "two-people"
    title = "A second person has to do this"


class Forbidden(TamgaError):
    status = 403
    slug = "forbidden"
    title = "You are not allowed to do this"


class LostDevice(TamgaError):
    status = 403
    slug = "lost-device"
    title = "This device was reported lost"


class ExchangeRefused(TamgaError):
    """Refusal of another Party's question.

    `fault` in `extra`: the name of the SOAP fault. EPIX's own name is used if it has one (CertificateMissing,
    CallerNotFound ...).
    """

    status = 403
    slug = "exchange-refused"
    title = "The exchange does not answer this request"

    @property
    def name(self) -> str:
        return str(self.extra["fault"])


class Unauthenticated(TamgaError):
    status = 401
    slug = "unauthenticated"
    title = "Sign in first"


class NoMatch(TamgaError):
    status = 404
    slug = "no-match"
    title = "Nothing found"


class TooLarge(TamgaError):
    status = 413
    slug = "too-large"
    title = "Too large"


class TooMany(TamgaError):
    status = 429
    slug = "too-many"
    title = "Too many tries"


class Unavailable(TamgaError):
    status = 503
    slug = "unavailable"
    title = "Try again shortly"


class Restored(Unavailable):
    """The register was restored and is locked. There is no Retry-After, because a retry soon does not help."""

    slug = "restored"
    title = "The register was restored and is not open yet"


class UnreadableRow(Unavailable):
    """A row of the register that this release cannot read, for example one with a state of a newer release.

    `row`: the row's key, for the log and the operator. `detail` goes to clients and does not name the row.
    """

    def __init__(self, row: str) -> None:
        super().__init__("This release cannot read a record of the register.")
        self.row = row

    def __str__(self) -> str:
        return f"{self.detail} Row: {self.row}"


class CborError(TamgaError):
    """Bytes that are not CBOR in its only valid encoding, or a value that has no such encoding."""

    status = 422
    slug = "not-genuine"
    title = "Not strict CBOR"


class KeyFormatError(TamgaError):
    """A key or signature that is not P-256."""

    status = 422
    slug = "invalid"
    title = "Not a P-256 key or signature"


# Over HTTP these are faults of our stored bytes and keys: malformed bytes from a client end in a verdict.
INTERNAL_FAULTS = (DecodeError, CborError, KeyFormatError)
