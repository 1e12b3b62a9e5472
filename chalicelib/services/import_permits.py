"""What our register knows of the import permit that another Party's paper names as ours."""

from __future__ import annotations

from chalicelib.core import import_permit
from chalicelib.core.errors import Invalid
from chalicelib.core.foreign_paper import ForeignPaper, import_permit_of_ours
from chalicelib.core.listing import Listing
from chalicelib.ports import PermitRegister
from chalicelib.services.gate import is_shut
from chalicelib.services.verify_permit import Checker


def faults(paper: ForeignPaper, *, register: PermitRegister, checker: Checker, listing: Listing) -> tuple[str, ...]:
    """By the names of `foreign_paper.REMARKS`. A register that was restored and is not open yet accuses nobody."""
    number = import_permit_of_ours(paper, checker.stage.issuer)
    if number is None or is_shut(register):
        return ()
    try:
        held = checker.numbers.find(register, checker.stage.issuer, number)
    except Invalid:  # it is no number
        held = None
    return tuple(import_permit.faults(paper, held, listing, checker.posts))
