"""Strict JSON: ambiguous, malformed, deep or large bodies are refused with a code for the reason."""

from __future__ import annotations

import pytest
from http_client import call, post
from office import MemoryOffice

from chalicelib.http import requests
from chalicelib.kernel.errors import Invalid, TooLarge

CAP = 64 * 1024

REFUSED = {
    "empty text": (b" ", "json"),
    "not JSON": (b"{", "json"),
    "trailing": (b"{} {}", "json"),
    "single quotes": (b"{'a': 1}", "json"),
    "twice": (b'{"qr": "a", "qr": "b"}', "duplicate_name"),
    "twice, deeper": (b'{"a": [{"b": 1, "b": 2}]}', "duplicate_name"),
    "twice, spelled differently": (b'{"qr": "a", "\\u0071r": "b"}', "duplicate_name"),
    "NaN": (b'{"a": NaN}', "number"),
    "Infinity": (b'{"a": -Infinity}', "number"),
    "a number without end": (b'{"a": ' + b"9" * 5000 + b"}", "number"),
    "a float without end": (b'{"a": 0.' + b"9" * 5000 + b"}", "number"),
    "a list at the top": (b"[]", "object"),
    "a text at the top": (b'"a"', "object"),
    "null at the top": (b"null", "object"),
    "Latin-1": ('{"a": "\u00e9"}'.encode("latin-1"), "utf8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "utf8"),
    "a BOM": (b'\xef\xbb\xbf{"a": 1}', "json"),
    "an overlong form": (b'{"a": "\xc0\xaf"}', "utf8"),
    "a lone surrogate": (b'{"a": "\\ud800"}', "surrogate"),
    "a lone surrogate as a name": (b'{"\\udfff": 1}', "surrogate"),
    "too deep": (b'{"a": ' + b"[" * 13 + b"]" * 13 + b"}", "depth"),
    "much too deep": (b'{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", "depth"),
    "a control character": (b'{"a": "\x01"}', "json"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_ambiguous_or_malformed_json_is_refused_with_code(why: str) -> None:
    data, code = REFUSED[why]
    with pytest.raises(Invalid) as refusal:
        requests.parse_json(data, CAP)
    assert [(e.field, e.code) for e in refusal.value.errors] == [("body", code)]


@pytest.mark.parametrize("why", REFUSED)
def test_ambiguous_or_malformed_json_over_http_returns_422(office: MemoryOffice, why: str) -> None:
    answer = post("/v1/verify", data=REFUSED[why][0])
    assert (answer.status, answer.slug) == (422, "invalid")


@pytest.mark.parametrize(
    ("path", "field", "words"),
    [
        ("/v1/verify", "direction", "'export', 'import', 'transit', 'return' or 'none'"),
        ("/v1/scans/x/resolve", "result", "'cleared' or 'confirmed'"),
        ("/v1/permits/x/findings", "result", "'positive', 'negative' or 'conditional'"),
        ("/v1/endorsements", "direction", "'export', 'import', 'transit' or 'return'"),
    ],
)
def test_unknown_word_is_refused_with_the_words_that_are_known(
    office: MemoryOffice, path: str, field: str, words: str
) -> None:
    answer = post(path, {field: "sideways"}, token="bekzat" if "finding" not in path else "preparer")
    assert answer.slug == "invalid"
    assert {"field": field, "code": "unknown", "detail": f"Must be one of: {words}."} in answer.json["errors"]


def test_brackets_in_text_do_not_count_as_depth() -> None:
    assert requests.parse_json(b'{"a": "[[[[[[[[[[[[[[[[[[\\"[[["}', CAP) == {"a": '[[[[[[[[[[[[[[[[[["[[['}


def test_size_is_checked_before_encoding() -> None:
    with pytest.raises(TooLarge):
        requests.parse_json(b"\xff" * (CAP + 1), CAP)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "text/json"])
def test_other_content_type_returns_415(office: MemoryOffice, kind: str) -> None:
    answer = post("/v1/verify", {"qr": "a"}, content_type=kind)
    assert (answer.status, answer.slug) == (415, "unsupported-media-type")


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_content_type_is_accepted_in_any_spelling(office: MemoryOffice, kind: str) -> None:
    assert post("/v1/verify", {"qr": "a"}, content_type=kind).status == 200


def test_body_over_size_limit_returns_413(office: MemoryOffice) -> None:
    answer = post("/v1/verify", {"qr": "a", "x": "y" * 200_000})
    assert (answer.status, answer.slug) == (413, "too-large")
    answer = post("/v1/verify/document", data=b"%PDF-" + bytes(4 * 1024 * 1024), content_type="application/pdf")
    assert (answer.status, answer.slug) == (413, "too-large")
    answer = post("/v1/verify/document", data=bytes(11 * 1024 * 1024), content_type="application/pdf")
    assert (answer.status, answer.slug) == (413, "too-large")


def test_unknown_path_returns_404_and_unknown_method_405(office: MemoryOffice) -> None:
    for path in ("/nothing", "/v1/permits/a/b/c", "/v1/permits/..%2f..", "/v1//verify", "/" + "a" * 5000):
        answer = call("GET", path, token="preparer")
        assert (answer.status, answer.slug) == (404, "no-match"), path
    for method in ("DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
        answer = call(method, "/v1/verify")
        assert (answer.status, answer.slug) == (405, "method-not-allowed")
        assert answer.headers["allow"] == "POST"
