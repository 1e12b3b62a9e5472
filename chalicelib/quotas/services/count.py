"""Counting of quotas in the transaction that changes a permit, from its dossier before and after.

1. Compute what the dossiers take of each quota before and after (quotas/model.py).
2. Read the quota's current row.
3. At issue, check that no more is taken than is left, unless an approver let it pass.
4. Write the row, guarded by its version, and one line of its history.

On a version conflict of the permit or the quota, the service reads and decides again (`store.change`, and each service
that commits by itself). So no race can exceed a figure, and what is given back is given back once.

A quota is one row, guarded by its version. It has the figure, who set it and what is taken of it. Issuing a permit and
changing the figure write the same row, so one of two concurrent writers retries.

QUOTAS#<year>   <id>                          the figure (quotas/model.py), who set it, and what is taken of it: `used`,
                                              `outstanding`, `lapsed`
QUOTA#<id>      <version>                     one change: by which permit or person, why, by how much
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chalicelib.kernel import quantity
from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, Stop
from chalicelib.kernel.quantity import spelled
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, Row, RowData
from chalicelib.permits.model.dossier import Dossier, Draw
from chalicelib.permits.model.overrides import remaining, valid_overrides
from chalicelib.permits.services.participants import DossierChange
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.quotas import model as quotas
from chalicelib.quotas.model import Quota, Share, shares


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """A quota and what is taken of it now. `set_at`, `set_by_name`: of the present figure."""

    quota: Quota
    taken: Share
    set_at: int
    set_by_name: str
    version: int

    @property
    def total(self) -> Decimal:
        """The total of box 11a, which is what is granted in this count, and what was `before` it."""
        return Decimal(self.quota.before) + self.taken.granted

    @property
    def left(self) -> Decimal:
        """The remaining quantity, negative where the figure was lowered, let pass, or exceeded by a correction."""
        return self.quota.limit - self.total


def partition(year: int) -> str:
    return f"QUOTAS#{year}"


def quota_key(quota_id: str) -> Key:
    return Key(partition(int(quota_id[:4])), quota_id)


def history_key(quota_id: str, version: int) -> Key:
    """The row of the change that made this version of the quota."""
    return Key(f"QUOTA#{quota_id}", f"{version:010d}")


def read_row(row: Row) -> QuotaRow:
    data = row.data
    return QuotaRow(quotas.read_quota(data), taken_of(data), int(data["at"]), str(data["by_name"]), row.version)


def taken_of(data: RowData) -> Share:
    return Share(*(Decimal(data.get(name, "0")) for name in ("used", "outstanding", "lapsed")))


def taken_data(share: Share) -> dict[str, str]:
    return {name: quantity.spelled(getattr(share, name)) for name in ("used", "outstanding", "lapsed")}


def load(quota_id: str, register: PermitRegister) -> Row:
    row = register.get(quota_key(quota_id)) if quota_id[:4].isascii() and quota_id[:4].isdigit() else None
    if row is None:
        raise NoMatch("No such quota.")
    return row


def fault(draw: Draw, quota: Quota, left: Decimal) -> FieldError:
    """The hard stop of a line for which not enough is left, as `quota_zero` or `quota_passed`.

    `left`: the shortfall as a negative number.
    """
    stop = Stop(draw.line, quota.id, quantity.spelled(quota.limit), quantity.spelled(-left))
    where = f"{quota.taxon}, {quota.year}: {quotas.amount_words(quota.quantity, quota.unit)}"
    if quota.limit == 0:
        words = f"Block 11a: the quota is zero, so export is not allowed ({where}; {quota.source})."
        return FieldError(f"lines[{draw.line}].quantity", "quota_zero", words, stop)
    words = (
        f"Block 11a: the quantity is {quantity.spelled(-left)} above what the quota has left ({where}; {quota.source})."
    )
    return FieldError(f"lines[{draw.line}].quantity", "quota_passed", words, stop)


def shortfalls(draws: Iterable[Draw], known: Mapping[str, Quota], left: Mapping[str, Decimal]) -> list[FieldError]:
    """The hard stops of these draws, line by line. `left`: what each quota has left before the first of them."""
    remaining = dict(left)
    found = []
    for draw in draws:
        more = Decimal(draw.quantity) - Decimal(draw.carried)
        remaining[draw.quota] -= more
        if more > 0 and remaining[draw.quota] < 0:
            found.append(fault(draw, known[draw.quota], remaining[draw.quota]))
    return found


def participate(moves: Sequence[DossierChange], actor: Actor, deps: Deps) -> tuple[list[Dossier], list[Put]]:
    """The dossiers as they are to be written, with box 11a filled in, and the rows of the quotas that they change.

    Raises `Invalid` where a permit that gets its number would exceed a quota.
    """
    files = [move.new for move in moves]
    if not any(move.old.draws or move.new.draws for move in moves):
        return files, []
    deltas = [_share_changes(move) for move in moves]  # 1
    named = {draw.quota for move in moves if move.action == "issue" for draw in move.new.draws}
    puts: list[Put] = []
    known: dict[str, Quota] = {}
    before: dict[str, Decimal] = {}  # what a quota has left without this transaction
    for name in sorted(named.union(*deltas)):
        row = deps.register.get(quota_key(name))  # 2
        if row is None:
            continue
        held = read_row(row)
        mine = [(index, delta[name]) for index, delta in enumerate(deltas) if name in delta]
        known[name], before[name] = held.quota, held.left
        after = sum((share for _, share in mine), held.taken)
        total = Decimal(held.quota.before) + after.granted
        for index, move in enumerate(moves):
            grows = deltas[index].get(name, Share()).granted > 0
            if move.action == "issue":
                files[index] = _with_box_11a(files[index], name, total, held.quota.quantity)
            elif grows and total > held.quota.limit:
                files[index] = replace(files[index], quota_passed=True)
        if not mine:
            continue
        puts.append(Put(row.key, {**row.data, **taken_data(after)}, expected_version=row.version))  # 4
        permits = [
            {
                "id": moves[index].new.id,
                "number": moves[index].new.number or moves[index].old.number,
                "action": moves[index].action,
                **taken_data(share),
            }
            for index, share in mine
        ]
        entry = {
            "at": deps.now,
            "by": actor.id,
            "by_name": actor.name,
            "permits": permits,
            "quantity": held.quota.quantity,
            "taken": taken_data(after),
        }
        puts.append(Put(history_key(name, row.version + 1), entry, expected_version=0))
    for index, move in enumerate(moves):
        if move.action == "issue":
            files[index] = _check_limits(files[index], known, before)  # 3
    return files, puts


def _share_changes(move: DossierChange) -> dict[str, Share]:
    """Map each quota to the change of the permit's share."""
    before, after = shares(move.old), shares(move.new)
    both = {name: after.get(name, Share()) - before.get(name, Share()) for name in {*before, *after}}
    return {name: share for name, share in both.items() if share != Share()}


def _check_limits(dossier: Dossier, known: Mapping[str, Quota], left: Mapping[str, Decimal]) -> Dossier:
    """Mark the draws that an approver let pass their quota. Raises `Invalid` for any other draw above its quota."""
    over = shortfalls((draw for draw in dossier.draws if draw.quota in known), known, left)
    if stops := remaining(over, valid_overrides(dossier, dossier.digest or "")):
        raise Invalid(*stops)
    passed = {(each.stop.limited_by, each.stop.line) for each in over if each.stop}
    draws = tuple(replace(draw, passed=(draw.quota, draw.line) in passed) for draw in dossier.draws)
    return replace(dossier, draws=draws)


def _with_box_11a(dossier: Dossier, name: str, total: Decimal, limit: str) -> Dossier:
    freed = sum((Decimal(draw.frees) for draw in dossier.draws if draw.quota == name), Decimal(0))
    draws = tuple(
        replace(draw, total=spelled(total - freed), limit=limit) if draw.quota == name else draw
        for draw in dossier.draws
    )
    return replace(dossier, draws=draws)
