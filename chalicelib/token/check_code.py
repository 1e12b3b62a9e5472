"""The eight characters beside the number: they prove that who types the number has seen the page (FORMAT.md 1)."""

from __future__ import annotations

from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32

LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})

PREFIX = b"tamga-check-v1"

TYPED_AT_MOST = 40


def check_code(cti: bytes) -> str:
    """`XXXX-XXXX`: the first 40 bits of SHA-256("tamga-check-v1" || cti of page 1)."""
    bits = int.from_bytes(sha256(PREFIX + cti).digest()[:5])
    letters = "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def normal_check_code(typed: str) -> str | None:
    """As printed, from what a person typed (case, hyphen and blanks do not matter); None if it can be none."""
    if len(typed) > TYPED_AT_MOST or not typed.isascii():
        return None
    letters = typed.upper().replace("-", "").replace(" ", "").translate(LOOK_ALIKES)
    if len(letters) != 8 or any(letter not in ALPHABET for letter in letters):
        return None
    return f"{letters[:4]}-{letters[4:]}"
