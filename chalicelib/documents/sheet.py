"""Everything that one print needs, and which text it puts in which block.

What token and record say comes from `core/printed_form.py`; this adds what only the print has: special conditions,
authority, place, approver, quota, check code, address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType

from chalicelib.core import codes, printed_form
from chalicelib.core.permit import Application, Permit, line_letter

COPY, VOID, PRACTICE, PREVIEW = "COPY", "VOID", "PRACTICE", "PREVIEW"
ORIGINAL, ELECTRONIC_ORIGINAL = "ORIGINAL", "ELECTRONIC ORIGINAL"
LIVE_TERMS = frozenset({"LIV", "EGL", "FIG"})  # specimens that travel alive

# Block 5 (Conf. 12.3 Annex 2 asks for the statements; the words are ours).
LIVE_TRANSPORT = (
    "Live specimens: valid only if transport follows the CITES guidelines for the transport of live specimens or, "
    "by air, the IATA Live Animals (for plants: Perishable Cargo) Regulations."
)
ONE_CONSIGNMENT = "Valid for one consignment."
ISSUED = frozenset({"13", "13-name", "number", "check", "address"})  # blocks that only what was issued has
NO_PERMIT = "PREVIEW of an application: this is NOT A PERMIT"
MANY_CROSSINGS = (
    "Valid for any number of crossings until it expires. To be endorsed at each crossing on the continuation sheet and "
    "given back to the holder. Not transferable."
)
ELECTRONIC = "Electronic document: every print is equal; what counts is the answer at the address beside the code."


@dataclass(frozen=True, slots=True)
class Authority:
    """Block 6: the Management Authority as it is printed, and the head of the form.

    `own`: its name in `languages`, the country's, which the form's other words follow; `state`: the country's name as
    the form's head has it, in English and in those.
    """

    name: str
    own: tuple[str, ...]
    address: str
    country: str
    languages: tuple[str, ...]
    state: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replaces:
    """The document that this one stands for. `left`: the day (YYYY-MM-DD) on which its goods left, if they did."""

    number: str
    reason: str
    left: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to print. `permits` and `qr_texts`: one per page, in order; `zone`: the Party's.

    `quotas`: block 11a by line (counted from 0), e.g. `12 / 40 (2026)`; `quota_years`: another year than that of issue
    and the letters of its lines, for block 5. `mark`: COPY, VOID, PRACTICE, where due.
    `record_json`: the record's RFC 8785 text, attached as it is. With PREVIEW among the marks there is no code, no
    number, no day of issue, and `qr_texts`, `check_code`, `approver` and `record_json` are not read.
    """

    application: Application
    permits: tuple[Permit, ...]
    qr_texts: tuple[str, ...]
    check_code: str
    host: str
    authority: Authority
    place: str
    approver: str
    zone: tzinfo
    record_json: str
    quotas: Mapping[int, str] = field(default_factory=dict)
    replaces: Replaces | None = None
    mark: frozenset[str] = frozenset()
    quota_years: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def preview(self) -> bool:
        return PREVIEW in self.mark

    @property
    def number(self) -> str:
        return PREVIEW if self.preview else self.permits[0].number

    @property
    def kind(self) -> codes.Kind:
        return codes.KINDS[self.permits[0].kind]


def special_conditions(
    application: Application,
    kind: codes.Kind,
    replaces: Replaces | None = None,
    quota_years: Mapping[int, tuple[str, ...]] = MappingProxyType({}),
) -> str:
    """Block 5: the applicant's conditions and the sentences that the rules ask for, one a line."""
    parts: list[str] = []
    if replaces is not None:
        parts.append(f"REPLACEMENT of {replaces.number}: {replaces.reason}")
        if replaces.left is not None:
            day = printed_form.day_in_words(replaces.left)
            parts.append(f"The goods LEFT on {day} with {replaces.number}: not valid for another export.")
    if application.retrospective is not None:
        parts.append(f"ISSUED RETROSPECTIVELY: {application.retrospective}")
    if application.special_conditions:
        parts.append(application.special_conditions)
    for year, letters_of in sorted(quota_years.items()):
        parts.append(f"QUOTA OF {year}: line {', '.join(letters_of)}.")
    permit = application.import_permit
    if permit is not None and permit.number:
        where = printed_form.country(permit.country) if permit.country else ""
        day = printed_form.day_in_words(permit.date) if permit.date else ""
        parts.append("Import permit: " + ", ".join(part for part in (permit.number, where, day) if part) + ".")
    if any(line.term in LIVE_TERMS for line in application.lines):
        parts.append(LIVE_TRANSPORT)
    parts.append(MANY_CROSSINGS if kind.many_crossings else ONE_CONSIGNMENT)
    if application.form == "electronic":
        parts.append(ELECTRONIC)
    return "\n".join(parts)


def standing(sheet: Sheet) -> str:
    """The word in box 1: what this print is (Art. VI.4: copies must be marked as copies)."""
    if sheet.mark:
        return " ".join(sorted(sheet.mark))
    return ORIGINAL if sheet.application.form == "paper" else ELECTRONIC_ORIGINAL


def first_lines(sheet: Sheet) -> tuple[int, ...]:
    """For each page, the index of its first line in the application."""
    starts, index = [], 0
    for permit in sheet.permits:
        starts.append(index)
        index += len(permit.lines)
    return tuple(starts)


def blocks(sheet: Sheet) -> tuple[Mapping[str, str], ...]:
    """The text of every block, page by page; a block without text is left out."""
    pages = []
    authority = sheet.authority
    common = {
        "5": special_conditions(sheet.application, sheet.kind, sheet.replaces, sheet.quota_years),
        "6": "\n\n".join(
            (
                authority.name,
                *authority.own,
                f"{authority.address}\n{printed_form.country(authority.country)}",
            )
        ),
        "13-place": sheet.place,
        "13-name": sheet.approver,
        "number": sheet.number,
        "check": sheet.check_code,
        "address": f"https://{sheet.host}",
        "foot": f"CITES PERMIT / CERTIFICATE No. {sheet.number}",
        "kind-local": " · ".join(filter(None, (getattr(sheet.kind, each, "") for each in authority.languages))),
        "copy": standing(sheet),
    }
    for permit, first in zip(sheet.permits, first_lines(sheet), strict=True):
        page = printed_form.page_blocks(permit, sheet.application, first, sheet.zone) | common
        for row, index in zip(printed_form.ROWS, range(first, first + len(permit.lines)), strict=False):
            if index in sheet.quotas:
                page[f"11a{row}"] = sheet.quotas[index]
        if first:
            page["copy"] += " ANNEX"
        page["foot"] += f"  ·  issued {page['13']}"
        if sheet.preview:
            page = {name: text for name, text in page.items() if name not in ISSUED} | {"1": PREVIEW, "foot": NO_PERMIT}
        pages.append({name: text for name, text in page.items() if text})
    return tuple(pages)


def letters(sheet: Sheet, page: int) -> tuple[str, ...]:
    """The lines of this page (counted from 0) as block 14 names them."""
    first = first_lines(sheet)[page]
    return tuple(line_letter(first + index) for index in range(len(sheet.permits[page].lines)))
