"""Our import permit that another Party's document names: its state, and its use with that document.

The endorsement of the document uses the import permit in the same transaction, under the event id
`<event>.import-permit`. The two are confirmed and withdrawn together. A paper that is endorsed again after an undo uses
it as `<event>.import-permit-2`, then `-3`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NotRequired, TypedDict

from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.enums import Direction, UseResult
from chalicelib.kernel.errors import Invalid, NoMatch, TooLarge
from chalicelib.kernel.numbers import NUMBER_FORM, use_key
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put, Row
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import ISSUED_ONCE
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.restore_lock import is_locked
from chalicelib.record.permit import Line, Party, from_record, line_letter
from chalicelib.uses import single_use, use_limits
from chalicelib.uses.use import LineOfUse, Use, Withdrawal
from chalicelib.verification.model import import_permit
from chalicelib.verification.model.foreign_permit import ForeignPermit, import_permit_of_ours
from chalicelib.verification.model.import_permit import ArrivingGoods, of_paper, use_id
from chalicelib.verification.services.accounts import Find, UseAccount, account_of, use_of_day
from chalicelib.verification.services.verify import Checker, VerifyDeps

DESK_ONLY = (
    "The import permit was used for another consignment or permits less. Only the duty desk may endorse: telephone it."
)

Choice = Sequence[tuple[str, str]]  # line of the import permit, quantity


class ImportPermitUse(TypedDict):
    """Part of a receipt: what was used of our import permit with another Party's document."""

    number: str
    result: str
    lines: list[LineOfUse]


class ReceiptPart(TypedDict):
    """Members of a receipt about the import permit. `remarks`: names of `foreign_permit.REMARKS`."""

    import_permit: NotRequired[ImportPermitUse]
    remarks: NotRequired[list[str]]


@dataclass(frozen=True, slots=True)
class PairedUse:
    """A use of our import permit that goes with the endorsement of another Party's document.

    `account`: as it was read. `shortfall`: the reasons why the duty desk has to decide, as names of
    `foreign_permit.REMARKS`. `unconfirmed`: hand-stamped uses that wait, and that the permit does not cover together
    with this one.
    """

    account: UseAccount
    use: Use
    shortfall: tuple[str, ...] = ()
    unconfirmed: tuple[Use, ...] = ()

    @property
    def dossier(self) -> Dossier:
        """The import permit with this use."""
        assert self.account.dossier is not None
        return replace(self.account.dossier, uses=self._uses)

    @property
    def shown(self) -> ImportPermitUse:
        """The part of a receipt about this use."""
        lines: list[LineOfUse] = [{"line": line.line, "quantity": line.quantity} for line in self.use.lines]
        return {"number": self.account.number, "result": self.use.result, "lines": lines}

    @property
    def _uses(self) -> tuple[Use, ...]:
        others = (use for use in self.account.uses if use.event_id != self.use.event_id)
        return use_limits.trim_withdrawn((*others, self.use))

    def puts(self, actor: Actor, deps: Deps, action: str) -> tuple[Put, ...]:
        """Return the writes of this use. The commit fails if the import permit has changed since it was read."""
        account, use = self.account, self.use
        whose = [account.issuer, account.number]
        event = {"officer": use.officer, "permit": whose, "receipt": {**self.shown, "event_id": use.event_id}}
        detail = {"event_id": use.event_id, "kind": use.kind, "result": use.result, "with": use.foreign_document}
        return (
            *account.puts(self._uses, actor, deps, "undo" if use.withdrawn else action, detail),
            Put(store.event_key(use.event_id), event, expected_version=None),
            *use_of_day(use, account.kind, account.issuer, account.number, expected_version=None),
        )


def named_by(paper: ForeignPermit, checker: Checker) -> str | None:
    """The number of our import permit that a paper names."""
    return import_permit_of_ours(paper, checker.stage.issuer)


def document_of(issuer: str, number: str) -> str:
    """The value of `Use.foreign_document` for another Party's document, independent of the spelling of its number."""
    return " ".join(use_key(issuer, number))


def plan(
    number: str | None, arrival: ArrivingGoods, choice: Choice, deps: VerifyDeps, *, offline: bool
) -> PairedUse | None:
    """The use of the import permit `number` by this endorsement, or None if it names none of ours, or uses nothing of
    it.

    `offline`: the endorsement has happened already. Then goods without a matching line count as all of the permit. A
    use that the permit does not cover counts as a conflict. A use without room is left out (None). Raises `Invalid` if
    the officer has to choose lines, and `TooLarge`. Offline it raises neither.
    """
    checker = deps.checker()
    main = arrival.use
    account = _account(number, deps)
    permit = account.dossier if account else None
    if main is None or main.kind != Direction.IMPORT or account is None or permit is None:
        return None
    if main.result != UseResult.PENDING:
        account = account.without_inferred(main, main.received_at)
    matched = True
    try:
        lines = import_permit.lines_used(arrival, permit, choice, deps.listing)
    except Invalid:
        if not offline:
            raise
        lines, matched = import_permit.whole(permit), False
    if not lines:
        return None
    use = replace(
        main,
        event_id=_id_of_use(main.event_id, deps),
        lines=lines,
        customs_document=None,
        number=None,
        result=UseResult.ACCEPTED,
        foreign_document=document_of(arrival.issuer, arrival.number),
    )
    made = _with_result(account, use, main.result, checker)
    if not matched and made.use.result == UseResult.ACCEPTED:
        made = replace(made, use=replace(made.use, result=UseResult.CONFLICT))
    try:
        use_limits.check_room("I", [each for each in account.uses if each.event_id != use.event_id], use)
    except TooLarge:
        if not offline:
            raise
        return None
    return made


def unconfirmed_of(paired: PairedUse | None) -> tuple[Use, ...]:
    """Uses of the import permit that wait beside this one, for the alert to the duty desks."""
    return paired.unconfirmed if paired else ()


def receipt_part(paired: PairedUse | None, remarks: Sequence[str]) -> ReceiptPart:
    """Members of a receipt about the import permit."""
    part: ReceiptPart = {}
    if paired:
        part["import_permit"] = paired.shown
    if remarks:
        part["remarks"] = list(remarks)
    return part


def last_use(event_id: str, register: PermitRegister) -> tuple[int, Row | None]:
    """Number and event row of the last use of an import permit by this endorsement, or 0 and None if there is none."""
    number, last = 0, None
    while (row := register.get(store.event_key(use_id(event_id, number + 1)))) is not None:
        number, last = number + 1, row
    return number, last


def _id_of_use(event_id: str, deps: Deps) -> str:
    """The id of the use that is not withdrawn, else the next id, because a withdrawn use keeps its own."""
    number, _ = last_use(event_id, deps.register)
    stands = paired_use_of(event_id, deps) is not None
    return use_id(event_id, number if stands else number + 1)


def paired_use_of(event_id: str, deps: Deps) -> PairedUse | None:
    """The use of the import permit that goes with this endorsement of a foreign document, or None."""
    number, stored = last_use(event_id, deps.register)
    if stored is None:
        return None
    issuer, permit_number = stored.data["permit"]
    account = account_of(issuer, permit_number, deps)
    use = next((each for each in account.uses if each.event_id == use_id(event_id, number)), None)
    return PairedUse(account, use) if use is not None and use.withdrawn is None else None


def confirmed(main: Use, deps: VerifyDeps) -> PairedUse | None:
    """The use of the import permit (`paired_use_of`) after a second officer has confirmed the endorsement (`main`)."""
    checker = deps.checker()
    half = paired_use_of(main.event_id, deps)
    if half is None:
        return None
    account = half.account.without_inferred(half.use, half.use.received_at)
    return _with_result(account, replace(half.use, confirmed_by=main.confirmed_by), main.result, checker)


def withdrawn(event_id: str, took: Withdrawal, deps: Deps) -> PairedUse | None:
    """The use of the import permit (`paired_use_of`), withdrawn together with the endorsement `event_id`."""
    half = paired_use_of(event_id, deps)
    return half and replace(half, use=replace(half.use, withdrawn=took))


def faults(
    arrival: ArrivingGoods, number: str | None, deps: VerifyDeps, planned: PairedUse | None = None
) -> tuple[str, ...]:
    """Faults of the import permit, as names of `foreign_permit.REMARKS`.

    Empty while the register is locked after a restore, because it could accuse wrongly. `planned`: the use that is
    about to be written.
    """
    checker = deps.checker()
    if number is None or is_locked(deps.register):
        return ()
    held = planned.dossier if planned else None
    with suppress(Invalid):  # the text is not a number
        held = held or _find_named(checker.numbers.find)(deps.register, checker.stage.issuer, number)
    return tuple(import_permit.faults(arrival, held, deps.listing, checker.posts))


def of(paper: ForeignPermit, deps: VerifyDeps) -> tuple[str, ...]:
    """Faults of the import permit that a paper names, by the register as it is now."""
    checker = deps.checker()
    return faults(of_paper(paper), named_by(paper, checker), deps)


@dataclass(frozen=True, slots=True)
class RestOfLine:
    """A line of our import permit. `left`: the quantity that no endorsement has used yet."""

    letter: str
    line: Line
    permitted: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class NamedImportPermit:
    """Our import permit that a document names, with its importer (block 3), its lines and its first use.

    `number` and `importer` are None if there is none.
    """

    number: str | None = None
    state: str = "unknown"
    lines: tuple[RestOfLine, ...] = ()
    first: Use | None = None
    importer: Party | None = None


def known(number: str, actor: Actor, deps: VerifyDeps) -> NamedImportPermit:
    """Our import permit, its importer and the rest of each line, for an officer before the endorsement.

    Raises `Forbidden`.
    """
    actor.require("record_foreign")
    account = _account(number, deps)
    if account is None or account.dossier is None:
        return NamedImportPermit()
    came = single_use.arrived_amounts(single_use.arrivals(account.all_uses, deps.posts))
    lines: list[RestOfLine] = []
    permit = from_record(account.dossier.record)
    for index, line in enumerate(permit.lines):
        letter, permitted = line_letter(index), Decimal(line.quantity or "0")
        lines.append(RestOfLine(letter, line, permitted, max(Decimal(0), permitted - came.get(letter, Decimal(0)))))
    first = single_use.first_use(account.all_uses, "import")
    return NamedImportPermit(account.number, account.dossier.state, tuple(lines), first, permit.importer)


def importer_of(paper: ForeignPermit, deps: VerifyDeps) -> Party | None:
    """The importer of our import permit that a paper names, or None if it names none."""
    account = _account(import_permit_of_ours(paper, deps.stage.issuer), deps)
    return from_record(account.dossier.record).importer if account and account.dossier else None


def _account(number: str | None, deps: VerifyDeps) -> UseAccount | None:
    """The account of our import permit with this number, or None if there is none, or if it was never issued."""
    if number is None:
        return None
    try:
        account = account_of(deps.stage.issuer, number, deps, find=_find_named(store.find_number))
    except (Invalid, NoMatch):
        return None
    dossier = account.dossier
    if dossier is None or dossier.kind != DocumentKind.IMPORT or dossier.state not in ISSUED_ONCE:
        return None
    return replace(account, number=dossier.number or number)


def _find_named(find: Find) -> Find:
    """`find`, and for a text that it does not find, the import permit with the year and serial that the text names.

    The year and serial are the number, as for the uses of a foreign document (`use_key`). Else a used import permit,
    named with another ending or with text around it, passes as an unknown one.
    """

    def find_named(register: PermitRegister, issuer: str, number: str) -> Dossier | None:
        dossier = find(register, issuer, number)
        if dossier is not None:
            return dossier
        country, name = use_key(issuer, number)
        meant = f"{name}/{DocumentKind.IMPORT}"
        return find(register, issuer, meant) if country == issuer and NUMBER_FORM.fullmatch(meant) else None

    return find_named


def _with_result(account: UseAccount, use: Use, main: UseResult, checker: Checker) -> PairedUse:
    """The use with its result.

    `main`: the result of the endorsement of the foreign document.
    """
    assert account.dossier is not None
    if main == UseResult.PENDING:
        return PairedUse(account, replace(use, result=UseResult.PENDING))
    others = account.others(use)
    if main == UseResult.DUPLICATE and any(single_use.same_use(each, use, checker.posts) for each in others):
        return PairedUse(account, replace(use, result=UseResult.DUPLICATE))
    short = tuple(import_permit.shortfall(others, use, account.dossier, checker.posts))
    in_order = not short and not use.late and import_permit.valid_at(account.dossier, use.at)
    waiting = tuple(each for each in account.all_uses if each.is_unconfirmed and each.event_id != use.event_id)
    counted = [replace(each, result=UseResult.ACCEPTED) for each in waiting]
    together = any(import_permit.shortfall([*others, *counted], use, account.dossier, checker.posts))
    beside = waiting if together and not short else ()
    return PairedUse(
        account, replace(use, result=UseResult.ACCEPTED if in_order else UseResult.CONFLICT), short, beside
    )
