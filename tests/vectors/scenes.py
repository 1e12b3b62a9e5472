"""Standard scene of a verdict, one falcon permit, and the changes of each vector.

expect = outcome, then for each code "CODE check asks" (U0 asks "-"), in the order of a verdict: by check, then code.
"""

from __future__ import annotations

from typing import Any

from vectors import craft as c
from vectors.craft import DAY, HOUR, T

Vector = dict[str, Any]
POSTS: dict[str, Any] = {
    # clearance - airport and clearance - road are linked; links are not transitive
    "clearance": {"links": ["airport", "road"]},
    "airport": {"links": ["clearance"]},
    "road": {"links": ["clearance"]},
    "east": {"links": [], "at": [0, 0]},
    "west": {"links": [], "at": [0, 8.36]},  # 929.6 km
    "far": {"links": [], "at": [0, 8.37]},  # 930.7 km
    "nowhere": {"links": []},
}


def use(event: str, at: int, kind: str = "export", post: str = "airport", **more: Any) -> Vector:
    """A use. `quantity` is that of line A, or pass `lines`."""
    lines = more.pop("lines", None) or [{"line": "A", "quantity": more.pop("quantity", "1")}]
    base = {"transport_document": "AWB 1", "result": "accepted", "late": False, "withdrawn_at": None}
    return {"event_id": event, "kind": kind, "post": post, "at": at, "lines": lines} | base | more


def snapshot(*uses: Vector, payload: bytes | None = None, **more: Any) -> Vector:
    base = {
        "state": "issued", "kind": "E", "payloads": {"1": (payload or c.payload()).hex()},
        "allowed": {"A": {"quantity": "1", "unit": None}}, "for_cause": False, "missing": False, "replaced_by": None,
        "retrospective": False, "quota_passed": False, "legacy": False, "cleared": [],
    }  # fmt: skip
    return base | more | {"uses": list(uses)}


def trust(*lists: bytes, **known: Any) -> Vector:
    found = [data.hex() for data in (lists or (c.trust_list(),))]
    base = {"lists": found, "pins": [c.pin("KG")], "fetched_at": {"KG": T - HOUR}, "newest_signed": T - HOUR}
    return base | known


def context(direction: str = "none", post: str | None = None, country: str | None = None, **more: Any) -> Vector:
    base = {
        "same_goods": None, "posts": POSTS, "other_pages": [], "own_scans": [], "unsent": [], "offline_limits": {},
    }  # fmt: skip
    return {"direction": direction, "post": post, "country": country} | base | more


def verdict(name: str, why: str, expect: str, **changes: Any) -> Vector:
    """A vector of a verdict.

    `expect`: "outcome; CODE check asks; ..."; "!" in front: the verdict ended early at this code. `facts`: code -> some
    of its facts. `pages`: page numbers. `shown`: number of the permit that may be shown. All else changes the scene.
    """
    facts = changes.pop("facts", {})
    pages = changes.pop("pages", [1])
    shown = changes.pop("shown", c.NUMBER)
    given: Vector = {
        "text": c.text(), "trust": trust(), "status": [], "register": snapshot(), "own_uses": [],
        "context": context(), "document": None, "now": T,
    } | changes  # fmt: skip
    given["status"] = [data.hex() for data in given["status"]]
    ended = expect.startswith("!")
    outcome, *rows = [part.strip() for part in expect.lstrip("!").split(";")]
    codes = []
    for row in rows:
        code, check, asks = row.split()
        codes.append({"code": code, "check": int(check), "asks": asks.removesuffix("*").replace("-", "")})
        if asks.endswith("*"):
            codes[-1]["cleared"] = True
        if code in facts:
            codes[-1]["facts"] = facts[code]
    expected = {
        "outcome": outcome,
        "codes": codes,
        "results": _results(given, codes, ended),
        "permit": None if ended else shown,
        "pages": [] if ended else pages,
    }
    return {"name": name, "why": why, "input": given, "expect": expected}


def _results(given: Vector, codes: list[Vector], ended: bool) -> dict[str, str]:
    if ended:
        at = codes[0]["check"]
        if codes[0]["code"] == "T2":
            return {str(n): "fail" if n == at else "skipped" for n in range(1, 13)}
        return {str(n): "pass" if n < at else "fail" if n == at else "skipped" for n in range(1, 13)}
    failed = {row["check"] for row in codes if row["asks"] in {"hold", "not_valid", "cannot_tell"}}
    answered = given["register"] not in ("not_asked", "failed")
    skipped = {8} if answered else {9} if given["register"] == "not_asked" else set()
    skipped |= set() if given["document"] else {11, 12}
    return {
        str(n): "fail" if n in failed else "skipped" if n in skipped else "pass" for n in range(1, 13)
    }  # fmt: skip


def offline(value: int | None = 0, age: int = HOUR, **changes: Any) -> Vector:
    """Return changes for a device: register not asked, and a status list of this age with this value."""
    lists = [] if value is None else [c.status_list({4711: value}, iat=T - age)]
    return {"register": "not_asked", "status": lists} | changes


def days(n: float) -> int:
    return int(n * DAY)
