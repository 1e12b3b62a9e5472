"""The unit tests detect at least 85 % of the mutants of the modules in PROMISE."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from forked import KILLED, SURVIVED
from mutants import DOC, GOAL, PROMISE, SAME, TESTS, Mutant, changes, document, rates, run
from proof import FULL, found

pytestmark = pytest.mark.slow

MODULES, ASKED = (PROMISE, TESTS) if FULL else (("check_code",), ("tests/unit/token/test_check_code.py",))
LINES_AT_MOST = 400  # of docs/MUTANTS.md: nobody reads more survivors than this


def test_unit_tests_kill_at_least_85_percent_of_mutants() -> None:
    mutants = run(MODULES, tests=ASKED, children=os.cpu_count() or 2)
    shares = {module: killed / total for module, (killed, total) in rates(mutants).items()}
    found("mutants", **{module: f"{100 * share:.1f} %" for module, share in shares.items()}, mutants=len(mutants))
    assert set(shares) == set(MODULES)
    assert min(shares.values()) >= GOAL
    shown = document(mutants)
    assert shown.count("\n- `") == sum(each.outcome != KILLED for each in mutants)
    assert shown.count("\n") < LINES_AT_MOST
    if FULL:
        DOC.write_text(shown)


def test_mutants_survive_unrelated_tests() -> None:
    """Test of the measurement. It can fail, because unrelated tests kill few mutants."""
    mutants = run(("check_code",), tests=("tests/unit/record/test_block_texts.py",), children=os.cpu_count() or 2)
    assert rates(mutants)["check_code"][0] < len(mutants)
    assert any(each.outcome != KILLED for each in mutants)


def test_each_known_survivor_is_a_mutant_of_the_present_code(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mutmut]\nsource_paths = ["chalicelib"]\n')
    made = [each for module in {where.split(".")[0] for where, _ in SAME} for each in changes(tmp_path, module)]
    gone = [(where, new) for where, new in SAME if not any(m.where == where and new in m.new for m in made)]
    assert gone == []


def test_survivor_is_one_line_in_document() -> None:
    one = Mutant("chalicelib.uses.single_use.x_check_use__mutmut_9", SURVIVED, "… posts, now)", "… None, now)")
    shown = document([one, Mutant("chalicelib.uses.single_use.x_check_use__mutmut_8", KILLED, "a", "b")])
    assert "| single_use | 2 | 1 | 50.0 % | 0 |" in shown
    assert "\n### single_use\n\n- `check_use`: `… posts, now)` became `… None, now)`.\n" in shown
    assert document([]).endswith("## Survivors\n\nNone.\n")
