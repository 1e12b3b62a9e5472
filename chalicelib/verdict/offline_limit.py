"""Offline limit (L1): the quantities above which a verdict without the register is not enough.

Kyrgyzstan's quantities are in `chalicelib/data/offline_limits.json`. `Context.offline_limits` hands them over.
"""

from __future__ import annotations

from decimal import Decimal

from chalicelib.kernel.codes import to_base_unit
from chalicelib.record.permit import Permit
from chalicelib.verdict.check_results import CheckResult
from chalicelib.verdict.snapshot import Context


def offline_results(pages: tuple[Permit, ...], context: Context) -> list[CheckResult]:
    """Return L1 for Appendix I and for large quantities. Call it only if the register did not answer.

    Sums the quantities of all lines of the pages by dimension, so 60 lines of 20 birds are 1,200 birds.
    """
    lines = [line for page in pages for line in page.lines]
    if any(line.appendix == 1 for line in lines):
        return [CheckResult("L1", "check")]
    totals: dict[str, Decimal] = {}
    for line in lines:
        base, quantity = to_base_unit(line.quantity, line.unit)
        totals[base] = totals.get(base, Decimal(0)) + quantity
    limits = (to_base_unit(limit, unit) for unit, limit in context.offline_limits.items())
    large = any(totals.get(base, Decimal(0)) > limit for base, limit in limits)
    return [CheckResult("L1", "check")] if large else []
