"""Input of one print, and the text of each block.

Texts of token and record come from `record/block_texts.py`, block 5 from `permits/model/block_5.py`. This module adds
the texts that only the print has: authority, place, approver, quota, check code, address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from chalicelib.kernel import document_kinds
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.block_5 import Replaces, special_conditions
from chalicelib.record import block_texts
from chalicelib.record.permit import Application, Permit, line_letter

COPY, VOID, PRACTICE, PREVIEW = "COPY", "VOID", "PRACTICE", "PREVIEW"

ORIGINAL, ELECTRONIC_ORIGINAL = "ORIGINAL", "ELECTRONIC ORIGINAL"

ISSUED = frozenset({"13", "13-name", "number", "check", "address"})  # blocks that a preview does not have

NO_PERMIT = "PREVIEW of an application: this is NOT A PERMIT"


@dataclass(frozen=True, slots=True)
class Authority:
    """Management Authority as printed in block 6, and the head of the form.

    `languages`: the country's languages, also of the form's labels. `own`: the authority's name in those.
    `state`: the country's name in the head of the form, in English and then in those.
    """

    name: str
    own: tuple[str, ...]
    address: str
    country: str
    languages: tuple[str, ...]
    state: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssuingOffice:
    """Where permits are issued: the installation, its authority, and the place of issue that block 13 prints."""

    stage: Stage
    authority: Authority
    place: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to print.

    `permits`, `qr_texts`: one a page, in order. `zone`: the Party's time zone.
    `quotas`: block 11a by line (counted from 0), for example `12 / 40 (2026)`.
    `quota_years`: for block 5, each quota year other than that of issue, with the letters of its lines.
    `mark`: COPY, VOID, PRACTICE, PREVIEW across the sheet. `record_json`: RFC 8785 text of the record, attached as is.
    With PREVIEW the print has no code, number or day of issue. It then shows neither `check_code` nor `approver`, and
    `qr_texts` and `record_json` are not read.
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


def copy_label(sheet: Sheet) -> str:
    """The word in box 1, for example ORIGINAL or COPY (Art. VI.4: copies must be marked as copies)."""
    if sheet.mark:
        return " ".join(sorted(sheet.mark))
    return ORIGINAL if sheet.application.form == "paper" else ELECTRONIC_ORIGINAL


def first_lines(sheet: Sheet) -> tuple[int, ...]:
    """Index in the application of the first line of each page."""
    starts, index = [], 0
    for permit in sheet.permits:
        starts.append(index)
        index += len(permit.lines)
    return tuple(starts)


def blocks(sheet: Sheet) -> tuple[Mapping[str, str], ...]:
    """Text of every block, page by page. Blocks without text are left out."""
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
        "copy": copy_label(sheet),
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
    """Letters of the lines of this page (counted from 0), as in block 14."""
    first = first_lines(sheet)[page]
    return tuple(line_letter(first + index) for index in range(len(sheet.permits[page].lines)))
