"""A higher figure of a quota that waits for a second admin: one a quota, and every one that was confirmed.

QUOTA-PROPOSALS#<year>  <id>             the figure, who proposed it and why; `open` until it is confirmed or taken back
QUOTA-RAISES            <time>#<id>      a figure that two admins raised: who, from what, to what
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.core import quotas
from chalicelib.core.quotas import Quota
from chalicelib.ports import Key, PermitRegister, Put, Row

RAISES = "QUOTA-RAISES"
RAISES_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Proposal:
    """`was`: the figure that it raises, of this year or the last; `version` names it when it is confirmed."""

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


def opened(proposal: Proposal) -> Put:
    data = {
        **asdict(proposal.quota), "was_quantity": proposal.was, "reason": proposal.reason, "at": proposal.at,
        "by": proposal.by, "by_name": proposal.by_name, "open": True,
    }  # fmt: skip
    return Put(proposal_key(proposal.quota.id), data, expect=proposal.version - 1)


def closed(proposal: Proposal) -> Put:
    data = {**opened(proposal).data, "open": False}
    return Put(proposal_key(proposal.quota.id), data, expect=proposal.version)


def raised(proposal: Proposal, who: Mapping[str, Any]) -> Put:
    """Kept for the auditors' pattern."""
    data = {
        **who, "proposed_by": proposal.by, "quota": proposal.quota.id, "taxon": proposal.quota.taxon,
        "year": proposal.quota.year, "was": proposal.was, "quantity": proposal.quota.quantity,
    }  # fmt: skip
    return Put(Key(RAISES, f"{who['at']:012d}#{proposal.quota.id}"), data, expect=0)


def raises(since: int, register: PermitRegister) -> list[Mapping[str, Any]]:
    rows = register.query(RAISES, start=f"{since:012d}", limit=RAISES_AT_MOST)
    return [row.data for row in rows]


def _read(row: Row) -> Proposal:
    data = row.data
    return Proposal(
        quotas.read_quota(data), data["was_quantity"], data["reason"], data["at"], data["by"], data["by_name"],
        row.version,
    )  # fmt: skip
