"""How quotas are counted: in the very transaction that changes a permit, from what its file takes before and after.

1 what the files take of each quota now and will take (core/quota_shares.py)   2 the quota's row as of now
3 at issue: no more than is left, unless an approver let it pass   4 the row under its version, one line of history

A loser of a race, for the permit or for the quota, reads and decides again (`store.change`, and each service that
commits by itself), so a figure can be passed by no one, and what is given back is given back once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import Invalid
from chalicelib.core.overrides import in_force, standing
from chalicelib.core.quota_shares import Share, shares
from chalicelib.core.quotas import Quota, spelled
from chalicelib.core.roles import Actor
from chalicelib.ports import PermitRegister, Put
from chalicelib.services.participants import Move
from chalicelib.services.quota_rows import history_key, quota_key, read_row, shortfalls, taken_data


def counted(moves: Sequence[Move], actor: Actor, now: int, register: PermitRegister) -> tuple[list[Dossier], list[Put]]:
    """The files as they shall be written, with what stands in box 11a, and the writes of the quotas that they move.

    Raises `Invalid` where a permit that gets its number would pass a quota.
    """
    files = [move.new for move in moves]
    if not any(move.old.draws or move.new.draws for move in moves):
        return files, []
    deltas = [_moved(move) for move in moves]  # 1
    named = {draw.quota for move in moves if move.action == "issue" for draw in move.new.draws}
    puts: list[Put] = []
    known: dict[str, Quota] = {}
    before: dict[str, Decimal] = {}  # left of a quota without this transaction
    for name in sorted(named.union(*deltas)):
        row = register.get(quota_key(name))  # 2
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
                files[index] = _stamped(files[index], name, total, held.quota.quantity)
            elif grows and total > held.quota.limit:
                files[index] = replace(files[index], quota_passed=True)
        if not mine:
            continue
        puts.append(Put(row.key, {**row.data, **taken_data(after)}, expect=row.version))  # 4
        permits = [
            {"id": moves[index].new.id, "number": moves[index].new.number or moves[index].old.number,
             "action": moves[index].action, **taken_data(share)}
            for index, share in mine
        ]  # fmt: skip
        entry = {
            "at": now, "by": actor.id, "by_name": actor.name, "permits": permits, "quantity": held.quota.quantity,
            "taken": taken_data(after),
        }  # fmt: skip
        puts.append(Put(history_key(name, row.version + 1), entry, expect=0))
    for index, move in enumerate(moves):
        if move.action == "issue":
            files[index] = _admitted(files[index], known, before)  # 3
    return files, puts


def _moved(move: Move) -> dict[str, Share]:
    """Quota -> how much more of it the permit takes than before."""
    before, after = shares(move.old), shares(move.new)
    both = {name: after.get(name, Share()) - before.get(name, Share()) for name in {*before, *after}}
    return {name: share for name, share in both.items() if share != Share()}


def _admitted(dossier: Dossier, known: Mapping[str, Quota], left: Mapping[str, Decimal]) -> Dossier:
    """The file with the draws marked that an approver let pass their quota; raises `Invalid` for any other."""
    over = shortfalls((draw for draw in dossier.draws if draw.quota in known), known, left)
    if stops := standing(over, in_force(dossier, dossier.digest or "")):
        raise Invalid(*stops)
    passed = {(each.stop.limited_by, each.stop.line) for each in over if each.stop}
    draws = tuple(replace(draw, passed=(draw.quota, draw.line) in passed) for draw in dossier.draws)
    return replace(dossier, draws=draws)


def _stamped(dossier: Dossier, name: str, total: Decimal, limit: str) -> Dossier:
    freed = sum((Decimal(draw.frees) for draw in dossier.draws if draw.quota == name), Decimal(0))
    draws = tuple(
        replace(draw, total=spelled(total - freed), limit=limit) if draw.quota == name else draw
        for draw in dossier.draws
    )
    return replace(dossier, draws=draws)
