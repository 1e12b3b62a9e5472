"""Preview before issue: the same blocks as the later print, and nothing that could pass for a permit."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
import zxingcpp
from desk import approved, draft, issued, ok, saker, submitted
from http_client import Answer, call, get
from office import MemoryOffice

from chalicelib.adapters.in_process.memory import MemoryReader
from chalicelib.issuing.print.sheet import ISSUED
from chalicelib.kernel.errors import Unavailable
from chalicelib.reading.form_layout import MM, load
from chalicelib.reading.read_document import read

PDF = "application/pdf"
OF_ITS_OWN = ISSUED | {"1", "copy", "foot", "14"}  # blocks that a preview leaves empty or fills with its own words


def preview(permit: str, token: str = "approver", accept: str = PDF) -> Answer:
    return get(f"/v1/permits/{permit}/preview", token=token, ACCEPT=accept)


def texts(data: bytes) -> list[dict[str, str]]:
    """Return each page's blocks with their text, cut out by their boxes."""
    height, found = load().layout["page"]["height"], []
    for page in pdfium.PdfDocument(data):
        text = page.get_textpage()
        found.append({
            name: "".join(text.get_text_bounded(
                box.x * MM, (height - box.y - box.h) * MM, (box.x + box.w) * MM, (height - box.y) * MM
            ).split())
            for name, box in load().boxes.items()
        })  # fmt: skip
    return found


def whole_text(data: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data))


def test_preview_shows_same_blocks_as_later_print(office: MemoryOffice) -> None:
    line = saker()["lines"][0]
    made = approved(lines=[{**line, "marks": f"ring KG-{n:04}, hood {'x' * 40}"} for n in range(9)])
    seen = texts(preview(made["id"]).body)
    ok(call("POST", f"/v1/permits/{made['id']}/issue", token="approver"))
    later = texts(get(f"/v1/permits/{made['id']}/pdf", token="approver", ACCEPT=PDF).body)
    assert len(seen) == len(later) > 2
    for mine, its in zip(seen, later, strict=True):
        assert {n: t for n, t in mine.items() if n not in OF_ITS_OWN} == {
            n: t for n, t in its.items() if n not in OF_ITS_OWN
        }


def test_preview_has_no_number_code_host_or_signature(office: MemoryOffice) -> None:
    office.reader = MemoryReader(read)
    made = approved(stamp_number="KG 0001")
    answer = preview(made["id"])
    assert answer.headers["content-type"] == PDF
    text = whole_text(answer.body)
    assert "NOT A PERMIT" in text
    assert not re.search(r"\d{2}KG\d{6}", text)
    assert not re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert office.stage.host not in text
    assert "Bakyt Approver" not in text
    (page,) = texts(answer.body)
    assert page["1"] == "PREVIEW"
    assert "PREVIEW" in page["copy"]
    assert not any(page[name] for name in ISSUED)
    with pikepdf.open(io.BytesIO(answer.body)) as pdf:
        assert not pdf.attachments
        assert "/AcroForm" not in pdf.Root
    for scale in (100 / 72, 300 / 72):
        picture = pdfium.PdfDocument(answer.body)[0].render(scale=scale).to_pil()
        assert zxingcpp.read_barcodes(picture) == []
    verdict = ok(call("POST", "/v1/verify/document", data=answer.body, content_type=PDF))
    assert verdict["outcome"] in {"cannot_tell", "hold"}
    assert verdict["permit"] is None


def test_preview_has_strong_red_mark_across_page(office: MemoryOffice) -> None:
    """Prints have a pale mark or none. Only a preview has the strong red one."""
    image = pdfium.PdfDocument(preview(submitted()["id"]).body)[0].render(scale=1).to_pil()
    red = sum(1 for r, g, b in image.get_flattened_data() if r > 200 and g < 170 and b < 170)
    assert red > 0.03 * image.width * image.height


def test_preview_uses_no_key_and_stores_nothing(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    made = submitted()
    before = get(f"/v1/permits/{made['id']}/history", token="approver").json

    def refuse(*_: Any) -> Any:
        raise Unavailable("no key here")

    monkeypatch.setattr(office, "signer", refuse)
    monkeypatch.setattr(office, "printer", None)
    assert preview(made["id"]).status == 200
    assert get(f"/v1/permits/{made['id']}/history", token="approver").json == before
    assert list(office.blobs.keys("prints/")) == []


def test_preview_of_incomplete_draft_returns_missing_fields(office: MemoryOffice) -> None:
    whole, bare = draft(), draft(valid_until=None, importer={"name": "Al Dhafra Falcons"})
    assert preview(whole, "preparer").status == 200
    answer = preview(bare, "preparer")
    assert answer.slug == "invalid"
    assert {e["field"] for e in answer.json["errors"]} == {"valid_until", "importer.address", "importer.country"}


def test_preview_is_offered_before_issue_only(office: MemoryOffice) -> None:
    made = approved()
    assert "preview" in get(f"/v1/permits/{made['id']}", token="approver").json["steps"]
    assert "preview" not in get(f"/v1/permits/{made['id']}", token="scientist").json["steps"]
    done = issued()
    assert preview(done["id"]).slug == "wrong-state"
    assert "preview" not in get(f"/v1/permits/{done['id']}", token="approver").json["steps"]


def test_preview_as_json_or_of_unknown_permit_is_refused(office: MemoryOffice) -> None:
    made = submitted()
    assert preview(made["id"], accept="application/json").slug == "not-acceptable"
    assert preview("01ARZ3NDEKTSV4RRFFQ69G5FAV").slug == "no-match"


@pytest.mark.parametrize("kind", ["OT", "OS", "R", "I"])
def test_every_sheet_of_preview_is_marked_not_a_permit(office: MemoryOffice, kind: str) -> None:
    """Continuation sheets too, because a document for many crossings has one."""
    changes: dict[str, Any] = {"document_type": kind, "special_conditions": "A condition that goes on. " * 60}
    if kind == "OS":
        changes["ata_carnet"] = "KG 12/2026"
    if kind == "I":
        changes |= {"exporter": saker()["importer"], "importer": saker()["exporter"]}
    answer = preview(draft(**changes), "preparer")
    assert answer.status == 200, answer.body
    for page in pdfium.PdfDocument(answer.body):
        text = page.get_textpage().get_text_range()
        assert "NOT A PERMIT" in text
        assert "Issued" not in text
