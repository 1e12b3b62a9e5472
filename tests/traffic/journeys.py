"""Journeys of goods and papers among honest people. Each journey yields the time of its next step.

The times are assumptions. The tail of a journey's duration decides how often a time window of the verdict tables is
missed. The measured rate depends on these assumptions.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from decimal import Decimal

import border
import honest_ministry
import life
import smuggler
from border_world import HOUR, POSTS, Paper, Phone, World, around
from kinds import APPLICATIONS
from office import DAY

from chalicelib.kernel.roles import Actor
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import TokenLine
from chalicelib.uses.use import UsedLine

Journey = Generator[int]
EXITS = sorted(post.id for post in POSTS.values() if post.kind in {"airport", "road"})
CLEARANCES = sorted(post.id for post in POSTS.values() if post.kind == "inland" and post.links)
EXPORTS = ("E", "E", "E", "E", "R", "OO", "OP", "OC", "OA", "OY")
DEAD = 0.06  # share of consignments of six in which one animal died: a hundredth of the animals
AGAIN = 0.02  # share of officers who endorse a stamped permit that appears unused: a colleague's device is offline


def carried(dossier: Dossier, world: World) -> Paper:
    """The print of one of our permits, with the real quantities: mostly all, sometimes less."""
    lines = []
    for letter, allowance in dossier.allowed.items():
        whole = Decimal(allowance.quantity)
        less = world.rng.random() < 0.15 and whole > 1 and whole == int(whole)
        lines.append(UsedLine(letter, str(int(whole) - 1) if less else allowance.quantity))
    return Paper("KG", dossier.number or "", dossier.kind, dossier.tokens, tuple(lines), waybill(world))


def waybill(world: World) -> str:
    return f"AWB {world.rng.randint(100, 999)}-{world.rng.randint(10**7, 10**8 - 1)}"


def issued(world: World, kind: str) -> Dossier:
    application = honest_ministry.application(world, APPLICATIONS[kind])
    if kind == "E" and world.rng.random() < 0.1:  # more lines than a page has
        line = application.lines[0]
        more = tuple(replace(line, marks=f"{line.marks}-{n}") for n in range(8))
        application = replace(application, lines=more)
    return life.issued(world.office, application)


def ahead(world: World, path: str, paper: Paper, post: str, direction: str) -> Journey:
    """Before the goods move: the exporter, a bank or an airline looks; the agent mails the PDF to officers."""
    for _ in range(world.rng.randint(0, 3)):
        yield world.now + around(world.rng, 8, 1)
        world.look(f"{path}: anybody before", paper)
    for _ in range(world.rng.choice((0, 1, 1, 2))):
        yield world.now + around(world.rng, 6, 0.8)
        where = post if world.rng.random() < 0.7 else world.rng.choice(EXITS)
        world.scan(f"{path}: PDF mailed ahead", paper, where, direction, goods=False)


def attend(
    world: World, path: str, paper: Paper, post: str, direction: str, *, lines: tuple[UsedLine, ...] = (),
    stamped: bool = False, document: str = "",
) -> str | None:  # fmt: skip
    """Goods are present: scan, answer "the same goods?", endorse if not endorsed yet. Return the event id or None."""
    found, by = world.scan(path, paper, post, direction)
    if "U5" in found.codes and found.outcome == "check":  # "endorsed at ...: the same goods?" Yes.
        found, by = world.scan(f"{path}, the same goods", paper, post, direction, same=True, by=by)
    shown = {"U1", "U4", "U5"} & set(found.codes)
    part = bool(lines)
    if found.outcome in {"hold", "not_valid", "cannot_tell"} or (shown and not part):
        return None
    if stamped and not part and world.rng.random() >= AGAIN:
        return None
    return world.endorse(path, paper, post, direction, by, lines, document)


def second_look(world: World, path: str, paper: Paper, post: str, direction: str) -> Journey:
    """A second officer: a change of shift, the gate, the ramp.

    At a pass in winter a lorry waits for days.
    """
    for _ in range(world.rng.choice((0, 1, 1, 2))):
        yield world.now + around(world.rng, 2.5, 1.1)
        attend(world, f"{path}: second officer", paper, post, direction, stamped=True)


def afterwards(world: World, path: str, paper: Paper) -> Journey:
    """Checks by the destination's customs, the buyer, anybody."""
    for _ in range(world.rng.choice((0, 1, 2))):
        yield world.now + around(world.rng, 20, 1)
        world.look(f"{path}: at the destination", paper, "import", "AE")
    if world.rng.random() < 0.5:
        yield world.now + around(world.rng, 60, 1)
        world.look(f"{path}: anybody after", paper)


def direct(world: World) -> Journey:
    paper, post = carried(issued(world, world.rng.choice(EXPORTS)), world), world.rng.choice(EXITS)
    yield from ahead(world, "export", paper, post, "export")
    yield world.now + around(world.rng, 30, 1)
    attend(world, "export: at the exit", paper, post, "export")
    yield from second_look(world, "export", paper, post, "export")
    yield from afterwards(world, "export", paper)


def cleared_inland(world: World) -> Journey:
    paper, inland = carried(issued(world, world.rng.choice(EXPORTS)), world), world.rng.choice(CLEARANCES)
    post = world.rng.choice(sorted(POSTS[inland].links & set(EXITS)))
    yield from ahead(world, "cleared inland", paper, inland, "export")
    yield world.now + around(world.rng, 30, 1)
    done = attend(world, "cleared inland: at the clearance", paper, inland, "export")
    yield from second_look(world, "cleared inland", paper, inland, "export")
    yield world.now + around(world.rng, 10, 1)  # hours on the road, at the worst a week or two
    attend(world, "cleared inland: at the exit", paper, post, "export", stamped=done is not None)
    yield from second_look(world, "cleared inland, at the exit", paper, post, "export")
    yield from afterwards(world, "cleared inland", paper)


def foreign(world: World, importer: str = "KG", quantity: str = "6") -> Paper:
    world.number += 1
    number = f"26KZ{world.number:06d}/E"
    fields = {
        "issuer": "KZ", "number": number, "exporter": border.TokenParty("Almaty Falcons", "KZ"),
        "importer": border.TokenParty("Zoo", importer), "issued_at": world.now - 100,
        "expires_at": world.now + 90 * DAY,
    }  # fmt: skip
    line = TokenLine("Falco cherrug", 2, "C", "LIV", quantity, marks="rings KZ")
    permit = border.token_maker.permit(line, host=border.KZ_HOST, **fields)
    text = border.encode_qr(border.KZ_HOST, border.token_maker.token(permit))
    dead = "1" if world.rng.random() < DEAD else None
    return Paper("KZ", number, "E", (text,), (UsedLine("A", quantity, dead),), waybill(world))


def arrives(world: World, path: str, paper: Paper) -> Journey:
    """Import: endorsed at the border, or taken on to an inland clearance and mostly endorsed there."""
    post = world.rng.choice(EXITS)
    yield from ahead(world, path, paper, post, "import")
    yield world.now + around(world.rng, 40, 1)
    inland = [name for name in CLEARANCES if post in POSTS[name].links]
    if not inland or world.rng.random() < 0.6:
        attend(world, f"{path}: at the border", paper, post, "import")
        yield from second_look(world, path, paper, post, "import")
        return
    first = world.rng.random() < 0.2  # endorsed at the border already
    if first:
        attend(world, f"{path}: at the border", paper, post, "import")
    else:
        world.scan(f"{path}: at the border, on to the clearance", paper, post, "import")
    yield world.now + around(world.rng, 18, 0.7)
    where = world.rng.choice(inland)
    attend(world, f"{path}: at the inland clearance", paper, where, "import", stamped=first)
    yield from second_look(world, f"{path}, at the clearance", paper, where, "import")


def imported(world: World) -> Journey:
    yield from arrives(world, "import", foreign(world))


def import_permit(world: World) -> Journey:
    yield from arrives(world, "import permit", carried(issued(world, "I"), world))


def in_parts(world: World) -> Journey:
    """Two or three flights under one waybill."""
    paper, post = foreign(world), world.rng.choice(EXITS)
    parts = world.rng.choice((("3", "3"), ("2", "2", "2"), ("5", "1")))
    yield from ahead(world, "in parts", paper, post, "import")
    for n, part in enumerate(parts, 1):
        yield world.now + around(world.rng, 40, 0.8)
        attend(world, f"in parts: part {n} of {len(parts)}", paper, post, "import", lines=(UsedLine("A", part),))
        if world.rng.random() < 0.6:
            yield world.now + around(world.rng, 2.5, 1.1)
            world.scan(f"in parts: second officer after part {n} of {len(parts)}", paper, post, "import", same=True)


def transit(world: World) -> Journey:
    paper = foreign(world, "AE")
    enter, leave = world.rng.sample(EXITS, 2)
    yield from ahead(world, "transit", paper, enter, "transit")
    yield world.now + around(world.rng, 10, 1)
    attend(world, "transit: in", paper, enter, "transit")
    yield world.now + around(world.rng, 14, 0.6)
    attend(world, "transit: out", paper, leave, "transit")


def travelling(world: World) -> Journey:
    """A falcon of its owner, an orchestra's instrument: out and back, and out again."""
    paper = carried(issued(world, world.rng.choice(("OT", "OW", "OM", "OS"))), world)
    for _ in range(world.rng.choice((1, 2))):
        for direction in ("export", "import"):
            yield world.now + around(world.rng, 60, 0.8)
            post = world.rng.choice(EXITS)
            attend(world, f"many crossings: {direction}", paper, post, direction)
            yield from second_look(world, f"many crossings, {direction}", paper, post, direction)


def comes_back(world: World) -> Journey:
    """Return of goods: refused by the destination, or unsold."""
    paper, post = carried(issued(world, "E"), world), world.rng.choice(EXITS)
    yield world.now + around(world.rng, 30, 1)
    attend(world, "return: going out", paper, post, "export")
    yield world.now + around(world.rng, 100, 0.8)
    back = post if world.rng.random() < 0.7 else world.rng.choice(EXITS)
    attend(world, "return: coming back", paper, back, "import")
    yield from second_look(world, "return, coming back", paper, back, "import")


def flight_cancelled(world: World) -> Journey:
    """Endorsed, withdrawn by a colleague, and sent with another flight, or from another place."""
    paper, post = carried(issued(world, "E"), world), world.rng.choice(EXITS)
    yield from ahead(world, "cancelled", paper, post, "export")
    yield world.now + around(world.rng, 20, 1)
    done = attend(world, "cancelled: at the exit", paper, post, "export")
    yield world.now + around(world.rng, 3, 0.5)
    if done is None or not world.undo(done, post):
        return
    yield world.now + around(world.rng, 24, 0.8)
    other = post if world.rng.random() < 0.6 else world.rng.choice(EXITS)
    attend(world, "cancelled: the next flight", replace(paper, document=waybill(world)), other, "export")
    yield from second_look(world, "cancelled, the next flight", paper, other, "export")


def replaced(world: World) -> Journey:
    """A torn or wrong permit that is replaced; the old PDF is still in use."""
    old, post = issued(world, "E"), world.rng.choice(EXITS)
    first = carried(old, world)
    yield from ahead(world, "replaced", first, post, "export")
    paper = carried(smuggler.replaced(world.office, old), world)
    yield world.now + around(world.rng, 20, 1)
    world.look("replaced: the old PDF", first)
    attend(world, "replaced: at the exit", paper, post, "export")
    yield from second_look(world, "replaced", paper, post, "export")
    yield from afterwards(world, "replaced", paper)


def on_paper(world: World) -> Journey:
    """All devices of the post are out of order: stamped by hand, and the goods go.

    The stamp is not entered yet. Others check the code.
    """
    paper, post = carried(issued(world, "E"), world), world.rng.choice(EXITS)
    yield from ahead(world, "stamped by hand", paper, post, "export")
    yield world.now + around(world.rng, 50, 1)
    yield from afterwards(world, "stamped by hand", paper)
    if world.rng.random() < 0.3:
        yield world.now + around(world.rng, 100, 0.8)
        attend(world, "stamped by hand: coming back", paper, post, "import")


def wrong_button(world: World) -> Journey:
    """Mistakes of honest officers, counted separately: a direction, an answer, a digit of the waybill."""
    paper, post = carried(issued(world, "E"), world), world.rng.choice(EXITS)
    yield world.now + around(world.rng, 30, 1)
    kind = world.rng.choice(("different goods", "direction", "waybill"))
    world.mistaken.add(paper.number)
    if kind == "direction":
        for direction in ("import", "transit", "return"):
            world.scan(f"mistake: {direction} pressed at an exit", paper, post, direction)
    done = attend(world, "mistake: before it", paper, post, "export")
    yield world.now + around(world.rng, 2, 0.8)
    if kind == "different goods" and done:
        world.scan("mistake: 'different goods' pressed for the same", paper, post, "export", same=False)
    if kind == "waybill":
        by: tuple[Actor, Phone] = (world.rng.choice(world.officers[post]), world.phones[post][0])
        found, by = world.scan("mistake: before it", paper, post, "export", by=by)
        if "U5" not in found.codes:  # the first device is still offline
            world.endorse("mistake", paper, post, "export", by, document=f"{paper.document}0")
            yield world.now + 80 * HOUR
            world.look("mistake: endorsed twice, the waybill mistyped", paper, "import", "AE")


SHARES: tuple[tuple[int, Callable[[World], Journey]], ...] = (
    (30, direct), (20, cleared_inland), (12, imported), (9, import_permit), (5, in_parts), (5, transit),
    (6, travelling), (3, comes_back), (3, flight_cancelled), (2, replaced), (2, on_paper), (3, wrong_button),
)  # fmt: skip
