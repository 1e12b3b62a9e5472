"""The desk reports arrivals to the issuing Party, by foreign paper or by number, and stores the answers."""

from __future__ import annotations

from typing import Any

import border
import pytest
from at_desk import Open, desk
from browsing import NARROW, Site, Watched, axe, beyond
from desk import ok
from enforcing import LINE, USE, paper
from foreign_play import Presented
from http_client import get, post
from party_services import Answering
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("refusals")
TELL = "Tell the issuing country what arrived"


def arrived(**changes: Any) -> Any:
    return ok(post("/v1/foreign-permits", paper(**{"endorsed": USE, **changes}), token="aizada"), 201)


def test_arrival_under_foreign_paper_is_reported_to_issuer(site: Site, open_page: Open) -> None:
    site.office.parties = theirs = Answering(frozenset({"KZ"}), silent=True)
    page = desk(open_page, "approver", f"#/foreign/{arrived()['id']}")
    section = page.get_by_role("region", name="What arrived here")
    expect(section).to_contain_text("A 2")
    section.get_by_role("button", name=TELL).click()
    expect(page.get_by_text("They have not taken it: see below.")).to_be_visible()
    expect(section.get_by_role("listitem")).to_contain_text("A 2: no answer")
    theirs.silent = False
    section.get_by_role("button", name=TELL).click()
    expect(page.get_by_text("They have taken it.")).to_be_visible()
    expect(section.get_by_role("listitem").first).to_contain_text("A 2: kept")
    expect(section).to_contain_text("They know it as it stands here.")
    expect(section.get_by_role("button", name=TELL)).to_have_count(0)
    assert theirs.told == [("KZ-0457/2026", (("A", "2"),))]
    page.reload()
    expect(section.get_by_role("listitem")).to_have_count(2)
    assert axe(page) == []
    page.set_viewport_size(NARROW)
    assert beyond(page) == []


def test_arrived_quantities_use_decimal_comma_in_russian(site: Site, open_page: Open) -> None:
    site.office.parties = Answering(frozenset({"KZ"}))
    horn = {**LINE, "scientific_name": "Saiga tatarica", "term": "HOR", "unit": "KGM", "source": "W"}
    made = arrived(permit={"lines": [horn]}, endorsed={**USE, "lines": [{"line": "A", "quantity": "0.5"}]})
    ok(post("/v1/exchange/arrived", {"country": "KZ", "number": "KZ-0457/2026"}, token="approver"), 201)
    page = desk(open_page, "approver", f"#/foreign/{made['id']}", language="ru")
    expect(page.get_by_role("region", name="Что прибыло к нам").get_by_text("A 0,5")).to_have_count(2)
    expect(page.get_by_role("region", name="На посту")).to_contain_text("A 0,5")
    page = desk(open_page, "a-auditor", "#/exchange/KZ", language="ru")
    expect(page.locator("main")).to_contain_text("(A 0,5)")


def test_party_without_service_shows_advice_to_write(open_page: Open) -> None:
    page = desk(open_page, "preparer", f"#/foreign/{arrived()['id']}")
    section = page.get_by_role("region", name="What arrived here")
    expect(section).to_contain_text("No service of this Party is known to this register: tell it by letter.")
    expect(section.get_by_role("button")).to_have_count(0)


def test_report_is_not_offered_without_role_or_arrival(site: Site, open_page: Open) -> None:
    site.office.parties = Answering(frozenset({"KZ"}))
    only = ok(post("/v1/foreign-permits", paper(number="KZ-1/2026"), token="aizada"), 201)
    for token, made in (("a-auditor", arrived()), ("approver", only)):
        page = desk(open_page, token, f"#/foreign/{made['id']}")
        expect(page.get_by_role("region", name="At the post")).to_be_visible()
        expect(page.get_by_role("region", name="What arrived here")).to_have_count(0)
        page.close()


def test_saved_answer_clears_form_when_list_of_arrivals_fails(open_page: Open, watched: Watched) -> None:
    """Otherwise the officer would send and store it again."""
    watched.expected.append("net::ERR")
    made = arrived()
    ok(post(f"/v1/foreign-permits/{made['id']}/enquiries", {}, token="approver"), 201)
    page = desk(open_page, "approver", f"#/foreign/{made['id']}")
    form = page.get_by_role("form", name="Their answer")
    form.get_by_label("Day it came").fill("2026-11-27")
    form.get_by_label("Their words").fill("We issued it.")
    page.route("**/v1/exchange/arrived?*", lambda route: route.abort())
    form.get_by_role("button", name="Keep the answer").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(form.get_by_label("Their words")).to_have_value("")


def test_arrival_by_code_is_reported_by_number(site: Site, open_page: Open) -> None:
    office = site.office
    office.parties = theirs = Answering(frozenset({"KZ"}))
    there = Presented(office.register, office, border.with_kazakhstan(office))
    page = desk(open_page, "aizada", "#/exchange")
    form = page.get_by_role("form", name="Ask a Party about its permit")
    form.get_by_label("Number, as it is printed").fill(f" {there.number} ")
    form.get_by_role("button", name="What arrived here under it").click()
    section = page.get_by_role("region", name="What arrived here")
    expect(section).to_contain_text("No import under this number is endorsed here.")
    expect(section.get_by_role("button")).to_have_count(0)
    there.by_code()
    form.get_by_role("button", name="What arrived here under it").click()
    section.get_by_role("button", name=TELL).click()
    expect(section.get_by_role("listitem")).to_contain_text("A 2: kept")
    assert theirs.told == [(there.number, (("A", "2"),))]
    assert axe(page) == []
    calls = ok(get("/v1/exchange/parties/KZ/calls", token="a-auditor"))["items"]
    assert [(each["operation"], each["by_name"]) for each in calls] == [("ConfirmQuantities", "Aizada")]
    page = desk(open_page, "a-auditor", "#/exchange/KZ")
    journal = page.get_by_role("region", name="What was asked and answered")
    expect(journal).to_contain_text(f"We · reported what was found {there.number} (A 2): kept")
