"""An officer takes back another officer's endorsement at the post, or sees why it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from browsing import Site, Watched, axe, cut
from browsing import endorse as used
from desk import issued
from office import AIZADA, BEKZAT
from playwright.sync_api import Page, expect
from scanning import begin, choose_pin, codes, endorse, kept, scanned, sent

Open = Callable[..., Page]


def done_here(page: Page) -> None:
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Done here").click()
    page.get_by_role("heading", name="Done on this device").wait_for()


def handed_over(page: Page, to: str) -> None:
    """End the shift and let another officer begin one on this device."""
    page.route("**/logout*", lambda route: route.fulfill(body="bye"))  # the sign-out page of the user pool
    at = page.url
    page.get_by_role("button", name="Shift", exact=True).click()
    page.get_by_role("button", name="End the shift").click()
    page.wait_for_url("**/logout*")
    page.goto(at)
    page.locator("#sign-in").wait_for()
    page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", to)
    page.reload()
    choose_pin(page, "9999")


def take_back(page: Page, reason: str = "The goods are still here.") -> None:
    page.get_by_text("Take this endorsement back").click()
    page.get_by_label("Why it is taken back").fill(reason)
    page.get_by_label("I have made sure").check()
    assert axe(page) == []
    page.get_by_role("button", name="Take it back").click()


def test_next_officer_takes_back_endorsement_made_on_the_device(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    scanned(page, permit["qr"])
    endorse(page)
    sent(page)
    done_here(page)
    expect(page.get_by_text("Take this endorsement back")).to_have_count(0)  # an own endorsement cannot be taken back
    handed_over(page, "aizada")
    done_here(page)
    cut(page, watched)
    take_back(page)
    expect(page.get_by_text("until then the permit counts as used")).to_be_visible()
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Scan", exact=True).click()
    assert scanned(page, permit["qr"], asked=False) != "accept_offline"
    assert "U5" in codes(page) or "U1" in codes(page)
    page.context.set_offline(False)
    page.locator("#send").click()
    sent(page)
    done_here(page)
    expect(page.get_by_text("Taken back. Scan the permit again.")).to_be_visible()
    expect(page.get_by_text("Take this endorsement back")).to_have_count(0)
    assert axe(page) == []
    (undone,) = [each for each in kept(page) if each["event"]["kind"] == "undo"]
    assert (undone["state"], undone["number"]) == ("stored", permit["number"])
    cut(page, watched)  # an endorsement taken back is no longer a use, also on this device
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Scan", exact=True).click()
    scanned(page, permit["qr"], asked=False)
    assert set(codes(page)) == {"U0", "U7"}


def test_endorsement_of_another_officer_is_taken_back_on_verdict(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    used(permit, site.office)  # by Aizada, at this post
    assert scanned(page, permit["qr"]) == "check"
    expect(page.get_by_role("region", name="Endorsed by another officer")).to_contain_text("AWB 176-1")
    used_again = open_page("/scan/", token="aizada")
    begin(used_again, "aizada")
    scanned(used_again, permit["qr"])
    expect(used_again.get_by_role("heading", name="In the register")).to_be_visible()
    expect(used_again.get_by_role("region", name="Endorsed by another officer")).to_have_count(0)
    take_back(page)
    expect(page.get_by_text("Taken back. Scan the permit again.")).to_be_visible()
    page.get_by_role("button", name="Next permit").click()
    assert scanned(page, permit["qr"]) == "check"
    assert set(codes(page)) == {"U0", "U7"}
    expect(page.get_by_role("region", name="Endorsed by another officer")).to_have_count(0)


def test_officer_with_same_name_counts_as_another_officer(site: Site, open_page: Open) -> None:
    office, permit = site.office, issued()
    office.register_person(replace(BEKZAT, name=AIZADA.name))
    used(permit, office)  # endorsed by Aizada; the reader is an officer with the same name
    page = open_page("/scan/", token="bekzat")
    begin(page)
    scanned(page, permit["qr"])
    take_back(page)
    expect(page.get_by_text("Taken back. Scan the permit again.")).to_be_visible()


def test_endorsement_taken_back_meanwhile_shows_a_message(site: Site, open_page: Open) -> None:
    permit = issued()
    used(permit, site.office)
    pages = [open_page("/scan/", token="bekzat") for _ in range(2)]
    for page in pages:
        begin(page)
        scanned(page, permit["qr"])
    for page in pages:
        take_back(page)
        page.get_by_role("region", name="Endorsed by another officer").get_by_role("status").get_by_text(
            "aken back"
        ).wait_for()
    expect(pages[0].get_by_text("Taken back. Scan the permit again.")).to_be_visible()
    expect(pages[1].get_by_text("it was taken back already, or the goods have arrived")).to_be_visible()
    done_here(pages[1])
    expect(pages[1].get_by_text("not taken by the register")).to_be_visible()
    assert axe(pages[1]) == []
