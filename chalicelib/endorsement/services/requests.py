"""Endorsement requests: their shape, the mark that recognizes a repetition, and the permit that they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from chalicelib.alerts.services.alerts import NewUse
from chalicelib.kernel.enums import Direction, Recorded
from chalicelib.kernel.errors import DecodeError, FieldError, Invalid, NotGenuine, Unavailable
from chalicelib.kernel.numbers import identity
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.legacy_register.model import paper_permit
from chalicelib.permits.services import store
from chalicelib.record.permit import Permit, from_record
from chalicelib.uses.single_use import DIRECTIONS
from chalicelib.uses.use import UsedLine
from chalicelib.verdict import verdict
from chalicelib.verdict.snapshot import Context, NotAsked
from chalicelib.verdict.token_checks import read_own
from chalicelib.verification.model.foreign_pages import signed_record
from chalicelib.verification.model.foreign_permit import without_import_permit
from chalicelib.verification.model.import_permit import ArrivingGoods
from chalicelib.verification.services.import_permits import PairedUse, faults, plan
from chalicelib.verification.services.verify import VerifyDeps, find_by_code, find_legacy

TEXT_AT_MOST = 100

OWN_FAULT_CODES = {"T1", "T2"}  # our list is too old or our clock is wrong: no fault of the sender's code

NO_PERMIT = ("", "0")  # matches no stored event: no issuer's name is empty; `identity` accepts "0" for its digit


@dataclass(frozen=True, slots=True)
class Endorsement:
    """An endorsement request: `qr`, or `number` and `code` dictated by telephone.

    A permit issued on paper before Tamga has its number alone. `unheard`: the device asked online, got no answer, and
    let the goods go. `import_permit`: number of our import permit that another Party's permit names.
    `import_permit_lines`: its lines and quantities, where the goods do not determine them.
    """

    event_id: str
    post: str
    direction: Direction
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

    def content(self, issuer: str, number: str) -> Mapping[str, object]:
        """The members that make two requests the same: permit and facts, without the way they were sent."""
        travelled = {"qr", "code", "other_pages", "number", "unheard"}
        added = {"import_permit", "import_permit_lines"}  # left out if empty: the hash of an older release stays valid
        facts = {
            name: value
            for name, value in asdict(self).items()
            if name not in travelled and (value or name not in added)
        }
        return {**facts, "issuer": issuer, "number": number}


def is_uuid(text: str) -> bool:
    """True for a UUID as RFC 9562 writes it, in lower case with hyphens. Other spellings of the same UUID are False."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def well_formed(asked: Endorsement) -> None:
    """Check shape and characters. Raises `Invalid` with a `FieldError` for each faulty field."""
    errors = []
    if not is_uuid(asked.event_id):
        errors.append(FieldError("event_id", "uuid", "A UUID in lower case, made once for this endorsement."))
    if asked.direction not in DIRECTIONS:
        errors.append(FieldError("direction", "unknown", f"One of: {', '.join(DIRECTIONS)}."))
    if asked.recorded not in {Recorded.LIVE, Recorded.PAPER}:
        errors.append(FieldError("recorded", "unknown", "One of: live, paper."))
    for name in ("transport_document", "customs_document", "on_behalf_of", "import_permit"):
        text = getattr(asked, name)
        if text is not None and (len(text) > TEXT_AT_MOST or not text.isprintable()):
            errors.append(FieldError(name, "text", f"At most {TEXT_AT_MOST} printable characters."))
    if not asked.transport_document.strip():
        detail = "Block 15: enter the waybill; without one, the vehicle and its document."
        errors.append(FieldError("transport_document", "required", detail))
    if not asked.qr and not asked.number:
        errors.append(FieldError("qr", "required", "Required: the text of the code, or 'number' and 'code'."))
    if errors:
        raise Invalid(*errors)


def mark_of(asked: Endorsement, actor: Actor, issuer: str, number: str) -> dict[str, str]:
    """The stored mark that recognizes a repeated event: the officer and the request's hash."""
    return {"officer": actor.id, "hash": store.request_hash(asked.content(issuer, identity(number)))}


def unverified_number(asked: Endorsement, stage: Stage) -> tuple[str, str]:
    """Issuer and number as the request names them. They are unverified and only compared with the stored event.

    Returns `NO_PERMIT`, which matches no stored event, where the request names no permit.
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
    """The permit that the request names, after checks 1-6, with all pages that were sent."""

    permit: Permit
    pages: tuple[Permit, ...]


def resolve(asked: Endorsement, actor: Actor, deps: VerifyDeps) -> tuple[str, Resolved]:
    """Return the code's text and the permit that the code is for.

    A permit issued on paper before Tamga has no code. Its text is empty, and the permit comes from the register.
    Raises `NotGenuine`, `NoMatch`, `TooMany`, and `Unavailable` where our own lists or clock are at fault.
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
        text, trust=checker.trust, status={}, register=NotAsked(), now=deps.now, context=Context(other_pages=others)
    )
    if read.permit is None:
        if OWN_FAULT_CODES & {*read.codes}:
            raise Unavailable(
                "The code could not be checked: our trust lists or our clock are at fault. Send it again later."
            )
        words = "The code does not prove a permit. Follow the verdict codes in 'codes'."
        raise NotGenuine(words, codes=list(read.codes))
    return text, Resolved(read.permit, read.pages)


def pair_import_permit(asked: Endorsement, new: NewUse, deps: VerifyDeps) -> tuple[PairedUse | None, tuple[str, ...]]:
    """The use of our import permit by an endorsement of another Party's code, and the remarks that this raises.

    Remarks are names of `REMARKS` (verification/model/foreign_permit.py). (None, ()) for our own permits, and for other
    directions than import.
    """
    use, account = new.use, new.account
    if account.ours or use.kind != Direction.IMPORT:
        return None, ()
    goods = from_record(signed_record(new.pages) or account.signed)
    if without_import_permit(goods, use.kind, asked.import_permit, deps.listing):
        return None, ("no_import_permit",)
    importer = new.pages[0].importer.name
    arrival = ArrivingGoods(use.event_id, account.issuer, account.number, goods, use.post, use.at, use, importer)
    paired = plan(asked.import_permit, arrival, asked.import_permit_lines, deps, offline=use.offline)
    return paired, faults(arrival, asked.import_permit, deps, paired)
