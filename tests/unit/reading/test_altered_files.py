"""Altered files: never the issuer's own file, changed text named in F5, and no accusation of honest copies."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from issued_files import (
    NOW,
    OTHER_KEY,
    PDF_CERTIFICATE,
    Issued,
    box,
    certificate,
    drawn_over,
    edited,
    issue,
    pictured,
    sealed,
    trust_list,
    written,
)  # fmt: skip
from pikepdf import Array, Dictionary, Name
from PIL import Image
from print_samples import LINES
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.reading.read_document import read
from chalicelib.record.permit import TokenParty
from chalicelib.verdict.file_checks import compare_with_signed
from chalicelib.verdict.file_findings import FileFindings

SHORT = (LINES[0], LINES[1], LINES[4])


@cache
def issued(name: str = "one") -> Issued:
    lines = {"one": LINES[:1], "two": LINES[:2], "nine": SHORT * 3, "sources": LINES[3:4]}
    return issue("E", lines[name])


@lru_cache(8)  # a test checks one file several times, and reading is the slow part
def found(data: bytes) -> FileFindings:
    findings = read(data, "application/pdf")
    assert findings.trouble is None
    return findings


def judged(data: bytes, name: str = "one") -> dict[str, object]:
    """Each code with its reason (D1) or with the names of blocks and bands (F5)."""
    said: dict[str, object] = {}
    for result in compare_with_signed(found(data), issued(name).permits, trust_list()):
        named = {each["block"] for each in result.facts.get("differences", ())} | set(result.facts.get("overlaid", ()))
        said[result.code] = result.facts.get("why") or named
    return said


@pytest.mark.parametrize("kind", KINDS)
def test_own_file_of_every_kind_has_no_findings(kind: str) -> None:
    one = issue(kind, LINES[:2])
    assert compare_with_signed(found(one.sealed), one.permits, trust_list()) == []


@pytest.mark.parametrize("name", ["one", "two", "nine", "sources"])
def test_own_file_of_every_size_has_no_findings(name: str) -> None:
    findings = found(issued(name).sealed)
    assert findings.codes == issued(name).codes == findings.tokens == findings.form_codes
    assert judged(issued(name).sealed, name) == {}


def test_own_file_with_shortened_names_and_continued_text_has_no_findings() -> None:
    long = "Society for the Study, Conservation and Captive Breeding of Central Asian Birds of Prey"
    one = issue("E", LINES[:1], exporter=long, address=f"{long}, {long}, {long}", conditions="Again and again. " * 90)
    token = replace(one.permits[0], exporter=TokenParty("Society for the Study…", "KG"))
    assert compare_with_signed(found(one.sealed), (token,), trust_list()) == []
    without = edited(one.plain, lambda pdf: pdf.attachments.__delitem__("record.json"))
    assert [result.code for result in compare_with_signed(found(without), (token,), trust_list())] == ["D1"]
    other = replace(token, exporter=TokenParty("Society of…", "KG"))
    assert [result.code for result in compare_with_signed(found(without), (other,), trust_list())] == ["D1", "F5"]


# --- honest re-saves -------------------------------------------------------------------------------------------------


def shrunk(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.contents_add(b"q 0.94 0 0 0.94 18 25 cm", prepend=True)
    page.contents_add(b"Q")


def turned(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Rotate = 90


HONEST: dict[str, Callable[[], bytes]] = {
    "unsealed": lambda: issued().plain,
    "rewritten": lambda: edited(issued().plain, lambda pdf: None),
    "linearized": lambda: edited(
        issued().plain, lambda pdf: None, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
    "shrunk to the printable area": lambda: edited(issued().plain, shrunk),
    "turned": lambda: edited(issued().plain, turned),
    "painted background": lambda: edited(
        issued().plain, lambda pdf: pdf.pages[0].contents_add(b"q 1 1 1 rg 0 0 596 842 re f Q", prepend=True)
    ),
    "stamped by hand in block 14": lambda: drawn_over(
        issued().plain, written("A 1 Manas 24.11.2026", 20, 265) + " 0.5 g " + box(110, 255, 20, 20) + " f"
    ),
    "waybill written in block 15": lambda: drawn_over(issued().plain, written("AWB 000-11111111", 150, 282)),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_copy_gives_d1_unsealed_only(name: str) -> None:
    data = HONEST[name]()
    assert judged(data) == {"D1": "unsealed"}
    assert found(data).blocks["11A"] == ("=== 1 === no.",)


@pytest.mark.skipif(shutil.which("pdftocairo") is None, reason="pdftocairo is not here (Debian: poppler-utils)")
@pytest.mark.parametrize("name", ["one", "nine", "sources"])
def test_pdf_printed_by_another_program_gives_d1_unsealed_only(name: str, tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(issued(name).sealed)
    subprocess.run(["pdftocairo", "-pdf", tmp_path / "in.pdf", tmp_path / "out.pdf"], check=True)
    data = (tmp_path / "out.pdf").read_bytes()
    assert len(found(data).form_codes) == len(issued(name).codes)
    assert judged(data, name) == {"D1": "unsealed"}


def test_picture_in_a_pdf_gives_d1_unsealed_only() -> None:
    out = BytesIO()
    pictured(issued().sealed, 150).save(out, "PDF", resolution=150)
    assert found(out.getvalue()).codes == issued().codes
    assert judged(out.getvalue()) == {"D1": "unsealed"}


def test_sealed_file_saved_again_gives_d1_broken_seal_only() -> None:
    assert judged(edited(issued().sealed, lambda pdf: None)) == {"D1": "broken-seal"}


# --- altered text ----------------------------------------------------------------------------------------------------


def white(x: float, y: float, w: float, h: float) -> str:
    return "1 1 1 rg " + box(x, y, w, h) + " f 0 g "


ALTERED: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "a number added": (lambda: drawn_over(issued().plain, written("2", 170, 112)), {"11A"}),
    "a digit before": (lambda: drawn_over(issued().plain, written("9", 150.8, 110.4, 5)), {"11A"}),
    "a number beside the block": (lambda: drawn_over(issued().plain, written("x10", 139, 125, 5)), {"7-12"}),
    "a word between blocks": (lambda: drawn_over(issued().plain, written("and eggs", 30, 105.4, 6)), {"7-12"}),
    "white over, written anew": (
        lambda: drawn_over(issued().plain, white(146, 107, 20, 4) + written("=== 9 === no.", 145, 110)), {"11A"}
    ),
    "a line added": (
        lambda: drawn_over(issued().plain, written("Ovis ammon", 16, 131) + written("=== 3 === no.", 146, 131)),
        {"7-8B", "11B"},
    ),
    "a taxon changed": (
        lambda: drawn_over(issued().plain, white(14.9, 106.8, 40, 4.5) + written("Falco rusticolus", 15, 110)), {"7-8A"}
    ),
    "a day changed": (
        lambda: drawn_over(issued().plain, white(164, 14.4, 35, 6.4) + written("23 May 2029", 164, 19, 12)), {"2"}
    ),
    "a country changed": (
        lambda: drawn_over(issued().plain, white(45, 52, 58, 6) + written("Saudi Arabia \\(SA\\)", 45, 56)), {"3a"}
    ),
    "a source changed": (
        lambda: drawn_over(issued().plain, white(125, 106.7, 18, 4.6) + written("II W", 125, 110)), {"10A"}
    ),
    "a purpose changed": (
        lambda: drawn_over(issued().plain, white(11, 88.9, 53, 4.8) + written("S Scientific", 11, 92)), {"5a"}
    ),
    "a mark changed": (
        lambda: drawn_over(issued().plain, white(71, 110.5, 50, 4.6) + written("closed ring KG-0118", 71, 113, 7)),
        {"9mA"},
    ),
    "an address changed, which only the record knows": (
        lambda: drawn_over(issued().plain, white(11, 42.8, 90, 8) + written("PO Box 1, Dubai", 11, 46, 7)),
        {"3-address"},
    ),
    "letters in another order": (
        lambda: drawn_over(issued().plain, white(107, 12.4, 36, 6) + written("26KG000132/E", 107, 17, 13)), {"1"}
    ),
    "erased": (lambda: drawn_over(issued().plain, white(146, 107, 20, 4)), {"11A"}),
    "a picture over it": (
        lambda: drawn_over(
            issued().plain, "q 40 0 0 12 420 530 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q".replace("\xff", "x")
        ),
        {"11A"},
    ),
    "digits drawn as shapes": (
        lambda: drawn_over(issued().plain, "0 g " + box(170, 108, 0.8, 3) + " f " + box(168, 108, 2, 0.8) + " f"),
        {"11A"},
    ),
    "digits drawn as strokes": (
        lambda: drawn_over(issued().plain, "1 w 482 535 m 482 527 l S 478 531 m 482 535 l S"), {"11A"}
    ),
    "struck out": (lambda: drawn_over(issued().plain, "6 w 1 G 415 536 m 470 536 l S"), {"11A"}),
    "a shading": (
        lambda: edited(issued().plain, shading), {"11A"}
    ),
}  # fmt: skip


def shading(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    function = Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 1, 1], C1=[1, 1, 1], N=1)
    page.Resources.Shading = Dictionary(
        S=Dictionary(
            ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 1, 1], Function=function, Extend=[True, True]
        )
    )
    page.contents_add(f"q {box(146, 107, 20, 4)} W n /S sh Q".encode())


@pytest.mark.parametrize("name", ALTERED)
def test_altered_text_is_named_in_f5(name: str) -> None:
    make, blocks = ALTERED[name]
    said = judged(make())
    assert said["D1"] == "unsealed"
    assert blocks <= said.get("F5", set())  # type: ignore[operator]


def spoken_for(text: str, words: str, x: float, y: float) -> str:
    """Letters with a different /ActualText, which PDFium would return instead."""
    return f" /Span <</ActualText ({words})>> BDC {written(text, x, y)} EMC "


SPOKEN_FOR: dict[str, tuple[str, set[str]]] = {
    "in a block": (spoken_for("9", " ", 170, 110), {"11A"}),
    "in an empty block": (spoken_for("Op. 7", " ", 146, 124), {"12bA"}),
    "between blocks": (spoken_for("x10", "*", 139, 125), {"7-12"}),
}


@pytest.mark.parametrize("name", SPOKEN_FOR)
def test_actual_text_does_not_hide_other_letters(name: str) -> None:
    operators, blocks = SPOKEN_FOR[name]
    assert blocks <= judged(drawn_over(issued("two").plain, operators), "two")["F5"]  # type: ignore[operator]
    plain = operators.replace("/Span <</ActualText", "/Span <</Other")
    assert blocks & set(found(drawn_over(issued("two").plain, plain)).overlaid) <= {"7-12"}


INVISIBLE = {
    "invisible mode": written("2", 170, 112, more="3 Tr"),
    "white letters": written("2", 170, 112, more="1 1 1 rg"),
    "tiny letters": written("2", 170, 112, 0.6),
}


@pytest.mark.parametrize("name", INVISIBLE)
def test_invisible_text_is_not_compared(name: str) -> None:
    assert judged(drawn_over(issued().plain, INVISIBLE[name])) == {"D1": "unsealed"}


@pytest.mark.parametrize("name", INVISIBLE)
def test_invisible_text_does_not_hide_an_erasure(name: str) -> None:
    more = {"invisible mode": "3 Tr", "white letters": "1 1 1 rg", "tiny letters": ""}[name]
    size = 0.6 if name == "tiny letters" else 9
    data = drawn_over(issued("two").plain, white(146, 107, 20, 4) + written("=== 1 === no.", 146, 110, size, more))
    assert "11A" in judged(data, "two")["F5"]  # type: ignore[operator]


def annotation(**fields: object) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(
            b"0 g 0 0 40 12 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 40, 12])
        )
        made = Dictionary(Type=Name.Annot, F=4, AP=Dictionary(N=stream), **fields)
        pdf.pages[0].Annots = pdf.make_indirect(Array([pdf.make_indirect(made)]))

    return change


BOX = Array([420, 528, 470, 540])
ANNOTATIONS = {
    "free text": annotation(Subtype=Name.FreeText, Rect=BOX, Contents="=== 9 === no.", DA="/Helv 9 Tf 0 g"),
    "stamp": annotation(Subtype=Name.Stamp, Rect=BOX),
    "field": annotation(Subtype=Name.Widget, Rect=BOX, FT=Name.Tx, T="q", V="=== 9 === no."),
    "redaction": annotation(Subtype=Name.Redact, Rect=BOX),
    "link with a face": annotation(Subtype=Name.Link, Rect=BOX),
}


@pytest.mark.parametrize("name", ANNOTATIONS)
def test_annotation_over_a_block_is_named_in_f5(name: str) -> None:
    assert judged(edited(issued().plain, ANNOTATIONS[name])) == {"D1": "unsealed", "F5": {"11A"}}


def test_annotation_in_block_14_gives_no_f5() -> None:
    data = edited(issued().plain, annotation(Subtype=Name.Stamp, Rect=Array([320, 50, 400, 120])))
    assert judged(data) == {"D1": "unsealed"}


def test_page_with_another_permits_code_is_compared_with_that_permit() -> None:
    other = issue("E", LINES[1:2], serial=1)

    def joined(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(BytesIO(other.plain)) as more:
            pdf.pages.extend(more.pages)

    findings = found(edited(issued().plain, joined))
    assert findings.codes == issued().codes + other.codes  # the verdict adds D3
    assert [result.code for result in compare_with_signed(findings, issued().permits, trust_list())] == ["D1"]
    assert [result.code for result in compare_with_signed(findings, other.permits, trust_list())] == ["D1"]


def test_page_with_the_code_of_another_permit_gives_f5() -> None:
    """The text of the page is not the text that the other, genuine code signed."""
    other = issue("E", LINES[1:2], serial=1)
    crop = pictured(other.plain, 300)
    unit = 300 / 25.4
    crop = crop.crop(tuple(int(v * unit) for v in (149, 192, 201, 244)))
    out = BytesIO()
    crop.save(out, "JPEG", quality=90)

    def change(pdf: pikepdf.Pdf) -> None:
        image = pdf.make_stream(
            out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=crop.width, Height=crop.height,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.DCTDecode,
        )  # fmt: skip
        page = pdf.pages[0]
        page.Resources.XObject.New = image
        left, bottom = 149 * 72 / 25.4, (297 - 244) * 72 / 25.4
        page.contents_add(f"q {52 * 72 / 25.4} 0 0 {52 * 72 / 25.4} {left} {bottom} cm /New Do Q".encode())

    findings = found(edited(issued().plain, change))
    assert findings.codes == other.codes
    results = {result.code: result for result in compare_with_signed(findings, other.permits, trust_list())}
    assert {"1", "7-8A", "9A"} & {each["block"] for each in results["F5"].facts["differences"]}


def test_page_without_its_code_is_compared_with_the_most_similar_page() -> None:
    hidden = white(149, 192, 53, 52)
    assert judged(drawn_over(issued("nine").plain, hidden), "nine")["D1"] == "unsealed"
    said = judged(drawn_over(issued("nine").plain, hidden + written("7", 170, 112)), "nine")
    assert said["F5"] == {"11A"}


# --- seals -----------------------------------------------------------------------------------------------------------


def added_to(data: bytes, operators: bytes | None = None) -> bytes:
    """Add an incremental update after the seal, and every sealed byte stays in its place."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    if operators is not None:
        from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject

        stream = writer.add_object(StreamObject(stream_data=operators))
        writer.add_stream_to_page(0, stream, resources=DictionaryObject())
    else:
        writer.root[pdf_name("/Lang")] = pdf_name("/en")
        writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_invisible_update_after_the_seal_gives_d1_added_to_only() -> None:
    data = added_to(issued().sealed)
    findings = found(data)
    assert (findings.seals[0].intact, findings.seals[0].whole_file, findings.revisions) == (True, False, 2)
    assert judged(data) == {"D1": "added-to"}


def test_update_that_paints_over_the_sealed_page_gives_f5() -> None:
    painted = added_to(issued().sealed, b"q 1 1 1 rg 415 525 60 12 re f Q")
    assert judged(painted) == {"D1": "added-to", "F5": {"11A"}}


def test_bytes_after_the_seal_give_d1_added_to() -> None:
    assert judged(issued().sealed + b"\n")["D1"] == "added-to"


def test_seal_by_another_key_is_foreign() -> None:
    assert judged(sealed(issued().plain, OTHER_KEY)) == {"D1": "foreign-seal"}


def test_other_key_with_the_issuers_certificate_is_a_broken_seal() -> None:
    assert judged(sealed(issued().plain, OTHER_KEY, PDF_CERTIFICATE)) == {"D1": "broken-seal"}


def twice_sealed() -> bytes:
    """A file with two approval signatures, one over the other."""
    from asn1crypto import x509
    from pyhanko.sign.fields import SigFieldSpec
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    from chalicelib.issuing.print.seal import _port_signer

    made = x509.Certificate.load(certificate(OTHER_KEY))
    store = SimpleCertificateStore()
    store.register(made)
    data = issued().plain
    for name in ("Exporter", "Agent"):
        metadata = PdfSignatureMetadata(field_name=name, md_algorithm="sha256")
        pen = PdfSigner(metadata, signer=_port_signer(OTHER_KEY, made, store), new_field_spec=SigFieldSpec(name))
        data = pen.sign_pdf(IncrementalPdfFileWriter(BytesIO(data)), bytes_reserved=6144).getvalue()
    return data


def test_second_seal_gives_d1_several_seals() -> None:
    data = twice_sealed()
    assert len(found(data).seals) == 2
    assert judged(data) == {"D1": "several-seals"}


def test_changed_byte_breaks_the_seal() -> None:
    data = bytearray(issued().sealed)
    for place in (data.index(b"/Producer"), data.index(b"endstream") - 9, data.index(b"/ByteRange") - 30):
        spoilt = bytearray(data)
        spoilt[place + 2] ^= 1
        findings = read(bytes(spoilt), "application/pdf")
        assert findings.trouble is not None or not findings.seals[0].intact


def test_byte_range_with_gap_wider_than_the_signature_is_refused() -> None:
    """Such a byte range leaves room beside the signature, because pyHanko alone only adds up the lengths."""
    from chalicelib.reading.seals import _contiguous

    head, content, tail = b"%PDF", b"<3003020101000000>", b"%%EOF"
    data = head + content + tail
    assert _contiguous(data, [0, 4, 22, 5]) == len(data)
    for wrong in ([0, 3, 22, 5], [0, 4, 23, 4], [1, 4, 22, 5], [0, 4, 22, 6], [0, 4, 22], [0, 22, 4, 5], [0, 0, 22, 5]):
        assert _contiguous(data, wrong) == 0
    assert _contiguous(data.replace(b"000000>", b"000001>"), [0, 4, 22, 5]) == 0  # a byte after the CMS


def test_picture_of_a_sealed_page_gives_d1_picture() -> None:
    assert isinstance(pictured(issued().sealed, 100), Image.Image)
    out = BytesIO()
    pictured(issued().sealed, 150).save(out, "PNG")
    findings = read(out.getvalue(), "image/png")
    results = compare_with_signed(findings, issued().permits, trust_list())
    assert [(result.code, result.facts["why"]) for result in results] == [("D1", "picture")]


def test_claimed_time_of_the_seal_is_read() -> None:
    assert found(issued().sealed).seals[0].signed_at == int(NOW.timestamp())
