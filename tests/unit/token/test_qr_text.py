"""Text of the QR code (token/qr_text.py): damaged codes of ours (T3) and codes of other systems (T4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import DecodeError
from chalicelib.token import qr_text

HOST = "practice.tamga.kg"
PREFIX = f"https://{HOST}/1#"


def refused(text: str) -> str:
    with pytest.raises(DecodeError) as caught:
        qr_text.decode_qr(text)
    assert not text or text[:40] not in caught.value.detail  # the input is never echoed
    code = caught.value.code
    assert caught.value.check == {"T3": 2, "T4": 1}[code] or len(text) > qr_text.TEXT_AT_MOST
    return code


@pytest.mark.parametrize(
    ("token", "digits"),
    [
        (b"\x00", "000"),
        (b"\xff", "255"),
        (b"\x00\x01", "00001"),
        (b"\xff" * 2, "65535"),
        (b"\xff" * 3, "16777215"),
        (b"\xff" * 4, "4294967295"),
        (b"\xff" * 5, "1099511627775"),
        (b"\xff" * 6, "281474976710655"),
        (b"\xff" * 7, "72057594037927935"),
        (b"\x00" * 7, "0" * 17),
        (b"\x00" * 8, "0" * 20),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08", "00283686952306183" + "008"),
    ],
)
def test_examples_of_digits(token: bytes, digits: str) -> None:
    assert qr_text.encode_digits(token) == digits
    assert qr_text.encode_qr(HOST, token) == PREFIX + digits
    assert qr_text.decode_qr(PREFIX + digits) == (HOST, token)
    assert qr_text.split_segments(PREFIX + digits) == (PREFIX, digits)


@given(st.binary(min_size=1, max_size=2048))
def test_any_token_roundtrip(token: bytes) -> None:
    text = qr_text.encode_qr(HOST, token)
    assert len(text) <= qr_text.TEXT_AT_MOST
    assert qr_text.decode_qr(text) == (HOST, token)


def test_host_is_compared_in_lower_case() -> None:
    assert qr_text.decode_qr("https://Practice.TAMGA.kg/1#007") == (HOST, b"\x07")
    assert qr_text.host_of("https://Practice.TAMGA.kg/1#anything") == HOST


@pytest.mark.parametrize(
    ("why", "digits"),
    [
        ("none", ""),
        ("group of one", "1"),
        ("group of two", "12"),
        ("group of four", "1234"),
        ("group of six", "123456"),
        ("group of seven", "1234567"),
        ("group of nine", "123456789"),
        ("group of eleven", "1" * 11),
        ("group of twelve", "1" * 12),
        ("group of fourteen", "1" * 14),
        ("group of sixteen", "1" * 16),
        ("one digit cut off", "0" * 17 + "00"[:1]),
        ("256 in one byte", "256"),
        ("999", "999"),
        ("65536 in two bytes", "65536"),
        ("2^56 in seven bytes", "72057594037927936"),
        ("2^56 in the middle", "72057594037927936" + "0" * 17),
        ("letter", "00a"),
        ("letter in a long row", "0" * 16 + "x" + "000"),
        ("sign", "+07"),
        ("minus", "-07"),
        ("underscore", "0_7"),
        ("blank before", " 07"),
        ("blank after", "007 "),
        ("newline after", "007\n"),
        ("carriage return after", "007\r"),
        ("two newlines", "007\r\n"),
        ("Arabic-Indic", "\u0660\u0660\u0667"),
        ("Persian", "\u06f0\u06f0\u06f7"),
        ("full width", "\uff10\uff10\uff17"),
        ("superscript", "00\u00b2"),
        ("zero byte", "00\x00"),
        ("second fragment", "007#007"),
    ],
)
def test_broken_digits_return_t3(why: str, digits: str) -> None:
    assert refused(PREFIX + digits) == "T3"


def test_too_long_text_is_refused_before_conversion() -> None:
    digits = "0" * (17 * 294 + 3)
    prefix = f"https://{'a' * (qr_text.TEXT_AT_MOST - len(digits) - len('https:///1#'))}/1#"
    assert len(prefix + digits) == qr_text.TEXT_AT_MOST
    assert len(qr_text.decode_qr(prefix + digits)[1]) == 2059
    assert refused(prefix + digits + "00") == "T3"
    assert refused(PREFIX + "0" * qr_text.TEXT_AT_MOST) == "T3"
    assert refused(PREFIX + "1" * 10_000_000) == "T3"
    assert refused("9" * 10_000_000) == "T4"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "007",
        " " + PREFIX + "007",
        "\n" + PREFIX + "007",
        "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA",  # an EU health certificate
        "shc:/56762909524320603460292437404460312229595326546034602925",  # a SMART Health Card
        "https://example.org/",
        "https://practice.tamga.kg/",
        "https://practice.tamga.kg/1",
        "https://practice.tamga.kg/2#007",
        "https://practice.tamga.kg/1/#007",
        "https://practice.tamga.kg/1?a=b#007",
        "https://practice.tamga.kg//1#007",
        "https://practice.tamga.kg:443/1#007",
        "https://officer@practice.tamga.kg/1#007",
        "https://practice.tamga.kg@evil.example/1#007",
        "https://evil.example/practice.tamga.kg/1#007",
        "https://practice.tamga.kg\\@evil.example/1#007",
        "https:///1#007",
        "https://practice.tamga.kg /1#007",
        "https://пractice.tamga.kg/1#007",  # Cyrillic
        "https://practice.tamga\u3002kg/1#007",
        "https://practice.tamga.K\u212aG/1#007",  # the Kelvin sign becomes k in lower case
        "http://practice.tamga.kg/1#007",
        "HTTPS://PRACTICE.TAMGA.KG/1#007",
        "https://[::1]/1#007",
        "https://" + "a" * 254 + "/1#007",
    ],
)
def test_other_kind_of_code_returns_t4(text: str) -> None:
    assert refused(text) == "T4"
    with pytest.raises(DecodeError):
        qr_text.host_of(text)


@pytest.mark.parametrize(
    ("text", "stripped"),
    [("007\r", "007"), ("007\n", "007"), ("007 ", "007"), ("007", "007"), ("007\r\n", "007\r"), ("", "")],
)
def test_edge_strip_removes_one_character(text: str, stripped: str) -> None:
    assert qr_text.strip_keyboard_suffix(text) == stripped


def outcome(text: str) -> tuple[str, bytes] | str:
    """Return host and token, or the code of the refusal."""
    try:
        return qr_text.decode_qr(text)
    except DecodeError as error:
        return error.code


@given(st.text(max_size=60), st.sampled_from(["", PREFIX, "https://", "https://a.b/1#"]))
def test_garbage_raises_decode_error_only(text: str, start: str) -> None:
    found = outcome(start + text)
    assert found in {"T3", "T4"} or outcome(qr_text.encode_qr(*found)) == found


@given(st.binary(min_size=1, max_size=40), st.data())
def test_changed_digit_is_refused_or_another_token(token: bytes, data: st.DataObject) -> None:
    """Each token has one row of digits."""
    digits = list(qr_text.encode_digits(token))
    at = data.draw(st.integers(0, len(digits) - 1))
    digits[at] = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[at]]))
    found = outcome(PREFIX + "".join(digits))
    assert found == "T3" or found[1] != token
