"""Opening, amending and adding to a case.

A case is recorded once under the officer's event id, online or by sync. Custody and follow-ups are only added to. The
history records what enforcement amends.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from chalicelib.alerts.services import alerts
from chalicelib.alerts.services.alerts import Event
from chalicelib.cases.model import case as cases_case
from chalicelib.cases.model.case import ENTRIES_AT_MOST, OF_ONE_AT_MOST, Case, CaseState, check, under_accepted_names
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
                *cases.puts(case, actor, deps.now, "record", actor.upload_detail),
                cases.people_put(case),
                Put(store.event_key(case.id), {**mark, "case": case.id}, expected_version=0),
                *alerts.of_case(Event(case.id, case.post, actor), case.record["goods"], _seen(case), deps),
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
        raise EventIdReused("This event id was used for another request. Make a new one.")
    return cases.load(event_id, register, people=True)


@dataclass(frozen=True, slots=True)
class Amendment:
    """The whole content of a case, in place of the content read at `version`."""

    version: int
    kind: str
    record: RowData
    people: tuple[RowData, ...]


def amend(case_id: str, asked: Amendment, actor: Actor, deps: SpeciesDeps) -> Case:
    """Replace the content of a case as it was read, and keep the old content.

    The history has the names of the members that changed. `cases.earlier` gives their old values. Raises
    `EditedMeanwhile` with the present `version`, `WrongState` for a closed case, `Invalid`, `Forbidden`, `NoMatch`.
    """
    actor.require("amend_case")
    check(asked.kind, asked.record, asked.people)
    record = under_accepted_names(asked.record, deps.listing)
    old = cases.load(case_id, deps.register, people=True)
    if old.version != asked.version:
        raise _meanwhile(old)
    names = {name for name in {*old.record, *record} if old.record.get(name) != record.get(name)}
    names |= ({"people"} if old.people != asked.people else set()) | ({"kind"} if old.kind != asked.kind else set())
    made, puts = cases.replacing(
        old,
        actor,
        deps.now,
        "amend",
        detail={"members": sorted(names), "replaces": asked.version},
        kind=asked.kind,
        record=record,
        people=asked.people,
    )
    try:
        deps.register.commit(*puts)
    except Conflict:
        raise _meanwhile(cases.load(case_id, deps.register)) from None
    return made


def _meanwhile(case: Case) -> EditedMeanwhile:
    words = "This case was changed after you read it. Read it again, then send your change."
    return EditedMeanwhile(words, version=case.version)


@dataclass(frozen=True, slots=True)
class Handover:
    """A link of the chain of custody: goods, giver, taker, place and seal."""

    what: str
    taker: str
    giver: str = ""
    place: str = ""
    seal: str = ""


def hand_over(case_id: str, link: Handover, actor: Actor, deps: Deps) -> Case:
    """Add a link to the chain of custody. Raises `Invalid`, `TooLarge`, `Forbidden`, `NoMatch`."""
    fields = asdict(link)
    faults = [fault for name, text in fields.items() for fault in text_faults(name, text, 200)]
    faults += [
        FieldError(name, "required", "Required: the chain of custody must have no gap.")
        for name in ("what", "taker")
        if not fields[name]
    ]
    if faults:
        raise Invalid(*faults)
    return _add(case_id, "custody", fields, actor, deps)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of a case. `on`: the day, as YYYY-MM-DD."""

    kind: str
    text: str
    on: str | None = None


def follow_up(case_id: str, asked: FollowUp, actor: Actor, deps: Deps) -> Case:
    """Add a follow-up. `closed` and `reopened` change the state. Raises as `hand_over` does."""
    if asked.kind not in cases_case.FOLLOW_UPS:
        raise Invalid(FieldError("kind", "unknown", f"One of: {', '.join(cases_case.FOLLOW_UPS)}."))
    checked_reason(asked.text, "text")
    if asked.on and day(asked.on) is None:
        raise Invalid(FieldError("on", "date", "Must be an existing day as YYYY-MM-DD."))
    entry = {"kind": asked.kind, "text": asked.text, **({"on": asked.on} if asked.on else {})}
    return _add(case_id, "followups", entry, actor, deps)


STATE_AFTER = {"closed": CaseState.CLOSED, "reopened": CaseState.OPEN}  # kind of a follow-up -> state of the case


def _add(case_id: str, member: Literal["custody", "followups"], added: RowData, actor: Actor, deps: Deps) -> Case:
    """Add an entry to this member of a case, with person and time."""
    operation = "custody" if member == "custody" else "follow_up"
    actor.require(operation)
    entry = {**added, "at": deps.now, "by": actor.id, "by_name": actor.name}

    def attempt() -> Case:
        case = cases.load(case_id, deps.register)
        cases.check_reach(actor, case)
        held = case.custody if member == "custody" else case.followups
        if len(held) >= ENTRIES_AT_MOST:
            raise Invalid(FieldError("body", "too_many", f"At most {ENTRIES_AT_MOST} entries."))
        if sum(each.get("by") == actor.id for each in held) >= OF_ONE_AT_MOST:
            raise TooLarge("You have added the maximum number of entries to this case. Another person must continue.")
        made = case.but(**{member: (*held, entry), "state": STATE_AFTER.get(str(entry.get("kind")), case.state)})
        detail = {"kind": entry["kind"]} if "kind" in entry else {}
        deps.register.commit(*cases.puts(made, actor, deps.now, operation, detail))
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
        FieldError(name, "future", "This time is in the future. Set the clock of the device.")
        for name, at in (("recorded_at", recorded_at), ("occurred_at", occurred_at))
        if at > now + SKEW
    ]
    if occurred_at < now - BACK_AT_MOST:
        faults.append(FieldError("occurred_at", "past", "Must not be more than ten years ago."))
    if faults:
        raise Invalid(*faults)
