"""File checks: check 11 needs every property of the issuer's own file, check 12 compares it with the signed text."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.record.block_texts import form_blocks
from chalicelib.record.permit import MarksDigest, Permit, TokenLine, TokenParty, TokenSource
from chalicelib.token.check_code import check_code
from chalicelib.trust.model.trust_list import TrustKey, TrustList
from chalicelib.verdict.file_checks import SHOWN_AT_MOST, check_seal, compare_with_signed, differences
from chalicelib.verdict.file_findings import FileFindings, Seal

ISSUED_AT = 1_795_478_400
ZONE = timezone(timedelta(hours=6))
RECORD = '{"document_type":"E"}'
PERMIT = Permit(
    "KG", "26KG000123/E", "E", TokenParty("Sunkar LLC", "KG"), TokenParty("Al Ain Falcon Hospital", "AE"), "T",
    (
        TokenLine("Falco cherrug", 2, "C", "LIV", "12", marks="ring KG-0117"),
        TokenLine("Acipenser baerii", 2, "C", "CAV", "12.5", "KGM", origin=TokenSource("KZ", "KZ-1", "2026-05-02")),
    ),
    sha256(RECORD.encode()).digest()[:16], b"c" * 16, ISSUED_AT, ISSUED_AT + 15_000_000, "https://x.kg/s/27q2", 7,
)  # fmt: skip
PDF_KEY = TrustKey(b"k" * 8, b"spki", "pdf", (), ISSUED_AT - 10, fingerprint=b"f" * 32)
SEAL = Seal(True, True, (b"f" * 32).hex(), b"spki".hex(), True, ISSUED_AT + 60)
OWN = FileFindings(
    "pdf", ("code",), seals=(SEAL,), revisions=1, record=RECORD, tokens=("code",), has_text=True, form_codes=("code",),
    blocks={name: (text,) for name, text in form_blocks(PERMIT, ZONE).items()},
)  # fmt: skip


def trust_list(*keys: TrustKey, zone: str = "Asia/Bishkek") -> TrustList:
    return TrustList("KG", 1, 0, 2**40, zone, (), "", keys or (PDF_KEY,), b"")


def printed(**texts: str) -> FileFindings:
    return replace(OWN, blocks={**OWN.blocks, **{name.replace("_", "-"): (text,) for name, text in texts.items()}})


def test_issuers_own_file_has_no_findings() -> None:
    assert compare_with_signed(OWN, (PERMIT,), trust_list()) == []


def seal(**changes: Any) -> FileFindings:
    return replace(OWN, seals=(replace(SEAL, **changes),))


NOT_OWN = {
    "picture": replace(OWN, kind="image"),
    "unreadable": replace(OWN, trouble="broken"),
    "unsealed": replace(OWN, seals=()),
    "several-seals": replace(OWN, seals=(SEAL, SEAL)),
    "broken-seal": seal(intact=False),
    "added-to": seal(whole_file=False),
    "added-to ": replace(OWN, revisions=2),
    "not-certified": seal(certified=False),
    "foreign-seal": seal(fingerprint="ab" * 32),
    "foreign-seal ": seal(public_key="00"),
    "foreign-seal  ": seal(fingerprint=""),
    "seal-out-of-time": seal(signed_at=ISSUED_AT - 700),
    "seal-out-of-time ": seal(signed_at=0),
    "other-codes": replace(OWN, tokens=()),
    "other-codes ": replace(OWN, codes=("code", "more")),
    "other-record": replace(OWN, record=None),
    "other-record ": replace(OWN, record=RECORD + " "),
    "other-record  ": replace(OWN, record="\ud800"),
}


@pytest.mark.parametrize("why", NOT_OWN)
def test_each_condition_of_an_own_file_is_needed(why: str) -> None:
    results = compare_with_signed(NOT_OWN[why], (PERMIT,), trust_list())
    assert [(result.code, result.outcome, result.check, result.facts["why"]) for result in results] == [
        ("D1", "check", 11, why.strip())
    ]


KEYS = {
    "foreign-seal": replace(PDF_KEY, purpose="status"),
    "foreign-seal ": replace(PDF_KEY, fingerprint=None),
    "seal-out-of-time": replace(PDF_KEY, compromised=True),
    "seal-out-of-time ": replace(PDF_KEY, retired_at=ISSUED_AT + 60),
    "seal-out-of-time  ": replace(PDF_KEY, not_before=ISSUED_AT + 61),
}


@pytest.mark.parametrize("why", KEYS)
def test_key_of_seal_is_checked_against_trust_list(why: str) -> None:
    assert check_seal(OWN, (PERMIT,), trust_list(KEYS[why])) == why.strip()


def test_record_must_match_every_page() -> None:
    other = replace(PERMIT, record_digest=b"r" * 16)
    assert check_seal(OWN, (PERMIT, other), trust_list()) == "other-record"


def test_reprint_sealed_later_by_key_of_that_day_is_own_file() -> None:
    late = replace(PDF_KEY, not_before=ISSUED_AT + 500)
    assert check_seal(seal(signed_at=ISSUED_AT + 600), (PERMIT,), trust_list(late)) is None


CHANGED = {
    "1": "26KG000132/E", "kind": "RE-EXPORT CERTIFICATE", "2": "17 May 2028", "3": "Al Ain Falcon Hospita1",
    "3a": "Saudi Arabia (SA)", "4": "Sunkar LLP", "4_country": "Kazakhstan (KZ)", "5a": "S Scientific", "5b": "2098148",
    "13": "25 November 2026", "page": "Page 1 of 2", "number": "26KG000124/E", "check": "0000-0000",
    "7_8A": "Falco rusticolus", "9A": "EGG Egg", "9mA": "ring KG-0118", "10A": "I C", "11A": "=== 21 === no.",
    "11B": "=== 1 2.6 === kg", "12B": "Kazakhstan (KZ) · KZ-1 · 3 May 2026", "12aA": "Kyrgyzstan (KG)", "12bA": "Op. 1",
    "7_8C": "Ovis ammon", "11D": "=== 1 === no.",
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_each_changed_block_returns_f5(name: str) -> None:
    (result,) = compare_with_signed(printed(**{name: CHANGED[name]}), (PERMIT,), trust_list())
    block = name.replace("_", "-")
    signed = form_blocks(PERMIT, ZONE) | {"number": PERMIT.number, "check": check_code(PERMIT.cti)}
    assert (result.code, result.outcome, result.check) == ("F5", "hold", 12)
    assert result.facts["differences"] == ({"block": block, "signed": signed.get(block, ""), "printed": CHANGED[name]},)


ADDED = ("{} 2", "1{}", "{}.", "", "2{}", "{}\n0", "[continued]", "=[continued]", "{}…")


@pytest.mark.parametrize("form", ADDED)
@pytest.mark.parametrize("name", ["11A", "1", "2", "10A", "3a"])
def test_added_or_missing_text_is_a_difference(name: str, form: str) -> None:
    text = form.format(form_blocks(PERMIT, ZONE)[name])
    assert [each.block for each in differences(printed(**{name: text}), (PERMIT,), ZONE)] == [name]


HONEST = {
    "blanks and breaks": printed(**{"11A": "===12===no.", "3": "Al Ain\nFalcon  Hospital"}),
    "hard blanks": printed(**{"7_8A": "Falco\N{NO-BREAK SPACE}cherrug"}),
    "filled by hand": printed(**{"14": "A 12", "15": "AWB 1", "5": "other", "6": "other"}),
    "no form": replace(OWN, form_codes=(), blocks={}),
}


@pytest.mark.parametrize("name", HONEST)
def test_changes_by_saving_again_are_no_difference(name: str) -> None:
    assert differences(HONEST[name], (PERMIT,), ZONE) == ()


@pytest.mark.parametrize("saved", ["Ofﬁce Zürich", unicodedata.normalize("NFD", "Office Zürich")], ids=ascii)
def test_ligatures_and_separate_accents_are_no_difference(saved: str) -> None:
    permit = replace(PERMIT, importer=TokenParty("Office Zürich", "CH"))
    file = replace(OWN, blocks={name: (text,) for name, text in form_blocks(permit, ZONE).items()})
    other = file.blocks["3"][0].replace("Office Zürich", saved)
    assert other != file.blocks["3"][0]
    assert differences(replace(file, blocks={**file.blocks, "3": (other,)}), (permit,), ZONE) == ()
    wrong = other.replace("rich", "rick")
    assert differences(replace(file, blocks={**file.blocks, "3": (wrong,)}), (permit,), ZONE) != ()


def test_continued_name_needs_a_beginning_of_twelve_letters() -> None:
    assert differences(printed(**{"3": "Al Ain Falcon [continued]"}), (PERMIT,), ZONE) != ()  # 11 letters
    assert differences(printed(**{"3": "Al Ain Falcon H [continued]"}), (PERMIT,), ZONE) == ()
    assert differences(printed(**{"3": "Al Ain Falcom H [continued]"}), (PERMIT,), ZONE) != ()


def test_name_shortened_in_token_is_compared_by_its_beginning() -> None:
    short = replace(PERMIT, importer=TokenParty("Al Ain Falcon…", "AE"))
    assert differences(OWN, (short,), ZONE) == ()
    assert [each.block for each in differences(printed(**{"3": "Al Ain Eagle House"}), (short,), ZONE)] == ["3"]


def test_digested_marks_are_not_compared_with_the_print() -> None:
    line = replace(PERMIT.lines[0], marks=MarksDigest(900, b"m" * 16))
    assert differences(OWN, (replace(PERMIT, lines=(line, PERMIT.lines[1])),), ZONE) == ()


def test_altered_letters_alone_return_hold() -> None:
    (result,) = compare_with_signed(replace(OWN, altered=("11A",)), (PERMIT,), trust_list())
    assert (result.code, result.outcome, result.facts["overlaid"], result.facts["differences"]) == (
        "F5",
        "hold",
        ("11A",),
        (),
    )


def test_overlaid_block_of_a_copy_is_named_and_returns_check() -> None:
    (result,) = compare_with_signed(replace(OWN, seals=(), overlaid=("11A",)), (PERMIT,), trust_list())
    assert (result.code, result.outcome, result.facts) == ("D1", "check", {"why": "unsealed", "overlaid": ("11A",)})
    assert compare_with_signed(replace(OWN, overlaid=("11A",)), (PERMIT,), trust_list()) == []  # the seal covers it


def test_unknown_zone_skips_the_days_only() -> None:
    assert compare_with_signed(OWN, (PERMIT,), trust_list(zone="Nowhere/Atall")) == []
    results = compare_with_signed(printed(**{"11A": "9"}), (PERMIT,), trust_list(zone="Nowhere/Atall"))
    assert [result.code for result in results] == ["F5"]


@given(st.text(max_size=400))
def test_printed_text_in_facts_is_short_and_harmless(text: str) -> None:
    for each in differences(printed(**{"3": text}), (PERMIT,), ZONE):
        assert len(each.printed) <= SHOWN_AT_MOST
        assert not any(unicodedata.category(char).startswith("C") for char in each.printed)
        assert each.printed == " ".join(each.printed.split())


@given(
    st.text(max_size=30), st.text(max_size=60), st.dictionaries(st.sampled_from(sorted(CHANGED)), st.text(), max_size=4)
)
def test_any_file_returns_d1_or_f5_only(code: str, record: str, blocks: dict[str, str]) -> None:
    findings = replace(
        OWN, form_codes=(code, code), record=record,
        blocks={name.replace("_", "-"): (text, text) for name, text in blocks.items()},
    )  # fmt: skip
    assert all(result.code in {"D1", "F5"} for result in compare_with_signed(findings, (PERMIT,), trust_list()))
