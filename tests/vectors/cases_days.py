"""Entries of the species list on a day: the Appendix before, between and after changes, and what is open then.

`changes`: of the entry, the oldest first. `applied`: changes until this day are in the entry already. `states`: what a
device gets of it. `expect`: the members of the entry on that day, and the decision for an export for trade.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors.scenes import Vector

APPLIED, KNOWN_FROM = "2026-03-05", "2017-04-21"


def entry(appendix: str, *may_be: str, **more: Any) -> Vector:
    return {"scientific_name": "Aa bb", "kingdom": "Animalia", "order": "", "family": "", "appendix": appendix,
            "may_be": list(may_be), "listed_by": None, "symbol": "", "open": [], "in_force": KNOWN_FROM,
            **more}  # fmt: skip


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
        entry("II", in_force="2019-11-26", symbol="#17", kingdom="Plantae"),
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

# Day -> decision
DAYS = {
    "water frog": {
        "2026-11-30": "none", "2027-05-31": "none", "2027-06-01": "ask", "2027-06-05": "ask", "2027-06-29": "ask",
        "2027-06-30": "documents", "2030-01-01": "documents",
    },
    "hyena": {
        "2016-01-01": "ask", "2025-01-01": "documents", "2026-03-04": "documents", "2026-03-05": "documents",
        "2026-11-30": "documents",
    },
    "shark of a delayed listing": {
        "2026-03-04": "none", "2026-03-05": "ask", "2026-11-30": "ask", "2027-06-29": "ask", "2027-06-30": "documents",
    },
    "afrormosia": {"2017-04-20": "ask", "2019-11-25": "documents", "2019-11-26": "documents"},
    "anole": {
        "2016-01-01": "none", "2019-01-01": "ask", "2020-08-24": "ask", "2020-08-25": "documents",
        "2026-11-30": "documents",
    },
    "tortoise without a history": {"2017-04-20": "ask", "2017-04-21": "documents", "2026-11-30": "documents"},
}  # fmt: skip


def cases() -> Iterator[Vector]:
    for name, days in DAYS.items():
        own, changes, states = ENTRIES[name]
        term = "SAW" if own["kingdom"] == "Plantae" else "MEA"
        for day, decision in days.items():
            then = next((each for each in reversed(states) if each["from"] <= day), own)
            expect = {member: then[member] for member in ("appendix", "may_be", "listed_by", "symbol", "open")}
            if not states and day < KNOWN_FROM:
                expect["open"] = ["past_unknown"]
            yield {
                "name": f"{name} on {day}", "why": "Art. XV, XVI: a change binds from the day on which it is in force",
                "input": {"entry": own, "changes": changes, "states": states, "day": day, "applied": APPLIED,
                          "known_from": KNOWN_FROM,
                          "question": {"direction": "export", "term": term, "source": "W", "purpose": "T"}},
                "expect": {**expect, "decision": decision},
            }  # fmt: skip
