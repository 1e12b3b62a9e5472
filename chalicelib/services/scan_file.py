"""A PDF or picture that an officer opens at a post: a scan of every permit in it, kept and told as such.

The worst verdict is the answer and has the event's own id; whatever else the file holds has one made of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from chalicelib.core.crossing import Place
from chalicelib.core.document import DocumentFindings
from chalicelib.core.roles import Actor
from chalicelib.core.verdict import Verdict
from chalicelib.ports import DocumentReader, PermitRegister
from chalicelib.services import store
from chalicelib.services.endorse_permit import assigned
from chalicelib.services.scan_permit import Scan, keep, own_scans, same, well_formed
from chalicelib.services.verify_permit import Checker, judge_file


def scan_file(
    data: bytes, content_type: str, look: Scan, actor: Actor, *, reader: DocumentReader, register: PermitRegister,
    checker: Checker, now: int,
) -> tuple[Verdict, DocumentFindings]:  # fmt: skip
    """The worst verdict of the codes in this file at this post, and what was found about the file.

    The same event again is judged again and kept once. `look`: a scan without its code. Raises as `scan` and
    `verify_document` do.
    """
    actor.need("scan")
    well_formed(look)
    assigned(actor, look.post, checker.posts)
    said = {**look.said, "file": hashlib.sha256(data).hexdigest()}
    mark = {"officer": actor.id, "hash": store.request_hash(said)}
    stored = register.get(store.event_key(look.event_id))
    if stored is not None:
        same(stored.data, mark)
    judged, found = judge_file(
        data, content_type, reader=reader, register=register, checker=checker, now=now,
        place=Place(look.direction, checker.stage.issuer, look.post),
        own_scans=own_scans(look.event_id, actor, register=register, now=now),
    )  # fmt: skip
    if stored is None:
        for event_id, (text, *others), verdict in reversed(_events(look.event_id, judged)):
            one = replace(look, event_id=event_id, qr=text, other_pages=tuple(others))
            keep(one, actor, verdict, mark, register=register, checker=checker, now=now)
    return judged[0][1], found


def _events(
    event_id: str, judged: Sequence[tuple[tuple[str, ...], Verdict]]
) -> list[tuple[str, tuple[str, ...], Verdict]]:
    """One a permit, by its worst page, and one a code that is none. The answer's is first, and written last: where a
    file was kept in part, it is kept again."""
    found: dict[str, tuple[str, tuple[str, ...], Verdict]] = {}
    for texts, verdict in judged:
        name = f"{verdict.permit.issuer}#{verdict.permit.number}" if verdict.permit else texts[0]
        own = store.following(event_id, hashlib.sha256(name.encode()).hexdigest()) if found else event_id
        found.setdefault(name, (own, texts, verdict))
    return list(found.values())
