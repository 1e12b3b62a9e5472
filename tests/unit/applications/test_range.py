"""Wild goods from outside the native range of their taxon: a stop far outside a certain one, else a warning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from kinds import APPLICATIONS

from chalicelib.applications.rules import check
from chalicelib.applications.rules.range import range_warnings
from chalicelib.record.permit import Application, Line, SourceDocument
from chalicelib.species.model.listing import Listing, Population, Taxon


def taxon(name: str, states: str, *, sure: bool = True, **fields: Any) -> Taxon:
    return Taxon(name, 2, "Animalia", range_states=frozenset(states.split()), range_sure=sure, source="CITES", **fields)


LISTING = Listing(
    [
        taxon("Psittacus erithacus", "AO CD CG CI CM GA GH GN KE NG RW TZ UG"),
        taxon("Falco cherrug", "AF CN KG KZ MN RU"),
        taxon("Otis steppensis", "KZ RU"),
        taxon("Rana rara", "GA", sure=False),
        taxon("Avis ignota", ""),
        taxon("Psittacus", "GA", rank="genus"),
        taxon("Macaca fascicularis", "ID TH", introduced=frozenset({"MU"})),
        replace(taxon("Psittacula krameri", "IN"), appendix=0),
        taxon("Pecari tajacu", "BR", population=Population(0, frozenset({"US"}), 2)),
    ],
    as_of="2026-03-05",
)
BIRD = Line("Psittacus erithacus", "Bird", "Live bird", "ring 1", source="W", term="LIV", quantity="1")


def both(kind: str = "E", **changes: Any) -> list[str]:
    """Codes of the stops, then of the warnings, about the range of the line."""
    return codes(replace(APPLICATIONS[kind], lines=(replace(BIRD, **changes),)))


def codes(application: Application) -> list[str]:
    errors = check.check(application, LISTING, today=date(2026, 11, 25), issuer="KG")
    stops = [each.code for each in errors if each.code == "out_of_range" and each.overridable]
    return stops + [each.code for each in range_warnings(application, 0, LISTING, "KG")]


@pytest.mark.parametrize("source", ["W", "R", "U", "I", "IW"])
def test_wild_parrot_from_here_is_stopped(source: str) -> None:
    assert both(source=source) == ["out_of_range"]


@pytest.mark.parametrize("source", ["C", "F", "D", "O", "X", "IC"])
def test_bred_or_old_parrot_from_here_passes(source: str) -> None:
    assert both(source=source) == []


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("Falco cherrug", None, []),
        ("Falco cherrug", "KG", []),
        ("Falco cherrug", "UZ", ["range"]),  # certain, but its neighbours have it
        ("Otis steppensis", None, ["range"]),
        ("Rana rara", None, ["range"]),  # far, but the range is not certain
        ("Avis ignota", None, []),
        ("Nomen nullum", None, []),
        ("Psittacus erithacus", "XX", []),
        ("Psittacus erithacus", "ZZ", []),
        ("Psittacus erithacus", "CM", []),
        ("Psittacus erithacus", "DE", ["out_of_range"]),
        ("Psittacus erithacus x Falco cherrug", None, []),
        ("Macaca fascicularis", "MU", ["range"]),  # introduced there
        ("Macaca fascicularis", "ZA", ["out_of_range"]),
        ("Psittacula krameri", "GB", []),  # not listed
        ("Pecari tajacu", "US", []),  # not listed from there
        ("Pecari tajacu", "ZA", ["out_of_range"]),
    ],
)
def test_origin_is_compared_with_the_range_states(name: str, origin: str | None, expected: list[str]) -> None:
    assert both(scientific_name=name, origin=SourceDocument(origin) if origin else None) == expected


@pytest.mark.parametrize("kind", ["R", "OW", "OT"])
def test_document_for_goods_from_elsewhere_is_judged_by_its_block_12_only(kind: str) -> None:
    assert both(kind) == []
    assert both(kind, origin=SourceDocument("DE", "1", "2026-01-02")) == ["out_of_range"]


@pytest.mark.parametrize(
    ("exporter", "origin", "expected"),
    [
        ("KZ", None, ["range"]),  # never a stop: the goods may only pass through the exporter's country
        ("CM", None, []),
        (None, None, []),
        ("KZ", "CM", []),
        ("CM", "KZ", ["out_of_range"]),
        ("KZ", "XX", []),
    ],
)
def test_import_without_an_origin_is_compared_with_the_exporter(
    exporter: str | None, origin: str | None, expected: list[str]
) -> None:
    application = APPLICATIONS["I"]
    line = replace(BIRD, origin=SourceDocument(origin) if origin else None)
    party = replace(application.exporter, country=exporter)
    application = replace(application, lines=(line,), exporter=party)
    assert codes(application) == expected


def test_stop_names_the_range_states_and_the_taxon() -> None:
    application = replace(APPLICATIONS["E"], lines=(BIRD,))
    errors = check.check(application, LISTING, today=date(2026, 11, 25), issuer="KG")
    (error,) = [each for each in errors if each.code == "out_of_range"]
    assert error.field == "lines[0].origin.country"
    assert error.stop is not None
    assert (error.stop.limited_by, error.stop.limit) == ("Psittacus erithacus", "KG")
    assert "Kyrgyzstan is outside the native range of Psittacus erithacus" in error.detail
    assert error.detail.count(",") >= 8
    assert "and more" in error.detail
