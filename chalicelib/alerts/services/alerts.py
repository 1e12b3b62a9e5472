"""Alerts: raised in the transaction of the event, mailed by `send_notices`, answered by name.

ALERT#<id>           RECORD   the event and the answers (alerts/model/alert.py)
ALERT-LAST#<issuer>  <number>@<post> <codes> last alert of this document at this post for these codes; the same again
                     within an hour raises none while nobody has answered it
ALERT-LAST#-         <digest>@<post> <codes> the same for a code that is not genuine, by the digest of its text
ALERT-LAST#watch     <digest>@<post> <codes> the same for a watch-list match, by the documents and entries that matched
NOTICE#ALERT-<id>    <step>-<agency>, or reopened-<version>-<agency>   a mail to an agency's duty desk; it names nobody
NOTIFY#duty-<agency> -        that desk's address (duty_desks.py)

The index has an alert as `alert` while somebody still has to answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from chalicelib.alerts.model import alert as alerts_alert
from chalicelib.alerts.model.alert import AGAIN, Alert, AlertKind
from chalicelib.alerts.services import watch_list
from chalicelib.kernel import roles
from chalicelib.kernel.enums import Outcome
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, TooLarge, WrongState
from chalicelib.kernel.roles import Actor, Agency
from chalicelib.kernel.rows import Conflict, Key, Put, Row, RowData
from chalicelib.mail import services as mail
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.readable import decoded, readable
from chalicelib.platform.transact import transact
from chalicelib.record.permit import Permit
from chalicelib.uses.use import Subject, Use, WatchTerms, watch_terms_of
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.model.foreign_permit import GRAVE, ForeignPermit, text_faults, used_twice
from chalicelib.verification.services.accounts import UseAccount
from chalicelib.verification.services.foreign_records import may_see

SHELF = "alerts"

WAITING = "alert"

PAGE = 50


@cache
def _alert() -> TypeAdapter[Alert]:
    return TypeAdapter(Alert)


def key_of(alert_id: str) -> Key:
    return Key(f"ALERT#{alert_id}", "RECORD")


def puts(alert: Alert, now: int, *, mails: Iterable[str] = ()) -> tuple[Put, ...]:
    """Return the writes of an alert, and of a mail to the duty desk of each agency in `mails`.

    `alert` has the new version. The commit fails if the stored alert does not have the version before it.
    """
    data = _alert().dump_python(alert, mode="json", exclude_defaults=True)
    index = {"shelf": SHELF, **({"state": WAITING} if alert.open and not alert.unanswered else {})}
    row = Put(key_of(alert.id), data, expected_version=alert.version - 1, index=index)
    return (row, *(_mail(alert, agency, now) for agency in mails))


def _mail(alert: Alert, agency: str, now: int) -> Put:
    reopened = alert.acknowledged and alert.acknowledged[-1].get("kind") == alerts_alert.REOPENED
    data = {
        "kind": "alert",
        "owner": f"duty-{agency}",
        "permit_id": alert.id,
        "number": None,
        "at": now,
        "due": now,
        "next": now,
        "tries": 0,
        "facts": {
            "alert": alert.kind,
            "at": alert.at,
            "post": alert.post,
            "step": alert.step,
            **({"reopened": True} if reopened else {}),
        },
    }
    step = f"reopened-{alert.version}" if reopened else str(alert.step)
    key = Key(f"NOTICE#ALERT-{alert.id}", f"{step}-{agency}")
    return Put(key, data, expected_version=0, index={"state": mail.WAITING})


@dataclass(frozen=True, slots=True)
class Event:
    """The scan, endorsement, paper or case that may raise alerts."""

    id: str
    post: str
    officer: Actor


@dataclass(frozen=True, slots=True)
class NewUse:
    """A use that an officer adds to its permit's account. `account`: as read before. `pages`: that were shown."""

    use: Use
    account: UseAccount
    officer: Actor
    pages: Sequence[Permit] = ()

    @property
    def subject(self) -> Subject:
        """The permit for the alert. The transport document is compared with the watch-list too."""
        subject = self.account.subject(self.pages)
        terms = replace(subject.watch_terms, vehicles=(self.use.transport_document,))
        return replace(subject, watch_terms=terms)


@dataclass(frozen=True, slots=True)
class PaperDoubts:
    """What makes another Party's paper doubtful.

    `against`: the other uses of its number. `faults`: faults of the import permit that it names. `unconfirmed`: the
    hand-stamped endorsements under its number that wait for a second officer.
    """

    against: Sequence[Use] = ()
    faults: Sequence[str] = ()
    unconfirmed: Sequence[Use] = ()

    def __bool__(self) -> bool:
        return bool(self.against or self.faults or self.unconfirmed)


NO_DOUBTS = PaperDoubts()


def of_scan(event: Event, found: Verdict, subject: Subject | None, text: str, deps: Deps) -> tuple[Put, ...]:
    """Writes of the alerts that a scan raises, for a hold, a watch-list match, both or nothing.

    Of a code that is not genuine (no `subject`), only the place, the verdict codes and a digest of its `text` are
    stored.
    """
    named = {event_id for check_result in found.check_results for event_id in check_result.events}
    about = [use for use in found.uses if use.event_id in named]
    facts = {**_by(event.officer, about), "outcome": found.outcome, "codes": found.codes}
    hold: AlertKind | None = "hold" if found.outcome == Outcome.HOLD else None
    if subject is not None:
        return _of_permit(hold, event, subject, facts, deps)
    return tuple(_once(hold, Key("ALERT-LAST#-", _digest(text)), event, facts, deps)) if hold else ()


def of_use(
    event_id: str, new: NewUse, deps: Deps, *, codes: Iterable[str], unconfirmed: Sequence[Use] = ()
) -> tuple[Put, ...]:
    """Writes of the alerts that an endorsement raises. `codes`: reasons to hold.

    A late arrival in the register (L2) holds no goods. Hand-stamped endorsements that wait (`unconfirmed`, U9) hold
    none either.
    """
    codes = tuple(codes)
    outcome: str = "check" if unconfirmed else ""
    kind: AlertKind | None = "stamp" if unconfirmed else None
    if {*codes} - {"L2"}:
        outcome = kind = "hold"
    about = (new.use, *new.account.others(new.use), *unconfirmed)
    facts = {**_by(new.officer, about), "outcome": outcome, "codes": (*codes, *_u9(unconfirmed))}
    return _of_permit(kind, Event(event_id, new.use.post, new.officer), new.subject, facts, deps)


def _of_permit(kind: AlertKind | None, event: Event, subject: Subject, facts: RowData, deps: Deps) -> tuple[Put, ...]:
    """Writes of an alert of this kind (none if None) about a genuine permit, and of a watch-list match."""
    permit = {"issuer": subject.issuer, "number": subject.number}
    facts = {**facts, "permit": permit, "goods": subject.goods, "people": subject.people}
    name = Key(f"ALERT-LAST#{subject.issuer}", subject.number)
    made = _once(kind, name, event, facts, deps) if kind else []
    return (*made, *of_watch(event, subject.watch_terms, facts, deps))


def of_watch(event: Event, seen: WatchTerms, facts: RowData, deps: Deps) -> tuple[Put, ...]:
    """Writes of the alert of a watch-list match.

    It is an alert of its own, because only the police may see what matched.
    """
    found = watch_list.matches(seen, deps)
    if not found:
        return ()
    told = tuple({name: asdict(each)[name] for name in ("id", "kind", "value", "reason")} for each in found)
    name = Key("ALERT-LAST#watch", _digest(*sorted(seen.numbers), *sorted(each.id for each in found)))
    return tuple(_once("watch", name, event, {**facts, "watch": told}, deps))


def of_paper(event_id: str, officer: Actor, paper: ForeignPermit, doubts: PaperDoubts, deps: Deps) -> tuple[Put, ...]:
    """Writes of the alerts that another Party's paper raises. The paper is not verified, so the alert has no goods."""
    event = Event(event_id, paper.post, officer)
    permit = {"issuer": paper.issuer, "number": paper.number, "unverified": True}
    own = (paper.use,) if paper.use else ()
    facts: dict[str, Any] = {**_by(officer, (*own, *doubts.against, *doubts.unconfirmed)), "permit": permit}
    made: list[Put] = []
    grave = (*used_twice(paper, doubts.against), *(fault for fault in doubts.faults if fault in GRAVE))
    if codes := (*grave, *_u9(doubts.unconfirmed)):
        name = Key(f"ALERT-LAST#{paper.issuer}", paper.number)
        kind: AlertKind = "hold" if grave else "stamp"
        more = {"outcome": "hold" if grave else "check", "codes": codes}
        made += _once(kind, name, event, {**facts, **more}, deps)
    vehicles = (paper.endorsed.transport_document,) if paper.endorsed else ()
    seen = watch_terms_of(paper.number, paper.record, vehicles)
    return (*made, *of_watch(event, seen, facts, deps))


def of_unconfirmed(use: Use, issuer: str, number: str, *, paper: bool, now: int) -> tuple[Put, ...]:
    """Writes of the alert of a hand-stamped endorsement unconfirmed for too long, for the ministry's desk alone.

    `paper`: the endorsement is of another Party's paper, so it is not verified.
    """
    permit = {"issuer": issuer, "number": number, **({"unverified": True} if paper else {})}
    event_id = store.derived_event_id(use.event_id, use.received_at)  # withdrawn and entered again: a new alert
    alert = alerts_alert.new_alert(
        "stamp",
        event_id,
        now,
        use.post,
        permit=permit,
        outcome="check",
        codes=("U9",),
        raised_by=tuple(sorted(use.excluded_confirmers)),
    )
    return puts(alert, now, mails=(alert.agency_asked,))


def _u9(unconfirmed: Sequence[Use]) -> tuple[str, ...]:
    return ("U9",) if unconfirmed else ()


def of_case(event: Event, goods: Iterable[RowData], seen: WatchTerms, deps: Deps) -> tuple[Put, ...]:
    names = ("scientific_name", "common_name", "term", "quantity", "unit")
    lines = tuple({name: line[name] for name in names if line.get(name)} for line in goods)
    facts = {**_by(event.officer), "case": event.id, "goods": lines}
    made = puts(alerts_alert.new_alert("case", event.id, deps.now, event.post, **facts), deps.now, mails=roles.AGENCIES)
    return (*made, *of_watch(event, seen, facts, deps))


def _by(officer: Actor, about: Iterable[Use] = ()) -> dict[str, Any]:
    hands = {hand for use in about for hand in use.excluded_confirmers} - {""}
    raised_by = tuple(dict.fromkeys((officer.id, *officer.upload_detail.values(), *sorted(hands))))
    return {"officer": officer.name, "brought_by": officer.brought_by_name, "raised_by": raised_by}


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _once(kind: AlertKind, name: Key, event: Event, facts: RowData, deps: Deps) -> list[Put]:
    # The post is part of the key, so two posts with the same document raise an alert each. Other codes are a new event.
    codes = sorted(set(facts.get("codes", ())) - {"U0"})  # U0: the same officer scanned it a moment ago
    key = Key(name.partition, f"{name.sort}@{event.post} {' '.join(codes)}")
    row = deps.register.get(key)
    if row is not None and deps.now - row.data["at"] < AGAIN and load(row.data["alert"], deps.register).open:
        return []
    alert = alerts_alert.new_alert(kind, event.id, deps.now, event.post, **facts)
    last = Put(key, {"at": deps.now, "alert": alert.id}, expected_version=row.version if row else 0)
    return [*puts(alert, deps.now, mails=roles.AGENCIES), last]


def load(alert_id: str, register: PermitRegister) -> Alert:
    row = register.get(key_of(alert_id))
    if row is None:
        raise NoMatch("No such alert.")
    return _read(row)


def _read(row: Row) -> Alert:
    return decoded(_alert(), row.data, row.key)


def find(alert_id: str, actor: Actor, *, register: PermitRegister) -> Alert:
    """Return an alert that the actor may see. Raises `Forbidden`, and `NoMatch` also for a post of others."""
    actor.require("see_alerts")
    alert = load(alert_id, register)
    if not may_see(actor, alert.post):
        raise NoMatch("No such alert.")
    return alert


def steps(alert: Alert, actor: Actor) -> list[str]:
    """The steps that the actor may take."""
    able = ["acknowledge" if _answers(actor, alert) else "note"] if actor.may("acknowledge") else []
    able += ["reopen"] if actor.may("acknowledge") and not alert.open else []
    return able + (["share"] if actor.may("share_abroad") else [])


def to_share(alert_id: str, actor: Actor, *, register: PermitRegister) -> Alert:
    """Return an alert of which a part goes to another country. Raises `Forbidden`, `NoMatch`."""
    actor.require("share_abroad")
    return load(alert_id, register)


def listed(
    actor: Actor, *, register: PermitRegister, only_open: bool, cursor: str | None = None
) -> tuple[list[Alert], str | None]:
    """Alerts, the newest first. Officers get those of their posts; ministry, police and the duty desk get all."""
    actor.require("see_alerts")
    name, value = ("state", WAITING) if only_open else ("shelf", SHELF)
    rows, cursor = register.search(name, value, cursor=cursor, limit=PAGE)
    return [each for each in readable(rows, _read) if may_see(actor, each.post)], cursor


def acknowledge(alert_id: str, note: str, actor: Actor, deps: Deps) -> Alert:
    """Answer an alert in words, by name and agency. It then goes to no other desk.

    Words of an agency that was not asked so far are only a note, which does not end the alert. So are words of a person
    who raised it, because it may be about them. The same words of the same person again change nothing.
    Raises `NoMatch`, `Forbidden`, `Invalid`, `TooLarge`.
    """
    _check_words("note", note, actor)

    def decide(alert: Alert) -> Alert | None:
        kind = alerts_alert.ANSWER if _answers(actor, alert) else alerts_alert.NOTE
        if _repeats(alert, note, actor, {alerts_alert.ANSWER, kind}):
            return None
        return alert.but(acknowledged=(*alert.acknowledged, _entry(alert, kind, note, actor, deps.now)))

    return _change(alert_id, actor, decide, deps)


def reopen(alert_id: str, reason: str, actor: Actor, deps: Deps) -> Alert:
    """Reopen an answered alert with a reason. The desks asked so far get a mail and have to answer again.

    Raises `WrongState` where it is open, else as `acknowledge`.
    """
    _check_words("reason", reason, actor)

    def decide(alert: Alert) -> Alert | None:
        if _repeats(alert, reason, actor, {alerts_alert.REOPENED}):
            return None
        if alert.open:
            raise WrongState("The alert is open and needs no reopening. Answer it.")
        entry = _entry(alert, alerts_alert.REOPENED, reason, actor, deps.now)
        return alerts_alert.reopened(alert, entry, deps.now)

    return _change(alert_id, actor, decide, deps)


def _check_words(field: str, words: str, actor: Actor) -> None:
    actor.require("acknowledge")
    if not words.strip():
        raise Invalid(FieldError(field, "required", "Must not be empty: enter a text."))
    if faults := tuple(text_faults(field, words, 500)):
        raise Invalid(*faults)


def _repeats(alert: Alert, words: str, actor: Actor, kinds: set[str]) -> bool:
    """True if the last entry has these words of this person, and is of one of these kinds."""
    last = alert.acknowledged[-1] if alert.acknowledged else {}
    same = (last.get("by"), last.get("note")) == (actor.id, words)
    return same and last.get("kind", alerts_alert.ANSWER) in kinds


def _change(alert_id: str, actor: Actor, decide: Callable[[Alert], Alert | None], deps: Deps) -> Alert:
    """Store the alert with a new entry. `decide` returns None for a repetition that changes nothing."""

    def attempt() -> Alert:
        alert = load(alert_id, deps.register)
        if not may_see(actor, alert.post):
            raise NoMatch("No such alert.")
        made = decide(alert)
        if made is None:
            return alert
        own = sum(each["by"] == actor.id for each in alert.acknowledged)
        if len(alert.acknowledged) >= alerts_alert.ENTRIES_AT_MOST:
            raise TooLarge("The alert has the maximum number of entries and takes no more.")
        if own >= alerts_alert.OF_ONE_PERSON:
            raise TooLarge("You have made the maximum number of entries in this alert. Another person must continue.")
        reopened = made.acknowledged[-1]["kind"] == alerts_alert.REOPENED
        deps.register.commit(*puts(made, deps.now, mails=made.agencies_asked if reopened else ()))
        return made

    return transact(attempt, "Others are answering this alert; try again.")


def _entry(alert: Alert, kind: str, words: str, actor: Actor, now: int) -> RowData:
    agencies = _agencies(actor, alert) or roles.agencies_of(actor)
    agency = min(agencies, key=roles.AGENCIES.index)
    return {"at": now, "by": actor.id, "by_name": actor.name, "agency": agency, "note": words, "kind": kind}


def _agencies(actor: Actor, alert: Alert) -> frozenset[Agency]:
    """The actor's agencies among those that had to answer so far."""
    return roles.agencies_of(actor) & frozenset(alert.agencies_asked)


def _answers(actor: Actor, alert: Alert) -> bool:
    """True if this person's words end the alert. Their agency was asked, and they did not raise it."""
    return alert.open and actor.id not in alert.raised_by and bool(_agencies(actor, alert))


def escalate(deps: Deps) -> int:
    """Pass overdue alerts on to the next desk. The sweep runs this. Return how many moved."""
    moved = 0
    cursor: str | None = None
    while True:
        rows, cursor = deps.register.search("state", WAITING, cursor=cursor, limit=100, oldest_first=True)
        for alert in readable(rows, _read):
            if alert.due > deps.now or not alert.open:
                continue
            made = alerts_alert.escalated(alert, deps.now)
            try:
                deps.register.commit(*puts(made, deps.now, mails=() if made.unanswered else (made.agency_asked,)))
            except Conflict:
                continue  # a person answered meanwhile
            moved += 1
        if cursor is None:
            return moved
