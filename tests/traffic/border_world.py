"""Simulated border: 50 posts, their officers, and devices with wrong clocks and without network, on one register.

Everything uses the product. It signs and verifies codes, and the services do scans, endorsements and uploads. A
device without network checks with its last fetched data and uploads its events when it is back.
"""

from __future__ import annotations

import heapq
import math
import random
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import border
import trust_maker
from office import DAY, NOW, MemoryOffice, published_lists
from process import but

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services import scan as endorsement_scan
from chalicelib.endorsement.services import withdraw
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import AlreadyUsed, Invalid, TamgaError
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key
from chalicelib.people import services as people
from chalicelib.people.model import Post, Posts
from chalicelib.permits.services import store
from chalicelib.platform import country_folder
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust_list import LIFETIME, TrustKey, TrustList
from chalicelib.uses.use import Use, UsedLine
from chalicelib.verdict import verdict
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.snapshot import Context, NotAsked
from chalicelib.verdict.token_checks import read_own
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services.verify import Checker, verify

HOUR = 3600
OFFICERS, PHONES = 3, 2  # per post
LISTS_EVERY = 3 * HOUR
TRUST_LISTS_EVERY = 30 * DAY
OFFLINE_AT_MOST = 72 * HOUR
CLOCKS = ((0.85, 30), (0.97, 300), (1.0, 3600))  # share of devices -> greatest clock error in seconds


def fifty_posts() -> Posts:
    """10 airports and 22 roads around the country, 14 inland clearances linked to two or three exits each, 4 EAEU."""
    named = people.posts("KG")
    posts = {name: replace(post, bodies=frozenset({"customs"})) for name, post in named.items() if name != "ministry"}
    spread = random.Random("fifty posts")
    kinds = ["airport"] * 8 + ["road"] * 19 + ["inland"] * 13 + ["eaeu-border"] * 3
    for n, kind in enumerate(kinds):
        place = (round(spread.uniform(39.6, 43.2), 2), round(spread.uniform(70.0, 79.9), 2))
        posts[f"{kind}-{n}"] = Post(f"{kind}-{n}", f"{kind} {n}", kind, frozenset({"customs"}), frozenset(), *place)
    exits = [post for post in posts.values() if post.kind in {"airport", "road"}]
    for post in [p for p in posts.values() if p.kind == "inland" and not p.links]:
        near = sorted(exits, key=lambda e, p=post: abs(e.latitude - p.latitude) + abs(e.longitude - p.longitude))  # type: ignore[misc]
        posts[post.id] = replace(post, links=frozenset(e.id for e in near[: spread.choice((2, 3))]))
    assert len(posts) == 50
    return posts


POSTS = fifty_posts()


class TrafficOffice(MemoryOffice):
    @property
    def posts(self) -> Posts:
        return POSTS


@dataclass
class Phone(border.Phone):
    """A device of a post.

    `skew`: its clock error. `offline`: from, until. Data fetched at `fetched` are used until then.
    """

    def __init__(self, office: MemoryOffice, post: str, actor: Actor, skew: int, spells: list[tuple[int, int]]) -> None:
        super().__init__(office, post, actor)
        self.skew, self.spells = skew, spells
        self.events: list[dict[str, Any]] = []
        self.unsent: dict[tuple[str, str], list[Use]] = {}
        self.own: dict[tuple[str, str, str], list[int]] = {}
        self.paths: dict[str, str] = {}
        self.fetched = 0
        self.lists: Mapping[str, StatusList] = {}
        self.checker: Checker | None = None

    def offline(self, now: int) -> bool:
        return any(begin <= now < end for begin, end in self.spells)


@dataclass(frozen=True)
class Paper:
    """A permit on paper. `document`: the waybill of its journey."""

    issuer: str
    number: str
    kind: str
    pages: tuple[str, ...]
    lines: tuple[UsedLine, ...]
    document: str

    @property
    def key(self) -> tuple[str, str]:
        return self.issuer, self.number


@dataclass
class Count:
    """Measured numbers. A path is a journey's step in words."""

    scans: int = 0
    offline: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)  # "code | path"
    mistakes: int = 0
    mistaken: Counter[str] = field(default_factory=Counter)
    endorsed: Counter[str] = field(default_factory=Counter)  # by result, online and uploaded
    refused: Counter[str] = field(default_factory=Counter)  # 409 and 422, by path
    later: Counter[str] = field(default_factory=Counter)  # holds in the responses to uploads: the scan is checked again
    journeys: int = 0
    flags: Counter[str] = field(default_factory=Counter)  # of the pattern rules, by rule
    flags_of_mistakes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Count) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


class World:
    """One country for some weeks. `now` is true time."""

    def __init__(self, rng: random.Random, days: int) -> None:
        self.rng, self.days, self.begin = rng, days, NOW
        self.office = TrafficOffice(now=NOW)
        self.count = Count()
        self.officers = {
            post: [Actor(f"{post}-{n}", f"Officer {n} of {post}", frozenset({"customs"}), frozenset({post}))
                   for n in range(OFFICERS)]
            for post in POSTS
        }  # fmt: skip
        self.people = {actor.id: actor for each in self.officers.values() for actor in each}
        self.phones = {
            post: [Phone(self.office, post, self.officers[post][0], self._skew(), self._spells())
                   for _ in range(PHONES)]
            for post in POSTS
        }  # fmt: skip
        self.foreign = trust_maker.trust_list("KZ", border.KZ_HOST, now=NOW - 2 * DAY)
        self.told: dict[tuple[str, str], list[tuple[int, Key]]] = {}  # permit -> time of each use in the day's list
        self._checker: tuple[int, Checker] | None = None
        self._lists: Mapping[str, StatusList] = {}
        self._published = 0
        self.number = 0
        self.mistaken: set[str] = set()  # numbers of permits with which an officer makes a mistake
        phones = [phone for post in self.phones.values() for phone in post]
        self._spells_due = [
            (at, 2 * n + begins, phone, begins)
            for n, phone in enumerate(phones)
            for spell in phone.spells
            for at, begins in zip(spell, (True, False), strict=True)
        ]
        heapq.heapify(self._spells_due)

    @property
    def now(self) -> int:
        return self.office.now

    def at(self, now: int) -> None:
        """Set the clock, publish what is due, and let devices lose and regain their network."""
        self.office.now = now
        if now - self._published >= LISTS_EVERY:
            self._published = now
            self.office.publish_due()
            self._lists = published_lists(self.office)
        while self._spells_due and self._spells_due[0][0] <= now:
            _, _, phone, begins = heapq.heappop(self._spells_due)
            if phone.events:
                self.bring_in(phone)
            if begins:  # the device uses these data until it is back
                phone.fetched, phone.lists, phone.checker = now, self._lists, self.checker()

    def checker(self) -> Checker:
        if self._checker is None or self.now - self._checker[0] >= HOUR:
            self.office.forget_trust()
            if self.now - self.foreign.seq > TRUST_LISTS_EVERY:
                self.foreign = trust_maker.renewed(self.foreign, self.now)
            if self.now - self._ours().seq > TRUST_LISTS_EVERY:
                self.office.publish_list(key_rotation.renew(self._ours(), self.now))
            trust = self.office.trust()
            pins = (*trust.pins, trust_maker.pin("KZ"))
            fetched = {"KG": self.now, "KZ": self.now}
            both = replace(trust, lists=(*trust.lists, self.foreign), pins=pins, fetched_at=fetched)
            self._checker = self.now, Checker(self.office.stage, both, POSTS, country_folder.offline_limits())
        return self._checker[1]

    def _ours(self) -> TrustList:
        found = self.office.trust().list_for("KG")
        assert found is not None
        return found

    def rotate_keys(self) -> None:
        """Retire the active permit key, activate its spare, and announce a new spare."""
        made = FileSigner.generate()
        self.office._signers[made.kid] = made
        begins = self.now + LIFETIME
        spare = TrustKey(made.kid, made.public_key, "permit", tuple(sorted(KINDS)), begins, None, False, None)
        self.office.publish_list(key_rotation.rotate(self._ours(), spare, self.now))
        self._checker = None

    def _skew(self) -> int:
        drawn = self.rng.random()
        most = next(most for share, most in CLOCKS if drawn <= share)
        return self.rng.randint(-most, most)

    def _spells(self) -> list[tuple[int, int]]:
        """Times without network: three tenths of the time (a fifth of all scans), mostly hours, at most three days."""
        spells, at = [], NOW - round(self.rng.uniform(0, 40) * HOUR)
        while at < NOW + (self.days + 40) * DAY:
            at += round(self.rng.expovariate(1 / (18 * HOUR)))
            kind = self.rng.random()
            low, high = (1, 6) if kind < 0.7 else (6, 24) if kind < 0.95 else (24, 72)
            until = at + round(self.rng.uniform(low, high) * HOUR)
            spells.append((at, min(until, at + OFFLINE_AT_MOST)))
            at = until
        return spells

    # actions of people

    def look(self, path: str, paper: Paper, direction: str = "none", country: str = "KG") -> Verdict:
        """A look on the public page: no post, no goods."""
        found = verify(
            paper.pages[0],
            but(self.office, checker=self.checker),
            place=Place(direction, country, None),
            other_pages=paper.pages[1:],
        )
        return self._seen(path, found, False)

    def scan(
        self, path: str, paper: Paper, post: str, direction: str, *, goods: bool = True, same: bool | None = None,
        by: tuple[Actor, Phone] | None = None,
    ) -> tuple[Verdict, tuple[Actor, Phone]]:  # fmt: skip
        officer, phone = by or (self.rng.choice(self.officers[post]), self.rng.choice(self.phones[post]))
        pages = paper.pages if self.rng.random() < 0.7 else paper.pages[:1]
        asked = Scan(str(self._uuid()), pages[0], post, self.now + phone.skew, direction, goods, pages[1:], same)
        offline = phone.offline(self.now)
        if offline:
            found = self._judge_offline(phone, officer, asked, paper)
            body = {k: v for k, v in asdict(asked).items() if v is not None}
            phone.paths[asked.event_id] = path
            phone.events.append({**body, "other_pages": list(pages[1:]), "kind": "scan", "officer": officer.id})
        else:
            found = endorsement_scan.scan(asked, officer, but(self.office, checker=self.checker))
        self._seen(path, found, offline)
        if "T2" in found.codes:  # the device reports its wrong clock, and somebody sets it
            phone.skew = 0
            return self.scan(path, paper, post, direction, goods=goods, same=same, by=(officer, phone))
        return found, (officer, phone)

    def endorse(
        self, path: str, paper: Paper, post: str, direction: str, by: tuple[Actor, Phone],
        lines: tuple[UsedLine, ...] = (), document: str = "",
    ) -> str | None:  # fmt: skip
        """The event id, or None if it was refused. Without network the device stores the event."""
        officer, phone = by
        asked = Endorsement(
            event_id=str(self._uuid()), post=post, direction=direction, endorsed_at=self.now + phone.skew,
            lines=lines or paper.lines, qr=paper.pages[0], other_pages=paper.pages[1:],
            transport_document=document or paper.document,
        )  # fmt: skip
        if phone.offline(self.now):
            phone.events.append(border.event(asked, officer))
            use = endorsement_endorse.as_use(asked, read_own(asked.qr), officer, self.office.stage, self.now)
            use = replace(use, offline=True)
            phone.unsent.setdefault(paper.key, []).append(use)
            return asked.event_id
        try:
            receipt, _ = endorsement_endorse.endorse(
                asked, officer, but(self.office, checker=self.checker, now=self.now)
            )
        except Invalid:  # "not within 10 minutes of the server's clock"
            assert abs(phone.skew) > endorsement_endorse.ONLINE_WINDOW
            phone.skew = 0
            return self.endorse(path, paper, post, direction, by, lines, document)
        except TamgaError as error:
            kind = "used" if isinstance(error, AlreadyUsed) else "+".join(error.extra.get("codes", [error.slug]))
            self.count.refused[f"{kind} | {path}"] += 1
            return None
        self.count.endorsed[f"online {receipt['result']}"] += 1
        self._told(paper.key, asked.event_id)
        return asked.event_id

    def undo(self, event_id: str, post: str) -> bool:
        """Withdraw by another officer of the post. False while the device that made the event is still offline."""
        stored = self.office.register.get(store.event_key(event_id))
        if stored is None:
            return False
        other = next(actor for actor in self.officers[post][1:] if actor.id != stored.data["officer"])  # [0] uploads
        withdraw.undo(
            withdraw.Undo(event_id, str(self._uuid()), "flight cancelled"),
            other,
            but(self.office, checker=self.checker),
        )
        return True

    def _said(self, text: str) -> object:
        """The verdict without the register on a code that an upload rejected."""
        lists = self.office.trust()
        known = verdict.judge(text, trust=lists, status={}, register=NotAsked(), now=self.now)
        return (
            [hit.code for hit in known.check_results],
            known.permit,
            [(key.kid.hex(), key.retired_at) for one in lists.lists for key in one.keys],
        )

    def bring_in(self, phone: Phone) -> None:
        """Upload in batches; one response in ten is lost and the batch is sent again."""
        events, phone.events, phone.unsent = phone.events, [], {}
        numbers = {}
        for start in range(0, len(events), 50):
            batch = events[start : start + 50]
            for _ in range(1 + (self.rng.random() < 0.1)):
                answers = phone.sync(*batch, checker=self.checker(), person=self.people.__getitem__)
                for event, answer in zip(batch, answers, strict=True):
                    if event["kind"] == "endorsement":
                        self.count.endorsed[f"by sync {answer['result']}"] += 1
                        assert answer["result"] != "rejected", (answer, self.now - NOW, self._said(event["qr"]))
                        permit = read_own(event["qr"])
                        numbers[event["event_id"]] = (permit.issuer, permit.number)
                    elif answer.get("outcome") == "hold":
                        path = phone.paths[event["event_id"]]
                        if not path.startswith("mistake"):
                            self.count.later[f"{'+'.join(answer['codes'])} | {path}"] += 1
        for event_id, key in numbers.items():
            self._told(key, event_id)

    def _judge_offline(self, phone: Phone, officer: Actor, asked: Scan, paper: Paper) -> Verdict:
        assert phone.checker is not None
        clock = self.now + phone.skew
        mine = phone.own.setdefault((officer.id, *paper.key), [])
        found = verdict.judge(
            asked.qr, trust=phone.checker.trust, status=phone.lists, register=NotAsked(), now=clock,
            own_uses=self._bundled(paper.key, phone.fetched),
            context=Context(
                Place(asked.direction, "KG", asked.post, asked.same_goods), POSTS, asked.other_pages, tuple(mine),
                tuple(phone.unsent.get(paper.key, ())), phone.checker.offline_limits,
            ),
        )  # fmt: skip
        mine.append(clock)
        return found

    def _told(self, paper: tuple[str, str], event_id: str) -> None:
        """Add the use to the day's list, so devices get it with their next fetch."""
        self.told.setdefault(paper, []).append((self.now, Key(f"USES#{self.now // DAY}", event_id)))

    def _bundled(self, paper: tuple[str, str], fetched: int) -> Sequence[Use]:
        """Uses elsewhere in the bundle of that moment."""
        keys = [key for at, key in self.told.get(paper, ()) if at <= fetched]
        rows = [row for row in map(self.office.register.get, keys) if row is not None]
        uses = store.load_uses([row.data["use"] for row in rows])
        return [u if not u.withdrawn or u.withdrawn.at <= fetched else replace(u, withdrawn=None) for u in uses]

    def _seen(self, path: str, found: Verdict, offline: bool) -> Verdict:
        if path.startswith("mistake"):
            self.count.mistakes += 1
            if found.outcome == "hold":
                self.count.mistaken[f"{self._codes(found)} | {path}"] += 1
            return found
        self.count.scans += 1
        self.count.offline += offline
        self.count.outcomes[found.outcome] += 1
        if found.outcome == "hold":
            self.count.holds[f"{self._codes(found)} | {path}{', offline' if offline else ''}"] += 1
        return found

    @staticmethod
    def _codes(found: Verdict) -> str:
        return "+".join(hit.code for hit in found.check_results if hit.outcome == "hold")

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


def around(rng: random.Random, median_hours: float, sigma: float) -> int:
    """Duration in seconds: log-normal, at least five minutes."""
    return max(300, round(math.exp(rng.gauss(math.log(median_hours), sigma)) * HOUR))
