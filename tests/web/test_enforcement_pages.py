"""Foreign papers, cases, alerts and watch-list: from an offline officer to the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from at_desk import desk
from border import with_kazakhstan
from browsing import Site, Watched, axe, cut
from desk import issued, ok
from enforcing import found
from foreign_play import Presented
from http_client import call, get, post
from kinds import APPLICATIONS
from life import SAKER
from life import issued as permit_of
from playwright.sync_api import Page, expect
from scanning import begin, kept, photographed, scanned, unlock, written_down
from test_desk_duty import picture

from chalicelib.cases.services import cases
from chalicelib.composition import container
from chalicelib.kernel.days import to_text
from chalicelib.kernel.rows import Put
from chalicelib.permits.services import store
from chalicelib.record.permit import Party

Open = Callable[..., Page]
PICTURE = picture()
HONEST = Party("Honest Zoo", "1 Chuy, Bishkek", "KG")
BOTH = ["Smuggler LLC", "Honest Zoo"]  # importer of the foreign paper, importer of the import permit
pytestmark = pytest.mark.usefixtures("refusals")


@pytest.fixture
def refusals(watched: Watched) -> None:
    watched.expected += [f"status of {status}" for status in (403, 404, 409, 422)]


def fill(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        field = page.locator(f"#f-{name.replace('__', '-')}")
        if field.evaluate("(each) => each.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def test_foreign_paper_entered_offline_is_used_and_checked_with_issuer(
    site: Site, open_page: Open, watched: Watched
) -> None:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    cut(page, watched)
    page.locator("#foreign").click()
    expect(page.locator("#f-issuer option[value=KG]")).to_have_count(0)  # the stage's own country
    expect(page.locator("#f-permit-importer-country")).to_have_value("KG")
    assert axe(page) == []
    page.locator("button[type=submit]").click()
    expect(page.locator("#f-issuer-wrong")).not_to_be_empty()  # a missing entry is reported at its field
    expect(page.locator("#f-sealed")).to_have_value("")  # no default: the officer must state what they saw
    expect(page.locator("#f-sealed-wrong")).not_to_be_empty()
    fill(
        page,
        issuer="CZ",
        number="CZ 17/26",
        permit__valid_until="2026-10-31",
        sealed="no",
        permit__exporter__name="Zoo Praha",
    )
    expect(page.get_by_text("Numbers of this country look otherwise")).to_be_visible()
    # searched in the device's own list
    fill(page, permit__lines__0__term="LIV", permit__lines__0__scientific_name="itegli")
    page.locator("species-field").get_by_role("button", name="Falco cherrug").click()
    expect(page.locator("#f-permit-lines-0-scientific_name")).to_have_value("Falco cherrug")
    fill(page, permit__lines__0__quantity="2", permit__lines__0__marks="ring CZ-7")
    expect(page.locator("#f-permit-special_conditions")).to_be_hidden()  # rare fields stay collapsed
    page.get_by_text("More of this line").click()
    fill(page, permit__lines__0__common_name="балобан", permit__lines__0__description="живая птица",
         permit__lines__0__origin__country="SK", permit__lines__0__origin__permit="SK/9",
         permit__lines__0__origin__date="2025-05-02")  # fmt: skip
    fill(page, permit__lines__0__last_reexport__country="PL", permit__lines__0__last_reexport__certificate="PL 3",
         permit__lines__0__last_reexport__date="2025-09-01",
         permit__lines__0__operation_or_acquisition="A-SK-1")  # fmt: skip
    assert axe(page) == []
    page.locator("#f-use").check()
    page.locator("button[type=submit]").click()
    expect(page.locator("#f-retained-wrong")).not_to_be_empty()
    page.locator("#f-retained").check()
    page.get_by_text("More of this line").click()
    page.locator("button[type=submit]").click()
    expect(page.locator("#f-permit-lines-0-description")).to_be_focused()  # a section with a fault stays open
    page.get_by_text("More of this paper").click()
    fill(page, permit__lines__0__description="live bird", transport_document="AWB 176-1",
         permit__special_conditions="Annex A of the Union.")  # fmt: skip
    page.locator("main input[type=file]").set_input_files(
        {"name": "it.pdf", "mimeType": "application/pdf", "buffer": b"." * (4 * 1024 * 1024 + 1)}
    )
    expect(page.get_by_role("alert").filter(has_text="The file is too large: at most 4 MB.")).to_be_visible()
    photographed(page, PICTURE)
    expect(page.get_by_text("The file is too large: at most 4 MB.")).to_be_hidden()
    written_down(page)
    for odd in ("Its last day of validity is over.", "Stamp, signature or seal is missing."):
        expect(
            page.get_by_role("status").get_by_text(odd)
        ).to_be_visible()  # the officer sees the remarks that the desk will see
    assert axe(page) == []
    (event,) = [each["event"] for each in kept(page) if each["event"]["kind"] == "foreign_permit"]
    counted = page.evaluate(
        """async (done) => {
          const root = document.querySelector("script[type=module]").src.replace("scan/main.js", "");
          const { ofPermit, usesOf } = await import(root + "scan/judge.js");
          return usesOf(ofPermit(done, "CZ", "CZ-17/26")).map((use) => [use.kind, use.post, use.lines[0].quantity]);
        }""",
        kept(page),
    )
    # a later scan of its QR code finds this use, whatever the spelling of the number
    assert counted == [["import", "manas-airport", "2"]]
    page = desk(open_page, "preparer", "#/foreign")
    expect(page.get_by_role("row").nth(1)).to_contain_text("CZ-17/26")
    assert axe(page) == []
    page.get_by_role("link", name="CZ-17/26").click()
    expect(page.get_by_role("region", name="What is odd about it")).to_contain_text("look otherwise")
    form = page.get_by_role("region", name="The form, block by block")
    for words in (
        "Annex A of the Union.",
        "балобан",
        "live bird",
        "SK/9, 2 May 2025",
        "PL 3, 1 September 2025",
        "A-SK-1",
    ):
        expect(form).to_contain_text(words)
    photographs = page.get_by_role("region", name="Photographs")
    expect(photographs.get_by_role("button", name="Save photograph 1 as it was sent")).to_be_visible()
    photographs.get_by_role("button", name="Show the photographs").click()
    expect(photographs.get_by_alt_text("Photograph 1")).to_have_js_property("naturalWidth", 60)
    expect(photographs.get_by_role("button")).to_have_count(1)
    page.locator("#ask").click()
    assert "Falco cherrug" in page.locator("#letter-0").input_value()
    issuers = page.get_by_role("region", name="Its issuer")
    expect(issuers).to_contain_text("Tamga does not send it, and does not know whether it was sent.")
    expect(issuers).not_to_contain_text("Asked")
    expect(issuers).to_contain_text("Send the photographs of the paper with it.")
    assert axe(page) == []
    page.get_by_label("What they say").select_option("denied")
    page.get_by_label("Day it came").fill("2026-11-26")
    page.get_by_label("Their words").fill("This number is not of our series.")
    page.get_by_role("button", name="Keep the answer").click()
    expect(page.get_by_role("region", name="What is odd about it")).to_contain_text("did not issue")
    assert axe(page) == []
    told = get(f"/v1/foreign-permits/{event['event_id']}", token="a-auditor").json
    assert (told["endorsed"]["retained"], told["flagged"], len(told["photos"])) == (True, True, 1)
    report = call("GET", "/v1/reports/annual-trade", query={"year": "2026", "kind": "import"}, token="a-auditor")
    assert b",CZ,SK,,CZ-17/26,SK/9," in report.body  # the country of origin and its permit


def test_foreign_paper_of_appendix_i_asks_for_our_import_permit(site: Site, open_page: Open, watched: Watched) -> None:
    """Offline. The field is shown only where it is needed, and a hidden value is never sent."""
    page = open_page("/scan/", token="bekzat")
    begin(page)
    cut(page, watched)
    page.locator("#foreign").click()
    ours = page.get_by_label("Number of our import permit (block 5)")
    fill(page, issuer="KZ", number="KZ-0458/2026", permit__valid_until="2026-12-31", sealed="yes",
         permit__exporter__name="Zoo", permit__importer__name="Bishkek Zoo", permit__lines__0__term="LIV",
         permit__lines__0__scientific_name="Panthera uncia", permit__lines__0__quantity="1",
         permit__lines__0__source="W")  # fmt: skip
    expect(ours).to_have_count(0)
    fill(page, permit__lines__0__appendix="I")
    ours.fill("КГ 26/И")
    assert axe(page) == []
    page.locator("button[type=submit]").click()
    expect(page.locator("#f-permit-import_permit-number-wrong")).to_have_text("Latin letters, as on the paper.")
    fill(page, direction="transit")
    expect(ours).to_have_count(0)
    fill(page, direction="import")
    ours.fill("26KG000007/I")
    written_down(page)
    expect(page.get_by_text("an import permit of ours is needed")).to_have_count(0)
    expect(page.get_by_role("status").get_by_text("is not in our register: compare the number")).to_be_visible()
    (paper,) = get("/v1/foreign-permits", token="a-auditor").json["items"]
    permit = get(f"/v1/foreign-permits/{paper['id']}", token="a-auditor").json["permit"]
    assert permit["import_permit"] == {"number": "26KG000007/I", "country": "KG"}
    page = desk(open_page, "preparer", "#/foreign")
    expect(page.get_by_role("row").nth(1)).to_contain_text("is not in our register: compare the number")


def test_officer_chooses_between_matching_lines_of_import_permit(site: Site, open_page: Open) -> None:
    office: Any = container.deps()
    line = replace(SAKER, scientific_name="Panthera uncia", source="W", quantity="1")
    pair = (replace(line, marks="chip 7"), replace(line, marks="chip 8"))
    permit = permit_of(office, replace(APPLICATIONS["I"], importer=HONEST, purpose="Z", lines=pair))
    page = open_page("/scan/", token="bekzat")
    begin(page)
    page.locator("#foreign").click()
    fill(page, issuer="KZ", number="KZ-0459/2026", permit__valid_until="2026-12-31", sealed="yes",
         permit__exporter__name="Zoo", permit__lines__0__scientific_name="Panthera uncia", permit__lines__0__term="LIV",
         permit__lines__0__quantity="1", permit__lines__0__source="W", permit__lines__0__appendix="I")  # fmt: skip
    ours = page.get_by_label("Number of our import permit (block 5)")
    page.locator("#f-use").check()
    ours.fill(str(permit.number))
    ours.press("Tab")
    page.locator("#import-permit-B").fill("1")
    fill(page, permit__importer__name="Smuggler LLC")
    expect(page.get_by_role("group", name="Import permit").get_by_role("definition")).to_have_text(BOTH)
    assert axe(page) == []
    page.locator("#f-transport_document").fill("CMR 1187")
    page.locator("#f-retained").check()
    written_down(page)
    expect(page.get_by_role("status").get_by_text("The register has it.")).to_be_visible()
    expect(page.get_by_role("status").get_by_text("is for another importer: compare both names")).to_be_visible()
    expect(page.get_by_role("status").get_by_role("definition")).to_have_text(BOTH)
    (use,) = store.load(office.register, permit.id).uses
    assert [line.quantity for line in use.lines] == ["0", "1"]
    (paper,) = get("/v1/foreign-permits", token="a-auditor").json["items"]
    page = desk(open_page, "preparer", f"#/foreign/{paper['id']}")
    expect(page.get_by_text("Import permit used with it")).to_be_visible()
    expect(page.get_by_role("region", name="What is odd about it").get_by_role("definition")).to_have_text(BOTH)


def test_fault_in_hidden_field_does_not_block_the_paper(site: Site, open_page: Open, watched: Watched) -> None:
    """Regression: an import permit in Cyrillic letters, then transit, left a fault at a field that was gone."""
    page = open_page("/scan/", token="bekzat")
    begin(page)
    cut(page, watched)
    page.locator("#foreign").click()
    fill(page, issuer="KZ", number="KZ-0459/2026", sealed="yes", permit__lines__0__scientific_name="Panthera uncia",
         permit__lines__0__term="LIV", permit__lines__0__quantity="1", permit__lines__0__appendix="I")  # fmt: skip
    page.get_by_label("Number of our import permit (block 5)").fill("КГ 26/И")
    fill(page, direction="transit")
    written_down(page)


def test_foreign_paper_has_60_lines_with_letters_after_z(site: Site, open_page: Open) -> None:
    page = open_page("/scan/", token="aizada")
    begin(page, token="aizada", post="dostuk")
    page.locator("#foreign").click()
    fill(page, issuer="KZ", number="KZ-77/2026", sealed="yes")
    legends = page.locator("fieldset legend")
    for _ in range(59):
        page.locator("#add-line").click()
    expect(legends.last).to_have_text("Line BH")
    expect(page.locator("#add-line")).to_have_count(0)
    for _ in range(33):
        page.get_by_role("button", name="Remove this line").last.click()
    expect(legends.last).to_have_text("Line AA")
    for index in range(27):
        fill(page, **{f"permit__lines__{index}__scientific_name": "Falco cherrug",
                      f"permit__lines__{index}__term": "LIV", f"permit__lines__{index}__quantity": "1"})  # fmt: skip
    page.locator("#f-use").check()
    expect(page.get_by_label("AA: what really arrived")).to_be_visible()
    page.locator("#f-retained").check()
    fill(page, transport_document="CMR 7")
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("The register has it.", exact=True)).to_be_visible()
    (paper,) = get("/v1/foreign-permits", token="a-auditor").json["items"]
    page = desk(open_page, "aizada", f"#/foreign/{paper['id']}")
    expect(page.get_by_role("region", name="At the post")).to_contain_text("Z 1, AA 1")


def test_use_by_code_is_shown_without_link_and_paper_is_corrected(site: Site, open_page: Open) -> None:
    office: Any = container.deps()
    permit = Presented(office.register, office, with_kazakhstan(office))
    permit.by_code("dostuk")
    paper = permit.as_paper("torugart", used=False)
    odd = desk(open_page, "preparer", f"#/foreign/{paper.id}").get_by_role("region", name="What is odd about it")
    expect(odd).to_contain_text("By its code: ")
    expect(odd.get_by_role("link")).to_have_count(0)
    page = desk(open_page, "elsewhere", f"#/foreign/{paper.id}/correct")
    page.get_by_label("Number, as it stands on the paper").fill("KZ-0458/2026")
    page.locator("#f-permit-lines-0-quantity").fill("1,5 kg")
    page.get_by_label("Why it is corrected").fill("Typed from the wrong box.")
    assert axe(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#f-permit-lines-0-quantity-wrong")).not_to_be_empty()
    page.locator("#f-permit-lines-0-quantity").fill("1")
    page.get_by_role("button", name="Save", exact=True).click()
    corrected = page.get_by_role("region", name="Corrected")
    expect(corrected).to_contain_text("wrong box")
    expect(corrected.get_by_role("listitem").filter(has_text="A · 11: Quantity")).to_contain_text("2 → 1")
    expect(corrected.get_by_role("listitem")).to_have_count(2)
    assert axe(page) == []


def test_case_opened_offline_from_hold_is_edited_at_the_desk(site: Site, open_page: Open, watched: Watched) -> None:
    permit = issued()
    call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "looked into"}, token="approver")
    page = open_page("/scan/", token="bekzat")
    begin(page)
    assert scanned(page, permit["qr"]) == "hold"
    page.locator(".procedure input[type=file]").set_input_files(
        {"name": "goods.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    expect(page.get_by_text("They go with the case")).to_be_visible()
    cut(page, watched)
    page.locator("#open-case").click()
    known = {"goods-0-scientific_name": "Falco cherrug", "agency": "customs", "direction": "export"}
    for name, value in known.items():  # from the verdict, the officer's role and the scan
        expect(page.locator(f"#f-{name}")).to_have_value(value)
    expect(page.get_by_text("Photographs kept: 1")).to_be_visible()
    assert axe(page) == []
    fill(page, goods__0__quantity="")
    page.locator("button[type=submit]").click()
    expect(page.locator("#f-goods-0-quantity-wrong")).not_to_be_empty()
    fill(page, goods__0__quantity="3")
    page.get_by_text("More about these goods").click()
    fill(page, goods__0__description="Two adults, one chick", goods__0__appendix="II")
    page.locator("summary").filter(has_text="Route").click()
    expect(page.locator("[id^=f-route-transit-]:is(select)")).to_have_count(1)
    fill(page, route__origin="MN", route__transit__0="CN", route__transit__1="KZ", route__destination="AE")
    expect(page.locator("[id^=f-route-transit-]:is(select)")).to_have_count(3)
    page.locator("#people summary").click()
    fill(page, people__0__role="carrier", people__0__name="Ivan Testov", people__0__nationality="KZ")
    fill(page, people__0__born="1981-04-02")
    written_down(page)

    page = desk(open_page, "a-enforcement", "#/cases")
    expect(page.get_by_role("img", name="Map of the posts")).to_contain_text("Manas Airport: 1")
    expect(page.get_by_role("region", name="By post").get_by_role("row", name="Manas Airport 1")).to_be_visible()
    expect(page.get_by_role("region", name="By month").get_by_role("row").nth(1)).to_contain_text("2026-11")
    assert axe(page) == []
    page.locator("tr.row a").click()
    expect(page.get_by_role("region", name="People")).to_contain_text("Ivan Testov")
    expect(page.get_by_role("region", name="People")).to_contain_text("born 2 April 1981")
    goods = page.get_by_role("region", name="Goods")
    expect(goods).to_contain_text("Appendix II")
    expect(goods).to_contain_text("Two adults, one chick")
    way = "Mongolia → Kyrgyzstan → China → Kazakhstan → United Arab Emirates"
    expect(page.get_by_role("region", name="What is known")).to_contain_text(way)
    expect(page.get_by_text("SHA-256")).to_have_count(1)
    page.get_by_role("button", name="Show the photographs").click()
    expect(page.get_by_alt_text("Photograph 1")).to_have_js_property("naturalWidth", 60)
    page.get_by_label("What, in which container").fill("3 birds, box 1")
    page.get_by_label("To", exact=True).fill("Rescue centre")
    page.get_by_role("button", name="Add a handover").click()
    expect(page.get_by_role("region", name="Custody")).to_contain_text("Rescue centre")
    page.get_by_role("button", name="Write the message").click()
    expect(page.locator("#shared")).to_have_value(re.compile("in Kyrgyzstan on .*Falco cherrug: 3", re.DOTALL))
    assert "Testov" not in page.locator("#shared").input_value()
    assert axe(page) == []
    page.get_by_role("link", name="Complete or correct it").click()
    page.get_by_label("Law under which charged").fill("Code, art. 148")
    expect(page.locator("#f-people-0-born")).to_have_value("1981-04-02")
    expect(page.locator("#f-route-transit-1")).to_have_value("KZ")
    page.locator("#f-route-transit-0").select_option("")
    assert axe(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("region", name="What is known")).to_contain_text("art. 148")
    way = "Mongolia → Kyrgyzstan → Kazakhstan → United Arab Emirates"
    expect(page.get_by_role("region", name="What is known")).to_contain_text(way)
    earlier = page.get_by_role("region", name="Earlier versions")
    earlier.get_by_role("button").click()
    expect(earlier).to_contain_text("which was amended since")
    expect(page.get_by_role("region", name="What is known")).not_to_contain_text("art. 148")
    expect(page.get_by_role("region", name="People")).to_contain_text("Ivan Testov")
    assert axe(page) == []
    earlier.get_by_role("button", name="As it is now").click()
    expect(page.get_by_role("region", name="What is known")).to_contain_text("art. 148")
    page.goto(page.url.partition("#")[0] + "#/cases")
    table = (
        "database_id,occurred_on,agency,reason,scientific_name,term,quantity,post\n"
        "WL-1,2025-08-11,customs,x,Falco,LIV,4,dostuk\n"
    )
    page.locator("#csv").set_input_files({"name": "wl.csv", "mimeType": "text/csv", "buffer": table.encode()})
    expect(page.get_by_role("status").filter(has_text="refused: 1")).to_contain_text("reason")
    assert axe(page) == []
    page = desk(open_page, "preparer", "#/cases")
    page.locator("tr.row a").click()
    expect(page.get_by_role("region", name="Custody")).to_be_visible()
    expect(page.get_by_text("Testov")).to_have_count(0)


def test_look_alike_code_is_explained_at_post_and_duty_desk(site: Site, open_page: Open) -> None:
    page = open_page("/scan/", token="bekzat")
    begin(page)
    assert scanned(page, issued()["qr"].replace("practice.", "practise.", 1)) == "hold"
    page.get_by_role("navigation", name="Screens").get_by_role("button", name="Done here").click()
    expect(page.locator(".done > li")).to_contain_text("not confirmed as genuine")
    page = desk(open_page, "a-enforcement", "#/alerts")
    expect(page.locator("main")).to_contain_text(
        "F6 The code has the form of a permit, but its address belongs to no issuing authority"
    )
    assert axe(page) == []


def test_watch_list_match_raises_alert_that_is_answered(site: Site, open_page: Open) -> None:
    page = desk(open_page, "a-enforcement", "#/watch")
    assert axe(page) == []
    page.get_by_label("What it is").select_option("name")
    page.get_by_label("As it stands on paper or goods").fill("Falcon Export")
    page.get_by_label("Last day of the search").fill("2027-06-01")
    page.get_by_label("Reason").fill("Eggs from the wild.")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("region", name="On the watch-list")).to_contain_text("Falcon Export")
    assert axe(page) == []
    permit = issued(exporter={"name": "Falcon Export LLC", "address": "1 St", "country": "KG"})
    page = open_page("/scan/", token="bekzat")
    begin(page)
    assert scanned(page, permit["qr"]) == "accept"  # the watch-list does not change the verdict
    page.locator(".ways-bar button").last.click()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.reload()
    unlock(page)
    page.locator("#alerts").click()
    expect(page.get_by_text("call the police: they know why")).to_be_visible()
    assert "Eggs" not in page.content()
    assert axe(page) == []
    page.get_by_label("Note for those who answer").fill("The birds are in the office.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Note by Bekzat, Customs")).to_be_visible()
    page = desk(open_page, "a-enforcement", "#/alerts")
    expect(page.get_by_text("Eggs from the wild.")).to_be_visible()
    page.get_by_label("What you are doing about it").fill("On our way.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("On our way.")).to_be_visible()
    page.get_by_label("Why the answer is not enough").fill("Nobody came.")
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_text("Opened again by A enforcement, Police")).to_be_visible()
    expect(page.get_by_role("button", name="Send the answer")).to_be_visible()
    assert axe(page) == []
    page = desk(open_page, "a-admin", "#/alerts")
    police = page.get_by_role("region", name="Police")
    police.get_by_label("Another address").fill("duty@police.example.kg")
    police.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert axe(page) == []


def test_hand_stamp_on_foreign_paper_is_confirmed_by_second_officer(site: Site, open_page: Open) -> None:
    office: Any = container.deps()
    paper = Presented(office.register, office, with_kazakhstan(office)).as_paper("dostuk", used=False)
    page = desk(open_page, "aizada", f"#/foreign/{paper.id}")
    page.get_by_label("Day and hour of the stamp").fill(
        page.evaluate("at => new Date((at - new Date(at).getTimezoneOffset() * 60000)).toISOString().slice(0, 16)",
                      (office.now - 7200) * 1000)
    )  # fmt: skip
    page.get_by_label("Transport document").fill("CMR 7")
    page.get_by_label("real quantity").fill("2")
    enter = page.get_by_role("button", name="Enter the stamp")
    enter.click()
    expect(page.locator("#retained-wrong")).not_to_be_empty()
    page.get_by_label("Cancelled and retained").check()
    assert axe(page) == []
    enter.click()
    expect(page.get_by_text("Waits for a second person")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm this endorsement")).to_have_count(0)
    call("POST", f"/v1/foreign-permits/{paper.id}/photos", token="aizada", data=PICTURE, content_type="image/png")
    page = desk(open_page, "bekzat", f"#/foreign/{paper.id}")
    # he compares with the photograph
    expect(page.get_by_alt_text("Photograph 1")).to_have_js_property("naturalWidth", 60)
    assert axe(page) == []
    page.get_by_role("button", name="Confirm this endorsement").click()
    expect(page.get_by_role("region", name="At the post")).to_contain_text("Bekzat")
    told = get(f"/v1/foreign-permits/{paper.id}", token="a-auditor").json["endorsed"]
    assert (told["result"], told["confirmed_by"]) == ("accepted", "Bekzat")
    assert told["at"][:16] == to_text(office.now - 7200)[:16]


def test_table_includes_cases_of_closed_and_missing_posts(site: Site, open_page: Open) -> None:
    register = site.office.register
    for name in ("closed-post", ""):
        row = register.get(cases.key_of(ok(post("/v1/cases", found(), token="aizada"), 201)["id"]))
        assert row is not None
        index = {"shelf": cases.SHELF}
        register.commit(Put(row.key, {**row.data, "post": name}, expected_version=row.version, index=index))
    page = desk(open_page, "a-enforcement", "#/cases")
    table = page.get_by_role("region", name="By post")
    for name in ("closed-post", "–"):
        expect(table.get_by_role("row", name=f"{name} 1", exact=True)).to_be_visible()
