"""The text in the QR code: `https://<host>/1#` and the token as decimal digits (FORMAT.md 2).

    https://practice.tamga.kg/1#09223372036854775...

Every 7 bytes become 17 digits, the last k = 1..6 bytes 3, 5, 8, 10, 13, 15; leading zeros are kept. Digits survive
every camera, keyboard wedge and address bar; the fragment never reaches a server's log.
"""

from __future__ import annotations

import re

from chalicelib.kernel.errors import DecodeError

WIDTHS = (0, 3, 5, 8, 10, 13, 15, 17)  # digits for 0..7 bytes

BYTES_OF = {width: count for count, width in enumerate(WIDTHS) if width}

TEXT_AT_MOST = 5038  # characters

FORM = re.compile(r"https://([A-Za-z0-9.-]{1,253})/1#", re.ASCII)

LIKE_OURS = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^/]*/1#")


def encode_qr(host: str, token: bytes) -> str:
    """The text of a code; `host` in lower case."""
    return f"https://{host}/1#{digits(token)}"


def digits(token: bytes) -> str:
    """The token as decimal digits."""
    groups = [token[i : i + 7] for i in range(0, len(token), 7)]
    return "".join(f"{int.from_bytes(group):0{WIDTHS[len(group)]}d}" for group in groups)


def segments(text: str) -> tuple[str, str]:
    """Prefix (a byte segment) and digits (a numeric one); one string would grow the symbol by nine versions."""
    at = text.index("#") + 1
    return text[:at], text[at:]


def host_of(text: str) -> str:
    """The host of a text in our form, lower-case; raises `DecodeError`: T4 another kind of code, T3 too long."""
    if len(text) > TEXT_AT_MOST:
        raise DecodeError("T3" if LIKE_OURS.match(text[:300]) else "T4", 1, "The code is too long.")
    match = FORM.match(text)
    if match is None:
        raise DecodeError("T4", 1, "This is another kind of code.")
    return match[1].lower()


def decode_qr(text: str) -> tuple[str, bytes]:
    """Host and token; the core strips nothing. Raises `DecodeError`: T4 another kind of code, T3 damaged digits."""
    return host_of(text), token_of(text)


def token_of(text: str) -> bytes:
    """The token of a text whose host is known already; raises `DecodeError` T3."""
    number = text[text.index("#") + 1 :]
    if not number or not number.isascii() or not number.isdigit():
        raise _damaged("not a row of digits")
    rest = len(number) % 17
    if rest and rest not in BYTES_OF:
        raise _damaged("digits are missing")
    whole = len(number) - rest
    try:
        token = b"".join([int(number[at : at + 17]).to_bytes(7) for at in range(0, whole, 17)])
        return token + (int(number[whole:]).to_bytes(BYTES_OF[rest]) if rest else b"")
    except OverflowError:
        raise _damaged("a group too large") from None


def edge_strip(text: str) -> str:
    """Without one trailing CR, LF or blank, which keyboard wedges add; for edges only."""
    return text[:-1] if text[-1:] in {"\r", "\n", " "} else text


def _damaged(detail: str) -> DecodeError:
    return DecodeError("T3", 2, f"The code is damaged: {detail}.")
