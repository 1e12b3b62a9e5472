"""The exchange screen of the desk: access list, journal of calls, queries to another Party."""

from __future__ import annotations

import pytest
from at_desk import Open, desk
from browsing import NARROW, Site, Watched, axe, beyond
from desk import ok
from http_client import call, get
from party_certificates import emirates
from party_services import Answering
from playwright.sync_api import expect

from chalicelib.exchange.epix.soap import OPERATIONS, STATE, Question, write_question
from chalicelib.exchange.services import parties

pytestmark = pytest.mark.usefixtures("refusals")
HOME = "#/exchange"


def listed(**changes: object) -> None:
    body = {"certificates": [emirates().thumbprint], "may": list(OPERATIONS), "active": True, **changes}
    ok(call("PUT", "/v1/exchange/parties/AE", body, token="a-admin"))


def test_admin_enters_party_and_closes_its_access(site: Site, open_page: Open) -> None:
    page = desk(open_page, "a-admin", HOME)
    expect(page.get_by_text("No Party is on the access list: none can ask.")).to_be_visible()
    # not for an administrator
    expect(page.get_by_role("heading", name="Ask a Party about its permit")).to_have_count(0)
    form = page.get_by_role("form", name="Enter a Party")
    form.get_by_label("Party", exact=True).select_option("AE")
    form.get_by_label("Certificates it comes with").fill("no digest")
    form.get_by_role("button", name="Enter the Party").click()
    expect(page.locator("#certificates-wrong")).to_have_text("64 hexadecimal digits each, none twice")
    assert axe(page) == []
    digest = emirates().thumbprint.upper()
    printed = ":".join(digest[at : at + 2] for at in range(0, 64, 2))  # the format of openssl
    form.get_by_label("Certificates it comes with").fill(f"{printed}\n")
    form.get_by_label("report what was found").uncheck()
    form.get_by_role("button", name="Enter the Party").click()
    row = page.get_by_role("row", name="United Arab Emirates")
    expect(row).to_contain_text(emirates().thumbprint)
    (held,) = ok(get("/v1/exchange/parties", token="a-auditor"))["items"]
    assert held["may"] == [each for each in OPERATIONS if each != "ConfirmQuantities"]

    row.get_by_role("link", name="United Arab Emirates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("United Arab Emirates")
    expect(page.get_by_role("region", name="What was asked and answered")).to_contain_text("access list: open")
    form = page.get_by_role("form", name="Change what it may ask")
    expect(form.get_by_label("Certificates it comes with")).to_have_value(emirates().thumbprint)
    expect(form.get_by_label("report what was found")).not_to_be_checked()
    form.get_by_label("Open: without this tick").uncheck()
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".state")).to_have_text("shut out")
    expect(page.get_by_role("region", name="What was asked and answered")).to_contain_text("access list: shut out")
    assert ok(get("/v1/exchange/parties", token="a-auditor"))["items"][0]["active"] is False
    assert axe(page) == []


def test_journal_shows_calls_of_party_down_to_the_oldest(
    site: Site, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parties, "SHOWN", 3)
    listed()
    for _ in range(4):
        question = write_question(Question(STATE, country="KG"))
        sent = call("POST", "/v1/epix", data=question, content_type="text/xml", certificate=emirates().certificate)
        assert sent.status == 200
        site.office.later(60)
    page = desk(open_page, "scientist", f"{HOME}/AE")
    expect(page.get_by_role("form")).to_have_count(0)
    journal = page.get_by_role("region", name="What was asked and answered")
    calls = journal.locator("ul > li")
    expect(calls).to_have_count(3)
    expect(calls.first).to_contain_text("They · asked whether the service answers: given out")
    journal.get_by_role("button", name="Show older ones").click()
    expect(calls).to_have_count(5)
    expect(calls.last).to_contain_text("We · access list: open")
    expect(journal.get_by_role("button", name="Show older ones")).to_have_count(0)
    calls.first.locator("summary").click()
    expect(calls.first).to_contain_text(emirates().thumbprint)
    page.set_viewport_size(NARROW)
    assert beyond(page) == []
    assert axe(page) == []


def test_officer_queries_party_about_its_permit(site: Site, open_page: Open) -> None:
    site.office.parties = theirs = Answering()
    page = desk(open_page, "aizada", HOME)
    expect(page.get_by_role("heading", name="Who may ask us")).to_have_count(0)
    form = page.get_by_role("form", name="Ask a Party about its permit")
    expect(form.get_by_label("Party", exact=True)).to_contain_text("Switzerland")
    form.get_by_label("Number, as it is printed").fill(" XA1 ")
    form.get_by_role("button", name="Ask").click()
    answer = page.get_by_role("region", name="Their answer")
    expect(answer).to_contain_text("refused: no such permit, or none for who asked")
    form.get_by_label("Number, as it is printed").fill("XA000000")
    theirs.silent = True
    form.get_by_role("button", name="Ask").click()
    expect(answer).to_contain_text("no answer")
    theirs.silent = False
    form.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("They have answered: see below.")).to_be_visible()
    expect(answer).to_contain_text("ask for a permit: no answer")  # an earlier query
    told = page.get_by_role("region", name="The form, block by block")
    for words in ("XA000000", "Re-export certificate", "5 July 2014", "Crocodylus siamensis"):
        expect(told).to_contain_text(words)
    asked = ok(get("/v1/exchange/asked", token="aizada", query={"country": "CH", "number": "XA000000"}))["items"]
    assert [(each["outcome"], each["by_name"]) for each in asked] == [("answered", "Aizada"), ("unavailable", "Aizada")]
    assert axe(page) == []
    page.set_viewport_size(NARROW)
    assert beyond(page) == []


def test_answer_is_shown_when_list_of_earlier_queries_fails(site: Site, open_page: Open, watched: Watched) -> None:
    watched.expected.append("net::ERR")
    site.office.parties = Answering()
    page = desk(open_page, "aizada", HOME)
    page.route("**/v1/exchange/asked?*", lambda route: route.abort())
    form = page.get_by_role("form", name="Ask a Party about its permit")
    form.get_by_label("Number, as it is printed").fill("XA000000")
    form.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_role("region", name="Their answer")).to_contain_text("given out")
    expect(page.get_by_role("region", name="The form, block by block")).to_contain_text("Crocodylus siamensis")


def test_entered_party_is_confirmed_when_access_list_fails(open_page: Open, watched: Watched) -> None:
    watched.expected.append("net::ERR")
    page = desk(open_page, "a-admin", HOME)
    form = page.get_by_role("form", name="Enter a Party")
    form.get_by_label("Party", exact=True).select_option("AE")
    form.get_by_label("Certificates it comes with").fill(emirates().thumbprint)
    page.route(
        "**/v1/exchange/parties**", lambda route: route.abort() if route.request.method == "GET" else route.continue_()
    )
    form.get_by_role("button", name="Enter the Party").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(form.get_by_label("Certificates it comes with")).to_have_value("")


def test_missing_exchange_service_shows_advice(open_page: Open) -> None:
    page = desk(open_page, "preparer", HOME)
    expect(page.get_by_text("No service of another Party is known to this register")).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_have_count(0)
    expect(page.get_by_role("form", name="Enter a Party")).to_have_count(0)  # for an administrator only
    assert axe(page) == []
