"""Layout of our form for a reader: places of blocks and labels, from the data in `pdf_templates/`.

Units are mm from the top left corner. The reader recognises the form by its words (ANCHORS). Everything else on a page
is identified by its place. The place is inside a block, inside a band between blocks, or where people write by hand
(blocks 14 and 15, the seal).

`pdf_templates` has one folder for each version of the form, read as package data. It is at the top of the repository
and, through the link in `vendor/`, at the top of the Lambda zip. `chalicelib` is imported from both places, so
`pdf_templates` is a namespace package in either.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from chalicelib.platform import country_folder

CURRENT = "cites_v1"

MM = 72 / 25.4  # points

WORKING = ("en", "fr")  # working languages of the Convention: a form must have one of them (Conf. 12.3)


@dataclass(frozen=True, slots=True)
class Box:
    """Rectangle of one block's value: mm from the top left corner of the page, sizes in points."""

    x: float
    y: float
    w: float
    h: float
    size: float
    least: float
    bold: bool = False
    align: str = "left"


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One version of the form for one country.

    `layout`: the content of layout.toml. `texts`: label -> its words in English, in French, then in each language of
    the country that has them.
    """

    boxes: Mapping[str, Box]
    layout: Mapping[str, Any]
    texts: Mapping[str, tuple[str, ...]]


@cache
def load(version: str = CURRENT, languages: tuple[str, ...] = (), state: tuple[str, ...] = ()) -> Template:
    """The template of this version, the same object for the same arguments.

    `state`: the country's name as printed at the head. Raises `FileNotFoundError` if the version did not ship.
    """
    folder = files("pdf_templates").joinpath(version)
    layout = tomllib.loads(folder.joinpath("layout.toml").read_text("utf-8"))
    texts = tomllib.loads(folder.joinpath("texts.toml").read_text("utf-8"))
    boxes = {name: Box(**fields) for name, fields in layout["blocks"].items()}
    said = {
        label: tuple(words[each] for each in (*WORKING, *languages) if each in words) for label, words in texts.items()
    }
    return Template(boxes, layout, {**said, "state": state})


VERSION = "cites_v1"

ANCHORS = ("box2", "box3", "box4", "box13", "box15")  # far apart, each once on a page

ASCENT = 0.88  # share of the size from the top of a box or label to its first baseline; accented capitals fit

HANDWRITTEN = frozenset(
    {"14", "15", "foot", "page"}
)  # below block 13: people write and stamp here, so it is no overlay

UNRULED = frozenset({"number", "check", "address"})  # beside the code: their text is compared, but they are no blocks

FORM_END = 244.0  # mm: the upper rule of block 14

BANDS = (("1-2", 29.0), ("3-4", 59.0), ("5-6", 94.0), ("7-12", 192.0), ("13", FORM_END))  # band, its lower end in mm


@dataclass(frozen=True, slots=True)
class Rect:
    """Rectangle in mm from the top left corner of the form."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def meets(self, other: Rect, slack: float) -> bool:
        """True if the rectangles overlap by more than `slack`."""
        return (
            other.left < self.right - slack
            and other.right > self.left + slack
            and other.top < self.bottom - slack
            and other.bottom > self.top + slack
        )


ASTRAY = 4.0  # mm that a label may be out of place: earlier forms had it elsewhere

WRAPPED = 12.0  # mm, most that the last line of a wrapped label is below its first line

FRAME = Rect(9.0, 7.0, 201.0, 283.0)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A printed label without white space, and the start of its first letter's baseline."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """A printed English label, without white space: `parts` is the whole label, or its words if it is wrapped.

    The first letter of a part may be between `left` and `right`, with its baseline from `top` to `bottom` (mm).
    """

    parts: tuple[str, ...]
    left: float
    right: float
    top: float
    bottom: float
    band: str


@dataclass(frozen=True, slots=True)
class FormLayout:
    """Places of everything printed on the form.

    `ruled`: blocks 1-13. `rows`: for each whole mm from the top, the blocks that reach into it. `letters`: for the form
    of each country, band -> count of each ASCII letter and digit that belongs outside the blocks.
    """

    width: float
    height: float
    blocks: Mapping[str, Rect]
    ruled: Mapping[str, Rect]
    rows: Sequence[Sequence[tuple[str, Rect]]]
    anchors: tuple[Anchor, ...]
    labels: tuple[Label, ...]
    letters: Sequence[Mapping[str, Counter[str]]]

    def block_at(self, x: float, y: float) -> str | None:
        """The block that contains this point."""
        if not 0 <= y < len(self.rows):
            return None
        return next((name for name, rect in self.rows[int(y)] if rect.holds(x, y)), None)


@cache
def form_layout() -> FormLayout:
    """The layout of the current form. Raises `FileNotFoundError` if it did not ship."""
    folder = files("pdf_templates").joinpath(VERSION)
    layout = tomllib.loads(folder.joinpath("layout.toml").read_text("utf-8"))
    texts = tomllib.loads(folder.joinpath("texts.toml").read_text("utf-8"))
    blocks = {
        name: Rect(box["x"], box["y"], box["x"] + box["w"], box["y"] + box["h"])
        for name, box in layout["blocks"].items()
    }
    labels = layout["labels"]
    anchors = []
    for name in ANCHORS:
        place = labels[name]
        baseline = place["y"] + ASCENT * place["size"] * 25.4 / 72
        anchors.append(Anchor("".join(texts[name]["en"].split()), place["x"], baseline))
    letters = [
        _letters(
            layout,
            texts,
            (*country_folder.FOREIGN_LANGUAGES, *country_folder.languages(country)),
            country_folder.state(country),
        )
        for country in country_folder.countries()
    ]
    page = layout["page"]
    slices = [
        [(name, rect) for name, rect in blocks.items() if rect.top < y + 1 and rect.bottom >= y]
        for y in range(page["height"])
    ]
    ruled = {name: rect for name, rect in blocks.items() if name not in HANDWRITTEN | UNRULED}
    return FormLayout(
        page["width"], page["height"], blocks, ruled, slices, tuple(anchors), tuple(_labels(layout, texts)), letters
    )


def _labels(layout: Mapping[str, Any], texts: Mapping[str, Mapping[str, str]]) -> Iterator[Label]:
    for name, place in layout["labels"].items():
        band = band_at(place["y"])
        if band is not None and name in texts:
            top = place["y"] + ASCENT * place["size"] * 25.4 / 72
            words, wrapped = texts[name]["en"].split(), place.get("lines", False)
            parts, bottom = (words, top + WRAPPED) if wrapped else (["".join(words)], top)
            yield Label(
                tuple(parts), place["x"] - ASTRAY, place["x"] + place["w"] + ASTRAY, top - ASTRAY, bottom + ASTRAY, band
            )


def _letters(
    layout: Mapping[str, Any], texts: Mapping[str, Mapping[str, str]], languages: Iterable[str], state: Iterable[str]
) -> Mapping[str, Counter[str]]:
    """Band -> count of each character (`counted`) in the printed words of one country's form."""
    letters: dict[str, Counter[str]] = {name: Counter() for name, _ in BANDS}
    letters["1-2"].update("CITES")
    said = {name: [words[each] for each in languages if each in words] for name, words in texts.items()}
    said["state"] = list(state)
    for name, place in layout["labels"].items():
        band = band_at(place["y"])
        if band is not None:
            letters[band].update(char for text in said[name] for char in text if counted(char))
    for name in layout["rows"].keys() - {"pitch", "top"}:
        letters["7-12"].update(char for char in texts[name]["en"] * 4 if counted(char))
    return letters


def band_at(y: float) -> str | None:
    """The band of the form at this height, or None where people write by hand."""
    return next((name for name, end in BANDS if y < end), None)


def framed(x: float, y: float) -> bool:
    """True if a point is inside the outer rule of the form. A browser prints its own text outside."""
    return FRAME.holds(x, y)


def counted(char: str) -> bool:
    """True if a character could be read as a number or a word that somebody added."""
    return char.isascii() and char.isalnum()
