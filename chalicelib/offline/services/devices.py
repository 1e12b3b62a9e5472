"""Scanning devices, which belong each to a post and sign what they record offline."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from chalicelib.endorsement.services.endorse import check_assigned, known_post
from chalicelib.kernel.days import EVENT_BACK_AT_MOST, HOUR, SKEW
from chalicelib.kernel.errors import FieldError, Forbidden, Invalid, LostDevice, NoMatch, TamgaError
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from chalicelib.people.model import Posts
from chalicelib.people.services import PeopleDeps
from chalicelib.platform.country_folder import DUTY_POST
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import TRIES, transact
from chalicelib.record.permit import record_bytes
from chalicelib.token import cose

RawEvent = Mapping[str, Any]  # JSON of an event as its device signed it, not parsed yet

NAME_AT_MOST = 80

LISTED = 50  # devices of a post at once

EVERYWHERE = frozenset({"admin", "auditor"})  # roles that belong to no post

BACKLOG = 30 * 60  # seconds from the first batch of a backlog (`more`) to its last

RESEND_WINDOW = 2 * HOUR  # the same if responses were lost or the device has to resend: it may have to wait an hour


@dataclass(frozen=True, slots=True)
class Device:
    """A device. `public_key`: SubjectPublicKeyInfo of a P-256 key, base64.

    `synced_at`: when it had last sent all that it had, else its registration. `begun_at`: first batch of a backlog that
    has not ended, else 0. `open_until`: end of that backlog, also if its last batch does not come. `heard_at`: its last
    batch or sign of life, 0 for none. `idle_at`: its last sign of life, which says that it has nothing to send.
    `registered_by`, `synced_by`, `heard_by`, `revoked_by`: names, else "". `revoked_at`: report of the loss, else 0.
    """

    id: str
    post: str
    public_key: str
    name: str = ""
    revoked: bool = False
    synced_at: int = 0
    begun_at: int = 0
    open_until: int = 0
    version: int = 1
    registered_at: int = 0
    registered_by: str = ""
    synced_by: str = ""
    revoked_at: int = 0
    revoked_by: str = ""
    heard_at: int = 0
    heard_by: str = ""
    idle_at: int = 0

    def late(self, at: int, now: int) -> bool:
        """True for an event outside its time window (L2).

        The window begins at the latest of three times: 14 days back, the last sync, the last sign of life. An earlier
        event would have been sent by then. The window ends now. SKEW is allowed for the device's clock.
        """
        oldest = max(now - EVENT_BACK_AT_MOST, self.all_sent_at(now) - SKEW, self.idle_at - SKEW)
        return not oldest <= at <= now + SKEW

    def all_sent_at(self, now: int) -> int:
        """Time before which everything was sent or is late. A backlog that never ends does not hold it back."""
        return max(self.synced_at, self.begun_at) if now > self.open_until else self.synced_at


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload by a device. `list_covers_until`: during the restore lock alone (platform/restore_lock.py)."""

    device: Device
    uploader: Actor
    list_covers_until: Callable[[int], int] | None = None

    @property
    def restored(self) -> bool:
        return self.list_covers_until is not None


def register_device(public_key: str, post: str, name: str, actor: Actor, deps: PeopleDeps) -> Device:
    """Register a device's key at a post. The same key at the same post again is the same device.

    Raises `Invalid` for anything but a P-256 SubjectPublicKeyInfo in base64, `Forbidden` at another's post.
    """
    actor.require("device")
    check_assigned(actor, post, deps.posts)
    if len(name) > NAME_AT_MOST or not name.isprintable():
        raise Invalid(FieldError("name", "text", f"At most {NAME_AT_MOST} printable characters."))
    try:
        der = base64.b64decode(public_key, validate=True)
        cose.load_public_key(der)
    except (binascii.Error, ValueError, TamgaError):
        detail = "A P-256 public key: SubjectPublicKeyInfo (DER) in base64."
        raise Invalid(FieldError("public_key", "key", detail)) from None
    known = Key("DEVICE-KEY", sha256(der).hexdigest())
    row = deps.register.get(known)
    if row is None:
        device = Device(deps.new_id(), post, public_key, name)
        data = {
            "post": post,
            "public_key": public_key,
            "name": name,
            "by": actor.id,
            "by_name": actor.name,
            "at": deps.now,
        }
        listed = Put(Key(_of_post(post), device.id), {})
        try:
            deps.register.commit(Put(device_key(device.id), data), Put(known, {"device_id": device.id}), listed)
        except Conflict:
            row = deps.register.get(known)
        else:
            return device
    device = load_device(str(row.data["device_id"]) if row else "", register=deps.register)
    if device.post != post:
        raise Forbidden("This device is registered at another post. Make a new key and register the device again.")
    return device


def devices_of(post: str, actor: Actor, deps: PeopleDeps, *, cursor: str = "") -> tuple[list[Device], str | None]:
    """Devices of a post, with lost ones, and the next cursor. Raises `Forbidden` at another's post."""
    actor.require("devices")
    check_post_access(actor, post, deps.posts)
    start = f"{cursor}!" if cursor else ""  # ids have one length, and ! sorts before all of their characters
    rows = deps.register.query(_of_post(post), start=start, limit=LISTED + 1)
    found = [load_device(row.key.sort, register=deps.register) for row in rows[:LISTED]]
    return found, found[-1].id if len(rows) > LISTED else None


def _of_post(post: str) -> str:
    return f"DEVICES#{post}"


def check_post_access(actor: Actor, post: str, posts: Posts) -> None:
    """Check that the actor reaches the devices of this post. Raises `Forbidden` for an officer of another post.

    The duty desk reaches all posts, and so do admins and auditors. An officer who lost the post's only device cannot
    report it from there, but can telephone the duty desk.
    """
    if DUTY_POST in actor.posts or not actor.roles.isdisjoint(EVERYWHERE):
        known_post(post, posts)
    else:
        check_assigned(actor, post, posts)


def revoke_device(device_id: str, actor: Actor, deps: PeopleDeps) -> Device:
    """Report a device lost. Nothing that it signs counts from now on. Raises `Forbidden`, `NoMatch`."""
    actor.require("lose_device")
    device = load_device(device_id, register=deps.register)
    check_post_access(actor, device.post, deps.posts)

    def attempt() -> Device:
        row = deps.register.get(device_key(device_id))
        if row is None or row.data.get("revoked"):
            return device
        lost = {"revoked": True, "revoked_by": actor.id, "revoked_by_name": actor.name, "revoked_at": deps.now}
        deps.register.commit(Put(row.key, {**row.data, **lost}, expected_version=row.version))
        return device

    return transact(attempt, "The device is syncing; try again.")


def load_device(device_id: str, *, register: PermitRegister) -> Device:
    row = register.get(device_key(device_id)) if device_id else None
    if row is None:
        raise NoMatch("No such device.")
    return _device(device_id, row)


def check_not_lost(device_id: str, *, register: PermitRegister) -> None:
    """Check that this device was not reported lost. Raises `LostDevice`."""
    row = register.get(device_key(device_id))
    if row is not None and row.data.get("revoked"):
        raise LostDevice("This device was reported lost. It gets no lists, and its records do not count.")


def _device(device_id: str, row: Row) -> Device:
    return Device(
        device_id,
        row.data["post"],
        row.data["public_key"],
        row.data.get("name", ""),
        row.data.get("revoked", False),
        row.data.get("synced_at", row.data["at"]),
        row.data.get("begun_at", 0),
        row.data.get("open_until", 0),
        row.version,
        row.data["at"],
        row.data.get("by_name", ""),
        row.data.get("synced_by", ""),
        row.data.get("revoked_at", 0),
        row.data.get("revoked_by_name", ""),
        row.data.get("heard_at", row.data.get("synced_at", 0)),
        row.data.get("heard_by", row.data.get("synced_by", "")),
        row.data.get("idle_at", 0),
    )


def device_key(device_id: str) -> Key:
    return Key(f"DEVICE#{device_id}")


def note_batch(device_id: str, deps: Deps, *, open_for: int = 0, by: str = "", alive: bool = False) -> None:
    """Note that a batch came, and its sender: the device's last one for now, or (`open_for` seconds) one of a backlog.

    `alive`: only a sign of life, of a device that has nothing to send. Raises `Unavailable`.
    """
    for _ in range(TRIES):  # no `transact`: too many conflicts are no failure here, a lost response is
        row = deps.register.get(device_key(device_id))
        if row is None:
            return
        held = _device(device_id, row)
        made = {"synced_at": max(held.synced_at, deps.now), "begun_at": 0, "open_until": 0}
        if open_for and held.begun_at and deps.now <= held.open_until:
            until = max(held.open_until, held.begun_at + open_for)
            made = {"synced_at": held.synced_at, "begun_at": held.begun_at, "open_until": until}
        elif open_for:
            made = {"synced_at": held.all_sent_at(deps.now), "begun_at": deps.now, "open_until": deps.now + open_for}
        try:
            sent = {"idle_at": deps.now} if alive else {**made, "synced_by": by}
            deps.register.commit(
                Put(row.key, {**row.data, **sent, "heard_at": deps.now, "heard_by": by}, expected_version=row.version)
            )
        except Conflict:
            continue
        return


def check_signature(device: Device, events: list[RawEvent], signature: str) -> None:
    """Check a batch's signature. Raises `Forbidden`.

    It is ECDSA P-256 with SHA-256, r||s in base64url, over the RFC 8785 bytes of {"device_id", "events"}.
    """
    try:
        raw = base64.b64decode(signature + "=" * (-len(signature) % 4), altchars=b"-_", validate=True)
        message = record_bytes({"device_id": device.id, "events": events})
        right = cose.verify_raw(message, raw, cose.load_public_key(base64.b64decode(device.public_key)))
    except (binascii.Error, ValueError, TypeError, UnicodeEncodeError):
        right = False
    if not right:
        raise Forbidden("The device's signature does not match its events.")
