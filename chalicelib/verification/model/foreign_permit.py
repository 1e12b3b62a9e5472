"""Permit of another Party without a code that we can check: its content as an officer read it, and remarks on it.

Nothing here is verified. It is kept so that the number is found again and the issuer can be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, Protocol, get_args

from chalicelib.applications.rules.species import origin_of
from chalicelib.applications.rules.validity import VALIDITY, latest
from chalicelib.kernel.codes import NUMBER, UNITS, is_wild
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.days import day
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import Direction, Recorded, UseResult
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.numbers import form_of, identity, normalise_number, use_key
from chalicelib.kernel.quantity import QUANTITY
from chalicelib.kernel.rows import RowData
from chalicelib.kernel.text import forbidden_characters
from chalicelib.record.permit import Application, Line, from_record, line_letter
from chalicelib.record.shape import malformed
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import resolve_name
from chalicelib.species.model.native_range import RangeResult, compare_range
from chalicelib.uses.use import PermittedAmount, Use, UsedLine, Withdrawal

TEXT_AT_MOST = 2000

# Remarks for which goods are held. From `import_permit_unknown` on: of our import permit that it names
# (import_permit.py).
GRAVE = (
    "used_before",
    "used_again",
    "issuer_denies",
    "import_permit_unknown",
    "import_permit_other_kind",
    "import_permit_not_valid",
    "import_permit_used",
    "import_permit_exceeded",
    "import_permit_other_goods",
    "import_permit_other_importer",
)

# All remarks, in the order in which they are shown.
REMARKS = (
    *GRAVE,
    "import_permit_lines",
    "issuer_differs",
    "surplus",
    "stamp_waits",
    "number_unusual",
    "number_other_country",
    "party_has_codes",
    "exporter_elsewhere",
    "expired",
    "not_yet_valid",
    "valid_too_long",
    "not_for_us",
    "no_import_permit",
    "unknown_species",
    "appendix_differs",
    "out_of_range",
    "no_seal",
)

LEAVES_WITH = frozenset({"E", "R"})  # granted by the State that the goods leave: Art. III(2), (4), IV(2), (5)

type ForeignResult = Literal["confirmed", "denied", "differs", "no_answer"]  # the issuing Party's answer

ANSWERS: tuple[ForeignResult, ...] = get_args(ForeignResult.__value__)


@dataclass(frozen=True, slots=True)
class Endorsed:
    """The endorsement of the paper at the post.

    `retained`: cancelled and kept, as Art. VI(6) requires of the State of import.
    """

    at: int
    post: str
    by: str
    by_name: str
    lines: tuple[tuple[str, str], ...]  # letter, quantity
    transport_document: str
    retained: bool
    result: UseResult
    withdrawn: RowData | None = field(default=None, hash=False)
    late: bool = False  # received outside its time window (L2)
    entered_at: int | None = None  # of an endorsement stamped by hand at `at`: the time when it was entered
    confirmed_by: str | None = None
    confirmed_by_name: str | None = None
    brought_by: str | None = None  # user id of the submitter, who sent it in the name of `by`

    @property
    def stands(self) -> bool:
        """True unless it was withdrawn. It may still wait for confirmation."""
        return self.withdrawn is None

    @property
    def counts(self) -> bool:
        return self.stands and self.result != UseResult.PENDING

    @property
    def stamped_at(self) -> int | None:
        return None if self.entered_at is None else self.at


@dataclass(frozen=True, slots=True)
class ForeignPermit:
    """A foreign permit as recorded.

    `record`: the fields of an application, as `permit.to_record` spells them. `at` and `received_at` in seconds, days
    as text.
    """

    id: str
    issuer: str
    number: str
    direction: Direction
    record: RowData = field(hash=False)
    post: str
    at: int
    received_at: int
    officer: str
    officer_name: str
    issued_on: str | None = None
    sealed: bool = True
    note: str = ""
    endorsed: Endorsed | None = None
    enquiries: tuple[RowData, ...] = field(default=(), hash=False)
    answers: tuple[RowData, ...] = field(default=(), hash=False)
    version: int = 0

    @property
    def identity(self) -> str:
        return identity(self.number)

    @property
    def allowed(self) -> dict[str, PermittedAmount]:
        """Line letter -> amount on the paper. As in a code, specimens have no unit."""
        lines = self.record.get("lines", ())
        units = [None if line.get("unit") == "NAR" else line.get("unit") for line in lines]
        return {
            line_letter(index): PermittedAmount(str(line["quantity"]), unit)
            for index, (line, unit) in enumerate(zip(lines, units, strict=True))
        }

    @property
    def arrived_at(self) -> int:
        """Time of the endorsement, else of the recording."""
        return self.endorsed.at if self.endorsed and self.endorsed.stands else self.at

    @property
    def use(self) -> Use | None:
        """The endorsement as a use, which counts beside the uses of a code, or None without an endorsement."""
        done = self.endorsed
        if done is None:
            return None
        undone = done.withdrawn
        return Use(
            event_id=self.id,
            kind=self.direction,
            post=done.post,
            at=done.at,
            officer=done.by,
            lines=tuple(UsedLine(letter, quantity) for letter, quantity in done.lines),
            transport_document=done.transport_document,
            result=done.result,
            late=done.late,
            recorded=Recorded.LIVE if done.entered_at is None else Recorded.PAPER,
            confirmed_by=done.confirmed_by,
            brought_by=done.brought_by,
            received_at=max(self.received_at, done.at, done.entered_at or 0),
            withdrawn=Withdrawal(self.id, undone["at"], undone["by"], undone["reason"]) if undone else None,
        )

    def but(self, **changes: Any) -> ForeignPermit:
        return replace(self, version=self.version + 1, **changes)


class PaperAsRead(Protocol):
    """The content of a paper as an officer read it. `permit`: its blocks. `issued_on`: YYYY-MM-DD."""

    @property
    def issuer(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def issued_on(self) -> str | None: ...
    @property
    def permit(self) -> Application: ...
    @property
    def note(self) -> str: ...


def checked(paper: PaperAsRead, *, ours: str) -> str:
    """The number as it is to be shown. Raises `Invalid` with every fault of form.

    Doubts about the content are no faults (`remarks`).
    """
    faults = [replace(fault, field=f"permit.{fault.field}") for fault in malformed(paper.permit)]
    shown = ""
    try:
        shown = normalise_number(paper.number)
        if paper.issuer != ours and use_key(paper.issuer, paper.number)[0] == ours:
            words = "This is a number of our own permits. Scan the permit or look up this number."
            faults.append(FieldError("number", "ours", words))
    except Invalid as error:
        faults += error.errors
    if paper.issuer == ours:
        words = "This is our own country. Scan the permit or look it up by its number."
        faults.append(FieldError("issuer", "ours", words))
    elif paper.issuer not in COUNTRIES:
        faults.append(FieldError("issuer", "unknown", "Must be a country code (ISO 3166-1), for example AE."))
    if paper.issued_on is not None and day(paper.issued_on) is None:
        faults.append(FieldError("issued_on", "date", "Must be an existing day as YYYY-MM-DD."))
    faults += text_faults("note", paper.note)
    if not paper.permit.document_type:
        faults.append(FieldError("permit.document_type", "required", "Block 1: enter the kind of document."))
    if not paper.permit.lines:
        faults.append(FieldError("permit.lines", "required", "Blocks 7-12: enter every line of the paper."))
    for index, line in enumerate(paper.permit.lines):
        for name in ("scientific_name", "term", "quantity"):
            if not getattr(line, name):
                words = "Required: enter it as it is printed on the paper."
                faults.append(FieldError(f"permit.lines[{index}].{name}", "required", words))
    if faults:
        raise Invalid(*faults)
    return shown


def text_faults(field: str, text: str, at_most: int = TEXT_AT_MOST) -> Iterator[FieldError]:
    """Faults of an officer's free text."""
    if len(text) > at_most:
        yield FieldError(field, "too_long", f"At most {at_most} characters.")
    if forbidden_characters(text.replace("\n", " ")):
        yield FieldError(field, "characters", "Control and direction characters are not allowed.")


def check_lines(paper: ForeignPermit, lines: Sequence[tuple[str, str]]) -> None:
    """Check that every line of the paper is named once, none exceeds it, and specimens are whole. Raises `Invalid`."""
    allowed = {line_letter(index): line for index, line in enumerate(paper.record.get("lines", ()))}
    named = [letter for letter, _ in lines]
    if sorted(named) != sorted(allowed):
        raise Invalid(FieldError("lines", "every_line", f"Name each line once: {', '.join(allowed)}."))
    for index, (letter, quantity) in enumerate(lines):
        code = allowed[letter].get("unit") or NUMBER
        if QUANTITY.fullmatch(quantity) is None or (code == NUMBER and "." in quantity):
            words = f"Must be a {'whole number, for example 2' if code == NUMBER else 'number, for example 2 or 12.5'}"
            raise Invalid(FieldError(f"lines[{index}].quantity", "quantity", f"{words}; 0 for none."))
        unit = UNITS.get(code)
        if unit is None or _more(quantity, str(allowed[letter]["quantity"])):
            words = "Must not be more than the quantity on the paper."
            raise Invalid(FieldError(f"lines[{index}].quantity", "more", words))
    if not any(quantity.strip("0.") for _, quantity in lines):
        raise Invalid(FieldError("lines", "nothing_moved", "At least one line must have a quantity above 0."))


def _more(one: str, other: str) -> bool:
    def scaled(text: str) -> int:
        whole, _, part = text.partition(".")
        return int(whole + part.ljust(6, "0"))

    return scaled(one) > scaled(other)


def must_retain(paper: ForeignPermit) -> bool:
    """True if the State of import keeps the paper: all except those for many crossings (Art. VI(6); Conf. 12.3)."""
    return KINDS[paper.record["document_type"]].single


def remarks(paper: ForeignPermit, listing: Listing, *, known: Iterable[str], today: date, ours: str) -> tuple[str, ...]:
    """Remarks on a paper, in the order of `REMARKS`.

    `known`: remarks from the register and the trust lists, beside those of the paper itself. `listing`: of the day of
    arrival. The taxa of the paper are judged by the list of its day of issue.
    """
    found = {*known, *_remarks(paper, listing, today=today, ours=ours)}
    return tuple(name for name in REMARKS if name in found)


def used_twice(paper: ForeignPermit, against: Sequence[Use]) -> tuple[str, ...]:
    """The remark for a paper because of other uses of its number that conflict with it (`against`).

    Empty if there are no such uses. `used_again` if the paper's own use counts and is the earliest, else `used_before`.
    """
    own = paper.use
    if not against:
        return ()
    if own is None or not own.counts or any((use.at, use.event_id) < (own.at, own.event_id) for use in against):
        return ("used_before",)
    return ("used_again",)


def import_permit_of_ours(paper: ForeignPermit, ours: str) -> str | None:
    """The number of our import permit that the paper names, for goods that arrive, else None."""
    permit = from_record(paper.record).import_permit
    if paper.direction != Direction.IMPORT or permit is None or permit.country not in {None, "", ours}:
        return None
    return permit.number or None


def needs_import_permit(application: Application, line: Line, listing: Listing) -> bool:
    """True if goods that arrive are of Appendix I, and from the wild or without a source: Art. III(3)(a)."""
    taxon = resolve_name(line.scientific_name or "", listing).of(origin_of(application, line)).strictest
    return taxon is not None and taxon.appendix == 1 and (line.source is None or is_wild(line.source))


def without_import_permit(application: Application, direction: str, number: str | None, listing: Listing) -> bool:
    """True if goods that arrive need an import permit of ours and none is named."""
    lines = application.lines if direction == Direction.IMPORT and number is None else ()
    return any(needs_import_permit(application, line, listing) for line in lines)


def _remarks(paper: ForeignPermit, listing: Listing, *, today: date, ours: str) -> Iterator[str]:
    application = from_record(paper.record)
    form = form_of(paper.issuer, paper.number)
    if form in {"unusual", "other_country"}:
        yield f"number_{form}"
    exporter = application.exporter.country
    if exporter and exporter != paper.issuer and application.document_type in LEAVES_WITH:
        yield "exporter_elsewhere"
    if not paper.sealed:
        yield "no_seal"
    ends, begins = day(application.valid_until), day(paper.issued_on)
    if ends is not None and ends < today:
        yield "expired"
    if begins is not None and begins > today:
        yield "not_yet_valid"
    kind = application.document_type or ""
    if ends is not None and begins is not None and kind in VALIDITY and ends > latest(kind, begins):
        yield "valid_too_long"
    country = application.importer.country
    if paper.direction == Direction.IMPORT and country and country != ours and KINDS[kind].single:
        yield "not_for_us"
    then = listing if begins is None else listing.on(begins)
    if without_import_permit(application, paper.direction, import_permit_of_ours(paper, ours), listing):
        yield "no_import_permit"
    for line in application.lines:
        goods = resolve_name(line.scientific_name or "", then).of(origin_of(application, line))
        taxon = goods.strictest
        if not goods.whole:
            yield "unknown_species"
        if taxon is None:
            continue
        # an Appendix that is not certain contradicts nothing; the range does not depend on it
        if not taxon.open and line.appendix not in {None, taxon.appendix, *taxon.may_be}:
            yield "appendix_differs"
        stated = (line.origin.country if line.origin else None) or (paper.issuer if kind == "E" else "")
        in_range = compare_range(
            line.source, stated, taxon.range_states, sure=taxon.range_sure, introduced=taxon.introduced
        )
        if goods.one and (taxon.appendix or taxon.may_be) and in_range == RangeResult.FAR:
            yield "out_of_range"
    if paper.answers:
        result = paper.answers[-1]["result"]
        if result in {"denied", "differs"}:
            yield "issuer_denies" if result == "denied" else "issuer_differs"
