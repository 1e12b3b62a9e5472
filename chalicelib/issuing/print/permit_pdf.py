"""Render a permit as PDF on the CITES form: a page for each code, then continuation sheets; sealed, or as a preview.

    1 underlay, then marks across the sheet   2 the face (rules, words)   3 values in their blocks
    4 strokes through what is empty   5 the code as vectors   6 microtext   7 continuation sheets
    8 attachments and metadata

A preview has no underlay, code or attachments. In the place of the code it says in words that it is no permit, and a
cross covers the places for signature and stamp.

The same sheet gives the same bytes. Sealing is a separate step (`issuing/print/seal.py`).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.issuing.print import qr_image
from chalicelib.issuing.print.continuation import add_continuation, add_ground, continuation_sheets
from chalicelib.issuing.print.form_face import INK, VALUE, Pen, add_form, add_forms, new_canvas
from chalicelib.issuing.print.seal import Attachment, describe, seal
from chalicelib.issuing.print.sheet import NO_PERMIT, IssuingOffice, Sheet, blocks, letters
from chalicelib.issuing.print.typeset import Fitted, fit, outlines, printable, width
from chalicelib.permits.model.block_5 import other_years, replaces_of
from chalicelib.permits.model.dossier import Dossier
from chalicelib.reading.form_layout import ASCENT, CURRENT, MM, Template, load
from chalicelib.record.block_texts import CODE_FILE, RECORD_FILE, ROWS
from chalicelib.record.permit import Permit, from_record, record_bytes
from chalicelib.trust.services.ports import Signer
from chalicelib.verdict.token_checks import read_own

MICROTEXT = 1.5  # points: looks like a line, legible under a lens; a copier turns it grey

LOUD = (0.72, 0.11, 0.09)

PREVIEW_SIZES = (11.0, 8.0, 8.0, 8.0)  # points: English, French, then the country's languages

MICROTEXT_LIFT = 0.3  # points from the lower edge of its form to the baseline

MICROTEXT_AT = (29.3, 93.9, 192.3, 283.3)  # mm, just under the heavy rules


def render(sheet: Sheet) -> bytes:
    """Render a sheet as PDF, without seal. A continuation sheet has the whole text of each block that is too small.

    Raises `errors.TooLarge`: a code does not fit its symbol.
    """
    template = load(CURRENT, sheet.authority.languages, sheet.authority.state)
    canvas, out = new_canvas(template)
    add_forms(canvas, template)
    _add_microtext(canvas, sheet.number)
    pages = [_fit(template, texts) for texts in blocks(sheet)]
    extra = continuation_sheets(
        sheet,
        [
            (index, name, box.text)
            for index, page in enumerate(pages)
            for name, box in page.items()
            if not box.fitted.whole
        ],
    )
    for index, page in enumerate(pages):
        if extra:
            page.update(_fit(template, {"foot": page["foot"].text + f"  ·  and {len(extra)} continuation sheet(s)"}))
        pen = Pen(canvas, template.layout["page"]["height"])
        add_ground(pen, sheet, template)  # 1
        canvas.doForm("face")  # 2
        for name, value in page.items():
            box = template.boxes[name]
            pen.block(box.x, box.y, box.w, value.fitted.lines, value.fitted.size, bold=box.bold, align=box.align)  # 3
        _tick(pen, template, sheet.kind.letter)
        _strike(pen, template, page, paper=sheet.application.form == "paper")  # 4
        _rows14(pen, template, letters(sheet, index))
        if sheet.preview:
            _no_permit(pen, template)
        else:
            _code(pen, template, sheet.qr_texts[index])  # 5
        _microtext(pen)  # 6
        canvas.showPage()
    for index, lines in enumerate(extra, 1):
        add_continuation(canvas, template, sheet, lines, f"Sheet {index} of {len(extra)}")  # 7
    if sheet.preview:
        canvas.setTitle(NO_PERMIT)
        canvas.save()
        return out.getvalue()
    files = [
        Attachment(RECORD_FILE, "application/json", sheet.record_json.encode(), "The record as submitted", "Source")
    ]
    for number, text in enumerate(sheet.qr_texts, 1):
        files.append(
            Attachment(CODE_FILE.format(page=number), "text/plain", text.encode(), f"The code of page {number}")
        )
    describe(
        canvas,
        title=f"{sheet.kind.en} {sheet.number}",
        author=sheet.authority.name,
        at=sheet.permits[0].issued_at,
        files=files,
    )  # 8
    canvas.save()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    fitted: Fitted


def _fit(template: Template, texts: Mapping[str, str]) -> dict[str, _Value]:
    values = {}
    for name, text in texts.items():
        box = template.boxes[name]
        fitted = fit(printable(text), box.w * MM, box.h * MM, box.size, box.least, bold=box.bold)
        values[name] = _Value(text, fitted)
    return values


def _tick(pen: Pen, template: Template, letter: str) -> None:
    ticks = template.layout["rules"]["ticks"]
    (x, y), side = ticks[letter], ticks["size"]
    pen.raw("q 1.1 w {} {} {} RG".format(*VALUE))
    pen.rule(x + 0.5, y + 0.5, x + side - 0.5, y + side - 0.5)
    pen.rule(x + 0.5, y + side - 0.5, x + side - 0.5, y + 0.5)
    pen.raw("Q")


def _strike(pen: Pen, template: Template, values: Mapping[str, _Value], *, paper: bool) -> None:
    """Draw a Z across rows without a line and a dash through blocks without a value, against later additions.

    Block 5b of a paper permit stays open, because the number of the security stamp may be written by hand with the
    stamp.
    """
    rows = template.layout["rows"]
    pen.raw("q 0.9 w {} {} {} RG".format(*VALUE))
    empty = [] if paper or "5b" in values else ["5b"]
    for index, row in enumerate(ROWS):
        if f"7-8{row}" in values:
            empty += [
                f"{name}{row}" for name in ("8", "9m", "9d", "11a", "12", "12a", "12b") if f"{name}{row}" not in values
            ]
            continue
        top = rows["top"] + index * rows["pitch"] + 2
        low = top + rows["pitch"] - 4
        pen.rule(11, top, 199, top)
        pen.rule(199, top, 11, low)
        pen.rule(11, low, 199, low)
    for name in empty:
        box = template.boxes[name]
        if name[:2] in ("9m", "9d") or name[0] == "8":
            continue  # one part of a block with other texts
        pen.rule(box.x + 2, box.y + box.h / 2, box.x + box.w - 2, box.y + box.h / 2)
    pen.raw("Q")


def _rows14(pen: Pen, template: Template, names: tuple[str, ...]) -> None:
    """Draw the line letters of block 14 and strike out its rows without a line.

    The officer strikes out by hand the rows of lines that were not exported.
    """
    top, pitch = 255.0, 6.65
    for index, name in enumerate(names):
        pen.line(14.2 - width(name, bold=True) * 8 / MM / 2, top + index * pitch + 1.7, name, 8, bold=True, ink=INK)
    pen.raw("q 0.9 w {} {} {} RG".format(*VALUE))
    for index in range(len(names), len(ROWS)):
        level = top + index * pitch + pitch / 2
        pen.rule(12, level, 58.5, level)
    pen.raw("Q")


def _code(pen: Pen, template: Template, text: str) -> None:
    place = template.layout["qr"]
    x, y = (place["x"] + place["box"] / 2) * MM, pen.top - (place["y"] + place["box"] / 2) * MM
    pen.raw(qr_image.operators(text, x, y, place["box"], MM))


def _no_permit(pen: Pen, template: Template) -> None:
    """Make a preview unusable: a cross over blocks 13, 14 and the places for stamps, words in place of the code."""
    place = template.layout["qr"]
    pen.raw("q 1.4 w {} {} {} RG".format(*LOUD))
    seals = [(x - r, y - r, x + r, y + r) for x, y, r in template.layout["rules"]["seals"]]
    for left, top, right, low in ((10, 193, 104, 243), (10, 251, 144, 282), (106, 193, 148, 243), *seals):
        pen.rule(left, top, right, low)
        pen.rule(left, low, right, top)
    pen.raw("Q")
    words = [("PREVIEW", 15.0), *zip(template.texts["preview"], PREVIEW_SIZES, strict=False)]
    for row, (text, size) in enumerate(words):
        spare = place["box"] - width(text, bold=True) * size / MM
        pen.line(place["x"] + spare / 2, place["y"] + 14 + row * 6, text, size, bold=True, ink=LOUD)


def _add_microtext(canvas: Any, number: str) -> None:
    """Add one line of microtext as a Form XObject, in outlines, which screen readers, search and copying ignore."""
    unit = f"{number} TAMGA "
    path, wide = outlines(unit)
    size, length = MICROTEXT / 1000, 191.5 * MM
    count, spare = divmod(length / size, wide)
    rest = next(end for end in range(len(unit), -1, -1) if outlines(unit[:end])[1] <= spare)
    head = f"{size:.4f} 0 0 {size:.4f} 0 {MICROTEXT_LIFT} cm {{}} {{}} {{}} rg".format(*INK)
    content = "\n".join([head, *[f"{path}\n1 0 0 1 {wide} 0 cm"] * int(count), outlines(unit[:rest])[0]])
    add_form(canvas, "microtext", zlib.compress(content.encode("ascii"), 9), length, 1.5 * MICROTEXT)


def _microtext(pen: Pen) -> None:
    for y in MICROTEXT_AT:
        base = pen.top - (y - 0.15) * MM - ASCENT * MICROTEXT - MICROTEXT_LIFT
        pen.raw(f"/Artifact BMC q 1 0 0 1 {9.3 * MM:.2f} {base:.2f} cm")
        pen.canvas.doForm("microtext")
        pen.raw("Q EMC")


def sheet_of(dossier: Dossier, replaced: Dossier | None, marks: frozenset[str], office: IssuingOffice) -> Sheet:
    """Collect the values that the print of an issued dossier needs. `replaced`: the permit that it replaces."""
    stage = office.stage
    return Sheet(
        application=from_record(dossier.record),
        permits=tuple(read_own(text) for text in dossier.tokens),
        qr_texts=dossier.tokens,
        check_code=dossier.check_code or "",
        host=stage.host,
        authority=office.authority,
        place=office.place,
        approver=dossier.approval.printed if dossier.approval else "",
        zone=ZoneInfo(stage.zone),
        record_json=record_bytes(dossier.record).decode(),
        quotas=_box_11a(dossier),
        quota_years=other_years(dossier, stage),
        replaces=replaces_of(dossier, stage) if replaced is not None else None,
        mark=marks,
    )


def _box_11a(dossier: Dossier) -> dict[int, str]:
    """Block 11a by line: total and quota. Of several quotas it is the narrowest, which is first in `draws`."""
    return {draw.line: draw.printed for draw in reversed(dossier.draws)}


def printer(
    office: IssuingOffice, *, sealer: Callable[[], tuple[Signer, bytes]], clock: Callable[[], int]
) -> Callable[[Dossier, Dossier | None, frozenset[str]], bytes]:
    """Make the renderer for `print_permit.make`, with seal. `sealer`: the current `pdf` key and its certificate."""

    def made(dossier: Dossier, replaced: Dossier | None, marks: frozenset[str]) -> bytes:
        sheet = sheet_of(dossier, replaced, marks, office)
        now = datetime.fromtimestamp(clock(), UTC)
        signer, certificate = sealer()
        return seal(render(sheet), signer, certificate, now=now, location=office.place)

    return made


def previewer(
    office: IssuingOffice,
) -> Callable[[Dossier, Dossier | None, frozenset[str], tuple[Permit, ...]], bytes]:
    """Make the renderer for `print_permit.preview`, without seal. `pages`: the claims that the tokens would have."""

    def made(dossier: Dossier, replaced: Dossier | None, marks: frozenset[str], pages: tuple[Permit, ...]) -> bytes:
        sheet = sheet_of(dossier, replaced, marks, office)
        return render(replace(sheet, permits=pages))

    return made
