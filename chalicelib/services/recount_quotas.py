"""Whether what is counted of each quota is what the permits take of it: counted again from the register, row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.core.dossier import Dossier
from chalicelib.core.quota_shares import Share, shares
from chalicelib.ports import PermitRegister
from chalicelib.services import store
from chalicelib.services.quota_rows import Held, quota_key, read_row
from chalicelib.services.quotas import held

PAGE = 100
TRIES = 5  # the register goes on while it is counted


@dataclass(frozen=True, slots=True)
class Recount:
    """`counted`: what the row says; `found`: the sum over the permits; `permits`: how many draw on it."""

    quota: str
    counted: Share
    found: Share
    permits: int
    held: Held | None

    @property
    def agrees(self) -> bool:
        return self.counted == self.found


def recount(year: int, *, register: PermitRegister) -> list[Recount]:
    """Every quota of a year, and each that a permit draws on and the register does not hold.

    Reads every permit. One that is issued meanwhile may make a difference: what differs is counted again, and only what
    stays different with an unchanged row is told.
    """
    for tried in range(TRIES):
        before = {each.quota.id: each for each in held(year, register)}
        found: dict[str, Share] = defaultdict(Share)
        permits: dict[str, int] = defaultdict(int)
        for dossier in _drawing(register):
            for name, share in shares(dossier).items():
                found[name] += share
                permits[name] += 1
        names = sorted({*before, *(name for name in found if name.startswith(f"{year}-"))})
        made = [
            Recount(name, before[name].taken if name in before else Share(), found[name], permits[name],
                    before.get(name))
            for name in names
        ]  # fmt: skip
        if all(each.agrees or _unchanged(each, register) for each in made) or tried == TRIES - 1:
            break
    return made


def _unchanged(each: Recount, register: PermitRegister) -> bool:
    row = register.get(quota_key(each.quota))
    return (read_row(row).version if row else None) == (each.held.version if each.held else None)


def _drawing(register: PermitRegister) -> Iterator[Dossier]:
    """Every permit that draws on a quota. The index only finds candidates, each row is read consistently."""
    cursor: str | None = None
    while True:
        rows, cursor = register.search("shelf", store.SHELF, cursor=cursor, limit=PAGE)
        for row in rows:
            if row.data.get("draws"):
                yield store.load_row(row.data)
        if cursor is None:
            return
