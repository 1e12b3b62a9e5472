"""How a quota lies in the register: the figure, who set it and what is taken of it are one row, guarded by its version.

QUOTAS#<year>   <id>                          the figure (core/quotas.py), who set it, and what is taken of it: `used`,
                                              `outstanding`, `lapsed`
QUOTA#<id>      <version>                     one change: by which permit or person, why, by how much

Whoever is issued a permit and whoever changes the figure meet in the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chalicelib.core import quotas
from chalicelib.core.errors import FieldError, NoMatch, Stop
from chalicelib.core.quota_shares import Share
from chalicelib.core.quotas import Draw, Quota
from chalicelib.ports import Key, PermitRegister, Row


@dataclass(frozen=True, slots=True)
class Held:
    """A quota and what is taken of it now. `set_at`, `set_by_name`: the figure that stands."""

    quota: Quota
    taken: Share
    set_at: int
    set_by_name: str
    version: int

    @property
    def total(self) -> Decimal:
        """What box 11a counts: this count's, and what was before it."""
        return Decimal(self.quota.before) + self.taken.granted

    @property
    def left(self) -> Decimal:
        """Below 0 where the figure was lowered, let pass or overtaken by a correction."""
        return self.quota.limit - self.total


def partition(year: int) -> str:
    return f"QUOTAS#{year}"


def quota_key(quota_id: str) -> Key:
    return Key(partition(int(quota_id[:4])), quota_id)


def history_key(quota_id: str, version: int) -> Key:
    """The line of the change that made this version of the row."""
    return Key(f"QUOTA#{quota_id}", f"{version:010d}")


def read_row(row: Row) -> Held:
    data = row.data
    return Held(quotas.read_quota(data), taken_of(data), int(data["at"]), str(data["by_name"]), row.version)


def taken_of(data: Mapping[str, Any]) -> Share:
    return Share(*(Decimal(data.get(name, "0")) for name in ("used", "outstanding", "lapsed")))


def taken_data(share: Share) -> dict[str, str]:
    return {name: quotas.spelled(getattr(share, name)) for name in ("used", "outstanding", "lapsed")}


def load(quota_id: str, register: PermitRegister) -> Row:
    row = register.get(quota_key(quota_id)) if quota_id[:4].isascii() and quota_id[:4].isdigit() else None
    if row is None:
        raise NoMatch("No such quota.")
    return row


def fault(draw: Draw, quota: Quota, left: Decimal) -> FieldError:
    """The hard stop of a line for which not enough is left; `left`: below 0, by so much."""
    stop = Stop(draw.line, quota.id, quotas.spelled(quota.limit), quotas.spelled(-left))
    where = f"{quota.taxon}, {quota.year}: {quotas.amount_words(quota.quantity, quota.unit)}"
    if quota.limit == 0:
        words = f"Block 11a: zero quota, nothing is exported ({where}; {quota.source})."
        return FieldError(f"lines[{draw.line}].quantity", "quota_zero", words, stop)
    words = f"Block 11a: {quotas.spelled(-left)} more than the quota has left ({where}; {quota.source})."
    return FieldError(f"lines[{draw.line}].quantity", "quota_passed", words, stop)


def shortfalls(draws: Iterable[Draw], known: Mapping[str, Quota], left: Mapping[str, Decimal]) -> list[FieldError]:
    """The hard stops of these draws, line after line; `left`: of each quota before the first of them."""
    remaining = dict(left)
    found = []
    for draw in draws:
        more = Decimal(draw.quantity) - Decimal(draw.carried)
        remaining[draw.quota] -= more
        if more > 0 and remaining[draw.quota] < 0:
            found.append(fault(draw, known[draw.quota], remaining[draw.quota]))
    return found
