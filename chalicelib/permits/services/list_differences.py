"""Differences between a permit's dossier, its status row, the published status list and its history (T8).

For each permit of ours three checks report differences by name:

1. Row: it exists, belongs to this permit and has the dossier's value.
2. List: it has no value that the dossier neither confirms nor explains. If it was signed after the last change, it has
   exactly the dossier's value.
3. History: it ends with the dossier's version and state, and every use that it names is in the dossier.

Two people settle a difference in which the list has more than the dossier:

- `restore`: the dossier gets the use or the state that the list has. When and where the use was is in the event, if it
  comes in.
- `withdraw`: the dossier stays and records that the list's value was taken back. The next publication lowers the value.

PERMIT#<id>  DIFFERENCE  one person's proposal for one value; the same choice by another person settles it
COMPARISON   RUN         where the sweep continues; it reaches every permit within a day or two

The sweep adds the permit's id to a status row of the release before (c70afb0) that has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import get_args

from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import FieldError, Invalid, TwoPeople, UnreadableRow, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, Row, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.permits.model.dossier import Choice, Dossier, confirmed, lowered_at, status_value
from chalicelib.permits.model.lifecycle import ISSUED_ONCE
from chalicelib.permits.services import store
from chalicelib.permits.services.inferred_uses import BY_USE, inferred
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.readable import readable
from chalicelib.platform.transact import transact
from chalicelib.trust.model import status_list
from chalicelib.trust.model.status_list import ENTRIES, StatusList
from chalicelib.trust.services.ports import TrustDeps
from chalicelib.trust.services.publish_status_lists import published
from chalicelib.verdict import snapshot_checks

PAGE = 100  # permits that a sweep compares; 28,800 a day

RUN = Key("COMPARISON", "RUN")

Lists = Callable[[str], StatusList | None]  # address of a list -> our published list


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference found in one permit. `words`: which of dossier, status row, list and history differ, and how."""

    permit_id: str
    number: str
    words: str


def sweep(*, register: PermitRegister, lists: Lists, report: Callable[[Difference], None]) -> int:
    """Compare the next PAGE permits. Returns the number of differences reported."""
    run = register.get(RUN)
    rows, cursor = register.search("shelf", store.SHELF, cursor=run.data["cursor"] if run else None, limit=PAGE)
    found = [each for row in rows for each in compared(store.permit_id_of(row), register=register, lists=lists)]
    for difference in found:
        report(difference)
    for dossier in readable(rows, lambda row: store.load_row(row.data), skipped=lambda _: None):  # reported above
        _name_entry(dossier, register)
    with suppress(Conflict):  # another sweep has moved the cursor
        register.commit(Put(RUN, {"cursor": cursor}, expected_version=run.version if run else 0))
    return len(found)


def everything(*, register: PermitRegister, lists: Lists) -> Iterator[Difference]:
    """The differences of every permit. The index only finds candidates. Each row is read consistently."""
    cursor: str | None = None
    while True:
        rows, cursor = register.search("shelf", store.SHELF, cursor=cursor, limit=PAGE)
        for row in rows:
            yield from compared(store.permit_id_of(row), register=register, lists=lists)
        if cursor is None:
            return


def compared(permit_id: str, *, register: PermitRegister, lists: Lists) -> list[Difference]:
    """The differences of one permit, or none if it changes during the comparison.

    A dossier that this release cannot read is one difference.
    """
    try:
        dossier = store.load(register, permit_id)
    except UnreadableRow:
        return [Difference(permit_id, "", "dossier: this release cannot read it")]
    if dossier.state not in ISSUED_ONCE or dossier.legacy:
        return []
    found = [Difference(dossier.id, dossier.number or "", words) for words in _words(dossier, register, lists)]
    return found if found and store.load(register, permit_id).version == dossier.version else []


def _words(dossier: Dossier, register: PermitRegister, lists: Lists) -> Iterator[str]:
    entry, value = dossier.entry, status_value(dossier)
    row = register.get(status_list.status_key(entry.uri, entry.index)) if entry else None  # 1
    if row is None:
        yield "status row: there is none"
    elif row.data.get("permit_id", dossier.id) != dossier.id:
        yield "status row: it is another permit's"
    elif row.data["value"] != value:
        yield f"status row has {row.data['value']}, dossier {value}"
    history = register.query(f"PERMIT#{dossier.id}", start="HISTORY#", stop="HISTORY$")
    last = history[-1] if history else None
    listed = lists(entry.uri) if entry else None  # 2
    if entry is not None and listed is not None and entry.index < ENTRIES:
        published = listed.value(entry.index)
        settled = last is not None and last.data["at"] < listed.issued_at - status_list.BEFORE_LIST
        more = snapshot_checks.unexplained(published, confirmed(dossier), lowered_at(dossier), listed.issued_at)
        if more or (settled and published != value):
            yield f"list has {published}, dossier {value}"
    if last is None or int(last.key.sort[8:16]) != dossier.version or last.data["to"] != dossier.state:  # 3
        yield "history does not end with the dossier's version and state"
    here = {use.event_id for use in dossier.uses}
    named = [each.data["detail"] for each in history if each.data["action"] in {"endorse", "sync"}]
    gone = [each["event_id"] for each in named if "of" not in each and each.get("event_id") not in here]
    if gone:
        yield f"history names uses that the dossier has not: {', '.join(gone)}"


def _name_entry(dossier: Dossier, register: PermitRegister) -> None:
    """Write the permit's id into its status row if the release before (c70afb0) left it out."""
    if dossier.state not in ISSUED_ONCE or dossier.status_uri is None or dossier.status_idx is None:
        return
    row = register.get(status_list.status_key(dossier.status_uri, dossier.status_idx))
    if row is None or "permit_id" in row.data:
        return
    with suppress(Conflict):  # another writer has added the id
        register.commit(Put(row.key, {**row.data, "permit_id": dossier.id}, expected_version=row.version))


CHOICES: tuple[Choice, ...] = get_args(Choice)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A proposal or settlement. `value` is the list's. `settled` is False while it waits for the second person."""

    dossier: Dossier
    value: int
    choice: Choice
    settled: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """The first person's proposal, which waits for the second person."""

    choice: Choice
    reason: str
    by_name: str
    at: int


@dataclass(frozen=True, slots=True)
class OpenDifference:
    """An open difference.

    - `value`: the value in the list signed at `listed_at`.
    - `own`: the dossier's value.
    - `steps`: the choices that this person may send.
    """

    value: int
    listed_at: int
    own: int
    proposal: Proposal | None
    steps: tuple[Choice, ...]


def described(dossier: Dossier, actor: Actor, deps: TrustDeps) -> OpenDifference | None:
    """The difference as an official sees it, or None without a difference, and for an exporter."""
    listed = deps.own_lists.at(dossier.status_uri, deps.now) if dossier.status_uri else None
    value = None if actor.only_own else difference(dossier, listed)
    if listed is None or value is None:
        return None
    row = _waiting(deps.register.get(_key(dossier.id)), dossier, value)
    own = row is not None and bool(actor.same_person_ids & _excluded(row))
    steps = tuple(
        choice
        for choice in CHOICES
        if actor.may("settle_difference")
        and not (own and row and row.data["choice"] == choice)
        and _possible(dossier, choice, listed, deps)
    )
    proposal = Proposal(*(row.data[name] for name in ("choice", "reason", "by_name", "at"))) if row else None
    return OpenDifference(value, listed.issued_at, status_value(dossier), proposal, steps)


def difference(dossier: Dossier, listed: StatusList | None) -> int | None:
    """The list's value if the dossier neither confirms nor explains it, else None."""
    if listed is None or dossier.status_idx is None or listed.uri != dossier.status_uri:
        return None
    if dossier.status_idx >= status_list.ENTRIES:
        return None
    value = listed.value(dossier.status_idx)
    found = snapshot_checks.unexplained(value, confirmed(dossier), lowered_at(dossier), listed.issued_at)
    return value if found else None


def settle(permit_id: str, choice: Choice, reason: str, actor: Actor, deps: TrustDeps) -> Settlement:
    """Propose how to settle the difference, or settle it as the second person.

    Raises `WrongState` without a difference, or if the value cannot be restored (also of a proposal). Raises
    `TwoPeople` if the second person is the first, `Invalid` for an unknown choice, `NoMatch`.
    """
    actor.require("settle_difference")
    listed = published(store.load(deps.register, permit_id, actor).status_uri or "", deps)
    checked_reason(reason)
    if choice not in CHOICES:
        raise Invalid(FieldError("choice", "unknown", f"Must be one of: {', '.join(CHOICES)}."))
    key = _key(permit_id)

    def attempt() -> Settlement:
        old = store.load(deps.register, permit_id)
        value = difference(old, listed)
        if listed is None or value is None:
            raise WrongState(
                "The status list shows nothing that the register lacks. There is nothing to settle.", state=old.state
            )
        new, more = _settled(old, choice, listed, actor.id, deps)
        row = deps.register.get(key)
        proposed = _waiting(row, old, value)
        if row is None or proposed is None or row.data["choice"] != choice:
            data: RowData = {
                "choice": choice,
                "value": value,
                "version": old.version,
                "reason": reason,
                "by": actor.id,
                "by_name": actor.name,
                "represented": actor.deputy_for,
                "at": deps.now,
            }
            puts: tuple[Put, ...] = (Put(key, data, expected_version=row.version if row else 0),)
            made = Settlement(old, value, choice, settled=False)
        else:
            if actor.same_person_ids & _excluded(row):
                raise TwoPeople("You proposed this. Another person must confirm it.")
            detail = {
                "choice": choice,
                "value": value,
                "reason": reason,
                "proposed_by": row.data["by"],
                "proposed_by_name": row.data["by_name"],
                "proposed_reason": row.data["reason"],
            }
            _, entry = old.reserved
            again = store.status_puts(entry.uri, entry.index, status_value(new), deps.now, permit_id=old.id)
            moved = status_value(old) != status_value(new)  # then `_writes` of store.py writes the entry
            change = store.Change(new, "settled", detail, (*more, *(() if moved else again)))
            puts = (
                *store.puts_of(actor, deps, (old, change)),
                Put(key, {**row.data, "settled_by": actor.id}, expected_version=row.version),
            )
            made = Settlement(new, value, choice, settled=True)
        deps.register.commit(*puts)
        return made

    return transact(attempt, "Others are changing this permit; try again.")


def _key(permit_id: str) -> Key:
    return Key(f"PERMIT#{permit_id}", "DIFFERENCE")


def _waiting(row: Row | None, dossier: Dossier, value: int) -> Row | None:
    """The row, if its proposal is for this value and the dossier's present version."""
    return row if row and (row.data["value"], row.data["version"]) == (value, dossier.version) else None


def _excluded(row: Row) -> set[str]:
    """User ids excluded as second person: the proposer, and the approver that a deputy stood in for."""
    return {row.data["by"], row.data.get("represented", "")} - {""}


def _possible(dossier: Dossier, choice: Choice, listed: StatusList, deps: Deps) -> bool:
    try:
        _settled(dossier, choice, listed, "", deps)
    except WrongState:
        return False
    return True


def _settled(
    old: Dossier, choice: Choice, listed: StatusList, officer: str, deps: Deps
) -> tuple[Dossier, tuple[Put, ...]]:
    """The settled dossier and the rows written with it. Raises `WrongState` if the value cannot be restored."""
    if choice == "withdraw":
        return old.but(lowered_at=deps.now), ()
    value = listed.value(old.reserved[1].index)
    if value in BY_USE:
        use = inferred(old, value, listed.issued_at, officer, deps)
        if use is None:
            raise WrongState("This use cannot be restored: the register has it already.", state=old.state)
        new = old.but(uses=(*old.uses, use[0]))
        return new, (use[1],)
    match value:
        case status_list.REVOKED | status_list.FOR_CAUSE:
            return old.but(state=State.REVOKED, for_cause=value == status_list.FOR_CAUSE), ()
        case status_list.SUSPENDED if old.state == State.ISSUED:
            return old.but(state=State.SUSPENDED), ()
        case status_list.LOST:
            ended = old.state in {State.REPLACED, State.REVOKED}
            return replace(old.but(), state=old.state if ended else State.LOST, missing=old.missing or "lost"), ()
    raise WrongState("This value cannot be restored. Revoke the permit, or choose `withdraw`.", state=old.state)
