"""Who an officer is beside their token: name and posts, from the register's row of that person."""

from __future__ import annotations

import re
from dataclasses import replace

from chalicelib.core.errors import Forbidden
from chalicelib.core.roles import ROLES, Actor
from chalicelib.ports import PermitRegister
from chalicelib.services.people import person_key

_ID = re.compile("[A-Za-z0-9-]{1,64}")  # a token's subject


def at_their_posts(actor: Actor, register: PermitRegister) -> Actor:
    """The same actor with the posts of the register and the name that the ministry entered."""
    row = register.get(person_key(actor.id))
    if row is None:
        return actor
    name = str(row.data.get("name") or actor.name)
    return replace(actor, name=name, posts=frozenset(map(str, row.data.get("posts", ()))))


def person(person_id: str, register: PermitRegister) -> Actor:
    """An officer named by an event that another person uploads; of somebody whose row is gone the id, without rights
    (services/brought_in.py). Raises `Forbidden` for what is nobody's id."""
    row = register.get(person_key(person_id))
    if row is None:
        if not _ID.fullmatch(person_id):
            raise Forbidden("The officer of this event is not known.")
        return Actor(person_id, person_id, frozenset())
    roles = frozenset(map(str, row.data.get("roles", ()))) & frozenset(ROLES)
    return Actor(person_id, str(row.data.get("name", "")), roles, frozenset(map(str, row.data.get("posts", ()))))


def name_of(person_id: str, register: PermitRegister) -> str:
    """What a person is called, for those who may know; the id of somebody who is not known any more."""
    row = register.get(person_key(person_id))
    return str(row.data.get("name") or person_id) if row else person_id
