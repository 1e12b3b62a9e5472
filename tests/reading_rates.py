"""Reading rates of our printed code under damage by paper, light and cameras, beside an EU-DCC-shaped code.

`reading_table(rng, count)` -> rows. Both codes are at the same place on the same page of our own PDF, with symbols of
the same printed size. Ours is as the form prints it (level M). The other is base45 of zlib of a COSE of the same permit
at level Q, as the EU DCC prints it. Both get the same damage and are read by our own reader, zxing-cpp.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import zxingcpp
from bench.rivals import hcert
from cryptography.hazmat.primitives.asymmetric import ec
from issued_files import issue, pictured
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter
from print_samples import LINES
from qrcode import constants
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

from chalicelib.issuing.print.qr_image import QUIET, module_size, modules
from chalicelib.reading.pictures import find_codes

PRINT_DPI = 600  # of the sheet before any damage
CAPTURE_DPI = 150  # of a photograph in which the sheet's width is 1,240 pixels; a scan where a row names one
BOX = 51  # mm: the white box of pdf_templates/cites_v1/layout.toml
CENTRE = (175.0, 218.0)  # mm from the top left: about the position of the code
AROUND = 64  # mm: the area cut out of the page
MM = 25.4
Picture = Image.Image
Damage = Callable[[Picture, random.Random], Picture]


@dataclass(frozen=True, slots=True)
class Row:
    """`ours`, `theirs`: number of exact readings among `count`."""

    damage: str
    ours: int
    theirs: int
    count: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cuts of the same sheet at PRINT_DPI, and the expected text of each."""

    ours: Picture
    theirs: Picture
    our_text: str
    their_text: str
    sizes: tuple[int, int]  # modules a side


def reading_table(rng: random.Random, count: int) -> Sequence[Row]:
    """One row for each damage. `count` photographs a row, of permits for one to three lines."""
    pairs = [pair(lines) for lines in (1, 2, 3)]
    rows = []
    for name, dpi, damage in DAMAGES:
        read = [0, 0]
        for number in range(count):
            each, seed = pairs[number % len(pairs)], rng.random()
            for place, (cut, text) in enumerate(((each.ours, each.our_text), (each.theirs, each.their_text))):
                spoilt = damage(captured(cut, dpi), random.Random(seed))  # the same for both
                read[place] += find_codes(spoilt, hard=True) == (text,)
        rows.append(Row(name, read[0], read[1], count))
    return rows


def symbols() -> Mapping[int, tuple[int, int]]:
    """Lines -> modules a side of our symbol and of the other one."""
    return {lines: pair(lines).sizes for lines in (1, 2, 3)}


@cache
def pair(lines: int) -> Pair:
    made = issue("E", LINES[:lines])
    page = pictured(made.plain, PRINT_DPI)
    unit = PRINT_DPI / MM
    own = modules(made.codes[0])
    key = ec.derive_private_key(7, ec.SECP256R1())
    text, _ = hcert(made.permits[0], "Asia/Bishkek", key, b"12345678")
    other = symbol(text)
    x, y = CENTRE
    left, top = int((x - AROUND / 2) * unit), int((y - AROUND / 2) * unit)
    side = int(AROUND * unit)
    cut = page.crop((left, top, left + side, top + side))
    found = zxingcpp.read_barcode(cut)  # finds the position of our symbol
    assert found is not None
    assert found.text == made.codes[0]
    corners = found.position
    begin = (min(corners.top_left.x, corners.bottom_left.x), min(corners.top_left.y, corners.top_right.y))
    printed = round(len(own) * module_size(len(own), BOX) * unit)
    theirs = cut.copy()
    module = printed / len(other)
    quiet = int(QUIET * module)
    ImageDraw.Draw(theirs).rectangle(
        (begin[0] - quiet, begin[1] - quiet, begin[0] + printed + quiet, begin[1] + printed + quiet), fill=255
    )
    theirs.paste(drawn(other, printed), begin)
    return Pair(cut, theirs, made.codes[0], text, (len(own), len(other)))


def symbol(text: str) -> list[list[bool]]:
    """A symbol at level Q, which the EU DCC prescribes for its ES256 certificates. One alphanumeric segment."""
    code = QRCode(error_correction=constants.ERROR_CORRECT_Q, border=0)
    code.add_data(QRData(text.encode(), mode=MODE_ALPHA_NUM), optimize=0)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def drawn(rows: list[list[bool]], side: int) -> Picture:
    small = Image.new("L", (len(rows), len(rows)), 255)
    small.putdata([0 if module else 255 for row in rows for module in row])
    return small.resize((side * 4, side * 4), Image.Resampling.NEAREST).resize((side, side), Image.Resampling.BOX)


def captured(picture: Picture, dpi: int) -> Picture:
    side = round(picture.width * dpi / PRINT_DPI)
    return picture.resize((side, side), Image.Resampling.BOX)


# --- damage: (picture at the row's dpi, its own random numbers) -> picture --------------------------------------------


def nothing(picture: Picture, rng: random.Random) -> Picture:
    return picture


def blurred(millimetres: float) -> Damage:
    """Out of focus: a Gaussian of this radius on the paper."""
    return lambda picture, rng: picture.filter(
        ImageFilter.GaussianBlur(millimetres * picture.width / AROUND * rng.uniform(0.8, 1.2))
    )


def turned(picture: Picture, rng: random.Random) -> Picture:
    return picture.rotate(rng.uniform(0, 360), Image.Resampling.BICUBIC, expand=True, fillcolor=130)


def perspective(share: float) -> Damage:
    """Make one random edge this much shorter than the opposite edge."""

    def damage(picture: Picture, rng: random.Random) -> Picture:
        side, short = picture.width, share * picture.width / 2
        wide = Image.new("L", (side, side), 130)
        corners = [(0.0, 0.0), (0.0, side), (side, side), (side, 0.0)]
        edge = rng.randrange(4)
        target = list(corners)
        first, second = edge, (edge + 1) % 4
        along = (0, 1) if corners[first][0] == corners[second][0] else (1, 0)
        sign = 1 if sum(corners[second]) > sum(corners[first]) else -1
        target[first] = tuple(c + sign * short * a for c, a in zip(corners[first], along, strict=True))
        target[second] = tuple(c - sign * short * a for c, a in zip(corners[second], along, strict=True))
        wide.paste(picture)
        return wide.transform(
            (side, side), Image.Transform.PERSPECTIVE, coefficients(target, corners), Image.Resampling.BICUBIC,
            fillcolor=130,
        )  # fmt: skip

    return damage


def coefficients(target: Sequence[tuple[float, ...]], source: Sequence[tuple[float, ...]]) -> list[float]:
    """The eight numbers of Pillow's transform from `target` back to `source`: Gaussian elimination."""
    rows = []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):
        pivot = max(range(column, 8), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for other in range(8):
            if other != column:
                factor = rows[other][column]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[column], strict=True)]
    return [row[8] for row in rows]


def stained(share: float) -> Damage:
    """Coffee or ink: blots, dark or pale, on this share of the symbol."""

    def damage(picture: Picture, rng: random.Random) -> Picture:
        made, side = picture.copy(), picture.width
        radius = side * 0.7 * math.sqrt(share / math.pi)
        x, y = (side * rng.uniform(0.3, 0.7) for _ in range(2))
        pen, ink = ImageDraw.Draw(made), rng.choice([20, 235])
        for _ in range(6):
            dx, dy, r = (radius * rng.uniform(-0.3, 0.3) for _ in range(3))
            pen.ellipse((x + dx - radius - r, y + dy - radius + r, x + dx + radius + r, y + dy + radius - r), fill=ink)
        return made

    return damage


def folded(millimetres: float) -> Damage:
    """A crease across the code: its sides shifted by this distance, with a worn line where the ink is gone."""

    def damage(picture: Picture, rng: random.Random) -> Picture:
        side, made = picture.width, picture.copy()
        at, shift = int(side * rng.uniform(0.3, 0.7)), round(millimetres * side / AROUND)
        made.paste(picture.crop((at, 0, side, side - shift)), (at, shift))
        width = max(1, round(0.4 * side / AROUND))
        ImageDraw.Draw(made).line((at, 0, at, side), fill=rng.choice([70, 225]), width=width)
        return made.rotate(rng.choice([0, 90, 180, 270]))

    return damage


def dim(share: float) -> Damage:
    """Low light: this share of the contrast remains, over the sensor's noise."""

    def damage(picture: Picture, rng: random.Random) -> Picture:
        dark = ImageEnhance.Contrast(picture).enhance(share).point(lambda level: level * 0.4)
        return noisy(6)(dark, rng)

    return damage


def shaded(picture: Picture, rng: random.Random) -> Picture:
    """A lamp on one side: from full light to a fifth."""
    gradient = Image.linear_gradient("L").rotate(rng.choice([0, 90, 180, 270])).resize(picture.size)
    return ImageChops.multiply(picture, gradient.point(lambda level: 51 + level * 4 // 5))


def noisy(sigma: float) -> Damage:
    """A sensor's grain: the sum of four uniform numbers per pixel, of this standard deviation in grey levels."""

    def damage(picture: Picture, rng: random.Random) -> Picture:
        grains = [Image.frombytes("L", picture.size, rng.randbytes(picture.width * picture.height)) for _ in range(4)]
        grain = Image.blend(Image.blend(*grains[:2], 0.5), Image.blend(*grains[2:], 0.5), 0.5)
        factor = sigma / (73.9 / 2)  # a uniform byte has 73.9; the mean of four has half of that
        return ImageChops.add(picture, grain.point(lambda level: level * factor), 1, -int(127.5 * factor))

    return damage


def compressed(quality: int) -> Damage:
    def damage(picture: Picture, rng: random.Random) -> Picture:
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality)
        return Image.open(BytesIO(out.getvalue())).convert("L")

    return damage


def together(*damages: Damage) -> Damage:
    def damage(picture: Picture, rng: random.Random) -> Picture:
        for each in damages:
            picture = each(picture, rng)
        return picture

    return damage


DAMAGES: Sequence[tuple[str, int, Damage]] = (
    *((f"scanned at {dpi} dpi", dpi, nothing) for dpi in (72, 100, 150, 200, 300)),
    *((f"blurred by {mm} mm", CAPTURE_DPI, blurred(mm)) for mm in (0.2, 0.3, 0.4, 0.5)),
    ("turned by any angle", CAPTURE_DPI, turned),
    *((f"one edge {share:.0%} shorter", CAPTURE_DPI, perspective(share)) for share in (0.1, 0.2, 0.3)),
    *((f"stained on {share:.0%}", CAPTURE_DPI, stained(share)) for share in (0.02, 0.05, 0.1, 0.15)),
    *((f"folded, {mm} mm off", CAPTURE_DPI, folded(mm)) for mm in (0.2, 0.4, 0.8)),
    *((f"{share:.0%} of the contrast, dark", CAPTURE_DPI, dim(share)) for share in (0.5, 0.3, 0.2)),
    ("lamp on one side", CAPTURE_DPI, shaded),
    *((f"grain of {sigma} levels", CAPTURE_DPI, noisy(sigma)) for sigma in (20, 40, 60)),
    *((f"JPEG at quality {quality}", CAPTURE_DPI, compressed(quality)) for quality in (30, 15, 8)),
    ("a hand's photograph: turned, slanted, blurred, grain, JPEG", CAPTURE_DPI,
     together(turned, perspective(0.1), blurred(0.2), noisy(15), compressed(50))),
    ("the same, from farther away", 100,
     together(turned, perspective(0.1), blurred(0.15), noisy(10), compressed(50))),
)  # fmt: skip
