"""Layers of the species list: which layer a row takes each value from."""

from __future__ import annotations

import pytest

from chalicelib.species.model.layers import Layers, Published, is_later, merged
from chalicelib.species.model.list_rows import COLUMNS, OLD_COLUMNS, Row


def row(name: str, appendix: str = "II", **more: str) -> Row:
    made = dict.fromkeys(COLUMNS, "") | {
        "scientific_name": name, "rank": "species", "kingdom": "Animalia", "appendix": appendix, "source": "index",
        "as_of": "2017-04-21", "since": "2017-04-21", "checked": "2025-03-06",
    }  # fmt: skip
    return made | more


def old(made: Row) -> Row:
    """The row as a list of before the new columns stored it."""
    return {column: made[column] for column in OLD_COLUMNS}


def own(name: str, **more: str) -> Row:
    return dict.fromkeys(OLD_COLUMNS, "") | {"scientific_name": name} | more


def unlisted(name: str, reason: str = "domestic", **more: str) -> Row:
    columns = ("rank", "kingdom", "class", "order", "family", "synonyms", "en", "fr", "ru", "ky", "source", "as_of",
               "wild")  # fmt: skip
    return dict.fromkeys(columns, "") | {"name": name, "reason": reason, "note": "The wild form is listed"} | more


def made(base: list[Row], **layers: object) -> dict[str, Row]:
    above = Layers(**{"overlay": (), **layers})  # type: ignore[arg-type]
    found = list(merged(base, {each["scientific_name"].lower() for each in base}, above))
    assert len({each["scientific_name"] for each in found}) == len(found)
    return {each["scientific_name"]: each for each in found}


def test_base_row_without_layers_stays_as_it_is() -> None:
    saker = row("Falco cherrug", synonyms="Falco altaicus")
    assert made([saker]) == {"Falco cherrug": saker}


def test_overlay_adds_names_and_group_only() -> None:
    saker = row("Falco cherrug", en="Saker; Saker Falcon", listed_by="")
    overlay = own("Falco cherrug", en="Saker Falcon", ru="Балобан", ky="Ителги", group="native", appendix="I")
    found = made([saker], overlay=[overlay])["Falco cherrug"]
    assert (found["en"], found["ru"], found["ky"], found["group"]) == (
        "Saker Falcon; Saker",
        "Балобан",
        "Ителги",
        "native",
    )
    assert (found["appendix"], found["as_of"], found["checked"]) == ("II", "2017-04-21", "2025-03-06")


def test_overlay_with_a_decision_sets_the_appendix() -> None:
    bear = row("Ursus arctos", "II", may_be="I", symbol="#1")
    overlay = own("Ursus arctos", decided="isabellinus", appendix="I", may_be="II", annotation="Ours")
    found = made([bear], overlay=[overlay])["Ursus arctos"]
    assert (found["appendix"], found["may_be"], found["annotation"], found["decided"]) == (
        "I",
        "II",
        "Ours",
        "isabellinus",
    )
    assert found["symbol"] == "#1", "an overlay without this column has not decided it"


def test_overlay_renames_a_base_row_by_synonym() -> None:
    crane = row("Anthropoides virgo", synonyms="Ardea virgo")
    found = made([crane], overlay=[own("Grus virgo", synonyms="Anthropoides virgo", ky="Каркыра")])
    assert list(found) == ["Grus virgo"]
    assert found["Grus virgo"]["synonyms"] == "Ardea virgo; Anthropoides virgo"


def test_synonyms_may_be_separated_without_a_blank() -> None:
    crane = row("Anthropoides virgo", synonyms="Ardea virgo;Grus virgo")
    found = made([crane], overlay=[own("Grus virgo", ky="Каркыра")])
    assert found["Grus virgo"]["ky"] == "Каркыра"


def test_overlay_row_that_no_layer_knows_is_added_if_complete() -> None:
    whole = own("Felis lybica", appendix="II", rank="species", kingdom="Animalia", source="ours", as_of="2026-11-29")
    found = made([row("Felis silvestris")], overlay=[whole, own("Felis nova", ru="Кот")])
    assert list(found) == ["Felis silvestris", "Felis lybica"]
    assert found["Felis lybica"]["symbol"] == ""


@pytest.mark.parametrize(
    ("as_of", "counts"), [("2017-04-21", False), ("2025-03-06", False), ("2025-03-07", True), ("2026-11-20", True)]
)
def test_published_part_counts_where_it_is_later(as_of: str, counts: bool) -> None:
    published = row("Falco cherrug", "I", as_of=as_of, source="Species+")
    assert is_later(published, row("Falco cherrug")) == counts
    found = made([row("Falco cherrug")], published=Published([published]))["Falco cherrug"]
    assert (found["appendix"], found["source"]) == (("I", "Species+") if counts else ("II", "index"))


def test_published_part_before_a_change_in_force_does_not_take_it_back() -> None:
    sloth = row("Choloepus hoffmanni", since="2026-03-05", as_of="2026-03-05", checked="")
    published = row("Choloepus hoffmanni", "III", as_of="2026-01-15", listed_by="CR")
    assert made([sloth], published=Published([old(published)]))["Choloepus hoffmanni"]["appendix"] == "II"


def test_old_published_row_keeps_what_it_does_not_tell() -> None:
    rose = row("Rhodiola rosea", symbol="#2", fr="Orpin rose", open="annotation; one_source", range_states="KG",
               range_source="index", range_sure="y", **{"except": "fossils"})  # fmt: skip
    published = old(row("Rhodiola rosea", as_of="2026-11-20", annotation="Text", source="Species+"))
    found = made([rose], published=Published([published]))["Rhodiola rosea"]
    assert (found["symbol"], found["fr"], found["except"], found["range_states"]) == (
        "#2",
        "Orpin rose",
        "fossils",
        "KG",
    )
    assert (found["annotation"], found["open"], found["since"]) == ("Text", "annotation", "2017-04-21")
    assert (found["checked"], found["range_sure"]) == ("2026-11-20", "y")


def test_published_row_in_another_appendix_has_no_day_of_its_own() -> None:
    published = row("Falco cherrug", "I", as_of="2026-11-20", since="")
    assert made([row("Falco cherrug")], published=Published([published]))["Falco cherrug"]["since"] == ""


def test_published_row_under_a_new_name_replaces_its_base_row() -> None:
    published = row("Clanga clanga", as_of="2026-11-20", synonyms="Aquila clanga")
    overlay = own("Aquila clanga", ky="Бүркүт", group="native")
    found = made([row("Aquila clanga")], published=Published([published]), overlay=[overlay])
    assert list(found) == ["Clanga clanga"]
    assert (found["Clanga clanga"]["synonyms"], found["Clanga clanga"]["ky"]) == ("Aquila clanga", "Бүркүт")


def test_published_row_of_a_species_that_the_base_splits_stays_apart() -> None:
    published = row("Ovis ammon", as_of="2026-11-20", synonyms="Ovis polii")
    found = made([row("Ovis ammon"), row("Ovis polii")], published=Published([published]))
    assert (found["Ovis ammon"]["synonyms"], found["Ovis polii"]["as_of"]) == ("", "2017-04-21")


def test_published_row_of_a_new_taxon_is_added() -> None:
    assert list(made([row("Aa bb")], published=Published([row("Cc dd", as_of="2026-11-20")]))) == ["Aa bb", "Cc dd"]


def test_whole_published_list_replaces_the_base() -> None:
    published = Published([row("Cc dd", as_of="2026-11-20", synonyms="Cc ee", checked="")], whole=True)
    found = made([row("Aa bb")], published=published, overlay=[own("Aa bb", ru="Имя"), own("Cc ee", ru="Имя")])
    assert list(found) == ["Cc dd"]
    assert (found["Cc dd"]["ru"], found["Cc dd"]["checked"]) == ("Имя", "2026-11-20")


def test_synonym_that_is_an_accepted_name_or_taken_is_left_out() -> None:
    found = made([row("Aa bb", synonyms="Aa cc; Dd ee"), row("Cc dd", synonyms="Aa cc; Cc ee"), row("Dd ee")])
    assert [each["synonyms"] for each in found.values()] == ["Aa cc", "Cc ee", ""]


def test_unlisted_kind_is_added_with_its_reason() -> None:
    found = made(
        [row("Canis lupus")],
        unlisted=[unlisted("Canis familiaris", en="Dog", synonyms="Canis lupus familiaris", wild="Canis lupus")],
    )
    dog = found["Canis familiaris"]
    assert (dog["appendix"], dog["unlisted"], dog["unlisted_note"]) == ("0", "domestic", "The wild form is listed")
    assert (dog["en"], dog["synonyms"], dog["unlisted_wild"]) == ("Dog", "Canis lupus familiaris", "Canis lupus")


def test_unlisted_reason_joins_a_base_row_that_is_not_listed() -> None:
    cat = row("Felis catus", "0", en="Cat")
    reason = unlisted("Felis catus", en="Cat; House Cat", ru="Кошка", wild="Felis silvestris")
    found = made([cat], unlisted=[reason])["Felis catus"]
    assert found["unlisted_wild"] == "Felis silvestris"
    assert (found["unlisted"], found["en"], found["ru"], found["source"]) == (
        "domestic",
        "Cat; House Cat",
        "Кошка",
        "index",
    )


def test_unlisted_kind_that_a_layer_lists_is_listed() -> None:
    published = Published([row("Capreolus pygargus", "III", as_of="2026-11-20", listed_by="MN")])
    found = made([row("Aa bb")], published=published, unlisted=[unlisted("Capreolus pygargus", "never_listed")])
    assert found["Capreolus pygargus"]["appendix"] == "III"
    assert "unlisted" not in found["Capreolus pygargus"]
