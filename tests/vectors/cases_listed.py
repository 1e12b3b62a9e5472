"""T8: our signed status list and our register differ: the list has the higher value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors import craft as c
from vectors.cases_tables import WHERE
from vectors.craft import HOUR, T
from vectors.scenes import Vector, context, snapshot, use, verdict

S_CODES = {1: ("S2", "not_valid"), 2: ("S3", "hold"), 13: ("S4", "not_valid"), 14: ("S6", "hold"), 15: ("S7", "hold")}
OF_REGISTER = {
    "export": "",
    "import": "U6",
    "transit": "U6",
    "return": "P4",
    "none": "",
}  # codes of an unused permit, as the register answers
BY_VALUE = {  # FORMAT.md section 6, by status value: codes in addition to those of the register
    3: {"export": ("U5", "check"), "none": ("U5", "check")},
    12: {"export": ("U1", "hold"), "import": ("U5", "check"), "transit": ("U5", "check"), "none": ("U5", "check")},
}
T8 = "T8 9 check"
PERMIT = {"p0": "I", "p1": "27KG000009/I", "p2": ["A", "AE"], "p3": ["B", "KG"]}


def cases() -> list[Vector]:
    return [*by_direction(), *by_time(), *confirmed(), *otherwise()]


def _listed(value: int, *, age: int = HOUR, **more: Any) -> Vector:
    return {"status": [c.status_list({4711: value}, iat=T - age)]} | more


def by_direction() -> Iterator[Vector]:
    for value in (1, 2, 3, 12, 13, 14, 15):
        for direction, plain in OF_REGISTER.items():
            codes = {"T8": (9, "check")} | ({plain: (10, "check")} if plain else {})
            if value in S_CODES:
                codes[S_CODES[value][0]] = (9, S_CODES[value][1])
            if found := BY_VALUE.get(value, {}).get(direction):
                codes[found[0]] = (10, found[1])
            asks = [each for _, each in codes.values()]
            outcome = next(each for each in ("hold", "not_valid", "check") if each in asks)
            rows = [f"{code} {at} {each}" for code, (at, each) in sorted(codes.items(), key=lambda x: (x[1][0], x[0]))]
            yield verdict(f"T8 list {value}, register unused, {direction}", "the list's value counts as well",
                          "; ".join([outcome, *rows]),
                          **_listed(value, context=context(direction, "airport", WHERE[direction])))  # fmt: skip


def by_time() -> Iterator[Vector]:
    at = T - HOUR
    for name, lowered, expect in (
        ("long before the list", at - 30 * HOUR, f"check; {T8}; U5 10 check"),
        ("601 s before the list", at - 601, f"check; {T8}; U5 10 check"),
        ("600 s before the list", at - 600, "accept"),
        ("after the list", at + 60, "accept"),
    ):
        yield verdict(f"T8 undone {name}", "a withdrawal that the list cannot have yet explains it", expect,
                      **_listed(3, register=snapshot(lowered_at=lowered)))  # fmt: skip
    withdrawn = use("e1", T - 5 * HOUR, withdrawn_at=T - 2 * HOUR)
    yield verdict("T8 withdrawn in the use alone", "when the register recorded it counts, not what the use says",
                  f"check; {T8}; U5 10 check; U7 10 check", **_listed(3, register=snapshot(withdrawn)))  # fmt: skip
    yield verdict("T8 reinstated since", "suspended when the list was signed", "accept",
                  **_listed(2, register=snapshot(lowered_at=T - 60)))  # fmt: skip
    yield verdict("T8 restored register", "it lost the use of the last hour, and no one undid it",
                  f"check; {T8}; U5 10 check", **_listed(3, age=60))  # fmt: skip
    yield verdict("T8 by an old list", "it has expired: its word of then still stands",
                  f"hold; S6 9 hold; {T8}", **_listed(14, age=90 * HOUR))  # fmt: skip


def confirmed() -> Iterator[Vector]:
    left, arrived = use("e1", T - 5 * HOUR), use("e2", T - 4 * HOUR, "import", "clearance")
    u5 = "check; U5 10 check"
    for name, value, known, expect in (
        ("0, used since", 0, snapshot(left), u5),
        ("3, used", 3, snapshot(left), u5),
        ("3, imported", 3, snapshot(left, arrived), u5),
        ("12, imported", 12, snapshot(left, arrived), u5),
        ("12, exported only", 12, snapshot(left), f"check; {T8}; U5 10 check"),
        ("3, suspended after use", 3, snapshot(left, state="suspended"), "hold; S3 9 hold; U5 10 check"),
        ("3, suspended and unused", 3, snapshot(state="suspended"), f"hold; S3 9 hold; {T8}; U5 10 check"),
        ("1, revoked", 1, snapshot(state="revoked"), "not_valid; S2 9 not_valid"),
        ("1, revoked for cause", 1, snapshot(state="revoked", for_cause=True), "hold; S7 9 hold"),
        ("15, revoked at wish", 15, snapshot(state="revoked"), f"hold; S2 9 not_valid; S7 9 hold; {T8}"),
        ("13, replaced", 13, snapshot(state="replaced"), "not_valid; S4 9 not_valid"),
        ("14, lost", 14, snapshot(state="lost"), "hold; S6 9 hold"),
        ("14, lost and then replaced", 14, snapshot(state="replaced", missing=True),
         "hold; S4 9 not_valid; S6 9 hold"),
        ("2, suspended", 2, snapshot(state="suspended"), "hold; S3 9 hold"),
        ("2, revoked without a record", 2, snapshot(state="revoked"), f"hold; S2 9 not_valid; S3 9 hold; {T8}"),
        ("3, waits for a second person", 3, snapshot(use("e1", T - HOUR, result="pending")),
         f"check; {T8}; U5 10 check; U9 10 check"),
        ("7, a value of a later version", 7, snapshot(), f"check; {T8}"),
    ):  # fmt: skip
        yield verdict(f"T8 list and register: {name}", "only what the register does not say asks", expect,
                      **_listed(value, register=known))  # fmt: skip


def otherwise() -> Iterator[Vector]:
    yield verdict("T8 of a register that does not know it", "F3 says so", "hold; F3 9 hold",
                  **_listed(3, register="unknown"))  # fmt: skip
    yield verdict("T8 of a state before issue", "F3 says so", "hold; F3 9 hold",
                  **_listed(3, register=snapshot(state="approved")))  # fmt: skip
    yield verdict("T8 beside F4", "each stands by itself", f"hold; F4 9 hold; {T8}; U5 10 check",
                  **_listed(3, register=snapshot(payload=c.payload(cti=bytes(16)))))  # fmt: skip
    yield verdict("T8 list of another address", "it says nothing of this permit", "accept",
                  status=[c.status_list({4711: 3}, iat=T - HOUR, uri="https://tamga.kg/s/27q2")])  # fmt: skip
    yield verdict("T8 entry outside of the list", "the register answers", "accept",
                  **_listed(3, text=c.text(idx=131072), register=snapshot(payload=c.payload(idx=131072))))  # fmt: skip
    many = {"text": c.text(p0="OM"), "register": snapshot(payload=c.payload(p0="OM"), kind="OM")}
    yield verdict("T8 many crossings", "no use is counted: nobody knows where the value is from", f"check; {T8}",
                  **_listed(3, **many))  # fmt: skip
    known = snapshot(payload=c.payload(**PERMIT), kind="I")
    for direction, country in (("export", "AE"), ("import", "KG"), ("transit", "KZ"), ("none", None)):
        yield verdict(f"T8 import permit, {direction}", "3: used for import", f"check; {T8}; U5 10 check",
                      **_listed(3, text=c.text(**PERMIT), shown="27KG000009/I", register=known,
                                context=context(direction, "airport", country)))  # fmt: skip
    yield verdict("T8 expired permit", "the register's own uses say whether it left in time",
                  f"not_valid; S1 7 not_valid; {T8}; U5 10 check",
                  **_listed(3, text=c.text(exp=T - 1), register=snapshot(payload=c.payload(exp=T - 1))))  # fmt: skip
