"""Search for QR codes in a picture with zxing-cpp, at any rotation, size and light.

Attempts, until one finds a code:

1 the picture as it is
2 one threshold for the whole picture
3 half the size (noise of a sensor, moire of a screen)
4 twice the size (a code with few pixels a module)
5 spread contrast

A photograph or scan (PNG, JPEG) gives codes only, because it has no text to compare.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import zxingcpp
from PIL import Image, ImageOps

from chalicelib.reading.limits import CODE_CHARACTERS, CODES, IMAGE_PIXELS, SCAN_PIXELS, Refused
from chalicelib.verdict.file_findings import FileFindings

if TYPE_CHECKING:
    from PIL.Image import Image as Picture


SMALL_PIXELS = 3_000_000  # largest picture that is doubled

GLOBAL = zxingcpp.Binarizer.GlobalHistogram

QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])

LOCAL = zxingcpp.Binarizer.LocalAverage


def find_codes(picture: Picture, *, hard: bool) -> tuple[str, ...]:
    """Texts of all QR codes in a grey picture, each once. `hard`: make every attempt, not only the first.

    Raises `Refused` for more codes than a permit has, or a text longer than a QR symbol can have.
    """
    for attempt, binarizer in _tries(picture, hard=hard):
        found = zxingcpp.read_barcodes(attempt, formats=QR, text_mode=zxingcpp.TextMode.Plain, binarizer=binarizer)
        texts = tuple(dict.fromkeys(code.text for code in found if code.valid and code.text))
        if len(texts) > CODES or any(len(text) > CODE_CHARACTERS for text in texts):
            raise Refused("too-large")
        if texts:
            return texts
    return ()


def _tries(picture: Picture, *, hard: bool) -> Iterator[tuple[Picture, zxingcpp.Binarizer]]:
    width, height = picture.size
    if min(width, height) < 21:  # modules of the smallest symbol, ISO/IEC 18004
        return
    if width * height > SCAN_PIXELS:
        factor = (SCAN_PIXELS / (width * height)) ** 0.5
        picture = picture.resize((max(1, int(width * factor)), max(1, int(height * factor))), Image.Resampling.BOX)
        width, height = picture.size
    yield picture, LOCAL  # 1
    if not hard:
        return
    yield picture, GLOBAL  # 2
    yield picture.resize((max(1, width // 2), max(1, height // 2)), Image.Resampling.BOX), LOCAL  # 3
    if width * height <= SMALL_PIXELS:
        yield picture.resize((width * 2, height * 2), Image.Resampling.BICUBIC), LOCAL  # 4
    yield ImageOps.autocontrast(picture, cutoff=2), GLOBAL  # 5


FORMATS = {"image/png": ("PNG",), "image/jpeg": ("JPEG",)}


def read_image(data: bytes, content_type: str) -> FileFindings:
    """Find the codes in a picture.

    Raises `Refused` for too many pixels (by its header) or too many codes. Errors of Pillow for a damaged picture pass
    through.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return FileFindings(kind="image", codes=find_codes(_grey(data, content_type), hard=True))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise Refused("too-large") from error


def _grey(data: bytes, content_type: str) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS[content_type]) as opened:  # reads the header only
        width, height = opened.size
        if width * height > IMAGE_PIXELS:
            raise Refused("too-large")
        factor = (width * height / SCAN_PIXELS) ** 0.5
        if factor > 1:
            opened.draft("L", (int(width / factor), int(height / factor)))  # JPEG only: shrinks while it decodes
        if opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info:
            shown = Image.new("RGBA", opened.size, "white")  # viewers show transparency on white
            shown.alpha_composite(opened.convert("RGBA"))
            return shown.convert("L")
        if opened.mode.startswith("I"):  # 16 bits a pixel
            return opened.convert("I").point(lambda value: value / 256).convert("L")
        return opened.convert("L")
