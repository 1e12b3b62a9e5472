"""Findings of a file: JSON round trip, and refusal of any other JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import DecodeError
from chalicelib.verdict.file_findings import FileFindings, Seal, findings_from_json, findings_to_json

TEXTS = st.lists(st.text(max_size=4), max_size=3).map(tuple)
SEALS = st.builds(
    Seal, st.booleans(), st.booleans(), st.text(max_size=4), st.text(max_size=4), st.booleans(), st.integers(0, 2**40)
)
FINDINGS = st.builds(
    FileFindings,
    kind=st.sampled_from(["pdf", "image"]),
    codes=TEXTS,
    pages=st.integers(0, 30),
    seals=st.lists(SEALS, max_size=2).map(tuple),
    revisions=st.integers(0, 3),
    record=st.none() | st.text(max_size=4),
    tokens=TEXTS,
    has_text=st.booleans(),
    form_codes=TEXTS,
    blocks=st.dictionaries(st.text(max_size=4), TEXTS, max_size=3),
    overlaid=TEXTS,
    altered=TEXTS,
    trouble=st.none() | st.sampled_from(["encrypted", "broken", "too-large", "too-many-pages", "unsupported"]),
)


@given(FINDINGS)
def test_findings_roundtrip(findings: FileFindings) -> None:
    assert findings_from_json(json.loads(json.dumps(findings_to_json(findings)))) == findings


SEAL = {"intact": True, "whole_file": True, "fingerprint": "ab", "public_key": "cd", "certified": True, "signed_at": 5}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "exe"), ("kind", None), ("codes", "text"), ("codes", [1]), ("codes", None), ("pages", True),
        ("pages", -1), ("pages", 1.0), ("pages", "1"), ("seals", {}), ("seals", [None]), ("seals", [{}]),
        ("seals", [SEAL | {"intact": 1}]), ("seals", [SEAL | {"fingerprint": None}]), ("seals", [SEAL | {"more": 1}]),
        ("seals", [SEAL | {"signed_at": True}]), ("seals", [SEAL | {"signed_at": -1}]), ("form_codes", [None]),
        ("revisions", None), ("record", 1), ("tokens", [["a"]]), ("has_text", 1), ("has_text", None), ("blocks", []),
        ("blocks", {"1": "text"}), ("blocks", {"1": [1]}), ("overlaid", {}), ("altered", {}),
        ("trouble", "other"), ("trouble", 0),
    ],
)  # fmt: skip
def test_field_of_other_type_is_refused(field: str, value: Any) -> None:
    data = findings_to_json(FileFindings(kind="pdf", seals=(Seal(**SEAL),)))
    assert findings_from_json(data).kind == "pdf"
    with pytest.raises(DecodeError) as refused:
        findings_from_json(data | {field: value})
    assert (refused.value.code, refused.value.check) == ("T5", 11)


@pytest.mark.parametrize("data", [None, [], "x", {}, {"kind": "pdf"}])
def test_json_of_other_shape_is_refused(data: Any) -> None:
    with pytest.raises(DecodeError):
        findings_from_json(data)


def test_additional_field_is_refused() -> None:
    with pytest.raises(DecodeError):
        findings_from_json(findings_to_json(FileFindings(kind="pdf")) | {"safe": True})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_any_json_raises_decode_error_only(data: Any) -> None:
    with pytest.raises(DecodeError):
        findings_from_json(data)
