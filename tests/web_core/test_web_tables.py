"""The tables generated for web/core equal Python's; its zones and days equal those of the IANA database."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import proof
from web_core.asking import Node, Question, agree, needs_node

from chalicelib.applications.rules import validity
from local import web_tables

pytestmark = needs_node
SINCE, UNTIL = 1_767_225_600, 2_114_380_800  # 2026-01-01, 2037-01-01
DAY = 86_400
# before and after the calendar, turns of centuries
BEYOND = (0, 1_800_000_000, 253_402_214_399, 253_402_214_400, 1 << 40, (1 << 53) - 1)


def zone(name: str) -> ZoneInfo:
    """Return the zone of PyPI's tzdata, independent of the machine's tables."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def names() -> list[str]:
    return sorted((files("tzdata") / "zones").read_text().split())


def test_tables_equal_those_of_python(node: Node) -> None:
    agree(node, {"ask": "tables"})


def test_foreign_number_forms_equal_those_of_python(node: Node) -> None:
    numbers = ["23CZ034504", "26KZ000123/E", "26KZ000123", "FR1007533178-E", "26GBEXP12345A", "ZW/4514/2011", "CZ/17"]
    for country in ("CZ", "FR", "GB", "ZW", "KZ", "__proto__"):
        agree(node, {"ask": "foreign_form", "country": country, "numbers": numbers})


def test_generated_tables_are_up_to_date() -> None:
    for name, text in web_tables.files().items():
        assert (web_tables.FOLDER / name).read_text("utf-8") == text, "make setup"


def test_every_zone_gives_same_day_as_tzdata(node: Node) -> None:
    """At random hours of eleven years."""
    rng = random.Random(proof.SEED)
    moments = sorted(rng.sample(range(SINCE, UNTIL), proof.size(300, 5_000)))
    asked = [{"ask": "days", "zone": name, "moments": moments} for name in names()]
    for question, answer in zip(asked, node.ask(*asked), strict=True):
        here = zone(question["zone"])
        assert answer == {"is": [datetime.fromtimestamp(m, UTC).astimezone(here).date().isoformat() for m in moments]}


def changes(here: ZoneInfo) -> list[int]:
    """The first second of each clock change, looked for week by week."""

    def offset(moment: int) -> timedelta | None:
        return datetime.fromtimestamp(moment, here).utcoffset()

    found = []
    for start in range(SINCE, UNTIL, 7 * DAY):
        before, after = start, start + 7 * DAY
        if offset(before) != offset(after):
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (before, middle) if offset(middle) == offset(after) else (middle, after)
            found.append(after)
    return found


def test_every_zone_gives_same_day_as_tzdata_around_clock_changes(node: Node) -> None:
    """The second on either side of each change, and of the midnights before and after it."""
    asked: list[Question] = []
    expected: list[dict[str, list[str]]] = []
    for name in names():
        here = zone(name)
        ends = {change for each in changes(here) for change in (each, *midnights(here, each))}
        moments = sorted(moment + second for moment in ends for second in (-1, 0))
        asked.append({"ask": "days", "zone": name, "moments": moments})
        expected.append({"is": [datetime.fromtimestamp(moment, here).date().isoformat() for moment in moments]})
    assert sum(len(each["is"]) for each in expected) > 10_000
    for question, answer, right in zip(asked, node.ask(*asked), expected, strict=True):
        wrong = [(m, a, r) for m, a, r in zip(question["moments"], answer["is"], right["is"], strict=True) if a != r]
        assert wrong == [], question["zone"]


def midnights(here: ZoneInfo, moment: int) -> list[int]:
    """The starts of the local day of this moment and of the next one."""
    day = datetime.fromtimestamp(moment, here).date()
    starts = (day, day + timedelta(days=1))
    return [int(datetime(each.year, each.month, each.day, tzinfo=here).timestamp()) for each in starts]


def test_zone_of_party_and_unknown_zones_equal_python(node: Node) -> None:
    """Asia/Bishkek is UTC+6 all year, and a permit ends at midnight there. Also at both ends of the calendar."""
    agree(
        node,
        {"ask": "days", "zone": "Asia/Bishkek", "moments": [*BEYOND, *range(SINCE - 3601, SINCE + 40 * DAY, 3600)]},
        {"ask": "days", "zone": "Nowhere/Else", "moments": list(BEYOND)},
        {"ask": "days", "zone": "__proto__", "moments": list(BEYOND)},
    )
    [answer] = agree(node, {"ask": "ends", "zone": "Asia/Bishkek", "days": ["2027-07-04", "2028-02-28", "2028-02-29"]})
    assert answer["is"][0] == 1_814_724_000  # FORMAT.md 8: 00:00 of 2027-07-05


def test_day_ends_at_midnight_in_every_zone(node: Node) -> None:
    """Includes days on which clocks skip midnight or show it twice."""
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(0, 3 * 366, proof.size(3, 1))]
    asked = [{"ask": "ends", "zone": name, "days": [day.isoformat() for day in days]} for name in names()]
    for question, answer in zip(asked, node.ask(*asked), strict=True):
        here = zone(question["zone"])
        after = [day + timedelta(days=1) for day in days]
        ends = [int(datetime(day.year, day.month, day.day, tzinfo=here).timestamp()) for day in after]
        assert answer == {"is": ends}, question["zone"]


def test_days_and_validity_periods_equal_those_of_python(node: Node) -> None:
    odd = [
        "0000-01-01", "0001-01-01", "2028-02-29", "2027-02-29", "2100-02-29", "2400-02-29", "2027-13-01", "2027-00-01",
        "2027-04-31", "2027-1-01", "2027-01-1", "20270101", "2027-01-01 ", "９９９９-01-01", "", "2027-01-32",
        "2027-01-00",
    ]  # fmt: skip
    days = ["2027-08-31", "2028-08-31"]
    days += [(date(2026, 11, 1) + timedelta(days=n)).isoformat() for n in range(0, 1500, 7)]
    agree(node, {"ask": "exist", "days": odd}, *({"ask": "latest", "kind": k, "days": days} for k in validity.VALIDITY))
