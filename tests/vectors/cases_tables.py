"""Each cell of the direction tables, with the last second on either side of every time window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors import craft as c
from vectors.craft import DAY, HOUR, T
from vectors.scenes import Vector, context, offline, snapshot, use, verdict

WHERE = {"export": "KG", "import": "AE", "transit": "KZ", "return": "KG", "none": None}
U1, U5, U6, P4 = "hold; U1 10 hold", "check; U5 10 check", "check; U6 10 check", "check; P4 10 check"
U9, U6_U9 = "check; U9 10 check", "check; U6 10 check; U9 10 check"
ENDLESS = ("OT", "OW", "OM", "OS")
SINGLE = ("E", "R", "OO", "OP", "OC", "OA", "OI", "OY")


def cases() -> list[Vector]:
    return [*consignment(), *unconfirmed(), *import_permit(), *many_crossings(), *by_status_value()]


def _cell(name: str, expect: str, direction: str, *uses: Vector, post: str | None = None, **more: Any) -> Vector:
    kind = more.pop("kind", "E")
    allowed = more.pop("allowed", {"A": {"quantity": "1", "unit": None}})
    text, payload = c.text(p0=kind), c.payload(p0=kind)
    place = context(direction, post, WHERE[direction], **more)
    return verdict(name, "direction table", expect, text=text, context=place,
                   register=snapshot(*uses, payload=payload, kind=kind, allowed=allowed))  # fmt: skip


def consignment() -> Iterator[Vector]:
    for kind in SINGLE:
        for direction, expect in (("export", "accept"), ("import", U6), ("transit", U6), ("return", P4),
                                  ("none", "accept")):  # fmt: skip
            yield _cell(f"{kind} {direction}, not endorsed", expect, direction, kind=kind, post="airport")

    def left(ago: int) -> Vector:
        return use("e1", T - ago)

    w72, w14, w30 = 72 * HOUR, 14 * DAY, 30 * DAY
    for name, expect, post, ago, said in (
        ("same post, 72 h", U5, "airport", w72, None),
        ("same post, 72 h 1 s", U1, "airport", w72 + 1, None),
        ("same post, 72 h ahead", U5, "airport", -w72, None),
        ("same post, 72 h 1 s ahead", U1, "airport", -w72 - 1, None),
        ("linked post, 14 days 1 s ahead", U1, "clearance", -w14 - 1, None),
        ("linked post, 14 days", U5, "clearance", w14, None),
        ("linked post, 14 days 1 s", U1, "clearance", w14 + 1, None),
        ("a post linked to the linked one", U1, "road", 1, None),
        ("no post given", U5, None, w30 * 3, None),
        ("any other post", U1, "nowhere", 1, None),
        ("same goods", U5, "airport", 1, True),
        ("different goods", U1, "airport", 1, False),
        ("same goods, said too late", U1, "airport", w72 + 1, True),
        ("no post, different goods", U1, None, 1, False),
    ):
        yield _cell(f"export, exported: {name}", expect, "export", left(ago), post=post, same_goods=said)
    yield _cell("import, exported: 30 days", "accept", "import", left(w30), post="gate")
    yield _cell("import, exported: 30 days 1 s", U5, "import", left(w30 + 1), post="gate")
    yield _cell("transit, exported", "accept", "transit", left(w30 * 3), post="gate")
    yield _cell("return, exported", P4, "return", left(1), post="airport")
    yield _cell("none, exported", U5, "none", left(1))

    def both(ago: int, out: str = "1", come: str = "1", document: str = "AWB 1") -> tuple[Vector, Vector]:
        arrived = use("e2", T - ago, "import", "clearance", quantity=come, transport_document=document)
        return use("e1", T - ago - DAY, quantity=out), arrived

    for post in ("airport", "nowhere", None):
        yield _cell(f"export, imported: {post}", U1, "export", *both(1), post=post)
    for name, expect, uses, post in (
        ("same post, 72 h", U5, both(w72), "clearance"),
        ("same post, 72 h 1 s", U1, both(w72 + 1), "clearance"),
        ("same post, 72 h 1 s ahead", U1, both(-w72 - 1), "clearance"),
        ("linked post, 72 h", U5, both(w72), "airport"),
        ("linked post, 72 h 1 s", U1, both(w72 + 1), "airport"),
        ("any other post", U1, both(1), "nowhere"),
        ("no post given", U1, both(1), None),
        ("a part, 30 days", U5, both(w30, "2", "1"), "nowhere"),
        ("a part, 30 days 1 s", U1, both(w30 + 1, "2", "1"), "nowhere"),
        ("a part on another waybill", U1, both(1, "2", "1", "AWB 2"), "nowhere"),
    ):
        yield _cell(f"import, imported: {name}", expect, "import", *uses, post=post,
                    allowed={"A": {"quantity": "2", "unit": None}})  # fmt: skip
    begun = use("e2", T - 5 * DAY, "import", "clearance")
    for name, expect, ago in (("72 h after its last part", U5, w72), ("72 h 1 s after its last part", U1, w72 + 1)):
        last = use("e3", T - ago, "import", "clearance")
        yield _cell(f"import, imported: {name}", expect, "import", use("e1", T - 9 * DAY, quantity="2"), begun, last,
                    post="airport", allowed={"A": {"quantity": "2", "unit": None}})  # fmt: skip
    yield _cell("import, imported: different goods", U1, "import", *both(1), post="clearance", same_goods=False)
    yield _cell("transit, imported", U5, "transit", *both(1), post="gate")
    yield _cell("return, imported", P4, "return", *both(1), post="airport")
    yield _cell("none, imported", U5, "none", *both(1))
    only = use("e2", T - 1, "import", "clearance")
    yield _cell("import without an export seen", U5, "import", only, post="clearance")
    yield _cell("export after an import", U1, "export", only, post="clearance")


def unconfirmed() -> Iterator[Vector]:
    """U9: stamped by hand, entered later, not confirmed by a second officer."""
    stamped = {
        "export": use("e1", T - DAY, result="pending"),
        "import": use("e2", T - HOUR, "import", result="pending"),
    }
    for kind in SINGLE:
        for direction, export, arrival in (("export", U9, "accept"), ("import", U6_U9, U6_U9), ("transit", U6_U9, U6),
                                           ("return", P4, P4), ("none", U9, U9)):  # fmt: skip
            for waiting, expect in ((stamped["export"], export), (stamped["import"], arrival)):
                yield _cell(f"{kind} {direction}, {waiting['kind']} unconfirmed", expect, direction, waiting, kind=kind,
                            post="nowhere")  # fmt: skip
    for kind in ENDLESS:
        for direction in WHERE:
            yield _cell(f"{kind} {direction}, two crossings unconfirmed", "accept", direction, *stamped.values(),
                        kind=kind, post="nowhere")  # fmt: skip
    for direction, expect in (("export", "hold; U1 10 hold; U9 10 check"), ("import", "accept"), ("transit", "accept"),
                              ("return", P4), ("none", "check; U5 10 check; U9 10 check")):  # fmt: skip
        yield _cell(f"{direction}, exported, another export unconfirmed", expect, direction, stamped["export"],
                    use("e3", T - HOUR, post="road"), post="gate")  # fmt: skip


def import_permit() -> Iterator[Vector]:
    permit = {"p0": "I", "p1": "27KG000009/I", "p2": ["A", "AE"], "p3": ["B", "KG"]}
    where = {"export": "AE", "import": "KG", "transit": "KZ", "return": "AE", "none": None}

    def cell(name: str, expect: str, direction: str, *uses: Vector, post: str | None = None, **more: Any) -> Vector:
        known = snapshot(*uses, payload=c.payload(**permit), kind="I")
        place = context(direction, post, where[direction], **more)
        return verdict(f"import permit, {name}", "direction table", expect, text=c.text(**permit), register=known,
                       context=place, shown="27KG000009/I")  # fmt: skip

    for direction in WHERE:
        yield cell(f"{direction}, unused", "accept", direction, post="airport")
        if direction != "import":
            yield cell(f"{direction}, used", U5, direction, use("e1", T - 1, "import"), post="airport")
        for kind, expect in (("import", U9), ("export", "accept")):  # an import permit has no export to confirm
            stamped = use("e1", T - HOUR, kind, result="pending")
            yield cell(f"{direction}, {kind} unconfirmed", expect, direction, stamped, post="nowhere")
    for name, expect, post, ago, said in (
        ("same post, 72 h", U5, "airport", 72 * HOUR, None),
        ("same post, 72 h 1 s", U1, "airport", 72 * HOUR + 1, None),
        ("linked post, 72 h", U5, "clearance", 72 * HOUR, None),
        ("linked post, 72 h 1 s", U1, "clearance", 72 * HOUR + 1, None),
        ("any other post", U1, "nowhere", 1, None),
        ("no post given", U5, None, 90 * DAY, None),
        ("different goods", U1, "airport", 1, False),
    ):
        yield cell(f"import, used: {name}", expect, "import", use("e1", T - ago, "import"), post=post, same_goods=said)


def many_crossings() -> Iterator[Vector]:
    for kind in ENDLESS:
        for direction in WHERE:
            for uses in ((), (use("e1", T - 90 * DAY),), (use("e1", T - 90 * DAY), use("e2", T - DAY, "import"))):
                yield _cell(f"{kind} {direction}, {len(uses)} crossings", "accept", direction, *uses, kind=kind,
                            post="nowhere")  # fmt: skip


def by_status_value() -> Iterator[Vector]:
    ok = "accept_offline"
    table = {
        "export": {0: ok, 3: U5, 12: U1},
        "import": {0: U6, 3: ok, 12: U5},
        "transit": {0: U6, 3: ok, 12: U5},
        "return": {0: P4, 3: P4, 12: P4},
        "none": {0: ok, 3: U5, 12: U5},
    }
    for direction, row in table.items():
        for value, expect in row.items():
            yield verdict(f"offline {direction}, status {value}", "the value stands for the state", expect,
                          **offline(value, context=context(direction, "airport", WHERE[direction])))  # fmt: skip
        yield verdict(f"offline {direction}, many crossings", "value 0 in every direction", ok,
                      **offline(text=c.text(p0="OM"), context=context(direction, None, WHERE[direction])))  # fmt: skip
    permit = {"p0": "I", "p1": "27KG000009/I", "p2": ["A", "AE"], "p3": ["B", "KG"]}
    for direction, country in (("export", "AE"), ("import", "KG"), ("transit", "KZ"), ("none", None)):
        for value, expect in ((0, ok), (3, U5)):
            yield verdict(f"offline import permit, {direction}, status {value}", "3: used for import", expect,
                          **offline(value, text=c.text(**permit), shown="27KG000009/I",
                                    context=context(direction, "airport", country)))  # fmt: skip
    unsent = [use("e1", T - HOUR)]
    for direction, value, expect in (("export", 0, U5), ("import", 0, ok), ("transit", 0, ok), ("export", 3, U5)):
        yield verdict(f"offline {direction}, status {value}, my own unsent export", "the device knows more", expect,
                      **offline(value, context=context(direction, "airport", WHERE[direction],
                                                       unsent=unsent)))  # fmt: skip
