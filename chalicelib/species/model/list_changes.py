"""The species list as rows of `species.csv`: merge with Species+, read an upload, compare two lists.

Merge with Species+ (`merge`):

1 find our row of a taxon by the id of Species+, by its name, or by a synonym of either side
2 take the name of Species+; our old name becomes a synonym, our common names, group and decision stay
3 take the Appendix of Species+, unless it was decided here or both sides have the same several Appendices: then ours
  applies
4 drop a synonym that is the name of another taxon, or that two taxa have
5 keep or remove the rows that Species+ does not have

Read an upload (`read`):

1 the header tells whether Species+ or `tamga species` (our own columns) wrote the file
2 merge a file of Species+ into the list in use
3 take a file with our columns as it is, and compare it with the list in use
4 check every row; one faulty row refuses the file
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from types import MappingProxyType

from chalicelib.kernel.codes import APPENDIX_NAMES, APPENDIX_NUMBERS, KINGDOMS
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.text import split_cell
from chalicelib.species.model import species_plus
from chalicelib.species.model.listing import GROUPS, Population
from chalicelib.species.model.species_plus import RANKS, Concept
from chalicelib.species.model.upload import Upload

Row = Mapping[str, str]

COLUMNS = (
    "scientific_name", "rank", "kingdom", "class", "order", "family", "appendix", "may_be", "listed_by", "synonyms",
    "annotation", "decided", "en", "ru", "ky", "group", "species_plus_id", "range_states",
    "range_source", "source", "as_of",
)  # fmt: skip

NOTE_AT_MOST = 240  # characters: each of thirty thousand orchids has an annotation of 2,000

_LANGUAGES = ("en", "ru", "ky")

_CODES = frozenset(COUNTRIES)

_ORDER = itemgetter("kingdom", "class", "order", "family", "scientific_name")

_BLANK: Row = MappingProxyType(dict.fromkeys(COLUMNS, ""))


@dataclass(frozen=True, slots=True)
class Change:
    """One change, or one open point, of a new list.

    `what`: added, removed, appendix, listed_by, renamed, or kept (our Appendix stays against Species+). Open points:

    - choice: the Appendix depends on the population
    - unlisted_by: Appendix III without a country
    - ambiguous: a synonym of two taxa, which is dropped
    """

    what: str
    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    rows: Sequence[Row] = field(hash=False)
    changes: Sequence[Change] = field(default_factory=tuple, hash=False)

    @property
    def counts(self) -> Mapping[str, int]:
        return Counter(change.what for change in self.changes)


def merge(
    ours: Sequence[Row],
    theirs: Iterable[Concept],
    *,
    as_of: str,
    replace: bool = False,
    populations: Mapping[str, Population] = MappingProxyType({}),
) -> Merged:
    """Bring our rows to the state of Species+ on `as_of`.

    `replace`: remove rows that Species+ does not have, unless they were decided here. `populations`: taxon -> split of
    its Appendices by country. An Appendix that such a split settles needs no decision here. Genera, families and orders
    whose species are in several Appendices are left out, because their entry is right for none of them.
    """
    known: dict[str, Row] = {}  # 1
    for row in ours:
        for name in (row["scientific_name"], *split_cell(row["synonyms"])):
            known.setdefault(name.lower(), row)
    by_id = {row["species_plus_id"]: row for row in ours if row["species_plus_id"]}
    changes: list[Change] = []
    made: list[dict[str, str]] = []
    met: set[str] = set()
    concepts = [each for each in theirs if each.rank not in {"genus", "family", "order"} or len(each.listing) == 1]
    accepted = {each.name.lower() for each in concepts}
    for each in concepts:
        old = by_id.get(each.id) or known.get(each.name.lower()) or _by_synonym(each, known, accepted)
        if old is not None and old["scientific_name"] in met:
            old = None  # Species+ split the species: our row goes to the first part
        if old is not None:
            met.add(old["scientific_name"])
        made.append(_row(each, old, as_of, changes, populations))
    for row in ours:  # 5
        if row["scientific_name"] in met:
            continue
        if row["scientific_name"].lower() in accepted or (replace and not row["decided"]):
            changes.append(Change("removed", row["scientific_name"], row["appendix"]))
        else:
            made.append(dict(row))
    _settle_synonyms(made, changes)
    made.sort(key=_ORDER)
    return Merged(made, changes)


def faults_of(row: Row) -> Iterator[tuple[str, str, str]]:
    """Faults of a row of `species.csv` as (column, code, words)."""
    for column in ("scientific_name", "rank", "kingdom", "source"):
        if not row[column]:
            yield column, "half", "Must not be empty."
    if row["kingdom"] not in KINGDOMS:
        yield "kingdom", "unknown", f"{row['kingdom']!r}: expected {' or '.join(KINGDOMS)}."
    if row["rank"] not in RANKS.values():
        yield "rank", "unknown", f"{row['rank']!r} is not a rank of the list."
    names = [row["appendix"], *split_cell(row["may_be"])]
    if any(name not in APPENDIX_NUMBERS for name in names) or len(set(names)) != len(names):
        yield "appendix", "contradicts", f"{' / '.join(names)}: expected I, II, III or 0, each once."
    if (row["appendix"] == "III") != bool(row["listed_by"]) or row["listed_by"] not in ("", *COUNTRIES):
        yield (
            "listed_by",
            "contradicts",
            "Must be the country that listed it in Appendix III; empty for other Appendices.",
        )
    if not _CODES.issuperset(split_cell(row["range_states"])) or bool(row["range_states"]) != bool(row["range_source"]):
        yield "range_states", "contradicts", "Must be ISO 3166-1 codes of countries, with `range_source` filled in."
    if row["group"] not in ("", *GROUPS):
        yield "group", "unknown", f"{row['group']!r}: expected one of {', '.join(GROUPS)}, or empty."
    if not _is_day(row["as_of"]):
        yield "as_of", "malformed", f"{row['as_of']!r}: expected a date, YYYY-MM-DD."


@lru_cache(maxsize=256)  # a file has few different days
def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _by_synonym(each: Concept, known: Mapping[str, Row], accepted: set[str]) -> Row | None:
    """Our row under one of the taxon's synonyms in Species+, unless that row is another taxon's by name."""
    for name in each.synonyms:
        row = known.get(name.lower())
        if row is not None and row["scientific_name"].lower() not in accepted:
            return row
    return None


def _row(
    each: Concept, row: Row | None, as_of: str, changes: list[Change], populations: Mapping[str, Population]
) -> dict[str, str]:
    old, source = row or _BLANK, f"Species+, {as_of}"
    if row is None:
        changes.append(Change("added", each.name, after=_of(each.listing)))
    elif old["scientific_name"] != each.name:  # 2
        changes.append(Change("renamed", each.name, old["scientific_name"], each.name))
    synonyms = dict.fromkeys((*split_cell(old["synonyms"]), old["scientific_name"], *each.synonyms))
    appendix, may_be, listed_by = _resolve_appendix(each, old, changes, populations)
    by = f"Listed in Appendix III by {', '.join(sorted(each.parties))}. " if len(each.parties) > 1 else ""
    note = by + f"Listed under {each.under}. " if each.under and each.under != each.name else by
    common = {language: split_cell(old[language]) for language in _LANGUAGES}
    for language, name in each.common:
        if language in common and name not in common[language]:
            common[language].append(name.replace(";", ","))
    return {
        "scientific_name": each.name,
        "rank": each.rank,
        "kingdom": each.kingdom,
        "class": each.class_name,
        "order": each.order,
        "family": each.family,
        "appendix": appendix,
        "may_be": may_be,
        "listed_by": listed_by,
        "synonyms": "; ".join(name for name in synonyms if name and name != each.name),
        "annotation": old["annotation"] if old["decided"] else _cut(note + each.note),
        "decided": old["decided"],
        **{language: "; ".join(names) for language, names in common.items()},
        "group": old["group"],
        "species_plus_id": each.id,
        "range_states": "; ".join(sorted(each.range_states)) or old["range_states"],
        "range_source": source if each.range_states else old["range_source"],
        "source": source,
        "as_of": as_of,
    }


def _resolve_appendix(
    each: Concept, old: Row, changes: list[Change], populations: Mapping[str, Population]
) -> tuple[str, str, str]:
    """Step 3: the Appendix, the other possible ones, and the country that listed it.

    Of several Appendices the strictest applies until one is decided here.
    """
    ours = {APPENDIX_NUMBERS[name] for name in (old["appendix"], *split_cell(old["may_be"])) if name}
    if old["decided"] or (ours == each.listing and len(ours) > 1):
        if ours != each.listing:
            changes.append(Change("kept", each.name, _of(each.listing), _of(ours)))
        return old["appendix"], old["may_be"], old["listed_by"]
    appendix, may_be = _strictest(each.listing)
    if old["appendix"] and ours != each.listing:
        changes.append(Change("appendix", each.name, _of(ours), _of(each.listing)))
    if may_be:
        split = next((populations[name] for name in (each.name, *each.synonyms) if name in populations), None)
        if split is None or not split.settles(each.listing):
            changes.append(Change("choice", each.name, after=_of(each.listing)))
    if appendix != "III":
        return appendix, may_be, ""
    listed_by = min(each.parties, default="") or old["listed_by"]
    if not listed_by:
        changes.append(Change("unlisted_by", each.name))
    elif old["listed_by"] and old["listed_by"] != listed_by and old["listed_by"] not in each.parties:
        changes.append(Change("listed_by", each.name, old["listed_by"], listed_by))
    elif old["listed_by"] in each.parties:
        listed_by = old["listed_by"]
    return appendix, may_be, listed_by


def _settle_synonyms(rows: Sequence[dict[str, str]], changes: list[Change]) -> None:  # 4
    accepted = {row["scientific_name"].lower() for row in rows}
    claimed = Counter(name.lower() for row in rows for name in set(split_cell(row["synonyms"])))
    for row in rows:
        kept = []
        for name in split_cell(row["synonyms"]):
            if name.lower() not in accepted and claimed[name.lower()] == 1:
                kept.append(name)
            elif claimed[name.lower()] > 1:
                changes.append(Change("ambiguous", name, after=row["scientific_name"]))
        row["synonyms"] = "; ".join(kept)


@lru_cache(maxsize=64)
def _strictest(listing: frozenset[int]) -> tuple[str, str]:
    """The strictest of these Appendices and the others, as a row spells them."""
    first, *others = sorted(listing, key=lambda number: number or 4)
    return APPENDIX_NAMES[first], "; ".join(APPENDIX_NAMES[number] for number in others)


def _of(listing: Iterable[int]) -> str:
    return _named(frozenset(listing))


@lru_cache(maxsize=64)
def _named(listing: frozenset[int]) -> str:
    return "/".join(APPENDIX_NAMES[number] for number in sorted(listing))


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= NOTE_AT_MOST else text[: NOTE_AT_MOST - 1].rsplit(" ", 1)[0] + "…"


RELEASE_COLUMNS = (
    "ru",
    "ky",
    "group",
)  # a value of the release wins; so do those below, where the release has a decision

DECISION_COLUMNS = ("decided", "appendix", "may_be", "listed_by", "annotation")


def read(
    upload: Upload, ours: Sequence[Row], faults: list[FieldError], populations: Mapping[str, Population]
) -> Merged:
    """Read an uploaded CSV and compare it with the list in use (`ours`).

    Faults are added to `faults`. If there are any, do not use the result.
    """
    file, lines = upload.file, upload.lines()
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
            as_of = _day(upload.as_of, faults)
            concepts = species_plus.together(species_plus.from_csv(file, chain([header], cells), faults), faults)
            if not faults:
                merged = merge(ours, concepts, as_of=as_of, replace=upload.whole, populations=populations)  # 2
    except csv.Error as error:
        faults.append(FieldError(f"{file} row {cells.line_num}", "half", f"The file is cut off: {error}."))
    if not merged.rows and not faults:
        faults.append(FieldError(file, "empty", "The file has no listed taxon."))
    for row in merged.rows:  # 4
        for column, code, words in faults_of(row):
            faults.append(FieldError(f"{row['scientific_name'] or file}, {column}", code, words))
    return merged


def changes(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """Changes between two lists, by name.

    A name that the new list has as a synonym counts as renamed.
    """
    old = {row["scientific_name"]: row for row in before}
    by_synonym = {name: row for row in after for name in split_cell(row["synonyms"])}
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
            found.append(Change("added", row["scientific_name"], after=_listing_words(row)))
        elif _listing_words(was) != _listing_words(row):
            found.append(Change("appendix", row["scientific_name"], _listing_words(was), _listing_words(row)))
        elif was["listed_by"] != row["listed_by"]:
            found.append(Change("listed_by", row["scientific_name"], was["listed_by"], row["listed_by"]))
    return found


def with_ours(stored: Sequence[Row], release: Sequence[Row]) -> list[Row]:
    """A published list with the names, groups and decisions of the release.

    So a name of a new release is found at once, and no upload can remove a decision.
    """
    known: dict[str, Row] = {}
    for row in release:
        for name in (row["scientific_name"], *split_cell(row["synonyms"])):
            known.setdefault(name.lower(), row)
    by_id = {row["species_plus_id"]: row for row in release if row["species_plus_id"]}
    return [
        _ours(row, by_id.get(row["species_plus_id"]) or known.get(row["scientific_name"].lower())) for row in stored
    ]


def csv_text(rows: Iterable[Row]) -> str:
    """The rows as text of `species.csv`."""
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(itemgetter(*COLUMNS), rows))
    return "".join(lines)


def from_text(text: str) -> list[Row]:
    """Return the rows of stored text: the inverse of `csv_text`. Columns that an old list lacks are empty."""
    blank = dict.fromkeys(COLUMNS, "")  # an old list lacks newer columns
    cells = csv.reader((f"{line}\n" for line in text.split("\n")), strict=True)
    header = next(cells, [])
    return [{**blank, **dict(zip(header, row, strict=True))} for row in cells if row]


class _Lines(list[str]):
    """List that `csv.writer` writes its lines into."""

    def write(self, line: str) -> None:
        self.append(line)


def _ours(row: Row, release: Row | None) -> Row:
    if release is None:
        return row
    own = {column: release[column] for column in RELEASE_COLUMNS if release[column]}
    return {**row, **own, **({column: release[column] for column in DECISION_COLUMNS} if release["decided"] else {})}


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
        faults.append(FieldError("as_of", "date", "Must be the date of the download's content, as YYYY-MM-DD."))
        return ""


def _listing_words(row: Row) -> str:
    return "/".join((row["appendix"], *split_cell(row["may_be"])))
