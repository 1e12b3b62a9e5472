"""Actions of the films of the exporter and the ministry's desk: from application to permit (see acts.py)."""

from __future__ import annotations

from browsing import Site
from desk import issued, ok, submitted
from http_client import call
from playwright.sync_api import Locator, expect
from recording import Reel

from chalicelib.kernel.roles import FINDING_ROLES

SIDES = (
    ("exporter", "Altyn Falcon LLC", "12 Toktogul St, Bishkek", "KG"),
    ("importer", "Al Dhafra Falcons", "P.O. Box 45, Abu Dhabi", "AE"),
)


def applying(reel: Reel, site: Site) -> None:
    page, before = reel.page, issued("applicant")
    page.reload()
    page.get_by_role("link", name=before["number"]).wait_for()
    reel.say()
    reel.click(page.locator("a[href='#apply']"))
    reel.say()
    _answer(reel, "document_type", "E")
    _forward(reel)
    reel.click(page.locator("form button[type=submit]"))
    page.locator("#wrong").wait_for()
    reel.say()
    for side, name, address, country in SIDES:
        reel.say()
        _answer(reel, f"{side}.name", name)
        _answer(reel, f"{side}.address", address)
        _answer(reel, f"{side}.country", country)
        _forward(reel)
    _answer(reel, "purpose", "B")
    _forward(reel)
    reel.click(reel.button("Add goods"))
    reel.say()
    reel.type(page.get_by_role("combobox"), "ителги" if page.locator("html[lang=ky]").count() else "saker")
    page.get_by_role("option").first.wait_for()
    reel.click(page.get_by_role("option").first)
    _forward(reel)
    reel.say()
    for path, value in (("term", "LIV"), ("description", "live bird, female")):
        _answer(reel, f"lines[0].{path}", value)
    _forward(reel)
    _answer(reel, "lines[0].quantity", "1")
    _forward(reel)
    reel.say()
    for path, value in (("source", "C"), ("origin.country", "KG")):
        _answer(reel, f"lines[0].{path}", value)
        _forward(reel)
    reel.say()
    _answer(reel, "lines[0].marks", "ring KG-0117")
    _forward(reel)
    reel.rest()
    page.goto(f"{site.address}/exporter/")
    page.locator("a[href='#apply']").wait_for()
    reel.settle(2)
    reel.say()
    reel.click(page.locator(".cards h3 a").filter(has_not_text=before["number"]).first)
    reel.settle(2)
    reel.say()
    reel.show(page.locator("main dl").first)
    reel.say()
    reel.rest()
    page.goto(f"{site.address}/exporter/#{before['id']}")
    page.locator(".standing").wait_for()
    reel.settle(2)
    reel.say()
    reel.show(page.locator(".standing button"))
    reel.say()
    reel.show(page.locator(f"a[href='#{before['id']}/lost']"))
    reel.look(2)


def issuing(reel: Reel, site: Site) -> None:
    made = submitted("applicant")
    first, *others = made["findings_needed"]
    for kind in others:
        body = {"kind": kind, "result": "positive", "note": "seen"}
        ok(call("POST", f"/v1/permits/{made['id']}/findings", body, token=FINDING_ROLES[kind]))
    page, place = reel.page, f"#/permit/{made['id']}"
    _at_the_desk(reel, "preparer", site)
    reel.say()
    reel.click(page.locator("tbody th a").first)
    page.locator("#decide").wait_for()
    reel.say()
    _open_and_leave(reel, reel.button("Return to the author"))
    _at_the_desk(reel, FINDING_ROLES[first], site, place)
    reel.say()
    reel.click(reel.button("Record a finding"))
    page.locator("#kind").select_option(first)
    reel.type(page.locator("#note"), "Breeding book seen, second generation")
    reel.say()
    _take(reel)
    _at_the_desk(reel, "preparer", site, place)
    reel.say()
    reel.show(page.locator("#decide"))
    _at_the_desk(reel, "approver", site, place)
    reel.say()
    reel.click(page.locator("#decide ~ .steps button.main").first)
    page.locator("iframe").wait_for()
    page.wait_for_timeout(4000)  # the browser's own viewer draws the PDF
    reel.settle(2)
    reel.say()
    reel.show(page.locator("#digest"))
    reel.say()
    reel.say()
    reel.click(page.locator("input[name=read]"))
    reel.rest()
    _take(reel)
    _at_the_desk(reel, "preparer", site, place)
    reel.say()
    reel.click(page.locator("#decide ~ .steps button.main").first)
    _take(reel)
    page.locator("section[aria-labelledby=decide] b.mono").wait_for()
    reel.say()
    reel.show(reel.button("Print the original for stamp and ink"))
    _open_and_leave(reel, reel.button("Replace"))
    _at_the_desk(reel, "approver", site, place)
    reel.say()
    reel.show(reel.button("Suspend"))
    reel.rest()
    page.locator("h1").scroll_into_view_if_needed()
    reel.settle()
    reel.say()


def _open_and_leave(reel: Reel, step: Locator) -> None:
    """Open a step, show its form and cancel."""
    reel.show(step)
    reel.click(step)
    reel.say()
    reel.look(4)
    reel.click(reel.button("Cancel"))


def _take(reel: Reel) -> None:
    """Submit the form of a step and wait until it closes."""
    form = reel.page.locator("form:has(h3)")
    reel.click(form.locator("button[type=submit]"))
    expect(form).to_have_count(0)
    reel.settle()


def _at_the_desk(reel: Reel, who: str, site: Site, place: str = "") -> None:
    reel.rest()
    page = reel.page
    page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", who)
    page.goto(f"{site.address}/desk/{place}")
    page.reload()
    page.locator("#decide" if place else ".tabs").first.wait_for()
    reel.settle()


def _answer(reel: Reel, path: str, value: str) -> None:
    field = reel.page.locator(f'[name="{path}"]')
    kind = field.first.evaluate("(it) => it.type")
    if kind == "radio":
        reel.click(reel.page.locator(f'[name="{path}"][value="{value}"]'))
    elif kind == "select-one":
        reel.choose(field, value)
    else:
        reel.type(field, value)


def _forward(reel: Reel) -> None:
    before = reel.page.locator("h1").inner_text()
    reel.click(reel.page.locator("form button[type=submit]"))
    expect(reel.page.locator("h1")).not_to_have_text(before)
    reel.settle(0.4)
