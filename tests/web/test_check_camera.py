"""The public check reads our print by camera and as a file, and reports unreadable input."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium
import pytest
from browsing import Site, Watched, axe, outcome, pdf, shifts
from desk import issued
from filming import FRAME, SPOILT, TABLE, Film, beside, in_view, on_table, see, sheet
from late import Held
from PIL import Image
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
SIX_BIRDS = [{"scientific_name": "Falco cherrug", "common_name": "Saker", "description": f"bird {n}", "source": "C",
              "marks": f"ring KG-{n:04}", "term": "LIV", "quantity": "1", "origin": {"country": "KG"},
              "operation_or_acquisition": "A-KG-001"} for n in range(6)]  # fmt: skip


@pytest.mark.parametrize("spoilt", SPOILT)
def test_camera_reads_print(film: Film, spoilt: str) -> None:
    permit = issued()
    page = film(SPOILT[spoilt](in_view(sheet(permit))), "/1")
    page.get_by_role("button", name="Scan the square code").click()
    assert outcome(page) == "accept"
    expect(page.locator(".verdict")).to_contain_text(permit["number"])
    assert page.locator("video").count() == 0  # the camera is off
    assert shifts(page) == []


def test_camera_without_a_code_shows_advice(film: Film) -> None:
    page = film(Image.new("RGB", FRAME, TABLE), "/1")
    page.get_by_role("button", name="Scan the square code").click()
    expect(page.get_by_role("status")).to_contain_text("Hold the square code inside the frame.")
    expect(page.get_by_role("status")).to_contain_text("Nothing read yet: more light")
    assert axe(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check a CITES permit")
    assert page.locator("video").count() == 0


def test_second_page_by_camera_completes_the_permit(film: Film, site: Site) -> None:
    permit = issued(lines=SIX_BIRDS)
    page = film(in_view(sheet(permit, 1)), "/1")
    page.goto("about:blank")
    page.goto(site.link(permit["qr_pages"][0]))
    assert outcome(page) == "check"
    expect(page.locator("body")).not_to_contain_text("ring KG-0005")
    page.get_by_role("button", name="Scan the next page").click()
    page.locator("video").wait_for()
    assert outcome(page) == "accept"
    expect(page.locator("body")).to_contain_text("ring KG-0005")
    expect(page.locator("body")).to_contain_text("1, 2 of 2")


def test_second_page_by_photograph_completes_the_permit(site: Site, open_page: Open) -> None:
    """The outcome stays `check`: in photographs only the codes are confirmed (D1), even for all pages."""
    permit = issued(lines=SIX_BIRDS)
    page = open_page("/1")
    page.get_by_label("Send a PDF or a photo").set_input_files(_photograph(permit, 0))
    assert outcome(page) == "check"
    expect(page.locator("body")).to_contain_text("not seen yet: page 2")
    page.get_by_role("button", name="They are leaving").click()
    outcome(page)
    assert axe(page) == []
    page.get_by_label("Send a PDF or a photo").set_input_files(_photograph(permit, 1))
    expect(page.locator("body")).to_contain_text("1, 2 of 2")
    expect(page.locator("body")).to_contain_text("ring KG-0005")
    assert outcome(page) == "check"
    expect(page.locator("body")).to_contain_text("Only the code is confirmed")
    expect(page.get_by_label("Send a PDF or a photo")).to_have_count(0)
    expect(page.get_by_role("button", name="They are leaving")).to_have_attribute("aria-pressed", "true")


def test_late_script_of_camera_or_file_does_not_replace_newer_screen(site: Site, open_page: Open) -> None:
    permit = issued(lines=SIX_BIRDS)
    page = open_page("/1")
    camera = Held(page, "**/check/look.js")
    page.get_by_role("button", name="Scan the square code").click()
    camera.wait()
    file = page.locator("input[type=file]")
    file.set_input_files(_photograph(permit, 0))
    assert outcome(page) == "check"
    camera.let()
    expect(page.locator(".verdict")).to_be_visible()
    pages = Held(page, "**/check/pages.js")
    file.set_input_files(_photograph(permit, 1))
    pages.wait()
    expect(file).to_be_disabled()  # otherwise one of two files would be lost
    page.get_by_role("button", name="Check another").click()
    pages.let()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check a CITES permit")
    expect(page.locator(".verdict")).to_have_count(0)
    expect(file).to_be_enabled()


@pytest.mark.parametrize("kind", ["image/jpeg", "application/pdf"])
def test_next_file_without_a_code_replaces_verdict_with_cannot_tell(
    site: Site, open_page: Open, watched: Watched, kind: str
) -> None:
    watched.expected.append("422")
    page = open_page("/1")
    page.get_by_label("Send a PDF or a photo").set_input_files(_photograph(issued(lines=SIX_BIRDS), 0))
    outcome(page)
    page.get_by_label("Send a PDF or a photo").set_input_files({"name": "x", "mimeType": kind, "buffer": b"x"})
    expect(page.locator(".verdict")).to_have_attribute("data-outcome", "cannot_tell")


def test_single_pdf_page_asks_for_no_photograph(site: Site, open_page: Open) -> None:
    """The comparison of its printed text (F5) would be lost: a photograph confirms only the codes."""
    page = open_page("/1")
    one = pdfium.PdfDocument.new()
    one.import_pages(pdfium.PdfDocument(pdf(issued(lines=SIX_BIRDS))), [0])
    data = io.BytesIO()
    one.save(data)
    page.get_by_label("Send a PDF or a photo").set_input_files(
        {"name": "page.pdf", "mimeType": "application/pdf", "buffer": data.getvalue()}
    )
    outcome(page)
    expect(page.locator("body")).to_contain_text("not seen yet: page 2")
    expect(page.get_by_label("Send a PDF or a photo")).to_have_count(0)


def _photograph(permit: Any, number: int) -> dict[str, Any]:
    data = io.BytesIO()
    sheet(permit, number).save(data, "JPEG", quality=90)
    return {"name": f"page-{number + 1}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def test_two_permits_before_camera_give_no_verdict(film: Film) -> None:
    one, other = issued(), issued(lines=SIX_BIRDS)
    pages = other["qr_pages"]
    page = film(on_table(beside(one["qr"], pages[0])), "/1", then=on_table(beside(*pages)))
    page.get_by_role("button", name="Scan the square code").click()
    expect(page.get_by_role("status")).to_have_text("Several codes: show one permit at a time.")
    assert page.locator(".verdict").count() == 0
    assert axe(page) == []
    see(page)
    assert outcome(page) == "accept"  # the camera continued, and two pages of one permit count as one permit
    expect(page.locator(".verdict")).to_contain_text(other["number"])
    expect(page.locator("body")).to_contain_text("1, 2 of 2")


def test_missing_camera_shows_alternatives(open_page: Open) -> None:
    page = open_page("/1")  # this browser has no camera
    page.get_by_role("button", name="Scan the square code").click()
    expect(page.get_by_role("alert").filter(has_text="Take a photo or type the number")).to_be_visible()
    assert axe(page) == []


def test_missing_decoder_shows_alternatives(film: Film, watched: Watched) -> None:
    """The decoder failed to load: the camera shows a picture, but no code would ever be read."""
    watched.expected += ["wasm", "ERR_FAILED", "ArrayBuffer instantiation"]
    page = film(Image.new("RGB", FRAME, TABLE), "/1")
    page.route("**/*.wasm", lambda route: route.abort())
    page.get_by_role("button", name="Scan the square code").click()
    expect(page.get_by_role("status")).to_have_text("No code can be read here now. Take a photo or type the number.")


def test_photograph_over_4_mb_is_reduced_and_read(site: Site, open_page: Open) -> None:
    permit = issued()
    data = io.BytesIO()
    sheet(permit).save(data, "PNG", compress_level=0)
    assert len(data.getvalue()) > 4 * 1024 * 1024
    page = open_page("/1")
    with page.expect_request("**/v1/verify/document*") as sent:
        page.get_by_label("Send a PDF or a photo").set_input_files(
            {"name": "photo.png", "mimeType": "image/png", "buffer": data.getvalue()}
        )
    assert sent.value.headers["content-type"] == "image/jpeg"
    assert outcome(page) == "check"  # D1: only the code is confirmed
    expect(page.locator(".verdict")).to_contain_text(permit["number"])


HEIC = "HEIC pictures are not read here. Save the picture as JPEG and choose that."


@pytest.mark.parametrize(("name", "kind", "data", "told"), [
    ("waybill.txt", "text/plain", b"x", "This is no PDF and no picture that can be read."),
    ("IMG_1.HEIC", "image/heic", b"x" * 9, HEIC),
    ("IMG_1.HEIC", "", b"x" * 9, HEIC),
    ("broken.webp", "image/webp", b"x" * 9, "This is no PDF and no picture that can be read."),
    ("large.pdf", "application/pdf", b"%PDF-" + bytes(4 * 1024 * 1024), "The file is too large: at most 4 MB."),
])  # fmt: skip
def test_unsupported_file_is_refused_before_upload(
    open_page: Open, name: str, kind: str, data: bytes, told: str
) -> None:
    page = open_page("/1")
    page.get_by_label("Send a PDF or a photo").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    assert axe(page) == []


def test_picture_without_a_code_gives_cannot_tell(site: Site, open_page: Open, watched: Watched) -> None:
    watched.expected.append("422")
    data = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(data, "PNG")
    page = open_page("/1")
    page.get_by_label("Send a PDF or a photo").set_input_files(
        {"name": "white.png", "mimeType": "image/png", "buffer": data.getvalue()}
    )
    assert outcome(page) == "cannot_tell"
    assert axe(page) == []


def test_altered_pdf_shows_printed_text_beside_signed_data(site: Site, open_page: Open) -> None:
    """The printed text is struck out and never appears as a field of the permit."""
    permit = issued()
    page = open_page("/1")
    differs = {"block": "9 A", "signed": "2", "printed": "200"}

    def altered(route: Any) -> None:
        found = route.fetch().json()
        code = {"code": "F5", "check": 12, "text": "The page differs.", "differences": [differs]}
        route.fulfill(json={**found, "outcome": "hold", "codes": [code]})

    page.route("**/v1/verify/document*", altered)
    page.get_by_label("Send a PDF or a photo").set_input_files(
        {"name": "permit.pdf", "mimeType": "application/pdf", "buffer": pdf(permit)}
    )
    assert outcome(page) == "hold"
    row = page.get_by_role("row").filter(has_text="9 A")
    assert row.locator("th, td").all_inner_texts() == ["9 A", "2", "200"]
    expect(row.locator("del")).to_have_text("200")
    assert axe(page) == []
