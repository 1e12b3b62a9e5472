"""Training pages: a trainee decides and shows a QR code, the trainer reads it; films; all offline."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from browsing import NARROW, Watched, axe, cut
from filming import photo
from PIL import Image
from playwright.sync_api import Page, expect

from local.door import WEB
from local.web_catalogues import translated
from local.workshop.cards import sheets

Open = Callable[..., Page]


def trainee(open_page: Open, name: str, decided: dict[int, str], **options: Any) -> Page:
    page = open_page("/training/#answers", **options)
    page.locator("html[data-ready]").wait_for(state="attached")
    page.locator("#name").fill(name)
    for sheet, word in decided.items():
        page.get_by_role("group", name=f"Sheet {sheet}", exact=True).get_by_role(
            "button", name=word, exact=True
        ).click()
    return page


def installed(page: Page) -> None:
    """Wait until everything is installed and the service worker controls the page."""
    page.evaluate("navigator.serviceWorker.ready.then((it) => it.active.state)")
    page.evaluate("""async () => { if (!navigator.serviceWorker.controller)
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done)); }""")


def shown_code(page: Page) -> tuple[str, bytes]:
    """Return the text of the QR code, decoded from a screenshot, and the screenshot."""
    picture = page.locator("canvas.code").screenshot()
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found.text, picture


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_screen_passes_axe_and_fits_narrow_phone(open_page: Open, language: str) -> None:
    page = open_page("/training/", language=language, size=NARROW)
    page.locator("html[data-ready]").wait_for(state="attached")
    said = set()
    for screen, own in (("", "main"), ("answers", "#name"), ("trainer", "#text"), ("first-scan", "video")):
        page.evaluate("(name) => { location.hash = name; }", screen)
        page.locator(own).first.wait_for()
        said.add(page.locator("body").inner_text())
        assert axe(page) == [], screen
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
    assert len(said) == 4


def test_trainer_reads_code_of_trainee(open_page: Open) -> None:
    rows = sheets()
    right = {row["sheet"]: {"release": "Let it go", "refuse": "Do not let it go", "ask": "Cannot tell: ask"}[
        row["decision"]] for row in rows}  # fmt: skip
    page = trainee(open_page, "Айзада Ө.", {**right, 6: "Let it go"})
    text, picture = shown_code(page)
    page = open_page("/training/#trainer")
    page.locator("input[type=file]").set_input_files({"name": "code.png", "mimeType": "image/png", "buffer": picture})
    expect(page.get_by_role("status").first).to_contain_text("Айзада Ө.")
    expect(page.locator("tfoot td")).to_have_text("19/20")
    page.locator("tbody tr").nth(5).get_by_role("button").click()
    expect(page.locator(".why")).to_contain_text("a photocopy carries a genuine code")
    assert axe(page) == []
    head, _, letters = text.rpartition(" ")
    page.locator("#text").fill(f"{head} {letters[:2]}r{letters[3:]}")  # sheet 3 with the decision to release
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("tfoot td")).to_have_text("18/20")  # the same person again counts once
    page.reload()
    expect(page.locator("tfoot td")).to_have_text("18/20")
    page.get_by_role("button", name="Forget these people").click()
    expect(page.locator("table")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('tamga.workshop.read')") is None


@pytest.mark.parametrize("text", [
    "https://practice.tamga.kg/1#123", "TAMGA-WORKSHOP 1 %3Cimg%3E " + "r" * 20, "TAMGA-WORKSHOP 1 % " + "r" * 20,
    "TAMGA-WORKSHOP 1 Ada " + "r" * 21, "TAMGA-WORKSHOP 2 Ada " + "r" * 20, "x" * 790,
])  # fmt: skip
def test_unrelated_code_is_refused(open_page: Open, text: str) -> None:
    page = open_page("/training/#trainer")
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("status").first).to_have_text("This is no code of a trainee's answers.")
    assert page.locator("table").count() == 0


def test_picture_with_two_trainees_is_refused(open_page: Open) -> None:
    page = open_page("/training/#trainer")
    ada, bek = (f"TAMGA-WORKSHOP 1 {name} " + letter * 20 for name, letter in (("Ada", "r"), ("Bek", "x")))
    page.locator("input[type=file]").set_input_files(photo(ada, bek))
    expect(page.get_by_role("status").first).to_contain_text("several trainees")
    assert page.locator("table").count() == 0
    page.locator("input[type=file]").set_input_files(photo(ada, "another code", ada))
    expect(page.get_by_role("status").first).to_have_text("Read: Ada")
    expect(page.locator("tfoot td")).to_have_count(1)


def test_training_works_offline(open_page: Open, watched: Watched) -> None:
    page = open_page("/training/")
    installed(page)
    cut(page, watched)
    page.reload()
    page.get_by_role("link", name="I am learning").click()
    page.locator("#name").fill("Бекзат")
    page.get_by_role("group", name="Sheet 1", exact=True).get_by_role("button", name="Let it go", exact=True).click()
    assert shown_code(page)[0].endswith(" r" + "-" * 19)
    page.reload()
    expect(page.locator("#name")).to_have_value("Бекзат")


def test_invalid_name_gives_no_code(open_page: Open) -> None:
    page = trainee(open_page, "<b>x</b>", {})
    expect(page.locator("#name-wrong")).to_contain_text("Letters")
    assert page.locator("canvas").count() == 0


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_film_plays_offline_with_captions(open_page: Open, watched: Watched, language: str) -> None:
    page = open_page("/training/", language=language)
    installed(page)
    cut(page, watched)
    for film in json.loads((WEB / "training" / "films.json").read_text("utf-8")):
        page.evaluate("(name) => { location.hash = name; }", film["name"])
        page.locator("video").evaluate(
            "(video) => video.readyState > 0 || new Promise((done) => { video.onloadedmetadata = done; })"
        )
        seconds = page.evaluate("document.querySelector('video').duration")
        assert 100 <= seconds <= 150  # about two minutes
        shown = page.evaluate("""(at) => new Promise((done) => {
          const video = document.querySelector('video');
          const [track] = [...video.textTracks].filter((each) => each.mode === 'showing');
          const said = () => [...track.cues].map((each) => each.text.replace(/\\n/g, ' ')).join(' ');
          video.onseeked = () => done([track.language, said()]);
          video.currentTime = at; })""", seconds / 2)  # fmt: skip
        words = translated("training", language)
        assert shown == [language, " ".join(words.get(each, each) for each in film["captions"])]


def test_film_follows_page_language_and_reports_missing_recording(open_page: Open) -> None:
    page = open_page("/training/")
    installed(page)  # a player can seek only where a film is available in parts
    page.evaluate("location.hash = 'hold'")
    expect(page).to_have_title("Tamga: learn it")
    page.locator("video").evaluate(
        "(it) => it.readyState > 0 || new Promise((done) => { it.onloadedmetadata = done; })"
    )
    page.locator("video").evaluate("(it) => { it.currentTime = 9; }")
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("video")).to_have_attribute("src", re.compile("hold[.]ru[.]webm$"))
    expect(page).to_have_title("Tamga: обучение")
    expect(page.locator("video")).to_have_js_property("currentTime", 9)
    assert page.locator("video").evaluate(
        "(it) => [...it.textTracks].filter((each) => each.mode === 'showing').map((each) => each.language)"
    ) == ["ru"]
    page.get_by_role("button", name="Кыргызча").click()
    expect(page.locator("video")).to_have_attribute("src", re.compile("hold[.]ky[.]webm$"))
    page.locator("video").dispatch_event("error")  # the event of a player that cannot load a recording
    expect(page.get_by_role("alert")).to_contain_text("Бул тасма бул жерде жок")
    expect(page.locator("details li").first).to_be_visible()
    expect(page).to_have_title("Tamga: үйрөнүү")
    page.get_by_role("button", name="English").click()
    page.locator("video").wait_for()
    assert axe(page) == []


def test_film_is_served_in_ranges(open_page: Open, watched: Watched) -> None:
    watched.expected.append("status of 416")
    page = open_page("/training/")
    installed(page)
    page.evaluate("location.hash = 'hold'")
    address = page.locator("video").get_attribute("src")
    got = page.evaluate("""async (address) => { const all = [];
      for (const Range of ['bytes=0-1', 'bytes=5-', 'bytes=99999999-']) {
        const answer = await fetch(address, { headers: { Range } });
        all.push([answer.status, answer.headers.get('content-range')]);
      } return all; }""", address)  # fmt: skip
    size = int(got[0][1].rpartition("/")[2])
    assert got == [[206, f"bytes 0-1/{size}"], [206, f"bytes 5-{size - 1}/{size}"], [416, f"bytes */{size}"]]
