"""Flags of suspicious patterns: rows, readers, answers, escalation, and the yearly summary.

PATTERN#<id>  -     a flag: rule, figures, permits, time found, acknowledgement, answers. On the shelf "patterns". Also
                    under the owner "patterns" if it is not about staff, or if no auditor answered in time. In the index
                    as `pattern` while somebody still has to answer
NOTICE#PATTERN-<id>  <when>-<step>   a mail to the desk that has to answer; it names nobody
PATTERNS      RUN   the last run: time, number of permits read (suspicions/services/pattern_search.py)

Acknowledgement and answers have name and time, and an answer also has a reason. Nothing of it is erased. A flag
unanswered in its time goes to the next role of the ladder (patterns/table.py), with a mail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.errors import FieldError, Forbidden, Invalid, NoMatch, TwoPeople
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, Row, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.mail import services as mail_services
from chalicelib.patterns.table import LADDER, RULES, Owner, Rule
from chalicelib.patterns.window import YEAR, Flag
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact

SHELF = "patterns"

WAITING = "pattern"

DESKS: Mapping[Owner, str] = {
    "enforcement": "police",
    "auditor": "auditor",
}  # role -> its desk (alerts/services/duty_desks.py)

RUN = Key("PATTERNS", "RUN")

FLAGS_PAGE = 50

COUNTED = 2000  # flags that a summary reads, newest first

type FlagState = Literal["open", "acknowledged", "answered"]


@dataclass(frozen=True, slots=True)
class StoredFlag:
    """A stored flag. `people`: id -> name of each person in it. `acknowledged`: at, by, by_name.

    `answers`: the same members with result and reason. `again_at`: time at which later events reopened it after its
    last answer, or 0. `step`: index in the ladder. `asked_at`: time at which it came to that step, 0 on the first.
    """

    flag: Flag
    id: str
    rule: Rule
    found_at: int
    people: Mapping[str, str]
    acknowledged: RowData | None
    answers: tuple[RowData, ...]
    version: int
    again_at: int = 0
    step: int = 0
    asked_at: int = 0

    @property
    def due_at(self) -> int:
        return max(self.found_at, self.again_at) + self.rule.hours * HOUR

    @property
    def moves_at(self) -> int:
        """Time at which an unanswered flag goes to the next role."""
        return max(self.found_at, self.again_at, self.asked_at) + self.rule.hours * HOUR

    @property
    def roles_asked(self) -> tuple[Owner, ...]:
        """The roles that may answer, which are the owner, and each role asked since."""
        return LADDER[self.rule.owner][: self.step + 1]

    @property
    def unanswered(self) -> bool:
        """True where the whole ladder was asked and nobody answered."""
        return not self.answered and self.step >= len(LADDER[self.rule.owner])

    def seen_by(self, actor: Actor) -> bool:
        """True if the actor may read the flag.

        A flag about staff is for roles that were asked and persons who answered, never for a person named in it.
        """
        if not self.rule.insider:
            return True
        answered = any(each["by"] in actor.same_person_ids for each in self.answers)
        return (answered or not actor.roles.isdisjoint(self.roles_asked)) and not actor.same_person_ids & set(
            self.people
        )

    @property
    def answered(self) -> bool:
        return bool(self.answers) and self.answers[-1]["at"] >= self.again_at

    @property
    def seen(self) -> bool:
        return self.acknowledged is not None and self.acknowledged["at"] >= self.again_at

    @property
    def state(self) -> FlagState:
        if self.answered:
            return "answered"
        return "acknowledged" if self.seen else "open"

    def overdue(self, now: int) -> bool:
        return not self.answered and now > self.due_at

    def put(self) -> Put:
        flag = self.flag
        data = {
            "rule": flag.rule,
            "subject": flag.subject,
            "at": flag.at,
            "permits": [list(each) for each in flag.permits],
            "facts": dict(flag.facts),
            "posts": list(flag.posts),
            "people": dict(self.people),
            "found_at": self.found_at,
            "answers": [dict(each) for each in self.answers],
            **({"acknowledged": dict(self.acknowledged)} if self.acknowledged else {}),
            **({"again_at": self.again_at} if self.again_at else {}),
            **({"step": self.step, "asked_at": self.asked_at} if self.step else {}),
        }
        index = {
            "shelf": SHELF,
            **({} if self.rule.insider and not self.step else {"owner": SHELF}),
            **({} if self.answered or self.unanswered else {"state": WAITING}),
        }
        return Put(flag_key(self.id), data, expected_version=self.version, index=index)

    def mail(self, now: int) -> Put:
        """Mail to the desk that has to answer now, written in the transaction that asks it."""
        data = {
            "kind": "pattern",
            "owner": f"duty-{DESKS[self.roles_asked[-1]]}",
            "permit_id": self.id,
            "number": None,
            "at": now,
            "due": now,
            "next": now,
            "tries": 0,
            "facts": {"step": self.step, "at": self.moves_at},
        }
        key = Key(f"NOTICE#PATTERN-{self.id}", f"{now:012d}-{self.step}")
        return Put(key, data, expected_version=0, index={"state": mail_services.WAITING})


def flag_key(flag_id: str) -> Key:
    return Key(f"PATTERN#{flag_id}")


def read_row(row: Row) -> StoredFlag:
    data = row.data
    flag = Flag(
        data["rule"],
        data["subject"],
        int(data["at"]),
        tuple((each[0], each[1]) for each in data["permits"]),
        dict(data["facts"]),
        tuple(data["posts"]),
        tuple(data["people"]),
    )
    return StoredFlag(
        flag,
        row.key.partition.partition("#")[2],
        RULES[flag.rule],
        int(data["found_at"]),
        dict(data["people"]),
        data.get("acknowledged"),
        tuple(data["answers"]),
        row.version,
        int(data.get("again_at", 0)),
        int(data.get("step", 0)),
        int(data.get("asked_at", 0)),
    )


def insiders_too(actor: Actor) -> bool:
    return "auditor" in actor.roles


def find(flag_id: str, actor: Actor, *, register: PermitRegister) -> StoredFlag:
    """Return a flag. Raises `Forbidden`, and `NoMatch` also for a flag about staff that the actor may not read."""
    actor.require("patterns")
    row = register.get(flag_key(flag_id))
    held = read_row(row) if row is not None and row.data.get("rule") in RULES else None
    if held is None or not held.seen_by(actor):
        raise NoMatch("No such flag.")
    return held


def listed(  # noqa: PLR0913 - each filter of the list is named
    actor: Actor, deps: Deps, *, since: int = 0, state: str = "", rule: str = "", cursor: str | None = None
) -> tuple[list[StoredFlag], str | None]:
    """Flags found at or after `since`, the newest first, and the next cursor. A page may be short.

    `state`: open (not answered yet), overdue, answered. Raises `Forbidden` for a rule about staff, except for auditors.
    """
    actor.require("patterns")
    if rule in RULES and RULES[rule].insider and not insiders_too(actor):
        raise Forbidden("Only the auditor may see patterns about staff.")
    rows, cursor = deps.register.search(
        "shelf" if insiders_too(actor) else "owner", SHELF, cursor=cursor, limit=FLAGS_PAGE
    )
    known = [read_row(row) for row in rows if row.data["rule"] in RULES]
    if any(each.found_at < since for each in known):
        cursor = None
    return [
        each
        for each in known
        if each.found_at >= since
        and rule in {"", each.flag.rule}
        and each.seen_by(actor)
        and _is(each, state, deps.now)
    ], cursor


def _is(held: StoredFlag, state: str, now: int) -> bool:
    match state:
        case "open":
            return not held.answered
        case "overdue":
            return held.overdue(now)
        case "answered":
            return held.answered
    return True


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a year. `rules`: code -> found, unanswered, overdue. `months`: YYYY-MM -> found.

    `run`: row of the last run, or empty. `complete`: all flags were counted.
    """

    rules: Mapping[str, tuple[int, int, int]]
    months: Mapping[str, int]
    posts: Mapping[str, int]
    run: RowData
    complete: bool


def summary(actor: Actor, deps: Deps) -> Summary:
    """Count the flags of a year that the actor may see. Raises `Forbidden`."""
    actor.require("patterns")
    held, complete = _year(actor, deps)
    rules = {
        code: _counts([each for each in held if each.flag.rule == code], deps.now)
        for code, rule in RULES.items()
        if insiders_too(actor) or not rule.insider
    }
    months = Counter(deps.stage.today(each.found_at).isoformat()[:7] for each in held)
    posts = Counter(post for each in held for post in each.flag.posts)
    row = deps.register.get(RUN)
    return Summary(rules, months, posts, dict(row.data) if row else {}, complete)


def _year(actor: Actor, deps: Deps) -> tuple[list[StoredFlag], bool]:
    held: list[StoredFlag] = []
    cursor: str | None = None
    while len(held) < COUNTED:
        found, cursor = listed(actor, deps, since=deps.now - YEAR - DAY, cursor=cursor)
        held += found
        if cursor is None:
            return held, True
    return held, False


def _counts(held: Iterable[StoredFlag], now: int) -> tuple[int, int, int]:
    found = list(held)
    return len(found), sum(not each.answered for each in found), sum(each.overdue(now) for each in found)


type FlagResult = Literal["explained", "confirmed", "followed_up"]  # honest; something wrong; a case or audit goes on

RESULTS: tuple[FlagResult, ...] = get_args(FlagResult.__value__)

ANSWERS_AT_MOST = 20


def acknowledge(flag_id: str, actor: Actor, deps: Deps) -> StoredFlag:
    """Acknowledge a flag, with name and time. The first acknowledgement stays until the flag is open again.

    Raises `NoMatch`, `Forbidden`, `TwoPeople`.
    """

    def seen(held: StoredFlag) -> StoredFlag:
        said = {"at": deps.now, "by": actor.id, "by_name": actor.name}
        return held if held.seen else replace(held, acknowledged=said)

    return _change(flag_id, actor, seen, deps.register)


def answer(flag_id: str, result: str, reason: str, actor: Actor, deps: Deps) -> StoredFlag:
    """Answer a flag. A later answer stands beside the first. The same answer again changes nothing.

    Raises `Invalid`, `NoMatch`, `Forbidden`, `TwoPeople`.
    """
    if result not in RESULTS:
        raise Invalid(FieldError("result", "unknown", f"One of: {', '.join(RESULTS)}."))
    checked_reason(reason)

    def said(held: StoredFlag) -> StoredFlag:
        made: RowData = {
            "at": deps.now,
            "by": actor.id,
            "by_name": actor.name,
            "result": result,
            "reason": reason,
        }
        if held.answered and {**held.answers[-1], "at": deps.now} == made:
            return held
        if len(held.answers) >= ANSWERS_AT_MOST:
            raise Invalid(FieldError("reason", "too_many", f"At most {ANSWERS_AT_MOST} answers."))
        return replace(
            held, answers=(*held.answers, made), acknowledged=held.acknowledged if held.seen else _seen(made)
        )

    return _change(flag_id, actor, said, deps.register)


def may_answer(held: StoredFlag, actor: Actor) -> bool:
    """True for roles that were asked, and never for a person named in the flag."""
    return not actor.roles.isdisjoint(held.roles_asked) and not actor.same_person_ids & set(held.people)


def _seen(made: RowData) -> RowData:
    return {name: made[name] for name in ("at", "by", "by_name")}


def _change(
    flag_id: str, actor: Actor, decide: Callable[[StoredFlag], StoredFlag], register: PermitRegister
) -> StoredFlag:
    def attempt() -> StoredFlag:
        held = find(flag_id, actor, register=register)
        actor.require("answer_pattern")
        if actor.roles.isdisjoint(held.roles_asked):
            raise Forbidden(f"Only this role may answer: {' or '.join(held.roles_asked)}.")
        if not may_answer(held, actor):
            raise TwoPeople("You are named in this flag. Another person must answer it.")
        made = decide(held)
        if made is held:
            return held
        register.commit(made.put())
        return replace(made, version=held.version + 1)

    return transact(attempt, "Others are answering this; try again.")


PAGE = 100


def escalate(deps: Deps) -> int:
    """Pass overdue flags on to the next role, with a mail if there is one. Return how many were passed on.

    A flag that somebody changes meanwhile is left out: its write fails on a version conflict.
    """
    moved = 0
    cursor: str | None = None
    while True:
        rows, cursor = deps.register.search("state", WAITING, cursor=cursor, limit=PAGE, oldest_first=True)
        for held in (read_row(row) for row in rows if row.data["rule"] in RULES):
            if held.answered or held.unanswered or deps.now <= held.moves_at:
                continue
            made = replace(held, step=held.step + 1, asked_at=deps.now)
            try:
                deps.register.commit(made.put(), *(() if made.unanswered else (made.mail(deps.now),)))
            except Conflict:
                continue
            moved += 1
        if cursor is None:
            return moved
