"""Attachments and metadata of the PDF."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from issued_files import Issued, issue
from print_samples import LINES, sheet

from chalicelib.issuing.print.permit_pdf import render
from chalicelib.issuing.print.seal import srgb

PACKAGES = "qpdf, poppler-utils, mupdf-tools"
ONE = sheet("E", LINES)


def test_record_and_tokens_are_attached_unchanged() -> None:
    with pikepdf.open(BytesIO(render(ONE))) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        relations = {str(spec.obj.UF): str(spec.obj.AFRelationship) for spec in pdf.attachments.values()}
        linked = [str(spec.UF) for spec in pdf.Root.AF]
    assert files == {
        "record.json": ONE.record_json.encode(),
        "permit-1.txt": ONE.qr_texts[0].encode(),
        "permit-2.txt": ONE.qr_texts[1].encode(),
    }
    assert relations == {"record.json": "/Source", "permit-1.txt": "/Data", "permit-2.txt": "/Data"}
    assert linked == sorted(files)


def test_archive_metadata_is_complete_and_consistent() -> None:
    with pikepdf.open(BytesIO(render(ONE))) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261124000000+00'00'"
        with pdf.open_metadata() as xmp:
            assert xmp["pdfaid:part"] == "3"
            assert xmp["pdfaid:conformance"] == "B"
            assert xmp["dc:title"] == str(pdf.docinfo["/Title"]) == "Export permit 26KG000123/E"
            assert xmp["xmp:CreateDate"] == "2026-11-24T00:00:00+00:00"
        assert pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes() == srgb()
        assert str(pdf.Root.Lang) == "en"
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                assert "/FontFile2" in font.FontDescriptor  # all fonts are embedded


def test_colour_profile_can_be_opened() -> None:
    from PIL import ImageCms

    assert "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(srgb())))


# --- other programs --------------------------------------------------------------------------------------------------


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip when one of these programs is missing. Each is in a Debian package of `.ci/run`."""
    missing = [each for each in programs if shutil.which(each) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} is not here (Debian: {PACKAGES})")


@cache
def issued_once() -> Issued:
    return issue("E", LINES[:2])


@pytest.fixture(params=["plain", "sealed"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = tmp_path / "permit.pdf"
    made.write_bytes(getattr(issued_once(), request.param))
    return made


def run(*command: str | Path) -> bytes:
    """Return the output of the program, which must print no warning."""
    ended = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert ended.stderr == b""
    return ended.stdout


@needs("qpdf")
def test_qpdf_check_of_print_gives_no_warning(path: Path) -> None:
    assert b"No syntax or stream encoding errors found" in run("qpdf", "--check", path)


@needs("pdfdetach")
def test_pdfdetach_saves_every_attachment_unchanged(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    run("pdfdetach", "-saveall", "-o", folder, path)
    with pikepdf.open(path) as pdf:
        expected = {name: each.get_file().read_bytes() for name, each in pdf.attachments.items()}
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == expected
    assert set(expected) == {"record.json", "permit-1.txt"}
    assert expected["permit-1.txt"].decode() == issued_once().codes[0]


@needs("mutool")
def test_mutool_reads_every_attachment_unchanged(path: Path) -> None:
    with pikepdf.open(path) as pdf:
        expected = [pdf.attachments[str(each.UF)].get_file().read_bytes() for each in pdf.Root.AF]
    for number, content in enumerate(expected, 1):
        assert run("mutool", "show", "-b", path, f"trailer/Root/AF/{number}/EF/F") == content


def test_catalogue_has_the_pdf_version_of_the_archive_format(path: Path) -> None:
    """ISO 19005-3 is a profile of PDF 1.7, and a catalogue with version 2.0 contradicts `pdfaid:part` 3."""
    assert path.read_bytes().startswith(b"%PDF-1.7")
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.get("/Version", "/1.7")) == "/1.7"
        for extension in pdf.Root.get("/Extensions", {}).values():
            assert str(extension.BaseVersion) == "/1.7"
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "B")


def test_media_types_of_attachments_are_escaped_names(path: Path) -> None:
    with pikepdf.open(path) as pdf:
        types = {str(each.UF): str(each.EF.F.Subtype) for each in pdf.Root.AF}
    assert types == {"record.json": "/application/json", "permit-1.txt": "/text/plain"}
    assert b"/Subtype /text#2Fplain" in path.read_bytes()
