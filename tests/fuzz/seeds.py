"""Seeds of the fuzzers: the vectors, requests from the documents, our own prints and pictures of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from fuzz.targets import own
from issued_files import drawn_over, issue, pictured, written
from print_samples import LINES, sheet
from vectors import craft, read

from chalicelib.exchange.epix.soap import (
    CONFIRM,
    NON_FINAL,
    STATE,
    Answer,
    Question,
    write_answer,
    write_fault,
    write_question,
)
from chalicelib.reading.pictures import find_codes
from chalicelib.record.permit import to_record


def seeds(target: str) -> Iterator[bytes]:
    """A few dozen inputs of a target, genuine ones among them."""
    yield from {
        "qr": texts, "cbor": messages, "token": messages, "lists": signed_lists, "json": requests, "pdf": files,
        "image": pictures, "xml": exchanged,
    }[target]()  # fmt: skip


def texts() -> Iterator[bytes]:
    yield craft.text().encode()
    for vector in read.vectors("texts"):
        yield vector["input"]["text"].encode("utf-8", "surrogatepass")


def messages() -> Iterator[bytes]:
    yield craft.token()
    yield craft.payload()
    for name, field in (("cbor", "cbor"), ("cose", "token"), ("claims", "payload")):
        for vector in read.vectors(name):
            found = vector["input"].get(field)
            if found is not None:
                yield bytes.fromhex(found)


def signed_lists() -> Iterator[bytes]:
    yield craft.trust_list()
    yield craft.cbor(craft.list_claims())
    yield craft.status_list({4711: 3})
    yield craft.cbor(craft.status_claims({4711: 3}))
    yield craft.cbor([craft.trust_list()])
    for vector in read.vectors("trust_lists"):
        yield bytes.fromhex(vector["input"]["list"])


def exchanged() -> Iterator[bytes]:
    yield (Path(__file__).parents[1] / "unit" / "exchange" / "epix-v2-response.xml").read_bytes()
    for operation in (NON_FINAL, CONFIRM, STATE):
        asked = Question(operation, number="26KG000001/E", token="AB12-CD34", country="KG")
        yield write_question(asked)
        yield write_answer(asked, Answer(operation, text="OK"))
    yield write_fault(None, "1")


def requests() -> Iterator[bytes]:
    application = to_record(sheet("E", LINES[:2]).application)
    bodies = [
        application, {"qr": craft.text()}, {"qr": craft.text(), "other_pages": [craft.text()], "direction": "export"},
        {"kind": "legal_acquisition", "result": "positive", "text": "seen"}, {"digest": "0" * 64},
        {"reason": "false papers", "for_cause": True}, {"reason": "lost", "kind": "stolen"},
        {"event_id": "00000000-0000-4000-8000-000000000001", "qr": craft.text(), "post": "manas-airport",
         "direction": "export", "endorsed_at": "2027-01-15T08:00:00Z", "lines": [{"line": "A", "quantity": "1"}],
         "transport_document": "AWB 1", "kind": "endorsement"},
        {"event_id": "00000000-0000-4000-8000-000000000001", "qr": craft.text(), "post": "manas-airport",
         "scanned_at": "2027-01-15T08:00:00Z", "direction": "export", "goods_present": True, "kind": "scan"},
        {"device_id": "d-1", "events": [], "signature": "AA"}, {"public_key": "AA==", "post": "osh", "kind": "phone"},
    ]  # fmt: skip
    for body in bodies:
        yield json.dumps(body, ensure_ascii=False).encode()
    yield b'{"a":1e999,"b":[-0,1.5],"c":"\\ud83d\\ude00"}'


def files() -> Iterator[bytes]:
    yield own().sealed
    yield own().plain
    yield issue("E", LINES[:2]).sealed
    yield drawn_over(own().plain, written("9", 170, 112))


def pictures() -> Iterator[bytes]:
    page = pictured(own().plain, 110)
    code = page.crop((int(page.width * 0.7), int(page.height * 0.63), page.width, int(page.height * 0.84)))
    assert find_codes(code, hard=True)
    for picture in (code, code.convert("RGB"), code.convert("P"), code.convert("1"), page):
        for kind in ("PNG", "JPEG"):
            if kind == "PNG" or picture.mode in {"L", "RGB"}:
                out = BytesIO()
                picture.save(out, kind)
                yield out.getvalue()
