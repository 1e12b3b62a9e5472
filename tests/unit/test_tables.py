"""The dated tables are whole, and say what the sources say."""

from __future__ import annotations

import re
from datetime import date

import pytest

from chalicelib import tables
from chalicelib.core.codes import COUNTRIES, KINDS, KINGDOMS, PURPOSES, SOURCES, UNITS
from chalicelib.core.listing import Listing, Taxon
from chalicelib.core.text import foreign_letters

LISTING = tables.listing()


@pytest.mark.parametrize("taxon", LISTING.taxa, ids=lambda taxon: taxon.scientific_name)
def test_every_taxon_is_whole(taxon: Taxon) -> None:
    words = {"genus": 1, "species": 2, "subspecies": 3}[taxon.rank]
    assert re.fullmatch(r"[A-Z][a-z]+( [a-z-]+)*", taxon.scientific_name)
    assert len(taxon.scientific_name.split()) == words
    assert taxon.kingdom in KINGDOMS
    assert taxon.appendix not in taxon.may_be
    assert (taxon.appendix == 3) == (taxon.listed_by is not None)
    assert taxon.listed_by is None or taxon.listed_by in COUNTRIES
    assert taxon.source
    assert date.fromisoformat(taxon.as_of)
    assert taxon.order
    assert taxon.family
    assert not foreign_letters(taxon.names.get("en", ""))
    assert all(
        re.fullmatch(r"[А-Яа-яЁёҢңӨөҮү ()-]+", taxon.names[lang]) for lang in ("ru", "ky") if lang in taxon.names
    )
    assert not taxon.may_be or taxon.annotation


@pytest.mark.parametrize(
    ("asked", "accepted", "appendix", "listed_by"),
    [
        ("Uncia uncia", "Panthera uncia", 1, None),
        ("Panthera uncia", "Panthera uncia", 1, None),
        ("Ursus arctos isabellinus", "Ursus arctos isabellinus", 1, None),
        ("Ursus arctos", "Ursus arctos", 1, None),
        ("Ovis ammon", "Ovis ammon", 2, None),
        ("Ovis polii", "Ovis ammon polii", 2, None),
        ("Ovis karelini", "Ovis ammon karelini", 2, None),
        ("Ovis hodgsonii", "Ovis ammon hodgsonii", 1, None),
        ("Capra sibirica", "Capra sibirica", 3, "PK"),
        ("Marmota caudata", "Marmota caudata", 3, "IN"),
        ("Anthropoides virgo", "Grus virgo", 2, None),
        ("Felis manul", "Otocolobus manul", 2, None),
        ("Agrionemys horsfieldii", "Testudo horsfieldii", 2, None),
        ("Saiga tatarica", "Saiga tatarica", 2, None),
        ("Falco cherrug", "Falco cherrug", 2, None),
        ("Falco peregrinus", "Falco peregrinus", 1, None),
        ("Acipenser baerii", "Acipenser baerii", 2, None),
        ("Acipenser sturio", "Acipenser sturio", 1, None),
        ("Rhodiola crenulata", "Rhodiola crenulata", 2, None),
        ("Moschus moschiferus", "Moschus moschiferus", 2, None),
        ("Cervus elaphus bactrianus", "Cervus elaphus bactrianus", 2, None),
        ("Falco cherrug milvipes", "Falco cherrug milvipes", 2, None),
        ("Rhodiola spp.", "Rhodiola", 2, None),
    ],
)
def test_known_names(asked: str, accepted: str, appendix: int, listed_by: str | None) -> None:
    for spelling in (asked, asked.upper(), f"  {asked.replace(' ', '   ')} "):
        taxon = LISTING.find(spelling)
        assert taxon is not None
        assert (taxon.scientific_name, taxon.appendix, taxon.listed_by) == (accepted, appendix, listed_by)


@pytest.mark.parametrize("name", ["", " ", "Nomen nudum", "Falco", "Falco cherrugx", "a b c d e"])
def test_unknown_names(name: str) -> None:
    assert LISTING.find(name) is None


def test_all_ninety_one_taxa_of_the_country_are_there() -> None:
    assert len(LISTING.taxa) >= 91
    for name in ("Naja oxiana", "Parnassius apollo", "Cephalanthera longifolia", "Varanus griseus", "Lynx lynx"):
        assert LISTING.find(name) is not None


def test_search_finds_common_names_in_each_language() -> None:
    for text in ("saker", "балобан", "ИТЕЛГИ", "falco ch"):
        assert [taxon.scientific_name for taxon in LISTING.search(text)] == ["Falco cherrug"]
    assert LISTING.search("  ") == ()
    assert len(LISTING.search("a", limit=3)) == 3


def test_two_entries_cannot_claim_one_name() -> None:
    with pytest.raises(ValueError, match="two entries"):
        Listing([Taxon("Aa bb", 1, "Animalia"), Taxon("Cc dd", 2, "Animalia", synonyms=("aa BB",))])


def test_restrictions_use_known_codes_and_taxa() -> None:
    assert LISTING.restrictions
    for rule in LISTING.restrictions:
        assert LISTING.find(rule.taxon) is not None
        assert rule.kinds <= set(KINDS)
        assert rule.sources <= set(SOURCES)
        assert rule.purposes <= set(PURPOSES)
        assert rule.until is None or rule.since < rule.until


def test_posts_are_the_eight_and_linked_both_ways() -> None:
    posts = tables.posts()
    assert set(posts) == {
        "manas-airport", "osh-airport", "bishkek-clearance", "ak-zhol", "dostuk", "torugart", "irkeshtam", "ministry",
    }  # fmt: skip
    assert posts["bishkek-clearance"].links == {"manas-airport", "ak-zhol", "torugart"}
    assert "manas-airport" not in posts["torugart"].links  # not transitive
    for post in posts.values():
        assert all(post.id in posts[other].links for other in post.links)
        assert 39 < (post.latitude or 0) < 44
        assert 69 < (post.longitude or 0) < 81
    assert "customs" not in posts["ak-zhol"].bodies  # EAEU border: no customs there


def test_tables_are_read_once() -> None:
    assert tables.listing() is LISTING


def test_the_limits_of_offline_are_quantities_of_cites_units() -> None:
    limits = tables.offline_limits()
    assert {"", "KGM"} <= limits.keys()
    assert all(unit == "" or unit in UNITS for unit in limits)
    assert all(re.fullmatch(r"[1-9][0-9]*", most) for most in limits.values())
