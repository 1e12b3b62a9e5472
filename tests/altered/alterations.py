"""Fifteen classes of altered file: forgeries made from a genuine print for two birds.

CLASSES: class -> its cases, the permitted codes, the required codes. For pictures and files saved by another program
only the code can be confirmed (D1), and nobody is accused.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from altered.editing import as_picture, edited
from altered.of_pages import ATTACHED, CODES, COVERED, FIELDS, FONTS, LAYERS, MERGED, NOTES, TEXTS, forged_picture
from altered.of_seals import GAP, REVISIONS, SEALS, SHADOW, Makers
from altered.specimens import two

from local.browser import CHROMIUM

PICTURES: Makers = {
    **{f"photocopy at {dpi} dpi": (lambda dpi=dpi: as_picture(two(), dpi)) for dpi in (100, 150, 200, 300)},
    **{f"png at {dpi} dpi": (lambda dpi=dpi: as_picture(two(), dpi, "PNG")) for dpi in (100, 150, 300)},
    **{f"jpeg at {dpi} dpi": (lambda dpi=dpi: as_picture(two(), dpi, "JPEG", quality=50)) for dpi in (100, 200)},
    "a forged picture": lambda: _saved(forged_picture()),
}


def _saved(picture: Any) -> bytes:
    out = BytesIO()
    picture.save(out, "PDF", resolution=200)
    return out.getvalue()


# --- other programs ---------------------------------------------------------------------------------------------------


def program(*command: str) -> Callable[[], bytes]:
    """Save through another program; `in.pdf` and `out.pdf` are in a temporary folder."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "in.pdf").write_bytes(two())
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
            return (Path(folder) / "out.pdf").read_bytes()

    return make


def browser() -> bytes:
    """Print through a browser: the page as SVG, printed to PDF by Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.pdf").write_bytes(two())
        subprocess.run(("pdftocairo", "-svg", "in.pdf", "page.svg"), cwd=folder, check=True, timeout=120)
        (Path(folder) / "page.html").write_text(
            '<style>@page{size:A4;margin:0}body{margin:0}img{width:210mm;height:297mm;display:block}</style>'
            '<img src="page.svg">'
        )  # fmt: skip
        subprocess.run(
            (CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--user-data-dir={folder}/profile", f"--print-to-pdf={folder}/out.pdf", f"file://{folder}/page.html"),
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return (Path(folder) / "out.pdf").read_bytes()


RESAVED: dict[str, Callable[[], bytes]] = {
    "pikepdf": lambda: edited(two(), lambda pdf: None),
    "pikepdf, linearized": lambda: edited(
        two(), lambda pdf: None, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate),
}  # fmt: skip
if shutil.which("pdftocairo"):
    RESAVED["poppler"] = program("pdftocairo", "-pdf", "in.pdf", "out.pdf")
if shutil.which("gs"):
    RESAVED["Ghostscript"] = program("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sOutputFile=out.pdf",
                                     "in.pdf")  # fmt: skip
if CHROMIUM and shutil.which("pdftocairo"):
    RESAVED["Chromium's print"] = browser

D1, F5, D3 = {"D1"}, {"D1", "F5"}, {"D1", "D3", "F5", "D2"}
# class -> cases, the permitted codes, the required codes
CLASSES: Mapping[str, tuple[Makers, set[str], set[str]]] = {
    "incremental update": (REVISIONS, F5, D1),
    "shadow: hide, replace": (SHADOW, F5 | {"T4"}, set()),
    "byte range": (GAP, D1, D1),
    "sealed by another": (SEALS, F5, D1),
    "form fields": (FIELDS, F5, D1),
    "annotations": (NOTES, F5, F5),
    "optional-content layers": (LAYERS, F5, D1),
    "text edited in place": (TEXTS, F5, F5),
    "fonts that draw other glyphs": (FONTS, F5, D1),
    "a picture over the text": (COVERED, F5, D1),
    "code replaced": (CODES, D3 | {"T4"}, set()),
    "attachments swapped": (ATTACHED, D1, D1),
    "two permits merged": (MERGED, D3, D1),
    "photocopies and pictures": (PICTURES, D1, D1),
    "saved by another program": (RESAVED, D1, D1),
}
