"""Every verdict code at its boundary, and the order of checks where several codes are possible."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from vectors import craft as c
from vectors.craft import DAY, HOUR, T
from vectors.scenes import Vector, context, offline, snapshot, trust, use, verdict

GOOD = c.text()
STALE = {"fetched_at": {"KG": T - DAY - 1}}
FRESH = {"fetched_at": {"KG": T - DAY}}


def cases() -> list[Vector]:
    return [*text_and_trust(), *keys(), *time_and_status(), *register(), *pages_and_files(), *order()]


def text_and_trust() -> Iterator[Vector]:
    yield verdict("in order", "every check passed and the register answered", "accept")
    yield verdict("in order, offline", "genuine on fresh lists", "accept_offline", **offline())
    yield verdict("T4 waybill", "another kind of code", "!cannot_tell; T4 1 cannot_tell", text="17612345675")
    yield verdict("T3 digits", "our host, broken digits", "!cannot_tell; T3 2 cannot_tell", text=GOOD[:-1])
    yield verdict("T3 COSE", "our host, no COSE", "!cannot_tell; T3 2 cannot_tell", text="https://tamga.kg/1#007")
    yield verdict(
        "T3 long", "5,039 characters", "!cannot_tell; T3 2 cannot_tell", text="https://tamga.kg/1#" + "0" * 5020
    )
    foreign = c.text(host="evil.example")
    yield verdict("F6 strange host", "in no pinned list, fresh to the second", "!hold; F6 1 hold", text=foreign,
                  trust=trust(**FRESH))  # fmt: skip
    yield verdict("T1 strange host, stale", "the list may have changed since", "!cannot_tell; T1 1 cannot_tell",
                  text=foreign, trust=trust(**STALE))  # fmt: skip
    two = {"pins": [c.pin("KG"), c.pin("KZ")]}
    both = (c.trust_list(), c.trust_list("KZ"))
    yield verdict("F6 two Parties", "both fresh", "!hold; F6 1 hold", text=foreign,
                  trust=trust(*both, fetched_at={"KG": T, "KZ": T}, **two))  # fmt: skip
    yield verdict("T1 one Party of two is stale", "the host may be its", "!cannot_tell; T1 1 cannot_tell", text=foreign,
                  trust=trust(*both, fetched_at={"KG": T, "KZ": T - DAY - 1}, **two))  # fmt: skip
    yield verdict("T1 no list of a pinned Party", "missing", "!cannot_tell; T1 1 cannot_tell", text=foreign,
                  trust=trust(fetched_at={"KG": T, "KZ": T}, **two))  # fmt: skip
    nothing = {"lists": [], "pins": [c.pin("KG")], "fetched_at": {}, "newest_signed": 0}
    yield verdict("T1 no list at all", "missing", "!cannot_tell; T1 1 cannot_tell", trust=nothing)
    expired = c.trust_list(seq=T - 60 * DAY)
    yield verdict("T1 list expired", "now = exp", "!cannot_tell; T1 3 cannot_tell", trust=trust(expired))
    yield verdict("T1 strange host, list expired", "past its exp", "!cannot_tell; T1 1 cannot_tell", text=foreign,
                  trust=trust(expired))  # fmt: skip
    yield verdict("list's last second", "now < exp", "accept", trust=trust(c.trust_list(seq=T - 60 * DAY + 1)))
    practice = c.text("practice permit", host="practice.tamga.kg", uri="https://practice.tamga.kg/s/27q3")
    yield verdict("T7 practice sheet", "by its pin, before F6", "!cannot_tell; T7 1 cannot_tell", text=practice)
    yield verdict("T7 also when stale", "before T1", "!cannot_tell; T7 1 cannot_tell", text=practice,
                  trust=trust(**STALE))  # fmt: skip
    theirs = c.text("practice permit", host="practice.tamga.kz", uri="https://practice.tamga.kz/s/27q3")
    yield verdict("T7 another Party's practice sheet", "each its own", "!cannot_tell; T7 1 cannot_tell", text=theirs,
                  trust=trust(*both, fetched_at={"KG": T, "KZ": T}, **two))  # fmt: skip
    yield verdict("F6 practice of a Party that is not pinned", "a stranger's", "!hold; F6 1 hold", text=theirs)
    slow = {"trust": trust(newest_signed=T + 601)}
    yield verdict("T2 clock slow", "601 s before the newest signed time", "!cannot_tell; T2 7 cannot_tell", **slow)
    yield verdict("T2 before all else", "a waybill too", "!cannot_tell; T2 7 cannot_tell", text="1", **slow)
    yield verdict("clock 600 s slow", "within the skew", "accept", trust=trust(newest_signed=T + 600))
    yield verdict("T2 by the status list", "its iat is a signed time", "!cannot_tell; T2 7 cannot_tell",
                  **offline(age=-601))  # fmt: skip
    yield from another_partys_lists()


def another_partys_lists() -> Iterator[Vector]:
    """A list signed by a Party's root applies only to permits of this Party."""
    two, known = [c.pin("KG"), c.pin("KZ")], {"KG": T - HOUR, "KZ": T - HOUR}
    theirs = c.text("KZ permit", host="cites.kz.example", iss="KZ", uri="https://cites.kz.example/s/27q3",
                    p1="27KZ000001/E", p2=["Almaty Falcons", "KZ"])  # fmt: skip

    def both(*lists: bytes, pins: Any = two) -> Vector:
        return trust(*lists, pins=pins, fetched_at=known)

    ahead = both(c.trust_list(), c.trust_list("KZ", seq=T + 601))
    yield verdict("another Party's list is ahead of time", "its clock is not ours", "accept", trust=ahead)
    yield verdict("T2 that Party's own permits", "its seq is a signed time of its own",
                  "!cannot_tell; T2 7 cannot_tell", text=theirs, trust=ahead, register="not_asked")  # fmt: skip
    yield verdict("that Party's list 600 s ahead", "within the skew", "check; T1 8 check", text=theirs,
                  trust=both(c.trust_list(), c.trust_list("KZ", seq=T + 600)), register="not_asked",
                  shown="27KZ000001/E")  # fmt: skip
    early = c.status_list({}, by="KZ status", uri="https://cites.kz.example/s/27q3", iat=T + 601)
    mine = offline()
    yield verdict("another Party's status list is ahead of time", "nor is that", "accept_offline",
                  trust=both(c.trust_list(), c.trust_list("KZ")), register="not_asked",
                  status=[*mine["status"], early])  # fmt: skip
    yield verdict("T2 by that status list", "for its own Party's permits", "!cannot_tell; T2 7 cannot_tell",
                  text=theirs, trust=both(c.trust_list(), c.trust_list("KZ")), register="not_asked",
                  status=[early])  # fmt: skip
    hosts = [["cites.kz.example", T - 100 * DAY], [c.HOST, T - 100 * DAY]]
    keys = [c.key("KG permit"), c.key("KZ permit"), c.key("KG status", "status")]
    greedy, turned = c.trust_list("KZ", hosts=hosts, keys=keys), [c.pin("KZ"), c.pin("KG")]
    for name, lists, pins in (
        ("another Party claims host and key", (c.trust_list(), greedy), two),
        ("it stands first", (greedy, c.trust_list()), turned),
        ("and has expired", (c.trust_list("KZ", hosts=hosts, keys=keys, seq=T - 60 * DAY), c.trust_list()), turned),
        ("its key for our kid is of another purpose",
         (c.trust_list("KZ", hosts=hosts, keys=[c.key("KG permit", "status")]), c.trust_list()), turned),
        ("it calls our key compromised",
         (c.trust_list("KZ", hosts=hosts, keys=[c.key("KG permit", compromised=True)]), c.trust_list()), turned),
    ):  # fmt: skip
        yield verdict(name, "a Party speaks for its own permits", "accept", trust=both(*lists, pins=pins))
    yield verdict("F2 it signs as us", "its key, our host, iss KG", "!hold; F2 6 hold", text=c.text("KZ permit"),
                  trust=both(c.trust_list(), greedy))  # fmt: skip


def keys() -> Iterator[Vector]:
    unknown = c.text("stranger")
    yield verdict("F2 key unknown, fresh", "24 h to the second", "!hold; F2 3 hold", text=unknown, trust=trust(**FRESH))
    yield verdict("T1 key unknown, stale", "it may be a new one", "!cannot_tell; T1 3 cannot_tell", text=unknown,
                  trust=trust(**STALE))  # fmt: skip
    yield verdict("F2 status key", "of another purpose, also when stale", "!hold; F2 3 hold", text=c.text("KG status"),
                  trust=trust(**STALE))  # fmt: skip
    yield verdict("F2 pdf key", "of another purpose", "!hold; F2 3 hold", text=c.text("KG pdf"))
    both = trust(c.trust_list(), c.trust_list("KZ"), pins=[c.pin("KG"), c.pin("KZ")],
                 fetched_at={"KG": T - DAY - 1, "KZ": T})  # fmt: skip
    yield verdict("F2 another Party's key", "known, and not this host's", "!hold; F2 3 hold", text=c.text("KZ permit"),
                  trust=both)  # fmt: skip
    token = c.token()
    bent = f"https://tamga.kg/1#{c.digits(token[:-1] + bytes([token[-1] ^ 1]))}"
    yield verdict("F1 bent signature", "its last bit", "!hold; F1 4 hold", text=bent)
    altered = c.payload(p5=[["Falco cherrug", 2, "C", "LIV", "9", {1: "ring KG-0117", 2: ["KG"]}]])
    swapped = b"\xd2" + c.cbor([c.cbor({1: -7, 4: c.kid("KG permit")}), {}, altered, token[-64:]])
    yield verdict("F1 altered quantity", "1 made 9", "!hold; F1 4 hold", text=f"https://tamga.kg/1#{c.digits(swapped)}")
    yield verdict("F1 under another's kid", "signed by a stranger who names our key", "!hold; F1 4 hold",
                  text="https://tamga.kg/1#" + c.digits(
                      b"\xd2" + c.cbor([c.cbor({1: -7, 4: c.kid("KG permit")}), {}, c.payload(),
                                        c.sign1("stranger", c.payload())[-64:]])))  # fmt: skip
    yield verdict("T6 unknown kind", "signed, but not known", "!cannot_tell; T6 5 cannot_tell", text=c.text(p0="OX"))
    for name, why, changes in (
        ("another iss", "a key takes its list's Party", {"iss": "KZ"}),
        ("before nbf", "iat a second before the key's nbf", {"iat": T - 100 * DAY - 1}),
        ("foreign status prefix", "the Party's own prefix", {"uri": "https://evil.example/s/27q3"}),
        ("box 4 abroad", "E: box 4 is the issuer's", {"p2": ["Sunkar Falcon Centre LLC", "KZ"]}),
        ("box 4 abroad, R", "R: box 4 is the issuer's", {"p0": "R", "p2": ["A", "KZ"]}),
        ("box 3 abroad, I", "I: box 3 is the issuer's", {"p0": "I", "p3": ["A", "AE"]}),
    ):
        yield verdict(f"F2 {name}", why, "!hold; F2 6 hold", text=c.text(**changes))
    yield verdict("iat = nbf", "the key's first second", "accept", text=c.text(iat=T - 100 * DAY),
                  register=snapshot(payload=c.payload(iat=T - 100 * DAY)))  # fmt: skip

    def under(**of: Any) -> Vector:
        return trust(c.trust_list(keys=[c.key("KG permit", **of), c.key("KG status", "status")]))

    yield verdict("F2 another kind", "the key signs R only", "!hold; F2 6 hold", trust=under(kinds=["R"]))
    yield verdict("F2 retired", "iat = retired_at", "!hold; F2 6 hold", trust=under(retired_at=c.ISSUED))
    yield verdict("retired a second later", "iat < retired_at", "accept", trust=under(retired_at=c.ISSUED + 1))
    moved = trust(c.trust_list(hosts=[["tamga.kg", 0, c.ISSUED]]))
    yield verdict("F2 host ended", "iat = the host's until", "!hold; F2 6 hold", trust=moved)
    late = trust(c.trust_list(hosts=[["tamga.kg", c.ISSUED + 1]]))
    yield verdict("F2 host not begun", "iat before the host's since", "!hold; F2 6 hold", trust=late)
    lost = {"trust": under(compromised=True)}
    yield verdict("F2 compromised, register vouches", "the very payload", "check; F2 9 check", **lost)
    yield verdict("F2 compromised, not asked", "nobody vouches", "cannot_tell; F2 9 cannot_tell", **lost, **offline())
    yield verdict("compromised, register unknown", "F3 says it", "hold; F3 9 hold", **lost, register="unknown")
    yield verdict("compromised, another payload", "F4 says it", "hold; F4 9 hold", **lost,
                  register=snapshot(payload=c.payload(idx=1)))  # fmt: skip
    yield verdict("compromised, service failed", "neither", "cannot_tell; F2 9 cannot_tell; T5 9 cannot_tell", **lost,
                  **offline(register="failed"))  # fmt: skip


def time_and_status() -> Iterator[Vector]:
    yield verdict("last second", "now < exp", "accept", now=c.EXPIRES - 1, trust=late_trust())
    yield verdict("S1 expired", "now = exp", "not_valid; S1 7 not_valid", now=c.EXPIRES, trust=late_trust())
    ahead = c.payload(iat=T + 601)
    yield verdict("S5 not yet", "iat 601 s ahead", "not_valid; S5 7 not_valid", text=c.text(iat=T + 601),
                  register=snapshot(payload=ahead))  # fmt: skip
    yield verdict("skew", "iat 600 s ahead", "accept", text=c.text(iat=T + 600),
                  register=snapshot(payload=c.payload(iat=T + 600)))  # fmt: skip
    yield verdict("S5 and S6", "hold before not_valid", "hold; S5 7 not_valid; S6 9 hold", text=c.text(iat=T + 601),
                  register=snapshot(payload=ahead, state="lost", missing=True))  # fmt: skip
    yield verdict("status 6 h", "up to 6 h", "accept_offline", **offline(age=6 * HOUR))
    yield verdict("T1 status 6 h 1 s", "the same, said so", "accept_offline; T1 8 accept_offline",
                  **offline(age=6 * HOUR + 1))  # fmt: skip
    yield verdict("T1 status last second", "now < exp", "accept_offline; T1 8 accept_offline",
                  **offline(age=72 * HOUR - 1))  # fmt: skip
    yield verdict("T1 status expired", "now = exp", "check; T1 8 check", **offline(age=72 * HOUR))
    yield verdict("T1 no status list", "nothing said", "check; T1 8 check", **offline(None))
    yield verdict("T1 the list of another quarter", "its own uri only", "check; T1 8 check", register="not_asked",
                  status=[c.status_list({4711: 1}, uri="https://tamga.kg/s/27q2")])  # fmt: skip
    yield verdict("no status list at import", "silence is not 'never left'", "check; T1 8 check",
                  **offline(None, context=context("import", "gate", "AE")))  # fmt: skip
    for value, code, asks in ((1, "S2", "not_valid"), (2, "S3", "hold"), (13, "S4", "not_valid"), (14, "S6", "hold"),
                              (15, "S7", "hold")):  # fmt: skip
        yield verdict(f"status {value}", "as online", f"{asks}; {code} 8 {asks}", **offline(value))
        yield verdict(f"status {value} at import", "not said whether it left", f"{asks}; {code} 8 {asks}",
                      **offline(value, context=context("import", "gate", "AE")))  # fmt: skip
    yield verdict("status 1, list expired", "a revocation stays", "not_valid; S2 8 not_valid; T1 8 check",
                  **offline(1, age=72 * HOUR))  # fmt: skip
    for value in (4, 11):
        yield verdict(
            f"T6 status {value}", "a value of a later version", "cannot_tell; T6 8 cannot_tell", **offline(value)
        )
    yield verdict("T6 index outside", "2^17 entries", "cannot_tell; T6 8 cannot_tell",
                  **offline(text=c.text(idx=131072)))  # fmt: skip
    yield verdict("last index", "131071", "accept_offline", **offline(text=c.text(idx=131071)))
    yield verdict("status skipped", "the register answered", "accept",
                  status=[c.status_list({}, iat=T - 90 * HOUR)])  # fmt: skip
    one = c.text(p5=[["Falco peregrinus", 1, "C", "LIV", "1"]])
    yield verdict("L1 Appendix I offline", "call first", "check; L1 8 check", **offline(text=one))
    yield verdict("Appendix I online", "the register answered", "accept", text=one,
                  register=snapshot(payload=c.payload(p5=[["Falco peregrinus", 1, "C", "LIV", "1"]])))  # fmt: skip
    for quantity, outcome in (("10", "accept_offline"), ("10.5", "check; L1 8 check")):
        text = c.text(p5=[["Huso huso", 2, "C", "CAV", quantity, {0: "KGM"}]])
        yield verdict(f"L1 {quantity} kg of 10", "above the quantity set", outcome,
                      **offline(text=text, context=context(offline_limits={"KGM": "10", "": "0"})))  # fmt: skip
    yield verdict("L1 specimens", "no unit: number of specimens", "check; L1 8 check",
                  **offline(context=context(offline_limits={"": "0"})))  # fmt: skip
    yield from sums_offline()


def sums_offline() -> Iterator[Vector]:
    """L1 adds up the quantities of the whole permit for each dimension."""

    def lines(*amounts: tuple[str, str | None]) -> list[Any]:
        species = ("Falco cherrug", "Huso huso")
        return [[species[n % 2], 2, "C", "LIV", quantity, *([{0: unit}] if unit else [])]
                for n, (quantity, unit) in enumerate(amounts)]  # fmt: skip

    limits = {"": "20", "KGM": "10"}
    called, passed = "check; L1 8 check", "accept_offline"
    for name, why, expect, amounts in (
        ("20 specimens in two lines", "not above the limit", passed, (("12", None), ("8", None))),
        ("21 specimens in two lines", "of two species", called, (("12", None), ("9", None))),
        ("10 kg in kg, g and mg", "not above the limit", passed, (("9", "KGM"), ("999", "GRM"), ("1000", "MGM"))),
        ("10 kg and 1 mg", "any unit of weight", called, (("9", "KGM"), ("1000", "GRM"), ("1", "MGM"))),
        ("10,001 g of 10 kg", "a unit that has no limit of its own", called, (("10001", "GRM"),)),
        ("20 specimens and 10 kg", "dimensions are not mixed", passed, (("20", None), ("10", "KGM"))),
        ("99 m", "a dimension without a limit", passed, (("99", "MTR"),)),
        ("99 of an unknown unit", "another Party's", passed, (("99", "XYZ"), ("20", None))),
    ):
        yield verdict(f"L1 {name}", why, expect, **offline(
            text=c.text(p5=lines(*amounts)), context=context(offline_limits=limits)))  # fmt: skip
    # a bundle may set several limits of one dimension: the smallest decides
    for unit, quantity in (("KGM", "1"), ("GRM", "999")):
        yield verdict(f"L1 two limits of weight, {quantity} {unit}", "the smaller one", called, **offline(
            text=c.text(p5=lines((quantity, unit))),
            context=context(offline_limits={"KGM": "10", "GRM": "998"})))  # fmt: skip
    sixty = [c.text(cti=bytes([n]) * 16, p8=[n, 15], p5=lines(*[("20", None)] * 4)) for n in range(1, 16)]
    yield verdict("L1 60 lines of 20 specimens", "each at the limit", called, pages=list(range(1, 16)), **offline(
        text=sixty[0], context=context(offline_limits=limits, other_pages=sixty[1:])))  # fmt: skip
    pages = [c.text(cti=bytes([n]) * 16, p8=[n, 3], p5=lines((str(n * 7), None))) for n in (1, 2, 3)]
    yield verdict("L1 21 specimens on two pages of three", "all pages that were seen",
                  "check; D2 5 check; L1 8 check", pages=[2, 1], **offline(
        text=pages[1], context=context(offline_limits=limits, other_pages=[pages[0]])))  # fmt: skip
    yield verdict("L1 14 specimens on one page of three", "unseen pages are D2", "check; D2 5 check", pages=[2],
                  **offline(text=pages[1], context=context(offline_limits=limits)))  # fmt: skip


def late_trust() -> Vector:
    return trust(c.trust_list(seq=c.EXPIRES - DAY), fetched_at={"KG": c.EXPIRES})


def register() -> Iterator[Vector]:
    yield verdict("F3 unknown", "the register answered", "hold; F3 9 hold", register="unknown")
    for state in ("approved", "signing", "void", "draft"):
        yield verdict(f"F3 {state}", "known, but not issued", "hold; F3 9 hold", register=snapshot(state=state))
    yield verdict("F4 another payload", "byte for byte", "hold; F4 9 hold", facts={"F4": {"page": 1}},
                  register=snapshot(payload=c.payload(cti=bytes(16))))  # fmt: skip
    yield verdict("F4 no such page", "no payload for it", "hold; F4 9 hold", register=snapshot(payloads={}))
    yield verdict("T5 failed", "our server", "cannot_tell; T5 9 cannot_tell", **offline(register="failed"))
    for name, expect, more in (
        ("S2 revoked", "not_valid; S2 9 not_valid", {"state": "revoked"}),
        ("S7 for cause", "hold; S7 9 hold", {"state": "revoked", "for_cause": True}),
        ("S3 suspended", "hold; S3 9 hold", {"state": "suspended"}),
        ("S4 replaced", "not_valid; S4 9 not_valid", {"state": "replaced", "replaced_by": "27KG000124/E"}),
        ("S6 lost", "hold; S6 9 hold", {"state": "lost", "missing": True}),
        ("S6 stolen, then replaced", "hold; S4 9 not_valid; S6 9 hold", {"state": "replaced", "missing": True}),
        ("P2 quota", "check; P2 9 check", {"quota_passed": True}),
        ("D4 legacy", "check; D4 9 check", {"legacy": True}),
    ):
        yield verdict(name, "the register says so", expect, register=snapshot(**more))
    kz = c.text("KZ permit", host="cites.kz.example", iss="KZ", uri="https://cites.kz.example/s/27q3",
                p1="27KZ000001/E", p2=["A", "KZ"])  # fmt: skip
    both = trust(c.trust_list(), c.trust_list("KZ"), pins=[c.pin("KG"), c.pin("KZ")], fetched_at={"KG": T, "KZ": T})
    silent = {"text": kz, "trust": both, "shown": "27KZ000001/E", "register": "not_asked"}
    listed = [c.status_list({4711: 0}, by="KZ status", uri="https://cites.kz.example/s/27q3")]
    yield verdict("another Party's, not asked", "never F3", "accept_offline", status=listed, **silent)
    own = [use("e1", T - HOUR, "import")]
    yield verdict("another Party's, used here already", "our own endorsements count whatever its register said",
                  "hold; U1 10 hold", status=listed, **silent, own_uses=[use("e1", T - 73 * HOUR, "import")],
                  context=context("import", "airport", "AE"))  # fmt: skip
    yield verdict("another Party's answered, our use beside it", "own uses are judged too", "check; U5 10 check",
                  text=kz, trust=both, shown="27KZ000001/E", own_uses=own, context=context("transit", "airport", "KG"),
                  register=snapshot(payload=c.payload(iss="KZ", uri="https://cites.kz.example/s/27q3",
                                                      p1="27KZ000001/E", p2=["A", "KZ"])))  # fmt: skip


def pages_and_files() -> Iterator[Vector]:
    texts = [c.text(cti=bytes([n]) * 16, p8=[n, 3]) for n in (1, 2, 3)]
    payloads = {str(n): c.payload(cti=bytes([n]) * 16, p8=[n, 3]).hex() for n in (1, 2, 3)}
    known = {"register": snapshot(payloads=payloads)}
    yield verdict("D2 one page of three", "names the pages not seen", "check; D2 5 check", text=texts[1], **known,
                  pages=[2], facts={"D2": {"pages": [1, 3], "of": 3}})  # fmt: skip
    yield verdict("D2 two of three", "any page stands for the permit", "check; D2 5 check", text=texts[2], **known,
                  context=context(other_pages=[texts[0]]), pages=[3, 1],
                  facts={"D2": {"pages": [2], "of": 3}})  # fmt: skip
    yield verdict("all three pages", "in any order", "accept", text=texts[0], **known, pages=[1, 2, 3],
                  context=context(other_pages=[texts[2], texts[0], texts[1]]))  # fmt: skip
    other = c.text(p1="27KG000124/E", cti=bytes([9]) * 16)
    yield verdict("D3 two permits", "in one file", "check; D3 5 check", context=context(other_pages=[other]))
    yield verdict("D3 once", "however many strangers", "check; D3 5 check", context=context(other_pages=[other, other]))
    twin = c.text(cti=bytes([1]) * 16, p8=[2, 3])
    yield verdict("D3 two tokens for one page", "at most one each", "check; D3 5 check", text=texts[0], **known,
                  pages=[1, 2, 3], context=context(other_pages=[texts[1], texts[2], twin]))  # fmt: skip
    yield verdict(
        "a waybill beside it", "says nothing about the permit", "accept", context=context(other_pages=["123"])
    )
    forged = f"https://tamga.kg/1#{c.digits(c.token()[:-1] + bytes([c.token()[-1] ^ 1]))}"
    yield verdict("F1 beside a good page", "what is wrong with a page is said", "hold; F1 4 hold",
                  context=context(other_pages=[forged]))  # fmt: skip
    record = json.dumps(c.RECORD, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    sealed = {
        "kind": "pdf", "codes": [c.text()], "pages": 1, "revisions": 1, "record": record, "tokens": [c.text()],
        "has_text": True, "form_codes": [c.text()], "blocks": {"1": [c.NUMBER]}, "overlaid": [], "altered": [],
        "trouble": None,
        "seals": [{"intact": True, "whole_file": True, "fingerprint": c.sha256(b"KG pdf").hexdigest(),
                   "public_key": c.spki("KG pdf").hex(), "certified": True, "signed_at": c.ISSUED}],
    }  # fmt: skip
    seal = sealed["seals"][0]
    yield verdict("the issuer's own file", "seal, record and print", "accept", document=sealed)
    for name, why, changes in (
        ("a picture", "only the code is confirmed", {"kind": "image"}),
        ("no seal", "a re-saved file", {"seals": []}),
        ("a broken seal", "intact", {"seals": [seal | {"intact": False}]}),
        ("a foreign seal", "the trust list's pdf key", {"seals": [seal | {"fingerprint": "00" * 32}]}),
        ("added to", "nothing since the seal", {"revisions": 2}),
        ("another record", "the digest that the token names", {"record": "{}"}),
    ):
        yield verdict(f"D1 {name}", why, "check; D1 11 check", document=sealed | changes)
    for name, changes in (
        ("another number printed", {"blocks": {"1": ["27KG000999/E"]}}),
        ("letters covered", {"altered": ["9"]}),
    ):
        yield verdict(f"F5 {name}", "printed is what was signed", "hold; F5 12 hold", document=sealed | changes)
    copy = sealed | {"seals": [], "overlaid": ["9"]}
    yield verdict("D1 laid over", "of a copy it is named, and accuses nobody", "check; D1 11 check", document=copy)


def order() -> Iterator[Vector]:
    """The gravest outcome counts: hold, not_valid, cannot_tell, check, accept_offline, accept."""
    yield verdict("hold before not_valid", "S3 and P1", "hold; S3 9 hold; P1 10 not_valid",
                  register=snapshot(state="suspended"), context=context("export", None, "AE"))  # fmt: skip
    yield verdict("not_valid before cannot_tell", "P1 and T5", "not_valid; T5 9 cannot_tell; P1 10 not_valid",
                  **offline(register="failed"), context=context("export", None, "AE"))  # fmt: skip
    yield verdict("cannot_tell before check", "T5 and T1", "cannot_tell; T1 8 check; T5 9 cannot_tell",
                  **offline(None, register="failed"))  # fmt: skip
    yield verdict("check before accept_offline", "L1 and T1", "check; L1 8 check; T1 8 accept_offline",
                  **offline(age=7 * HOUR, context=context(offline_limits={"": "0"})))  # fmt: skip
    yield verdict("by check, then by letter", "P2 9, D4 9, U6 10", "check; D4 9 check; P2 9 check; U6 10 check",
                  register=snapshot(quota_passed=True, legacy=True), context=context("import", None, "AE"))  # fmt: skip
