"""Words of the server: complete and harmless in each language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.alerts import mail as alerts_mail
from chalicelib.composition import api_pages
from chalicelib.expert_questions import mail as expert_questions_mail
from chalicelib.http import requests
from chalicelib.i18n import words
from chalicelib.kernel import codes
from chalicelib.mail import letterhead
from chalicelib.permits import mail as permits_mail
from chalicelib.requirements import services as requirements
from chalicelib.suspicions import mail as suspicions_mail
from chalicelib.verdict import sentences
from chalicelib.verdict.check_results import CHECK_OF, OUTCOMES
from chalicelib.verification import labels, public_view
from local import catalogues

FORBIDDEN = {  # FORMAT.md: never "may proceed", "approved", "cleared", never "fake"; and their translations
    "en": r"may proceed|approved|cleared|\bfake|forged|counterfeit",
    "ru": r"разрешено|разрешается|одобрен|пропустить|подделк|поддельн|фальшив",
    "ky": r"уруксат берилди|өткөрсө болот|бекитилген|жасалма",
    "uz": r"ruxsat (?:beril|etil)(?:di|gan)|oʻtishi mumkin|oʻtkazib yubor|maʼqullan|soxta|qalbaki",
    "fr": r"autorisé|approuvé|dédouané|peut passer|\bfaux\b|contrefa|falsifi",
}
FACTS = ("when", "post", "quantity", "waybill", "number", "replaced_by", "duty", "arrived", "other_post", "other_when",
         "other_number", "blocks", "country", "pages", "missing", "reason", "text")  # fmt: skip
HOSTILE = r"{when} {0.__class__} %s %(post)s \1 \g<0> <script>alert(1)</script> &amp; $duty"

every_language = pytest.mark.parametrize("language", codes.LANGUAGES)


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Build the catalogues as the set-up does, so that no test passes on a stale .mo file."""
    assert catalogues.main([]) == 0
    words._catalogue.cache_clear()


def variants() -> list[str]:
    tables = (sentences.STEPS, sentences.PUBLIC_STEPS)
    steps = [variants for table in tables for group in table.values() for variants in group]
    groups = [*sentences.CODES.values(), *sentences.OUTCOMES.values(), *steps, sentences.CLEARED]
    return [*(sentence for group in groups for sentence in group), *sentences.CHECKS.values()]


def test_every_code_outcome_and_check_has_words() -> None:
    assert {key.split()[0] for key in sentences.CODES} == set(CHECK_OF)
    assert {key.split()[0] for key in sentences.OUTCOMES} == set(OUTCOMES)
    assert {key.split()[0] for key in sentences.STEPS} == set(OUTCOMES)
    assert list(sentences.CHECKS) == list(range(1, 13))


def label_texts() -> set[str]:
    blocks = {text for table in (labels.BLOCKS, labels.LINE_BLOCKS) for _, text in table.values()}
    return blocks | {text for name, text in vars(labels).items() if name.isupper() and isinstance(text, str)}


def notice_texts() -> set[str]:
    happened = {text for pair in permits_mail.HAPPENED.values() for text in pair}
    named = {text for name, text in vars(permits_mail).items() if name.isupper() and isinstance(text, str)}
    return happened | set(permits_mail.NEXT.values()) | named - {words.DOMAIN}


def requirement_texts() -> set[str]:
    tables = (requirements.WHY, requirements.REASONS, requirements.PAPERS, requirements.ALLOWANCE_WORDS)
    return {text for table in tables for text in table.values()}


def alert_texts() -> set[str]:
    said = {text for pair in alerts_mail.ALERT_TEXTS.values() for text in pair}
    said |= {text for pair in alerts_mail.DESK_CHANGE_TEXTS.values() for text in pair}
    named = {text for name, text in vars(alerts_mail).items() if name.isupper() and isinstance(text, str)}
    return said | named


def pattern_texts() -> set[str]:
    mailed = {suspicions_mail.SUBJECT, suspicions_mail.HAPPENED, letterhead.ANSWER}
    return {*suspicions_mail.NAMES.values(), *suspicions_mail.WHY.values(), *suspicions_mail.DESKS.values(), *mailed}


def test_every_sentence_is_in_the_catalogues() -> None:
    asked = {expert_questions_mail.SUBJECT, expert_questions_mail.HAPPENED}
    asked |= {permits_mail.SUBJECT, permits_mail.ARRIVED, permits_mail.LOOK}
    front = {*api_pages.LINKS.values(), api_pages.FRONT, api_pages.PRACTICE}
    said = asked | front | set(variants()) | label_texts() | notice_texts() | requirement_texts() | pattern_texts()
    assert set(catalogues.sentences(catalogues.extract())) == said | alert_texts()


@every_language
def test_no_translation_is_missing_fuzzy_or_with_other_placeholders(language: str) -> None:
    assert list(catalogues.faults(catalogues.extract(), language, catalogues.read(catalogues.po_path(language)))) == []


def test_check_of_catalogues_reports_each_fault() -> None:
    code = catalogues.extract()
    russian = catalogues.read(catalogues.po_path("ru"), "ru")
    first, second, third, fourth = catalogues.sentences(code)[1:5]
    russian[first].string = ""
    russian[second].flags.add("fuzzy")
    russian[third].string = "Вывезено: {post}, {quantity}."
    russian[fourth].string = fourth
    russian.add("Gone.", "Нет.")
    found = [fault.split(":")[1].strip() for fault in catalogues.faults(code, "ru", russian)]
    assert found == ["not in the code", "not translated", "fuzzy", "other facts than in 'Left {post} on {when}",
                     "still English"]  # fmt: skip


@every_language
def test_no_translation_has_a_forbidden_word(language: str) -> None:
    said = [words._catalogue(language).gettext(sentence) for sentence in variants()]
    assert [sentence for sentence in said if re.search(FORBIDDEN[language], sentence, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_russian_and_kyrgyz_are_written_in_cyrillic(language: str) -> None:
    """A sentence in the wrong file, or left in English, has Latin words."""
    for sentence in variants():
        said = words._PLACEHOLDER.sub("", words._catalogue(language).gettext(sentence))
        assert set(re.findall(r"[A-Za-z]+", said)) <= {"Tamga"}, said
    kyrgyz = "".join(words._catalogue(language).gettext(sentence) for sentence in variants())
    assert bool(set("өүңӨҮҢ") & set(kyrgyz)) == (language == "ky")


def test_uzbek_is_written_in_its_latin_letters() -> None:
    """U+02BB and U+02BC, as in the country's folder. No apostrophe instead of them."""
    for sentence in catalogues.sentences(catalogues.extract()):
        said = words._catalogue("uz").gettext(sentence)
        assert not re.search(r"[\u0400-\u04ff'\u2018\u2019`]", said), said


@every_language
def test_translation_ends_with_the_same_sign(language: str) -> None:
    for sentence in variants():
        said = words._catalogue(language).gettext(sentence)
        assert said[-1] == sentence[-1] or {said[-1], sentence[-1]} <= set("}.") or sentence[-1].isalnum(), said


@every_language
@pytest.mark.parametrize("key", sentences.CODES)
def test_code_has_a_sentence_with_all_facts_and_with_none(key: str, language: str) -> None:
    code, *cases = key.split()
    full = public_view.text(code, language, *cases, **{fact: f"<{fact}>" for fact in FACTS})
    bare = public_view.text(code, language, *cases)
    asked = words.placeholders(sentences.CODES[key][0])
    assert {fact for fact in FACTS if f"<{fact}>" in full} == asked
    assert "{" not in full + bare
    assert "<" not in bare
    assert len(bare) > 5
    assert public_view.text(code, language, *cases, **dict.fromkeys(FACTS)) == bare  # None means unknown


def test_missing_facts_select_a_shorter_sentence() -> None:
    assert public_view.text("U1", "en", "hold", when="2 May 2026", waybill="AWB 1") == (
        "Used already: 2 May 2026. The document covers one consignment only: hold and ask."
    )
    assert public_view.text("U1", "en", when="2 May 2026", post="").startswith("Used already: 2 May 2026.")


@every_language
def test_hostile_facts_are_inserted_unchanged(language: str) -> None:
    said = public_view.text("U1", language, post=HOSTILE, when="W", quantity=HOSTILE, waybill=HOSTILE, duty="D")
    assert said.count(HOSTILE) == 3
    assert public_view.outcome("check", language, reason=HOSTILE).endswith(HOSTILE)
    assert HOSTILE in public_view.next_steps("hold", language, duty=HOSTILE)[-1]


def test_case_selects_the_sentence() -> None:
    assert "no longer trusted" in public_view.text("F2", "en", "check")
    assert "was not asked" in public_view.text("F2", "en", "cannot_tell", "export")
    assert "not one that the issuing country uses" in public_view.text("F2", "en", "hold", "import")
    assert public_view.text("S1", "ru", "not_valid") == "Срок действия истёк."
    assert "6 месяцев" in public_view.text("S1", "ru", "check")
    assert public_view.text("S4", "fr", replaced_by="26KG000124/E").startswith("Remplacé par 26KG000124/E")


def test_settled_code_keeps_its_words() -> None:
    assert public_view.text("U1", "en", "check", cleared=True) == (
        "Looked into by an officer and settled: Used already. Is this the same consignment?"
    )


def test_headlines_of_outcomes() -> None:
    assert public_view.outcome("accept", "en") == "Document in order and unused: now compare the goods."
    assert public_view.outcome("accept", "en", "left", post="Manas", when="9 July 2026", waybill="AWB 1") == (
        "Left Manas on 9 July 2026 with AWB 1: now compare the goods."
    )
    assert public_view.outcome("hold", "en", duty="+996 1") == "Hold goods and paper, ask +996 1."
    assert public_view.outcome("accept_offline", "en", when="10:42") == (
        "Genuine; whether used elsewhere since 10:42 is not known."
    )


@every_language
@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome_has_its_own_headline_and_steps(name: str, language: str) -> None:
    assert public_view.outcome(name, language) not in {
        public_view.outcome(other, language) for other in OUTCOMES if other != name
    }
    for officer in (True, False):
        steps = public_view.next_steps(name, language, officer=officer)
        assert len(steps) >= 2
        assert len(set(steps)) == len(steps)


def test_hold_begins_with_living_animals_and_no_accusation() -> None:
    first, second, *_ = public_view.next_steps("hold", "en")
    assert first.startswith("Living animals first")
    assert second.startswith("Do not accuse")


@pytest.mark.parametrize(
    "call",
    [
        lambda: public_view.text("X9", "en"),
        lambda: public_view.text("F1", "de"),
        lambda: public_view.outcome("green", "en"),
        lambda: public_view.check_name(13, "en"),
        lambda: words.day("2026-01-01", "../ru"),
        lambda: public_view.next_steps("hold", ""),
    ],
)
def test_unknown_name_raises_key_error(call: object) -> None:
    with pytest.raises(KeyError):
        call()  # type: ignore[operator]


def test_missing_catalogues_raise_words_missing_on_use_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_HOME", tmp_path)
    words._catalogue.cache_clear()
    try:
        with pytest.raises(words.WordsMissing, match="make setup"):
            public_view.text("F1", "en")
    finally:
        words._catalogue.cache_clear()


@every_language
def test_missing_sentence_raises_instead_of_english(language: str) -> None:
    with pytest.raises(words.WordsMissing, match="make setup"):
        words.translate(("A sentence that nobody translated.",), language, {})


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ky", "ky"),
        ("ky-KG,ky;q=0.9,ru;q=0.8,en;q=0.7", "ky"),
        ("RU-ru", "ru"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("de, ru;q=0.3, fr;q=0.30, en;q=0.2", "ru"),  # equal weights: the order of the header
        ("en;q=0.1, fr;q=1.000", "fr"),
        ("de-DE,de", "en"),
        ("kk, *;q=0.1", "en"),
        ("uz-Latn-UZ, ru;q=0.8", "uz"),
        ("en;q=0, *", "ru"),  # English refused, any other language accepted
        ("*;q=0", "en"),
        ("ky;q=0", "en"),
        ("ru;q=1.5, fr;q=0.1", "fr"),  # no weight of RFC 9110
        ("ru;q=0.1234, fr", "fr"),
        ("ru;level=1, fr;q=0.2", "fr"),
        (";q=1,,ru_RU, ;, fr ;q=0.4", "fr"),
        ("ru\r\nX: y", "en"),
        ("рус, ١", "en"),
        ("x" * 100_000, "en"),
        ("a-" * 100_000, "en"),
    ],
)
def test_language_negotiation(header: str | None, language: str) -> None:
    assert requests.negotiate(header) == language


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "1 May 2026", "1 May 2026, 05:59 (UTC+6)"),
        ("ru", "1 мая 2026\u202fг.", "1 мая 2026\u202fг., 05:59 (UTC+6)"),
        ("ky", "2026-ж., 1-май", "2026-ж., 1-май 05:59 (UTC+6)"),
        ("uz", "1-may, 2026", "1-may, 2026, 05:59 (UTC+6)"),
        ("fr", "1er mai 2026", "1er mai 2026, 05:59 (UTC+6)"),
    ],
)
def test_dates_in_each_language(language: str, day: str, moment: str) -> None:
    late_in_april = 1_777_593_540  # 2026-04-30T23:59:00Z, already May in Bishkek
    assert words.day("2026-05-01", language) == day
    assert words.moment(late_in_april, "Asia/Bishkek", language, hours=True) == moment
    assert words.moment(late_in_april, "Asia/Bishkek", language, hours=False) == day


def test_utc_offsets_and_invalid_days() -> None:
    assert words.moment(0, "Asia/Kolkata", "en", hours=True) == "1 January 1970, 05:30 (UTC+5:30)"
    assert words.moment(1_777_593_540, "America/St_Johns", "en", hours=True).endswith("21:29 (UTC\u22122:30)")
    with pytest.raises(ValueError):
        words.day("2026-02-30", "en")


def test_dates_match_babel() -> None:
    assert catalogues.DATES.read_text(encoding="utf-8") == catalogues.dates_text()


def test_right_to_left_text_does_not_reorder_the_sentence() -> None:
    told = public_view.outcome("accept", "en", "left", post="مركز 12", when="1 May 2026")
    assert told == "Left \u2068مركز 12\u2069 on 1 May 2026: now compare the goods."
