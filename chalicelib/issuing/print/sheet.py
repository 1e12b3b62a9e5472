"""Everything that one print needs, and which text it puts in which block.

What token and record say comes from `record/block_texts.py`, block 5 from `permits/model/block_5.py`; this adds
what only the print has: authority, place, approver, quota, check code, address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from chalicelib.kernel import document_kinds
from chalicelib.permits.model.block_5 import Replaces, special_conditions
from chalicelib.record import block_texts
from chalicelib.record.permit import Application, Permit, line_letter

COPY, VOID, PRACTICE, PREVIEW = "COPY", "VOID", "PRACTICE", "PREVIEW"

ORIGINAL, ELECTRONIC_ORIGINAL = "ORIGINAL", "ELECTRONIC ORIGINAL"

ISSUED = frozenset({"13", "13-name", "number", "check", "address"})  # blocks that only what was issued has

NO_PERMIT = "PREVIEW of an application: this is NOT A PERMIT"


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
    def kind(self) -> document_kinds.Kind:
        return document_kinds.KINDS[self.permits[0].kind]


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
                f"{authority.address}\n{block_texts.country(authority.country)}",
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
        page = block_texts.page_blocks(permit, sheet.application, first, sheet.zone) | common
        for row, index in zip(block_texts.ROWS, range(first, first + len(permit.lines)), strict=False):
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
