"""Which hard stops an approver has let pass, and for what exactly.

A rule marks what may be let pass (`FieldError.stop`): Appendix I for commercial purposes, a suspension, a name that the
species list lacks, a zero quota, a quota that is passed. An override records each stop by its rule (the code), line,
quota or restriction, that one's limit, and the excess: the same stop with a larger excess is another one. It speaks for
one digest: of the application as it is, or would be, submitted. A person who edits, submits or judges the application,
before or after, lets nothing of it pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chalicelib.kernel.errors import FieldError, Stop
from chalicelib.permits.model.dossier import Dossier, Override
from chalicelib.permits.model.lifecycle import excluded_approvers


@dataclass(frozen=True, slots=True)
class NamedStop:
    """A hard stop as an approver names it; without `identity` it must be the only one of this field and code."""

    field: str
    code: str
    identity: Stop | None = None

    def means(self, stop: FieldError) -> bool:
        same = (self.field, self.code) == (stop.field, stop.code)
        return same and (self.identity is None or (stop.stop is not None and within(stop.stop, self.identity)))


def within(now: Stop, read: Stop) -> bool:
    """Whether it is the stop that was read, with no more above the limit."""
    same = replace(now, excess="") == replace(read, excess="")
    return same and Decimal(now.excess or 0) <= Decimal(read.excess or 0)


def valid_overrides(dossier: Dossier, digest: str) -> tuple[Override, ...]:
    """The overrides that count for this digest."""
    touched = excluded_approvers(dossier)
    return tuple(each for each in dossier.overrides if each.digest == digest and not each.persons & touched)


def override_of(stop: FieldError, found: Sequence[FieldError], overrides: Iterable[Override]) -> Override | None:
    """The newest of these overrides that lets this stop pass. `found`: every refusal of the application."""
    return next((each for each in reversed(tuple(overrides)) if _covers(each, stop, found)), None)


def remaining(found: Sequence[FieldError], overrides: Iterable[Override]) -> tuple[FieldError, ...]:
    """The refusals that are left: only what its own rule marks as a hard stop can be let pass."""
    made = tuple(overrides)
    return tuple(each for each in found if override_of(each, found, made) is None)


def asked_again(stop: FieldError, overrides: Iterable[Override]) -> bool:
    """Whether an override names its field and code: of a stop that stands, another or a smaller one was let pass."""
    return any((stop.field, stop.code) in each.stops for each in overrides)


def _covers(override: Override, stop: FieldError, found: Sequence[FieldError]) -> bool:
    if stop.stop is None:
        return False
    if override.identities:
        pairs = zip(override.stops, override.identities, strict=True)
        return any(NamedStop(*named, read).means(stop) for named, read in pairs)
    # of a release that recorded field and code: the one stop that it can mean, in the words that were read
    alike = [each for each in found if (each.field, each.code) == (stop.field, stop.code)]
    return len(alike) == 1 and ((stop.field, stop.code), stop.detail) in zip(
        override.stops, override.rules, strict=False
    )
