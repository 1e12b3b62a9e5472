"""Mail addresses of the duty desks, the auditors and the Scientific Authority, entered by admins.

NOTIFY#duty-<desk>  -           the addresses in force, and a change that waits for a second admin
DUTY-DESK#<desk>    <version>   one change: person, time, the addresses before and after

One admin adds an address, at once. Removing or replacing an address takes two admins, because the desk may then get
no mails. Each address in force before gets a mail about a change, proposed or made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from chalicelib.kernel.errors import EditedMeanwhile, FieldError, Invalid, NoMatch, TwoPeople
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, Row, RowData
from chalicelib.mail import services as mail
from chalicelib.mail.services import Address, addresses_in, checked
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact

# The last two get suspicious patterns (suspicions/services/flags.py) and questions (expert_questions/services.py).
type Desk = Literal["customs", "border", "ministry", "police", "auditor", "scientist"]

DESKS: tuple[Desk, ...] = get_args(Desk.__value__)

ADDRESSES_AT_MOST = 5

PAGE = 50


@dataclass(frozen=True, slots=True)
class DeskAddresses:
    """A desk with its addresses in force. `proposed`: the row of a change that waits for a second admin, or None."""

    desk: Desk
    addresses: tuple[Address, ...]
    proposed: RowData | None
    version: int

    def may_confirm(self, actor: Actor) -> bool:
        return (
            self.proposed is not None and actor.may("duty_desks") and self.proposed["by"] not in actor.same_person_ids
        )


def listed(actor: Actor, *, register: PermitRegister) -> list[DeskAddresses]:
    actor.require("see_duty_desks")
    return [_desk(agency, register.get(_key(agency))) for agency in DESKS]


def choose(agency: str, wanted: Sequence[tuple[str, str]], actor: Actor, deps: Deps) -> tuple[DeskAddresses, bool]:
    """Set a desk's addresses. Return the desk, and True if the change waits for a second admin.

    Setting the addresses in force again withdraws a proposal. Raises `Invalid`, `NoMatch` for an unknown desk.
    """
    actor.require("duty_desks")
    desk = _known(agency)
    new = tuple({address.email: address for address in (checked(*each) for each in wanted)}.values())
    if len(new) > ADDRESSES_AT_MOST:
        raise Invalid(FieldError("addresses", "too_many", f"At most {ADDRESSES_AT_MOST} addresses a desk."))

    def attempt() -> tuple[DeskAddresses, bool]:
        row = deps.register.get(_key(agency))
        data = row.data if row else {}
        old, proposed = addresses_in(data), data.get("proposed")
        waits = not {each.email for each in old} <= {each.email for each in new}
        if (waits and proposed and _read(proposed) == new) or (new == old and not proposed):
            return _desk(desk, row), waits
        who = {"at": deps.now, "by": actor.id, "by_name": actor.name}
        changed = {**data, "proposed": {"addresses": _plain(new), **who}} if waits else _row(new, who)
        action = "keep" if new == old else "add"
        if waits:
            action = "propose"
        made = Row(_key(agency), changed, (row.version if row else 0) + 1)
        entry = {**who, "action": action, "was": _plain(old), "addresses": _plain(new)}
        _commit(agency, made, entry, old, deps.register)
        return _desk(desk, made), waits

    return transact(attempt, "Others are changing this desk; try again.")


def confirm(agency: str, version: int, actor: Actor, deps: Deps) -> DeskAddresses:
    """Confirm, as second admin, the change that was read under this version.

    Raises `NoMatch` where none waits, `EditedMeanwhile`, `TwoPeople`.
    """
    actor.require("duty_desks")
    desk = _known(agency)

    def attempt() -> DeskAddresses:
        row = deps.register.get(_key(agency))
        proposed = row.data.get("proposed") if row else None
        if row is None or proposed is None:
            raise NoMatch("This desk has no proposed change to confirm.")
        if row.version != version:
            raise EditedMeanwhile("The desk was changed after you read the proposal. Read it again, then confirm it.")
        if proposed["by"] in actor.same_person_ids:
            raise TwoPeople("You proposed this change. Another administrator must confirm it.")
        old, new = addresses_in(row.data), _read(proposed)
        who = {"at": deps.now, "by": actor.id, "by_name": actor.name}
        entry = {
            **who,
            "action": "confirm",
            "proposed_by": proposed["by"],
            "proposed_by_name": proposed["by_name"],
            "proposed_at": proposed["at"],
            "was": _plain(old),
            "addresses": _plain(new),
        }
        made = Row(row.key, _row(new, who), row.version + 1)
        _commit(agency, made, entry, old, deps.register)
        return _desk(desk, made)

    return transact(attempt, "Others are changing this desk; try again.")


def history(
    agency: str, actor: Actor, *, register: PermitRegister, cursor: str | None
) -> tuple[list[RowData], str | None]:
    """Changes of a desk's addresses, newest first, and the next cursor. Raises `NoMatch` for an unknown desk."""
    actor.require("see_duty_desks")
    _known(agency)
    rows = register.query(_partition(agency), stop=cursor, newest_first=True, limit=PAGE + 1)
    return [row.data for row in rows[:PAGE]], rows[PAGE - 1].key.sort if len(rows) > PAGE else None


def confirmed_changes(since: int, register: PermitRegister) -> list[tuple[str, RowData]]:
    """Desk and history entry of each confirmed removal or replacement of an address since then."""
    return [
        (agency, row.data)
        for agency in DESKS
        for row in register.query(_partition(agency), newest_first=True, limit=PAGE)
        if row.data["action"] == "confirm" and row.data["at"] >= since
    ]


def _known(agency: str) -> Desk:
    for desk in DESKS:
        if desk == agency:
            return desk
    raise NoMatch("There is no such duty desk.")


def _key(agency: str) -> Key:
    return Key(f"NOTIFY#duty-{agency}")


def _partition(agency: str) -> str:
    return f"DUTY-DESK#{agency}"


def _row(addresses: Sequence[Address], who: RowData) -> RowData:
    """Data of a desk's row. The first address has the members of the single address of earlier releases."""
    first = asdict(addresses[0]) if addresses else {}
    return {**who, **first, "more": _plain(addresses[1:])}


def _plain(addresses: Sequence[Address]) -> list[dict[str, str]]:
    return [asdict(each) for each in addresses]


def _read(proposed: RowData) -> tuple[Address, ...]:
    return tuple(Address(**each) for each in proposed["addresses"])


def _commit(agency: str, made: Row, entry: RowData, old: Sequence[Address], register: PermitRegister) -> None:
    """Write the desk, a row of its history, and a mail to each of the `old` addresses.

    Raises `Conflict` if the desk has changed since it was read.
    """
    register.commit(
        Put(made.key, made.data, expected_version=made.version - 1),
        Put(Key(_partition(agency), f"{made.version:010d}"), entry, expected_version=0),
        *(_mail(agency, made.version, at, address, entry) for at, address in enumerate(old)),
    )


def _mail(agency: str, version: int, at: int, to: Address, entry: RowData) -> Put:
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


def _desk(desk: Desk, row: Row | None) -> DeskAddresses:
    data = row.data if row else {}
    return DeskAddresses(desk, tuple(addresses_in(data)), data.get("proposed"), row.version if row else 0)
