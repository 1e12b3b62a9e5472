"""What an exporter reads of their own permit's history: what became of it on which day, and nobody else's name.

Officers' ids, names, hours and words are for officials (`show.py` says the same of a verdict). What was looked into at
a border, or told by another Party, is no step of the exporter's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage, zone_named

LOOKED_INTO = frozenset({"resolve", "keep_apart", "confirmed_abroad"})
OTHERS = frozenset({"by", "by_name", "for", "for_name", "detail"})


def told(entries: Sequence[Mapping[str, Any]], actor: Actor, stage: Stage) -> list[dict[str, Any]]:
    """As they are for an official; else others' steps from the beginning of their day in the Party's zone."""
    if not actor.only_own:
        return [dict(entry) for entry in entries]
    return [
        dict(entry) if entry["by"] == actor.id else _bare(entry, stage)
        for entry in entries
        if entry["action"] not in LOOKED_INTO
    ]


def _bare(entry: Mapping[str, Any], stage: Stage) -> dict[str, Any]:
    kept = {name: value for name, value in entry.items() if name not in OTHERS}
    midnight = datetime.combine(stage.today(entry["at"]), time(), zone_named(stage.zone))
    return {**kept, "at": int(midnight.timestamp()), "by": "", "by_name": "", "detail": {}}
