"""Example traffic for the pattern rules: for each rule a window with a flag, and some windows without one."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.breeding.model import Operation
from chalicelib.kernel.days import DAY, HOUR
from chalicelib.patterns.window import Origin, PairedChange, PermitData, Spoiled, Window
from chalicelib.people import services as people
from chalicelib.record.permit import Line, SourceDocument, line_letter
from chalicelib.species.model.name_search import fold
from chalicelib.uses.use import PermittedAmount, Use, UsedLine, Withdrawal
from chalicelib.verdict.snapshot import Arrival

MONDAY = 1_795_406_400  # 2026-11-23 10:00 in Bishkek
NOW = MONDAY + 3 * DAY
SAKER = Line(scientific_name="Falco cherrug", marks="ring KG-0117", source="C", term="LIV", quantity="2")
FARM = Operation("A-KG-001", "Falcon Centre LLC", "Falco cherrug", ("C", "F"), "40", "", "2020-01-01", "", "Order 1")
POSTS = people.posts("KG")


def permit(n: int = 1, *, days: float = 3, **changes: Any) -> PermitData:
    """A permit of one line, issued so many days ago (3: on Monday at ten)."""
    at = NOW - round(days * DAY)
    fields: dict[str, Any] = {
        "id": f"id-{n}", "number": f"26KG{n:06d}/E", "kind": "E", "state": "issued",
        "exporter": f"{fold(FARM.holder)}|KG",
        "exporter_name": "Falcon Centre LLC", "destination": "AE", "purpose": "T", "lines": (SAKER,), "issued_at": at,
        "expires_at": at + 150 * DAY, "creator": "maker", "excluded_approvers": frozenset({"maker", "scientist"}),
        "issuer": "maker",
        "approver": "approver", "approved_at": at, "overrides": (), "lacking": (),
    } | changes  # fmt: skip
    lines = fields["lines"]
    fields.setdefault("allowed", {line_letter(i): PermittedAmount(x.quantity, x.unit) for i, x in enumerate(lines)})
    return PermitData(**fields)


def used(
    post: str = "manas-airport", kind: str = "export", *, hours: float = 24, quantity: str = "2", **changes: Any
) -> Use:
    """A use so many hours ago."""
    at = NOW - round(hours * HOUR)
    made = Use(str(uuid.uuid5(uuid.NAMESPACE_OID, f"{post} {kind} {hours}")), kind, post, at, "officer",
               (UsedLine("A", quantity),), f"AWB {hours}")  # fmt: skip
    return replace(made, **changes)


def undone(n: int, officer: str = "officer", brought_by: str | None = None) -> Use:
    back = Withdrawal("undo", NOW - HOUR, "friend", "flight cancelled")
    return used(hours=30 + n, officer=officer, withdrawn=back, brought_by=brought_by)


def by_day(each: PermitData) -> int:
    return each.issued_at


def window(*permits: PermitData, **changes: Any) -> Window:
    fields: dict[str, Any] = {"now": NOW, "since": NOW - 60 * DAY, "issuer": "KG", "zone": "Asia/Bishkek",
                              "permits": tuple(sorted(permits, key=by_day)), "posts": POSTS}  # fmt: skip
    return Window(**fields | changes)


def quoting(n: int, number: str, country: str = "RU", day: str = "2026-09-01", quantity: str = "2") -> PermitData:
    line = replace(SAKER, marks=None, quantity=quantity, origin=SourceDocument(country, number, day))
    return permit(n, kind="R", lines=(line,))


def a_year_of(count: int, destination: str = "AE") -> list[PermitData]:
    return [permit(100 + n, days=61 + n * 300 / count, destination=destination, lines=(replace(SAKER, marks=None),))
            for n in range(count)]  # fmt: skip


def of(exporter: str, first: int, count: int, days: float = 3, **changes: Any) -> list[PermitData]:
    plain = (replace(SAKER, marks=None),)
    return [permit(first + n, days=days, exporter=exporter, exporter_name=exporter, **{"lines": plain, **changes})
            for n in range(count)]  # fmt: skip


def tortoises(
    n: int, moved: str = "1", *, permitted: str = "1000", officer: str = "officer", **changes: Any
) -> PermitData:
    """A permit for a large quantity, of which `moved` was endorsed."""
    line = Line(scientific_name="Testudo horsfieldii", source="W", term="LIV", quantity=permitted)
    return permit(n, lines=(line,), uses=(used(hours=20 + n, quantity=moved, officer=officer),), **changes)


BY_NUMBER = replace(SAKER, operation_or_acquisition="a-kg 001")
TWO_EXPORTS = (used(hours=60), used("irkeshtam", hours=20))
BACK = (used(hours=24 * 40), used(kind="import", hours=24 * 20))
BURST = [*of("b", 1, 12), *[each for n in range(20) for each in of("b", 200 + n, 1, days=70 + n * 9)]]
NIGHT = MONDAY + 13 * HOUR  # 23:00
PAIR = [*of("friend", 1, 9, creator="p1", issuer="p1", approver="a1"), *of("x", 50, 20, issuer="p2", approver="a2")]
SHARED = [*of("friend", 1, 9, issuer="p1", approver="a1"), *of("x", 50, 20, issuer="p1", approver="a1")]
OVERRIDES = [
    permit(n, overrides=(("approver", NOW - n * DAY),), lines=(replace(SAKER, marks=None),)) for n in range(1, 5)
]
ROWDY = [permit(n, uses=(undone(n) if n < 4 else used(hours=25 + n),)) for n in range(25)]
BROUGHT = [permit(n, uses=(undone(n, brought_by="colleague"),)) for n in range(4)]
CAREFUL = [permit(n, uses=(used(hours=25 + n, officer="other"),)) for n in range(100, 140)]

FIRES: dict[str, Window] = {
    "used_twice": window(permit(uses=TWO_EXPORTS)),
    "too_fast": window(permit(uses=(used(hours=24), used("irkeshtam", "import", hours=23.9)))),
    "too_much": window(permit(uses=(used(quantity="3"),))),
    "not_left": window(permit(not_left=Arrival("AE", NOW - 31 * DAY, (("A", "2"),), True))),
    "quota_passed": window(permit(quota_passed=True)),
    "same_mark": window(permit(1, days=20), permit(2)),
    "bred_by_nobody": window(permit(exporter="somebody|KG"), operations=(FARM,)),
    "bred_too_many": window(*(permit(n, lines=(replace(SAKER, quantity="5"),)) for n in range(9)), operations=(FARM,)),
    "origin_not_a_number": window(quoting(1, "26DE000001", "CZ")),
    "origin_unknown": window(quoting(1, "26KG000999/E", "KG")),
    "origin_later": window(quoting(1, "RU-7", day="2026-11-25")),
    "origin_used_up": window(quoting(1, "RU-7"), quoting(2, "ru 7"),
                             origins={("RU", name): Origin(True, {"": Decimal(3)}) for name in ("RU-7", "ru 7")}),
    "new_lane": window(permit(destination="QA"), *a_year_of(55)),
    "burst": window(*BURST),
    "personal_again": window(*of("p", 1, 3, purpose="P")),
    "round_the_rules": window(permit(excluded_approvers=frozenset({"approver"}))),
    "one_pair": window(*PAIR),
    "off_hours": window(*(permit(n, approved_at=NIGHT, lines=()) for n in range(3))),
    "many_overrides": window(*OVERRIDES),
    "many_undone": window(*ROWDY, *CAREFUL),
    "far_less": window(*(tortoises(n) for n in range(3))),
    "missing_serials": window(numbers=dict.fromkeys(("26KG000003/E", "26KG000004/O", "26KG000007/E"), "used")),
    "many_voids": window(voids=tuple((f"26KG{n:06d}/E", NOW - n * DAY) for n in range(3))),
    "many_stamps_spoiled": window(spoiled=tuple(Spoiled(f"KG-A {n:06d}", "clerk", NOW - n * DAY) for n in range(5))),
    "desk_changed": window(paired=(PairedChange("desk", "police", NOW - DAY, "one", "other"),)),
    "quota_raised": window(paired=(PairedChange("quota", "Saiga tatarica (2026)", NOW, "one", "other", "0", "9"),)),
}  # fmt: skip
RESTS: dict[str, list[Window]] = {
    "used_twice": [
        window(permit(uses=TWO_EXPORTS[:1])),
        window(permit(uses=(TWO_EXPORTS[0], replace(TWO_EXPORTS[1], withdrawn=Withdrawal("u", NOW, "x", "y"))))),
        window(permit(kind="OW", uses=TWO_EXPORTS)),  # for many crossings
        window(permit(uses=TWO_EXPORTS, cleared=frozenset({("U4", tuple(sorted(u.event_id for u in TWO_EXPORTS)))}))),
        window(permit(uses=TWO_EXPORTS), since=NOW - HOUR),
    ],
    "too_fast": [window(permit(uses=(used(hours=24), used("irkeshtam", "import", hours=20))))],
    "too_much": [window(permit(uses=(used(quantity="2"),)))],
    "not_left": [
        window(permit()),
        window(permit(not_left=Arrival("AE", NOW - 31 * DAY + 1, (("A", "2"),), True))),
        window(permit(not_left=Arrival("AE", NOW - 61 * DAY, (("A", "2"),), True))),
    ],
    "quota_passed": [window(permit())],
    "same_mark": [
        window(permit(1, days=20, state="replaced"), permit(2)),
        window(permit(1, days=200), permit(2)),  # expired unused
        window(permit(1, days=60, uses=BACK), permit(2)),  # exported and returned
        window(permit(1, days=20, related=frozenset({"id-2"})), permit(2)),
        window(permit(1, days=20), permit(2, lines=(replace(SAKER, scientific_name="Vulpes vulpes"),))),
        window(permit(1, days=20), permit(2, kind="I")),
        window(permit(lines=(SAKER, SAKER))),
    ],
    "bred_by_nobody": [
        window(permit(exporter="somebody|KG")),  # no register yet
        window(permit(), operations=(FARM,)),
        window(permit(exporter="x|KG", lines=(BY_NUMBER,)), operations=(FARM,)),
        window(permit(exporter="x|KG", lines=(replace(SAKER, source="W"),)), operations=(FARM,)),
    ],
    "bred_too_many": [
        window(*(permit(n, lines=(replace(SAKER, quantity="5"),)) for n in range(8)), operations=(FARM,)),
        window(*(permit(n, state="replaced", lines=(replace(SAKER, quantity="5"),)) for n in range(9)),
               operations=(FARM,)),
    ],
    "origin_not_a_number": [window(quoting(1, "23CZ034504", "CZ")), window(quoting(1, "RU-7/E"))],
    "origin_unknown": [window(quoting(1, "26KG000999/E", "KG"), origins={("KG", "26KG000999/E"): Origin(True)})],
    "origin_later": [window(quoting(1, "RU-7", day="2026-11-23"))],
    "origin_used_up": [
        window(quoting(1, "RU-7"), quoting(2, "RU-7"), origins={("RU", "RU-7"): Origin(True, {"": Decimal(4)})}),
        window(quoting(1, "RU-7"), quoting(2, "RU-7"), origins={("RU", "RU-7"): Origin(True)}),
    ],
    "new_lane": [
        window(permit(destination="QA"), *a_year_of(49)),  # too small a sample
        window(permit(destination="QA"), *a_year_of(55, "QA")),
    ],
    "burst": [window(*BURST[:9], *BURST[12:]), window(*BURST[:12])],
    "personal_again": [window(*of("p", 1, 2, purpose="P")), window(*of("p", 1, 3, purpose="H"))],
    "round_the_rules": [window(permit())],
    "one_pair": [window(*SHARED), window(*PAIR[:7], *PAIR[9:])],
    "off_hours": [window(*(permit(n) for n in range(9))), window(*(permit(n, approved_at=NIGHT) for n in range(2)))],
    "many_overrides": [window(*OVERRIDES[:2])],
    "many_undone": [
        window(*(permit(n, uses=(undone(n) if n < 2 else used(hours=25 + n),)) for n in range(25)), *CAREFUL),
        window(*(permit(n, uses=(undone(n, "officer" if n % 2 else "other"),)) for n in range(50))),  # all alike
        # a colleague submitted them under the officer's name, and the colleague's friend withdrew them
        window(*BROUGHT, *ROWDY[4:], *CAREFUL),
    ],
    "far_less": [
        window(*(tortoises(n) for n in range(2))),
        window(*(tortoises(n, "51") for n in range(3))),
        window(*(tortoises(n, "1", permitted="19") for n in range(3))),
        window(*(tortoises(n, exporter=f"firm {n}|KG", officer=f"officer {n}") for n in range(3))),
        window(*(tortoises(n, kind="OW") for n in range(3))),  # for many crossings
    ],
    "missing_serials": [window(numbers=dict.fromkeys(("26KG000003/E", "26KG000004/O", "25KG000001/E"), "used"))],
    "many_voids": [window(voids=(("26KG000001/E", NOW), ("26KG000002/E", NOW), ("26KG000003/E", NOW - 40 * DAY)))],
    "many_stamps_spoiled": [window(spoiled=tuple(Spoiled(f"KG-A {n}", f"clerk {n}", NOW) for n in range(9)))],
    "desk_changed": [window(paired=(PairedChange("quota", "Saiga tatarica (2026)", NOW, "one", "other", "0", "9"),)),
                     window(paired=(PairedChange("desk", "police", NOW - 61 * DAY, "one", "other"),))],
    "quota_raised": [window(paired=(PairedChange("desk", "police", NOW, "one", "other"),))],
}  # fmt: skip
