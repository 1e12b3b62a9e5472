"""Key changes while a verifier is offline, and wrong clocks: no honest permit is accused, no old list is accepted.

`key_rotation` produces a sequence of trust lists as a ministry would sign them. A verifier has the list of one day and
checks on another, up to 90 days later, permits signed on any earlier day.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

import proof
import pytest
import trust_maker
from life import issued
from office import MemoryOffice
from process import but
from token_maker import permit
from trust_maker import DAY, NOW, pin, sign, trust_list

from chalicelib.kernel import days as kernel_days
from chalicelib.kernel.errors import DecodeError, Invalid, WrongState
from chalicelib.record.permit import TokenParty
from chalicelib.token import cbor, claims, cose, qr_text
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.status_list import encode_status_list, list_uri, open_status_list, status_list_header
from chalicelib.trust.model.trust import Trust, active_key, usable
from chalicelib.trust.model.trust_list import (
    TrustList,
    encode_bundle,
    encode_trust_list,
    open_bundle,
    open_trust_list,
    trust_list_header,
)
from chalicelib.trust.services.caches import READ_EVERY, TrustCache
from chalicelib.verdict.snapshot import NotAsked, Unknown
from chalicelib.verdict.verdict import Verdict, judge
from chalicelib.verification.services.verify import Checker, verify

PIN = (pin("KG"),)
HOUR = 3600
AWAY_AT_MOST = 90  # days


@dataclass
class Ministry:
    """A ministry that signs one permit a day and changes its trust list at random."""

    rng: random.Random
    now: int = NOW
    lists: list[TrustList] = field(default_factory=lambda: [trust_list()])
    codes: list[tuple[int, bytes, str]] = field(default_factory=list)  # time, kid, text
    keys: dict[bytes, int] = field(default_factory=lambda: {trust_maker.kid(n): n for n in range(1, 10)})
    made: int = 100

    def run(self, days: int) -> None:
        for _ in range(days):
            self.now += DAY + self.rng.randrange(-HOUR, HOUR)
            if self.rng.random() < 0.25 or self.lists[-1].expires_at - self.now < 20 * DAY:
                self.sign_list()
            self.sign_permit()

    def sign_list(self) -> None:
        current, what = self.lists[-1], self.rng.randrange(6)
        active = active_key(current, "permit", self.now)
        if what == 3 and sum(usable(key, self.now) for key in current.keys if key.purpose == "permit") < 3:
            what = 0  # after three compromised keys within 60 days it stops issuing: tested elsewhere
        try:
            following = [
                lambda: key_rotation.renew(current, self.now),
                lambda: key_rotation.rotate(current, self.new_key("permit"), self.now),
                lambda: key_rotation.rotate(current, self.new_key("status"), self.now),
                lambda: key_rotation.compromise(current, active.kid, self.now, spare=self.new_key("permit")),
                lambda: key_rotation.retire(current, active.kid, self.now + self.rng.randrange(30 * DAY), self.now),
                lambda: key_rotation.add_host(current, f"h{len(current.hosts)}.tamga.kg", self.now),
            ][what]()
        except Invalid:  # no spare keys left
            following = key_rotation.admit(current, self.new_key("permit"), self.now)
        self.lists.append(following)

    def new_key(self, purpose: str) -> trust_maker.TrustKey:
        self.made += 1
        self.keys[trust_maker.kid(self.made)] = self.made
        return trust_maker.key(self.made, purpose, self.lists[-1].expires_at)  # type: ignore[arg-type]

    def sign_permit(self) -> None:
        current = self.lists[-1]
        by = active_key(current, "permit", self.now, kind="E").kid
        host = self.rng.choice([host.name for host in current.hosts if host.since <= self.now])
        made = permit(issued_at=self.now, expires_at=self.now + 180 * DAY, status_uri=list_uri("tamga.kg", self.now))
        token = sign(self.keys[by], cose.encode_protected(by), claims.encode_claims(made))
        self.codes.append((self.now, by, qr_text.encode_qr(host, token)))

    def list_at(self, at: int) -> TrustList:
        return [each for each in self.lists if each.seq <= at][-1]

    def status_at(self, at: int, uri: str, known: Trust) -> dict[str, object]:
        by = active_key(known.lists[0], "status", at)
        signed = sign(self.keys[by.kid], status_list_header(by.kid), encode_status_list(uri, {}, at))
        return {uri: open_status_list(signed, known)}


def test_verifier_offline_for_90_days_accuses_no_honest_permit() -> None:
    rng, judged, outcomes = proof.rng("away"), 0, {}
    for _ in range(proof.size(4, 60)):
        ministry = Ministry(random.Random(rng.random()))
        ministry.run(200)
        for _ in range(proof.size(60, 300)):
            at, by, text = rng.choice(ministry.codes)
            fetched = at + rng.randrange(-AWAY_AT_MOST * DAY, 30 * DAY)
            fetched = max(NOW, fetched)
            now = max(at, fetched) + rng.choice(
                (0, HOUR, 7 * HOUR, DAY, 2 * DAY, 4 * DAY, 30 * DAY, AWAY_AT_MOST * DAY)
            )
            held = ministry.list_at(fetched)
            known = Trust((held,), PIN, {"KG": fetched}, held.seq)
            uri = list_uri("tamga.kg", at)
            status = ministry.status_at(fetched, uri, known)
            found = judge(text, trust=known, status=status, register=NotAsked(), now=now)  # type: ignore[arg-type]
            listed = [key for key in held.keys if key.kid == by]
            if now >= held.expires_at:
                expected, codes = {"cannot_tell"}, {"T1"}
            elif listed and listed[0].compromised:
                expected, codes = {"cannot_tell"}, {"F2", "T1"}
            else:
                age = now - fetched
                expected = {"check"} if age >= 72 * HOUR else {"accept_offline"}
                codes = {"T1"} if age > 6 * HOUR else set()
            assert found.outcome in expected, (found.codes, at, fetched, now)
            assert set(found.codes) <= codes
            judged += 1
            outcomes[found.outcome] = outcomes.get(found.outcome, 0) + 1
    assert {"accept_offline", "check", "cannot_tell"} <= outcomes.keys()  # every branch was taken
    proof.found("moved clocks", verdicts=judged, accused=0, **{f"said_{k}": v for k, v in sorted(outcomes.items())})


def test_wrong_clock_never_accuses_honest_permit() -> None:
    known = trust_maker.trust()
    protected = cose.encode_protected(trust_maker.kid(trust_maker.PERMIT))
    text = qr_text.encode_qr("tamga.kg", sign(trust_maker.PERMIT, protected, claims.encode_claims(permit())))
    said: dict[str, set[str]] = {}
    for hours in range(-400 * 24, 400 * 24, 7):
        found = judge(text, trust=known, status={}, register=NotAsked(), now=NOW + hours * HOUR)
        assert found.outcome in {"cannot_tell", "check", "not_valid"}  # never accepted without a status list
        said.setdefault(found.outcome, set()).update(found.codes)
    assert said == {"cannot_tell": {"T2", "T1"}, "check": {"T1"}}
    far = judge(text, trust=replace(known, lists=(replace(known.lists[0], expires_at=NOW + 999 * DAY),)), status={},
                register=NotAsked(), now=NOW + 200 * DAY)  # fmt: skip
    assert (far.outcome, far.codes) == ("not_valid", ("S1", "T1"))


def test_second_root_is_used_only_where_it_is_pinned() -> None:
    first, second = trust_list(), trust_list(root=trust_maker.OTHER_ROOT)
    second = key_rotation.renew(replace(first, root=second.root), NOW + DAY)
    signed = [
        sign(n, trust_list_header(each.root), encode_trust_list(each))
        for n, each in ((trust_maker.ROOT, first), (trust_maker.OTHER_ROOT, second))
    ]
    both = (pin("KG", trust_maker.ROOT, trust_maker.OTHER_ROOT),)
    for pins, seqs in (
        (both, second.seq),  # the newer list is used
        (PIN, first.seq),  # a verifier without the second pin uses the first root until that list expires
        ((pin("KG", trust_maker.OTHER_ROOT),), second.seq),
    ):
        (held,) = open_bundle(encode_bundle(signed), pins, now=NOW + 2 * DAY)
        assert held.seq == seqs
    with pytest.raises(DecodeError):
        open_trust_list(signed[0], (pin("KG", trust_maker.OTHER_ROOT),))


class World:
    """Our office, and a pinned neighbour whose root signs any list."""

    def __init__(self) -> None:
        self.office = MemoryOffice()
        pins = (*self.office.pins, trust_maker.pin("KZ"))
        self.held = TrustCache("KG", pins, register=self.office.register, static=self.office.static, report=print)

    def neighbour(self, seq: int) -> None:
        theirs = replace(trust_list("KZ", "cites.kz.example", now=self.office.now - DAY), seq=seq, not_before=seq,
                         expires_at=seq + 60 * DAY)  # fmt: skip
        signed = sign(trust_maker.ROOT, trust_list_header(theirs.root), encode_trust_list(theirs))
        data, etag = self.office.static.read("trust-list") or (b"", "")
        ours = cbor.decode(data, cap=1 << 24, depth=1)[0]
        self.office.static.write("trust-list", encode_bundle([ours, signed]), content_type="", etag=etag)
        self.office.now += READ_EVERY

    def look(self, text: str) -> Verdict:
        office = self.office
        checker = Checker(office.stage, self.held.at(office.now), office.posts)
        return verify(text, but(office, checker=lambda: checker))

    def theirs(self) -> str:
        made = permit(
            host="cites.kz.example", issuer="KZ", number="26KZ000007/E", exporter=TokenParty("Almaty Falcons", "KZ"),
            issued_at=self.office.now - HOUR, expires_at=self.office.now + 90 * DAY,
        )  # fmt: skip
        by = trust_maker.PERMIT
        return qr_text.encode_qr(
            "cites.kz.example", sign(by, cose.encode_protected(trust_maker.kid(by)), claims.encode_claims(made))
        )


@pytest.mark.parametrize("ahead", [601 + HOUR, 40 * DAY, 50 * 365 * DAY])
def test_neighbours_future_trust_list_does_not_affect_our_permits(ahead: int) -> None:
    world = World()
    ours = issued(world.office).tokens[0]
    world.neighbour(world.office.now - DAY)
    assert (world.look(ours).outcome, world.look(world.theirs()).outcome) == ("accept", "check")
    world.neighbour(world.office.now + ahead)
    assert world.look(ours).outcome == "accept"
    assert world.look(world.theirs()).codes == ("T2",)


def test_own_trust_list_from_future_is_not_published() -> None:
    office = MemoryOffice()
    current = office.trust().lists[0]
    office.publish_list(key_rotation.renew(current, office.now + kernel_days.SKEW))
    with pytest.raises(WrongState, match="future"):
        office.publish_list(key_rotation.renew(office.trust().lists[0], office.now + kernel_days.SKEW + 1))


@pytest.mark.parametrize("days", [1, 2, 30, 59, 61, 90])
def test_withdrawn_key_is_refused_with_next_trust_list(days: int) -> None:
    """A stolen key is accepted offline until the next trust list arrives, never after it.

    The documentation states this limit.
    """
    before = trust_list()
    after = key_rotation.compromise(before, trust_maker.kid(trust_maker.PERMIT), NOW + HOUR)
    stolen = permit(issued_at=NOW + 30 * 60, cti=bytes(16))
    by = trust_maker.PERMIT
    text = qr_text.encode_qr(
        "tamga.kg", sign(by, cose.encode_protected(trust_maker.kid(by)), claims.encode_claims(stolen))
    )
    now = NOW + days * DAY

    def look(held: TrustList) -> tuple[str, tuple[str, ...]]:
        found = judge(text, trust=Trust((held,), PIN, {"KG": now}, held.seq), status={}, register=NotAsked(), now=now)
        return found.outcome, found.codes

    assert look(before) == (("check", ("T1",)) if days < 60 else ("cannot_tell", ("T1",)))
    renewed = key_rotation.renew(after, now)
    assert look(renewed) == ("cannot_tell", ("T1", "F2"))
    known = Trust((renewed,), PIN, {"KG": now}, renewed.seq)
    assert judge(text, trust=known, status={}, register=Unknown(), now=now).outcome == "hold"
