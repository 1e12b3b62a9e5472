"""Text of block 5: the applicant's conditions and the sentences that the print adds by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.kernel import document_kinds
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.dossier import Dossier, year_of
from chalicelib.record import block_texts
from chalicelib.record.permit import Application, from_record, line_letter
from chalicelib.uses.single_use import first_use

LIVE_TERMS = frozenset({"LIV", "EGL", "FIG"})  # terms of specimens that travel alive

# Conf. 12.3 Annex 2 requires the statements; the wording is ours.
LIVE_TRANSPORT = (
    "Live specimens: valid only if transport follows the CITES guidelines for the transport of live specimens or, "
    "by air, the IATA Live Animals (for plants: Perishable Cargo) Regulations."
)

ONE_CONSIGNMENT = "Valid for one consignment."

MANY_CROSSINGS = (
    "Valid for any number of crossings until it expires. To be endorsed at each crossing on the continuation sheet and "
    "given back to the holder. Not transferable."
)

# Conf. 12.3, sample collections: the carnet accompanies the collection, which is neither sold nor transferred abroad.
ATA_CARNET = (
    "Valid only with ATA carnet {}. The specimens must not be sold or transferred while outside the issuing State. "
    "They must be returned to it before the carnet expires."
)

ELECTRONIC = "Electronic document: every print is equal; what counts is the answer at the address beside the code."


@dataclass(frozen=True, slots=True)
class Replaces:
    """The document that this permit replaces.

    `left`: the day (YYYY-MM-DD) on which its goods left, if they did.
    """

    number: str
    reason: str
    left: str | None = None


def special_conditions(
    application: Application,
    kind: document_kinds.Kind,
    replaces: Replaces | None = None,
    quota_years: Mapping[int, tuple[str, ...]] = MappingProxyType({}),
) -> str:
    """Compose block 5: the applicant's conditions and the sentences that the rules ask for, one a line."""
    parts: list[str] = []
    if replaces is not None:
        parts.append(f"REPLACEMENT of {replaces.number}: {replaces.reason}")
        if replaces.left is not None:
            day = block_texts.day_in_words(replaces.left)
            parts.append(f"The goods LEFT on {day} with {replaces.number}: not valid for another export.")
    if application.retrospective is not None:
        parts.append(f"ISSUED RETROSPECTIVELY: {application.retrospective}")
    if application.special_conditions:
        parts.append(application.special_conditions)
    if application.ata_carnet:
        parts.append(ATA_CARNET.format(application.ata_carnet))
    for year, letters_of in sorted(quota_years.items()):
        parts.append(f"QUOTA OF {year}: line {', '.join(letters_of)}.")
    permit = application.import_permit
    if permit is not None and permit.number:
        where = block_texts.country(permit.country) if permit.country else ""
        day = block_texts.day_in_words(permit.date) if permit.date else ""
        parts.append("Import permit: " + ", ".join(part for part in (permit.number, where, day) if part) + ".")
    if any(line.term in LIVE_TERMS for line in application.lines):
        parts.append(LIVE_TRANSPORT)
    parts.append(MANY_CROSSINGS if kind.many_crossings else ONE_CONSIGNMENT)
    if application.form == "electronic":
        parts.append(ELECTRONIC)
    return "\n".join(parts)


def replaces_of(dossier: Dossier, stage: Stage) -> Replaces | None:
    """The replaced permit, with the day on which the goods left under it, if they did."""
    if not dossier.replaces_number:
        return None
    left = first_use(dossier.uses, "export")
    day = stage.today(left.at).isoformat() if left and left.number else None
    return Replaces(dossier.replaces_number, dossier.replaces_reason or "", day)


def other_years(dossier: Dossier, stage: Stage) -> dict[int, tuple[str, ...]]:
    """Map each year other than the year of issue to the letters of the lines that draw on its quota."""
    issued_in = stage.today(dossier.issued_at).year if dossier.issued_at is not None else None
    return _lettered(((draw.year, draw.line) for draw in dossier.draws), issued_in)


def as_printed(dossier: Dossier, stage: Stage, now: int) -> str:
    """Block 5 as the print says it, or as it would say if the permit were issued now.

    For a permit that Tamga does not print, the conditions on record.
    """
    application = from_record(dossier.record)
    kind = document_kinds.KINDS.get(application.document_type or "")
    if kind is None or dossier.legacy:
        return application.special_conditions or ""
    years = other_years(dossier, stage)
    if dossier.issued_at is None:
        this_year = stage.today(now).year
        asked = [(year_of(line, this_year), index) for index, line in enumerate(application.lines)]
        years = _lettered(asked, this_year)
    return special_conditions(application, kind, replaces_of(dossier, stage), years)


def _lettered(found: Iterable[tuple[int, int]], this_year: int | None) -> dict[int, tuple[str, ...]]:
    lines: dict[int, set[int]] = {}
    for year, index in found:
        if year != this_year:
            lines.setdefault(year, set()).add(index)
    return {year: tuple(line_letter(index) for index in sorted(indices)) for year, indices in lines.items()}
