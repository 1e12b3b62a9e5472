"""What an exporter reads of their own permit and its history: what became of it on which day, and nobody else's name.

Officers' ids, names, hours and words are for officials (`show.py` says the same of a verdict). What was looked into at
a border, or told by another Party, is no step of the exporter's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from chalicelib.core.dossier import Dossier
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage, zone_named
from chalicelib.edges.times import from_text, to_text

LOOKED_INTO = frozenset({"resolve", "keep_apart", "confirmed_abroad", "propose_set_aside", "set_aside", "settled"})
OTHERS = frozenset({"by", "by_name", "for", "for_name", "detail"})
JUDGED = ("findings", "approvals", "overrides")  # members of a permit's answer that tell of an official's hour
OFFICIALS = frozenset({"by", "by_name", "represented", "represented_name", "note", "reason"})


def told(entries: Sequence[Mapping[str, Any]], actor: Actor, stage: Stage) -> list[dict[str, Any]]:
    """As they are for an official; else others' steps from the beginning of their day in the Party's zone."""
    if not actor.only_own:
        return [dict(entry) for entry in entries]
    return [
        dict(entry) if entry["by"] == actor.id else _bare(entry, stage)
        for entry in entries
        if entry["action"] not in LOOKED_INTO
    ]


def permit(shown: Mapping[str, Any], actor: Actor, stage: Stage) -> dict[str, Any]:
    """As an official has it (`show_permit.dossier`); to others without who judged it, when and in which words.

    Who approved an issued permit stands on its paper (block 13), so that name stays.
    """
    if not actor.only_own:
        return dict(shown)
    told = {**shown, "creator": _own(shown["creator"], actor)}
    if shown["state"] == "issued":  # why a suspension was lifted is no word to its holder
        told["reason"] = None
    for member in JUDGED:
        printed = {"by_name", "represented_name"} if member == "approvals" and "qr" in shown else set()
        told[member] = [
            {**each, **dict.fromkeys(OFFICIALS & each.keys() - printed, ""), "at": _day(each["at"], stage)}
            for each in shown[member]
        ]
    told["attachments"] = [
        each if each["by"] == actor.id else {**each, "by": "", "at": _day(each["at"], stage)}
        for each in shown["attachments"]
    ]
    return told


def by_days(item: Dossier, actor: Actor, stage: Stage) -> Dossier:
    """For a file that tells block 14: to the exporter each endorsement is of a day."""
    if not actor.only_own:
        return item
    return replace(item, uses=tuple(replace(use, at=_midnight(use.at, stage)) for use in item.uses))


def _own(person: str, actor: Actor) -> str:
    return person if person == actor.id else ""


def _day(at: str, stage: Stage) -> str:
    return to_text(_midnight(from_text(at), stage))


def _midnight(at: int, stage: Stage) -> int:
    return int(datetime.combine(stage.today(at), time(), zone_named(stage.zone)).timestamp())


def _bare(entry: Mapping[str, Any], stage: Stage) -> dict[str, Any]:
    kept = {name: value for name, value in entry.items() if name not in OTHERS}
    return {**kept, "at": _midnight(entry["at"], stage), "by": "", "by_name": "", "detail": {}}
