"""The scanner's species list: offline look-up, and the newest list once there is a network."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import quota_play
from browsing import Site, Watched, axe, beyond, cut, shifts
from desk import issued
from playwright.sync_api import Page, expect
from scanning import KEPT, begin, eventually, later, scanned

Open = Callable[..., Page]
NARROW = {"width": 320, "height": 640}
NAMES = ("species", "requirements", "quotas")


def look(page: Page, name: str) -> None:
    if os.environ.get("TAMGA_LOOK"):
        page.screenshot(path=str(Path(os.environ["TAMGA_LOOK"]) / f"{name}.png"), full_page=True)


def test_species_is_looked_up_offline(site: Site, open_page: Open, watched: Watched) -> None:
    quota_play.enter(site.office)
    quota_play.enter(site.office, replace(quota_play.QUOTA, taxon="Bovidae", quantity="0", terms=(), sources=()))
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    newest = [site.office.bundle_parts()[name].etag for name in NAMES]
    assert eventually(lambda: [page.evaluate(KEPT, name) for name in NAMES] == newest)
    cut(page, watched)
    page.locator("#open-species").click()
    expect(page.locator("main h1")).to_have_text("Species list")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert shifts(page) == []

    page.locator("#species").fill("itegli")  # the Kyrgyz name in Latin letters, with two letters different
    expect(page.locator("[data-species]")).to_have_count(1)
    expect(page.locator("[data-species]")).to_contain_text("Ителги")
    page.locator("#species").fill("Falco rusticolus x Falco cherrug")  # a hybrid gives each parent, the strictest first
    expect(page.locator("[data-species]")).to_have_count(2)
    expect(page.locator("[data-species]").first).to_contain_text("Falco rusticolus")
    page.locator("#species").fill("argali")  # native species come before look-alikes
    expect(page.locator("[data-species]").first).to_contain_text("Ovis ammon")
    page.locator("#species").fill("saiga")
    expect(page.locator("[data-species]")).to_have_count(2)
    assert axe(page) == []
    assert beyond(page) == []
    look(page, "species-list")

    page.locator('[data-species="saiga-tatarica"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text("Saiga tatarica")
    expect(page.locator("main")).to_contain_text("Appendix II")
    expect(page.locator("main")).to_contain_text("Suspension or zero quota since 26 November 2019")
    expect(page.locator("main")).to_contain_text("Бөкөн")
    expect(page.locator(".quota")).to_have_count(1)  # the quota of its family, not that of a falcon
    expect(page.locator(".quota")).to_contain_text("Zero quota: nothing is exported.")
    expect(page.locator("main")).to_contain_text("Appendix in force on")
    assert axe(page) == []
    assert beyond(page) == []
    look(page, "species-one")

    page.locator("#species-back").click()
    page.locator("#species").fill("балобан")
    page.locator('[data-species="falco-cherrug"]').click()
    for words in ("2026: 5 specimens", "Live", "Taken from the wild", "Order 12, 15 January 2026"):
        expect(page.locator(".quota")).to_contain_text(words)
    assert axe(page) == []
    assert beyond(page) == []
    page.locator("#species-back").click()
    page.locator("#species").fill("argali")  # only the zero quota of its family is on record for it
    page.locator("[data-species]").first.click()
    expect(page.locator("main")).to_contain_text("A zero quota is on record: see below.")
    expect(page.locator("main")).not_to_contain_text("no zero quota")
    page.locator("#species-back").click()
    page.locator("#species").fill("uncia uncia")
    page.locator('[data-species="panthera-uncia"]').click()
    expect(page.locator("main")).to_contain_text("Uncia uncia is an older name: a permit prints Panthera uncia.")
    page.locator("#species-back").click()
    page.locator("#species").fill("capra sib")
    page.locator('[data-species="capra-sibirica"]').click()
    expect(page.locator("main")).to_contain_text("listed by Pakistan")

    page.locator("#species-back").click()
    page.locator("#species").fill("xylophagus nonexistens")
    expect(page.get_by_role("status").filter(has_text="the service cannot be asked now")).to_be_visible()
    page.context.set_offline(False)
    page.locator("#species").fill("Rhodiola crenulata")  # only the service can resolve this name by its genus
    expect(page.locator("[data-species]")).to_contain_text("Rhodiola crenulata")
    page.locator("#species").fill("xylophagus nonexistens")
    expect(page.get_by_role("status").filter(has_text="Neither this device")).to_be_visible()


def test_species_not_on_the_device_is_answered_by_the_service(site: Site, open_page: Open, watched: Watched) -> None:
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    newest = [site.office.bundle_parts()[name].etag for name in NAMES]
    assert eventually(lambda: [page.evaluate(KEPT, name) for name in NAMES] == newest)
    page.locator("#open-species").click()
    page.locator("#species").fill("Hippocampus algiricus")
    page.locator('[data-species="hippocampus-algiricus"]').click()
    expect(page.locator("main")).to_contain_text("Appendix II")
    page.locator("#species-which").click()  # the species is known and not asked again
    for words in ("They come into the country", "Meat", "None of these", "Taken from the wild", "Scientific"):
        page.locator("tamga-which").get_by_role("button", name=words).first.click()
    page.locator("tamga-which").get_by_role("button", name="Continue").click()
    expect(page.locator("tamga-which h1")).to_contain_text("Documents that are needed")
    expect(page.locator("tamga-which")).to_contain_text("Hippocampus algiricus")


def test_entry_of_the_device_follows_its_own_days_without_a_new_bundle(
    site: Site, open_page: Open, watched: Watched
) -> None:
    permit = issued()
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    newest = [site.office.bundle_parts()[name].etag for name in NAMES]
    assert eventually(lambda: [page.evaluate(KEPT, name) for name in NAMES] == newest)
    cut(page, watched)
    scanned(page, permit["qr"], asked=False)
    later(page, int(datetime(2027, 7, 15, tzinfo=UTC).timestamp()))  # the frog is listed since June
    page.locator(".line [data-candidate]").click()
    page.locator("#listed").click()
    page.locator("#species").fill("marsh frog")
    page.locator('[data-species="pelophylax-ridibundus"]').click()
    expect(page.locator("main .big")).to_have_text("Appendix II")
    expect(page.locator("main")).to_contain_text("On 25 November 2026, the day of issue of the permit: Not listed.")
    expect(page.locator("main")).not_to_contain_text("from 1 June 2027")
    assert axe(page) == []
    assert beyond(page) == []
    look(page, "species-day")
    page.locator("#species-which").click()
    for words in ("They leave the country", "Meat", "None of these", "Taken from the wild", "Commercial"):
        page.locator("tamga-which").get_by_role("button", name=words).first.click()
    for _ in range(2):
        page.locator("tamga-which").get_by_role("button", name="Continue").click()
    expect(page.locator("tamga-which h1")).to_contain_text("Documents that are needed: 1")
