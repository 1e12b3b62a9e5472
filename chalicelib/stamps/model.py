"""Runs of security stamps that the ministry has received, and the match of a text of block 5b with a stamp.

A run is the numbers of a sheet or roll. It has a prefix and digits of one length, `KG-A 000001` to `KG-A 000500`. Case,
spaces and signs (hyphens of any kind, stops, strokes) make no difference between stamps. A text is refused if it has a
run's prefix and as many digits, or letters that print like digits, but is in no run. Any other text is not a stamp of
the stock and stays as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.text import foreign_letters
from chalicelib.token.check_code import LOOK_ALIKES

PREFIX_AT_MOST = 16  # characters; the digits and a space fit block 5b beside it

DIGITS_AT_MOST = 10

NAME_AT_MOST = 64  # bytes of a stamp's name as stored

RUN_AT_MOST = 10_000  # stamps of one run

_APART = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A run.

    `first` and `last` are numbers, `digits` is how many are printed. `at` and `by_name` say when it was entered, and by
    whom.
    """

    prefix: str
    digits: int
    first: int
    last: int
    at: int = 0
    by: str = ""
    by_name: str = ""

    @property
    def id(self) -> str:
        """The key of the run's first stamp, by which the run is requested."""
        return key(self.text(self.first))

    def text(self, number: int) -> str:
        """The number as printed on the stamp."""
        return f"{self.prefix}{number:0{self.digits}d}"

    def contains(self, name: str) -> bool:
        """True if the stamp of this name (`key`) is in the run."""
        return self.matches_form(name) and self.first <= int(name[len(key(self.prefix)) :]) <= self.last

    def matches_form(self, name: str) -> bool:
        """True if the name has the run's prefix and number of digits."""
        digits = name[len(key(self.prefix)) :]
        return (
            name.startswith(key(self.prefix)) and len(digits) == self.digits and digits.isascii() and digits.isdigit()
        )

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def key(text: str) -> str:
    """The name under which a stamp is stored, independent of how it was typed."""
    return _APART.sub("", unicodedata.normalize("NFKC", text)).upper()


def can_be_number(text: str) -> bool:
    """True if a typed number can be a stamp's, of a run that is entered now or later."""
    return 0 < len(key(text).encode()) <= NAME_AT_MOST


def _as_digits(name: str, run: Run) -> str:
    start = len(key(run.prefix))
    return name[:start] + name[start:].translate(LOOK_ALIKES)


def read_runs(data: Mapping[str, Any]) -> tuple[Run, ...]:
    return tuple(Run(**each) for each in data.get("runs", ()))


def new_run(prefix: str, first: str, last: str, actor: Actor, now: int) -> Run:
    """Make a run. Raises `Invalid` naming each of `prefix`, `first`, `last` that is wrong."""
    faults = []
    if len(prefix) > PREFIX_AT_MOST or not prefix.isprintable() or foreign_letters(prefix):
        faults.append(FieldError("prefix", "malformed", f"Must be Latin letters, at most {PREFIX_AT_MOST} characters."))
    elif key(prefix)[-1:].isdigit():
        faults.append(FieldError("prefix", "digit", "Must not end with a digit: write the digits into first and last."))
    for field, text in (("first", first), ("last", last)):
        if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_AT_MOST):
            faults.append(
                FieldError(field, "digits", f"Must be the printed digits only, 1 to {DIGITS_AT_MOST} of them.")
            )
    if faults:
        raise Invalid(*faults)
    if len(first) != len(last):
        raise Invalid(FieldError("last", "length", "Must have as many digits as first, with all printed zeros."))
    if int(last) < int(first):
        raise Invalid(FieldError("last", "order", "Must not be lower than first."))
    if int(last) - int(first) >= RUN_AT_MOST:
        raise Invalid(FieldError("last", "too_many", f"A run may have at most {RUN_AT_MOST} stamps."))
    return Run(prefix, len(first), int(first), int(last), now, actor.id, actor.name)


def overlapping(run: Run, runs: Iterable[Run]) -> Run | None:
    """A run that already has one of these stamps, else None."""
    for other in runs:
        same = key(other.prefix) == key(run.prefix) and other.digits == run.digits
        if same and other.first <= run.last and run.first <= other.last:
            return other
    return None


def run_of(text: str, runs: Iterable[Run]) -> Run | None:
    """The run of the stamp in this text of block 5b, or None if it is not a stamp of the stock.

    Raises `Invalid` for a number that looks like one of a run and is in none.
    """
    name, known = key(text), tuple(runs)
    for run in known:
        if run.contains(name):
            return run
    if any(run.matches_form(name) or run.matches_form(_as_digits(name, run)) for run in known):
        raise Invalid(
            FieldError(
                "stamp_number",
                "not_in_stock",
                "Block 5b: this stamp number is in no run of the stock. Check the number.",
            )
        )
    return None
