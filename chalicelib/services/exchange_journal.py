"""What went between Parties: one row a call, never rewritten (Dec. 18.125: transmission and receipt, with times).

EXCHANGE#<country>  <time>#<id>           whatever that Party asked of us or we of it, answered or refused
PERMIT#<id>         EXCHANGE#<time>#<id>  the same, of one permit that was given out or reported on
ASKED#<country>#<number>  <time>#<id>     the same, by the identity of the number that we asked about (ask_party.py)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.ports import Key, PermitRegister, Put, Row

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """`side`: they (asked us) or we. `outcome`: answered, taken, same, or the name of the refusal.

    `digest`: SHA-256 of the answer's bytes. `serial`, `thumbprint`: of the certificate that asked. `by`: of us.
    `lines`: what we reported, {line, quantity} each.
    """

    id: str
    at: int
    country: str
    side: str
    operation: str
    number: str
    outcome: str
    digest: str = ""
    serial: str = ""
    thumbprint: str = ""
    by: str = ""
    by_name: str = ""
    correlation_id: str = ""
    lines: Sequence[Mapping[str, str]] = ()


def puts(entry: Entry, permit_id: str = "") -> tuple[Put, ...]:
    """What goes into the transaction of the call."""
    data = plain(entry)
    when = f"{entry.at:010d}#{entry.id}"
    made = [Put(Key(f"EXCHANGE#{entry.country}", when), data)]
    if permit_id:
        made.append(Put(Key(f"PERMIT#{permit_id}", f"EXCHANGE#{when}"), data))
    return tuple(made)


def plain(entry: Entry) -> dict[str, Any]:
    """As a row keeps it."""
    return {name: value for name, value in asdict(entry).items() if value not in ("", ()) or name == "number"}


def of_permit(permit_id: str, register: PermitRegister) -> list[Entry]:
    """The newest first."""
    rows = register.query(f"PERMIT#{permit_id}", start="EXCHANGE#", stop="EXCHANGE$", newest_first=True, limit=SHOWN)
    return read(rows)


def of_country(country: str, register: PermitRegister, cursor: str | None = None) -> tuple[list[Entry], str | None]:
    """The newest first, and the next cursor."""
    rows = register.query(f"EXCHANGE#{country}", stop=cursor, newest_first=True, limit=SHOWN + 1)
    return read(rows[:SHOWN]), rows[SHOWN - 1].key.sort if len(rows) > SHOWN else None


def read(rows: Sequence[Row]) -> list[Entry]:
    return [Entry(**row.data) for row in rows]
