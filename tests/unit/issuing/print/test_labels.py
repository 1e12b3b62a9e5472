"""Room for the labels of the form in the languages of every country."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.issuing.print import form_face
from chalicelib.issuing.print.form_face import Pen
from chalicelib.issuing.print.typeset import width
from chalicelib.platform import country_folder
from chalicelib.reading.form_layout import ASCENT, CURRENT, MM, load


class Drawn(Pen):
    """Rectangles of the labels: (left, top, right, bottom) in mm, from the top of capitals to below descenders."""

    def __init__(self) -> None:
        self.rects: list[tuple[float, float, float, float]] = []

    def line(self, x: float, y: float, text: str, size: float, *, bold: bool = False, ink: Any = None) -> None:
        self.rects.append((x, y, x + width(text, bold=bold) * size / MM, y + (ASCENT + TAIL) * size / MM))


TAIL = 0.22  # of the size: descent of p and у below the line


@pytest.mark.parametrize("country", ["KG", "UZ"])
def test_labels_overlap_no_rule_value_or_other_label(country: str) -> None:
    """A label has English, French and the two languages of the country in one box."""
    template = load(CURRENT, country_folder.languages(country), country_folder.state(country))
    stood: dict[str, list[tuple[float, float, float, float]]] = {}
    for key, place in template.layout["labels"].items():
        drawn = Drawn()
        form_face._label(drawn, template.texts[key], place)
        stood[key] = drawn.rects
    rules = [rule for kind in ("heavy", "light", "fine", "dashed") for rule in template.layout["rules"][kind]]
    values = [(box.x, box.y, box.x + box.w, box.y + box.h) for name, box in template.boxes.items() if name != "14"]
    for key, rects in stood.items():
        others = [rect for name, found in stood.items() if name != key for rect in found]
        for left, top, right, bottom in rects:
            for x1, y1, x2, y2 in [*rules, *values, *others]:
                assert not (x1 < right and x2 > left and y1 < bottom and y2 > top), (key, (x1, y1, x2, y2), bottom)
