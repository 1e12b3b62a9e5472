"""What an officer asks to have endorsed: its shape, how it is known again, and the permit that it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from chalicelib.kernel.errors import DecodeError, FieldError, Invalid, NotGenuine, Unavailable
from chalicelib.kernel.numbers import identity
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.legacy_register.model import paper_permit
from chalicelib.permits.services import store
from chalicelib.record.permit import Permit, from_record
from chalicelib.uses.single_use import DIRECTIONS
from chalicelib.uses.use import Use, UsedLine
from chalicelib.verdict import verdict
from chalicelib.verdict.snapshot import Context
from chalicelib.verdict.token_checks import read_own
from chalicelib.verification.model.foreign_pages import signed_record
from chalicelib.verification.model.foreign_permit import without_import_permit
from chalicelib.verification.model.import_permit import ArrivingGoods
from chalicelib.verification.services.accounts import UseAccount
from chalicelib.verification.services.import_permits import PairedUse, document_of, faults, plan
from chalicelib.verification.services.verify import VerifyDeps, find_by_code, find_legacy

TEXT_AT_MOST = 100

OURS_TO_MEND = {"T1", "T2"}  # a list that is too old, a clock that is wrong: no word against whoever sends the code

NO_PERMIT = ("", "0")  # no issuer has an empty name; `identity` takes the number, for it has a digit


@dataclass(frozen=True, slots=True)
class Endorsement:
    """What an officer sends. `qr`, or `number` and `code` when the page is on the telephone's other end.

    A permit on paper from before Tamga has its number alone. `unheard`: the device asked on line, got no answer, and
    let the goods go. `import_permit`: the number of ours that another Party's permit names; `import_permit_lines`: line
    and quantity of it, where the goods do not say.
    """

    event_id: str
    post: str
    direction: str
    endorsed_at: int
    lines: tuple[UsedLine, ...]
    qr: str = ""
    number: str = ""
    code: str = ""
    other_pages: tuple[str, ...] = ()
    transport_document: str = ""
    customs_document: str | None = None
    on_behalf_of: str | None = None
    recorded: str = "live"
    unheard: bool = False
    import_permit: str | None = None
    import_permit_lines: tuple[tuple[str, str], ...] = ()

    def content(self, issuer: str, number: str) -> dict[str, Any]:
        """What makes two requests the same: the permit and the facts, not how they travelled."""
        travelled = {"qr", "code", "other_pages", "number", "unheard"}
        added = {"import_permit", "import_permit_lines"}  # without them an event of an older release is the same event
        facts = {
            name: value
            for name, value in asdict(self).items()
            if name not in travelled and (value or name not in added)
        }
        return {**facts, "issuer": issuer, "number": number}


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID as RFC 9562 writes it: lower case with hyphens, and no other spelling of the same."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def well_formed(asked: Endorsement) -> None:
    """Shape and characters; raises `Invalid` naming every field."""
    errors = []
    if not is_uuid(asked.event_id):
        errors.append(FieldError("event_id", "uuid", "A UUID in lower case, made once for this endorsement."))
    if asked.direction not in DIRECTIONS:
        errors.append(FieldError("direction", "unknown", f"One of: {', '.join(DIRECTIONS)}."))
    if asked.recorded not in {"live", "paper"}:
        errors.append(FieldError("recorded", "unknown", "One of: live, paper."))
    for name in ("transport_document", "customs_document", "on_behalf_of", "import_permit"):
        text = getattr(asked, name)
        if text is not None and (len(text) > TEXT_AT_MOST or not text.isprintable()):
            errors.append(FieldError(name, "text", f"At most {TEXT_AT_MOST} printable characters."))
    if not asked.transport_document.strip():
        detail = "Block 15: the waybill, or the vehicle and its document where there is none."
        errors.append(FieldError("transport_document", "required", detail))
    if not asked.qr and not asked.number:
        errors.append(FieldError("qr", "required", "The code's text, or number and check code."))
    if errors:
        raise Invalid(*errors)


def mark_of(asked: Endorsement, actor: Actor, issuer: str, number: str) -> dict[str, str]:
    """What is kept with an event to know it again: the officer and the request."""
    return {"officer": actor.id, "hash": store.request_hash(asked.content(issuer, identity(number)))}


def named(asked: Endorsement, stage: Stage) -> tuple[str, str]:
    """Issuer and number as the request names them, unverified: only compared with what is stored under its id.

    Of what names none, a pair that is stored under no id.
    """
    if not asked.qr:
        number = asked.number.strip().upper()
        try:
            return (number[2:4] if asked.code else stage.issuer), identity(number)
        except Invalid:
            return NO_PERMIT
    try:
        permit = read_own(asked.qr)
    except DecodeError:
        return NO_PERMIT
    return permit.issuer, permit.number


@dataclass(frozen=True, slots=True)
class Resolved:
    """The permit that is meant, checks 1-6 passed, with every page that was shown."""

    permit: Permit
    pages: tuple[Permit, ...]


def resolve(asked: Endorsement, actor: Actor, deps: VerifyDeps) -> tuple[str, Resolved]:
    """The code's text and the permit it speaks for; raises `NotGenuine`, `NoMatch`, `TooMany`, `Unavailable`.

    Of a permit on paper from before Tamga, which has no code: an empty text, and what the register holds.
    """
    checker = deps.checker()
    if asked.qr:
        text, others = asked.qr, asked.other_pages
    elif not asked.code:
        found = find_legacy(asked.number, deps, actor=actor)
        paper = paper_permit(found, checker.stage.issuer)
        return "", Resolved(paper, (paper,))
    else:
        dossier = find_by_code(asked.number, asked.code, deps, actor=actor)
        text, others = dossier.tokens[0], dossier.tokens[1:]
    read = verdict.judge(
        text, trust=checker.trust, status={}, register="not_asked", now=deps.now, context=Context(other_pages=others)
    )
    if read.permit is None:
        if OURS_TO_MEND & {*read.codes}:
            raise Unavailable(
                "Our trust lists or our clock are not in order; nothing is said of the code. Send it again."
            )
        raise NotGenuine("The code does not speak for a permit.", codes=list(read.codes))
    return text, Resolved(read.permit, read.pages)


def of_code(
    asked: Endorsement,
    use: Use,
    pages: Sequence[Permit],
    account: UseAccount,
    deps: VerifyDeps,
    *,
    offline: bool = False,
) -> tuple[PairedUse | None, tuple[str, ...]]:
    """The use of our import permit that goes with the endorsement of another Party's permit by its code, and what is
    odd, by the names of `foreign_paper.REMARKS`."""
    if account.ours or use.kind != "import":
        return None, ()
    goods = from_record(signed_record(pages) or account.signed)
    if without_import_permit(goods, use.kind, asked.import_permit, deps.listing):
        return None, ("no_import_permit",)
    arrival = ArrivingGoods(use.event_id, goods, use.post, use.at, use)
    document = document_of(account.issuer, account.number)
    paired = plan(asked.import_permit, arrival, document, asked.import_permit_lines, deps, offline=offline)
    return paired, faults(arrival, asked.import_permit, deps, paired)
