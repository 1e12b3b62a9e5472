"""Guilloche under the form: pale waves, a braided frame and a rosette, as PDF path operators.

It is the same on every sheet, so a process computes it once and stores it as one Form XObject. Drawn segment by
segment it would cost 30 ms and 100 kB a page. A copier blurs it. It is decoration and no security by itself.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import cos, pi, sin

from chalicelib.reading.form_layout import MM

WIDTH, HEIGHT = 210 * MM, 297 * MM

GREEN, OCHRE, BLUE = "0.80 0.90 0.85 RG", "0.95 0.90 0.78 RG", "0.83 0.90 0.95 RG"

FRAME = "0.36 0.56 0.47 RG"


@cache
def sheet() -> str:
    """PDF operators of the underlay of an A4 page."""
    parts = ["q 0.3 w"]
    for index in range(46):
        y = (12 + 6 * index) * MM
        parts.append((GREEN, OCHRE, BLUE)[index % 3])
        parts.append(_wave(9 * MM, 201 * MM, y, 7.5 * MM, 4 + (index % 2), index * 0.55))
    parts.append(GREEN)
    for turn in range(10):
        parts.append(_rosette(WIDTH / 2, 149 * MM, 52 * MM, 0.32, 12, turn * pi / 60))
    parts.append(f"0.35 w {FRAME}")
    for turn in range(4):
        phase = turn * pi / 2
        for y in (4.6 * MM, HEIGHT - 4.6 * MM):
            parts.append(_wave(5 * MM, WIDTH - 5 * MM, y, 1.35 * MM, 40, phase))
        for x in (5 * MM, WIDTH - 5 * MM):
            parts.append(_wave(4.6 * MM, HEIGHT - 4.6 * MM, x, 1.35 * MM, 58, phase, upright=True))
    for x in (5 * MM, WIDTH - 5 * MM):
        for y in (4.6 * MM, HEIGHT - 4.6 * MM):
            side = 3.4 * MM  # a rosette on a white square hides the ends of the braids
            parts.append(f"1 1 1 rg {x - side / 2:.2f} {y - side / 2:.2f} {side:.2f} {side:.2f} re f")
            parts += [_rosette(x, y, 1.35 * MM, 0.28, 8, turn * pi / 24) for turn in range(3)]
    parts.append("Q")
    return "\n".join(parts)


@cache
def emblem(x: float, y: float, radius: float) -> str:
    """PDF operators of the rosette in place of an emblem, with centre and radius in points."""
    parts = ["q 0.35 w 0.10 0.38 0.28 RG"]
    for turn in range(8):
        parts.append(_rosette(x, y, radius * 0.80, 0.24, 16, turn * pi / 64))
    parts.append("0.72 0.56 0.22 RG")
    for turn in range(5):
        parts.append(_rosette(x, y, radius * 0.47, 0.30, 10, turn * pi / 25))
    parts.append("Q")
    return "\n".join(parts)


def _wave(  # noqa: PLR0913 - numbers of one curve
    start: float, end: float, level: float, swing: float, waves: int, phase: float, *, upright: bool = False
) -> str:
    """Sine between `start` and `end` as cubic curves, four a wave."""
    count = waves * 4
    step = (end - start) / count
    rate = 2 * pi * waves / (end - start)
    points = []
    for index in range(count + 1):
        angle = rate * index * step + phase
        points.append((start + index * step, level + swing * sin(angle), swing * rate * cos(angle)))
    out = [_pairs([points[0][:2]], upright) + " m"]
    third = step / 3
    for (x0, y0, d0), (x1, y1, d1) in pairwise(points):
        out.append(_pairs([(x0 + third, y0 + d0 * third), (x1 - third, y1 - d1 * third), (x1, y1)], upright) + " c")
    out.append("S")
    return " ".join(out)


def _pairs(points: list[tuple[float, float]], upright: bool) -> str:
    return " ".join(f"{y:.1f} {x:.1f}" if upright else f"{x:.1f} {y:.1f}" for x, y in points)


def _rosette(x: float, y: float, radius: float, depth: float, petals: int, turn: float) -> str:  # noqa: PLR0913 - numbers of one curve
    """Rosette r = radius (1 + depth cos(petals a)) as cubic curves, four a petal."""
    count = petals * 4
    step = 2 * pi / count
    points = []
    for index in range(count + 1):
        angle = index * step
        r = radius * (1 + depth * cos(petals * angle))
        dr = -radius * depth * petals * sin(petals * angle)
        c, s = cos(angle + turn), sin(angle + turn)
        points.append((x + r * c, y + r * s, dr * c - r * s, dr * s + r * c))
    out = [f"{points[0][0]:.2f} {points[0][1]:.2f} m"]
    third = step / 3
    for (x0, y0, u0, v0), (x1, y1, u1, v1) in pairwise(points):
        curve = (x0 + u0 * third, y0 + v0 * third, x1 - u1 * third, y1 - v1 * third, x1, y1)
        out.append("{:.2f} {:.2f} {:.2f} {:.2f} {:.2f} {:.2f} c".format(*curve))
    out.append("S")
    return " ".join(out)
