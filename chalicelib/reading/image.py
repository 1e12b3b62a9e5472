"""What is in a photograph or scan (PNG, JPEG): the codes and nothing else, since a picture has no text to compare."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image

from chalicelib.core.document import DocumentFindings
from chalicelib.reading.codes import find_codes
from chalicelib.reading.limits import IMAGE_PIXELS, SCAN_PIXELS, Refused

FORMATS = {"image/png": ("PNG",), "image/jpeg": ("JPEG",)}


def read_image(data: bytes, content_type: str) -> DocumentFindings:
    """The codes in a picture. Raises `Refused`: too-large by its own header, or broken."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return DocumentFindings(kind="image", codes=find_codes(_grey(data, content_type), hard=True))
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
            shown = Image.new("RGBA", opened.size, "white")  # as a viewer shows it: on paper
            shown.alpha_composite(opened.convert("RGBA"))
            return shown.convert("L")
        if opened.mode.startswith("I"):  # 16 bits a pixel
            return opened.convert("I").point(lambda value: value / 256).convert("L")
        return opened.convert("L")
