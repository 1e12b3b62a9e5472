"""A new trust list takes two named people and a root key that the application cannot reach.

`propose` records what one person wants signed. Another puts it in place: with `publish` where the root key is at hand,
or with `publish_signed` where it was signed on a machine without a network (`sign_payload`). Both people hold the
role `admin`, by their token and by the register. Everything that may be refused is refused before the root signs.
The newest `seq` that was published is recorded in the register (TRUST#<Party>), so that an older list, put back into
the bucket, is known for what it is.
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
    """What somebody wants signed. `payload`: the bytes; `why`: that person's own words; `published_by`: if it was."""

    id: str
    payload: bytes
    wanted: TrustList
    by: str
    by_name: str
    at: int
    why: str
    published_by: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """The bundle as it lies there, as bytes and read. `signed`: one Party's lists; `others`: all other Parties'."""

    signed: tuple[tuple[bytes, TrustList], ...]
    others: tuple[tuple[bytes, TrustList], ...]
    etag: str | None


def propose(wanted: TrustList, actor: Actor, deps: Deps, *, why: str = "") -> str:
    """Record a list to be signed; gives the proposal's id.

    Raises `Forbidden`, `Invalid` for a list that no verifier would take.
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
    """The proposal as recorded. Raises `NoMatch`."""
    return _proposal(_row(proposal, register))


def in_force(issuer: str, deps: TrustDeps) -> tuple[bytes, TrustList] | None:
    """The Party's list that is published now, as bytes and read; None before the first. Raises `DecodeError` T1."""
    signed = _held(issuer, deps).signed
    return max(signed, key=lambda each: each[1].seq) if signed else None


def check_apart(wanted: TrustList, deps: TrustDeps) -> None:
    """No Party takes what another one's list in the bundle names: verifiers would hear its status list from either.

    Raises `Invalid`, `DecodeError` T1.
    """
    held = _held(wanted.issuer, deps)
    had = set().union(*(_named(old) for _, old in held.signed))  # whoever came first is renewed
    for _, other in held.others:
        if taken := sorted({name for name, _ in (_named(wanted) - had) & _named(other)}):
            raise Invalid(*(FieldError(name, "another-party", f"{other.issuer} has it already") for name in taken))


def _named(each: TrustList) -> set[tuple[str, str | bytes]]:
    hosts, keys = {("hosts", host.name) for host in each.hosts}, {("keys", key.public_key) for key in each.keys}
    return {*hosts, *keys, ("status_prefix", each.status_prefix)}


def check_next(wanted: TrustList, current: TrustList | None, *, pins: Sequence[Pin], now: int) -> None:
    """What has to hold before a root signs, wherever it is; needs neither register nor network.

    1 the pins take its root and its hosts   2 it has not expired, and is not from the future: every verdict would
    wait for its hour (T2)   3 it follows on the list in force   4 nothing ends in it before everybody has heard of it
    Raises `DecodeError` T1, `WrongState`, `Invalid`.
    """
    check_pinned(wanted, pins)  # 1
    if wanted.seq > now + SKEW:  # 2
        raise WrongState("This trust list is from the future: until then nobody could judge a permit.")
    if wanted.expires_at <= now:
        raise WrongState("This trust list has expired before anybody signed it; prepare it again.")
    if current is not None and current != wanted:
        key_rotation.check_succession(current, wanted)  # 3
        key_rotation.check_notice(current, wanted, now)  # 4


def sign_payload(payload: bytes, root: Signer) -> bytes:
    """The signed list, checked by its signature. Raises `Invalid` if the list names another root."""
    if root.public_key != read_payload(payload).root:
        raise Invalid(FieldError("root", "wrong-root", "this is not the root key that the list names"))
    protected = trust_list_header(root.public_key)
    digest = sha256(cose.to_be_signed(protected, payload)).digest()
    return cose.encode_sign1(protected, payload, cose.raw_signature(root.sign_digest(digest)))


def publish(proposal: str, actor: Actor, root: Signer, deps: TrustDeps) -> TrustList:
    """Sign a proposal as a second person and publish it.

    1 the people: another one than who proposed it, both of them admins   2 it was not published before, and no newer
    one was   3 `check_next`, `check_apart`   4 sign   5 as `publish_signed` goes on
    Raises `Forbidden`, `TwoPeople`, `NoMatch`, `WrongState`, `Invalid`, `DecodeError`, `Unavailable`.
    """
    known = review(proposal, actor, deps)  # 1-3
    signed = sign_payload(known.payload, root)  # 4
    return publish_signed(proposal, actor, signed, deps)


def review(proposal: str, actor: Actor, deps: TrustDeps) -> Proposal:
    """Steps 1-3 of `publish`: the proposal, if this person may have it signed now. Raises as `publish` does."""
    known = _proposal(_row(proposal, deps.register))
    if known.by == actor.id:
        raise TwoPeople("A second person publishes a trust list.")  # 1
    need_registered(actor, "trust", deps.register)
    if not still_may(known.by, "trust", deps.register):
        raise Forbidden("Who proposed this list is not registered as an admin any more.")
    if known.published_by is not None:  # 2
        raise WrongState("This proposal was published already.")
    if known.wanted.seq < newest_published(known.wanted.issuer, deps.register):
        raise WrongState("A newer trust list was published before.")
    current = in_force(known.wanted.issuer, deps)
    check_next(known.wanted, current[1] if current else None, pins=deps.pins, now=deps.now)  # 3
    check_apart(known.wanted, deps)
    return known


def publish_signed(proposal: str, actor: Actor, signed: bytes, deps: TrustDeps) -> TrustList:
    """Publish a proposal that its root has signed, as a second person, in the bundle, as CBOR and as JWKS.

    1 `review`   2 a verifier believes the signed list, and it is the proposed one   3 it still follows on what is out
    4 write   5 record its seq: after 4, or a write that was cut off would leave no list that may be believed
    Raises as `publish` does.
    """
    known = review(proposal, actor, deps)  # 1
    new = open_trust_list(signed, deps.pins)  # 2
    if new != known.wanted:
        raise Invalid(FieldError("signed", "other-list", "this is not the list that was proposed"))

    def attempt() -> bytes:
        held = _held(new.issuer, deps)
        own = signed
        for item, old in held.signed:
            if old == new:
                own = item  # an earlier try was cut off after it had written
            else:
                key_rotation.check_succession(old, new)  # 3
        bundle = encode_bundle([own, *(item for item, _ in held.others)])
        deps.static.write(BUNDLE_PATH, bundle, content_type=BUNDLE_TYPE, etag=held.etag)  # 4
        return bundle

    bundle = transact(attempt, "Others are publishing; try again.")
    _write_jwks(open_bundle(bundle, deps.pins), deps)
    row = _row(proposal, deps.register)
    _record(
        Put(row.key, {**row.data, "published_by": actor.id, "published_at": deps.now}, row.version), new, deps.register
    )
    return new


def newest_published(issuer: str, register: PermitRegister) -> int:
    """The highest seq of this Party's lists that was published here; 0 if none was recorded."""
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


def _held(issuer: str, deps: TrustDeps) -> Held:
    """A Party that is not pinned any more is left out; any other list that cannot be believed is a fault."""
    held = deps.static.read(BUNDLE_PATH)
    pinned = {pin.country for pin in deps.pins}
    items = [
        (item, open_trust_list(item, deps.pins))
        for item in (cbor.decode(held[0], cap=BUNDLE_CAP, depth=1) if held else ())
        if claimed_issuer(item) in {None, issuer, *pinned}
    ]
    return Held(
        tuple((item, each) for item, each in items if each.issuer == issuer),
        tuple((item, each) for item, each in items if each.issuer != issuer),
        held[1] if held else None,
    )


def _record(done: Put, new: TrustList, register: PermitRegister) -> None:
    """5: both rows or none; the seq never falls."""
    for _ in range(TRIES):  # no `transact`: a conflict on the proposal is not tried again
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
    raise Unavailable("Others are publishing; try again.")


def _write_jwks(lists: Sequence[TrustList], deps: Deps) -> None:
    text = json.dumps(jwks(lists, deps.now), indent=1).encode()

    def attempt() -> None:
        held = deps.static.read(JWKS_PATH)
        deps.static.write(JWKS_PATH, text, content_type="application/json", etag=held[1] if held else None)

    transact(attempt, "Others are publishing; try again.")


def _newest_key(issuer: str) -> Key:
    return Key(f"TRUST#{issuer}")


def _key(proposal: str) -> Key:
    return Key(f"TRUST-PROPOSAL#{proposal}")
