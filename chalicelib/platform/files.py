"""Photographs of an event, stored under the digest of their content, with limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256

from chalicelib.kernel.errors import FieldError, Invalid, NoMatch, TooLarge
from chalicelib.kernel.files import FILE_CAP, MAGIC
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put, RowData
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.transact import transact

PHOTOS_AT_MOST = 12  # of one event by one person


@dataclass(frozen=True, slots=True)
class Photograph:
    """A stored picture of an event. `by_name` is the person who added it, or None in rows of an earlier release."""

    event_id: str
    sha256: str
    content_type: str
    size: int
    at: int
    by_name: str | None


def store_photograph(  # noqa: PLR0913 - the picture, its event, and two rules of the event's room
    event_id: str,
    data: bytes,
    content_type: str,
    actor: Actor,
    deps: Deps,
    *,
    keep_until: int,
    extra_puts: Callable[[str], tuple[Put, ...]] = lambda digest: (),
) -> Photograph:
    """Store a picture under its SHA-256, and a row of it with the event. The caller checks the person's rights.

    `extra_puts`: returns writes for the same transaction, such as a history entry or a version check. It may raise a
    refusal, and is called again after a version conflict. An existing picture is returned without calling it. Raises
    `Invalid` (no PNG or JPEG), `TooLarge` (over `FILE_CAP`, or over PHOTOS_AT_MOST by this person), and `Unavailable`
    after too many conflicts.
    """
    if len(data) > FILE_CAP:
        raise TooLarge("The photograph is larger than 4 MB. Send a smaller one.")
    if content_type == "application/pdf" or content_type not in MAGIC or not data.startswith(MAGIC[content_type]):
        raise Invalid(
            FieldError("body", "content_type", "Send a PNG or JPEG picture with the Content-Type that matches it.")
        )
    digest = sha256(data).hexdigest()
    key = Key(f"PHOTOS#{event_id}", digest)
    made = Photograph(event_id, digest, content_type, len(data), deps.now, actor.name)

    @cache  # upload once, however often the transaction is tried
    def upload() -> None:
        deps.blobs.put(f"photos/{digest}", data, content_type=content_type, keep_until=keep_until)

    def attempt() -> Photograph:
        row = deps.register.get(key)
        if row is not None:
            return _read(row.data)
        puts = extra_puts(digest)
        if sum(row.data["by"] == actor.id for row in deps.register.query(key.partition)) >= PHOTOS_AT_MOST:
            raise TooLarge(f"You may add at most {PHOTOS_AT_MOST} photographs to one event.")
        upload()
        deps.register.commit(Put(key, {**asdict(made), "by": actor.id}, expected_version=0), *puts)
        return made

    return transact(attempt, "Others are adding photographs to this event. Send yours again.")


def photographs_of(event_id: str, *, register: PermitRegister) -> list[Photograph]:
    """Return the pictures of an event, in order of time."""
    return sorted((_read(row.data) for row in register.query(f"PHOTOS#{event_id}")), key=lambda each: each.at)


def _read(data: RowData) -> Photograph:
    return Photograph(
        data["event_id"], data["sha256"], data["content_type"], data["size"], data["at"], data.get("by_name")
    )


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
