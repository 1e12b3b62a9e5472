"""An officer at a post checks and endorses permits with the scanner, with and without a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsing import NARROW, Site, Watched, axe, cut, shifts
from browsing import endorse as used
from desk import issued, ok, saker
from http_client import call, get
from playwright.sync_api import Page, expect
from scanning import asked, begin, codes, endorse, eventually, hold, kept, later, scanned, sent, unlock, uses, wedge

Open = Callable[..., Page]
SETTLED = 550  # ms after a key or a tap during which the browser counts no layout shift


@pytest.fixture
def post(open_page: Open) -> Callable[..., Page]:
    """Factory: `post("bekzat")` sets up a separate device at Manas Airport, with its officer signed in."""

    def opened(token: str = "bekzat", **options: Any) -> Page:
        page = open_page("/scan/", token=token, **options)
        begin(page, token)
        return page

    return opened


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_answer_or_failure_causes_no_layout_shift(
    site: Site, post: Callable[..., Page], watched: Watched, language: str
) -> None:
    permits = {name: issued() for name in ("in order", "used", "suspended")}
    page = post(size=NARROW, language=language)
    used(permits["used"], site.office)
    ok(call("POST", f"/v1/permits/{permits['suspended']['id']}/suspend", {"reason": "asked"}, token="approver"))
    held = hold(page, "**/v1/scans")
    for name, stands in {"in order": "accept", "used": "check", "suspended": "hold", "in order, unreached": ""}.items():
        wedge(page, permits[name.partition(",")[0]]["qr"])
        asked(page, held)
        page.wait_for_timeout(SETTLED)
        held.pop().continue_() if stands else held.pop().abort()
        expect(page.locator(f".verdict{stands and f'[data-outcome={stands}]'} .asked")).not_to_contain_text("…")
        page.wait_for_timeout(50)  # the browser reports a shift with the next frame
        assert shifts(page) == [], name
    page.unroute("**/v1/scans")
    watched.expected.append("ERR_FAILED")
    top = "document.querySelector('main').getBoundingClientRect().top + scrollY"
    before = page.evaluate(top)
    cut(page, watched)
    page.locator("#send").click()
    expect(page.locator(".sending")).to_have_text(re.compile("[.]$"))  # a complete sentence instead of "Sending ..."
    assert page.evaluate(top) == before


def test_permit_is_scanned_and_endorsed_with_photograph(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/scan/")
    page.locator("html[data-ready]").wait_for(state="attached")
    assert axe(page) == []
    begin(page)
    assert axe(page) == []
    assert scanned(page, permit["qr"]) == "accept"
    expect(page.locator(".verdict")).to_contain_text("register of 25 November 2026")
    # it appeared with the verdict, without a layout shift
    expect(page.locator(".line [data-candidate=saker]")).to_be_visible()
    assert axe(page) == []
    assert shifts(page) == []
    page.locator("#endorse").click()
    page.locator("#quantity-0").fill("3")
    page.locator("button[type=submit]").click()
    expect(page.locator("#transport-wrong")).not_to_be_empty()  # an empty field stops the endorsement
    expect(page.locator("#quantity-0-wrong")).to_contain_text("More than the permit allows")
    assert axe(page) == []
    page.locator("#quantity-0").fill("1")
    expect(page.locator("#quantity-0-wrong")).to_be_empty()  # a corrected field loses its message
    page.get_by_role("button", name="All of it").click()
    page.locator("#transport").fill("AWB 065-7719")
    page.locator("button[type=submit]").click()
    expect(page.locator(".written")).to_contain_text("AWB 065-7719")
    assert axe(page) == []
    assert [(use["lines"], use["officer"]) for use in uses(site, permit)] == [
        ([{"line": "A", "quantity": "2"}], "u-bekzat")
    ]
    page.locator("input[type=file]").set_input_files(
        {"name": "block14.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    expect(page.get_by_text("Photographs kept: 1")).to_be_visible()
    sent(page)
    event = next(each for each in kept(page) if each["event"]["kind"] == "endorsement")
    photos = f"PHOTOS#{event['id']}"
    # photographs are sent after the event
    assert eventually(lambda: len(site.office.register.query(photos, limit=9)) == 1)
    page.get_by_role("button", name="Next permit, same consignment").click()
    expect(page.locator("#consignment")).to_have_text("Consignment in hand: 1")
    for name in ("Done here", "Shift"):
        page.get_by_role("navigation", name="Screens").get_by_role("button", name=name).click()
        assert axe(page) == []
    expect(page.locator(".facts").first).to_contain_text("Endorsements1")


def test_permit_is_endorsed_by_number_and_check_code(site: Site, post: Open) -> None:
    made = issued(lines=[{**saker()["lines"][0], "term": "FEA", "quantity": "1.5", "unit": "KGM"}])
    page = post()
    page.locator("summary").first.click()
    page.locator("#number").fill(made["number"].lower())
    page.locator("#code").fill(made["check_code"])
    page.locator("#code").press("Enter")
    expect(page.locator("#endorse")).to_be_visible()
    endorse(page)
    expect(page.locator(".written td").first).to_have_text("1.5 kg")
    expect(page.get_by_text("The register has it.")).to_be_visible()
    assert [use["lines"] for use in uses(site, made)] == [[{"line": "A", "quantity": "1.5"}]]
    assert scanned(page, made["qr"]) == "check"
    expect(page.locator("#not-endorsed")).to_have_text("Endorsed already: nothing is left to endorse.")
    page.locator("#next").click()
    page.locator("summary").first.click()
    page.locator("#number").fill(made["number"])
    page.locator("#code").fill(made["check_code"])
    page.locator("#code").press("Enter")
    # a check by number has the same follow-up questions as a scan
    page.get_by_role("button", name="The same goods").click()
    expect(page.get_by_role("button", name="The same goods")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "check")
    page.get_by_role("button", name="Different goods").click()
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "hold")


def test_scanner_works_offline_after_reload(site: Site, post: Open, watched: Watched) -> None:
    permit = issued()
    page = post()
    cut(page, watched)
    page.reload()
    unlock(page)
    page.locator("#camera").wait_for()
    assert scanned(page, permit["qr"]) == "accept_offline"
    expect(page.locator(".verdict .asked")).to_contain_text("Register not reached")
    endorse(page)
    expect(page.get_by_text("Kept on this device until")).to_be_visible()
    assert uses(site, permit) == []
    assert scanned(page, permit["qr"]) == "check"  # the device knows its own endorsement before the register does
    assert "U5" in codes(page)
    expect(page.locator("#endorse")).to_have_count(0)  # nothing is left to endorse, offline too
    expect(page.locator("#send")).to_have_text("Send now (3)")
    page.context.set_offline(False)
    page.locator("#send").click()
    sent(page)
    assert [use.get("result") for use in uses(site, permit)] == [None]  # accepted


def test_endorsement_with_lost_answer_counts_once(site: Site, post: Open, watched: Watched) -> None:
    permit = issued()
    page = post()
    watched.expected += ["ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    scanned(page, permit["qr"])

    def lose(route: Any) -> None:
        route.fetch()  # the register stores it
        route.abort()

    page.route("**/v1/endorsements", lose)
    page.route("**/v1/sync", lambda route: route.abort())
    endorse(page)
    expect(page.get_by_text("Kept on this device until")).to_be_visible()
    page.unroute("**/v1/endorsements")
    page.unroute("**/v1/sync")
    page.locator("#send").click()
    sent(page)
    assert len(uses(site, permit)) == 1
    assert {each["state"] for each in kept(page)} == {"stored"}


def test_offline_endorsements_of_two_devices_give_a_conflict(site: Site, post: Open, watched: Watched) -> None:
    permit = issued()
    pages = [post("bekzat"), post("aizada")]
    for number, page in enumerate(pages):
        cut(page, watched)
        scanned(page, permit["qr"])
        endorse(page, f"AWB {number}")
    for page in pages:
        page.context.set_offline(False)
        page.locator("#send").click()
        sent(page)
    states = [each["state"] for page in pages for each in kept(page) if each["event"]["kind"] == "endorsement"]
    assert states == ["stored", "conflict"]  # both are stored, and the second officer is notified
    expect(pages[1].locator(".sending")).to_contain_text("contradicts an earlier use")
    assert [use.get("result") for use in uses(site, permit) if "result" in use] == ["conflict"]


def test_wiped_device_shows_number_of_lost_events(post: Open, watched: Watched) -> None:
    permit = issued()
    page = post()
    cut(page, watched)
    scanned(page, permit["qr"])
    page.evaluate("new Promise((done) => { indexedDB.deleteDatabase('tamga-scan').onsuccess = done; "
                  "setTimeout(done, 1500); })")  # fmt: skip
    page.reload()
    expect(page.get_by_role("alert").first).to_contain_text("Not sent, and gone: 1")
    assert axe(page) == []


def test_wrong_clock_gives_t2_and_old_lists_give_t1(site: Site, post: Open, watched: Watched) -> None:
    permit = issued()
    page = post()
    cut(page, watched)
    later(page, site.office.now - 86400)
    assert scanned(page, permit["qr"]) == "cannot_tell"
    assert codes(page) == ["T2"]
    assert page.locator("#endorse").count() == 0
    later(page, site.office.now + 9 * 3600)
    assert scanned(page, permit["qr"]) == "accept_offline"
    assert "T1" in codes(page)  # the status list is older than six hours
    expect(page.locator(".as-of")).to_contain_text("9 h ago")
    later(page, site.office.now + 80 * 3600)
    wedge(page, permit["qr"])  # the shift is over, so nobody can scan
    page.get_by_role("heading", name="Begin a shift").wait_for()
    assert page.locator(".verdict").count() == 0


def test_age_of_late_answer_counts_from_request(site: Site, post: Open) -> None:
    page = post()
    page.wait_for_load_state("networkidle")  # otherwise requests from the shift's beginning would be intercepted too
    expect(page.locator("#send")).to_be_enabled()
    held = hold(page, "**/v1/bundle")
    page.locator("#send").click()
    asked(page, held)
    later(page, site.office.now + 2 * 3600)
    held[0].continue_()
    sent(page)
    expect(page.locator(".as-of")).to_contain_text("2 h ago")


def test_fifth_wrong_pin_ends_the_sign_in(post: Open) -> None:
    page = post()
    page.get_by_role("button", name="Shift", exact=True).click()
    page.get_by_role("button", name="Lock", exact=True).click()
    for left in (4, 3, 2, 1):
        unlock(page, "0000")
        expect(page.locator("#pin-wrong")).to_contain_text(f"Tries left: {left}")
    page.reload()  # the counter survives a reload
    unlock(page, "0001")
    expect(page.get_by_role("alert").last).to_contain_text("Sign in again")
    assert page.evaluate("sessionStorage.getItem('tamga.token')") is None
    page.reload()
    expect(page.locator("#sign-in")).to_be_visible()


def test_look_alike_hosts_give_hold_and_are_never_opened(site: Site, post: Open, watched: Watched) -> None:
    page = post()
    digits = issued()["qr"].partition("#")[2]
    host = site.office.stage.host
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for number in range(200):
        page_host = f"{host[:-3]}{number}.kg" if number % 2 else f"{host}.check{number}.example"
        wedge(page, f"https://{page_host}/1#{digits}")
        page.locator(".verdict").wait_for()
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "hold")
    assert codes(page) == ["F6"]
    assert page.url == f"{site.address}/scan/"
    assert not [url for url in asked if "check" in url or ".kg" in url]
    cut(page, watched)  # offline too, where the register cannot answer
    assert scanned(page, f"https://{host}.example/1#{digits}") == "hold"
    assert codes(page) == ["F6"]


def test_events_of_lost_device_are_quarantined(site: Site, post: Open, watched: Watched) -> None:
    permit = issued()
    page = post()
    watched.expected += ["Failed to load resource"]
    assert eventually(lambda: site.office.now in kept(page, "kept"))  # the service knows the device
    sent(page)
    cut(page, watched)
    scanned(page, permit["qr"])
    endorse(page)
    other = post("aizada")
    other.get_by_role("button", name="Shift", exact=True).click()
    lost = other.locator(".devices > li").filter(has_not_text="this device")
    expect(lost).to_contain_text("Last heard of 25 November 2026")
    expect(lost).to_contain_text("Bekzat")
    assert other.locator(".devices button").count() == 1  # the device in use cannot be reported by itself
    lost.get_by_role("button", name="Lost: hall 2, phone 3").click()
    assert other.evaluate("document.activeElement.id") == "report-lost"
    assert axe(other) == []
    other.keyboard.press("Enter")
    expect(lost).to_contain_text("Reported lost 25 November 2026, 15:46 (UTC+6), Aizada")
    assert other.locator(".devices button").count() == 0
    page.context.set_offline(False)
    page.locator("#send").click()
    expect(page.locator(".sending")).to_contain_text("This device was reported lost")
    assert [each["state"] for each in kept(page)] == ["rejected"] * 2
    page.get_by_role("button", name="Done here").click()
    expect(page.locator(".done > li").first).to_contain_text("this device was reported lost")
    assert uses(site, permit) == []
    for name in ("Scan", "Shift"):
        other.get_by_role("navigation", name="Screens").get_by_role("button", name=name, exact=True).click()
    lost.get_by_role("button", name="What it sent since: hall 2, phone 3").click()
    expect(lost.get_by_role("group")).to_contain_text(f"Endorsement · {permit['number']} · 25 November 2026, 15:46")
    expect(lost.get_by_role("group")).to_contain_text("A 2 · AWB 065-7719")
    expect(lost.get_by_role("group")).to_contain_text("In the name of Bekzat; brought by Bekzat")
    assert axe(other) == []


def test_lost_device_cannot_endorse_online(site: Site, post: Open, watched: Watched) -> None:
    permit, other = issued(), issued()
    page = post()
    watched.expected += ["Failed to load resource"]
    # otherwise the device would learn of the report before it endorses
    page.route("**/v1/bundle", lambda route: route.abort())
    assert scanned(page, permit["qr"]) == "accept"
    page.locator("#endorse").click()
    page.get_by_role("button", name="All of it").click()
    page.locator("#transport").fill("AWB 065-7719")
    (device,) = get("/v1/devices", token="bekzat", query={"post": "manas-airport"}).json["items"]
    assert call("POST", f"/v1/devices/{device['device_id']}/revoke", {}, token="aizada").status == 200
    page.locator("button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("This device was reported lost")
    assert uses(site, permit) == []
    expect(page.locator(".sending")).to_contain_text("This device was reported lost")
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Scan", exact=True).click()
    scanned(page, other["qr"])
    expect(page.locator("main")).to_contain_text("This device was reported lost")
    cut(page, watched)  # nor offline: the device stores the report
    assert scanned(page, other["qr"]) == "accept_offline"
    expect(page.get_by_role("button", name="Endorse")).to_have_count(0)


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_screens_are_translated_and_fit_320_px(language: str, open_page: Open) -> None:
    permit = issued()
    page = open_page("/scan/", language=language, size=NARROW, token="bekzat")
    begin(page)
    wedge(page, permit["qr"])
    page.locator("#endorse").click()
    for _ in range(2):
        text = page.locator("body").inner_text()
        for english in ("Register", "Scan", "Endorse", "Goods", "Permitted", "device"):
            assert english not in text
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.locator(".ways-bar button").last.click()


def test_keys_typed_by_wedge_scanner_press_no_button(post: Open) -> None:
    page = post()
    held_back = """(keys) => { const now = performance.now(); return keys.map((key, at) => {
      const pressed = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      Object.defineProperty(pressed, 'timeStamp', { value: now + 2 * at }); // however busy this machine is meanwhile
      return !document.querySelector('#camera').dispatchEvent(pressed); }); }"""
    assert page.evaluate(held_back, ["Tab", "Enter", " ", "x", "Enter"]) == [False, True, True, False, True]
    for key in ("Enter", " "):
        page.wait_for_timeout(100)
        assert page.evaluate(held_back, [key]) == [False]  # slow enough for a human


def test_code_typed_with_a_pause_is_one_code(post: Open) -> None:
    page = post()
    wedge(page, issued()["qr"], pause=400)
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "accept")


def test_practice_without_practice_stage_ends_before_storing_data(site: Site, post: Open) -> None:
    page = post()
    page.evaluate(
        """(since) => sessionStorage.setItem('tamga.scan.practice', JSON.stringify({ since, post: 'manas-airport',
          officer: { id: 'x', name: 'x', roles: [], posts: [] }, told: [], hosts: [],
          lists: { trust_list: '', party_status_lists: {}, fetchedAt: 0 } }))""",
        site.office.now,
    )
    page.reload()
    unlock(page)  # unlocking works, so the device uses the real database
    page.locator("#camera").wait_for()
    assert page.evaluate("sessionStorage.getItem('tamga.scan.practice')") is None
    assert page.evaluate("indexedDB.databases().then((all) => all.map((each) => each.name))") == ["tamga-scan"]


# A PNG of one white pixel.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0005fe02fe"
    "dccc59e70000000049454e44ae426082"
)
