"""What a device needs to judge offline: lists, posts, what was used lately, the quantities that ask for a call."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from chalicelib.core.ledger import Posts
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister, StaticStore
from chalicelib.services.publish_status import path_of, uris
from chalicelib.services.publish_trust import BUNDLE_PATH
from chalicelib.services.store import request_hash

DAY = 86400
USES_DAYS = 31

Bundle = tuple[dict[str, Any], str]  # content, ETag


def bundle(
    *,
    register: PermitRegister,
    static: StaticStore,
    stage: Stage,
    posts: Posts,
    offline_limits: Mapping[str, str],
    now: int,
) -> Bundle:
    """The bundle and its ETag, which stays the same while nothing in it but the time changed.

    `trust_list` and `status_lists` are the signed objects in base64: a device checks them itself. `uses`: the
    endorsements of the last 31 days, [issuer, number, use].
    """
    trust = static.read(BUNDLE_PATH)
    lists = {}
    for uri in uris(stage, now):
        held = static.read(path_of(uri))
        if held:
            lists[uri] = base64.b64encode(held[0]).decode()
    today = now // DAY
    rows = [row for day in range(today - USES_DAYS, today + 1) for row in register.query(f"USES#{day}")]
    content = {
        "issuer": stage.issuer,
        "practice": stage.practice,
        "zone": stage.zone,
        "host": stage.host,
        "duty_number": stage.duty_number,
        "trust_list": base64.b64encode(trust[0]).decode() if trust else None,
        "status_lists": lists,
        "posts": [
            {
                "id": post.id,
                "name": post.name,
                "kind": post.kind,
                "bodies": sorted(post.bodies),
                "links": sorted(post.links),
                "latitude": None if post.latitude is None else str(post.latitude),
                "longitude": None if post.longitude is None else str(post.longitude),
            }
            for post in posts.values()
        ],
        "uses": [[row.data["issuer"], row.data["number"], row.data["use"]] for row in rows],
        "offline_limits": dict(offline_limits),
    }
    return {**content, "as_of": now}, f'"{request_hash(content)}"'
