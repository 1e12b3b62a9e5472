"""P3: reports of arrival by other Parties, and the reports that count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors import craft as c
from vectors.craft import DAY, HOUR, T
from vectors.scenes import Vector, context, snapshot, use, verdict

WHERE = {"export": "KG", "import": "AE", "transit": "KZ", "return": "KG", "none": None}
P3, U6_P3 = "check; P3 10 check", "check; P3 10 check; U6 10 check"
NOTHING, U6 = "accept", "check; U6 10 check"


def report(country: str = "AE", at: int = T - DAY, *, code: bool = False, aside: bool = False, **lines: str) -> Vector:
    """A report of arrival.

    `lines`: letter and quantity. `code`: the check code was given. `aside`: two people of ours set it aside.
    """
    told = [{"line": letter, "quantity": quantity} for letter, quantity in lines.items()]
    return {"country": country, "at": at, "lines": told, "with_code": code, "set_aside": aside}


def _scene(name: str, why: str, expect: str, direction: str, *reports: Vector, **more: Any) -> Vector:
    kind, facts, uses = more.pop("kind", "E"), more.pop("facts", None), more.pop("uses", ())
    boxes = {"p3": ["Sunkar", "KG"], "p2": ["A", "AE"]} if kind == "I" else {}
    seen = {"seen_at": more.pop("seen_at")} if "seen_at" in more else {}
    place = context(direction, None, "KG" if kind == "I" else WHERE[direction], **seen)
    allowed = more.pop("allowed", {"A": {"quantity": "2", "unit": None}, "B": {"quantity": "10", "unit": "KGM"}})
    held = snapshot(*uses, payload=c.payload(p0=kind, **boxes), kind=kind, allowed=allowed, reports=list(reports))
    return verdict(f"P3 {name}", why, expect, text=c.text(p0=kind, **boxes), context=place, register=held,
                   facts={"P3": facts} if facts else {})  # fmt: skip


def cases() -> list[Vector]:
    return [*amounts(), *places(), *parties(), *corrections()]


def amounts() -> Iterator[Vector]:
    for name, lines, whole in (
        ("a part of one line", {"A": "1"}, False),
        ("one line of two", {"A": "2"}, False),
        ("all", {"A": "2", "B": "10"}, True),
        ("more than all", {"A": "3", "B": "10"}, True),
        ("all, a weight 5 % short", {"A": "2", "B": "9.52381"}, True),
        ("a weight more than 5 % short", {"A": "2", "B": "9.5238"}, False),
        ("a number 5 % short", {"A": "1.99", "B": "10"}, False),
    ):
        yield _scene(name, "of more than nothing", P3, "export", report(**lines),
                     facts={"country": "AE", "at": T - DAY, "whole": whole})  # fmt: skip
    yield _scene("nothing arrived", "an inspection that found nothing", NOTHING, "export", report(A="0", B="0"))
    yield _scene("no report", "as before", NOTHING, "export")


def places() -> Iterator[Vector]:
    for direction, expect in (("import", U6_P3), ("transit", U6), ("return", "check; P4 10 check"), ("none", NOTHING)):
        yield _scene(f"at {direction}", "export and a further import", expect, direction, report(A="1"))
    yield _scene("after the export that it reports on", "a further import", P3, "import", report(A="1"),
                 uses=[use("e1", T - 2 * DAY)])  # fmt: skip
    yield _scene("beside a use", "the heavier outcome stands", "hold; P3 10 check; U1 10 hold", "export",
                 report(A="1"), uses=[use("e1", T - 4 * DAY), use("e2", T - 3 * DAY, "import", "nowhere")])  # fmt: skip
    for kind in ("R", "OO", "OP", "OC", "OA", "OI", "OY"):
        yield _scene(f"kind {kind}", "for one consignment", P3, "export", report(A="1"), kind=kind)
    for kind in ("OT", "OW", "OM", "OS"):
        yield _scene(f"kind {kind}", "many crossings arrive many times", NOTHING, "export", report(A="1"), kind=kind)
    yield _scene("kind I", "box 3 is the issuer", NOTHING, "import", report(A="1", code=True), kind="I")


def parties() -> Iterator[Vector]:
    yield _scene("another Party", "neither box 3 nor the check code", NOTHING, "export", report("DE", A="2"))
    yield _scene("another Party with the code", "it holds the paper", P3, "export", report("DE", code=True, A="2"),
                 facts={"country": "DE", "lines": [["A", "2"]]})  # fmt: skip
    yield _scene("two Parties", "the one with the whole permit first", P3, "export", report(A="1"),
                 report("DE", T - HOUR, code=True, A="2", B="10"), facts={"country": "DE", "at": T - HOUR})  # fmt: skip
    yield _scene("two Parties, no sum", "each speaks for itself", P3, "export", report(A="2"),
                 report("DE", T - HOUR, code=True, B="10"), facts={"country": "AE", "whole": False})  # fmt: skip


def corrections() -> Iterator[Vector]:
    yield _scene("corrected", "that Party's newest figure of a line", NOTHING, "export", report(A="2"),
                 report(at=T - HOUR, A="0"))  # fmt: skip
    yield _scene("corrected on one line", "the other line stands", P3, "export", report(A="2", B="10"),
                 report(at=T - HOUR, A="0"), facts={"lines": [["A", "0"], ["B", "10"]], "whole": False})  # fmt: skip
    yield _scene("corrected without the code", "the Party had it before", NOTHING, "export",
                 report("DE", code=True, A="2"), report("DE", T - HOUR, A="0"))  # fmt: skip
    yield _scene("another Party's correction", "each corrects its own", P3, "export", report(A="2"),
                 report("DE", T - HOUR, code=True, A="0"))  # fmt: skip
    yield _scene("reported later", "parts in two reports", P3, "export", report(A="2"),
                 report(at=T - HOUR, B="10"), facts={"at": T - DAY, "whole": True})  # fmt: skip
    yield _scene("set aside", "by two persons", NOTHING, "export", report(A="2", aside=True))
    yield _scene("reported again after it was set aside", "a new report", P3, "export", report(A="2", aside=True),
                 report(at=T - HOUR, A="2"), facts={"at": T - HOUR})  # fmt: skip
    yield _scene("seen before the report", "a scan that is brought in later", NOTHING, "export", report(A="2"),
                 seen_at=T - DAY - 1)  # fmt: skip
    yield _scene("seen at the report's second", "as of then", P3, "export", report(A="2"), seen_at=T - DAY)
