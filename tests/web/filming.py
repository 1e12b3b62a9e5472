"""A browser whose camera shows a picture: our own print on a table, as a telephone sees it, intact or degraded."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import qrcode
from browsing import NOBODY_ELSE, PHONE, WATCH, Site, Watched, pdf, watch
from PIL import Image, ImageEnhance, ImageFilter
from playwright.sync_api import Page, Playwright

from local.browser import CHROMIUM

Film = Callable[..., Page]
FRAME = (1280, 720)
TABLE = (92, 84, 70)
# JavaScript: a camera that shows the first of two pictures, and the second after `see()`. Chromium's own fake camera
# plays a file in real time, which a busy machine cannot follow.
TWO = """(() => {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  const pictures = PICTURES.map((each) =>
    createImageBitmap(new Blob([Uint8Array.from(atob(each), (one) => one.charCodeAt(0))])));
  let at = 0;
  window.see = () => { at = 1; };
  const draw = async () => {
    const picture = await pictures[at];
    Object.assign(canvas, canvas.width === picture.width ? {} : { width: picture.width, height: picture.height });
    pen.drawImage(picture, 0, 0);
  };
  const getUserMedia = async () => { await draw(); setInterval(draw, 50); return canvas.captureStream(20); };
  Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: getUserMedia });
})()"""
SPOILT: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": lambda frame: frame,
    "blurred": lambda frame: frame.filter(ImageFilter.GaussianBlur(1.2)),
    "skewed": lambda frame: frame.rotate(11, fillcolor=TABLE, resample=Image.Resampling.BICUBIC),
    "dim": lambda frame: ImageEnhance.Brightness(frame).enhance(0.3),
}


def sheet(permit: Any, page: int = 0) -> Image.Image:
    """Render a page of the print as paper, at 216 dpi."""
    return pdfium.PdfDocument(pdf(permit))[page].render(scale=3.0).to_pil().convert("RGB")


def in_view(paper: Image.Image) -> Image.Image:
    """Return a camera frame of the paper's corner with the QR code, on a table."""
    part = paper.crop((int(paper.width * 0.6), int(paper.height * 0.6), paper.width, int(paper.height * 0.9)))
    return on_table(part)


def beside(*texts: str) -> Image.Image:
    """Draw these QR codes side by side on one sheet."""
    found = [qrcode.make(text, border=8, box_size=6).get_image().convert("RGB") for text in texts]
    sheet = Image.new("RGB", (sum(each.width for each in found), max(each.height for each in found)), "white")
    left = 0
    for each in found:
        sheet.paste(each, (left, 0))
        left += each.width
    return sheet


def photo(*texts: str) -> dict[str, Any]:
    """Return a PNG upload of these QR codes side by side."""
    into = io.BytesIO()
    beside(*texts).save(into, "PNG")
    return {"name": "photo.png", "mimeType": "image/png", "buffer": into.getvalue()}


def on_table(paper: Image.Image) -> Image.Image:
    """Return a camera frame of this paper on a table."""
    part = paper.copy()
    part.thumbnail((FRAME[0] - 20, FRAME[1] - 20))
    frame = Image.new("RGB", FRAME, TABLE)
    frame.paste(part, ((FRAME[0] - part.width) // 2, (FRAME[1] - part.height) // 2))
    return frame


def see(page: Page) -> None:
    """Show the second picture to the camera."""
    page.evaluate("window.see()")


def _jpeg(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=92)
    return data.getvalue()


@pytest.fixture
def film(playwright: Playwright, site: Site, watched: Watched, tmp_path: Path) -> Iterator[Film]:
    """Factory of pages with a camera: `film(picture, "/1")` opens a page whose camera shows this picture.

    Each page has a browser of its own and the usual checks. `then`: the picture that the camera shows after
    `see(page)`.
    """
    opened: list[Any] = []

    def of(picture: Image.Image, path: str, *, then: Image.Image | None = None) -> Page:
        video = tmp_path / "camera.mjpeg"
        video.write_bytes(_jpeg(picture) * 3)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", NOBODY_ELSE, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ])  # fmt: skip
        opened.append(browser)
        site.office.publish_due()
        context = browser.new_context(viewport=PHONE, permissions=["camera"])  # type: ignore[arg-type]
        context.add_init_script(WATCH)
        if then is not None:
            pictures = [base64.b64encode(_jpeg(each)).decode() for each in (picture, then)]
            context.add_init_script(TWO.replace("PICTURES", json.dumps(pictures)))
        page = context.new_page()
        watch(page, watched)
        page.clock.set_fixed_time(site.office.now)
        page.goto(site.address + path)
        return page

    yield of
    for browser in opened:
        assert browser.contexts[0].pages[0].evaluate("window.__violations") == []
        browser.close()
    assert watched.foreign == []
    said = [text for text in watched.said if not any(part in text for part in watched.expected)]
    assert not said, said
