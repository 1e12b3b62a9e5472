"""Random play at the border: the services do each step, and the rulebook predicts its result.

`Play` receives steps as plain tuples, so that a run can be stored and repeated on another register. After each step the
invariants are checked: I1, I2, I5 by `crashing.check_invariants`, the others below.
"""

from __future__ import annotations

import copy
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import border
import life
import rulebook
import smuggler
from border import PEOPLE
from crashing import check_invariants, rows
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from kinds import APPLICATIONS
from office import APPROVER, DAY, PREPARER, MemoryOffice
from process import but

from chalicelib.endorsement.services import scan
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.endorsement.services.scan import Scan
from chalicelib.kernel.enums import ClearingResult
from chalicelib.kernel.errors import TamgaError, Unavailable
from chalicelib.kernel.rows import Key
from chalicelib.permits.services import change_status, store
from chalicelib.trust.model import key_rotation
from chalicelib.uses.use import UsedLine
from chalicelib.verdict import verdict
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.snapshot import Context, NotAsked
from chalicelib.verification.services.verify import Checker, verify

Step = tuple[str, dict[str, Any]]
NUMBERS = ("E", "I", "OT", "F")
SILENT = ("DEVICE", "TRUST", "PERSON")  # partitions of the office's set-up, not of the play
STATES = {"issued": 0, "suspended": 1, "lost": 1, "revoked": 2, "replaced": 2}
USES = ("unused", "exported", "imported")


class SameEachTime:
    """A signer with deterministic signatures (RFC 6979): two plays leave the same rows."""

    def __init__(self, signer: Any) -> None:
        self._key, self.kid, self.public_key = signer._key, signer.kid, signer.public_key

    def sign_digest(self, digest: bytes) -> bytes:
        return self._key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256()), deterministic_signing=True))


class PlainOffice(MemoryOffice):
    """An office with repeatable ids and random bytes."""

    def __init__(self) -> None:
        self.rng = random.Random(1)
        super().__init__()
        self.rng = random.Random(2)

    def new_id(self) -> str:
        return f"01{self.rng.getrandbits(110):024X}"

    def random_bytes(self, count: int) -> bytes:
        return self.rng.randbytes(count)

    def signer(self, kid: bytes) -> Any:
        return SameEachTime(super().signer(kid))

    def on(self, register: Any) -> PlainOffice:
        """The same office at its beginning, on another register."""
        other = copy.copy(self)
        other.register, other.rng = register, random.Random(2)
        other.forget()
        return other


class Silent:
    """A register that does not respond."""

    def get(self, key: Key) -> Any:
        raise Unavailable("no answer")

    query = search = bump = commit = get


@dataclass
class Seen:
    """One permit of the play: its code, and its model in the rulebook."""

    paper: rulebook.Paper
    issuer: str
    number: str
    id: str
    text: str


class Play:
    """Run the steps: `do` returns the actual and the predicted result as plain data."""

    def __init__(self, office: PlainOffice) -> None:
        self.office, self.serials, self.events = office, 0, 0
        self.began = self.renewed = office.now
        self._checker: tuple[int, Checker] | None = None
        self.seen: list[Seen] = []
        self.asked: list[tuple[Endorsement, int, Any]] = []  # requests sent: event, permit, officer
        self.made: list[tuple[rulebook.Event, int]] = []
        self.answers: dict[str, Any] = {}  # event id -> its first response
        self.states: dict[str, tuple[str, str]] = {}
        self.corrected: set[str] = set()
        posts = ("manas-airport", "osh-airport", "bishkek-clearance")
        self.phones = [border.Phone(office, post, border.AIZADA) for post in posts]
        self.synced, self.begun = [int(office.now) - 30 * DAY for _ in posts], [0 for _ in posts]
        for kind in NUMBERS:
            self._enter(kind)

    # setting

    def _enter(self, kind: str) -> None:
        paper = rulebook.Paper(kind, 1 if kind == "OT" else 2, self.office.now - 100 * (kind == "F"))
        if kind == "F":
            permit, text = border.from_kazakhstan(
                self.office, lines=(replace(border.token_maker.FALCON, quantity="2"),), cti=bytes(16)
            )
            self.seen.append(Seen(paper, "KZ", permit.number, "", text))
            return
        self._know(life.issued(self.office, APPLICATIONS[kind]), paper)

    def _know(self, dossier: Any, paper: rulebook.Paper) -> None:
        self.serials += 1
        self.seen.append(Seen(paper, "KG", dossier.number, dossier.id, dossier.tokens[0]))

    def checker_now(self) -> Checker:
        """Our verifier as of now.

        Our trust list is renewed every twenty days, as long as Kazakhstan's is in force.
        """
        office = self.office
        if office.now - self.renewed > 20 * DAY:
            current = office.trust().list_for("KG")
            assert current is not None
            office.publish_list(key_rotation.renew(current, office.now))
            self.renewed = office.now
        if self._checker is None or self._checker[0] != office.now:
            office.forget_trust()
            made = border.with_kazakhstan(office)
            theirs = border.trust_maker.trust_list("KZ", border.KZ_HOST, now=self.began - DAY)
            lists = (made.trust.lists[0], theirs)
            self._checker = office.now, replace(made, trust=replace(made.trust, lists=lists))
        return self._checker[1]

    def _id(self) -> str:
        self.events += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"event {self.events}"))

    # steps

    def do(self, step: Step) -> tuple[Any, Any]:
        name, drawn = step
        return getattr(self, f"do_{name}")(**drawn)

    def do_clock(self, seconds: int) -> tuple[Any, Any]:
        self.office.later(seconds)
        self.checker_now()
        return None, None

    def do_look(self, n: int, direction: str, post: str | None, same: bool | None) -> tuple[Any, Any]:
        one, office = self.seen[n % len(self.seen)], self.office
        found = verify(one.text, but(office, checker=self.checker_now), place=Place(direction, "KG", post, same))
        foretold = rulebook.verdict(one.paper, rulebook.hits(one.paper, direction, post, same, office.now))
        self._judged_twice(one, direction, post, same, found)
        return (found.outcome, sorted(found.codes)), foretold

    def do_scan(self, n: int, officer: str, direction: str, post: str, same: bool | None) -> tuple[Any, Any]:
        one, office = self.seen[n % len(self.seen)], self.office
        asked = Scan(self._id(), one.text, post, office.now, direction, True, (), same)
        foretold = rulebook.verdict(one.paper, rulebook.hits(one.paper, direction, post, same, office.now, officer))
        found = scan.scan(asked, PEOPLE[officer], but(office, checker=self.checker_now))  # fmt: skip
        one.paper.scans.append((officer, office.now))
        return (found.outcome, sorted(found.codes)), foretold

    def do_no_answer(self, n: int, direction: str, post: str) -> tuple[Any, Any]:
        """I8: without the issuer's register no permit is accepted."""
        one = self.seen[n % len(self.seen)]
        found = verify(
            one.text,
            but(self.office, register=Silent(), checker=self.checker_now),
            place=Place(direction, "KG", post),
        )
        assert found.outcome not in {"accept", "accept_offline", "check"}
        return "T5" in found.codes, True

    def do_endorse(
        self, n: int, officer: str, direction: str, post: str, quantity: int, waybill: str, back: int
    ) -> tuple[Any, Any]:  # fmt: skip
        """`back` counts days since a hand-stamped endorsement, or is 0 for now, online."""
        at = self.office.now - back * DAY
        asked, event = self._endorsement(n, officer, direction, post, quantity, waybill, at)
        if back:
            asked = replace(asked, recorded="paper")
        paper = self.seen[n % len(self.seen)].paper
        foretold = rulebook.online(paper, event, direction, self.office.now, on_paper=bool(back))
        self.asked.append((asked, n, PEOPLE[officer]))
        told = self._send(asked, officer)
        if foretold in {"accepted", "pending"}:
            event.result = foretold
            self._add(n, event)
        return told, foretold

    def do_again(self, k: int) -> tuple[Any, Any]:
        """I4: a repeated request returns the first result."""
        if not self.asked:
            return None, None
        asked, _, officer = self.asked[k % len(self.asked)]
        known = self.answers.get(asked.event_id)
        if known is None:  # it was refused for a reason that may have changed, or it was uploaded
            return None, None
        return self._send(asked, officer.id), known

    def _send(self, asked: Endorsement, officer: str) -> str:
        try:
            receipt = border.endorse(self.office, asked, PEOPLE[officer], checker=self.checker_now())
        except TamgaError as error:
            told = type(error).__name__
            if told == "KeptAsConflict":  # a batch uploaded it as a second use
                return "conflict"
            if told == "AlreadyUsed":
                self.answers.setdefault(asked.event_id, told)
            return told
        self.answers.setdefault(asked.event_id, receipt["result"])
        return str(receipt["result"])

    def _endorsement(
        self, n: int, officer: str, direction: str, post: str, quantity: int, waybill: str, at: int
    ) -> tuple[Endorsement, rulebook.Event]:  # fmt: skip
        one, event_id = self.seen[n % len(self.seen)], self._id()
        asked = Endorsement(
            event_id, post, direction, at, (UsedLine("A", str(quantity)),), one.text, transport_document=waybill
        )
        kind = "return" if one.paper.kind == "E" and direction == "import" else direction
        event = rulebook.Event(event_id, kind, post, at, quantity, waybill, {officer}, self.office.now, hand=officer)
        return asked, event

    def _add(self, n: int, event: rulebook.Event) -> None:
        self.made.append((event, n % len(self.seen)))
        first = self.seen[n % len(self.seen)].paper
        first.events.append(event)
        paper: rulebook.Paper | None = first.heir
        while paper:  # an event on a replaced permit also counts on its replacement
            paper.events += [e for e in rulebook.begun_with(first, first.events) if e is event]
            paper = paper.heir

    def do_sync(self, which: int, batch: Sequence[tuple[Any, ...]], twice: bool) -> tuple[Any, Any]:
        """`batch`: (permit, officer, direction, quantity, waybill, seconds back), or ("again", k)."""
        which %= len(self.phones)
        phone, now = self.phones[which], self.office.now
        sent, foretold = [], []
        for each in batch:
            if each[0] == "again":
                mine = [e for e in self.asked if e[0].post == phone.post and e[0].event_id in self.answers]
                if mine:
                    asked, _, officer = mine[each[1] % len(mine)]
                    sent.append(border.event(asked, officer))
                    foretold.append("duplicate")
                continue
            n, officer_id, direction, quantity, waybill, back = each
            asked, event = self._endorsement(
                n, officer_id, direction, phone.post, quantity, waybill, now - back
            )  # fmt: skip
            event.hands.add(phone.actor.id)
            event.hand = phone.actor.id
            event.late = not max(now - 14 * DAY, self._all_sent(which) - 600) <= event.at <= now + 600
            paper = self.seen[n % len(self.seen)].paper
            event.result = rulebook.happened(paper, event, direction)
            sent.append(border.event(asked, PEOPLE[officer_id]))
            if rulebook.full(paper, event):
                foretold.append("rejected")
                continue
            foretold.append("stored" if event.result == "accepted" else event.result)
            self.asked.append((asked, n, PEOPLE[officer_id]))
            self.answers[asked.event_id] = event.result
            self._add(n, event)
        answers = phone.sync(*sent, checker=self.checker_now()) if sent else []
        told = [answer["result"] for answer in answers]
        if set(told) - {"duplicate"}:
            self.synced[which], self.begun[which] = now, 0
        elif sent and not (self.begun[which] and now <= self.begun[which] + 7200):
            self.synced[which], self.begun[which] = self._all_sent(which), now
        if sent and twice:  # the response was lost
            again = phone.sync(*sent, checker=self.checker_now())
            assert {answer["result"] for answer in again} <= {"duplicate", "rejected"}
        return told, foretold

    def _all_sent(self, which: int) -> int:
        """The last upload, or the first batch of known events, two hours later."""
        over = bool(self.begun[which]) and self.office.now > self.begun[which] + 7200
        last: int = self.synced[which]
        return max(last, self.begun[which]) if over else last

    def do_undo(self, k: int, officer: str) -> tuple[Any, Any]:
        if not self.made:
            return None, None
        event, n = self.made[k % len(self.made)]
        chain, paper = [], self.seen[n].paper
        while paper:
            chain.append(paper)
            paper = paper.heir
        late = self.office.now - min(event.at, event.received) > DAY
        if event.undone is not None or (event.kind == "export" and any(p.of("import") for p in chain)):
            foretold = "NotUsable"
        elif officer in event.hands:
            foretold = "TwoPeople"
        else:
            foretold = "Forbidden" if late and officer != APPROVER.id else "undone"
        actor = {**PEOPLE, APPROVER.id: APPROVER}[officer]
        try:
            border.undo(self.office, event.id, actor, self._id())
            told = "undone"
        except TamgaError as error:
            told = type(error).__name__
        if foretold == "undone":
            event.undone = self.office.now
            self.corrected.add("undo")
        return told, foretold

    def do_confirm(self, k: int, officer: str) -> tuple[Any, Any]:
        pending = [(e, n) for e, n in self.made if e.result == "pending"]
        if not pending:
            return None, None
        event, n = pending[k % len(pending)]
        paper = self.seen[n].paper
        if event.undone is not None:
            foretold = "NotUsable"
        elif officer in event.hands:
            foretold = "TwoPeople"
        else:
            paper.events.remove(event)
            foretold = self._settled(paper, event)
            paper.events.append(event)
        try:
            told = border.confirm(self.office, event.id, PEOPLE[officer])["result"]
        except TamgaError as error:
            told = type(error).__name__
        if foretold in {"accepted", "conflict", "duplicate"}:
            event.result = foretold
            self.answers[event.id] = foretold
        return told, foretold

    @staticmethod
    def _settled(paper: rulebook.Paper, event: rulebook.Event) -> str:
        """A stamp confirmed late ignores later changes of the permit's state."""
        before = replace(paper, state="issued", missing=False)
        return rulebook.happened(before, event, "return" if event.kind == "return" else event.kind)

    def do_state(self, n: int, verb: str, flag: bool) -> tuple[Any, Any]:
        """Change the state: suspend, reinstate, revoke (`flag`: for cause), lost (`flag`: stolen)."""
        one, office = self.seen[n % len(self.seen)], self.office
        if one.paper.kind == "F":
            return None, None
        start, end = {
            "suspend": ({"issued"}, "suspended"), "reinstate": ({"suspended", "lost"}, "issued"),
            "revoke": ({"issued", "suspended", "lost"}, "revoked"), "lost": ({"issued"}, "lost"),
        }[verb]  # fmt: skip
        what = (verb, flag if verb in {"revoke", "lost"} else None)
        repeated = one.paper.state == end and one.paper.by == what
        foretold = end if one.paper.state in start or repeated else "WrongState"
        try:
            made = {
                "suspend": lambda: change_status.suspend(one.id, "why", APPROVER, office),
                "reinstate": lambda: change_status.reinstate(one.id, "why", APPROVER, office),
                "revoke": lambda: change_status.revoke(one.id, "why", flag, APPROVER, office),
                "lost": lambda: change_status.report_lost(one.id, "why", ("lost", "stolen")[flag], PREPARER, office),
            }[verb]()
            told = made.state
        except TamgaError as error:
            told = type(error).__name__
        if foretold == end and not repeated:
            one.paper.state, one.paper.by = end, what
            one.paper.for_cause = flag if verb == "revoke" else one.paper.for_cause
            one.paper.missing = {"lost": True, "reinstate": False}.get(verb, one.paper.missing)
            if verb == "reinstate":
                self.corrected.add("reinstate")
        return told, foretold

    def do_replace(self, n: int) -> tuple[Any, Any]:
        one, office = self.seen[n % len(self.seen)], self.office
        if one.paper.kind == "F":
            return None, None
        foretold = "replaced" if one.paper.state in {"issued", "lost"} else "WrongState"
        try:
            made = smuggler.replaced(office, store.load(office.register, one.id))
            told = "replaced"
        except TamgaError as error:
            told = type(error).__name__
        if foretold == told == "replaced":
            one.paper.state = "replaced"
            begun = rulebook.begun_with(one.paper, one.paper.events)
            heir = rulebook.Paper(one.paper.kind, one.paper.permitted, office.now, events=begun)
            one.paper.heir = heir
            self._know(made, heir)
        return told, foretold

    def do_clear(self, n: int, code: str, officer: str, direction: str, post: str) -> tuple[Any, Any]:
        one, office = self.seen[n % len(self.seen)], self.office
        if one.paper.kind == "F":
            return None, None
        self.do_scan(n, officer, direction, post, None)
        scan_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"event {self.events}"))
        found = {c: by for c, _, by in rulebook.hits(one.paper, direction, post, None, office.now)}
        by_whom = {e.id: e.hands for e in one.paper.events}
        if code not in found or not found[code]:
            foretold = "Invalid"
        else:
            foretold = "TwoPeople" if any(officer in by_whom[e] for e in found[code]) else "cleared"
        try:
            told = scan.resolve_scan(
                scan_id,
                scan.Clearing(code, ClearingResult.CLEARED, "looked at it"),
                PEOPLE[officer],
                but(office, checker=self.checker_now),
            ).result
        except TamgaError as error:
            told = type(error).__name__
        if foretold == "cleared":
            one.paper.cleared.add((code, found[code]))
        return told, foretold

    # invariants

    def _judged_twice(self, one: Seen, direction: str, post: str | None, same: bool | None, found: Any) -> None:
        """I6: the same inputs with the uses in another order give the same verdict."""
        snapshot = found.register
        shuffled = replace(snapshot, uses=snapshot.uses[::-1]) if snapshot else NotAsked()
        again = verdict.judge(
            one.text, trust=self.checker_now().trust, status={}, register=shuffled, now=self.office.now,
            own_uses=() if snapshot else found.uses[::-1],
            context=Context(Place(direction, "KG", post, same), self.office.posts),
        )  # fmt: skip
        assert (again.outcome, again.codes) == (found.outcome, found.codes)

    def check(self) -> None:
        """I1-I5 and I7, on the stored rows."""
        check_invariants(self.office, serials=self.serials)
        table = rows(self.office.register)
        known = Counter[str]()
        for one in self.seen:
            if one.paper.kind == "F":
                row = table.get(Key("FOREIGN#KZ", one.number))
                uses, allowed, now = store.load_uses(row["uses"] if row else []), 2, ("issued", "unused")
            else:
                dossier = store.load(self.office.register, one.id)
                uses, allowed, now = dossier.uses, one.paper.permitted, (dossier.state, dossier.use)
            if one.paper.kind != "OT":
                taken = [u for u in uses if u.kind == "export" and u.result == "accepted" and u.counts]
                assert sum(int(u.lines[0].quantity) for u in taken) <= allowed  # I3
                assert len(taken) <= 1
            assert len({u.event_id for u in uses}) == len(uses)  # I4
            known.update(u.event_id for u in uses if u.number in {None, one.number})
            assert {u.event_id for u in uses} == {e.id for e in one.paper.events}  # and no event was lost
            self._never_back(one.number, now)
        assert set(known.values()) <= {1}
        for key, data in table.items():
            if key.partition.startswith("EVENT#") and "permit" in data:
                assert known[key.partition[6:]] == 1
        self.corrected.clear()

    def _never_back(self, number: str, now: tuple[str, str]) -> None:
        """I7: state and use never go back."""
        was = self.states.get(number, now)
        self.states[number] = now
        assert STATES[now[0]] >= STATES[was[0]] or "reinstate" in self.corrected
        assert USES.index(now[1]) >= USES.index(was[1]) or "undo" in self.corrected

    def audit(self) -> dict[str, Any]:
        """Every row that the play left, without the keys and write times that differ between registers."""
        return {
            f"{key.partition} {key.sort}": data
            for key, data in rows(self.office.register).items()
            if not key.partition.startswith(SILENT)
        }
