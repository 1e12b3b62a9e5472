"""Make the form's fonts from the variable font in `fontpkg-noto-sans` (SIL OFL 1.1), at set-up and in `make package`.

    python -m local.fonts      write them into chalicelib/data/fonts/

1. Subset: every letter, without the tables that only a typesetting program reads.
2. Static instances: Regular and Bold.
3. Outlines of the microtext's letters as PDF operators, in thousandths of the font's size.

The output has the same bytes each time.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from chalicelib.issuing.print.typeset import FOLDER, MICROTEXT_LETTERS, OUTLINES

SOURCE = ("files", "NotoSans[wdth,wght].ttf")
WEIGHTS = {"Regular": 400, "Bold": 700}  # OpenType `wght`
UNUSED = ["GDEF", "GPOS", "GSUB", "STAT", "gasp"]


class OperatorPen(BasePen):  # type: ignore[misc]
    """Pen that collects outlines as path operators (ISO 32000-1, 8.5.2): [operator, x, y, ...], whole numbers only."""

    def __init__(self, glyphs: Any, unit: float) -> None:
        super().__init__(glyphs)
        self.unit = unit
        self.path: list[list[str | int]] = []

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        self.path.append([operator, *(round(value * self.unit) for point in points for value in point)])

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self._add("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self._add("l", pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:
        self._add("c", pt1, pt2, pt3)

    def _closePath(self) -> None:
        self._add("h")


def instance(weight: int) -> TTFont:
    """A static font of this weight: steps 1 and 2."""
    with as_file(files("fontpkg_noto_sans").joinpath(*SOURCE)) as path:
        font = TTFont(path, recalcTimestamp=False, lazy=False)
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"])
    reduced = subset.Subsetter(options)
    reduced.populate(unicodes=font.getBestCmap())
    reduced.subset(font)
    made = instancer.instantiateVariableFont(font, {"wght": weight, "wdth": 100}, updateFontNames=True)
    for table in UNUSED:
        if table in made:
            del made[table]
    return made


def outlines(font: TTFont) -> dict[str, list[Any]]:
    """Step 3: letter -> [width, path]."""
    glyphs, names, unit = font.getGlyphSet(), font.getBestCmap(), 1000 / font["head"].unitsPerEm
    found: dict[str, list[Any]] = {}
    for letter in MICROTEXT_LETTERS:
        pen = OperatorPen(glyphs, unit)
        glyphs[names[ord(letter)]].draw(pen)
        found[letter] = [round(glyphs[names[ord(letter)]].width * unit), pen.path]
    return found


def make(folder: Path = FOLDER) -> None:
    """Write all files, each as a whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, weight in WEIGHTS.items():
        font, out = instance(weight), BytesIO()
        font.save(out)
        if name == "Regular":
            _write(folder / OUTLINES, json.dumps(outlines(font), separators=(",", ":")).encode())
        _write(folder / f"{name}.ttf", out.getvalue())


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def made(folder: Path = FOLDER) -> bool:
    """True if all files exist."""
    return all((folder / name).exists() for name in (OUTLINES, *(f"{each}.ttf" for each in WEIGHTS)))


if __name__ == "__main__":
    make()
    print(f"Made {len(WEIGHTS)} fonts", file=sys.stderr)
