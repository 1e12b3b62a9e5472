"""Entry and change of a quota's figure by admins, with its source and a complete history.

One admin enters a new figure or a lower one, with immediate effect. To raise a figure, zero included, takes two admins,
because one proposes and another confirms. A new year's figure above that of the year before for the same scope raises
it too.

A quota has at most one proposal that waits. Every confirmed raise is recorded.

QUOTA-PROPOSALS#<year>  <id>             the figure, its proposer and the reason; `open` until confirmed or withdrawn
QUOTA-RAISES            <time>#<id>      a figure that two admins raised: by whom, from what, to what
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TypedDict

from chalicelib.kernel import quantity
from chalicelib.kernel.errors import EditedMeanwhile, FieldError, Invalid, NoMatch, TwoPeople
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, Row, RowData
from chalicelib.kernel.text import checked_reason
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact
from chalicelib.quotas import model as quotas
from chalicelib.quotas.model import Quota, Share
from chalicelib.quotas.services.check_application import quotas_of_year as held_of
from chalicelib.quotas.services.count import QuotaRow, history_key, quota_key, read_row, taken_data
from chalicelib.species.services.list_in_use import SpeciesDeps

RAISES = "QUOTA-RAISES"

RAISES_AT_MOST = 500


class Who(TypedDict):
    """Time and person of a change, in rows."""

    at: int
    by: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A higher figure that waits for another admin.

    `was`: the figure that it raises, of this year or the last. `version`: identifies the proposal at confirmation.
    """

    quota: Quota
    was: str
    reason: str
    at: int
    by: str
    by_name: str
    version: int


def proposal_key(quota_id: str) -> Key:
    return Key(f"QUOTA-PROPOSALS#{quota_id[:4]}", quota_id)


def waiting(quota_id: str, register: PermitRegister) -> tuple[Proposal | None, int]:
    """The proposal that waits, and the version of its row."""
    row = register.get(proposal_key(quota_id))
    return (_read(row) if row and row.data["open"] else None), row.version if row else 0


def of_year(year: int, register: PermitRegister) -> list[Proposal]:
    return [_read(row) for row in register.query(f"QUOTA-PROPOSALS#{year}") if row.data["open"]]


def open_put(proposal: Proposal) -> Put:
    data = {
        **asdict(proposal.quota),
        "was_quantity": proposal.was,
        "reason": proposal.reason,
        "at": proposal.at,
        "by": proposal.by,
        "by_name": proposal.by_name,
        "open": True,
    }
    return Put(proposal_key(proposal.quota.id), data, expected_version=proposal.version - 1)


def close_put(proposal: Proposal) -> Put:
    data = {**open_put(proposal).data, "open": False}
    return Put(proposal_key(proposal.quota.id), data, expected_version=proposal.version)


def raise_put(proposal: Proposal, who: Who) -> Put:
    """The row of a raise, for the auditors' pattern `quota_raised`."""
    data = {
        **who,
        "proposed_by": proposal.by,
        "quota": proposal.quota.id,
        "taxon": proposal.quota.taxon,
        "year": proposal.quota.year,
        "was": proposal.was,
        "quantity": proposal.quota.quantity,
    }
    return Put(Key(RAISES, f"{who['at']:012d}#{proposal.quota.id}"), data, expected_version=0)


def raises_since(since: int, register: PermitRegister) -> list[RowData]:
    rows = register.query(RAISES, start=f"{since:012d}", limit=RAISES_AT_MOST)
    return [row.data for row in rows]


def _read(row: Row) -> Proposal:
    data = row.data
    return Proposal(
        quotas.read_quota(data),
        data["was_quantity"],
        data["reason"],
        data["at"],
        data["by"],
        data["by_name"],
        row.version,
    )


A_YEAR_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Result:
    """The result of setting a figure.

    `held` is the quota in force, or None if there is none yet. `proposal` is the figure that waits for another admin.
    """

    held: QuotaRow | None
    changed: bool = False
    proposal: Proposal | None = None


def set_quota(  # noqa: PLR0913 - each of the two switches decides one refusal
    wanted: Quota, reason: str, actor: Actor, deps: SpeciesDeps, *, below_taken: bool = False, only_new: bool = False
) -> Result:
    """Set a figure or propose a higher one.

    A repeated request changes nothing. Sending the figure in force withdraws a proposal.

    1. The figure is well formed.
    2. A change of a figure has a reason and keeps the unit.
    3. The figure is not below what is granted, unless `below_taken` confirms it.
    4. A higher figure, of a new year too, becomes a proposal and has a reason.

    `only_new`: raise `Invalid` for a scope that has another figure. Raises `Invalid`, `Forbidden`, `Unavailable`.
    """
    actor.require("set_quota")
    quota = quotas.checked(wanted, deps.listing)  # 1
    checked_reason(reason, required=False)

    def attempt() -> Result:
        row = deps.register.get(quota_key(quota.id))
        old = read_row(row) if row else None
        waits, version = waiting(quota.id, deps.register)
        if old is None and len(held_of(quota.year, deps.register)) >= A_YEAR_AT_MOST:
            raise Invalid(FieldError("year", "too_many", f"At most {A_YEAR_AT_MOST} quotas a year."))
        same = old is not None and old.quota == quota
        if old is not None and not same:
            _may_change(old, quota, reason, below_taken=below_taken, only_new=only_new)  # 2, 3
        base = old.quota if old else _year_before(quota, deps.register)
        puts = [close_put(waits)] if waits else []
        proposal = None
        if base is not None and _raises(base, quota):  # 4
            if waits is not None and waits.quota == quota:
                return Result(old, proposal=waits)
            _need_reason(reason)
            proposal = Proposal(quota, base.quantity, reason, deps.now, actor.id, actor.name, version + 1)
            puts = [open_put(proposal)]
        elif not same:
            puts += _puts(row, quota, reason, _who(actor, deps.now))
        if puts:
            deps.register.commit(*puts)
        if proposal is not None or same:
            return Result(old, proposal=proposal)
        return Result(_held(row, quota, actor, deps.now), changed=True)

    return transact(attempt, "Permits are being issued on this quota; try again.")


def confirm(quota_id: str, version: int, actor: Actor, deps: Deps) -> QuotaRow:
    """Confirm, as the second admin, the higher figure that was read under this version.

    Raises `NoMatch` where none waits, `EditedMeanwhile`, `TwoPeople`, and `Invalid` as `set_quota` does.
    """
    actor.require("set_quota")

    def attempt() -> QuotaRow:
        waits, _version = waiting(quota_id, deps.register) if quota_id[:4].isdecimal() else (None, 0)
        if waits is None:
            raise NoMatch("No higher figure of this quota is waiting for confirmation.")
        if waits.version != version:
            raise EditedMeanwhile("Another figure has been proposed since you read it. Read it again.")
        if waits.by in actor.same_person_ids:
            raise TwoPeople("You proposed this figure. Another admin must confirm it.")
        row = deps.register.get(quota_key(quota_id))
        if row is not None:
            _may_change(read_row(row), waits.quota, waits.reason, below_taken=True, only_new=False)
        who = _who(actor, deps.now)
        proposed = {"proposed_by": waits.by, "proposed_by_name": waits.by_name, "proposed_at": waits.at}
        deps.register.commit(
            *_puts(row, waits.quota, waits.reason, who, proposed),
            close_put(waits),
            raise_put(waits, who),
        )
        return _held(row, waits.quota, actor, deps.now)

    return transact(attempt, "Permits are being issued on this quota; try again.")


def _who(actor: Actor, now: int) -> Who:
    return {"at": now, "by": actor.id, "by_name": actor.name}


def _puts(row: Row | None, quota: Quota, reason: str, who: Who, proposed: RowData | None = None) -> list[Put]:
    """The quota's row, guarded by its version, and its line of history.

    `proposed`: the proposer and the time, if another admin confirmed it.
    """
    old = read_row(row) if row else None
    taken = taken_data(old.taken if old else Share())
    version = row.version if row else 0
    entry = {
        **who,
        "permits": [],
        "quantity": quota.quantity,
        "taken": taken,
        "reason": reason,
        "set": asdict(quota),
        "was": asdict(old.quota) if old else None,
        **(proposed or {}),
    }
    return [
        Put(quota_key(quota.id), {**asdict(quota), **who, **taken}, expected_version=version),
        Put(history_key(quota.id, version + 1), entry, expected_version=0),
    ]


def _held(row: Row | None, quota: Quota, actor: Actor, now: int) -> QuotaRow:
    taken, version = (read_row(row).taken, row.version) if row else (Share(), 0)
    return QuotaRow(quota, taken, now, actor.name, version + 1)


def _year_before(quota: Quota, register: PermitRegister) -> Quota | None:
    return next((each.quota for each in held_of(quota.year - 1, register) if each.quota.scope == quota.scope), None)


def _raises(base: Quota, quota: Quota) -> bool:
    """True if more may be granted than under `base`. A figure above 0 in another unit counts as a raise."""
    room = quota.limit - Decimal(quota.before)
    more = base.year == quota.year and room > base.limit - Decimal(base.before)
    return quota.limit > base.limit or more or (quota.unit != base.unit and quota.limit > 0)


def _may_change(old: QuotaRow, quota: Quota, reason: str, *, below_taken: bool, only_new: bool) -> None:
    if only_new:
        words = f"This scope already has a figure: {old.quota.quantity}, set by {old.set_by_name}. Change that one."
        raise Invalid(FieldError("scientific_name", "exists", words))
    if quota.unit != old.quota.unit:  # the count is in the old unit
        raise Invalid(
            FieldError(
                "unit",
                "counted",
                f"Must stay {quotas.unit_word(old.quota.unit)}: the quota is already counted in this unit.",
            )
        )
    _need_reason(reason)
    total = Decimal(quota.before) + old.taken.granted
    if quota.limit < total and not below_taken:
        words = f"{quantity.spelled(total)} are already granted. Confirm with `below_taken`, or choose a higher figure."
        raise Invalid(FieldError("quantity", "below_taken", words))


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(FieldError("reason", "required", "Give the reason for the change of the figure."))
