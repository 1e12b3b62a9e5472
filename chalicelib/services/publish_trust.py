"""A new trust list takes two named people and a root key that the application cannot reach.

`propose` records what one person wants signed; `publish`, run by another where the root key is, signs it and puts it
in place. What the root signed is checked once more as any verifier would.
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

    1 another person   2 sign   3 a verifier believes it   4 it follows on the list that is out   5 publish
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
        register.commit(
            Put(row.key, {**row.data, "published_by": actor.id, "published_at": now}, expect=row.version)
        )  # fmt: skip
        return new
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


def _key(proposal: str) -> Key:
    return Key(f"TRUST-PROPOSAL#{proposal}")
