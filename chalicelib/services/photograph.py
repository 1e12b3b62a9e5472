"""A photograph of block 14, kept with the endorsement that it shows."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from chalicelib.core.errors import FieldError, Invalid, TooLarge, Unavailable
from chalicelib.core.roles import Actor
from chalicelib.ports import BlobStore, Conflict, Key, PermitRegister, Put
from chalicelib.services.apply_for_permit import ATTACHMENT_CAP, MAGIC
from chalicelib.services.endorse_permit import assigned, find_use
from chalicelib.services.verify_permit import Checker

PHOTOS_AT_MOST = 12  # of one endorsement


def add(
    event_id: str,
    data: bytes,
    content_type: str,
    actor: Actor,
    *,
    register: PermitRegister,
    blobs: BlobStore,
    checker: Checker,
    now: int,
) -> dict[str, Any]:
    """Store the picture by its content and note it beside the endorsement; the same picture again changes nothing.

    For officers of the endorsement's post. Raises `NoMatch`, `Forbidden`, `Invalid` (no PNG or JPEG), `TooLarge`.
    """
    actor.need("endorse")
    _, use = find_use(event_id, register=register, checker=checker)
    assigned(actor, use.post, checker.posts)
    if len(data) > ATTACHMENT_CAP:
        raise TooLarge("A photograph has at most 4 MB.")
    if content_type == "application/pdf" or content_type not in MAGIC or not data.startswith(MAGIC[content_type]):
        raise Invalid(FieldError("body", "content_type", "A PNG or JPEG picture, sent under its own content type."))
    digest = sha256(data).hexdigest()
    key = Key(f"PHOTOS#{event_id}", digest)
    made = {"event_id": event_id, "sha256": digest, "content_type": content_type, "size": len(data), "at": now}
    row = register.get(key)
    if row is not None:
        return {name: row.data[name] for name in made}
    if len(register.query(key.partition, limit=PHOTOS_AT_MOST)) >= PHOTOS_AT_MOST:
        raise TooLarge(f"At most {PHOTOS_AT_MOST} photographs of one endorsement.")
    blobs.put(f"photos/{digest}", data, content_type=content_type)
    try:
        register.commit(Put(key, {**made, "by": actor.id}, expect=0))
    except Conflict:
        row = register.get(key)
        if row is None:
            raise Unavailable from None
        return {name: row.data[name] for name in made}
    return made
