"""Entries of the species list on a day: the Appendix before, between and after changes, and what is open then.

`changes`: of the entry, the oldest first. `applied`: changes until this day are in the entry already. `states`: what a
device gets of it. `expect`: the members of the entry on that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors.scenes import Vector

APPLIED, KNOWN_FROM = "2026-03-05", "2017-04-21"


def entry(appendix: str, *may_be: str, **more: Any) -> Vector:
    return {"appendix": appendix, "may_be": list(may_be), "listed_by": None, "symbol": "", "open": [],
            "in_force": KNOWN_FROM, **more}  # fmt: skip


def change(day: str, before: str, after: str, **more: Any) -> Vector:
    return {"day": day, "last": "", "before": [before] if before else [], "after": after, "symbols": ["", ""],
            "listed_by": [], **more}  # fmt: skip


def state(first: str, appendix: str, **more: Any) -> Vector:
    listed_by = more.get("listed_by")
    return {"from": first, "appendix": appendix, "may_be": [], "listed_by": None, "population": None, "symbol": "",
            "in_force": first, "open": [], **more, "listed_by_all": [listed_by] if listed_by else []}  # fmt: skip


ENTRIES: dict[str, tuple[Vector, list[Vector], list[Vector]]] = {
    "water frog": (
        entry("0"),
        [change("2027-06-01", "0", "II", last="2027-06-30")],
        [
            state("", "0"),
            state(KNOWN_FROM, "0"),
            state("2027-06-01", "II", open=["change_day"], in_force=""),
            state("2027-06-30", "II"),
        ],
    ),
    "hyena": (
        entry("II", in_force="2026-03-05"),
        [change("2026-03-05", "III", "II")],
        [
            state("", "III", open=["party", "past_unknown"]),
            state(KNOWN_FROM, "III", open=["party"], in_force=""),
            state("2026-03-05", "II"),
        ],
    ),
    "shark of a delayed listing": (
        entry("II", in_force="2026-03-05", open=["delay"]),
        [change("2026-03-05", "0", "II", last="2027-06-30")],
        [
            state("", "0"),
            state(KNOWN_FROM, "0", in_force=""),
            state("2026-03-05", "II", open=["delay"]),
            state("2027-06-30", "II", in_force="2026-03-05"),
        ],
    ),
    "afrormosia": (
        entry("II", in_force="2019-11-26", symbol="#17"),
        [change("2019-11-26", "", "", symbols=["#5", "#17"])],
        [
            state("", "II", symbol="#5", open=["past_unknown"]),
            state(KNOWN_FROM, "II", symbol="#5", in_force=""),
            state("2019-11-26", "II", symbol="#17"),
        ],
    ),
    "anole": (
        entry("III", in_force="2025-03-06", listed_by="CU"),
        [change("2017-04-21", "0", "III", last="2020-08-25", listed_by=["CU"])],
        [
            state("", "0"),
            state("2017-04-21", "III", listed_by="CU", open=["change_day"], in_force=""),
            state("2020-08-25", "III", listed_by="CU"),
        ],
    ),
    "tortoise without a history": (entry("II"), [], []),
}

DAYS = {
    "water frog": ("2026-11-30", "2027-05-31", "2027-06-01", "2027-06-05", "2027-06-29", "2027-06-30", "2030-01-01"),
    "hyena": ("2016-01-01", "2025-01-01", "2026-03-04", "2026-03-05", "2026-11-30"),
    "shark of a delayed listing": ("2026-03-04", "2026-03-05", "2026-11-30", "2027-06-29", "2027-06-30"),
    "afrormosia": ("2017-04-20", "2019-11-25", "2019-11-26"),
    "anole": ("2016-01-01", "2019-01-01", "2020-08-24", "2020-08-25", "2026-11-30"),
    "tortoise without a history": ("2017-04-20", "2017-04-21", "2026-11-30"),
}


def cases() -> Iterator[Vector]:
    for name, days in DAYS.items():
        own, changes, states = ENTRIES[name]
        for day in days:
            then = next((each for each in reversed(states) if each["from"] <= day), own)
            expect = {member: then[member] for member in ("appendix", "may_be", "listed_by", "symbol", "open")}
            if not states and day < KNOWN_FROM:
                expect["open"] = ["past_unknown"]
            yield {
                "name": f"{name} on {day}", "why": "Art. XV, XVI: a change binds from the day on which it is in force",
                "input": {"entry": own, "changes": changes, "states": states, "day": day, "applied": APPLIED,
                          "known_from": KNOWN_FROM},
                "expect": expect,
            }  # fmt: skip
