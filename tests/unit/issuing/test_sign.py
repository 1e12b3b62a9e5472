"""Signing: only announced digests, by one process at a time, and interrupted signings are given up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from crashing import check_invariants, fragile
from life import APPLICATION, SAKER, approved, issue, issued
from office import MemoryOffice

from chalicelib.issuing.services import sign as issuing_sign
from chalicelib.kernel.errors import DigestMismatch, NoMatch, TamgaError, Unavailable, WrongState
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.token import cose
from chalicelib.trust.model import key_rotation
from chalicelib.verification.services.verify import verify


def sign(office: MemoryOffice, permit_id: str) -> Dossier:
    return issuing_sign.sign(permit_id, office)  # fmt: skip


def reserve(office: MemoryOffice, dossier: Dossier) -> Dossier:
    """Return a permit with a stored intent that is not signed yet."""

    class Nobody:
        def issue(self, permit_id: str) -> None:
            pass

    office.issuer = Nobody()  # type: ignore[misc]
    with pytest.raises(Unavailable):
        issue(office, dossier)
    del office.issuer
    return store.load(office.register, dossier.id)


def tamper(office: MemoryOffice, key: Key, change: Any) -> None:
    """Change a row, as an attacker with rights on the table and without a key."""
    row = office.register.get(key)
    assert row is not None
    data = json.loads(json.dumps(row.data))
    change(data)
    if "version" in data:
        data["version"] += 1
    office.register.commit(Put(key, data, expected_version=row.version, index={"state": data.get("state", "-")}))


def test_intent_is_stored_before_the_first_signature(office: MemoryOffice) -> None:
    steps = fragile(office)  # the notary refuses a digest without a stored intent
    lines = tuple(replace(SAKER, marks=f"ring KG-{n}", quantity="1") for n in range(9))
    dossier = approved(office, replace(APPLICATION, lines=lines))
    begin = len(steps.names)
    pages = len(issue(office, dossier).tokens)
    assert pages > 1
    commit, signature = ["before a commit", "after a commit"], ["before a signature", "after a signature"]
    assert steps.names[begin:] == [*commit, *commit, *signature * pages, *commit]  # intent, attempt, pages, tokens
    assert len(office.signed) == pages  # type: ignore[attr-defined]


def test_second_call_of_the_issuing_function_signs_nothing(office: MemoryOffice) -> None:
    fragile(office)
    dossier = issued(office)
    assert sign(office, dossier.id) == dossier
    assert len(office.signed) == 1  # type: ignore[attr-defined]


def test_concurrent_signing_is_refused_and_the_first_continues(office: MemoryOffice) -> None:
    fragile(office)
    dossier = reserve(office, approved(office))
    first_signer = office.signer

    def twice(kid: bytes) -> Any:
        with pytest.raises(WrongState):
            sign(office, dossier.id)
        return first_signer(kid)

    office.signer = twice  # type: ignore[method-assign]
    assert sign(office, dossier.id).state == "issued"
    assert len(office.signed) == 1  # type: ignore[attr-defined]


def test_permit_not_in_signing_is_not_signed(office: MemoryOffice) -> None:
    with pytest.raises(WrongState):
        sign(office, approved(office).id)
    with pytest.raises(NoMatch):
        sign(office, "unknown")


def _payload(data: Any) -> None:
    """Change two birds to nine in the bytes to be signed."""
    protected, payload = data["intent"]["pages"][0]
    assert "613202" not in payload
    assert "6132" in payload
    data["intent"]["pages"][0] = [protected, payload.replace("6132", "6139", 1)]


TAMPERINGS = {
    "payload": _payload,
    "header": lambda d: d["intent"]["pages"].__setitem__(
        0, [cose.encode_protected(bytes(8)).hex(), d["intent"]["pages"][0][1]]
    ),
    "another time": lambda d: d["intent"].__setitem__("started_at", d["intent"]["started_at"] - 100),
    "another key": lambda d: d["intent"].__setitem__("kid", "00" * 8),
    "record": lambda d: d["record"]["lines"][0].__setitem__("quantity", "9"),
    "digest": lambda d: d.__setitem__("digest", "0" * 64),
    "no approval": lambda d: d.pop("approval"),
    "own approval": lambda d: d["approval"].__setitem__("by", "u-exporter"),
    "no findings": lambda d: d.pop("findings"),
    "another's number": lambda d: d.__setitem__("number", "26KG000001/E"),
    "another index": lambda d: d.__setitem__("status_idx", d["status_idx"] ^ 1),
}


@pytest.mark.parametrize("change", TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampered_row_gets_no_signature(office: MemoryOffice, change: Any) -> None:
    fragile(office)
    honest = issued(office)
    dossier = reserve(office, approved(office))
    tamper(office, store.dossier_key(dossier.id), change)
    with pytest.raises(TamgaError):
        sign(office, dossier.id)
    assert len(office.signed) == 1  # type: ignore[attr-defined]  # the signature of the honest permit
    assert store.load(office.register, dossier.id).state != "issued"
    office.later(issuing_sign.SIGNING_TIMEOUT)
    issuing_sign.give_up_signings(office)
    found = verify(honest.tokens[0], office)
    assert found.outcome == "accept"


def test_row_written_again_unchanged_is_signed(office: MemoryOffice) -> None:
    """The refusals above therefore come from the changed content."""
    dossier = reserve(office, approved(office))
    tamper(office, store.dossier_key(dossier.id), lambda data: None)
    assert sign(office, dossier.id).state == "issued"


def test_number_that_belongs_to_another_permit_is_not_signed(office: MemoryOffice) -> None:
    fragile(office)
    dossier = reserve(office, approved(office))
    tamper(office, store.number_key("KG", dossier.number or ""), lambda data: data.__setitem__("permit_id", "another"))
    with pytest.raises(DigestMismatch):
        sign(office, dossier.id)
    assert office.signed == []  # type: ignore[attr-defined]


def test_signing_by_compromised_key_is_given_up_at_once(office: MemoryOffice) -> None:
    fragile(office)
    dossier = reserve(office, approved(office))
    signing = office.trust().list_for("KG")
    assert signing is not None
    assert dossier.intent is not None
    office.later(60)
    office.publish_list(key_rotation.compromise(signing, bytes.fromhex(dossier.intent.kid), office.now))
    with pytest.raises(DigestMismatch):
        issue(office, dossier)
    assert store.load(office.register, dossier.id).state == "approved"
    again = issue(office, dossier)
    assert again.number == "26KG000002/E"
    assert again.voided == ("26KG000001/E",)
    assert again.intent is not None
    assert again.intent.kid != dossier.intent.kid
    check_invariants(office, serials=2)


def test_expired_intent_is_not_signed_and_the_sweep_gives_it_up(office: MemoryOffice) -> None:
    fragile(office)
    dossier = reserve(office, approved(office))
    office.later(issuing_sign.SIGNING_TIMEOUT)
    with pytest.raises(WrongState):
        sign(office, dossier.id)
    assert office.signed == []  # type: ignore[attr-defined]
    issuing_sign.give_up_signings(office)
    assert issue(office, dossier).number == "26KG000002/E"
    check_invariants(office, serials=2)


def test_issue_after_the_timeout_does_not_wait_for_the_sweep(office: MemoryOffice) -> None:
    dossier = reserve(office, approved(office))
    office.later(issuing_sign.SIGNING_TIMEOUT)
    again = issue(office, dossier)
    assert (again.number, again.voided) == ("26KG000002/E", ("26KG000001/E",))


def test_failed_old_attempt_does_not_end_a_later_one(office: MemoryOffice) -> None:
    """A signer that slept past the sweep wakes up and fails. The second attempt continues."""
    fragile(office)
    dossier = reserve(office, approved(office))
    first_signer = office.signer

    def sleeps(kid: bytes) -> Any:
        del office.signer
        office.later(issuing_sign.SIGNING_TIMEOUT)
        issuing_sign.give_up_signings(office)
        reserve(office, dossier)
        return first_signer(kid)

    office.signer = sleeps  # type: ignore[method-assign]
    with pytest.raises(WrongState):
        sign(office, dossier.id)
    after = store.load(office.register, dossier.id)
    assert (after.state, after.number, after.intent and after.intent.attempt) == ("signing", "26KG000002/E", 2)
    assert issue(office, after).number == "26KG000002/E"
    assert not {"26KG000001/E"} - set(after.voided)


def test_wrong_signature_stores_no_token(office: MemoryOffice) -> None:
    dossier = approved(office)
    good = office.signer

    class Broken:
        def __init__(self, kid: bytes) -> None:
            self.kid, self.public_key = kid, good(kid).public_key

        def sign_digest(self, digest: bytes) -> bytes:
            return good(self.kid).sign_digest(bytes(32))

    office.signer = Broken  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        issue(office, dossier)
    del office.signer
    assert issue(office, dossier).voided == ("26KG000001/E",)
    check_invariants(office, serials=2)


def test_sweep_gives_up_a_signing_only_after_the_timeout(office: MemoryOffice) -> None:
    dossier = reserve(office, approved(office))
    office.later(issuing_sign.SIGNING_TIMEOUT - 1)
    assert issuing_sign.give_up_signings(office) == []
    office.later(1)
    assert issuing_sign.give_up_signings(office) == ["26KG000001/E"]
    assert issuing_sign.give_up_signings(office) == []
    after = store.load(office.register, dossier.id)
    assert (after.state, after.number, after.voided) == ("approved", None, ("26KG000001/E",))
