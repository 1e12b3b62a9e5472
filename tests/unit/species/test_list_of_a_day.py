"""The list of a day: each entry as it applied then, changes of an unknown day, and days before the history."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from chalicelib.species.model.listing import DAYS_KEPT, Event, Listing, Open, Population, Taxon, Unlisted, entry_on
from chalicelib.species.services import list_in_use

TODAY = date(2026, 11, 30)

KNOWN_FROM = "2017-04-21"


@cache
def whole() -> Listing:
    return list_in_use.listing()


def entry(name: str, day: str) -> Taxon:
    found = whole().on(date.fromisoformat(day)).find(name)
    assert found is not None
    return found


def one(taxon: Taxon, *events: Event, day: str, applied: str = "2026-03-05") -> Taxon:
    return entry_on(taxon, events, day, applied=applied, known_from=KNOWN_FROM)


@pytest.mark.parametrize(
    ("name", "day", "appendix", "opened"),
    [
        ("Pelophylax ridibundus", "2026-11-30", 0, set()),
        ("Pelophylax ridibundus", "2027-05-31", 0, set()),
        ("Pelophylax ridibundus", "2027-06-05", 2, {Open.CHANGE_DAY}),
        ("Pelophylax ridibundus", "2027-06-30", 2, set()),
        ("Hyaena hyaena", "2026-03-04", 3, set()),
        ("Hyaena hyaena", "2026-03-05", 2, set()),
        ("Rhynchobatus djiddensis", "2019-11-25", 0, set()),
        ("Rhynchobatus djiddensis", "2019-11-26", 2, set()),
        ("Choloepus hoffmanni", "2026-03-04", 3, set()),
        ("Choloepus hoffmanni", "2026-03-05", 2, set()),
        ("Carcharhinus amblyrhynchos", "2023-11-24", 2, {Open.PAST_UNKNOWN}),
        ("Carcharhinus amblyrhynchos", "2023-11-25", 2, set()),
        ("Mustelus mustelus", "2026-03-04", 0, set()),
        ("Mustelus mustelus", "2026-11-30", 2, {Open.DELAY}),
        ("Mustelus mustelus", "2027-06-30", 2, set()),
        ("Anolis equestris", "2019-01-01", 3, {Open.CHANGE_DAY}),
        ("Falco cherrug", "2016-01-01", 2, set()),
        ("Falco cherrug", "1974-01-01", 0, set()),
        ("Psittacus erithacus", "2016-01-01", 1, {Open.PAST_UNKNOWN}),
        ("Saiga tatarica", "1990-01-01", 0, set()),
        ("Manis pentadactyla", "1976-05-05", 2, set()),  # listed before its genus
        ("Manis culionensis", "1990-01-01", 0, {Open.PAST_UNKNOWN}),
        ("Ara ararauna", "1978-01-01", 0, {Open.PAST_UNKNOWN}),  # its order was listed in 1981
        ("Ara ararauna", "1982-01-01", 2, set()),
        ("Cattleya labiata", "1974-01-01", 0, set()),  # its family was listed on the first day
        ("Rhodiola crenulata", "2010-01-01", 0, set()),  # its genus was listed with it
    ],
)
def test_entry_on_a_day_has_the_appendix_of_that_day(name: str, day: str, appendix: int, opened: set[Open]) -> None:
    found = entry(name, day)
    assert (found.appendix, found.open) == (appendix, opened)
    assert found.since <= day


def test_list_of_today_shows_the_coming_change() -> None:
    frog = entry("Pelophylax ridibundus", "2026-11-30")
    assert frog.coming is not None
    assert (frog.coming.day, frog.coming.last, frog.coming.after) == ("2027-06-01", "2027-06-30", 2)
    assert entry("Pelophylax ridibundus", "2027-07-01").coming is None


def test_list_of_today_states_both_days() -> None:
    today = whole().on(TODAY)
    assert (today.in_force, today.checked) == ("2026-03-05", "2026-11-29")
    assert whole().on(date(2025, 1, 1)).in_force == "2024-11-25"
    assert whole().on(date(2027, 7, 1)).in_force == "2027-06-30"


def test_list_of_a_day_before_the_convention_has_no_appendices_in_force() -> None:
    past = whole().on(date(1970, 1, 1))
    assert (past.in_force, past.dates) == ("", "Appendices not in force yet, list checked on 2026-11-29")
    assert whole().on(TODAY).dates == "Appendices in force on 2026-03-05, list checked on 2026-11-29"


def test_entry_that_perhaps_left_appendix_three_has_no_country_that_listed_it() -> None:
    entry = Taxon("Aa bb", 3, "Animalia", listed_by="PK", as_of="2017-04-21")
    moved = Event("2027-06-01", "", "", 3, 2, last="2027-06-30")
    between = one(entry, moved, day="2027-06-05")
    assert (between.appendix, between.listed_by_all) == (2, frozenset())
    came = Event("2027-06-01", "", "", 0, 3, last="2027-06-30", listed_by=frozenset({"IN"}))
    between = one(replace(entry, appendix=0, listed_by=None), came, day="2027-06-05")
    assert (between.appendix, between.listed_by_all) == (3, {"IN"})


def test_annotation_of_an_earlier_day_has_its_earlier_symbol() -> None:
    assert [entry("Pericopsis elata", day).symbol for day in ("2019-11-25", "2019-11-26")] == ["#5", "#17"]


def test_split_by_country_of_the_past_applies_until_it_ended() -> None:
    before, after = (entry("Ovis ammon", day) for day in ("2019-11-25", "2019-11-26"))
    assert (before.of("KG").appendix, before.of("XX").appendix, before.population is not None) == (2, 1, True)
    assert (after.of("XX").appendix, after.population) == (2, None)


def test_days_between_two_changes_share_one_state() -> None:
    assert whole().on(date(2021, 7, 1)) is whole().on(date(2021, 12, 1))
    assert whole().on(date(2021, 7, 1)).on(TODAY) is whole().on(TODAY)


def test_states_of_other_days_are_kept_up_to_a_limit() -> None:
    for year in range(2018, 2027):
        whole().on(date(year, 1, 1))
    assert len(whole()._days) == DAYS_KEPT


def test_states_that_are_not_kept_leave_the_memory() -> None:
    """Attack: a state held the states before it, so public questions for five days in turn filled the memory."""
    falcon = Taxon("Falco cherrug", 2, "Animalia", as_of="1990-01-01")
    changes = tuple(Event(f"{year}-01-01", "", "", 3 - year % 2, 2 + year % 2) for year in range(1980, 1990))
    made = Listing([falcon], in_force="1990-01-01", known_from="1970-01-01", history={"Falco cherrug": changes})
    states = [weakref.ref(made.on(date(1980 + number % 5, 6, 1))) for number in range(40)]
    gc.collect()
    assert sum(each() is not None for each in states) == DAYS_KEPT


def test_states_share_names_and_search_with_the_list() -> None:
    past = whole().on(date(2020, 1, 1))
    assert past._index is whole()._index
    assert past.search("hyaena hyaena")[0].taxon.appendix == 3
    assert [each.appendix for each in past.below("hyaena hyaena")] == [3]
    assert len(past.taxa) == len(whole().taxa)


@pytest.mark.parametrize("day", ["1976-06-01", "1990-01-01", "2018-01-01", "2023-02-22", "2026-11-30", "2027-07-01"])
@pytest.mark.parametrize("group", ["Orchidaceae", "Scleractinia", "Caryophyllales", "Aves"])
def test_kinds_of_a_large_group_stand_for_all_its_entries(group: str, day: str) -> None:
    def facts(taxa: tuple[Taxon, ...]) -> set[tuple[object, ...]]:
        return {(each.appendix, each.may_be, each.population, each.open, each.symbol, each.since) for each in taxa}

    then = whole().on(date.fromisoformat(day))
    large = then.large_group(group)
    assert large is not None
    kinds = then.entries(large.kinds)
    assert facts(kinds) == facts(then.below(group))
    assert len(kinds) < len(then.below(group)) / 5


def test_country_that_listed_a_taxon_is_known_on_days_before_it_moved() -> None:
    assert entry("Hyaena hyaena", "2026-03-04").listed_by_all == {"PK"}
    assert entry("Hyaena hyaena", "2026-03-05").listed_by_all == frozenset()
    assert Open.PARTY in entry("Gazella dorcas", "2026-03-04").open


def test_states_of_an_entry_begin_on_the_days_of_its_changes() -> None:
    found = whole().states_of(entry("Hyaena hyaena", "2026-11-30"))
    assert [(day, each.appendix) for day, each in found] == [("", 3), (KNOWN_FROM, 3), ("2026-03-05", 2)]
    assert whole().states_of(entry("Capra falconeri", "2026-11-30"))[-1][1].appendix == 1
    assert whole().states_of(entry("Iguana iguana", "2026-11-30")) == ()


def test_decision_of_this_country_is_kept_when_a_change_comes() -> None:
    bear = Taxon("Ursus arctos", 1, "Animalia", decided="isabellinus", as_of="2017-04-21")
    later = Event("2027-01-01", "", "", 1, 2)
    assert one(bear, later, day="2027-02-01").appendix == 1


def test_change_that_a_later_row_has_already_is_not_applied_again() -> None:
    row = Taxon("Pelophylax novus", 2, "Animalia", as_of="2027-07-15")
    change = Event("2027-06-01", "", "", 0, 2, last="2027-06-30")
    assert one(row, change, day="2027-08-01", applied="2027-07-15").appendix == 2
    assert one(row, change, day="2027-05-01", applied="2027-07-15").appendix == 0


def test_entry_of_an_added_group_follows_its_group() -> None:
    group = Taxon("Rhodiola", 2, "Plantae", rank="genus", since="2023-02-23", as_of="2023-02-23")
    member = Taxon("Rhodiola crenulata", 2, "Plantae", since="2023-02-23", as_of="2023-02-23")
    older = Taxon("Rhodiola antiqua", 2, "Plantae", since=KNOWN_FROM, as_of=KNOWN_FROM)
    added = Event("2023-02-23", "", "", 0, 2)
    listing = Listing([group, member, older], history={"Rhodiola": (added,)}, in_force="2026-03-05",
                      known_from=KNOWN_FROM)  # fmt: skip
    then = listing.on(date(2020, 1, 1))
    found = [then.find(each.scientific_name) for each in (group, member, older)]
    assert [each and (each.appendix, sorted(each.open)) for each in found] == [(0, []), (0, []), (2, [])]


def test_entry_without_history_is_open_before_it_is_known() -> None:
    plain = Taxon("Testudo nova", 2, "Animalia", as_of=KNOWN_FROM)
    assert one(plain, day=KNOWN_FROM).open == frozenset()
    assert one(plain, day="2017-04-20").open == {Open.PAST_UNKNOWN}
    recent = Taxon("Testudo nova", 2, "Animalia", since="2025-03-06", as_of="2025-03-06")
    assert one(recent, day="2025-03-05").open == {Open.PAST_UNKNOWN}


def test_history_that_contradicts_the_entry_leaves_the_past_open() -> None:
    """A move between two histories is in neither of them."""
    parrot = Taxon("Psittacus novus", 1, "Animalia", as_of=KNOWN_FROM)
    assert one(parrot, Event("1981-06-06", "", "", 0, 2), day="2016-01-01").open == {Open.PAST_UNKNOWN}
    assert one(parrot, Event("1981-06-06", "", "", 0, 1), day="2016-01-01").open == frozenset()


def test_list_without_changes_is_the_same_on_every_day() -> None:
    listing = Listing([Taxon("Testudo nova", 1, "Animalia", population=Population(1, frozenset({"KG"}), 2))])
    assert listing.on(TODAY) is listing


def test_kind_that_is_not_listed_is_known_on_every_day() -> None:
    dog = Taxon("Canis familiaris", 0, "Animalia", as_of="2026-11-29", unlisted=Unlisted("domestic", ""))
    assert one(dog, day="2010-01-01") is dog
    gone = Taxon("Aa bb", 0, "Animalia", as_of="2026-11-29", unlisted=Unlisted("withdrawn", ""))
    assert one(gone, day="2010-01-01").open == {Open.PAST_UNKNOWN}
    assert one(gone, day="2018-01-01").open == frozenset()


def test_decision_of_this_country_has_no_day_of_its_own() -> None:
    goat = Taxon("Capra hircus", 0, "Animalia", decided="ours", as_of="2026-11-29")
    assert one(goat, day="2018-01-01").open == frozenset()


def test_changes_since_the_list_was_checked_are_found() -> None:
    assert whole().changed_between("2026-11-29", "2026-11-30") == ()
    found = whole().changed_between("2026-11-29", "2027-06-05")
    assert {name.split()[0] for _, name in found} == {"Pelophylax"}
