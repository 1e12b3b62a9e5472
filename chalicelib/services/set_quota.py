"""How a quota's figure is entered and changed: by an admin, with its source, and nothing of it is ever forgotten."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from chalicelib.core import quotas as core
from chalicelib.core.errors import FieldError, Invalid, Unavailable
from chalicelib.core.listing import Listing
from chalicelib.core.quota_shares import Share
from chalicelib.core.quotas import Quota
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services.decide_application import checked_reason
from chalicelib.services.quota_rows import Held, history_key, quota_key, read_row, taken_data
from chalicelib.services.quotas import held as held_of

TRIES = 64  # permits are being issued meanwhile
A_YEAR_AT_MOST = 2000


def set_quota(
    wanted: Quota,
    reason: str,
    actor: Actor,
    *,
    register: PermitRegister,
    listing: Listing,
    now: int,
    below_taken: bool = False,
    only_new: bool = False,
) -> tuple[Held, bool]:
    """The quota as it stands, and whether this changed anything; the same again changes nothing.

    1 the figure is well formed   2 a change of a figure says why, and never its unit
    3 not below what is granted, unless `below_taken` says that this is known
    `only_new`: raise `Invalid` for a scope that has another figure. Raises `Invalid`, `Forbidden`, `Unavailable`.
    """
    actor.need("set_quota")
    quota = core.checked(wanted, listing)  # 1
    checked_reason(reason, required=False)
    key = quota_key(quota.id)
    for _ in range(TRIES):
        row = register.get(key)
        old = read_row(row) if row else None
        if old is not None and old.quota == quota:
            return old, False
        if old is None and len(held_of(quota.year, register)) >= A_YEAR_AT_MOST:
            raise Invalid(FieldError("year", "too_many", f"At most {A_YEAR_AT_MOST} quotas a year."))
        if old is not None:
            _may_change(old, quota, reason, below_taken=below_taken, only_new=only_new)  # 2, 3
        taken = old.taken if old else Share()
        figure = asdict(quota)
        who = {"at": now, "by": actor.id, "by_name": actor.name}
        entry: dict[str, Any] = {
            **who, "permits": [], "quantity": quota.quantity, "taken": taken_data(taken), "reason": reason,
            "set": figure, "was": asdict(old.quota) if old else None,
        }  # fmt: skip
        version = row.version if row else 0
        try:
            register.commit(
                Put(key, {**figure, **who, **taken_data(taken)}, expect=version),
                Put(history_key(quota.id, version + 1), entry, expect=0),
            )
        except Conflict:
            continue
        return Held(quota, taken, now, actor.name, version + 1), True
    raise Unavailable("Permits are being issued on this quota; try again.")


def _may_change(old: Held, quota: Quota, reason: str, *, below_taken: bool, only_new: bool) -> None:
    if only_new:
        words = f"There is a figure for this scope: {old.quota.quantity}, set by {old.set_by_name}. Change that one."
        raise Invalid(FieldError("scientific_name", "exists", words))
    if quota.unit != old.quota.unit:  # what is counted was counted in the old one
        raise Invalid(FieldError("unit", "counted", f"It is counted in {core.unit_word(old.quota.unit)} already."))
    if not reason.strip():
        raise Invalid(FieldError("reason", "required", "Say why the figure changes."))
    total = Decimal(quota.before) + old.taken.granted
    if quota.limit < total and not below_taken:
        words = f"{core.spelled(total)} are granted already: say that you know it, or choose another figure."
        raise Invalid(FieldError("quantity", "below_taken", words))
