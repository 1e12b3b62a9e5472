"""Where somebody's notices go: one address and language a person, for all their applications; none means no mail.

NOTIFY#<person>  -  email and language, or neither; only this person reads and writes it, and `send_notices`
"""

from __future__ import annotations

from chalicelib.core.address import Address, checked
from chalicelib.core.roles import Actor
from chalicelib.ports import Key, PermitRegister, Put


def chosen(person: str, *, register: PermitRegister) -> Address | None:
    row = register.get(_key(person))
    return Address(row.data["email"], row.data["language"]) if row is not None and row.data.get("email") else None


def choose(wanted: tuple[str, str] | None, actor: Actor, *, register: PermitRegister, now: int) -> Address | None:
    """Take this e-mail address and language from now on, or None: no more mail. Raises `Invalid`."""
    actor.need("notify")
    address = None if wanted is None else checked(*wanted)
    data = {"at": now} if address is None else {"email": address.email, "language": address.language, "at": now}
    register.commit(Put(_key(actor.id), data, expect=None))
    return address


def _key(person: str) -> Key:
    return Key(f"NOTIFY#{person}")
