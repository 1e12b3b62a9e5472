"""The verdict tables, written a second time and simpler: the oracle of the state machine, independent of chalicelib.

A permit is modelled by its events. Each prediction is an outcome with its codes, or the name of an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import asin, cos, radians, sin, sqrt

HOUR, DAY = 3600, 86400
PLACES = {
    "manas-airport": (43.06, 74.48), "bishkek-clearance": (42.87, 74.57), "osh-airport": (40.61, 72.79),
    "torugart": (40.55, 75.39),
}  # fmt: skip
LINKS = {frozenset({"bishkek-clearance", "manas-airport"}), frozenset({"bishkek-clearance", "torugart"})}
WEIGHT = ("hold", "not_valid", "cannot_tell", "check", "accept_offline", "accept")
ENDED = {"suspended": "S3 hold", "lost": "S6 hold", "replaced": "S4 not_valid"}
Hits = list[tuple[str, str, tuple[str, ...]]]  # code, outcome asked for, ids of the events behind it


@dataclass(eq=False)
class Event:
    """An endorsement in the rulebook, which a permit and its replacement share."""

    id: str
    kind: str
    post: str
    at: int
    quantity: int
    waybill: str
    hands: set[str]
    received: int
    result: str = "accepted"
    late: bool = False
    undone: int | None = None
    hand: str = ""  # the submitter

    @property
    def quiet(self) -> bool:
        return self.kind in {"transit", "return"}

    @property
    def counts(self) -> bool:
        return self.undone is None and self.result != "pending"

    @property
    def waits(self) -> bool:
        return self.undone is None and self.result == "pending"

    @property
    def order(self) -> tuple[int, str]:
        return self.at, self.id


@dataclass(eq=False)
class Paper:
    """A document. `kind`: E our export, I our import, OT for many crossings, F another Party's export to us."""

    kind: str
    permitted: int = 2
    issued: int = 0
    state: str = "issued"
    for_cause: bool = False
    missing: bool = False
    events: list[Event] = field(default_factory=list)
    cleared: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    heir: Paper | None = None
    scans: list[tuple[str, int]] = field(default_factory=list)
    by: tuple[str, bool | None] | None = None  # the step that led to its state

    def of(self, kind: str) -> list[Event]:
        return sorted((e for e in self.events if e.kind == kind and e.counts), key=lambda e: e.order)

    @property
    def use(self) -> str:
        if self.kind == "OT":
            return "unused"
        return "imported" if self.of("import") else "exported" if self.of("export") and self.kind != "I" else "unused"


def near(one: str, other: str) -> bool:
    return one == other or frozenset({one, other}) in LINKS


def same(one: Event, other: Event) -> bool:
    """True if two officers saw the same crossing."""
    return (
        one.kind == other.kind and near(one.post, other.post) and abs(one.at - other.at) <= 12 * HOUR
        and one.waybill == other.waybill != "" and one.quantity == other.quantity
    )  # fmt: skip


def different(events: list[Event]) -> list[Event]:
    found: list[Event] = []
    for event in events:
        if not any(same(earlier, event) for earlier in found):
            found.append(event)
    return found


def parts(paper: Paper) -> list[Event]:
    arrived = different(paper.of("import"))
    return [e for e in arrived if e is arrived[0]
            or (e.waybill == arrived[0].waybill != "" and e.at - arrived[0].at <= 30 * DAY)]  # fmt: skip


def still_arriving(paper: Paper, now: int) -> str | None:
    arrived, left = different(paper.of("import")), different(paper.of("export"))[:1]
    if not arrived or now - arrived[0].at > 30 * DAY or not arrived[0].waybill:
        return None
    if {e.waybill for e in arrived + left} != {arrived[0].waybill}:
        return None
    return arrived[0].waybill if sum(e.quantity for e in arrived) < left_with(paper) else None


def brought(paper: Paper) -> int:
    """Quantity of the imports, for the decision on one more import.

    Equal parts of one day at one post count each. A record of the same at a linked post is the same goods.
    """
    seen: list[tuple[Event, set[str]]] = []  # and the posts at which it was seen
    for event in paper.of("import"):
        if event.result != "duplicate":
            posts = next((at for one, at in seen if event.post not in at and same(one, event)), None)
            if posts is None:
                seen.append((event, {event.post}))
            else:
                posts.add(event.post)
    return sum(one.quantity for one, _ in seen)


def left_with(paper: Paper) -> int:
    """Quantity of the first export, or without one, the permitted quantity."""
    left = different(paper.of("export"))
    return left[0].quantity if left else paper.permitted


def too_far(one: Event, other: Event) -> bool:
    (a, b), (c, d) = (map(radians, PLACES[e.post]) for e in (one, other))
    km = 2 * 6371 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))
    return km - 30 > 900 * abs(one.at - other.at) / HOUR


def place(paper: Paper, direction: str) -> tuple[str, str]:
    """The direction that applies here, in our country, and P1 where the document is not valid for it."""
    if paper.kind == "OT" or direction == "none":
        return direction, ""
    if paper.kind == "E":
        return ("return", "") if direction in {"import", "return"} else (direction, "P1" * (direction == "transit"))
    wrong = {"I": {"transit"}, "F": {"export", "transit", "return"}}[paper.kind]
    return direction, "P1" * (direction in wrong)


def state_hits(paper: Paper) -> Hits:
    found = [ENDED[paper.state]] if paper.state in ENDED else []
    if paper.state == "revoked":
        found.append("S7 hold" if paper.for_cause else "S2 not_valid")
    if paper.missing and "S6 hold" not in found:
        found.append("S6 hold")
    return [(code, asks, ()) for code, asks in (each.split() for each in found)]


def table(paper: Paper, direction: str, post: str | None, same_goods: bool | None, now: int) -> str:
    """The direction tables: for example "U5 check", or an empty string."""
    left, arrived = paper.of("export"), paper.of("import")
    here = post is not None and any(near(post, e.post) and abs(now - e.at) <= 72 * HOUR for e in parts(paper))
    if paper.kind == "OT":
        return ""
    if paper.kind == "I":
        fine = direction != "import" or ((post is None or here) and same_goods is not False)
        return "" if not arrived else "U5 check" if fine else "U1 hold"
    if direction == "return":
        return "P4 check"
    if direction == "export":
        if arrived or not left:
            return "U1 hold" if arrived else ""
        far = abs(now - left[0].at)
        fine = post is None or (post == left[0].post and far <= 72 * HOUR)
        fine = fine or (post != left[0].post and near(post or "", left[0].post) and far <= 14 * DAY)
        return "U5 check" if fine and same_goods is not False else "U1 hold"
    if direction == "import" and arrived:
        fine = (here or still_arriving(paper, now) is not None) and same_goods is not False
        return "U5 check" if fine else "U1 hold"
    if direction == "import" and left and now - left[0].at > 30 * DAY:
        return "U5 check"
    if direction in {"import", "transit"} and not left and not arrived:
        return "U6 check" if paper.kind != "F" else ""  # the other Party's register was not queried
    return "U5 check" if (direction == "none" and (left or arrived)) or arrived else ""


def unconfirmed(paper: Paper, direction: str) -> list[Event]:
    """Hand-stamped events that wait for a second officer and matter at this border."""
    asked = {"export": ["export"], "import": ["import"], "none": ["export", "import"]}.get(direction, [])
    if paper.kind == "I":
        asked = ["import"]
    elif direction in {"import", "transit"} and not paper.of("export") and not paper.of("import"):
        asked = [*asked, "export"]
    waiting = [e for e in paper.events if e.waits and e.kind in asked and paper.kind != "OT"]
    return [e for e in waiting if not any(other.counts and same(other, e) for other in paper.events)]


def hits(paper: Paper, direction: str, post: str | None, same_goods: bool | None, now: int, officer: str = "") -> Hits:
    direction, wrong = place(paper, direction)
    found = state_hits(paper) + ([("P1", "not_valid", ())] if wrong else [])
    if paper.kind == "F":
        found.append(("T1", "check", ()))  # there is no status list of theirs
    counted = sorted((e for e in paper.events if e.counts), key=lambda e: e.order)
    found += [("U7", "check", (e.id,)) for e in paper.events if e.undone and now - e.undone <= 180 * DAY]
    found += [("U3", "hold", ids(a, b)) for a, b in combinations(counted, 2) if too_far(a, b)]
    exports, imports = different(paper.of("export")), different(paper.of("import"))
    if paper.kind == "OT":
        back = [e for e in counted if e.kind in {"import", "return"}]
        journey = sorted(exports + back, key=lambda e: e.order)
        twice = [(a, b) for a, b in pairwise(journey) if a.kind == b.kind == "export"]
        found += [("U8", "check", ids(*twice[0]))] if twice else []
        above = [e for e in back if e.quantity > paper.permitted]
        found += [("U2", "check", ids(*above))] if above else []
    else:
        if len(exports) > 1 and paper.kind != "I":
            found.append(("U4", "hold", ids(*exports)))
        strangers = [e for e in imports if e not in parts(paper)]
        if strangers:
            found.append(("U4", "hold", ids(imports[0], *strangers)))
        if said := table(paper, direction, post, same_goods, now):
            code, asks = said.split()
            by = (paper.of("export") + paper.of("import"))[:1] if code == "U1" else []
            found.append((code, asks, ids(*by)))
        if paper.events and sum(e.quantity for e in imports) > left_with(paper):
            found.append(("U2", "check", ids(*(e for e in paper.events if e.kind == "import"))))
    if waiting := unconfirmed(paper, direction):
        found.append(("U9", "check", ids(*waiting)))
    if late := [e for e in counted if e.late]:
        found.append(("L2", "check", ids(*late)))
    if any(who == officer and 0 <= now - at <= 30 * 60 for who, at in paper.scans):
        found.append(("U0", "", ()))
    return [(c, "check" if asks and (c, by) in paper.cleared else asks, by) for c, asks, by in found]


def verdict(paper: Paper, found: Hits) -> tuple[str, list[str]]:
    base = "accept_offline" if paper.kind == "F" else "accept"
    outcome = min([base, *(asks for _, asks, _ in found if asks)], key=WEIGHT.index)
    return outcome, sorted({code for code, _, _ in found})


def ids(*events: Event) -> tuple[str, ...]:
    return tuple(sorted(event.id for event in events))


def refused(paper: Paper, new: Event, now: int) -> str:
    """The reason why one more use is refused, or an empty string."""
    if paper.kind == "OT":
        return ""
    if paper.kind == "I" and new.kind != "import":
        return "NotUsable"
    if new.kind == "export" and (paper.of("export") or paper.of("import")):
        return "AlreadyUsed"
    if new.kind != "import" or not paper.of("import"):
        return ""
    missing = still_arriving(paper, now) == new.waybill and brought(paper) < left_with(paper)
    return "" if missing else "AlreadyUsed"


def online(paper: Paper, new: Event, direction: str, now: int, *, on_paper: bool = False) -> str:
    """The result of an endorsement: accepted, pending, or the name of an error."""
    if new.kind != "import" and new.quantity > paper.permitted:
        return "QuantityExceeded"
    found = verdict_codes(hits(paper, direction, new.post, None, now))
    if on_paper:
        new.result = "NotUsable" if "P1" in found or new.at < paper.issued - 600 else "pending"
    else:
        new.result = refused(paper, new, now) or ("NotUsable" if found else "accepted")
    return "TooLarge" if new.result in {"pending", "accepted"} and full(paper, new) else new.result


def verdict_codes(found: Hits) -> set[str]:
    """Codes that forbid a use. Earlier uses are checked by `refused`."""
    return {code for code, asks, _ in found if asks in {"hold", "not_valid", "cannot_tell"} and code != "U1"}


def full(paper: Paper, new: Event) -> bool:
    """True if the record has no room for one more such event.

    Limits: 20 quiet events and 60 others; for many crossings 60 and 200. One person in 30 days: 10 and 40. The first
    export and the first import always have room.
    """
    if not new.quiet and new.result != "pending" and not paper.of(new.kind):
        return False
    many = paper.kind == "OT"
    alike = [e for e in paper.events if e.quiet == new.quiet and (new.quiet or many or e.undone is None)]
    mine = [e for e in alike if e.hand == new.hand and e.received > new.received - 30 * DAY]
    most, by_one = ((60 if many else 20), 10) if new.quiet else ((200 if many else 60), 40)
    return len(alike) >= most or len(mine) >= by_one


def begun_with(paper: Paper, events: list[Event]) -> list[Event]:
    """Events that a replacement begins with."""
    return sorted(events, key=lambda e: e.order)[-20:] if paper.kind == "OT" else [e for e in events if not e.quiet]


def happened(paper: Paper, new: Event, direction: str) -> str:
    """The result of an endorsement that has already happened: accepted, duplicate or conflict."""
    if any(e.counts and same(e, new) for e in paper.events):
        return "duplicate"
    if new.late or (new.kind == "export" and new.quantity > paper.permitted) or refused(paper, new, new.at):
        return "conflict"
    ended = {code for code, _, _ in state_hits(paper)} | {place(paper, direction)[1]}
    return "conflict" if ended & {"S2", "S3", "S4", "S6", "S7", "P1"} else "accepted"
