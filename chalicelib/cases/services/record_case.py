"""Opening, amending and adding to a case.

A case is recorded once under the officer's event id, online or by sync. Custody and follow-ups are only added to. The
history records what enforcement amends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from chalicelib.alerts.services import alerts
from chalicelib.cases.model import case as cases_case
from chalicelib.cases.model.case import ENTRIES_AT_MOST, OF_ONE_AT_MOST, Case, check, under_accepted_names
from chalicelib.cases.services import cases
from chalicelib.endorsement.services.endorse import check_assigned, known_post
from chalicelib.endorsement.services.requests import is_uuid
from chalicelib.kernel import roles
from chalicelib.kernel.days import DAY, SKEW, day
from chalicelib.kernel.errors import EditedMeanwhile, EventIdReused, FieldError, Invalid, TooLarge
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Put, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact
from chalicelib.species.services.list_in_use import SpeciesDeps
from chalicelib.uses.use import WatchTerms
from chalicelib.verification.model.foreign_permit import text_faults
from chalicelib.verification.services.verify import VerifyDeps

BACK_AT_MOST = 10 * 365 * DAY  # a case may be entered long after it happened


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case to open. `record`: members as in cases/model/case.py. `occurred_at`: when the goods were found."""

    event_id: str
    post: str
    recorded_at: int
    occurred_at: int
    kind: str
    record: RowData
    people: tuple[RowData, ...] = ()


def record(asked: CaseRecord, actor: Actor, deps: VerifyDeps) -> tuple[Case, bool]:
    """Open a case. Return it with accepted names beside those written, and True if it is new.

    Raises `Invalid`, `Forbidden`, `EventIdReused`, `Unavailable`.
    """
    actor.require("open_case")
    if not is_uuid(asked.event_id):
        raise Invalid(FieldError("event_id", "uuid", "A UUID in lower case, made once for this case."))
    mark = {"officer": actor.id, "hash": store.request_hash(asdict(asked))}
    if (known := _recorded(asked.event_id, mark, deps.register)) is not None:
        return known, False
    if roles.agencies_of(actor) <= {"police", "ministry"}:
        known_post(asked.post, deps.posts)  # investigators are assigned to no post
    else:
        check_assigned(actor, asked.post, deps.posts)
    _in_time(asked.recorded_at, asked.occurred_at, deps.now)
    check(asked.kind, asked.record, asked.people)
    case = Case(
        id=asked.event_id,
        kind=asked.kind,
        post=asked.post,
        occurred_at=asked.occurred_at,
        recorded_at=asked.recorded_at,
        received_at=deps.now,
        officer=actor.id,
        officer_name=actor.name,
        record=under_accepted_names(asked.record, deps.listing),
        people=asked.people,
        version=1,
    )

    def attempt() -> tuple[Case, bool]:
        try:
            deps.register.commit(
                *cases.puts(case, actor, deps.now, "record", people=True, detail=actor.upload_detail),
                Put(store.event_key(case.id), {**mark, "case": case.id}, expected_version=0),
                *alerts.of_case(case.id, case.post, actor, case.record["goods"], _seen(case), deps),
            )
        except Conflict:  # the same request came twice at once, or another event raised the same alert
            if (known := _recorded(case.id, mark, deps.register)) is not None:
                return known, False
            raise
        return case, True

    return transact(attempt, "The register is busy; send the case again.")


def _recorded(event_id: str, mark: RowData, register: PermitRegister) -> Case | None:
    """The case that this request made before, or None. Raises `EventIdReused`."""
    stored = register.get(store.event_key(event_id))
    if stored is None:
        return None
    if any(stored.data.get(name) != value for name, value in mark.items()) or "case" not in stored.data:
        raise EventIdReused("This event id was used for another request.")
    return cases.load(event_id, register, people=True)


def amend(
    case_id: str,
    kind: str,
    record: RowData,
    people: tuple[RowData, ...],
    version: int,
    actor: Actor,
    deps: SpeciesDeps,
) -> Case:
    """Replace the content of a case as it was read at `version`, and keep the old content.

    The history has the names of the members that changed; `cases.earlier` gives their old values. Raises
    `EditedMeanwhile` with the present `version`, `WrongState` for a closed case, `Invalid`, `Forbidden`, `NoMatch`.
    """
    actor.require("amend_case")
    check(kind, record, people)
    record = under_accepted_names(record, deps.listing)
    old = cases.load(case_id, deps.register, people=True)
    if old.version != version:
        raise _meanwhile(old)
    names = {name for name in {*old.record, *record} if old.record.get(name) != record.get(name)}
    names |= ({"people"} if old.people != people else set()) | ({"kind"} if old.kind != kind else set())
    made, puts = cases.replacing(
        old,
        actor,
        deps.now,
        "amend",
        detail={"members": sorted(names), "replaces": version},
        kind=kind,
        record=record,
        people=people,
    )
    try:
        deps.register.commit(*puts)
    except Conflict:
        raise _meanwhile(cases.load(case_id, deps.register)) from None
    return made


def _meanwhile(case: Case) -> EditedMeanwhile:
    return EditedMeanwhile("Somebody has changed this case since it was read.", version=case.version)


def hand_over(case_id: str, what: str, giver: str, taker: str, place: str, seal: str, actor: Actor, deps: Deps) -> Case:
    """Add a link to the chain of custody: goods, giver, taker, place and seal.

    Raises `Invalid`, `TooLarge`, `Forbidden`, `NoMatch`.
    """
    fields = {"what": what, "giver": giver, "taker": taker, "place": place, "seal": seal}
    faults = [fault for name, text in fields.items() for fault in text_faults(name, text, 200)]
    faults += [FieldError(name, "required", "A chain has no gap.") for name in ("what", "taker") if not fields[name]]
    if faults:
        raise Invalid(*faults)
    entry = {**fields, "at": deps.now, "by": actor.id, "by_name": actor.name}
    return _add(case_id, actor, "custody", entry, lambda case: case.custody, deps, operation="custody")


def follow_up(case_id: str, kind: str, text: str, on: str | None, actor: Actor, deps: Deps) -> Case:
    """Add a follow-up; `closed` and `reopened` change the state. Raises as `hand_over` does."""
    if kind not in cases_case.FOLLOW_UPS:
        raise Invalid(FieldError("kind", "unknown", f"One of: {', '.join(cases_case.FOLLOW_UPS)}."))
    checked_reason(text, "text")
    if on and day(on) is None:
        raise Invalid(FieldError("on", "date", "A day that exists, as YYYY-MM-DD."))
    entry = {
        "kind": kind,
        "text": text,
        "at": deps.now,
        "by": actor.id,
        "by_name": actor.name,
        **({"on": on} if on else {}),
    }
    state = {"closed": "closed", "reopened": "open"}.get(kind)
    return _add(
        case_id, actor, "followups", entry, lambda case: case.followups, deps, operation="follow_up", state=state
    )


def _add(
    case_id: str,
    actor: Actor,
    member: str,
    entry: RowData,
    held: Callable[[Case], tuple[RowData, ...]],
    deps: Deps,
    *,
    operation: str,
    state: str | None = None,
) -> Case:
    actor.require(operation)

    def attempt() -> Case:
        case = cases.load(case_id, deps.register)
        cases.check_reach(actor, case)
        if len(held(case)) >= ENTRIES_AT_MOST:
            raise Invalid(FieldError("body", "too_many", f"At most {ENTRIES_AT_MOST} entries."))
        if sum(each.get("by") == actor.id for each in held(case)) >= OF_ONE_AT_MOST:
            raise TooLarge("You have added as many entries to this case as one person may: another one goes on.")
        made = case.but(**{member: (*held(case), dict(entry)), **({"state": state} if state else {})})
        detail = {"kind": entry["kind"]} if "kind" in entry else {}
        deps.register.commit(*cases.puts(made, actor, deps.now, operation, detail=detail))
        return made

    return transact(attempt, "Others are adding to this case; try again.")


def _seen(case: Case) -> WatchTerms:
    """The values that are compared with the watch-list."""
    permit, route = case.record.get("permit") or {}, case.record.get("route") or {}
    return WatchTerms(
        numbers=tuple(filter(None, [permit.get("number")])),
        marks=tuple(line["marks"] for line in case.record["goods"] if line.get("marks")),
        names=tuple(person["name"] for person in case.people if person.get("name")),
        vehicles=tuple(filter(None, [case.record.get("vehicle"), route.get("document")])),
    )


def _in_time(recorded_at: int, occurred_at: int, now: int) -> None:
    faults = [
        FieldError(name, "future", "Not yet: the device's clock is wrong.")
        for name, at in (("recorded_at", recorded_at), ("occurred_at", occurred_at))
        if at > now + SKEW
    ]
    if occurred_at < now - BACK_AT_MOST:
        faults.append(FieldError("occurred_at", "past", "At most ten years ago."))
    if faults:
        raise Invalid(*faults)
