"""Rows of the base: usual values of empty cells, the same line back, and changes as events."""

from __future__ import annotations

from chalicelib.platform.country_folder import read_lines
from chalicelib.species.model.base_rows import base_line, base_rows, events_of, joined
from chalicelib.species.model.list_rows import RowReader
from chalicelib.species.model.listing import Event, Open, Population
from chalicelib.species.services import list_in_use


def change(taxon: str, what: str, day: str, before: str, after: str, **more: str) -> dict[str, str]:
    columns = ("symbol_before", "symbol", "listed_by", "populations", "old_name", "source", "sure")
    return dict.fromkeys(columns, "") | {
        "taxon": taxon, "what": what, "not_before": day, "not_after": day, "before": before, "after": after,
    } | more  # fmt: skip


def line(name: str, *cells: str) -> list[str]:
    return [name, *cells, *[""] * (20 - len(cells))]


def test_empty_cells_of_a_line_have_the_usual_values() -> None:
    (found,) = base_rows([line("Falco cherrug", "", "Falconidae", "", "II")], list_in_use.base_tables())
    assert (found["rank"], found["order"], found["class"], found["kingdom"]) == (
        "species", "Falconiformes", "Aves", "Animalia")  # fmt: skip
    assert (found["since"], found["as_of"], found["checked"]) == ("2017-04-21", "2017-04-21", "2025-03-06")
    assert found["source"]


def test_line_never_checked_has_no_day_of_a_check() -> None:
    cells = ["", "Falconidae", "", "II", *[""] * 10, "-"]
    (found,) = base_rows([line("Falco cherrug", *cells)], list_in_use.base_tables())
    assert found["checked"] == ""


def test_every_line_is_written_back_as_it_was_read() -> None:
    tables, lines = list_in_use.base_tables(), list(read_lines("cites/taxa.csv"))
    codes = {text: code for code, text in tables.basis.items()}
    wrong = [
        (before, after)
        for before, row in zip(lines, base_rows(lines, tables), strict=True)
        if (after := base_line(row, tables.edition, codes)) != before
    ]
    assert wrong == []


def test_row_of_the_base_becomes_an_entry() -> None:
    cells = ["", "Cervidae", "", "III", "II; 0", "DZ; TN", "#4", "domesticated", "Aa cc", "Deer; Stag", "Cerf",
             "DZ; TN", "y", "2025-03-06", "", "", "party; one_source"]  # fmt: skip
    (row,) = base_rows([line("Aa bb", *cells)], list_in_use.base_tables())
    found = RowReader({}).taxon(row)
    assert (found.appendix, found.may_be, found.listed_by, found.listed_by_all) == (3, {0, 2}, "DZ", {"DZ", "TN"})
    assert (found.symbol, found.excepts, found.open) == ("#4", {"domesticated"}, {Open.PARTY, Open.ONE_SOURCE})
    assert (dict(found.names), found.also) == ({"en": "Deer", "fr": "Cerf"}, ("Stag",))
    assert (found.range_states, found.range_sure, found.since, found.checked) == (
        {"DZ", "TN"},
        True,
        "2025-03-06",
        "2025-03-06",
    )


def test_change_of_appendix_becomes_an_event() -> None:
    (found,) = events_of([change("Aa bb", "moved", "2023-02-23", "II; 0", "I", symbol_before="#5")], {})["Aa bb"]
    assert (found.what, found.before, found.after, found.earlier) == ("Moved to Appendix I", 2, 1, {0, 2})
    assert (found.last, found.moved, found.symbols) == ("", True, ("#5", ""))


def test_change_of_an_unknown_day_has_its_last_day() -> None:
    row = change("Aa bb", "added", "2020-08-25", "0", "III", not_after="2025-03-06", listed_by="CU")
    (found,) = events_of([row], {})["Aa bb"]
    assert (found.day, found.last, found.over, found.listed_by) == ("2020-08-25", "2025-03-06", "2025-03-06", {"CU"})


def test_renaming_and_zero_quota_change_no_appendix() -> None:
    rows = [change("Aa bb", "renamed", "2023-02-23", "", ""), change("Aa bb", "quota", "2024-01-01", "II", "II")]
    assert [(each.before, each.changes) for each in events_of(rows, {})["Aa bb"]] == [(None, False), (None, False)]


def test_ended_split_by_country_becomes_an_event() -> None:
    split = Population(1, frozenset({"CN"}), 2, until="2019-11-26")
    (found,) = events_of([], {"Ovis ammon": split})["Ovis ammon"]
    assert (found.day, found.population, found.moved) == ("2019-11-26", split, True)


def test_two_histories_join_by_day_and_the_first_one_counts() -> None:
    ours = Event("2023-02-23", "Listed (CoP19)", "ours", 0, 2)
    theirs = Event("2023-02-23", "Listed in Appendix II", "theirs", 0, 2, symbols=("", "#2"))
    quota = Event("2019-11-26", "Zero quota", "ours")
    moved = Event("2019-11-26", "Moved", "theirs", 1, 2)
    found = joined({"Aa": (ours,), "Bb": (quota,)}, {"Aa": (theirs,), "Bb": (moved,)})
    assert found["Aa"] == (ours._replace(symbols=("", "#2")),)
    assert found["Bb"] == (moved,)
