"""What a row of the wildlife-crime database adds to the case of ours that it names, so that nobody types twice.

What ours lacks is taken from the row; where both say something and it differs, ours stands and the column is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.core.case import Case
from chalicelib.core.case_table import CASE_COLUMNS, LINE_COLUMNS, Read
from chalicelib.core.stage import calendar_day

TOGETHER = frozenset({"value", "permit"})  # an amount means nothing beside another's currency, nor a number its issuer
PLACES = {**{column: path for column, path in CASE_COLUMNS.items() if path}, "transit": "route.transit"}


def joined(case: Case, row: Read, zone: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """(members of the case to replace, the columns in which ours says otherwise). A closed case is not added to."""
    record: dict[str, Any] = dict(case.record)
    lacking: list[str] = []
    other = [*_named_otherwise(case, row, zone)]
    for column, path in PLACES.items():
        theirs = _at(row.record, path)
        if not theirs or theirs == (ours := _ours(case, column, path)):
            continue
        outer, _, inner = path.partition(".")
        if ours or (outer in TOGETHER and case.record.get(outer)):
            other.append(column)
            continue
        lacking.append(column)
        record[outer] = {**(record.get(outer) or {}), inner: theirs} if inner else theirs
    other += _goods_otherwise(case, row)
    if row.people and case.people and not _same(row.people, case.people):
        other.append("person_name")
    if case.state == "closed":
        people = ("person_name",) if row.people and not case.people else ()
        return {}, tuple(dict.fromkeys((*other, *lacking, *people)))
    changes: dict[str, Any] = {"record": record} if lacking else {}
    if row.people and not case.people:
        changes["people"] = row.people
    return changes, tuple(dict.fromkeys(other))


def _at(record: Mapping[str, Any], path: str) -> Any:
    outer, _, inner = path.partition(".")
    found = record.get(outer)
    return (found or {}).get(inner) if inner else found


def _ours(case: Case, column: str, path: str) -> Any:
    """A sanction may stand among the follow-ups instead."""
    said = [each.get("text") for each in case.followups if each["kind"] == column == "sanction"]
    return _at(case.record, path) or (said[-1] if said else None)


def _named_otherwise(case: Case, row: Read, zone: str) -> Iterator[str]:
    if calendar_day(row.occurred_at, zone) != calendar_day(case.occurred_at, zone):
        yield "occurred_on"
    if row.post != case.post:
        yield "post"
    if row.kind != case.kind:
        yield "kind"


def _goods_otherwise(case: Case, row: Read) -> Iterator[str]:
    ours, theirs = case.record.get("goods") or (), row.record["goods"]
    if len(ours) != len(theirs):
        yield "scientific_name"
    for mine, line in zip(ours, theirs, strict=False):
        yield from (
            name
            for name in LINE_COLUMNS
            if name != "accepted_name" and (line.get(name) or mine.get(name)) != mine.get(name)
        )


def _same(theirs: tuple[Mapping[str, Any], ...], ours: tuple[Mapping[str, Any], ...]) -> bool:
    """Whether the row says nothing of a person that ours does not."""
    return len(theirs) == len(ours) and all(row.items() <= mine.items() for row, mine in zip(theirs, ours, strict=True))
