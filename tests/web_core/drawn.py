"""Random scenes in the form of a vector's input: tokens, texts, lists, registers, uses and places.

A scene is valid except for at most six aspects; with more faults, none would pass check 4. A changed aspect takes a
value on either side of a boundary of FORMAT.md.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st
from vectors import craft, scenes
from vectors.cases_arrivals import report
from vectors.craft import DAY, HOUR, T

Scene = dict[str, Any]
LINES: tuple[list[Any], ...] = (
    ["Falco cherrug", 2, "C", "LIV", "1", {1: "ring KG-0117", 2: ["KG"]}],
    ["Falco peregrinus", 1, "C", "LIV", "2"],
    ["Acipenser baerii", 2, "C", "CAV", "12.5", {0: "KGM", 2: ["RU", "RU-7/E", "2026-09-01"], 3: ["KZ"]}],
    ["Testudo horsfieldii", 0, "W", "LIV", "999999999.999999", {1: [2000, bytes(16)], 4: "KG-B-7"}],
    ["Cactaceae", 2, "Z", "ZZZ", "0.5", {0: "MTR", 1: "№ 7 · «Ala-Too»"}],
)
AGES = (0, 1, 6 * HOUR, 6 * HOUR + 1, 3 * DAY - 1, 3 * DAY, -600, -601)
USE_AGES = (-73 * HOUR, -1, 0, 1, HOUR, 12 * HOUR, 12 * HOUR + 1, 23 * HOUR, 72 * HOUR, 72 * HOUR + 1, 14 * DAY,
            14 * DAY + 1, 30 * DAY, 30 * DAY + 1, 90 * DAY)  # fmt: skip
POSTS = tuple(scenes.POSTS)
REPORTS = tuple(
    report(country, T - ago, code=code, aside=aside, **lines)
    for country, code in (("AE", False), ("DE", False), ("DE", True))
    for ago in (0, HOUR, 10 * DAY)
    for aside in (False, False, True)
    for lines in ({"A": "1"}, {"A": "0"}, {"A": "2", "B": "12.5"}, {"A": "999", "B": "11.904762", "C": "7", "D": "7"})
)
OWN_HOST, KZ_HOST = "tamga.kg", "cites.kz.example"
ASPECTS = (
    "by", "cleared", "clock", "fetched", "host", "iat", "idx", "iss", "key", "kind", "limits", "lines",
    "list", "lists", "other pages", "page", "payload", "place", "scans", "seen", "state", "text", "token", "trust",
    "unsent", "uri", "uses", "value", "zone",
)  # fmt: skip


class Odd:
    """The changed aspects of a scene and their values."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.aspects = draw(st.sets(st.sampled_from(ASPECTS), max_size=6))

    def __call__(self, aspect: str, usual: Any, *others: Any) -> Any:
        return self.draw(st.sampled_from(others)) if aspect in self.aspects else usual

    def any(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def bent(self, aspect: str, data: bytes) -> bytes:
        return self.draw(bent(data)) if aspect in self.aspects else data


@st.composite
def bent(draw: st.DrawFn, data: bytes) -> bytes:
    """Change a bit, remove or insert bytes, or cut off the end."""
    at = draw(st.integers(0, max(0, len(data) - 1)))
    match draw(st.sampled_from(["bit", "put", "out", "cut"])):
        case "bit" if data:
            return data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :]
        case "put":
            return data[:at] + draw(st.binary(max_size=3)) + data[at:]
        case "out":
            return data[:at] + data[at + draw(st.integers(1, 9)) :]
    return data[:at]


@st.composite
def spelled(draw: st.DrawFn, text: str) -> str:
    """Insert, remove or replace some characters of a text."""
    at = draw(st.integers(0, len(text)))
    put = draw(st.text(st.characters(codec=None) | st.sampled_from("0123456789#/1:.hH\r\n -"), max_size=3))
    return text[:at] + put + text[at + draw(st.integers(0, 3)) :]


def token_claims(odd: Odd) -> dict[Any, Any]:
    kind = odd("kind", "E", *craft.KINDS, "OM", "OS", "OT", "OW")
    home, away = ["Sunkar Falcon Centre LLC", "KG"], ["Al Dhafra Falconry Club", odd("place", "AE", "KG", "KZ")]
    changes: dict[str, Any] = {
        "iss": odd("iss", "KG", "KZ"), "exp": odd("clock", craft.EXPIRES, T, T + 1, 0, (1 << 53) - 1),
        "iat": odd("iat", craft.ISSUED, T + 600, T + 601, T - 100 * DAY, T - 100 * DAY - 1),
        "idx": odd("idx", 4711, 0, 131071, 131072),
        "uri": odd("uri", craft.URI, "https://tamga.kg/s/27q2", f"https://{KZ_HOST}/s/27q3"),
        "p0": kind, "p2": away if kind == "I" else home, "p3": home if kind == "I" else away,
        "p5": [odd("lines", LINES[at % 2 * 2], *LINES) for at in range(odd.any(1, 2, 4))],
    }  # fmt: skip
    if "page" in odd.aspects:
        page = odd.any([1, 2], [2, 2], [1, 2], [2, 2], [1, 3])
        changes |= {"p8": page, "cti": bytes([page[0]]) * 16, "p6": odd.any("KG 2098148", "1"), "p4": odd.any("T", "?")}
    return craft.claims(**changes)


def code(odd: Odd, found: dict[Any, Any]) -> str:
    """Return a QR text with these claims; some aspects change the key, the host, the bytes or the text."""
    by = odd("by", "KG permit", "KZ permit", "KG status", "KG pdf", "KG spare", "stranger")
    token = odd.bent("token", craft.sign1(by, odd.bent("payload", craft.cbor(found))))
    host = odd("host", OWN_HOST, KZ_HOST, "evil.example", "practice.tamga.kg", "TAMGA.kg")
    text = f"https://{host}/1#{craft.digits(token)}"
    return odd.draw(spelled(text)) if "text" in odd.aspects else text


@st.composite
def uses(draw: st.DrawFn, most: int = 4) -> list[Scene]:
    """Endorsements of line A, sometimes also B; some share an event id."""

    def any_of(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    found = []
    for number in range(draw(st.integers(1, most))):
        lines = [{"line": letter, "quantity": any_of("1", "2", "0", "12.5", "13.125", "13.125001")} for letter in "AB"]
        found.append(
            scenes.use(
                f"e{number + any_of(0, 0, 0, 1)}", T - any_of(*USE_AGES),
                any_of("export", "export", "import", "import", "transit", "return"), any_of(*POSTS),
                lines=any_of(lines[:1], lines, lines[::-1]),
                transport_document=any_of("AWB 1", "AWB 1", "awb-1", "AWB 2", "", "-"),
                result=any_of("accepted", "accepted", "conflict", "duplicate", "pending"),
                late=any_of(False, False, False, True),
                withdrawn_at=any_of(None, None, None, None, T - HOUR, T - 180 * DAY, T - 180 * DAY - 1),
                foreign_document=any_of(None, None, None, "KZ 1", "KZ 2"),
            )
        )  # fmt: skip
    return found


def register(odd: Odd, found: dict[Any, Any]) -> Any:
    """Return the answer of the issuing Party's register: a snapshot, "not_asked", "unknown" or "failed"."""
    silent = odd.any(None, None, "not_asked", "not_asked", "unknown", "failed")
    if silent is not None and ("state" in odd.aspects or silent == "not_asked"):
        return silent
    body = found[-65537]
    known = odd.draw(uses()) if "uses" in odd.aspects else []
    events = sorted({use["event_id"] for use in known})
    allowed = {
        letter: {"quantity": line[4], "unit": (line[5:] or [{}])[0].get(0)}
        for letter, line in zip("ABCD", body[5], strict=False)
    }
    flags = ("for_cause", "missing", "retrospective", "quota_passed", "legacy")
    return scenes.snapshot(
        *known, state=odd("state", "issued", "suspended", "revoked", "replaced", "lost", "approved", "void"),
        lowered_at=odd("state", None, None, T - HOUR, T - 2 * DAY),
        kind=body[0], payloads={str(body.get(8, [1])[0]): craft.cbor(found).hex()}, allowed=allowed,
        replaced_by=odd("state", None, "27KG000124/E"), **{flag: odd("state", False, False, True) for flag in flags},
        cleared=[
            {"code": odd.any("U1", "U3", "U4", "U5"), "events": odd.any(events, events[:1], events[:2])}
        ] if "cleared" in odd.aspects else [],
        **({"reports": odd.draw(st.lists(st.sampled_from(REPORTS), max_size=4))} if "uses" in odd.aspects else {}),
    )  # fmt: skip


@cache
def other_pages() -> tuple[str, ...]:
    """Return texts of pages: both of the permit, one signed by a stolen key, and unrelated ones."""
    first, second = ({"p8": [page, 2], "cti": bytes([page]) * 16} for page in (1, 2))
    rare = craft.text(**second, p5=[LINES[1], LINES[2]])
    return craft.text(**first), rare, craft.text("KG spare", **second), craft.text(), craft.text("stranger"), "176123"


def context(odd: Odd) -> Scene:
    pages = other_pages()
    direction = odd.any("none", "export", "import", "transit", "return")
    return scenes.context(
        direction, odd.any(None, *POSTS),
        odd("place", {"import": "AE", "transit": "KZ", "none": None}.get(direction, "KG"), None, "KG", "AE", "KZ"),
        same_goods=odd("uses", None, None, True, False),
        other_pages=odd("other pages", [], *([page] for page in pages), pages[:2], pages[::-1], pages[2:4]),
        unsent=odd.draw(uses(2)) if "unsent" in odd.aspects else [],
        own_scans=odd("scans", [], [T - 1800], [T - 1801, T], [T + 1]),
        offline_limits=odd("limits", {}, {"": "0"}, {"KGM": "12.5", "MTR": "0.4"}, {"KGM": "12.499999"},
                           {"GRM": "12500", "": "2"}),
        seen_at=odd("seen", None, T - HOUR, T - 10 * DAY, T, T + DAY),
    )  # fmt: skip


@cache
def neighbours() -> tuple[bytes, bytes]:
    """Return another Party's trust list, and one that claims our host and key."""
    hosts = [[KZ_HOST, 0], [OWN_HOST, 0]]
    greedy = craft.trust_list("KZ", hosts=hosts, keys=[craft.key("KG permit"), craft.key("KZ permit")])
    return craft.trust_list("KZ"), greedy


def trust(odd: Odd) -> Scene:
    ends: tuple[Scene, ...] = ({"retired_at": craft.ISSUED}, {"retired_at": craft.ISSUED + 1}, {"compromised": True},
                               {"kinds": ["R"]}, {"nbf": craft.ISSUED + 1})  # fmt: skip
    keys = [
        craft.key("KG permit", **odd("key", {}, *ends)),
        craft.key("KG status", "status"),
        craft.key("KG pdf", "pdf"),
    ]
    begun = T - 200 * DAY
    hosts = odd("host", [[OWN_HOST, begun]], [[OWN_HOST, craft.ISSUED + 1]], [[OWN_HOST, 0, craft.ISSUED]])
    own = craft.trust_list(
        keys=keys, seq=T - odd("trust", DAY, -601, -600, 60 * DAY, 60 * DAY - 1), hosts=hosts,
        zone=odd("zone", "Asia/Bishkek", "Nowhere/Else", "UTC"),
    )  # fmt: skip
    honest, greedy = neighbours()
    lists = odd("lists", (own,), (own, honest), (own, greedy), (greedy, own), ())
    pins = [craft.pin("KG"), craft.pin("KZ")][: max(1, len(lists))]
    newest = T + odd("clock", -HOUR, 600, 601)
    return scenes.trust(*lists, pins=odd("lists", pins, pins, pins[::-1]), newest_signed=newest,
                        fetched_at={"KG": T - odd("fetched", HOUR, DAY, DAY + 1), "KZ": T - HOUR})  # fmt: skip


@cache
def status_list(value: int, iat: int) -> str:
    """Return a status list like `craft.status_list`, but with zlib, because the compressor of `craft` is slow."""
    packed = bytearray(65536)
    packed[4711 // 2] = value << 4
    listed = craft.status_claims({}, iat=iat, lst=zlib.compress(packed))
    return craft.sign1("KG status", craft.cbor(listed), typ=craft.STATUS_LIST).hex()


def status(odd: Odd) -> Sequence[str]:
    if "list" in odd.aspects and odd.any(True, False):
        return []
    value = odd("value", 0, 0, 1, 2, 3, 3, 4, 12, 12, 13, 14, 15)
    return [status_list(value, T - odd("list", HOUR, *AGES))]


@st.composite
def whole_scenes(draw: st.DrawFn) -> Scene:
    """The complete input of a vector of verdicts."""
    odd = Odd(draw)
    found = token_claims(odd)
    text = code(odd, found)
    return {
        "text": text, "trust": trust(odd), "status": status(odd), "register": register(odd, found),
        "own_uses": odd.draw(uses(2)) if "unsent" in odd.aspects else [], "context": context(odd),
        "document": None,
        "now": odd("clock", T, T + 1, T - DAY, craft.EXPIRES - 1, craft.EXPIRES),
    }  # fmt: skip


@cache
def used_code(kind: str, home: str, away: str, expires: int) -> tuple[str, bytes]:
    """Return the QR text of a permit for two lines, and its payload."""
    found = craft.payload(p0=kind, p2=["A", home], p3=["B", away], p5=[LINES[0], LINES[2]], exp=expires,
                          iat=T - 30 * DAY)  # fmt: skip
    return f"https://{OWN_HOST}/1#{craft.digits(craft.sign1('KG permit', found))}", found


def used_permit(rng: random.Random) -> Scene:
    """Return a permit with uses of every kind, so that checks 7, 9 and 10 are reached.

    All draws are equally likely.
    """

    def any_of(*values: Any) -> Any:
        return rng.choice(values)

    known = [
        scenes.use(
            f"e{number}", T - any_of(*USE_AGES), any_of("export", "export", "import", "import", "transit", "return"),
            any_of(*POSTS),
            lines=[{"line": letter, "quantity": any_of("1", "2", "0", "13.125", "13.125001")} for letter in "AB"],
            transport_document=any_of("AWB 1", "AWB 1", "awb-1", "AWB 2", "", "-"),
            result=any_of("accepted", "accepted", "conflict", "duplicate", "pending"),
            late=any_of(False, False, False, True), withdrawn_at=any_of(*[None] * 6, T - 180 * DAY, T - 180 * DAY - 1),
            foreign_document=any_of(None, None, None, "KZ 1", "KZ 2"),
        )
        for number in range(any_of(0, 1, 1, 2, 3, 4))
    ]  # fmt: skip
    events = sorted(use["event_id"] for use in known)
    kind = any_of("E", "I", "OM", *craft.KINDS)
    ends = [("KG", "AE"), ("KG", "AE"), ("AE", "KG"), ("KZ", "KG"), ("KG", "KG")]
    own = {"E": 0, "R": 0, "I": 1}.get(kind)  # check 6: the country of this box must be the issuer's
    home, away = any_of(*(each for each in ends if own is None or each[own] == "KG"))
    text, payload = used_code(kind, home, away, T + any_of(30 * DAY, 30 * DAY, 0, 1, -HOUR, -DAY, -20 * DAY))
    held = scenes.snapshot(
        *known, payload=payload, kind=kind, legacy=any_of(True, False), retrospective=any_of(False, False, True),
        state=any_of("issued", "issued", "issued", "suspended", "revoked", "replaced"),
        allowed={letter: {"quantity": any_of("1", "2", "12.5"), "unit": any_of(None, "KGM")} for letter in "AB"},
        cleared=[{"code": any_of("U1", "U3", "U4", "U5"), "events": any_of(events, events[:1], events[:2])}],
        reports=[any_of(*REPORTS) for _ in range(any_of(0, 0, 0, 1, 2))],
    )  # fmt: skip
    posts = [use["post"] for use in known]
    where = scenes.context(
        any_of("none", "export", "import", "transit", "return"), any_of(None, *posts * 3, *POSTS),
        any_of(None, "KG", "KG", "AE", "KZ"), same_goods=any_of(None, None, True, False),
        own_scans=any_of([], [T - 1800], [T - 1801, T + 1]), seen_at=any_of(None, None, T - HOUR),
    )  # fmt: skip
    return {
        "text": text, "trust": scenes.trust(), "status": [], "register": held, "own_uses": [], "context": where,
        "document": None, "now": T,
    }  # fmt: skip
