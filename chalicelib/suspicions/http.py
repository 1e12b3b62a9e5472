"""Routes of suspicious patterns: flags with their reasons, their answers, and the yearly summary."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from chalicelib.cases.schemas import by_month, by_post
from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.http.requests import Nothing
from chalicelib.kernel.days import day, from_text, to_text, with_times, zone_named
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.rows import RowData
from chalicelib.patterns.table import RULES, Rule
from chalicelib.suspicions import mail as suspicions_mail
from chalicelib.suspicions import schemas as suspicions_schemas
from chalicelib.suspicions.schemas import (
    Pattern,
    PatternRule,
    Patterns,
    PatternSummary,
    PersonAndTime,
    RuleCounts,
)
from chalicelib.suspicions.services import flags
from chalicelib.suspicions.services.flags import StoredFlag

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)

ONE = "/v1/patterns/{pattern_id}"

_NEEDS_OPERATIONS = frozenset({"bred_by_nobody", "bred_too_many"})


@blueprint.route("/v1/patterns", query=suspicions_schemas.PatternsQuery, returns="Patterns", may="patterns")
def listed(call: Call[SpeciesDeps]) -> Patterns:
    """List flags, the newest first.
    Flags about staff are for the auditor. Enforcement gets those that no auditor answered in time. A page may be
    short."""
    query = call.query
    found, cursor = flags.listed(
        call.actor,
        call.deps,
        since=_since(call, query.since),
        state=query.state or "",
        rule=query.rule or "",
        cursor=query.cursor,
    )
    return {"items": [_shown(call, each) for each in found], "cursor": cursor}


@blueprint.route("/v1/patterns/summary", returns="PatternSummary", may="patterns")
def summary(call: Call[SpeciesDeps]) -> PatternSummary:
    """Count the flags of a year by rule, by month and by post, with the time of the last run."""
    made = flags.summary(call.actor, call.deps)
    idle = not made.run.get("operations", 0)
    rules: list[RuleCounts] = [
        {
            **_rule(RULES[code], call.language),
            "hours": RULES[code].hours,
            "found": found,
            "open": left,
            "overdue": late,
            "resting": idle and code in _NEEDS_OPERATIONS,
        }
        for code, (found, left, late) in made.rules.items()
    ]
    looked_at = made.run.get("at")
    return {
        "rules": rules,
        "months": by_month(made.months),
        "posts": by_post(call.deps.posts.values(), made.posts),
        "looked_at": None if looked_at is None else to_text(looked_at),
        "permits_read": made.run.get("read", 0),
        "complete": made.complete and bool(made.run.get("complete", False)),
    }


@blueprint.route(ONE, returns="Pattern", may="patterns")
def one(call: Call[SpeciesDeps], pattern_id: str) -> Pattern:
    """Read one flag with all its answers."""
    return _shown(call, flags.find(pattern_id, call.actor, register=call.deps.register))


@blueprint.route(f"{ONE}/acknowledge", method="POST", body=Nothing, returns="Pattern", may="answer_pattern")
def acknowledge(call: Call[SpeciesDeps], pattern_id: str) -> Pattern:
    """Acknowledge a flag.
    The rule's owner has seen it and looks into it.
    The time to answer runs on."""
    held = flags.acknowledge(pattern_id, call.actor, call.deps)
    return _shown(call, held)


@blueprint.route(
    f"{ONE}/answer", method="POST", body=suspicions_schemas.PatternAnswer, returns="Pattern", may="answer_pattern"
)
def answer(call: Call[SpeciesDeps], pattern_id: str) -> Pattern:
    """Answer a flag with a result and a reason.
    A later answer stands beside the first. Nobody answers a flag that names them."""
    body = call.body
    held = flags.answer(pattern_id, body.result, body.reason, call.actor, call.deps)
    return _shown(call, held)


def _since(call: Call[SpeciesDeps], text: str | None) -> int:
    if text is None:
        return 0
    try:
        if (found := day(text)) is not None:
            return int(datetime.combine(found, time.min, zone_named(call.deps.stage.zone)).timestamp())
        return from_text(text)
    except ValueError:
        raise Invalid(FieldError("since", "time", "A day like 2026-11-25, or a time in UTC.")) from None


def _rule(rule: Rule, language: str) -> PatternRule:
    return {
        "rule": rule.code,
        "name": suspicions_mail.name(rule.code, language),
        "severity": rule.severity,
        "owner": rule.owner,
        "insider": rule.insider,
    }


def _shown(call: Call[SpeciesDeps], held: StoredFlag) -> Pattern:
    flag, actor = held.flag, call.actor
    mine = actor.may("answer_pattern") and flags.may_answer(held, actor)
    steps = ["answer"] if mine else []
    if mine and held.state == "open":
        steps.insert(0, "acknowledge")
    return {
        **_rule(held.rule, call.language),
        "id": held.id,
        "why": suspicions_mail.why(flag, held.people, call.language, call.deps.stage),
        "figures": with_times({name: held.people.get(str(value), value) for name, value in flag.facts.items()}),
        "at": to_text(flag.at),
        "found_at": to_text(held.found_at),
        "due_at": to_text(held.due_at),
        "overdue": held.overdue(call.now),
        "state": held.state,
        "permits": [{"id": name, "number": number} for name, number in flag.permits],
        "posts": list(flag.posts),
        "acknowledged": _said(held.acknowledged) if held.acknowledged else None,
        "answers": [{**_said(each), "result": each["result"], "reason": each["reason"]} for each in held.answers],
        "charge": held.roles_asked[-1],
        "moves_at": None if held.answered or held.unanswered else to_text(held.moves_at),
        "escalated": held.step > 0,
        "unheard": held.unanswered,
        "steps": steps,
    }


def _said(each: RowData) -> PersonAndTime:
    return {"at": to_text(each["at"]), "by_name": each["by_name"]}
