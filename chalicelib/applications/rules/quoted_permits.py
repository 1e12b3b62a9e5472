"""Permits of our own that a re-export names in blocks 12 and 12a, and the quantity that left under them.

A number that claims to be ours is checked against the register. The number exists, its lines name the goods in the same
unit, and less was re-exported than left. Otherwise an exporter could evade a zero quota by declaring wild goods as
re-exported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import FieldError, Invalid, Stop
from chalicelib.kernel.numbers import use_key
from chalicelib.kernel.quantity import QUANTITY, spelled
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import ISSUED_ONCE
from chalicelib.quotas.model import IN_FORCE, exported
from chalicelib.record.permit import Application, ImportPermit, Line, from_record, line_letter
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_resolution import taxa_named

_FIELDS = (("origin", "permit"), ("last_reexport", "certificate"))

_WORDS = (
    "Blocks 12 and 12a: the register does not show that these goods left under this permit of ours. Check number, "
    "species, unit and quantity (Art. IV(5), Conf. 12.3 Annex 2). The ministry checks a paper permit itself."
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A document that one line (from 0) of a re-export names as ours.

    `name`: the form in which its number is counted.
    """

    line: int
    field: str
    number: str
    name: str


def counted(country: str, number: str) -> tuple[str, str] | None:
    """The issuing country of a number and the form in which it is counted, or None if it is not a number."""
    try:
        return use_key(country, number)
    except Invalid:
        return None


def quotes(application: Application, issuer: str) -> Iterator[Quote]:
    """The permits of ours that a re-export names."""
    if application.document_type != DocumentKind.REEXPORT:
        return
    for index, line in enumerate(application.lines):
        for name, document in _FIELDS:
            paper = getattr(line, name)
            if paper is None or not paper.document:
                continue
            whose, as_counted = counted(paper.country or "", paper.document) or (paper.country, "")
            if issuer in {whose, paper.country}:  # also where the block names us and the number another country
                yield Quote(index, f"lines[{index}].{name}.{document}", paper.document, as_counted)


@dataclass(slots=True)
class Balance:
    """The quantities left of one permit of ours, by line letter. `ours`: None if the register has no such permit."""

    ours: Dossier | None
    listing: Listing
    left: dict[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.ours is not None and (self.ours.state not in ISSUED_ONCE or self.ours.kind == DocumentKind.IMPORT):
            self.ours = None
        self.left = dict(exported(self.ours.uses) or {}) if self.ours else {}

    def take(self, line: Line, quantity: Decimal) -> tuple[str, Decimal]:
        """Take a line's quantity. Returns the limit and the quantity that is missing.

        The limit is the quantity of such goods that left. It is empty without a permit.
        """
        letters = list(self._covering(line))
        for letter in letters:
            taken = min(self.left.get(letter, Decimal(0)), quantity)
            quantity -= taken
            self.left[letter] = self.left.get(letter, Decimal(0)) - taken
        moved = (exported(self.ours.uses) or {}) if self.ours else {}
        limit = spelled(sum((moved.get(letter, Decimal(0)) for letter in letters), Decimal(0))) if self.ours else ""
        return limit, quantity

    def _covering(self, line: Line) -> Iterator[str]:
        wanted = _taxa(line, self.listing)
        for index, each in enumerate(from_record(self.ours.record).lines if self.ours else ()):
            if each.unit == line.unit and wanted <= _taxa(each, self.listing):
                yield line_letter(index)


def _taxa(line: Line, listing: Listing) -> frozenset[str]:
    """The line's taxa, or the name as written if the list does not have it."""
    return taxa_named(line.scientific_name, listing) or frozenset({line.scientific_name or ""})


def take_other(balance: Balance, other: Dossier, name: str, issuer: str) -> None:
    """Subtract what another re-export of the same permit takes, which is what left under it, else what it permits."""
    application, left = from_record(other.record), exported(other.uses)
    for index in {each.line for each in quotes(application, issuer) if each.name == name}:
        line = application.lines[index]
        quantity = Decimal(line.quantity or "0") if left is None else left.get(line_letter(index), Decimal(0))
        balance.take(line, quantity)


def counts(other: Dossier, now: int) -> bool:
    """True if a re-export takes of the permits that it names, while it may be used, and for good once it was used."""
    if other.state in {"signing", *IN_FORCE}:
        return exported(other.uses) is not None or other.expires_at is None or now < other.expires_at
    return other.state == State.REVOKED and exported(other.uses) is not None


def quantity_of(line: Line) -> Decimal:
    """The line's quantity, or 0 for a malformed one, which another rule refuses."""
    return Decimal(line.quantity) if line.quantity and QUANTITY.fullmatch(line.quantity) else Decimal(0)


def fault(quote: Quote, limit: str, missing: Decimal) -> FieldError:
    return FieldError(
        quote.field, "origin_unproven", _WORDS, Stop(quote.line, quote.name or quote.number, limit, spelled(missing))
    )


def import_permit(application: Application) -> tuple[str, str] | None:
    """The other country's import permit named by an Appendix I export or re-export, as its number is counted."""
    permit = application.import_permit or ImportPermit()
    first = any(line.appendix == 1 for line in application.lines)
    leaves = application.document_type in {DocumentKind.EXPORT, DocumentKind.REEXPORT}
    if not (leaves and first and permit.number and permit.country):
        return None
    return counted(permit.country, permit.number)
