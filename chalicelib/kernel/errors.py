"""Everything that Tamga itself can refuse, as one tree.

    TamgaError
    +-- DecodeError            bytes or text that are not what they claim to be; carries a verdict code
    +-- Invalid                422 invalid            input is malformed, incomplete or against a rule
    +-- NotGenuine             422 not-genuine        the code does not speak for a permit
    +-- QuantityExceeded       422 quantity-exceeded
    +-- EventIdReused          422 event-id-reused
    +-- WrongState             409 wrong-state
        +-- EditedMeanwhile    409 edited-meanwhile   another version than the one that was read
    +-- DigestMismatch         409 digest-mismatch
    +-- NotUsable              409 not-usable
    +-- AlreadyUsed            409 already-used
    +-- KeptAsConflict         409 kept-as-conflict   the register keeps this endorsement as a second use
    +-- TwoPeople              403 two-people
    +-- Forbidden              403 forbidden
    +-- LostDevice             403 lost-device        the device that asks was reported lost
    +-- ExchangeRefused        403 exchange-refused   another Party's question is not answered; `name` says why
    +-- Unauthenticated        401 unauthenticated
    +-- NoMatch                404 no-match           unknown, or another's
    +-- TooLarge               413 too-large
    +-- TooMany                429 too-many
    +-- Unavailable            503 unavailable        try again; nothing was done, or the retry will find it
        +-- Restored           503 restored           the table was restored: writing stays off until people open it

`status` and `slug` are hints for the HTTP edge (RFC 9457); the core never formats a response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


class TamgaError(Exception):
    """The root. `detail` is safe to show: it never carries an unverified field."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "fault"
    title: ClassVar[str] = "The service failed"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra: Mapping[str, Any] = extra


class DecodeError(TamgaError):
    """Text or bytes were refused. `code`: the verdict code (T3, T4, F1 ...); `check`: its number in FORMAT.md 5."""

    slug = "not-genuine"
    status = 422
    title = "The code could not be read"

    def __init__(self, code: str, check: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.check = check


@dataclass(frozen=True, slots=True)
class Stop:
    """Which hard stop of its rule it is: the line (from 0), the quota, restriction or document that limits it, the
    limit, and the amount above it. Empty where the rule has none."""

    line: int | None = None
    limited_by: str = ""
    limit: str = ""
    excess: str = ""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One refusal: the request field (`lines[0].quantity`), a stable code, and words that name block and rule.

    `stop`: of a hard stop that an approver may let pass, with a reason (`permits/model/overrides.py`).
    """

    field: str
    code: str
    detail: str
    stop: Stop | None = None

    @property
    def overridable(self) -> bool:
        return self.stop is not None


class Invalid(TamgaError):
    """Input is malformed, incomplete or against a rule; carries every fault found, not the first."""

    status = 422
    slug = "invalid"
    title = "The request is not valid"

    def __init__(self, *errors: FieldError, detail: str = "") -> None:
        super().__init__(detail or "; ".join(f"{e.field}: {e.detail}" for e in errors))
        self.errors = errors


class NotGenuine(TamgaError):
    status = 422
    slug = "not-genuine"
    title = "The code does not speak for a permit"


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
    title = "Somebody has changed it since it was read"


class TooManyDrafts(TamgaError):
    status = 409
    slug = "too-many-drafts"
    title = "Too many drafts that were never submitted"


class DigestMismatch(TamgaError):
    status = 409
    slug = "digest-mismatch"
    title = "The application is not the one that was read"


class NotUsable(TamgaError):
    status = 409
    slug = "not-usable"
    title = "The permit cannot be used"


class AlreadyUsed(TamgaError):
    status = 409
    slug = "already-used"
    title = "The permit has been used"


class KeptAsConflict(TamgaError):
    """The endorsement was recorded (by a device's batch) and contradicts an earlier use or the permit's state."""

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
    title = "Your role may not do this"


class LostDevice(TamgaError):
    status = 403
    slug = "lost-device"
    title = "This device was reported lost"


class ExchangeRefused(TamgaError):
    """`fault`: the name of the SOAP fault; those of EPIX where it has one (CertificateMissing, CallerNotFound ...)."""

    status = 403
    slug = "exchange-refused"
    title = "This is not answered over the exchange"

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
    """Asking again soon does not help, so there is no Retry-After."""

    slug = "restored"
    title = "The register was restored and is not open yet"


class CborError(TamgaError):
    """The bytes are not CBOR in the one spelling, or the value has none."""

    status = 422
    slug = "not-genuine"
    title = "Not strict CBOR"


class KeyTrouble(TamgaError):
    """A key or signature that is not P-256."""

    status = 422
    slug = "invalid"
    title = "Not a P-256 key or signature"


OURS = (DecodeError, CborError, KeyTrouble)  # of stored bytes and keys: what a client sends ends in a verdict
