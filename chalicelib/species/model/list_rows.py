"""Rows of the species list: their columns, their text, their faults, and the entries (`Taxon`) made of them.

A row is a mapping of columns to text. A list that an earlier release stored lacks the columns after `as_of`.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from chalicelib.kernel import days
from chalicelib.kernel.codes import APPENDIX_NUMBERS, KINGDOMS, PLANT
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.text import split_cell
from chalicelib.species.model.annotation_rules import EXCEPTIONS, RULES
from chalicelib.species.model.listing import GROUPS, Open, Population, Taxon, Unlisted
from chalicelib.species.model.species_plus import RANKS

Row = Mapping[str, str]

COLUMNS = (
    "scientific_name", "rank", "kingdom", "class", "order", "family", "appendix", "may_be", "listed_by", "synonyms",
    "annotation", "decided", "en", "ru", "ky", "group", "species_plus_id", "range_states",
    "range_source", "source", "as_of", "fr", "symbol", "except", "since", "checked", "basis", "open", "range_sure",
)  # fmt: skip

OLD_COLUMNS = COLUMNS[: COLUMNS.index("as_of") + 1]  # of a list without annotation symbols and days of its own

BLANK: Row = MappingProxyType(dict.fromkeys(COLUMNS, ""))

SPECIES_PLUS = "Species+"  # beginning of the source of a row that its files made

LAYER, PUBLISHED = "layer", "published"  # mark of a row that comes from an upload; it is no column

# Reasons of an open row that a later row of Species+ does not settle.
UNSETTLED = frozenset({Open.ANNOTATION, Open.PART_OF_GENUS})

RANGE_SURE = frozenset({"y"})

_CODES = frozenset(COUNTRIES)

_OPEN = frozenset(Open)

_NOTHING: tuple[str, ...] = ()

_LANGUAGES = ("en", "ru", "ky", "fr")

_NONE: frozenset[int] = frozenset()

_NO_TEXT: frozenset[str] = frozenset()

_NO_NAMES: Mapping[str, str] = MappingProxyType({})

_SURE: frozenset[Open] = frozenset()


def faults_of(row: Row, today: date = date.max, basis: Collection[str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Faults of a row as (column, code, words).

    None of its days may be after `today`. `basis`: the known codes of sources, None for any.
    """
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
    if not _has_its_parties(row, names):
        words = "Must be the country that listed it in Appendix III; empty for other Appendices."
        yield "listed_by", "contradicts", words
    if not _CODES.issuperset(split_cell(row["range_states"])) or bool(row["range_states"]) != bool(row["range_source"]):
        yield "range_states", "contradicts", "Must be ISO 3166-1 codes of countries, with `range_source` filled in."
    if row["group"] not in ("", *GROUPS):
        yield "group", "unknown", f"{row['group']!r}: expected one of {', '.join(GROUPS)}, or empty."
    if _day(row["as_of"]) is None:
        yield "as_of", "malformed", f"{row['as_of']!r}: expected a date, YYYY-MM-DD."
    for column in ("since", "checked"):
        if row.get(column) and _day(row[column]) is None:
            yield column, "malformed", f"{row[column]!r}: expected a date, YYYY-MM-DD, or empty."
    for column in ("as_of", "since", "checked"):
        if (found := _day(row.get(column, ""))) and found > today:
            yield column, "future", f"{row[column]}: must not be after today, {today}."
    if not _OPEN.issuperset(split_cell(row.get("open", ""))):
        yield "open", "unknown", f"{row['open']!r}: expected {', '.join(sorted(_OPEN))}, or empty."
    for column, known in (("symbol", RULES), ("range_sure", RANGE_SURE), ("basis", basis)):
        if row.get(column) and known is not None and row[column] not in known:
            yield column, "unknown", f"{row[column]!r}: expected {', '.join(sorted(known))}, or empty."
    if row.get("except") and not EXCEPTIONS.keys() >= set(split_cell(row["except"])):
        yield "except", "unknown", f"{row['except']!r}: expected {', '.join(sorted(EXCEPTIONS))}, or empty."


def _has_its_parties(row: Row, names: Iterable[str]) -> bool:
    """True if the countries are known codes, and are there just if the row is in Appendix III, wholly or in part.

    A row may say that its country is not known (`Open.PARTY`).
    """
    parties = split_cell(row["listed_by"])
    if not _CODES.issuperset(parties):
        return False
    if row["appendix"] == "III" and not parties:
        return Open.PARTY in split_cell(row.get("open", ""))
    return not parties or "III" in names


@lru_cache(maxsize=256)  # a file has few different days
def _day(text: str) -> date | None:
    return days.day(text)


def csv_text(rows: Iterable[Row]) -> str:
    """The rows as text of a CSV file."""
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.get(column, "") for column in COLUMNS] for row in rows)
    return "".join(lines)


def from_text(text: str) -> list[Row]:
    """Return the rows of stored text: the inverse of `csv_text`. Columns that an old list lacks are missing."""
    cells = csv.reader((f"{line}\n" for line in text.split("\n")), strict=True)
    header = next(cells, [])
    return [dict(zip(header, row, strict=True)) for row in cells if row]


class _Lines(list[str]):
    """List that `csv.writer` writes its lines into."""

    def write(self, line: str) -> None:
        self.append(line)


def is_later(row: Row, than: Row) -> bool:
    """True if a row of an upload is later than both days of another row."""
    return row["as_of"] > max(than.get("since") or than["as_of"], than.get("checked", ""))


def replaces(row: Row, old: Row) -> bool:
    """True if a row of a new upload replaces the row of its taxon so far.

    Of two files of Species+ of one day (listings, index) each one adds to the other.
    """
    if old.get(LAYER) == PUBLISHED or old["source"].startswith(SPECIES_PLUS):
        return row["as_of"] >= max(old["as_of"], old.get("checked", ""))
    return is_later(row, old)


def unsettled(opened: str) -> str:
    """The reasons of this cell that stay when Species+ confirms the row."""
    return "; ".join(each for each in split_cell(opened) if each in UNSETTLED)


def uploaded_over(old: Row | None, row: Row) -> Row:
    """A row of an upload, with what it does not tell from the row of its taxon so far.

    A missing column tells nothing. An empty cell tells that there is nothing, except for names, the ranks above, the
    range and the exceptions.
    """
    old = old or BLANK
    names = dict.fromkeys((*split_cell(old["synonyms"]), old["scientific_name"], *split_cell(row["synonyms"])))
    same = all(row[column] == old[column] for column in ("appendix", "may_be"))
    told = row.get("since", "")
    since = old["since"] if same and not told else told if same or told != old["since"] else ""
    kept = ("class", "order", "family", "en", "ru", "ky", "group", "fr", "except", "species_plus_id")
    ranged = ("range_states", "range_source", "range_sure")
    return {
        **old,
        **row,
        **{column: row.get(column) or old[column] for column in kept},
        **({} if row["range_states"] else {column: old[column] for column in ranged}),
        "synonyms": "; ".join(name for name in names if name and name != row["scientific_name"]),
        "since": since,
        "checked": max(row.get("checked", ""), row["as_of"]),
        "basis": row.get("basis", ""),
        "open": row["open"] if "open" in row else unsettled(old["open"]),
        LAYER: PUBLISHED,
    }


class RowReader:
    """Converter of the rows of one list.

    `populations`: taxon -> split of its Appendices by country of origin. `introduced`: taxon -> countries to which it
    was introduced.
    """

    def __init__(
        self, populations: Mapping[str, Population], introduced: Mapping[str, frozenset[str]] = MappingProxyType({})
    ) -> None:
        self._populations = populations
        self._introduced = introduced
        self._sets: dict[str, frozenset[str]] = {"": _NO_TEXT}
        self._appendices: dict[str, frozenset[int]] = {"": _NONE}
        self._opened: dict[str, frozenset[Open]] = {"": _SURE}

    def taxon(self, row: Row) -> Taxon:
        """The entry of a row. Of several common names in a language the first one is printed."""
        names, also = _NO_NAMES, _NOTHING
        if row["en"] or row["fr"] or row["ru"] or row["ky"]:
            cells = {language: found for language in _LANGUAGES if (found := split_cell(row[language]))}
            names = MappingProxyType({language: found[0] for language, found in cells.items()})
            also = tuple(name for found in cells.values() for name in found[1:])
        synonyms = tuple(split_cell(row["synonyms"])) if row["synonyms"] else _NOTHING
        sure = bool(row["range_sure"]) and row["kingdom"] != PLANT  # plants grow wild where people brought them
        countries = split_cell(row["listed_by"]) if row["listed_by"] else ()
        reason = row.get("unlisted")
        made = Taxon(
            scientific_name=row["scientific_name"],
            appendix=APPENDIX_NUMBERS[row["appendix"]],
            kingdom=row["kingdom"],
            rank=row["rank"],
            class_name=row["class"],
            order=row["order"],
            family=row["family"],
            synonyms=synonyms,
            may_be=self._set(row["may_be"], self._appendices, APPENDIX_NUMBERS.__getitem__),
            listed_by=countries[0] if countries else None,
            annotation=row["annotation"],
            names=names,
            also=also,
            group=row["group"],
            decided=row["decided"],
            source=row["source"],
            as_of=row["as_of"],
            range_states=self._set(row["range_states"], self._sets, sys.intern),
            range_source=row["range_source"],
            range_sure=sure,
            introduced=self._introduced_of((row["scientific_name"], *synonyms)) if sure else _NO_TEXT,
            also_listed_by=frozenset(countries[1:]) if countries else _NO_TEXT,
            symbol=row["symbol"],
            excepts=self._set(row["except"], self._sets, sys.intern),
            since=row["since"],
            checked=row["checked"],
            basis=row["basis"],
            open=self._set(row["open"], self._opened, Open),
            unlisted=_unlisted(reason, row) if reason else None,
        )
        return split(made, self._populations)

    def _introduced_of(self, names: Iterable[str]) -> frozenset[str]:
        return next((self._introduced[name] for name in names if name in self._introduced), _NO_TEXT)

    def _set[T](self, cell: str, held: dict[str, frozenset[T]], convert: Callable[[str], T]) -> frozenset[T]:
        found = held.get(cell)
        if found is None:
            found = held[cell] = frozenset(map(convert, split_cell(cell)))
        return found


def _unlisted(reason: str, row: Row) -> Unlisted:
    wild = row.get("unlisted_wild")
    return Unlisted(reason, row["unlisted_note"], tuple(split_cell(wild)) if wild else ())


def split(taxon: Taxon, populations: Mapping[str, Population]) -> Taxon:
    """The entry with its split by country of origin.

    The split is left out if it names an Appendix that the entry, in a later list, no longer has.
    """
    names = (taxon.scientific_name, *taxon.synonyms)
    found = next((populations[name] for name in names if name in populations), None)
    if found is None or not found.fits({taxon.appendix, *taxon.may_be}):
        return taxon
    return replace(taxon, population=found)
