"""Names that the species list is not certain about, that are too broad, or whose listing leaves the goods out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from kinds import APPLICATIONS

from chalicelib.applications.rules import check, species, warnings
from chalicelib.kernel.errors import FieldError
from chalicelib.record.permit import Application, Line, SourceDocument
from chalicelib.requirements.model.requirements import Question
from chalicelib.requirements.services import find_requirements
from chalicelib.species.model.annotations import AnnotatedGoods, Coverage, Covered
from chalicelib.species.model.listing import Effect, Listing, Open, Restriction, Taxon, Unlisted
from chalicelib.species.services import list_in_use

TODAY = date(2026, 11, 25)
ANY: frozenset[str] = frozenset()


def taxon(name: str, appendix: int = 2, **fields: Any) -> Taxon:
    return Taxon(name, appendix, "Animalia", source="Appendices", **fields)


TAXA = (
    taxon("Mustelus canis", open=frozenset({Open.DELAY})),
    taxon("Colophon haughtoni", 3, open=frozenset({Open.PARTY, Open.WITHDRAWN})),
    taxon("Colophon cassoni", 3, open=frozenset({Open.PARTY})),
    taxon("Falco", rank="genus", family="Falconidae"),
    taxon("Falco cherrug", family="Falconidae"),
    taxon("Falco peregrinus", 1, family="Falconidae"),
    taxon("Hippocampus", rank="genus", family="Syngnathidae"),
    taxon("Hippocampus kuda", family="Syngnathidae"),
    taxon("Saiga tatarica", range_states=frozenset({"KZ", "MN", "RU"})),
    taxon("Stylophora", rank="genus", excepts=frozenset({"fossils"})),
    taxon("Bos grunniens", 0, unlisted=Unlisted("domestic", "", ("Bos mutus",))),
    taxon("Oryctolagus cuniculus", 0, unlisted=Unlisted("domestic", "")),
)


def restriction(effect: Effect, **fields: Any) -> Restriction:
    known = {"since": date(2019, 11, 26), "until": None, "reason": "Zero quota for exports", "source": "CoP18"}
    known |= {"taxon": "Saiga tatarica", "kinds": ANY, "sources": frozenset("W"), "purposes": frozenset("T")}
    return Restriction(**{**known, "origins": ANY, "effect": effect, "exported_before": True, **fields})


LISTING = Listing(
    TAXA,
    [
        restriction(Effect.STOP, except_origins=frozenset({"KZ"})),
        restriction(Effect.ASK, origins=frozenset({"KZ"}), since=date(2026, 3, 5)),
    ],
    as_of="2026-03-05",
)
GOODS = Line(description="goods", source="W", term="HOR", quantity="2")


def found(kind: str, name: str, **changes: Any) -> list[FieldError]:
    application = APPLICATIONS[kind]
    line = replace(GOODS, scientific_name=name, **changes)
    application = replace(application, lines=(line,), purpose="T", special_conditions="Seen")
    return list(check.check(application, LISTING, today=TODAY, issuer="KG"))


def stops(errors: list[FieldError]) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in errors if each.overridable]


def test_entry_that_is_not_certain_is_a_stop_with_its_reasons() -> None:
    errors = found("E", "Mustelus canis")
    assert stops(errors) == [("lines[0].scientific_name", "uncertain")]
    assert "delay" in errors[0].detail
    assert stops(found("OO", "Colophon haughtoni")) == [("lines[0].scientific_name", "uncertain")]


@pytest.mark.parametrize(("kind", "direction", "origin"), [("I", "import", "AE"), ("E", "export", "KG")])
def test_required_documents_and_submission_have_the_same_doubts(kind: str, direction: str, origin: str) -> None:
    """Each entry of the release that is not certain, and its genus: `ask_uncertain` exactly where `uncertain` stops."""
    listing = list_in_use.listing()
    open_ = {each.scientific_name for each in listing.taxa if each.open}
    asked = Question(None, direction, term="BOD", source="W", purpose="P", origin=origin)
    application = replace(APPLICATIONS[kind], purpose="P", special_conditions="Seen")
    for name in sorted(open_ | {each.split()[0] for each in open_}):
        line = replace(GOODS, scientific_name=name, term="BOD", origin=SourceDocument(origin))
        errors = check.check(replace(application, lines=(line,)), listing, today=TODAY, issuer="KG")
        found = find_requirements(name, asked, listing=listing, today=TODAY, issuer="KG").answer
        codes, reasons = {each.code for each in errors}, {each.code for each in found.reasons}
        if not codes & {"not_in_list", "name_too_broad", "not_covered"}:  # other reasons to ask, or to need no document
            assert ("uncertain" in codes) == ("ask_uncertain" in reasons), name
    assert open_


def test_country_of_an_appendix_iii_listing_matters_for_an_import() -> None:
    name = [("lines[0].scientific_name", "uncertain")]
    assert stops(found("OO", "Colophon cassoni")) == []
    assert stops(found("I", "Colophon cassoni")) == name


def test_certain_entry_is_no_stop() -> None:
    assert stops(found("E", "Hippocampus kuda", source="C")) == []


@pytest.mark.parametrize(
    ("name", "source", "term", "purpose", "stopped"),
    [
        ("Bos grunniens", "W", "HAI", "T", True),
        ("Bos grunniens", "R", "HAI", "T", True),
        ("Bos grunniens", "C", "TRO", "T", True),
        ("Bos grunniens", "C", "SKI", "H", True),
        ("Bos grunniens", "C", "HAI", "T", False),
        ("Bos taurus x Bos grunniens", "W", "TRO", "H", True),
        ("Bos grunniens x Bos taurus", "W", "TRO", "H", True),
        ("Oryctolagus cuniculus", "W", "TRO", "H", False),
    ],
)
def test_domestic_name_for_a_wild_animal_is_a_stop(
    name: str, source: str, term: str, purpose: str, stopped: bool
) -> None:
    line = replace(GOODS, scientific_name=name, source=source, term=term)
    yak = replace(APPLICATIONS["E"], lines=(line, replace(GOODS, scientific_name="Saiga tatarica")), purpose=purpose)
    errors = check.check(replace(yak, special_conditions="Seen"), LISTING, today=TODAY, issuer="KG")
    wild = [each for each in errors if each.code == "wild_form"]
    assert [(each.field, each.overridable) for each in wild] == [("lines[0].scientific_name", True)] * stopped
    assert all("Bos mutus" in each.detail for each in wild)


@pytest.mark.parametrize(("name", "stopped"), [("Falco spp.", True), ("Falco", True), ("Hippocampus spp.", False)])
def test_group_in_several_appendices_must_name_the_species(name: str, stopped: bool) -> None:
    broad = [code for _, code in stops(found("E", name, source="C")) if code == "name_too_broad"]
    assert bool(broad) == stopped


@pytest.mark.parametrize(
    ("kind", "origin", "exported", "code"),
    [
        ("E", "KG", None, "suspended"),
        ("R", "MN", "2026-01-02", "suspended"),
        ("R", "MN", "2019-11-25", None),  # stock that left its country before the zero quota
        ("R", "MN", "2019-11-26", "suspended"),
        ("R", "KZ", "2026-04-01", "uncertain"),
        ("R", "KZ", "2026-03-04", None),
        ("R", "XX", None, "exported_before"),
        ("R", "XX", "2010-01-01", "exported_before"),  # no country has given a permit of that day
        ("I", "XX", "2010-01-01", "exported_before"),
        ("I", "KZ", None, "uncertain"),  # leaves Kazakhstan now
        ("I", "KZ", "2010-11-25", "uncertain"),
        ("I", "RU", None, "exported_before"),
        ("I", "RU", "2015-05-01", None),
        ("OS", "KG", None, "suspended"),  # leaves its country of origin now
        ("OS", "KG", "2010-11-25", "suspended"),
        ("OS", "MN", None, "exported_before"),
    ],
)
def test_saiga_is_judged_by_origin_and_day_of_export(
    kind: str, origin: str, exported: str | None, code: str | None
) -> None:
    source = SourceDocument(origin, "P 1" if exported else None, exported)
    changes = {"origin": source}
    application = APPLICATIONS[kind]
    line = replace(GOODS, scientific_name="Saiga tatarica", **changes)
    application = replace(application, lines=(line,), purpose="T", special_conditions="Stock")
    if kind == "I":
        application = replace(application, exporter=replace(application.exporter, country="KZ"))
    errors = check.check(application, LISTING, today=TODAY, issuer="KG")
    about = [each.code for each in errors if each.field == "lines[0].quantity" and each.overridable]
    assert set(about) == ({code} if code else set())  # XX may be either country, so both rules apply


def covering(*results: Covered) -> Any:
    """A stand-in for the table of annotations: each call gives the next result."""
    left = iter(results)

    def covered(goods: AnnotatedGoods, day: date) -> Coverage:
        assert goods.term == "HOR"
        assert day == TODAY
        return Coverage(next(left))

    return covered


@pytest.mark.parametrize(
    ("results", "stopped", "warned"),
    [
        ([Covered.OUTSIDE, Covered.OUTSIDE], True, False),
        ([Covered.LISTED, Covered.LISTED], False, False),
        ([Covered.ASK, Covered.ASK], False, True),
        ([Covered.OUTSIDE, Covered.LISTED], False, True),
    ],
)
def test_annotation_of_a_hybrid_stops_only_if_it_leaves_both_parents_out(
    monkeypatch: pytest.MonkeyPatch, results: list[Covered], stopped: bool, warned: bool
) -> None:
    line = replace(GOODS, scientific_name="Falco cherrug x Falco peregrinus", source="C")
    application: Application = replace(APPLICATIONS["E"], lines=(line,))
    monkeypatch.setattr(species, "covered", covering(*results))
    codes = [each.code for each in species.coverage_refusals(application, 0, LISTING, TODAY, "KG")]
    assert codes == (["not_covered"] if stopped else [])
    monkeypatch.setattr(species, "covered", covering(*results))
    found = warnings.warnings(application, warnings.Basis(LISTING, (), TODAY, "KG"))
    assert ("uncertain_annotation" in {each.code for each in found}) == warned
