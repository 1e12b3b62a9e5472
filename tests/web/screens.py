"""`make screens`: pictures of all screens in docs/images/screens/, of the form in docs/images/, and docs/SCREENS.md.

They show the ministry of `make run`, in memory, with a fixed clock. A picture is written again only if it looks
different. Select some: `make screens ONLY="desk-queue permit"`.
"""

from __future__ import annotations

import io
import logging
import os
import traceback
from pathlib import Path

import pypdfium2 as pdfium
import shown_border
import shown_office
import shown_open
from browsing import pdf
from ministry import seeded, serving
from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright
from studio import Shown, Studio

from chalicelib.composition import container
from local.browser import CHROMIUM

DOCS = Path(__file__).resolve().parents[2] / "docs"
TARGET = DOCS / "images/screens"
COLOURS = 64
FORM_WIDTH = 780  # pixels
SECTIONS = {**shown_open.SCREENS, **shown_border.SCREENS, **shown_office.SCREENS}


def keep(path: Path, picture: Image.Image) -> bool:
    """Write the picture in few colours, unless the existing one looks the same, and return True if written."""
    made = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    if path.exists():
        held = Image.open(path)
        if held.size == made.size and ImageChops.difference(held.convert("RGB"), made.convert("RGB")).getbbox() is None:
            return False
    made.save(path, optimize=True)
    return True


def form(at: Studio) -> Image.Image:
    """Return a permit as Tamga prints it."""
    page = pdfium.PdfDocument(pdf(at.permit("sakers to the Emirates")))[0]
    drawn: Image.Image = page.render(scale=FORM_WIDTH / page.get_width()).to_pil()
    return drawn


def index() -> str:
    parts = ["# Screens\n\nEach screen of the pages, by door: made by `make screens`, in the ministry of `make run`.\n"]
    for title, screens in SECTIONS.items():
        parts.append(f"\n## {title}\n")
        wide = 3 if next(iter(screens)).startswith(("desk", "training")) else 4
        named = [(name, words) for name, (words, _) in screens.items()]
        for start in range(0, len(named), wide):
            row = named[start : start + wide]
            parts += [
                f"\n| {' | '.join(words for _, words in row)} |\n|{'---|' * len(row)}\n",
                f"| {' | '.join(f'![{words}](images/screens/{name}.png)' for name, words in row)} |\n",
            ]
    return "".join(parts)


def taken(at: Studio, name: str, show: Shown) -> bool:
    """Take the picture of a screen; on an error of the page, keep the existing picture and return False."""
    container.replace_deps(at.site.office)
    try:
        page = show(at)
        written = keep(TARGET / f"{name}.png", Image.open(io.BytesIO(page.screenshot())))
        page.context.close()
    except Exception:
        traceback.print_exc()
        return False
    print(f"{name}.png {'written' if written else 'as before'}", flush=True)
    return True


def main() -> int:
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = os.environ.get("ONLY", "").split()
    screens = [each for section in SECTIONS.values() for each in section.items()]
    with (
        serving() as site,
        sync_playwright() as started,
        started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        logging.getLogger("tamga").setLevel(logging.ERROR)
        at = Studio(browser, site, seeded(site))
        missed = [name for name, (_, show) in screens if (not wanted or name in wanted) and not taken(at, name, show)]
        if not wanted or "permit" in wanted:
            keep(DOCS / "images/permit.png", form(at))
    (DOCS / "SCREENS.md").write_text(index(), "utf-8")
    for path in TARGET.glob("*.png"):
        if path.stem not in dict(screens):
            path.unlink()
    if missed:
        print(f"not made: {', '.join(missed)}", flush=True)
    return len(missed)


if __name__ == "__main__":
    raise SystemExit(min(main(), 1))
