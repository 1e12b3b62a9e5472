"""Request bodies, queries and answers of suspicious patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from pydantic import StringConstraints

from chalicelib.cases.schemas import MonthCount, PostCount
from chalicelib.http.answers import Anything, Time, one_of
from chalicelib.http.requests import CursorQuery, Model, Reason
from chalicelib.patterns.table import RULES, Owner, Severity
from chalicelib.suspicions.services.flags import RESULTS, FlagResult, FlagState


class PatternsQuery(CursorQuery):
    """Filters. `since` is a day of the Party, or a time. Only flags found from then on are listed. `state`: `open` is
    unanswered.

    `rule`: flags of this rule alone.
    """

    since: Annotated[str, StringConstraints(min_length=10, max_length=30)] | None = None
    state: Literal["open", "overdue", "answered"] | None = None
    rule: Annotated[str, StringConstraints(pattern=f"^({'|'.join(RULES)})$")] | None = None


class PatternAnswer(Model):
    """`explained`: all was honest. `confirmed`: something was wrong. `followed_up`: a case or an audit goes on."""

    result: Annotated[str, StringConstraints(pattern=f"^({'|'.join(RESULTS)})$")]
    reason: Reason


class PersonAndTime(TypedDict):
    at: Time
    by_name: str


class AnswerToPattern(PersonAndTime):
    result: FlagResult
    reason: str


class PatternRule(TypedDict):
    rule: Annotated[str, one_of(RULES)]
    name: str
    severity: Severity
    owner: Owner
    insider: bool


class Pattern(PatternRule):
    """A flag, which is a sign and no verdict on anybody.

    `why` is its sentence, and `figures` are the figures in it. `charge`: the role that was asked last. `moves_at` is
    the time at which it goes on to the next role, or null where it is answered or no role is left (`unheard`). A permit
    without `id` is another Party's.
    """

    id: str
    why: str
    figures: Anything
    at: Time
    found_at: Time
    due_at: Time
    overdue: bool
    state: FlagState
    permits: list[NamedPermit]
    posts: list[str]
    acknowledged: PersonAndTime | None
    answers: list[AnswerToPattern]
    charge: Owner
    moves_at: Time | None
    escalated: bool
    unheard: bool
    steps: list[str]


class NamedPermit(TypedDict):
    id: str
    number: str


class Patterns(TypedDict):
    items: list[Pattern]
    cursor: str | None


class RuleCounts(PatternRule):
    """Counts of a rule. `resting`: it has nothing to compare with yet."""

    hours: int
    found: int
    open: int
    overdue: int
    resting: bool


class PatternSummary(TypedDict):
    """Counts of a year. `complete`: nothing was left out."""

    rules: list[RuleCounts]
    months: list[MonthCount]
    posts: list[PostCount]
    looked_at: Time | None
    permits_read: int
    complete: bool


ANSWERS: Mapping[str, Any] = {"Pattern": Pattern, "Patterns": Patterns, "PatternSummary": PatternSummary}
