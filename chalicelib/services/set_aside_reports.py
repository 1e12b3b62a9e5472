"""Two persons of ours set another Party's report of arrival aside: it no longer counts for a verdict (P3).

The report stays in the file with who proposed, who confirmed, when and why. A later report of that Party counts again.
Reports set aside on a replaced permit are set aside on its replacements too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.core.arrival_reports import Confirmation, SetAside
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import NoMatch, TwoPeople, Unavailable
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister
from chalicelib.services import store
from chalicelib.services.accounts import replacements
from chalicelib.services.decide_application import checked_reason

Mark = Callable[[Confirmation], Confirmation]


def propose(
    permit_id: str, country: str, reason: str, actor: Actor, *, register: PermitRegister, now: int
) -> Dossier:  # fmt: skip
    """Propose to set aside every report of this Party that stands; the newest proposal replaces an earlier one.

    Raises `Invalid` for the reason, `NoMatch` where no report of that Party stands.
    """
    actor.need("set_aside_report")
    checked_reason(reason)

    def mark(report: Confirmation) -> Confirmation:
        return replace(report, set_aside=SetAside(actor.id, actor.name, now, reason, actor.deputy_for))

    return _change(permit_id, country, mark, "propose_set_aside", actor, register=register, now=now, reason=reason)


def confirm(permit_id: str, country: str, actor: Actor, *, register: PermitRegister, now: int) -> Dossier:
    """Confirm as the second person: the reports that were proposed no longer count.

    Raises `TwoPeople`, and `NoMatch` where nothing is proposed.
    """
    actor.need("confirm_set_aside")

    def mark(report: Confirmation) -> Confirmation:
        aside = report.set_aside
        if aside is None:  # it came after the proposal
            return report
        if actor.persons & {aside.by, aside.represented}:
            raise TwoPeople("Another person confirms it.")
        done = replace(aside, confirmed_by=actor.id, confirmed_by_name=actor.name, confirmed_at=now)
        return replace(report, set_aside=done)

    return _change(permit_id, country, mark, "set_aside", actor, register=register, now=now)


def steps(report: Confirmation, actor: Actor) -> list[str]:
    """What this person can do about a report now: propose_set_aside, set_aside or nothing."""
    if not report.stands:
        return []
    aside = report.set_aside
    other = aside is not None and not actor.persons & {aside.by, aside.represented}
    found = ["propose_set_aside"] if actor.may("set_aside_report") else []
    return [*found, "set_aside"] if other and actor.may("confirm_set_aside") else found


def _change(
    permit_id: str, country: str, mark: Mark, action: str, actor: Actor, *, register: PermitRegister, now: int,
    **detail: str,
) -> Dossier:  # fmt: skip
    for _ in range(store.TRIES):
        old = store.load(register, permit_id, actor)
        new = _marked(old, country, mark)
        if new == old:
            raise NoMatch("No report of that Party to set aside.")
        told = {"country": country, **detail}
        changes = [(old, store.Change(new, action, told))]
        for each in replacements(old, register):
            changed = _marked(each, country, mark)
            if changed != each:
                changes.append((each, store.Change(changed, action, {**told, "of": old.number})))
        try:
            register.commit(*store.writes(register, actor, now, *changes))
        except Conflict:
            continue
        return new
    raise Unavailable("Others are changing this permit; try again.")


def _marked(dossier: Dossier, country: str, mark: Mark) -> Dossier:
    """The dossier with this Party's standing reports marked; the same one if that changes none."""
    reports = tuple(
        mark(report) if report.country == country and report.stands else report for report in dossier.confirmations
    )
    return dossier if reports == dossier.confirmations else dossier.but(confirmations=reports)
