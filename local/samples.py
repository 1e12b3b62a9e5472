"""Write samples: the print of every seeded permit as PDF, and each of its pages as a picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from local.client import Client
from local.desk import default_person
from local.ministry import Story

DPI = 110  # at this resolution a page fits a screen and its QR code is readable
ISSUED = {"issued", "lost", "revoked", "suspended", "replaced"}


def printed(stories: Sequence[Story]) -> int:
    """The number of stories that end with a print."""
    return sum(story.ends in ISSUED for story in stories)


def write(
    client: Client, stories: Sequence[Story], made: dict[str, str], folder: Path, say: Callable[[str], None]
) -> None:
    """Write the samples. `made`: story -> permit id. `say` is called with each story's name first.

    Existing files are overwritten.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for story in (story for story in stories if story.ends in ISSUED):
        say(story.name)
        name = re.sub(r"[^a-z]+", "-", story.name.lower()).strip("-")
        data = client.pdf(default_person("preparer"), f"/v1/permits/{made[story.name]}/pdf")
        (folder / f"{name}.pdf").write_bytes(data)
        draw(data, folder / name)


def draw(data: bytes, stem: Path) -> None:
    """Draw the pages as `stem`-1.png and so on."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for number, page in enumerate(document, start=1):
            page.render(scale=DPI / 72).to_pil().save(stem.with_name(f"{stem.name}-{number}.png"))
