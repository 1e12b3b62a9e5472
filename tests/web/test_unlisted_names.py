"""A name missing from the species list: message in the reader's language, exception by an approver at the desk."""

from __future__ import annotations

import pytest
from at_desk import Open, desk
from browsing import PHONE, axe
from desk import draft, saker
from playwright.sync_api import expect

BOA = {**saker()["lines"][0], "scientific_name": "Draco imaginarius", "appendix": "II", "kingdom": "Animalia"}
AT_DESK = {
    "en": "the species list does not have all of this name, nor its genus",
    "ru": "в списке видов нет этого названия или какой-то его части",
    "ky": "бул аталыш же анын бир бөлүгү түрлөрдүн тизмесинде жок",
}
TO_EXPORTERS = {
    "en": "Take a name from the list; for a hybrid both parents. Only the ministry can grant an exception",
    "ru": "Выберите название из списка; для гибрида укажите обоих родителей.",
    "ky": "Аталышты тизмеден тандаңыз; гибриддин эки ата-энесин тең жазыңыз.",
}


@pytest.mark.usefixtures("refusals")
@pytest.mark.parametrize("language", AT_DESK)
def test_unlisted_name_is_stopped_and_excepted_in_each_language(open_page: Open, language: str) -> None:
    mine = open_page("/exporter/", size=PHONE, language=language)
    mine.evaluate("sessionStorage.setItem('tamga.token', 'applicant')")
    mine.goto(mine.url + f"#{draft('applicant', lines=[BOA])}")
    mine.reload()
    expect(mine.locator("main")).to_contain_text(TO_EXPORTERS[language])
    assert axe(mine) == []
    permit = draft(lines=[BOA])
    page = desk(open_page, "approver", f"#/permit/{permit}", language=language)
    stopped = page.locator("section[aria-labelledby=stops]")
    expect(stopped).to_contain_text(AT_DESK[language])
    expect(stopped).to_contain_text("A: 7")
    stopped.locator("textarea").fill("The list is not brought up to date yet.")
    stopped.locator("button[type=submit]").click()
    expect(stopped).to_contain_text("Bakyt Approver")
    expect(stopped.locator("textarea")).to_have_count(0)
    assert axe(page) == []
