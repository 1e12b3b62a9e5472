"""Uses beyond the direction tables: withdrawn, too far apart, twice, too much, cleared, expired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors import craft as c
from vectors.craft import DAY, HOUR, T
from vectors.scenes import Vector, context, offline, snapshot, trust, use, verdict


def use_rules() -> Iterator[Vector]:
    def seen(name: str, why: str, expect: str, *uses: Vector, place: Vector | None = None, **more: Any) -> Vector:
        shown = more.pop("facts", {})
        return verdict(name, why, expect, register=snapshot(*uses, **more), context=place or context(), facts=shown)

    gone = use("e1", T - HOUR, withdrawn_at=T - 180 * DAY)
    yield seen("U7 withdrawn", "180 days to the second, and unused again", "check; U7 10 check", gone,
               place=context("export", "airport", "KG"))  # fmt: skip
    yield seen("U7 over", "180 days and a second", "accept", gone | {"withdrawn_at": T - 180 * DAY - 1})
    kilos = {"allowed": {"A": {"quantity": "100", "unit": "KGM"}}}
    left = use("e1", T - 2 * DAY, quantity="100")
    here = context("transit", None, None)
    for quantity, expect in (("105", "check; U5 10 check"), ("105.1", "check; U2 10 check; U5 10 check")):
        yield seen(f"U2 {quantity} kg of 100", "weight tolerance 5 %", expect, left,
                   use("e2", T - DAY, "import", "nowhere", quantity=quantity), place=here, **kilos)  # fmt: skip
    for unit in (None, "MTR"):
        yield seen(f"U2 101 of 100, {unit or 'specimens'}", "no tolerance for what is no weight",
                   "check; U2 10 check; U5 10 check", left, use("e2", T - DAY, "import", "nowhere", quantity="101"),
                   place=here, allowed={"A": {"quantity": "100", "unit": unit}},
                   facts={"U2": {"lines": ["A"]}})  # fmt: skip
    for post, expect in (("west", "check; U5 10 check"), ("far", "hold; U3 10 hold; U5 10 check")):
        yield seen(f"U3 to {post} in an hour", "(km - 30) / 900 h", expect, use("e1", T - 2 * HOUR, post="east"),
                   use("e2", T - HOUR, "import", post), place=here)  # fmt: skip
    yield seen("U3 no coordinates", "skipped", "check; U5 10 check", use("e1", T - HOUR, post="east"),
               use("e2", T - HOUR, "import", "nowhere"), place=here)  # fmt: skip
    yield seen("U3 not for what is pending", "waits for a second person", "check; U5 10 check",
               use("e1", T - HOUR, post="east"), use("e2", T - HOUR, "import", "far", result="pending"),
               place=context("export", "east", "KG"))  # fmt: skip
    first, exit_ = use("e1", T - 13 * HOUR), context("export", "airport", "KG")
    for name, why, expect, other in (
        ("duplicate, 12 h", "one use seen twice", "check; U5 10 check", use("e2", T - HOUR, result="duplicate")),
        ("U4 12 h 1 s", "two uses", "hold; U4 10 hold; U5 10 check", use("e2", T - HOUR + 1, result="conflict")),
        (
            "duplicate, waybill spelled otherwise",
            "letters and digits, upper case",
            "check; U5 10 check",
            use("e2", T - HOUR, transport_document="awb-1"),
        ),
        (
            "U4 waybill in another script",
            "a Cyrillic letter is no Latin one",
            "hold; U4 10 hold; U5 10 check",
            use("e2", T - HOUR, transport_document="\u0410WB 1"),
        ),
        ("duplicate, linked post", "one use", "check; U5 10 check", use("e2", T - HOUR, post="clearance")),
        ("U4 other post", "two uses", "hold; U4 10 hold; U5 10 check", use("e2", T - HOUR, post="road")),
        ("U4 other lines", "two uses", "hold; U4 10 hold; U5 10 check", use("e2", T - HOUR, quantity="0")),
        (
            "U4 other waybill",
            "two uses",
            "hold; U4 10 hold; U5 10 check",
            use("e2", T - HOUR, transport_document="AWB 2"),
        ),
        (
            "U4 not when withdrawn",
            "it does not count",
            "check; U5 10 check; U7 10 check",
            use("e2", T - HOUR, post="road", withdrawn_at=T),
        ),
    ):
        yield seen(name, why, expect, first, other, place=exit_)
        yield seen(f"{name}, uploaded the other way round", "a function of the set", expect, other, first, place=exit_)
    sent = use("e1", T - 60 * DAY, quantity="2")
    for name, expect, ago, waybill in (
        ("two parts, 30 days apart", "check; U5 10 check", 30 * DAY, "AWB 1"),
        ("U4 parts 30 days 1 s apart", "hold; U4 10 hold; U5 10 check", 30 * DAY + 1, "AWB 1"),
        ("two parts, the waybill spelled in two ways", "check; U5 10 check", DAY, "awb/1"),
        ("two parts, the waybill in wide letters", "check; U5 10 check", DAY, "ＡＷＢ　１"),
        ("U4 imports on two waybills", "hold; U4 10 hold; U5 10 check", DAY, "AWB 2"),
        ("U4 imports on no waybill", "hold; U4 10 hold; U5 10 check", DAY, ""),
        ("U4 imports on a dash", "hold; U4 10 hold; U5 10 check", DAY, "-"),
    ):
        begin = waybill if waybill in {"", "-"} else "AWB 1"
        part = use("e2", T - HOUR - ago, "import", transport_document=begin)
        rest = use("e3", T - HOUR, "import", transport_document=waybill)
        yield seen(name, "one consignment may arrive in parts", expect, sent, part, rest, place=here,
                   allowed={"A": {"quantity": "2", "unit": None}})  # fmt: skip
    many = {"text": c.text(p0="OM"), "context": context("export", "airport", "KG")}

    def crossings(name: str, expect: str, *uses: Vector, facts: Vector | None = None, **more: Any) -> Vector:
        return verdict(name, "documents for many crossings", expect, **many, facts=facts or {},
                       register=snapshot(*uses, kind="OM", payload=c.payload(p0="OM"), **more))  # fmt: skip

    out, back = use("e1", T - 9 * DAY), use("e2", T - 5 * DAY, "return")
    yield crossings("out and back and out", "accept", out, back, use("e3", T - DAY))
    yield crossings("U8 twice out", "check; U8 10 check", out, use("e3", T - DAY))
    yield crossings(
        "U8 transit is no return", "check; U8 10 check", out, back | {"kind": "transit"}, use("e3", T - DAY)
    )
    yield crossings("one exit seen by two posts", "accept", out, use("e3", T - 9 * DAY + HOUR, post="clearance"))
    for kind in ("return", "import"):
        yield crossings(f"U2 more in one {kind} than is permitted", "check; U2 10 check", out,
                        use("e2", T - 5 * DAY, kind, quantity="2"), facts={"U2": {"lines": ["A"]}})  # fmt: skip
    for quantity, expect in (("105", "accept"), ("105.1", "check; U2 10 check")):
        yield crossings(f"{quantity} kg back of 100", expect, out, use("e2", T - 5 * DAY, "return", quantity=quantity),
                        **kilos)  # fmt: skip
    yield crossings("U2 not for what was undone", "check; U7 10 check", out,
                    use("e2", T - 5 * DAY, "return", quantity="2", withdrawn_at=T - DAY))  # fmt: skip
    yield crossings("as often as it is permitted", "accept", out, back, back | {"event_id": "e3", "at": T - 4 * DAY})
    yield seen("U0 my own scan", "30 minutes to the second; hides nothing", "check; U0 10 -; U5 10 check",
               use("e1", T - HOUR), place=context("export", "airport", "KG", own_scans=[T - 1800, T - 9999]),
               facts={"U0": {"at": T - 1800}})  # fmt: skip
    yield seen("U0 ahead", "a scan to come is none of the last 30 minutes", "accept", place=context(own_scans=[T + 1]))
    yield seen("U0 over", "30 minutes and a second", "accept", place=context(own_scans=[T - 1801]))
    yield seen("L2 late", "kept as conflict", "check; L2 10 check; U5 10 check", use("e1", T - HOUR, late=True),
               place=context("export", "airport", "KG"))  # fmt: skip
    used = use("e1", T - 10 * HOUR)
    for name, why, expect, direction, post, country, at in (
        ("seen before it left", "a use after the look is none", "accept", "export", "road", "KG", T - 10 * HOUR - 1),
        ("seen as it left", "to the second", "hold; U1 10 hold", "export", "road", "KG", T - 10 * HOUR),
        ("seen abroad before it left", "not endorsed then", "check; U6 10 check", "import", None, "AE", T - 11 * HOUR),
        ("seen in the future", "then it is now", "check; U5 10 check", "export", "airport", "KG", T + DAY),
    ):
        yield seen(name, why, expect, used, place=context(direction, post, country, seen_at=at))
    long_ago = use("e1", T - 73 * HOUR)
    for name, expect, more in (
        ("seen within 72 h", "check; U5 10 check", {"seen_at": T - HOUR}),
        ("seen within 72 h, brought in and judged as of now", "hold; U1 10 hold", {}),
    ):
        yield seen(name, "the window of the table counts from the look", expect, long_ago,
                   place=context("export", "airport", "KG", **more))  # fmt: skip
    yield seen("seen before it was withdrawn", "what is known since stands", "check; U7 10 check",
               use("e1", T - 10 * HOUR, withdrawn_at=T - HOUR),
               place=context("export", "road", "KG", seen_at=T - 2 * HOUR))  # fmt: skip
    yield seen("seen before it was revoked", "what is known since stands", "hold; S7 9 hold", state="revoked",
               for_cause=True, place=context("export", "road", "KG", seen_at=T - 2 * HOUR))  # fmt: skip
    for name, expect, direction, country in (
        ("P1 export abroad", "not_valid; P1 10 not_valid", "export", "AE"),
        ("P1 import elsewhere", "not_valid; P1 10 not_valid; U6 10 check", "import", "KZ"),
        ("P1 transit at home", "not_valid; P1 10 not_valid; U6 10 check", "transit", "KG"),
        ("P1 transit at the destination", "not_valid; P1 10 not_valid; U6 10 check", "transit", "AE"),
        ("P4 own import", "check; P4 10 check", "import", "KG"),
        ("P4 own return", "check; P4 10 check", "return", "KG"),
        ("P1 return elsewhere", "not_valid; P1 10 not_valid; P4 10 check", "return", "KZ"),
    ):
        yield seen(name, "box 3, box 4 and where the officer stands", expect, place=context(direction, None, country))
    permit = {"p0": "I", "p1": "27KG000009/I", "p2": ["A", "AE"], "p3": ["B", "KG"]}
    inward = {"text": c.text(**permit), "shown": "27KG000009/I",
              "register": snapshot(payload=c.payload(**permit), kind="I")}  # fmt: skip
    for direction, country, expect in (
        ("export", "AE", "accept"), ("export", "KG", "accept"), ("import", "KG", "accept"),
        ("import", "AE", "not_valid; P1 10 not_valid"), ("transit", "KZ", "accept"),
        ("transit", "KG", "not_valid; P1 10 not_valid"),
    ):  # fmt: skip
        yield verdict(f"import permit, {direction} in {country}", "box 3 is KG, box 4 AE", expect, **inward,
                      context=context(direction, None, country))  # fmt: skip
    yield from with_foreign_documents(permit)
    permit = {"p0": "OP", "p1": "27KG000009/OP", "p2": ["A", "KZ"], "p3": ["B", "KZ"]}
    yield verdict("box 4 in a country that did not issue it", "P4 is of the issuer's own goods", "check; U6 10 check",
                  text=c.text(**permit), shown="27KG000009/OP", context=context("import", None, "KZ"),
                  register=snapshot(payload=c.payload(**permit), kind="OP"))  # fmt: skip
    yield verdict(
        "many crossings abroad",
        "no P1",
        "accept",
        text=c.text(p0="OM"),
        register=snapshot(kind="OM", payload=c.payload(p0="OM")),
        context=context("export", None, "AE"),
    )
    yield from unconfirmed()
    yield seen("retrospective", "no U6", "accept", place=context("import", None, "AE"), retrospective=True)
    again = use("e2", T - HOUR, post="road")
    stands = {"cleared": [{"code": "U4", "events": ["e1", "e2"]}]}
    yield seen("U4 cleared", "for the events it rests on", "check; U4 10 check*; U5 10 check", first, again,
               place=exit_, **stands)  # fmt: skip
    yield seen("U4 cleared, then a third use", "another alarm", "hold; U4 10 hold; U5 10 check", first, again,
               use("e3", T - 60, post="far"), place=exit_, **stands)  # fmt: skip
    later = use("e2", T - HOUR, withdrawn_at=T - 60)
    for name, event in (("first", "e1"), ("second", "e2")):
        yield seen(f"U7 of two, the {name} cleared", "a code is cleared only if all of it is", "check; U7 10 check",
                   use("e1", T - 2 * HOUR, withdrawn_at=T - 60), later,
                   place=exit_, cleared=[{"code": "U7", "events": [event]}])  # fmt: skip
    yield seen("S6 is nothing to clear", "it rests on no event", "hold; S6 9 hold", state="lost", missing=True,
               cleared=[{"code": "S6", "events": []}])  # fmt: skip
    over = {"now": c.EXPIRES + DAY, "trust": trust(c.trust_list(seq=c.EXPIRES), fetched_at={"KG": c.EXPIRES})}
    intime, toolate = use("e1", c.EXPIRES - 1), use("e1", c.EXPIRES)
    for name, expect, left, place in (
        ("S1 at import, left in time", "check; S1 7 check", intime, context("import", "gate", "AE")),
        ("S1 at import, left too late", "not_valid; S1 7 not_valid", toolate, context("import", "gate", "AE")),
        ("S1 at export, same goods", "check; S1 7 check; U5 10 check", intime, context("export", "airport", "KG")),
        ("S1 at export, another post", "hold; S1 7 not_valid; U1 10 hold", intime, context("export", "road", "KG")),
        ("S1 public", "check; S1 7 check; U5 10 check", intime, context()),
    ):
        yield verdict(name, "left before exp; how long it may be presented is the importer's law", expect, **over,
                      register=snapshot(left), context=place)  # fmt: skip
    for name, expect, at in (
        ("seen in its last second", "accept", c.EXPIRES - 1),
        ("S1 seen as it expired", "not_valid; S1 7 not_valid", c.EXPIRES),
    ):
        yield verdict(name, "brought in a day later", expect, **over,
                      context=context("export", "road", "KG", seen_at=at))  # fmt: skip
    listed = {"register": "not_asked", "status": [c.status_list({4711: 3}, iat=c.EXPIRES)]}
    yield verdict("S1 offline, status 3", "the value stands for the state", "check; S1 7 check; T1 8 accept_offline",
                  **over, **listed, context=context("import", "gate", "AE"))  # fmt: skip
    yield verdict("S1 offline at export, status 3", "post and time are not known: telephone first",
                  "check; S1 7 check; T1 8 accept_offline; U5 10 check", **over, **listed,
                  context=context("export", "airport", "KG"))  # fmt: skip


def unconfirmed() -> Iterator[Vector]:
    """U9 beyond the direction tables.

    Its check result names the unconfirmed events. It asks for no more than `check`.
    """
    stamped = use("e1", T - HOUR, result="pending")
    facts = {"U9": {"at": T - HOUR, "post": "airport", "kind": "export", "lines": [["A", "1"]]}}

    def seen(name: str, why: str, expect: str, *uses: Vector, place: Vector | None = None, **more: Any) -> Vector:
        return verdict(name, why, expect, register=snapshot(*uses, **more),
                       context=place or context("export", "road", "KG"))  # fmt: skip

    yield verdict("U9 at another post", "a second officer has to confirm the stamp", "check; U9 10 check", facts=facts,
                  register=snapshot(stamped), context=context("export", "road", "KG"))  # fmt: skip
    yield seen("U9 after 90 days", "it ends by confirmation or withdrawal alone", "check; U9 10 check",
               stamped | {"at": T - 90 * DAY})  # fmt: skip
    yield seen("U9 two stamps", "one code for both", "check; U9 10 check", stamped,
               use("e2", T - 60, post="road", result="pending"))  # fmt: skip
    live = use("e2", T - 60, post="airport")
    here = context("export", "airport", "KG")
    yield seen("U9 not for the same use", "the stamp repeats a use that counts", "check; U5 10 check", stamped, live,
               place=here)  # fmt: skip
    yield seen("U9 not for the same use, linked post", "two officers saw one crossing", "check; U5 10 check", stamped,
               live | {"post": "clearance"}, place=here)  # fmt: skip
    for name, other in (("another waybill", {"transport_document": "AWB 2"}), ("12 h 1 s", {"at": T + 11 * HOUR + 1})):
        yield seen(f"U9 beside a use: {name}", "two uses, one of them not confirmed",
                   "check; U5 10 check; U9 10 check", stamped, live | other, place=here)  # fmt: skip
    yield seen("U9 repeats what was withdrawn", "that use counts no more", "check; U7 10 check; U9 10 check", stamped,
               live | {"withdrawn_at": T - 30}, place=here)  # fmt: skip
    yield seen("U9 withdrawn", "U7 in its place", "check; U7 10 check", stamped | {"withdrawn_at": T - 60})
    yield seen("U9 withdrawn long ago", "nothing waits", "accept", stamped | {"withdrawn_at": T - 181 * DAY})
    yield seen("U9 confirmed", "from then on it counts", "hold; U1 10 hold", stamped | {"result": "accepted"})
    yield seen("U9 on a replaced permit", "the state is said too", "not_valid; S4 9 not_valid; U9 10 check", stamped,
               state="replaced", replaced_by="27KG000124/E")  # fmt: skip
    yield seen("U9 on the replacement", "the stamp goes over with the other uses", "check; U9 10 check", stamped)
    yield seen("U9 and lost", "a stamp keeps no stolen permit valid", "hold; S6 9 hold; U9 10 check", stamped,
               state="lost", missing=True)  # fmt: skip
    yield seen("U9 cleared", "for the events it rests on; it asks for `check` all the same", "check; U9 10 check*",
               stamped, cleared=[{"code": "U9", "events": ["e1"]}])  # fmt: skip
    yield seen("U9 cleared, then another stamp", "another alarm", "check; U9 10 check", stamped,
               use("e2", T - 60, result="pending", transport_document="AWB 2"),
               cleared=[{"code": "U9", "events": ["e1"]}])  # fmt: skip
    yield seen("U9 not at import of what was issued retrospectively", "no U6 to stand beside", "accept", stamped,
               place=context("import", "gate", "AE"), retrospective=True)  # fmt: skip
    yield seen("seen before it was stamped", "a stamp after the look is none", "accept", stamped,
               place=context("export", "road", "KG", seen_at=T - HOUR - 1))  # fmt: skip
    yield verdict("U9 offline", "a device knows it from its bundle", "check; U9 10 check", own_uses=[stamped],
                  **offline(context=context("export", "road", "KG")))  # fmt: skip
    yield verdict("U9 offline, status 3", "post and time of the use that counts are not known",
                  "check; U5 10 check; U9 10 check", own_uses=[stamped],
                  **offline(3, context=context("export", "road", "KG")))  # fmt: skip


def with_foreign_documents(permit: Vector) -> Iterator[Vector]:
    """An import permit that was used with other Parties' documents: U5 for 30 days at any post."""

    def beside(event: str, at: int, document: str = "KZ 27KZ000001/E", **more: Any) -> Vector:
        return use(f"{event}.import-permit", at, "import", foreign_document=document, **more)

    def seen(
        name: str, why: str, expect: str, *uses: Vector, post: str | None = "far", allowed: str = "2", **more: Any
    ) -> Vector:  # fmt: skip
        held = snapshot(*uses, payload=c.payload(**permit), kind="I",
                        allowed={"A": {"quantity": allowed, "unit": None}})  # fmt: skip
        return verdict(f"import permit, {name}", why, expect, text=c.text(**permit), shown="27KG000009/I",
                       register=held, context=context("import", post, "KG", **more))  # fmt: skip

    used, other = "check; U5 10 check", "KZ 27KZ000002/E"
    for name, expect, uses, more in (
        ("with a document, 30 days", used, [beside("e1", T - 30 * DAY)], {}),
        ("with a document, 30 days 1 s", "hold; U1 10 hold", [beside("e1", T - 30 * DAY - 1)], {}),
        ("with a document, said to be different", used, [beside("e1", T - DAY)], {"same_goods": False}),
        ("with a document, no post", used, [beside("e1", T - 40 * DAY)], {"post": None}),
        ("with a document, not confirmed", "check; U9 10 check", [beside("e1", T - DAY, result="pending")], {}),
        ("by itself", "hold; U1 10 hold", [use("e1", T - DAY, "import")], {}),
        ("by itself, then with a document", used, [use("e1", T - 2 * DAY, "import"), beside("e2", T - DAY)], {}),
        ("with a document, another waybill", "hold; U4 10 hold; U5 10 check",
         [beside("e1", T - 2 * DAY), beside("e2", T - DAY, other, transport_document="AWB 2")], {}),
    ):  # fmt: skip
        yield seen(name, "never U1 within 30 days of such a use", expect, *uses, **more)
    own = use("e0", T - 2 * HOUR, "import", quantity="2")
    two = [beside("e1", T - 2 * HOUR), beside("e2", T - HOUR, other)]
    more_came = "check; U2 10 check; U5 10 check"
    for name, expect, uses, allowed in (
        ("two documents of one each, two permitted", used, two, "2"),
        ("two documents of one each, one permitted", more_came, two, "1"),
        ("one document seen twice, one permitted", used, [two[0], beside("e2", T - HOUR)], "1"),
        ("two documents and its own endorsement", used, [own, *two], "2"),
        ("three documents and its own endorsement", more_came, [own, *two, beside("e3", T, "KZ 3")], "2"),
    ):
        yield seen(name, "its own endorsement tells of the same goods", expect, *uses, allowed=allowed)


def two_pages() -> Iterator[Vector]:
    """A verdict code found on either page applies to both pages."""

    def page(n: int, by: str = "KG permit", **changes: Any) -> str:
        return c.text(by, cti=bytes([n]) * 16, p8=[n, 2], **changes)

    keys = [c.key("KG permit"), c.key("KG stolen", compromised=True), c.key("KG status", "status")]
    yield verdict("F2 a page by a compromised key", "nobody vouches for that page", "cannot_tell; F2 9 cannot_tell",
                  trust=trust(c.trust_list(keys=keys)), pages=[1, 2],
                  **offline(text=page(1), context=context(other_pages=[page(2, "KG stolen")])))  # fmt: skip
    rare = page(2, p5=[["Falco peregrinus", 1, "C", "LIV", "1"]])
    yield verdict("L1 Appendix I on another page", "call first", "check; L1 8 check", pages=[1, 2],
                  **offline(text=page(1), context=context(other_pages=[rare])))  # fmt: skip
    arrived = [use("e1", T - HOUR, "import", "nowhere", lines=[{"line": "B", "quantity": "2"}])]
    yield verdict("U2 a line of another page", "letters run on through the pages, whichever was read first",
                  "check; U2 10 check; U5 10 check", pages=[2, 1], facts={"U2": {"lines": ["B"]}}, own_uses=arrived,
                  **offline(text=page(2), context=context(other_pages=[page(1)])))  # fmt: skip
    for n in (1, 2):
        yield verdict(f"U2 silent, page {n} alone", "a page that was not seen may permit it",
                      "check; D2 5 check; U5 10 check", pages=[n], own_uses=arrived,
                      **offline(text=page(n)))  # fmt: skip
