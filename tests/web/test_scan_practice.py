"""Practice in a real installation: practice and real permits are never confused, nothing reaches a register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import quota_play
from browsing import NARROW, Site, Watched, axe, shifts
from desk import issued
from office import MemoryOffice
from playwright.sync_api import Page, Route, expect
from scanning import begin, codes, endorse, eventually, kept, scanned, unlock, uses, wedge
from staff import staffed

from chalicelib.composition import container
from chalicelib.kernel.stage import Stage

Open = Callable[..., Page]
REAL = Stage(host="tamga.kg", practice=False, duty_number="+996 312 000 000")


@pytest.fixture
def rehearsal() -> MemoryOffice:
    """The practice register: another ministry, with its own keys and root."""
    return staffed()


@pytest.fixture
def sheet(rehearsal: MemoryOffice) -> dict[str, Any]:
    """A practice sheet, issued by the practice register."""
    container.replace_deps(rehearsal)
    made: dict[str, Any] = issued()
    rehearsal.publish_due()
    return made


@pytest.fixture
def ministry(rehearsal: MemoryOffice, sheet: dict[str, Any]) -> MemoryOffice:
    """The real ministry, whose scanner also knows the practice root."""
    made = staffed(REAL)
    made.config = replace(made.config, practice_pins=rehearsal.config.pins)
    return made


@pytest.fixture
def post(open_page: Open, rehearsal: MemoryOffice) -> Open:
    """Factory: `post()` sets up a device at Manas Airport that can fetch the practice host's lists, as in AWS."""

    def published(route: Route) -> None:
        path = route.request.url.partition("/practice/")[2]
        assert "authorization" not in route.request.headers
        held = rehearsal.static.read(path)
        route.fulfill(body=held[0]) if held else route.fulfill(status=404)

    def opened(**options: Any) -> Page:
        page = open_page("/scan/", **options)
        page.context.route("**/practice/**", published)
        begin(page)
        return page

    return opened


def practise(page: Page) -> None:
    page.locator(".ways-bar button").last.click()
    with page.expect_navigation():
        page.locator("#practise").click()
    page.locator("#leave-practice").wait_for()
    page.locator("html[data-ready]").wait_for(state="attached")  # from then on the page listens for input


def leave(page: Page) -> None:
    with page.expect_navigation():
        page.locator("#leave-practice").click()
    unlock(page)
    page.locator("#camera").wait_for()


def test_practice_and_real_permits_are_rejected_in_the_other_mode(
    site: Site, post: Open, sheet: dict[str, Any]
) -> None:
    permit = issued()
    page = post()
    assert page.evaluate("document.documentElement.dataset.practice") == "no"
    assert scanned(page, sheet["qr"]) == "cannot_tell"
    assert codes(page) == ["T7"]
    expect(page.get_by_role("listitem").filter(has_text="choose Shift, then Practise")).to_be_visible()
    expect(page.get_by_text("Scan the code once more")).to_have_count(0)
    assert scanned(page, permit["qr"]) == "accept"
    practise(page)
    wedge(page, permit["qr"])
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "cannot_tell")
    expect(page.locator(".headline")).to_contain_text("nothing was checked. Leave practice")
    assert permit["number"] not in page.locator("body").inner_text()
    wedge(page, sheet["qr"])
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "accept_offline")  # never the green of `accept`
    wedge(page, sheet["qr"].replace("practice.tamga.kg", "practise.tamga.kg"))
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "hold")


def test_every_practice_screen_is_marked(site: Site, post: Open, sheet: dict[str, Any]) -> None:
    page = post(size=NARROW)
    practise(page)

    def striped() -> None:
        assert page.evaluate("document.documentElement.dataset.practice") == "yes"
        assert "repeating-linear-gradient" in page.evaluate("getComputedStyle(document.body).backgroundImage")
        expect(page.locator("aside.practice")).to_contain_text("no value")
        expect(page.locator("#leave-practice")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert axe(page) == []

    striped()
    wedge(page, sheet["qr"])
    expect(page.locator("#word")).to_contain_text("Practice")
    assert shifts(page) == []
    striped()
    page.locator("#endorse").click()
    striped()
    page.locator("button", has_text="Back to the verdict").click()
    endorse(page)
    expect(page.locator("h1")).to_contain_text("Practice")
    expect(page.locator("body")).to_contain_text("nothing was endorsed, and nothing is sent")
    striped()
    for name in ("Done here", "Shift"):
        page.get_by_role("navigation", name="Screens").get_by_role("button", name=name).click()
        striped()
    wedge(page, sheet["qr"][:-30])
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Scan").click()
    wedge(page, sheet["qr"][:-30])
    expect(page.locator("#word")).to_contain_text("Practice")
    striped()


def test_practice_data_is_neither_sent_nor_stored(site: Site, post: Open, sheet: dict[str, Any]) -> None:
    page = post()
    assert scanned(page, issued()["qr"]) == "accept"
    before = [each["id"] for each in kept(page)]
    practise(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.evaluate("[sessionStorage['tamga.token'], sessionStorage['tamga.refresh']]") == [None, None]
    wedge(page, sheet["qr"])
    endorse(page)
    wedge(page, sheet["qr"])
    expect(page.locator(".codes")).to_contain_text("U5")  # in practice, the practised use counts
    page.evaluate("dispatchEvent(new Event('online')); document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    assert [url for url in asked if "/v1/" in url or "/oauth2/" in url] == []
    assert [each["id"] for each in kept(page)] == before
    leave(page)
    assert page.evaluate("document.documentElement.dataset.practice") == "no"
    assert page.locator("aside.practice").count() == 0
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Done here").click()
    expect(page.locator(".done > li")).to_have_count(len(before))
    assert page.evaluate("indexedDB.databases().then((all) => all.map((each) => each.name))") == ["tamga-scan"]
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Scan").click()
    assert scanned(page, sheet["qr"]) == "cannot_tell"
    assert uses(site, sheet) == []


def test_practice_works_offline_and_a_new_window_is_real(
    site: Site, post: Open, sheet: dict[str, Any], watched: Watched
) -> None:
    page = post()
    expect(page.locator("#send")).to_have_text("Update")
    page.wait_for_function("""() => new Promise((done) => { const asked = indexedDB.open('tamga-scan');
      asked.onsuccess = () => { const held = asked.result.transaction('kept').objectStore('kept').get('practice');
        held.onsuccess = () => { asked.result.close(); done(Boolean(held.result)); } } })""")
    watched.expected += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource"]
    page.context.set_offline(True)
    practise(page)
    wedge(page, sheet["qr"])
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "accept_offline")
    other = page.context.new_page()  # a closed and reopened scanner is the real one
    other.clock.set_fixed_time(site.office.now)
    other.goto(f"{site.address}/scan/")
    expect(other.locator("#pin")).to_be_visible()
    assert other.evaluate("document.documentElement.dataset.practice") == "no"
    page.clock.set_fixed_time(site.office.now + 9 * 3600)
    page.reload()  # practice has ended after nine hours
    expect(page.locator("#pin")).to_be_visible()


def test_practice_offline_has_species_quotas_and_requirements(
    post: Open, office: MemoryOffice, watched: Watched
) -> None:
    quota_play.enter(office)
    page = post(size=NARROW)
    held = """() => new Promise((done) => { const asked = indexedDB.open('tamga-scan'); asked.onsuccess = () => {
      const all = asked.result.transaction('kept').objectStore('kept').getAllKeys();
      all.onsuccess = () => { asked.result.close();
        done(all.result.filter((each) => each.startsWith('part:'))); } } })"""
    assert eventually(lambda: len(page.evaluate(held)) == 3)
    watched.expected += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource"]
    page.context.set_offline(True)
    practise(page)
    page.locator("#open-species").click()
    page.locator("#species").fill("балобан")
    page.locator('[data-species="falco-cherrug"]').click()
    expect(page.locator("main")).to_contain_text("Appendix II")
    expect(page.locator(".quota")).to_contain_text("5 specimens")
    page.locator("#species-which").click()
    expect(page.locator("tamga-which h1")).to_contain_text("What happens to the goods?")
    page.locator("tamga-which").get_by_role("button", name="They only pass through").click()
    expect(page.locator("tamga-which h1")).to_contain_text("No CITES document is needed")


def test_practice_register_offers_no_practice_mode(open_page: Open, site: Site, rehearsal: MemoryOffice) -> None:
    container.replace_deps(rehearsal)
    page = open_page("/scan/", token="bekzat")
    begin(page)
    page.locator(".ways-bar button").last.click()
    page.get_by_role("heading", name="This device").wait_for()
    assert page.locator("#practise").count() == 0
