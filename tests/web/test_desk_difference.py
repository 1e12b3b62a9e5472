"""The desk where the signed status list and the register differ (T8): both values, settled by two people."""

from __future__ import annotations

from typing import Any

import pytest
from at_desk import Open, desk
from browsing import DESKTOP, NARROW, PHONE, Site, axe, beyond
from browsing import endorse as used
from desk import issued, ok
from http_client import call
from office import MemoryOffice
from playwright.sync_api import Page, expect

from chalicelib.kernel.rows import Put
from chalicelib.permits.services import store

pytestmark = pytest.mark.usefixtures("refusals")

TITLE = "The status list and the register differ"
PUT_BACK = "The list is right. The use is put back into the register."
WITHDRAW = "The register is right. The withdrawal is recorded, and the list will say: valid, not used."
WORDS = {
    "ru": ("Список статусов и реестр расходятся", "Верен список. Использование возвращается в реестр.", "использовано"),
    "ky": ("Абалдардын тизмеси менен реестр дал келбейт", "Колдонуу реестрге кайтарылат.", "колдонулду"),
}


def falsified(office: MemoryOffice, **changes: Any) -> dict[str, Any]:
    """Issue and use a permit, then rewrite its row in the table. The status list still shows the use."""
    permit = issued()
    used(permit, office)
    rewrite(office, permit, **{"uses": [], **changes})
    return permit


def rewrite(office: MemoryOffice, permit: Any, **changes: Any) -> None:
    dossier = store.load(office.register, permit["id"])
    office.publish_here(dossier.status_uri or "")
    office.later(61)  # the service reads its own list once a minute
    row = office.register.get(store.dossier_key(dossier.id))
    assert row is not None
    office.register.commit(
        Put(row.key, {**row.data, **changes, "version": row.version + 1}, expected_version=row.version)
    )


def settle(permit: Any, token: str, choice: str = "restore") -> Any:
    body = {"choice": choice, "reason": "Compared with the book of the post."}
    return ok(call("POST", f"/v1/permits/{permit['id']}/difference", body, token=token))


def shown(permit: Any, token: str) -> Any:
    return ok(call("GET", f"/v1/permits/{permit['id']}", token=token))


def differing(page: Page, title: str = TITLE) -> Any:
    return page.get_by_role("region", name=title)


def test_two_people_restore_the_use(site: Site, open_page: Open) -> None:
    permit = falsified(site.office)
    at = f"#/permit/{permit['id']}"
    page = desk(open_page, "approver", at)
    section = differing(page)
    expect(section).to_contain_text("Status list signed on 25 November 2026")
    expect(section.locator("dd")).to_have_text(["used", "valid, not used"])
    assert axe(page) == []
    section.get_by_label(PUT_BACK).check()
    section.get_by_label("What you compared").fill("The book of Manas has it.")
    section.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("Proposed. Nothing changes until another")).to_be_visible()
    expect(section).to_contain_text("Reason: The book of Manas has it.")
    expect(section).to_contain_text("It waits for another approver or administrator.")
    expect(section.get_by_label(PUT_BACK)).to_have_count(0)
    section.get_by_text("Propose something else").click()
    expect(section.get_by_label("What you compared")).to_have_value("")
    expect(section.locator("form").get_by_text(WITHDRAW)).to_be_visible()
    assert axe(page) == []
    page = desk(open_page, "a-admin", at)
    section = differing(page)
    expect(section).to_contain_text("Reason: The book of Manas has it.")
    assert axe(page) == []
    section.get_by_label("What you compared").first.fill("The print says so too.")
    section.get_by_role("button", name="Confirm: put the use back").click()
    expect(page.get_by_text("Settled: the use is back in the register.")).to_be_visible()
    expect(section).to_have_count(0)
    history = page.get_by_role("region", name="Who did what")
    expect(history).to_contain_text("Difference from the status list settled: put back as in the list")
    expect(history).to_contain_text("The book of Manas has it.")
    expect(history).to_contain_text("The print says so too.")
    assert len(shown(permit, "approver")["uses"]) == 1


def test_two_people_record_the_withdrawal(site: Site, open_page: Open) -> None:
    permit = falsified(site.office)
    settle(permit, "approver", "withdraw")
    page = desk(open_page, "a-admin", f"#/permit/{permit['id']}")
    section = differing(page)
    section.get_by_label("What you compared").first.fill("The post never endorsed it.")
    section.get_by_role("button", name="Confirm: record the withdrawal").click()
    expect(page.get_by_text("Settled: the withdrawal is recorded, and the list follows.")).to_be_visible()
    expect(section).to_have_count(0)
    assert (shown(permit, "approver")["uses"], shown(permit, "approver")["difference"]) == ([], None)


def test_two_people_restore_the_rewritten_state(site: Site, open_page: Open) -> None:
    permit = issued()
    body = {"reason": "Forged papers.", "for_cause": True}
    ok(call("POST", f"/v1/permits/{permit['id']}/revoke", body, token="approver"))
    rewrite(site.office, permit, state="issued", for_cause=False)
    settle(permit, "approver")
    page = desk(open_page, "a-admin", f"#/permit/{permit['id']}")
    section = differing(page)
    expect(section.locator("dd")).to_have_text(["revoked for cause", "valid, not used"])
    expect(section).to_contain_text("The state is put back: revoked for cause.")
    section.get_by_label("What you compared").first.fill("The decision is in the file.")
    section.get_by_role("button", name="Confirm: put the state back").click()
    expect(page.get_by_text("Settled: the state is back in the register.")).to_be_visible()
    expect(page.locator("h1 .state")).to_have_text("Revoked")


def test_preparer_sees_difference_without_form(site: Site, open_page: Open) -> None:
    permit = falsified(site.office)
    section = differing(desk(open_page, "preparer", f"#/permit/{permit['id']}"))
    expect(section).to_contain_text("Then two people settle it, approvers or administrators.")
    expect(section.locator("form")).to_have_count(0)


def test_difference_settled_meanwhile_shows_a_message(site: Site, open_page: Open) -> None:
    permit = falsified(site.office)
    page = desk(open_page, "approver", f"#/permit/{permit['id']}")
    section = differing(page)
    section.get_by_label(PUT_BACK).check()
    section.get_by_label("What you compared").fill("The book of Manas has it.")
    settle(permit, "approver")
    settle(permit, "a-admin")
    section.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("alert")).to_contain_text("Not done: meanwhile the list and the register agree")
    expect(section).to_have_count(0)


def test_second_proposal_by_same_person_is_refused(site: Site, open_page: Open) -> None:
    permit = falsified(site.office)
    page = desk(open_page, "approver", f"#/permit/{permit['id']}")
    section = differing(page)
    section.get_by_label(PUT_BACK).check()
    section.get_by_label("What you compared").fill("The book of Manas has it.")
    settle(permit, "approver")
    section.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("alert")).to_contain_text("Not done: you proposed it yourself")
    expect(section).to_contain_text("It waits for another approver or administrator.")


@pytest.mark.parametrize("language", WORDS)
def test_difference_is_shown_in_each_language(site: Site, open_page: Open, language: str) -> None:
    permit = falsified(site.office)
    page = desk(open_page, "approver", f"#/permit/{permit['id']}", language=language)
    title, put_back, value = WORDS[language]
    section = differing(page, title)
    expect(section).to_contain_text(put_back)
    expect(section.locator("dd").first).to_have_text(value)
    for size in (NARROW, PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert beyond(page) == []
        assert axe(page) == []
