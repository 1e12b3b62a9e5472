"""Reader of the signatures (seals) in a PDF: the key, the bytes that it covers, the changes that it allows.

Nothing is trusted here. pyHanko computes digest and signature. No certificate chain is built and nothing is fetched. A
seal belongs to the issuer because its fingerprint is in the Party's trust list (verdict/file_checks.py), not because of
a certification authority.

A seal is `whole_file` under three conditions:

1 its byte range is [0 a b c], with the end of the file at b + c
2 the gap has one hexadecimal string, with only zeros after the CMS in it
3 pyHanko too finds that it covers the entire file
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from chalicelib.reading.limits import SEALS, Refused
from chalicelib.verdict.file_findings import Seal

HEX = frozenset(b"0123456789abcdefABCDEF")

UNREADABLE = Seal(intact=False, whole_file=False, fingerprint="", public_key="", certified=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The seals of a file.

    `revisions` counts revisions from the first seal on (1 if nothing was added after it), or of the whole file without
    a seal. `signed_bytes`: bytes that the seal covers if it is the only one and intact, else 0.
    """

    seals: tuple[Seal, ...] = ()
    revisions: int = 1
    signed_bytes: int = 0


def read_seals(data: bytes) -> Sealed:
    """Read every filled signature field, also unreadable ones. Raises `Refused` if there are too many."""
    if b"/ByteRange" not in data:  # a signature has its range in clear text, because it is filled in after writing
        return Sealed(revisions=max(1, data.count(b"startxref")))
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    try:
        reader = PdfFileReader(BytesIO(data))
        fields = list(enumerate_sig_fields(reader, filled_status=True))
        total = reader.xrefs.total_revisions
    except Exception:  # a parser of hostile bytes may raise anything
        return Sealed((UNREADABLE,), max(1, data.count(b"startxref")))
    if len(fields) > SEALS:
        raise Refused("too-large")
    if not fields:
        return Sealed(revisions=max(1, total))
    read = [_seal(reader, field, name, data) for name, _, field in fields]
    first = min(revision for _, _, revision in read)
    covered = [end for seal, end, _ in read if seal.intact]
    return Sealed(
        tuple(seal for seal, _, _ in read),
        max(1, total - first),
        covered[0] if len(read) == 1 and covered else 0,
    )


def _seal(reader: Any, field: Any, name: str, data: bytes) -> tuple[Seal, int, int]:
    """The seal, the end of the bytes that it covers, and the revision (from 0) in which it was made."""
    from pyhanko.sign.general import byte_range_digest
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    try:
        found: Any = EmbeddedPdfSignature(reader, field, name)
        found.compute_integrity_info(skip_diff=True)
        certificate = found.signer_cert
        ours = found.sig_object_type == "/Sig" and found.md_algorithm == "sha256"
        end = _contiguous(data, [int(number) for number in found.byte_range])
        _, digest = byte_range_digest(BytesIO(data), found.byte_range, "sha256")
        same, valid = validate_sig_integrity(found.signer_info, certificate, "data", digest)
        at = found.self_reported_timestamp
        seal = Seal(
            intact=bool(ours and same and valid and end),
            whole_file=end == len(data) and found.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            fingerprint=sha256(certificate.dump()).hexdigest(),
            public_key=certificate.public_key.dump().hex(),
            certified=_certified(reader, found),
            signed_at=max(0, int(at.timestamp())) if at is not None else 0,
        )
        return seal, end, int(found.signed_revision)
    except Exception:  # as above; an unreadable seal is reported and proves nothing
        return UNREADABLE, 0, 0


def _contiguous(data: bytes, byte_range: list[int]) -> int:
    """End of the covered bytes if the only gap in them is the signature itself, else 0."""
    if len(byte_range) != 4:
        return 0
    start, before, after, rest = byte_range
    gap = data[before:after]
    end = after + rest
    if start != 0 or not 0 < before < after <= end <= len(data) or rest <= 0:
        return 0
    if gap[:1] != b"<" or gap[-1:] != b">" or not HEX.issuperset(gap[1:-1]) or len(gap) % 2:
        return 0
    content = bytes.fromhex(gap[1:-1].decode("ascii"))
    return end if not content[_der_length(content) :].strip(b"\0") else 0


def _der_length(content: bytes) -> int:
    """Octets of the DER value at the start, header included (X.690 8.1.3), or all octets if the length is unclear."""
    if len(content) < 2 or content[1] < 0x80:
        return len(content) if len(content) < 2 else 2 + content[1]
    count = content[1] & 0x7F
    return 2 + count + int.from_bytes(content[2 : 2 + count]) if count else 0


def _certified(reader: Any, found: Any) -> bool:
    """True if the catalogue names this signature as the author's, with no change allowed (ISO 32000-1, 12.8.2.2)."""
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation.pdf_embedded import read_certification_data

    certification = read_certification_data(reader)
    return (
        certification is not None
        and certification.permission == MDPPerm.NO_CHANGES
        and certification.author_sig == found.sig_object
        and found.docmdp_level == MDPPerm.NO_CHANGES
    )
