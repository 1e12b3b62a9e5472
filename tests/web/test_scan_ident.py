"""The identification aid of the scanner: offline, by touch and keyboard, on the smallest screen."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import pytest
from at_desk import desk
from browsing import Site, Watched, axe, beyond, cut, shifts
from desk import issued, ok
from http_client import call, post
from PIL import Image
from playwright.sync_api import Page, expect
from scanning import KEPT, begin, eventually, kept, photographed, scanned, sent, written_down
from species_files import listing, text

Open = Callable[..., Page]
NARROW = {"width": 320, "height": 640}


def candidate(page: Page, name: str) -> None:
    page.locator(f'.hand [data-candidate="{name}"]').click()
    page.locator("#tell").wait_for()


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "#c9b070").save(made, "PNG")
    return made.getvalue()


def answer(page: Page, name: str) -> None:
    page.locator(f'[data-answer="{name}"]').click()


def test_candidate_is_found_offline(open_page: Open, watched: Watched) -> None:
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    cut(page, watched)
    page.locator("#identify").click()
    expect(page.locator("main h1")).to_have_text("What is in the hand?")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert axe(page) == []
    assert shifts(page) == []
    assert beyond(page) == []
    small = page.locator(".card").evaluate_all(
        "(all) => all.filter((each) => each.getBoundingClientRect().height < 56).length"
    )
    assert small == 0
    painted = page.locator("svg.drawing").first.evaluate("(it) => it.getBBox().width")  # an empty drawing has width 0
    assert painted > 100

    page.locator('[data-answer="horn"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text("What is the horn like?")
    answer(page, "0")
    expect(page.locator(".hand .card")).to_have_count(3)
    assert axe(page) == []
    candidate(page, "argali-horn")
    expect(page.locator("main")).to_contain_text("Ovis ammon")
    expect(page.locator("main")).to_contain_text("Appendix II")
    expect(page.locator("#tell ~ .big .source")).to_have_text("[1, 2, 3]Sources: 1, 2, 3")
    page.locator("#sources summary").click()
    expect(page.locator("#sources li").first).to_contain_text("Schaller")
    assert axe(page) == []
    assert beyond(page) == []

    page.locator("#ident-which").click()  # species, part and direction are known and not asked again
    for words in ("None of these", "Taken from the wild", "Commercial"):
        page.locator("tamga-which").get_by_role("button", name=words).first.click()
    for asked, country in (("come from", "KG"), ("go to", "RU")):
        expect(page.locator("tamga-which h1")).to_contain_text(asked)
        page.locator("#which-said").select_option(country)
        page.locator("tamga-which").get_by_role("button", name="Continue").click()
    expect(page.locator("tamga-which")).to_contain_text("Ovis ammon")
    expect(page.locator("tamga-which h1")).to_contain_text("Documents that are needed")
    page.locator("#back-to-aid").click()
    expect(page.locator("main h1")).to_have_text("Argali (Marco Polo sheep)")
    page.locator('.alike [data-candidate="ram-horn"]').click()
    expect(page.locator("main h1")).to_have_text("Domestic ram")
    expect(page.locator("main")).to_contain_text("not listed by CITES")
    back = ("Argali (Marco Polo sheep)", "It may be one of these", "What is the horn like?", "What is in the hand?")
    for wanted in back:
        page.locator("#ident-back").click()
        expect(page.locator("main h1")).to_have_text(wanted)
    expect(page.locator("#ident-back")).to_have_count(0)

    answer(page, "reptile")
    answer(page, "2")
    candidate(page, "cobra")
    page.locator("#ident-case").click()
    expect(page.locator("#f-goods-0-scientific_name")).to_have_value("Naja oxiana")
    page.get_by_role("button", name="Leave without writing it down").click()
    page.locator("#identify").click()
    answer(page, "reptile")
    answer(page, "2")
    candidate(page, "cobra")
    order = page.locator("main h2").all_inner_texts()
    assert order[0] == "First care", "what lives comes first"
    expect(page.locator("main")).to_contain_text("venomous snake")


@pytest.mark.parametrize(("language", "first"), [("ru", "Что в руках?"), ("ky", "Колдо эмне бар?")])
def test_identification_aid_is_translated(open_page: Open, language: str, first: str) -> None:
    page = open_page("/scan/", language=language, token="bekzat")
    begin(page)
    page.locator("#identify").click()
    expect(page.locator("main h1")).to_have_text(first)


def test_question_asked_offline_is_answered_by_expert_and_shown(site: Site, open_page: Open, watched: Watched) -> None:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    cut(page, watched)
    page.locator("#identify").click()
    answer(page, "horn")
    answer(page, "0")
    candidate(page, "argali-horn")
    page.locator("#ask-expert").click()
    expect(page.locator("#f-taxon")).to_have_value("Ovis ammon")
    page.locator("button[type=submit]").click()
    expect(page.locator("#f-question-wrong")).not_to_be_empty()
    page.locator("#f-question").fill("Young argali or urial? Girth 28 cm.")
    photographed(page, picture())
    written_down(page)

    at_desk = desk(open_page, "scientist", "#/experts")
    expect(at_desk.locator("#open ~ table")).to_contain_text("Girth 28 cm")
    assert axe(at_desk) == []
    at_desk.locator("#open ~ table a").click()
    expect(at_desk.locator("img.photo")).to_have_js_property("naturalWidth", 64)
    at_desk.locator("#text").fill("Rounded edges, rings all round: a young argali.")
    at_desk.get_by_role("button", name="Answer", exact=True).click()
    expect(at_desk.locator("#answers ~ p")).to_contain_text("young argali")
    assert axe(at_desk) == []

    page.locator("#send").click()
    expect(page.locator(".sending")).to_contain_text("An expert has answered")
    page.get_by_role("button", name="Done here").click()
    expect(page.locator(".answer")).to_contain_text("young argali")
    expect(page.locator(".sending")).not_to_contain_text("An expert has answered")
    assert axe(page) == []


def aged(page: Page, table: str, *times: str) -> None:
    """Set these times of all rows in one of this device's tables to the distant past."""
    page.evaluate(
        """([table, times]) => new Promise((done) => {
          const asked = indexedDB.open('tamga-scan'), old = Object.fromEntries(times.map((name) => [name, 1]));
          asked.onsuccess = () => {
            const writes = asked.result.transaction(table, 'readwrite'), rows = writes.objectStore(table);
            rows.getAll().onsuccess = ({ target }) => target.result.forEach((row) => rows.put({ ...row, ...old }));
            writes.oncomplete = () => { asked.result.close(); done(); } } })""",
        [table, times],
    )


def test_refused_photograph_is_reported_and_stored_until_seen(site: Site, open_page: Open, watched: Watched) -> None:
    watched.expected += ["status of 409"]
    page = open_page("/scan/", token="bekzat")
    begin(page)
    cut(page, watched)
    page.locator("#identify").click()
    answer(page, "horn")
    answer(page, "0")
    candidate(page, "argali-horn")
    page.locator("#ask-expert").click()
    page.locator("#f-question").fill("Young argali or urial?")
    written_down(page)
    (event,) = kept(page)
    said = {"certain": "certain", "taxon": "Ovis ammon", "text": "Rounded edges."}
    assert post(f"/v1/expert-questions/{event['id']}/answers", said, token="scientist").status == 201
    photographed(page, picture())
    trouble = page.locator(".sending").filter(has_text="did not take everything")
    expect(trouble).to_be_visible()

    aged(page, "events", "at", "sentAt")
    page.locator("#send").click()
    sent(page)
    expect(page.locator("#send")).to_be_enabled()
    assert len(kept(page, "photos")) == 1

    page.get_by_role("button", name="Done here").click()
    expect(page.locator("main")).to_contain_text("The register did not take this photograph.")
    expect(page.locator("main")).to_contain_text("This question is answered and takes no more photographs.")
    expect(page.get_by_role("button", name="Save the photograph")).to_be_visible()
    expect(trouble).to_have_count(0)
    assert axe(page) == []
    aged(page, "events", "at", "sentAt")
    page.locator("#send").click()
    sent(page)
    expect(page.locator("#send")).to_be_enabled()
    assert len(kept(page, "photos")) == 1  # it was seen only a moment ago

    aged(page, "photos", "seen")
    page.locator("#send").click()
    assert eventually(lambda: kept(page, "photos") == [])


def test_aid_shows_appendix_of_newer_species_list(site: Site, open_page: Open, watched: Watched) -> None:
    row = listing("1", "Ovis vignei", "I", Class="Mammalia", Order="Artiodactyla", Family="Bovidae")
    told = ok(call("POST", "/v1/species-lists", data=gzip.compress(text([row]).encode()), token="a-admin",
                   content_type="application/gzip", query={"name": "a.csv", "as_of": "2026-11-20"}), 201)  # fmt: skip
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", {}, token="approver"))
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    newest = site.office.bundle_parts()["species"].etag
    assert eventually(lambda: page.evaluate(KEPT, "species") == newest)
    cut(page, watched)
    page.locator("#identify").click()
    answer(page, "horn")
    answer(page, "0")
    candidate(page, "urial-horn")
    expect(page.locator("main p").first).to_contain_text("Appendix I")
    expect(page.locator("main p").first).not_to_contain_text("Appendix II")


def test_case_and_question_open_with_what_was_answered(open_page: Open, watched: Watched) -> None:
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    cut(page, watched)
    page.locator("#identify").click()
    expect(page.locator("main h1")).to_have_text("What is in the hand?")
    assert page.locator("main h2").all_inner_texts()[:3] == [
        "A living animal", "Something of an animal", "A plant or wood"]  # fmt: skip
    answer(page, "mammal")
    page.locator("#unclear summary").click()
    expect(page.locator("#unclear")).to_contain_text("state veterinarian")
    assert axe(page) == []
    page.locator("#unclear #ident-case").click()  # without a name
    expect(page.locator("#f-goods-0-term")).to_have_value("LIV")
    expect(page.locator("#f-goods-0-scientific_name")).to_have_value("")
    page.get_by_role("button", name="Leave without writing it down").click()
    page.locator("#identify").click()
    answer(page, "mammal")
    answer(page, "1")
    candidate(page, "snow-leopard-cub")
    page.locator("#ident-case").click()
    expect(page.locator("#f-goods-0-scientific_name")).to_have_value("Panthera uncia")
    expect(page.locator("#f-goods-0-common_name")).to_have_value("Snow leopard cub")
    expect(page.locator("#f-goods-0-term")).to_have_value("LIV")
    expect(page.locator("#f-goods-0-description")).to_have_value("Identification aid: Live mammal or its young › Cat")
    page.get_by_role("button", name="Leave without writing it down").click()
    page.locator("#identify").click()
    answer(page, "water")
    answer(page, "2")
    page.locator("#ident-back").click()
    answer(page, "0")
    page.locator("#ask-expert").click()
    expect(page.locator("main")).to_contain_text("Live fish or leeches › Thin clear eels")
    page.locator("#f-question").fill("European?")
    written_down(page)
    (event,) = kept(page)
    assert event["event"]["question"] == "European? [Live fish or leeches › Thin clear eels]"
    assert event["event"]["term"] == "LIV"


def test_permit_is_compared_with_what_was_identified(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    cut(page, watched)
    for name, to, index, named in (("saker", "bird", "falcon", "yes"), ("horsfield", "reptile", "0", "no")):
        page.locator("#identify").click()
        answer(page, to)
        answer(page, index)
        if name == "saker":
            answer(page, "0")
        candidate(page, name)
        page.locator("#ident-permit").click()
        expect(page.locator("#sought")).to_contain_text("The permit is compared with:")
        assert axe(page) == []
        scanned(page, permit["qr"], asked=False)
        expect(page.locator("#sought")).to_have_attribute("data-named", named)
        assert axe(page) == []
        assert beyond(page) == []
        page.locator("#next").click()
    page.get_by_role("button", name="Do not compare").click()
    scanned(page, permit["qr"], asked=False)
    expect(page.locator("#sought")).to_have_count(0)


def test_scanner_shows_appendix_of_the_service_for_taxa_that_it_lacks(site: Site, open_page: Open) -> None:
    """The device holds a part of the list. Where there is a network the service's list fills the rest."""
    row = listing("1", "Macaca mulatta", "I", Class="Mammalia", Order="Primates", Family="Cercopithecidae")
    told = ok(call("POST", "/v1/species-lists", data=gzip.compress(text([row]).encode()), token="a-admin",
                   content_type="application/gzip", query={"name": "a.csv", "as_of": "2026-11-20"}), 201)  # fmt: skip
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", {}, token="approver"))
    page = open_page("/scan/", size=NARROW, token="bekzat")
    begin(page)
    with page.expect_response("**/v1/identification"):
        page.locator("#identify").click()
    answer(page, "mammal")
    answer(page, "6")
    candidate(page, "macaque")
    expect(page.locator("main p").first).to_contain_text("Appendix I")
    expect(page.locator("main p").first).not_to_contain_text("Appendix II")
    expect(page.locator("main p").first).not_to_contain_text("not in the ministry’s list")
