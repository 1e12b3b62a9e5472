"""Somebody sees a flag, and says what it was: by name, with a reason, nothing of it erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.core.errors import FieldError, Forbidden, Invalid, TwoPeople, Unavailable
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister
from chalicelib.services import flags
from chalicelib.services.decide_application import checked_reason
from chalicelib.services.flags import Held

RESULTS = ("explained", "confirmed", "followed_up")  # honest; something was wrong; a case or an audit goes on with it
ANSWERS_AT_MOST = 20
TRIES = 8


def acknowledge(flag_id: str, actor: Actor, *, register: PermitRegister, now: int) -> Held:
    """Seen, by whom and when; the first one stays, until it is open again."""

    def seen(held: Held) -> Held:
        said = {"at": now, "by": actor.id, "by_name": actor.name}
        return held if held.seen else replace(held, acknowledged=said)

    return _change(flag_id, actor, seen, register)


def answer(flag_id: str, result: str, reason: str, actor: Actor, *, register: PermitRegister, now: int) -> Held:
    """What it was. A later answer stands beside the first; the same again is the same. Raises `Invalid`."""
    if result not in RESULTS:
        raise Invalid(FieldError("result", "unknown", f"One of: {', '.join(RESULTS)}."))
    checked_reason(reason)

    def said(held: Held) -> Held:
        made: dict[str, Any] = {"at": now, "by": actor.id, "by_name": actor.name, "result": result, "reason": reason}
        if held.answered and {**held.answers[-1], "at": now} == made:
            return held
        if len(held.answers) >= ANSWERS_AT_MOST:
            raise Invalid(FieldError("reason", "too_many", f"At most {ANSWERS_AT_MOST} answers."))
        return replace(
            held, answers=(*held.answers, made), acknowledged=held.acknowledged if held.seen else _seen(made)
        )

    return _change(flag_id, actor, said, register)


def may_answer(held: Held, actor: Actor) -> bool:
    """The rule's owner answers, or who was asked after them, and never who is named in the flag."""
    return not actor.roles.isdisjoint(held.asked) and not actor.persons & set(held.people)


def _seen(made: dict[str, Any]) -> dict[str, Any]:
    return {name: made[name] for name in ("at", "by", "by_name")}


def _change(flag_id: str, actor: Actor, decide: Callable[[Held], Held], register: PermitRegister) -> Held:
    for _ in range(TRIES):
        held = flags.find(flag_id, actor, register=register)
        actor.need("answer_pattern")
        if actor.roles.isdisjoint(held.asked):
            raise Forbidden(f"This is answered by the role {' or '.join(held.asked)}.")
        if not may_answer(held, actor):
            raise TwoPeople("Somebody who is named in it does not answer it.")
        made = decide(held)
        if made is held:
            return held
        try:
            register.commit(made.put())
        except Conflict:
            continue
        return replace(made, version=held.version + 1)
    raise Unavailable("Others are answering this; try again.")
