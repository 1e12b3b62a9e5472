"""The public check without the service uses another Party's status list for that Party's permits."""

from __future__ import annotations

from collections.abc import Callable

import border
import pytest
from browsing import Site, Watched, outcome
from office import APPROVER, MemoryOffice
from playwright.sync_api import Page
from two_countries import befriended, fetching, kyrgyzstan, their_permit, uzbekistan

from chalicelib.permits.services import change_status


@pytest.fixture
def ministry() -> MemoryOffice:
    """A real ministry, because a practice register pins no other country."""
    return kyrgyzstan()


def test_permit_revoked_by_its_party_gives_not_valid_without_service(
    site: Site, open_page: Callable[..., Page], watched: Watched
) -> None:
    watched.expected += ["net::ERR", "404 (Not Found)"]
    ours, theirs = site.office, uzbekistan()
    befriended(ours, theirs)
    good, bad = their_permit(theirs), their_permit(theirs)
    for dossier in (good, bad):
        border.endorse(theirs, dossier, post="tashkent-airport")
    change_status.revoke(bad.id, "a forged finding", False, APPROVER, theirs)
    theirs.publish_due()

    def judged(code: str) -> str:
        page = open_page("/1")
        page.route("**/v1/verify**", lambda route: route.abort())
        page.get_by_label("Number of the permit").focus()
        page.keyboard.insert_text(code)
        page.keyboard.press("Enter")
        return outcome(page)

    assert judged(bad.tokens[0]) == "check"  # no status list was fetched yet
    assert fetching(ours, theirs).kept == 1
    # the valid permit was exported: U5
    assert [judged(each.tokens[0]) for each in (bad, good)] == ["not_valid", "check"]
