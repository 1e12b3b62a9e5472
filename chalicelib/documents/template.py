"""Where the form's data is: one folder of `pdf_templates/` per version, read as package data.

`pdf_templates` lies at the top of the repository and, through the link in `vendor/`, at the top of the Lambda zip:
both are where `chalicelib` itself is imported from, so it is a namespace package in either place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

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
