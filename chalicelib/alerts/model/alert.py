"""What the duty desks are told at once, who has to answer first, and who next.

An alert's id is made of the event that raised it, so that a retry raises none. It says where and what; who was involved
and what was looked for are parts that `people/model.py` gives to few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.roles import AGENCIES

KINDS = ("hold", "case", "watch", "stamp")

ANSWER, NOTE, REOPENED = "answer", "note", "reopened"  # kinds of entries

# Who answers first, and who next where nobody did. All four are told at once, but of a hand-stamped endorsement that
# has waited too long for its second officer (`stamp`) the first alone.
LADDER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hold": ("customs", "border", "ministry", "police"),
        "case": ("police", "ministry", "customs", "border"),
        "watch": ("police", "customs", "border", "ministry"),
        "stamp": ("ministry", "customs", "border", "police"),
    }
)

WAITS: Mapping[str, int] = MappingProxyType(
    {"hold": 15 * 60, "case": HOUR, "watch": 10 * 60, "stamp": DAY}
)  # seconds a step

ENTRIES_AT_MOST, OF_ONE_PERSON = 100, 20  # answers, notes and reopenings of one alert

AGAIN = HOUR  # seconds in which the same paper at the same post raises no second alert


@dataclass(frozen=True, slots=True)
class Alert:
    """`officer`: by name, and `brought_by`: who sent it in that name, "" where they did themselves; `step`: of the
    ladder; `due`: when it moves on if nobody has answered; `acknowledged`: answers, notes and reopenings, in order;
    `raised_by`: the ids of whose acts it tells of, and of who brought those in. Their own word is a note."""

    id: str
    kind: str
    at: int
    post: str
    due: int
    officer: str = ""
    brought_by: str = ""
    raised_by: tuple[str, ...] = ()
    outcome: str = ""
    codes: tuple[str, ...] = ()
    permit: Mapping[str, Any] | None = field(default=None, hash=False)
    goods: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    case: str | None = None
    people: tuple[str, ...] = ()
    watch: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    step: int = 0
    acknowledged: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    version: int = 0

    @property
    def charge(self) -> str:
        """The agency that has to answer now."""
        return LADDER[self.kind][min(self.step, len(AGENCIES) - 1)]

    @property
    def charged(self) -> tuple[str, ...]:
        """The agencies that had to answer so far: each of them may."""
        return LADDER[self.kind][: self.step + 1]

    @property
    def answers(self) -> tuple[Mapping[str, Any], ...]:
        """Those since it was last opened. An entry of an earlier release has no kind and is an answer."""
        found: list[Mapping[str, Any]] = []
        for each in self.acknowledged:
            kind = each.get("kind", ANSWER)
            if kind == REOPENED:
                found.clear()
            elif kind == ANSWER:
                found.append(each)
        return tuple(found)

    @property
    def open(self) -> bool:
        """Until somebody answers who did not raise it. Where that is not on record, as in a row of an earlier release,
        until two people did whose name is not the officer's."""
        if self.raised_by:
            return all(each["by"] in self.raised_by for each in self.answers)
        return len({each["by"] for each in self.answers if each["by_name"] != self.officer}) < 2

    @property
    def unheard(self) -> bool:
        """Nobody on the whole ladder has answered."""
        return self.open and self.step >= len(AGENCIES)

    def but(self, **changes: Any) -> Alert:
        return replace(self, version=self.version + 1, **changes)


def raised(kind: str, event_id: str, at: int, post: str, **facts: Any) -> Alert:
    return Alert(id=f"{kind}-{event_id}", kind=kind, at=at, post=post, due=at + WAITS[kind], version=1, **facts)


def escalated(alert: Alert, now: int) -> Alert:
    """The next on the ladder has to answer; after the last one nobody is left."""
    return alert.but(step=alert.step + 1, due=now + WAITS[alert.kind])


def reopened(alert: Alert, entry: Mapping[str, Any], now: int) -> Alert:
    """Open again: the agency that was asked last has to answer; where all were, the last of the ladder."""
    step = min(alert.step, len(AGENCIES) - 1)
    return alert.but(step=step, due=now + WAITS[alert.kind], acknowledged=(*alert.acknowledged, entry))


def whole(alert: Alert) -> dict[str, Any]:
    """Every member of an answer, before `sharing.shown`."""
    return {
        "id": alert.id,
        "kind": alert.kind,
        "state": "open" if alert.open else "acknowledged",
        "occurred_at": alert.at,
        "post": alert.post,
        "officer": alert.officer,
        "brought_by": alert.brought_by,
        "outcome": alert.outcome,
        "codes": list(alert.codes),
        "permit": dict(alert.permit) if alert.permit else None,
        "goods": [dict(line) for line in alert.goods],
        "case": alert.case,
        "people": list(alert.people),
        "watch": [dict(each) for each in alert.watch],
        "charge": alert.charge,
        "unheard": alert.unheard,
        "acknowledged": [{"kind": ANSWER, **each} for each in alert.acknowledged],
        "version": alert.version,
    }
