"""Whether the scanner shows what was asked or found last, however late an earlier answer comes."""

from __future__ import annotations

from at_desk import Open
from border import Phone, new_uuid
from browsing import Site
from desk import issued, ok
from filming import photo
from http_client import call
from late import Held, writing
from playwright.sync_api import Page, Route, expect
from scanning import POST, begin, eventually, wedge

from chalicelib.kernel.days import to_text


def at_work(open_page: Open) -> Page:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    return page


def to(page: Page, screen: str) -> None:
    page.get_by_role("navigation", name="Screens").get_by_role("button", name=screen, exact=True).click()


def test_a_photo_that_is_read_late_takes_no_place_of_the_paper_scanned_since(open_page: Open) -> None:
    first, second = issued(), issued()
    page = at_work(open_page)
    page.evaluate("""() => {
        const read = createImageBitmap;
        window.createImageBitmap = async (file) => {
          await new Promise((go) => { window.goOn = go; });
          return read(file);
        };
    }""")
    page.locator("input[type=file]").first.set_input_files(photo(first["qr"]))
    assert eventually(lambda: bool(page.evaluate("'goOn' in window")))
    wedge(page, second["qr"])
    expect(page.locator(".verdict")).to_contain_text(second["number"])
    page.evaluate("window.goOn()")
    page.wait_for_timeout(1_000)  # as long as reading it takes
    expect(page.locator(".verdict")).to_contain_text(second["number"])


def test_an_alert_that_was_answered_waits_for_nobody_again(site: Site, open_page: Open) -> None:
    forged = issued()["qr"].replace("practice.", "practise.", 1)
    seen = {"event_id": new_uuid(), "post": POST, "direction": "export", "goods_present": True, "qr": forged,
            "scanned_at": to_text(site.office.now)}  # fmt: skip
    ok(call("POST", "/v1/scans", seen, token="aizada"))
    page = at_work(open_page)
    page.locator("#alerts").wait_for()
    looking = Held(page, "**/v1/alerts?open=true", answered=True)
    page.locator("#alerts").click()
    looking.wait()
    page.get_by_label("What you are doing about it").fill("At the post.")
    page.get_by_role("button", name="I answer it").click()
    expect(page.get_by_text("Answered by Bekzat, Customs")).to_be_visible()
    looking.let()
    expect(page.get_by_text("Answered by Bekzat, Customs")).to_be_visible()


def test_a_device_that_was_reported_lost_is_said_to_be(site: Site, open_page: Open) -> None:
    Phone(site.office)
    page = at_work(open_page)
    listing = Held(page, "**/v1/devices?*", answered=True)
    to(page, "Shift")
    listing.wait()
    to(page, "Done here")
    to(page, "Shift")
    listing.wait(2)
    listing.routes.reverse()
    listing.let()
    page.get_by_role("button", name="Lost: phone").click()
    page.get_by_role("button", name="Report it lost").click()
    listing.wait(2)
    listing.routes.reverse()
    listing.let()
    expect(page.locator(".devices")).to_contain_text("Reported lost")
    listing.let()
    expect(page.locator(".devices")).to_contain_text("Reported lost")


def test_a_device_is_reported_lost_though_its_screen_was_left(site: Site, open_page: Open) -> None:
    Phone(site.office)
    page = at_work(open_page)
    to(page, "Shift")
    page.get_by_role("button", name="Lost: phone").click()
    lost = Held(page, "**/v1/devices/*/revoke", writing)
    page.get_by_role("button", name="Report it lost").click()
    lost.wait()
    to(page, "Done here")
    with page.expect_response("**/v1/devices?*"):
        lost.let()
    expect(page.locator("h1")).to_have_text("Done on this device")  # and nothing fails for want of the list
    to(page, "Shift")
    expect(page.locator(".devices")).to_contain_text("Reported lost")


def test_what_is_said_of_a_number_is_said_of_this_countrys(open_page: Open) -> None:
    page = at_work(open_page)
    held: list[Route] = []
    page.route("**/v1/foreign-permits/known?*issuer=KZ*", lambda route: held.append(route))  # noqa: PLW0108
    page.locator("#foreign").click()
    page.locator("#f-number").fill("77-123")
    page.locator("#f-issuer").select_option("KZ")
    with page.expect_response("**/v1/foreign-permits/known?*issuer=UZ*"):
        page.locator("#f-issuer").select_option("UZ")
    use = {"post": POST, "at": "2026-11-20T08:00:00Z", "day": "2026-11-20", "kind": "import", "by_name": "Aizada"}
    held[0].fulfill(json={"used": [use]})
    page.wait_for_timeout(300)
    expect(page.locator("main")).not_to_contain_text("Manas Airport")
