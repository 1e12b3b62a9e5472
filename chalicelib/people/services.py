"""Deputies of approvers, and persons with their roles and posts by the register.

Deputies: one row each, DEPUTIES / <id>, never deleted. The deputies of today are read at each request. An id begins
with the last day, so that a query finds all that are not over yet, whatever their number. Earlier ids are ULIDs, which
sort before any such day. All those rows are read.

Persons: the row PERSON#<sub> has the name, roles and posts. The ministry keeps it beside the user pool.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from chalicelib.kernel.errors import Forbidden, NoMatch
from chalicelib.kernel.roles import OPERATIONS, ROLES, Actor
from chalicelib.kernel.rows import Key, Put, Row
from chalicelib.kernel.text import checked_reason
from chalicelib.people import model as people
from chalicelib.people.model import DEPUTY_ROLE, LENT_ROLE, Deputation, DeputationRequest, Post
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact

if TYPE_CHECKING:
    from chalicelib.people.model import Posts


PERSONS = "people"  # value of the index `shelf`: these persons can be chosen as deputies


class PeopleDeps(Deps, Protocol):
    """`Deps` with the country's posts."""

    @property
    def posts(self) -> Posts: ...


def person_key(person_id: str) -> Key:
    """Return the key of a person's row: `{"name", "posts": [post id, ... or "*"], "roles": [...]}`.

    `person_id`: the token's subject.
    """
    return Key(f"PERSON#{person_id}")


def registered_roles(person_id: str, register: PermitRegister) -> frozenset[str]:
    """Return the person's roles by the register, or none for a person without a row."""
    row = register.get(person_key(person_id))
    return frozenset(map(str, row.data.get("roles", ()))) & frozenset(ROLES) if row else frozenset()


def need_registered(actor: Actor, operation: str, register: PermitRegister) -> None:
    """Require a role for this operation both in the user pool's token and in the register.

    Raises `Forbidden` if one of the two is missing.
    """
    actor.require(operation)
    if not still_may(actor.id, operation, register):
        allowed = ", ".join(sorted(OPERATIONS[operation]))
        raise Forbidden(f"You are not registered in one of these roles: {allowed}.")


def still_may(person_id: str, operation: str, register: PermitRegister) -> bool:
    """True if the person has a role for this operation by the register."""
    return not registered_roles(person_id, register).isdisjoint(OPERATIONS[operation])


_ID = re.compile("[A-Za-z0-9-]{1,64}")  # a token's subject


def with_posts(actor: Actor, register: PermitRegister) -> Actor:
    """Return the person with the posts of the register and the name that the ministry entered."""
    row = register.get(person_key(actor.id))
    if row is None:
        return actor
    name = str(row.data.get("name") or actor.name)
    return replace(actor, name=name, posts=frozenset(map(str, row.data.get("posts", ()))))


def person(person_id: str, register: PermitRegister) -> Actor:
    """Return the officer named by an event that another person uploads (`offline/services/proxy_upload.py`).

    An officer without a row gets the id as name, and no rights. Raises `Forbidden` for a text that cannot be an id.
    """
    row = register.get(person_key(person_id))
    if row is None:
        if not _ID.fullmatch(person_id):
            raise Forbidden("The id of the officer who made this event is not valid.")
        return Actor(person_id, person_id, frozenset())
    roles = frozenset(map(str, row.data.get("roles", ()))) & frozenset(ROLES)
    return Actor(person_id, str(row.data.get("name", "")), roles, frozenset(map(str, row.data.get("posts", ()))))


def name_of(person_id: str, register: PermitRegister) -> str:
    """Return a person's name, or the id if there is no row any more. The caller checks that the reader may see it."""
    row = register.get(person_key(person_id))
    return str(row.data.get("name") or person_id) if row else person_id


PARTITION = "DEPUTIES"

SHOWN_AT_MOST = 200  # limit of ended deputies that are listed, and of persons to choose from

ULIDS = "1"  # every ULID until the year 10889 sorts before it


def with_deputy_role(actor: Actor, today: Callable[[], date], *, register: PermitRegister) -> Actor:
    """Return the person, with the approver's role if they are a deputy today.

    Only a preparer who is no approver can be a deputy. No other person gets a role beyond the token's groups. Both
    people must still have their own roles by the register.
    """
    if DEPUTY_ROLE not in actor.roles or LENT_ROLE in actor.roles:
        return actor
    day = today()
    for made in _not_over(day, register):
        if made.deputy == actor.id and made.state(day) == "running" and _both_still_have_roles(made, register):
            lent = actor.roles | {LENT_ROLE}
            return replace(actor, roles=lent, deputy_for=made.represented, deputy_for_name=made.represented_name)
    return actor


def name(wanted: DeputationRequest, actor: Actor, deps: Deps, *, today: date) -> Deputation:
    """Name a deputy. It is confirmed at once if an admin names the deputy, else it waits for a second person.

    Raises `Invalid` with each wrong field, `TwoPeople`, and `Forbidden`, also for a deputy, because the lent role does
    not include naming deputies.
    """
    _require_not_deputy(actor, "name_deputy")
    checked_reason(wanted.reason)
    roles = {who: registered_roles(who, deps.register) for who in (wanted.deputy, wanted.represented)}
    people.check(wanted, actor, roles, today)
    alone = "admin" in actor.roles
    made = Deputation(
        f"{wanted.last}-{deps.new_id()}",
        wanted.deputy,
        _name_of(wanted.deputy, deps.register),
        wanted.represented,
        _name_of(wanted.represented, deps.register),
        wanted.first,
        wanted.last,
        wanted.reason,
        deps.now,
        actor.id,
        actor.name,
        actor.id if alone else "",
        actor.name if alone else "",
    )
    deps.register.commit(Put(Key(PARTITION, made.id), asdict(made), expected_version=0))
    return made


def confirm(deputation_id: str, actor: Actor, *, register: PermitRegister, today: date) -> Deputation:
    """Confirm a deputy as the second person. If the same person confirms again, nothing changes."""
    _require_not_deputy(actor, "name_deputy")

    def decide(old: Deputation) -> Deputation:
        if old.confirmed_by == actor.id and old.by != actor.id:
            return old
        people.second_person(old, actor, today)
        return replace(old, confirmed_by=actor.id, confirmed_by_name=actor.name)

    return _change(deputation_id, decide, register)


def end(deputation_id: str, actor: Actor, deps: Deps, *, today: date) -> Deputation:
    """End a deputy's term before its last day.

    Any approver or admin may, or the deputy. A finished term stays as it is.
    """

    def decide(old: Deputation) -> Deputation:
        if actor.id != old.deputy:
            _require_not_deputy(actor, "name_deputy")
        over = old.state(today) in {"ended", "over"}
        return old if over else replace(old, ended_at=deps.now, ended_by_name=actor.name)

    return _change(deputation_id, decide, deps.register)


def list_deputies(actor: Actor, *, register: PermitRegister, today: date) -> list[Deputation]:
    """Return all deputies whose term is not over, and the latest of the others, with the newest first."""
    actor.require("deputies")
    latest = register.query(PARTITION, newest_first=True, limit=SHOWN_AT_MOST)
    found = {made.id: made for made in (*_not_over(today, register), *map(_read, latest))}
    return sorted(found.values(), key=lambda made: made.at, reverse=True)


def candidates(actor: Actor, *, register: PermitRegister) -> list[tuple[str, str, frozenset[str]]]:
    """Return id, name and roles of the persons who can be a deputy or be represented.

    Only persons whose row has the index are found. A caller who may not name a deputy gets none.
    """
    if not actor.may("name_deputy"):
        return []
    rows, _ = register.search("shelf", PERSONS, limit=SHOWN_AT_MOST)
    found = [(row.key.partition.partition("#")[2], row) for row in rows]
    known = [(who, str(row.data.get("name") or who), registered_roles(who, register)) for who, row in found]
    return sorted((each for each in known if each[2] & {LENT_ROLE, DEPUTY_ROLE}), key=lambda each: each[1])


def _require_not_deputy(actor: Actor, operation: str) -> None:
    """Require the operation, and refuse a deputy, because a lent role does not include naming deputies."""
    if actor.deputy_for and "admin" not in actor.roles:
        raise Forbidden("A deputy cannot name deputies.")
    actor.require(operation)


def _both_still_have_roles(made: Deputation, register: PermitRegister) -> bool:
    return LENT_ROLE in registered_roles(made.represented, register) and DEPUTY_ROLE in registered_roles(
        made.deputy, register
    )


def _name_of(person: str, register: PermitRegister) -> str:
    row = register.get(person_key(person))
    return str(row.data.get("name") or person) if row else person


def _not_over(today: date, register: PermitRegister) -> list[Deputation]:
    """Return the deputies whose last day is today or later, the newest first."""
    before = register.query(PARTITION, stop=ULIDS)
    since = register.query(PARTITION, start=today.isoformat())
    found = [_read(row) for row in (*before, *since)]
    return sorted((each for each in found if each.last >= today.isoformat()), key=lambda each: each.at, reverse=True)


def _read(row: Row) -> Deputation:
    return Deputation(**row.data)


def _change(deputation_id: str, decide: Callable[[Deputation], Deputation], register: PermitRegister) -> Deputation:
    key = Key(PARTITION, deputation_id)

    def attempt() -> Deputation:
        row = register.get(key)
        if row is None:
            raise NoMatch("No such deputation.")
        old = _read(row)
        made = decide(old)
        if made == old:
            return old
        register.commit(Put(key, asdict(made), expected_version=row.version))
        return made

    return transact(attempt, "Others are changing this deputation; try again.")


@cache
def posts(issuer: str) -> Mapping[str, Post]:
    """Return the country's posts by id, with links both ways and the ministry's duty desk.

    Raises ValueError if the country's folder has a fault.
    """
    from chalicelib.platform.country_folder import POSTS, country_faults, country_file

    if faults := country_faults(issuer):
        raise ValueError(faults[0])
    return MappingProxyType(
        {
            row["id"]: Post(
                row["id"], row["name"], row["kind"], frozenset(row["bodies"]), frozenset(row["links"]), *row["at"]
            )
            for row in country_file(issuer, POSTS)["posts"]
        }
    )
