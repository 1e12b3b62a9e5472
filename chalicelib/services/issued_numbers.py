"""Which permits were issued in a year, in order of their numbers, a page at a time: no index is needed.

NUMBER#<iss>       Tamga's own numbers begin with the year and the issuer (`26KG000123/E`), so a year is a range
LEGACY-LIKE#<iss>  every permit that was taken over from the paper register stands here under its identity

A number that was declared void has no permit and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.legacy_number import TAMGA
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister, Row
from chalicelib.services import store

CURSOR_AT_MOST = 64
CHUNK = 500  # rows of a query: a page reads no further than it gets
NUMBERS, PAPERS = "n", "p"  # which part of the enumeration a cursor is in


def issued(
    year: int, *, register: PermitRegister, stage: Stage, begin: int, end: int, after: str = "", limit: int
) -> tuple[list[Dossier], str | None]:
    """At most `limit` of them, and the cursor of the next; [begin, end): when a paper permit was issued."""
    if after and (len(after) > CURSOR_AT_MOST or after[:1] not in {NUMBERS, PAPERS}):
        raise Invalid(FieldError("cursor", "cursor", "Not a cursor of this report."))
    found: list[Dossier] = []
    for at, dossier in _from(year, after, register, stage):
        if dossier is not None and (at[0] == NUMBERS or begin <= (dossier.issued_at or 0) < end):
            found.append(dossier)
        if len(found) == limit:
            return found, at
    return found, None


def _from(
    year: int, after: str, register: PermitRegister, stage: Stage
) -> Iterator[tuple[str, Dossier | None]]:  # fmt: skip
    iss = stage.issuer
    prefix = f"{year % 100:02d}{iss}"
    if after[:1] != PAPERS:
        for row in _rows(f"NUMBER#{iss}", max(prefix, after[1:]), f"{prefix}~", register):
            number = row.key.sort
            if number > after[1:] and TAMGA.fullmatch(number):
                held = not row.data.get("void") and row.data.get("permit_id")
                yield f"{NUMBERS}{number}", store.load(register, str(held)) if held else None
    past = after[1:] if after[:1] == PAPERS else ""
    for row in _rows(f"LEGACY-LIKE#{iss}", past, None, register):
        if row.key.sort > past:
            yield f"{PAPERS}{row.key.sort}", store.find_number(register, iss, row.key.sort)


def _rows(partition: str, start: str, stop: str | None, register: PermitRegister) -> Iterator[Row]:
    """All of [start, stop) in order, a chunk at a time; the first of a later chunk is the last of the one before."""
    last = ""
    while True:
        rows = register.query(partition, start=last or start, stop=stop, limit=CHUNK)
        yield from (row for row in rows if row.key.sort > last)
        if len(rows) < CHUNK:
            return
        last = rows[-1].key.sort
