"""Steps to each screen of the scanner, for screens.py."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from browsing import Site
from playwright.sync_api import Page, Route, expect
from scanning import PIN, POST, begin, endorse, wedge
from staff import staffed
from studio import Shown, Studio

from app import app
from chalicelib.composition import container
from chalicelib.kernel.stage import Stage
from local import server
from local.workshop.prints import one_digit_changed

WAYBILL = "https://www.example.org/waybill/123456789"
DONE, SHIFT = 1, 2  # of the buttons along the scanner's lower edge


def sign_in(at: Studio) -> Page:
    shown = at.open("/scan/")
    shown.locator("#sign-in").wait_for()
    return shown


def set_up(at: Studio) -> Page:
    shown = at.open("/scan/", who="bekzat")
    shown.locator("#post").wait_for()
    return shown


def pin(at: Studio) -> Page:
    shown = set_up(at)
    shown.locator("#post").select_option(POST)
    shown.locator("#device-name").fill("hall 2, phone 3")
    shown.locator("button[type=submit]").click()
    shown.locator("#pin").wait_for()
    return shown


def at_work(at: Studio, language: str = "en") -> Page:
    shown = at.open("/scan/", who="bekzat", language=language)
    begin(shown)
    expect(shown.locator(".sending")).not_to_contain_text("Sending")
    return shown


def find(at: Studio) -> Page:
    shown = at_work(at)
    shown.evaluate("scrollTo(0, 0)")
    return shown


def way(index: int) -> Shown:
    def shown(at: Studio) -> Page:
        page = scanned("sakers to the Emirates", "accept")(at)
        page.locator(".ways-bar button").nth(index).click()
        page.wait_for_load_state("networkidle")
        return page

    return shown


def locked(at: Studio) -> Page:
    shown = at_work(at)
    shown.get_by_role("button", name="Shift", exact=True).click()
    shown.get_by_role("button", name="Lock", exact=True).click()
    shown.locator("#pin").wait_for()
    return shown


def wrong_pin(at: Studio) -> Page:
    shown = locked(at)
    shown.locator("#pin").fill(f"{PIN}0")
    shown.locator("button[type=submit]").click()
    expect(shown.locator("#pin-wrong")).not_to_be_empty()
    return shown


def scanned(story: str, outcome_: str, *, language: str = "en", show: str = "", offline: bool = False) -> Shown:
    """Open the verdict on a permit. `show`: selector of the element to scroll to the upper edge."""

    def shown(at: Studio) -> Page:
        page = at_work(at, language)
        page.context.set_offline(offline)
        return _judged(page, at.permit(story)["qr"], outcome_, show)

    return shown


def read(text: Callable[[Studio], str], outcome_: str, show: str = "") -> Shown:
    return lambda at: _judged(at_work(at), text(at), outcome_, show)


def _judged(page: Page, text: str, outcome_: str, show: str) -> Page:
    wedge(page, text)
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", outcome_)
    expect(page.locator(".verdict .asked")).not_to_contain_text("…")  # the register has answered
    expect(page.locator("#send")).to_be_enabled()
    page.wait_for_load_state("networkidle")
    if show:
        page.locator(show).first.evaluate("(it) => scrollTo(0, it.getBoundingClientRect().top + scrollY - 16)")
    return page


def forged(at: Studio) -> str:
    return one_digit_changed(str(at.permit("sakers to the Emirates")["qr"]))


def arriving(at: Studio) -> Page:
    shown = at_work(at)
    shown.locator(".directions").get_by_role("button", name="They arrive").click()
    return _judged(shown, at.permit("argali trophy to Spain")["qr"], "check", "")


def endorsing(at: Studio) -> Page:
    shown = scanned("sakers to the Emirates", "accept")(at)
    shown.locator("#endorse").click()
    shown.locator("#transport").wait_for()
    return shown


def too_many(at: Studio) -> Page:
    shown = endorsing(at)
    shown.locator("#quantity-0").fill("3")
    shown.locator("button[type=submit]").click()
    expect(shown.locator("#quantity-0-wrong")).not_to_be_empty()
    return shown


def receipt(at: Studio) -> Page:
    shown = scanned("ibex trophy, certificate of origin", "accept")(at)
    endorse(shown)
    expect(shown.locator("#send")).to_be_enabled()
    shown.evaluate("scrollTo(0, 0)")
    return shown


def case(at: Studio) -> Page:
    shown = read(forged, "hold")(at)
    shown.locator("#open-case").click()
    shown.locator("main form").wait_for()
    return shown


def pressed(*selectors: str) -> Shown:
    def shown(at: Studio) -> Page:
        page = at_work(at)
        for selector in selectors:
            page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")
        return page

    return shown


def at_shift(at: Studio) -> Page:
    shown = way(SHIFT)(at)
    shown.locator("#devices").evaluate("(it) => scrollTo(0, it.getBoundingClientRect().top + scrollY - 32)")
    return shown


def asking(at: Studio) -> Page:
    """Open a question to the Scientific Authority, from a candidate that the identification aid could not settle."""
    shown = pressed(*HORN, '.hand [data-candidate="argali-horn"]')(at)
    # fixed, so that each picture is the same
    shown.evaluate("crypto.randomUUID = () => '5f0c7c1e-7d1b-4c9c-8a43-0d6f5a3f9b21'")
    shown.locator("#ask-expert").click()
    shown.locator("#f-question").fill("Both horns 62 cm along the curve, 24 cm round the base. Argali, or a big ram?")
    shown.evaluate("scrollTo(0, 0)")
    return shown


def asked(at: Studio) -> Page:
    shown = asking(at)
    shown.locator("main button[type=submit]").click()
    expect(shown.get_by_text("The register has it.", exact=True)).to_be_visible()
    expect(shown.locator("#send")).to_have_text("Update")
    shown.evaluate("scrollTo(0, 0)")
    return shown


def species(at: Studio) -> Page:
    shown = pressed("#open-species")(at)
    shown.locator("#species").fill("saiga")
    shown.locator('[data-species="saiga-tatarica"]').click()
    return shown


def in_practice(at: Studio) -> Page:
    """Open the scanner of a real register with a sheet of the practice register."""
    sheet, published = at.permit("sakers to the Emirates")["qr"], at.site.office.static
    real = staffed(Stage(host="tamga.kg", practice=False, duty_number=at.site.office.stage.duty_number))
    real.config, real.now = replace(real.config, practice_pins=at.site.office.config.pins), at.site.office.now
    container.replace_deps(real)
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    shown = replace(at, site=Site(real, int(running.effective_port))).open("/scan/", who="bekzat")
    shown.context.route("**/practice/**", lambda route: _published(route, published))
    begin(shown)
    shown.locator(".ways-bar button").last.click()
    with shown.expect_navigation():
        shown.locator("#practise").click()
    shown.locator("#leave-practice").wait_for()
    shown.locator("html[data-ready]").wait_for(state="attached")
    wedge(shown, sheet)
    expect(shown.locator(".verdict")).to_have_attribute("data-outcome", "accept_offline")
    return shown


def _published(route: Route, published: Any) -> None:
    held = published.read(route.request.url.partition("/practice/")[2])
    route.fulfill(body=held[0]) if held else route.fulfill(status=404)


HORN = ("#identify", '[data-answer="horn"]', '[data-answer="0"]')
SCREENS: dict[str, dict[str, tuple[str, Shown]]] = {
    "The scanner, `/scan/`": {
        "scan-sign-in": ("Before a shift", sign_in),
        "scan-set-up": ("Whose device it is", set_up),
        "scan-pin": ("The PIN of the shift", pin),
        "scan-find": ("Ready", find),
        "scan-accept": ("In order (in Kyrgyz)", scanned("sakers to the Emirates", "accept", language="ky")),
        "scan-goods": ("The goods beside what is signed", scanned("sakers to the Emirates", "accept", show=".line")),
        "scan-offline": ("Without a network", scanned("sakers to the Emirates", "accept_offline", offline=True)),
        "scan-used": ("Used already: the same goods?", scanned("argali trophy to Spain", "check")),
        "scan-arrivals": ("An export permit on the way in", arriving),
        "scan-not-valid": ("Replaced", scanned("replaced, importer's name corrected", "not_valid")),
        "scan-cannot-tell": ("A waybill's code", read(lambda at: WAYBILL, "cannot_tell")),
        "scan-next-page": ("A page is missing", scanned("nine birds on three pages", "check", show="#next")),
        "scan-hold": ("Not genuine", read(forged, "hold")),
        "scan-procedure": ("What to do at hold", read(forged, "hold", "#procedure")),
        "scan-case": ("A case", case),
        "scan-endorse": ("What really passes", endorsing),
        "scan-too-many": ("More than permitted", too_many),
        "scan-receipt": ("What to write into block 14", receipt),
        "scan-foreign": ("Another country's permit, without a code", pressed("#foreign")),
        "scan-ident": ("What is in the hand?", pressed("#identify")),
        "scan-candidate": ("What it may be", pressed(*HORN, '.hand [data-candidate="argali-horn"]')),
        "scan-expert": ("Ask an expert", asking),
        "scan-recorded": ("Written down", asked),
        "scan-species": ("A species", species),
        "scan-which": ("Which document should I see?", pressed("#which")),
        "scan-alerts": ("Alerts", pressed("#alerts")),
        "scan-done": ("Done on this device", way(DONE)),
        "scan-shift": ("The shift", way(SHIFT)),
        "scan-devices": ("The post's devices", at_shift),
        "scan-practice": ("Practice inside a real register", in_practice),
        "scan-locked": ("Locked, and a wrong PIN", wrong_pin),
    },
}
