"""Common names and drawings beside each line of a verdict."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import NARROW, PHONE, ZOOMED, Site, Watched, axe, beyond, cut
from desk import issued
from playwright.sync_api import Page, expect
from scanning import begin, kept, scanned, sent, wedge

Open = Callable[..., Page]
GOODS = "() => import(new URL('scan/goods.js', document.querySelector('link[href$=\"design.css\"]').href))"
STAGE = "{ zone: 'Asia/Bishkek' }"
HELD = """window.__released = new Promise((done) => { window.__release = done; });
const real = window.fetch;
window.fetch = async (asked, ...rest) => {
  if (String(asked?.url ?? asked).includes("/identification/")) await window.__released;
  return real(asked, ...rest);
};"""


def look(page: Page, name: str) -> None:
    if os.environ.get("TAMGA_LOOK"):
        page.screenshot(path=str(Path(os.environ["TAMGA_LOOK"]) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(
    ("language", "size", "common"),
    [("ky", NARROW, "Ителги"), ("ru", NARROW, "Балобан"), ("en", ZOOMED, "Saker Falcon"), ("ru", PHONE, "Балобан")],
)
def test_line_shows_common_name_and_drawing_with_link_to_the_aid(
    site: Site, open_page: Open, watched: Watched, language: str, size: dict[str, int], common: str
) -> None:
    permit = issued()
    page = open_page("/scan/", language=language, size=size, token="bekzat")
    begin(page)
    cut(page, watched)
    assert scanned(page, permit["qr"], asked=False) == "accept_offline"
    line = page.locator(".line")
    expect(line.locator(".common")).to_have_text(common)
    expect(line.locator("[data-candidate]")).to_have_count(1)
    assert line.locator("[data-candidate]").get_attribute("data-candidate") == "saker"
    assert line.locator("svg.drawing").evaluate("(it) => it.getBBox().width") > 100  # an empty drawing has width 0
    assert axe(page) == []
    assert beyond(page) == []
    look(page, f"goods-{language}-{size['width']}")

    line.locator("[data-candidate]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Falco cherrug")
    page.locator(".alike [data-candidate]").first.click()
    page.locator("#ident-back").click()
    assert page.locator("#ident-back").count() == 0
    assert axe(page) == []
    page.locator("#back-to-verdict").click()
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "accept_offline")
    assert len(kept(page)) == 1  # looking up an animal is not a second scan


def test_late_identification_aid_does_not_change_the_verdict(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/scan/")
    page.context.add_init_script(HELD)
    begin(page)
    assert scanned(page, permit["qr"]) == "accept"
    line = page.locator(".line")
    stood = line.bounding_box()
    assert line.locator("[data-candidate]").count() == 0
    page.evaluate("window.__release()")
    page.evaluate(f"({GOODS})().then((it) => it.held({STAGE}))")  # wait until the aid has loaded
    page.evaluate("dispatchEvent(new Event('online'))")  # send, and so render the page again
    sent(page)
    assert line.locator("[data-candidate]").count() == 0
    assert line.bounding_box() == stood
    page.locator("#next").click()
    page.locator("#camera").wait_for()
    page.evaluate(f"({GOODS})().then((it) => it.held({STAGE}))")
    wedge(page, permit["qr"])
    expect(line.locator("[data-candidate]")).to_have_count(1)


def test_common_names_are_found_by_exact_signed_name_only(site: Site, open_page: Open) -> None:
    page = open_page("/scan/", language="ky", token="bekzat")
    begin(page)
    page.evaluate(f"({GOODS})().then((it) => {{ window.goods = it; }})")
    found = page.evaluate(
        """async ([names]) => { const held = await goods.held({ zone: "Asia/Bishkek" });
          return names.map(([name, term]) =>
          [goods.called(held, name), goods.drawnAs(held, { scientific_name: name, term })]); }""",
        [[
            ("Falco cherrug", "LIV"), ("Uncia uncia", "SKI"), ("Anas formosa", "LIV"), ("Panthera uncia", "SKI"),
            ("Panthera uncia", "TRO"), ("falco cherrug", "LIV"), ("Falco cherrug ", "LIV"),
            ("constructor", "LIV"), ("__proto__", "LIV"), ("<b>Falco cherrug</b>", "LIV"),
        ]],
    )  # fmt: skip
    saker, old_name, no_kyrgyz, hide, trophy, *none = found
    assert saker == [{"name": "Ителги", "language": "ky"}, ["saker"]]
    assert old_name[0] == hide[0] == trophy[0]  # a synonym is a name of the list
    assert no_kyrgyz[0]["language"] == "ru"  # Russian, marked as such, rather than no name
    assert hide[1] == ["snow-leopard-hide"]
    assert len(trophy[1]) == 4  # a trophy may be any of four parts
    assert none == [[None, []]] * 5
