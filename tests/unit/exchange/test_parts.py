"""The XML part of a SOAP response with attachments (MIME multipart)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.outside.epix import read
from chalicelib.exchange.epix.soap import NON_FINAL, root_part
from chalicelib.kernel.errors import Invalid

HUB = Path(__file__).with_name("epix-v2-response.xml").read_bytes()
KIND = 'multipart/related; type="application/xop+xml"; start="<root>"; boundary="b1"'


def whole(*parts: tuple[str, bytes]) -> bytes:
    return b"".join(b"--b1\r\n" + head.encode() + b"\r\n\r\n" + body + b"\r\n" for head, body in parts) + b"--b1--\r\n"


DEEP = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(1, 5000))
PDF = ("Content-Type: application/pdf\r\nContent-ID: <311886019166>", b"%PDF-1.7 \xff")
ROOT = ('Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"\r\nContent-ID: <root>', HUB)


def test_root_part_is_the_named_or_the_first_part() -> None:
    assert root_part(whole(PDF, ROOT), KIND) == HUB
    assert root_part(whole(ROOT, PDF), 'multipart/related; boundary="b1"') == HUB
    assert root_part(HUB, "text/xml") == HUB
    answer = read(whole(PDF, ROOT), KIND, NON_FINAL)
    assert answer.permit is not None
    assert answer.permit.number == "XA000000"
    assert answer.data == whole(PDF, ROOT)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (whole(PDF), KIND), (b"nothing", KIND), (whole(*[PDF] * 21), KIND), (HUB, "multipart/related"),
        (whole(ROOT), KIND + "\r\nX: y"), (DEEP, KIND),
    ],
    ids=["no XML", "no parts", "many", "no boundary", "a header in a header", "parts in parts"],
)  # fmt: skip
def test_response_without_root_part_is_malformed(data: bytes, kind: str) -> None:
    with pytest.raises(Invalid):
        root_part(data, kind)
    assert read(data, kind, NON_FINAL).fault == "malformed"


@settings(max_examples=60)
@given(
    st.binary(max_size=300),
    st.sampled_from([KIND, "multipart/related; boundary=x", "multipart/related; boundary*=x''y"]),
)
def test_arbitrary_bytes_raise_invalid_only(data: bytes, kind: str) -> None:
    with suppress(Invalid):
        root_part(b"--b1\r\nContent-Type: text/xml\r\n" + data, kind)
