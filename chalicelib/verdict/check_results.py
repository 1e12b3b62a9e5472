"""Result of a check: verdict codes, the check of each code, and the outcomes in order of gravity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib.kernel.enums import Outcome

# A verdict has the first outcome that one of its codes asks for.
OUTCOMES = tuple(Outcome)

FAILING = frozenset(OUTCOMES[:3])  # a code that asks for one of these makes its check `fail` (FORMAT.md 5)

CheckStatus = Literal["pass", "fail", "skipped"]

CHECKS: Mapping[int, str] = {
    1: "text",
    2: "shape",
    3: "key",
    4: "signature",
    5: "claims",
    6: "key against claims",
    7: "time",
    8: "status list",
    9: "register",
    10: "use",
    11: "seal of the file",
    12: "printed text",
}

# FORMAT.md 5. F2, T1 and T6 can come from another check than this table says: then `CheckResult.at` names it.
CHECK_OF: Mapping[str, int] = {
    "F6": 1, "T4": 1, "T7": 1,
    "T3": 2,
    "F2": 3, "T1": 3,
    "F1": 4,
    "D2": 5, "D3": 5, "T6": 5,
    "S1": 7, "S5": 7, "T2": 7,
    "L1": 8,
    "D4": 9, "F3": 9, "F4": 9, "P2": 9, "S2": 9, "S3": 9, "S4": 9, "S6": 9, "S7": 9, "T5": 9, "T8": 9,
    "L2": 10, "P1": 10, "P3": 10, "P4": 10, "U0": 10, "U1": 10, "U2": 10, "U3": 10, "U4": 10, "U5": 10, "U6": 10,
    "U7": 10, "U8": 10, "U9": 10,
    "D1": 11,
    "F5": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One verdict code with its facts. `outcome`: the outcome that it asks for, "" for none. `facts`: for its sentence.

    `events`: ids of the uses that the code rests on. They and the code are its identity. Clearing a code clears it for
    exactly these events, so that later uses raise it again.
    """

    code: str
    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    events: tuple[str, ...] = ()
    at: int = 0  # the check that found it, if it is not the one of CHECK_OF
    cleared: bool = False

    @property
    def check(self) -> int:
        return self.at or CHECK_OF[self.code]


def worst(outcomes: Iterable[str]) -> Outcome:
    """The first of OUTCOMES among these."""
    return Outcome(min(outcomes, key=OUTCOMES.index))
