"""Warnings about an application: remarks for author, clerk and Scientific Authority that refuse nothing.

name_choice           the accepted name is split by country: choose the taxon that lives there
confirm_taxon         a name chosen so: the Scientific Authority confirms the taxon with its finding
range                 wild goods from a country where the taxon is not recorded (`range.py`)
source_d              Appendix I plants propagated for commerce have source D
label_form            no label number of caviar has the six parts of Conf. 12.7
origin                a document of this kind should name the country of origin in block 12
operation             no operation of the register of breeders has the number of block 12b for an animal of source D
uncertain_annotation  whether the annotation covers the goods depends on facts that the application does not have
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from chalicelib.applications.rules.caviar import has_label, is_caviar
from chalicelib.applications.rules.check import complete
from chalicelib.applications.rules.range import range_warnings
from chalicelib.applications.rules.species import annotation_results, stated_origin
from chalicelib.breeding.model import Operation
from chalicelib.kernel.codes import PLANT, Purpose, counted_source
from chalicelib.kernel.document_kinds import KINDS, DocumentKind
from chalicelib.kernel.errors import FieldWarning, WarningOption
from chalicelib.record.permit import Application, Line
from chalicelib.species.model.annotations import Covered
from chalicelib.species.model.listing import Listing
from chalicelib.species.model.name_choice import NameChoice
from chalicelib.species.model.name_resolution import resolve_name

# Their goods may be from elsewhere, so no country is filled in.
WITHOUT_ORIGIN = frozenset({
    DocumentKind.IMPORT, DocumentKind.TRAVELLING_EXHIBITION, DocumentKind.OWNERSHIP, DocumentKind.MUSICAL_INSTRUMENT,
    DocumentKind.SAMPLE_COLLECTION,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Basis:
    """What the warnings rest on: the species list, the names that are split, the day, and the issuing Party.

    `operations`: the register of breeding operations, or None if it is not compared.
    """

    listing: Listing
    choices: Sequence[NameChoice] = field(hash=False)
    today: date
    issuer: str
    operations: tuple[Operation, ...] | None = None


def warnings(application: Application, basis: Basis) -> tuple[FieldWarning, ...]:
    """Every warning, line by line."""
    if application.document_type not in KINDS:
        return ()
    app = complete(application, basis.listing, issuer=basis.issuer)
    return tuple(
        each for index, line in enumerate(app.lines) if line.scientific_name for each in _of_line(app, index, basis)
    )


def _of_line(app: Application, index: int, basis: Basis) -> Iterator[FieldWarning]:
    at, line = f"lines[{index}]", app.lines[index]
    listing, issuer = basis.listing, basis.issuer
    yield from _name(at, line, stated_origin(app, line, issuer), basis)
    yield from range_warnings(app, index, listing, issuer)
    bred = line.kingdom == PLANT and line.appendix == 1 and counted_source(line.source) == "A"
    if bred and app.purpose == Purpose.COMMERCIAL:
        words = "Appendix I plants propagated for commerce have source D (Art. VII(4), Conf. 9.19, 11.11)."
        yield FieldWarning(f"{at}.source", "source_d", words, (WarningOption("D", ""),))
    if is_caviar(app, line, listing) and line.marks and not has_label(line):
        words = "A label number of caviar has six parts: species/source/country/year/plant/lot (Conf. 12.7 Annex 1)."
        yield FieldWarning(f"{at}.marks", "label_form", words)
    if _of_unknown_operation(app, line, basis):
        words = "Block 12b: our register has no breeding operation with this number for this taxon (Conf. 12.10)."
        yield FieldWarning(f"{at}.operation_or_acquisition", "operation", words)
    if app.document_type in WITHOUT_ORIGIN and not (line.origin and line.origin.country):
        words = "Block 12: give the country of origin (Conf. 12.3 Annex 2)."
        yield FieldWarning(f"{at}.origin.country", "origin", words)
    results = annotation_results(app, line, listing, basis.today, issuer)
    if line.term and (Covered.ASK in results or len(results) > 1):
        words = "Whether the annotation of the Appendices covers these goods depends on their state: see its text."
        yield FieldWarning(f"{at}.term", "uncertain_annotation", words)


def needs_operations(app: Application) -> bool:
    """True if the warnings compare the register of breeding operations (`Basis.operations`)."""
    return any(counted_source(line.source) == "D" for line in app.lines)


def _of_unknown_operation(app: Application, line: Line, basis: Basis) -> bool:
    """True for an animal of source D from here whose number in block 12b is of no operation for this taxon."""
    bred_here = stated_origin(app, line, basis.issuer) == basis.issuer and counted_source(line.source) == "D"
    if basis.operations is None or not bred_here or line.kingdom == PLANT or not line.operation_or_acquisition:
        return False
    return not any(each.taxon == line.scientific_name and each.named_by(line) for each in basis.operations)


def _name(at: str, line: Line, origin: str, basis: Basis) -> Iterator[FieldWarning]:
    accepted = resolve_name(line.scientific_name or "", basis.listing).accepted
    here = [each for each in basis.choices if each.origin == origin]
    offered = tuple(WarningOption(each.choose, each.range) for each in here if each.name == accepted)
    if offered:
        words = f"{accepted} is split: choose the taxon that lives where the goods come from. The Scientific Authority"
        yield FieldWarning(f"{at}.scientific_name", "name_choice", f"{words} confirms it.", offered)
    elif any(each.choose == accepted for each in here):
        words = f"The Scientific Authority confirms with its finding that the goods are {accepted}."
        yield FieldWarning(f"{at}.scientific_name", "confirm_taxon", words)
