"""Uploads of eight devices after work offline: the order of events, batches and repetitions does not matter."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from border import PEOPLE, Phone, event, held, lines, results
from crashing import memory, rows
from kinds import APPLICATIONS
from life import endorsement, issued
from office import DAY, MemoryOffice
from process import but

from chalicelib.adapters.in_process.memory import MemoryRegister
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.uses import single_use
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services.verify import verify

HOUR = 3600
MANAS, OSH, CLEARANCE, TORUGART = "manas-airport", "osh-airport", "bishkek-clearance", "torugart"

SCHEDULES = 12


DEVICES = 8


POSTS = (MANAS, MANAS, CLEARANCE, CLEARANCE, OSH, TORUGART, "dostuk", "irkeshtam")


class World:
    """A register with permits and eight devices, which can be reset to the same rows."""

    def __init__(self) -> None:
        self.office = office = MemoryOffice()
        kinds = ("E", "E", "E", "OT", "OW", "I")
        self.permits = [issued(office, APPLICATIONS[kind]) for kind in kinds]
        self.phones = [
            Phone(office, post, actor) for post, actor in zip(POSTS, [*PEOPLE.values()][:3] * 3, strict=False)
        ]
        self.begin = dict(memory(office.register)._rows)
        self.start = office.now

    def reset(self) -> None:
        self.office.register = MemoryRegister()
        self.office.register._rows.update(self.begin)
        self.office.now = self.start


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def make_rounds(world: World, rng: random.Random) -> list[list[list[dict[str, Any]]]]:
    """Two rounds of offline events of each device: few permits, many officers, some crossings recorded by two."""
    rounds = []
    for number in range(2):
        begin = world.start + number * 3 * DAY
        batches: list[list[dict[str, Any]]] = [[] for _ in range(DEVICES)]
        for _ in range(rng.randrange(8, 20)):
            permit = rng.choice(world.permits)
            device = rng.randrange(DEVICES)
            most = permit.allowed["A"].quantity
            asked = endorsement(
                world.office, permit,
                event_id=str(uuid.UUID(int=rng.getrandbits(128))),
                post=POSTS[device],
                direction="import" if permit.kind == "I" else rng.choice(("export", "export", "return")),
                endorsed_at=begin + rng.randrange(2 * DAY),
                lines=lines(rng.choice(("1", most))),
                transport_document=rng.choice(("AWB 1", "AWB 2")),
            )  # fmt: skip
            seen_by = {device}
            if rng.random() < 0.3:  # a colleague at the same or the linked post recorded it too
                seen_by.add(rng.choice([i for i in range(DEVICES) if POSTS[i] in {MANAS, CLEARANCE}]))
            for nth, seer in enumerate(sorted(seen_by)):
                shift = {"event_id": str(uuid.UUID(int=rng.getrandbits(128))), "post": POSTS[seer]} if nth else {
                    "post": POSTS[seer]}  # fmt: skip
                when = asked.endorsed_at + nth * rng.randrange(14 * HOUR)
                batches[seer].append(event(replace(asked, endorsed_at=when, **shift)))
        rounds.append(batches)
    return rounds


def upload(world: World, rounds: list[list[list[dict[str, Any]]]], rng: random.Random) -> Counter[str]:
    """Upload devices and events in random order, and send batches again later."""
    told: Counter[str] = Counter()
    sent: list[tuple[Phone, list[dict[str, Any]]]] = []
    for number, batches in enumerate(rounds):
        world.office.now = world.start + number * 3 * DAY + 2 * DAY + 14 * HOUR
        order = list(range(DEVICES))
        rng.shuffle(order)
        for device in order:
            world.office.now += rng.randrange(1, 60)
            batch = rng.sample(batches[device], len(batches[device]))
            batch += rng.choices(batch, k=2) if batch else []
            for phone, body in [(world.phones[device], batch), *(rng.choices(sent, k=1) if sent else [])]:
                answers = phone.sync(*body)
                assert "rejected" not in results(answers)
                told.update(results(answers))
            sent += [(world.phones[device], batch)] if batch else []
    return told


def state_of(world: World) -> Any:
    """The state that must not depend on the order: all but the choice of `accepted` and the time of receipt."""
    at = world.start + 7 * DAY
    found = []
    for permit in world.permits:
        dossier = held(world.office, permit)
        uses = sorted(
            (u.event_id, u.kind, u.post, u.at, u.officer, u.lines, u.late, u.offline, u.counts) for u in dossier.uses
        )
        assert len({use[0] for use in uses}) == len(uses)  # I4
        posts = world.office.posts
        totals = {
            way: single_use.moved_amounts(single_use.distinct_uses(dossier.uses, way, posts))
            for way in ("export", "import", "return")
        }
        flags = [verdict_at(world, permit, way, post, at) for way, post in (
            ("export", MANAS), ("export", OSH), ("import", None), ("transit", None), ("none", None),
        )]  # fmt: skip
        kept = rows(world.office.register)[Key(f"STATUS#{permit.status_uri}", f"{permit.status_idx:06d}")]
        found.append((dossier.use, kept["value"], uses, totals, flags))
    return found


def verdict_at(world: World, permit: Dossier, way: str, post: str | None, at: int) -> Any:
    country = "KG" if post or permit.kind == "I" else "AE"
    seen: Verdict = verify(permit.tokens[0], but(world.office, now=at), place=Place(way, country, post))  # fmt: skip
    return seen.outcome, [(hit.code, hit.outcome, hit.events, dict(hit.facts)) for hit in seen.check_results]


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_order_of_uploads_does_not_change_the_state(world: World, seed: int) -> None:
    rng = random.Random(seed)
    world.reset()
    rounds = make_rounds(world, rng)
    states = []
    for _ in range(3):
        world.reset()
        told = upload(world, rounds, rng)
        states.append(state_of(world))
        events = {body["event_id"]: body for batches in rounds for batch in batches for body in batch}
        kept = [use.event_id for permit in world.permits for use in held(world.office, permit).uses]
        assert sorted(kept) == sorted(events)  # none lost, none twice
        assert told["duplicate"] > 0
        for permit in world.permits[:3]:  # I3: accepted as one consignment at most
            accepted = [u for u in held(world.office, permit).uses if (u.kind, u.result) == ("export", "accepted")]
            assert len(accepted) <= 1
    assert states[0] == states[1] == states[2]
