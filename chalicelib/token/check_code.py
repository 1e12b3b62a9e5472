"""Check code: eight characters printed beside the number (FORMAT.md 1).

A person who types it together with the number has seen the page.
"""

from __future__ import annotations

from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32

LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})

PREFIX = b"tamga-check-v1"

TYPED_AT_MOST = 40


def check_code(cti: bytes) -> str:
    """Return the check code `XXXX-XXXX`: the first 40 bits of SHA-256("tamga-check-v1" || cti of page 1)."""
    bits = int.from_bytes(sha256(PREFIX + cti).digest()[:5])
    letters = "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def normal_check_code(typed: str) -> str | None:
    """Normalize a typed check code to its printed form, or return None if it is not a check code.

    Case, hyphens and blanks do not matter. O is read as 0, and I and L are read as 1.
    """
    if len(typed) > TYPED_AT_MOST or not typed.isascii():
        return None
    letters = typed.upper().replace("-", "").replace(" ", "").translate(LOOK_ALIKES)
    if len(letters) != 8 or any(letter not in ALPHABET for letter in letters):
        return None
    return f"{letters[:4]}-{letters[4:]}"
