"""Sizes of the QR code: ours and other formats of the same permit, for one, two and four lines."""

from __future__ import annotations

import rivals
from cryptography.hazmat.primitives.asymmetric import ec
from measure import Figure, Section
from office import MemoryOffice
from qrcode import constants
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER, QRData
from verifying import permit_of

from chalicelib.kernel.stage import Stage
from chalicelib.token import qr_text
from chalicelib.verdict.token_checks import read_own

LINES = (1, 2, 4)
BOX = 18  # the largest version that the form's box fits at 0.5 mm a module (FORMAT.md 1)


def answer() -> Section:
    office = MemoryOffice(Stage(host="tamga.kg", practice=False))
    key, kid = ec.generate_private_key(ec.SECP256R1()), b"12345678"
    found: dict[str, list[str]] = {}
    versions: dict[str, list[int]] = {}
    for lines in LINES:
        text = permit_of(lines, office).tokens[0]
        permit = read_own(text)
        prefix, digits = qr_text.split_segments(text)
        hc1, cwt = rivals.hcert(permit, "UTC", key, kid)
        shc, shc_digits = rivals.smart_health_card(permit, "UTC", key, kid)
        vc = rivals.jwt_vc(permit, "UTC", key, kid)
        for name, size, segments in (
            ("Tamga", len(qr_text.decode_qr(text)[1]), [(prefix, MODE_8BIT_BYTE), (digits, MODE_NUMBER)]),
            ("HCERT", len(cwt), [(hc1, MODE_ALPHA_NUM)]),
            ("SMART Health Card", len(shc), [("shc:/", MODE_8BIT_BYTE), (shc_digits, MODE_NUMBER)]),
            ("JWT-VC", len(vc), [(vc, MODE_8BIT_BYTE)]),
        ):
            made = version(segments)
            versions.setdefault(name, []).append(made)
            side = f"{17 + 4 * made} modules" if made else "none is large enough"
            found.setdefault(name, []).extend([f"{size:,}", f"{made or '-'}", side])
    columns = [f"{n} line{'s' * (n > 1)}: {what}" for n in LINES for what in ("bytes", "version", "side")]
    ours, others = versions["Tamga"], [versions[name] for name in ("HCERT", "SMART Health Card", "JWT-VC")]
    least = [min(version or 41 for version in column) for column in zip(*others, strict=True)]
    return Section(
        "Size of the code",
        "Live birds on one permit, signed with P-256, at error correction M, the segments that each form prescribes. "
        "Bytes are those of the signed token (of the text, where there is no other form). The others carry the same "
        "fields under readable names, as their specifications have them; ours are numbered claims.",
        ("form", *columns),
        [[name, *cells] for name, cells in found.items()],
        figures=[
            Figure(
                "QR version for 1, 2, 4 lines", "smaller than each of the three", ", ".join(map(str, ours)),
                all(mine < theirs for mine, theirs in zip(ours, least, strict=True)),
            ),
            Figure("fits the form's box", f"<= {BOX}", str(max(ours)), max(ours) <= BOX),
        ],
    )  # fmt: skip


def version(segments: list[tuple[str, int]]) -> int:
    """Return the smallest QR version at error correction M, 0 if there is none (ISO/IEC 18004)."""
    code = QRCode(error_correction=constants.ERROR_CORRECT_M)
    for text, mode in segments:
        code.add_data(QRData(text.encode(), mode=mode), optimize=0)
    try:
        return int(code.best_fit())
    except (DataOverflowError, ValueError):
        return 0
