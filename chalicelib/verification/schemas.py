"""Request models and response schemas of verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.http.requests import Code, DayText, Direction, Model, Text
from chalicelib.http.schema_parts import ANYTHING, NUMBER, TEXT, listed, members, one_of
from chalicelib.token.qr_text import TEXT_AT_MOST, edge_strip
from chalicelib.verdict.border_rules import Place
from chalicelib.verification.services.verify import OTHER_PAGES_AT_MOST

_SIGNED_LINE = members(
    {
        "scientific_name": TEXT,
        "appendix": one_of(("0", "I", "II", "III")),
        "source": TEXT,
        "term": TEXT,
        "quantity": TEXT,
    },
    {
        "line": TEXT,
        "unit": TEXT,
        "marks": TEXT,
        "marks_digest": members({"count": NUMBER, "digest": TEXT}),
        "origin": ANYTHING,
        "last_reexport": ANYTHING,
        "operation_or_acquisition": TEXT,
    },
)

_SIGNED_PARTY = members({"name": TEXT, "country": TEXT})

_DIFFERENCES = listed(members({"block": TEXT, "signed": TEXT, "printed": TEXT}))  # F5; `printed` is unverified


def trimmed_pages(pages: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(edge_strip(page) for page in pages or ())


# A text above the limit of FORMAT.md 2 still gets a verdict; above four times the limit it is refused.
QrText = Annotated[str, StringConstraints(min_length=1, max_length=4 * TEXT_AT_MOST)]

Pages = Annotated[list[QrText], Field(max_length=OTHER_PAGES_AT_MOST)]


class Verify(Model):
    """Body of a verification by code.

    `same_goods`: the answer to U5 or U1, where the verdict asks whether these are the goods that were endorsed then.
    """

    qr: QrText
    other_pages: Pages | None = None
    direction: Direction | None = None
    same_goods: bool | None = None

    def place(self) -> Place:
        return Place(self.direction or "none", same_goods=self.same_goods)


class PlaceQuery(Model):
    """Direction and `same_goods` as a query."""

    direction: Direction | None = None
    same_goods: Literal["true", "false"] | None = None

    def place(self) -> Place:
        return Place(
            self.direction or "none", same_goods=None if self.same_goods is None else self.same_goods == "true"
        )


class NumberQuery(PlaceQuery):
    """Query of a verification by number.

    `code`: the check code printed beside the number. A permit on paper from before Tamga has none. Then everybody
    except an official sends `valid_until`, the day in its box 2.
    """

    number: Text
    code: Code | None = None
    valid_until: DayText | None = None
