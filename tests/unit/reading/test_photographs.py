"""Codes in photographs and scans: rotated, skewed, dim, noisy or small; all codes of a sheet, and only QR."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest
from issued_files import Issued, issue, pictured
from PIL import Image, ImageEnhance, ImageFilter
from print_samples import LINES

from chalicelib.reading.limits import IMAGE_PIXELS
from chalicelib.reading.pictures import read_image
from chalicelib.reading.read_document import read


@cache
def issued(lines: int = 2) -> Issued:
    return issue("E", LINES[:lines])


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def page(dpi: int = 200) -> Image.Image:
    return pictured(issued().sealed, dpi)


def noisy(picture: Image.Image) -> Image.Image:
    noise = Image.effect_noise(picture.size, 60)
    return Image.blend(picture, noise, 0.35)


def skewed(picture: Image.Image) -> Image.Image:
    """A slanted photograph: the far edge is a tenth shorter."""
    w, h = picture.size
    return picture.transform(
        (w, h), Image.Transform.PERSPECTIVE, (1.35, 0.05, -0.06 * w, 0.02, 1.35, -0.05 * h, 0.00005, 0.00006),
        Image.Resampling.BICUBIC, fillcolor=90,
    )  # fmt: skip


def uneven(picture: Image.Image) -> Image.Image:
    """A lamp on one side: from full light to a quarter."""
    shade = Image.linear_gradient("L").rotate(90).resize(picture.size).point(lambda level: 64 + level * 3 // 4)
    return Image.composite(picture, Image.new("L", picture.size, 0), shade)


PHOTOS: dict[str, Callable[[], bytes]] = {
    **{f"scan at {dpi} dpi": (lambda dpi=dpi: saved(page(dpi), quality=80)) for dpi in (100, 150, 200, 300)},
    **{
        f"turned by {angle}": (lambda angle=angle: saved(page().rotate(angle, expand=True, fillcolor=120)))
        for angle in (7, 33, 90, 180, 271)
    },
    "skewed": lambda: saved(skewed(page())),
    "noisy": lambda: saved(noisy(page())),
    "blurred": lambda: saved(page(300).filter(ImageFilter.GaussianBlur(2.5))),
    "dim": lambda: saved(ImageEnhance.Brightness(ImageEnhance.Contrast(page()).enhance(0.3)).enhance(0.4)),
    "in uneven light": lambda: saved(uneven(page())),
    "in colour": lambda: saved(page().convert("RGB"), quality=70),
    "of 38 megapixels": lambda: saved(page(420).resize((5200, 7350))),
    "mirrored by a front camera": lambda: saved(page().transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    "negative": lambda: saved(page().point(lambda level: 255 - level)),
}


@pytest.mark.parametrize("name", PHOTOS)
def test_code_in_photograph_is_found(name: str) -> None:
    data = PHOTOS[name]()
    findings = read(data, "image/jpeg")
    assert (findings.trouble, findings.codes) == (None, issued().codes)
    assert findings.kind == "image"


def through(picture: Image.Image) -> Image.Image:
    """The ink of the page in the alpha channel, on a transparent background."""
    clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    clear.putalpha(picture.point(lambda level: 255 - level))
    return clear


PNGS: dict[str, Callable[[], bytes]] = {
    "grey": lambda: saved(page(), "PNG"),
    "colour": lambda: saved(page().convert("RGB"), "PNG"),
    "black and white": lambda: saved(page().convert("1"), "PNG"),
    "a palette": lambda: saved(page().convert("P"), "PNG"),
    "on nothing": lambda: saved(through(page()), "PNG"),
    "sixteen bits": lambda: saved(page(100).convert("I").point(lambda level: level * 257).convert("I;16"), "PNG"),
}


@pytest.mark.parametrize("name", PNGS)
def test_code_in_every_kind_of_png_is_found(name: str) -> None:
    assert read(PNGS[name](), "image/png").codes == issued().codes


def test_every_code_of_a_sheet_is_found_once() -> None:
    second = issue("E", LINES[1:2], serial=3)
    one, other = pictured(issued().sealed, 150), pictured(second.sealed, 150)
    sheet = Image.new("L", (one.width * 2, one.height), 200)
    sheet.paste(one, (0, 0))
    sheet.paste(other.rotate(3, fillcolor=200), (one.width, 0))
    assert set(read(saved(sheet), "image/jpeg").codes) == {*issued().codes, *second.codes}
    sheet.paste(one, (one.width, 0))
    assert read(saved(sheet), "image/jpeg").codes == issued().codes


@pytest.mark.parametrize("kind", ["Code128", "Aztec", "DataMatrix", "PDF417", "MicroQRCode"])
def test_barcode_other_than_qr_is_ignored(kind: str) -> None:
    import zxingcpp

    code = zxingcpp.create_barcode("12345", getattr(zxingcpp.BarcodeFormat, kind))
    picture = Image.frombytes("L", *grey(code.to_image(scale=6)))
    sheet = Image.new("L", (picture.width + 200, picture.height + 200), 255)
    sheet.paste(picture, (100, 100))
    assert zxingcpp.read_barcodes(sheet), "the picture shows no code at all"
    assert read(saved(sheet, "PNG"), "image/png").codes == ()


def grey(image: object) -> tuple[tuple[int, int], bytes]:
    view = memoryview(image)  # type: ignore[call-overload]
    return (view.shape[1], view.shape[0]), view.tobytes()


def test_empty_page_has_no_code() -> None:
    assert read(saved(Image.new("L", (900, 900), 255), "PNG"), "image/png").codes == ()
    assert read(saved(Image.new("L", (1, 1)), "PNG"), "image/png").codes == ()


def test_pixel_limit_is_just_above_the_largest_photograph() -> None:
    assert 5200 * 7350 < IMAGE_PIXELS < 5400 * 7500
    assert read_image(saved(Image.new("L", (30, 30))), "image/jpeg").codes == ()
