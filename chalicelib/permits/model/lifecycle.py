"""Which step leads from which state to which: one table.

    draft -> submitted -> approved -> signing -> issued -> suspended / lost / revoked / replaced
         returned <-'       '-> refused   '-> approved again, the number declared void
    draft, returned, submitted -> void: withdrawn by whoever has to submit it

A state goes back only by a recorded correction: return, reinstate, and a signing that was given up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.errors import EditedMeanwhile, Forbidden, TwoPeople, WrongState
from chalicelib.kernel.roles import OPERATIONS, Actor
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.findings import required_findings
from chalicelib.record.permit import from_record


@dataclass(frozen=True, slots=True)
class Step:
    """`source`: states in which the step is possible; `target`: the state after it (None: the same)."""

    source: frozenset[str]
    target: str | None


def _step(source: str, target: str | None) -> Step:
    return Step(frozenset(source.split()), target)


LOOKED_INTO = "legal_acquisition"

STATES = (
    "draft",
    "submitted",
    "returned",
    "refused",
    "approved",
    "signing",
    "issued",
    "suspended",
    "revoked",
    "replaced",
    "lost",
    "void",
)

STEPS: Mapping[str, Step] = {
    "edit": _step("draft returned", None),
    "attach": _step("draft returned submitted", None),
    "preview": _step("draft returned submitted approved", None),
    "detach": _step("draft returned", None),
    "submit": _step("draft returned", "submitted"),
    "withdraw": _step("draft returned submitted", "void"),
    "return": _step("submitted approved", "returned"),
    "refuse": _step("submitted approved", "refused"),
    "find": _step("submitted", None),
    "override": _step("draft returned submitted approved", None),
    "approve": _step("submitted", "approved"),
    "issue": _step("approved", "signing"),
    "signed": _step("signing", "issued"),
    "give_up": _step("signing", "approved"),
    "suspend": _step("issued", "suspended"),
    "reinstate": _step("suspended lost", "issued"),
    "revoke": _step("issued suspended lost", "revoked"),
    "surrender": _step("issued", "revoked"),
    "lost": _step("issued", "lost"),  # a suspension stays one: it holds the goods already
    "replace": _step("issued lost", None),
    "replaced": _step("issued lost", "replaced"),
    "stamp": _step("issued suspended", None),
}

APPLYING = frozenset({"edit", "attach", "detach", "submit", "withdraw"})

ISSUED_ONCE = frozenset({"issued", "suspended", "revoked", "replaced", "lost"})


def after(dossier: Dossier, step: str) -> str:
    """The state after this step; raises `WrongState` where the table has no such way."""
    row = STEPS[step]
    if dossier.state not in row.source:
        possible = ", ".join(sorted(row.source))
        raise WrongState(f"Not possible in state {dossier.state}; possible in: {possible}.", state=dossier.state)
    return row.target or dossier.state


def as_read(dossier: Dossier, read: int | None) -> None:
    """Raise `EditedMeanwhile` if it has another version than the one that was read (None: whichever it has)."""
    if read is not None and read != dossier.version:
        raise EditedMeanwhile("Not done: it has another version than the one you read.", version=dossier.version)


def possible(dossier: Dossier, actor: Actor) -> tuple[str, ...]:
    """The steps that this person could take now by state, role and the rule of two people; each judges again itself."""
    barred = {"approve", "override"} if actor.persons & excluded_approvers(dossier) else set()
    barred |= set() if stamp_open(dossier) else {"stamp"}
    barred |= APPLYING if ministrys(dossier, actor) else set()
    barred |= {"withdraw"} if applicants(dossier, actor) else set()
    return tuple(
        name
        for name, row in STEPS.items()
        if name in OPERATIONS and dossier.state in row.source and actor.may(name) and name not in barred
    )


def ministrys(dossier: Dossier, actor: Actor) -> bool:
    """Whether the holder only looks on: a replacement is the ministry's to fill in and send until it is sent back."""
    return bool(dossier.replaces) and dossier.state != "returned" and actor.only_own


def theirs(dossier: Dossier, actor: Actor) -> None:
    """Raise `Forbidden` for the holder of a permit that the ministry replaces."""
    if ministrys(dossier, actor):
        raise Forbidden("The ministry fills in a replacement and submits it, until it is returned to you.")


def applicants(dossier: Dossier, actor: Actor) -> bool:
    """Whether somebody else applied, who alone withdraws it: the ministry ends its own drafts and its replacements."""
    return dossier.owner not in {"", actor.id} and not (dossier.replaces and dossier.state != "returned")


def stamp_open(dossier: Dossier) -> bool:
    """Whether block 5b of the paper was left open for the hand that puts the stamp on."""
    return dossier.record.get("form", "paper") == "paper" and not dossier.record.get("stamp_number")


def repeated(dossier: Dossier, step: str, actor: Actor) -> bool:
    """True if this person already took this step and nothing came after it: the same request again is a success."""
    return STEPS[step].target == dossier.state and dossier.last_actions.get(step) == actor.id


def excluded_approvers(dossier: Dossier) -> set[str | None]:
    """Who wrote, submitted or judged any part of it, or put a paper to it; a later hand washes none off."""
    judged = [finding.by for finding in dossier.findings]
    papers = [paper.by for paper in dossier.attachments]
    return {dossier.creator, dossier.submitter, dossier.editor, *dossier.touched, *judged, *papers}


def editors_with(dossier: Dossier, actor: Actor) -> tuple[str, ...]:
    """Who edited or submitted it, with who does so now."""
    return tuple(sorted({*dossier.touched, dossier.editor, dossier.submitter, actor.id} - {""}))


def second_person(dossier: Dossier, approvers: set[str], act: str = "approve it") -> None:
    """Raise `TwoPeople` if an approver, or whom they stand in for, wrote, submitted or judged any part of it."""
    if approvers & excluded_approvers(dossier):
        raise TwoPeople(f"Someone who created, edited, submitted or judged this application may not {act}.")


def owns(dossier: Dossier, actor: Actor) -> bool:
    """Whether this actor may know that the dossier exists."""
    return not actor.only_own or dossier.owner == actor.id


def findings_asked(dossier: Dossier) -> list[str]:
    """The findings that its approval waits for; of an exporter's application that needs none, that an official looked
    into how the goods were come by, unless another finding says that somebody did (`officially_examined`)."""
    needed = [need.kind for need in required_findings(from_record(dossier.record))]
    looked = set(dossier.current_findings) - {LOOKED_INTO}
    return needed or ([LOOKED_INTO] if dossier.owner and not looked else [])


def officially_examined(dossier: Dossier) -> None:
    """An exporter's application is approved only after an official's finding on it."""
    if dossier.owner and not dossier.current_findings:
        raise WrongState("An exporter's application needs an official's finding before it is approved.")
