"""Which Parties may ask us what: the access list, entered by an admin and written down each time.

EXCHANGE-PARTIES  <country>  certificates (SHA-256 of each that it may come with), operations, active, note; each
                             change is also an entry of the exchange's journal
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass

from chalicelib.core.codes import COUNTRIES
from chalicelib.core.errors import EditedMeanwhile, FieldError, Invalid
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import Conflict, Key, PermitRegister, Put, Row
from chalicelib.services import exchange_journal
from chalicelib.services.exchange_journal import Entry

PARTIES = "EXCHANGE-PARTIES"
OPERATIONS = ("GetNonFinalCitesCertificate", "GetFinalCitesCertificate", "ConfirmQuantities", "ServiceState")
THUMBPRINT = re.compile(r"[0-9a-f]{64}")  # SHA-256
CERTIFICATES_AT_MOST = 4  # one, its successor, and a second machine with the same


@dataclass(frozen=True, slots=True)
class Party:
    """`may`: operations of EPIX. A Party that is not active is told what a stranger is told."""

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
    """All of them, by country."""
    actor.need("exchange")
    return [_read(row) for row in register.query(PARTIES)]


def enter(
    country: str, certificates: list[str], may: list[str], active: bool, note: str, actor: Actor, *,
    register: PermitRegister, stage: Stage, new_id: Callable[[], str], now: int,
) -> Party:  # fmt: skip
    """What this Party may from now on, in place of what it might. Raises `Invalid` or `EditedMeanwhile`."""
    actor.need("parties")
    faults = []
    if country not in COUNTRIES or country == stage.issuer:
        faults.append(FieldError("country", "unknown", "Another Party's ISO 3166-1 alpha-2 code."))
    if len(certificates) > CERTIFICATES_AT_MOST or (active and not certificates):
        faults.append(FieldError("certificates", "too_many", f"1 to {CERTIFICATES_AT_MOST}."))
    if not all(THUMBPRINT.fullmatch(each) for each in certificates) or len(set(certificates)) != len(certificates):
        words = "SHA-256 of each certificate (DER), 64 hex digits in lower case, none twice."
        faults.append(FieldError("certificates", "malformed", words))
    if not set(may) <= set(OPERATIONS):
        faults.append(FieldError("may", "unknown", f"Of: {', '.join(OPERATIONS)}."))
    if faults:
        raise Invalid(*faults)
    key = Key(PARTIES, country)
    row = register.get(key)
    operations = tuple(each for each in OPERATIONS if each in may)
    made = Party(country, tuple(certificates), operations, active, note, now, actor.id, actor.name)
    data = {**asdict(made), "certificates": list(made.certificates), "may": list(made.may)}
    entry = Entry(new_id(), now, country, "we", "enter", "", "active" if active else "closed",
                  thumbprint=" ".join(certificates), by=actor.id, by_name=actor.name)  # fmt: skip
    try:
        register.commit(Put(key, data, expect=row.version if row else 0), *exchange_journal.puts(entry))
    except Conflict:
        raise EditedMeanwhile("Another admin changed this Party; look again.") from None
    return made


def _read(row: Row) -> Party:
    data = {**row.data, "certificates": tuple(row.data["certificates"]), "may": tuple(row.data["may"])}
    return Party(**data)
