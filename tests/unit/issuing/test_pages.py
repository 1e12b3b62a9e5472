"""Pages of a permit: capacity, shortened texts, annex pages, and the size of the symbols."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData
from token_maker import HOST, TEN, application, line, token
from trust_maker import DAY, NOW, PERMIT, kid

from chalicelib.issuing import model as issuing
from chalicelib.kernel.errors import Invalid
from chalicelib.record.permit import Application, MarksDigest, Party, Permit, SourceDocument
from chalicelib.token import qr_text

FOURTEEN = "permits.gov.kg"
DIGEST = bytes(range(16))


def paginate(of: Application, host: str = TEN, **changes: Any) -> tuple[Permit, ...]:
    numbers = iter(range(1, 100))
    rest: dict[str, Any] = {name: changes.pop(name) for name in ("ctis", "host", "kid") if name in changes}
    fields: dict[str, Any] = {
        "issuer": "KG",
        "number": "26KG000123/E",
        "issued_at": NOW,
        "expires_at": NOW + 180 * DAY,
        "status_uri": f"https://{host}/s/27q3",
        "status_idx": 100_000,
        "record_digest": DIGEST,
    }
    rest = {"ctis": lambda: next(numbers).to_bytes(16), "host": host, "kid": kid(PERMIT)} | rest
    return issuing.paginate(of, issuing.SharedClaims(**{**fields, **changes}), **rest)


def version(host: str, data: bytes) -> int:
    """The QR version that another library chooses for our two segments at level M."""
    prefix, digits = qr_text.split_segments(qr_text.encode_qr(host, data))
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(QRData(prefix.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    code.add_data(QRData(digits.encode(), mode=MODE_NUMBER), optimize=0)
    return int(code.best_fit())


def parties(name: str) -> dict[str, Party]:
    return {"exporter": Party(name, "Bishkek", "KG"), "importer": Party(name, "Abu Dhabi", "AE")}


# --- sizes


def test_token_capacity_of_hosts_with_14_and_10_characters() -> None:
    assert (len(FOURTEEN), len(TEN)) == (14, 10)
    assert issuing.token_capacity(FOURTEEN) == 526
    assert issuing.token_capacity(TEN) == 530


@pytest.mark.parametrize(
    "host", ["a.kg", HOST, TEN, FOURTEEN, "practice.tamga.kg", "a" * 60 + ".kg", "a" * 200 + ".kg"]
)
def test_token_capacity_equals_qr_version_18(host: str) -> None:
    room = issuing.token_capacity(host)
    assert version(host, b"\xff" * room) == 18
    assert version(host, b"\xff" * (room + 2)) == 19  # a shortened terminator can contain one byte more
    assert bits(host, room) <= 4504 < bits(host, room + 1)  # ISO/IEC 18004, table 7: 18-M


def bits(host: str, size: int) -> int:
    """Mode 4, count 16 and 8 a byte; mode 4, count 12 and 10, 7 or 4 for 3, 2 or 1 digits; terminator 4."""
    prefix, digits = qr_text.split_segments(qr_text.encode_qr(host, bytes(size)))
    return 20 + 8 * len(prefix) + 16 + 10 * (len(digits) // 3) + (0, 4, 7)[len(digits) % 3] + 4


def test_one_line_with_normal_names_fits_qr_version_14() -> None:
    (page,) = paginate(application())
    data = token(page)
    assert len(data) <= 340
    assert version(TEN, data) <= 14


def test_four_plain_lines_fit_qr_version_17() -> None:
    (page,) = paginate(application(*(line(marks=f"ring KG-01{n}") for n in range(17, 21))))
    data = token(page)
    assert len(page.lines) == 4
    assert len(data) <= 470
    assert version(TEN, data) <= 17


def test_four_lines_that_name_their_origin_fit_qr_version_17() -> None:
    lines = (line(marks=f"ring KG-01{n}", origin=SourceDocument("KG")) for n in range(17, 21))
    (page,) = paginate(application(*lines))
    data = token(page)
    assert len(page.lines) == 4
    assert len(data) <= 470
    assert version(TEN, data) <= 17


# --- one page


def test_page_has_the_data_of_the_application() -> None:
    of = application(
        line(
            unit="KGM",
            quantity="0.5",
            origin=SourceDocument("RU", "RU-17", "2025-02-28"),
            last_reexport=SourceDocument("AE", "25AE000001/R"),
            operation_or_acquisition="KG-17",
        ),
        stamp_number="KG 0012345",
    )
    (page,) = paginate(of)
    assert page.page is None
    assert page.cti == (1).to_bytes(16)
    assert (page.issuer, page.number, page.kind, page.purpose) == ("KG", "26KG000123/E", "E", "B")
    assert (page.issued_at, page.expires_at, page.status_idx) == (NOW, NOW + 180 * DAY, 100_000)
    assert (page.exporter.name, page.exporter.country) == ("Sunkar Falcon Centre LLC", "KG")
    assert (page.importer.name, page.importer.country) == ("Al Dhafra Falconry Club", "AE")
    assert page.stamp == "KG 0012345"
    (row,) = page.lines
    assert (row.taxon, row.appendix, row.source, row.term) == ("Falco cherrug", 2, "C", "LIV")
    assert (row.quantity, row.unit, row.marks, row.operation) == ("0.5", "KGM", "ring KG-0117", "KG-17")
    assert row.origin is not None
    assert (row.origin.country, row.origin.document, row.origin.date) == ("RU", "RU-17", "2025-02-28")
    assert row.last_reexport is not None
    assert (row.last_reexport.document, row.last_reexport.date) == ("25AE000001/R", None)


def test_number_of_specimens_has_no_unit() -> None:
    for unit in (None, "NAR"):
        assert paginate(application(line(unit=unit)))[0].lines[0].unit is None


def test_date_without_document_is_left_out() -> None:
    (page,) = paginate(application(line(origin=SourceDocument("KG", None, "2025-02-28"))))
    origin = page.lines[0].origin
    assert origin is not None
    assert (origin.country, origin.document, origin.date) == ("KG", None, None)


def test_texts_are_normalised_to_nfc_at_issue() -> None:
    of = application(line(marks="u\u0308 1"), **parties("Zu\u0308chter"))
    (page,) = paginate(of)
    assert page.exporter.name == page.importer.name == "Z\u00fcchter"
    assert page.lines[0].marks == "\u00fc 1"


# too long texts


def test_only_names_are_shortened_at_word_ends() -> None:
    name = "Limited Liability Company of the Sunkar Falcon Breeding Centre " * 4
    of = application(*[line(marks=f"ring KG-01{n} and transponder 9007{n}") for n in range(4)], **parties(name.strip()))
    made = paginate(of)
    for page in made:
        assert len(token(page)) <= issuing.token_capacity(TEN)
        for shown in (page.exporter.name, page.importer.name):
            assert shown.endswith("…")
            assert name.startswith(shown[:-1])
            assert name[len(shown) - 1] == " "
    assert [row.marks for page in made for row in page.lines] == [each.marks for each in of.lines]


@pytest.mark.parametrize(
    ("name", "length", "shown"),
    [
        ("Falcon", 6, "Falcon"),
        ("Falcon Centre", 13, "Falcon Centre"),
        ("Falcon Centre", 12, "Falcon…"),
        ("Falcon Centre", 7, "Falcon…"),
        ("Falcon, Centre", 9, "Falcon…"),
        ("Falcon", 4, "Fal…"),
        ("a b c", 4, "a b…"),
    ],
)
def test_shorten_cuts_at_a_word_end_when_possible(name: str, length: int, shown: str) -> None:
    assert issuing.shorten(name, length) == shown


def test_line_too_long_has_a_digest_of_its_marks() -> None:
    marks = ", ".join(f"KG-{n:04}" for n in range(80))
    (page,) = paginate(application(line(marks=marks)))
    assert page.lines[0].marks == MarksDigest(len(marks), sha256(marks.encode()).digest()[:16])
    assert page.exporter.name == "Sunkar Falcon Centre LLC"
    assert len(token(page)) <= issuing.token_capacity(TEN)


def test_only_the_long_line_has_a_digest() -> None:
    rows = [line(marks="ring 1"), line(marks="x " * 300 + "x"), line(marks="ring 3"), line(marks=None)]
    (page,) = paginate(application(*rows))
    assert [type(row.marks) for row in page.lines] == [str, MarksDigest, str, type(None)]


@pytest.mark.parametrize(
    ("why", "row"),
    [
        ("operation", {"operation_or_acquisition": "x" * 400}),
        ("document", {"origin": SourceDocument("KG", "x" * 400)}),
        ("beyond any token", {"scientific_name": "x" * 4000}),
    ],
)
def test_line_too_long_for_any_page_is_refused_by_number(why: str, row: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        paginate(application(line(), line(**row), line()))
    assert [error.field for error in caught.value.errors] == ["lines[1]"]


@pytest.mark.parametrize("length", [3000, 100_000])
def test_names_and_marks_of_any_length_fit_one_page(length: int) -> None:
    made = paginate(application(line(marks="m" * length), **parties("n" * length)))
    assert len(made) == 1
    assert isinstance(made[0].lines[0].marks, MarksDigest)
    assert made[0].exporter.name.endswith("…")


# --- annex pages


@pytest.mark.parametrize(("lines", "sizes"), [(1, [1]), (4, [4]), (5, [4, 1]), (9, [4, 4, 1])])
def test_at_most_four_lines_a_page(lines: int, sizes: list[int]) -> None:
    made = paginate(application(*[line(marks=f"{n}") for n in range(lines)]))
    assert [len(page.lines) for page in made] == sizes
    assert [row.marks for page in made for row in page.lines] == [f"{n}" for n in range(lines)]
    assert [page.page for page in made] == (
        [None] if len(made) == 1 else [(n, len(made)) for n in range(1, len(made) + 1)]
    )


def test_line_without_room_continues_on_the_next_page() -> None:
    long = [line(marks=f"transponder 90073200012345{n}, ring KG-SAKER-2026-{n}" * 2) for n in range(4)]
    made = paginate(application(*long))
    assert 1 < len(made) < 5
    for page, after in pairwise(made):
        assert len(token(page)) <= issuing.token_capacity(TEN)
        fuller = replace(page, lines=(*page.lines, after.lines[0]))
        assert len(token(fuller)) > issuing.token_capacity(TEN), "the line would have fitted"


def test_pages_differ_only_in_lines_id_and_page_number() -> None:
    made = paginate(application(*[line()] * 9))
    assert len({page.cti for page in made}) == 3
    assert {replace(page, lines=(), cti=b"", page=None) for page in made} == {
        replace(made[0], lines=(), cti=b"", page=None)
    }
    assert {page.record_digest for page in made} == {DIGEST}


def test_given_ids_are_used_when_there_is_one_for_each_page() -> None:
    ids = [bytes([n]) * 16 for n in range(3)]
    assert [page.cti for page in paginate(application(*[line()] * 9), ctis=ids)] == ids
    for wrong in (ids[:2], [*ids, ids[0]], []):
        with pytest.raises(Invalid):
            paginate(application(*[line()] * 9), ctis=wrong)


def test_at_most_twenty_pages() -> None:
    assert len(paginate(application(*[line(marks="m " * 200)] * 20))) <= 20
    tight = line(marks="x" * 100, origin=SourceDocument("KG", "d" * 130))
    assert len(paginate(application(*[tight] * 20))) == 20
    with pytest.raises(Invalid) as caught:
        paginate(application(*[tight] * 21))
    assert [error.field for error in caught.value.errors] == ["lines"]


WORDS = st.text(st.sampled_from("abc éя-0117 "), max_size=300).map(str.strip)
ROWS = st.builds(
    lambda marks, operation, document: line(
        marks=marks or None,
        operation_or_acquisition=operation[:60] or None,
        origin=SourceDocument("KG", document[:60] or None),
    ),
    WORDS, WORDS, WORDS,
)  # fmt: skip


@settings(max_examples=60)
@given(
    st.lists(ROWS, min_size=1, max_size=12),
    WORDS.filter(bool),
    st.sampled_from([HOST, TEN, FOURTEEN, "practice.tamga.kg"]),
)
def test_every_page_fits_and_no_line_is_lost(rows: list[Any], name: str, host: str) -> None:
    of = application(*rows, **parties(name))
    made = paginate(of, host)
    shown = [row for page in made for row in page.lines]
    assert len(shown) == len(rows)
    for page in made:
        assert 1 <= len(page.lines) <= 4
        assert version(host, token(page)) <= 18
    for row, asked in zip(shown, rows, strict=True):
        assert row.marks in {asked.marks, issuing.marks_digest(asked.marks or "")}
        assert row.operation == asked.operation_or_acquisition
        assert row.origin is not None
        assert row.origin.document == asked.origin.document
    assert made == paginate(of, host), "the same again"
