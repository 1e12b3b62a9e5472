"""Scanning devices: each belongs to a post and signs what it recorded offline."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from chalicelib.core import cose
from chalicelib.core.errors import FieldError, Forbidden, Invalid, NoMatch, TamgaError, Unavailable
from chalicelib.core.ledger import Posts
from chalicelib.core.permit import record_bytes
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, Key, PermitRegister, Put
from chalicelib.services.endorse_permit import assigned
from chalicelib.services.store import TRIES

NAME_AT_MOST = 80


@dataclass(frozen=True, slots=True)
class Device:
    """`public_key`: SubjectPublicKeyInfo of a P-256 key, base64. `synced_at`: last sync, else registration."""

    id: str
    post: str
    public_key: str
    name: str = ""
    revoked: bool = False
    synced_at: int = 0
    version: int = 1


def register_device(
    public_key: str,
    post: str,
    name: str,
    actor: Actor,
    *,
    register: PermitRegister,
    posts: Posts,
    new_id: Callable[[], str],
    now: int,
) -> Device:
    """Put a device's key under a post; the same key at the same post again is the same device.

    Raises `Invalid` for anything but a P-256 SubjectPublicKeyInfo in base64, `Forbidden` at another's post.
    """
    actor.need("device")
    assigned(actor, post, posts)
    if len(name) > NAME_AT_MOST or not name.isprintable():
        raise Invalid(FieldError("name", "text", f"At most {NAME_AT_MOST} printable characters."))
    try:
        der = base64.b64decode(public_key, validate=True)
        cose.load_public_key(der)
    except (binascii.Error, ValueError, TamgaError):
        detail = "A P-256 public key: SubjectPublicKeyInfo (DER) in base64."
        raise Invalid(FieldError("public_key", "key", detail)) from None
    known = Key("DEVICE-KEY", sha256(der).hexdigest())
    row = register.get(known)
    if row is None:
        device = Device(new_id(), post, public_key, name)
        data = {"post": post, "public_key": public_key, "name": name, "by": actor.id, "at": now}
        try:
            register.commit(Put(device_key(device.id), data), Put(known, {"device_id": device.id}))
        except Conflict:
            row = register.get(known)
        else:
            return device
    device = load_device(str(row.data["device_id"]) if row else "", register=register)
    if device.post != post:
        raise Forbidden("This device belongs to another post; its key is made anew when it moves.")
    return device


def revoke_device(device_id: str, actor: Actor, *, register: PermitRegister, posts: Posts) -> Device:
    """A lost device: nothing that it signs counts from now on."""
    actor.need("device")
    device = load_device(device_id, register=register)
    assigned(actor, device.post, posts)
    for _ in range(TRIES):
        row = register.get(device_key(device_id))
        if row is None or row.data.get("revoked"):
            return device
        try:
            register.commit(Put(row.key, {**row.data, "revoked": True, "revoked_by": actor.id}, expect=row.version))
        except Conflict:  # it is syncing just now
            continue
        return device
    raise Unavailable("The device is syncing; try again.")


def load_device(device_id: str, *, register: PermitRegister) -> Device:
    row = register.get(device_key(device_id)) if device_id else None
    if row is None:
        raise NoMatch("No such device.")
    return Device(
        device_id, row.data["post"], row.data["public_key"], row.data.get("name", ""), row.data.get("revoked", False),
        row.data.get("synced_at", row.data["at"]), row.version,
    )  # fmt: skip


def device_key(device_id: str) -> Key:
    return Key(f"DEVICE#{device_id}")


def check_signature(device: Device, events: list[Mapping[str, Any]], signature: str) -> None:
    """ECDSA P-256 with SHA-256, r||s in base64url, over the RFC 8785 bytes of {"device_id", "events"}."""
    if device.revoked:
        raise Forbidden("This device was reported lost: nothing that it signed is taken.")
    try:
        raw = base64.b64decode(signature + "=" * (-len(signature) % 4), altchars=b"-_", validate=True)
        message = record_bytes({"device_id": device.id, "events": events})
        right = cose.verify_raw(message, raw, cose.load_public_key(base64.b64decode(device.public_key)))
    except (binascii.Error, ValueError, TypeError, UnicodeEncodeError):
        right = False
    if not right:
        raise Forbidden("The device's signature does not match its events.")
