"""Access list of other Parties, and journal of the exchange.

EXCHANGE-PARTIES  <country>  certificates (SHA-256 of each), operations, active, note; entered by an admin. Each change
                             is also an entry of the journal

The journal has one row for each call, never rewritten (Dec. 18.125: transmission and receipt, with times):

EXCHANGE#<country>  <time>#<id>           a question or report, of that Party or ours, answered or refused
PERMIT#<id>         EXCHANGE#<time>#<id>  the same, of a permit that was given out or reported on
ASKED#<country>#<number>  <time>#<id>     the same, by the identity of the number that we asked about (ask_party.py)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from chalicelib.exchange.model.operations import OPERATIONS
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.errors import EditedMeanwhile, FieldError, Invalid
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, Row, RowData
from chalicelib.kernel.text import SHA256, forbidden_characters
from chalicelib.platform.deps import Deps, PermitRegister

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """Journal entry of one call. `side`: they (asked us) or we.

    `outcome`: answered, taken, same, or the name of the refusal. `digest`: SHA-256 of the answer's bytes. `serial`,
    `thumbprint`: of the calling certificate. `by`: our person. `lines`: what we reported, {line, quantity} each.
    """

    id: str
    at: int
    country: str
    side: Literal["they", "we"]
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
    """Writes of a journal entry, for the transaction of the call."""
    data = plain(entry)
    when = f"{entry.at:010d}#{entry.id}"
    made = [Put(Key(f"EXCHANGE#{entry.country}", when), data)]
    if permit_id:
        made.append(Put(Key(f"PERMIT#{permit_id}", f"EXCHANGE#{when}"), data))
    return tuple(made)


def plain(entry: Entry) -> RowData:
    """The entry as a row's data."""
    return {name: value for name, value in asdict(entry).items() if value not in ("", ()) or name == "number"}


def of_permit(permit_id: str, register: PermitRegister) -> list[Entry]:
    """Calls about a permit, newest first."""
    rows = register.query(f"PERMIT#{permit_id}", start="EXCHANGE#", stop="EXCHANGE$", newest_first=True, limit=SHOWN)
    return read(rows)


def of_country(country: str, register: PermitRegister, cursor: str | None = None) -> tuple[list[Entry], str | None]:
    """Calls with a Party, newest first, and the next cursor."""
    rows = register.query(f"EXCHANGE#{country}", stop=cursor, newest_first=True, limit=SHOWN + 1)
    return read(rows[:SHOWN]), rows[SHOWN - 1].key.sort if len(rows) > SHOWN else None


def read(rows: Sequence[Row]) -> list[Entry]:
    return [Entry(**row.data) for row in rows]


PARTIES = "EXCHANGE-PARTIES"

CERTIFICATES_AT_MOST = 4  # one, its successor, and those of a second machine


@dataclass(frozen=True, slots=True)
class Party:
    """Entry of the access list. `may`: operations of EPIX. A Party that is not active gets the answer for unknown
    callers."""

    country: str
    certificates: tuple[str, ...]
    may: tuple[str, ...]
    active: bool
    note: str
    at: int
    by: str
    by_name: str


def party(country: str, register: PermitRegister) -> Party | None:
    row = register.get(Key(PARTIES, country))
    return _read(row) if row else None


def parties(actor: Actor, *, register: PermitRegister) -> list[Party]:
    """All entries of the access list, by country. Raises `Forbidden`."""
    actor.require("exchange")
    return [_read(row) for row in register.query(PARTIES)]


@dataclass(frozen=True, slots=True)
class Access:
    """What a Party may ask, and with which client certificates (SHA-256 of each)."""

    certificates: Sequence[str]
    may: Collection[str]
    active: bool
    note: str = ""


def enter(country: str, access: Access, actor: Actor, deps: Deps) -> Party:
    """Set what a Party may ask from now on, in place of its old entry. Raises `Invalid`, `EditedMeanwhile`."""
    actor.require("parties")
    certificates, active = access.certificates, access.active
    faults = []
    if country not in COUNTRIES or country == deps.stage.issuer:
        faults.append(FieldError("country", "unknown", "Must be the ISO 3166-1 code of another Party, for example AE."))
    if len(certificates) > CERTIFICATES_AT_MOST or (active and not certificates):
        faults.append(FieldError("certificates", "too_many", f"Give 1 to {CERTIFICATES_AT_MOST} certificates."))
    if not all(SHA256.fullmatch(each) for each in certificates) or len(set(certificates)) != len(certificates):
        words = "SHA-256 of each certificate (DER), 64 hex digits in lower case, none twice."
        faults.append(FieldError("certificates", "malformed", words))
    if not set(access.may) <= set(OPERATIONS):
        faults.append(FieldError("may", "unknown", f"Each must be one of: {', '.join(OPERATIONS)}."))
    if forbidden_characters(access.note):
        faults.append(FieldError("note", "characters", "Control and direction characters are not allowed."))
    if faults:
        raise Invalid(*faults)
    key = Key(PARTIES, country)
    row = deps.register.get(key)
    operations = tuple(each for each in OPERATIONS if each in access.may)
    made = Party(country, tuple(certificates), operations, active, access.note, deps.now, actor.id, actor.name)
    data = {**asdict(made), "certificates": list(made.certificates), "may": list(made.may)}
    entry = Entry(
        deps.new_id(),
        deps.now,
        country,
        "we",
        "enter",
        "",
        "active" if active else "closed",
        thumbprint=" ".join(certificates),
        by=actor.id,
        by_name=actor.name,
    )
    try:
        deps.register.commit(Put(key, data, expected_version=row.version if row else 0), *puts(entry))
    except Conflict:
        words = "Another administrator changed this Party. Read it again, then send your change."
        raise EditedMeanwhile(words) from None
    return made


def _read(row: Row) -> Party:
    data = {**row.data, "certificates": tuple(row.data["certificates"]), "may": tuple(row.data["may"])}
    return Party(**data)
