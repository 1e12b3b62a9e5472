"""Reports of arrival (EPIX `ConfirmQuantities`): other Parties' reports, their setting aside, and our own reports.

Another Party's report is stored in the dossier as that Party's word. It endorses nothing and changes no use. In a
verdict it may raise P3 (verdict/snapshot_checks.py). A repetition of the Party's last report changes nothing. Another
one is stored beside it. `permits/model/confirmations.py` compares reports with our endorsements.

Two persons of ours set a Party's reports aside, which then no longer count for P3. The report stays in the dossier with
the persons, the times and the reason. A later report of that Party counts again. Reports set aside on a replaced permit
are set aside on its replacements too.

Our own report has the register's figures, so nobody types them:
1 every import under this number that counts, by code or on paper; a conflicting one too, because the issuer has to know
2 one crossing seen by two officers, once   3 no documents for many crossings, where a sum means nothing
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.exchange.model.operations import CONFIRM
from chalicelib.exchange.services import ask_party, parties
from chalicelib.exchange.services.answer_party import Caller, PartyQuestion, entry, permit_for
from chalicelib.exchange.services.ask_party import CallResult, ExchangeDeps, QuestionToParty
from chalicelib.exchange.services.parties import Entry
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import NoMatch, TooLarge, TwoPeople, WrongState
from chalicelib.kernel.quantity import spelled
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.text import checked_reason
from chalicelib.people.services import PeopleDeps
from chalicelib.permits.model import confirmations
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.platform.transact import transact
from chalicelib.uses.single_use import arrivals, moved_amounts
from chalicelib.verdict.snapshot import ArrivalReport, ReportedQuantity, SetAside
from chalicelib.verification.services.accounts import replacements
from chalicelib.verification.services.foreign_numbers import foreign_key, number_of

WHERE = "ConfirmedQuantities/CitesPosition"


def receive_report(asked: PartyQuestion, lines: Sequence[ReportedQuantity], caller: Caller, deps: Deps) -> str:
    """Store a Party's report of arrival. Return "taken" or "same".

    Raises `ExchangeRefused`, `Invalid` (under the position's path), `TooLarge`, `TooMany`.
    """
    found = permit_for(asked, caller, deps)
    said = sorted((line.line, line.quantity) for line in lines)
    with_code = bool(asked.token)  # `permit_for` has refused a wrong one
    digest = hashlib.sha256(json.dumps([caller.country, said]).encode()).hexdigest()

    def decide(old: Dossier) -> store.Change | None:
        """The change of the dossier, or None for a repetition."""
        confirmations.check(old, lines, WHERE)
        theirs = [report for report in old.confirmations if report.country == caller.country]
        if theirs and _repeats(theirs[-1], digest, with_code):
            return None
        if len(old.confirmations) >= confirmations.KEPT_AT_MOST or len(theirs) >= confirmations.OF_ONE_AT_MOST:
            raise TooLarge("This permit has the maximum number of reports. Write to us.")
        report = ArrivalReport(caller.country, deps.now, tuple(lines), digest, caller.certificate.serial, with_code)
        made = entry(asked, caller, "taken", deps, digest)
        return store.Change(
            old.but(confirmations=(*old.confirmations, report)),
            "confirmed_abroad",
            {"country": caller.country, "lines": [{"line": each.line, "quantity": each.quantity} for each in lines]},
            parties.puts(made, old.id),
        )

    def attempt() -> bool:
        old = store.load(deps.register, found.id)
        made = decide(old)
        if made is None:
            return False
        changes = [(old, made)]
        for each in replacements(old, deps.register):  # the goods arrived under these too
            kept = (*each.confirmations, made.dossier.confirmations[-1])
            told = {**made.detail, "of": old.number}
            changes.append((each, store.Change(each.but(confirmations=kept), made.action, told)))
        deps.register.commit(*store.puts_of(caller.actor, deps, *changes))
        return True

    if transact(attempt, "Others are changing this permit; try again."):
        return "taken"
    again = entry(asked, caller, "same", deps, digest)
    deps.register.commit(*parties.puts(again, found.id))
    return "same"


def _repeats(last: ArrivalReport, digest: str, with_code: bool) -> bool:
    """True if a report repeats the Party's last one. It has the same figures and no new check code, and the last one
    still counts.
    """
    return last.digest == digest and last.counts and last.with_code >= with_code


Mark = Callable[[ArrivalReport], ArrivalReport]


def propose(permit_id: str, country: str, reason: str, actor: Actor, deps: Deps) -> Dossier:
    """Propose to set aside every report of this Party that counts. A new proposal replaces an earlier one.

    Raises `Invalid` for the reason, `NoMatch` where no report of that Party counts.
    """
    actor.require("set_aside_report")
    checked_reason(reason)

    def mark(report: ArrivalReport) -> ArrivalReport:
        return replace(report, set_aside=SetAside(actor.id, actor.name, deps.now, reason, actor.deputy_for))

    def decide(old: Dossier) -> store.Change:
        return store.Change(_marked(old, country, mark), "propose_set_aside", {"country": country, "reason": reason})

    return _change(permit_id, decide, actor, deps)


def confirm_set_aside(permit_id: str, country: str, actor: Actor, deps: Deps) -> Dossier:
    """Confirm, as the second person, that the proposed reports no longer count.

    Raises `TwoPeople`, and `NoMatch` where nothing is proposed.
    """
    actor.require("confirm_set_aside")

    def mark(report: ArrivalReport) -> ArrivalReport:
        aside = report.set_aside
        if aside is None:  # this report came after the proposal
            return report
        if actor.same_person_ids & {aside.by, aside.represented}:
            raise TwoPeople("You proposed to set this report aside. Another person must confirm it.")
        done = replace(aside, confirmed_by=actor.id, confirmed_by_name=actor.name, confirmed_at=deps.now)
        return replace(report, set_aside=done)

    def decide(old: Dossier) -> store.Change:
        return store.Change(_marked(old, country, mark), "set_aside", {"country": country})

    return _change(permit_id, decide, actor, deps)


ReportStep = Literal["propose_set_aside", "set_aside"]


def steps(report: ArrivalReport, actor: Actor) -> list[ReportStep]:
    """The actor's next steps with a report."""
    if not report.counts:
        return []
    aside = report.set_aside
    other = aside is not None and not actor.same_person_ids & {aside.by, aside.represented}
    found: list[ReportStep] = ["propose_set_aside"] if actor.may("set_aside_report") else []
    return [*found, "set_aside"] if other and actor.may("confirm_set_aside") else found


def _change(permit_id: str, decide: Callable[[Dossier], store.Change], actor: Actor, deps: Deps) -> Dossier:
    """Change the permit, and those of its replacements that have such reports. Raises `NoMatch` if nothing changes."""

    def attempt() -> Dossier:
        old = store.load(deps.register, permit_id, actor)
        made = decide(old)
        if made.dossier == old:
            raise NoMatch("No report of that Party to set aside.")
        changes = [(old, made)]
        for each in replacements(old, deps.register):
            change = decide(each)
            if change.dossier != each:
                changes.append((each, replace(change, detail={**change.detail, "of": old.number})))
        deps.register.commit(*store.puts_of(actor, deps, *changes))
        return made.dossier

    return transact(attempt, "Others are changing this permit; try again.")


def _marked(dossier: Dossier, country: str, mark: Mark) -> Dossier:
    """The dossier with this Party's counting reports marked. The same dossier if nothing changes."""
    reports = tuple(
        mark(report) if report.country == country and report.counts else report for report in dossier.confirmations
    )
    return dossier if reports == dossier.confirmations else dossier.but(confirmations=reports)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Arrivals under a number. `lines`: (letter, quantity). `service`: a report can be sent.

    `reports`: the reports sent, newest first.
    """

    lines: list[tuple[str, str]]
    service: bool
    reports: list[Entry]


def arrived(country: str, number: str, actor: Actor, deps: ExchangeDeps) -> Arrived:
    """Arrivals under another Party's number, and our reports of them.

    Raises `Forbidden`, `Invalid` for a text that is no number.
    """
    before = ask_party.journal_of(country, number, actor, register=deps.register)
    return Arrived(
        _lines(country, number, deps),
        country in ask_party.askable(actor, deps.parties),
        [each for each in before if each.operation == CONFIRM],
    )


def report_arrival(country: str, number: str, actor: Actor, deps: ExchangeDeps, *, token: str = "") -> CallResult:
    """Report arrivals to the issuing Party. Sent once, even if no answer comes.

    Raises `Forbidden`, `NoMatch` where no service of that Party is known, `WrongState` where nothing arrived.
    """
    ask_party.need_service(country, actor, deps.parties)
    lines = _lines(country, number, deps)
    if not lines:
        raise WrongState("No import under this number is endorsed here: there is nothing to report.")
    return ask_party.request_permit(QuestionToParty(country, number, CONFIRM, token, lines), actor, deps)


def _lines(country: str, number: str, deps: PeopleDeps) -> list[tuple[str, str]]:
    found = number_of(country, number, deps.register)
    if KINDS[found.kind("OT")].many_crossings:  # 3
        return []
    uses = found.uses
    if found.issuer != country:  # a third Party's number: only uses of a code that this Party signed under it count
        signed = found.signed is not None and found.signed.key == foreign_key(country, number)
        uses = found.by_code if signed else ()
    came = moved_amounts(arrivals(uses, deps.posts))  # 1, 2
    return [(letter, spelled(quantity)) for letter, quantity in sorted(came.items())]
