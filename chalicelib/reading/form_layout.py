"""Where the blocks and the printed words of our form stand, as a reader needs them: data of `pdf_templates/`.

Millimetres from the top left corner. A reader knows the form by its words (ANCHORS), and everything else on a page by
its place: inside a block, inside a band between blocks, or where people write by hand (blocks 14 and 15, the seal).

Where the form's data is: one folder of `pdf_templates/` per version, read as package data.

`pdf_templates` lies at the top of the repository and, through the link in `vendor/`, at the top of the Lambda zip:
both are where `chalicelib` itself is imported from, so it is a namespace package in either place.
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

WORKING = ("en", "fr")  # languages of the Convention, one of which a form must speak (Conf. 12.3)


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle of one block's value: mm from the page's top left corner, sizes in points."""

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
    """One version of the form, for one country. `layout`: layout.toml as it is; `texts`: label -> its words in
    English, in French, then in each of the country's languages that has them.
    """

    boxes: Mapping[str, Box]
    layout: Mapping[str, Any]
    texts: Mapping[str, tuple[str, ...]]


@cache
def load(version: str = CURRENT, languages: tuple[str, ...] = (), state: tuple[str, ...] = ()) -> Template:
    """The template of this version, one object for the same arguments. `state`: the country's name as it stands at
    the head. Raises `FileNotFoundError` if it did not ship.
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

ASCENT = 0.88  # of the size: from the top of a box or label to its first baseline; capitals with their marks fit

HAND = frozenset({"14", "15", "foot", "page"})  # below block 13: written on, stamped over, never an overlay

UNRULED = frozenset({"number", "check", "address"})  # beside the code: text is compared, but it is no block

FORM_END = 244.0  # mm: the upper rule of block 14

BANDS = (("1-2", 29.0), ("3-4", 59.0), ("5-6", 94.0), ("7-12", 192.0), ("13", FORM_END))  # each down to its mm


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in mm from the top left corner of the form."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def meets(self, other: Rect, slack: float) -> bool:
        """Whether they overlap by more than `slack`."""
        return (
            other.left < self.right - slack
            and other.right > self.left + slack
            and other.top < self.bottom - slack
            and other.bottom > self.top + slack
        )


ASTRAY = 4.0  # mm that a label may stand elsewhere: the form was moved about before

WRAPPED = 12.0  # mm that the last line of a wrapped label stands lower than its first, at most

FRAME = Rect(9.0, 7.0, 201.0, 283.0)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A printed label without white space, and where its first letter's baseline starts."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label in English, each of its parts without white space: all of it, or its words where it is wrapped.
    Where a part's first letter may stand (mm): between `left` and `right`, its baseline from `top` to `bottom`."""

    parts: tuple[str, ...]
    left: float
    right: float
    top: float
    bottom: float
    band: str


@dataclass(frozen=True, slots=True)
class FormLayout:
    """`ruled`: the blocks 1-13. `rows`: for each whole mm from the top, the blocks that reach into it. `letters`: of
    each country's form, for each band, how often each ASCII letter and digit belongs there outside the blocks."""

    width: float
    height: float
    blocks: Mapping[str, Rect]
    ruled: Mapping[str, Rect]
    rows: Sequence[Sequence[tuple[str, Rect]]]
    anchors: tuple[Anchor, ...]
    labels: tuple[Label, ...]
    letters: Sequence[Mapping[str, Counter[str]]]

    def block_at(self, x: float, y: float) -> str | None:
        """The block that holds this point."""
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
            (*country_folder.STRANGERS, *country_folder.languages(country)),
            country_folder.state(country),
        )
        for country in country_folder.countries()
    ]
    page = layout["page"]
    slices = [
        [(name, rect) for name, rect in blocks.items() if rect.top < y + 1 and rect.bottom >= y]
        for y in range(page["height"])
    ]
    ruled = {name: rect for name, rect in blocks.items() if name not in HAND | UNRULED}
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
    """Of a country's form: for each band, how often each counted character stands there."""
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
    """The band of the form at this height; None where people write by hand."""
    return next((name for name, end in BANDS if y < end), None)


def framed(x: float, y: float) -> bool:
    """Whether a point lies inside the form's outer rule: what a browser prints in the margins does not."""
    return FRAME.holds(x, y)


def counted(char: str) -> bool:
    """Whether a character could be read as a number or a word that somebody added."""
    return char.isascii() and char.isalnum()
