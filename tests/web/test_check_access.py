"""Accessibility of the public check: axe, keyboard, small and zoomed screens, print, a slow line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium
import pytest
from browsing import DESKTOP, NARROW, PHONE, ZOOMED, Site, axe, beyond, endorse, outcome, shifts, tab_to
from desk import issued
from http_client import call
from playwright.sync_api import Page, expect
from scanning import asked, hold

from local.door import WEB

Open = Callable[..., Page]
LANGUAGES = ("ky", "ru", "en", "fr")
HUE_OF_GREEN = range(75, 170)


def ended(permit: Any, how: str) -> None:
    """Change the permit's state with this step."""
    body = {
        "suspend": {"reason": "looked into"}, "lost": {"reason": "in the post", "how": "lost"},
        "revoke": {"reason": "the holder's wish", "for_cause": False},
    }[how]  # fmt: skip
    answer = call("POST", f"/v1/permits/{permit['id']}/{how}", body, token="approver")
    assert answer.status == 200, answer.body


@pytest.fixture
def shown(site: Site, open_page: Open) -> Callable[..., Page]:
    """Factory: `shown(outcome, language, size)` opens the result page of a permit with this outcome."""

    def of(wanted: str, language: str = "en", size: Any = PHONE) -> Page:
        permit = issued()
        if wanted == "check":
            endorse(permit, site.office)
        if wanted in {"not_valid", "hold"}:
            ended(permit, {"not_valid": "revoke", "hold": "suspend"}[wanted])
        qr = permit["qr"][:-30] if wanted == "cannot_tell" else permit["qr"]
        page = open_page("about:blank", language=language, size=size)
        if wanted == "accept_offline":
            page.route("**/v1/verify", lambda route: route.fulfill(status=200, body="no json"))
        page.goto(site.link(qr))
        assert outcome(page) == wanted
        return page

    return of


OUTCOMES = ("accept", "accept_offline", "check", "not_valid", "hold", "cannot_tell")


@pytest.mark.parametrize("wanted", OUTCOMES)
def test_outcome_page_passes_axe_without_layout_shift(shown: Callable[..., Page], wanted: str) -> None:
    page = shown(wanted)
    for each in page.locator("summary").all():
        each.click()
    assert axe(page) == []
    assert shifts(page) == []
    assert page.evaluate("document.activeElement.id || document.activeElement.tagName") in {"word", "SUMMARY"}


@pytest.mark.parametrize("wanted", OUTCOMES)
def test_outcome_page_fits_each_width(shown: Callable[..., Page], wanted: str) -> None:
    page = shown(wanted, "ky")  # Kyrgyz has the longest words
    for size in (NARROW, ZOOMED, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert beyond(page) == [], size


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, ZOOMED], ids=["320 px", "200 %"])
def test_start_and_verdict_fit_narrow_screens_without_layout_shift(
    site: Site, open_page: Open, language: str, size: Any
) -> None:
    permit = issued()
    page = open_page("/1", language=language, size=size)
    page.locator("h1").wait_for()
    assert beyond(page) == []
    assert shifts(page) == []
    held = hold(page, "**/v1/verify")
    page.evaluate("(digits) => { location.hash = digits; }", permit["qr"].partition("#")[2])
    asked(page, held)
    page.locator(".stages li").nth(1).wait_for()
    held.pop().continue_()
    assert outcome(page) == "accept"
    page.wait_for_timeout(50)  # the browser reports a shift with the next frame
    assert shifts(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_of_uses_fit_smallest_screen_without_scrolling(site: Site, open_page: Open, language: str) -> None:
    permit = issued()
    endorse(permit, site.office, quantity="1")
    endorse(permit, site.office, "import", quantity="1")
    page = open_page("about:blank", language=language, size=NARROW)
    page.goto(f"{site.address}/1#{permit['qr'].partition('#')[2]}")
    tables = page.locator(".use .scroll")
    expect(tables).to_have_count(2)
    for table in tables.all():
        assert table.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0


def test_double_font_size_fits(shown: Callable[..., Page]) -> None:
    """WCAG 1.4.4: the reader's own font size."""
    page = shown("accept", "ru", {"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert beyond(page) == []


def test_check_works_by_keyboard_alone(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1", size=DESKTOP)
    page.locator("h1").wait_for()
    tab_to(page, "#number")
    page.keyboard.type(permit["number"])
    page.keyboard.press("Tab")
    page.keyboard.type(permit["check_code"])
    page.keyboard.press("Enter")
    assert outcome(page) == "accept"
    assert page.evaluate("document.activeElement.id") == "word"  # a screen reader starts here, and so does the next Tab
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText.trim()") == "They are leaving"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert outcome(page) == "check"
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    expect(page.locator("details").first).to_have_attribute("open", "")
    tab_to(page, "button:has-text('Check another')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_keyboard_focus_is_visible(open_page: Open) -> None:
    page = open_page("/1")
    page.locator("h1").wait_for()
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(
            """() => { const active = document.activeElement;
              const style = (each) => getComputedStyle(each).outlineStyle;
              return active === document.body || style(active.closest(".file") ?? active) === "solid"; }"""
        ))  # fmt: skip
    assert seen == {True}


@pytest.mark.parametrize("wanted", ["start", *OUTCOMES])
def test_touch_targets_are_large_enough(shown: Callable[..., Page], open_page: Open, wanted: str) -> None:
    """44 px (WCAG 2.5.5, AAA) for every target, 56 px for main buttons and answers."""
    page = open_page("/1") if wanted == "start" else shown(wanted)
    page.locator("h1:visible").first.wait_for()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input, summary, .button, a.tel")]
          .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height > 1)
          .map((each) => [each.innerText || each.id, each.getBoundingClientRect().height,
            each.matches(".languages button, summary, .tel") ? 44 : 56])
          .filter(([, height, least]) => height < least - 0.5)"""
    )
    assert small == []


@pytest.mark.parametrize("wanted", ["accept", "check", "hold"])
def test_printed_record_has_all_facts_and_no_buttons(shown: Callable[..., Page], wanted: str) -> None:
    page = shown(wanted)
    number = page.locator(".about .mono").first.inner_text()
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    parts = ("Record of a check", "Checked", "25 November 2026, 15:46 (UTC+6)", "Data as of", "Reference",
             "I am only looking", "square code", "https://practice.tamga.kg/1", "This record is no permit.",
             "Practice register", number, "Falco cherrug", "The checks one by one", "1. Form of the text")  # fmt: skip
    assert [part for part in parts if part not in text] == []
    for part in ("Print a record", "Check another", "Ask the ministry", "Кыргызча", "What about the goods?"):
        assert part not in text, part
    assert page.locator(".verdict").evaluate("(each) => getComputedStyle(each).backgroundColor") == "rgb(255, 255, 255)"
    assert len(pdfium.PdfDocument(page.pdf(format="A4"))) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_verdict_page_loads_less_than_100_kb(site: Site, open_page: Open, language: str) -> None:
    permit = issued()
    endorse(permit, site.office)  # the register's answer is longest for a used permit
    page = open_page("about:blank", language=language)
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    asked: dict[str, str] = {}
    loaded: dict[str, int] = {}
    client.on("Network.responseReceived", lambda event: asked.update({event["requestId"]: event["response"]["url"]}))
    client.on("Network.loadingFinished", lambda event: loaded.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(site.link(permit["qr"]))
    assert outcome(page) == "check"
    page.wait_for_load_state("networkidle")
    print(f"\npublic check with its verdict, {language}: {sum(loaded.values())} bytes")
    assert sum(loaded.values()) < 100_000
    assert not [url for url in asked.values() if "zxing" in url or "barcode" in url or url.endswith(".wasm")]


def test_return_visit_loads_every_resource_from_cache(site: Site, open_page: Open) -> None:
    page = open_page("/1")
    page.wait_for_load_state("networkidle")
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    loaded: dict[str, str] = {}
    cached: set[str] = set()
    client.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))

    def response(event: dict[str, Any]) -> None:
        loaded[event["requestId"]] = event["response"]["url"].removeprefix(site.address)
        if event["response"]["fromDiskCache"]:
            cached.add(event["requestId"])

    client.on("Network.responseReceived", response)
    page.goto("about:blank")
    page.goto(f"{site.address}/1")
    page.wait_for_load_state("networkidle")
    assert any(url.endswith(".js") for url in loaded.values())
    assert [url for request, url in loaded.items() if request not in cached] == ["/1"]


def test_only_accept_has_a_green_colour() -> None:
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (WEB / "design.css").read_text()))
    greens = [name for name, colour in tokens.items() if _is_green(colour)]
    assert greens == ["accept"]


def test_outcomes_differ_in_icon_shape_and_have_enough_contrast() -> None:
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (WEB / "design.css").read_text()))
    for name in ("accept", "accept-offline", "check", "not-valid", "hold", "cannot-tell"):
        assert _contrast(tokens[name], tokens[f"{name}-ink"]) >= 4.5, name
        assert _contrast(tokens[name], tokens["paper"]) >= 1.5, name
    icons = dict(re.findall(r"  (\w+): svg`(.*?)`", (WEB / "shared/icons.js").read_text()))
    silhouettes = [icons[name].split("/>")[0] for name in OUTCOMES]
    assert len(set(silhouettes)) == len(OUTCOMES)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _is_green(colour: str) -> bool:
    import colorsys

    hue, _, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    return saturation > 0.2 and round(hue * 360) in HUE_OF_GREEN


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""

    def lightness(colour: str) -> float:
        red, green, blue = ((c / 12.92) if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((lightness(one), lightness(other)))
    return (light + 0.05) / (dark + 0.05)
