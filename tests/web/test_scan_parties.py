"""An offline scanner accepts each Party's status list only under this Party's own keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from browsing import Site, Watched, cut
from life import issued
from office import APPROVER, MemoryOffice
from playwright.sync_api import Page
from scanning import begin, codes, kept, scanned, sent
from staff import staffed
from two_countries import befriended, fetching, kyrgyzstan, pinned, signed_list, their_permit, uzbekistan

from chalicelib.kernel.stage import Stage
from chalicelib.permits.services import change_status
from chalicelib.token import cose
from chalicelib.trust.model.status_list import encode_status_list, status_list_header
from chalicelib.trust.model.trust_list import Pin, TrustList, encode_bundle, encode_trust_list, open_trust_list
from chalicelib.trust.services import party_lists
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH, sign_payload
from chalicelib.verdict.token_checks import read_own


@pytest.fixture
def ministry() -> MemoryOffice:
    """A real ministry, because a practice register pins no other country."""
    return kyrgyzstan()


def hold_bundle(ours: MemoryOffice, *signed: bytes) -> None:
    """Publish a bundle of trust lists as it was before such claims were refused."""
    held = ours.static.read(BUNDLE_PATH)
    assert held is not None
    ours.static.write(BUNDLE_PATH, encode_bundle(list(signed)), content_type="", etag=held[1])
    ours.forget_trust()


def grabbing(claimant: MemoryOffice, victim: TrustList, pins: tuple[Pin, ...]) -> bytes:
    """Return the claimant's own trust list with the victim's hosts, keys and status prefix added."""
    honest = open_trust_list(signed_list(claimant), pins)
    hosts, keys = (*honest.hosts, *victim.hosts), (*honest.keys, *victim.keys)
    claiming = replace(honest, hosts=hosts, keys=keys, status_prefix=victim.status_prefix)
    return sign_payload(encode_trust_list(claiming), claimant.root)


@pytest.mark.parametrize("signs", ["with its own key", "with a list of ours that it found"])
def test_party_claiming_our_keys_cannot_hide_our_suspension(
    site: Site, open_page: Callable[..., Page], watched: Watched, signs: str
) -> None:
    watched.expected += ["net::ERR", "404 (Not Found)"]
    ours, theirs = site.office, uzbekistan()
    pinned(ours, theirs)
    permit = issued(ours)
    uri = read_own(permit.tokens[0]).status_uri
    own = open_trust_list(signed_list(ours), ours.pins)
    hold_bundle(ours, grabbing(theirs, own, ours.pins), signed_list(ours))
    signer = theirs.status_keys[0] if signs == "with its own key" else ours.status_keys[0]
    protected, payload = status_list_header(signer.kid), encode_status_list(uri, {}, ours.now + 300)
    digest = sha256(cose.to_be_signed(protected, payload)).digest()
    clean = cose.encode_sign1(protected, payload, cose.raw_signature(signer.sign_digest(digest)))
    ours.static.write(party_lists.path_of("UZ", uri), clean, content_type="", etag=None)
    change_status.suspend(permit.id, "a question", APPROVER, ours)
    page = open_page("/scan/")
    begin(page)
    page.locator("#send").click()  # a second update: their list, once seen, does not make ours count as older
    sent(page)
    cut(page, watched)
    assert scanned(page, permit.tokens[0], asked=False) == "hold"
    assert codes(page) == ["S3"]
    assert kept(page)[-1]["issuer"] == "KG"


def test_party_claiming_keys_of_another_cannot_hide_its_suspension(
    site: Site, open_page: Callable[..., Page], watched: Watched
) -> None:
    watched.expected += ["net::ERR", "404 (Not Found)"]
    ours, theirs, third = site.office, uzbekistan(), staffed(Stage("KZ", "cites.example.kz", practice=False))
    pinned(ours, third)  # pinned first: of two Parties that claim a key, the first used to be believed
    befriended(ours, theirs)
    permit = their_permit(theirs)
    change_status.suspend(permit.id, "a question", APPROVER, theirs)
    theirs.publish_due()
    fetching(ours, theirs)
    own = open_trust_list(signed_list(theirs), ours.pins)
    hold_bundle(ours, signed_list(ours), grabbing(third, own, ours.pins), signed_list(theirs))
    page = open_page("/scan/")
    begin(page)
    cut(page, watched)
    assert scanned(page, permit.tokens[0], asked=False) == "hold"
    assert codes(page)[0] == "S3"
