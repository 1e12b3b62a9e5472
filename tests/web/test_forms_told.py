"""Forms of the exporter's page and the desk: typed input, and labels that distinguish lines and applications."""

from __future__ import annotations

from typing import Any

import pytest
from at_desk import Open, desk
from browsing import Site, axe
from desk import draft, issued, ok, saker, submitted
from http_client import call, get
from playwright.sync_api import Page, expect
from scanning import asked, hold
from test_desk_duty import look_up

pytestmark = pytest.mark.usefixtures("refusals")

LINE = saker()["lines"][0]


def exporters(open_page: Open, at: str = "") -> Page:
    return open_page(f"/exporter/{at}", token="applicant")


def without(*names: str, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (LINE | changes).items() if name not in names}


def offered(page: Page) -> list[list[str]]:
    """Return the codes of kinds of specimen, group by group."""
    return [group.locator("option").evaluate_all("(all) => all.map((each) => each.value)")
            for group in page.get_by_label("Kind of specimen").locator("optgroup").all()]  # fmt: skip


def test_usual_kinds_of_specimen_are_listed_first(open_page: Open) -> None:
    made = draft("applicant", lines=[without("term")])
    page = exporters(open_page, f"#{made}/goods/0/specimen")
    expect(page.locator("optgroup")).to_have_count(2)
    usual, others = offered(page)
    assert {"LIV", "FEA", "EGG", "TRO"} <= set(usual)
    assert {"LOG", "BAR", "HOR"} <= set(others)
    assert not set(usual) & set(others)
    assert axe(page) == []
    beside = desk(open_page, "preparer", f"#/prepare/{draft(lines=[without('term')])}")
    expect(beside.locator("optgroup")).to_have_count(2)
    assert [set(group) for group in offered(beside)] == [set(usual), set(others)]
    assert axe(beside) == []


def test_late_species_facts_keep_the_chosen_kind_of_specimen(open_page: Open) -> None:
    made = draft("applicant", lines=[without("term")])
    page = exporters(open_page)
    held = hold(page, "**/v1/species*")
    page.evaluate("(there) => { location.hash = there; }", f"{made}/goods/0/specimen")
    kind = page.get_by_label("Kind of specimen")
    kind.select_option("LOG")
    expect(page.locator("optgroup")).to_have_count(0)
    asked(page, held)
    expect(page.get_by_role("button", name="Save and continue")).to_be_enabled()
    for each in held:
        each.continue_()
    expect(page.locator("optgroup")).to_have_count(2)
    expect(kind).to_have_value("LOG")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How much?")
    assert ok(get(f"/v1/permits/{made}", token="applicant"))["lines"][0]["term"] == "LOG"


def test_unlisted_name_offers_all_kinds_in_one_group(open_page: Open) -> None:
    page = exporters(
        open_page, f"#{draft('applicant', lines=[without('term', scientific_name='Draco magnus')])}/goods/0/specimen"
    )
    page.get_by_label("Kind of specimen").select_option("LOG")
    expect(page.locator("optgroup")).to_have_count(0)


def test_empty_common_name_is_taken_from_the_species_list(open_page: Open) -> None:
    made = draft("applicant", lines=[without("common_name")])
    page = exporters(open_page, f"#{made}/goods/0/specimen")
    expect(page.get_by_text("Left empty, the list’s is printed: Saker Falcon")).to_be_visible()
    page.goto(page.url.replace("/goods/0/specimen", ""))
    expect(page.get_by_text("Left empty, the list’s is printed: Saker Falcon")).to_be_visible()
    page.get_by_role("button", name="Send to the ministry").click()
    expect(page.get_by_role("heading", name="Sent to the ministry")).to_be_visible()
    assert ok(get(f"/v1/permits/{made}", token="preparer"))["lines"][0]["common_name"] == "Saker Falcon"
    other = desk(open_page, "preparer", f"#/prepare/{draft(lines=[without('common_name')])}")
    expect(other.get_by_text("Left empty, the list’s is printed: Saker Falcon")).to_be_visible()
    expect(other.locator(".line")).to_contain_text("Saker Falcon")


def test_quantity_accepts_decimal_comma(open_page: Open) -> None:
    made = draft("applicant", lines=[without("quantity", term="FEA", unit="KGM")])
    page = exporters(open_page, f"#{made}/goods/0/quantity")
    page.get_by_label("Quantity").fill("1,5")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="Where do they come from?")).to_be_visible()
    assert ok(get(f"/v1/permits/{made}", token="applicant"))["lines"][0]["quantity"] == "1.5"
    other = draft(lines=[without("quantity", term="FEA", unit="KGM")])
    beside = desk(open_page, "preparer", f"#/prepare/{other}")
    beside.get_by_label("Quantity").press_sequentially("2,25")
    expect(beside.get_by_text("Saved.", exact=True)).to_be_visible()
    assert ok(get(f"/v1/permits/{other}", token="preparer"))["lines"][0]["quantity"] == "2.25"


def test_quota_accepts_decimal_comma(open_page: Open, site: Site) -> None:
    page = desk(open_page, "a-admin", "#/quotas/2026")
    page.get_by_label("Scientific name, or a family").fill("Huso huso")
    page.get_by_label("Unit").select_option("KGM")
    page.get_by_label("Quota", exact=True).fill("12,5")
    page.get_by_label("Exported or granted outside this count").fill("0,5")
    page.get_by_label("Who set it").fill("Order 12 of the Ministry")
    page.get_by_label("Day of that paper").fill("2026-01-15")
    page.get_by_role("button", name="Enter the quota").click()
    expect(page.get_by_role("row", name="Huso huso").get_by_role("cell").first).to_have_text("12.5 kg")


def test_applications_without_number_show_species_and_quantity(open_page: Open) -> None:
    for who in ("applicant", "preparer"):  # applicants' drafts are not in the ministry's queue
        draft(who)
        draft(who, lines=[LINE | {"quantity": quantity, "marks": f"ring {quantity}"} for quantity in ("2", "3")])
    page = exporters(open_page)
    expect(page.get_by_role("heading", level=3)).to_have_text(
        ["Export permit: Falco cherrug 5", "Export permit: Falco cherrug 2"]
    )
    expect(page.locator(".cards article").first).to_contain_text("Begun on 2")
    other = desk(open_page, "preparer", "#/queue/draft")
    rows = other.locator("tr.row")
    expect(rows.locator("td.goods")).to_have_text(["Falco cherrug 2", "Falco cherrug 5"])
    expect(rows.first.get_by_role("link")).to_contain_text("Application of 2")
    assert axe(page) == axe(other) == []


def test_replacement_without_number_shows_the_replaced_permit(open_page: Open) -> None:
    old = issued()
    made = ok(call("POST", f"/v1/permits/{old['id']}/replace", {"reason": "lost"}, token="preparer"), 201)
    title = f"Application: replaces {old['number']}"
    page = desk(open_page, "preparer", f"#/prepare/{made['id']}")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_label("Special conditions").fill("Feed it.")  # the title also applies to text stored in the tab
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.goto(page.url.split("#")[0] + f"#/permit/{made['id']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.goto(page.url.split("#")[0] + "#/queue/draft")
    expect(page.get_by_role("link", name=title)).to_be_visible()


def test_missing_answer_is_listed_with_line_and_field(open_page: Open) -> None:
    made = draft("applicant", lines=[LINE, without("quantity"), without("marks", "description")])
    page = exporters(open_page, f"#{made}")
    expect(page.locator("p.wrong")).to_have_text(
        ["Line B: Quantity: This is needed.", "Line C: Description: This is needed."]
    )
    page.get_by_role("link", name="Line C: Description").click()
    expect(page.get_by_text("Line C: question 2 of 7")).to_be_visible()


def test_excess_quantity_is_reported_at_its_line_and_field(open_page: Open) -> None:
    made = issued(lines=[LINE, LINE | {"marks": "ring KG-0119"}])
    page = desk(open_page, "aizada", "#/duty")
    look_up(page, made)
    page.get_by_label("Post", exact=True).select_option("torugart")
    page.get_by_label("Direction").select_option("export")
    page.get_by_label("Officer at the post").fill("Inspector Osmonov")
    page.get_by_label("Transport document").fill("CMR 778")
    page.locator("#q-A").fill("2")
    page.locator("#q-B").fill("9")
    page.get_by_role("button", name="Endorse", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Line B: More than is permitted.")
    expect(page.locator("#q-B-wrong")).to_have_text("more than is permitted")
    expect(page.locator("#q-A-wrong")).to_have_text("")


def test_summary_shows_all_answers_before_sending(open_page: Open) -> None:
    made = draft("applicant")
    page = exporters(open_page, f"#{made}")
    goods = page.locator("section.answered", has=page.get_by_role("heading", name="Which goods?"))
    for told in (
        "Falco cherrug",
        "Saker falcon",
        "live bird, female",
        "ring KG-0117",
        "A-KG-001",
        "Kyrgyzstan",
        "Live",
    ):
        expect(goods).to_contain_text(told)
    assert axe(page) == []


def test_desk_shows_block_5_as_printed(open_page: Open) -> None:
    made = submitted(special_conditions="Feed it.")
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    block = page.locator("dl.facts > div", has=page.get_by_text("Special conditions"))
    expect(block).to_contain_text("Feed it.")
    expect(block).to_contain_text("Live specimens: valid only if transport follows the CITES guidelines")
    expect(block).to_contain_text("Valid for one consignment.")
    form = desk(open_page, "preparer", f"#/prepare/{draft()}")
    told = form.locator("dl.facts > div", has=form.get_by_text("Special conditions"))
    expect(told).to_contain_text("Valid for one consignment.")
    form.get_by_label("Special conditions").fill("Feed it.")
    expect(told).to_contain_text("Feed it. Live specimens")


def test_consecutive_saves_by_one_person_are_one_history_line(open_page: Open, site: Site) -> None:
    made = draft("applicant")
    for who, words in (
        ("applicant", "a"),
        ("applicant", "b"),
        ("preparer", "c"),
        ("applicant", "d"),
        ("applicant", "e"),
    ):
        site.office.later(60)
        ok(call("PUT", f"/v1/permits/{made}", saker(special_conditions=words), token=who))
    assert len(ok(get(f"/v1/permits/{made}/history", token="preparer"))["items"]) == 6
    page = desk(open_page, "preparer", f"#/permit/{made}")
    steps = page.get_by_role("region", name="Who did what").get_by_role("listitem")
    expect(steps.locator("b")).to_have_text(["Draft made", "Edited, 2 times", "Edited", "Edited, 2 times"])
    expect(steps.nth(1).locator("small")).to_contain_text(" – ")
