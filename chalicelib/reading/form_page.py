"""What stands in the blocks of one page of our form, as an eye would see it, and what is laid over them.

1. The page is our form if its own words stand where they should, at one scale (re-saving may shrink and move it).
2. A character counts if it can be seen: not in an invisible mode, not white, not transparent, not tiny.
3. It belongs to the block that holds its centre; blocks are read from the top left, whatever order the file has.
4. What stands between the blocks must be made of one country's own letters; more of them is something added.
5. Annotations, images, shadings, filled and crooked shapes on a block are laid over it, and so are letters for which
   the file gives other words (/ActualText). Of the form's own drawing only pale ornaments below the values, long
   rules and straight strokes through empty blocks cross a block.

A font may draw another letter than it says it does, so equal text proves nothing: it is only ever a reason for doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from chalicelib.reading import glyphs
from chalicelib.reading.drawing import Mark, marks
from chalicelib.reading.glyphs import Glyph
from chalicelib.reading.layout import BANDS, FORM_END, HAND, UNRULED, FormLayout, Rect, band_at, counted, form_layout

MM = 72 / 25.4
APART = 1.2  # mm that a label may be off
LEAST_HEIGHT = 2.2  # points of a letter's line; the form's smallest words have 3, its microtext 1.5
ANCHORS_NEEDED = 4
EDGE = 0.4  # mm by which a shape may reach into a block
LONG = 10.0  # mm: a rule; digits are drawn with shorter strokes
THIN = 1.6  # points
EMPTY = 2  # bytes of an empty text in UTF-16
PALE = 0.6  # luminance of the underlay and of marks across the sheet, at least
OUTLINE_OFF = 0.35  # of the letters' height: how far the control points of a bold outline may reach beyond its text
OUTLINE_WIDTH = 0.06  # of the letters' height; the form's bold is 0.03 of the size
BACKGROUND = 0.5  # share of the page: a painted background, if it lies below everything


@dataclass(frozen=True, slots=True)
class FormPage:
    """`blocks`: name -> text, "" where nothing can be seen. `overlaid`: blocks 1-13 and bands (document.py)."""

    blocks: Mapping[str, str]
    overlaid: frozenset[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """From page space (points, bottom left) to the form's mm."""

    scale: float  # mm a point
    x: float
    y: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.x + x * self.scale, self.y - y * self.scale

    def rect(self, box: tuple[float, float, float, float]) -> Rect:
        left, bottom, right, top = box
        x1, y1 = self.at(left, top)
        x2, y2 = self.at(right, bottom)
        return Rect(x1, y1, x2, y2)


def read_form(page: Any) -> FormPage | None:
    """The blocks of a pypdfium2 page; None if the page is not our form or has no text layer.

    Raises `Refused` for more text or drawing than any form has.
    """
    layout = form_layout()
    seen = list(glyphs.read(page))  # 2
    frame = _frame(seen, layout)  # 1
    if frame is None:
        return None
    least = LEAST_HEIGHT / (frame.scale * MM)
    inside: dict[str, list[Glyph]] = {name: [] for name in layout.blocks}
    between: dict[str, Counter[str]] = {name: Counter() for name, _ in BANDS}
    for glyph in seen:
        if glyph.height < least:
            continue
        x, y = frame.at(glyph.x, glyph.y)
        name = layout.block_at(x, y)
        if name is not None:  # 3
            inside[name].append(glyph)
        elif counted(glyph.char) and (band := band_at(y)) is not None:
            between[band][glyph.char] += 1
    added = [{band for band, found in between.items() if found - own[band]} for own in layout.letters]
    overlaid = min(added, key=len)  # 4
    overlaid |= _covered(marks(page), frame, layout, page)  # 5
    return FormPage({name: _text(found) for name, found in inside.items()}, frozenset(overlaid))


def _frame(seen: list[Glyph], layout: FormLayout) -> Frame | None:
    """The place and scale of the form on the page, from the outermost words that were found."""
    text = "".join(glyph.char for glyph in seen)
    found = []
    for anchor in layout.anchors:
        at = text.find(anchor.text)
        if at >= 0:
            found.append((anchor, seen[at]))
    if len(found) < ANCHORS_NEEDED:
        return None
    (one, first), (two, last) = found[0], found[-1]
    low, high = min(found, key=lambda f: f[0].x), max(found, key=lambda f: f[0].x)
    down, across = last.base - first.base, high[1].left - low[1].left
    if down >= 0 or across <= 0:
        return None
    scale = (two.y - one.y) / -down
    if abs(scale * across - (high[0].x - low[0].x)) > 2 * APART:
        return None
    frame = Frame(scale, low[0].x - low[1].left * scale, one.y + first.base * scale)
    good = 0
    for anchor, glyph in found:
        x, y = frame.at(glyph.left, glyph.base)
        good += abs(x - anchor.x) <= APART and abs(y - anchor.y) <= APART
    return frame if good >= ANCHORS_NEEDED else None


def _text(found: list[Glyph]) -> str:
    """The characters in the order of reading: lines from the top, each from the left, with blanks where gaps are."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(found, key=lambda glyph: -glyph.base):
        if lines and lines[-1][0].base - glyph.base < 0.35 * max(glyph.height, lines[-1][0].height):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return "\n".join(_line(sorted(line, key=lambda glyph: glyph.left)) for line in lines)


def _line(line: list[Glyph]) -> str:
    out, end = "", line[0].left
    for glyph in line:
        out += (" " if glyph.left - end > 0.12 * glyph.height else "") + glyph.char
        end = glyph.right
    return out


def _covered(drawn: Iterable[Mark], frame: Frame, layout: FormLayout, page: Any) -> set[str]:
    """The blocks 1-13 that something lies on."""
    ruled = {name: rect for name, rect in layout.blocks.items() if name not in HAND | UNRULED}
    covered: set[str] = set()
    values = False  # whether a value has been written yet: what comes before lies below
    area = layout.width * layout.height
    last: Mark | None = None
    for mark in drawn:
        rect = frame.rect(mark.box)
        if rect.top > FORM_END:
            continue
        if mark.kind == "text":
            x, y = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
            values = values or any(block.holds(x, y) for block in ruled.values())
            last = mark
            if mark.spoken_for:
                hit = {name for name, block in ruled.items() if block.meets(rect, EDGE)}
                covered |= hit or {band for band in (band_at(y),) if band is not None}
            continue
        if last is not None and _outlines(mark, last):
            continue
        hit = {name for name, block in ruled.items() if block.meets(rect, EDGE)}
        if hit and not _ours(mark, rect, frame, area, values=values):
            covered |= hit
    for box in _annotations(page):
        rect = frame.rect(box)
        covered |= {name for name, block in ruled.items() if block.meets(rect, 0)}
    return covered


def _outlines(mark: Mark, text: Mark) -> bool:
    """Whether a stroke is the bold outline of the text just written, as some programs write it."""
    height = text.box[3] - text.box[1]
    near = all(abs(a - b) <= OUTLINE_OFF * height for a, b in zip(mark.box, text.box, strict=True))
    return mark.kind == "stroke" and near and mark.width <= OUTLINE_WIDTH * height


def _ours(mark: Mark, rect: Rect, frame: Frame, area: float, *, values: bool) -> bool:
    """Whether the form's own drawing looks like that."""
    if mark.kind != "stroke":
        large = (rect.right - rect.left) * (rect.bottom - rect.top) > BACKGROUND * area
        return mark.clear or (large and not values)
    length = max(rect.right - rect.left, rect.bottom - rect.top)
    if length < LONG and not (mark.luminance >= PALE and not values):
        return mark.clear
    if values:
        return mark.segments <= 2 and mark.width * frame.scale * MM <= THIN
    return mark.segments <= 2 or mark.luminance >= PALE


def _annotations(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """Rectangles of the annotations that can be seen; a link without an appearance cannot."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            rect = raw.FS_RECTF()
            if not raw.FPDFAnnot_GetRect(annotation, rect):
                continue
            left, right = sorted((rect.left, rect.right))
            bottom, top = sorted((rect.bottom, rect.top))
            bare = raw.FPDFAnnot_GetSubtype(annotation) in {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}
            appearance = raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0)
            if right > left and top > bottom and (appearance > EMPTY or not bare):
                yield left, bottom, right, top
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
