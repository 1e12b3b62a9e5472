"""The printed permit: every text is inside its block, and the code can be read."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
import zxingcpp
from office import MemoryOffice
from print_samples import HOST, LINES, code_text, sheet

from chalicelib.issuing.print.continuation import COLUMNS
from chalicelib.issuing.print.permit_pdf import MICROTEXT, MICROTEXT_AT, render
from chalicelib.issuing.print.sheet import Authority, Sheet, blocks
from chalicelib.issuing.print.typeset import LEADING, width
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import TooLarge
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.block_5 import LIVE_TRANSPORT, Replaces
from chalicelib.reading.form_layout import CURRENT, MM, Box, load
from chalicelib.record.block_texts import CONTINUED, same_text

LONG = (
    "Society for the Study, Conservation and Captive Breeding of Central Asian Birds of Prey and Mountain Ungulates "
    "«Tulpar-Ala-Too» Limited Liability Company"
)
LIMIT = 150_000  # bytes


def long_sheet() -> Sheet:
    lines = [replace(line, marks=f"{line.marks}, " * 12, description="Said twice, and again. " * 12) for line in LINES]
    conditions = "A condition that goes on and on. " * 60
    return sheet("E", lines[:4], exporter=LONG, importer=LONG, address=f"{LONG}, {LONG}", conditions=conditions)


def cut(page: Any, box: Box) -> str:
    """The text of one rectangle, extracted as the reading side does."""
    height = load().layout["page"]["height"]
    text: str = textpage(page).get_text_bounded(
        box.x * MM, (height - box.y - box.h) * MM, (box.x + box.w) * MM, (height - box.y) * MM
    )
    return text


@lru_cache(1)  # PDFium searches every letter of the page again for each call
def textpage(page: Any) -> Any:
    return page.get_textpage()


def pages(data: bytes) -> list[Any]:
    return list(pdfium.PdfDocument(data))


SHEETS = {
    **{kind: sheet(kind, LINES[:2]) for kind in KINDS},
    "one": sheet(),
    "four": sheet("R", LINES[:4]),
    "nine": sheet("E", (LINES * 2)[:9]),
    "long": long_sheet(),
    "electronic": sheet(form="electronic"),
    "marked": sheet("E", LINES[:3], mark=frozenset({"COPY", "VOID", "PRACTICE"})),
    "replacement": sheet(replaces=Replaces("26KG000007/E", "lost in the post", "2026-11-20"), retrospective="error"),
}


@cache
def drawn(name: str) -> bytes:
    return render(SHEETS[name])


@pytest.mark.parametrize("name", SHEETS)
def test_each_block_contains_exactly_its_text(name: str) -> None:
    one = SHEETS[name]
    for page, texts in zip(pages(drawn(name)), blocks(one), strict=False):
        for block, box in load().boxes.items():
            if block == "14":
                continue  # filled in by hand
            seen = cut(page, box)
            if block == "foot":
                assert "".join(seen.split()).startswith("".join(texts[block].split()))
            elif block in texts:
                assert same_text(seen, texts[block]), (block, seen)
            else:
                assert seen.strip() == "", (block, seen)


@pytest.mark.parametrize("name", ["one", "four", "nine", "long"])
def test_print_is_small_and_reproducible(name: str) -> None:
    data = drawn(name)
    assert len(data) <= LIMIT
    assert render(SHEETS[name]) == data


def test_another_print_in_between_does_not_change_a_print() -> None:
    first = drawn("one")
    render(sheet("E", LINES[:1], exporter="Çağatay Øster Ł"))
    assert render(SHEETS["one"]) == first


@pytest.mark.parametrize("name", ["one", "four", "nine", "marked"])
@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_code_is_read_at_resolution(name: str, dpi: int) -> None:
    one = SHEETS[name]
    for page, text in zip(pages(drawn(name)), one.qr_texts, strict=True):
        found = zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_pil(), formats=zxingcpp.BarcodeFormat.QRCode)
        assert [code.text for code in found] == [text]


def test_largest_code_is_read_and_a_larger_one_is_refused() -> None:
    largest = 523  # FORMAT.md 1: 526 bytes with a host of 14 characters, 3 fewer with 17
    one = sheet(sizes=(largest,))
    page = pages(render(one))[0]
    assert zxingcpp.read_barcode(page.render(scale=100 / 72).to_pil()).text == one.qr_texts[0]
    with pytest.raises(TooLarge):
        render(replace(one, qr_texts=(code_text(largest + 8),)))


def test_long_texts_continue_on_a_continuation_sheet() -> None:
    one = SHEETS["long"]
    first, *more = pages(drawn("long"))
    assert CONTINUED in cut(first, load().boxes["5"])
    assert "continuation sheet" in cut(first, load().boxes["foot"])
    rest = "".join("".join(page.get_textpage().get_text_range().split()) for page in more)
    for text in (one.application.special_conditions, one.application.lines[1].marks, LIVE_TRANSPORT):
        assert "".join((text or "?").split()) in rest
    assert "Block9,lineB:marks" in rest
    assert "Sheet1of" in rest


@pytest.mark.parametrize("kind", KINDS)
def test_document_for_many_crossings_has_a_sheet_for_endorsements(kind: str) -> None:
    assert len(pages(drawn(kind))) == (2 if KINDS[kind].many_crossings else 1)


@pytest.mark.parametrize("own", [("ky", "ru"), ("uz", "ru")])
def test_headings_of_crossings_fit_their_columns(own: tuple[str, ...]) -> None:
    texts = tomllib.loads(files("pdf_templates").joinpath(CURRENT, "texts.toml").read_text("utf-8"))["crossing"]
    heads, *others = (texts[language].split(" · ") for language in ("en", "fr", *own))
    rooms = [(right - left - 2) * MM for left, right in pairwise(COLUMNS)]
    for column, room in enumerate(rooms):
        assert width(heads[column]) * 6 <= room
        assert width(" · ".join(dict.fromkeys(other[column] for other in others))) * 4 <= room


def letters(page: Any) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each drawn letter, in mm from the top left corner, without microtext."""
    text, height = page.get_textpage(), load().layout["page"]["height"]
    found = []
    for index in range(text.count_chars()):
        if text.get_text_range(index, 1).strip():
            left, bottom, right, top = (edge / MM for edge in text.get_charbox(index))
            found.append((left, height - top, right, height - bottom))
    return [each for each in found if each[3] - each[1] > MICROTEXT / MM]


def test_labels_above_lines_keep_distance_from_rules_and_microtext() -> None:
    """2 pt below and above, 4 pt to the right, because a crowded label is not read."""
    rules = [rule for kind in ("heavy", "light") for rule in load().layout["rules"][kind]]
    above = max(y for _, y, _, low in rules if y == low and y < 95)  # of the head of the table
    below = min(y for _, y, _, low in rules if y == low and y > 105)
    labels = [each for each in letters(pages(drawn("four"))[0]) if above < each[1] < each[3] < below]
    assert len(labels) > 500
    for left, top, right, bottom in labels:
        assert top - (MICROTEXT_AT[1] + MICROTEXT / MM) > 2 / MM, (left, top)
        for x1, y1, x2, y2 in rules:
            if x1 == x2 and y1 < bottom and y2 > top and x1 > left:
                assert x1 - right > 4 / MM, (left, top)
            if y1 == y2 and x1 < right and x2 > left:
                assert max(y1 - bottom, top - y1) > 1.8 / MM, (left, top)


def test_names_of_authority_are_separated_by_language() -> None:
    """Each language starts more than a line below the one before."""
    page = pages(drawn("one"))[0]
    box, height = load().boxes["6"], load().layout["page"]["height"]
    text = page.get_textpage()
    starts = {}
    for start in ("Ministry", "Кыргыз", "Министерство", "Bishkek, Kyrgyz"):
        index, _ = text.search(start).get_next()
        while not box.y < (top := height - text.get_charbox(index)[3] / MM) < box.y + box.h:
            index = text.search(start, index + 1).get_next()[0]
        starts[start] = top
    apart = [low - high for high, low in pairwise(starts.values())]
    line = box.size * LEADING / MM
    assert all(each > 2 * line for each in apart), apart


@pytest.mark.parametrize(("country", "languages"), [("KG", ("ky", "ru")), ("UZ", ("uz", "ru"))])
def test_labels_are_printed_in_english_and_the_languages_of_the_country(
    country: str, languages: tuple[str, ...]
) -> None:
    authority = authority_of(country)
    assert authority.languages == languages
    template = load(CURRENT, languages, authority.state)
    page = pages(render(replace(SHEETS["one"], authority=authority)))[0]
    text = "".join(page.get_textpage().get_text_range().split())
    for key in template.layout["labels"]:
        for words in template.texts[key]:
            assert "".join(words.split()) in text, (key, words)
    assert f"https://{HOST}" in text
    assert ("Ruxsatnoma" in text, "Уруксат" in text) == (country == "UZ", country == "KG")


def test_label_texts_exist_in_all_languages() -> None:
    """Only English exists where the text is the same everywhere: ticks, row numbers."""
    texts = tomllib.loads(files("pdf_templates").joinpath(CURRENT, "texts.toml").read_text("utf-8"))
    for key, words in texts.items():
        assert set(words) in ({"en"}, {"en", "fr", "ky", "uz", "ru"}), key
    assert all(row.uz for row in KINDS.values())
    assert not re.search("[Ѐ-ӿ‘’'`]", "".join(words.get("uz", "") for words in texts.values()))  # oʻ is U+02BB


def test_uzbek_print_has_no_kyrgyz_words() -> None:
    """This includes continuation sheets, crossings and a preview."""
    one = replace(long_sheet(), authority=authority_of("UZ"))
    many = replace(SHEETS["OT"], authority=authority_of("UZ"))
    preview = replace(SHEETS["one"], authority=authority_of("UZ"), mark=frozenset({"PREVIEW"}))
    for made in (one, many, preview):
        text = "".join(page.get_textpage().get_text_range() for page in pages(render(made)))
        assert "RUXSATNOMA EMAS" in text or "Qoʻshimcha varaq" in text
        assert not set("өүңӨҮҢ") & set(text)


def authority_of(country: str) -> Authority:
    office = MemoryOffice(Stage(country, "cites.example.org", practice=False))
    return office.authority


def test_name_with_letters_of_the_region_is_printed() -> None:
    name = "Oʻzbekiston Gʻalaba Ақтөбе Ғылым Ңөү Çağatay Ł"
    page = pages(render(sheet(exporter=name)))[0]
    assert same_text(cut(page, load().boxes["4"]), name)


def test_letter_missing_in_the_font_is_replaced_by_one_mark() -> None:
    page = pages(render(sheet(exporter="Al 猎 Ain")))[0]
    assert "猎" not in cut(page, load().boxes["4"])
    assert len("".join(cut(page, load().boxes["4"]).split())) == len("Al?Ain")


def test_unused_rows_and_empty_blocks_are_struck_out() -> None:
    bare = pages(render(sheet("E", LINES[:1])))[0]
    full = pages(render(sheet("E", LINES[:4])))[0]
    boxes = load().boxes

    def ink(page: Any, name: str) -> float:
        box = boxes[name]
        image = page.render(scale=2).to_pil().convert("L")
        scale = 2 * MM
        area = image.crop(
            tuple(round(v * scale) for v in (box.x, box.y, box.x + box.w, box.y + box.h))  # type: ignore[arg-type]
        )
        return sum(value < 90 for value in area.tobytes()) / (area.width * area.height)

    assert ink(bare, "12A") > 0.01  # the dash
    assert ink(full, "12D") > 0.01  # the text of the block
    assert sum(ink(bare, f"{name}C") for name in ("7-8", "9", "10", "11", "12", "12a", "12b")) > 0.05  # the Z


# --- letters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["one", "nine", "long", "marked"])
def test_microtext_is_not_part_of_the_page_text(name: str) -> None:
    """A screen reader, a search or a copy gets only the content of the blocks."""
    for page in pages(drawn(name)):
        assert "TAMGA" not in page.get_textpage().get_text_range()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not here (Debian: poppler-utils)")
def test_pdftotext_finds_no_microtext(tmp_path: Path) -> None:
    (tmp_path / "permit.pdf").write_bytes(drawn("one"))
    text = subprocess.run(
        ["pdftotext", tmp_path / "permit.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "TAMGA" not in text
    assert text.count("26KG000123/E") == 3  # block 1, beside the code, and the foot


@pytest.mark.parametrize("mark", [frozenset(), frozenset({"PREVIEW"})])
def test_microtext_is_drawn_as_outlines_under_each_heavy_rule(mark: frozenset[str]) -> None:
    page, scale = pages(render(replace(SHEETS["one"], mark=mark)))[0], 600 / 72
    picture = page.render(scale=scale, grayscale=True).to_pil()
    for y in MICROTEXT_AT:
        strip = picture.crop(tuple(round(mm * MM * scale) for mm in (12, y + 0.05, 190, y + 0.3)))  # type: ignore[arg-type]
        share = sum(value < 160 for value in strip.tobytes()) / (strip.width * strip.height)
        assert 0.1 < share < 0.7, y


@pytest.mark.parametrize("name", ["one", "long", "marked"])
def test_regular_and_bold_fonts_are_embedded(name: str) -> None:
    with pikepdf.open(BytesIO(drawn(name))) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        streams = [page.Contents.read_bytes() for page in pdf.pages]
        streams += [form.read_bytes() for page in pdf.pages for form in page.Resources.XObject.values()]
        names = {str(font.BaseFont).partition("+")[2] for font in fonts}
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)
    assert names == {"NotoSans-Regular", "NotoSans-Bold"}
    assert not any(re.search(rb"\b[12] Tr\b", stream) for stream in streams)  # no stroked letters
