"""Reader of the base, the tables of all taxa of CITES in `data/cites/`, as rows of the species list.

A cell that is empty has the usual value: rank species, in force since `base_day`, checked on `checked_default`, and the
basis `basis_default`. `-` under `checked` means that no second source was compared. The family gives kingdom, class and
order. The Appendix of a rank above species is that of its members without an entry of their own. `range_basis` is the
basis of the range if it is another one than that of the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.kernel.codes import APPENDIX_NUMBERS
from chalicelib.kernel.text import split_cell
from chalicelib.species.model.list_rows import Row
from chalicelib.species.model.listing import Event, Population, strictest_of

TAXA_COLUMNS = (
    "name", "rank", "family", "order", "appendix", "parts", "listed_by", "symbol", "except", "synonyms", "en", "fr",
    "range", "range_sure", "since", "checked", "basis", "open", "species_plus_id", "annotation", "range_basis",
)  # fmt: skip

NEVER = "-"


class Shared:
    """Returns one text for equal texts, so that 38,000 rows do not each keep their own."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return self._held.setdefault(text, text)


@dataclass(frozen=True, slots=True)
class Edition:
    """Days of the base (`edition.json`).

    `in_force`: the day from which its Appendices are in force. `checked`: the day on which they were last compared with
    their sources. `base_day`: the day of the index that it starts from.
    """

    in_force: str
    checked: str
    base_day: str
    checked_default: str
    basis_default: str


@dataclass(frozen=True, slots=True)
class BaseTables:
    """Tables of the base beside the taxa.

    `families`: family -> order, class, kingdom, and each order under its own name. `basis`: code -> sources in words.
    `russian`: scientific name -> Russian name. `russian_sources`: scientific name -> source of its Russian name.
    """

    edition: Edition
    families: Mapping[str, tuple[str, str, str]] = field(hash=False)
    basis: Mapping[str, str] = field(hash=False)
    russian: Mapping[str, str] = field(hash=False)
    russian_sources: Mapping[str, str] = field(hash=False)


def families_of(rows: Iterable[Mapping[str, str]]) -> Mapping[str, tuple[str, str, str]]:
    """Order, class and kingdom of each family, and of each order under its own name."""
    found: dict[str, tuple[str, str, str]] = {}
    for row in rows:
        own = (row["order"], row["class"], row["kingdom"])
        if row["family"]:
            found[row["family"]] = own
        found.setdefault(row["order"], own)
    return found


def base_rows(lines: Iterable[Sequence[str]], tables: BaseTables) -> Iterator[Row]:
    """Rows of the species list for the lines of `taxa.csv`, without its header.

    Raises ValueError for a line of another length, KeyError for an unknown family or basis.
    """
    edition, families, shared = tables.edition, {name: (name, *own) for name, own in tables.families.items()}, Shared()
    for (
        name, rank, family, order, appendix, parts, listed_by, symbol, excepts, synonyms, english, french, states,
        range_sure, since, checked, basis, opened, species_plus_id, annotation, range_basis,
    ) in lines:  # fmt: skip
        known, of_order, of_class, kingdom = families[family or order]
        source = tables.basis[basis or edition.basis_default]
        yield {
            "scientific_name": name,
            "rank": shared(rank) if rank else "species",
            "kingdom": kingdom,
            "class": of_class,
            "order": of_order,
            "family": known if family else "",
            "appendix": appendix,
            "may_be": parts,
            "listed_by": listed_by,
            "synonyms": synonyms,
            "annotation": shared(annotation),
            "decided": "",
            "en": english,
            "ru": tables.russian.get(name, ""),
            "ky": "",
            "group": "",
            "species_plus_id": species_plus_id,
            "range_states": states,
            "range_source": (tables.basis[range_basis] if range_basis else source) if states else "",
            "source": source,
            "as_of": shared(since) if since else edition.base_day,
            "fr": french,
            "symbol": shared(symbol),
            "except": excepts,
            "since": shared(since) if since else edition.base_day,
            "checked": "" if checked == NEVER else checked or edition.checked_default,
            "basis": shared(basis) if basis else edition.basis_default,
            "open": opened,
            "range_sure": range_sure,
        }


def base_files(rows: Iterable[Row], tables: BaseTables) -> Mapping[str, list[list[str]]]:
    """The lines of the tables for these rows, each with its header, in the order in which they have to be written.

    The tables that `taxa.csv` refers to come first, and lose nothing. So a base of which only some are written stays
    readable. A row that an import made has its source as its basis. If it has no day of its own, it is in force since
    the day of that import at the latest.
    """
    codes = {text: code for code, text in tables.basis.items()}
    rows = sorted(rows, key=_place)
    for row in rows:
        _add_codes([] if row["basis"] else [row["source"]], codes)
        _add_codes([row["range_source"]] if row["range_states"] else [], codes)
    families = dict(tables.families)
    lines = []
    for row in rows:
        made = row
        if not row["basis"]:
            made = {**row, "basis": codes[row["source"]], "since": row["since"] or row["as_of"]}
        families.setdefault(row["family"] or row["order"], (row["order"], row["class"], row["kingdom"]))
        lines.append(base_line(made, tables.edition, codes))
    with_family = {order for name, (order, *_) in families.items() if name != order}
    above = sorted(
        (kingdom, of_class, order, "" if name == order else name)
        for name, (order, of_class, kingdom) in families.items()
        if name != order or order not in with_family
    )
    return {
        "basis.csv": [["code", "text"], *sorted([code, text] for text, code in codes.items())],
        "families.csv": [["family", "order", "class", "kingdom"], *([row[3], row[2], row[1], row[0]] for row in above)],
        "names_ru.csv": [["name", "ru", "source"], *sorted(_russian_lines(rows, tables))],
        "taxa.csv": [list(TAXA_COLUMNS), *lines],
    }


def _add_codes(texts: Iterable[str], codes: dict[str, str]) -> None:
    """Add a code of its own for each of these sources that has none."""
    for text in texts:
        if text not in codes:
            code, number = _code_of(text), 1
            while code in codes.values():
                number += 1
                code = f"{_code_of(text)}-{number}"
            codes[text] = code


def _russian_lines(rows: Iterable[Row], tables: BaseTables) -> Iterator[list[str]]:
    """The lines of `names_ru.csv`: each Russian name under the accepted name of its row, with its source."""
    for row in rows:
        if row["ru"]:
            names = (row["scientific_name"], *split_cell(row["synonyms"]))
            source = next((tables.russian_sources[name] for name in names if name in tables.russian_sources), "")
            yield [row["scientific_name"], row["ru"], source or row["source"]]


def _place(row: Row) -> tuple[str, ...]:
    own = "" if row["rank"] in {"family", "order"} else row["scientific_name"]
    return row["kingdom"], row["class"], row["order"], row["family"], own


def _code_of(source: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")


def base_line(row: Row, edition: Edition, codes: Mapping[str, str]) -> list[str]:
    """The line of `taxa.csv` for a row of the species list. `codes`: source in words -> its code."""
    same = row["range_source"] in {"", row["source"]}

    def unless(column: str, usual: str) -> str:
        return "" if row[column] == usual else row[column]

    return [
        row["scientific_name"], unless("rank", "species"), row["family"], "" if row["family"] else row["order"],
        row["appendix"], row["may_be"], row["listed_by"], row["symbol"], row["except"], row["synonyms"], row["en"],
        row["fr"], row["range_states"], row["range_sure"], unless("since", edition.base_day),
        unless("checked", edition.checked_default) if row["checked"] else NEVER, unless("basis", edition.basis_default),
        row["open"], row["species_plus_id"], row["annotation"], "" if same else codes[row["range_source"]],
    ]  # fmt: skip


_WORDS = {
    "added": "Listed in Appendix {after}",
    "moved": "Moved to Appendix {after}",
    "population": "Populations moved to Appendix {after}",
    "deleted": "Removed from the Appendices",
    "renamed": "Name accepted",
    "annotation": "Annotation changed",
    "quota": "Zero quota for wild specimens",
}


def events_of(
    changes: Iterable[Mapping[str, str]], populations: Mapping[str, Population]
) -> Mapping[str, tuple[Event, ...]]:
    """Taxon -> its changes in `changes.csv`, the oldest first.

    `populations`: splits by country of origin that ended (`Population.until`).
    """
    found: dict[str, list[Event]] = {}
    for row in changes:
        found.setdefault(row["taxon"], []).append(_event(row))
    for taxon, split in populations.items():
        ended = Event(split.until, "The split by country of origin ended", split.source, population=split)
        found.setdefault(taxon, []).append(ended)
    return {taxon: tuple(sorted(events, key=lambda each: each.day)) for taxon, events in found.items()}


def _event(row: Mapping[str, str]) -> Event:
    before, after = (
        frozenset(APPENDIX_NUMBERS[name] for name in split_cell(row[each])) for each in ("before", "after")
    )
    moved = bool(before) and (before != after or row["what"] == "population")
    symbols = (row["symbol_before"], row["symbol"])
    first = strictest_of(before) if moved else None
    return Event(
        day=row["not_before"],
        what=_WORDS[row["what"]].format(after=row["after"]),
        source=row["source"],
        before=first,
        after=strictest_of(after) if moved else None,
        last=row["not_after"] if row["not_after"] != row["not_before"] else "",
        before_parts=before - {first} if first is not None else frozenset(),
        symbols=symbols if symbols[0] != symbols[1] and (moved or row["what"] == "annotation") else ("", ""),
        listed_by=frozenset(split_cell(row["listed_by"])),
    )


def joined(*histories: Mapping[str, tuple[Event, ...]]) -> Mapping[str, tuple[Event, ...]]:
    """One history of several, the oldest change first. Of two events of a taxon on one day the first history counts.

    What a later history knows besides (the last possible day, annotations, countries) is added to that event.
    """
    found: dict[str, dict[str, Event]] = {}
    for history in histories:
        for taxon, events in history.items():
            own = found.setdefault(taxon, {})
            for event in events:
                first = own.get(event.day)
                if first is None:
                    own[event.day] = event
                elif first.changes or not event.changes:
                    own[event.day] = first._replace(
                        last=event.last,
                        symbols=event.symbols,
                        listed_by=event.listed_by,
                        before_parts=event.before_parts,
                    )
                else:
                    own[event.day] = event
    return {taxon: tuple(own[day] for day in sorted(own)) for taxon, own in found.items()}
