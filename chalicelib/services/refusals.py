"""What stands against an application today: every refusal there is, less the hard stops that an approver let pass.

The one place where the refusals of the rules (`core/rules.py`) and those that hang on the register come together, asked
before submission, approval, reserving a number and signing.
"""

from __future__ import annotations

from chalicelib.core import rules
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import FieldError
from chalicelib.core.listing import Listing
from chalicelib.core.overrides import digest_of, in_force, standing
from chalicelib.core.permit import Application
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister
from chalicelib.services import quotas, quoted_papers


def everything(
    dossier: Dossier | None,
    application: Application,
    *,
    register: PermitRegister,
    listing: Listing,
    stage: Stage,
    now: int,
) -> tuple[FieldError, ...]:
    """All of them, whatever was let pass."""
    found = rules.check(application, listing, today=stage.today(now), issuer=stage.issuer)
    found += quotas.refusals(dossier, application, register=register, listing=listing, stage=stage, now=now)
    return found + quoted_papers.refusals(
        dossier, application, register=register, listing=listing, stage=stage, now=now
    )


def refusals(
    dossier: Dossier | None,
    application: Application,
    *,
    register: PermitRegister,
    listing: Listing,
    stage: Stage,
    now: int,
) -> tuple[FieldError, ...]:
    """What is left of them for this dossier's application; None: one that is not made yet."""
    found = everything(dossier, application, register=register, listing=listing, stage=stage, now=now)
    return standing(found, in_force(dossier, digest_of(dossier, listing))) if dossier else found
