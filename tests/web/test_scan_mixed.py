"""A verdict is never attributed to another paper: on the card, by sound, in the consignment's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from browsing import Site, Watched, pdf
from desk import issued, ok
from filming import Film, beside, on_table, photo, see
from http_client import call
from papers import imported, opened
from playwright.sync_api import Page, expect
from scanning import asked, begin, codes, endorse, hold, kept, scanned, uses, wedge

Open = Callable[..., Page]
HEAR = """() => { window.heard = 0;
  Object.defineProperty(navigator, 'vibrate', { value: () => { heard += 1; return true; } }); }"""


def suspended() -> dict[str, Any]:
    permit: dict[str, Any] = issued()
    answer = call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "looked into"}, token="approver")
    assert answer.status == 200
    return permit


def alerts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(call("GET", "/v1/alerts", token="a-enforcement"))["items"]
    return found


def in_hand(page: Page) -> list[str]:
    page.locator("#next").click()
    return page.locator("section[aria-labelledby=consignment] li").all_inner_texts()


def test_late_answer_makes_no_signal_for_next_paper(open_page: Open) -> None:
    good, bad = issued(), suspended()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    held = hold(page, "**/v1/scans")
    page.locator("summary").first.click()
    page.locator("#number").fill(good["number"])
    page.locator("#code").fill(good["check_code"])
    page.get_by_role("button", name="Check", exact=True).click()
    asked(page, held)
    page.unroute("**/v1/scans")
    page.locator("#next").click()
    assert scanned(page, bad["qr"]) == "hold"
    page.get_by_role("button", name="Done here").click()
    page.evaluate(HEAR)
    with page.expect_response("**/v1/scans"):
        held.pop().continue_()
    page.wait_for_timeout(300)
    assert page.evaluate("heard") == 0
    expect(page.locator("h1")).to_have_text("Done on this device")  # the screen does not change either


def test_photo_of_two_permits_gives_hold_for_the_suspended_one(open_page: Open) -> None:
    good, bad = issued(), suspended()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    for texts, told in (((good["qr"], bad["qr"]), "hold"), ((good["qr"], good["qr"]), "accept")):
        page.locator("input[type=file]").first.set_input_files(photo(*texts))
        page.locator(".verdict:not([aria-busy=true])").wait_for()
        expect(page.locator(".verdict .asked")).not_to_contain_text("asking")
        assert page.locator(".verdict").get_attribute("data-outcome") == told
        assert ("D3" in codes(page)) == (told == "hold")
        page.locator("#next").click()
    assert [alert["permit"]["number"] for alert in alerts()] == [bad["number"]]  # the duty desks are notified


def test_hold_by_file_or_paper_number_alerts_the_duty_desks(site: Site, open_page: Open) -> None:
    paper, bad = imported(opened(site.office)), issued()
    file = {"name": "permit.pdf", "mimeType": "application/pdf", "buffer": pdf(bad)}
    for each in (paper.id, bad["id"]):
        ok(call("POST", f"/v1/permits/{each}/suspend", {"reason": "looked into"}, token="approver"))
    page = open_page("/scan/", token="bekzat")
    begin(page)
    page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "hold")
    page.locator("#next").click()
    page.locator("summary").first.click()
    page.locator("#number").fill("kg 117-2026")
    page.locator("#number").press("Enter")
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "hold")
    told = [(alert["permit"]["number"], alert["post"]) for alert in alerts()]
    assert sorted(told) == sorted((number, "manas-airport") for number in (paper.number, bad["number"]))


def test_two_permits_before_camera_give_no_verdict(film: Film) -> None:
    good, bad = issued(), suspended()
    waybill = "https://www.example.org/waybill/123456789"
    page = film(on_table(beside(bad["qr"], good["qr"])), "/scan/", then=on_table(beside(waybill, good["qr"])))
    begin(page)
    page.locator("#camera").click()
    expect(page.locator(".finder-hint")).to_have_text("Several codes: show one permit at a time.")
    assert kept(page) == []
    see(page)
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "accept")
    assert [(each["event"]["qr"], each["event"].get("other_pages")) for each in kept(page)] == [(good["qr"], None)]


def test_unsent_endorsement_on_device_overrides_accept_of_register(
    site: Site, open_page: Open, watched: Watched
) -> None:
    watched.expected += ["ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    permit = issued()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    page.route("**/v1/sync", lambda route: route.abort())
    page.context.set_offline(True)
    scanned(page, permit["qr"])
    endorse(page)
    page.context.set_offline(False)
    assert scanned(page, permit["qr"]) == "check"
    assert "U5" in codes(page)
    assert uses(site, permit) == []  # the register has answered without knowing of this use
    assert [each["answer"]["outcome"] for each in kept(page) if each["answer"]] == ["accept"]


def test_consignment_list_keeps_earlier_hold(open_page: Open) -> None:
    good = issued()
    forged = good["qr"][:-5] + ("1" if good["qr"][-5] != "1" else "2") + good["qr"][-4:]
    page = open_page("/scan/", token="bekzat")
    begin(page)
    assert scanned(page, forged) == "hold"
    page.locator("#next").click()
    assert scanned(page, "https://www.example.org/waybill/123456789") == "cannot_tell"
    assert [each.split("·")[1].strip() for each in in_hand(page)] == ["Hold", "No answer"]
    assert scanned(page, good["qr"]) == "accept"
    assert len(in_hand(page)) == 3
    page.get_by_role("button", name="That was all").click()
    held = hold(page, "**/v1/scans")
    wedge(page, good["qr"])
    asked(page, held)
    page.get_by_role("button", name="Next consignment").click()
    with page.expect_response("**/v1/scans"):
        held.pop().continue_()
    page.wait_for_timeout(300)
    assert page.locator("#consignment").count() == 0  # the late answer belonged to the previous consignment
