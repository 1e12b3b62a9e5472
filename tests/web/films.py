"""`make films`: the tutorial films of /training/, acted on the pages themselves in each language; captions in all.

A film is a function that acts; what is said stands in web/training/films.json. A page that changes makes its film fail
here, so that a film cannot go stale.
"""

from __future__ import annotations

import io
import json
import logging
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browsing import CHROMIUM, Site, endorse
from desk import issued, ok, submitted
from filming import in_view, sheet
from http_client import call
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from recording import Reel, vtt
from scanning import PIN, POST, begin, wedge
from screens import serving

from chalicelib.core.roles import FINDING_ROLES
from local.site import WEB
from local.web_catalogues import content, translated

FILMS = WEB / "training" / "films"
LANGUAGES = ("ky", "ru", "en")
PHONE, DESK = {"width": 412, "height": 732}, {"width": 1280, "height": 720}


def first_scan(reel: Reel, site: Site) -> None:
    page = reel.page
    page.locator("#sign-in").wait_for()
    reel.say()
    page.evaluate("sessionStorage.setItem('tamga.token', 'bekzat')")
    page.reload()
    page.locator("#post").wait_for()
    reel.say()
    reel.choose(page.locator("#post"), POST)
    reel.type(page.locator("#device-name"), "Зал 2")
    reel.click(page.locator("button[type=submit]"))
    page.locator("#pin").wait_for()
    reel.say()
    reel.type(page.locator("#pin"), PIN)
    reel.type(page.locator("#again"), PIN)
    reel.click(page.locator("button[type=submit]"))
    page.locator("#camera").wait_for()
    reel.say()
    reel.say()
    reel.click(page.locator("#camera"))
    verdict(page, "accept")
    reel.say()
    reel.look(2)
    reel.say()
    page.mouse.wheel(0, 500)
    reel.settle(3)
    reel.say()


def endorsing(reel: Reel, site: Site) -> None:
    page = reel.page
    begin(page)
    wedge(page, issued()["qr"])
    verdict(page, "accept")
    reel.say()
    reel.click(page.locator("#endorse"))
    reel.say()
    reel.click(reel.button("All of it"))
    reel.say()
    reel.type(page.locator("#transport"), "AWB 065-7719 0042")
    reel.say()
    reel.click(page.locator("button[type=submit]"))
    page.locator(".written").wait_for()
    reel.say()
    page.locator(".written").scroll_into_view_if_needed()
    reel.settle(3)
    reel.say()


def used_already(reel: Reel, site: Site) -> None:
    page = reel.page
    begin(page)
    permit = issued()
    endorse(permit, site.office)
    wedge(page, permit["qr"])
    verdict(page, "check")
    reel.say()
    reel.say()
    page.locator("#same").scroll_into_view_if_needed()
    reel.settle()
    reel.say()
    reel.click(page.locator("#same").locator("..").get_by_role("button").nth(1))
    verdict(page, "hold")
    reel.say()
    page.locator("#procedure").scroll_into_view_if_needed()
    reel.settle()
    reel.say()


def held(reel: Reel, site: Site) -> None:
    page = reel.page
    begin(page)
    code = issued()["qr"]
    wedge(page, code[:-40] + str((int(code[-40]) + 1) % 10) + code[-39:])
    verdict(page, "hold")
    reel.say()
    page.locator("#procedure").scroll_into_view_if_needed()
    reel.settle()
    reel.say()
    reel.say()
    reel.say()
    reel.say()


def verdict(page: Page, outcome: str) -> None:
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", outcome)


def applying(reel: Reel, site: Site) -> None:
    page = reel.page
    reel.say()
    reel.click(page.locator("a[href='#apply']"))
    reel.say()
    answer(reel, "document_type", "E")
    forward(reel)
    reel.say()
    for side, name, address, country in (
        ("exporter", "Altyn Falcon LLC", "12 Toktogul St, Bishkek", "KG"),
        ("importer", "Al Dhafra Falcons", "P.O. Box 45, Abu Dhabi", "AE"),
    ):
        answer(reel, f"{side}.name", name)
        answer(reel, f"{side}.address", address)
        answer(reel, f"{side}.country", country)
        forward(reel)
    answer(reel, "purpose", "B")
    forward(reel)
    reel.click(reel.button("Add goods"))
    reel.say()
    reel.type(page.get_by_role("combobox"), "ителги" if page.locator("html[lang=ky]").count() else "saker")
    page.get_by_role("option").first.wait_for()
    reel.click(page.get_by_role("option").first)
    forward(reel)
    answer(reel, "lines[0].term", "LIV")
    answer(reel, "lines[0].description", "live bird, female")
    forward(reel)
    answer(reel, "lines[0].quantity", "1")
    forward(reel)
    answer(reel, "lines[0].source", "C")
    forward(reel)
    answer(reel, "lines[0].origin.country", "KG")
    forward(reel)
    answer(reel, "lines[0].marks", "ring KG-0117")
    forward(reel)
    reel.say()
    page.goto(f"{site.address}/exporter/")
    page.locator("a[href='#apply']").wait_for()
    reel.settle(2)
    reel.say()
    reel.look(2)


def issuing(reel: Reel, site: Site) -> None:
    made = submitted("applicant")
    first, *others = made["findings_needed"]
    for kind in others:
        body = {"kind": kind, "result": "positive", "note": "seen"}
        ok(call("POST", f"/v1/permits/{made['id']}/findings", body, token=FINDING_ROLES[kind]))
    page = reel.page
    at_the_desk(page, FINDING_ROLES[first], site)
    reel.say()
    reel.click(page.locator("tbody th a").first)
    page.locator("#decide").wait_for()
    reel.say()
    reel.click(reel.button("Record a finding"))
    reel.say()
    page.locator("#kind").select_option(first)
    reel.type(page.locator("#note"), "Breeding book seen, second generation")
    take(reel)
    at_the_desk(page, "approver", site, f"#/permit/{made['id']}")
    page.locator("#decide").wait_for()
    reel.say()
    reel.click(page.locator("#decide ~ .steps button.main").first)
    page.locator("iframe").wait_for()
    page.wait_for_timeout(4000)  # the browser's own viewer draws it
    reel.settle(2)
    reel.say()
    reel.click(page.locator("input[name=read]"))
    take(reel)
    at_the_desk(page, "preparer", site, f"#/permit/{made['id']}")
    page.locator("#decide").wait_for()
    reel.say()
    reel.click(page.locator("#decide ~ .steps button.main").first)
    take(reel)
    page.locator("section[aria-labelledby=decide] b.mono").wait_for()
    page.locator("h1").scroll_into_view_if_needed()
    reel.settle(2)
    reel.say()


def take(reel: Reel) -> None:
    """Sends the form of a step, and it is done."""
    form = reel.page.locator("form:has(h3)")
    reel.click(form.locator("button[type=submit]"))
    expect(form).to_have_count(0)
    reel.settle()


def at_the_desk(page: Page, who: str, site: Site, place: str = "") -> None:
    page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", who)
    page.goto(f"{site.address}/desk/{place}")
    page.reload()
    page.locator(".tabs").first.wait_for()


def answer(reel: Reel, path: str, value: str) -> None:
    field = reel.page.locator(f'[name="{path}"]')
    kind = field.first.evaluate("(it) => it.type")
    if kind == "radio":
        reel.click(reel.page.locator(f'[name="{path}"][value="{value}"]'))
    elif kind == "select-one":
        reel.choose(field, value)
    else:
        reel.type(field, value)


def forward(reel: Reel) -> None:
    before = reel.page.locator("h1").inner_text()
    reel.click(reel.page.locator("form button[type=submit]"))
    expect(reel.page.locator("h1")).not_to_have_text(before)
    reel.settle(0.4)


@dataclass(frozen=True)
class Script:
    """`act` on the door's page; `token`: whose page it is, empty where the film signs in by itself."""

    act: Callable[[Reel, Site], None]
    door: str = "scan"
    token: str = ""
    wide: bool = False


SCRIPTS: Mapping[str, Script] = {
    "first-scan": Script(first_scan), "endorse": Script(endorsing), "used-already": Script(used_already),
    "hold": Script(held), "apply": Script(applying, "exporter", "applicant"),
    "issue": Script(issuing, "desk", "preparer", wide=True),
}  # fmt: skip


def captions(film: Mapping[str, Any], language: str) -> list[str]:
    said = translated("training", language)
    return [said.get(text, text) for text in film["captions"]]


def record(playwright: Playwright, site: Site, film: Mapping[str, Any], language: str) -> Reel:
    """Acts a film in a browser of its own, whose camera sees a permit."""
    script = SCRIPTS[film["name"]]
    with tempfile.TemporaryDirectory() as scratch:
        video = Path(scratch) / "camera.mjpeg"
        jpeg = io.BytesIO()
        in_view(sheet(issued())).save(jpeg, "JPEG", quality=92)
        video.write_bytes(jpeg.getvalue() * 3)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ])  # fmt: skip
        try:
            size = DESK if script.wide else PHONE
            page = browser.new_context(locale=language, viewport=size, permissions=["camera"]).new_page()  # type: ignore[arg-type]
            site.office.publish_due()
            page.clock.set_fixed_time(site.office.now)
            page.goto(f"{site.address}/{script.door}/")
            if script.token:
                page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", script.token)
                page.reload()
            page.locator("h1").first.wait_for()
            letters = [
                max(len(text) for text in each)
                for each in zip(*(captions(film, each) for each in LANGUAGES), strict=True)
            ]
            reel = Reel(page, letters, content(script.door, language)["texts"], script.wide)
            script.act(reel, site)
            reel.end()
            return reel
        finally:
            browser.close()


def main() -> None:
    logging.getLogger("tamga").setLevel(logging.ERROR)
    FILMS.mkdir(exist_ok=True)
    with sync_playwright() as started:
        wanted = sys.argv[1:]
        for film in json.loads((WEB / "training" / "films.json").read_text("utf-8")):
            if wanted and film["name"] not in wanted:
                continue
            for language in LANGUAGES:
                with serving() as site:
                    reel = record(started, site, film, language)
                seconds = reel.write(FILMS, film["name"], language)
                for track in LANGUAGES:
                    texts = vtt(reel.cues(), captions(film, track), wide=reel.wide)
                    (FILMS / f"{film['name']}.{language}.{track}.vtt").write_text(texts, "utf-8")
                print(f"{film['name']}.{language}: {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
