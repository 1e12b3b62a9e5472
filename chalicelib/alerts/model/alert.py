"""Alert to the duty desks: its state, the agency that has to answer, and the order of escalation.

The alert's id derives from the event that raised it, so a retry raises no second alert. Place and goods are for all
desks. `people/model.py` limits to a few agencies who was involved and what was looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.roles import AGENCIES, Agency
from chalicelib.kernel.rows import RowData

type AlertKind = Literal["hold", "case", "watch", "stamp"]

KINDS: tuple[AlertKind, ...] = get_args(AlertKind.__value__)

type EntryKind = Literal["answer", "note", "reopened"]

ANSWER: Final = "answer"

NOTE: Final = "note"

REOPENED: Final = "reopened"

# Order of the agencies that have to answer: the next one where the one before did not. All four get a mail at once. For
# a hand-stamped endorsement unconfirmed for too long (`stamp`), the first alone gets it.
ESCALATION: Mapping[str, tuple[Agency, ...]] = MappingProxyType(
    {
        "hold": ("customs", "border", "ministry", "police"),
        "case": ("police", "ministry", "customs", "border"),
        "watch": ("police", "customs", "border", "ministry"),
        "stamp": ("ministry", "customs", "border", "police"),
    }
)

ANSWER_TIMES: Mapping[str, int] = MappingProxyType(
    {"hold": 15 * 60, "case": HOUR, "watch": 10 * 60, "stamp": DAY}
)  # seconds a step

ENTRIES_AT_MOST, OF_ONE_PERSON = 100, 20  # answers, notes and reopenings of one alert

AGAIN = HOUR  # seconds in which the same document, post and codes raise no second alert


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert with its answers.

    `officer`: name of the officer who recorded the event. `brought_by`: name of the person who sent it for them, else
    "". `raised_by`: ids of the persons whose acts it is about, and of those who sent them. Their own words are a note.
    `step`: index in the ladder. `due`: time at which it goes to the next agency. `acknowledged`: answers, notes and
    reopenings, in order.
    """

    id: str
    kind: AlertKind
    at: int
    post: str
    due: int
    officer: str = ""
    brought_by: str = ""
    raised_by: tuple[str, ...] = ()
    outcome: str = ""
    codes: tuple[str, ...] = ()
    permit: RowData | None = field(default=None, hash=False)
    goods: tuple[RowData, ...] = field(default=(), hash=False)
    case: str | None = None
    people: tuple[str, ...] = ()
    watch: tuple[RowData, ...] = field(default=(), hash=False)
    step: int = 0
    acknowledged: tuple[RowData, ...] = field(default=(), hash=False)
    version: int = 0

    @property
    def agency_asked(self) -> Agency:
        """The agency that has to answer now."""
        return ESCALATION[self.kind][min(self.step, len(AGENCIES) - 1)]

    @property
    def agencies_asked(self) -> tuple[Agency, ...]:
        """The agencies that had to answer so far. Each of them may answer."""
        return ESCALATION[self.kind][: self.step + 1]

    @property
    def answers(self) -> tuple[RowData, ...]:
        """The answers since the last reopening. An entry of an earlier release has no kind and is an answer."""
        found: list[RowData] = []
        for each in self.acknowledged:
            kind = each.get("kind", ANSWER)
            if kind == REOPENED:
                found.clear()
            elif kind == ANSWER:
                found.append(each)
        return tuple(found)

    @property
    def open(self) -> bool:
        """True until a person answers who did not raise it.

        Rows of an earlier release have no `raised_by`: two persons with names other than the officer's must answer.
        """
        if self.raised_by:
            return all(each["by"] in self.raised_by for each in self.answers)
        return len({each["by"] for each in self.answers if each["by_name"] != self.officer}) < 2

    @property
    def unanswered(self) -> bool:
        """True where the whole ladder was asked and nobody answered."""
        return self.open and self.step >= len(AGENCIES)

    def but(self, **changes: Any) -> Alert:
        return replace(self, version=self.version + 1, **changes)


def new_alert(kind: AlertKind, event_id: str, at: int, post: str, **facts: Any) -> Alert:
    return Alert(id=f"{kind}-{event_id}", kind=kind, at=at, post=post, due=at + ANSWER_TIMES[kind], version=1, **facts)


def escalated(alert: Alert, now: int) -> Alert:
    """The alert for the next agency of the ladder. After the last agency it is `unanswered`."""
    return alert.but(step=alert.step + 1, due=now + ANSWER_TIMES[alert.kind])


def reopened(alert: Alert, entry: RowData, now: int) -> Alert:
    """The alert reopened, so that the agency asked last has to answer, or the last agency of the ladder after all of
    them.
    """
    step = min(alert.step, len(AGENCIES) - 1)
    return alert.but(step=step, due=now + ANSWER_TIMES[alert.kind], acknowledged=(*alert.acknowledged, entry))
