"""Requirements for a name: names that are unknown or too broad, entries of a day, findings of our own documents."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.permits.model.findings import required_findings
from chalicelib.record.permit import Application, Line
from chalicelib.requirements.model.requirements import Question, Reason
from chalicelib.requirements.services import Requirements, find_requirements
from chalicelib.species.model.listing import Listing, Open, Restriction, Taxon

TODAY = date(2026, 11, 26)
ANY: frozenset[str] = frozenset()
PLANT, ANIMAL = "Plantae", "Animalia"
LEGUME = {"order": "Fabales", "family": "Leguminosae"}
LISTING = Listing(
    [
        Taxon("Dalbergia", 2, PLANT, rank="genus", symbol="#15", **LEGUME),
        Taxon("Dalbergia nigra", 1, PLANT, names={"en": "Brazilian rosewood"}, **LEGUME),
        Taxon("Dalbergia latifolia", 2, PLANT, symbol="#15", **LEGUME),
        Taxon("Rhodiola", 2, PLANT, rank="genus", symbol="#2", order="Saxifragales", family="Crassulaceae"),
        Taxon("Rhodiola rosea", 2, PLANT, symbol="#2", order="Saxifragales", family="Crassulaceae"),
        Taxon("Falco cherrug", 2, ANIMAL, order="Falconiformes", family="Falconidae"),
        Taxon("Falco rusticolus", 1, ANIMAL, order="Falconiformes", family="Falconidae"),
        Taxon("Capra sibirica", 3, ANIMAL, listed_by="PK", order="Artiodactyla", family="Bovidae"),
        Taxon("Saiga tatarica", 2, ANIMAL, order="Artiodactyla", family="Bovidae"),
        Taxon("Mustelus canis", 2, ANIMAL, order="Carcharhiniformes", family="Triakidae", open=frozenset({Open.DELAY})),
        Taxon("Paphiopedilum delenatii", 1, PLANT, order="Asparagales", family="Orchidaceae"),
        Taxon("Paphiopedilum armeniacum", 1, PLANT, order="Asparagales", family="Orchidaceae"),
        Taxon("Psittacus erithacus", 1, ANIMAL, range_states=frozenset({"CD", "CM"}), range_sure=True),
    ],
    [
        Restriction("Saiga tatarica", frozenset("ERI"), frozenset("W"), frozenset("T"), ANY, date(2019, 11, 26), None,
                    "Zero quota", "CoP18", exported_before=True)
    ],
    "2026-11-20",
)  # fmt: skip


def find(name: str, **asked: Any) -> Requirements:
    return find_requirements(name, Question(None, **asked), listing=LISTING, today=TODAY, issuer="KG")


def codes(found: Requirements) -> list[str]:
    return [each.code for each in found.answer.reasons]


@pytest.mark.parametrize("name", ["Dalbergia nigar", "Aaa bbb", "Falco cherrugus x Falco rusticolus"])
def test_name_that_the_list_does_not_know_is_asked(name: str) -> None:
    """An application with such a name is refused as well (`not_in_list`)."""
    found = find(name, direction="export", term="SAW", source="W", purpose="T")
    assert (found.taxon, found.answer.decision, codes(found)) == (None, "ask", ["ask_unknown_taxon"])


def test_misspelt_name_offers_near_names() -> None:
    assert "Dalbergia nigra" in find("Dalbergia nigar", direction="export").near
    assert find("Dalbergia nigra", direction="export").near == ()


@pytest.mark.parametrize("name", ["Dalbergia", "Dalbergia spp.", "Leguminosae"])
def test_name_with_members_in_several_appendices_is_too_broad(name: str) -> None:
    found = find(name, direction="import", term="SAW", source="W", purpose="T", origin="BR")
    assert codes(found) == ["ask_name_too_broad"]
    assert dict(found.answer.reasons[0].facts)["taxon"] == "Dalbergia nigra"


def test_genus_with_one_appendix_is_answered() -> None:
    found = find("Rhodiola spp.", direction="export", term="ROO", source="W", purpose="T")
    assert [each.kind for each in found.answer.documents] == ["E"]


def test_hybrid_of_animals_is_answered_for_its_strictest_parent() -> None:
    found = find("Falco cherrug x Falco rusticolus", direction="export", term="LIV", source="W", purpose="T")
    assert (found.answer.decision, codes(found)) == ("prohibited", ["appendix_i_commercial", "strictest"])


def test_propagated_hybrid_of_appendix_i_plants_has_own_rules() -> None:
    name = "Paphiopedilum delenatii x Paphiopedilum armeniacum"
    plant = find(name, direction="import", term="LIV", source="A", purpose="T", origin="NL")
    assert [(each.kind, each.issued_by) for each in plant.answer.documents] == [("OA", "NL")]
    flowers = find(name, direction="import", term="FLO", source="A", purpose="T", origin="NL")
    assert flowers.answer.decision == "none"
    species = find("Paphiopedilum delenatii", direction="import", term="FLO", source="A", purpose="T", origin="NL")
    assert [each.kind for each in species.answer.documents] == ["E"]


def test_annotation_of_the_entry_decides() -> None:
    asked = {"direction": "export", "term": "MED", "source": "W", "purpose": "T"}
    assert codes(find("Rhodiola rosea", **asked)) == ["ask_form"]
    left_out = find("Rhodiola rosea", **asked, form="retail")
    assert (left_out.answer.decision, codes(left_out)) == ("none", ["outside_annotation", "annotation_retail"])
    assert dict(left_out.answer.reasons[0].facts)["symbol"] == "#2"


def test_entry_that_is_not_certain_says_what_would_follow() -> None:
    found = find("Mustelus canis", direction="export", term="MEA", source="W", purpose="T")
    assert codes(found) == ["ask_uncertain", "open_delay", "would_need"]
    assert found.answer.reasons[-1] == Reason("would_need", facts=(("documents", "E"),))


def test_wild_goods_from_outside_the_range_are_asked() -> None:
    asked = {"direction": "export", "term": "LIV", "purpose": "P", "destination": "AE"}
    assert codes(find("Psittacus erithacus", **asked, source="W")) == ["ask_out_of_range"]
    assert find("Psittacus erithacus", **asked, source="C").answer.decision == "documents"


def test_suspension_of_exports_asks_for_the_day_of_export() -> None:
    asked = {"direction": "reexport", "term": "HOR", "source": "W", "purpose": "T", "origin": "MN"}
    assert codes(find("Saiga tatarica", **asked)) == ["ask_exported_before"]
    assert find("Saiga tatarica", **asked, exported_on=date(2018, 1, 1)).answer.decision == "documents"
    assert find("Saiga tatarica", **asked, exported_on=date(2020, 1, 1)).answer.decision == "prohibited"


def test_answer_is_for_the_day_that_is_asked() -> None:
    asked = {"direction": "import", "term": "HOR", "source": "W", "purpose": "T", "origin": "MN"}
    assert find("Saiga tatarica", **asked).answer.decision == "prohibited"
    before = find("Saiga tatarica", **asked, on=date(2019, 11, 25))
    assert (before.answer.decision, before.day) == ("documents", date(2019, 11, 25))


@pytest.mark.parametrize(
    ("name", "asked", "findings", "missing"),
    [
        ("Falco cherrug", {"term": "LIV", "source": "W"},
         ("non_detriment", "legal_acquisition", "live_transport"), ()),
        ("Falco cherrug", {"source": "W"}, ("non_detriment", "legal_acquisition"), ("term",)),
        ("Falco cherrug", {"term": "LIV"}, (), ()),  # the source decides which document it is
        ("Capra sibirica", {}, (), ()),  # a certificate of origin needs none
        ("Capra sibirica", {"direction": "return", "term": "TRO", "source": "W"}, (), ()),
        ("Capra sibirica", {"direction": "reexport"}, ("lawful_import",), ("term",)),
    ],
)  # fmt: skip
def test_findings_are_those_that_hold_whatever_is_missing(
    name: str, asked: dict[str, str], findings: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    found = find(name, **{"direction": "export", "purpose": "S", **asked})
    assert (found.findings, found.findings_open) == (findings, missing)


@pytest.mark.parametrize("source", ["W", "C", "F", "R", "I", "U", "O"])
@pytest.mark.parametrize("term", ["LIV", "SKI", "TRO"])
@pytest.mark.parametrize("direction", ["export", "reexport", "import"])
@pytest.mark.parametrize("name", ["Falco cherrug", "Falco rusticolus", "Capra sibirica"])
def test_findings_equal_those_of_an_application(name: str, direction: str, term: str, source: str) -> None:
    """The permits room asks for the same findings when the document is applied for."""
    found = find(name, direction=direction, term=term, source=source, purpose="S", exporting="KZ", origin="MN")
    ours = [each.kind for each in found.answer.documents if each.issued_by == "KG"]
    taxon = LISTING.find(name)
    assert taxon is not None
    line = Line(scientific_name=name, appendix=taxon.appendix, source=source, term=term)
    needed = [each.kind for kind in ours for each in required_findings(Application(document_type=kind, lines=(line,)))]
    assert sorted(found.findings) == sorted(set(needed))
