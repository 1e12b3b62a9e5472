"""Overrides: an approver lets a hard stop pass, with a reason.

The reason stays in the dossier, its history and the auditor's list:

OVERRIDES#<yyyy>  <time>#<permit id>#<version>   person, stops, permit and reason; written in the same transaction
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from chalicelib.applications.rules.check import digest_of
from chalicelib.applications.services import refusals
from chalicelib.applications.services.draft import warnings_of
from chalicelib.applications.services.refusals import all_refusals
from chalicelib.kernel.errors import DigestMismatch, FieldError, FieldWarning, Invalid
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier, Override
from chalicelib.permits.model.overrides import NamedStop, overridden_before, override_of, valid_overrides
from chalicelib.permits.services import store
from chalicelib.platform.deps import PermitRegister
from chalicelib.record.permit import from_record
from chalicelib.species.services.list_in_use import SpeciesDeps


@dataclass(frozen=True, slots=True)
class HardStops:
    """The hard stops of an application, each with the override that lets it pass.

    - `digest`: of what was read.
    - `asked_again`: stops that stand although an override names their field and code.
    - `same_import_permit`: other Appendix I exports that name the same import permit.
    - `warnings`: remarks on the application that refuse nothing.
    """

    digest: str
    stops: tuple[tuple[FieldError, Override | None], ...]
    asked_again: frozenset[FieldError]
    same_import_permit: tuple[Dossier, ...] = ()
    warnings: tuple[FieldWarning, ...] = ()


def stops(permit_id: str, actor: Actor, deps: SpeciesDeps) -> HardStops:
    """The hard stops of this application as of today, with and without an override."""
    actor.require("stops")
    dossier = store.load(deps.register, permit_id, actor)
    found = _stopped(dossier, deps)
    same = refusals.same_import_permit(dossier, deps)
    return replace(found, same_import_permit=same, warnings=warnings_of(from_record(dossier.record), deps))


@dataclass(frozen=True, slots=True)
class OverrideRequest:
    """Hard stops to let pass, and why. `digest`: of the application that was read."""

    stops: Sequence[NamedStop]
    reason: str
    digest: str


def override(permit_id: str, asked: OverrideRequest, actor: Actor, deps: SpeciesDeps) -> Dossier:
    """Let these hard stops pass for the application with this digest. A repeated request succeeds.

    1. The state allows it.
    2. The second person is nobody who wrote, submitted or judged any part of it.
    3. The digest is the one that was read.
    4. A reason in words.
    5. Each is a hard stop of the application. A name that fits several is given once for each.

    Raises `WrongState`, `TwoPeople`, `DigestMismatch`, `Invalid`.
    """
    reason, digest = asked.reason, asked.digest
    actor.require("override")
    year = deps.stage.today(deps.now).year

    def decide(old: Dossier) -> store.Change:
        lifecycle.after(old, "override")  # 1
        lifecycle.require_second_person(old, actor.same_person_ids, "override its hard stop")  # 2
        found = _stopped(old, deps)
        if digest != found.digest:  # 3
            raise DigestMismatch("The application has changed since you read it. Read it again.", digest=found.digest)
        checked_reason(reason)  # 4
        chosen = _chosen(asked.stops, found)  # 5
        made = Override(
            tuple((each.field, each.code) for each in chosen),
            tuple(each.detail for each in chosen),
            reason,
            actor.id,
            actor.name,
            deps.now,
            digest,
            actor.deputy_for,
            actor.deputy_for_name,
            identities=tuple(each.stop for each in chosen if each.stop),
        )
        if any(replace(made, at=each.at) == each for each in valid_overrides(old, digest)):
            return store.Change(old)
        new = old.but(overrides=(*old.overrides, made))
        detail = {
            "stops": [list(stop) for stop in made.stops],
            "rules": list(made.rules),
            "reason": reason,
            "identities": [asdict(each) for each in made.identities],
        }
        row = Key(f"OVERRIDES#{year}", f"{deps.now:010d}#{old.id}#{new.version:08d}")
        told = {**detail, "permit_id": old.id, "at": deps.now, "by": actor.id, "by_name": actor.name}
        return store.Change(new, "override", {**detail, "digest": digest}, (Put(row, told, expected_version=0),))

    return store.change(permit_id, actor, decide, deps).dossier


def of_year(year: int, actor: Actor, *, register: PermitRegister) -> tuple[list[RowData], list[tuple[str, str, int]]]:
    """Every override of a year, newest first, and id, name and number of overrides of each person, most first."""
    actor.require("stops")
    rows = [row.data for row in register.query(f"OVERRIDES#{year}", newest_first=True)]
    count = Counter((row["by"], row["by_name"]) for row in rows)
    return rows, [(by, name, n) for (by, name), n in count.most_common()]


def _stopped(dossier: Dossier, deps: SpeciesDeps) -> HardStops:
    application, digest = from_record(dossier.record), digest_of(dossier, deps.listing, issuer=deps.stage.issuer)
    found = all_refusals(dossier, application, deps)
    overrides = valid_overrides(dossier, digest)
    stops = tuple((each, override_of(each, found, overrides)) for each in found if each.overridable)
    again = frozenset(each for each, passed in stops if passed is None and overridden_before(each, overrides))
    return HardStops(digest, stops, again)


def _chosen(wanted: Sequence[NamedStop], found: HardStops) -> tuple[FieldError, ...]:
    """The hard stops that are named. Raises `Invalid` for a name that fits none, or fits more than it is repeated."""
    chosen: list[FieldError] = []
    faults = [] if wanted else [FieldError("stops", "required", "Give at least one hard stop to override.")]
    for index, named in enumerate(wanted):
        meant = [each for each, _ in found.stops if named.means(each)]
        if not meant:
            words = "The application has no such hard stop now, or its excess has grown. Read the hard stops again."
            faults.append(FieldError(f"stops[{index}]", "no_stop", words))
        elif len(meant) > wanted.count(named):
            words = "Several hard stops have this field and code. Give the identity of the one to override."
            faults.append(FieldError(f"stops[{index}]", "several_stops", words))
        chosen += meant
    if faults:
        raise Invalid(*faults)
    return tuple(dict.fromkeys(chosen))
