"""Where a page looks otherwise than its text says: letters that paint covers, and ink that was added to them.

A page is painted twice: as a viewer shows it, and with nothing but its visible letters, black on white. How the paint
came about (alpha, blend modes, clips, dashes, order, images) does not matter: only what is seen counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ctypes import c_int
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops
from pypdfium2 import raw

from chalicelib.reading.drawing import objects
from chalicelib.reading.glyphs import Glyph, visible

SCALE = 200 / 72  # pixels a point; pictures are painted so and reduced by two, for PDFium puts letters on whole pixels
NEAR = 4  # pixels (1 mm) around a letter in which its paper is looked for
SEEN = 50  # grey levels (of 255) by which a letter is darker than its paper, at least
SEEN_LABEL = 25  # the same of the form's own words, which are lighter
ADDED = 100  # grey levels by which added ink is darker than its paper; the underlay and COPY stay below 40
COVERED = 0.15  # share of a letter's ink that is gone: a part of an 8 makes it a 3
LEAST_INK = 3  # pixels of a letter; below it nothing can be said of one
LEAST_ADDED = 4  # pixels: the thinnest stroke of a digit has more
REACH = 1.2  # of a line's height: how far beside its text an added digit would be read with it
INSET = 0.5  # mm from a block's edge, where rules stand


@dataclass(frozen=True, slots=True)
class Scale:
    """From page space (points) to the pixels of a picture, as PDFium paints it (crop box, rotation)."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @classmethod
    def of(cls, page: Any, size: tuple[int, int]) -> Scale:
        """For pictures of this size."""
        fine = 64
        origin, right, up = (_device(page, size, fine, *point) for point in ((0, 0), (1000, 0), (0, 1000)))
        unit = 1000 * fine
        return cls(
            (right[0] - origin[0]) / unit, (right[1] - origin[1]) / unit, (up[0] - origin[0]) / unit,
            (up[1] - origin[1]) / unit, origin[0] / fine, origin[1] / fine,
        )  # fmt: skip

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[int, int, int, int]:
        """The pixels that a rectangle covers: left, upper, right, lower."""
        xs = [self.a * x + self.c * y + self.e for x in (left, right) for y in (bottom, top)]
        ys = [self.b * x + self.d * y + self.f for x in (left, right) for y in (bottom, top)]
        return int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1


def painted(page: Any, scale: float) -> Image.Image:
    """The page as a viewer shows it: in grey, annotations and fields included, at `scale` and reduced by two."""
    picture: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil()
    return picture.reduce(2)


def on_paper(page: Any, scale: float) -> Iterator[Image.Image]:
    """A page with blend modes once more, on white that is painted: viewers differ in what they blend with, where
    nothing is below. The page is changed for good."""
    if not raw.FPDFPage_HasTransparency(page):
        return
    left, bottom, right, top = page.get_mediabox()
    paper = raw.FPDFPageObj_CreateNewRect(left, bottom, right - left, top - bottom)
    raw.FPDFPageObj_SetFillColor(paper, 255, 255, 255, 255)
    raw.FPDFPath_SetDrawMode(paper, raw.FPDF_FILLMODE_WINDING, False)
    if raw.FPDFPage_InsertObjectAtIndex(page, paper, 0):
        yield painted(page, scale)


class Letters:
    """A page with nothing but its visible letters. The page's objects are changed for good: read everything before."""

    def __init__(self, page: Any, scale: float) -> None:
        picture = _letters(page, scale)
        self.size = picture.size
        self.scale = Scale.of(page, picture.size)
        self.ink = _dark(picture, 128)
        self.clear = ImageChops.invert(_dark(_darkest(picture, 1), 230))  # where no letter is, nor its edge


class Ink:
    """How a page looks where it should show these letters. `shown`: the page in grey, annotations included."""

    def __init__(self, letters: Letters, shown: Image.Image) -> None:
        self._letters = letters
        contrast = ImageChops.subtract(_lightest(shown, NEAR), shown)
        self._lost = {
            least: ImageChops.darker(letters.ink, _below(contrast, least)) for least in (SEEN, SEEN_LABEL)
        }  # fmt: skip
        self._added = ImageChops.darker(_from(contrast, ADDED), letters.clear)

    def covered(self, glyphs: Iterable[Glyph], least: int = SEEN) -> int:
        """How many of these letters paint hides, or a part of them."""
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
        """Whether ink was added on or beside these letters, inside the block `within` (points)."""
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
    """Where its line of text ends below and above, accents and descenders included."""
    return glyph.base - 0.3 * glyph.height, glyph.base + 0.8 * glyph.height


def _lines(glyphs: Iterable[Glyph]) -> list[tuple[float, float, float, float]]:
    """The box of each line: left, bottom, right, top."""
    found: list[list[float]] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.base):
        bottom, top = _line(glyph)
        if found and found[-1][1] < glyph.base < found[-1][3]:
            last = found[-1]
            last[:] = [
                min(last[0], glyph.left), min(last[1], bottom), max(last[2], glyph.right), max(last[3], top)
            ]  # fmt: skip
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
    painted: Image.Image = page.render(
        scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False
    ).to_pil()  # fmt: skip
    return painted.reduce(2)


def _device(page: Any, size: tuple[int, int], fine: int, x: float, y: float) -> tuple[int, int]:
    across, down = c_int(), c_int()
    raw.FPDF_PageToDevice(page, 0, 0, size[0] * fine, size[1] * fine, 0, x, y, across, down)
    return across.value, down.value


def _dark(picture: Image.Image, below: int) -> Image.Image:
    return picture.point([255 * (level < below) for level in range(256)])


def _below(contrast: Image.Image, level: int) -> Image.Image:
    return contrast.point([255 * (each < level) for each in range(256)])


def _from(contrast: Image.Image, level: int) -> Image.Image:
    return contrast.point([255 * (each >= level) for each in range(256)])


def _spread(picture: Image.Image, reach: int, pick: Any, beyond: int) -> Image.Image:
    """The lightest or darkest level within `reach` pixels, across and down."""
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
