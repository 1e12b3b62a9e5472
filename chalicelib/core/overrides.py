"""Which hard stops an approver has let pass, and for what exactly.

A rule marks what may be let pass (`FieldError.overridable`): Appendix I for commercial purposes, a suspension, a name
that the species list lacks, a zero quota, a quota that is passed. An override names field and code of such refusals and
speaks for one digest: of the application as it is, or would be, submitted. Whoever has or later gets a hand in the
application has not let pass anything of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.core.dossier import Dossier, Override
from chalicelib.core.errors import FieldError
from chalicelib.core.lifecycle import hands
from chalicelib.core.listing import Listing
from chalicelib.core.permit import from_record, record_digest, to_record
from chalicelib.core.rules import complete

Stop = tuple[str, str]  # field and code


def digest_of(dossier: Dossier, listing: Listing) -> str:
    """What an override speaks for: the digest that was submitted, or that submitting it now would make."""
    if dossier.state in {"draft", "returned"} or dossier.digest is None:
        return record_digest(to_record(complete(from_record(dossier.record), listing)))
    return dossier.digest


def in_force(dossier: Dossier, digest: str) -> tuple[Override, ...]:
    """The overrides that count for this digest."""
    touched = hands(dossier)
    return tuple(each for each in dossier.overrides if each.digest == digest and not each.persons & touched)


def let_pass(dossier: Dossier, digest: str) -> frozenset[Stop]:
    return frozenset(stop for each in in_force(dossier, digest) for stop in each.stops)


def standing(found: Iterable[FieldError], passed: frozenset[Stop]) -> tuple[FieldError, ...]:
    """The refusals that are left: only what its own rule marks as overridable can be let pass."""
    return tuple(each for each in found if not (each.overridable and (each.field, each.code) in passed))
