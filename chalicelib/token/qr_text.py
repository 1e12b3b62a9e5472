"""Text of the QR code: `https://<host>/1#`, then the token as decimal digits (FORMAT.md 2).

    https://practice.tamga.kg/1#09223372036854775...

Every 7 bytes become 17 digits. The last 1..6 bytes become 3, 5, 8, 10, 13 or 15 digits. Leading zeros are kept. Every
camera, keyboard wedge and address bar passes digits on unchanged. Browsers do not send the part after `#`, so the
token does not get into a server's log.
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
    """Encode a token as the text of a QR code. `host`: in lower case."""
    return f"https://{host}/1#{encode_digits(token)}"


def encode_digits(token: bytes) -> str:
    """Encode a token as decimal digits."""
    groups = [token[i : i + 7] for i in range(0, len(token), 7)]
    return "".join(f"{int.from_bytes(group):0{WIDTHS[len(group)]}d}" for group in groups)


def split_segments(text: str) -> tuple[str, str]:
    """Split a text into its prefix (byte segment) and its digits (numeric segment).

    As a single byte segment the symbol would be nine versions larger.
    """
    at = text.index("#") + 1
    return text[:at], text[at:]


def host_of(text: str) -> str:
    """Return the host of a text in our form, in lower case.

    Raises `DecodeError` (T4) for another kind of code, or (T3) for a text that begins like ours and is too long.
    """
    if len(text) > TEXT_AT_MOST:
        raise DecodeError("T3" if LIKE_OURS.match(text[:300]) else "T4", 1, "The code is too long.")
    match = FORM.match(text)
    if match is None:
        raise DecodeError("T4", 1, "The text is not a code of a Tamga permit.")
    return match[1].lower()


def decode_qr(text: str) -> tuple[str, bytes]:
    """Decode a text to host and token. Strips nothing.

    Raises `DecodeError` (T4) for another kind of code, or (T3) for damaged digits or a text that is too long.
    """
    return host_of(text), token_of(text)


def token_of(text: str) -> bytes:
    """Return the token of a text that `host_of` accepted. Raises `DecodeError` (T3) for damaged digits."""
    number = text[text.index("#") + 1 :]
    if not number or not number.isascii() or not number.isdigit():
        raise _damaged("the part after # has other characters than digits")
    rest = len(number) % 17
    if rest and rest not in BYTES_OF:
        raise _damaged("the number of digits after # is not possible")
    whole = len(number) - rest
    try:
        token = b"".join([int(number[at : at + 17]).to_bytes(7) for at in range(0, whole, 17)])
        return token + (int(number[whole:]).to_bytes(BYTES_OF[rest]) if rest else b"")
    except OverflowError:
        raise _damaged("a group of digits is above its highest value") from None


def strip_keyboard_suffix(text: str) -> str:
    """Remove one CR, LF or blank at the end, which keyboard wedges add. For input of routes and commands only."""
    return text[:-1] if text[-1:] in {"\r", "\n", " "} else text


def _damaged(detail: str) -> DecodeError:
    return DecodeError("T3", 2, f"The code is damaged: {detail}.")
