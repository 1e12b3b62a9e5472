"""`make films`: record the films of /training/ on the real pages in each language, with captions in all.

A film is a function of actions (acts.py, paperwork.py); its captions are in web/training/films.json. A changed page
makes its film fail here, so no film goes out of date. Select some: `make films ONLY="hold apply" LANGUAGES=ky`.
"""

from __future__ import annotations

import io
import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import acts
import paperwork
from browsing import Site
from desk import issued
from filming import in_view, sheet
from ministry import serving
from playwright.sync_api import Playwright, sync_playwright
from recording import Reel, vtt

from local.browser import CHROMIUM
from local.door import WEB
from local.web_catalogues import content, translated

FILMS = WEB / "training" / "films"
LANGUAGES = ("ky", "ru", "en")
PHONE, DESK = {"width": 412, "height": 732}, {"width": 1280, "height": 720}


@dataclass(frozen=True)
class Script:
    """Actions on the page of a door. `token`: the signed-in user, or empty if the film shows the sign-in."""

    act: Callable[[Reel, Site], None]
    door: str = "scan"
    token: str = ""
    wide: bool = False


SCRIPTS: Mapping[str, Script] = {
    "first-scan": Script(acts.first_scan), "endorse": Script(acts.endorsing), "used-already": Script(acts.used_already),
    "hold": Script(acts.held), "apply": Script(paperwork.applying, "exporter", "applicant"),
    "issue": Script(paperwork.issuing, "desk", "preparer", wide=True),
}  # fmt: skip


def captions(film: Mapping[str, Any], language: str) -> list[str]:
    said = translated("training", language)
    return [said.get(text, text) for text in film["captions"]]


def record(playwright: Playwright, site: Site, film: Mapping[str, Any], language: str) -> Reel:
    """Record a film in a browser of its own, whose camera shows a permit."""
    script = SCRIPTS[film["name"]]
    with tempfile.TemporaryDirectory() as scratch:
        video = Path(scratch) / "camera.mjpeg"
        jpeg = io.BytesIO()
        in_view(sheet(issued())).save(jpeg, "JPEG", quality=92)
        video.write_bytes(jpeg.getvalue() * 3)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ])  # fmt: skip
        try:
            size = DESK if script.wide else PHONE
            page = browser.new_context(locale=language, viewport=size, permissions=["camera"]).new_page()  # type: ignore[arg-type]
            site.office.publish_due()
            page.clock.set_fixed_time(site.office.now)
            page.goto(f"{site.address}/{script.door}/")
            if script.token:
                page.evaluate("(token) => sessionStorage.setItem('tamga.token', token)", script.token)
                page.reload()
            page.locator("h1").first.wait_for()
            letters = [
                max(len(text) for text in each)
                for each in zip(*(captions(film, each) for each in LANGUAGES), strict=True)
            ]
            reel = Reel(page, letters, content(script.door, language)["texts"], script.wide)
            script.act(reel, site)
            reel.end()
            return reel
        finally:
            browser.close()


def main() -> None:
    logging.getLogger("tamga").setLevel(logging.ERROR)
    FILMS.mkdir(exist_ok=True)
    with sync_playwright() as started:
        wanted, languages = (set(os.environ.get(name, "").split()) for name in ("ONLY", "LANGUAGES"))
        for film in json.loads((WEB / "training" / "films.json").read_text("utf-8")):
            if wanted and film["name"] not in wanted:
                continue
            for language in LANGUAGES:
                if languages and language not in languages:
                    continue
                with serving() as site:
                    reel = record(started, site, film, language)
                seconds = reel.write(FILMS, film["name"], language)
                for track in LANGUAGES:
                    texts = vtt(reel.cues(), captions(film, track), wide=reel.wide)
                    (FILMS / f"{film['name']}.{language}.{track}.vtt").write_text(texts, "utf-8")
                print(f"{film['name']}.{language}: {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
