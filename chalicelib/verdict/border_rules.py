"""Border rules: verdict codes from a permit's earlier uses and this border (check 10, the tables of FORMAT.md 6).

The same use means different things at different borders. An export permit that is endorsed for export is in order on
arrival, and not at a second exit. Each rule returns codes with facts and notifies nobody. A scan is not a use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from chalicelib.kernel.days import DAY, HOUR
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.enums import NO_DIRECTION, Direction
from chalicelib.people.model import Post, Posts
from chalicelib.trust.model.status_list import IMPORTED, USED, VALID
from chalicelib.uses.single_use import (
    PARTS_WINDOW,
    are_linked,
    consignment_parts,
    distinct_uses,
    first_use,
    lines_above_export,
    lines_above_permitted,
    open_consignment,
    unconfirmed,
)
from chalicelib.uses.use import PermittedAmount, Use
from chalicelib.verdict.check_results import CheckResult

SAME_POST_WINDOW = 72 * HOUR

LINKED_POST_WINDOW = 14 * DAY  # inland clearance, then the exit

LONG_JOURNEY = 30 * DAY

WITHDRAWN_SHOWN = 180 * DAY

AIRCRAFT_KMH = 900

DISTANCE_SLACK_KM = 30

EARTH_KM = 6371

ANYWHERE_WITHIN = 23 * HOUR  # an aircraft flies half around the globe in that time


@dataclass(frozen=True, slots=True)
class Place:
    """Border where the document is presented, and the direction. `post` is None if unknown, as on the public page.

    `same_goods` is the officer's answer whether these are the goods endorsed before, or None if not asked.
    """

    direction: str = "none"  # export | import | transit | return | none
    country: str | None = None
    post: str | None = None
    same_goods: bool | None = None


def codes_of_uses(  # noqa: PLR0913 - each fact that the tables of FORMAT.md 6 test is named
    kind: str,
    place: Place,
    uses: Sequence[Use],
    allowed: Mapping[str, PermittedAmount],
    posts: Posts,
    now: int,
    *,
    retrospective: bool = False,
) -> Iterator[CheckResult]:
    """Return the codes of these uses at this place: U1 to U9, and P4 for a return.

    1 U7 withdrawn   2 U3 impossible journey   3 U4 two different uses   4 the table of the kind   5 U2 more arrived
    6 U9 not confirmed by a second officer
    """
    if not uses:
        yield from _codes_without_uses(kind, place, retrospective)
        return
    for use in uses:
        if use.withdrawn and now - use.withdrawn.at <= WITHDRAWN_SHOWN:  # 1
            yield CheckResult("U7", "check", {"at": use.withdrawn.at, "post": use.post}, (use.event_id,))
    yield from _impossible_journeys(uses, posts)  # 2
    if KINDS[kind].many_crossings:
        yield from _many_crossings(uses, posts)  # 4
        yield from _brought_more(uses, allowed)  # 5
        return
    for direction in ("export", "import") if kind != DocumentKind.IMPORT else ("import",):
        if direction == Direction.EXPORT and len(different := distinct_uses(uses, "export", posts)) > 1:  # 3
            yield _use_result("U4", "hold", different[0], *different[1:])
        if direction == Direction.IMPORT and (clash := _clashing_imports(uses, posts)):
            yield _use_result("U4", "hold", *clash)
    if kind == DocumentKind.IMPORT:
        yield from _import_permit(place, uses, posts, now)  # 4
    else:
        yield from _consignment(place, uses, allowed, posts, now, retrospective)  # 4
    if letters := lines_above_export(uses, allowed, posts):  # 5
        yield CheckResult(
            "U2", "check", {"lines": letters}, tuple(sorted(u.event_id for u in uses if u.kind == Direction.IMPORT))
        )
    if waiting := unconfirmed(uses, _u9_directions(kind, place, uses, retrospective), posts):  # 6
        yield _use_result("U9", "check", *waiting)


def _codes_without_uses(kind: str, place: Place, retrospective: bool) -> Iterator[CheckResult]:
    """Return the codes of the column "not endorsed", which is the result of `_consignment` without uses, but faster.

    Most verdicts have no uses.
    """
    if KINDS[kind].many_crossings or kind == DocumentKind.IMPORT:
        return
    if place.direction == Direction.RETURN:
        yield CheckResult("P4", "check")
    elif place.direction in {Direction.IMPORT, Direction.TRANSIT} and not retrospective:
        yield CheckResult("U6", "check")


def codes_of_status(kind: str, place: Place, value: int) -> Iterator[CheckResult]:
    """Return the codes of a status value: the table "By status value", without post and time."""
    used, arrived = value in {USED, IMPORTED}, value == IMPORTED
    if KINDS[kind].many_crossings:
        return
    if kind == DocumentKind.IMPORT:
        if used:
            yield CheckResult("U5", "check", {"telephone": True})
    elif place.direction == Direction.RETURN:
        yield CheckResult("P4", "check")
    elif place.direction == Direction.EXPORT and arrived:
        yield CheckResult("U1", "hold")
    elif place.direction in {Direction.IMPORT, Direction.TRANSIT} and value == VALID:
        yield CheckResult("U6", "check")
    elif (place.direction in {Direction.EXPORT, NO_DIRECTION} and used) or arrived:
        yield CheckResult("U5", "check", {"telephone": True})


def _consignment(  # noqa: PLR0913 - the facts of `codes_of_uses`
    place: Place,
    uses: Sequence[Use],
    allowed: Mapping[str, PermittedAmount],
    posts: Posts,
    now: int,
    retrospective: bool,
) -> Iterator[CheckResult]:
    left, arrived = first_use(uses, "export"), first_use(uses, "import")
    latest = arrived or left
    match place.direction:
        case Direction.RETURN:
            yield CheckResult("P4", "check")
        case Direction.EXPORT if arrived:
            yield _use_result("U1", "hold", left or arrived)
        case Direction.EXPORT if left:
            same = _same_goods(place, left, posts, now)
            yield _use_result("U5" if same else "U1", "check" if same else "hold", left)
        case Direction.IMPORT if arrived:
            seen_here = any(_near(place, part, posts, now) for part in consignment_parts(uses, posts))
            again = seen_here or open_consignment(uses, allowed, posts, now) is not None
            same = again and place.same_goods is not False
            yield _use_result("U5" if same else "U1", "check" if same else "hold", arrived)
        case Direction.IMPORT if left and now - left.at > LONG_JOURNEY:
            yield _use_result("U5", "check", left)
        case Direction.TRANSIT if latest and arrived:
            yield _use_result("U5", "check", latest)
        case _ if latest and place.direction == NO_DIRECTION:
            yield _use_result("U5", "check", latest)
        case Direction.IMPORT | Direction.TRANSIT if not left and not retrospective:
            yield CheckResult("U6", "check")


def _u9_directions(kind: str, place: Place, uses: Sequence[Use], retrospective: bool) -> frozenset[str]:
    """Return the directions whose waiting endorsements give U9 here.

    On arrival or in transit, a waiting export gives U9 only beside U6.
    """
    if kind == DocumentKind.IMPORT:
        return frozenset({"import"})
    asked = {"export": {"export"}, "import": {"import"}, "none": {"export", "import"}}.get(place.direction, set())
    if (
        place.direction in {Direction.IMPORT, Direction.TRANSIT}
        and not retrospective
        and first_use(uses, "export", "import") is None
    ):
        asked = {*asked, "export"}
    return frozenset(asked)


def _import_permit(place: Place, uses: Sequence[Use], posts: Posts, now: int) -> Iterator[CheckResult]:
    used = first_use(uses, "import")
    if used is None:
        return
    if place.direction != Direction.IMPORT:
        yield _use_result("U5", "check", used)
        return
    seen_here = any(_near(place, part, posts, now) for part in consignment_parts(uses, posts))
    same = (place.post is None or seen_here) and place.same_goods is not False
    beside = any(
        part.foreign_document and abs(now - part.at) <= PARTS_WINDOW for part in consignment_parts(uses, posts)
    )
    yield _use_result("U5" if same or beside else "U1", "check" if same or beside else "hold", used)


def _many_crossings(uses: Sequence[Use], posts: Posts) -> Iterator[CheckResult]:
    """Return U8, for two exports without an import or return between them.

    It asks `check` and no more, because a return through the EAEU is not seen by customs.
    """
    back = [u for u in uses if u.counts and u.kind in {Direction.IMPORT, Direction.RETURN}]
    crossings = sorted((*distinct_uses(uses, "export", posts), *back), key=lambda u: (u.at, u.event_id))
    for one, other in pairwise(crossings):
        if one.kind == other.kind == Direction.EXPORT:
            yield _use_result("U8", "check", other, one)
            return


def _brought_more(uses: Sequence[Use], allowed: Mapping[str, PermittedAmount]) -> Iterator[CheckResult]:
    """Return U2 for many crossings.

    Each use is compared by itself, because goods may leave in parts and return together.
    """
    found = {
        u.event_id: lines_above_permitted(u, allowed)
        for u in uses
        if u.counts and u.kind in {Direction.IMPORT, Direction.RETURN}
    }
    if lines := tuple(sorted({letter for letters in found.values() for letter in letters})):
        yield CheckResult(
            "U2", "check", {"lines": lines}, tuple(sorted(each for each, letters in found.items() if letters))
        )


def _same_goods(place: Place, use: Use, posts: Posts, now: int) -> bool:
    """Return True if the goods at this exit may be those of the export `use` (FORMAT.md 6, rule 1).

    Needs the same post within 72 h, a linked post within 14 days, or no post given. False if the officer says that the
    goods are different. A use that a wrong clock put into the future is as far away as one in the past.
    """
    if place.same_goods is False:
        return False
    if place.post is None:
        return True
    if place.post == use.post:
        return abs(now - use.at) <= SAME_POST_WINDOW
    return are_linked(posts, place.post, use.post) and abs(now - use.at) <= LINKED_POST_WINDOW


def may_be_same_goods(place: Place, uses: Sequence[Use], posts: Posts, now: int) -> bool:
    """Return True if rule 1 still allows the goods at this exit, and no import counts. S1 at export needs it."""
    left = first_use(uses, "export")
    return left is not None and first_use(uses, "import") is None and _same_goods(place, left, posts, now)


def _near(place: Place, use: Use, posts: Posts, now: int) -> bool:
    if place.post is None:
        return False
    here = place.post == use.post or are_linked(posts, place.post, use.post)
    return here and abs(now - use.at) <= SAME_POST_WINDOW


def _clashing_imports(uses: Sequence[Use], posts: Posts) -> tuple[Use, ...]:
    """Return the first import and all that are no parts of its consignment, or nothing if there are none.

    An import is no part with another transport document, or more than 30 days after the first import.
    """
    arrived, one = distinct_uses(uses, "import", posts), consignment_parts(uses, posts)
    others = tuple(use for use in arrived if use not in one)
    return (arrived[0], *others) if others else ()


def _impossible_journeys(uses: Sequence[Use], posts: Posts) -> Iterator[CheckResult]:
    counted = sorted((u for u in uses if u.counts), key=lambda u: (u.at, u.event_id))
    for i, one in enumerate(counted):
        for other in counted[i + 1 :]:
            if other.at - one.at > ANYWHERE_WITHIN:
                break
            distance = _kilometres(posts.get(one.post), posts.get(other.post))
            if distance is not None and distance - DISTANCE_SLACK_KM > AIRCRAFT_KMH * (other.at - one.at) / HOUR:
                yield _use_result("U3", "hold", one, other)


def is_impossible_journey(use: Use, others: Sequence[Use], posts: Posts) -> bool:
    """Return True if an aircraft is too slow to get from one of these uses to `use`, or back, in the time (U3)."""
    return any(use.event_id in result.events for result in _impossible_journeys((*others, use), posts))


def _kilometres(one: Post | None, other: Post | None) -> float | None:
    """Return the great-circle distance of two posts in km, or None if one has no coordinates."""
    if one is None or other is None or None in {one.latitude, other.latitude, one.longitude, other.longitude}:
        return None
    lat1, lon1, lat2, lon2 = (
        radians(float(x or 0)) for x in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    a = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(a)))


def _use_result(code: str, outcome: str, use: Use, *others: Use) -> CheckResult:
    facts = {
        "at": use.at,
        "post": use.post,
        "kind": use.kind,
        "lines": tuple((line.line, line.quantity) for line in use.lines),
        "transport_document": use.transport_document,
    }
    return CheckResult(code, outcome, facts, tuple(sorted(u.event_id for u in (use, *others))))
