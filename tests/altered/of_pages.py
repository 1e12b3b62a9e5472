"""Altered files with other content: fields, notes, layers, texts, fonts, pictures, codes, pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from altered.editing import (
    QUANTITY,
    annotation,
    attach,
    both,
    drawn_over,
    edited,
    forged_quantity,
    layer,
    letters,
    picture_over,
    pictured,
    resealed,
    rewritten,
    unsealed,
    white,
    written,
)  # fmt: skip
from altered.of_seals import Makers
from altered.specimens import desk, many, two
from pikepdf import Array, Dictionary, Name, Operator
from PIL import ImageDraw

from chalicelib.record.block_texts import CODE_FILE, RECORD_FILE

CODE = CODE_FILE.format(page=1)
QR = (149, 192, 52, 52)  # mm from the top left
FIELD = {"Subtype": Name.Widget, "FT": Name.Tx, "T": "q", "V": "=== 9 === no."}
FIELDS: Makers = {
    "a filled field": lambda: edited(two(), annotation(**FIELD)),
    "a filled field, seal taken away": lambda: edited(unsealed(two()), annotation(**FIELD)),
    "a button": lambda: edited(two(), annotation(Subtype=Name.Widget, FT=Name.Btn, Ff=65536, T="b")),
    "drawn when it is opened": lambda: edited(two(), both(
        annotation(**FIELD), lambda pdf: setattr(pdf.Root.AcroForm, "NeedAppearances", True))),
}  # fmt: skip
NOTES: Makers = {
    name: (lambda subtype=subtype: edited(two(), annotation(Subtype=subtype, Contents="=== 9 === no.")))
    for name, subtype in {
        "free text": Name.FreeText, "stamp": Name.Stamp, "redaction": Name.Redact, "square": Name.Square,
        "ink": Name.Ink, "link with a face": Name.Link,
    }.items()
}  # fmt: skip
LAYERS: Makers = {
    "shown": lambda: edited(two(), layer(forged_quantity())),
    "hidden until it is switched on": lambda: edited(two(), layer(forged_quantity(), on=False)),
    "shown in print only": lambda: edited(two(), layer(forged_quantity(), on=False, only_print=True)),
}


def quantity(words: str) -> Callable[[pikepdf.Pdf], None]:
    return rewritten(lambda text: text.replace("=== 2 ===", words))


TEXTS: Makers = {
    "2 made 9": lambda: edited(two(), quantity("=== 9 ===")),
    "2 made 200": lambda: edited(unsealed(two()), quantity("=== 200 ===")),
    "2 made 200, sealed anew": lambda: resealed(edited(unsealed(two()), quantity("=== 200 ==="))),
    "number of the permit": lambda: edited(two(), rewritten(lambda text: text.replace("26KG000001", "26KG000002"))),
    "the taxon": lambda: edited(two(), rewritten(lambda text: text.replace("Falco cherrug", "Falco rusticolus"))),
    "the marks": lambda: edited(two(), rewritten(lambda text: text.replace("KG-0117", "KG-0711"))),
    "the last day": lambda: edited(two(), rewritten(lambda text: text.replace("30 April 2027", "30 April 2029"))),
    "the quantity left out": lambda: edited(two(), rewritten(lambda text: None if "=== 2" in text else text)),
    "painted over": lambda: drawn_over(two(), forged_quantity()),
    "a line more": lambda: drawn_over(two(), written("Ovis ammon", 16, 131) + written("=== 3 === no.", 146, 131)),
}


def remapped(pdf: pikepdf.Pdf) -> None:
    """A copy of the font with a false ToUnicode map, so the page shows 9 and the text layer contains 2."""
    page = pdf.pages[0]
    name, font = next((n, f) for n, f in page.Resources.Font.items() if letters(f))
    codes = {char: code for code, char in letters(font).items()}
    lying = Dictionary(dict(font.items()))
    honest = font.ToUnicode.read_bytes().decode("latin-1")
    lying.ToUnicode = pdf.make_stream(
        re.sub(rf"<{codes['9']:02X}>(\s*)<0039>", rf"<{codes['9']:02X}>\1<0032>", honest, flags=re.IGNORECASE).encode()
    )
    page.Resources.Font.FZ = pdf.make_indirect(lying)
    out = []
    size = 9
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            size = operands[1]
        if str(operator) == "Tj" and bytes(operands[0]) == bytes(codes[char] for char in "=== 2 === no."):
            forged = bytes(codes[char] for char in "=== 9 === no.").decode("latin-1")
            out += [([Name("/FZ"), size], Operator("Tf")), ([pikepdf.String(forged)], operator),
                    ([Name(name), size], Operator("Tf"))]  # fmt: skip
            continue
        out.append((operands, operator))
    assert len(out) > len(list(pikepdf.parse_content_stream(page)))
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(out))


def drawn_glyphs(pdf: pikepdf.Pdf) -> None:
    """A Type 3 font: two bars before the number, which its ToUnicode map declares as blanks."""
    page = pdf.pages[0]
    bar = pdf.make_stream(b"600 0 0 0 600 700 d1 200 0 200 700 re f")
    to_unicode = pdf.make_stream(
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        b"1 beginbfchar <41> <0020> endbfchar endcmap end"
    )
    page.Resources.Font.T3 = pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 600, 700]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(one=bar), Encoding=Dictionary(Type=Name.Encoding, Differences=Array([65, Name.one])),
        FirstChar=65, LastChar=65, Widths=Array([600]), ToUnicode=to_unicode, Resources=Dictionary(),
    ))  # fmt: skip
    page.contents_add(f"q {written('AA', 141, 110).replace('/FX', '/T3')} Q".encode())


FONTS: Makers = {
    "a map that lies": lambda: edited(two(), remapped),
    "a map that lies, sealed anew": lambda: resealed(edited(unsealed(two()), remapped)),
    "digits drawn by a font of its own": lambda: edited(two(), drawn_glyphs),
    "another font under the name": lambda: edited(two(), lambda pdf: pdf.pages[0].Resources.Font.__setitem__(
        "/F1+0", Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))),
}  # fmt: skip


def forged_picture(dpi: int = 200) -> Any:
    """The page as a picture, with another quantity drawn into it."""
    page, unit = pictured(two(), dpi), dpi / 25.4
    x, y, w, h = (int(value * unit) for value in QUANTITY)
    pen = ImageDraw.Draw(page)
    pen.rectangle((x, y, x + w, y + h), fill=255)
    pen.text((x, y), "=== 200 === no.", fill=0)
    return page


FULL = "595.28 0 0 841.89 0 0"
COVERED: Makers = {
    "a picture over the page": lambda: edited(two(), picture_over(forged_picture(), FULL)),
    "a picture over the page, sealed anew": lambda: resealed(
        edited(unsealed(two()), picture_over(forged_picture(), FULL))),
    "the true text beneath it made invisible": lambda: edited(two(), both(
        lambda pdf: pdf.pages[0].contents_add(b"3 Tr", prepend=True), picture_over(forged_picture(), FULL))),
    "a patch over the number": lambda: edited(two(), picture_over(
        forged_picture().crop((1149, 842, 1307, 874)), "56.7 0 0 11.3 413.9 527.2")),
}  # fmt: skip


def code_picture(of: bytes, dpi: int = 300) -> Any:
    unit = dpi / 25.4
    x, y, w, h = QR
    return pictured(of, dpi).crop(tuple(int(v * unit) for v in (x, y, x + w, y + h)))


def at_code(data: bytes, of: bytes, shift: float = 0.0) -> bytes:
    x, y, w, h = QR
    place = f"{w * 2.8346:.1f} 0 0 {h * 2.8346:.1f} {(x - shift) * 2.8346:.1f} {(297 - y - h) * 2.8346:.1f}"
    return edited(data, picture_over(code_picture(of), place))


CODES: Makers = {
    "another permit's code": lambda: at_code(two(), many()),
    "another permit's code and attachment": lambda: edited(
        at_code(two(), many()), attach(CODE, desk().many.tokens[0].encode())),
    "this code on another permit": lambda: at_code(many(), two()),
    "a second code beside it": lambda: at_code(two(), many(), shift=100),
    "the code taken away": lambda: drawn_over(two(), white(*QR)),
    "this code on another permit, sealed anew": lambda: resealed(unsealed(at_code(many(), two()))),
}  # fmt: skip
ATTACHED: Makers = {
    "the record emptied": lambda: edited(two(), attach(RECORD_FILE, b"{}")),
    "another permit's record": lambda: edited(two(), attach(RECORD_FILE, _record(many()))),
    "the record taken away": lambda: edited(two(), attach(RECORD_FILE, None)),
    "another permit's code": lambda: edited(two(), attach(CODE, desk().many.tokens[0].encode())),
    "the code taken away": lambda: edited(two(), attach(CODE, None)),
    "all attachments of another, sealed anew": lambda: resealed(edited(unsealed(two()), both(
        attach(RECORD_FILE, _record(many())), attach(CODE, desk().many.tokens[0].encode())))),
}  # fmt: skip


def _record(data: bytes) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        return bytes(pdf.attachments[RECORD_FILE].get_file().read_bytes())


def joined(*parts: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        for part in parts[1:]:
            with pikepdf.open(BytesIO(part)) as more:
                pdf.pages.extend(more.pages)

    return edited(parts[0], change)


def long_with_a_page_of(other: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(BytesIO(other)) as more:
            del pdf.pages[1]
            pdf.pages.extend(more.pages)

    return edited(desk().printed(desk().long), change)


MERGED: Makers = {
    "two permits in one file": lambda: joined(two(), many()),
    "two permits, sealed anew": lambda: resealed(joined(unsealed(two()), unsealed(many()))),
    "one page of many exchanged": lambda: long_with_a_page_of(many()),
    "one page of many left out": lambda: edited(
        desk().printed(desk().long), lambda pdf: pdf.pages.__delitem__(1)),
    "the pages of another in this file": lambda: edited(two(), lambda pdf: _exchange(pdf, many())),
}  # fmt: skip


def _exchange(pdf: pikepdf.Pdf, other: bytes) -> None:
    with pikepdf.open(BytesIO(other)) as more:
        pdf.pages.extend(more.pages)
        del pdf.pages[0]
