"""The scanner with late answers: the newest scan or request is shown."""

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


def test_late_photo_does_not_replace_newer_scan(open_page: Open) -> None:
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
    page.wait_for_timeout(1_000)  # the duration of reading it
    expect(page.locator(".verdict")).to_contain_text(second["number"])


def test_late_list_of_alerts_does_not_reopen_answered_alert(site: Site, open_page: Open) -> None:
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


def test_late_device_list_does_not_hide_reported_loss(site: Site, open_page: Open) -> None:
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


def test_loss_of_device_is_reported_after_leaving_the_screen(site: Site, open_page: Open) -> None:
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
    expect(page.locator("h1")).to_have_text("Done on this device")  # the page must not fail because its list is gone
    to(page, "Shift")
    expect(page.locator(".devices")).to_contain_text("Reported lost")


def test_late_uses_of_another_issuer_are_ignored(open_page: Open) -> None:
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
