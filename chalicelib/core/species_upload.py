"""An uploaded list against the one in use: what would stand then, what changes, and everything that is wrong with it.

1 the header says whether Species+ wrote it or `tamga species` (our own columns)   2 of Species+: `species_list.merge`
3 of our own columns: it stands as it is, and is compared   4 every row sound, or none of it counts
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter

from chalicelib.core import species_list, species_plus
from chalicelib.core.errors import FieldError
from chalicelib.core.species_list import COLUMNS, Change, Merged, Row, listed
from chalicelib.core.taxon import Population

OURS = ("ru", "ky", "group")  # columns in which the release has the last word, and what it decided
DECIDED = ("decided", "appendix", "may_be", "listed_by", "annotation")


def read(
    lines: Iterable[str],
    ours: Sequence[Row],
    faults: list[FieldError],
    *,
    file: str,
    as_of: str,
    whole: bool,
    populations: Mapping[str, Population],
) -> Merged:
    """`lines` of a CSV, with their ends; `as_of`: the day it speaks of; `whole`: what it lacks has left the Appendices.

    Where `faults` is not empty afterwards, what is returned is nothing.
    """
    lines = iter(lines)
    first = next(lines, "").removeprefix("\ufeff")
    separator = ";" if first.count(";") > first.count(",") else ","
    cells = csv.reader(chain([first], lines), delimiter=separator, strict=True)
    merged = Merged(())
    try:
        header = tuple(next(cells, ()))
        if header == COLUMNS:  # 1
            rows = _own(file, cells, faults)
            merged = Merged(rows, changes(ours, rows))  # 3
        else:
            source = f"Species+, {_day(as_of, faults)}"
            concepts = species_plus.together(species_plus.from_csv(file, chain([header], cells), faults), faults)
            if not faults:
                merged = species_list.merge(
                    ours, concepts, as_of=as_of, source=source, replace=whole, populations=populations
                )  # 2
    except csv.Error as error:
        faults.append(FieldError(f"{file} row {cells.line_num}", "half", f"The file is cut off: {error}."))
    if not merged.rows and not faults:
        faults.append(FieldError(file, "empty", "Nothing of it is listed."))
    for row in merged.rows:  # 4
        for column, code, words in species_list.faults_of(row):
            faults.append(FieldError(f"{row['scientific_name'] or file}, {column}", code, words))
    return merged


def changes(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """What is another between two lists, by name; a name that was a synonym's owner is one that was renamed."""
    old = {row["scientific_name"]: row for row in before}
    by_synonym = {name: row for row in after for name in listed(row["synonyms"])}
    new = {row["scientific_name"] for row in after}
    found = []
    for name, row in old.items():
        if name not in new and (now := by_synonym.get(name)) is None:
            found.append(Change("removed", name, row["appendix"]))
        elif name not in new and now is not None:
            found.append(Change("renamed", now["scientific_name"], name, now["scientific_name"]))
    renamed = {each.name: old[each.before] for each in found if each.what == "renamed"}
    for row in after:
        was = old.get(row["scientific_name"]) or renamed.get(row["scientific_name"])
        if was is None:
            found.append(Change("added", row["scientific_name"], after=_standing(row)))
        elif _standing(was) != _standing(row):
            found.append(Change("appendix", row["scientific_name"], _standing(was), _standing(row)))
        elif was["listed_by"] != row["listed_by"]:
            found.append(Change("listed_by", row["scientific_name"], was["listed_by"], row["listed_by"]))
    return found


def with_ours(stored: Sequence[Row], release: Sequence[Row]) -> list[Row]:
    """A published list with what is this country's as the release has it: names, groups and decisions.

    So a name that a release brings is found at once, and no upload can take a decision away.
    """
    known: dict[str, Row] = {}
    for row in release:
        for name in (row["scientific_name"], *listed(row["synonyms"])):
            known.setdefault(name.lower(), row)
    by_id = {row["species_plus_id"]: row for row in release if row["species_plus_id"]}
    return [
        _ours(row, by_id.get(row["species_plus_id"]) or known.get(row["scientific_name"].lower())) for row in stored
    ]


def csv_text(rows: Iterable[Row]) -> str:
    """The list as `species.csv` has it."""
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(itemgetter(*COLUMNS), rows))
    return "".join(lines)


def from_text(text: str) -> list[Row]:
    """The mirror of `csv_text`, of what was stored."""
    blank = dict.fromkeys(COLUMNS, "")  # columns that came later than the list
    cells = csv.reader((f"{line}\n" for line in text.split("\n")), strict=True)
    header = next(cells, [])
    return [{**blank, **dict(zip(header, row, strict=True))} for row in cells if row]


class _Lines(list[str]):
    """What `csv.writer` writes into."""

    def write(self, line: str) -> None:
        self.append(line)


def _ours(row: Row, release: Row | None) -> Row:
    if release is None:
        return row
    own = {column: release[column] for column in OURS if release[column]}
    return {**row, **own, **({column: release[column] for column in DECIDED} if release["decided"] else {})}


def _own(file: str, cells: Iterable[Sequence[str]], faults: list[FieldError]) -> list[Row]:
    rows: list[Mapping[str, str]] = []
    for number, row in enumerate(cells, 2):
        if len(row) == len(COLUMNS):
            rows.append(dict(zip(COLUMNS, row, strict=True)))
        else:
            words = f"{len(row)} cells where the header has {len(COLUMNS)}: the file is cut off or was edited."
            faults.append(FieldError(f"{file} row {number}", "half", words))
    return rows


def _day(text: str, faults: list[FieldError]) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        faults.append(FieldError("as_of", "date", "The day that the download speaks of, YYYY-MM-DD."))
        return ""


def _standing(row: Row) -> str:
    return "/".join((row["appendix"], *listed(row["may_be"])))
