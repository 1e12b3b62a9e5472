"""Resolution of scientific names: no spelling of a name passes a stop against a taxon that it covers."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from species_files import with_restrictions

from chalicelib.applications.rules import check
from chalicelib.quotas.model import Quota, checked, draws
from chalicelib.record.permit import Application, Line, Party, SourceDocument
from chalicelib.species.model.listing import Listing, Restriction, Taxon
from chalicelib.species.model.name_resolution import ANY_OF, resolve_name, too_many_parents
from chalicelib.species.model.name_search import crossed, parents
from chalicelib.species.services import list_in_use

TODAY = date(2026, 11, 24)
ANY: frozenset[str] = frozenset()
LISTING = list_in_use.listing()
MET = [each for each in LISTING.taxa if each.group and each.appendix and each.rank in {"species", "subspecies"}]
SPECIES = tuple(each.scientific_name for each in MET)
HORN = Line("Saiga tatarica", "Saiga", "horns", source="W", term="HOR", quantity="2", kingdom="Animalia")


def suspending(taxon: str, *origins: str) -> Listing:
    rule = Restriction(taxon, ANY, ANY, ANY, frozenset(origins), date(2020, 1, 1), None, "Suspended", "Notification 1")
    return with_restrictions(LISTING, rule)


def stops(name: str, listing: Listing = LISTING, **fields: Any) -> set[tuple[str, bool]]:
    """Code of each refusal of an export, and whether an approver can override it."""
    purpose, remarks = fields.pop("purpose", "S"), fields.pop("special_conditions", None)
    application = Application(
        document_type="E", valid_until="2027-05-24", purpose=purpose, special_conditions=remarks,
        exporter=Party("Sunkar", "Bishkek", "KG"), importer=Party("Hospital", "Al Ain", "AE"),
        lines=(replace(HORN, scientific_name=name, **fields),),
    )  # fmt: skip
    return {(each.code, each.overridable) for each in check.check(application, listing, today=TODAY, issuer="KG")}


NOT_IN_LIST = ("not_in_list", True)
TOO_BROAD = ("name_too_broad", True)
SUSPENDED = ("suspended", True)
REFUSED = ("contradicts_list", False)


@pytest.mark.parametrize(
    "name",
    [
        "Saiga tataricca", "Falco peregrinuss", "Draco volans", "Falco cherrug hybrid", "Falco cherrug (hybrid)",
        "Falco cherrug x", "Falco cherrug x Draco volans", "Panthera leo tigris", "Panthera leo Panthera tigris",
        "Falco cherrug xFalco rusticolus",
        "Varanus griseuss", "Draco niloticus", "Cervus elaphus hangluu",
        "Orchidaceae foo", "Saiga (Saiga) tatarica", "Saiga tatarica (Linnaeus, 1766)",
        "Acipenser obtusirostris",
    ],
)  # fmt: skip
def test_name_not_in_list_is_a_stop(name: str) -> None:
    assert stops(name, appendix=3) & {NOT_IN_LIST, TOO_BROAD}
    assert not resolve_name(name, LISTING).whole


@pytest.mark.parametrize(
    "name",
    [
        "Saiga tatarica", "SAIGA  tatarica", "Falco peregrinus babylonicus", "Canis lupus", "Uncia uncia",
        "Acipenser spp.", "Acipenser", "Hippocampus sp.", "Hippocampus kuda", "Falconiformes",
        "Falco cherrug x Falco rusticolus", "Cervus elaphus subsp. hanglu", "Falco cherrug ssp.",
    ],
)  # fmt: skip
def test_name_covered_by_the_list_is_no_stop(name: str) -> None:
    assert NOT_IN_LIST not in stops(name)
    assert resolve_name(name, LISTING).whole


@pytest.mark.parametrize(
    ("name", "appendix"),
    [
        ("Panthera spp.", 1), ("Panthera", 1), ("Acipenser spp.", 1), ("Saiga spp.", 2), ("Falconiformes spp.", 1),
        ("Felidae spp.", 1), ("Uncia spp.", 1), ("Cervus elaphus ssp.", 1), ("Falco cherrug x Falco rusticolus", 1),
        ("Falco cherrug × rusticolus", 1), ("Falco rusticolus X F. cherrug", 1), ("(Falco cherrug x F. rusticolus)", 1),
        ("Falco cherrug x Falco subbuteo", 2), ("Canis lupus x Canis aureus", 2), ("Falco cherrug x Gallus gallus", 2),
        ("Falco cherrug x Falco", 1), ("Falco hybrid", 1),
        ("Falco cherrug X F.rusticolus", 1), ("Falco cherrug/rusticolus", 1), ("Falco cherrug & F. rusticolus", 1),
        ("Falco cherrug+F.rusticolus", 1), ("Falco cherrug х Falco rusticolus", 1),
        ("Falco cherrug Χ F. rusticolus", 1), ("Capra sibirica x Capra hircus", 3),
    ],
)  # fmt: skip
def test_strictest_appendix_of_all_named_taxa_counts(name: str, appendix: int) -> None:
    """Conf. 10.17 (Rev. CoP14), Conf. 11.11 (Rev. CoP18)."""
    line = replace(HORN, scientific_name=name)
    ours = Party("Sunkar", "Bishkek", "KG")
    done = check.complete(Application(exporter=ours, lines=(line,)), LISTING, issuer="KG").lines[0]
    assert (done.appendix, done.kingdom) == (appendix, "Animalia")
    assert check.complete(Application(exporter=ours, lines=(done,)), LISTING, issuer="KG").lines[0] == done
    for weaker in {1, 2, 3, 0} - {*range(1, appendix + 1)}:
        assert REFUSED in stops(name, appendix=weaker, special_conditions="another population"), weaker


@pytest.mark.parametrize("origin", [None, "KG", "XX"])
def test_strictest_taxon_of_a_genus_has_an_accepted_name_in_it(origin: str | None) -> None:
    """`Falco uncinatus` is a synonym of a kite in Appendix I, which is no stricter than the falcons in it."""
    goods = resolve_name("Falco", LISTING)
    strictest = (goods.of(origin) if origin else goods).strictest
    assert strictest is not None
    assert (strictest.scientific_name.split()[0], strictest.appendix) == ("Falco", 1)


def test_hybrid_with_unlisted_parent_may_be_put_in_a_stricter_appendix() -> None:
    assert REFUSED not in stops("Falco cherrug x Boa constrictor", appendix=1)
    assert REFUSED in stops("Falco cherrug x Falco subbuteo", appendix=1)


@pytest.mark.parametrize("name", ["Panthera spp.", "Panthera leo x Panthera tigris", "Falco cherrug x F. rusticolus"])
def test_commercial_stop_of_appendix_i_applies_to_genus_and_hybrid(name: str) -> None:
    assert ("commercial", True) in stops(name, purpose="T")


@pytest.mark.parametrize(
    "name",
    ["Saiga spp.", "Saiga", "Saiga tataricca", "Saiga tatarica x Saiga borealis", "Bovidae spp.",
     "Saiga tatarica hybrid", "Saiga ssp", "Gazella subgutturosa x Saiga tatarica", "Saiga (Saiga) tatarica",
     "x Saiga", "Saiga tatarica foo",
     "Saiga borealis/S.tatarica"],
)  # fmt: skip
def test_suspension_applies_to_every_spelling_of_the_name(name: str) -> None:
    assert SUSPENDED in stops(name, suspending("Saiga tatarica"), appendix=2)


@pytest.mark.parametrize(
    "name",
    ["Cacatuidae spp.", "Crocodylia spp.", "Pythonidae", "Moschus spp.", "Chamaeleonidae", "Strigiformes spp.",
     "Cactaceae spp.", "Panthera", "Panthera spp.", "Testudo sp.", "Falco hybrid", "Dendrobium x superbiens"],
)  # fmt: skip
def test_rank_with_members_in_several_appendices_is_a_stop(name: str) -> None:
    assert TOO_BROAD in stops(name, purpose="T", kingdom=None)
    assert {TOO_BROAD, NOT_IN_LIST} & stops(f"{name} x Falco cherrug", purpose="T", kingdom=None)


def test_subspecies_that_may_be_in_a_stricter_appendix_is_a_stop() -> None:
    assert NOT_IN_LIST in stops("Canis lupus pallipes", purpose="T")


@pytest.mark.parametrize("name", ["Equus hemionus", "Panthera leo", "Ovis vignei"])
def test_listed_name_itself_is_no_stop(name: str) -> None:
    assert NOT_IN_LIST not in stops(name)


@pytest.mark.parametrize(
    ("taxon", "name"),
    [
        ("Ursus arctos isabellinus", "Ursus arctos"), ("Cervus elaphus hanglu", "Cervus elaphus"),
        ("Vulpes vulpes montana", "Vulpes vulpes"), ("Ovis vignei severtzovi", "Ovis vignei"),
        ("Ovis ammon", "Ovis ammon polii"), ("Ovis ammon", "Ovis polii"), ("Ovis ammon", "Ovis polii polii"),
        ("Ovis ammon polii", "Ovis polii"), ("Ovis ammon polii", "Ovis ammon"), ("Ovis polii", "Ovis ammon"),
        ("Uncia uncia", "Panthera uncia"), ("Felis manul", "Otocolobus manul"),
        ("Panthera uncia irbis", "Uncia uncia"), ("Moschus moschiferus sibiricus", "Moschus moschiferus"),
        ("Aquila fasciata", "Hieraaetus fasciatus"), ("Aquila", "Hieraaetus fasciatus"),
        ("Uncia uncia", "Panthera spp."), ("Felis manul", "Felidae spp."), ("Saiga spp.", "Saiga tatarica"),
    ],
)  # fmt: skip
def test_stop_applies_to_species_subspecies_and_synonyms(taxon: str, name: str) -> None:
    assert SUSPENDED in stops(name, suspending(taxon))
    assert SUSPENDED in stops(f"{name} x Falco cherrug", suspending(taxon))
    line = replace(HORN, scientific_name=name)
    quota = checked(_quota(taxon), LISTING)
    found = draws(Application(document_type="E", lines=(line,)), [quota], LISTING, this_year=2026, issuer="KG")
    assert [each.quota for each, _ in found] == [quota.id]


@pytest.mark.parametrize(
    ("taxon", "name"),
    [("Ovis karelini", "Ovis polii"), ("Ovis ammon karelini", "Ovis ammon polii"),
     ("Capra falconeri", "Capra sibirica"), ("Vulpes vulpes montana", "Vulpes vulpes pusilla"),
     ("Cervus elaphus hanglu", "Cervus elaphus bactrianus")],
)  # fmt: skip
def test_stop_does_not_apply_to_another_taxon(taxon: str, name: str) -> None:
    assert SUSPENDED not in stops(name, suspending(taxon))


@given(st.sampled_from(MET), st.data())
def test_stop_on_one_name_of_a_taxon_applies_to_all_its_names(taxon: Taxon, data: st.DataObject) -> None:
    names = (taxon.scientific_name, *taxon.synonyms)
    stop, written = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
    wide = " ".join(stop.split()[:2])
    for above in (stop, *([] if LISTING.has(wide) else [wide]), f"{written} ignotus"):
        listing = suspending(above)
        assert resolve_name(written, listing).restricted(listing), above


@pytest.mark.parametrize("word", ["hybridus", "crossus", "hibrid", "peregrin"])
def test_unknown_third_word_is_a_stop(word: str) -> None:
    assert NOT_IN_LIST in stops(f"Falco cherrug {word}", purpose="T")


@given(st.text(st.sampled_from(string.ascii_lowercase), min_size=1, max_size=12))
def test_name_with_unlisted_third_word_is_not_fully_resolved(word: str) -> None:
    assert (
        LISTING.has(f"Falco cherrug {word}")
        or word in ANY_OF
        or not resolve_name(f"Falco cherrug {word}", LISTING).whole
    )
    listing = suspending("Vulpes ferrilata")
    name = f"Vulpes vulpes {word}"
    assert LISTING.has(name) or word in ANY_OF or not resolve_name(name, listing).whole


def test_suspension_of_family_applies_to_its_species() -> None:
    assert SUSPENDED in stops("Falco cherrug", suspending("Falconidae"))
    assert SUSPENDED not in stops("Aquila chrysaetos", suspending("Falconidae"))


@pytest.mark.parametrize("subspecies", ["Vulpes vulpes montana", "Vulpes vulpes ssp. montana"])
def test_suspension_applies_to_subspecies_with_rank_written_out(subspecies: str) -> None:
    assert SUSPENDED in stops(subspecies, suspending("Vulpes vulpes montana"))
    assert NOT_IN_LIST in stops("Vulpes vulpes montanna", suspending("Vulpes vulpes montana"))


def test_misspelt_species_of_a_listed_genus_is_a_stop() -> None:
    assert stops("Hippocampus kudaa", suspending("Hippocampus kuda")) >= {NOT_IN_LIST, SUSPENDED}
    assert NOT_IN_LIST not in stops("Hippocampus kuda", suspending("Hippocampus kuda"))


SIGNS = ("x", "X", "×", " × ", "х", "Х", "χ", "Χ", "/", "&", " + ", "+", "hybr.")
PAIRS = [
    (one, other.scientific_name)
    for one in SPECIES
    for other in LISTING.below(one.split()[0])[:20]
    if other.rank in {"species", "subspecies"} and other.appendix and other.scientific_name.split()[0] == one.split()[0]
]
WRITTEN: tuple[Callable[[str], str], ...] = (
    lambda name: name,
    lambda name: f"{name[0]} {name.partition(' ')[2]}",
    lambda name: f"{name[0]}. {name.partition(' ')[2]}",
    lambda name: f"{name[0]}.{name.partition(' ')[2]}",
)


@given(st.sampled_from(PAIRS), st.sampled_from(SIGNS), st.sampled_from(WRITTEN), st.booleans())
def test_hybrid_in_any_spelling_resolves_to_its_two_parents(
    parents: tuple[str, str], sign: str, written: Callable[[str], str], upper: bool
) -> None:
    one, other = parents
    name = f"{one}{f' {sign} ' if sign[0].isalpha() else sign}{written(other)}"
    found = resolve_name(name.upper() if upper else name, LISTING)
    assert found.whole == all(resolve_name(each, LISTING).whole for each in parents), name
    assert {each.scientific_name for each in found.taxa} == {one, other}, name


def _typo(name: str, place: int, letter: str, how: int) -> str:
    at = place % len(name)
    return (name[:at] + letter + name[at + (how == 0) :]) if how < 2 else name[:at] + name[at + 1 :]


def _slips(one: str, other: str) -> int:
    """Typing errors between two words, where two swapped neighbours are one error."""
    before, row = list[int](), list(range(len(other) + 1))
    for at, letter in enumerate(one):
        earlier, before, row = before, row, [at + 1]
        for to, there in enumerate(other):
            least = min(before[to + 1] + 1, row[to] + 1, before[to] + (letter != there))
            if at and to and letter == other[to - 1] and one[at - 1] == there:
                least = min(least, earlier[to - 1] + 1)
            row.append(least)
    return row[-1]


def _is_other_species(name: str, species: str) -> bool:
    """True for a genus in the list and one epithet more than two typing errors away from each name of the species, and
    for a hybrid of such names.
    """
    each = parents(name)
    taxon = LISTING.find(species)
    if not all(crossed(name)) or not each or not taxon:
        return False
    epithets = {word for known in (species, *taxon.synonyms) for word in known.lower().split()[1:]}
    for part in each:
        words = part if len(part) == 2 else [each[0][0], *part]
        formed = len(words) == 2 and words[1].isascii() and words[1].replace("-", "").isalpha()
        if not formed or not LISTING.has(words[0]) or min(_slips(words[1], known) for known in epithets) <= 2:
            return False
    return True


_words = st.text(st.sampled_from(string.ascii_letters + " .-()/&,'0123456789×x+хχ"), max_size=25)
VARIANTS: tuple[Callable[[str, str, st.DataObject], str], ...] = (
    lambda name, genus, data: name.upper().replace(" ", "   "),
    lambda name, genus, data: genus + data.draw(st.sampled_from(["", " spp.", " spp", " SP", " ssp.", " sp. nov."])),
    lambda name, genus, data: f"{name} {data.draw(_words)}",
    lambda name, genus, data: f"{genus} {data.draw(_words)}",
    lambda name, genus, data: f"{genus} {data.draw(_words)} {name.split()[-1]}",
    lambda name, genus, data: f"{data.draw(st.sampled_from(SPECIES))} {data.draw(st.sampled_from('xX×хχ/&+'))} {name}",
    lambda name, genus, data: f"{name} × {data.draw(st.sampled_from([*SPECIES, 'Bos taurus', 'spp.', '']))}",
    lambda name, genus, data: _typo(
        name, data.draw(st.integers(0, 99)), data.draw(st.sampled_from(string.ascii_lowercase + " -.")),
        data.draw(st.integers(0, 2)),
    ),
)  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(SPECIES), st.sampled_from(VARIANTS), st.sampled_from([0, 1, 2, 3, None]), st.data())
def test_any_spelling_of_a_suspended_species_is_stopped(
    species: str, vary: Callable[[str, str, st.DataObject], str], appendix: int | None, data: st.DataObject
) -> None:
    """The exception is a spelling that is another entry of the list, or is in one. Then it is that taxon. A name of two
    words that resembles no name of the species is another species of the genus.

    The report has one error a field. So a name may be refused for its letters instead.
    """
    name = vary(species, species.split(maxsplit=1)[0], data)
    taxon = LISTING.find(name)
    accepted = taxon.scientific_name if taxon else ""
    found = resolve_name(name, LISTING)
    if found.one and found.whole and not f"{accepted} ".startswith(f"{species} "):
        return
    if _is_other_species(name, species):
        return
    codes = stops(name, suspending(species), appendix=appendix, special_conditions="said why")
    refused = {("name", False), ("characters", False), ("too_many_parents", False), ("not_latin", False)}
    assert codes & {NOT_IN_LIST, SUSPENDED, *refused}, name


def test_foreign_letters_before_too_many_parents_are_refused_as_not_latin() -> None:
    name = "Acipenser baerii +χ0/0&1/2"
    assert too_many_parents(name)
    assert ("not_latin", False) in stops(name, suspending("Acipenser baerii"))


@given(_words | st.text(max_size=60))
def test_any_text_is_resolved_without_error(text: str) -> None:
    found = resolve_name(text, LISTING)
    assert found.taxa or not found.whole
    found.restricted(LISTING)


@pytest.mark.parametrize("origin", ["XX", "XV", "ZZ", None, "KG"])
def test_suspension_applies_to_unknown_origin_and_own_country(origin: str | None) -> None:
    source = SourceDocument(origin) if origin else None
    assert SUSPENDED in stops("Saiga tatarica", suspending("Saiga tatarica", "KG"), origin=source)


def test_suspension_does_not_apply_to_another_country() -> None:
    assert SUSPENDED not in stops("Saiga tatarica", suspending("Saiga tatarica", "KG"), origin=SourceDocument("KZ"))


@pytest.mark.parametrize("exporter", ["KZ", "DE", None])
def test_import_without_origin_is_a_stop_where_a_suspension_needs_it(exporter: str | None) -> None:
    """The exporting country does not stand in for the origin."""
    application = Application(
        document_type="I",
        purpose="S",
        exporter=Party("A", "B", exporter),
        importer=Party("C", "D", "KG"),
        lines=(HORN,),
    )
    found = check.refusals(application, suspending("Saiga tatarica", "KZ"), today=TODAY, issuer="KG")
    assert ("lines[0].origin.country", "required") in {(each.field, each.code) for each in found}


@pytest.mark.parametrize(("source", "refused"), [("W", True), ("C", True), ("X", False)])
def test_origin_from_the_sea_on_export_requires_source_x(source: str, refused: bool) -> None:
    """Conf.

    14.6: a vessel that lands specimens in its own State needs OI; landed in another State, they are exported with
    source X.
    """
    found = stops("Huso huso", source=source, origin=SourceDocument("ZZ"))
    assert (("from_the_sea", False) in found) == refused


def _quota(taxon: str, quantity: str = "0") -> Quota:
    return Quota(2026, taxon, (), (), quantity, None, "Order 1", "2026-01-01")


@pytest.mark.parametrize(
    ("name", "taxa"),
    [
        ("Saiga spp.", {"Saiga tatarica", "Saiga borealis", "Bovidae"}),
        ("Saiga tatarica x Saiga borealis", {"Saiga tatarica", "Saiga borealis", "Bovidae"}),
        ("Saiga tataricca", {"Bovidae"}),
        ("Falco cherrug", {"Falco cherrug"}),
        ("Falco spp.", {"Falco cherrug", "Falco peregrinus babylonicus"}),
        ("Falco cherrug x Falco rusticolus", {"Falco cherrug"}),
    ],
)
def test_quota_of_every_named_taxon_applies(name: str, taxa: set[str]) -> None:
    known = [_quota(each) for each in ("Saiga tatarica", "Saiga borealis", "Bovidae", "Falco cherrug",
                                       "Falco peregrinus babylonicus")]  # fmt: skip
    for origin in (None, "XX", "ZZ"):
        line = replace(HORN, scientific_name=name, origin=SourceDocument(origin) if origin else None)
        found = draws(Application(document_type="E", lines=(line,)), known, LISTING, this_year=2026, issuer="KG")
        assert {quota.taxon for _, quota in found} == taxa


@pytest.mark.parametrize(
    "name",
    ["Felis uncia", "Felis onca", "Falco babylonicus", "Falco candicans", "Ursus leuconyx", "Varanus caspius",
     "Panthera altaica", "Aquila imperialis", "Eupodotis undulata", "Ara leari", "Troides alexandrae",
     "Pterocarpus niger", "Zamia lehmannii", "Felis catus x Felis uncia", "Acridotheres tristis religiosa",
     "Sander lucioperca huso"],
)  # fmt: skip
def test_old_name_of_a_stricter_taxon_in_another_genus_is_a_stop(name: str) -> None:
    assert not resolve_name(name, list_in_use.listing()).whole


@pytest.mark.parametrize("name", ["Dalbergia xyz", "Rhodiola nova", "Hippocampus novus", "Phelsuma nova", "Aloe nova"])
def test_new_name_in_a_genus_of_one_appendix_is_known(name: str) -> None:
    assert resolve_name(name, list_in_use.listing()).whole
