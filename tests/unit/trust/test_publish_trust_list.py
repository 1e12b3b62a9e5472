"""Publication of the trust list: two people, succession, and what rotation and compromise do to signed permits."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from border import endorse, held, look
from life import approved as approved_permit
from life import issue, issued
from office import ADMIN, ADMIN2, DAY, MemoryOffice, published_lists
from process import but
from trust_maker import trust_list

from chalicelib.adapters.in_process.memory import MemoryStatic
from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import Invalid, NoMatch, TamgaError, TwoPeople, Unavailable, WrongState
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.token.cose import decode_sign1
from chalicelib.token.qr_text import decode_qr
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import Pin, TrustKey, TrustList, open_bundle, thumbprint
from chalicelib.trust.services import publish_trust_list
from chalicelib.verdict.snapshot import NotAsked
from chalicelib.verdict.verdict import Verdict, judge


def current(office: MemoryOffice) -> TrustList:
    held_ = office.static.read(publish_trust_list.BUNDLE_PATH)
    assert held_ is not None
    return open_bundle(held_[0], office.pins)[0]


def offline(office: MemoryOffice, dossier: Dossier, trust: Trust | None = None) -> Verdict:
    """Verdict of a verifier abroad with the lists fetched now."""
    return judge(
        dossier.tokens[0],
        trust=trust or office.trust(),
        status=published_lists(office),
        register=NotAsked(),
        now=office.now,
    )


def test_trust_list_needs_two_people(office: MemoryOffice) -> None:
    wanted = key_rotation.renew(current(office), office.now)
    proposal = publish_trust_list.propose(wanted, ADMIN, office)
    with pytest.raises(TwoPeople):
        publish_trust_list.publish(proposal, ADMIN, office.root, office)
    with pytest.raises(NoMatch):
        publish_trust_list.publish("unknown", ADMIN2, office.root, office)
    with pytest.raises(TamgaError):  # a root that nobody has pinned
        publish_trust_list.publish(proposal, ADMIN2, FileSigner.generate(), office)
    assert publish_trust_list.publish(proposal, ADMIN2, office.root, office) == wanted == current(office)
    with pytest.raises(WrongState):
        publish_trust_list.publish(proposal, ADMIN2, office.root, office)
    row = office.register.get(Key(f"TRUST-PROPOSAL#{proposal}"))
    assert row is not None
    assert (row.data["by"], row.data["published_by"]) == (ADMIN.id, ADMIN2.id)


def test_list_that_breaks_succession_is_not_published(office: MemoryOffice) -> None:
    now = current(office)
    fresh = TrustKey(*_key(FileSigner.generate(), now.expires_at - 1), None, False, None)
    for wanted in (
        replace(now, seq=now.seq - 1),
        replace(now, seq=now.seq + 1, keys=now.keys[1:]),
        replace(now, seq=now.seq + 1, keys=(*now.keys, fresh)),  # would sign before lists without it expire
    ):
        with pytest.raises(Invalid):
            office.publish_list(wanted)
    assert current(office) == now


def test_interrupted_publication_is_completed_by_retry(office: MemoryOffice) -> None:
    wanted = key_rotation.renew(current(office), office.now)
    proposal = publish_trust_list.propose(wanted, ADMIN, office)
    write = office.static.write

    def lost(path: str, data: bytes, *, content_type: str, etag: str | None) -> None:
        write(path, data, content_type=content_type, etag=etag)
        raise Unavailable

    office.static.write = lost  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        publish_trust_list.publish(proposal, ADMIN2, office.root, office)
    office.static.write = write  # type: ignore[method-assign]
    assert publish_trust_list.publish(proposal, ADMIN2, office.root, office) == wanted
    row = office.register.get(Key(f"TRUST-PROPOSAL#{proposal}"))
    assert row is not None
    assert row.data["published_by"] == ADMIN2.id


def test_other_partys_list_stays_in_bundle_and_jwks_write_is_retried(office: MemoryOffice) -> None:
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
    here = but(office, pins=pins)
    proposal = publish_trust_list.propose(theirs, ADMIN, office)
    publish_trust_list.publish(proposal, ADMIN2, other_root, here)
    wanted = key_rotation.renew(current_of(office, pins, "KG"), office.now)
    proposal = publish_trust_list.propose(wanted, ADMIN, office)
    read, raced = office.static.read, []

    def races(path: str) -> Any:
        found = read(path)
        if path == publish_trust_list.JWKS_PATH and not raced:
            raced.append(1)
            office.static.write(path, b"{}", content_type="application/json", etag=found[1] if found else None)
        return found

    office.static.read = races  # type: ignore[method-assign]
    publish_trust_list.publish(proposal, ADMIN2, office.root, here)
    office.static.read = read  # type: ignore[method-assign]
    assert current_of(office, pins, "KG") == wanted
    assert current_of(office, pins, "KZ") == theirs
    held_ = office.static.read(publish_trust_list.JWKS_PATH)
    assert held_ is not None
    assert {key["iss"] for key in json.loads(held_[0])["keys"]} == {"KG", "KZ"}
    assert raced


def current_of(office: MemoryOffice, pins: Any, country: str) -> TrustList:
    held_ = office.static.read(publish_trust_list.BUNDLE_PATH)
    assert held_ is not None
    return next(each for each in open_bundle(held_[0], pins) if each.issuer == country)


def _key(signer: FileSigner, begins: int) -> tuple[Any, ...]:
    return signer.kid, signer.public_key, "permit", tuple(sorted(KINDS)), begins


def signed_by(dossier: Dossier) -> bytes:
    return decode_sign1(decode_qr(dossier.tokens[0])[1], cap=2048).kid


def test_new_key_waits_until_lists_without_it_have_expired(office: MemoryOffice) -> None:
    out = [current(office)]
    permits = []

    def issue_one() -> bytes:
        """Issue a permit. Every list that has not expired contains the key that signed it."""
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
        return key_rotation.rotate(now_out, TrustKey(*_key(fresh, now_out.expires_at), None, False, None), now)

    joined: list[bytes] = []
    old = [key.kid for key in office.permit_keys]
    assert issue_one() == old[0]
    for spare in old[1:]:
        office.later(DAY)
        turn(rotate)
        office.later(key_rotation.NOTICE)
        assert issue_one() == spare
    begins = next(key.not_before for key in current(office).keys if key.kid == joined[0])
    while office.now < begins:
        assert issue_one() == old[2]  # the new keys wait
        office.later(10 * DAY)
        turn(key_rotation.renew)
    office.later(10 * DAY)
    turn(key_rotation.renew)
    turn(rotate)
    office.later(key_rotation.NOTICE + 1)  # the second list of this second takes the next second as its seq
    assert issue_one() == joined[0]
    office.publish_due()
    for dossier in permits:  # permits of retired keys too
        assert look(office, dossier).outcome == "accept"
        assert offline(office, dossier).outcome == "accept_offline"


def test_permit_dated_after_key_retirement_is_refused(office: MemoryOffice) -> None:
    """A retired key cannot sign for a later date, so check 6 answers F2."""
    old = issued(office)
    kid = signed_by(old)
    office.later(DAY)
    more = TrustKey(*_key(FileSigner.generate(), current(office).expires_at), None, False, None)
    office.publish_list(key_rotation.rotate(current(office), more, office.now))
    trust = office.trust()
    early = [replace(key, retired_at=office.now - 2 * DAY) if key.kid == kid else key for key in current(office).keys]
    stricter = replace(trust, lists=(replace(current(office), keys=tuple(early)),))
    assert offline(office, old).permit is not None
    assert offline(office, old, stricter).codes == ("F2",)


def test_permit_of_compromised_key_is_left_to_the_register(office: MemoryOffice) -> None:
    old = issued(office)
    kid = signed_by(old)
    office.publish_due()
    office.later(DAY)
    office.publish_list(key_rotation.compromise(current(office), kid, office.now))
    office.publish_due()
    assert (look(office, old).outcome, look(office, old).codes) == ("check", ("F2",))
    away = offline(office, old)
    assert (away.outcome, away.codes) == ("cannot_tell", ("F2",))
    new = issued(office)  # issuing continues with a spare
    assert signed_by(new) != kid
    assert look(office, new).outcome == "accept"
    assert endorse(office, old)["use"] == "exported"  # the register confirms exactly this payload
    assert held(office, old).use == "exported"


def test_spare_follows_compromised_status_key(office: MemoryOffice) -> None:
    dossier = issued(office)
    office.publish_due()
    kid = office.status_keys[0].kid
    office.later(DAY)
    office.publish_list(key_rotation.compromise(current(office), kid, office.now))
    assert published_lists(office) == {}  # lists signed by a compromised key are refused
    assert dossier.status_uri in office.publish_due()
    assert published_lists(office)[dossier.status_uri or ""].value(dossier.status_idx or 0) == 0


def test_no_permit_key_leaves_permit_approved(office: MemoryOffice) -> None:
    ready = approved_permit(office)
    for key in office.permit_keys:
        office.later(60)
        office.publish_list(key_rotation.compromise(current(office), key.kid, office.now))
    with pytest.raises(Unavailable):
        issue(office, ready)
    assert held(office, ready).state == "approved"


def test_first_trust_list_needs_no_predecessor() -> None:
    office = MemoryOffice()
    office.static = MemoryStatic()
    office.publish_list(office.first_list())
    assert current(office).issuer == "KG"
