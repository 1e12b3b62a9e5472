"""What is attached to the PDF and what its metadata says."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from print_samples import LINES, sheet

from chalicelib.documents.archive import srgb
from chalicelib.documents.permit_pdf import render

ONE = sheet("E", LINES)


def test_record_and_tokens_are_attached_whole() -> None:
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


def test_archive_metadata_is_there_and_agrees_with_itself() -> None:
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
                assert "/FontFile2" in font.FontDescriptor  # nothing that is not embedded


def test_the_colour_profile_is_one_that_a_reader_opens() -> None:
    from PIL import ImageCms

    assert "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(srgb())))
