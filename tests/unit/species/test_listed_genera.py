"""Unnamed species of a listed genus have its Appendix, unless the name may be a misspelling of a stricter entry."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.species.model.listing import LARGE, Listing, Population, Restriction, Taxon, Unlisted
from chalicelib.species.model.name_resolution import resolve_name, stricter, taxa_named
from chalicelib.species.services import list_in_use

ANY: frozenset[str] = frozenset()
SUSPENSION = Restriction("Hippocampus kuda", ANY, ANY, ANY, ANY, date(2020, 1, 1), None, "Suspended", "Notification 1")
OF_NO_ENTRY = Restriction("Hippocampus ignotus", ANY, ANY, ANY, ANY, date(2020, 1, 1), None, "Suspended", "Notice 2")


def plant(name: str, appendix: int, rank: str = "species", *synonyms: str, **fields: object) -> Taxon:
    return Taxon(name, appendix, "Plantae", rank, synonyms=synonyms, **fields)  # type: ignore[arg-type]


def animal(name: str, appendix: int, rank: str = "species", *synonyms: str, **fields: object) -> Taxon:
    return Taxon(name, appendix, "Animalia", rank, synonyms=synonyms, **fields)  # type: ignore[arg-type]


MADE = Listing(
    [
        plant("Dalbergia", 2, "genus", family="Leguminosae", order="Fabales"),
        plant("Dalbergia nigra", 1, "species", "Pterocarpus niger", family="Leguminosae", order="Fabales",
              names={"en": "Brazilian Rosewood", "fr": "Palissandre du Brésil"}),
        plant("Dalbergia cochinchinensis", 2, "species", "Dalbergia nigrum", "Dalbergia cambodiana",
              family="Leguminosae", order="Fabales"),
        animal("Falco", 2, "genus", family="Falconidae", order="Falconiformes"),
        animal("Falco cherrug", 2, family="Falconidae", order="Falconiformes", names={"en": "Saker Falcon"}),
        animal("Falco peregrinus", 1, "species", "Falco pelegrinoides", family="Falconidae", order="Falconiformes",
               names={"en": "Peregrine Falcon", "ru": "Сапсан"}),
        animal("Falco rusticolus", 1, family="Falconidae", order="Falconiformes", names={"en": "Gyrfalcon"}),
        animal("Falconiformes", 2, "order"),
        animal("Vultur", 0, "genus", family="Cathartidae"),
        animal("Vultur gryphus", 1, family="Cathartidae"),
        plant("Tulipa", 0, "genus", family="Liliaceae", unlisted=Unlisted("never_listed", "")),
        animal("Hippocampus", 2, "genus", family="Syngnathidae"),
        animal("Hippocampus kuda", 2, family="Syngnathidae"),
        animal("Moschus", 2, "genus", family="Moschidae", may_be=frozenset({1})),
        animal("Varanus", 2, "genus", family="Varanidae"),
        animal("Varanus griseus", 2, family="Varanidae", may_be=frozenset({1}),
               population=Population(1, frozenset({"IN"}), 2)),
        animal("Ovis gmelini", 0, family="Bovidae"),
        animal("Chamaeleo", 2, "genus", family="Chamaeleonidae"),
        animal("Brookesia", 2, "genus", family="Chamaeleonidae"),
        animal("Brookesia perarmata", 1, family="Chamaeleonidae"),
    ],
    [SUSPENSION, OF_NO_ENTRY],
)  # fmt: skip
LISTS = {"made": MADE, "release": list_in_use.listing()}


def stricter_names(listing: Listing) -> list[tuple[str, str]]:
    """Genus with an entry, and epithet of each name of a member in a stricter Appendix than the genus."""
    found = []
    for taxon in listing.taxa:
        for name in (taxon.scientific_name, *taxon.synonyms):
            genus, _, rest = name.partition(" ")
            whole = listing.find(genus) if rest and listing.has(genus) else None
            if whole and any(stricter(each, whole.appendix) for each in (taxon.appendix, *taxon.may_be)):
                found += [(genus, epithet) for epithet in rest.lower().split()]
    return found


STRICTER = {name: stricter_names(listing) for name, listing in LISTS.items()}


@st.composite
def misspelt(draw: st.DrawFn, epithet: str) -> str:
    """The epithet with up to two typing errors."""
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(epithet)))
        letter = draw(st.sampled_from(string.ascii_lowercase))
        before, here, after = epithet[:at], epithet[at : at + 1], epithet[at + 1 :]
        epithet = draw(st.sampled_from(
            [before + letter + here + after, before + letter + after, before + after,
             before + after[:1] + here + after[1:]]
        ))  # fmt: skip
    return epithet


@pytest.mark.parametrize("which", ["made", "release"])
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_name_within_two_slips_of_a_stricter_entry_is_a_stop(which: str, data: st.DataObject) -> None:
    """A permit in the Appendix of the genus for such a name would let the stricter species pass."""
    listing = LISTS[which]
    genus, epithet = data.draw(st.sampled_from(STRICTER[which] or [("Dalbergia", "nigra")]))
    name = f"{genus} {data.draw(misspelt(epithet))}".strip()
    if not listing.has(name):
        found = resolve_name(name, listing)
        assert not found.whole or found.group, name


@pytest.mark.parametrize("which", ["made", "release"])
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_whole_name_without_entry_has_the_appendix_of_its_genus(which: str, data: st.DataObject) -> None:
    listing = LISTS[which]
    genera = [each for each in listing.taxa if each.rank == "genus"]
    genus = data.draw(st.sampled_from(genera))
    name = f"{genus.scientific_name} {data.draw(st.text(string.ascii_lowercase, min_size=1, max_size=12))}"
    found = resolve_name(name, listing)
    if listing.has(name) or found.group or not found.whole:
        return
    assert [each.appendix for each in found.taxa] == [genus.appendix]
    assert genus.appendix or genus.unlisted
    assert not any(stricter(each, genus.appendix) for each in genus.may_be)


@pytest.mark.parametrize(
    ("name", "appendix"),
    [("Dalbergia latifolia", 2), ("Tulipa greigii", 0), ("Hippocampus abdominalis", 2), ("Chamaeleo minimus", 2)],
)
def test_unnamed_species_of_a_listed_genus_is_known(name: str, appendix: int) -> None:
    found = resolve_name(name, MADE)
    assert (found.whole, found.one, found.accepted, found.broad) == (True, True, name, False)
    assert found.strictest is not None
    assert found.strictest.appendix == appendix


@pytest.mark.parametrize(
    "name",
    ["Dalbergia nigar", "Dalbergia nigraa", "Dalbergia nig", "Dalbergia nigra-foo", "Dalbergia brasilian",
     "Dalbergia rosewood", "Dalbergia niger", "Dalbergia gnra", "Dalbergia nigrum",
     "Dalbergia species", "Dalbergia unknown", "Dalbergia hibrid", "Dalbergia xyz2", "Dalbergia n.",
     "Dalbergia foo bar", "Falconiformes foo",
     "Falco pelegrinoid", "Falco gyr", "Falco gyrfalcon", "Falco perregrinnus", "Falco cherrug milvipes",
     "Falco subbuteo", "Falco babylonicus", "Varanus salvator", "Brookesia minima",
     "Chamaeleo perarmatus", "Vultur grifus", "Vultur ignotus",
     "Hippocampus kudda", "Hippocampus ignotuss", "Moschus ignotus",
     "Varanus grisseus", "Ovis gmelini ignota", "Ovis ignota", "Dalbergja nigra", "Chamaeleonidae"],
)  # fmt: skip
def test_name_that_may_mean_a_stricter_taxon_is_a_stop(name: str) -> None:
    assert not resolve_name(name, MADE).whole


def test_synonym_unlike_any_stricter_name_is_known() -> None:
    found = resolve_name("Dalbergia cambodiana", MADE)
    assert (found.whole, found.accepted) == (True, "Dalbergia cochinchinensis")


def test_entries_that_a_misspelt_name_may_mean_are_named() -> None:
    assert [each.scientific_name for each in resolve_name("Dalbergia nigar", MADE).near] == ["Dalbergia nigra"]
    assert [each.scientific_name for each in resolve_name("Chamaeleonidae", MADE).near] == ["Chamaeleo", "Brookesia"]


def test_misspelt_name_of_a_suspended_species_is_suspended() -> None:
    assert SUSPENSION in resolve_name("Hippocampus kudda", MADE).restricted(MADE)
    assert OF_NO_ENTRY in resolve_name("Hippocampus ignotuss", MADE).restricted(MADE)
    assert resolve_name("Hippocampus abdominalis", MADE).restricted(MADE) == ()


@pytest.mark.parametrize(
    ("name", "broad"),
    [("Dalbergia", True), ("Dalbergia spp.", True), ("Falconiformes", True), ("Falco sp.", True),
     ("Hippocampus", False), ("Hippocampus spp.", False), ("Moschus spp.", True), ("Chamaeleo", False),
     ("Chamaeleonidae", True), ("Dalbergia nigra", False), ("Falco cherrug x Falco rusticolus", False),
     ("Falco cherrug x Falco", True),
     ("Falco hybrid", True), ("Ovis gmelini", False), ("Nothing", False)],
)  # fmt: skip
def test_group_with_members_in_several_appendices_is_broad(name: str, broad: bool) -> None:
    assert resolve_name(name, MADE).broad == broad


@pytest.mark.parametrize(("origin", "broad"), [("IN", True), ("KZ", False), ("XX", True)])
def test_broad_group_depends_on_the_origin(origin: str, broad: bool) -> None:
    assert resolve_name("Varanus spp.", MADE).of(origin).broad == broad


@pytest.mark.parametrize(
    ("name", "whole"),
    [("Dracaena ombet", False), ("Dracaena ombet var. robusta", False), ("Dracaena guianensis", True),
     ("Cantharellus tubaeformis", False), ("Liparis tanakae", False), ("Liparis spp.", True), ("Aotus spp.", False),
     ("Aotus ericoides", False), ("Aotus trivirgatus", True), ("Stylaster novus", True)],
)  # fmt: skip
def test_unnamed_species_of_a_genus_in_two_kingdoms_is_not_known(name: str, whole: bool) -> None:
    """Houseplants were taken for lizards, chanterelles for corals, and a fish for an orchid."""
    assert resolve_name(name, list_in_use.listing()).whole == whole


@pytest.mark.parametrize(
    "name",
    ["Dracaena fragrans", "Dracaena trifasciata", "Dracaena reflexa", "Dracaena marginata", "Dracaena draco",
     "Dracaena sanderiana", "Sansevieria cylindrica", "Cantharellus cibarius", "Sarcophyton glaucum"],
)  # fmt: skip
def test_common_kind_with_the_name_of_a_listed_genus_is_not_listed(name: str) -> None:
    found = resolve_name(name, list_in_use.listing())
    assert found.strictest is not None
    assert (found.whole, found.strictest.appendix) == (True, 0)


@pytest.mark.parametrize(
    ("name", "broad", "strictest"),
    [("Phalaenopsis spp.", False, ("Phalaenopsis", 2, "Plantae")),
     ("Paphiopedilum spp.", False, ("Paphiopedilum", 1, "Plantae")),
     ("Psittacus spp.", False, ("Psittacus", 1, "Animalia")),
     ("Encephalartos spp.", False, ("Encephalartos", 1, "Plantae")),
     ("Falco spp.", True, ("Falco araeus", 1, "Animalia")),
     ("Cypripedium spp.", True, ("Paphiopedilum appletonianum", 1, "Plantae"))],
)  # fmt: skip
def test_genus_has_members_by_old_name_only_where_they_are_stricter(
    name: str, broad: bool, strictest: tuple[str, int, str]
) -> None:
    """An owl and 600 parrots once had the name of another genus."""
    found = resolve_name(name, list_in_use.listing())
    assert found.strictest is not None
    assert (found.strictest.scientific_name, found.strictest.appendix, found.strictest.kingdom) == strictest
    assert found.broad == broad


def test_old_name_in_a_large_genus_counts_where_it_is_stricter() -> None:
    genus = [plant(f"Magnus foo{number}", 2) for number in range(LARGE + 1)]
    strict = plant("Alius bar", 1, "species", "Magnus bar")
    equal = plant("Alius baz", 2, "species", "Magnus baz")
    owl = animal("Animal bar", 1, "species", "Magnus animalis")
    found = resolve_name("Magnus spp.", Listing([*genus, strict, equal, owl]))
    assert [each.scientific_name for each in found.taxa] == ["Alius bar", "Magnus foo0"]
    assert [found.within(each) for each in ("Alius bar", "Alius baz", "Magnus foo7")] == [True, False, True]
    former = resolve_name("Magnus spp.", Listing([strict, owl]))
    assert [each.scientific_name for each in former.taxa] == ["Alius bar", "Animal bar"]


def test_large_group_has_one_taxon_of_each_kind_and_all_names() -> None:
    family = [plant(f"Magnus{number}a foo", 1 + (number == 0), family="Magnaceae") for number in range(LARGE + 1)]
    made = Listing(family)
    found = resolve_name("Magnaceae spp.", made)
    assert [each.scientific_name for each in found.taxa] == ["Magnus1a foo", "Magnus0a foo"]
    assert taxa_named("Magnaceae spp.", made) == {each.scientific_name for each in family}
    assert (found.broad, found.one, found.within("Magnus7a foo")) == (True, False, True)
    same = Listing([*family[1:], plant("Magnaceae", 1, "family")])
    assert (resolve_name("Magnaceae spp.", same).whole, resolve_name("Magnaceae spp.", same).one) == (True, False)


def test_suspension_in_a_large_group_counts_against_an_unknown_name() -> None:
    family = [plant(f"Magnus{number}a foo", 2, family="Magnaceae") for number in range(LARGE + 1)]
    rule = replace(SUSPENSION, taxon="Magnus7a foo")
    assert resolve_name("Magnaceae ignota", Listing(family, [rule])).restricted(Listing(family, [rule])) == (rule,)


def test_hybrid_with_a_large_group_is_a_stop_with_one_taxon_of_each_sort() -> None:
    family = [plant(f"Magnus{number}a foo", 1 + (number == 0), family="Magnaceae") for number in range(LARGE + 1)]
    rule = replace(SUSPENSION, taxon="Magnus7a foo")
    made = Listing([plant("Magnaceae", 2, "family"), *family, plant("Alia", 3, "genus")], [rule])
    found = resolve_name("Magnaceae x Alia bar", made)
    assert [each.appendix for each in found.taxa] == [1, 2, 3]
    assert not found.whole
    assert found.broad
    assert found.restricted(made) == (rule,)
