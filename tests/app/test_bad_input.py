"""Malformed input: a typed problem or a verdict that is never green, and never a 5xx.

Fields of an unverified permit appear in no response and in no log line.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
import qrcode
from desk import draft, issued, ok, saker
from http_client import Answer, call, get, post
from office import MemoryOffice
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from chalicelib.adapters.in_process.memory import MemoryReader
from chalicelib.composition import container
from chalicelib.reading.read_document import read

NAMES = ("Altyn Falcon", "Al Dhafra", "Falco cherrug", "KG-0117", "26KG000001")

TEXTS = {
    "nothing much": "hello",
    "an EU DCC": "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4.OI1RM8ZA.A5:S9MKN4NN3",
    "a SMART Health Card": "shc:/567629095243206034602924374044603122295953265460346029254077280433602870",
    "a plain address": "https://example.org/1",
    "a look-alike host": "https://practice.tarnga.kg/1#" + "00000000000000017" * 9,
    "a host with a port": "https://practice.tamga.kg:8443/1#" + "0" * 34,
    "a user before the host": "https://practice.tamga.kg@evil.example/1#" + "0" * 34,
    "upper case": "HTTPS://PRACTICE.TAMGA.KG/1#" + "0" * 34,
    "no digits": "https://practice.tamga.kg/1#",
    "Arabic-Indic digits": "https://practice.tamga.kg/1#" + "\u0661" * 34,
    "full-width digits": "https://practice.tamga.kg/1#" + "\uff11" * 34,
    "a group too large": "https://practice.tamga.kg/1#" + "9" * 34,
    "a wrong remainder": "https://practice.tamga.kg/1#" + "0" * 35,
    "a million digits": "https://practice.tamga.kg/1#" + "1" * 20_000,
    "a control character": "https://practice.tamga.kg/1#1\u0000",
    "markup": "<script>alert(1)</script>",
    "a format string": "{permit} %s ${jndi:ldap://x}",
}


@pytest.fixture
def office(office: MemoryOffice) -> MemoryOffice:
    office.reader = MemoryReader(read)
    return office


@pytest.fixture(autouse=True)
def log_lines() -> Iterator[list[str]]:
    class Keep(logging.Handler):
        lines: list[str]

        def emit(self, record: logging.LogRecord) -> None:
            self.lines.append(record.getMessage())

    keep = Keep()
    keep.lines = []
    logging.getLogger("tamga").addHandler(keep)
    yield keep.lines
    logging.getLogger("tamga").removeHandler(keep)
    assert not any('"fault"' in line for line in keep.lines)


def not_green(answer: Answer) -> Any:
    found = ok(answer)
    assert found["outcome"] in {"cannot_tell", "hold"}
    assert found["permit"] is None
    assert found["register"] is None
    assert all(code["text"] for code in found["codes"])
    return found


def silent(answer: Answer, lines: list[str]) -> None:
    for name in NAMES:
        assert name not in answer.body.decode()
        assert not any(name in line for line in lines)


@pytest.mark.parametrize("why", TEXTS)
def test_text_that_is_no_permit_gives_cannot_tell_or_hold(office: MemoryOffice, why: str) -> None:
    not_green(post("/v1/verify", {"qr": TEXTS[why]}))
    body = {"event_id": "4fd4a5f6-0f7e-4c44-9c3c-111111111111", "qr": TEXTS[why], "post": "manas-airport",
            "scanned_at": "2026-11-25T09:46:40Z", "direction": "export", "goods_present": True}  # fmt: skip
    not_green(post("/v1/scans", body, token="aizada"))


@pytest.mark.parametrize("other", TEXTS)
def test_text_that_is_no_permit_as_other_page_keeps_permit(office: MemoryOffice, other: str) -> None:
    """A text that is no permit code (T4) adds nothing. Another fault adds its code, and the permit is not green."""
    qr = issued()["qr"]
    alone = [each["code"] for each in ok(post("/v1/verify", {"qr": TEXTS[other]}))["codes"]]
    found = ok(post("/v1/verify", {"qr": qr, "other_pages": [TEXTS[other]]}))
    assert found["permit"]["number"] == "26KG000001/E"
    assert (found["outcome"], [each["code"] for each in found["codes"]]) == {
        "T4": ("accept", []), "T3": ("cannot_tell", ["T3"]), "F6": ("hold", ["F6"]),
    }[alone[0]]  # fmt: skip


def forgeries(qr: str) -> dict[str, str]:
    head, digits = qr.split("#")
    middle = len(digits) // 2
    swapped = str((int(digits[middle]) + 1) % 10)
    return {
        "truncated": qr[:-40],
        "cut to the remainder": qr[:-17],
        "a digit changed": f"{head}#{digits[:middle]}{swapped}{digits[middle + 1 :]}",
        "the last digit changed": f"{qr[:-1]}{(int(qr[-1]) + 1) % 10}",
        "another host": qr.replace("practice.tamga.kg", "permits.example.org"),
        "doubled": qr + digits,
    }


@pytest.mark.parametrize("why", forgeries("https://practice.tamga.kg/1#" + "1" * 100))
def test_forged_code_exposes_no_claimed_field(office: MemoryOffice, log_lines: list[str], why: str) -> None:
    qr = issued()["qr"]
    genuine = post("/v1/verify", {"qr": qr}).body.decode()
    assert all(name in genuine for name in NAMES)
    log_lines.clear()
    answer = post("/v1/verify", {"qr": forgeries(qr)[why]})
    not_green(answer)
    silent(answer, log_lines)


def test_permit_signed_with_unlisted_key_is_f2_and_exposes_no_field(office: MemoryOffice, log_lines: list[str]) -> None:
    forger = MemoryOffice()
    forger.people, forger.register = office.people, office.register
    container.replace_deps(forger)
    qr = issued()["qr"]
    container.replace_deps(office)
    log_lines.clear()
    answer = post("/v1/verify", {"qr": qr})
    assert [code["code"] for code in not_green(answer)["codes"]] == ["F2"]
    silent(answer, log_lines)
    event = {"event_id": "4fd4a5f6-0f7e-4c44-9c3c-111111111111", "qr": qr, "post": "manas-airport",
             "direction": "export", "endorsed_at": "2026-11-25T09:46:40Z", "transport_document": "AWB",
             "lines": [{"line": "A", "quantity": "2"}]}  # fmt: skip
    answer = post("/v1/endorsements", event, token="aizada")
    assert (answer.status, answer.slug, answer.json["codes"]) == (422, "not-genuine", ["F2"])
    silent(answer, log_lines)


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def pdf_of(**options: Any) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.drawString(72, 720, "a page")
    canvas.save()
    if not options:
        return made.getvalue()
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.getvalue())) as pdf:
        pdf.save(locked, **options)
    return locked.getvalue()


FILES = {
    "10^9 pixels": (png_of(40_000, 25_000), "image/png", "too_large"),
    "a broken PNG": (b"\x89PNG\r\n\x1a\n" + b"\xff" * 100, "image/png", "broken"),
    "a broken JPEG": (b"\xff\xd8\xff" + b"\x00" * 100, "image/jpeg", "broken"),
    "a broken PDF": (b"%PDF-1.7\n" + b"garbage " * 50, "application/pdf", "broken"),
    "an encrypted PDF": (pdf_of(encryption=pikepdf.Encryption(user="u", owner="o")), "application/pdf", "encrypted"),
    "a PDF called PNG": (pdf_of(), "image/png", "unsupported"),
    "an executable called PDF": (b"MZ\x90\x00", "application/pdf", "unsupported"),
    "an empty file": (b"", "application/pdf", "unsupported"),
}


@pytest.mark.parametrize("why", FILES)
def test_unreadable_file_is_refused_with_reason(office: MemoryOffice, why: str) -> None:
    data, kind, code = FILES[why]
    answer = post("/v1/verify/document", data=data, content_type=kind)
    if not data:  # without a body the client sends no content type
        assert (answer.status, answer.slug) == (415, "unsupported-media-type")
        return
    assert (answer.status, answer.slug) == (422, "invalid")
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [("body", code)]


@pytest.mark.parametrize(
    "kind", ["text/html", "image/gif", "image/svg+xml", "application/octet-stream", "multipart/form-data"]
)
def test_file_of_unsupported_type_returns_415(office: MemoryOffice, kind: str) -> None:
    answer = post("/v1/verify/document", data=b"GIF89a", content_type=kind)
    assert (answer.status, answer.slug) == (415, "unsupported-media-type")


def picture(*texts: str) -> bytes:
    codes = [qrcode.make(text, box_size=4, border=6).get_image().convert("L") for text in texts]
    sheet = Image.new("L", (sum(code.width for code in codes), max(code.height for code in codes)), 255)
    left = 0
    for code in codes:
        sheet.paste(code, (left, 0))
        left += code.width
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def verify_picture(*texts: str) -> Any:
    return ok(post("/v1/verify/document", data=picture(*texts), content_type="image/png"))


def test_picture_of_genuine_code_gives_check_with_d1(office: MemoryOffice) -> None:
    found = verify_picture(issued()["qr"])
    assert found["outcome"] == "check"
    assert "D1" in [code["code"] for code in found["codes"]]
    assert found["document"] == {"kind": "image", "pages": 1, "codes": 1}


def test_picture_without_code_gives_t4(office: MemoryOffice) -> None:
    out = io.BytesIO()
    Image.new("L", (400, 300), 255).save(out, "PNG")
    found = not_green(post("/v1/verify/document", data=out.getvalue(), content_type="image/png"))
    assert [code["code"] for code in found["codes"]] == ["T4"]
    assert found["document"]["codes"] == 0


def test_file_with_several_codes_gets_gravest_outcome(office: MemoryOffice) -> None:
    one, other = issued()["qr"], issued()["qr"]
    assert "D3" in [code["code"] for code in verify_picture(one, other)["codes"]]
    assert verify_picture(one, "AWB 176-12345675")["outcome"] == "check"
    head, digits = one.split("#")
    forged = f"{head}#{digits[:200]}{(int(digits[200]) + 1) % 10}{digits[201:]}"
    assert verify_picture(one, forged)["outcome"] == "hold"


LINE = saker()["lines"][0]
APPLICATIONS = {
    "an unknown kind": ({"document_type": "Z"}, "document_type"),
    "an unknown purpose": ({"purpose": "?"}, "purpose"),
    "an unknown country": ({"exporter": {"country": "XQ"}}, "exporter.country"),
    "a day that does not exist": ({"valid_until": "2027-02-30"}, "valid_until"),
    "a day in another spelling": ({"valid_until": "31.03.2027"}, "valid_until"),
    "quantity 1e9": ({"lines": [{**LINE, "quantity": "1e9"}]}, "lines[0].quantity"),
    "quantity 0": ({"lines": [{**LINE, "quantity": "0"}]}, "lines[0].quantity"),
    "quantity -1": ({"lines": [{**LINE, "quantity": "-1"}]}, "lines[0].quantity"),
    "quantity 02": ({"lines": [{**LINE, "quantity": "02"}]}, "lines[0].quantity"),
    "quantity in other digits": ({"lines": [{**LINE, "quantity": "\u0662"}]}, "lines[0].quantity"),
    "a quantity that is a number": ({"lines": [{**LINE, "quantity": 2}]}, "lines[0].quantity"),
    "an unknown unit": ({"lines": [{**LINE, "unit": "BOX"}]}, "lines[0].unit"),
    "an unknown source": ({"lines": [{**LINE, "source": "Q"}]}, "lines[0].source"),
    "an unknown Appendix": ({"lines": [{**LINE, "appendix": "IV"}]}, "lines[0].appendix"),
    "an Appendix that is true": ({"lines": [{**LINE, "appendix": True}]}, "lines[0].appendix"),
    "bidi in a name": ({"importer": {"name": "Abu \u202eDhabi", "country": "AE"}}, "importer.name"),
    "a zero-width space": ({"importer": {"name": "Abu\u200bDhabi"}}, "importer.name"),
    "a control character": ({"importer": {"name": "Abu\u0007"}}, "importer.name"),
    "a newline": ({"special_conditions": "a\nb"}, "special_conditions"),
    "Cyrillic in block 4": ({"exporter": {"name": "Алтын шумкар", "country": "KG"}}, "exporter.name"),
    "a Cyrillic letter among Latin ones": ({"importer": {"name": "Abu Dh\u0430bi"}}, "importer.name"),
    "Cyrillic in block 9": ({"lines": [{**LINE, "marks": "кольцо 1"}]}, "lines[0].marks"),
    "200 lines": ({"lines": [LINE] * 200}, "lines"),
    "an unknown field": ({"sex": "f"}, "sex"),
    "an unknown field of a line": ({"lines": [{**LINE, "id": 1}]}, "lines[0].id"),
    "lines that are no list": ({"lines": {"a": 1}}, "lines"),
    "a party that is a text": ({"exporter": "Altyn"}, "exporter"),
    "a very long text": ({"special_conditions": "x" * 2001}, "special_conditions"),
    "an unknown form": ({"form": "papyrus"}, "form"),
}


@pytest.mark.parametrize("why", APPLICATIONS)
def test_malformed_application_returns_422_and_changes_nothing(office: MemoryOffice, why: str) -> None:
    changes, field = APPLICATIONS[why]
    answer = post("/v1/permits", saker(**changes), token="applicant")
    assert (answer.status, answer.slug) == (422, "invalid")
    assert field in [error["field"] for error in answer.json["errors"]]
    permit = draft("applicant")
    before = ok(get(f"/v1/permits/{permit}", token="applicant"))
    assert call("PUT", f"/v1/permits/{permit}", saker(**changes), token="applicant").status == 422
    assert ok(get(f"/v1/permits/{permit}", token="applicant")) == before


def test_all_faults_of_application_are_returned_at_once(office: MemoryOffice) -> None:
    body = {"document_type": "Z", "valid_until": "never", "lines": [{"quantity": "1e9"}, {"unit": "BOX"}]}
    answer = post("/v1/permits", body, token="applicant")
    fields = {error["field"] for error in answer.json["errors"]}
    assert {"document_type", "valid_until", "lines[0].quantity", "lines[1].unit"} <= fields


@pytest.mark.parametrize("permit_id", ["none", "..", "a" * 81, "%00", "<b>", "01J\u00e9", "a b"])
def test_unknown_or_malformed_permit_id_returns_404(office: MemoryOffice, permit_id: str) -> None:
    for token in ("preparer", "applicant"):
        answer = get(f"/v1/permits/{permit_id}", token=token)
        assert (answer.status, answer.slug) == (404, "no-match")


@pytest.mark.parametrize("cursor", ["x", "%%%", "eyJhIjoxfQ", "A" * 500])
def test_forged_cursor_returns_422(office: MemoryOffice, cursor: str) -> None:
    answer = get("/v1/permits", token="preparer", query={"cursor": cursor})
    assert (answer.status, answer.slug) == (422, "invalid")


@pytest.mark.parametrize("changes", [
    {"event_id": "1"}, {"event_id": "4FD4A5F6-0F7E-4C44-9C3C-111111111111"}, {"post": "nowhere"}, {"direction": "up"},
    {"direction": "none"}, {"endorsed_at": "2026-11-25"}, {"endorsed_at": "2026-13-25T09:46:40Z"}, {"endorsed_at": 1},
    {"endorsed_at": "2026-11-25T09:46:40+06:00"}, {"endorsed_at": "2020-01-01T00:00:00Z"}, {"lines": []},
    {"lines": [{"line": "B", "quantity": "1"}]}, {"lines": [{"line": "A", "quantity": "1e0"}]},
    {"lines": [{"line": "A", "quantity": "1.5"}]}, {"lines": [{"line": "A", "quantity": "2"}] * 2},
    {"lines": [{"line": "A", "quantity": "3"}]}, {"lines": [{"line": "A", "quantity": "0"}]},
    {"lines": [{"line": "A", "quantity": "2", "dead_on_arrival": "3"}]}, {"transport_document": "a\u202eb"},
    {"qr": None}, {"recorded": "maybe"}, {"number": "26KG000001/E", "code": "AAAA-AAAA", "qr": None},
], ids=str)  # fmt: skip
def test_malformed_endorsement_is_refused_and_uses_nothing(office: MemoryOffice, changes: dict[str, Any]) -> None:
    permit = issued()
    body = {"event_id": "4fd4a5f6-0f7e-4c44-9c3c-222222222222", "qr": permit["qr"], "post": "manas-airport",
            "direction": "export", "endorsed_at": "2026-11-25T09:46:40Z", "transport_document": "AWB",
            "lines": [{"line": "A", "quantity": "2"}], **changes}  # fmt: skip
    answer = post("/v1/endorsements", {k: v for k, v in body.items() if v is not None}, token="aizada")
    assert answer.slug in {"invalid", "quantity-exceeded", "no-match"}
    assert ok(get(f"/v1/permits/{permit['id']}", token="preparer"))["use"] == "unused"


def test_thousand_unknown_fields_return_at_most_100_errors(office: MemoryOffice) -> None:
    answer = post("/v1/verify", {f"name{i}": 1 for i in range(1000)})
    assert (answer.status, answer.slug, len(answer.json["errors"])) == (422, "invalid", 100)


def test_heic_photograph_is_refused_with_advice_to_save_as_jpeg(office: MemoryOffice) -> None:
    heic = b"\0\0\0\x18ftypheic" + bytes(64)
    answer = post("/v1/verify/document", data=heic, content_type="image/heic")
    assert (answer.status, answer.slug) == (415, "unsupported-media-type")
    assert "Save it as JPEG" in answer.json["detail"]
    answer = post("/v1/verify/document", data=heic, content_type="image/jpeg")
    assert (answer.status, answer.json["errors"][0]["code"]) == (422, "heic")
    assert "Save it as JPEG" in answer.json["errors"][0]["detail"]
