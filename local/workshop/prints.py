"""Changes to a paper before it is laid out: photocopied, patched by hand, another code glued over its own.

Each function takes the service's PDF and the permit, and returns a PDF. A changed page becomes a picture, like a scan
of a manipulated paper.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.issuing.print import qr_image
from chalicelib.issuing.print.typeset import sans
from chalicelib.reading.form_layout import load
from chalicelib.token import cose
from chalicelib.token.claims import encode_claims
from chalicelib.token.qr_text import encode_qr, host_of
from chalicelib.verdict.token_checks import read_own

DPI = 200
MM = DPI / 25.4  # pixels
PAPER = "white"
HEAD = (32.5, 7.4, 104.0, 10.9)  # mm; the rectangle in which the form names its country


@dataclass(frozen=True, slots=True)
class Foreign:
    """Another Party. `number`: number here -> the number that this Party would give the permit."""

    code: str
    name: str
    capital: str
    number: Callable[[str], str]


UZBEK = Foreign("UZ", "Uzbekistan", "Tashkent", lambda number: number.replace("KG", "UZ"))
KAZAKH = Foreign("KZ", "Kazakhstan", "Astana", lambda number: "KZ-04417")


def original(pdf: bytes, permit: Any) -> bytes:
    return pdf


def photocopy(pdf: bytes, permit: Any) -> bytes:
    """Grey, slightly rotated and darker, so coloured guilloche and ink are lost."""
    return _bound(
        [page.convert("L").rotate(0.6, fillcolor=255).point(lambda v: max(0, v - 12)) for page in _pages(pdf)]
    )


def patched(texts: Mapping[str, str]) -> Callable[[bytes, Any], bytes]:
    """Cover blocks with other text. `texts`: block of the template -> the new text."""

    def done(pdf: bytes, permit: Any) -> bytes:
        pages = _pages(pdf)
        for block, text in texts.items():
            box = load().boxes[block]
            _cover(pages[0], (box.x, box.y, box.x + box.w, box.y + box.h), text, box.size)
        return _bound(pages)

    return done


def recoded(change: Callable[[str], str]) -> Callable[[bytes, Any], bytes]:
    """Cover the page's QR code with another one."""

    def done(pdf: bytes, permit: Any) -> bytes:
        pages = _pages(pdf)
        _code_over(pages[0], change(permit["qr"]))
        return _bound(pages)

    return done


def one_digit_changed(text: str) -> str:
    at = len(text) - 40
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def at_another_address(text: str) -> str:
    """Replace the host by one that nobody can own (RFC 2606), because the paper may get lost."""
    host = host_of(text)
    return text.replace(host, host.replace(".", "-") + ".example", 1)


def of_another_country(pdf: bytes, permit: Any) -> bytes:
    """Another Party's permit with a signed code, as it may look in future. The signing key is known to no verifier."""
    number = UZBEK.number(permit["number"])
    pages = _pages(pdf)
    _foreign(pages[0], UZBEK, number)
    own = read_own(permit["qr"])
    signer = FileSigner.generate()
    foreign = replace(
        own, issuer="UZ", number=number, status_uri="https://tamga.example/s/1", cti=secrets.token_bytes(16)
    )
    protected, payload = cose.encode_protected(signer.kid), encode_claims(foreign)
    raw = cose.raw_signature(signer.sign_digest(sha256(cose.to_be_signed(protected, payload)).digest()))
    _code_over(pages[0], encode_qr("tamga.example", cose.encode_sign1(protected, payload, raw)))
    return _bound(pages)


def without_a_code(pdf: bytes, permit: Any) -> bytes:
    """Another Party's permit without a code, as most countries print it today."""
    pages = _pages(pdf)
    _foreign(pages[0], KAZAKH, KAZAKH.number(permit["number"]))
    _cover(pages[0], _code_box(), "", 8)
    return _bound(pages)


def without_the_last_page(pdf: bytes, permit: Any) -> bytes:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as read:
        whole = len(permit["qr_pages"])
        del read.pages[whole - 1]
        out = io.BytesIO()
        read.save(out)
        return out.getvalue()


def _foreign(page: Image.Image, country: Foreign, number: str) -> None:
    """Replace everything on the form that names its country."""
    authority = f"CITES Management Authority of {country.name}\n(practice)\n\n{country.capital}\n{country.name}"
    said = {
        "1": number, "number": number, "foot": f"CITES PERMIT / CERTIFICATE No. {number}", "6": authority,
        "4": "Falcon Centre (practice)", "4-address": country.capital, "4-country": f"{country.name} ({country.code})",
        "12A": f"{country.name} ({country.code})", "11aA": "", "13-place": country.capital,
        "13-name": "A. Practice, Head of Department", "check": "", "address": "",
    }  # fmt: skip
    for block, text in said.items():
        box = load().boxes[block]
        _cover(page, (box.x, box.y, box.x + box.w, box.y + box.h), text, box.size)
    _cover(page, HEAD, f"REPUBLIC OF {country.name.upper()}", 6)


def _cover(page: Image.Image, corners: tuple[float, float, float, float], text: str, size: float) -> None:
    """Cover a rectangle (mm) with white, and write the text on it (size in points)."""
    left, top, right, bottom = (each * MM for each in corners)
    pen = ImageDraw.Draw(page)
    pen.rectangle((left - 2, top - 2, right + 2, bottom + 2), fill=PAPER)
    pen.multiline_text(
        (left + 2, top + 2), text, fill="black", font=ImageFont.truetype(sans().face.filename, size * DPI / 72)
    )


def _code_over(page: Image.Image, text: str) -> None:
    left, top, right, _ = (each * MM for each in _code_box())
    rows = qr_image.modules(text)
    size = qr_image.module_size(len(rows), load().layout["qr"]["box"]) * MM
    middle = ((left + right) / 2, top + (right - left) / 2)
    _cover(page, _code_box(), "", 8)
    pen = ImageDraw.Draw(page)
    for y, row in enumerate(rows):
        for x, black in enumerate(row):
            if black:
                at = (middle[0] + (x - len(rows) / 2) * size, middle[1] + (y - len(rows) / 2) * size)
                pen.rectangle((at[0], at[1], at[0] + size, at[1] + size), fill="black")


def _code_box() -> tuple[float, float, float, float]:
    """Rectangle of the QR code, in mm."""
    qr = load().layout["qr"]
    return qr["x"], qr["y"], qr["x"] + qr["box"], qr["y"] + qr["box"]


def _pages(pdf: bytes) -> list[Image.Image]:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]


def _bound(pages: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], quality=80)
    return out.getvalue()
