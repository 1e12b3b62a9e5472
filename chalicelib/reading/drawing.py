"""Drawing of a PDF page: visible characters, painted objects in order, and differences between text and picture.

Characters (`read`): the characters that a page shows, with place and size, if an eye reads them as printed.

Objects (`marks`): texts, images, shadings, filled and stroked shapes, in the order in which they are painted.

Differences (`Letters`, `Ink`): letters that paint covers, and ink that was added to letters. A page is painted twice,
as a viewer shows it, and with its visible letters only, black on white. The cause of the paint (alpha, blend modes,
clips, dashes, order, images) does not matter, because only the visible result is compared.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from ctypes import c_int
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from PIL import Image, ImageChops
from pypdfium2 import raw

from chalicelib.reading.limits import CHARACTERS, DEPTH, OBJECTS, Refused

INVISIBLE_MODES = frozenset({3, 7})  # ISO 32000-1, table 106: neither fill nor stroke; clip only

STROKED_MODES = frozenset({1, 2, 5, 6})

FILLED_MODES = frozenset({0, 2, 4, 6})

WHITE = 0.9  # luminance from which a letter is unreadable on paper

COLOURED = 115  # of 255: strongest minus weakest of red, green and blue; below 60 in the letters of the form

CLEAR = 40  # alpha (of 255) up to which a letter is unreadable

HYPHENS = {"\x02": "-", "\N{SOFT HYPHEN}": "-"}  # PDFium returns these for a hyphen at the end of a line

SMALLEST = 1.0  # points, font size below which text is unreadable and not examined further

UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class Glyph(NamedTuple):
    """One visible character, in points of page space.

    `x`, `y`: centre of its ink. `left`, `right`: position of the pen before and after it. `base`: its baseline.
    `height`: height of its line.
    """

    char: str
    x: float
    y: float
    left: float
    right: float
    base: float
    height: float


def read(page: Any) -> Iterator[Glyph]:
    """Visible characters of a pypdfium2 page in the order of the file, without white space.

    Raises `Refused` for more characters than any form has.
    """
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > CHARACTERS:
            raise Refused("too-large")
        yield from _glyphs(text.raw, count)
    finally:
        text.close()


def _glyphs(text: Any, count: int) -> Iterator[Glyph]:
    looks: dict[int | None, bool] = {}
    loose = raw.FS_RECTF()
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else UNREADABLE
        if char.isspace():
            continue
        drawn = raw.FPDFText_GetTextObject(text, index)
        address = ctypes.cast(drawn, ctypes.c_void_p).value
        if address not in looks:
            looks[address] = not drawn or visible(drawn)
        if not looks[address]:
            continue
        raw.FPDFText_GetLooseCharBox(text, index, loose)
        raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        yield Glyph(
            HYPHENS.get(char, char),
            (left.value + right.value) / 2,
            (bottom.value + top.value) / 2,
            loose.left,
            loose.right,
            y.value,
            abs(loose.top - loose.bottom),
        )


def visible(drawn: Any) -> bool:
    """True if an eye reads the letters of a text object as printed, not as a stamp in its own colour."""
    size = ctypes.c_float()
    matrix = raw.FS_MATRIX()
    if raw.FPDFTextObj_GetFontSize(drawn, size) and raw.FPDFPageObj_GetMatrix(drawn, matrix):
        scale = max(abs(matrix.c), abs(matrix.d))
        if abs(size.value) * scale < SMALLEST and abs(size.value) * scale > 0:
            return False
    mode = raw.FPDFTextObj_GetTextRenderMode(drawn)
    if mode in INVISIBLE_MODES:
        return False
    filled = mode not in STROKED_MODES or mode in FILLED_MODES
    if filled and _printed(raw.FPDFPageObj_GetFillColor, drawn):
        return True
    return mode in STROKED_MODES and _printed(raw.FPDFPageObj_GetStrokeColor, drawn)


def _printed(get: Any, drawn: Any) -> bool:
    colour = _text_colour(get, drawn)
    if colour is None:
        return True  # a pattern may be visible
    *shades, alpha = colour
    return alpha > CLEAR and luminance(*shades) < WHITE and max(shades) - min(shades) < COLOURED


def coloured(drawn: Any) -> bool:
    """True if a text object is visible and has a colour that the form's letters never have."""
    colour = _text_colour(raw.FPDFPageObj_GetFillColor, drawn)
    if colour is None or raw.FPDFTextObj_GetTextRenderMode(drawn) in INVISIBLE_MODES:
        return False
    *shades, alpha = colour
    return alpha > CLEAR and max(shades) - min(shades) >= COLOURED


def _text_colour(get: Any, drawn: Any) -> tuple[int, int, int, int] | None:
    """Red, green, blue and alpha (0-255), or None for a pattern."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get(drawn, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value, alpha.value


def luminance(red: int, green: int, blue: int) -> float:
    """Luminance from 0 (black) to 1 (white), by ITU-R BT.601."""
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


Matrix = tuple[float, float, float, float, float, float]

Box = tuple[float, float, float, float]

ACTUAL_TEXT = "ActualText"  # ISO 32000-1, 14.9.4: words in place of the letters that are painted

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)

CLIP_POINTS = 64  # points of a clip path; a longer path is ignored. A rectangle has five


class MarkKind(StrEnum):
    """What a painted object is."""

    TEXT = "text"
    IMAGE = "image"
    SHADING = "shading"
    FILL = "fill"
    STROKE = "stroke"


@dataclass(frozen=True, slots=True)
class Mark:
    """One painted object.

    - `box`: left, bottom, right, top in page space.
    - `width`, `luminance`, `segments`: width (points), luminance and number of segments of a stroke.
    - `invisible`: it paints nothing.
    - `has_actual_text`: a text for which the file gives other words, which PDFium returns instead of its letters.
    - `coloured`: a text in a colour that the form's letters never have.
    """

    kind: MarkKind
    box: Box
    width: float = 0.0
    luminance: float = 0.0
    segments: int = 0
    invisible: bool = False
    has_actual_text: bool = False
    coloured: bool = False


def marks(page: Any) -> Iterator[Mark]:
    """All objects of a pypdfium2 page, including those inside forms. Raises `Refused` if too many or too deep."""
    for drawn, kind, matrix in objects(page):
        yield _mark(drawn, kind, matrix)


def objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """PDFium's handle of each object, its FPDF_PAGEOBJ_ kind, and the matrix from its space to the page's.

    Forms are replaced by the objects inside them. Raises `Refused` if there are too many objects or levels.
    """
    left = [OBJECTS]
    yield from _walk(
        lambda index: raw.FPDFPage_GetObject(page, index), raw.FPDFPage_CountObjects(page), IDENTITY, 0, left
    )


def _walk(
    get: Callable[[int], Any], count: int, matrix: Matrix, depth: int, left: list[int]
) -> Iterator[tuple[Any, int, Matrix]]:
    if depth > DEPTH or count > left[0]:
        raise Refused("too-large")
    left[0] -= count
    for index in range(count):
        drawn = get(index)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            inner = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(drawn, inner)
            below = _compose((inner.a, inner.b, inner.c, inner.d, inner.e, inner.f), matrix)
            yield from _walk(
                lambda at, form=drawn: raw.FPDFFormObj_GetObject(form, at),  # type: ignore[misc]
                raw.FPDFFormObj_CountObjects(drawn),
                below,
                depth + 1,
                left,
            )
        else:
            yield drawn, kind, matrix


def _mark(drawn: Any, kind: int, matrix: Matrix) -> Mark:
    box = _box(drawn, matrix)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        return Mark(MarkKind.TEXT, box, has_actual_text=_spoken_for(drawn), coloured=coloured(drawn))
    if kind != raw.FPDF_PAGEOBJ_PATH:
        return Mark(MarkKind.IMAGE if kind == raw.FPDF_PAGEOBJ_IMAGE else MarkKind.SHADING, box)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
    shade, seen = _colour(raw.FPDFPageObj_GetFillColor, drawn)
    if fill.value and seen:
        return Mark(MarkKind.FILL, box, luminance=shade)
    if not stroke.value:
        return Mark(MarkKind.FILL, box, invisible=True)
    shade, seen = _colour(raw.FPDFPageObj_GetStrokeColor, drawn)
    width = ctypes.c_float()
    raw.FPDFPageObj_GetStrokeWidth(drawn, width)
    scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
    own = raw.FS_MATRIX()
    if raw.FPDFPageObj_GetMatrix(drawn, own):
        scale *= abs(own.a * own.d - own.b * own.c) ** 0.5
    return Mark(MarkKind.STROKE, box, width.value * scale, shade, raw.FPDFPath_CountSegments(drawn), invisible=not seen)


def _spoken_for(drawn: Any) -> bool:
    name = (ctypes.c_ushort * 16)()
    size = ctypes.c_ulong()
    for at in range(min(raw.FPDFPageObj_CountMarks(drawn), DEPTH)):
        mark = raw.FPDFPageObj_GetMark(drawn, at)
        for parameter in range(min(raw.FPDFPageObjMark_CountParams(mark), DEPTH)):
            raw.FPDFPageObjMark_GetParamKey(mark, parameter, name, ctypes.sizeof(name), size)
            if bytes(name)[: 2 * len(ACTUAL_TEXT)].decode("utf-16-le", "replace") == ACTUAL_TEXT:
                return True
    return False


def _colour(get: Any, drawn: Any) -> tuple[float, bool]:
    """Luminance, and True if the colour is visible. A pattern counts as visible black."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get(drawn, red, green, blue, alpha):
        return 0.0, True
    return luminance(red.value, green.value, blue.value), alpha.value > 0


def _box(drawn: Any, matrix: Matrix) -> Box:
    """The area that an object can paint: its bounds within the bounds of its clip."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
    box = left.value, bottom.value, right.value, top.value
    clip = _clip(drawn)
    if clip is not None:
        low, high = (max(box[0], clip[0]), max(box[1], clip[1])), (min(box[2], clip[2]), min(box[3], clip[3]))
        box = *low, max(low[0], high[0]), max(low[1], high[1])
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _clip(drawn: Any) -> Box | None:
    """Bounds of the clip in the object's own content stream: the intersection of its paths."""
    path = raw.FPDFPageObj_GetClipPath(drawn)
    count = raw.FPDFClipPath_CountPaths(path) if path else 0
    found: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(count, DEPTH)):
        xs, ys = [], []
        points = raw.FPDFClipPath_CountPathSegments(path, index)
        for at in range(points if points <= CLIP_POINTS else 0):
            segment = raw.FPDFClipPath_GetPathSegment(path, index, at)
            if segment and raw.FPDFPathSegment_GetPoint(segment, x, y):
                xs.append(x.value)
                ys.append(y.value)
        if xs:
            box = min(xs), min(ys), max(xs), max(ys)
            found = (
                box
                if found is None
                else (max(found[0], box[0]), max(found[1], box[1]), min(found[2], box[2]), min(found[3], box[3]))
            )
    return found


def _compose(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer` (ISO 32000-1, 8.3.3)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


SCALE = 200 / 72  # pixels a point; pictures are then reduced by two, because PDFium puts letters on whole pixels

NEAR = 4  # pixels (1 mm) around a letter in which its paper is looked for

VISIBLE_CONTRAST = 50  # grey levels (of 255): a visible letter is darker than its paper by at least this much

VISIBLE_CONTRAST_LABEL = 25  # the same for the form's own words, which are lighter

ADDED = 100  # grey levels by which added ink is darker than its paper; the underlay and COPY stay below 40

COVERED = 0.15  # share of a letter's ink that is missing: without a part, an 8 becomes a 3

LEAST_INK = 3  # missing pixels of a letter; fewer prove nothing

LEAST_ADDED = 4  # pixels: the thinnest stroke of a digit has more

REACH = 1.2  # line heights beside a text: an added digit up to this distance would be read with it

INSET = 0.5  # mm from the edge of a block, where rules are


@dataclass(frozen=True, slots=True)
class Scale:
    """Transformation from page space (points) to pixels of a picture, as PDFium paints it (crop box, rotation)."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @classmethod
    def of(cls, page: Any, size: tuple[int, int]) -> Scale:
        """The transformation for pictures of this size."""
        fine = 64
        origin, right, up = (_device(page, size, fine, *point) for point in ((0, 0), (1000, 0), (0, 1000)))
        unit = 1000 * fine
        return cls(
            (right[0] - origin[0]) / unit,
            (right[1] - origin[1]) / unit,
            (up[0] - origin[0]) / unit,
            (up[1] - origin[1]) / unit,
            origin[0] / fine,
            origin[1] / fine,
        )

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[int, int, int, int]:
        """The pixels that a rectangle covers: left, upper, right, lower."""
        xs = [self.a * x + self.c * y + self.e for x in (left, right) for y in (bottom, top)]
        ys = [self.b * x + self.d * y + self.f for x in (left, right) for y in (bottom, top)]
        return int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1


def painted(page: Any, scale: float) -> Image.Image:
    """The page as a viewer shows it: in grey, with annotations and fields, painted at `scale` and reduced by two."""
    picture: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil()
    return picture.reduce(2)


def on_paper(page: Any, scale: float) -> Iterator[Image.Image]:
    """Paint a page with blend modes once more, on painted white, or nothing for a page without transparency.

    Viewers differ in the backdrop that they blend with where nothing is below. The page is changed for good.
    """
    if not raw.FPDFPage_HasTransparency(page):
        return
    left, bottom, right, top = page.get_mediabox()
    paper = raw.FPDFPageObj_CreateNewRect(left, bottom, right - left, top - bottom)
    raw.FPDFPageObj_SetFillColor(paper, 255, 255, 255, 255)
    raw.FPDFPath_SetDrawMode(paper, raw.FPDF_FILLMODE_WINDING, False)
    if raw.FPDFPage_InsertObjectAtIndex(page, paper, 0):
        yield painted(page, scale)


class Letters:
    """Picture of a page with its visible letters only.

    The objects of the page are changed for good, so read everything else first.
    """

    def __init__(self, page: Any, scale: float) -> None:
        picture = _letters(page, scale)
        self.size = picture.size
        self.scale = Scale.of(page, picture.size)
        self.ink = _dark(picture, 128)
        self.clear = ImageChops.invert(_dark(_darkest(picture, 1), 230))  # pixels without a letter or its edge


class Ink:
    """Comparison of a page as shown with the letters that it should show.

    `shown`: the page in grey, with annotations.
    """

    def __init__(self, letters: Letters, shown: Image.Image) -> None:
        self._letters = letters
        contrast = ImageChops.subtract(_lightest(shown, NEAR), shown)
        self._lost = {
            least: ImageChops.darker(letters.ink, _below(contrast, least))
            for least in (VISIBLE_CONTRAST, VISIBLE_CONTRAST_LABEL)
        }
        self._added = ImageChops.darker(_from(contrast, ADDED), letters.clear)

    def covered(self, glyphs: Iterable[Glyph], least: int = VISIBLE_CONTRAST) -> int:
        """Number of these letters that paint hides, in full or in part.

        Ink of a letter is hidden where its contrast with the paper is below `least` grey levels (of 255). A letter
        counts if more than the share COVERED of its ink is hidden. `least`: VISIBLE_CONTRAST or VISIBLE_CONTRAST_LABEL.
        """
        lost = self._lost[least]
        if lost.getbbox() is None:
            return 0
        found = 0
        for glyph in glyphs:
            bottom, top = _line(glyph)
            box = self._letters.scale.box(glyph.left, bottom, glyph.right, top)
            gone = _count(lost, box)
            found += gone >= LEAST_INK and gone > COVERED * _count(self._letters.ink, box)
        return found

    def added(self, glyphs: Iterable[Glyph], within: tuple[float, float, float, float]) -> bool:
        """True if ink was added on or beside these letters, inside the block `within` (points)."""
        if self._added.getbbox() is None:
            return False
        edge = self._letters.scale.box(*within)
        for left, bottom, right, top in _lines(glyphs):
            reach = REACH * (top - bottom)
            box = _common(self._letters.scale.box(left - reach, bottom, right + reach, top), edge)
            if box is not None and _count(self._added, box) >= LEAST_ADDED:
                return True
        return False


def _line(glyph: Glyph) -> tuple[float, float]:
    """Lower and upper end of the character's line, with descenders and accents."""
    return glyph.base - 0.3 * glyph.height, glyph.base + 0.8 * glyph.height


def _lines(glyphs: Iterable[Glyph]) -> list[tuple[float, float, float, float]]:
    """Box of each line: left, bottom, right, top."""
    found: list[list[float]] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.base):
        bottom, top = _line(glyph)
        if found and found[-1][1] < glyph.base < found[-1][3]:
            last = found[-1]
            last[:] = [min(last[0], glyph.left), min(last[1], bottom), max(last[2], glyph.right), max(last[3], top)]
        else:
            found.append([glyph.left, bottom, glyph.right, top])
    return [(left, bottom, right, top) for left, bottom, right, top in found]


def _letters(page: Any, scale: float) -> Image.Image:
    for drawn, kind, _ in list(objects(page)):
        if kind != raw.FPDF_PAGEOBJ_TEXT or not visible(drawn):
            raw.FPDFPageObj_SetIsActive(drawn, False)
            continue
        raw.FPDFPageObj_SetFillColor(drawn, 0, 0, 0, 255)
        raw.FPDFPageObj_SetStrokeColor(drawn, 0, 0, 0, 255)
        raw.FPDFPageObj_SetBlendMode(drawn, b"Normal")
    painted: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False).to_pil()
    return painted.reduce(2)


def _device(page: Any, size: tuple[int, int], fine: int, x: float, y: float) -> tuple[int, int]:
    across, down = c_int(), c_int()
    raw.FPDF_PageToDevice(page, 0, 0, size[0] * fine, size[1] * fine, 0, x, y, across, down)
    return across.value, down.value


def _dark(picture: Image.Image, below: int) -> Image.Image:
    return picture.point([255 if level < below else 0 for level in range(256)])


def _below(contrast: Image.Image, level: int) -> Image.Image:
    return contrast.point([255 if each < level else 0 for each in range(256)])


def _from(contrast: Image.Image, level: int) -> Image.Image:
    return contrast.point([255 if each >= level else 0 for each in range(256)])


def _spread(picture: Image.Image, reach: int, pick: Any, beyond: int) -> Image.Image:
    """For each pixel the lightest or darkest level within `reach` pixels, across and down."""
    for across, down in ((1, 0), (0, 1)):
        best = picture
        for step in range(-reach, reach + 1):
            if step:
                moved = Image.new("L", picture.size, beyond)
                moved.paste(picture, (step * across, step * down))
                best = pick(best, moved)
        picture = best
    return picture


def _lightest(picture: Image.Image, reach: int) -> Image.Image:
    return _spread(picture, reach, ImageChops.lighter, 0)


def _darkest(picture: Image.Image, reach: int) -> Image.Image:
    return _spread(picture, reach, ImageChops.darker, 255)


def _common(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    left, upper, right, lower = (*map(max, one[:2], two[:2]), *map(min, one[2:], two[2:]))
    return (left, upper, right, lower) if left < right and upper < lower else None


def _count(mask: Image.Image, box: tuple[int, int, int, int]) -> int:
    return mask.crop(box).histogram()[255]
