"""Layers of the species list: the base, the published list, this country's overlay, and the kinds that are not listed.

`merged` puts them together row by row:

1 a published list that is whole replaces the base. A published part replaces the base row of its taxon if it is later
  than the day from which that row is in force and the day on which it was checked
2 what a published row does not tell (an annotation symbol of an old list, a French name) stays as in the base row
3 the overlay adds common names and group. It sets Appendix, listing country and symbol only where it has a decision of
  the Scientific Authority. Over the base its accepted name is printed, over a published row the name of that row
4 a row that only the published list or the overlay has is added, if it is complete
5 a kind that is not listed gets its reason. If a layer lists it, that layer is right
6 a synonym that is the accepted name of another row, or that an earlier row has, is left out
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.kernel.text import split_cell
from chalicelib.species.model.list_rows import BLANK, LAYER, PUBLISHED, Row, is_later, uploaded_over

OWN_NAMES = ("ru", "ky")

DECISIONS = ("decided", "appendix", "may_be", "listed_by", "annotation", "symbol")

LANGUAGES = ("en", "fr", "ru", "ky")


@dataclass(frozen=True, slots=True)
class Published:
    """The list that was put in use. A column that an old list lacks is missing in its rows.

    `as_of`: the day of its content. `in_force`: the day from which its Appendices are in force, "" if not known.
    """

    rows: Sequence[Row] = field(hash=False)
    whole: bool = False
    as_of: str = ""
    in_force: str = ""


@dataclass(frozen=True, slots=True)
class Layers:
    """Layers above the base. `unlisted`: rows of `unlisted.csv`."""

    overlay: Sequence[Row] = field(hash=False)
    unlisted: Sequence[Mapping[str, str]] = field(hash=False, default=())
    published: Published | None = None


def merged(base: Iterable[Row], accepted: Collection[str], layers: Layers) -> Iterator[Row]:
    """Rows of the list, one after another. `accepted`: the names of the base rows in lower case."""
    yield from _Merge(base, accepted, layers).rows()


class _Layer:
    """Rows of one layer by their names."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.by_name = {row["scientific_name"].lower(): row for row in rows}
        self._by_synonym: dict[str, Row] = {}
        for row in self.by_name.values():
            for name in split_cell(row["synonyms"]) if row["synonyms"] else ():
                self._by_synonym.setdefault(name.lower(), row)
        self._used: set[str] = set()

    def of(self, row: Row, accepted: Collection[str]) -> Row | None:
        """The row of this layer for a taxon: by its name, else by a synonym on either side.

        By a synonym only if its own name is accepted for no other taxon, and if it has no taxon yet.
        """
        name = row["scientific_name"].lower()
        found = self.by_name.get(name)
        if found is None:
            every = [self._by_synonym.get(name)]
            if row["synonyms"] and self.by_name:
                every = [*map(self.by_name.get, split_cell(row["synonyms"].lower())), *every]
            found = next((each for each in every if each is not None and self._is_free(each, accepted)), None)
        if found is not None:
            self._used.add(found["scientific_name"])
        return found

    def left(self) -> Iterator[Row]:
        """Rows without a taxon so far."""
        return (row for row in self.by_name.values() if row["scientific_name"] not in self._used)

    def _is_free(self, row: Row, accepted: Collection[str]) -> bool:
        return row["scientific_name"].lower() not in accepted and row["scientific_name"] not in self._used


class _Merge:
    """One merge of the layers. `_accepted`: names of all rows. `_claimed`: synonyms of the rows made so far."""

    def __init__(self, base: Iterable[Row], accepted: Collection[str], layers: Layers) -> None:
        published = layers.published or Published(())
        self._whole = published.whole
        self._base = published.rows if published.whole else base
        self._named = {each["scientific_name"].lower() for each in published.rows} if published.whole else accepted
        self._published = _Layer(() if published.whole else published.rows)
        self._overlay = _Layer(layers.overlay)
        self._unlisted = _Layer(map(_unlisted_row, layers.unlisted))
        self._accepted = {*self._named, *self._published.by_name}
        self._claimed: set[str] = set()

    def rows(self) -> Iterator[Row]:
        for row in self._base:
            newer = self._published.of(row, self._named)
            if newer is not None and is_later(newer, row):  # 1
                self._accepted.discard(row["scientific_name"].lower())
                yield self._finished(uploaded_over(row, newer))
            else:
                if newer is not None and newer["scientific_name"].lower() not in self._named:
                    self._accepted.discard(newer["scientific_name"].lower())
                yield self._finished(uploaded_over(None, row) if self._whole else row)
        for row in self._published.left():  # 4
            yield self._finished(uploaded_over(None, row))
        for row in self._overlay.left():  # 4
            name = row["scientific_name"].lower()
            if row["appendix"] and row["source"] and name not in self._accepted and name not in self._claimed:
                self._accepted.add(name)
                yield self._settled({**BLANK, **row})
        for row in self._unlisted.left():  # 5
            name = row["scientific_name"].lower()
            if name not in self._accepted and name not in self._claimed:
                yield self._settled(row)

    def _finished(self, row: Row) -> Row:
        """The row with its overlay and its reason for not being listed."""
        own = self._overlay.of(row, self._accepted)
        if own is not None:
            row = self._overlaid(row, own)
        self._accepted.add(row["scientific_name"].lower())
        if row["appendix"] == "0" and not row["may_be"]:
            unlisted = self._unlisted.of(row, self._accepted)
            row = _with_reason(row, unlisted) if unlisted else row
        return self._settled(row)

    def _overlaid(self, row: Row, own: Row) -> Row:  # 3
        name = row["scientific_name"]
        printed = name if row.get(LAYER) == PUBLISHED else own["scientific_name"]
        self._accepted.discard(name.lower())
        synonyms = (*split_cell(row["synonyms"]), name, own["scientific_name"], *split_cell(own["synonyms"]))
        decided = {column: own[column] for column in DECISIONS if column in own} if own["decided"] else {}
        return {
            **row,
            "scientific_name": printed,
            "synonyms": "; ".join(each for each in dict.fromkeys(synonyms) if each != printed),
            "en": "; ".join(dict.fromkeys((*split_cell(own["en"]), *split_cell(row["en"])))),
            **{column: own[column] for column in OWN_NAMES if own[column]},
            "group": own["group"] or row["group"],
            "species_plus_id": row["species_plus_id"] or own["species_plus_id"],
            "annotation": row["annotation"] or own["annotation"],
            **({} if row["range_states"] else {each: own[each] for each in ("range_states", "range_source")}),
            **decided,
        }

    def _settled(self, row: Row) -> Row:  # 6
        if not row["synonyms"]:
            return row
        kept, names = [], split_cell(row["synonyms"])
        for name in names:
            key = name.lower()
            if key not in self._accepted and key not in self._claimed:
                self._claimed.add(key)
                kept.append(name)
        return row if len(kept) == len(names) else {**row, "synonyms": "; ".join(kept)}


def _with_reason(row: Row, unlisted: Row) -> Row:
    synonyms = dict.fromkeys((*split_cell(row["synonyms"]), *split_cell(unlisted["synonyms"])))
    names = {
        each: "; ".join(dict.fromkeys((*split_cell(row[each]), *split_cell(unlisted[each])))) for each in LANGUAGES
    }
    reason = {each: unlisted[each] for each in ("unlisted", "unlisted_note", "unlisted_wild")}
    return {**row, **names, **reason, "synonyms": "; ".join(synonyms)}


def _unlisted_row(row: Mapping[str, str]) -> Row:
    return {
        **BLANK,
        **{column: row[column] for column in ("rank", "kingdom", "class", "order", "family", "synonyms", "source")},
        **{column: row[column] for column in (*LANGUAGES, "as_of")},
        "scientific_name": row["name"],
        "appendix": "0",
        "checked": row["as_of"],
        "unlisted": row["reason"],
        "unlisted_note": row["note"],
        "unlisted_wild": row["wild"],
    }
