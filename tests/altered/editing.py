"""Tools of a PDF forger: draw, paint over, rewrite text and fonts, add revisions, seal again, photograph."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from altered.specimens import desk
from issued_files import box, drawn_over, edited, pictured, written
from pikepdf import Array, Dictionary, Name, Operator
from PIL import Image
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.issuing.print.seal import seal, self_issued_certificate

__all__ = ["box", "drawn_over", "edited", "pictured", "written"]
QUANTITY = (146, 107, 20, 4)  # mm from the top left: the number in block 11A


def white(x: float, y: float, w: float, h: float) -> str:
    return "1 1 1 rg " + box(x, y, w, h) + " f 0 g "


def forged_quantity(words: str = "=== 9 === no.") -> str:
    return white(*QUANTITY) + written(words, 145, 110)


def both(*changes: Callable[[pikepdf.Pdf], object]) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for each in changes:
            each(pdf)

    return change


def unsealed(data: bytes) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        for name in ("/AcroForm", "/Perms"):
            if name in pdf.Root:
                del pdf.Root[name]
        for page in pdf.pages:
            if "/Annots" in page:
                del page["/Annots"]

    return edited(data, change)


@cache
def forger() -> FileSigner:
    return FileSigner.generate()


def resealed(data: bytes, *, name: str = "Tamga practice", later: int = 0) -> bytes:
    """Seal with the forger's own key in the ministry's name."""
    now = datetime.fromtimestamp(desk().office.now + later, UTC)
    certificate = self_issued_certificate(
        forger(), name=name, country="KG", not_before=now - timedelta(days=1), not_after=now + timedelta(days=999),
        serial=1,
    )  # fmt: skip
    return seal(data, forger(), certificate, now=now, location="Bishkek")


def appended(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Add an incremental update, which leaves every sealed byte in its place."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def paint(operators: str, resources: DictionaryObject | None = None) -> Callable[[IncrementalPdfFileWriter], None]:
    def change(writer: IncrementalPdfFileWriter) -> None:
        stream = writer.add_object(StreamObject(stream_data=f"q {operators} Q".encode("latin-1")))
        writer.add_stream_to_page(0, stream, resources=resources or DictionaryObject())

    return change


def touch_root(name: str, value: Any) -> Callable[[IncrementalPdfFileWriter], None]:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[pdf_name(name)] = value
        writer.update_root()

    return change


def annotation(rect: tuple[float, float, float, float] = (420, 528, 470, 540), **fields: object) -> Callable[..., None]:
    def change(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_stream(
            b"1 g 0 0 50 12 re f 0 g 20 2 2 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 50, 12])
        )
        made = Dictionary(Type=Name.Annot, F=4, Rect=Array(rect), AP=Dictionary(N=look), **fields)
        page = pdf.pages[0]
        held = list(page.get("/Annots", []))
        page.Annots = pdf.make_indirect(Array([*held, pdf.make_indirect(made)]))
        if fields.get("Subtype") == Name.Widget:
            if "/AcroForm" not in pdf.Root:
                pdf.Root.AcroForm = Dictionary(Fields=Array([]))
            pdf.Root.AcroForm.Fields.append(page.Annots[-1])

    return change


def layer(operators: str, *, on: bool = True, only_print: bool = False) -> Callable[[pikepdf.Pdf], None]:
    """Content in an optional-content group."""

    def change(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Layer"))
        if only_print:
            group.Usage = Dictionary(Print=Dictionary(PrintState=Name.ON), View=Dictionary(ViewState=Name.OFF))
        shown = Dictionary(Order=Array([group]), ON=Array([group] if on else []), OFF=Array([] if on else [group]))
        if only_print:
            shown.AS = Array([Dictionary(Event=Name.Print, OCGs=Array([group]), Category=Array([Name.Print]))])
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=shown)
        page = pdf.pages[0]
        page.Resources.Properties = Dictionary(L1=group)
        page.Resources.Font.FX = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.contents_add(f"/OC /L1 BDC q {operators} Q EMC".encode("latin-1"))

    return change


def picture_over(picture: Image.Image, rect: str) -> Callable[[pikepdf.Pdf], None]:
    """Draw a picture over the page. `rect`: the six numbers of the matrix that places it."""

    def change(pdf: pikepdf.Pdf) -> None:
        grey = picture.convert("L")
        image = pdf.make_stream(
            grey.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=grey.width, Height=grey.height,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        page = pdf.pages[0]
        if "/XObject" not in page.Resources:
            page.Resources.XObject = Dictionary()
        page.Resources.XObject.Forged = image
        page.contents_add(f"q {rect} cm /Forged Do Q".encode())

    return change


def as_picture(data: bytes, dpi: int, kind: str = "PDF", *, quality: int = 75) -> bytes:
    """A photocopy: every page as a picture, in a PDF without text, a PNG or a JPEG."""
    page, out = pictured(data, dpi), BytesIO()
    page.save(out, kind, **({"resolution": dpi} if kind == "PDF" else {}), quality=quality)
    return out.getvalue()


def attach(name: str, content: bytes | None) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        if content is None:
            del pdf.attachments[name]
        else:
            pdf.attachments[name] = content

    return change


def letters(font: Any) -> dict[int, str]:
    """Code -> character, from the font's own ToUnicode."""
    found = {}
    if "/ToUnicode" in font:
        text = font.ToUnicode.read_bytes().decode("latin-1")
        for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
            found |= {int(code, 16): chr(int(to[:4], 16)) for code, to in re.findall(r"<(\w+)>\s*<(\w+)>", block)}
        for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
            for first, last, to in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                for step in range(int(last, 16) - int(first, 16) + 1):
                    found[int(first, 16) + step] = chr(int(to[:4], 16) + step)
            for first, _, row in re.findall(r"<(\w+)>\s*<(\w+)>\s*\[(.*?)\]", block, re.DOTALL):
                for step, to in enumerate(re.findall(r"<(\w+)>", row)):
                    found[int(first, 16) + step] = chr(int(to[:4], 16))
    return found


def rewritten(change: Callable[[str], str | None]) -> Callable[[pikepdf.Pdf], None]:
    """Rewrite texts of page 1 in their own font, operator by operator. None leaves a text out."""

    def edit(pdf: pikepdf.Pdf) -> None:
        page, fonts, out, done = pdf.pages[0], {}, [], 0
        for name, font in page.Resources.Font.items():
            fonts[name] = letters(font)
        current: dict[int, str] = {}
        for given, operator in pikepdf.parse_content_stream(page):
            operands = list(given)
            if str(operator) == "Tf":
                current = fonts.get(str(operands[0]), {})
            if str(operator) == "Tj" and current:
                text = "".join(current.get(code, "\0") for code in bytes(operands[0]))
                new = change(text)
                if new != text:
                    codes = {char: code for code, char in current.items()}
                    if new is None or set(new) <= codes.keys():
                        done += 1
                        made = pikepdf.String(bytes(codes[char] for char in new or "").decode("latin-1"))
                        operands = [made]
            out.append((operands, Operator(str(operator))))
        assert done, "nothing was rewritten"
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(out))

    return edit
