"""What is taken back over HTTP before anybody has decided: the application, or a paper of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.edges import models
from chalicelib.edges.blueprint import Blueprint, Call
from chalicelib.edges.http_permits import ONE, shown, version_read
from chalicelib.services import take_back

if TYPE_CHECKING:
    from chalicelib.services.hold_species import SpeciesDeps

blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route(f"{ONE}/withdraw", method="POST", body=models.Why, returns="Permit", may="withdraw")
def withdraw(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """End an application of one's own that nobody has approved yet.
    The ministry, with a reason, a draft of its own or a replacement that is not returned. It is void from then on, and
    stays in the register. `If-Match` as with PUT."""
    made = take_back.withdraw(
        permit_id, call.actor, call.body.reason or "", register=call.office.register, now=call.now,
        read=version_read(call),
    )  # fmt: skip
    return shown(call, made)


@blueprint.route(
    f"{ONE}/attachments/{{attachment_id}}/remove", method="POST", body=models.Why, returns="Permit", may="detach"
)
def detach(call: Call[SpeciesDeps], permit_id: str, attachment_id: str) -> dict[str, Any]:
    """Take a supporting paper that one put there out of a draft or a returned application.
    The ministry says why. The history keeps it; what was found for the application meanwhile is no longer `current`."""
    made = take_back.detach(
        permit_id, attachment_id, call.actor, call.body.reason or "", register=call.office.register, now=call.now
    )
    return shown(call, made)
