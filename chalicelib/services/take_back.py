"""What is taken back before anybody has decided: the whole application by whoever has to submit it, or a paper by
whoever put it there. The history keeps both, with the ministry's reason; the paper's bytes stay where they lie."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.core import lifecycle
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import Forbidden, NoMatch
from chalicelib.core.roles import Actor
from chalicelib.ports import PermitRegister
from chalicelib.services import stamps, store
from chalicelib.services.decide_application import checked_reason


def withdraw(
    permit_id: str, actor: Actor, reason: str = "", *, register: PermitRegister, now: int, read: int | None = None
) -> Dossier:
    """An application ends for good, until it is approved; a stamp that was kept for it is free again.

    `read`: the version that is meant; raises `EditedMeanwhile` if another one has taken its place.
    """
    actor.need("withdraw")

    def decide(old: Dossier) -> store.Change:
        if lifecycle.repeated(old, "withdraw", actor):
            return store.Change(old)
        lifecycle.theirs(old, actor)
        if lifecycle.applicants(old, actor):
            raise Forbidden("Whoever applied withdraws it; the ministry returns or refuses it.")
        state = lifecycle.after(old, "withdraw")
        lifecycle.as_read(old, read)
        new = old.but(state=state, last_actions={**old.last_actions, "withdraw": actor.id})
        return store.Change(new, "withdraw", _why(reason, old, actor), stamps.give_back(old, register))

    return store.change(register, permit_id, actor, now, decide).dossier


def detach(
    permit_id: str, attachment_id: str, actor: Actor, reason: str = "", *, register: PermitRegister, now: int
) -> Dossier:
    """Take a supporting paper out of a draft or a returned application: whoever put it there, who keeps a hand in it.

    What was found for it or let pass while it lay there speaks for no application any more: it may rest on that paper.
    What was found against it stands, or whoever asks would take a no back, and an older yes would speak again.

    Raises `NoMatch` if it is not there, `Forbidden` if it is another's.
    """
    actor.need("detach")

    def decide(old: Dossier) -> store.Change:
        lifecycle.theirs(old, actor)
        lifecycle.after(old, "detach")
        paper = next((each for each in old.attachments if each.id == attachment_id), None)
        if paper is None:
            raise NoMatch("No such paper.")
        if paper.by != actor.id:
            raise Forbidden("Whoever put a paper to the application takes it out again.")
        kept = tuple(each for each in old.attachments if each is not paper)
        findings = tuple(
            replace(each, digest="") if each.at >= paper.at and each.result != "negative" else each
            for each in old.findings
        )
        passed = tuple(replace(each, digest="") if each.at >= paper.at else each for each in old.overrides)
        new = old.but(attachments=kept, findings=findings, overrides=passed, touched=lifecycle.touched(old, actor))
        return store.Change(new, "detach", {"name": paper.name, "sha256": paper.sha256, **_why(reason, old, actor)})

    return store.change(register, permit_id, actor, now, decide).dossier


def _why(reason: str, dossier: Dossier, actor: Actor) -> dict[str, str]:
    """Whoever applied may say why; the ministry has to."""
    checked_reason(reason, required=dossier.owner != actor.id)
    return {"reason": reason} if reason else {}
