"""Twenty genuine permits of many kinds, pages, lines and hosts, their trust and status lists, and an honest register.

Made with `vectors/craft.py`, the second implementation of the format, so nothing here comes from the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from vectors import craft, read, scenes
from vectors.craft import DAY, T

from chalicelib.record.permit import Permit
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust import Trust
from chalicelib.verdict.snapshot import Context, NotAsked, Register, Snapshot, Unknown
from chalicelib.verdict.verdict import Verdict, judge

OLD_HOST = "old.tamga.kg"  # retired five days ago
KZ_HOST = "cites.kz.example"
RETIRED_AT = T - 5 * DAY
PINS = [craft.pin("KG"), craft.pin("KZ")]
FETCHED = {"KG": T - 3600, "KZ": T - 3600}
KG_KEYS = [
    craft.key("KG permit"), craft.key("KG spare"), craft.key("KG retired", retired_at=RETIRED_AT),
    craft.key("KG stolen", compromised=True), craft.key("KG imports", kinds=["I"]), craft.key("KG late", nbf=T - DAY),
    craft.key("KG status", "status"), craft.key("KG old status", "status", retired_at=T - 30 * DAY),
    craft.key("KG pdf", "pdf"),
]  # fmt: skip
KG_HOSTS = [[craft.HOST, T - 100 * DAY], [OLD_HOST, T - 100 * DAY, RETIRED_AT]]
LINES: tuple[list[Any], ...] = (
    ["Falco cherrug", 2, "C", "LIV", "1", {1: "ring KG-0117", 2: ["KG"]}],
    ["Ovis ammon", 2, "W", "TRO", "2"],
    ["Acipenser baerii", 2, "C", "CAV", "12.5", {0: "KGM", 2: ["RU", "RU-7/E", "2026-09-01"], 3: ["KZ"]}],
    ["Testudo horsfieldii", 2, "C", "LIV", "120", {1: [2000, bytes(16)]}],
)


@dataclass(frozen=True, slots=True)
class Genuine:
    """A genuine permit. `claims`: the signed map. `by`: the key's name."""

    claims: dict[Any, Any]
    host: str = craft.HOST
    by: str = "KG permit"

    @property
    def number(self) -> str:
        return str(self.claims[-65537][1])

    @property
    def page(self) -> int:
        return int(self.claims[-65537].get(8, [1])[0])

    @property
    def payload(self) -> bytes:
        return craft.cbor(self.claims)

    @property
    def token(self) -> bytes:
        return craft.sign1(self.by, self.payload)

    @property
    def text(self) -> str:
        return text(self.token, self.host)


def text(token: bytes, host: str = craft.HOST) -> str:
    return f"https://{host}/1#{craft.digits(token)}"


@cache
def permits() -> tuple[Genuine, ...]:
    """Twenty permits: two of them pages of one permit, each kind at least once."""
    made = []
    for i in range(20):
        kind = craft.KINDS[i % len(craft.KINDS)] if i < 18 else "E"
        letter = kind if kind in {"E", "R", "I"} else "O"
        home, away = ["Sunkar Falcon Centre LLC", "KG"], ["Al Dhafra Falconry Club", "AE"]
        changes: dict[str, Any] = {
            "iat": craft.ISSUED - i * 3600, "idx": 1000 + i, "cti": bytes([i]) * 16, "p0": kind,
            "p1": f"27KG0001{min(i, 18):02d}/{letter}", "p2": away if kind == "I" else home,
            "p3": home if kind == "I" else away, "p5": [LINES[(i + n) % 4] for n in range(1 + i % 3)],
        }  # fmt: skip
        if i >= 18:  # two pages of one permit
            changes |= {"p8": [i - 17, 2], "idx": 1018, "p7": bytes(range(16))}
        if i % 5 == 4:
            changes["p6"] = "KG 2098148"
        made.append(Genuine(craft.claims(**changes), OLD_HOST if i % 4 == 3 else craft.HOST))
    return tuple(made)


def known(*lists: bytes, **changes: Any) -> Trust:
    """The verifier's trust: our list and the neighbour's, both fresh."""
    return read.trust(scenes.trust(*(lists or (kg_list(), kz_list())), pins=PINS, fetched_at=FETCHED) | changes)


@cache
def kg_list(seq: int = T - DAY) -> bytes:
    return craft.trust_list(keys=KG_KEYS, hosts=KG_HOSTS, seq=seq)


@cache
def kz_list() -> bytes:
    return craft.trust_list("KZ")


def other_pages(one: Genuine) -> tuple[str, ...]:
    return tuple(each.text for each in permits() if each.number == one.number and each is not one)


@cache
def held(number: str) -> Register:
    """The response of an honest register."""
    pages = [each for each in permits() if each.number == number]
    if not pages:
        return Unknown()
    first = pages[0].claims[-65537]
    payloads = {str(each.page): each.payload.hex() for each in pages}
    found: Register = read.register(scenes.snapshot(kind=first[0], allowed={}) | {"payloads": payloads})
    assert isinstance(found, Snapshot)
    return found


def ask(permit: Permit) -> Register:
    """Query the register for our own permits. The neighbour's register cannot be queried."""
    return held(permit.number) if permit.issuer == "KG" else NotAsked()


def judged(
    code: str, trust: Trust, *, status: dict[str, StatusList] | None = None, pages: tuple[str, ...] = (),
    online: bool = True, now: int = T,
) -> Verdict:  # fmt: skip
    """Verdict as the service makes it: first from the token alone, then with the register of its Party."""
    context = Context(other_pages=pages)
    asked: dict[str, Any] = {"trust": trust, "status": status or {}, "now": now, "context": context}
    first = judge(code, register=NotAsked(), **asked)
    if not online or first.permit is None:
        return first
    return judge(code, register=ask(first.permit), **asked)
