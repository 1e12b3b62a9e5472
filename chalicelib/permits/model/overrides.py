"""Overrides: the hard stops that an approver let pass, each for one application as it was read.

A rule marks the stops that can be overridden (`FieldError.stop`):

- Appendix I for commercial purposes, or a suspension;
- a name that the species list lacks, is not certain about, or that is too broad;
- an Appendix below that of the country of origin's population;
- wild goods from far outside a certain range, or goods outside an annotation;
- live specimens by weight, or an introduction from the sea by a landlocked State;
- a zero quota, an exceeded quota, or last year's quota without a figure of this year;
- a permit quoted as origin that the register does not confirm.

An override records each stop by its rule (the code), line, quota or restriction, limit and excess. The same stop with a
larger excess is another stop.

The override is valid for one digest, that of the application as submitted, or as it would be. It does not count if its
approver edits, submits or judges the application, before or after.
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
    """A hard stop as an approver names it. Without `identity` it must be the only stop of this field and code."""

    field: str
    code: str
    identity: Stop | None = None

    def means(self, stop: FieldError) -> bool:
        same = (self.field, self.code) == (stop.field, stop.code)
        return same and (self.identity is None or (stop.stop is not None and within(stop.stop, self.identity)))


def within(now: Stop, read: Stop) -> bool:
    """True if it is the stop that was read, with no larger excess."""
    same = replace(now, excess="") == replace(read, excess="")
    return same and Decimal(now.excess or 0) <= Decimal(read.excess or 0)


def valid_overrides(dossier: Dossier, digest: str) -> tuple[Override, ...]:
    """The overrides that count for this digest."""
    touched = excluded_approvers(dossier)
    return tuple(each for each in dossier.overrides if each.digest == digest and not each.same_person_ids & touched)


def override_of(stop: FieldError, found: Sequence[FieldError], overrides: Iterable[Override]) -> Override | None:
    """The newest of these overrides that lets this stop pass. `found`: all refusals of the application."""
    return next((each for each in reversed(tuple(overrides)) if _covers(each, stop, found)), None)


def remaining(found: Sequence[FieldError], overrides: Iterable[Override]) -> tuple[FieldError, ...]:
    """The refusals that no override lets pass. Only a refusal that its rule marks as a hard stop can be overridden."""
    made = tuple(overrides)
    return tuple(each for each in found if override_of(each, found, made) is None)


def overridden_before(stop: FieldError, overrides: Iterable[Override]) -> bool:
    """True if an override names the field and code of this stop but does not cover it.

    It covers another stop of this field and code, or a smaller excess.
    """
    return any((stop.field, stop.code) in each.stops for each in overrides)


def _covers(override: Override, stop: FieldError, found: Sequence[FieldError]) -> bool:
    if stop.stop is None:
        return False
    if override.identities:
        pairs = zip(override.stops, override.identities, strict=True)
        return any(NamedStop(*named, read).means(stop) for named, read in pairs)
    # An override of a release that recorded field and code only. It covers the stop if this stop alone has them, with
    # the text that was read.
    alike = [each for each in found if (each.field, each.code) == (stop.field, stop.code)]
    return len(alike) == 1 and ((stop.field, stop.code), stop.detail) in zip(
        override.stops, override.rules, strict=False
    )
