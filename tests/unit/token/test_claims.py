"""Claims of the token (token/claims.py): a payload outside the schema of FORMAT.md 1 is refused under any signature."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from token_maker import FALCON, permit, token
from trust_maker import PERMIT, kid, private

from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import DecodeError
from chalicelib.record.permit import MarksDigest, Permit, TokenLine, TokenParty, TokenSource
from chalicelib.token import cbor, cose
from chalicelib.token.claims import decode_claims, encode_claims

ROOT = Path(__file__).parents[3]
Change = Callable[[dict[Any, Any]], Any]


def raw(of: Permit) -> dict[Any, Any]:
    value: dict[Any, Any] = cbor.decode(encode_claims(of), cap=2048, depth=6)
    return value


def refused(payload: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_claims(payload)
    assert (caught.value.code, caught.value.check) == ("T6", 5)


FULL = permit(
    TokenLine(
        "Acipenser baerii", 2, "C", "CAV", "0.5", "KGM", MarksDigest(400, bytes(16)),
        TokenSource("RU", "RU-2025-17", "2025-02-28"), TokenSource("AE", "25AE000001/R"), "KG-17",
    ),
    replace(FALCON, origin=TokenSource("KG")),
    stamp="KG 0012345", page=(2, 3), kind="R", number="26KG000124/R",
)  # fmt: skip


def test_encoded_claims_match_the_cddl() -> None:
    """The expected map is written by hand from the CDDL."""
    assert raw(FULL) == {
        1: "KG",
        4: FULL.expires_at,
        6: FULL.issued_at,
        7: bytes(range(16, 32)),
        65535: {"status_list": {"idx": 100_000, "uri": "https://tamga.kg/s/27q3"}},
        -65537: {
            0: "R",
            1: "26KG000124/R",
            2: ["Sunkar Falcon Centre LLC", "KG"],
            3: ["Al Dhafra Falconry Club", "AE"],
            4: "B",
            5: [
                ["Acipenser baerii", 2, "C", "CAV", "0.5", {
                    0: "KGM", 1: [400, bytes(16)], 2: ["RU", "RU-2025-17", "2025-02-28"], 3: ["AE", "25AE000001/R"],
                    4: "KG-17",
                }],
                ["Falco cherrug", 2, "C", "LIV", "1", {1: "ring KG-0117", 2: ["KG"]}],
            ],
            6: "KG 0012345",
            7: bytes(range(16)),
            8: [2, 3],
        },
    }  # fmt: skip


def test_absent_fields_are_left_out() -> None:
    plain = raw(permit(replace(FALCON, marks=None)))[-65537]
    assert plain.keys() == {0, 1, 2, 3, 4, 5, 7}
    assert plain[5] == [["Falco cherrug", 2, "C", "LIV", "1"]]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_document_kind_roundtrip(kind: str) -> None:
    of = permit(kind=kind, number=f"26KG000123/{KINDS[kind].letter}")
    assert decode_claims(encode_claims(of)).claims == of


def test_there_are_thirteen_document_kinds() -> None:
    assert set(KINDS) == {"E", "R", "I", "OO", "OP", "OC", "OA", "OT", "OW", "OM", "OS", "OI", "OY"}


BAD_TEXTS = [
    "", "a\x00", "a\tb", "a\nb", "\x1f", "\x7f", "\x85", "\x9f", "a\u061c", "\u200b", "\u200e", "a\u200fb", "\u2028",
    "\u2029", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeffa", 7, b"a", True, [], {}, ["a"],
]  # fmt: skip
ALLOWED_TEXTS = ["Ö\u02bbzbekiston", "Ňž", "e\u0301", "a\u00a0b", "Ж", "\u2019", "\U0001f985", "\u2010", "\ufffd"]
BAD_COUNTRIES = ["", "K", "KGZ", "kg", "K1", "КГ", "KG ", "KG\n", " G", 7, b"KG", True, []]
BAD_TIMES = [-1, 2**53, "0", b"", True, [0]]
BAD_16 = [b"", bytes(15), bytes(17), "0" * 16, 0, True, list(range(16))]
BAD_QUANTITIES = [
    "", "0", "00", "01", "1.", ".5", "0.0", "0.", "1.0", "1.50", "0.1234567", "-1", "+1", " 1", "1 ", "1\n", "1e9",
    "1,5", "1000000000", "0.000000", "1_0", "\u0661", "\uff11", "NaN", "inf", "0x1", "1/2", 1, True, b"1", ["1"],
]  # fmt: skip
GOOD_QUANTITIES = ["1", "10", "999999999", "0.5", "0.000001", "1.000001", "999999999.999999", "0.05", "10.25"]
BAD_DATES = [
    "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "0000-01-01", "2026-1-1", "20260101",
    "2026-W01", "2026-01-01T00", "2026-01-01\n", " 2026-01-01", "\u0662026-01-01", "", 20260101, b"2026-01-01",
]  # fmt: skip
BAD_NUMBERS = [
    "", "26KG000123", "26KG000123/", "26KG000123/EEE", "26KG00123/E", "26KG0000123/E", "6KG000123/E", "26kg000123/E",
    "26KG000123/e", "26KG000123/1", " 26KG000123/E", "26KG000123/E\n", "26KG 000123/E", "2\u0666KG000123/E",
    "26КГ000123/E", 26, b"26KG000123/E",
]  # fmt: skip


def body(key: int, value: Any) -> Change:
    return lambda claims: claims[-65537].__setitem__(key, value)


def claim(key: Any, value: Any) -> Change:
    return lambda claims: claims.__setitem__(key, value)


def row(at: int, value: Any) -> Change:
    return lambda claims: claims[-65537][5][0].__setitem__(at, value)


def extra(key: Any, value: Any) -> Change:
    return lambda claims: claims[-65537][5][0][5].__setitem__(key, value)


def many(what: str, change: Callable[[Any], Change], values: list[Any]) -> list[tuple[str, Change]]:
    return [(f"{what} {value!r}", change(value)) for value in values]


LINE = ["Falco cherrug", 2, "C", "LIV", "1"]
REJECTIONS: list[tuple[str, Change]] = [
    *many("iss", lambda v: claim(1, v), BAD_COUNTRIES),
    *many("exp", lambda v: claim(4, v), BAD_TIMES),
    *many("iat", lambda v: claim(6, v), BAD_TIMES),
    *many("cti", lambda v: claim(7, v), BAD_16),
    *[(f"no claim {key}", lambda c, key=key: c.pop(key)) for key in (1, 4, 6, 7, 65535, -65537)],
    *many("unknown claim", lambda v: claim(v, 0), [0, 2, 3, 5, 8, 65534, 65536, -65536, -65538, "iss", ""]),
    *many("status", lambda v: claim(65535, v), [{}, [], 0, "", {"status_list": {}}, {"status_list": []}]),
    ("status list twice", lambda c: c[65535].__setitem__("other", 0)),
    ("status list with another key", lambda c: c[65535]["status_list"].__setitem__("x", 0)),
    ("status list without idx", lambda c: c[65535]["status_list"].pop("idx")),
    ("status list without uri", lambda c: c[65535]["status_list"].pop("uri")),
    *many("idx", lambda v: lambda c: c[65535]["status_list"].__setitem__("idx", v), BAD_TIMES),
    *many("uri", lambda v: lambda c: c[65535]["status_list"].__setitem__("uri", v), BAD_TEXTS),
    *many("permit", lambda v: claim(-65537, v), [{}, [], 0, "", b"", True]),
    *[(f"permit without {key}", lambda c, key=key: c[-65537].pop(key)) for key in (0, 1, 2, 3, 4, 5, 7)],
    *many("permit with key", lambda v: body(v, 0), [9, 10, -1, 255, "0", "kind"]),
    *many("kind", lambda v: body(0, v), ["", "X", "e", "O", "OX", "EE", "Е", "E\n", 0, True, b"E", ["E"], {}]),
    *many("number", lambda v: body(1, v), BAD_NUMBERS),
    *many("exporter's name", lambda v: body(2, [v, "KG"]), BAD_TEXTS),
    *many("exporter's country", lambda v: body(2, ["A", v]), BAD_COUNTRIES),
    *many("importer's name", lambda v: body(3, [v, "AE"]), BAD_TEXTS),
    *many("importer's country", lambda v: body(3, ["A", v]), BAD_COUNTRIES),
    *many("exporter", lambda v: body(2, v), [[], ["A"], ["A", "KG", "x"], "A", {}, {0: "A", 1: "KG"}, 0]),
    *many("importer", lambda v: body(3, v), [[], ["A"], ["A", "AE", "x"], "A", {}, 0]),
    *many("purpose", lambda v: body(4, v), [*BAD_TEXTS, "TT", "Т", "\U0001f985"]),
    *many("lines", lambda v: body(5, v), [[], {}, 0, "", [LINE] * 5, [[]], [{}], ["line"], [0], [LINE[:4]]]),
    *many("line too long", lambda v: body(5, [v]), [[*LINE, {1: "a"}, 0], [*LINE, 0], [*LINE, []], [*LINE, {}]]),
    ("second line broken", body(5, [LINE, LINE[:4]])),
    *many("stamp", lambda v: body(6, v), BAD_TEXTS),
    *many("record digest", lambda v: body(7, v), BAD_16),
    *many(
        "page",
        lambda v: body(8, v),
        [
            [],
            [1],
            [1, 2, 3],
            [0, 2],
            [3, 2],
            [1, 1],
            [1, 21],
            [21, 21],
            [-1, 2],
            [True, 2],
            [1, True],
            ["1", 2],
            1,
            "",
            {},
        ],
    ),
    *many("taxon", lambda v: row(0, v), BAD_TEXTS),
    *many("appendix", lambda v: row(1, v), [-1, 4, "2", "II", True, b"", [2]]),
    *many("source", lambda v: row(2, v), BAD_TEXTS),
    *many("term", lambda v: row(3, v), [*BAD_TEXTS, "LI", "LIVE", "ЖИ", "LÖ\u00e9"]),
    *many("quantity", lambda v: row(4, v), BAD_QUANTITIES),
    *many("extras with key", lambda v: extra(v, "a"), [5, -1, "marks", ""]),
    *many("unit", lambda v: extra(0, v), ["", "KG", "KGMM", "kgm", "K1M", "КГМ", "NAR", "KGM\n", 1, b"KGM", []]),
    *many("marks", lambda v: extra(1, v), [t for t in BAD_TEXTS if t not in ([], ["a"])]),
    *many(
        "digested marks",
        lambda v: extra(1, v),
        [[], [1], [1, bytes(15)], [1, bytes(17)], [-1, bytes(16)], ["1", bytes(16)], [1, "a"], [1, bytes(16), 0]],
    ),
    *[
        case
        for key, name in ((2, "origin"), (3, "last re-export"))
        for case in (
            *many(name, lambda v, key=key: extra(key, v), [[], {}, "KG", 0, ["KG", "a", "2026-01-01", "x"], [["KG"]]]),
            *many(f"{name} country", lambda v, key=key: extra(key, [v]), BAD_COUNTRIES),
            *many(f"{name} document", lambda v, key=key: extra(key, ["KG", v]), BAD_TEXTS),
            *many(f"{name} date", lambda v, key=key: extra(key, ["KG", "a", v]), BAD_DATES),
        )
    ],
    *many("operation", lambda v: extra(4, v), BAD_TEXTS),
]


@pytest.mark.parametrize(("why", "change"), REJECTIONS, ids=[re.sub(r"\W+", "-", why) for why, _ in REJECTIONS])
def test_malformed_claims_are_refused(why: str, change: Change) -> None:
    claims = raw(permit())
    change(claims)
    assert claims != raw(permit()), "the change changes nothing"
    refused(cbor.encode(claims))


@pytest.mark.parametrize("text", ALLOWED_TEXTS)
def test_unusual_text_is_accepted(text: str) -> None:
    for of in (
        permit(exporter=TokenParty(text, "KG"), importer=TokenParty(text, "AE"), stamp=text),
        permit(replace(FALCON, taxon=text, marks=text, operation=text, origin=TokenSource("KG", text))),
    ):
        assert decode_claims(encode_claims(of)).claims == of


@pytest.mark.parametrize("quantity", GOOD_QUANTITIES)
def test_canonical_quantity_is_accepted(quantity: str) -> None:
    of = permit(replace(FALCON, quantity=quantity))
    assert decode_claims(encode_claims(of)).claims == of


@pytest.mark.parametrize("day", ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
def test_existing_date_is_accepted(day: str) -> None:
    of = permit(replace(FALCON, origin=TokenSource("KG", "a", day)))
    assert decode_claims(encode_claims(of)).claims == of


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_one_to_four_lines_are_accepted(count: int) -> None:
    assert len(decode_claims(encode_claims(permit(*[FALCON] * count))).claims.lines) == count


@pytest.mark.parametrize("page", [(1, 2), (2, 2), (1, 20), (20, 20)])
def test_valid_page_is_accepted(page: tuple[int, int]) -> None:
    assert decode_claims(encode_claims(permit(page=page))).claims.page == page


@pytest.mark.parametrize(
    ("why", "payload"),
    [
        ("nothing", b""),
        ("not CBOR", b"\xff"),
        ("text", b"\x61a"),
        ("array", b"\x80"),
        ("empty map", b"\xa0"),
        ("trailing byte", encode_claims(permit()) + b"\x00"),
        ("cut short", encode_claims(permit())[:-1]),
        ("too long", cbor.encode({1: "x" * 2048})),
        ("seven deep", b"\x81" * 7 + b"\x00"),
        ("a tag", b"\xd8\x3d" + encode_claims(permit())),
    ],
)
def test_payload_that_is_no_claims_map_is_refused(why: str, payload: bytes) -> None:
    refused(payload)


@pytest.mark.parametrize(
    "bad",
    [
        permit(number="1"),
        permit(lines=()),
        permit(lines=(FALCON,) * 5),
        permit(replace(FALCON, quantity="0")),
        permit(replace(FALCON, unit="NAR")),
        permit(replace(FALCON, marks="\ud800")),
        permit(replace(FALCON, marks="")),
        permit(replace(FALCON, origin=TokenSource("KG", None, "2026-01-01"))),
        permit(replace(FALCON, taxon="x" * 3000)),
        permit(cti=b""),
        permit(issued_at=-1),
        permit(status_idx=2**64),
        permit(page=(3, 2)),
        permit(kind="X"),
    ],
)
def test_unreadable_permit_is_not_encoded(bad: Permit) -> None:
    with pytest.raises(DecodeError):
        encode_claims(bad)


# --- properties

TEXTS = st.text(st.sampled_from("Falco cherugéЖ-0117\u02bb\U0001f985"), min_size=1, max_size=12)
COUNTRY_CODES = st.text(st.sampled_from("ABCKGXYZ"), min_size=2, max_size=2)
DAYS = st.dates().map(str)
SOURCES = st.one_of(
    st.builds(TokenSource, COUNTRY_CODES),
    st.builds(TokenSource, COUNTRY_CODES, TEXTS),
    st.builds(TokenSource, COUNTRY_CODES, TEXTS, DAYS),
)
OPTIONAL = st.none() | TEXTS
TIMES = st.integers(0, 2**53 - 1)
SIXTEEN = st.binary(min_size=16, max_size=16)
TOKEN_LINES = st.builds(
    TokenLine,
    taxon=TEXTS,
    appendix=st.integers(0, 3),
    source=TEXTS,
    term=st.sampled_from(["LIV", "TRO", "CAV"]),
    quantity=st.from_regex(r"[1-9][0-9]{0,8}(\.[0-9]{0,5}[1-9])?", fullmatch=True).filter(str.isascii),
    unit=st.sampled_from([None, "KGM", "MTQ"]),
    marks=st.one_of(OPTIONAL, st.builds(MarksDigest, TIMES, SIXTEEN)),
    origin=st.none() | SOURCES,
    last_reexport=st.none() | SOURCES,
    operation=OPTIONAL,
)
PARTIES = st.builds(TokenParty, TEXTS, COUNTRY_CODES)
PERMITS = st.builds(
    Permit,
    issuer=COUNTRY_CODES,
    number=st.from_regex(r"[0-9]{2}[A-Z]{2}[0-9]{6}/[A-Z]{1,2}", fullmatch=True).filter(str.isascii),
    kind=st.sampled_from(sorted(KINDS)),
    exporter=PARTIES,
    importer=PARTIES,
    purpose=st.sampled_from("TZGQSHPMEBNL"),
    lines=st.lists(TOKEN_LINES, min_size=1, max_size=4).map(tuple),
    record_digest=SIXTEEN,
    cti=SIXTEEN,
    issued_at=TIMES,
    expires_at=TIMES,
    status_uri=TEXTS,
    status_idx=TIMES,
    stamp=OPTIONAL,
    page=st.none() | st.integers(2, 20).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
)


@given(PERMITS)
def test_any_permit_roundtrip(of: Permit) -> None:
    assert decode_claims(encode_claims(of)).claims == of


JUNK = st.recursive(
    st.one_of(st.integers(-70000, 70000), st.booleans(), st.binary(max_size=17), TEXTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-2, 8) | TEXTS, inner, max_size=4),
    max_leaves=8,
)


def reading(payload: bytes) -> Permit | str:
    try:
        return decode_claims(payload).claims
    except DecodeError as error:
        return error.code


def _paths(value: Any, start: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
    return [path for key in keys for path in ((*start, key), *_paths(value[key], (*start, key)))]


@given(PERMITS, JUNK, st.data())
def test_junk_in_any_field_is_refused_or_encodes_to_the_same_bytes(of: Permit, junk: Any, data: st.DataObject) -> None:
    claims = raw(of)
    *way, last = data.draw(st.sampled_from(_paths(claims)))
    inside: Any = claims
    for key in way:
        inside = inside[key]
    inside[last] = junk
    payload = cbor.encode(claims)
    found = reading(payload)
    assert found == "T6" or (isinstance(found, Permit) and encode_claims(found) == payload)


@given(st.binary(max_size=200))
def test_garbage_raises_decode_error(data: bytes) -> None:
    assert reading(data) == "T6"


# --- other libraries


def ask_cwt(data: bytes) -> dict[str, Any]:
    python = ROOT / ".venv-cwt" / "bin" / "python"
    assert python.exists(), "the environment of python-cwt is missing: `make test` creates it"
    x, y = cose.coordinates(private(PERMIT).public_key())
    asked = {"token": data, "kid": kid(PERMIT), "x": x, "y": y}
    done = subprocess.run(
        [python, ROOT / "tests" / "interop" / "verify_with_cwt.py"],
        input=json.dumps({name: value.hex() for name, value in asked.items()}),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_python_cwt_verifies_our_token_and_reads_its_claims() -> None:
    """An independent library, in its own environment because its cbor2 clashes with ours."""
    of = replace(FULL, expires_at=4_102_444_800)  # 2100: python-cwt checks exp against the clock
    good, claims = token(of), raw(of)
    answer = ask_cwt(good)
    assert answer["verified"] is True
    read = answer["claims"]
    assert read.keys() == {str(key) for key in claims}
    assert (read["1"], read["4"], read["6"]) == (of.issuer, of.expires_at, of.issued_at)
    assert read["7"] == of.cti.hex()
    assert read["65535"] == claims[65535]
    assert read["-65537"]["1"] == of.number
    assert read["-65537"]["5"][1] == ["Falco cherrug", 2, "C", "LIV", "1", {"1": "ring KG-0117", "2": ["KG"]}]
    assert ask_cwt(good[:-1] + bytes([good[-1] ^ 1])) == {"verified": False}
