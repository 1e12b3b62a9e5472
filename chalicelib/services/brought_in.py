"""By whose rights a record counts that one officer made offline and another one's device sends.

It has happened, and an officer who left their post since, or whom the register does not know any more, is no reason to
forget it: what it uses waits for a second person. An undo counts as the one of who brings it (withdraw_endorsement.py).
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.core.errors import Forbidden
from chalicelib.core.ledger import Posts
from chalicelib.core.roles import Actor
from chalicelib.services import sync_records
from chalicelib.services.endorse_permit import Endorsement, assigned, may_endorse, of_its_body
from chalicelib.services.record_foreign import ForeignRecord
from chalicelib.services.scan_permit import Scan


def standing(asked: Endorsement | Scan | sync_records.Recorded, officer: Actor, uploader: Actor, posts: Posts) -> Actor:
    """The officer that it names with who brings it; `vouched`, with that person's rights, where they have none there.

    Raises `Invalid` for a post that does not exist.
    """
    if officer.id == uploader.id:
        return officer
    try:
        if isinstance(asked, Endorsement):
            officer.need("endorse")
            may_endorse(asked, officer, posts)
        else:
            officer.need("scan" if isinstance(asked, Scan) else sync_records.OPERATION_OF[type(asked)])
            used = isinstance(asked, ForeignRecord) and asked.endorsed is not None
            (of_its_body if used else assigned)(officer, asked.post, posts)
    except Forbidden:
        officer = replace(officer, roles=uploader.roles, posts=uploader.posts, vouched=True)
    return replace(officer, brought_by=uploader.id, brought_by_name=uploader.name)
