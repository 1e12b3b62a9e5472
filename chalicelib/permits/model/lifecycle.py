"""Lifecycle of a permit: one table of the steps and the states that they connect.

    draft -> submitted -> approved -> signing -> issued -> suspended / lost / revoked / replaced
         returned <-'       '-> refused   '-> approved again, the number declared void
    draft, returned, submitted -> void: withdrawn by the person who has to submit it

Only a recorded correction leads to an earlier state: return, reinstate, and giving up a signing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import EditedMeanwhile, Forbidden, TwoPeople, WrongState
from chalicelib.kernel.roles import OPERATIONS, Actor
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.findings import required_findings
from chalicelib.record.permit import from_record


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the lifecycle.

    `source`: states in which the step is possible; `target`: the state after it (None: unchanged).
    """

    source: frozenset[State]
    target: State | None


def _step(source: str, target: str | None) -> Step:
    return Step(frozenset(map(State, source.split())), State(target) if target else None)


LOOKED_INTO = "legal_acquisition"

STATES = tuple(State)

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
    "lost": _step("issued", "lost"),  # not from suspended: a suspension already holds the goods
    "replace": _step("issued lost", None),
    "replaced": _step("issued lost", "replaced"),
    "stamp": _step("issued suspended", None),
}

APPLYING = frozenset({"edit", "attach", "detach", "submit", "withdraw"})

ISSUED_ONCE = frozenset({State.ISSUED, State.SUSPENDED, State.REVOKED, State.REPLACED, State.LOST})


def after(dossier: Dossier, step: str) -> State:
    """The state after this step. Raises `WrongState` if the step is not possible in the present state."""
    row = STEPS[step]
    if dossier.state not in row.source:
        possible = ", ".join(sorted(row.source))
        raise WrongState(f"Not possible in state {dossier.state}; possible in: {possible}.", state=dossier.state)
    return row.target or dossier.state


def check_version(dossier: Dossier, read: int | None) -> None:
    """Raise `EditedMeanwhile` if the version differs from the one that was read. None skips the check."""
    if read is not None and read != dossier.version:
        raise EditedMeanwhile(
            "It has changed since you read it. Read it again, then repeat the step.", version=dossier.version
        )


def possible(dossier: Dossier, actor: Actor) -> tuple[str, ...]:
    """The steps open to this person by state, role and the rule of two people.

    Each step checks again when it is taken.
    """
    barred = {"approve", "override"} if actor.same_person_ids & excluded_approvers(dossier) else set()
    barred |= set() if stamp_block_open(dossier) else {"stamp"}
    barred |= APPLYING if ministry_edits(dossier, actor) else set()
    barred |= {"withdraw"} if applicant_withdraws(dossier, actor) else set()
    return tuple(
        name
        for name, row in STEPS.items()
        if name in OPERATIONS and dossier.state in row.source and actor.may(name) and name not in barred
    )


def ministry_edits(dossier: Dossier, actor: Actor) -> bool:
    """True if the ministry fills in and submits this replacement, so that its holder may only read it.

    The holder may change it once it is returned.
    """
    return bool(dossier.replaces) and dossier.state != State.RETURNED and actor.only_own


def check_holder_may_edit(dossier: Dossier, actor: Actor) -> None:
    """Raise `Forbidden` if the actor is the holder of a permit that the ministry replaces."""
    if ministry_edits(dossier, actor):
        raise Forbidden(
            "The ministry fills in and submits a replacement. You can change it only after it is returned to you."
        )


def applicant_withdraws(dossier: Dossier, actor: Actor) -> bool:
    """True if only the applicant may withdraw it, and this actor is not the applicant.

    The ministry withdraws its own drafts and its replacements, unless a replacement is returned.
    """
    return dossier.owner not in {"", actor.id} and not (dossier.replaces and dossier.state != State.RETURNED)


def stamp_block_open(dossier: Dossier) -> bool:
    """True if block 5b of the paper was left open for a security stamp put on by hand."""
    return dossier.record.get("form", "paper") == "paper" and not dossier.record.get("stamp_number")


def repeated(dossier: Dossier, step: str, actor: Actor) -> bool:
    """True if this person already took this step and nothing came after it. The same request again then succeeds."""
    return STEPS[step].target == dossier.state and dossier.last_actions.get(step) == actor.id


def excluded_approvers(dossier: Dossier) -> set[str | None]:
    """User ids excluded as second person: all who wrote, submitted or judged any part of it, or attached a document.

    Editors accumulate and are never removed.
    """
    judged = [finding.by for finding in dossier.findings]
    papers = [paper.by for paper in dossier.attachments]
    return {dossier.creator, dossier.submitter, dossier.editor, *dossier.touched, *judged, *papers}


def editors_with(dossier: Dossier, actor: Actor) -> tuple[str, ...]:
    """User ids of everybody who edited or submitted it, this actor included."""
    return tuple(sorted({*dossier.touched, dossier.editor, dossier.submitter, actor.id} - {""}))


def require_second_person(dossier: Dossier, approvers: set[str], act: str = "approve it") -> None:
    """Raise `TwoPeople` if an approver, or whom they stand in for, wrote, submitted or judged any part of it."""
    if approvers & excluded_approvers(dossier):
        words = "A person who created, edited, submitted or judged this application, or attached a paper, may not"
        raise TwoPeople(f"{words} {act}. Another person must do it.")


def owns(dossier: Dossier, actor: Actor) -> bool:
    """True if this actor may know that the dossier exists."""
    return not actor.only_own or dossier.owner == actor.id


def findings_required(dossier: Dossier) -> list[str]:
    """The findings that its approval requires.

    An exporter's application that requires none still needs an official to examine how the goods were acquired. Another
    current finding counts as that examination (`require_official_finding`).
    """
    needed = [need.kind for need in required_findings(from_record(dossier.record))]
    looked = set(dossier.current_findings) - {LOOKED_INTO}
    return needed or ([LOOKED_INTO] if dossier.owner and not looked else [])


def require_official_finding(dossier: Dossier) -> None:
    """Raise `WrongState` for an exporter's application without an official's finding on it."""
    if dossier.owner and not dossier.current_findings:
        raise WrongState("An exporter's application needs an official's finding before approval. Record one first.")
