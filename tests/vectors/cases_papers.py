"""Paper permits from before Tamga: how numbers are read, and the verdict without any QR code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors.craft import DAY, HOUR, T
from vectors.scenes import Vector, context, snapshot, use

PAPER = {
    "issuer": "KG", "number": "KG-0117/2026", "kind": "E", "exporter": ["Ogul", "KG"], "importer": ["B", "AE"],
    "purpose": "T", "issued_at": T - 30 * DAY, "expires_at": T + 30 * DAY,
    "lines": [["Falco cherrug", 2, "C", "LIV", "1"]],
}  # fmt: skip


def paper(name: str, why: str, expect: str, *uses: Vector, permit: Vector | None = None, **changes: Any) -> Vector:
    """A paper permit. `expect` is as in `scenes.verdict`. `state` has members of the register's snapshot."""
    state = changes.pop("state", {})
    held = snapshot(*uses, payloads={}, legacy=True, **state)
    given: Vector = {
        "permit": PAPER | (permit or {}), "register": held, "context": context(), "zone": "Asia/Bishkek", "now": T,
    } | changes  # fmt: skip
    outcome, *rows = [part.strip() for part in expect.split(";")]
    codes = []
    for row in rows:
        code, check, asks = row.split()
        codes.append({"code": code, "check": int(check), "asks": asks.removesuffix("*")})
        if asks.endswith("*"):
            codes[-1]["cleared"] = True
    failed = {row["check"] for row in codes if row["asks"] in {"hold", "not_valid"}}
    results = {str(n): "skipped" if n not in {7, 9, 10} else "fail" if n in failed else "pass" for n in range(1, 13)}
    return {
        "name": name,
        "why": why,
        "input": given,
        "expect": {"outcome": outcome, "codes": codes, "results": results},
    }


def papers() -> Iterator[Vector]:
    yield paper("in order", "never more than check: a person compares the paper", "check; D4 9 check")
    yield paper("S1 last second", "now < exp", "check; D4 9 check", now=T + 30 * DAY - 1)
    yield paper("S1", "now = exp", "not_valid; S1 7 not_valid; D4 9 check", now=T + 30 * DAY)
    yield paper("S5", "issued on a day to come", "not_valid; S5 7 not_valid; D4 9 check",
                permit={"issued_at": T + 601})  # fmt: skip
    for name, expect, state in (
        ("S2", "not_valid; D4 9 check; S2 9 not_valid", {"state": "revoked"}),
        ("S3", "hold; D4 9 check; S3 9 hold", {"state": "suspended"}),
        ("S4", "not_valid; D4 9 check; S4 9 not_valid", {"state": "replaced", "replaced_by": "27KG000124/E"}),
        ("S6", "hold; D4 9 check; S6 9 hold", {"state": "lost", "missing": True}),
        ("S7", "hold; D4 9 check; S7 9 hold", {"state": "revoked", "for_cause": True}),
    ):
        yield paper(name, "the register says so", expect, state=state)
    left = use("e1", T - HOUR)
    yield paper("U6 at import", "nobody saw it leave", "check; D4 9 check; U6 10 check",
                context=context("import", "east", "AE"))  # fmt: skip
    yield paper("U5 public", "endorsed for export", "check; D4 9 check; U5 10 check", left)
    yield paper("U1 at another post", "used already", "hold; D4 9 check; U1 10 hold", left,
                context=context("export", "nowhere", "KG"))  # fmt: skip
    yield paper("left and arriving", "in order but for the paper", "check; D4 9 check", left,
                context=context("import", "nowhere", "AE"))  # fmt: skip
    yield paper("seen before it left", "a scan that is brought in later", "check; D4 9 check", left,
                context=context("export", "nowhere", "KG", seen_at=T - HOUR - 1))  # fmt: skip
    yield paper("seen in its last second", "brought in later", "check; D4 9 check", now=T + 31 * DAY,
                context=context(seen_at=T + 30 * DAY - 1))  # fmt: skip
    yield paper("P1", "not box 3's country", "not_valid; D4 9 check; P1 10 not_valid; U6 10 check",
                context=context("import", "east", "DE"))  # fmt: skip
    yield paper("P4", "our goods come back", "check; D4 9 check; P4 10 check", context=context("import", "east", "KG"))
    yield paper("U7", "an endorsement was withdrawn", "check; D4 9 check; U7 10 check",
                left | {"withdrawn_at": T - 60})  # fmt: skip
    yield paper("U9", "stamped by hand, not confirmed", "check; D4 9 check; U9 10 check", left | {"result": "pending"},
                context=context("export", "nowhere", "KG"))  # fmt: skip
    yield paper("S1 left in time", "its law is the importing country's", "check; S1 7 check; D4 9 check", left,
                now=T + 1, permit={"expires_at": T + 1}, context=context("import", "nowhere", "AE"),
                )  # fmt: skip
    far = (left, use("e2", T - HOUR // 2, post="nowhere", transport_document="AWB 2"))
    yield paper("U4 cleared", "a cleared code asks for check", "check; D4 9 check; U4 10 check*; U5 10 check", *far,
                state={"cleared": [{"code": "U4", "events": ["e1", "e2"]}]})  # fmt: skip
    yield paper("import permit", "used at import only", "check; D4 9 check", use("e1", T - HOUR),
                permit={"kind": "I", "exporter": ["B", "KZ"], "importer": ["Ogul", "KG"]}, state={"kind": "I"},
                context=context("export", "nowhere", "KG"))  # fmt: skip
    yield paper("many crossings", "never used up", "check; D4 9 check", left, permit={"kind": "OW"},
                state={"kind": "OW"}, context=context("export", "nowhere", "KG"))  # fmt: skip


def numbers() -> Iterator[Vector]:
    # Text, why, how it is shown, its identity, and the number of Tamga's form if only a look-up reads the text as one.
    rows: tuple[tuple[str, str, str | None, str | None] | tuple[str, str, str, str, str], ...] = (
        ("KG-0117/2026", "as on the paper", "KG-0117/2026", "KG117-2026"),
        ("kg-0117/2026", "small letters", "KG-0117/2026", "KG117-2026"),
        (" KG 0117 / 2026 ", "blanks", "KG-0117/2026", "KG117-2026"),
        ("KG 0117/2026", "another blank", "KG-0117/2026", "KG117-2026"),
        ("KG 0117 2026", "a blank for each separator", "KG-0117-2026", "KG117-2026"),
        ("KG-0117/26", "two digits for a year", "KG-0117/26", "KG117-2026"),
        ("2026/117-26", "at the end alone", "2026/117-26", "2026-117-2026"),
        ("KG-26", "a number is no year", "KG-26", "KG26"),
        ("KG-0117/05", "nor is what was no year of ours", "KG-0117/05", "KG117-5"),
        ("KG-Ө117/2026", "a Kyrgyz letter for 0", "KG-O117/2026", "KG117-2026"),
        ("KG-0l17/2026", "a small L for 1", "KG-0L17/2026", "KG117-2026"),
        ("кг-0117/2026", "a Cyrillic Г", "KГ-0117/2026", "KG117-2026"),
        ("KG-0117/2026-Б", "one more letter is another number", "KG-0117/2026-Б", "KG117-2026Б"),
        ("КG–0117/2026", "a Cyrillic К, a dash", "KG-0117/2026", "KG117-2026"),
        ("№ KG-0117/2026", "a sign for number", "KG-0117/2026", "KG117-2026"),
        ("No. 117/2026", "a word for number", "117/2026", "117-2026"),
        ("N-117/2026", "and a letter for it", "N-117/2026", "117-2026"),
        ("NO-118/2026", "with a dash behind", "NO-118/2026", "118-2026"),
        ("N-0", "of nothing but zero", "N-0", "0"),
        ("KG-O1I7/2O26", "O and I for 0 and 1", "KG-O1I7/2O26", "KG117-2026"),
        ("KG-117/2026", "zeros in front", "KG-117/2026", "KG117-2026"),
        ("\uff2b\uff27-\uff10117/2026", "full width (NFKC)", "KG-0117/2026", "KG117-2026"),
        ("1/234", "digits stay apart", "1/234", "1-234"),
        ("12/3", "from other digits", "12/3", "12-3"),
        ("Э-5", "a letter that is like none", "Э-5", "Э5"),
        ("Ү-5", "one that is", "Y-5", "Y5"),
        ("0", "zero", "0", "0"),
        ("26KG000045/E", "a number of Tamga's is itself", "26KG000045/E", "26KG000045/E"),
        ("26 kg 45 e", "and so is what reads as one", "26-KG-45-E", "26KG000045/E"),
        ("026KG000119/E", "whatever zeros stand in front", "026KG000119/E", "26KG000119/E"),
        ("N 26KG0000119/E", "and a word for number", "26KG0000119/E", "26KG000119/E"),
        ("26КG00OO45/Е", "in Cyrillic too", "26KG00OO45/E", "26KG000045/E"),
        ("26KG000045/0", "O for a certificate", "26KG000045/0", "26KG000045/O"),
        ("26KG000045/17", "a paper's own suffix", "26KG000045/17", "26KG45-2017"),
        ("26KG000045/I/1", "a number of Tamga's with more behind it", "26KG000045/I/1", "26KG000045/I"),
        ("26KG000045/1/1", "and with 1 for I", "26KG000045/1/1", "26KG45-1-1"),
        ("26KG000045I1", "and without separators", "26KG000045I1", "26KG000045/I"),
        ("26KG010000I/1", "of a long serial", "26KG010000I/1", "26KG010000/I"),
        ("26KG000045III/E", "many I behind it are no digits", "26KG000045III/E", "26KG000045/I"),
        ("26KG000045/1E", "two characters of an ending", "26KG000045/1E", "26KG45-1E"),
        ("26KG1/1/11111", "digits apart are no serial", "26KG1/1/11111", "26KG1-1-11111"),
        ("26-KG-000-045-O-W", "zeros in front and the ending apart", "26-KG-000-045-O-W", "26KG000045/OW"),
        ("26KG 123 456 E", "blanks inside the serial", "26KG-123-456-E", "26KG123-456E", "26KG123456/E"),
        ("№ 26 кг 12 34 5б e", "with a letter in it", "26-KГ-12-34-5Б-E", "26KG12-34-5БE"),
        ("№ 26 кг 12 34 56 ow", "in pairs", "26-KГ-12-34-56-OW", "26KG12-34-56-0W", "26KG123456/OW"),
        ("26KG 1O0 O45/E", "with O for 0", "26KG-1O0-O45/E", "26KG100-2045E", "26KG100045/E"),
        ("26KG 123 4567 E", "one digit too many", "26KG-123-4567-E", "26KG123-4567E"),
        ("26KG 123 45 E", "one digit too few", "26KG-123-45-E", "26KG123-2045E"),
        ("26KG 123 45 O R", "no letter ends the serial", "26KG-123-45-O-R", "26KG123-45-0R"),
        ("26KG 123/456 E", "a stroke is no blank", "26KG-123/456-E", "26KG123-456E"),
        ("26KG 123 456", "no ending", "26KG-123-456", "26KG123-456"),
        ("26KG 123 456/I/1", "text behind it", "26KG-123-456/I/1", "26KG123-456-1-1"),
        ("", "nothing", None, None),
        ("KG", "no digit", None, None),
        ("KG\u200b-0117/2026", "an invisible character", None, None),
        ("KG_0117*", "a strange sign", None, None),
        ("Κ-5", "a Greek letter", None, None),
        ("-5", "a dash in front", None, None),
        ("9" * 36, "too long", None, None),
    )
    for text, why, shown, identity, *typed in rows:
        expect = {"refused": "number"} if shown is None else {"written": shown, "identity": identity}
        if typed:
            expect["typed"] = typed[0]
        yield {"name": f"{text[:40]!a} {why}", "why": why, "input": {"number": text}, "expect": expect}
