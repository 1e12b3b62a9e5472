"""Confirmation of hand-stamped endorsements, and escalation of those that no second officer confirms.

A confirmed endorsement counts. An unconfirmed one goes to the ministry's duty desk after 72 hours.

USES#<day>            <event id>   read: every endorsement, by the day on which the register received it
UNCONFIRMED           PROGRESS         time of receipt up to which `escalate` has looked
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from chalicelib.alerts.services import alerts
from chalicelib.alerts.services.alerts import NewUse
from chalicelib.endorsement.services.endorse import (
    StoredReceipt,
    check_body_at_post,
    day_puts,
    duty_desk_codes_afterwards,
    find_use,
)
from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.enums import UseResult
from chalicelib.kernel.errors import AlreadyUsed, NotUsable, TwoPeople
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.platform.readable import readable
from chalicelib.platform.restore_lock import is_locked
from chalicelib.platform.transact import transact
from chalicelib.uses import single_use
from chalicelib.uses.single_use import use_state
from chalicelib.uses.use import Use
from chalicelib.verification.services import import_permits
from chalicelib.verification.services.accounts import UseAccount
from chalicelib.verification.services.verify import Checker, VerifyDeps


def confirm(event_id: str, actor: Actor, deps: VerifyDeps) -> StoredReceipt:
    """Confirm a hand-stamped endorsement as its second person. It then counts, as accepted, duplicate or conflict.

    The same confirmation again returns the stored receipt. Raises `NoMatch`, `Forbidden`, `NotUsable`, `TwoPeople`.
    """
    actor.require("endorse")

    def attempt() -> StoredReceipt:
        account, use = find_use(event_id, deps)
        check_body_at_post(actor, use.post, deps.posts)
        stored = deps.register.get(store.event_key(event_id))
        assert stored is not None
        entered: StoredReceipt = stored.data["receipt"]
        if use.confirmed_by == actor.id:
            return entered
        if use.foreign_document is not None:
            raise NotUsable("Confirm the endorsement of the foreign document: it confirms this one too.")
        if use.result != UseResult.PENDING or use.withdrawn:
            raise NotUsable("This endorsement is not waiting for a second person.")
        if actor.id in use.excluded_confirmers:
            raise TwoPeople("You took part in this endorsement. Another officer must confirm it.")
        account = account.without_inferred(use, deps.now)
        others = account.counted(tuple(u for u in account.uses if u.event_id != event_id))
        result = single_use.classify_offline_use(account.kind, others, use, account.divisible(use), deps.posts)
        confirmed = replace(use, result=result, confirmed_by=actor.id)
        paired = import_permits.confirmed(confirmed, deps)
        short = paired.shortfall if paired else ()
        uses = tuple(confirmed if u.event_id == event_id else u for u in account.uses)
        use_now = use_state(account.kind, account.counted(uses))
        receipt: StoredReceipt = {**entered, "result": result, "use": use_now}
        if paired:
            receipt["import_permit"] = paired.shown
        deps.register.commit(
            *account.puts(uses, actor, deps, "confirm", {"event_id": event_id, "result": result}),
            Put(stored.key, {**stored.data, "receipt": receipt}, expected_version=stored.version),
            *day_puts(confirmed, account, expect=None),
            *(paired.puts(actor, deps, "confirm") if paired else ()),
            *_alerts_of_confirmation(NewUse(confirmed, account, actor), short, deps),
        )
        return receipt

    return transact(attempt, "Others are changing this permit; try again.")


def _alerts_of_confirmation(new: NewUse, short: tuple[str, ...], deps: VerifyDeps) -> tuple[Put, ...]:
    """Alerts of a confirmed use: a second use, a lack of the import permit (`short`), codes of the duty desk alone.

    A late stamp (L2) raises none.
    """
    checker = deps.checker()
    use, account = new.use, new.account
    undecided = (
        ()
        if use.result == UseResult.DUPLICATE
        else duty_desk_codes_afterwards(use, account, deps, shut=is_locked(deps.register))
    )
    codes = (*account.too_far(use, checker.posts), *short, *undecided)
    if _used_otherwise(use, account, checker):
        codes = (*codes, "U4")
    unconfirmed = account.unconfirmed_beside(use, checker.posts)
    if not codes and not unconfirmed:
        return ()
    event_id = store.derived_event_id(use.event_id, "confirmed")  # the entry itself may have raised an alert
    return alerts.of_use(event_id, new, deps, codes=codes, unconfirmed=unconfirmed)


def _used_otherwise(use: Use, account: UseAccount, checker: Checker) -> bool:
    others = account.others(use)
    if any(single_use.same_use(each, use, checker.posts) for each in others):
        return False
    try:
        single_use.check_use(account.kind, others, use, account.divisible(use), checker.posts, use.at)
    except AlreadyUsed:
        return True
    except NotUsable:
        pass
    return False


WAIT = 72 * HOUR

PROGRESS = Key("UNCONFIRMED", "DONE")

FIRST_LOOK_BACK = 31 * DAY  # how far back the first run looks, for endorsements of an earlier release


def escalate(deps: Deps) -> int:
    """Notify the ministry's duty desk of endorsements unconfirmed for 72 hours. Return the number of alerts.

    Each is passed on once, within an hour after the 72.
    """
    row = deps.register.get(PROGRESS)
    after, until = int(row.data["until"]) if row else deps.now - WAIT - FIRST_LOOK_BACK, deps.now - WAIT
    if row is not None and until - after < HOUR:
        return 0
    moved = 0
    for day in range(after // DAY, until // DAY + 1):
        lines = deps.register.query(f"USES#{day}")
        for line, use in readable(lines, lambda row: (row, store.load_uses([row.data["use"]], row.key)[0])):
            if not use.is_unconfirmed or not after < use.received_at <= until:
                continue
            if use.foreign_document is not None:  # confirmed together with that document's endorsement
                continue
            event = deps.register.get(store.event_key(use.event_id))
            paper = event is not None and "foreign_permit" in event.data
            with suppress(Conflict):  # an interrupted run has passed it on
                deps.register.commit(
                    *alerts.of_unconfirmed(use, line.data["issuer"], line.data["number"], paper=paper, now=deps.now)
                )
                moved += 1
    with suppress(Conflict):  # another sweep has run meanwhile
        deps.register.commit(Put(PROGRESS, {"until": until}, expected_version=row.version if row else 0))
    return moved
