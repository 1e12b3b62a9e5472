"""Mail addresses of the duty desks, the auditors and the Scientific Authority, entered by admins.

NOTIFY#duty-<desk>  -           the addresses in force, and a change that waits for a second admin
DUTY-DESK#<desk>    <version>   one change: person, time, the addresses before and after

One admin adds an address, at once. Removing or replacing an address takes two admins, because the desk may then get
no mails. Each address in force before gets a mail about a change, proposed or made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from chalicelib.kernel.errors import EditedMeanwhile, FieldError, Invalid, NoMatch, TwoPeople
from chalicelib.kernel.roles import AGENCIES, Actor
from chalicelib.kernel.rows import Key, Put, Row
from chalicelib.mail import services as mail
from chalicelib.mail.services import Address, addresses_in, checked
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact

# The last two get suspicious patterns (suspicions/services/flags.py) and questions (expert_questions/services.py).
DESKS = (*AGENCIES, "auditor", "scientist")

ADDRESSES_AT_MOST = 5

PAGE = 50


def listed(actor: Actor, *, register: PermitRegister) -> list[dict[str, Any]]:
    actor.require("see_duty_desks")
    return [_shown(agency, register.get(_key(agency)), actor) for agency in DESKS]


def choose(agency: str, wanted: Sequence[tuple[str, str]], actor: Actor, deps: Deps) -> tuple[dict[str, Any], bool]:
    """Set a desk's addresses. Return the desk, and True if the change waits for a second admin.

    Setting the addresses in force again withdraws a proposal. Raises `Invalid`, `NoMatch` for an unknown desk.
    """
    actor.require("duty_desks")
    _known(agency)
    new = tuple({address.email: address for address in (checked(*each) for each in wanted)}.values())
    if len(new) > ADDRESSES_AT_MOST:
        raise Invalid(FieldError("addresses", "too_many", f"At most {ADDRESSES_AT_MOST} addresses a desk."))

    def attempt() -> tuple[dict[str, Any], bool]:
        row = deps.register.get(_key(agency))
        data = row.data if row else {}
        old, proposed = addresses_in(data), data.get("proposed")
        waits = not {each.email for each in old} <= {each.email for each in new}
        if (waits and proposed and _read(proposed) == new) or (new == old and not proposed):
            return _shown(agency, row, actor), waits
        who = {"at": deps.now, "by": actor.id, "by_name": actor.name}
        changed = {**data, "proposed": {"addresses": _plain(new), **who}} if waits else _row(new, who)
        action = "keep" if new == old else "add"
        if waits:
            action = "propose"
        made = Row(_key(agency), changed, (row.version if row else 0) + 1)
        _commit(agency, made, {**who, "action": action}, old, new, register=deps.register)
        return _shown(agency, made, actor), waits

    return transact(attempt, "Others are changing this desk; try again.")


def confirm(agency: str, version: int, actor: Actor, deps: Deps) -> dict[str, Any]:
    """Confirm, as second admin, the change that was read under this version.

    Raises `NoMatch` where none waits, `EditedMeanwhile`, `TwoPeople`.
    """
    actor.require("duty_desks")
    _known(agency)

    def attempt() -> dict[str, Any]:
        row = deps.register.get(_key(agency))
        proposed = row.data.get("proposed") if row else None
        if row is None or proposed is None:
            raise NoMatch("No change of this desk waits.")
        if row.version != version:
            raise EditedMeanwhile("The desk was changed since; read the proposal again.")
        if proposed["by"] in actor.same_person_ids:
            raise TwoPeople("Another admin confirms what one proposed.")
        old, new = addresses_in(row.data), _read(proposed)
        who = {"at": deps.now, "by": actor.id, "by_name": actor.name}
        entry = {
            **who,
            "action": "confirm",
            "proposed_by": proposed["by"],
            "proposed_by_name": proposed["by_name"],
            "proposed_at": proposed["at"],
        }
        made = Row(row.key, _row(new, who), row.version + 1)
        _commit(agency, made, entry, old, new, register=deps.register)
        return _shown(agency, made, actor)

    return transact(attempt, "Others are changing this desk; try again.")


def history(
    agency: str, actor: Actor, *, register: PermitRegister, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Changes of a desk's addresses, newest first, and the next cursor. Raises `NoMatch` for an unknown desk."""
    actor.require("see_duty_desks")
    _known(agency)
    rows = register.query(_partition(agency), stop=cursor, newest_first=True, limit=PAGE + 1)
    return [dict(row.data) for row in rows[:PAGE]], rows[PAGE - 1].key.sort if len(rows) > PAGE else None


def confirmed_changes(since: int, register: PermitRegister) -> list[tuple[str, Mapping[str, Any]]]:
    """Desk and history entry of each confirmed removal or replacement of an address since then."""
    return [
        (agency, row.data)
        for agency in DESKS
        for row in register.query(_partition(agency), newest_first=True, limit=PAGE)
        if row.data["action"] == "confirm" and row.data["at"] >= since
    ]


def _known(agency: str) -> None:
    if agency not in DESKS:
        raise NoMatch("There is no such duty desk.")


def _key(agency: str) -> Key:
    return Key(f"NOTIFY#duty-{agency}")


def _partition(agency: str) -> str:
    return f"DUTY-DESK#{agency}"


def _row(addresses: Sequence[Address], who: Mapping[str, Any]) -> dict[str, Any]:
    """Data of a desk's row. The first address has the members of the single address of earlier releases."""
    first = asdict(addresses[0]) if addresses else {}
    return {**who, **first, "more": _plain(addresses[1:])}


def _plain(addresses: Sequence[Address]) -> list[dict[str, str]]:
    return [asdict(each) for each in addresses]


def _read(proposed: Mapping[str, Any]) -> tuple[Address, ...]:
    return tuple(Address(**each) for each in proposed["addresses"])


def _commit(
    agency: str,
    made: Row,
    entry: Mapping[str, Any],
    old: Sequence[Address],
    new: Sequence[Address],
    *,
    register: PermitRegister,
) -> None:
    """Write the desk under its guard, its history, and a mail to each address before. Raises `Conflict`."""
    line = {**entry, "was": _plain(old), "addresses": _plain(new)}
    register.commit(
        Put(made.key, made.data, expected_version=made.version - 1),
        Put(Key(_partition(agency), f"{made.version:010d}"), line, expected_version=0),
        *(_mail(agency, made.version, at, address, entry) for at, address in enumerate(old)),
    )


def _mail(agency: str, version: int, at: int, to: Address, entry: Mapping[str, Any]) -> Put:
    now = entry["at"]
    data = {
        "kind": "duty_desk",
        "owner": f"duty-{agency}",
        "permit_id": agency,
        "number": None,
        "at": now,
        "due": now,
        "next": now,
        "tries": 0,
        "to": asdict(to),
        "facts": {"agency": agency, "action": entry["action"], "at": now},
    }
    key = Key(f"NOTICE#DUTY-{agency}", f"{version:010d}-{at}")
    return Put(key, data, expected_version=0, index={"state": mail.WAITING})


def _shown(agency: str, row: Row | None, actor: Actor) -> dict[str, Any]:
    data = row.data if row else {}
    addresses, proposed = addresses_in(data), data.get("proposed")
    first = addresses[0] if addresses else None
    waiting = proposed and {
        **{name: proposed[name] for name in ("addresses", "at", "by_name")},
        "steps": ["confirm"] if actor.may("duty_desks") and proposed["by"] not in actor.same_person_ids else [],
    }
    return {
        "agency": agency,
        "email": first.email if first else None,
        "language": first.language if first else None,
        "addresses": _plain(addresses),
        "proposed": waiting,
        "version": row.version if row else 0,
    }
