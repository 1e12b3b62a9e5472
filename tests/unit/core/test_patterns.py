"""Each rule on made traffic: one window in which it speaks, and at least one in which it does not."""

from __future__ import annotations

from dataclasses import replace

import pattern_windows
import pattern_windows_goods
import pytest
from pattern_windows import SAKER, permit, window

from chalicelib import pattern_words, tables, words
from chalicelib.core.patterns.table import LADDER, RULES, SEVERITIES, find

FIRES = {**pattern_windows.FIRES, **pattern_windows_goods.FIRES}
RESTS = {**pattern_windows.RESTS, **pattern_windows_goods.RESTS}


def test_each_rule_is_tried_both_ways() -> None:
    assert set(FIRES) == set(RESTS) == set(RULES) == set(pattern_words.NAMES) == set(pattern_words.WHY)


@pytest.mark.parametrize("code", RULES)
def test_it_speaks(code: str) -> None:
    found = find(FIRES[code], [RULES[code]])
    assert [flag.rule for flag in found] == [code]
    (flag,) = found
    assert flag.id == find(FIRES[code], [RULES[code]])[0].id  # the same flag when it is looked for again
    named = code not in {"missing_serials", "many_voids", "many_stamps_spoiled", "desk_changed", "quota_raised"}
    assert bool(flag.permits) is named
    assert bool(flag.people) is (RULES[code].insider and code not in {"missing_serials", "many_voids"})


@pytest.mark.parametrize("code", RULES)
def test_it_is_silent(code: str) -> None:
    for quiet in RESTS[code]:
        assert find(quiet, [RULES[code]]) == ()


@pytest.mark.parametrize("code", RULES)
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_why_is_said_in_words_with_every_figure(code: str, language: str) -> None:
    (flag,) = find(FIRES[code], [RULES[code]])
    said = pattern_words.why(
        code,
        flag.facts,
        language,
        zone="Asia/Bishkek",
        posts=tables.post_names(language, "KG"),
        people={"officer": "Aida"},
    )
    assert "{" not in said
    assert set(flag.facts) >= words.placeholders(pattern_words.WHY[code])
    for name, value in flag.facts.items():
        if name in {"number", "mark", "count", "total", "quantity", "permitted", "exporter", "operation"}:
            assert str(value) in said


def test_a_rule_says_how_grave_it_is_who_answers_and_how_soon() -> None:
    for rule in RULES.values():
        assert rule.severity in SEVERITIES
        assert LADDER[rule.owner][0] == rule.owner
        assert len(set(LADDER[rule.owner])) == len(LADDER[rule.owner]) > 1
        assert 24 <= rule.hours <= 240


def test_a_chip_is_one_animals_whatever_the_species_says() -> None:
    chip = "chip 643099000123456"
    one, other = replace(SAKER, marks=chip), replace(SAKER, marks=chip, scientific_name="Falco rusticolus")
    as_a_fox = replace(other, scientific_name="Vulpes vulpes")
    for line in (other, as_a_fox):
        assert find(window(permit(1, days=20, lines=(one,)), permit(2, lines=(line,))), [RULES["same_mark"]])


def test_an_empty_register_raises_nothing() -> None:
    assert find(window()) == ()
