"""Accepted spellings of event ids: one for each UUID, because a second one would record an event twice."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.endorsement.services.requests import is_uuid

ONE = "3f2b1c0a-9d8e-4f7a-8b6c-5d4e3f2a1b0c"
CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


@given(st.uuids())
def test_uuid_in_lower_case_is_accepted(made: UUID) -> None:
    assert is_uuid(str(made))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ONE.upper(),
        ONE.replace("-", ""),
        f"{{{ONE}}}",
        f"urn:uuid:{ONE}",
        f"{ONE}\n",
        f" {ONE}",
        ONE[:-1],
        ONE + "0",
        ONE.replace("-", "_"),
        ONE.replace("9", "\uff19"),
        ONE.replace("3f2b1c0a-", "3f2b1c0-a"),
        "g" + ONE[1:],
    ],
)
def test_other_spelling_of_uuid_is_refused(text: str) -> None:
    assert not is_uuid(text)


@given(st.text("0123456789abcdefABCDEF-_{} \n\uff11", min_size=30, max_size=40))
def test_only_canonical_spellings_are_accepted(text: str) -> None:
    assert is_uuid(text) == (CANONICAL.fullmatch(text) is not None)
