"""Request bodies, queries and answers of suspicious patterns, and answers of breeding operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.cases.schemas import MONTHS, POSTS
from chalicelib.http.requests import CursorQuery, Model, Reason
from chalicelib.http.schema_parts import ANYTHING, FLAG, NUMBER, TEXT, TIME, Schema, listed, maybe, members, one_of
from chalicelib.patterns.table import LADDER, RULES, SEVERITIES
from chalicelib.suspicions.services.flags import RESULTS

STATES = ("open", "acknowledged", "answered")


class PatternsQuery(CursorQuery):
    """Filters. `since`: a day of the Party, or a time; only flags found from then on. `state`: `open` is unanswered.

    `rule`: flags of this rule alone.
    """

    since: Annotated[str, StringConstraints(min_length=10, max_length=30)] | None = None
    state: Literal["open", "overdue", "answered"] | None = None
    rule: Annotated[str, StringConstraints(pattern=f"^({'|'.join(RULES)})$")] | None = None


class PatternAnswer(Model):
    """`explained`: all was honest. `confirmed`: something was wrong. `followed_up`: a case or an audit goes on."""

    result: Annotated[str, StringConstraints(pattern=f"^({'|'.join(RESULTS)})$")]
    reason: Reason


_SAID = {"at": TIME, "by_name": TEXT}

_RULE = {
    "rule": one_of(RULES),
    "name": TEXT,
    "severity": one_of(SEVERITIES),
    "owner": one_of(LADDER),
    "insider": FLAG,
}

_PATTERN = members(
    {
        **_RULE,
        "id": TEXT,
        "why": TEXT,
        "figures": ANYTHING,
        "at": TIME,
        "found_at": TIME,
        "due_at": TIME,
        "overdue": FLAG,
        "state": one_of(STATES),
        "permits": listed(members({"id": TEXT, "number": TEXT})),
        "posts": listed(TEXT),
        "acknowledged": maybe(members(_SAID)),
        "answers": listed(members({**_SAID, "result": one_of(RESULTS), "reason": TEXT})),
        "steps": listed(TEXT),
        "charge": one_of(LADDER),
        "moves_at": maybe(TIME),
        "escalated": FLAG,
        "unheard": FLAG,
    },
    words="A sign, no verdict on anybody: `why` says it in words, `figures` are the figures in it. `charge`: who was "
    "asked last; `moves_at`: when it goes on to the next, null where it is answered or nobody is left (`unheard`). A "
    "permit without `id` is another Party's.",
)

PATTERNS: Mapping[str, Schema] = {
    "Pattern": _PATTERN,
    "Patterns": members({"items": listed(_PATTERN), "cursor": maybe(TEXT)}),
    "PatternSummary": members(
        {
            "rules": listed(
                members({**_RULE, "hours": NUMBER, "found": NUMBER, "open": NUMBER, "overdue": NUMBER, "resting": FLAG})
            ),
            "months": MONTHS,
            "posts": POSTS,
            "looked_at": maybe(TIME),
            "permits_read": NUMBER,
            "complete": FLAG,
        },
        words="Of a year. `resting`: the rule has nothing to compare with yet; `complete`: nothing was left out.",
    ),
}
