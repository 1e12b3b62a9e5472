"""Fully issued permit for tests of files: real token, print, seal, trust list, and ways to alter its PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from print_samples import HOST, ISSUED_AT, LINES, sheet

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.issuing.print.permit_pdf import render
from chalicelib.issuing.print.seal import seal, self_issued_certificate
from chalicelib.record.permit import Permit
from chalicelib.token import cose
from chalicelib.token.check_code import check_code
from chalicelib.token.claims import encode_claims
from chalicelib.token.qr_text import encode_qr
from chalicelib.trust.model.trust_list import Host, TrustKey, TrustList

NOW = datetime.fromtimestamp(ISSUED_AT + 60, UTC)
PERMIT_KEY, PDF_KEY, OTHER_KEY = FileSigner.generate(), FileSigner.generate(), FileSigner.generate()


def certificate(key: FileSigner) -> bytes:
    return self_issued_certificate(
        key, name="Ministry", country="KG", not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=99),
        serial=7,
    )  # fmt: skip


PDF_CERTIFICATE = certificate(PDF_KEY)


@dataclass(frozen=True, slots=True)
class Issued:
    permits: tuple[Permit, ...]
    codes: tuple[str, ...]
    plain: bytes  # before sealing
    sealed: bytes


def issue(kind: str = "E", lines: Sequence[Any] = LINES[:1], serial: int = 0, **options: Any) -> Issued:
    drawn = sheet(kind, lines, **options)
    digest = sha256(drawn.record_json.encode()).digest()[:16]
    permits = tuple(
        replace(permit, record_digest=digest, cti=bytes([serial, index]) * 8)
        for index, permit in enumerate(drawn.permits)
    )
    codes = tuple(encode_qr(HOST, _token(permit)) for permit in permits)
    drawn = replace(drawn, permits=permits, qr_texts=codes, check_code=check_code(permits[0].cti))
    plain = render(drawn)
    return Issued(permits, codes, plain, sealed(plain))


def sealed(plain: bytes, key: FileSigner = PDF_KEY, signed_by: bytes | None = None, now: datetime = NOW) -> bytes:
    made = signed_by or (PDF_CERTIFICATE if key is PDF_KEY else certificate(key))
    return seal(plain, key, made, now=now, location="Bishkek")


def trust_list(**changes: Any) -> TrustList:
    """One Party's trust list with one permit key and one pdf key; `changes` apply to the pdf key."""
    day = ISSUED_AT - 86_400
    pdf = TrustKey(PDF_KEY.kid, PDF_KEY.public_key, "pdf", (), day, fingerprint=sha256(PDF_CERTIFICATE).digest())
    permit = TrustKey(PERMIT_KEY.kid, PERMIT_KEY.public_key, "permit", ("E",), day)
    return TrustList(
        "KG", ISSUED_AT, day, ISSUED_AT + 60 * 86_400, "Asia/Bishkek", (Host(HOST, day),), f"https://{HOST}/s/",
        (permit, replace(pdf, **changes)), b"",
    )  # fmt: skip


def _token(permit: Permit) -> bytes:
    protected, payload = cose.encode_protected(PERMIT_KEY.kid), encode_claims(permit)
    der = PERMIT_KEY.sign_digest(sha256(cose.to_be_signed(protected, payload)).digest())
    return cose.encode_sign1(protected, payload, cose.raw_signature(der))


def edited(data: bytes, change: Callable[[pikepdf.Pdf], None], **options: Any) -> bytes:
    """The file as a PDF editor would save it."""
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, **options)
    return out.getvalue()


def drawn_over(data: bytes, operators: str, page: int = 0) -> bytes:
    """The file with more content at the end of a page. /F1 is Helvetica."""

    def change(pdf: pikepdf.Pdf) -> None:
        target = pdf.pages[page]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        target.Resources.Font.FX = pdf.make_indirect(font)
        target.contents_add(f"q\n{operators}\nQ".encode("latin-1"))

    return edited(data, change)


def at(x: float, y: float) -> tuple[float, float]:
    """Points from the bottom left of millimetres from the top left."""
    return x * 72 / 25.4, (297 - y) * 72 / 25.4


def written(text: str, x: float, y: float, size: float = 9, more: str = "") -> str:
    """Operators that write a text with its baseline at x, y (mm from the top left)."""
    left, bottom = at(x, y)
    return f" BT {more} /FX {size} Tf {left:.2f} {bottom:.2f} Td ({text}) Tj ET "


def box(x: float, y: float, w: float, h: float) -> str:
    left, bottom = at(x, y + h)
    return f"{left:.2f} {bottom:.2f} {w * 72 / 25.4:.2f} {h * 72 / 25.4:.2f} re"


def pictured(data: bytes, dpi: int, page: int = 0) -> Any:
    """A page as a grey picture."""
    return pdfium.PdfDocument(data)[page].render(scale=dpi / 72, grayscale=True).to_pil()
