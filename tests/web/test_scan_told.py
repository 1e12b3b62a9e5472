"""The scanner reports its own actions and their results correctly: in the header, the list and the shift."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import issued
from playwright.sync_api import Page, expect
from scanning import begin, kept, sent
from test_enforcement_pages import fill

Open = Callable[..., Page]


def turn(page: Page, screen: str) -> None:
    page.get_by_role("navigation", name="Screens").get_by_role("button", name=screen, exact=True).click()


def typed(page: Page, number: str, code: str = "") -> None:
    page.locator("summary").first.click()
    page.locator("#number").fill(number)
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")


def test_check_by_number_counts_as_scan_of_the_shift(open_page: Open) -> None:
    permit = issued()
    page = open_page("/scan/", token="bekzat")
    begin(page)
    typed(page, permit["number"], permit["check_code"])
    expect(page.locator("#endorse")).to_be_visible()
    turn(page, "Shift")
    expect(page.locator(".facts").first).to_contain_text("Scans1")
    expect(page.locator(".tally li").first).to_contain_text("1")
    turn(page, "Done here")
    done = page.locator(".done li")
    expect(done).to_have_count(1)
    expect(done).to_contain_text("Check by number")
    expect(done).to_contain_text(permit["number"])
    expect(done).to_contain_text("in the register")
    page.evaluate(
        """async () => { const root = document.querySelector("script[type=module]").src.replace("scan/main.js", "");
          await (await import(root + "scan/queue.js")).tellAgain(1); }"""
    )
    # a restored register needs the codes sent again; a check by number has none
    assert [each["state"] for each in kept(page)] == ["stored"]


def use_paper(page: Page, transport: str) -> None:
    page.locator("#foreign").click()
    fill(page, issuer="CZ", number="CZ 17/26", permit__valid_until="2027-10-31", sealed="yes",
         permit__exporter__name="Zoo Praha", permit__lines__0__term="LIV",
         permit__lines__0__scientific_name="Falco cherrug", permit__lines__0__quantity="2")  # fmt: skip
    page.locator("#f-use").check()
    page.locator("#f-retained").check()
    fill(page, transport_document=transport)
    page.locator("button[type=submit]").click()
    page.get_by_role("heading", name="Written down").wait_for()
    sent(page)
    page.get_by_role("button", name="Next consignment").click()


def test_accepted_conflict_is_not_reported_as_refused(open_page: Open) -> None:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    use_paper(page, "AWB 176-1")
    use_paper(page, "AWB 176-2")
    expect(page.locator(".sending")).to_have_text("A record contradicts an earlier use: look at the list.")
    assert sorted(each["state"] for each in kept(page)) == ["conflict", "stored"]


@pytest.mark.parametrize("width", [320, 390])
def test_text_is_centred_in_its_button(open_page: Open, width: int) -> None:
    page = open_page("/scan/", token="bekzat", size={"width": width, "height": 740})
    begin(page)
    sent(page)
    above, below = page.evaluate(
        """() => { const of = (each) => each.getBoundingClientRect(), button = document.querySelector("#send");
          const [box, word] = [of(button), of(button.querySelector("span"))];
          return [word.top - box.top, box.bottom - word.bottom]; }"""
    )
    assert abs(above - below) < 2
