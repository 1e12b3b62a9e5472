"""Changes of the species list: merge with Species+, read an upload, compare two lists.

Merge with Species+ (`merge`):

1 find our row of a taxon by the id of Species+, by its name, or by a synonym of either side
2 keep our row if it is later than the download
3 take the name of Species+; our old name becomes a synonym, our common names, group and decision stay
4 take the Appendix of Species+, unless it was decided here or both sides have the same several Appendices: then ours
  applies. For a rank above species with several Appendices ours is that of its members without a row of their own
5 drop a synonym that is the name of another taxon, or that two taxa have
6 keep or remove the rows that Species+ does not have. Rows that are not listed stay, because it does not export them

Read an upload (`read`):

0 its days are days of the calendar, not after today, and `in_force` is not after the day of its content
1 the header tells whether Species+ or `tamga species` (our own columns) wrote the file
2 merge a file of Species+ into the list in use
3 a file with our columns is the list itself if it is whole. Else each of its rows replaces the one of its taxon
4 check every row of the upload; one faulty row refuses the file
5 a whole list with less than `WHOLE_AT_LEAST` taxa is refused, unless that is confirmed
6 refuse a new synonym that is, or resembles, a name of a stricter taxon (`synonym_faults.py`)

Compare two lists (`changes`): report every column that differs, except the days of the row itself. Of a new row
report what is not plain: another value than its genus or family has, or a cell that is usually empty.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from types import MappingProxyType

from chalicelib.kernel.codes import APPENDIX_NAMES, APPENDIX_NUMBERS
from chalicelib.kernel.days import day
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.text import count_of, split_cell
from chalicelib.species.model import species_plus
from chalicelib.species.model.annotation_rules import RULES
from chalicelib.species.model.list_rows import (
    BLANK,
    COLUMNS,
    LAYER,
    OLD_COLUMNS,
    PUBLISHED,
    SPECIES_PLUS,
    Row,
    faults_of,
    replaces,
    unsettled,
    uploaded_over,
)
from chalicelib.species.model.listing import Open, Population
from chalicelib.species.model.species_plus import Concept
from chalicelib.species.model.synonym_faults import synonym_faults
from chalicelib.species.model.upload import Upload

NOTE_AT_MOST = 240  # characters: each of thirty thousand orchids has an annotation of 2,000

WHOLE_AT_LEAST = 30_000  # taxa: CITES lists 38,000

ABOVE_SPECIES = frozenset({"genus", "family", "order"})

_LANGUAGES = ("en", "fr", "ru", "ky")

# Kinds of `Change` that are notes: they change no row.
NOTES = frozenset({"kept", "choice", "unlisted_by", "ambiguous", "older"})

# Columns that `column_changes` does not report: it reports those of the first line in a way of its own.
_NOT_COMPARED = frozenset({
    "scientific_name", "appendix", "may_be", "synonyms",
    "as_of", "checked",
})  # fmt: skip

# Columns that every row of Species+ brings new.
_OF_EVERY_FILE = frozenset({"source", "range_source", "basis", "species_plus_id"})

_ONE_KIND = {**dict.fromkeys(_LANGUAGES, "names"), "range_source": "source", "basis": "source"}

_GROUPS_ABOVE = ("kingdom", "class", "order", "family")

# Columns of a new row that are reported if they are not empty.
_RARELY_FILLED = ("listed_by", "symbol", "except", "since", "open", "decided", "range_sure")

_ORDER = itemgetter("kingdom", "class", "order", "family", "scientific_name")


@dataclass(frozen=True, slots=True)
class Change:
    """One change, or one open point, of a new list.

    `what`: added, removed, appendix, renamed, synonyms_added, synonyms_removed, names, source, another column of the
    list, or kept (our Appendix stays against Species+). Open points:

    - choice: the Appendix depends on the population
    - unlisted_by: Appendix III without a country
    - ambiguous: a synonym of two taxa, which is dropped
    - older: a row of the upload that is older than ours, which is left out
    """

    what: str
    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The new list. Rows of this upload and of earlier ones have the mark `LAYER`."""

    rows: Sequence[Row] = field(hash=False)
    changes: Sequence[Change] = field(default_factory=tuple, hash=False)

    @property
    def counts(self) -> Mapping[str, int]:
        return Counter(change.what for change in self.changes)

    @property
    def uploaded(self) -> Sequence[Row]:
        """Rows that an upload made."""
        return [row for row in self.rows if row.get(LAYER) == PUBLISHED]

    @property
    def changes_nothing(self) -> bool:
        """True if a second person has no change to read."""
        return changes_nothing(self.counts)


def changes_nothing(counts: Mapping[str, int]) -> bool:
    """True if there are no changes of these numbers and kinds, except notes."""
    return not any(number for what, number in counts.items() if what not in NOTES)


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
    its Appendices by country. An Appendix that such a split settles needs no decision here.
    """
    known: dict[str, Row] = {}  # 1
    for row in ours:
        known.setdefault(row["scientific_name"].lower(), row)
    for row in ours:
        for name in split_cell(row["synonyms"]) if row["synonyms"] else ():
            known.setdefault(name.lower(), row)
    by_id = {row["species_plus_id"]: row for row in ours if row["species_plus_id"]}
    changes: list[Change] = []
    made: list[Row] = []
    before: list[Row | None] = []  # the row of each of `made` so far
    met: set[str] = set()
    concepts = list(theirs)
    accepted = {each.name.lower() for each in concepts}
    for each in concepts:
        old = by_id.get(each.id) or known.get(each.name.lower()) or _by_synonym(each, known, accepted)
        if old is not None and old["scientific_name"] in met:
            old = None  # Species+ split the species: our row goes to the first part
        if old is not None:
            met.add(old["scientific_name"])
        before.append(old)
        if old is not None and not replaces({"as_of": as_of}, old):  # 2
            changes.append(Change("older", old["scientific_name"], old["as_of"], as_of))
            made.append({**old, LAYER: PUBLISHED} if replace else old)
        else:
            row = _row(each, old, as_of, changes, populations)
            made.append(old if old is not None and row == old else row)
    for row in ours:  # 6
        if row["scientific_name"] in met:
            continue
        gone = replace and not row["decided"] and row["appendix"] != "0"
        if row["scientific_name"].lower() in accepted or gone:
            changes.append(Change("removed", row["scientific_name"], row["appendix"]))
        else:
            before.append(row)
            made.append({**row, LAYER: PUBLISHED} if replace else row)
    settled = _with_settled_synonyms(made, changes)
    reported = {(each.what, each.name) for each in changes}
    relatives = _Relatives(ours)
    for was, row in zip(before, settled, strict=True):
        every = new_row_changes(row, relatives) if was is None else column_changes(was, row, _OF_EVERY_FILE)
        changes += [each for each in every if (each.what, each.name) not in reported]
    return Merged(sorted(settled, key=_ORDER), changes)


def _by_synonym(each: Concept, known: Mapping[str, Row], accepted: set[str]) -> Row | None:
    """Our row under one of the taxon's synonyms in Species+, unless that row is another taxon's by name."""
    for name in each.synonyms:
        row = known.get(name.lower())
        if row is not None and row["scientific_name"].lower() not in accepted:
            return row
    return None


def _row(
    each: Concept, row: Row | None, as_of: str, changes: list[Change], populations: Mapping[str, Population]
) -> Row:
    old, source = row or BLANK, f"{SPECIES_PLUS}, {as_of}"
    if row is None:
        changes.append(Change("added", each.name, after=_of(each.listing)))
    elif old["scientific_name"] != each.name:  # 3
        changes.append(Change("renamed", each.name, old["scientific_name"], each.name))
    synonyms = dict.fromkeys((*split_cell(old["synonyms"]), old["scientific_name"], *each.synonyms))
    appendix, may_be, listed_by = _resolve_appendix(each, old, changes, populations)
    note = f"Listed under {each.under}. " if each.under and each.under != each.name else ""
    common = {language: split_cell(old[language]) for language in _LANGUAGES}
    for language, name in each.common:
        if language in common and name not in common[language]:
            common[language].append(name.replace(";", ","))
    opened = split_cell(unsettled(old["open"]))
    if appendix == "III" and not listed_by and Open.PARTY in split_cell(old["open"]):
        opened.append(Open.PARTY)
    symbol = each.symbol if each.symbol in RULES else ""
    if each.symbol != symbol and Open.ANNOTATION not in opened:  # a new annotation, whose rules are not known here
        opened.append(Open.ANNOTATION)
    same = (appendix, may_be) == (old["appendix"], old["may_be"])
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
        "annotation": old["annotation"] if old["decided"] else _cut(note + each.note) or old["annotation"],
        "decided": old["decided"],
        **{language: "; ".join(names) for language, names in common.items()},
        "group": old["group"],
        "species_plus_id": each.id,
        "range_states": "; ".join(sorted(each.range_states)) or old["range_states"],
        "range_source": source if each.range_states else old["range_source"],
        "range_sure": ("y" if each.range_native else "") if each.range_states else old.get("range_sure", ""),
        "source": source,
        "as_of": as_of,
        "symbol": old["symbol"] if old["decided"] else symbol,
        "except": old["except"],
        "since": each.since or (old["since"] if same else ""),
        "checked": as_of,
        "basis": "",
        "open": "; ".join(opened),
        LAYER: PUBLISHED,
    }


def _resolve_appendix(
    each: Concept, old: Row, changes: list[Change], populations: Mapping[str, Population]
) -> tuple[str, str, str]:
    """Step 4: the Appendix, the other possible ones, and the countries that listed it.

    Of several Appendices the strictest applies until one is decided here.
    """
    ours = {APPENDIX_NUMBERS[name] for name in (old["appendix"], *split_cell(old["may_be"])) if name}
    if old["decided"] or (ours == each.listing and len(ours) > 1):
        if ours != each.listing:
            changes.append(Change("kept", each.name, _of(each.listing), _of(ours)))
        return old["appendix"], old["may_be"], old["listed_by"]
    if each.rank in ABOVE_SPECIES and len(each.listing) > 1:
        appendix, may_be = _rest(each, old, changes)
    else:
        appendix, may_be = _strictest(each.listing)
        if old["appendix"] and ours != each.listing:
            changes.append(Change("appendix", each.name, _of(ours), _of(each.listing)))
        split = next((populations[name] for name in (each.name, *each.synonyms) if name in populations), None)
        if may_be and (split is None or not split.settles(each.listing)):
            changes.append(Change("choice", each.name, after=_of(each.listing)))
    if appendix != "III":
        return appendix, may_be, ""
    before = split_cell(old["listed_by"])
    listed_by = [*(code for code in before if code in each.parties), *sorted(each.parties - set(before))] or before
    if not listed_by:
        changes.append(Change("unlisted_by", each.name))
    elif before and set(before) != set(listed_by):
        changes.append(Change("listed_by", each.name, old["listed_by"], "; ".join(listed_by)))
    return appendix, may_be, "; ".join(listed_by)


def _rest(each: Concept, old: Row, changes: list[Change]) -> tuple[str, str]:
    """Appendix of the members of a group that have no row of their own.

    It is ours where Species+ still has that Appendix for a part of the group. Else it is Appendix II where there is
    one, because members in Appendix I and members that are not listed are named. That is to be decided here.
    """
    if old["appendix"] and APPENDIX_NUMBERS[old["appendix"]] in each.listing:
        return old["appendix"], old["may_be"]
    changes.append(Change("choice", each.name, old["appendix"], _of(each.listing)))
    return ("II" if 2 in each.listing else _strictest(each.listing)[0]), ""


def _with_settled_synonyms(rows: Sequence[Row], changes: list[Change]) -> list[Row]:  # 5
    accepted = {row["scientific_name"].lower() for row in rows}
    cells = [split_cell(row["synonyms"]) if row["synonyms"] else [] for row in rows]
    claimed = Counter(name for names in cells for name in {each.lower() for each in names})
    settled = []
    for row, names in zip(rows, cells, strict=True):
        kept = [name for name in names if name.lower() not in accepted and claimed[name.lower()] == 1]
        changes += [
            Change("ambiguous", name, after=row["scientific_name"]) for name in names if claimed[name.lower()] > 1
        ]
        settled.append(row if len(kept) == len(names) else {**row, "synonyms": "; ".join(kept)})
    return settled


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


def read(
    upload: Upload, ours: Sequence[Row], faults: list[FieldError], populations: Mapping[str, Population], today: date
) -> Merged:
    """Read an uploaded CSV and compare it with the list in use (`ours`).

    Faults are added to `faults`. If there are any, do not use the result.
    """
    file, lines = upload.file, upload.lines()
    first = next(lines, "").removeprefix("\ufeff")
    separator = ";" if first.count(";") > first.count(",") else ","
    cells = csv.reader(chain([first], lines), delimiter=separator, strict=True)
    merged = Merged(())
    faults += _day_faults(upload, today)  # 0
    try:
        header = tuple(next(cells, ()))
        if header in {COLUMNS, OLD_COLUMNS}:  # 1
            merged = _with_own(_own(file, header, cells, faults), ours, faults, whole=upload.whole)  # 3
        else:
            if not upload.as_of:
                words = "Must be the date of the download's content, as YYYY-MM-DD."
                faults.append(FieldError("as_of", "date", words))
            concepts = species_plus.together(species_plus.from_csv(file, chain([header], cells), faults), faults)
            if not faults and concepts:
                merged = merge(ours, concepts, as_of=upload.as_of, replace=upload.whole, populations=populations)  # 2
    except csv.Error as error:
        faults.append(FieldError(f"{file} row {cells.line_num}", "half", f"The file is cut off: {error}."))
    if not merged.rows and not faults:
        faults.append(FieldError(file, "empty", "The file has no listed taxon."))
    basis = {row["basis"] for row in ours} - {""}
    faults += synonym_faults(merged.rows, ours) if not faults else ()  # 6
    for row in merged.uploaded:  # 4
        for column, code, words in faults_of(row, today, basis):
            faults.append(FieldError(f"{row['scientific_name'] or file}, {column}", code, words))
    content = upload.as_of or max((row["as_of"] for row in merged.uploaded), default="")
    if content and upload.in_force > content:  # 0
        words = f"Must not be after the day of the content, {content}."
        faults.append(FieldError("in_force", "contradicts", words))
    if upload.whole and not upload.replace and len(merged.rows) < WHOLE_AT_LEAST and not faults:  # 5
        words = f"{count_of(len(merged.rows), 'taxon', 'taxa')}, but CITES lists more than {WHOLE_AT_LEAST}. Upload it"
        faults.append(FieldError(file, "too_few", f"{words} as a part, or confirm that it replaces the whole list."))
    return merged


def changes(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """Changes between two lists, by name.

    A name that the new list has as a synonym counts as renamed.
    """
    old = {row["scientific_name"]: row for row in before}
    by_synonym = {name: row for row in after if row["synonyms"] for name in split_cell(row["synonyms"])}
    new = {row["scientific_name"] for row in after}
    found = []
    for name, row in old.items():
        if name not in new and (now := by_synonym.get(name)) is None:
            found.append(Change("removed", name, row["appendix"]))
        elif name not in new and now is not None:
            found.append(Change("renamed", now["scientific_name"], name, now["scientific_name"]))
    renamed = {each.name: old[each.before] for each in found if each.what == "renamed"}
    relatives = _Relatives(before)
    for row in after:
        was = old.get(row["scientific_name"]) or renamed.get(row["scientific_name"])
        if was is None:
            found.append(Change("added", row["scientific_name"], after=_listing_words(row)))
            found += new_row_changes(row, relatives)
            continue
        if _listing_words(was) != _listing_words(row):
            found.append(Change("appendix", row["scientific_name"], _listing_words(was), _listing_words(row)))
        found += column_changes(was, row)
    return found


def column_changes(was: Row, row: Row, silent: Collection[str] = ()) -> list[Change]:
    """Changes of a row by column, except of its name, its Appendix and its days.

    `silent`: columns that are not reported. A name that is now a synonym because of a new name is none.
    """
    if was is row:
        return []
    name = row["scientific_name"]
    old, new = split_cell(was["synonyms"]), split_cell(row["synonyms"])
    found = [
        *(Change("synonyms_added", name, after=each) for each in new if each not in {*old, was["scientific_name"]}),
        *(Change("synonyms_removed", name, each) for each in old if each not in {*new, name}),
    ]
    for column in COLUMNS:
        before, after = was.get(column, ""), row.get(column, "")
        if before != after and column not in _NOT_COMPARED and column not in silent:
            found.append(Change(_ONE_KIND.get(column, column), name, before, after))
    return found


class _Relatives:
    """Rows of a list by genus and by family, made when they are asked for."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._found: dict[str, Row] = {}

    def of(self, row: Row) -> Row:
        """A row of the same genus, else of the same family, else a blank one."""
        if not self._found:
            for each in self._rows:
                self._found.setdefault(each["scientific_name"].partition(" ")[0], each)
                self._found.setdefault(f"family {each['family']}", each)
        genus = row["scientific_name"].partition(" ")[0]
        return self._found.get(genus) or self._found.get(f"family {row['family']}") or BLANK


def new_row_changes(row: Row, relatives: _Relatives) -> list[Change]:
    """What is not plain about a new row: the groups above it that differ, and the cells that are usually empty."""
    name, relative = row["scientific_name"], relatives.of(row)
    found = [Change("synonyms_added", name, after=each) for each in split_cell(row["synonyms"])]
    for column in _GROUPS_ABOVE:
        if row[column] != relative[column]:
            found.append(Change(column, name, relative[column], row[column]))
    if row["rank"] != "species":
        found.append(Change("rank", name, after=row["rank"]))
    return [*found, *(Change(each, name, after=row[each]) for each in _RARELY_FILLED if row.get(each))]


def _own(file: str, header: Sequence[str], cells: Iterable[Sequence[str]], faults: list[FieldError]) -> list[Row]:
    rows: list[Row] = []
    for number, row in enumerate(cells, 2):
        if len(row) == len(header):
            rows.append(dict(zip(header, row, strict=True)))
        else:
            words = f"{len(row)} cells where the header has {len(header)}: the file is cut off or was edited."
            faults.append(FieldError(f"{file} row {number}", "half", words))
    return rows


def _with_own(rows: Sequence[Row], ours: Sequence[Row], faults: list[FieldError], *, whole: bool) -> Merged:
    """The list with rows in our own columns: these rows alone if they are whole, else over those of the list in use.

    Adds a fault for a row of a part that differs from ours without a later day: it would not be in use.
    """
    by_name = {row["scientific_name"]: row for row in ours}
    by_synonym = {name: row for row in ours if row["synonyms"] for name in split_cell(row["synonyms"])}
    by_id = {row["species_plus_id"]: row for row in ours if row["species_plus_id"]}
    made: list[Row] = []
    met: set[str] = set()
    for row in rows:
        name = row["scientific_name"]
        old = by_name.get(name) or by_id.get(row["species_plus_id"]) or by_synonym.get(name)
        if old is not None:
            met.add(old["scientific_name"])
        if old is not None and all(old[column] == cell for column, cell in row.items()):
            made.append(old)
            continue
        if old is not None and not whole and not replaces(row, old):
            day = max(old["since"] or old["as_of"], old["checked"])
            words = f"The row differs from the list in use. Its day must be later than {day}, the day of that row."
            faults.append(FieldError(f"{name}, as_of", "older", words))
        made.append(uploaded_over(old, row))
    left = [] if whole else [row for row in ours if row["scientific_name"] not in met]
    every = [{**row, LAYER: PUBLISHED} for row in made] if whole else made
    return Merged([*every, *left], changes(ours, [*made, *left]))


def _day_faults(upload: Upload, today: date) -> Iterator[FieldError]:
    for name, text in (("as_of", upload.as_of), ("in_force", upload.in_force)):
        given = day(text)
        if text and given is None:
            yield FieldError(name, "date", "Must be an existing day, as YYYY-MM-DD.")
        elif given and given > today:
            yield FieldError(name, "future", f"Must not be after today, {today}.")


def _listing_words(row: Row) -> str:
    return "/".join((row["appendix"], *split_cell(row["may_be"])))
