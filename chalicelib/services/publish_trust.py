"""A new trust list takes two named people and a root key that the application cannot reach.

`propose` records what one person wants signed; `publish`, run by another where the root key is, signs it and puts it
in place. What the root signed is checked once more as any verifier would. The newest `seq` that was published is
recorded in the register (TRUST#<Party>), so that an older list, put back into the bucket, is known for what it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256

from chalicelib.core import cbor, cose, rotation
from chalicelib.core.errors import NoMatch, TwoPeople, Unavailable, WrongState
from chalicelib.core.roles import Actor
from chalicelib.core.trust import jwks
from chalicelib.core.trust_list import (
    BUNDLE_CAP,
    Pin,
    TrustList,
    encode_bundle,
    encode_trust_list,
    open_bundle,
    open_trust_list,
    trust_list_header,
)
from chalicelib.ports import Conflict, Key, PermitRegister, Put, Signer, StaticStore

BUNDLE_PATH = "trust-list"
JWKS_PATH = "trust-list.json"
BUNDLE_TYPE = "application/cbor"
TRIES = 4


def propose(wanted: TrustList, actor: Actor, *, register: PermitRegister, new_id: Callable[[], str], now: int) -> str:
    """Record a list to be signed; gives the proposal's id. Raises `Invalid` for a list that no verifier would take."""
    proposal = new_id()
    data = {"payload": encode_trust_list(wanted).hex(), "by": actor.id, "by_name": actor.name, "at": now}
    register.commit(Put(_key(proposal), data))
    return proposal


def publish(
    proposal: str,
    actor: Actor,
    root: Signer,
    *,
    register: PermitRegister,
    static: StaticStore,
    pins: Sequence[Pin],
    now: int,
) -> TrustList:
    """Sign a proposal as a second person and publish it in the bundle, as CBOR and as JWKS.

    1 another person   2 sign   3 a verifier believes it   4 it follows on the list that is out, and none newer was
    5 publish   6 record its seq: after 5, or a write that was cut off would leave no list that may be believed
    Raises `TwoPeople`, `NoMatch`, `WrongState`, `Invalid` (a rule of succession), `Unavailable`.
    """
    row = register.get(_key(proposal))
    if row is None:
        raise NoMatch("No such proposal.")
    if row.data["by"] == actor.id:
        raise TwoPeople("A second person publishes a trust list.")  # 1
    if "published_by" in row.data:
        raise WrongState("This proposal was published already.")
    payload = bytes.fromhex(row.data["payload"])
    protected = trust_list_header(root.public_key)
    digest = sha256(cose.to_be_signed(protected, payload)).digest()
    signed = cose.encode_sign1(protected, payload, cose.raw_signature(root.sign_digest(digest)))  # 2
    new = open_trust_list(signed, pins)  # 3
    if new.seq < newest_published(new.issuer, register):  # 4
        raise WrongState("A newer trust list was published before.")
    for _ in range(TRIES):
        held = static.read(BUNDLE_PATH)
        kept: list[bytes] = []
        for item in cbor.decode(held[0], cap=BUNDLE_CAP, depth=1) if held else []:
            old = open_trust_list(item, pins)
            if old == new:
                signed = item  # an earlier try was cut off after it had written
            elif old.issuer == new.issuer:
                rotation.check_succession(old, new)  # 4
            else:
                kept.append(item)
        bundle = encode_bundle([signed, *kept])
        try:
            static.write(BUNDLE_PATH, bundle, content_type=BUNDLE_TYPE, etag=held[1] if held else None)  # 5
        except Conflict:
            continue
        _write_jwks(static, open_bundle(bundle, pins), now)
        _record(Put(row.key, {**row.data, "published_by": actor.id, "published_at": now}, row.version), new, register)
        return new
    raise Unavailable("Others are publishing; try again.")


def newest_published(issuer: str, register: PermitRegister) -> int:
    """The highest seq of this Party's lists that was published here; 0 if none was recorded."""
    row = register.get(_newest_key(issuer))
    return int(row.data["seq"]) if row else 0


def _record(done: Put, new: TrustList, register: PermitRegister) -> None:
    """6: both rows or none; the seq never falls."""
    for _ in range(TRIES):
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


def _write_jwks(static: StaticStore, lists: Sequence[TrustList], now: int) -> None:
    text = json.dumps(jwks(lists, now), indent=1).encode()
    for _ in range(TRIES):
        held = static.read(JWKS_PATH)
        try:
            static.write(JWKS_PATH, text, content_type="application/json", etag=held[1] if held else None)
        except Conflict:
            continue
        return
    raise Unavailable("Others are publishing; try again.")


def _newest_key(issuer: str) -> Key:
    return Key(f"TRUST#{issuer}")


def _key(proposal: str) -> Key:
    return Key(f"TRUST-PROPOSAL#{proposal}")
