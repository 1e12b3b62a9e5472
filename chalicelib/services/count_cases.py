"""How many cases of a year somebody may see, by month and post: what the desk draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.ledger import DAY
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister
from chalicelib.services import cases

YEAR = 366 * DAY
PAGES_AT_MOST = 40  # of cases that are looked at, the newest records first


@dataclass(frozen=True, slots=True)
class Counts:
    """`months`: YYYY-MM in which it happened -> found; `complete`: all of them were looked at."""

    months: Mapping[str, int]
    posts: Mapping[str, int]
    complete: bool


def count(actor: Actor, *, register: PermitRegister, stage: Stage, now: int) -> Counts:
    """By what `cases.listed` shows this person, and nothing else: back to the first that came before the year, for all
    beyond it happened earlier still."""
    actor.need("see_cases")
    since = now - YEAR
    months: Counter[str] = Counter()
    posts: Counter[str] = Counter()
    cursor: str | None = None
    for _ in range(PAGES_AT_MOST):
        found, cursor = cases.page(register, cursor)
        year = [each for each in cases.entries(found, actor) if each["occurred_at"] >= since]
        months.update(stage.today(each["occurred_at"]).isoformat()[:7] for each in year)
        posts.update(each["post"] for each in year)
        if any(each.received_at < since for each in found):
            cursor = None
        if cursor is None:
            break
    return Counts(months, posts, cursor is None)
