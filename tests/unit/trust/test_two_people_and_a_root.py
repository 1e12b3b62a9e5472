"""Proposal and publication of trust lists: two registered admins, and no signature of the root on a refused list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from office import ADMIN, ADMIN2, APPROVER, DAY, MemoryOffice

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.kernel.errors import DecodeError, Forbidden, Invalid, TamgaError, TwoPeople, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.people.services import person_key
from chalicelib.trust.model import key_rotation, trust_list
from chalicelib.trust.model.trust_list import TrustList
from chalicelib.trust.services import publish_trust_list


class Root:
    """Root that counts its signatures."""

    def __init__(self, signer: FileSigner) -> None:
        self.kid, self.public_key, self._signer, self.signed = signer.kid, signer.public_key, signer, 0

    def sign_digest(self, digest: bytes) -> bytes:
        self.signed += 1
        return self._signer.sign_digest(digest)


@pytest.fixture
def root(office: MemoryOffice) -> Root:
    return Root(office.root)


def current(office: MemoryOffice) -> TrustList:
    held = publish_trust_list.in_force("KG", office)
    assert held is not None
    return held[1]


def propose(office: MemoryOffice, wanted: TrustList, by: Actor = ADMIN) -> str:
    return publish_trust_list.propose(wanted, by, office, why="x")


def unregistered(office: MemoryOffice, person: Actor) -> None:
    office.register.commit(
        Put(person_key(person.id), {"name": "x", "roles": ["auditor"], "posts": []}, expected_version=None)
    )


def test_non_admin_neither_proposes_nor_publishes(office: MemoryOffice, root: Root) -> None:
    wanted = key_rotation.renew(current(office), office.now)
    office.register_person(APPROVER)
    with pytest.raises(Forbidden, match="admin"):
        propose(office, wanted, APPROVER)
    with pytest.raises(Forbidden, match="admin"):
        publish_trust_list.publish(propose(office, wanted), APPROVER, root, office)
    assert root.signed == 0


def test_admin_role_in_user_pool_only_is_refused(office: MemoryOffice, root: Root) -> None:
    """The right to put people into groups of the pool must not reach the root."""
    wanted = key_rotation.renew(current(office), office.now)
    stranger = Actor("u-stranger", "x", frozenset({"admin"}))
    with pytest.raises(Forbidden, match="register"):
        propose(office, wanted, stranger)
    proposal = propose(office, wanted)
    with pytest.raises(Forbidden, match="register"):
        publish_trust_list.publish(proposal, stranger, root, office)
    unregistered(office, ADMIN2)
    with pytest.raises(Forbidden, match="register"):
        publish_trust_list.publish(proposal, ADMIN2, root, office)
    assert root.signed == 0


def test_admin_role_in_register_only_is_refused(office: MemoryOffice, root: Root) -> None:
    proposal = propose(office, key_rotation.renew(current(office), office.now))
    with pytest.raises(Forbidden):
        publish_trust_list.publish(proposal, replace(ADMIN2, roles=frozenset()), root, office)
    assert root.signed == 0


def test_proposer_who_lost_admin_role_blocks_publication(office: MemoryOffice, root: Root) -> None:
    proposal = propose(office, key_rotation.renew(current(office), office.now))
    unregistered(office, ADMIN)
    with pytest.raises(Forbidden, match="proposed"):
        publish_trust_list.publish(proposal, ADMIN2, root, office)
    assert root.signed == 0


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda now: replace(now, seq=now.seq - 1, expires_at=now.expires_at - 1), WrongState),
        (lambda now: replace(now, seq=now.seq + 1, keys=now.keys[1:]), Invalid),
        (lambda now: replace(now, seq=now.seq + 1, expires_at=now.expires_at - DAY), Invalid),
        (lambda now: replace(now, seq=now.seq + 1, root=FileSigner.generate().public_key), DecodeError),
        (lambda now: replace(now, issuer="KZ"), DecodeError),
        (lambda now: replace(now, seq=now.seq + 2 * DAY, expires_at=now.expires_at + DAY), WrongState),
        (
            lambda now: replace(now, seq=now.seq + 1, hosts=(*now.hosts, replace(now.hosts[0], name="real.kg"))),
            TamgaError,
        ),
    ],
    ids=["older", "a key gone", "ends sooner", "another root", "another Party", "from the future", "a real host"],
)
def test_root_signs_no_list_that_would_be_refused(
    office: MemoryOffice, root: Root, change: Any, error: type[Exception]
) -> None:
    before = current(office)
    proposal = propose(office, change(before))
    with pytest.raises(error):
        publish_trust_list.publish(proposal, ADMIN2, root, office)
    assert root.signed == 0
    assert current(office) == before


def test_expired_proposal_is_refused(office: MemoryOffice, root: Root) -> None:
    proposal = propose(office, key_rotation.renew(current(office), office.now))
    office.later(61 * DAY)
    with pytest.raises(WrongState, match="expired"):
        publish_trust_list.publish(proposal, ADMIN2, root, office)
    assert root.signed == 0


def test_other_root_signs_nothing(office: MemoryOffice) -> None:
    other = Root(FileSigner.generate())
    with pytest.raises(Invalid, match="root"):
        publish_trust_list.publish(
            propose(office, key_rotation.renew(current(office), office.now)), ADMIN2, other, office
        )
    assert other.signed == 0


def test_only_the_proposed_list_signed_elsewhere_is_published(office: MemoryOffice, root: Root) -> None:
    wanted = key_rotation.renew(current(office), office.now)
    proposal = propose(office, wanted)
    known = publish_trust_list.read(proposal, register=office.register)
    assert (known.wanted, known.by, known.why, known.published_by) == (wanted, ADMIN.id, "x", None)
    signed = publish_trust_list.sign_payload(known.payload, root)
    other = publish_trust_list.sign_payload(trust_list.encode_trust_list(replace(wanted, seq=wanted.seq + 1)), root)
    with pytest.raises(TwoPeople):
        publish_trust_list.publish_signed(proposal, ADMIN, signed, office)
    with pytest.raises(Invalid, match="Must be the signed list of this proposal"):
        publish_trust_list.publish_signed(proposal, ADMIN2, other, office)
    with pytest.raises(DecodeError):
        publish_trust_list.publish_signed(proposal, ADMIN2, signed[:-1] + bytes([signed[-1] ^ 1]), office)
    assert publish_trust_list.publish_signed(proposal, ADMIN2, signed, office) == wanted == current(office)
    with pytest.raises(WrongState):
        publish_trust_list.publish_signed(proposal, ADMIN2, signed, office)
