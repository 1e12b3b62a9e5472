"""Publication of a trust list by two people, with a root key that the application cannot reach.

`propose` records the list that one person wants signed. A second person publishes it. `publish` signs with the root key
on the same machine. `publish_signed` is for a list that was signed on a machine without a network (`sign_payload`).
Both people have the role `admin`, by their token and in the register. Everything that can be refused is refused before
the root signs. The register records the newest published `seq` (TRUST#<Party>). So an older list that is put back into
the bucket is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from chalicelib.kernel.days import SKEW
from chalicelib.kernel.errors import FieldError, Forbidden, Invalid, NoMatch, TwoPeople, Unavailable, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from chalicelib.people.services import need_registered, still_may
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import TRIES, transact
from chalicelib.token import cbor, cose
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.trust import jwks
from chalicelib.trust.model.trust_list import (
    BUNDLE_CAP,
    Pin,
    TrustList,
    check_pinned,
    claimed_issuer,
    encode_bundle,
    encode_trust_list,
    open_bundle,
    open_trust_list,
    read_payload,
    trust_list_header,
)
from chalicelib.trust.services.ports import Signer, TrustDeps

BUNDLE_PATH = "trust-list"

JWKS_PATH = "trust-list.json"

BUNDLE_TYPE = "application/cbor"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recorded proposal. `payload`: bytes to sign. `why`: the proposer's words. `published_by`: user id, or None."""

    id: str
    payload: bytes
    wanted: TrustList
    by: str
    by_name: str
    at: int
    why: str
    published_by: str | None


@dataclass(frozen=True, slots=True)
class PublishedBundle:
    """The published bundle, as bytes and content. `signed`: one Party's lists. `others`: all other Parties' lists."""

    signed: tuple[tuple[bytes, TrustList], ...]
    others: tuple[tuple[bytes, TrustList], ...]
    etag: str | None


def propose(wanted: TrustList, actor: Actor, deps: Deps, *, why: str = "") -> str:
    """Record a list to be signed. Return the proposal's id.

    Raises `Forbidden` if the person is no registered admin. Raises `Invalid` for a list that verifiers would refuse.
    """
    need_registered(actor, "trust", deps.register)
    proposal = deps.new_id()
    data = {
        "payload": encode_trust_list(wanted).hex(),
        "by": actor.id,
        "by_name": actor.name,
        "at": deps.now,
        "why": why,
    }
    deps.register.commit(Put(_key(proposal), data))
    return proposal


def read(proposal: str, *, register: PermitRegister) -> Proposal:
    """Return a recorded proposal. Raises `NoMatch` for an unknown id."""
    return _proposal(_row(proposal, register))


def in_force(issuer: str, deps: TrustDeps) -> tuple[bytes, TrustList] | None:
    """Return the Party's published list, as bytes and content, or None before the first.

    Raises `DecodeError` (T1) if a list in the bundle does not verify (Parties without a pin are left out).
    """
    signed = _published_bundle(issuer, deps).signed
    return max(signed, key=lambda each: each[1].seq) if signed else None


def check_no_overlap(wanted: TrustList, deps: TrustDeps) -> None:
    """Check that a list names no host, key or status prefix of another Party in the bundle.

    Otherwise verifiers would accept that Party's status list from either Party. Entries that the Party's published
    list has already stay allowed.

    Raises `Invalid` for each such entry. Raises `DecodeError` (T1) for a bundle that does not verify.
    """
    held = _published_bundle(wanted.issuer, deps)
    had = set().union(
        *(_claims_of(old) for _, old in held.signed)
    )  # entries of the Party's own list in force stay allowed
    for _, other in held.others:
        if taken := sorted({name for name, _ in (_claims_of(wanted) - had) & _claims_of(other)}):
            raise Invalid(
                *(
                    FieldError(
                        name, "another-party", f"The trust list of {other.issuer} already has it. Choose another one."
                    )
                    for name in taken
                )
            )


def _claims_of(each: TrustList) -> set[tuple[str, str | bytes]]:
    hosts, keys = {("hosts", host.name) for host in each.hosts}, {("keys", key.public_key) for key in each.keys}
    return {*hosts, *keys, ("status_prefix", each.status_prefix)}


def check_next(wanted: TrustList, current: TrustList | None, *, pins: Sequence[Pin], now: int) -> None:
    """Check a list before a root signs it. Needs neither register nor network.

    1 its root and hosts agree with the pins   2 it has not expired, and its `seq` is not in the future; otherwise every
    verdict would be T2 until then   3 it may follow the list in force   4 none of its keys and hosts ends too soon

    Raises `DecodeError` (T1) for 1. Raises `WrongState` for 2. Raises `Invalid` for 3 and 4.
    """
    check_pinned(wanted, pins)  # 1
    if wanted.seq > now + SKEW:  # 2
        raise WrongState("The seq of this trust list is in the future. Check the clock and prepare it again.")
    if wanted.expires_at <= now:
        raise WrongState("This trust list has expired. Prepare it again.")
    if current is not None and current != wanted:
        key_rotation.check_succession(current, wanted)  # 3
        key_rotation.check_notice(current, wanted, now)  # 4


def sign_payload(payload: bytes, root: Signer) -> bytes:
    """Sign a payload with the root key, and return the signed list, not verified again.

    Raises `Invalid` if the list names another root. Raises `DecodeError` (T1) for a malformed payload.
    """
    if root.public_key != read_payload(payload).root:
        raise Invalid(FieldError("root", "wrong-root", "Must be the root key that the list names."))
    protected = trust_list_header(root.public_key)
    digest = sha256(cose.to_be_signed(protected, payload)).digest()
    return cose.encode_sign1(protected, payload, cose.raw_signature(root.sign_digest(digest)))


def publish(proposal: str, actor: Actor, root: Signer, deps: TrustDeps) -> TrustList:
    """Sign a proposal as a second person and publish it.

    1 two different people, both admins   2 neither this proposal nor a newer list was published   3 `check_next` and
    `check_no_overlap`   4 sign   5 continue as `publish_signed`

    Raises `TwoPeople`, `Forbidden`: for 1. Raises `NoMatch` for an unknown id. Raises `WrongState` for 2 and 3.
    Raises `Invalid`, `DecodeError`: for 3 and 4. Raises `Unavailable` if others are publishing.
    """
    known = review(proposal, actor, deps)  # 1-3
    signed = sign_payload(known.payload, root)  # 4
    return publish_signed(proposal, actor, signed, deps)


def review(proposal: str, actor: Actor, deps: TrustDeps) -> Proposal:
    """Run steps 1-3 of `publish`. Return the proposal if this person may have it signed now. Raises as `publish`."""
    known = _proposal(_row(proposal, deps.register))
    if known.by == actor.id:
        raise TwoPeople("You proposed this trust list. Another person must publish it.")  # 1
    need_registered(actor, "trust", deps.register)
    if not still_may(known.by, "trust", deps.register):
        raise Forbidden(
            "The person who proposed this trust list is no longer registered as an admin. Propose it again."
        )
    if known.published_by is not None:  # 2
        raise WrongState("This proposal is already published.")
    if known.wanted.seq < newest_published(known.wanted.issuer, deps.register):
        raise WrongState("A newer trust list is already published. Prepare this change again.")
    current = in_force(known.wanted.issuer, deps)
    check_next(known.wanted, current[1] if current else None, pins=deps.pins, now=deps.now)  # 3
    check_no_overlap(known.wanted, deps)
    return known


def publish_signed(proposal: str, actor: Actor, signed: bytes, deps: TrustDeps) -> TrustList:
    """Publish a proposal that its root has signed, as a second person, both in the bundle (CBOR) and in the JWKS.

    1 `review`   2 the signed list verifies, and is the proposed one   3 it may still follow the published list
    4 write the bundle   5 record its `seq`; if it were recorded before 4, a failed write would leave only a list that
    is refused as too old

    Raises as `publish`.
    """
    known = review(proposal, actor, deps)  # 1
    new = open_trust_list(signed, deps.pins)  # 2
    if new != known.wanted:
        raise Invalid(FieldError("signed", "other-list", "Must be the signed list of this proposal."))

    def attempt() -> bytes:
        held = _published_bundle(new.issuer, deps)
        own = signed
        for item, old in held.signed:
            if old == new:
                own = item  # an earlier try failed after step 4
            else:
                key_rotation.check_succession(old, new)  # 3
        bundle = encode_bundle([own, *(item for item, _ in held.others)])
        deps.static.write(BUNDLE_PATH, bundle, content_type=BUNDLE_TYPE, etag=held.etag)  # 4
        return bundle

    bundle = transact(attempt, "Others are publishing a trust list; try again.")
    _write_jwks(open_bundle(bundle, deps.pins), deps)
    row = _row(proposal, deps.register)
    _record(
        Put(row.key, {**row.data, "published_by": actor.id, "published_at": deps.now}, row.version), new, deps.register
    )
    return new


def newest_published(issuer: str, register: PermitRegister) -> int:
    """Return the highest recorded `seq` of this Party's lists that were published here, or 0 if there is none."""
    row = register.get(_newest_key(issuer))
    return int(row.data["seq"]) if row else 0


def _row(proposal: str, register: PermitRegister) -> Row:
    row = register.get(_key(proposal))
    if row is None:
        raise NoMatch("No such proposal.")
    return row


def _proposal(row: Row) -> Proposal:
    payload, data = bytes.fromhex(row.data["payload"]), row.data
    return Proposal(
        row.key.partition.partition("#")[2],
        payload,
        read_payload(payload),
        data["by"],
        data["by_name"],
        data["at"],
        data.get("why", ""),
        data.get("published_by"),
    )


def _published_bundle(issuer: str, deps: TrustDeps) -> PublishedBundle:
    """Read the bundle and verify its lists. Leaves out Parties that are not pinned any more.

    Raises `DecodeError` (T1) if any other list does not verify.
    """
    held = deps.static.read(BUNDLE_PATH)
    pinned = {pin.country for pin in deps.pins}
    items = [
        (item, open_trust_list(item, deps.pins))
        for item in (cbor.decode(held[0], cap=BUNDLE_CAP, depth=1) if held else ())
        if claimed_issuer(item) in {None, issuer, *pinned}
    ]
    return PublishedBundle(
        tuple((item, each) for item, each in items if each.issuer == issuer),
        tuple((item, each) for item, each in items if each.issuer != issuer),
        held[1] if held else None,
    )


def _record(done: Put, new: TrustList, register: PermitRegister) -> None:
    """Run step 5, and write the proposal's row and the newest `seq` in one transaction. The `seq` never falls."""
    for _ in range(TRIES):  # not `transact`, because a conflict on the proposal's row is not retried
        row = register.get(_newest_key(new.issuer))
        seq = max(new.seq, int(row.data["seq"]) if row else 0)
        newest = Put(_newest_key(new.issuer), {"seq": seq}, row.version if row else 0)
        try:
            register.commit(done, newest)
        except Conflict as lost:
            if done.key in lost.keys:
                raise
            continue
        return
    raise Unavailable("Others are publishing a trust list; try again.")


def _write_jwks(lists: Sequence[TrustList], deps: Deps) -> None:
    text = json.dumps(jwks(lists, deps.now), indent=1).encode()

    def attempt() -> None:
        held = deps.static.read(JWKS_PATH)
        deps.static.write(JWKS_PATH, text, content_type="application/json", etag=held[1] if held else None)

    transact(attempt, "Others are publishing a trust list; try again.")


def _newest_key(issuer: str) -> Key:
    return Key(f"TRUST#{issuer}")


def _key(proposal: str) -> Key:
    return Key(f"TRUST-PROPOSAL#{proposal}")
