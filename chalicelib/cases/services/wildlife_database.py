"""Import and export of cases for the ministry's wildlife-crime database, so that nobody types a case twice.

Its ids are kept, and the same file again changes nothing. A case amended here since its import is never overwritten.

A row belongs to
1 the case that has its id already   2 our case that it names by `tamga_id`, which gets the id and what it lacks
3 a new case
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.cases.model.case import Case, under_accepted_names
from chalicelib.cases.model.table import Read, Refusal, joined, read, write
from chalicelib.cases.services import cases
from chalicelib.kernel import roles
from chalicelib.kernel.errors import NoMatch, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Put
from chalicelib.people import model as people_model
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.verification.services.verify import VerifyDeps

OURS_STAYS = (
    "The case in Tamga differs or is closed. It was linked, and this field was not changed. Correct one of the two."
)


@dataclass(frozen=True, slots=True)
class Imported:
    """Result of an import: how many cases were stored, linked, updated or unchanged.

    Nothing in `noted` is refused. It has names that the species list lacks, and columns in which a case of ours
    differs.
    """

    stored: int
    linked: int
    updated: int
    unchanged: int
    refused: tuple[Refusal, ...]
    noted: tuple[Refusal, ...]


def import_cases(data: bytes, actor: Actor, deps: VerifyDeps) -> Imported:
    """Import a file. Each case is imported or refused by itself. Raises `Forbidden`."""
    actor.require("import_cases")
    read_in, refused = read(data, zone=deps.stage.zone, posts=deps.posts)
    found = [replace(each, record=under_accepted_names(each.record, deps.listing)) for each in read_in]
    counts = dict.fromkeys(("stored", "linked", "updated", "unchanged"), 0)
    noted = [told for each in found for told in _unlisted(each)]
    for each in found:
        try:
            done, otherwise = _one(each, actor, deps, zone=deps.stage.zone)
            counts[done] += 1
            noted += [_refusal(each, column, "kept_ours", OURS_STAYS) for column in otherwise]
        except NoMatch:
            refused.append(_refusal(each, "tamga_id", "unknown", "Tamga has no case with this id."))
        except _LinkedElsewhere:
            words = (
                "The case has another id in the other database, or the id belongs to "
                "another case. Correct one of the two."
            )
            refused.append(_refusal(each, "tamga_id", "linked_elsewhere", words))
        except _ChangedHere:
            words = "This case was recorded or amended in Tamga. Nothing was changed. Correct one of the two."
            refused.append(_refusal(each, "", "changed_here", words))
        except WrongState as error:
            refused.append(_refusal(each, "", "closed", error.detail))
        except Conflict:
            refused.append(_refusal(each, "", "busy", "Others are changing this case; send the file again."))
    return Imported(**counts, refused=tuple(sorted(refused, key=_place)), noted=tuple(sorted(noted, key=_place)))


def _place(told: Refusal) -> tuple[int, str]:
    return told.row, told.column


def _unlisted(each: Read) -> Iterator[Refusal]:
    words = "The species list does not have this name. It is stored as written; check the spelling."
    unlisted = (line["scientific_name"] for line in each.record["goods"] if line.get("accepted_name", "") is None)
    for name in dict.fromkeys(unlisted):
        yield _refusal(each, "scientific_name", "not_in_list", f"{words} ({name})")


class _ChangedHere(Exception):
    """The row changed there, and the case was recorded here or amended here after its import."""


class _LinkedElsewhere(Exception):
    """The case has another id in the database, or the id belongs to another case."""


def _one(each: Read, actor: Actor, deps: Deps, *, zone: str) -> tuple[str, tuple[str, ...]]:
    """Import one case. Return the result's name, and the columns in which our case differs."""
    held = deps.register.get(cases.database_key(each.database_id))
    if held is None and each.tamga_id:
        return "linked", _link(each, actor, deps, zone=zone)  # 2
    if held is None:  # 3
        case = Case(
            id=_id_of(each.database_id),
            kind=each.kind,
            post=each.post,
            occurred_at=each.occurred_at,
            recorded_at=deps.now,
            received_at=deps.now,
            officer=actor.id,
            officer_name=actor.name,
            record=each.record,
            people=each.people,
            database_id=each.database_id,
            origin_of_record="import",
            imported=each.digest,
            version=1,
        )
        deps.register.commit(*cases.puts(case, actor, deps.now, "import"), cases.people_put(case), _named(case))
        return "stored", ()
    case = cases.load(str(held.data["case"]), deps.register, people=True)  # 1
    if each.tamga_id and each.tamga_id != case.id:
        raise _LinkedElsewhere
    if case.imported in {each.digest, None}:
        return "unchanged", ()
    if case.origin_of_record != "import" or _amended(case, deps.register):
        raise _ChangedHere
    _, puts = cases.replacing(
        case,
        actor,
        deps.now,
        "import",
        detail={"replaces": case.version},
        kind=each.kind,
        post=each.post,
        occurred_at=each.occurred_at,
        record=each.record,
        people=each.people,
        imported=each.digest,
    )
    deps.register.commit(*puts)
    return "updated", ()


def _link(each: Read, actor: Actor, deps: Deps, *, zone: str) -> tuple[str, ...]:
    case = cases.load(each.tamga_id, deps.register, people=True)
    if case.database_id is not None:
        raise _LinkedElsewhere
    changes, otherwise = joined(case, each, zone)
    link = {"database_id": each.database_id, "imported": each.digest}
    detail: dict[str, Any] = {"database_id": each.database_id}
    if changes:
        detail["replaces"] = case.version
        made, puts = cases.replacing(case, actor, deps.now, "link", detail=detail, **link, **changes)
    else:
        made = case.but(**link)
        puts = cases.puts(made, actor, deps.now, "link", detail)
    deps.register.commit(*puts, _named(made))
    return otherwise


def _id_of(database_id: str) -> str:
    return store.derived_event_id("database", hashlib.sha256(database_id.encode()).hexdigest()[:32])


def _named(case: Case) -> Put:
    return Put(cases.database_key(case.database_id or ""), {"case": case.id}, expected_version=0)


def _amended(case: Case, register: PermitRegister) -> bool:
    rows = register.query(f"CASE#{case.id}", start="HISTORY#", stop="HISTORY$")
    actions = [row.data["action"] for row in rows if row.data["action"] in {"import", "amend"}]
    return bool(actions) and actions[-1] == "amend"


def export_page(actor: Actor, deps: VerifyDeps, *, people: bool, cursor: str | None) -> tuple[str, str | None]:
    """One page of the table, the newest first, and the next cursor, with the parts that the actor's agency may see.

    People go only to an actor who may export all of them. Each case's history records it before they go out.
    Raises `Forbidden`.
    """
    actor.require("export_cases")
    if people:
        actor.require("export_people")
    rows, following = deps.register.search("shelf", cases.SHELF, cursor=cursor, limit=200)
    found = [cases.load(row.key.partition[len("CASE#") :], deps.register, people=people) for row in rows]
    for case in found:
        cases.record_reading_of_people(case, actor, deps)
    agencies = roles.agencies_of(actor)
    seen = [replace(case, record=people_model.visible_members(case.record, agencies)) for case in found]
    return write(seen, zone=deps.stage.zone, people=people), following


def _refusal(each: Read, column: str, code: str, detail: str) -> Refusal:
    return Refusal(each.row, each.database_id[:64], column, code, detail)
