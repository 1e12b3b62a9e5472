"""Suspicious patterns on constructed traffic: one window where each rule fires, at least one where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pattern_windows
import pattern_windows_goods
import pytest
from pattern_windows import SAKER, permit, window

from chalicelib.i18n import words
from chalicelib.kernel import codes
from chalicelib.kernel.stage import Stage
from chalicelib.patterns.table import LADDER, RULES, Severity, find
from chalicelib.record.permit import Line
from chalicelib.suspicions import mail as suspicions_mail
from chalicelib.uses.use import PermittedAmount

FIRES = {**pattern_windows.FIRES, **pattern_windows_goods.FIRES}
RESTS = {**pattern_windows.RESTS, **pattern_windows_goods.RESTS}


def test_each_rule_has_firing_and_quiet_windows() -> None:
    assert set(FIRES) == set(RESTS) == set(RULES) == set(suspicions_mail.NAMES) == set(suspicions_mail.WHY)


@pytest.mark.parametrize("code", RULES)
def test_rule_fires_on_its_window(code: str) -> None:
    found = find(FIRES[code], [RULES[code]])
    assert [flag.rule for flag in found] == [code]
    (flag,) = found
    assert flag.id == find(FIRES[code], [RULES[code]])[0].id  # a second run finds the same flag
    named = code not in {"missing_serials", "many_voids", "many_stamps_spoiled", "desk_changed", "quota_raised"}
    assert bool(flag.permits) is named
    assert bool(flag.people) is (RULES[code].insider and code not in {"missing_serials", "many_voids"})


@pytest.mark.parametrize("code", RULES)
def test_rule_does_not_fire_on_quiet_windows(code: str) -> None:
    for quiet in RESTS[code]:
        assert find(quiet, [RULES[code]]) == ()


@pytest.mark.parametrize("code", RULES)
@pytest.mark.parametrize("language", codes.LANGUAGES)
def test_reason_of_flag_contains_every_figure(code: str, language: str) -> None:
    (flag,) = find(FIRES[code], [RULES[code]])
    said = suspicions_mail.why(flag, {"officer": "Aida"}, language, Stage())
    assert "{" not in said
    assert set(flag.facts) >= words.placeholders(suspicions_mail.WHY[code])
    for name, value in flag.facts.items():
        if name in {"number", "mark", "count", "total", "quantity", "permitted", "exporter", "operation"}:
            assert str(value) in said


def test_rule_has_severity_owner_and_hours() -> None:
    for rule in RULES.values():
        assert rule.severity in get_args(Severity.__value__)
        assert LADDER[rule.owner][0] == rule.owner
        assert len(set(LADDER[rule.owner])) == len(LADDER[rule.owner]) > 1
        assert 24 <= rule.hours <= 240


def test_same_chip_on_different_species_fires_same_mark() -> None:
    chip = "chip 643099000123456"
    one, other = replace(SAKER, marks=chip), replace(SAKER, marks=chip, scientific_name="Falco rusticolus")
    as_a_fox = replace(other, scientific_name="Vulpes vulpes")
    for line in (other, as_a_fox):
        assert find(window(permit(1, days=20, lines=(one,)), permit(2, lines=(line,))), [RULES["same_mark"]])


def test_empty_register_gives_no_flags() -> None:
    assert find(window()) == ()


def test_far_less_groups_by_officer_across_exporters() -> None:
    three = [pattern_windows.tortoises(n, exporter=f"firm {n}|KG") for n in range(3)]
    (flag,) = find(pattern_windows.window(*three), [RULES["far_less"]])
    assert (flag.people, flag.facts["quantity"], flag.facts["permitted"]) == (("officer",), "1", "1000")
    assert RULES["far_less"].insider  # insider rules are answered by the auditor


def test_line_left_out_of_endorsements_counts_as_far_less() -> None:
    line = Line(scientific_name="Falco cherrug", source="C", term="LIV", quantity="1")
    both = [replace(each, lines=(line, *each.lines), allowed={"A": PermittedAmount("1"), "B": PermittedAmount("1000")})
            for each in (pattern_windows.tortoises(n) for n in range(3))]  # fmt: skip
    (flag,) = find(pattern_windows.window(*both), [RULES["far_less"]])
    assert (flag.facts["line"], flag.facts["quantity"]) == ("B", "0")
