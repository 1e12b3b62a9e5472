"""Register and context as inputs of a verdict: `Snapshot`, other Parties' reports, `Context`.

`Register` is a snapshot, or the reason why there is none: `NotAsked`, `Unknown`, `Failed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.kernel.enums import State
from chalicelib.people.model import Posts
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verdict.border_rules import Place


@dataclass(frozen=True, slots=True)
class ReportedQuantity:
    """The quantity of one line that another Party reports. Its unit is that of the permit's line."""

    line: str
    quantity: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Decision of two people that a report does not count. It is in force from `confirmed_at` (0: only proposed).

    `represented`: the approver for whom a deputy proposed it.
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
class ArrivalReport:
    """Another Party's report of arrival. It is that Party's claim, not an endorsement of ours.

    `digest`: SHA-256 of the report's content, to recognize the same report sent again. `serial`: of the client
    certificate that sent it. `with_code`: the Party gave the permit's check code.
    """

    country: str
    at: int
    lines: tuple[ReportedQuantity, ...]
    digest: str
    serial: str
    with_code: bool = False
    set_aside: SetAside | None = None

    @property
    def counts(self) -> bool:
        """True unless the report is set aside. A proposal to set it aside changes nothing."""
        return self.set_aside is None or not self.set_aside.confirmed_at


@dataclass(frozen=True, slots=True)
class Arrival:
    """Arrival as one Party reports it. `at`: time of its first report above zero. `whole`: the whole permit arrived."""

    country: str
    at: int
    lines: tuple[tuple[str, str], ...]
    whole: bool


ISSUED = frozenset({State.ISSUED, State.SUSPENDED, State.REVOKED, State.REPLACED, State.LOST})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """State of one permit in the issuing Party's register, at one moment. `payloads`: page -> the signed bytes.

    `allowed`: line letter -> permitted quantity. `cleared`: (code, event ids) that an officer cleared. `lowered_at`:
    when the register last recorded a withdrawal, reinstatement or correction (T8).
    """

    state: State
    kind: str
    payloads: Mapping[int, bytes] = field(hash=False)
    allowed: Mapping[str, PermittedAmount] = field(hash=False)
    uses: tuple[Use, ...] = ()
    for_cause: bool = False
    missing: bool = False  # reported lost or stolen, also if it was replaced or revoked later
    replaced_by: str | None = None
    retrospective: bool = False
    quota_passed: bool = False
    legacy: bool = False
    reports: tuple[ArrivalReport, ...] = ()  # other Parties' reports of arrival (P3)
    cleared: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    lowered_at: int | None = None


@dataclass(frozen=True, slots=True)
class NotAsked:
    """No register was asked, because the verdict is made offline."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The register answered that it has no such permit."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The register was asked and did not answer."""


type Register = Snapshot | NotAsked | Unknown | Failed


@dataclass(frozen=True, slots=True)
class Context:
    """Context of a verdict: place, posts, and what the reader knows besides. `other_pages`: QR texts of other pages.

    `own_scans`: times of this officer's own scans of this permit. `unsent`: uses that the device has not uploaded yet.
    `offline_limits`: unit ("" for specimens) -> the total above which offline is not enough (L1). `posts_of` is the
    time of a scan that is uploaded later. Checks 7 and 10 judge as of then.
    """

    place: Place = field(default_factory=Place)
    posts: Posts = field(default_factory=dict, hash=False)
    other_pages: tuple[str, ...] = ()
    own_scans: tuple[int, ...] = ()
    unsent: tuple[Use, ...] = ()
    offline_limits: Mapping[str, str] = field(default_factory=dict, hash=False)
    seen_at: int | None = None

    def at_scan_time(self, uses: tuple[Use, ...], now: int) -> tuple[tuple[Use, ...], int]:
        """Return the uses and the time that checks 7 and 10 judge by.

        They are those of `posts_of` if it is before `now`.
        """
        if self.seen_at is None or self.seen_at >= now:
            return uses, now
        return tuple(use for use in uses if use.at <= self.seen_at), self.seen_at


NO_CONTEXT = Context()
