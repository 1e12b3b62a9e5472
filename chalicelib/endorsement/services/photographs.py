"""Photographs of an endorsement, stored by their content.

The row names the person who added the picture and never changes. Each person has a limit of their own, so nobody can
use up another person's room.
"""

from __future__ import annotations

from chalicelib.endorsement.services.endorse import check_assigned, find_use
from chalicelib.kernel.roles import MINISTRY, Actor
from chalicelib.permits.services.store import last_day
from chalicelib.platform.country_folder import DUTY_POST
from chalicelib.platform.files import Photograph, store_photograph
from chalicelib.verification.services.verify import VerifyDeps


def add(event_id: str, data: bytes, content_type: str, actor: Actor, deps: VerifyDeps) -> Photograph:
    """Store a photograph by its digest and note it with the endorsement. The same picture again changes nothing.

    For officers of the endorsement's post. Raises `NoMatch`, `Forbidden`, `Invalid` (no PNG or JPEG), `TooLarge`.
    """
    actor.require("endorse")
    account, use = find_use(event_id, deps)
    check_assigned(actor, use.post, deps.posts)
    ends = account.dossier.expires_at if account.dossier else None  # another Party's permit: five years from now
    return store_photograph(
        event_id, data, content_type, actor, deps, keep_until=last_day(max(ends or deps.now, deps.now))
    )


def need_sight(event_id: str, actor: Actor, deps: VerifyDeps) -> None:
    """Check that the actor may see an endorsement's photographs: officers of its post, the duty desk, the ministry.

    Raises `NoMatch`, `Forbidden`.
    """
    actor.require("see_photos")
    _, use = find_use(event_id, deps)
    if actor.roles.isdisjoint(MINISTRY) and DUTY_POST not in actor.posts:
        check_assigned(actor, use.post, deps.posts)
