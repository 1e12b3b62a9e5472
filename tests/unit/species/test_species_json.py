"""Entries in answers and on devices: both days, open reasons, coming changes, and the rules of groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chalicelib.species import schemas
from chalicelib.species.model.listing import Effect, Event, Listing, Open, Population, Restriction, Taxon, Unlisted
from chalicelib.species.model.name_resolution import resolve_name

FROG = Taxon(
    "Pelophylax ridibundus", 0, "Animalia", class_name="Amphibia", order="Anura", family="Ranidae", group="native",
    since="2017-04-21", checked="2026-11-29", basis="cop20", open=frozenset({Open.NAME, Open.DELAY}),
    coming=Event("2027-06-05", "Listed in Appendix II", "CoP20", 0, 2),
)  # fmt: skip
ROSEWOOD = Taxon("Dalbergia", 2, "Plantae", "genus", order="Fabales", family="Leguminosae", group="traded",
                 symbol="#15", excepts=frozenset({"fossils"}))  # fmt: skip
NIGRA = Taxon("Dalbergia nigra", 1, "Plantae", order="Fabales", family="Leguminosae",
              listed_by="BR", also_listed_by=frozenset({"AR"}), range_states=frozenset({"BR"}),
              range_sure=True)  # fmt: skip
LATIFOLIA = replace(ROSEWOOD, scientific_name="Dalbergia latifolia", rank="species")
DOG = Taxon("Canis familiaris", 0, "Animalia", family="Canidae", group="native",
            unlisted=Unlisted("domestic", "The wild form is Canis lupus", ("Canis lupus",)))  # fmt: skip
RULE = Restriction(
    "Dalbergia nigra", frozenset(), frozenset("W"), frozenset(), frozenset(), date(2020, 1, 1), None, "Stop", "Notice",
    effect=Effect.ASK, terms=frozenset({"LOG"}), except_origins=frozenset({"BR"}), exported_before=True,
)  # fmt: skip
LISTING = Listing(
    [FROG, ROSEWOOD, NIGRA, LATIFOLIA, DOG], [RULE], "2026-03-05", in_force="2026-03-05", checked="2026-11-29"
)


def test_entry_has_both_days_open_reasons_and_coming_change() -> None:
    found = schemas.taxon_json(FROG, LISTING)
    assert (found["in_force"], found["checked"], found["basis"]) == ("2017-04-21", "2026-11-29", "cop20")
    assert found["open"] == ["delay", "name"]
    assert found["coming"] == {"day": "2027-06-05", "appendix": "II"}
    assert found["unlisted"] is None


def test_unlisted_kind_has_its_reason_note_and_wild_forms() -> None:
    assert schemas.taxon_json(DOG, LISTING)["unlisted"] == {
        "reason": "domestic",
        "note": "The wild form is Canis lupus",
        "wild": ["Canis lupus"],
    }


def test_entry_has_symbol_exceptions_and_every_listing_country() -> None:
    assert schemas.taxon_json(ROSEWOOD, LISTING)["symbol"] == "#15"
    assert schemas.taxon_json(ROSEWOOD, LISTING)["excepts"] == ["fossils"]
    found = schemas.taxon_json(NIGRA, LISTING)
    assert (found["listed_by"], found["listed_by_all"], found["range_sure"]) == ("BR", ["AR", "BR"], True)


def test_restriction_has_effect_terms_and_exceptions() -> None:
    (found,) = schemas.taxon_json(NIGRA, LISTING)["restrictions"]
    assert (found["effect"], found["terms"], found["except_origins"]) == ("ask", ["LOG"], ["BR"])
    assert found["exported_before"]


def test_device_part_has_both_days_of_the_list() -> None:
    part = schemas.for_devices(LISTING)
    assert (part["in_force"], part["checked"]) == ("2026-03-05", "2026-11-29")


def test_group_on_a_device_names_only_its_quotas_and_taxa_of_the_device() -> None:
    quotas = ["Dalbergia nigra", "Dalbergia foo", "Fabales", "Felidae"]
    part = schemas.for_devices(LISTING, quotas)
    (covers,) = (each["covers"] for each in part["taxa"] if each["scientific_name"] == "Dalbergia")
    assert covers["members"] == ["dalbergia", "dalbergia foo", "dalbergia latifolia", "dalbergia nigra"]
    assert covers["above"] == ["fabales", "leguminosae"]
    (bare,) = (
        each["covers"] for each in schemas.for_devices(LISTING)["taxa"] if each["scientific_name"] == "Dalbergia"
    )
    assert bare["members"] == ["dalbergia", "dalbergia latifolia"]


def test_group_on_a_device_is_broad_with_the_annotation_of_its_strictest_taxon() -> None:
    part = schemas.for_devices(LISTING)
    (covers,) = (each["covers"] for each in part["taxa"] if each["scientific_name"] == "Dalbergia")
    assert (covers["broad"], covers["appendix"], covers["deciding"]) == (True, "I", "Dalbergia nigra")
    assert (covers["symbol"], covers["range_states"], covers["range_sure"]) == ("", [], False)


def test_entry_without_other_rules_has_no_covers() -> None:
    quail = Taxon("Aa bb", 2, "Animalia", order="Aa", family="Aae", synonyms=("Cc bb",), group="native")
    (found,) = schemas.for_devices(Listing([quail]), ["Aa bb", "Aa"])["taxa"]
    assert "covers" not in found
    (found,) = schemas.for_devices(Listing([quail]), ["Cc bb"])["taxa"]
    assert found["covers"]["members"] == ["aa bb", "cc bb"]
    assert "appendix" not in found["covers"]


def test_rules_of_a_group_have_a_state_for_each_day_on_which_a_member_changes() -> None:
    change = Event("2026-03-05", "Moved to Appendix I", "CoP20", 2, 1)
    moved = Taxon("Aa bb", 1, "Animalia", since="2026-03-05")
    genus = Taxon("Aa", 2, "Animalia", "genus", group="traded", since="2017-04-21")
    listing = Listing(
        [moved, genus], as_of="2026-03-05", history={"Aa bb": (change,)}, known_from="2017-04-21"
    )  # fmt: skip
    (found,) = schemas.for_devices(listing)["taxa"]
    covers = found["covers"]
    assert (covers["appendix"], covers["broad"], covers["deciding"]) == ("I", True, "Aa bb")
    before, after = covers["states"]
    assert (before["from"], before["appendix"], before["broad"]) == ("2017-04-21", "II", False)
    assert after == {"from": "2026-03-05"}


def test_entry_in_force_since_a_later_day_is_not_known_before() -> None:
    late = Taxon("Aa bb", 2, "Animalia", group="native", since="2026-03-05")
    (found,) = schemas.for_devices(Listing([late], as_of="2026-03-05", known_from="2017-04-21"))["taxa"]
    assert [(each["from"], each["open"]) for each in found["states"]] == [
        ("", ["past_unknown"]), ("2017-04-21", ["past_unknown"]), ("2026-03-05", []),
    ]  # fmt: skip


def test_group_that_the_origin_splits_alike_is_not_broad() -> None:
    split = Population(2, frozenset({"GH"}), 0)
    khaya = [
        Taxon(name, 2, "Plantae", rank, may_be=frozenset({0}), population=split, group="traded")
        for name, rank in (("Khaya", "genus"), ("Khaya ivorensis", "species"))
    ]
    entry, _ = schemas.for_devices(Listing(khaya))["taxa"]
    assert resolve_name("Khaya", Listing(khaya)).broad is False
    assert "covers" not in entry
    assert entry["population"]
