"""Mails of notices in each language: complete, short, plain text, and free of data that the applicant may not read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.i18n import words
from chalicelib.mail.letterhead import Letterhead
from chalicelib.mail.services import LANGUAGES, Address
from chalicelib.permits import mail as permits_mail
from chalicelib.permits.mail import HAPPENED, NEXT, compose
from chalicelib.permits.services.notices import NOTICE_KINDS
from chalicelib.platform import country_folder
from local import catalogues

PAGE = "https://staff.practice.tamga.kg/exporter/"
AUTHORITY = {language: f"Authority in {language}" for language in LANGUAGES}
POSTS = {language: country_folder.post_names(language, "KG") for language in LANGUAGES}
PERMIT = "01JDB8A3Q0000000000000000"
FACTS: dict[str, dict[str, Any]] = {
    "returned": {"reason": "Чья ферма?"},
    "refused": {"reason": "Чья ферма?"},
    "issued": {"valid_until": "2027-03-31", "form": "paper"},
    "reinstated": {"valid_until": "2027-03-31", "form": "electronic"},
    "replaced": {"replaced_by": "26KG000002/E"},
    "ending": {"valid_until": "2027-03-31"},
}
USED = {"at": 1_795_600_000, "post": "manas-airport"}
KINDS = [
    *NOTICE_KINDS.values(),
    "withdrawn",
    "ending",
    *(f"used {way}" for way in ("export", "import", "transit", "return")),
]


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Build the catalogues as the set-up does, so that no test passes on an old .mo file."""
    assert catalogues.main([]) == 0
    words._catalogue.cache_clear()


def head(**changes: Any) -> Letterhead:
    asked = {"page": PAGE, "zone": "Asia/Bishkek", "practice": True, "duty": "+996 312 000 000",
             "authority": AUTHORITY, "posts": POSTS, **changes}  # fmt: skip
    return Letterhead(**asked)


def stored(kind: str, **changes: Any) -> dict[str, Any]:
    name, _, way = kind.partition(" ")
    facts = {"direction": way, **USED} if way else FACTS.get(name, {})
    return {"kind": name, "permit_id": PERMIT, "number": "26KG000001/E", "facts": facts, **changes}


def to(language: str) -> Address:
    return Address("aigul@example.kg", language)


def test_every_kind_of_notice_has_text() -> None:
    assert set(HAPPENED) == set(KINDS)
    assert {kind.split()[0] for kind in KINDS} <= set(NEXT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_mail_is_complete_short_and_plain(kind: str, language: str) -> None:
    mail = compose(stored(kind), to(language), head())
    assert mail.to == "aigul@example.kg"
    assert "26KG000001/E" in mail.subject
    assert f"\n{PAGE}#{PERMIT}\n" in mail.body
    assert AUTHORITY[language] in mail.body
    assert "+996 312 000 000" in mail.body
    text = mail.subject + mail.body
    assert mail.subject.isprintable()
    assert len(mail.body) < 1100
    assert not re.search(r"[{}<>]|None|\.\.|\n\n\n", text.replace("...", ""))
    if language != "en":
        known = r"Tamga|COPY|KG\d|E\b|https?://\S+|Authority in \w+|" + PERMIT
        assert not re.search("[A-Za-z]{2,}", re.sub(known, "", text)), text


def test_practice_mail_says_so_first_in_subject_and_body() -> None:
    first = {language: compose(stored("issued"), to(language), head()) for language in LANGUAGES}
    assert {language: mail.subject.split(" · ")[0] for language, mail in first.items()} == {
        "ky": "МАШЫГУУ", "ru": "УЧЕБНОЕ", "en": "PRACTICE",
    }  # fmt: skip
    assert first["en"].body.startswith("This is practice: the document has no value.\n\n")
    real = compose(stored("issued"), to("en"), head(practice=False))
    assert real.subject == "Tamga · 26KG000001/E · Document issued"
    assert "practice" not in real.body.replace(PAGE, "")


def test_dates_and_posts_are_in_the_language_of_the_mail() -> None:
    said = {
        (kind, language): " ".join(compose(stored(kind), to(language), head()).body.split())
        for kind, language in (("issued", "ru"), ("ending", "ky"), ("used import", "ky"))
    }
    assert "до 31 марта 2027 г. включительно" in said["issued", "ru"]
    assert "2027-ж., 31-март" in said["ending", "ky"]
    assert "Манас аэропорту, 2026-ж., 25-ноябрь" in said["used import", "ky"]


def test_paper_permit_is_fetched_and_electronic_one_downloaded() -> None:
    assert "Fetch the original" in compose(stored("issued"), to("en"), head()).body
    facts = {"valid_until": "2027-03-31", "form": "electronic"}
    assert "Download it" in compose(stored("issued", facts=facts), to("en"), head()).body


def test_mail_about_application_has_no_document_number() -> None:
    mail = compose(stored("received", number=None), to("en"), head(duty=""))
    assert mail.subject == "PRACTICE · Tamga · Application received"
    assert f"Application: {PERMIT}" in mail.body
    assert not re.search("Document: |Questions", mail.body)


def test_reason_is_copied_unchanged_into_the_body() -> None:
    reason = "{page} %s https://x.example <b>\\n " + "a" * 1900
    mail = compose(stored("refused", facts={"reason": reason}), to("ru"), head())
    assert reason in mail.body
    assert "x.example" not in mail.subject


def test_mail_leaves_out_owner_and_check_code() -> None:
    mail = compose(stored("lost", owner="u-exporter", at=1, check_code="secret"), to("en"), head())
    assert not re.search("u-exporter|secret", mail.body + mail.subject)
    assert permits_mail.SUBJECT_AT_MOST < 998
