"""Dated tables of species, populations, restrictions, posts and limits: complete and equal to their sources."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from chalicelib.kernel.codes import KINGDOMS, PURPOSES, SOURCES, UNITS
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.text import foreign_letters, split_cell
from chalicelib.people import services as people
from chalicelib.platform import country_folder
from chalicelib.species.model.list_rows import split
from chalicelib.species.model.listing import GROUPS, Event, Listing, Taxon
from chalicelib.species.model.native_range import RangeResult, compare_range
from chalicelib.species.services import list_in_use

LISTING = list_in_use.listing()
DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "species-data.md"
SPECIES_DATA = " ".join(DOCUMENT.read_text("utf-8").split())
CONVENTION = date(1975, 7, 1)  # the first date of any listing


@pytest.mark.parametrize(
    "taxon", [each for each in LISTING.taxa if each.group], ids=lambda taxon: taxon.scientific_name
)
def test_every_taxon_is_complete(taxon: Taxon) -> None:
    words = {"order": 1, "family": 1, "genus": 1, "species": 2, "subspecies": 3}[taxon.rank]
    assert taxon.group in ("", *GROUPS)
    assert taxon.names["en"]
    assert taxon.names["ru"]
    assert re.fullmatch(r"[A-Z][a-z]+( [a-z-]+)*", taxon.scientific_name)
    assert len(taxon.scientific_name.split()) == words
    assert taxon.kingdom in KINGDOMS
    assert taxon.appendix not in taxon.may_be
    assert (3 in {taxon.appendix, *taxon.may_be}) == (taxon.listed_by is not None)
    assert taxon.listed_by is None or taxon.listed_by in COUNTRIES
    assert taxon.source
    assert date.fromisoformat(taxon.as_of)
    assert taxon.order
    assert bool(taxon.family) == (taxon.rank != "order")
    assert not foreign_letters(taxon.names.get("en", ""))
    assert all(
        re.fullmatch(r"[А-Яа-яЁёҢңӨөҮү ()-]+", taxon.names[lang]) for lang in ("ru", "ky") if lang in taxon.names
    )
    below = [each for each in LISTING.below(taxon.scientific_name) if each is not taxon]
    assert not taxon.may_be or taxon.annotation or taxon.population or below


def test_introduced_populations_lie_outside_certain_ranges_of_listed_animals() -> None:
    rows = list(country_folder.read_rows("introduced.csv"))
    assert [row["taxon"] for row in rows] == sorted(row["taxon"] for row in rows)
    for row in rows:
        taxon, countries = LISTING.find(row["taxon"]), set(split_cell(row["countries"]))
        assert taxon is not None
        assert taxon.scientific_name == row["taxon"]
        assert taxon.range_sure
        assert countries <= taxon.introduced
        assert countries <= set(COUNTRIES) - taxon.range_states
        assert row["source"]


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Macaca fascicularis", "MU"),
        ("Antilope cervicapra", "AR"),
        ("Trioceros jacksonii", "US"),
        ("Salvator merianae", "US"),
        ("Opuntia ficus-indica", "MG"),
    ],
)
def test_wild_goods_of_an_introduced_population_are_no_stop(name: str, country: str) -> None:
    found = LISTING.find(name)
    assert found is not None
    result = compare_range("W", country, found.range_states, sure=found.range_sure, introduced=found.introduced)
    assert result == RangeResult.OUTSIDE


def test_range_of_a_plant_is_never_certain() -> None:
    assert not any(each.range_sure for each in LISTING.taxa if each.kingdom == "Plantae")


@pytest.mark.parametrize(
    ("asked", "accepted", "appendix", "listed_by"),
    [
        ("Uncia uncia", "Panthera uncia", 1, None),
        ("Panthera uncia", "Panthera uncia", 1, None),
        ("Ursus arctos isabellinus", "Ursus arctos isabellinus", 1, None),
        ("Ursus arctos", "Ursus arctos", 1, None),
        ("Ovis ammon", "Ovis ammon", 2, None),
        ("Ovis ammon polii", "Ovis polii", 2, None),
        ("Ovis polii", "Ovis polii", 2, None),
        ("Ovis ammon karelini", "Ovis karelini", 2, None),
        ("Ovis ammon severtzovi", "Ovis severtzovi", 2, None),
        ("Ovis ammon collium", "Ovis collium", 2, None),
        ("Ovis ammon hodgsonii", "Ovis hodgsoni", 1, None),
        ("Ovis ammon nigrimontana", "Ovis nigrimontana", 1, None),
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
def test_known_name_is_found_with_appendix_and_party(
    asked: str, accepted: str, appendix: int, listed_by: str | None
) -> None:
    for spelling in (asked, asked.upper(), f"  {asked.replace(' ', '   ')} "):
        taxon = LISTING.find(spelling)
        assert taxon is not None
        assert (taxon.scientific_name, taxon.appendix, taxon.listed_by) == (accepted, appendix, listed_by)


@pytest.mark.parametrize("name", ["", " ", "Nomen nudum", "Draco", "Falcox cherrug", "a b c d e"])
def test_unknown_name_is_not_found(name: str) -> None:
    assert LISTING.find(name) is None


def test_all_91_taxa_of_2017_are_listed_under_one_name() -> None:
    names = (Path(__file__).parents[2] / "vectors" / "kyrgyz_taxa_2017.txt").read_text("utf-8").splitlines()
    assert len(names) == 91
    found = {name: LISTING.find(name) for name in names}
    assert all(found.values())
    assert {taxon.group for taxon in found.values() if taxon} == {"native", "extinct"}
    one = {name for name, taxon in found.items() if taxon and taxon.scientific_name == "Falco peregrinus"}
    assert one == {"Falco peregrinus", "Falco pelegrinoides"}, "the second is a synonym since 2019"
    assert len({taxon.scientific_name for taxon in found.values() if taxon}) == 90


def found(text: str, limit: int = 20) -> list[str]:
    return [each.taxon.scientific_name for each in LISTING.search(text, limit)]


def test_document_counts_native_taxa_without_kyrgyz_name() -> None:
    left = [each for each in LISTING.taxa if each.group in {"native", "extinct"} and not each.names.get("ky")]
    said = re.search(r"recorded in Kyrgyzstan (\d+) lack one", SPECIES_DATA)
    assert said is not None
    assert int(said[1]) == len(left)
    names = {each.scientific_name: each.names.get("ky", "") for each in LISTING.taxa}
    assert names["Aquila heliaca"] == "Кара шакылдак"
    assert names["Neophron percnopterus"] == "Журтчу жору"


def test_each_kyrgyz_name_and_no_other_has_a_row_of_its_source() -> None:
    names = {(row["scientific_name"], name) for row in list_in_use.species_rows() for name in split_cell(row["ky"])}
    unlisted = {
        (row["name"], each) for row in country_folder.read_rows("unlisted.csv") for each in split_cell(row["ky"])
    }
    sources = list_in_use.kyrgyz_sources()
    assert names <= set(sources) <= names | unlisted
    assert sources["Numenius tenuirostris", "Ичке тумшуктуу төөчулдук"].endswith("repeats it, 2026-11-27")
    assert sources["Canis lupus", "Карышкыр"] == ""
    for said in filter(None, sources.values()):
        assert date.fromisoformat(said[-10:])


def test_search_finds_names_in_each_language() -> None:
    for text in ("saker", "балобан", "ИТЕЛГИ", "falco ch", "фалко черуг", "itelgi"):
        assert found(text)[0] == "Falco cherrug"
    assert found("Уларское") == []
    assert found("  ") == []
    assert len(found("falco", 3)) == 3


def test_search_puts_native_taxon_first_among_equal_names() -> None:
    wolves = [Taxon(f"{genus} lupus", 2, "Animalia", names={"en": "Wolf"}, group=group)
              for genus, group in (("Aa", ""), ("Bb", "traded"), ("Cc", "native"))]  # fmt: skip
    found = [each.taxon.scientific_name for each in Listing(wolves).search("wolf")]
    assert found == ["Cc lupus", "Bb lupus", "Aa lupus"]


def test_search_returns_matching_synonym_and_accepted_name() -> None:
    snow, *_ = LISTING.search("uncia uncia")
    assert (snow.taxon.scientific_name, snow.name) == ("Panthera uncia", "Uncia uncia")
    (ssp,) = LISTING.search("falco cherrug milvipes")
    assert (ssp.taxon.scientific_name, ssp.taxon.appendix) == ("Falco cherrug milvipes", 2)


def test_entry_is_found_by_id_made_of_any_of_its_names() -> None:
    for address in ("panthera-uncia", "uncia-uncia"):
        known = LISTING.by_id(address)
        assert known is not None
        assert known.taxon.scientific_name == "Panthera uncia"
    hyphen = Listing([Taxon("Sclerocactus mesae-verdae", 1, "Plantae")]).by_id("sclerocactus-mesae-verdae")
    assert hyphen is not None
    assert LISTING.by_id("nomen-nudum") is None


def test_family_with_following_word_is_not_found() -> None:
    listing = Listing([Taxon("Orchidaceae", 2, "Plantae", rank="family")])
    assert listing.find("Orchidaceae spp.") is not None
    assert listing.find("Orchidaceae alba") is None


def test_version_is_a_digest_of_every_table_of_list(tmp_path: Path) -> None:
    (tmp_path / "cites").mkdir()
    for name in list_in_use.TABLES:
        shutil.copy(list_in_use.DATA / name, tmp_path / name)
    versions = [list_in_use.version_of(tmp_path)]
    assert versions == [LISTING.version]
    for name in list_in_use.TABLES:
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
        versions.append(list_in_use.version_of(tmp_path))
    assert len(set(versions)) == 1 + len(list_in_use.TABLES)
    assert all(re.fullmatch("[0-9a-f]{12}", each) for each in versions)


def test_history_rows_belong_to_entries_and_are_complete() -> None:
    for row in country_folder.read_rows("species_history.csv"):
        known = LISTING.find(row["taxon"])
        assert known is not None
        assert known.scientific_name == row["taxon"]
        assert date.fromisoformat(row["day"]) >= CONVENTION
        assert row["what"]
        assert row["source"]
        assert bool(row["before"]) == bool(row["after"])


@pytest.mark.parametrize(
    "taxon", [each for each in LISTING.taxa if LISTING.history_of(each)], ids=lambda each: each.scientific_name
)
def test_history_of_taxon_is_continuous_and_ends_with_its_appendix(taxon: Taxon) -> None:
    events = LISTING.history_of(taxon)
    assert [each.day for each in events] == sorted(each.day for each in events)
    moved = [each for each in events if each.after is not None]
    assert all(each.earlier != {each.after} for each in moved)
    assert all(each.after in later.earlier for each, later in pairwise(moved))
    applied = [each for each in moved if each.day <= LISTING.in_force]
    members = {each.appendix for each in LISTING.below(taxon.scientific_name)}
    assert {each.after for each in applied[-1:]} <= {taxon.appendix, *taxon.may_be, *members}


@pytest.mark.parametrize(
    ("name", "since", "then", "appendices"),
    [
        ("Panthera uncia", "1975-07-01", 1975, {0, 1}),
        ("Falco rusticolus", "1975-07-01", 1978, {2}),
        ("Saiga tatarica", "1995-02-16", 1990, {0}),
        ("Grus grus", "1976-04-22", 1980, {0}),  # Tunisia withdrew it, then it was listed again
        ("Acipenser fulvescens", "1998-04-01", 2000, None),  # listed by its genus
        ("Manis pentadactyla", "1975-07-01", 1990, {2}),
        ("Manis culionensis", "1995-02-16", 1990, None),  # its genus says nothing of the years before it was listed
        ("Manis culionensis", "1995-02-16", 2000, {2}),
    ],
)
def test_history_gives_first_listing_and_appendix_of_a_year(
    name: str, since: str, then: int, appendices: set[int] | None
) -> None:
    taxon = LISTING.find(name)
    assert taxon is not None
    assert (LISTING.known_since(taxon) or ("",))[0] == since
    assert LISTING.appendices_in(taxon, then) == appendices


def test_history_follows_an_entry_renamed_by_an_uploaded_list() -> None:
    row = next(each for each in list_in_use.release_rows() if each["scientific_name"] == "Aquila clanga")
    renamed = list_in_use.listing_of([{**row, "scientific_name": "Clanga clanga", "synonyms": "Aquila clanga"}])
    for name in ("Clanga clanga", "Aquila clanga"):
        taxon = renamed.find(name)
        assert taxon is not None
        assert (renamed.known_since(taxon) or ("",))[0] == "1976-04-22"
        assert len(renamed.history_of(taxon)) == 2


def test_history_under_own_name_counts_before_synonym() -> None:
    told = {
        name: (Event(day, "", "", 0, 2),) for name, day in (("Ovis ammon", "1975-07-01"), ("Ovis polii", "1980-01-01"))
    }
    for order in (sorted(told), sorted(told, reverse=True)):
        listing = Listing(
            [Taxon("Ovis ammon", 2, "Animalia", synonyms=("Ovis polii",))], history={name: told[name] for name in order}
        )
        assert listing.history_of(listing.taxa[0]) == told["Ovis ammon"]


def test_document_counts_native_taxa_with_listing_dates() -> None:
    here = [each for each in LISTING.taxa if each.group in {"native", "extinct"}]
    told = [each for each in here if any(event.after is not None for event in LISTING.history_of(each))]
    said = re.search(r"(\d+) of the (\d+) taxa recorded here have theirs", SPECIES_DATA)
    assert said is not None
    assert (int(said[1]), int(said[2])) == (len(told), len(here))


@pytest.mark.parametrize("name", list_in_use.populations())
def test_each_population_is_complete_and_belongs_to_its_entry(name: str) -> None:
    split, taxon = list_in_use.populations()[name], LISTING.find(name)
    assert split.source
    assert date.fromisoformat(split.as_of)
    assert split.origins | split.open <= set(COUNTRIES)
    assert not split.origins & split.open
    assert split.appendix != split.others
    if taxon is not None and LISTING.has(name):
        assert taxon.population is split, "the entry has not these Appendices"


def test_population_contradicted_by_a_later_entry_does_not_count() -> None:
    """After a transfer of all lions to Appendix I, the table of 2023 must not put some of them back."""
    lion = LISTING.find("Panthera leo")
    assert lion is not None
    known = list_in_use.populations()
    assert split(replace(lion, appendix=1, may_be=frozenset(), population=None), known).of("ZA").appendix == 1
    assert split(replace(lion, appendix=1, may_be=frozenset({2}), population=None), known).of("ZA").appendix == 2


@pytest.mark.parametrize("entry", [each for each in LISTING.taxa if each.may_be], ids=lambda each: each.scientific_name)
def test_goods_of_unknown_origin_have_the_strictest_appendix(entry: Taxon) -> None:
    every = {entry.appendix, *entry.may_be}
    assert entry.of("XX").appendix == min(every, key=lambda each: each or 4)


def test_name_in_two_entries_is_refused() -> None:
    with pytest.raises(ValueError, match="two entries"):
        Listing([Taxon("Aa bb", 1, "Animalia"), Taxon("Cc dd", 2, "Animalia", synonyms=("aa BB",))])


def test_restrictions_use_known_codes_and_taxa() -> None:
    assert LISTING.restrictions
    for rule in LISTING.restrictions:
        assert LISTING.find(rule.taxon) is not None
        assert all(rule.reasons[language] for language in ("ru", "ky"))
        assert rule.kinds <= set(KINDS)
        assert rule.sources <= set(SOURCES)
        assert rule.purposes <= set(PURPOSES)
        assert rule.until is None or rule.since < rule.until


def test_posts_of_kyrgyzstan_are_eight_and_linked_both_ways() -> None:
    posts = people.posts("KG")
    assert set(posts) == {
        "manas-airport", "osh-airport", "bishkek-clearance", "ak-zhol", "dostuk", "torugart", "irkeshtam", "ministry",
    }  # fmt: skip
    assert posts["bishkek-clearance"].links == {"manas-airport", "ak-zhol", "torugart"}
    assert "manas-airport" not in posts["torugart"].links  # links are not transitive
    for post in posts.values():
        assert all(post.id in posts[other].links for other in post.links)
        assert 39 < (post.latitude or 0) < 44
        assert 69 < (post.longitude or 0) < 81
    assert "customs" not in posts["ak-zhol"].bodies  # border inside the EAEU: no customs there


def test_listing_is_cached() -> None:
    assert list_in_use.listing() is LISTING


def test_offline_limits_are_quantities_in_cites_units() -> None:
    limits = country_folder.offline_limits()
    assert {"", "KGM"} <= limits.keys()
    assert all(unit == "" or unit in UNITS for unit in limits)
    assert all(re.fullmatch(r"[1-9][0-9]*", most) for most in limits.values())


def test_offline_limit_is_the_same_in_every_unit_of_a_kind() -> None:
    limits = country_folder.offline_limits()
    for unit, most in limits.items():
        base = UNITS[unit or "NAR"].base
        same = {each.code for each in UNITS.values() if each.base == base} - {"NAR"}
        assert same <= limits.keys()
        assert {Decimal(limits[code]) * UNITS[code].factor for code in same} in (
            set(),
            {Decimal(most) * UNITS[unit or "NAR"].factor},
        )


def test_offline_limit_too_long_in_another_unit_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand million milligrams have one digit too many for a quantity. JavaScript would refuse to judge them."""
    (tmp_path / "offline_limits.json").write_text(json.dumps({"limits": {"KGM": "1000"}}), encoding="utf-8")
    monkeypatch.setattr(country_folder, "DATA", tmp_path)
    assert country_folder.offline_limits.__wrapped__() == {"KGM": "1000", "GRM": "1000000"}


def test_offline_limit_in_an_unknown_unit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "offline_limits.json").write_text(json.dumps({"limits": {"BOX": "1000"}}), encoding="utf-8")
    monkeypatch.setattr(country_folder, "DATA", tmp_path)
    with pytest.raises(ValueError, match=r'a CITES unit \("" for specimens\) and a quantity'):
        country_folder.offline_limits.__wrapped__()


def test_each_country_folder_has_no_faults() -> None:
    found = sorted(each.name for each in country_folder.COUNTRY_FOLDERS.iterdir())
    assert {"KG", "UZ"} <= set(found)
    assert [country_folder.country_faults(each) for each in found] == [()] * len(found)


@pytest.mark.parametrize(("country", "own"), [("KG", ("ky", "ru")), ("UZ", ("uz", "ru"))])
def test_languages_of_a_country_are_its_own_then_english_and_french(country: str, own: tuple[str, ...]) -> None:
    assert country_folder.languages(country) == own
    assert country_folder.deployment_languages(country) == (*own, "en", "fr")
