"""The exporter's page from the first question to a permit, with interruptions and faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from browsing import DESKTOP, NARROW, ZOOMED, Site, Watched, axe, beyond, endorse, moved, tab_to
from desk import draft, issued, ok, saker, submitted
from http_client import call, get
from office import MemoryOffice
from playwright.sync_api import Page, expect

from local import web_catalogues

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def refusals(watched: Watched) -> None:
    """Expect the browser's console message about answers still missing (422)."""
    watched.expected.append("status of 422")


def signed_in(open_page: Open, token: str = "applicant", at: str = "", **options: object) -> Page:
    """Open the exporter's page, signed in as this user."""
    return open_page(f"/exporter/{at}", token=token, **options)


def forward(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def apply(page: Page, look: Callable[[Page], None] = lambda page: None) -> None:
    """Answer all questions of an application, from the list of applications to the summary."""
    page.get_by_role("link", name="Apply for a permit").click()
    heading(page, "Which document do you need?")
    look(page)
    page.get_by_label("Export permit").check()
    forward(page)
    heading(page, "Who sends the goods?")
    look(page)
    page.get_by_label("Name, in Latin letters").fill("Altyn Falcon LLC")
    page.get_by_label("Address, in Latin letters").fill("12 Toktogul St, Bishkek")
    expect(page.get_by_label("Country")).to_have_value("KG")
    forward(page)
    heading(page, "Who receives the goods?")
    page.get_by_label("Name, in Latin letters").fill("Al Dhafra Falcons")
    page.get_by_label("Address, in Latin letters").fill("P.O. Box 45, Abu Dhabi")
    page.get_by_label("Country").select_option("AE")
    forward(page)
    heading(page, "What are the goods for?")
    page.get_by_label("Breeding in captivity or artificial propagation").check()
    forward(page)
    goods(page, look)
    heading(page, "Has the other country given an import permit?")
    look(page)
    forward(page)
    heading(page, "Until when do you need it?")
    page.get_by_label("Day", exact=True).fill("31")
    page.get_by_label("Month").select_option("March")
    page.get_by_label("Year").fill("2027")
    look(page)
    forward(page)
    heading(page, "How will the goods travel?")
    forward(page)
    heading(page, "On paper or electronic?")
    page.get_by_label("On paper, with stamp and signature").check()
    look(page)
    forward(page)
    heading(page, "Is there anything to add?")
    forward(page)
    heading(page, "Where shall we write to you?")
    expect(page.get_by_role("radio", name="English")).to_be_checked()
    page.get_by_label("E-mail address").fill("aigul@example.kg")
    page.get_by_role("radio", name="Русский").check()
    look(page)
    forward(page)
    heading(page, "Which papers support it?")
    look(page)
    page.get_by_role("link", name="Continue").click()
    heading(page, "Your application")


def goods(page: Page, look: Callable[[Page], None]) -> None:
    heading(page, "Which goods?")
    page.get_by_role("button", name="Add goods").click()
    heading(page, "Which animal or plant?")
    page.get_by_role("combobox", name="Name").press_sequentially("saker")
    expect(page.get_by_role("option").first).to_contain_text("Falco cherrug")
    look(page)
    page.get_by_role("combobox", name="Name").press("ArrowDown")
    page.get_by_role("combobox", name="Name").press("Enter")
    expect(page.get_by_role("combobox", name="Name")).to_have_value("Falco cherrug")
    forward(page)
    heading(page, "What is it?")
    page.get_by_label("Kind of specimen").select_option("LIV")
    page.get_by_label("Description").fill("live bird, female")
    look(page)
    forward(page)
    heading(page, "How much?")
    page.get_by_label("Quantity").fill("2")
    forward(page)
    heading(page, "Where do they come from?")
    page.get_by_label("Animal bred in captivity (Art. VII.5)").check()
    look(page)
    forward(page)
    heading(page, "Country of origin")
    page.get_by_label("Country of origin").select_option("KG")
    forward(page)
    heading(page, "How are they marked?")
    page.get_by_label("Marks").fill("ring KG-0117, ring KG-0118")
    forward(page)
    heading(page, "Where were they bred or grown?")
    page.get_by_label("Number of the registered operation").fill("A-KG-001")
    forward(page)
    heading(page, "Which goods?")
    look(page)
    page.get_by_role("button", name="Continue").click()


PDF = {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a licence " + b"." * 200_000}


def test_complete_application_is_sent_with_notice_by_mail(site: Site, open_page: Open) -> None:
    page = signed_in(open_page)
    heading(page, "My applications and permits")
    faults: list[str] = []
    apply(page, lambda seen: faults.extend(axe(seen)))
    expect(page.get_by_text("Everything is answered.")).to_be_visible()
    expect(page.get_by_text("We write to aigul@example.kg (Русский).")).to_be_visible()
    faults += axe(page)
    page.get_by_role("button", name="Send to the ministry").click()
    expect(page.get_by_role("heading", name="Sent to the ministry")).to_be_visible()
    expect(page.get_by_text("The ministry’s turn")).to_be_visible()
    faults += axe(page)
    assert site.office.send_notices().sent == 1
    (mail,) = site.office.mailer.sent
    assert (mail.to, mail.subject) == ("aigul@example.kg", "УЧЕБНОЕ · Tamga · Заявление получено")
    page.get_by_role("link", name="My applications and permits").click()
    expect(page.get_by_role("listitem").get_by_text("Falco cherrug")).to_be_visible()
    assert faults + axe(page) == []


def test_no_draft_is_created_before_document_is_chosen(open_page: Open) -> None:
    page = signed_in(open_page, at="#apply", language="en")
    heading(page, "Which document do you need?")
    forward(page)
    expect(page.get_by_role("alert").get_by_role("button", name="Choose a document.")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_focused()
    heading(page, "Which document do you need?")
    page.get_by_role("button", name="Save and come back later").click()
    heading(page, "My applications and permits")
    assert ok(get("/v1/permits", token="applicant"))["items"] == []
    page.goto(f"{page.url.split('#')[0]}#apply")
    page.get_by_label("Export permit").check()
    forward(page)
    heading(page, "Who sends the goods?")
    (begun,) = ok(get("/v1/permits", token="applicant"))["items"]
    page.go_back()  # to the first question of this draft, not of a new one
    heading(page, "Which document do you need?")
    assert page.url.endswith(f"#{begun['id']}/document")
    expect(page.get_by_label("Export permit")).to_be_checked()


def test_mail_address_is_set_and_removed(open_page: Open) -> None:
    page = signed_in(open_page, language="en")
    expect(page.get_by_text("You get no e-mails: no e-mail address is given.")).to_be_visible()
    page.get_by_role("link", name="E-mails to you").click()
    heading(page, "Where shall we write to you?")
    email = page.get_by_label("E-mail address")
    email.fill("aigul@example")
    forward(page)
    words = "This is no e-mail address. Latin letters, like: aigul@example.kg"
    expect(page.get_by_role("alert").get_by_role("button", name=words)).to_be_visible()
    expect(email).to_have_attribute("aria-invalid", "true")
    assert axe(page) == []
    email.fill("aigul@example.kg")
    page.get_by_role("radio", name="Кыргызча").check()
    forward(page)
    heading(page, "My applications and permits")
    expect(page.get_by_text("We write to aigul@example.kg (Кыргызча).")).to_be_visible()
    assert ok(get("/v1/me", token="applicant"))["notify"] == {"email": "aigul@example.kg", "language": "ky"}
    page.reload()
    page.get_by_role("link", name="E-mails to you").click()
    expect(page.get_by_role("radio", name="Кыргызча")).to_be_checked()
    email.fill("")
    forward(page)
    expect(page.get_by_text("You get no e-mails: no")).to_be_visible()
    assert axe(page) == []
    assert ok(get("/v1/me", token="applicant"))["notify"] is None


def test_invalid_answer_is_corrected_by_keyboard_alone(open_page: Open) -> None:
    permit = draft("applicant", valid_until="2026-12-05")
    page = signed_in(open_page, at=f"#{permit}")
    expect(page.get_by_text("Little time: the ministry has to decide")).to_be_visible()
    page.evaluate("location.hash += '/importer'")
    name = page.get_by_label("Name, in Latin letters")
    name.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Аль-Дафра")
    page.keyboard.press("Enter")
    words = "Name, in Latin letters: Latin letters only here; the original goes into the fields for its own script."
    again = page.get_by_role("alert").get_by_role("button", name=words)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    assert axe(page) == []
    page.keyboard.press("Tab")
    expect(again).to_be_focused()
    page.keyboard.press("Enter")
    expect(name).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Al Dhafra")
    page.keyboard.press("Enter")
    heading(page, "What are the goods for?")
    assert ok(get(f"/v1/permits/{permit}", token="applicant"))["importer"]["name"] == "Al Dhafra"
    page.evaluate("location.hash = location.hash.replace('purpose', 'valid-until')")
    page.get_by_label("Day").fill("6")
    forward(page)
    heading(page, "How will the goods travel?")


def test_expired_sign_in_keeps_answers(site: Site, open_page: Open, watched: Watched) -> None:
    watched.expected.append("status of 401")
    permit = draft("applicant")
    page = signed_in(open_page, at=f"#{permit}/importer")
    heading(page, "Who receives the goods?")
    known = site.office.people.pop("applicant")
    page.get_by_label("Name, in Latin letters").fill("Another Receiver")
    forward(page)
    heading(page, "Apply for a CITES permit")
    assert axe(page) == []
    site.office.people["again"] = known
    page.evaluate("sessionStorage.setItem('tamga.token', 'again')")
    page.reload()
    heading(page, "Who receives the goods?")
    expect(page.get_by_label("Name, in Latin letters")).to_have_value("Another Receiver")
    forward(page)
    heading(page, "What are the goods for?")
    assert ok(get(f"/v1/permits/{permit}", token="again"))["importer"]["name"] == "Another Receiver"


def test_lost_network_keeps_answers_and_papers(open_page: Open, watched: Watched) -> None:
    watched.expected += ["ERR_INTERNET_DISCONNECTED", "status of 409"]  # 409: adding the paper made a new version
    permit = draft("applicant")
    page = signed_in(open_page, at=f"#{permit}/papers")
    page.get_by_label("Choose files").set_input_files(PDF)  # type: ignore[arg-type]
    page.context.set_offline(True)
    page.get_by_role("button", name="Send (0.2 MB)").click()
    expect(page.get_by_text("Not sent: no connection.")).to_be_visible()
    assert axe(page) == []
    page.context.set_offline(False)
    page.goto(page.url.replace("/papers", ""))
    expect(page.get_by_role("region", name="Not sent yet")).to_contain_text(
        "licence.pdf"
    )  # the paper is clearly marked as not sent
    page.locator(f'a[href="#{permit}/papers"]').click()
    page.reload()
    page.get_by_role("button", name="Send (0.2 MB)").click()
    expect(page.get_by_role("button", name="licence.pdf", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Not sent yet")).to_have_count(0)
    assert [each["name"] for each in ok(get(f"/v1/permits/{permit}", token="applicant"))["attachments"]] == [
        "licence.pdf"
    ]

    page.goto(page.url.replace("/papers", "/remarks"))
    page.get_by_label("Remarks").fill("From the same farm")
    page.context.set_offline(True)
    forward(page)
    expect(page.get_by_role("alert")).to_contain_text("Your answers are kept in this tab")
    page.context.set_offline(False)
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert ok(get(f"/v1/permits/{permit}", token="applicant"))["special_conditions"] == "From the same farm"


def test_unreadable_file_is_refused_before_upload(open_page: Open) -> None:
    page = signed_in(open_page, at=f"#{draft('applicant')}/papers")
    text = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"notes"}
    page.get_by_label("Choose files").set_input_files(text)  # type: ignore[arg-type]
    expect(page.get_by_role("alert")).to_have_text("notes.txt is not a PDF or picture that can be read.")


def test_repeated_application_omits_validity_and_marks(open_page: Open) -> None:
    old = issued("applicant")
    page = signed_in(open_page, at=f"#{old['id']}")
    page.get_by_role("button", name="Apply for the same again").click()
    heading(page, "Your application")
    new = ok(get(f"/v1/permits/{page.url.partition('#')[2]}", token="applicant"))
    assert (new["state"], new["importer"], new["lines"][0]["scientific_name"]) == (
        "draft", old["importer"], "Falco cherrug",
    )  # fmt: skip
    assert "valid_until" not in new
    assert "marks" not in new["lines"][0]
    expect(page.get_by_text("Still to be filled in or corrected: 1")).to_be_visible()


def test_permit_of_another_person_is_not_shown(open_page: Open, watched: Watched) -> None:
    watched.expected.append("status of 404")
    theirs = submitted("other")
    page = signed_in(open_page, at=f"#{theirs['id']}")
    heading(page, "There is nothing here for you")
    assert axe(page) == []
    page.get_by_role("link", name="My applications and permits").click()
    expect(page.get_by_text("You have not applied for anything yet.")).to_be_visible()


def test_returned_application_shows_reason_and_is_sent_again(open_page: Open) -> None:
    permit = submitted("applicant")["id"]
    ok(call("POST", f"/v1/permits/{permit}/return", {"reason": "Whose farm is it?"}, token="preparer"))
    page = signed_in(open_page)
    expect(page.get_by_role("article")).to_contain_text("Your turn")
    expect(page.get_by_role("heading", name="E-mails to you")).to_be_visible()
    assert moved(page) == []
    page.get_by_role("link", name="Export permit").click()
    expect(page.get_by_text("Whose farm is it?")).to_be_visible()
    page.get_by_role("button", name="Send to the ministry").click()
    expect(page.get_by_role("heading", name="Sent to the ministry")).to_be_visible()


def test_list_and_permit_page_give_the_same_next_step(open_page: Open) -> None:
    ways = {
        "electronic": "Download and print it; it goes with the goods.",
        "paper": "Fetch the stamped original from the ministry; it goes with the goods.",
    }
    for form, words in ways.items():
        permit = issued("applicant", form=form)
        page = signed_in(open_page)
        expect(page.get_by_role("article").filter(has_text=permit["number"])).to_contain_text(words)
        page.get_by_role("link", name=permit["number"]).click()
        expect(page.locator(".standing")).to_contain_text(words)


def test_permit_shows_what_the_importing_country_also_asks_for(open_page: Open) -> None:
    permit = issued("applicant")
    page = signed_in(open_page, at=f"#{permit['id']}")
    expect(page.locator(".importer")).to_contain_text("The importing country also asks (United Arab Emirates):")
    expect(page.locator(".importer")).to_contain_text("A falcon passport")
    expect(page.locator(".importer")).to_contain_text("Confirm it with that country")
    assert axe(page) == []
    page.get_by_role("button", name="Русский").click()
    expect(page.locator(".importer")).to_contain_text("Паспорт сокола")


def test_document_for_many_crossings_is_never_called_unused(site: Site, open_page: Open) -> None:
    permit = issued("applicant", document_type="OT", valid_until="2026-12-05", purpose="Q", lines=[
        {**saker()["lines"][0], "quantity": "1"}])  # fmt: skip
    page = signed_in(open_page, at=f"#{permit['id']}")
    expect(page.locator("#main")).to_contain_text("Issued, for many crossings")
    site.office.now += 30 * 86_400
    page.reload()
    expect(page.locator("#main")).to_contain_text("For more crossings apply anew.")
    expect(page.locator("#main")).not_to_contain_text("not used")


def test_print_is_downloaded_and_revoked_print_is_marked(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued("applicant", valid_until="2026-12-05")
    page = signed_in(open_page, at=f"#{permit['id']}")
    expect(
        page.get_by_text("Little time: the goods must have arrived by 5 December 2026. Days left: 10.")
    ).to_be_visible()
    assert axe(page) == []
    watched.expected.append("ERR_FAILED")
    page.route("https://blobs.invalid/**", lambda route: route.abort())
    with page.expect_request("https://blobs.invalid/**") as fetched:
        page.get_by_role("button", name="Download the document (PDF)").click()
    assert permit["number"].replace("/", "-") in fetched.value.url
    reason = {"reason": "goods seized", "for_cause": True}
    ok(call("POST", f"/v1/permits/{permit['id']}/revoke", reason, token="approver"))
    page = signed_in(open_page, at=f"#{permit['id']}")
    expect(page.get_by_role("button", name="Download for your files: NOT VALID")).to_be_visible()
    expect(page.get_by_role("heading", name="Ended: no longer valid")).to_be_visible()
    expect(page.get_by_text("goods seized")).to_be_visible()
    watched.foreign.clear()  # the in-memory file store has a host name that never resolves


def everywhere(page: Page) -> Iterator[str]:
    """Show each screen of an applicant who has a draft and a permit, and yield its address."""
    permit, mine = draft("applicant", valid_until=None), issued("applicant")["id"]
    places = ["", "#apply", *(f"#{permit}{each}" for each in ("", "/exporter", "/goods", "/goods/0/species",
              "/goods/0/quantity", "/valid-until", "/transport", "/form", "/remarks", "/notices", "/papers")),
              "#notices", f"#{mine}", f"#{mine}/lost", f"#{mine}/return"]  # fmt: skip
    for place in places:
        page.evaluate("(hash) => { scrollTo(0, 0); location.hash = hash }", place or "#")
        expect(page.locator("h1.soft")).to_have_count(0)
        expect(page.locator("button:disabled")).to_have_count(0)
        yield place


def test_every_screen_fits_at_200_percent_and_double_font_size(open_page: Open) -> None:
    page = signed_in(open_page, language="ky", size=ZOOMED)
    wrong: dict[str, list[str]] = {}
    for place in everywhere(page):
        found = beyond(page)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")  # WCAG 1.4.4
        found += beyond(page)
        page.evaluate("document.documentElement.style.removeProperty('font-size')")
        if found:
            wrong[place] = found
    assert wrong == {}


def test_questions_are_answered_by_keyboard_alone(open_page: Open) -> None:
    page = signed_in(open_page, size=DESKTOP)
    page.locator("h1").wait_for()
    tab_to(page, "a[href='#apply']")
    page.keyboard.press("Enter")
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    tab_to(page, "button[type=submit], button.main")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#[0-9A-Z]{10,}/(?!document)"))  # a draft, at its next question
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

    page.goto(page.url.partition("#")[0] + "#")
    tab_to(page, "a[href='#notices']")
    page.keyboard.press("Enter")
    tab_to(page, "input[type=email]")
    page.keyboard.type("aigul@example.kg")
    tab_to(page, "button.main")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("aigul@example.kg")
    heading(page, "My applications and permits")


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_every_screen_is_translated_and_fits_a_narrow_phone(open_page: Open, language: str) -> None:
    page = signed_in(open_page, language=language, size=NARROW)
    english = [str(m.id) for name in ("exporter", "shared") for m in web_catalogues.extract(name, language) if m.id]
    sentences = {text for text in english if " " in text and "{" not in text}
    for place in everywhere(page):
        said = page.locator("body").inner_text()
        assert [text for text in sentences if text in said] == [], place
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], place
        assert axe(page) == [], place


def test_unused_permit_is_returned_with_a_reason(open_page: Open) -> None:
    permit = issued("applicant")["id"]
    page = signed_in(open_page, at=f"#{permit}")
    page.get_by_role("link", name="Give it back unused").click()
    page.get_by_role("button", name="Give it back for good").click()
    expect(page.get_by_role("alert")).to_contain_text("Please give a reason.")
    page.get_by_label("Why you do not need it").fill("The buyer stepped back.")
    assert axe(page) == []
    page.get_by_role("button", name="Give it back for good").click()
    expect(page.get_by_role("heading", name="Ended: no longer valid")).to_be_visible()
    expect(page.get_by_text("Given back unused")).to_be_visible()
    assert ok(get(f"/v1/permits/{permit}", token="applicant"))["state"] == "revoked"


@pytest.mark.parametrize(("how", "missing"), [("Lost", "lost"), ("Stolen", "stolen")])
def test_permit_with_unconfirmed_stamp_is_reported_lost_or_stolen(
    open_page: Open, office: MemoryOffice, how: str, missing: str
) -> None:
    permit = issued("applicant")
    endorse(permit, office, recorded="paper")
    page = signed_in(open_page, at=f"#{permit['id']}")
    page.get_by_role("link", name="Report it lost or stolen").click()
    page.get_by_label(how).check()
    page.get_by_label("Where and when").fill("At the airport, this morning.")
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("Reported. It is stopped at every border.")).to_be_visible()
    made = ok(get(f"/v1/permits/{permit['id']}", token="applicant"))
    assert (made["state"], made["missing"]) == ("lost", missing)


def test_permit_with_unconfirmed_stamp_offers_return_and_loss_report(open_page: Open, office: MemoryOffice) -> None:
    """Attack: a forged stamp at the border must not keep a stolen permit valid."""
    permit = issued("applicant")
    endorse(permit, office, recorded="paper")
    page = signed_in(open_page, at=f"#{permit['id']}")
    expect(page.locator("main")).to_contain_text("A stamp from the border waits for confirmation")
    expect(page.get_by_role("link", name="Give it back unused")).to_be_visible()
    expect(page.get_by_role("link", name="Report it lost or stolen")).to_be_visible()
