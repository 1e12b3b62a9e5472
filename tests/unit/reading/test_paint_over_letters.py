"""Paint over a print without its seal: a changed letter is F5, the usual marks of an office are not.

Every attack shows another number, date or label than the text layer has, or hides one. Every honest file is a print as
people and programs leave it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from issued_files import Issued, box, drawn_over, edited, issue, pictured, sealed, trust_list, written
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw
from print_samples import LINES
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from released import RELEASES, prints

from chalicelib.reading.read_document import read
from chalicelib.verdict.file_checks import compare_with_signed
from local.browser import CHROMIUM

SHORT = (LINES[0], LINES[1], LINES[4])
MM = 72 / 25.4
NUMBER_AT = (168.0, 110.4)  # mm: to the right of `=== 1 === no.` in block 11A


@cache
def issued(name: str = "one") -> Issued:
    return issue("E", {"one": LINES[:1], "two": LINES[:2], "nine": SHORT * 3}[name])


def judged(data: bytes, name: str = "one") -> dict[str, set[str]]:
    """Each verdict code with the blocks that it names."""
    found = read(data, "application/pdf")
    assert found.trouble is None
    said: dict[str, set[str]] = {}
    for result in compare_with_signed(found, issued(name).permits, trust_list()):
        changed = {each["block"] for each in result.facts.get("differences", ())}
        said[result.code] = changed | set(result.facts.get("overlaid", ()))
    return said


def states(**entries: Dictionary) -> Callable[[pikepdf.Pdf], None]:
    """Add graphics states for the content of the page."""

    def change(pdf: pikepdf.Pdf) -> None:
        for name, entry in entries.items():
            resources = pdf.pages[0].Resources
            if "/ExtGState" not in resources:
                resources.ExtGState = Dictionary()
            resources.ExtGState[f"/{name}"] = entry

    return change


def painted(operators: str, *, name: str = "one", first: bool = False, **entries: Dictionary) -> bytes:
    """The unsealed print with more content, after all other content or before it. /FX is Helvetica."""
    if first:
        data = edited(
            issued(name).plain,
            lambda pdf: pdf.pages[0].contents_add(f"q {operators} Q".encode("latin-1"), prepend=True),
        )
    else:
        data = drawn_over(issued(name).plain, operators)
    return edited(data, states(**entries))


# --- attacks ---------------------------------------------------------------------------------------------------------

WHITE = "1 1 1 rg " + box(145, 106.9, 30, 4.4) + " f 0 g "
X, Y = NUMBER_AT[0] * MM, (297 - NUMBER_AT[1]) * MM
ZERO = f"{X:.1f} {Y:.1f} 5 7 re S"


def transparent(alpha: float) -> Dictionary:
    return Dictionary(Type=Name.ExtGState, ca=alpha, CA=alpha)


def blended(mode: str) -> Dictionary:
    return Dictionary(Type=Name.ExtGState, BM=Name(f"/{mode}"))


def strip(text: str) -> Image.Image:
    """A picture of block 11A with another quantity."""
    picture = Image.new("L", (300, 44), 255)
    ImageDraw.Draw(picture).text((4, 2), text, fill=0, font_size=30)
    return picture


def image(pdf: pikepdf.Pdf, picture: Image.Image) -> Any:
    grey = picture.convert("L")
    return pdf.make_stream(
        grey.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=grey.width, Height=grey.height,
        ColorSpace=Name.DeviceGray, BitsPerComponent=8,
    )  # fmt: skip


def background(pdf: pikepdf.Pdf) -> None:
    """Put the whole page as a picture with another quantity below its own, almost transparent text."""
    page = pictured(issued().plain, 150)
    unit = 150 / 25.4
    page.paste(strip("=== 200 === no.").resize((int(30 * unit), int(4.4 * unit))), (int(145 * unit), int(106.9 * unit)))
    target = pdf.pages[0]
    target.Resources.XObject.Below = image(pdf, page)
    target.Resources.ExtGState = Dictionary(Faint=transparent(0.17))
    target.contents_add(b"q 595.28 0 0 841.89 0 0 cm /Below Do Q /Faint gs", prepend=True)


def relabelled(old: str, new: str) -> Callable[[], bytes]:
    """Replace one label of the form in the content of the form's face."""

    def change(pdf: pikepdf.Pdf) -> None:
        changed = 0
        for form in pdf.pages[0].Resources.XObject.values():
            content = form.read_bytes()
            if f"({old})".encode() in content:
                form.write(content.replace(f"({old})".encode(), f"({new})".encode()))
                changed += 1
        assert changed

    return lambda: edited(issued().plain, change)


def forged_page_first(picture: Callable[[], Image.Image], size: float = 1.0) -> bytes:
    """Insert a page that is a picture before the genuine one. `size` is relative to A4."""
    width, height = 595.2756 * size, 841.8898 * size

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.add_blank_page(page_size=(width, height))
        page = pdf.pages[-1]
        page.Resources = Dictionary(XObject=Dictionary(Page=image(pdf, picture())))
        page.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Page Do Q".encode())
        pdf.pages.insert(0, page)
        del pdf.pages[-1]

    return edited(issued().plain, change)


def text_page_first(operators: str) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(BytesIO(painted(operators))) as forged:
            pdf.pages.insert(0, forged.pages[0])

    return edited(issued().plain, change)


def forged_picture(*, code: bool = True) -> Image.Image:
    page, unit = pictured(issued().plain, 150), 150 / 25.4
    if not code:
        page.paste(255, tuple(int(value * unit) for value in (149, 192, 202, 244)))
    page.paste(strip("=== 200 === no.").resize((int(30 * unit), int(4.4 * unit))), (int(145 * unit), int(106.9 * unit)))
    return page


def repeated(text: str, times: int) -> str:
    return "/A gs " + written(text, *NUMBER_AT) * times


ATTACKS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "a digit painted 40 times at alpha 0.15": (
        lambda: painted(repeated("0", 40), A=transparent(0.15)), {"11A"}
    ),
    "white painted 40 times at alpha 0.15, another number too": (
        lambda: painted("/A gs " + WHITE * 40 + repeated("=== 9 === no.", 40), A=transparent(0.15)), {"11A"}
    ),
    "a number painted 40 times over the number": (
        lambda: painted("/A gs 0 g " + f"{147 * MM:.1f} {(297 - 110.4) * MM:.1f} 8 8 re f " * 40, A=transparent(0.15)),
        {"11A"},
    ),
    "white letters in blend mode Difference": (
        lambda: painted("/D gs 1 1 1 rg " + written("00", *NUMBER_AT), D=blended("Difference")), {"11A"}
    ),
    "white shapes in blend mode Difference": (
        lambda: painted("/D gs 1 1 1 RG 1 w " + ZERO, D=blended("Difference")), {"11A"}
    ),
    "the number inverted by Difference": (
        lambda: painted("/D gs " + WHITE, D=blended("Difference")), {"11A"}
    ),
    "the number gone by Screen": (lambda: painted("/D gs " + WHITE, D=blended("Screen")), {"11A"}),
    "long strokes clipped to a digit": (
        lambda: painted(
            f"{X:.1f} {Y:.1f} 1.2 7 re W n 30 w {X - 200:.1f} {Y + 3:.1f} m {X + 200:.1f} {Y + 3:.1f} l S"
        ), {"11A"}
    ),
    "a long thin stroke clipped to a dash": (
        lambda: painted(
            f"{X:.1f} {Y:.1f} 6 8 re W n 1.4 w {X - 200:.1f} {Y + 3:.1f} m {X + 200:.1f} {Y + 3:.1f} l S"
        ), {"11A"}
    ),
    "long strokes dashed to a digit": (
        lambda: painted(
            "1.4 w " + "".join(
                f"[1.4 400] {200 - X % 1:.1f} d {X - 200:.1f} {Y + step:.1f} m {X + 200:.1f} {Y + step:.1f} l S "
                for step in (0, 1.4, 2.8, 4.2, 5.6)
            ).replace(f"{200 - X % 1:.1f} d", "200.4 d")
        ), {"11A"}
    ),
    "a white stroke through the number": (
        lambda: painted(f"7 w 1 G {145 * MM:.1f} {(297 - 109) * MM:.1f} m {167 * MM:.1f} {(297 - 109) * MM:.1f} l S"),
        {"11A"},
    ),
    "a background picture under faint text": (lambda: edited(issued().plain, background), {"11A"}),
    "a label made another one of the same letters": (
        relabelled("3. Importer \\(name and address\\)", "3. Improteer \\(name and address\\)"), {"3-4"}
    ),
    "a label shortened": (relabelled("including this day", "including"), {"1-2"}),
    "a label that adds": (relabelled("including this day", "including this year"), {"1-2"}),
    "a label painted over": (lambda: painted("1 1 1 rg " + box(163, 21.5, 37, 4) + " f"), {"1-2"}),
    "labels exchanged": (relabelled("Import", "Export"), {"1-2"}),
    "a forged page first": (lambda: forged_page_first(forged_picture), {"11A"}),
    "a forged page first, without its code": (lambda: forged_page_first(lambda: forged_picture(code=False)), {"11A"}),
    "a forged page first, smaller": (lambda: forged_page_first(forged_picture, 0.8), {"11A"}),
    "a forged page with text first": (lambda: text_page_first(WHITE + written("=== 9 === no.", 145, 110)), {"11A"}),
    "a part of a digit covered": (
        lambda: painted("1 1 1 rg " + box(166.6, 15, 1.3, 1.8) + " f"), {"2"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_paint_that_changes_letters_gives_f5(name: str) -> None:
    make, blocks = ATTACKS[name]
    said = judged(make())
    assert blocks <= said.get("F5", set())


# --- honest files ----------------------------------------------------------------------------------------------------


def over(rect: tuple[float, float, float, float], look: str, *, multiply: bool = False, **fields: Any) -> Any:
    """Add an annotation (mm from the top left: x, y, width, height) that looks like these operators."""

    def change(pdf: pikepdf.Pdf) -> None:
        x, y, w, h = (value * MM for value in rect)
        stream = pdf.make_stream(
            look.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, w, h]),
            Resources=Dictionary(ExtGState=Dictionary(M=blended("Multiply")), Font=Dictionary(F=Dictionary(
                Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica-Bold")))),
        )  # fmt: skip
        place = Array([x, 297 * MM - y - h, x + w, 297 * MM - y])
        note = Dictionary(Type=Name.Annot, F=4, Rect=place, AP=Dictionary(N=stream), **fields)
        if multiply:
            note.BM = Name.Multiply
        held = list(pdf.pages[0].get("/Annots", []))
        pdf.pages[0].Annots = pdf.make_indirect(Array([*held, pdf.make_indirect(note)]))

    return change


def highlighted(colour: str, rect: tuple[float, float, float, float]) -> Callable[[], bytes]:
    look = f"/M gs {colour} rg 0 0 {rect[2] * MM:.1f} {rect[3] * MM:.1f} re f"
    return lambda: edited(issued().plain, over(rect, look, Subtype=Name.Highlight, QuadPoints=Array([])))


def marker(colour: str, alpha: float, rect: tuple[float, float, float, float]) -> Callable[[], bytes]:
    """A highlighter that paints over the page, not below its letters."""
    return lambda: painted(f"/H gs {colour} rg {box(*rect)} f", H=transparent(alpha))


def multiplied(colour: str, rect: tuple[float, float, float, float]) -> Callable[[], bytes]:
    return lambda: painted(f"/H gs {colour} rg {box(*rect)} f", H=blended("Multiply"))


STAMP = "0.8 0.1 0.1 RG 1.5 w 2 2 {0:.1f} {1:.1f} re S BT /F 11 Tf 0.8 0.1 0.1 rg 8 9 Td (RECEIVED 24 NOV 2026) Tj ET"


def stamped(x: float, y: float) -> Callable[[], bytes]:
    look = STAMP.format(56 * MM - 4, 10 * MM - 4)
    return lambda: edited(issued().plain, over((x, y, 56, 10), look, Subtype=Name.Stamp, Name=Name.Received))


def stamped_in_content(x: float, y: float, colour: str) -> Callable[[], bytes]:
    words = written("RECEIVED 24 NOV 2026", x + 2, y + 6, 11, f"{colour} rg")
    return lambda: painted(f"{colour} RG 1.5 w {box(x, y, 56, 9)} S {words}")


QUANTITY = (145.0, 106.8, 22.0, 4.4)
SPECIES = (14.0, 106.7, 54.0, 6.0)
MARKS = (70.0, 110.4, 53.0, 5.0)
DAY = (163.0, 13.5, 37.0, 8.0)
HIGHLIGHTERS = {
    "yellow": "1 1 0",
    "green": "0.6 1 0.4",
    "pink": "1 0.6 0.8",
    "orange": "1 0.8 0.4",
    "blue": "0.6 0.85 1",
}


def ocr(pdf: pikepdf.Pdf) -> None:
    """Add an invisible text layer over the page's own, as programs for scans do."""
    words = "".join(
        written(text, x, y, 9, "3 Tr")
        for text, x, y in (("=== l === n0.", 145, 110), ("Fa1co cherrug", 15, 110), ("26KG0OO123/E", 107, 17))
    )
    pdf.pages[0].Resources.Font.FX = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].contents_add(words.encode("latin-1"))


def scanned(pdf: pikepdf.Pdf) -> None:
    """Replace the page by a picture below an invisible text layer."""
    page = pdf.pages[0]
    page.Resources.XObject = Dictionary(Scan=image(pdf, pictured(issued().plain, 150)))
    page.Contents = pdf.make_stream(b"q 595.28 0 0 841.89 0 0 cm /Scan Do Q")
    ocr(pdf)


def headed(pdf: pikepdf.Pdf) -> None:
    """Add the header and footer that a browser prints."""
    page = pdf.pages[0]
    page.Resources.Font.FX = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    lines = written("11/24/26, 9:41 AM", 8, 5, 8) + written("CITES-26KG000123-E.pdf", 90, 5, 8)
    lines += written("https://practice.tamga.kg/desk/", 8, 293, 8) + written("1/1", 196, 293, 8)
    page.contents_add(f"q {lines} Q".encode("latin-1"))


def shrunk(scale: float, x: float, y: float) -> Callable[[], bytes]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(f"q {scale} 0 0 {scale} {x} {y} cm".encode(), prepend=True)
        pdf.pages[0].contents_add(b"Q")

    return lambda: edited(issued().plain, change)


def turned(angle: int) -> Callable[[], bytes]:
    return lambda: edited(issued().plain, lambda pdf: setattr(pdf.pages[0], "Rotate", angle))


def covered_by_a_letter() -> Image.Image:
    page = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(page)
    for row in range(20):
        pen.text(
            (150, 200 + row * 60),
            "Dear colleagues, please find enclosed the permit for the falcons.",
            fill=0,
            font_size=26,
        )
    return page


def marker_operators(colour: str, rect: tuple[float, float, float, float]) -> str:
    return f"/H gs {colour} rg {box(*rect)} f"


def incremental(operators: str) -> bytes:
    """Add content in an update after the seal, and every sealed byte stays. /H: blend mode Multiply."""
    writer = IncrementalPdfFileWriter(BytesIO(issued().sealed))
    stream = writer.add_object(StreamObject(stream_data=f"q {operators} Q".encode()))
    state = DictionaryObject({pdf_name("/BM"): pdf_name("/Multiply")})
    resources = DictionaryObject({pdf_name("/ExtGState"): DictionaryObject({pdf_name("/H"): state})})
    writer.add_stream_to_page(0, stream, resources=resources)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def photocopied() -> bytes:
    out = BytesIO()
    pictured(issued().sealed, 150).save(out, "PDF", resolution=150)
    return out.getvalue()


HONEST: dict[str, Callable[[], bytes]] = {
    "as it is": lambda: issued().plain,
    "saved": lambda: edited(issued().plain, lambda pdf: None),
    "linearized": lambda: edited(issued().plain, lambda pdf: None, linearize=True),
    "packed": lambda: edited(
        issued().plain, lambda pdf: None, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True),
    "an editor's save of the sealed file": lambda: edited(issued().sealed, lambda pdf: None),
    **{f"highlighted {name}": highlighted(colour, QUANTITY) for name, colour in HIGHLIGHTERS.items()},
    "species highlighted": highlighted("1 1 0", SPECIES),
    "marks highlighted": highlighted("1 0.6 0.8", MARKS),
    "day highlighted": highlighted("0.6 0.85 1", DAY),
    **{f"{name} marker over it": marker(colour, 0.4, QUANTITY) for name, colour in HIGHLIGHTERS.items()},
    **{f"{name} multiplied": multiplied(colour, SPECIES) for name, colour in HIGHLIGHTERS.items()},
    "labels highlighted": highlighted("1 1 0", (144, 94.6, 31, 7)),
    "received, in block 5": stamped(30, 76),
    "received, in block 6": stamped(112, 78),
    "received, beside the hospital's address": stamped(44, 41),
    "received, in empty rows": stamped(70, 140),
    "received, at the head": stamped(70, 1),
    "received, in block 14": stamped(100, 262),
    "received in red, written into block 5": stamped_in_content(30, 73, "0.8 0.1 0.1"),
    "received in blue, over empty rows": stamped_in_content(60, 150, "0.1 0.1 0.7"),
    "received in violet, below": stamped_in_content(60, 284, "0.4 0 0.6"),
    "a note beside": lambda: edited(
        issued().plain, over((190, 120, 6, 6), "1 1 0 rg 0 0 17 17 re f", Subtype=Name.Text)),
    "a link over the address": lambda: edited(issued().plain, lambda pdf: setattr(
        pdf.pages[0], "Annots", Array([Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([303, 200, 420, 212]), Border=Array([0, 0, 0]))]))),
    "underlined in red": lambda: painted(
        f"1 0 0 RG 0.8 w {15 * MM:.1f} {(297 - 112.2) * MM:.1f} m {60 * MM:.1f} {(297 - 112.2) * MM:.1f} l S"),
    "signed by hand": lambda: painted("0 0 0.6 RG 1 w 60 170 m 80 190 100 150 120 180 c S"),
    "stamped and endorsed in block 14": lambda: painted(
        written("A 1 Manas 24.11.2026", 20, 265) + " 0.5 g " + box(110, 255, 20, 20) + " f"),
    "waybill in block 15": lambda: painted(written("AWB 000-11111111", 150, 282)),
    "an OCR layer": lambda: edited(issued().plain, ocr),
    "scanned, with an OCR layer": lambda: edited(issued().plain, scanned),
    "a browser's header and footer": lambda: edited(issued().plain, headed),
    "shrunk to the printable area": shrunk(0.94, 18, 25),
    "shrunk to a half": shrunk(0.5, 100, 300),
    "moved": shrunk(1, 12, -9),
    **{f"turned {angle}": turned(angle) for angle in (90, 180, 270)},
    "a white background": lambda: painted("1 1 1 rg 0 0 596 842 re f", first=True),
    "cream paper": lambda: painted("1 0.98 0.9 rg 0 0 596 842 re f", first=True),
    "a cover letter first": lambda: forged_page_first(covered_by_a_letter),
    "its own picture first": lambda: forged_page_first(lambda: pictured(issued().plain, 200)),
    "another permit's picture first": lambda: forged_page_first(lambda: pictured(issued("two").plain, 200)),
    "highlighted after the seal": lambda: incremental(marker_operators("1 1 0", QUANTITY)),
    "a photocopy": photocopied,
    "two pages": lambda: issued("two").plain,
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_honest_file_gives_d1_only(name: str) -> None:
    assert set(judged(HONEST[name](), "two" if name == "two pages" else "one")) == {"D1"}


def test_there_are_at_least_fifty_honest_files() -> None:
    assert len(HONEST) >= 50


def test_blocks_below_annotations_are_named_in_d1() -> None:
    assert "11A" in judged(highlighted("1 1 0", QUANTITY)())["D1"]
    assert judged(stamped(70, 140)())["D1"] & {"9C", "10C", "12B"}


# --- other programs --------------------------------------------------------------------------------------------------


def saved_by(data: bytes, *command: str) -> bytes:
    """The file that a program saves. `in.pdf` and `out.pdf` are in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.pdf").write_bytes(data)
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        return (Path(folder) / "out.pdf").read_bytes()


GHOSTSCRIPT = ("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sOutputFile=out.pdf")
PROGRAMS: dict[str, tuple[str, ...]] = {
    "pdftocairo": ("pdftocairo", "-pdf", "in.pdf", "out.pdf"),
    "Ghostscript": (*GHOSTSCRIPT, "in.pdf"),
    "Ghostscript for a screen": (*GHOSTSCRIPT, "-dPDFSETTINGS=/screen", "in.pdf"),
    "Ghostscript, first page as outlines": (*GHOSTSCRIPT, "-dNoOutputFonts", "-dLastPage=1", "in.pdf"),
    "Ghostscript in grey": (
        *GHOSTSCRIPT, "-sColorConversionStrategy=Gray", "-dProcessColorModel=/DeviceGray", "in.pdf"),
    "qpdf": ("qpdf", "--object-streams=generate", "--linearize", "in.pdf", "out.pdf"),
    "mutool clean": ("mutool", "clean", "-gggg", "-z", "in.pdf", "out.pdf"),
    "mutool convert": ("mutool", "convert", "-o", "out.pdf", "in.pdf", "1"),
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", ["one", "nine"])
def test_file_saved_by_another_program_gives_d1_only(program: str, name: str) -> None:
    command = PROGRAMS[program]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not here (Debian: poppler-utils, ghostscript, qpdf, mupdf-tools)")
    assert set(judged(saved_by(issued(name).sealed, *command), name)) == {"D1"}


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM or shutil.which("pdftocairo") is None, reason="Chromium or pdftocairo is not here")
def test_print_of_a_browser_gives_d1_only(tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(issued().sealed)
    subprocess.run(("pdftocairo", "-svg", "in.pdf", "page.svg"), cwd=tmp_path, check=True, timeout=120)
    (tmp_path / "page.html").write_text(
        '<style>@page{size:A4;margin:0}body{margin:0}svg{width:210mm;height:297mm;display:block}</style>'
        + (tmp_path / "page.svg").read_text()
    )  # fmt: skip
    subprocess.run(
        (CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile",
         f"--print-to-pdf={tmp_path}/out.pdf", f"file://{tmp_path}/page.html"),
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert set(judged((tmp_path / "out.pdf").read_bytes())) == {"D1"}


# --- every version of the form ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("release", "name"), [(each, name) for each in RELEASES for name in prints(each)])
def test_sealed_print_of_a_release_has_no_altered_letter(release: str, name: str) -> None:
    found = read(prints(release)[name], "application/pdf")
    assert (found.trouble, found.altered, found.overlaid) == (None, (), ())


def test_sealed_print_of_0_2_0_has_no_altered_letter() -> None:
    data = sealed(Path(__file__).with_name("print-0.2.0.pdf").read_bytes())
    found = read(data, "application/pdf")
    assert (found.trouble, found.altered, found.overlaid) == (None, (), ())
