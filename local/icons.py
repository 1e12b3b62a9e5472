"""`python -m local.icons`: draw the scanner's home-screen icons as PNG, with Chromium, from web/scan/icon.svg.

Run it when the SVG changes. The pictures are in git.
"""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from local.browser import CHROMIUM
from local.door import WEB

SIZES = (192, 512)
FOLDER = WEB / "scan"


def main() -> None:
    picture = (FOLDER / "icon.svg").read_text("utf-8")
    with (
        sync_playwright() as started,
        started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{picture}")
            page.screenshot(path=FOLDER / f"icon-{size}.png")


if __name__ == "__main__":
    main()
