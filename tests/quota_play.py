"""Quotas in tests: figures entered, wild sakers issued, the count compared with the quantities of the permits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from life import APPLICATION, SAKER, issued
from office import ADMIN, ADMIN2, MemoryOffice

from chalicelib.permits.model.dossier import Dossier
from chalicelib.quotas.model import Quota, Share
from chalicelib.quotas.services.count import QuotaRow, quota_key, read_row
from chalicelib.quotas.services.figures import confirm, set_quota
from chalicelib.quotas.services.recount import recount
from chalicelib.record.permit import Application, Line

WILD = replace(SAKER, source="W", description="Live birds", quantity="2")
QUOTA = Quota(2026, "Falco cherrug", ("LIV",), ("W",), "5", None, "Order 12", "2026-01-15")


def wild(quantity: str = "2", **changes: Any) -> Application:
    return replace(APPLICATION, lines=(replace(WILD, quantity=quantity, **changes),))


def of_lines(*lines: Line) -> Application:
    return replace(APPLICATION, lines=lines)


def enter(office: MemoryOffice, quota: Quota = QUOTA, reason: str = "", **changes: Any) -> QuotaRow:
    """Enter or change a quota. A higher figure needs two admins."""
    made = set_quota(quota, reason, ADMIN, office, **changes)  # fmt: skip
    if made.proposal is not None:
        return confirm(quota.id, made.proposal.version, ADMIN2, office)
    assert made.held is not None
    return made.held


def issued_wild(office: MemoryOffice, quantity: str = "2", **changes: Any) -> Dossier:
    return issued(office, wild(quantity, **changes))


def held(office: MemoryOffice, quota: Quota = QUOTA) -> QuotaRow:
    row = office.register.get(quota_key(quota.id))
    assert row is not None
    return read_row(row)


def taken(office: MemoryOffice, quota: Quota = QUOTA) -> tuple[str, str, str]:
    """Used, outstanding and lapsed quantity. Also checks that the count is the sum over the permits."""
    check(office, quota.year)
    share: Share = held(office, quota).taken
    return str(share.used), str(share.outstanding), str(share.lapsed)


def check(office: MemoryOffice, year: int = 2026) -> None:
    for each in recount(year, register=office.register):
        assert each.agrees, each
        assert min(each.counted.used, each.counted.outstanding, each.counted.lapsed) >= 0
