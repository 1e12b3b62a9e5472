"""A permit at the desk, from draft to issued PDF: two people are required, one is refused."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from at_desk import Open, desk, state, step, take
from browsing import DESKTOP, Site, axe
from desk import draft, found, issued, ok, saker, submitted
from http_client import call, get
from office import MemoryOffice
from playwright.sync_api import Page, expect
from scanning import asked

from app import app
from chalicelib.kernel.roles import ROLES
from local import server
from local.sign_in import SignIn

pytestmark = pytest.mark.usefixtures("refusals")


def pool(action: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """A user pool in which a name is its own password, access token and refresh token."""
    given = body["AuthParameters"]
    if given.get("REFRESH_TOKEN"):
        return {"AuthenticationResult": {"AccessToken": given["REFRESH_TOKEN"]}}
    if given["USERNAME"] != given["PASSWORD"]:
        return None
    return {"AuthenticationResult": {"AccessToken": given["USERNAME"]}}


@pytest.fixture
def site(office: MemoryOffice) -> Iterator[Site]:
    """The site with a sign-in page."""
    known = {name: (f"{name} of the ministry",) for name in ("preparer", "scientist", "approver", "aizada", "bekzat")}
    running = server.create(app, 0, sign_in=SignIn("", pool, known, lambda name: name))
    threading.Thread(target=running.run, daemon=True).start()
    yield Site(office, int(running.effective_port))
    running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


def fill_in(page: Page) -> None:
    """Fill in a complete application, as a preparer types it."""
    page.get_by_label("Valid until").fill("2027-03-31")
    importer, exporter = (page.get_by_role("group", name=name, exact=True) for name in ("Importer", "Exporter"))
    importer.get_by_label("Name in Latin letters").fill("Al Dhafra Falcons")
    importer.get_by_label("Address in Latin letters").fill("P.O. Box 45, Abu Dhabi")
    importer.get_by_label("Country").select_option("AE")
    exporter.get_by_label("Name in its own script").fill("«Алтын шумкар» ЖЧК")
    exporter.get_by_role("button", name="Take “«Altyn shumkar» ZHCHK”").click()
    expect(exporter.get_by_label("Name in Latin letters")).to_have_value("«Altyn shumkar» ZHCHK")
    exporter.get_by_label("Address in Latin letters").fill("12 Toktogul St, Bishkek")
    page.get_by_label("Purpose").select_option("B")
    page.get_by_label("Scientific name").fill("Falco cherrug")
    expect(page.get_by_text("Appendix II", exact=True)).to_be_visible()
    page.get_by_label("Kind of specimen").select_option("LIV")
    page.get_by_label("Description").fill("live bird, female")
    page.get_by_label("Marks").fill("ring KG-0117")
    page.get_by_label("Source").select_option("C")
    page.get_by_label("Quantity").fill("2")
    page.get_by_label("Country of origin").select_option("KG")
    page.get_by_label("Operation, or year of acquisition").fill("A-KG-001")


def record_findings(page: Page) -> None:
    """Record all findings that this user's role can make."""
    step(page, "Record a finding")
    for kind in page.locator("#kind option").evaluate_all("(all) => all.map((each) => each.value)"):
        if not page.locator("#kind").count():
            step(page, "Record a finding")
        expect(page.locator("#kind")).to_have_value(kind)  # missing findings are offered first
        take(page, "Record a finding")
        expect(page.get_by_text("Done.")).to_be_visible()
    step(page, "Record a finding")
    for option in page.locator("#kind option").all():
        expect(option).to_contain_text("there is one, and a new one takes its place")


def test_two_people_take_a_draft_to_an_issued_print(site: Site, open_page: Open) -> None:
    page = open_page("/desk/", size=DESKTOP)
    page.get_by_role("button", name="Go to the sign-in page").click()
    page.get_by_role("button", name="preparer of the ministry").click()
    expect(page.get_by_role("banner")).to_contain_text("prepares permits")
    assert "code=" not in page.url
    page.get_by_role("link", name="New application").click()
    fill_in(page)
    expect(page.get_by_text("It will ask for:")).to_contain_text("Legal acquisition")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Submit").click()
    state(page, "Submitted")
    record_findings(page)
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    address = page.url
    early = desk(open_page, "approver", "#" + address.partition("#")[2])
    expect(early.get_by_text("It cannot be approved yet")).to_contain_text("Still missing: Bred in captivity")
    expect(early.get_by_role("button", name="Approve")).to_have_count(0)

    scientist = desk(open_page, "scientist", "#" + address.partition("#")[2])
    record_findings(scientist)
    expect(scientist.get_by_text("still missing")).to_have_count(0)

    page = desk(open_page, "approver", "#" + address.partition("#")[2])
    step(page, "Approve")
    digest = get(f"/v1/permits/{address.rpartition('/')[2]}", token="approver").json["digest"]
    assert page.locator("#digest").inner_text().replace(" ", "") == digest
    assert axe(page) == []
    take(page, "Approve")
    state(page, "Submitted")  # the browser requires the tick first
    page.get_by_label("I have read every block").check()
    take(page, "Approve")
    state(page, "Approved")
    step(page, "Issue")
    take(page, "Issue")
    state(page, "Issued")
    expect(page.get_by_role("heading", level=1)).to_contain_text("26KG")
    with page.expect_response(lambda answer: answer.url.endswith("/pdf")) as print_:
        page.get_by_role("button", name="Preview the print").click()
    assert print_.value.headers["content-type"] == "application/pdf"
    assert int(print_.value.headers["content-length"]) > 10_000
    expect(page.get_by_role("link", name="Open the PDF")).to_have_attribute("href", re.compile("^blob:"))
    assert axe(page) == []


def frame_of(page: Page) -> Any:
    frame = page.get_by_title("The form as it would print")
    expect(frame).to_have_attribute("src", re.compile("^blob:"))
    return frame


def test_preview_is_shown_beside_digest_before_approval(open_page: Open) -> None:
    made = submitted()
    found(made)
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    with page.expect_response(lambda answer: answer.url.endswith("/preview")) as shown:
        step(page, "Approve")
    assert shown.value.headers["content-type"] == "application/pdf"
    frame = frame_of(page)
    expect(page.locator("#digest")).to_be_visible()
    expect(page.get_by_role("region", name="As it would print")).to_contain_text("A preview is not a permit")
    first = frame.get_attribute("src")
    assert axe(page) == []
    take(page, "Approve")
    page.get_by_label("I have read every block").check()
    take(page, "Approve")
    state(page, "Approved")
    expect(frame).to_have_count(0)  # it belonged to the earlier state
    page.get_by_role("button", name="Preview the form").click()
    assert frame_of(page).get_attribute("src") != first


def test_scientist_is_not_offered_a_preview(open_page: Open) -> None:
    made = submitted()
    page = desk(open_page, "scientist", f"#/permit/{made['id']}")
    page.locator("#decide").wait_for()
    expect(page.get_by_role("button", name="Preview the form")).to_have_count(0)


def test_preview_of_incomplete_form_lists_missing_fields(open_page: Open) -> None:
    page = desk(open_page, "preparer", f"#/permit/{draft(valid_until=None)}")
    page.get_by_role("button", name="Preview the form").click()
    expect(page.get_by_role("alert")).to_contain_text("Something entered is wrong or missing")
    expect(page.get_by_role("region", name="As it would print").locator("iframe")).to_have_count(0)
    expect(page.get_by_role("region", name="Still open: 1")).to_contain_text("2 Valid until: missing")
    assert axe(page) == []


def test_approval_of_changed_digest_is_refused(open_page: Open) -> None:
    made = found(submitted())
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    step(page, "Approve")
    ok(call("POST", f"/v1/permits/{made['id']}/return", {"reason": "marks"}, token="preparer"))
    changed = {**get(f"/v1/permits/{made['id']}", token="preparer").json, "special_conditions": "Another"}
    ok(call("PUT", f"/v1/permits/{made['id']}", changed, token="preparer"))
    again = found(ok(call("POST", f"/v1/permits/{made['id']}/submit", token="preparer")))
    page.get_by_label("I have read every block").check()
    take(page, "Approve")
    expect(page.get_by_role("alert")).to_contain_text("has changed since you read it")
    step(page, "Approve")
    expect(page.locator("#digest")).to_have_text(re.sub("(.{8})(?=.)", r"\1 ", again["digest"]))
    assert get(f"/v1/permits/{made['id']}", token="approver").json["state"] == "submitted"


def test_author_cannot_approve_own_application(site: Site, open_page: Open) -> None:
    site.office.people["both"] = site.office.people["preparer"].__class__(
        "u-both", "Both", frozenset({"preparer", "approver"})
    )
    made = submitted("both")
    page = desk(open_page, "both", f"#/permit/{made['id']}")
    expect(page.get_by_text("another person has to approve it")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def test_auditor_and_customs_see_only_their_own_steps_and_tabs(open_page: Open) -> None:
    made = issued()
    page = desk(open_page, "a-auditor", f"#/permit/{made['id']}")
    expect(page.get_by_role("link", name="New application")).to_have_count(0)
    expect(page.get_by_role("link", name="Duty desk")).to_have_count(0)
    for name in ("Revoke", "Suspend", "Replace", "Report lost"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.goto(page.url.partition("#")[0] + "#/prepare/new")
    expect(page.get_by_text("This screen is not for your role.")).to_be_visible()
    page = desk(open_page, "aizada")
    expect(page.get_by_role("heading", level=1)).to_have_text("Duty desk")
    expect(page.get_by_role("link", name="Permits", exact=True)).to_have_count(0)


SHARED = ["foreign", "cases", "alerts"]
OFFICER = [*SHARED, "identify", "duty", "devices", "enquiry", "exchange"]
LISTS = ["experts", "reports", "species"]
STOCK = ["quotas", "stamps", "deputies"]
TABS = {
    "applicant": [],
    "preparer": ["queue", "prepare/new", *STOCK, *LISTS, *SHARED, "identify", "enquiry", "exchange"],
    "scientist": ["queue", "quotas", *LISTS, *SHARED, "identify", "enquiry", "exchange"],
    "approver": ["queue", *STOCK, *LISTS, *SHARED, "identify", "enquiry", "exchange"],
    "border": OFFICER,
    "inspector": OFFICER,
    "customs": OFFICER,
    "enforcement": [*SHARED, "watch", "patterns", "identify", "exchange"],
    "auditor": ["queue", *STOCK, *LISTS, *SHARED, "patterns", "identify", "devices", "enquiry", "exchange"],
    "admin": ["queue", *STOCK, *LISTS, *SHARED, "operations", "identify", "devices", "enquiry", "exchange"],
}
PRINTS = ["Preview the print (PDF)", "Print the original for stamp and ink"]
STEPS = {
    "preparer": [
        "Record the return of the unused permit", "Report lost or stolen", "Replace", "Record the stamp put on by hand",
        *PRINTS,
    ],
    "approver": ["Suspend", "Revoke", "Record the stamp put on by hand", *PRINTS],
    "scientist": PRINTS[:1],
    "auditor": PRINTS[:1],
    "admin": PRINTS[:1],
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_only_its_own_steps_and_tabs(open_page: Open, role: str) -> None:
    """Steps: those of an issued permit, which only the ministry's roles open."""
    page = open_page(f"/desk/#/permit/{issued()['id']}", token=f"a-{role}", size=DESKTOP)
    expect(page.locator(".tabs a")).to_have_count(len(TABS[role]))
    assert [each.get_attribute("href") for each in page.locator(".tabs a").all()] == [f"#/{tab}" for tab in TABS[role]]
    if role in STEPS:
        page.locator("h1 .state").wait_for()
        steps = page.get_by_role("region", name="What you can do").get_by_role("button")
        assert steps.all_inner_texts() == STEPS[role]
    else:
        expect(page.get_by_text("This screen is not for your role.")).to_be_visible()


def test_changes_of_state_show_their_effect(open_page: Open) -> None:
    """Covers suspend, reinstate, revoke, lost or stolen, and replace."""
    made = issued()
    page = desk(open_page, "approver", f"#/permit/{made['id']}")
    for name, words, effect in (
        ("Suspend", "Suspended", "told to hold the goods"),
        ("Reinstate", "Issued", ""),
        ("Revoke", "Revoked", "not to accept it"),
    ):
        step(page, name)
        page.get_by_label("Reason").fill("The Ministry of Interior asked")
        take(page, name)
        state(page, words)
        if effect:
            expect(page.locator(".note").filter(has_text=effect)).to_contain_text("The Ministry of Interior asked")
    second = issued()
    page = desk(open_page, "preparer", f"#/permit/{second['id']}")
    step(page, "Report lost or stolen")
    page.get_by_label("How", exact=True).select_option("stolen")
    page.get_by_label("Reason").fill("Taken from a car")
    take(page, "Report lost or stolen")
    state(page, "Lost or stolen")
    expect(page.get_by_role("button", name="Print the original")).to_have_count(0)
    step(page, "Replace")
    page.get_by_label("Reason").fill("Stolen")
    take(page, "Replace")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_label("Marks")).to_have_value("ring KG-0117")
    at = f"/v1/permits/{page.url.rpartition('/')[2]}"
    replacing = found(ok(call("POST", f"{at}/submit", token="preparer")))
    ok(call("POST", f"{at}/approve", {"digest": replacing["digest"]}, token="approver"))
    ok(call("POST", f"{at}/issue", token="preparer"))
    page = desk(open_page, "preparer", f"#/permit/{second['id']}")
    state(page, "Replaced")  # its code is still on hold
    expect(page.get_by_text("reported lost or stolen, and which permit has taken its place")).to_be_visible()


def test_supporting_paper_is_removed_with_a_reason(open_page: Open) -> None:
    made = draft("applicant")
    attached(made, "applicant", "licence.png")
    page = desk(open_page, "preparer", f"#/permit/{made}")
    papers = page.get_by_role("region", name="Supporting papers")
    expect(papers).to_contain_text("licence.png")
    expect(page.get_by_text("Take it out again")).to_have_count(0)  # the applicant's own paper
    attached(made, "preparer", "another.png")
    page.reload()
    papers.get_by_text("Take it out again").click()
    papers.get_by_role("button", name="Take the paper out").click()
    expect(papers).to_contain_text("another.png")  # a reason is required
    papers.get_by_label("Why it is taken out").fill("Of another application")
    assert axe(page) == []
    papers.get_by_role("button", name="Take the paper out").click()
    expect(papers).not_to_contain_text("another.png")
    expect(papers).to_contain_text("licence.png")
    last = page.get_by_role("region", name="Who did what").get_by_role("listitem").last
    expect(last).to_contain_text("Paper taken out: another.png")
    expect(last).to_contain_text("Of another application")
    assert axe(page) == []


def test_unwanted_replacement_is_withdrawn(open_page: Open) -> None:
    old = issued("applicant")
    made = ok(call("POST", f"/v1/permits/{old['id']}/replace", {"reason": "torn"}, token="preparer"), 201)["id"]
    page = desk(open_page, "preparer", f"#/permit/{made}")
    step(page, "Withdraw it for good")
    page.get_by_label("Reason").fill("The paper is whole after all")
    assert axe(page) == []
    take(page, "Withdraw it for good")
    state(page, "Void")
    last = page.get_by_role("region", name="Who did what").get_by_role("listitem").last
    expect(last).to_contain_text("Withdrawn")
    expect(last).to_contain_text("The paper is whole after all")
    page = desk(open_page, "preparer", f"#/permit/{submitted('applicant')['id']}")
    expect(page.get_by_role("button", name="Return to the author")).to_be_visible()
    # only the applicant withdraws an application
    expect(page.get_by_role("button", name="Withdraw it for good")).to_have_count(0)


def attached(permit: str, token: str, name: str) -> None:
    data = b"\x89PNG\r\n\x1a\n" + name.encode()
    ok(call("POST", f"/v1/permits/{permit}/attachments", data=data, content_type="image/png", token=token,
            query={"name": name}), 201)  # fmt: skip


def test_expired_sign_in_keeps_unsaved_text(site: Site, open_page: Open) -> None:
    made = draft()
    page = desk(open_page, "preparer", f"#/prepare/{made}")
    conditions = page.get_by_label("Special conditions")
    page.get_by_role("region", name="Species and quota").wait_for()  # the last request of the page
    person = site.office.people.pop("preparer")
    conditions.fill("Valid only with the stamp")
    expect(page.get_by_text("Your sign-in has run out")).to_be_visible()
    site.office.people["preparer"] = person
    page.get_by_role("button", name="Go to the sign-in page").click()
    page.get_by_role("button", name="preparer of the ministry").click()
    expect(page.get_by_label("Special conditions")).to_have_value("Valid only with the stamp")
    page.get_by_role("button", name="Save now").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert get(f"/v1/permits/{made}", token="preparer").json["special_conditions"] == "Valid only with the stamp"


def test_retrospective_permit_needs_reason_and_excludes_appendix_i(open_page: Open) -> None:
    peregrine = {**saker()["lines"][0], "scientific_name": "Falco peregrinus"}
    made = draft(lines=[peregrine])
    page = desk(open_page, "preparer", f"#/prepare/{made}")
    reason = page.get_by_label("Issued afterwards because")
    reason.fill("Клерк забыл")
    expect(page.locator("#f-retrospective-reason-wrong")).to_contain_text("Latin letters only")
    reason.fill("The clerk forgot it.")
    expect(page.locator("#f-retrospective-reason-wrong")).to_have_text("not possible for Appendix I")
    page.get_by_label("Scientific name").fill("Falco cherrug")
    expect(page.locator("#f-retrospective-reason-wrong")).to_be_empty()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert get(f"/v1/permits/{made}", token="preparer").json["retrospective"] == {"reason": "The clerk forgot it."}
    assert axe(page) == []
    reason.fill("")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Still open")).to_have_count(0)
    assert "retrospective" not in get(f"/v1/permits/{made}", token="preparer").json


def test_form_is_hidden_until_its_own_draft_is_loaded(open_page: Open) -> None:
    held: list[Any] = []
    page = desk(open_page, "preparer", f"#/prepare/{draft()}")
    page.get_by_label("Issued afterwards because").fill("The clerk forgot it.")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    other = draft()
    page.route(f"**/v1/permits/{other}", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    page.evaluate(f"location.hash = '#/prepare/{other}'")
    expect(page.get_by_text("Loading …")).to_be_visible()
    expect(page.get_by_label("Issued afterwards because")).to_have_count(0)  # otherwise typed text would be lost
    asked(page, held)
    held[0].continue_()
    expect(page.get_by_label("Issued afterwards because")).to_have_value("")


def test_late_validation_of_older_content_is_ignored(open_page: Open) -> None:
    held: list[Any] = []
    page = desk(open_page, "preparer", "#/queue")
    page.route("**/v1/permits/check*", lambda route: route.continue_() if held else held.append(route))
    page.evaluate(f"location.hash = '#/prepare/{draft()}'")
    page.get_by_label("Issued afterwards because").fill("Клерк забыл")  # before the answer about the loaded content
    wrong = page.locator("#f-retrospective-reason-wrong")
    expect(wrong).to_contain_text("Latin letters only")
    held[0].continue_()
    page.get_by_role("button", name="Save now", disabled=False).wait_for()  # the answer has come
    expect(wrong).to_contain_text("Latin letters only")


def test_foreign_documents_are_required_only_for_goods_from_abroad(open_page: Open) -> None:
    quoted = {"country": "UZ", "certificate": "UZ-7", "date": "2026-08-07"}
    made = draft(lines=[{**saker()["lines"][0], "last_reexport": quoted}])
    page = desk(open_page, "preparer", f"#/prepare/{made}")
    page.get_by_role("button", name="A: 12a Country of the last re-export").click()
    expect(page.locator("#f-lines-0-last_reexport-country")).to_be_focused()  # so that it can be removed
    for part, none in (("certificate", ""), ("date", "")):
        page.locator(f"#f-lines-0-last_reexport-{part}").fill(none)
    page.locator("#f-lines-0-last_reexport-country").select_option("")
    expect(page.get_by_role("region", name="Still open")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Country of origin")).to_be_visible()
    expect(page.get_by_label("Permit of the country of origin")).to_have_count(0)
    page.locator("#f-document_type").select_option("OC")
    page.get_by_label("Country of origin").select_option("KG")
    expect(page.get_by_label("Permit of the country of origin")).to_have_count(0)
    page.get_by_label("Country of origin").select_option("KZ")
    page.get_by_label("Permit of the country of origin").fill("KZ-7")
    page.get_by_label("Day of that permit").fill("2026-09-07")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    (line,) = get(f"/v1/permits/{made}", token="preparer").json["lines"]
    assert line["origin"] == {"country": "KZ", "permit": "KZ-7", "date": "2026-09-07"}
    assert "last_reexport" not in line


def test_form_shows_every_field_of_the_digest(open_page: Open) -> None:
    said = {
        "special_conditions": "of block 5", "stamp_number": "KG-A 7", "transport_document": "AWB 7",
        "form": "electronic",
        "import_permit": {"country": "AE", "number": "AE-7", "date": "2026-10-07"},
        "retrospective": {"reason": "because of 7"},
    }  # fmt: skip
    line = {
        **saker()["lines"][0], "scientific_name": "Falco cherrugg", "appendix": "III", "kingdom": "Plantae",
        "unit": "KGM",
        "origin": {"country": "KZ", "permit": "KZ-7", "date": "2026-09-07"},
        "last_reexport": {"country": "UZ", "certificate": "UZ-7", "date": "2026-08-07"},
    }  # fmt: skip
    page = desk(open_page, "approver", f"#/permit/{draft(**said, lines=[line])}")
    form = page.get_by_role("region", name="The form, block by block")
    shown = (
        "Export permit", "electronic", "31 March 2027", "Al Dhafra Falcons, P.O. Box 45, Abu Dhabi",
        "United Arab Emirates",
        "Altyn Falcon LLC, 12 Toktogul St, Bishkek", "«Алтын шумкар» ЖЧК", "of block 5", "B · ",
        "KG-A 7", "AWB 7",
        "AE-7", "7 October 2026", "because of 7", "Falco cherrugg", "Saker falcon", "Live", "live bird, female",
        "ring KG-0117",
        "III · Plant · C", "2 kg", "Kazakhstan, KZ-7, 7 September 2026", "Uzbekistan, UZ-7, 7 August 2026", "A-KG-001",
    )  # fmt: skip
    for each in shown:
        expect(form).to_contain_text(each)
