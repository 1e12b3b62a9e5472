"""Lists: when they are due, whose write wins, who may change the keys, and what a rotation and a compromise do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from border import endorse, held, look
from crashing import Wrapped
from life import approved as approved_permit
from life import issue, issued
from office import ADMIN, ADMIN2, APPROVER, DAY, MemoryOffice, published_lists
from trust_maker import trust_list

from chalicelib.adapters.file_signer import FileSigner
from chalicelib.adapters.memory import MemoryStatic
from chalicelib.core import rotation
from chalicelib.core.codes import KINDS
from chalicelib.core.cose import decode_sign1
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import Invalid, NoMatch, TamgaError, TwoPeople, Unavailable, WrongState
from chalicelib.core.qr_text import decode_qr
from chalicelib.core.status_list import StatusList
from chalicelib.core.trust import Trust
from chalicelib.core.trust_list import Pin, TrustKey, TrustList, open_bundle, thumbprint
from chalicelib.core.verdict import Verdict, judge
from chalicelib.ports import Conflict, Key, PermitRegister, Put, Row
from chalicelib.services import change_status, publish_status, publish_trust, store

HOUR = 3600


def lists(office: MemoryOffice) -> dict[str, StatusList]:
    return published_lists(office)


def current(office: MemoryOffice) -> TrustList:
    held_ = office.static.read(publish_trust.BUNDLE_PATH)
    assert held_ is not None
    return open_bundle(held_[0], office.pins)[0]


def offline(office: MemoryOffice, dossier: Dossier, trust: Trust | None = None) -> Verdict:
    """A verifier abroad, with the lists it fetched now."""
    return judge(
        dossier.tokens[0], trust=trust or office.trust(), status=lists(office), register="not_asked", now=office.now
    )


# status lists


def test_a_list_is_due_every_three_hours_and_a_minute_after_a_use(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri = dossier.status_uri or ""
    assert office.publish_due() == [uri]
    first = lists(office)[uri]
    assert (first.value(dossier.status_idx or 0), first.issued_at) == (0, office.now)
    office.later(59)
    endorse(office, dossier)
    assert office.publish_due() == []
    office.later(1)
    assert office.publish_due() == [uri]
    second = lists(office)[uri]
    assert (second.value(dossier.status_idx or 0), second.issued_at) == (3, office.now)
    office.later(3 * HOUR - 1)
    assert office.publish_due() == []
    office.later(1)
    assert office.publish_due() == [uri]
    assert lists(office)[uri].expires_at == office.now + 72 * HOUR


def test_a_suspension_is_out_at_once_and_times_rise_within_a_second(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri, index = dossier.status_uri or "", dossier.status_idx or 0
    office.publish_due()
    seen = [lists(office)[uri]]
    by: Any = {"register": office.register, "now": office.now}
    for step in ("suspend", "reinstate"):
        getattr(change_status, step)(dossier.id, "doubt", APPROVER, **by)
        office.publish_here(uri)
        seen.append(lists(office)[uri])
    assert [each.value(index) for each in seen] == [0, 2, 0]
    assert [each.issued_at for each in seen] == [office.now, office.now + 1, office.now + 2]
    office.publish_here(uri)
    assert lists(office)[uri] == seen[-1]  # nothing changed: nothing is signed


def test_who_loses_the_conditional_write_reads_and_signs_again(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri, index = dossier.status_uri or "", dossier.status_idx or 0
    office.publish_due()
    signer, meanwhile = office.signer, []

    def races(kid: bytes) -> FileSigner:
        if not meanwhile:
            meanwhile.append(1)
            change_status.suspend(dossier.id, "doubt", APPROVER, register=office.register, now=office.now)
            office.publish_here(uri)  # the other one reads later, so knows more
        return signer(kid)

    office.signer = races  # type: ignore[method-assign]
    office.later(60)
    endorse(office, dossier)
    office.publish_here(uri)
    assert meanwhile
    assert lists(office)[uri].value(index) == 2


def test_one_list_that_cannot_be_published_does_not_keep_the_others(office: MemoryOffice) -> None:
    one = issued(office)
    other = issued(office, replace_last_day("2027-02-01"))
    assert one.status_uri != other.status_uri
    stuck = publish_status.path_of(min(one.status_uri or "", other.status_uri or ""))
    write = office.static.write

    def write_(path: str, data: bytes, *, content_type: str, etag: str | None) -> None:
        if path == stuck:
            raise Conflict([Key("static", path)])
        write(path, data, content_type=content_type, etag=etag)

    office.static.write = write_  # type: ignore[method-assign]
    with pytest.raises(Unavailable):  # the alarm still rings
        office.publish_due()
    assert [publish_status.path_of(uri) for uri in lists(office)] == [
        publish_status.path_of(max(one.status_uri or "", other.status_uri or ""))
    ]


def replace_last_day(day: str) -> Any:
    from life import APPLICATION

    return replace(APPLICATION, valid_until=day)


def test_a_void_number_is_revoked_in_the_published_list(office: MemoryOffice) -> None:
    from test_issuing import reserve

    left = reserve(office, approved_permit(office))
    office.later(120)
    assert issue(office, left).voided
    office.publish_due()
    assert lists(office)[left.status_uri or ""].value(left.status_idx or 0) == 1


class Counting(Wrapped):
    """Notes which partitions are read."""

    def __init__(self, inner: PermitRegister) -> None:
        super().__init__(inner)
        self.read: list[str] = []

    def get(self, key: Key) -> Row | None:
        self.read.append(f"one {key.partition}")
        return super().get(key)

    def query(self, partition: str, **how: Any) -> Sequence[Row]:
        self.read.append(partition)
        return super().query(partition, **how)


def entry(office: MemoryOffice, dossier: Dossier) -> int:
    return lists(office)[dossier.status_uri or ""].value(dossier.status_idx or 0)


def change_to(office: MemoryOffice, dossier: Dossier, value: int, at: int) -> None:
    """As a request does whose clock said `at` when it began, and that commits now."""
    puts = store.status_puts(dossier.status_uri or "", dossier.status_idx or 0, value, at)
    office.register.commit(*puts)


def test_a_minute_without_changes_reads_no_entry_and_one_with_reads_those_that_changed(office: MemoryOffice) -> None:
    permits = [issued(office) for _ in range(3)]
    uri = permits[0].status_uri or ""
    office.publish_due()
    office.register = counting = Counting(office.register)  # type: ignore[assignment]
    office.later(60)
    assert office.publish_due() == []
    assert [name for name in counting.read if uri in name] == [f"STATUS-CHANGES#{uri}"]
    endorse(office, permits[1])
    office.later(60)
    counting.read.clear()
    assert office.publish_due() == [uri]
    assert [name for name in counting.read if uri in name] == [f"STATUS-CHANGES#{uri}", f"one STATUS#{uri}"]
    assert [entry(office, permit) for permit in permits] == [0, 3, 0]
    office.later(60)
    counting.read.clear()
    assert office.publish_due() == []  # what was noted is read again, and is in the list
    assert [name for name in counting.read if uri in name] == [f"STATUS-CHANGES#{uri}"]


def test_a_change_that_was_committed_late_is_not_missed(office: MemoryOffice) -> None:
    dossier = issued(office)
    office.publish_due()
    office.later(publish_status.BEFORE)
    office.publish_here(dossier.status_uri or "")
    began = office.now - publish_status.BEFORE + 1  # before the list that is out was made
    change_to(office, dossier, 1, began)
    office.later(60)
    assert office.publish_due() == [dossier.status_uri]
    assert entry(office, dossier) == 1


def test_of_two_changes_that_crossed_the_last_stands(office: MemoryOffice) -> None:
    dossier = issued(office)
    office.publish_due()
    office.later(1)
    late = office.now
    office.later(1)
    change_to(office, dossier, 2, office.now)  # suspended
    change_to(office, dossier, 15, late)  # then revoked, by a request that had begun a second before
    office.later(60)
    office.publish_due()
    assert entry(office, dossier) == 15
    for _ in range(3):  # and stays so while the first of them falls out of what is read
        office.later(publish_status.BEFORE // 2 - 31)
        assert office.publish_due() == []
    assert entry(office, dossier) == 15


@pytest.mark.parametrize("hours", [1, 2, 5, 7, 23])
def test_an_old_list_put_back_says_nothing_old_for_long(office: MemoryOffice, hours: int) -> None:
    dossier = issued(office)
    office.publish_due()
    path = publish_status.path_of(dossier.status_uri or "")
    old, _ = office.static.read(path) or (b"", "")
    endorse(office, dossier)
    for _ in range(hours):
        office.later(HOUR)
        office.publish_due()
    assert entry(office, dossier) == 3
    held_ = office.static.read(path)
    assert held_ is not None
    office.static.write(path, old, content_type=publish_status.CONTENT_TYPE, etag=held_[1])
    assert entry(office, dossier) == 0
    office.publish_due()
    assert entry(office, dossier) == 3


def test_each_day_a_list_is_counted_anew_and_each_at_its_own_hour(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri = dossier.status_uri or ""
    office.publish_due()
    office.register.commit(Put(store.status_key(uri, dossier.status_idx or 0), {"value": 2}, expect=None))  # no note
    office.publish_here(uri)
    office.later(60)
    assert office.publish_due() == []
    assert entry(office, dossier) == 0
    for _ in range(9):
        office.later(3 * HOUR)
        office.publish_due()
    assert entry(office, dossier) == 2
    seconds = {publish_status._day(each, office.now) * DAY for each in publish_status.uris(office.stage, office.now)}
    assert len(seconds) == 2  # some are in their next day already


def test_a_list_that_was_out_too_long_is_counted_anew(office: MemoryOffice) -> None:
    dossier = issued(office)
    uri = dossier.status_uri or ""
    office.publish_due()
    office.register.commit(Put(store.status_key(uri, dossier.status_idx or 0), {"value": 2}, expect=None))
    office.later(publish_status.BASE_AT_MOST)
    office.publish_here(uri)
    assert entry(office, dossier) == 0
    office.later(publish_status.BASE_AT_MOST + 1)
    office.publish_here(uri)
    assert entry(office, dossier) == 2


def hammered(office: MemoryOffice, mine: Dossier, seconds: int) -> int:
    """An approver's script, four publications at once a second; how far the list came to be ahead of the clock."""
    for _ in range(seconds):
        for step in (change_status.suspend, change_status.reinstate) * 2:
            step(mine.id, "x", APPROVER, register=office.register, now=office.now)
            office.publish_here(mine.status_uri or "")
        office.later(1)
    return lists(office)[mine.status_uri or ""].issued_at - office.now


def test_no_script_drives_a_list_so_far_ahead_of_the_clock_that_it_misses_what_is_noted(office: MemoryOffice) -> None:
    mine, victim = issued(office), issued(office)
    office.publish_due()
    office.later(60)
    assert hammered(office, mine, 250) <= publish_status.AHEAD
    change_status.suspend(victim.id, "smuggled", APPROVER, register=office.register, now=office.now)
    office.publish_here(victim.status_uri or "")
    for _ in range(3):
        office.later(60)
        office.publish_due()
    assert entry(office, victim) == 2


def test_a_publication_at_once_that_is_the_days_first_counts_anew(office: MemoryOffice) -> None:
    dossier, other = issued(office), issued(office)
    uri = dossier.status_uri or ""
    office.publish_due()
    day = publish_status._day(uri, office.now)
    while publish_status._day(uri, office.now + 3600) == day:
        office.later(3600)
        office.publish_due()
    office.register.commit(Put(store.status_key(uri, dossier.status_idx or 0), {"value": 2}, expect=None))  # no note
    office.later(3600)
    change_status.suspend(other.id, "doubt", APPROVER, register=office.register, now=office.now)
    office.publish_here(uri)
    assert entry(office, dossier) == 2


# trust lists


def test_a_trust_list_takes_two_people(office: MemoryOffice) -> None:
    wanted = rotation.renew(current(office), office.now)
    by: Any = {"register": office.register, "static": office.static, "pins": office.pins, "now": office.now}
    proposal = publish_trust.propose(wanted, ADMIN, register=office.register, new_id=office.new_id, now=office.now)
    with pytest.raises(TwoPeople):
        publish_trust.publish(proposal, ADMIN, office.root, **by)
    with pytest.raises(NoMatch):
        publish_trust.publish("unknown", ADMIN2, office.root, **by)
    with pytest.raises(TamgaError):  # not a root that anybody pins
        publish_trust.publish(proposal, ADMIN2, FileSigner.generate(), **by)
    assert publish_trust.publish(proposal, ADMIN2, office.root, **by) == wanted == current(office)
    with pytest.raises(WrongState):
        publish_trust.publish(proposal, ADMIN2, office.root, **by)
    row = office.register.get(Key(f"TRUST-PROPOSAL#{proposal}"))
    assert row is not None
    assert (row.data["by"], row.data["published_by"]) == (ADMIN.id, ADMIN2.id)


def test_what_does_not_follow_on_the_list_that_is_out_is_not_published(office: MemoryOffice) -> None:
    now = current(office)
    fresh = TrustKey(*_key(FileSigner.generate(), now.expires_at - 1), None, False, None)
    for wanted in (
        replace(now, seq=now.seq - 1),
        replace(now, seq=now.seq + 1, keys=now.keys[1:]),
        replace(now, seq=now.seq + 1, keys=(*now.keys, fresh)),  # would sign before every list without it is over
    ):
        with pytest.raises(Invalid):
            office.publish_list(wanted)
    assert current(office) == now


def test_publishing_that_was_cut_off_is_ended_by_doing_it_again(office: MemoryOffice) -> None:
    wanted = rotation.renew(current(office), office.now)
    by: Any = {"register": office.register, "static": office.static, "pins": office.pins, "now": office.now}
    proposal = publish_trust.propose(wanted, ADMIN, register=office.register, new_id=office.new_id, now=office.now)
    write = office.static.write

    def lost(path: str, data: bytes, *, content_type: str, etag: str | None) -> None:
        write(path, data, content_type=content_type, etag=etag)
        raise Unavailable

    office.static.write = lost  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        publish_trust.publish(proposal, ADMIN2, office.root, **by)
    office.static.write = write  # type: ignore[method-assign]
    assert publish_trust.publish(proposal, ADMIN2, office.root, **by) == wanted
    row = office.register.get(Key(f"TRUST-PROPOSAL#{proposal}"))
    assert row is not None
    assert row.data["published_by"] == ADMIN2.id


def test_another_partys_list_stays_in_the_bundle_and_the_jwks_lose_a_race_quietly(office: MemoryOffice) -> None:
    other_root = FileSigner.generate()
    theirs = replace(
        current(office),
        issuer="KZ",
        root=other_root.public_key,
        keys=trust_list(now=office.now).keys,
        hosts=(),
        status_prefix="https://k.kz/s/",
    )
    theirs = replace(theirs, hosts=(replace(current(office).hosts[0], name="k.kz"),))
    pins = (*office.pins, Pin("KZ", (thumbprint(other_root.public_key),)))
    by: Any = {"register": office.register, "static": office.static, "pins": pins, "now": office.now}
    proposal = publish_trust.propose(theirs, ADMIN, register=office.register, new_id=office.new_id, now=office.now)
    publish_trust.publish(proposal, ADMIN2, other_root, **by)
    wanted = rotation.renew(current_of(office, pins, "KG"), office.now)
    proposal = publish_trust.propose(wanted, ADMIN, register=office.register, new_id=office.new_id, now=office.now)
    read, raced = office.static.read, []

    def races(path: str) -> Any:
        found = read(path)
        if path == publish_trust.JWKS_PATH and not raced:
            raced.append(1)
            office.static.write(path, b"{}", content_type="application/json", etag=found[1] if found else None)
        return found

    office.static.read = races  # type: ignore[method-assign]
    publish_trust.publish(proposal, ADMIN2, office.root, **by)
    office.static.read = read  # type: ignore[method-assign]
    assert current_of(office, pins, "KG") == wanted
    assert current_of(office, pins, "KZ") == theirs
    held_ = office.static.read(publish_trust.JWKS_PATH)
    assert held_ is not None
    assert {key["iss"] for key in json.loads(held_[0])["keys"]} == {"KG", "KZ"}
    assert raced


def current_of(office: MemoryOffice, pins: Any, country: str) -> TrustList:
    held_ = office.static.read(publish_trust.BUNDLE_PATH)
    assert held_ is not None
    return next(each for each in open_bundle(held_[0], pins) if each.issuer == country)


# rotation, the clock turned


def _key(signer: FileSigner, begins: int) -> tuple[Any, ...]:
    return signer.kid, signer.public_key, "permit", tuple(sorted(KINDS)), begins


def signed_by(dossier: Dossier) -> bytes:
    return decode_sign1(decode_qr(dossier.tokens[0])[1], cap=2048).kid


def test_a_new_key_signs_nothing_until_every_list_without_it_has_expired(office: MemoryOffice) -> None:
    out = [current(office)]
    permits = []

    def issue_one() -> bytes:
        """Whatever list a verifier still may believe, it holds the key that signs."""
        permits.append(issued(office))
        kid = signed_by(permits[-1])
        for each in out:
            if office.now < each.expires_at:
                assert kid in {key.kid for key in each.keys}
        return kid

    def turn(change: Any) -> None:
        office.publish_list(change(current(office), office.now))
        out.append(current(office))

    def rotate(now_out: TrustList, now: int) -> TrustList:
        fresh = FileSigner.generate()
        office._signers[fresh.kid] = fresh
        joined.append(fresh.kid)
        return rotation.rotate(now_out, TrustKey(*_key(fresh, now_out.expires_at), None, False, None), now)

    joined: list[bytes] = []
    old = [key.kid for key in office.permit_keys]
    assert issue_one() == old[0]
    for spare in old[1:]:
        office.later(DAY)
        turn(rotate)
        office.later(rotation.NOTICE)
        assert issue_one() == spare
    begins = next(key.not_before for key in current(office).keys if key.kid == joined[0])
    while office.now < begins:
        assert issue_one() == old[2]  # the newcomers wait
        office.later(10 * DAY)
        turn(rotation.renew)
    office.later(10 * DAY)
    turn(rotation.renew)
    turn(rotate)
    office.later(rotation.NOTICE + 1)  # the second list of this second is of the next
    assert issue_one() == joined[0]
    office.publish_due()
    for dossier in permits:  # those of retired keys too
        assert look(office, dossier).outcome == "accept"
        assert offline(office, dossier).outcome == "accept_offline"


def test_a_retired_key_cannot_sign_for_later(office: MemoryOffice) -> None:
    """Whoever keeps a retired key and dates a permit after its end is told from the list (check 6)."""
    old = issued(office)
    kid = signed_by(old)
    office.later(DAY)
    more = TrustKey(*_key(FileSigner.generate(), current(office).expires_at), None, False, None)
    office.publish_list(rotation.rotate(current(office), more, office.now))
    trust = office.trust()
    early = [replace(key, retired_at=office.now - 2 * DAY) if key.kid == kid else key for key in current(office).keys]
    stricter = replace(trust, lists=(replace(current(office), keys=tuple(early)),))
    assert offline(office, old).permit is not None
    assert offline(office, old, stricter).codes == ("F2",)


def test_a_compromised_key_leaves_it_to_the_register(office: MemoryOffice) -> None:
    old = issued(office)
    kid = signed_by(old)
    office.publish_due()
    office.later(DAY)
    office.publish_list(rotation.compromise(current(office), kid, office.now))
    office.publish_due()
    assert (look(office, old).outcome, look(office, old).codes) == ("check", ("F2",))
    away = offline(office, old)
    assert (away.outcome, away.codes) == ("cannot_tell", ("F2",))
    new = issued(office)  # issuing goes on with a spare
    assert signed_by(new) != kid
    assert look(office, new).outcome == "accept"
    assert endorse(office, old)["use"] == "exported"  # the register vouches for the very payload
    assert held(office, old).use == "exported"


def test_a_compromised_status_key_is_followed_by_the_spare(office: MemoryOffice) -> None:
    dossier = issued(office)
    office.publish_due()
    kid = office.status_keys[0].kid
    office.later(DAY)
    office.publish_list(rotation.compromise(current(office), kid, office.now))
    assert lists(office) == {}  # what it signed counts for nothing
    assert office.publish_due() == [dossier.status_uri]
    assert lists(office)[dossier.status_uri or ""].value(dossier.status_idx or 0) == 0


def test_without_a_key_nothing_is_issued_and_nothing_lost(office: MemoryOffice) -> None:
    ready = approved_permit(office)
    for key in office.permit_keys:
        office.later(60)
        office.publish_list(rotation.compromise(current(office), key.kid, office.now))
    with pytest.raises(Unavailable):
        issue(office, ready)
    assert held(office, ready).state == "approved"


def test_the_first_publication_needs_no_earlier_one() -> None:
    office = MemoryOffice()
    office.static = MemoryStatic()
    office.publish_list(office.first_list())
    assert current(office).issuer == "KG"
