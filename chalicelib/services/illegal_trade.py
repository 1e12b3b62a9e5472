"""The year's seizures as rows of the annual illegal trade report; of people no more than their nationality is read."""

from __future__ import annotations

from chalicelib.core import illegal_trade as core
from chalicelib.core.case import whole
from chalicelib.core.codes import UNKNOWN
from chalicelib.core.ledger import Posts
from chalicelib.core.listing import Listing
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister
from chalicelib.services import cases
from chalicelib.services.report_lines import year_of


def rows(
    year: int, actor: Actor, *, register: PermitRegister, stage: Stage, listing: Listing, posts: Posts
) -> list[tuple[str, ...]]:
    """In order of their days; a post by its English name, which the Secretariat can read."""
    actor.need("reports")
    span = year_of(year, stage)
    found = []
    for case in cases.every(register):
        if case.kind != "seizure" or not span.begin <= case.occurred_at < span.end:
            continue
        people = cases.load(case.id, register, people=True).people
        nationalities = [str(person.get("nationality") or "") for person in people]
        day = stage.today(case.occurred_at).isoformat()
        record = whole(case)
        origin = (record["route"] or {}).get("origin") or UNKNOWN
        goods = [core.as_listed(line, origin, listing) for line in record["goods"] or ()]
        post = posts[case.post].name if case.post in posts else case.post
        made = core.rows_of({**record, "goods": goods, "post": post}, day, nationalities)
        found.append((case.occurred_at, case.id, list(made)))
    return [row for _, _, lines in sorted(found, key=lambda each: each[:2]) for row in lines]
