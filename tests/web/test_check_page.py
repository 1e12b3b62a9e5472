"""The public check at /1: all ways to check a permit, and the answers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browsing import Site, axe, endorse, outcome, pdf, shifts
from desk import issued, saker
from papers import PAPER, imported, opened
from playwright.sync_api import Page, Route, expect

from chalicelib.verification.services import verify

Open = Callable[..., Page]


def stages(page: Page) -> str:
    return page.locator(".stages").first.inner_text()


def say(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_camera_link_gives_verdict_and_code_leaves_address(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page(site.link(permit["qr"]))
    assert outcome(page) == "accept"
    assert page.url == f"{site.address}/1"
    assert page.evaluate("history.length") <= 2
    expect(page.locator(".verdict")).to_contain_text(permit["number"])
    expect(page.locator(".verdict .word")).to_have_text("In order")
    assert "signed by Kyrgyzstan, and unchanged since" in stages(page)
    assert "Register: answered on 25 November 2026, 15:46 (UTC+6)" in stages(page)
    assert shifts(page) == []


def test_verdict_is_not_green_before_register_answers(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1")
    held: list[Route] = []
    page.route("**/v1/verify", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    page.goto(site.link(permit["qr"]))
    expect(page.locator(".verdict")).to_contain_text("unchanged since")  # the device has its own verdict
    card = page.locator(".verdict")
    assert card.get_attribute("data-outcome") == "pending"
    assert "Register: asking" in stages(page)
    assert card.evaluate("(each) => getComputedStyle(each).backgroundColor") == "rgb(255, 255, 255)"
    assert axe(page) == []
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    assert outcome(page) == "accept"
    assert shifts(page) == []
    page.evaluate("(digits) => { location.hash = digits; }", permit["qr"].partition("#")[2][:-30])
    while not held:
        page.wait_for_timeout(20)
    assert "reading the code" in stages(page)  # the device could not read the code, but still queries the register
    held.pop().continue_()
    assert outcome(page) == "cannot_tell"


def test_second_code_in_same_tab_is_checked(site: Site, open_page: Open) -> None:
    first, second = issued(), issued()
    page = open_page(site.link(first["qr"]))
    outcome(page)
    page.evaluate("(digits) => { location.hash = digits; }", second["qr"].partition("#")[2])
    expect(page.locator(".verdict")).to_contain_text(second["number"])
    assert outcome(page) == "accept"
    assert page.url == f"{site.address}/1"


def test_code_during_page_load_is_checked_after_it(site: Site, open_page: Open) -> None:
    first, second = issued(), issued()
    page = open_page("/1")
    page.goto("about:blank")
    held: list[Route] = []
    page.route("**/i18n/check.en.json", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(site.link(first["qr"]), wait_until="commit")
    while not held:
        page.wait_for_timeout(20)
    page.evaluate("(digits) => { location.hash = digits; }", second["qr"].partition("#")[2])
    page.wait_for_timeout(100)
    held[0].continue_()
    assert outcome(page) == "accept"
    expect(page.locator(".verdict")).to_contain_text(second["number"])
    assert page.url == f"{site.address}/1"


def test_invalid_fragment_is_discarded(site: Site, open_page: Open) -> None:
    """The fragment contains an injection attempt. It leaves the address and is not shown."""
    page = open_page(f"{site.address}/1#<img src=x onerror=alert(1)>")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check a CITES permit")
    expect(page.locator("#file-wrong")).to_contain_text("no whole code")
    assert page.url == f"{site.address}/1"


@pytest.mark.parametrize("broken", ["#x12", "#12a45", "#"])
def test_invalid_code_in_same_tab_removes_verdict(site: Site, open_page: Open, broken: str) -> None:
    page = open_page(site.link(issued()["qr"]))
    assert outcome(page) == "accept"
    page.goto(f"{site.address}/1{broken}")  # a telephone's scanner opens the link in the existing tab
    expect(page.get_by_role("heading", level=1)).to_have_text("Check a CITES permit")
    assert page.locator(".verdict").count() == 0


# JavaScript: draw another Party's permit with the page's own code; return the words of its origin from left to right
DRAWN = """async (permit) => {
  const from = (name) => import(new URL(name, document.querySelector('link[href$="design.css"]').href));
  const [{ signedFields }, { mount }] = [await from('shared/permit-view.js'), await from('shared/view.js')];
  const root = document.body.appendChild(document.createElement('main')), words = [];
  mount(root, () => signedFields(permit));
  const walk = document.createTreeWalker(root.querySelector('.line .facts > div:last-child dd'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) for (const { 0: word, index } of walk.currentNode.data.matchAll(/[^ ,]+/g)) {
    const range = document.createRange();
    range.setStart(walk.currentNode, index);
    range.setEnd(walk.currentNode, index + word.length);
    words.push([range.getBoundingClientRect().left, word]);
  }
  return words.sort(([one], [two]) => one - two).map(([, word]) => word);
}"""
HEBREW = "\u05d0\u05d1-12"


def test_signed_fields_and_register_are_shown_side_by_side(site: Site, open_page: Open) -> None:
    permit = issued()
    endorse(permit, site.office, quantity="1")
    page = open_page(site.link(permit["qr"]))
    assert outcome(page) == "check"
    signed = page.locator(".sheet", has=page.get_by_role("heading", name="Signed by Kyrgyzstan"))
    facts = ("Falco cherrug", "2 · Live", "ring KG-0117", "C · Animal bred in captivity", permit["number"],
             "31 March 2027", "Altyn Falcon LLC, Kyrgyzstan", "Al Dhafra Falcons, United Arab Emirates")  # fmt: skip
    for text in facts:
        expect(signed).to_contain_text(text)
    held = page.locator(".sheet", has=page.get_by_role("heading", name="In the register"))
    for text in ("Used: the goods left", "Left · 25 November 2026 · Manas Airport · AWB 176-1"):
        expect(held).to_contain_text(text)
    cells = held.locator("tbody tr").first.locator("th, td").all_inner_texts()
    assert cells == ["A Falco cherrug", "2", "1"]
    line = {"scientific_name": "Falco cherrug", "appendix": "II", "term": "LIV", "quantity": "2",
            "origin": {"country": "IL", "permit": HEBREW, "date": "2026-03-05"}}  # fmt: skip
    theirs = {"issuer": "IL", "document_type": "E", "number": HEBREW, "issued_at": "2026-11-01T00:00:00Z",
              "valid_until": "2027-03-31", "exporter": {"country": "IL"}, "importer": {"country": "KG"},
              "lines": [line]}  # fmt: skip
    # without isolation, the right-to-left number pulled the day of the next date along
    assert page.evaluate(DRAWN, theirs) == ["Israel", HEBREW, "5", "March", "2026"]


@pytest.mark.parametrize(
    ("used", "answers"),
    [
        (None, {"I am only looking": "accept", "They are leaving": "accept", "They have arrived": "check"}),
        ("export", {"I am only looking": "check", "They are leaving": "check", "They have arrived": "accept"}),
    ],
)
def test_direction_changes_outcome_by_table(
    site: Site, open_page: Open, used: str | None, answers: dict[str, str]
) -> None:
    permit = issued()
    if used:
        endorse(permit, site.office, used)
    page = open_page(site.link(permit["qr"]))
    outcome(page)
    for choice, expected in answers.items():
        say(page, choice)
        assert outcome(page) == expected, choice
        expect(page.get_by_role("button", name=choice, exact=True)).to_have_attribute("aria-pressed", "true")


def test_different_goods_at_second_exit_give_hold(site: Site, open_page: Open) -> None:
    permit = issued()
    endorse(permit, site.office)
    page = open_page(site.link(permit["qr"]))
    outcome(page)
    expect(page.get_by_role("button", name="Different goods")).to_have_count(0)
    say(page, "They are leaving")
    assert outcome(page) == "check"
    say(page, "Different goods")
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "hold")
    expect(page.locator(".verdict")).to_contain_text("Hold goods and paper")
    say(page, "The same goods")
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "check")


def test_number_and_check_code_in_any_case_give_verdict(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1")
    page.get_by_label("Number of the permit").fill(permit["number"].lower())
    page.get_by_label("Check code").fill(permit["check_code"].lower().replace("-", " "))
    page.get_by_role("button", name="Check", exact=True).click()
    assert outcome(page) == "accept"
    say(page, "They have arrived")
    assert outcome(page) == "check"


def test_document_for_many_crossings_shows_number_of_crossings(site: Site, open_page: Open) -> None:
    lines = [{**saker()["lines"][0], "quantity": "1"}]
    permit = issued(document_type="OT", valid_until="2029-10-01", purpose="Q", lines=lines)
    endorse(permit, site.office, quantity="1")
    site.office.now += 86_400
    endorse(permit, site.office, "import", quantity="1")
    page = open_page(site.link(permit["qr"]))
    held = page.locator("section", has=page.get_by_role("heading", name="In the register"))
    expect(held.locator("dl")).to_contain_text(re.compile(r"Crossings so far\s*2"))
    expect(held).not_to_contain_text("Not used yet")


def test_wrong_check_code_and_limit_show_a_message(
    site: Site, open_page: Open, watched: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.expected.append("404")  # type: ignore[attr-defined]
    watched.expected.append("429")  # type: ignore[attr-defined]
    permit = issued()
    page = open_page("/1")

    def ask(code: str) -> None:
        page.get_by_label("Number of the permit").fill(permit["number"])
        page.get_by_label("Check code").fill(code)
        page.get_by_role("button", name="Check", exact=True).click()

    ask("AAAA-AAAA")
    assert outcome(page) == "cannot_tell"
    expect(page.locator(".verdict .word")).to_have_text("Not found")  # the register did answer
    expect(page.locator(".verdict")).to_contain_text("There is no permit with this number and check code.")
    assert axe(page) == []
    monkeypatch.setattr(verify, "TRIES_AT_MOST", 1)
    say(page, "Check another")
    ask(permit["check_code"])
    expect(page.locator(".verdict")).to_contain_text("Too many wrong check codes for this number.")


def test_number_without_suffix_shows_how_to_complete_it(open_page: Open, watched: object) -> None:
    watched.expected.append("404")  # type: ignore[attr-defined]
    permit = issued()
    page = open_page("/1")
    page.get_by_label("Number of the permit").fill(permit["number"].partition("/")[0])
    page.get_by_label("Check code").fill(permit["check_code"])
    page.get_by_role("button", name="Check", exact=True).click()
    assert outcome(page) == "cannot_tell"
    expect(page.locator(".verdict")).to_contain_text("Type the number to its end, such as /E")
    assert axe(page) == []


@pytest.mark.parametrize(("number", "code", "told"), [
    ("", "", "Type the number."), ("26kg000001/e", "", "Type the check code, too"),
    ("26KG000001/E", "AAA", "Eight letters and digits, such as 7K2M-9QXD."),
    ("KG-0117/2026", "", "Type the check code; or, if the paper has none, the day in its box 2."),
])  # fmt: skip
def test_missing_input_is_reported_at_its_field(open_page: Open, number: str, code: str, told: str) -> None:
    page = open_page("/1")
    page.get_by_label("Number of the permit").fill(number)
    page.get_by_label("Check code").fill(code)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    focused = page.evaluate("document.activeElement.id")
    assert focused == ("valid_until" if "paper" in told else "code" if number else "number")
    expect(page.locator(f"#{focused}")).to_have_attribute("aria-invalid", "true")
    assert axe(page) == []
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Check")
    expect(page.get_by_text(told)).to_have_count(0)  # the message was in the earlier language


def test_paper_permit_is_checked_by_number_and_day_in_box_2(site: Site, open_page: Open, watched: object) -> None:
    watched.expected.append("404")  # type: ignore[attr-defined]
    imported(opened(site.office))
    page = open_page("/1")

    def ask(day: str) -> None:
        page.get_by_label("Number of the permit").fill(PAPER.number)
        page.get_by_label("Valid until (box 2)").fill(day)
        page.get_by_role("button", name="Check", exact=True).click()

    ask("2027-04-29")
    assert outcome(page) == "cannot_tell"
    expect(page.locator(".verdict")).to_contain_text("There is no paper permit with this number and this day in box 2.")
    say(page, "Check another")
    ask("2027-04-30")
    assert outcome(page) == "check"
    expect(page.locator("dl").filter(has_text="Checked by")).to_contain_text("number and day in box 2")
    expect(page.locator(".verdict")).to_contain_text("compare stamp, signature and seal")
    assert "Falcon Centre" not in page.content()


def test_code_typed_by_wedge_scanner_is_checked(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1")
    page.get_by_label("Number of the permit").focus()
    page.keyboard.insert_text(permit["qr"])
    page.keyboard.press("Enter")
    assert outcome(page) == "accept"
    assert "unchanged since" in stages(page)


def test_uploaded_pdf_gives_verdict(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1")
    file = {"name": "permit.pdf", "mimeType": "application/pdf", "buffer": pdf(permit)}
    page.get_by_label("Send a PDF or a photo").set_input_files(file)  # type: ignore[arg-type]
    assert outcome(page) in {"accept", "check"}  # check: D1, because the test's seal key signs no print
    expect(page.locator(".verdict")).to_contain_text(permit["number"])
    say(page, "They have arrived")  # the page sends the same file again without asking for it
    assert outcome(page) == "check"


def test_one_page_of_several_asks_for_the_next(site: Site, open_page: Open) -> None:
    lines = [{"scientific_name": "Falco cherrug", "common_name": "Saker", "description": f"bird {n}", "source": "C",
              "marks": f"ring KG-{n:04}", "term": "LIV", "quantity": "1", "origin": {"country": "KG"},
              "operation_or_acquisition": "A-KG-001"} for n in range(6)]  # fmt: skip
    permit = issued(lines=lines)
    page = open_page(site.link(permit["qr_pages"][0]))
    assert outcome(page) == "check"
    expect(page.get_by_role("button", name="Scan the next page")).to_be_visible()
    expect(page.locator("body")).to_contain_text("1 of 2")


def test_question_to_ministry_contains_number_result_and_reference(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1")
    with page.expect_response("**/v1/verify") as answered:
        page.goto(site.link(permit["qr"]))
    outcome(page)
    page.get_by_text("Ask the ministry about this permit").click()
    text = page.get_by_label("Your question, ready to send or to read out").input_value()
    assert permit["number"] in text
    assert answered.value.headers["x-correlation-id"] in text
    assert "Checked: 25 November 2026, 15:46 (UTC+6)" in text
    assert "Result: Document in order, not endorsed for export yet" in text  # a sentence, not a verdict code
    expect(page.locator("details").filter(has_text="Ministry of Natural Resources")).to_be_visible()
    expect(page.get_by_role("link", name="Write an e-mail")).to_have_count(0)  # the authority has not given an address
    assert axe(page) == []


def test_question_to_ministry_with_address_has_mail_link(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1")

    def with_address(route: Route) -> None:
        facts = route.fetch().json()
        route.fulfill(json={**facts, "authority": {**facts["authority"], "email": "cites@example.org"}})

    page.route("**/stage.json", with_address)
    page.goto("about:blank")
    page.goto(site.link(permit["qr"]))
    outcome(page)
    page.get_by_text("Ask the ministry about this permit").click()
    href = page.get_by_role("link", name="Write an e-mail").get_attribute("href") or ""
    assert re.match(r"mailto:cites@example\.org\?subject=CITES%20document%3A%2026KG000001%2FE", href)


def test_public_check_needs_no_sign_in_and_sets_no_cookie(site: Site, open_page: Open) -> None:
    permit = issued()
    page = open_page("/1")
    shown = page.locator("body").inner_text().lower()
    page.goto(site.link(permit["qr"]))
    outcome(page)
    shown += page.locator("body").inner_text().lower()
    assert not re.search(r"log ?in|sign ?in|password|user ?name", shown)
    assert page.locator("input[type=password]").count() == 0
    assert page.context.cookies() == []
