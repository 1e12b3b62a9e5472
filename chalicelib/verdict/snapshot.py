"""What a verdict knows of the register: a snapshot of it, or that it was not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.people.model import Posts
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verdict.border_rules import Place


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The quantity that another Party found of one line; `unit` as on the line, None for a number."""

    line: str
    quantity: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """The decision of two persons that a report does not count; in force from `confirmed_at`.

    `represented`: whose deputy proposed it.
    """

    by: str
    by_name: str
    at: int
    reason: str
    represented: str = ""
    confirmed_by: str = ""
    confirmed_by_name: str = ""
    confirmed_at: int = 0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A report of another Party's inspection: its word, no endorsement of ours.

    `digest`: SHA-256 of what it said, so that the same again is the same. `serial`: of the certificate it came with.
    `with_code`: the Party gave the permit's check code.
    """

    country: str
    at: int
    lines: tuple[Confirmed, ...]
    digest: str
    serial: str
    with_code: bool = False
    set_aside: SetAside | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody set it aside; a proposal to do so changes nothing yet."""
        return self.set_aside is None or not self.set_aside.confirmed_at


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one Party says arrived. `at`: of its first report of more than nothing; `whole`: all that is permitted."""

    country: str
    at: int
    lines: tuple[tuple[str, str], ...]
    whole: bool


ISSUED = frozenset({"issued", "suspended", "revoked", "replaced", "lost"})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the issuing Party's register holds about one permit. `payloads`: page -> the signed bytes.

    `lowered_at`: when it last recorded a withdrawal, reinstatement or correction.
    """

    state: str
    kind: str
    payloads: Mapping[int, bytes] = field(hash=False)
    allowed: Mapping[str, PermittedAmount] = field(hash=False)
    uses: tuple[Use, ...] = ()
    for_cause: bool = False
    missing: bool = False  # reported lost or stolen, also after it was replaced
    replaced_by: str | None = None
    retrospective: bool = False
    quota_passed: bool = False
    legacy: bool = False
    reports: tuple[Confirmation, ...] = ()  # other Parties', of what arrived
    cleared: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    lowered_at: int | None = None


Register = Snapshot | Literal["unknown", "not_asked", "failed"]


@dataclass(frozen=True, slots=True)
class Context:
    """Who looks, where, and what they know besides. `own_scans`: times of this officer's own scans of this permit.

    `offline_limits`: unit ("" for specimens) -> the total above which offline is never enough (L1). `seen_at`: when
    they looked, of a scan that is brought in later: time and use (7, 10) are judged as of then.
    """

    place: Place = field(default_factory=Place)
    posts: Posts = field(default_factory=dict, hash=False)
    other_pages: tuple[str, ...] = ()
    own_scans: tuple[int, ...] = ()
    unsent: tuple[Use, ...] = ()
    offline_limits: Mapping[str, str] = field(default_factory=dict, hash=False)
    seen_at: int | None = None

    def as_seen(self, uses: tuple[Use, ...], now: int) -> tuple[tuple[Use, ...], int]:
        """The uses that there were when this person looked, and when that was."""
        if self.seen_at is None or self.seen_at >= now:
            return uses, now
        return tuple(use for use in uses if use.at <= self.seen_at), self.seen_at


NOWHERE = Context()
