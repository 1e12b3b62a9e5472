"""Where somebody's notices go: one address and language a person, for all their applications; none means no mail.

NOTIFY#<person>  -  email and language, or neither; only this person reads and writes it, and `send_notices`
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core.address import Address, checked
from chalicelib.core.roles import Actor
from chalicelib.ports import Key, PermitRegister, Put


def chosen(person: str, *, register: PermitRegister) -> Address | None:
    """The address of a person; of a duty desk the first."""
    found = addresses(person, register=register)
    return found[0] if found else None


def addresses(owner: str, *, register: PermitRegister) -> tuple[Address, ...]:
    """The address of a person, or every address of a duty desk (duty_desks.py)."""
    row = register.get(_key(owner))
    return addresses_in(row.data) if row is not None else ()


def addresses_in(data: Mapping[str, Any]) -> tuple[Address, ...]:
    first = ({"email": data["email"], "language": data["language"]},) if data.get("email") else ()
    return tuple(Address(**each) for each in (*first, *data.get("more", ())))


def choose(wanted: tuple[str, str] | None, actor: Actor, *, register: PermitRegister, now: int) -> Address | None:
    """Take this e-mail address and language from now on, or None: no more mail. Raises `Invalid`."""
    actor.need("notify")
    address = None if wanted is None else checked(*wanted)
    data = {"at": now} if address is None else {"email": address.email, "language": address.language, "at": now}
    register.commit(Put(_key(actor.id), data, expect=None))
    return address


def _key(person: str) -> Key:
    return Key(f"NOTIFY#{person}")
