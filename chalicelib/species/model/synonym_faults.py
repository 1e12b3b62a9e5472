"""Faults of new synonyms: a name that leads to a less strict taxon than the one that a reader expects.

A synonym decides which entry a name has. With `Panthera tigris altaica` among the synonyms of a frog, a tiger is a
frog. A new synonym of an upload is a fault if a name of another, stricter taxon

1 is the same
2 differs in one letter (added, left out or replaced), within the genus or within the rest of the name
3 is the species to which the synonym, a name of three words or more, belongs
4 is a genus, family, order or class with such a taxon
5 belongs to a genus with such a taxon, and the genus has no taxon of the class of this one

Of the 31,800 synonyms of the release four have a neighbour by 2 and at most twelve a genus by 5. So the rule refuses
hardly any sound list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from chalicelib.kernel.codes import APPENDIX_NUMBERS
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.text import split_cell
from chalicelib.species.model.list_rows import LAYER, PUBLISHED, Row

_NOT_LISTED = 4  # after Appendix III


def synonym_faults(rows: Sequence[Row], ours: Iterable[Row]) -> Iterator[FieldError]:
    """Faults of the synonyms in the uploaded ones of these rows that the list in use does not have for the taxon."""
    known = {row["scientific_name"]: row for row in ours}
    names = _Names(rows)
    for row in rows:
        if row.get(LAYER) != PUBLISHED or not row["synonyms"]:
            continue
        name = row["scientific_name"]
        old = known.get(name)
        if old is not None and old["synonyms"] == row["synonyms"]:
            continue
        for synonym in split_cell(row["synonyms"]):
            if old is not None and synonym in split_cell(old["synonyms"]):
                continue
            stricter = names.stricter(synonym, row)
            if stricter is not None:
                words = f"{synonym!r} is, resembles or would be looked for under {stricter['scientific_name']}"
                words += f" (Appendix {stricter['appendix']}), which is stricter. Leave it out."
                yield FieldError(f"{name}, synonyms", "contradicts", words)


def _strictness(row: Row) -> int:
    """Number of the strictest Appendix that the row may have, a smaller one is stricter."""
    numbers = (APPENDIX_NUMBERS.get(name, 0) for name in (row["appendix"], *split_cell(row["may_be"])))
    return min(number or _NOT_LISTED for number in numbers)


class _Names:
    """Names and synonyms of listed taxa, made when the first one is asked for."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def stricter(self, synonym: str, row: Row) -> Row | None:
        """A stricter taxon, other than that of `row`, that has or resembles this name, or None."""
        words = synonym.casefold().split()
        if not words:
            return None
        name, species, limit = " ".join(words), " ".join(words[:2]), _strictness(row)
        for key in _keys(name, looked_up=True):
            for other, taxon in self._by_part.get(key, ()):
                resembles = differ_in_one_letter(name, other) or other == species
                if resembles and taxon["scientific_name"] != row["scientific_name"] and _strictness(taxon) < limit:
                    return taxon
        return self._of_another_class(words[0], row) if len(words) > 1 else None

    def _of_another_class(self, genus: str, row: Row) -> Row | None:  # 5
        strictest, classes = self._genera.get(genus, (None, frozenset()))
        if strictest is None or (row["class"] or row["kingdom"]) in classes:
            return None
        return strictest if _strictness(strictest) < _strictness(row) else None

    @cached_property
    def _genera(self) -> dict[str, tuple[Row, frozenset[str]]]:
        """The strictest taxon of each genus, and the classes of its taxa; for plants their kingdom."""
        classes: dict[str, set[str]] = {}
        for row in self._rows:
            genus = row["scientific_name"].partition(" ")[0].casefold()
            classes.setdefault(genus, set()).add(row["class"] or row["kingdom"])
        groups = self._groups
        return {genus: (groups[genus], frozenset(found)) for genus, found in classes.items()}

    @cached_property
    def _by_part(self) -> dict[str, list[tuple[str, Row]]]:
        found: dict[str, list[tuple[str, Row]]] = {}
        for row in self._rows:
            if _strictness(row) < _NOT_LISTED:
                for each in (row["scientific_name"], *split_cell(row["synonyms"])):
                    name = " ".join(each.casefold().split())
                    for key in _keys(name):
                        found.setdefault(key, []).append((name, row))
        for group, row in self._groups.items():
            for key in _keys(group):
                found.setdefault(key, []).append((group, row))
        return found

    @cached_property
    def _groups(self) -> dict[str, Row]:
        """The strictest taxon of each genus, family, order and class."""
        found: dict[str, Row] = {}
        for row in self._rows:
            above = (row["scientific_name"].partition(" ")[0], row["family"], row["order"], row["class"])
            for group in {each.casefold() for each in above if each}:
                if group not in found or _strictness(row) < _strictness(found[group]):
                    found[group] = row
        return found


def _keys(name: str, *, looked_up: bool = False) -> set[str]:
    """Parts of a name. Two names that differ in one letter of the genus, or of the rest, have one in common.

    Of two words that differ in one letter, either the first half of the one begins the other, or its second half ends
    it. `looked_up`: also the species of a longer name, and the halves that a word with one letter more or less has.
    """
    genus, _, rest = name.partition(" ")
    found = {f"* {rest}"} if rest else {f"{genus[:2]}*", f"*{genus[-2:]}"}
    lengths = range(len(rest) - 1, len(rest) + 2) if looked_up else (len(rest),)
    for length in lengths if rest else ():
        half = length // 2
        found |= {f"{genus} {rest[:half]}*", f"{genus} *{rest[len(rest) - (length - half) :]}"}
    if looked_up and rest.count(" "):
        found |= _keys(" ".join(name.split()[:2]))
    return found


def differ_in_one_letter(one: str, other: str) -> bool:
    """True if the names are the same, or differ in one letter that is added, left out or replaced."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
