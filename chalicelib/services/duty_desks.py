"""Where each agency's duty desk, the auditors and the Scientific Authority get their mails, as an admin entered it.

NOTIFY#duty-<desk>  -   as a person's own (choose_notices.py), so that the function that mails needs no further right
"""

from __future__ import annotations

from typing import Any

from chalicelib.core.address import checked
from chalicelib.core.errors import NoMatch
from chalicelib.core.roles import Actor
from chalicelib.core.sharing import AGENCIES
from chalicelib.ports import Key, PermitRegister, Put
from chalicelib.services.choose_notices import chosen

DESKS = (*AGENCIES, "auditor", "scientist")  # the last two: suspicious patterns (flags.py), questions (ask_expert.py)


def listed(actor: Actor, *, register: PermitRegister) -> list[dict[str, Any]]:
    actor.need("see_duty_desks")
    return [_shown(agency, register) for agency in DESKS]


def choose(
    agency: str, wanted: tuple[str, str] | None, actor: Actor, *, register: PermitRegister, now: int
) -> dict[str, Any]:
    """The address from now on; None: no mail. Raises `Invalid`, `NoMatch` for an agency that has no desk."""
    actor.need("duty_desks")
    if agency not in DESKS:
        raise NoMatch("There is no such duty desk.")
    address = None if wanted is None else checked(*wanted)
    data = {"at": now, "by": actor.id}
    if address is not None:
        data |= {"email": address.email, "language": address.language}
    register.commit(Put(Key(f"NOTIFY#duty-{agency}"), data, expect=None))
    return _shown(agency, register)


def _shown(agency: str, register: PermitRegister) -> dict[str, Any]:
    address = chosen(f"duty-{agency}", register=register)
    return {"agency": agency, "email": address.email if address else None,
            "language": address.language if address else None}  # fmt: skip
