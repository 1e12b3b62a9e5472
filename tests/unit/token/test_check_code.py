"""Check code: the eight characters beside the control number (token/check_code.py)."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.token.check_code import ALPHABET, check_code, normal_check_code

RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@given(st.binary(min_size=16, max_size=16))
def test_check_code_is_base_32_in_crockford_alphabet(cti: bytes) -> None:
    standard = base64.b32encode(sha256(b"tamga-check-v1" + cti).digest()[:5]).decode()
    crockford = standard.translate(str.maketrans(RFC4648, ALPHABET))
    assert check_code(cti) == f"{crockford[:4]}-{crockford[4:]}"


@given(st.binary(min_size=16, max_size=16))
def test_check_code_typed_in_any_way_is_normalised(cti: bytes) -> None:
    code = check_code(cti)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code} ", code.replace("0", "o").replace("1", "l")):
        assert normal_check_code(typed) == code


@pytest.mark.parametrize("typed", ["", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFGU", "ABCD-EFG\u0661", "\u00df" * 8, "-" * 50])
def test_impossible_check_code_is_none(typed: str) -> None:
    assert normal_check_code(typed) is None
