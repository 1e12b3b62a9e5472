"""Authorization of events recorded by one officer and uploaded by another.

The event has happened. It is stored even if the officer has left the post since, or is unknown to the register. What it
uses then waits for a second person. An undo counts as the uploader's (endorsement/services/withdraw.py).
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.endorsement.services.endorse import check_assigned, check_body_at_post, may_endorse
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.scan import Scan
from chalicelib.foreign_permits.services.record import ForeignRecord
from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.roles import Actor
from chalicelib.offline.services import records
from chalicelib.people.model import Posts


def authorise(asked: Endorsement | Scan | records.Recorded, officer: Actor, uploader: Actor, posts: Posts) -> Actor:
    """Return the officer who recorded the event, with the uploader noted.

    An officer without the rights there gets the uploader's rights and `by_uploaders_rights`. Raises `Invalid` for an
    unknown post.
    """
    if officer.id == uploader.id:
        return officer
    try:
        if isinstance(asked, Endorsement):
            officer.require("endorse")
            may_endorse(asked, officer, posts)
        else:
            officer.require("scan" if isinstance(asked, Scan) else records.OPERATION_OF[type(asked)])
            used = isinstance(asked, ForeignRecord) and asked.endorsed is not None
            if used:
                check_body_at_post(officer, asked.post, posts)
            else:
                check_assigned(officer, asked.post, posts)
    except Forbidden:
        officer = replace(officer, roles=uploader.roles, posts=uploader.posts, by_uploaders_rights=True)
    return replace(officer, brought_by=uploader.id, brought_by_name=uploader.name)
