"""What the second person must look at in a batch of the old register: what stands out, what resembles, and chance.

1 Appendix I   2 the largest quantities of each unit   3 those that expire last   4 what resembles another paper
5 a sample that nobody could foresee: its seed is made when the batch is shown
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from chalicelib.core.legacy_number import identity, parts_of

SAMPLE = 50  # rows at random; a smaller batch is shown whole
FOREMOST = 5  # of each kind of outlier
TIES = 20  # that share the highest value
NAMED = 3  # papers named for each row that resembles others
# Letters written for a digit that `identity` does not take for one: alone, in front of a digit.
_FOR_DIGIT = re.compile(r"(?<![A-ZА-ЯҢ])[ZSB](?=[0-9])")


@dataclass(frozen=True, slots=True)
class Likeness:
    """By what a paper is compared with others. `full`: the digits of its number in any order, also with letters read
    as digits; `less`: without the last of three or more; `content`: the same goods for one exporter on one day, and
    the same marks of one taxon.
    """

    number: str
    letters: str
    full: tuple[str, ...]
    less: tuple[str, ...]
    content: tuple[str, ...]


def likeness(number: str, issued_on: str, record: Mapping[str, Any]) -> Likeness:
    """`number` as written; `record` as `legacy_rules.legacy_record` makes it."""
    full, less = set(), set()
    for spelled in {number, _FOR_DIGIT.sub(lambda m: "258"["ZSB".index(m[0])], number)}:
        digits = [part for part in parts_of(identity(spelled)) if part.isdigit()]
        full.add("-".join(sorted(digits)))
        if len(digits) > 2:  # a serial, a year, and one more
            less.add("-".join(sorted(digits[:-1])))
    letters = "".join(part for part in parts_of(identity(number)) if not part.isdigit())
    return Likeness(number, letters, tuple(sorted(full)), tuple(sorted(less)), _content(issued_on, record))


def resembling(rows: Sequence[Likeness], held: Iterable[Likeness]) -> dict[int, tuple[str, ...]]:
    """Row -> the numbers of other papers, held or of the same batch, that it may be once more; at most NAMED each."""
    buckets: dict[str, dict[str, Likeness]] = defaultdict(dict)
    for each in (*held, *rows):
        for key in _stands(each):
            buckets[key][identity(each.number)] = each
    found = {}
    for at, row in enumerate(rows):
        own, alike = identity(row.number), {}
        for key in _seeks(row):
            for name, other in buckets.get(key, {}).items():
                if name != own and (key[0] == "c" or _letters_alike(row.letters, other.letters)):
                    alike[name] = other.number
                if len(alike) == NAMED:
                    break
        if alike:
            found[at] = tuple(sorted(alike.values()))[:NAMED]
    return found


def outliers(rows: Sequence[Mapping[str, Any]]) -> dict[int, tuple[str, ...]]:
    """Row -> why it stands out (1-3). `rows`: number, issued_on, record."""
    why: dict[int, list[str]] = defaultdict(list)
    amounts: dict[tuple[str, str], list[tuple[Decimal, int]]] = defaultdict(list)
    for at, row in enumerate(rows):
        lines = row["record"]["lines"]
        if any(line.get("appendix") == "I" for line in lines):
            why[at].append("Appendix I")
        for line in lines:
            amounts[line["term"], line.get("unit", "")].append((Decimal(line["quantity"]), at))
    for each in amounts.values():
        for at in _foremost(each):
            why[at].append("quantity")
    for at in _foremost([(row["record"]["valid_until"], at) for at, row in enumerate(rows)]):
        why[at].append("expires last")
    return {at: tuple(dict.fromkeys(words)) for at, words in why.items()}


def sample(count: int, seed: bytes) -> list[int]:
    """SAMPLE of `count` rows, each as likely as any other to whoever does not know the seed."""
    drawn = sorted(range(count), key=lambda at: sha256(seed + at.to_bytes(4)).digest())
    return sorted(drawn[:SAMPLE])


def _foremost(ranked: list[tuple[Any, int]]) -> list[int]:
    """Those with the highest value, at most TIES, and with the next ones while they are few; none if all are equal."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for value, at in ranked:
        groups[value].append(at)
    if len(groups) < 2:
        return []
    first, *others = (groups[value] for value in sorted(groups, reverse=True))
    found = first[:TIES]
    for group in others:
        if len(found) + len(group) > FOREMOST:
            break
        found += group
    return found


def _stands(each: Likeness) -> list[str]:
    return [*(f"c{x}" for x in each.content), *(f"f{x}" for x in each.full), *(f"l{x}" for x in each.less)]


def _seeks(each: Likeness) -> list[str]:
    found = [*(f"c{x}" for x in each.content), *(f"f{x}" for x in each.full)]
    return [*found, *(f"l{x}" for x in each.full), *(f"f{x}" for x in each.less)]


def _letters_alike(one: str, other: str) -> bool:
    """Letters left out, added or exchanged; of two series (A-1, B-1) each has its own."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return sorted(one) == sorted(other) or all(letter in rest for letter in short)


def _content(issued_on: str, record: Mapping[str, Any]) -> tuple[str, ...]:
    lines = record["lines"]
    goods = sorted(
        [line["scientific_name"], line["term"], str(Decimal(line["quantity"]).normalize()), line.get("unit") or ""]
        for line in lines
    )
    found = {_hash("goods", issued_on, _plain(record["exporter"]["name"]), repr(goods))}
    for line in lines:
        marks = _plain(line.get("marks") or "")
        if any(letter.isdigit() for letter in marks):
            found.add(_hash("marks", line["scientific_name"], marks))
    return tuple(sorted(found))


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]
