"""Cards that describe the goods of each sheet, and the trainer's key: A4, in Kyrgyz, Russian and English."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from chalicelib.issuing.print.typeset import SANS, sans
from local.door import WEB
from local.web_catalogues import translated

LANGUAGES = ("ky", "ru", "en")
WIDTH, HEIGHT = A4
DECISIONS = {"release": "Let it go", "refuse": "Do not let it go", "ask": "Cannot tell: ask"}
SHEETS = WEB / "training" / "sheets.json"

type Said = Callable[[str, str], str]  # English text, language -> translation


def sheets() -> list[dict[str, Any]]:
    """Rows of the sheets in order of their numbers: sheet, decision, goods, why. Texts are English."""
    found: list[dict[str, Any]] = json.loads(SHEETS.read_text("utf-8"))
    return found


def catalogue() -> Said:
    texts: Mapping[str, Mapping[str, str]] = {each: translated("training", each) for each in LANGUAGES}
    return lambda text, language: texts[language].get(text, text)


def goods_cards(rows: Sequence[Mapping[str, Any]], said: Said) -> bytes:
    """Goods cards, four to a page, to cut apart and lay beside the sheet with the same number."""
    canvas, out = _canvas("Tamga workshop: goods")
    for index, row in enumerate(rows):
        place = index % 4
        if index and not place:
            canvas.showPage()
        x, y = (place % 2) * WIDTH / 2, HEIGHT - (place // 2 + 1) * HEIGHT / 2
        canvas.setLineWidth(0.4)
        canvas.rect(x + 4 * mm, y + 4 * mm, WIDTH / 2 - 8 * mm, HEIGHT / 2 - 8 * mm)
        canvas.setFont(SANS, 30)
        canvas.drawString(x + 10 * mm, y + HEIGHT / 2 - 20 * mm, str(row["sheet"]))
        top = y + HEIGHT / 2 - 32 * mm
        for language in LANGUAGES:
            top = _text(canvas, said(row["goods"], language), x + 10 * mm, top, WIDTH / 2 - 20 * mm, 16) - 6 * mm
    canvas.save()
    return out.getvalue()


def key(rows: Sequence[Mapping[str, Any]], said: Said, numbers: Mapping[int, str]) -> bytes:
    """The trainer's key: the right decision for each sheet, with its reason. `numbers`: sheet -> number on paper."""
    canvas, out = _canvas("Tamga workshop: key")
    left, wide = 18 * mm, WIDTH - 36 * mm
    head = " · ".join(said("For the trainer", language) for language in LANGUAGES)
    top = _text(canvas, head, left, HEIGHT - 15 * mm, wide, 14) - 6 * mm
    for row in rows:
        parts = [(f"{row['sheet']}   {numbers.get(row['sheet'], '')}", 12)]
        for language in LANGUAGES:
            decision = said(DECISIONS[row["decision"]], language)
            parts.append((f"{decision}. {said(row['why'], language)}", 9))
        needed = sum(len(_wrapped(text, wide, size)) * size * 1.35 for text, size in parts) + 8 * mm
        if top - needed < 15 * mm:
            canvas.showPage()
            top = HEIGHT - 20 * mm
        for text, size in parts:
            top = _text(canvas, text, left, top, wide, size) - 1 * mm
        top -= 5 * mm
    canvas.save()
    return out.getvalue()


def numbered(number: int, size: tuple[float, float]) -> bytes:
    """A page with the sheet's number in its upper left corner, to overlay on a print."""
    canvas, out = _canvas("", size)
    canvas.setFont(SANS, 8)
    canvas.drawString(6 * mm, size[1] - 7 * mm, str(number))
    canvas.save()
    return out.getvalue()


def slip(number: int, permit: str) -> bytes:
    """A cover slip to clip to a sealed original: the sheet's number and the permit's number."""
    canvas, out = _canvas(f"Tamga workshop: sheet {number}")
    canvas.setFont(SANS, 90)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 60 * mm, str(number))
    canvas.setFont(SANS, 14)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 75 * mm, permit)
    canvas.save()
    return out.getvalue()


def _canvas(title: str, size: tuple[float, float] = A4) -> tuple[Canvas, io.BytesIO]:
    sans()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    canvas.setTitle(title)
    return canvas, out


def _text(canvas: Canvas, text: str, x: float, top: float, wide: float, size: float) -> float:
    """Draw wrapped text and return the y below its last line."""
    canvas.setFont(SANS, size)
    for line in _wrapped(text, wide, size):
        top -= size * 1.35
        canvas.drawString(x, top, line)
    return top


def _wrapped(text: str, wide: float, size: float) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and sans().stringWidth(longer, size) > wide:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]
