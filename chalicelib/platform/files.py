"""Photographs of an event, stored under the digest of their content, with limits."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, TooLarge
from chalicelib.kernel.files import FILE_CAP, MAGIC
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact

PHOTOS_AT_MOST = 12  # of one event by one person


def keep(
    event_id: str,
    data: bytes,
    content_type: str,
    actor: Actor,
    deps: Deps,
    *,
    keep_until: int,
    beside: Callable[[str], tuple[Put, ...]] = lambda digest: (),
) -> dict[str, Any]:
    """Store a picture under its SHA-256, and a row of it with the event. The caller checks the person's rights.

    `beside`: returns writes for the same transaction, such as a history entry or a version check. It may raise a
    refusal, and is called again after a version conflict. An existing picture is returned without calling it. Raises
    `Invalid` (no PNG or JPEG), `TooLarge` (over `FILE_CAP`, or over PHOTOS_AT_MOST by this person), and `Unavailable`
    after too many conflicts.
    """
    if len(data) > FILE_CAP:
        raise TooLarge("A photograph has at most 4 MB.")
    if content_type == "application/pdf" or content_type not in MAGIC or not data.startswith(MAGIC[content_type]):
        raise Invalid(FieldError("body", "content_type", "A PNG or JPEG picture, sent under its own content type."))
    digest = sha256(data).hexdigest()
    key = Key(f"PHOTOS#{event_id}", digest)
    made = {"event_id": event_id, "sha256": digest, "content_type": content_type, "size": len(data), "at": deps.now}

    @cache  # upload once, however often the transaction is tried
    def upload() -> None:
        deps.blobs.put(f"photos/{digest}", data, content_type=content_type, keep_until=keep_until)

    def attempt() -> dict[str, Any]:
        row = deps.register.get(key)
        if row is not None:
            return {name: row.data[name] for name in made}
        puts = beside(digest)
        if sum(row.data["by"] == actor.id for row in deps.register.query(key.partition)) >= PHOTOS_AT_MOST:
            raise TooLarge(f"At most {PHOTOS_AT_MOST} photographs of one event by one person.")
        upload()
        deps.register.commit(Put(key, {**made, "by": actor.id, "by_name": actor.name}, expect=0), *puts)
        return made

    return transact(attempt, "Others are adding photographs; send it again.")


def listed(event_id: str, *, register: PermitRegister) -> list[dict[str, Any]]:
    """Return the pictures of an event, in order of time."""
    rows = [row.data for row in register.query(f"PHOTOS#{event_id}")]
    names = ("sha256", "content_type", "size", "at", "by_name")
    return [{name: row[name] for name in names if name in row} for row in sorted(rows, key=lambda row: row["at"])]


def content(event_id: str, digest: str, deps: Deps) -> tuple[bytes, str]:
    """Return a picture's bytes and its content type. Raises `NoMatch`."""
    row = deps.register.get(Key(f"PHOTOS#{event_id}", digest))
    data = deps.blobs.get(f"photos/{digest}") if row is not None else None
    if row is None or data is None:
        raise NoMatch("No such photograph.")
    return data, str(row.data["content_type"])


def address(event_id: str, digest: str, deps: Deps) -> str:
    """Return a short-lived address of a picture, always a download. Raises `NoMatch`."""
    row = deps.register.get(Key(f"PHOTOS#{event_id}", digest))
    if row is None:
        raise NoMatch("No such photograph.")
    ending = "png" if row.data["content_type"] == "image/png" else "jpg"
    return deps.blobs.url(f"photos/{digest}", name=f"{digest[:12]}.{ending}")
