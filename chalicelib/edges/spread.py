"""What was found, by month and by post: as the answers that the desk draws have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.core.ledger import Post
from chalicelib.edges.schema_parts import NUMBER, TEXT, Schema, listed, maybe, members

_DEGREES = maybe({"type": "number"})
MONTHS: Schema = listed(members({"month": TEXT, "found": NUMBER}))
POSTS: Schema = listed(members({"post": TEXT, "found": NUMBER, "latitude": _DEGREES, "longitude": _DEGREES}))


def by_month(found: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"month": month, "found": count} for month, count in sorted(found.items())]


def by_post(posts: Iterable[Post], found: Mapping[str, int]) -> list[dict[str, Any]]:
    """These posts, and after them whatever was found elsewhere: at one that is none any more, or at none."""
    shown = {post.id: {"post": post.id, "latitude": post.latitude, "longitude": post.longitude} for post in posts}
    others = {name: {"post": name, "latitude": None, "longitude": None} for name in sorted(found.keys() - shown.keys())}
    return [{**each, "found": found.get(name, 0)} for name, each in (shown | others).items()]
