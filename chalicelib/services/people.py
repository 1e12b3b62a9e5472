"""What the register says of a person: the row PERSON#<sub>, which the ministry keeps beside the user pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.core.errors import Forbidden
from chalicelib.core.roles import OPERATIONS, ROLES, Actor
from chalicelib.deps import Deps
from chalicelib.ports import Key, PermitRegister

if TYPE_CHECKING:
    from chalicelib.core.ledger import Posts

PERSONS = "people"  # on the register's shelf: rows of persons that bear this are offered where one is to be chosen


class PeopleDeps(Deps, Protocol):
    """With the country's posts."""

    @property
    def posts(self) -> Posts: ...


def person_key(person_id: str) -> Key:
    """The row `{"name", "posts": [post id, ... or "*"], "roles": [...]}` of a person, by the token's subject."""
    return Key(f"PERSON#{person_id}")


def registered_roles(person_id: str, register: PermitRegister) -> frozenset[str]:
    """The roles that the register gives this person; none for a stranger."""
    row = register.get(person_key(person_id))
    return frozenset(map(str, row.data.get("roles", ()))) & frozenset(ROLES) if row else frozenset()


def need_registered(actor: Actor, operation: str, register: PermitRegister) -> None:
    """A role for this by the token, which the user pool gives, and by the register: neither alone is enough.

    Raises `Forbidden`.
    """
    actor.need(operation)
    if not still_may(actor.id, operation, register):
        allowed = ", ".join(sorted(OPERATIONS[operation]))
        raise Forbidden(f"The register does not know you as one of {allowed}.")


def still_may(person_id: str, operation: str, register: PermitRegister) -> bool:
    """Whether the register gives a person a role for this."""
    return not registered_roles(person_id, register).isdisjoint(OPERATIONS[operation])
