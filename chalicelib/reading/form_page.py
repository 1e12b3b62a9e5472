"""Reader of one page of our form: the visible text of its blocks, and signs that the page was altered.

1 the page is our form if the form's own words are in their places, at one scale (re-saving may shrink and move it)
2 a character counts if it is visible: not in an invisible mode, not white, not transparent, not tiny, and not in the
  colour of a stamp
3 a character belongs to the block that contains its centre; blocks are read from the top left, in any order of the file
4 a block is altered if paint covers its letters or adds to them (reading/drawing.py). It is altered too if the file
  gives other words for them (/ActualText). A band of the form is altered if its words are not those of one country's
  form: more letters, or a label out of place
5 a block is overlaid by annotations, images, shadings, filled or curved shapes, and letters in a colour. The form's own
  drawing crosses a block only with pale ornaments below the values, long rules, and straight strokes through empty
  blocks. An overlay alone accuses nobody: a highlighter makes one too

A font may draw another letter than its text names. So equal text proves nothing, but different text is a reason for
doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image
from pypdfium2 import raw

from chalicelib.reading import drawing
from chalicelib.reading.drawing import (
    INSET,
    SCALE,
    VISIBLE_CONTRAST,
    VISIBLE_CONTRAST_LABEL,
    Glyph,
    Ink,
    Letters,
    Mark,
    MarkKind,
    marks,
    on_paper,
    painted,
)
from chalicelib.reading.form_layout import (
    BANDS,
    FORM_END,
    HANDWRITTEN,
    MM,
    FormLayout,
    Label,
    Rect,
    band_at,
    counted,
    form_layout,
    framed,
)
from chalicelib.verdict.file_checks import RECORD_BLOCKS, SIGNED_BLOCKS

APART = 1.2  # mm that a label may be out of place

LEAST_HEIGHT = 2.2  # points, height of a line; the form's smallest words have 3, its microtext 1.5

ANCHORS_NEEDED = 4

EDGE = 0.4  # mm by which a shape may reach into a block

LONG = 10.0  # mm, least length of a rule; digits are drawn with shorter strokes

THIN = 1.6  # points

EMPTY = 2  # bytes of an empty text in UTF-16

PALE = 0.6  # least luminance of the underlay and of marks across the sheet

OUTLINE_OFF = 0.35  # share of the letters' height by which control points of a bold outline may exceed its text

OUTLINE_WIDTH = 0.06  # share of the letters' height; the form's bold has 0.03 of the size

LIKE = 0.3  # share of the form's letters that may be missing in a picture of it

COMPARED = frozenset(SIGNED_BLOCKS + RECORD_BLOCKS) - HANDWRITTEN

BACKGROUND = 0.5  # share of the page above which a shape below all values is a painted background


@dataclass(frozen=True, slots=True)
class Frame:
    """Transformation from page space (points, origin bottom left) to millimetres of the form."""

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

    def box(self, rect: Rect, inset: float) -> tuple[float, float, float, float]:
        """The rectangle made smaller by `inset` mm on each side, in page space: left, bottom, right, top."""
        xs = [(x - self.x) / self.scale for x in (rect.left + inset, rect.right - inset)]
        ys = [(self.y - y) / self.scale for y in (rect.bottom - inset, rect.top + inset)]
        return xs[0], ys[0], xs[1], ys[1]


@dataclass(frozen=True, slots=True)
class Reference:
    """The letters that a page should show. `words`: band -> the form's own letters in it."""

    frame: Frame
    layout: FormLayout
    letters: Letters
    inside: Mapping[str, Sequence[Glyph]]
    words: Mapping[str, Sequence[Glyph]]

    def altered(self, shown: Image.Image) -> set[str]:
        """Signed blocks whose letters `shown` covers or adds to, and bands whose printed words it covers."""
        ink = Ink(self.letters, shown)
        found = {band for band, words in self.words.items() if ink.covered(words, VISIBLE_CONTRAST_LABEL)}
        for name in COMPARED:
            within, inside = self.layout.blocks[name], self.inside[name]
            if inside and (ink.covered(inside, VISIBLE_CONTRAST) or ink.added(inside, self.frame.box(within, INSET))):
                found.add(name)
        return found

    def crop(self, picture: Image.Image, block: Rect) -> bool:
        """True if a picture of this size, black where nothing is, has anything in the block."""
        return picture.crop(self.letters.scale.box(*self.frame.box(block, 0))).getbbox() is not None

    def shown_in(self, shown: Image.Image) -> bool:
        """True if a picture of the same size shows most of the form's own words."""
        words = [glyph for band in self.words.values() for glyph in band]
        return Ink(self.letters, shown).covered(words, VISIBLE_CONTRAST_LABEL) < LIKE * len(words)


@dataclass(frozen=True, slots=True)
class FormPage:
    """Findings about one page of the form.

    `blocks`: name -> visible text, "" if nothing is visible. `altered`, `overlaid`: as in verdict/file_findings.py.
    """

    blocks: Mapping[str, str]
    altered: frozenset[str]
    overlaid: frozenset[str]
    reference: Reference


def read_form(page: Any, shown: Image.Image | None = None, scale: float = SCALE) -> FormPage | None:
    """Read the blocks of a pypdfium2 page, or return None if it is not our form or has no text layer.

    Do not use the page afterwards, because reading changes it. `shown`: the page as a viewer shows it, in grey, painted
    at `scale` (pixels a point) and reduced by two. Without it the page is painted here. Raises `Refused` for more text
    or drawing than any form has.
    """
    layout = form_layout()
    seen = list(drawing.read(page))  # 2
    frame = _frame(seen, layout)  # 1
    if frame is None:
        return None
    least = LEAST_HEIGHT / (frame.scale * MM)
    inside: dict[str, list[Glyph]] = {name: [] for name in layout.blocks}
    between: dict[str, list[Glyph]] = {name: [] for name, _ in BANDS}
    for glyph in seen:
        if glyph.height < least:
            continue
        x, y = frame.at(glyph.x, glyph.y)
        name = layout.block_at(x, y)
        if name is not None:  # 3
            inside[name].append(glyph)
        elif framed(x, y) and (band := band_at(y)) is not None:
            between[band].append(glyph)
    drawn = list(marks(page))
    altered = _other_words(between, layout) | _labels_moved(seen, frame, layout)  # 4
    altered |= _spoken_for(drawn, frame, layout) | _fields(page, frame, layout, inside)
    overlaid = _covered(drawn, frame, layout, page)  # 5
    looks = [shown or painted(page, scale), *on_paper(page, scale)]
    reference = Reference(frame, layout, Letters(page, scale), inside, between)
    altered = altered.union(*(reference.altered(look) for look in looks))
    blocks = {name: _text(found) for name, found in inside.items()}
    return FormPage(blocks, frozenset(altered), frozenset(overlaid), reference)


def _other_words(between: Mapping[str, Sequence[Glyph]], layout: FormLayout) -> set[str]:
    """Bands with more letters between the blocks than the form of any country has there."""
    found = {band: Counter(glyph.char for glyph in inside if counted(glyph.char)) for band, inside in between.items()}
    return min(({band for band, more in found.items() if more - own[band]} for own in layout.letters), key=len)


def _labels_moved(seen: Sequence[Glyph], frame: Frame, layout: FormLayout) -> set[str]:
    """Bands in which an English label of the form is not in its place."""
    text = "".join(glyph.char for glyph in seen)
    return {
        label.band
        for label in layout.labels
        if not all(_stands(part, label, text, seen, frame) for part in label.parts)
    }


def _stands(part: str, label: Label, text: str, seen: Sequence[Glyph], frame: Frame) -> bool:
    at = text.find(part)
    while at >= 0:
        x, y = frame.at(seen[at].left, seen[at].base)
        if label.left <= x <= label.right and label.top <= y <= label.bottom:
            return True
        at = text.find(part, at + 1)
    return False


def _fields(page: Any, frame: Frame, layout: FormLayout, inside: Mapping[str, Sequence[Glyph]]) -> set[str]:
    """Signed blocks whose letters lie under a form field, because viewers show fields in different ways."""
    rects = [frame.rect(box) for box in _annotations(page, fields=True)]
    return {name for name in COMPARED if inside[name] and any(layout.blocks[name].meets(rect, 0) for rect in rects)}


def _spoken_for(drawn: Iterable[Mark], frame: Frame, layout: FormLayout) -> set[str]:
    """Blocks and bands with letters for which the file gives other words (/ActualText)."""
    found: set[str] = set()
    for mark in drawn:
        rect = frame.rect(mark.box)
        if mark.has_actual_text and rect.top <= FORM_END:
            hit = {name for name, block in layout.ruled.items() if block.meets(rect, EDGE)}
            found |= hit or {band for band in (band_at((rect.top + rect.bottom) / 2),) if band is not None}
    return found


def _frame(seen: list[Glyph], layout: FormLayout) -> Frame | None:
    """Place and scale of the form on the page, from the outermost words found, or None if too few are in place."""
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
    """The characters in reading order: lines from the top, each from the left, with a space for each gap."""
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
    """Blocks 1-13 with something laid over them."""
    ruled = layout.ruled
    covered: set[str] = set()
    values = False  # True once a value is written: marks before it lie below the values
    area = layout.width * layout.height
    last: Mark | None = None
    for mark in drawn:
        rect = frame.rect(mark.box)
        if rect.top > FORM_END:
            continue
        if mark.kind == MarkKind.TEXT:
            x, y = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
            values = values or any(block.holds(x, y) for block in ruled.values())
            last = mark
            if mark.coloured:
                covered |= {name for name, block in ruled.items() if block.meets(rect, EDGE)}
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
    """True if a stroke is the bold outline of the text before it, as some programs write it."""
    height = text.box[3] - text.box[1]
    near = all(abs(a - b) <= OUTLINE_OFF * height for a, b in zip(mark.box, text.box, strict=True))
    return mark.kind == MarkKind.STROKE and near and mark.width <= OUTLINE_WIDTH * height


def _ours(mark: Mark, rect: Rect, frame: Frame, area: float, *, values: bool) -> bool:
    """True if the mark looks like a part of the form's own drawing, also if it paints nothing and is no long stroke."""
    if mark.kind != MarkKind.STROKE:
        large = (rect.right - rect.left) * (rect.bottom - rect.top) > BACKGROUND * area
        return mark.invisible or (large and not values)
    length = max(rect.right - rect.left, rect.bottom - rect.top)
    if length < LONG and not (mark.luminance >= PALE and not values):
        return mark.invisible
    if values:
        return mark.segments <= 2 and mark.width * frame.scale * MM <= THIN
    return mark.segments <= 2 or mark.luminance >= PALE


def _annotations(page: Any, *, fields: bool = False) -> Iterator[tuple[float, float, float, float]]:
    """Rectangles of visible annotations, or of form fields only. A link without an appearance is not visible."""
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
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if fields and kind != raw.FPDF_ANNOT_WIDGET:
                continue
            bare = kind in {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}
            appearance = raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0)
            if right > left and top > bottom and (appearance > EMPTY or not bare):
                yield left, bottom, right, top
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
