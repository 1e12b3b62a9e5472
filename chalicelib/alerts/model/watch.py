"""Watch-list entries, and their comparison with a scan or endorsement, however a value is spelled.

Numbers are compared by the identity of `kernel/numbers.py`. Marks and vehicles are compared in the spelling of
`kernel/marks.py`. A name matches if all its words are there, in any order, Latin or Cyrillic.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.kernel import marks
from chalicelib.kernel.days import DAY
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.numbers import identity, read_typed_number
from chalicelib.kernel.text import forbidden_characters
from chalicelib.uses.use import WatchTerms


class WatchKind(StrEnum):
    """What a watch-list entry looks for."""

    NUMBER = "number"
    MARK = "mark"
    NAME = "name"
    VEHICLE = "vehicle"


KINDS = tuple(WatchKind)

LONGEST = 730 * DAY  # seconds: an entry ends by itself; enforcement enters it anew if still needed

VALUE_AT_MOST, REASON_AT_MOST = 100, 2000

_LETTERS = str.maketrans(
    dict(zip("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҢӨҮ",
             ("A", "B", "V", "G", "D", "E", "E", "ZH", "Z", "I", "I", "K", "L", "M", "N", "O", "P", "R", "S", "T", "U",
              "F", "KH", "TS", "CH", "SH", "SHCH", "", "Y", "", "E", "YU", "YA", "N", "O", "U"), strict=True))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A watch-list entry. `until` is in seconds since the epoch, `key` is the spelling that is compared."""

    id: str
    kind: str
    value: str
    reason: str
    until: int
    key: str


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A value to look for, as a person enters it. `until`: seconds since the epoch."""

    kind: str
    value: str
    reason: str
    until: int


@dataclass(slots=True)
class _Keys:
    """The comparison keys of what was seen, each computed once."""

    seen: WatchTerms
    made: dict[str, set[str]] = field(default_factory=dict)

    def of(self, kind: str) -> set[str]:
        if kind not in self.made:
            self.made[kind] = {key for text in self.seen.of(kind) for key in _keys(kind, text)}
        return self.made[kind]


def checked(asked: NewEntry, now: int) -> str:
    """Check a new entry and return its comparison key. Raises `Invalid` with the faulty fields."""
    faults = []
    if asked.kind not in KINDS:
        faults.append(FieldError("kind", "unknown", f"One of: {', '.join(KINDS)}."))
    for name, text, most in (("value", asked.value, VALUE_AT_MOST), ("reason", asked.reason, REASON_AT_MOST)):
        if not text.strip():
            words = "Required: enter what to look for ('value') and the reason ('reason')."
            faults.append(FieldError(name, "required", words))
        elif len(text) > most or forbidden_characters(text.replace("\n", " ")):
            faults.append(FieldError(name, "characters", f"At most {most} characters, no control characters."))
    if not now < asked.until <= now + LONGEST:
        faults.append(FieldError("until", "window", "Must be later than now and within two years."))
    key = "" if faults else key_of(asked.kind, asked.value)
    if not faults and len(key) < 3:
        words = "Too short: it would match too many documents. Enter at least three letters or digits."
        faults.append(FieldError("value", "short", words))
    if faults:
        raise Invalid(*faults)
    return key


def matches(entries: Iterable[Entry], seen: WatchTerms, now: int) -> tuple[Entry, ...]:
    """The entries in force that match something that was seen."""
    keys = _Keys(seen)
    return tuple(entry for entry in entries if entry.until > now and _fits(entry, keys))


def key_of(kind: str, value: str) -> str:
    """The comparison key of a value, or "" for a value that cannot be compared."""
    if kind == WatchKind.NUMBER:
        try:
            return identity(value)
        except Invalid:
            return ""
    if kind == WatchKind.NAME:
        return " ".join(sorted(_words(value)))
    return marks.normalise_mark(value)


def _fits(entry: Entry, keys: _Keys) -> bool:
    if entry.kind == WatchKind.NAME:
        wanted = set(entry.key.split())
        return any(wanted <= set(key.split()) for key in keys.of(WatchKind.NAME))
    seen = keys.of(entry.kind)
    return entry.key in seen or (entry.kind == WatchKind.NUMBER and read_typed_number(entry.value) in seen)


def _keys(kind: str, text: str) -> Iterator[str]:
    yield from marks.possible_marks(text) if kind in {WatchKind.MARK, WatchKind.VEHICLE} else (key_of(kind, text),)


def _words(name: str) -> set[str]:
    made = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).upper().translate(_LETTERS))
    plain = "".join(char if char.isalnum() else " " for char in made if not unicodedata.combining(char))
    return set(plain.split())
