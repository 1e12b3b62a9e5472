"""Reading and storing of cases. Officers reach those of their posts, ministry and enforcement all.

CASE#<id>       RECORD             the case without its people
                PEOPLE             its people, in a row of their own that few may read
                RECORD#<version>, PEOPLE#<version>  the content that an amendment replaced
                HISTORY#<version>  each act with person and time; of people only that they changed, or who read them
CASE-DATABASE   <id there>         the case with this id in the ministry's wildlife-crime database
EVENT#<id>      -                  the request that made it
PHOTOS#<id>     <sha256>           its photographs (platform/files.py)

`count` counts the cases of the last 366 days by month and post, for the desk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from chalicelib.cases.model.case import Case, CaseState
from chalicelib.kernel import roles
from chalicelib.kernel.days import DAY
from chalicelib.kernel.errors import Forbidden, NoMatch, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, RowData
from chalicelib.people import model as people_model
from chalicelib.permits.services import store
from chalicelib.permits.services.store import last_day
from chalicelib.platform import files
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.verification.services.foreign_records import may_edit

SHELF = "cases"

PAGE = 50


@cache
def _case() -> TypeAdapter[Case]:
    return TypeAdapter(Case)


def key_of(case_id: str, name: str = "RECORD") -> Key:
    return Key(f"CASE#{case_id}", name)


def database_key(database_id: str) -> Key:
    return Key("CASE-DATABASE", database_id)


def load(case_id: str, register: PermitRegister, *, people: bool = False) -> Case:
    """Return a case, without people unless asked for. Raises `NoMatch`."""
    row = register.get(key_of(case_id))
    if row is None:
        raise NoMatch("No such case.")
    held = register.get(key_of(case_id, "PEOPLE")) if people else None
    return _case().validate_python({**row.data, "people": held.data["people"] if held else ()})


def puts(case: Case, actor: Actor, now: int, action: str, detail: RowData | None = None) -> tuple[Put, ...]:
    """Return the writes of a case: its record without people, and a row of its history.

    `case` has the new version. The commit fails if the stored record does not have the version before it.
    """
    data = _case().dump_python(case, mode="json", exclude_defaults=True, exclude={"people"})
    entry = {"at": now, "by": actor.id, "by_name": actor.name, "action": action, "detail": dict(detail or {})}
    return (
        Put(key_of(case.id), data, expected_version=case.version - 1, index={"shelf": SHELF}),
        Put(key_of(case.id, f"HISTORY#{case.version:08d}"), entry, expected_version=0),
    )


def people_put(case: Case) -> Put:
    """Return the write of the people. Commit it together with `puts`: it has no version check of its own."""
    return Put(key_of(case.id, "PEOPLE"), _of_people(case), expected_version=None)


def replacing(
    old: Case, actor: Actor, now: int, action: str, *, detail: RowData | None = None, **changes: Any
) -> tuple[Case, tuple[Put, ...]]:
    """Replace the record of a case. Return the new case and the writes, which keep the old record with its people.

    Custody and follow-ups stay, because they are only added to. Raises `WrongState` for a closed case. Reports and
    judgements rest on a closed case, so it is reopened first, with a reason and a name.
    """
    if old.state == CaseState.CLOSED:
        raise WrongState("This case is closed. Reopen it first, with a reason.")
    case = old.but(**changes, earlier=(*old.earlier, old.version))
    held = {name: getattr(old, name) for name in ("version", "kind", "post", "occurred_at", "record")}
    kept = [Put(key_of(old.id, f"RECORD#{old.version:08d}"), held, expected_version=0)]
    if old.people:
        kept.append(Put(key_of(old.id, f"PEOPLE#{old.version:08d}"), _of_people(old), expected_version=0))
    return case, (*puts(case, actor, now, action, detail), people_put(case), *kept)


def _of_people(case: Case) -> RowData:
    return {"people": [dict(each) for each in case.people]}


def check_reach(actor: Actor, case: Case) -> None:
    """Check that the actor reaches this case. Raises `Forbidden`, or `NoMatch` for a post that is not theirs."""
    actor.require("see_cases")
    if not may_edit(actor, case.post) and case.officer != actor.id:
        raise NoMatch("No such case.")


def may_add_photos(actor: Actor, case: Case) -> bool:
    """True for the officer who recorded it, writers of its custody chain, its agency, and the police."""
    agencies = roles.agencies_of(actor)
    held = case.officer == actor.id or any(link.get("by") == actor.id for link in case.custody)
    theirs = roles.AGENCY_OF.get(case.record.get("agency") or "", case.record.get("agency"))
    return actor.may("open_case") and (held or theirs in agencies or "police" in agencies)


def add_photo(case_id: str, data: bytes, content_type: str, actor: Actor, deps: Deps) -> files.Photograph:
    """Add a photograph, if the actor may. The case's history gets a line with person and digest. Like
    `files.store_photograph`.

    Raises `NoMatch`, `Forbidden`, `Invalid`, `TooLarge`.
    """
    case = load(case_id, deps.register)
    check_reach(actor, case)
    if not may_add_photos(actor, case):
        words = "Only the recorder, the case's agency, the police and writers of its custody chain may add photos."
        raise Forbidden(words)

    def line(digest: str) -> tuple[Put, ...]:
        key = key_of(case_id, f"HISTORY#{case.version:08d}#{deps.now:012d}#{digest}")
        entry = {"at": deps.now, "by": actor.id, "by_name": actor.name, "action": "photo", "detail": {"sha256": digest}}
        return (Put(key, entry, expected_version=0),)

    return files.store_photograph(
        case_id, data, content_type, actor, deps, keep_until=last_day(deps.now), extra_puts=line
    )


def sees_people(actor: Actor, case: Case) -> bool:
    return "people" in people_model.parts_for(roles.agencies_of(actor), own=case.officer == actor.id)


def read_case(case_id: str, actor: Actor, deps: Deps) -> Case:
    """The case, with people only if the actor may see them.

    Reading people is recorded, except by the case's own officer.
    """
    case = load(case_id, deps.register)
    check_reach(actor, case)
    if sees_people(actor, case):
        case = load(case_id, deps.register, people=True)
        record_reading_of_people(case, actor, deps)
    return case


def earlier(case_id: str, version: str, actor: Actor, deps: Deps) -> Case:
    """The case with its content at `version`, before an amendment. The same parts are read_case and recorded as by
    `read_case`.

    Raises `NoMatch` for a version that no amendment replaced.
    """
    case = load(case_id, deps.register)
    check_reach(actor, case)
    row = deps.register.get(key_of(case_id, f"RECORD#{version:0>8}")) if version in map(str, case.earlier) else None
    if row is None:
        raise NoMatch("No such version.")
    old = replace(case, **row.data)
    if sees_people(actor, case):
        held = deps.register.get(key_of(case_id, f"PEOPLE#{version:0>8}"))
        old = replace(old, people=tuple(held.data["people"]) if held else ())
        record_reading_of_people(old, actor, deps)
    return old


def to_share(case_id: str, actor: Actor, *, register: PermitRegister) -> Case:
    """The case, for an answer to another country. Raises `Forbidden`, `NoMatch`."""
    actor.require("share_abroad")
    case = load(case_id, register)
    check_reach(actor, case)
    return case


def listed(actor: Actor, *, register: PermitRegister, cursor: str | None = None) -> tuple[list[Case], str | None]:
    """Cases that the actor may see, the newest first, without people, and the next cursor."""
    actor.require("see_cases")
    found, cursor = page(register, cursor)
    return visible(found, actor), cursor


def page(register: PermitRegister, cursor: str | None) -> tuple[list[Case], str | None]:
    """One page of all cases, the last received first, without people. `visible` selects those that an actor may see."""
    rows, cursor = register.search("shelf", SHELF, cursor=cursor, limit=PAGE)
    return [_case().validate_python(row.data) for row in rows], cursor


def visible(found: Iterable[Case], actor: Actor) -> list[Case]:
    """Those of the cases that the actor may see."""
    return [each for each in found if may_edit(actor, each.post) or each.officer == actor.id]


def every(register: PermitRegister) -> Iterator[Case]:
    """All cases without people, for a report. The caller checks the permission."""
    cursor: str | None = None
    while True:
        found, cursor = page(register, cursor)
        yield from found
        if cursor is None:
            return


def history(
    case_id: str, actor: Actor, *, register: PermitRegister, cursor: str | None = None
) -> tuple[list[RowData], str | None]:
    actor.require("case_history")
    check_reach(actor, load(case_id, register))
    return store.history_page(register, f"CASE#{case_id}", cursor)


def steps(case: Case, actor: Actor) -> list[str]:
    """The steps that the actor may take."""
    named = {"custody": "custody", "followup": "follow_up", "amend": "amend_case", "share": "share_abroad"}
    able = [step for step, operation in named.items() if actor.may(operation)]
    able += ["photo"] if may_add_photos(actor, case) else []
    return [step for step in able if step != "amend" or case.state == CaseState.OPEN]


def record_reading_of_people(case: Case, actor: Actor, deps: Deps) -> None:
    """Record in the history that a person other than the case's officer read its people.

    One entry for each person and second, sorted among the entries of the version that was read.
    """
    if not case.people or case.officer == actor.id:
        return
    entry = {"at": deps.now, "by": actor.id, "by_name": actor.name, "action": "read_people", "detail": {}}
    key = key_of(case.id, f"HISTORY#{case.version:08d}#{deps.now:012d}#{actor.id}")
    try:
        deps.register.commit(Put(key, entry, expected_version=0))
    except Conflict:
        return


YEAR = 366 * DAY

PAGES_AT_MOST = 40  # of cases that `count` reads, the newest first


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of cases. `months`: YYYY-MM of the occurrence -> cases. `complete`: all cases of the year were read."""

    months: Mapping[str, int]
    posts: Mapping[str, int]
    complete: bool


def count(actor: Actor, deps: Deps) -> Counts:
    """Count the cases of the last 366 days that `listed` shows the actor, by month and post.

    Reading ends at the first case received before the year, because all beyond it happened earlier still.
    """
    actor.require("see_cases")
    since = deps.now - YEAR
    months: Counter[str] = Counter()
    posts: Counter[str] = Counter()
    cursor: str | None = None
    for _ in range(PAGES_AT_MOST):
        found, cursor = page(deps.register, cursor)
        year = [each for each in visible(found, actor) if each.occurred_at >= since]
        months.update(deps.stage.today(each.occurred_at).isoformat()[:7] for each in year)
        posts.update(each.post for each in year)
        if any(each.received_at < since for each in found):
            cursor = None
        if cursor is None:
            break
    return Counts(months, posts, cursor is None)
