"""A second person confirms a hand-stamped endorsement; from then on it counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.core import ledger
from chalicelib.core.errors import AlreadyUsed, NotUsable, TwoPeople, Unavailable
from chalicelib.core.ledger import Use, use_of
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services import alerts, import_permits, store
from chalicelib.services.accounts import Account
from chalicelib.services.endorse_permit import day_puts, find_use, of_its_body, without_duty_desk
from chalicelib.services.gate import is_shut
from chalicelib.services.verify_permit import Checker


def confirm(event_id: str, actor: Actor, *, register: PermitRegister, checker: Checker, now: int) -> dict[str, Any]:
    """A second person confirms a hand-stamped endorsement; from then on it counts, as a conflict if it has to."""
    actor.need("endorse")
    for _ in range(store.TRIES):
        account, use = find_use(event_id, register=register, checker=checker)
        of_its_body(actor, use.post, checker.posts)
        stored = register.get(store.event_key(event_id))
        assert stored is not None
        if use.confirmed_by == actor.id:
            return dict(stored.data["receipt"])
        if use.foreign_document is not None:
            raise NotUsable("It is confirmed with the endorsement of the foreign document.")
        if use.result != "pending" or use.withdrawn:
            raise NotUsable("This endorsement does not wait for a second person.")
        if actor.id in use.hands:
            raise TwoPeople("The second person is another one.")
        account = account.told_now(use, now)
        others = account.counted(tuple(u for u in account.uses if u.event_id != event_id))
        result = ledger.settle(account.kind, others, use, account.divisible(use), checker.posts)
        confirmed = replace(use, result=result, confirmed_by=actor.id)
        paired = import_permits.confirmed(confirmed, register=register, checker=checker)
        short = paired.shortfall if paired else ()
        uses = tuple(confirmed if u.event_id == event_id else u for u in account.uses)
        receipt = {**stored.data["receipt"], "result": result, "use": use_of(account.kind, account.counted(uses))}
        receipt |= {"import_permit": paired.shown} if paired else {}
        try:
            register.commit(
                *account.puts(uses, actor, now, "confirm", {"event_id": event_id, "result": result}, register=register),
                Put(stored.key, {**stored.data, "receipt": receipt}, expect=stored.version),
                *day_puts(confirmed, account, expect=None),
                *(paired.puts(actor, now, "confirm", register=register) if paired else ()),
                *_told(confirmed, account, actor, short, register=register, checker=checker, now=now),
            )
        except Conflict:
            continue
        return receipt
    raise Unavailable("Others are changing this permit; try again.")


def _told(
    use: Use, account: Account, actor: Actor, short: tuple[str, ...], *, register: PermitRegister, checker: Checker,
    now: int,
) -> tuple[Put, ...]:  # fmt: skip
    """The duty desks hear of a second use, as where a device brings it in, of what the import permit does not cover
    (`short`), and of what they alone endorse on line. That a stamp came late (L2) is none."""
    undecided = () if use.result == "duplicate" else without_duty_desk(
        use, account, register=register, checker=checker, now=now, shut=is_shut(register)
    )  # fmt: skip
    codes = (*account.too_far(use, checker.posts), *short, *undecided)
    if _used_otherwise(use, account, checker):
        codes = (*codes, "U4")
    unconfirmed = account.unconfirmed_beside(use, checker.posts)
    if not codes and not unconfirmed:
        return ()
    event_id = store.following(use.event_id, "confirmed")  # its entry may have raised one of its own
    return alerts.of_use(
        event_id, use, account, actor, codes=codes, register=register, now=now, unconfirmed=unconfirmed
    )


def _used_otherwise(use: Use, account: Account, checker: Checker) -> bool:
    others = account.others(use)
    if any(ledger.same_use(each, use, checker.posts) for each in others):
        return False
    try:
        ledger.admit(account.kind, others, use, account.divisible(use), checker.posts, use.at)
    except AlreadyUsed:
        return True
    except NotUsable:
        pass
    return False
