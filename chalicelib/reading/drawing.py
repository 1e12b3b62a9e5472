"""What is drawn on a page, in the order in which it is painted: texts, images, shadings, filled and stroked shapes."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from chalicelib.reading.glyphs import coloured, luminance
from chalicelib.reading.limits import DEPTH, OBJECTS, Refused

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
ACTUAL_TEXT = "ActualText"  # ISO 32000-1, 14.9.4: words in place of the letters that are painted
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
CLIP_POINTS = 64  # of a clip path that is looked at; a rectangle has five


@dataclass(frozen=True, slots=True)
class Mark:
    """One object. `kind`: text | image | shading | fill | stroke. `box`: left, bottom, right, top in page space.

    For a stroke: its width (points), its colour's luminance, how many segments it has. `clear`: it paints nothing.
    `spoken_for`: a text for which other words stand in the file, and PDFium hands out the words. `coloured`: a text in
    a colour that the form's letters never have.
    """

    kind: str
    box: Box
    width: float = 0.0
    luminance: float = 0.0
    segments: int = 0
    clear: bool = False
    spoken_for: bool = False
    coloured: bool = False


def marks(page: Any) -> Iterator[Mark]:
    """Every object of a pypdfium2 page, those inside forms included. Raises `Refused` for too many, or too deep."""
    for drawn, kind, matrix in objects(page):
        yield _mark(drawn, kind, matrix)


def objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """PDFium's handle of each, its FPDF_PAGEOBJ_ kind, from its space to the page's; forms opened. Raises `Refused`."""
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
                raw.FPDFFormObj_CountObjects(drawn), below, depth + 1, left,
            )  # fmt: skip
        else:
            yield drawn, kind, matrix


def _mark(drawn: Any, kind: int, matrix: Matrix) -> Mark:
    box = _box(drawn, matrix)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        return Mark("text", box, spoken_for=_spoken_for(drawn), coloured=coloured(drawn))
    if kind != raw.FPDF_PAGEOBJ_PATH:
        return Mark("image" if kind == raw.FPDF_PAGEOBJ_IMAGE else "shading", box)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
    shade, seen = _colour(raw.FPDFPageObj_GetFillColor, drawn)
    if fill.value and seen:
        return Mark("fill", box, luminance=shade)
    if not stroke.value:
        return Mark("fill", box, clear=True)
    shade, seen = _colour(raw.FPDFPageObj_GetStrokeColor, drawn)
    width = ctypes.c_float()
    raw.FPDFPageObj_GetStrokeWidth(drawn, width)
    scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
    own = raw.FS_MATRIX()
    if raw.FPDFPageObj_GetMatrix(drawn, own):
        scale *= abs(own.a * own.d - own.b * own.c) ** 0.5
    return Mark("stroke", box, width.value * scale, shade, raw.FPDFPath_CountSegments(drawn), clear=not seen)


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
    """Luminance, and whether it can be seen at all; a pattern counts as black."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get(drawn, red, green, blue, alpha):
        return 0.0, True
    return luminance(red.value, green.value, blue.value), alpha.value > 0


def _box(drawn: Any, matrix: Matrix) -> Box:
    """What it can paint: its bounds, within its clip's."""
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
    """The bounds of the clip that stands in the object's own content stream, each of its paths inside the others."""
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
            found = box if found is None else (
                max(found[0], box[0]), max(found[1], box[1]), min(found[2], box[2]), min(found[3], box[3])
            )  # fmt: skip
    return found


def _compose(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer` (ISO 32000-1, 8.3.3)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
