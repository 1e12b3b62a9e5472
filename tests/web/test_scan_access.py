"""Accessibility of the scanner: keyboard, 320 px, 200 %, large letters, targets for gloved hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import DESKTOP, NARROW, ZOOMED, Site, Watched, axe, beyond, tab_to
from desk import issued
from http_client import call
from playwright.sync_api import Page, expect
from scanning import PIN, begin, wedge

Open = Callable[..., Page]
See = Callable[[str], None]
SMALL = """() => [...document.querySelectorAll("button, input, select, summary, a")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height > 1)
  .map((each) => [each.innerText || each.id, (each.closest(".file, label") ?? each).getBoundingClientRect().height])
  .filter(([, height]) => height < 55.5)"""
# Find words that extend past their button or break in the middle.
SPILT = """() => [...document.querySelectorAll(".directions button, .status button")].flatMap((button) => {
  const walk = document.createTreeWalker(button, NodeFilter.SHOW_TEXT), wrong = [];
  const box = button.getBoundingClientRect();
  for (let node; (node = walk.nextNode()); )
    for (const { 0: word, index } of node.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(node, index); range.setEnd(node, index + word.length);
      const { left, right } = range.getBoundingClientRect();
      if (range.getClientRects().length > 1 || left < box.left || right > box.right) wrong.push(word);
    }
  return wrong;
})"""


def walk(page: Page, see: See) -> None:
    """Go through every screen of a shift, from the sign-in on, and call `see` at each."""
    good, bad = issued(), issued()
    stopped = call("POST", f"/v1/permits/{bad['id']}/suspend", {"reason": "looked into"}, token="approver")
    assert stopped.status == 200
    ways = page.locator(".ways-bar button")
    page.locator("#sign-in").wait_for()
    see("sign in")
    page.evaluate("sessionStorage.setItem('tamga.token', 'bekzat')")
    page.reload()
    page.locator("#post").wait_for()
    page.locator("button[type=submit]").click()
    expect(page.locator("#set-up-wrong")).not_to_be_empty()
    see("set up")
    page.locator("#device-name").fill("hall 2, phone 3")
    page.locator("button[type=submit]").click()
    page.locator("#again").wait_for()
    page.locator("button[type=submit]").click()
    expect(page.locator("#pin-wrong")).not_to_be_empty()
    see("PIN")
    page.locator("#again").fill(PIN)
    page.locator("#pin").fill(PIN)
    page.locator("button[type=submit]").click()
    page.locator("#camera").wait_for()
    page.locator("summary").click()
    see("find")
    for search in ("#open-species", "#identify", "#which"):
        page.locator(search).click()
        page.locator(f"main:not(:has({search})) h1").wait_for()
        see(f"search {search}")
        ways.first.click()
        page.locator("#camera").wait_for()
    page.locator("summary").click()
    page.locator("#number").fill("26KG999999/E")
    page.locator("#code").fill("AAAA-AAAA")
    page.locator("#code").press("Enter")
    page.locator('.verdict[data-outcome="cannot_tell"]').wait_for()
    see("no such number")
    wedge(page, bad["qr"])
    page.locator(".procedure").wait_for()
    see("hold")
    wedge(page, good["qr"])
    page.locator("#endorse").wait_for()
    for each in page.locator("summary").all():
        each.click()
    see("verdict")
    page.locator("#endorse").click()
    page.locator("button[type=submit]").click()
    page.locator('[aria-invalid="true"]').first.wait_for()
    see("endorse")
    page.locator(".beside button").first.click()
    page.locator("#transport").fill("AWB 065-7719")
    page.locator("button[type=submit]").click()
    page.locator(".written").wait_for()
    see("receipt")
    ways.nth(1).click()
    page.locator(".done").wait_for()
    see("done here")
    ways.nth(2).click()
    page.locator(".devices").wait_for()
    see("shift")
    page.locator("main .rows > button").first.click()
    page.locator("#pin").wait_for()
    see("locked")


@pytest.mark.parametrize("size", [NARROW, ZOOMED], ids=["320 px", "200 %"])
def test_every_screen_fits_and_has_large_targets(open_page: Open, watched: Watched, size: Any) -> None:
    watched.expected.append("404")
    page = open_page("/scan/", language="ky", size=size)  # Kyrgyz has the longest words
    wrong: dict[str, Any] = {}

    def see(name: str) -> None:
        if found := [*beyond(page), *page.evaluate(SMALL)]:
            wrong[name] = found
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")  # WCAG 1.4.4
        if size is ZOOMED and (found := beyond(page)):
            wrong[f"{name}, large letters"] = found
        page.evaluate("document.documentElement.style.removeProperty('font-size')")

    walk(page, see)
    assert wrong == {}


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_targets_are_56_px_and_words_unbroken_on_each_phone_width(
    open_page: Open, watched: Watched, language: str
) -> None:
    watched.expected.append("404")
    page = open_page("/scan/", language=language)
    wrong: dict[str, Any] = {}

    def see(name: str) -> None:
        for width in (320, 360, 390):
            page.set_viewport_size({"width": width, "height": 740})
            if found := [*page.evaluate(SMALL), *page.evaluate(SPILT)]:
                wrong[f"{name}, {width} px"] = found

    walk(page, see)
    assert wrong == {}


def test_every_screen_passes_axe(open_page: Open, watched: Watched) -> None:
    watched.expected.append("404")
    page = open_page("/scan/", language="ru")
    wrong: dict[str, list[str]] = {}

    def see(name: str) -> None:
        if found := axe(page):
            wrong[name] = found

    walk(page, see)
    assert wrong == {}


def test_permit_is_endorsed_by_keyboard_alone(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/scan/", size=DESKTOP, token="bekzat")
    begin(page)
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "#number")
    page.keyboard.insert_text(permit["qr"])  # a scanner that types
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "accept")
    expect(page.locator("#word")).to_be_focused()  # a screen reader starts here, and so does the next Tab
    tab_to(page, "#endorse")
    page.keyboard.press("Enter")
    tab_to(page, "#quantity-0")
    page.keyboard.type("2")
    tab_to(page, "#transport")
    page.keyboard.type("AWB 065-7719")
    page.keyboard.press("Enter")
    expect(page.locator(".written")).to_contain_text("AWB 065-7719")
    expect(page.locator("main h1")).to_be_focused()
    tab_to(page, "#next")
    page.keyboard.press("Enter")
    tab_to(page, ".ways-bar button:last-child")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("This shift")
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement === document.body || "
                               "getComputedStyle(document.activeElement).outlineStyle === 'solid'"))  # fmt: skip
    assert seen == {True}  # the focus is always visible
    tab_to(page, "button:has-text('Lock')")
    page.keyboard.press("Space")
    tab_to(page, "#pin")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.locator("#camera").wait_for()
