"""Text for every refusal code on the desk, exporter's page and scanner. A code without text appears in English."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CHECKED = (
    *sorted(f"applications/rules/{path.stem}" for path in (ROOT / "chalicelib/applications/rules").glob("[a-z]*.py")),
    "record/shape",
)
RULES = (
    *CHECKED,
    "quotas/model",
    "issuing/model",
    "stamps/model",
    "people/model",
    "alerts/model/watch",
    "permits/model/overrides",
)
_MADE = re.compile(r'(?:FieldError|fault)\(\s*(?:f?"[^"]*"|[\w.]+),\s*"(\w+)"')
BORDER = (
    "verification/model/foreign_permit",
    "cases/model/case",
    "expert_questions/model",
)  # records that officers make at the scanner and at the desk
APPLIED = (*CHECKED, "mail/services")
SCREENLESS = {"pages"}  # no input of a user leads to it


def made_in(modules: tuple[str, ...]) -> set[str]:
    sources = [(ROOT / f"chalicelib/{name}.py").read_text("utf-8") for name in modules]
    return {code for source in sources for code in _MADE.findall(source)} - SCREENLESS


def said_in(module: str) -> set[str]:
    text = (ROOT / "web" / module).read_text("utf-8")
    return {
        *re.findall(r"^ {4}(\w+): t\(", text, re.MULTILINE),
        *re.findall(r'^ {4}case "\w+ (\w+)":', text, re.MULTILINE),
    }


def test_desk_has_text_for_every_refusal_code_of_rules() -> None:
    assert len(made_in(RULES)) > 40
    assert sorted(made_in(RULES) - said_in("desk/faults.js")) == []


def test_exporter_page_and_scanner_have_text_for_every_refusal_code() -> None:
    assert sorted(made_in(APPLIED) - said_in("exporter/wrong.js")) == []
    assert sorted(made_in(BORDER) - said_in("shared/entry.js")) == []


def test_desk_has_text_for_every_refusal_code_of_cases_table() -> None:
    text = (ROOT / "chalicelib/cases/services/wildlife_database.py").read_text("utf-8")
    table = (ROOT / "chalicelib/cases/model/table.py").read_text("utf-8")
    codes = {
        *re.findall(r'_refusal\(each, [^,]+, "(\w+)"', text),
        *re.findall(r'(?:refused\(.*?|yield \w+, \S+), "(\w+)", "', table),
    }
    assert len(codes) > 12
    assert sorted(codes - said_in("desk/case-table.js") - said_in("desk/faults.js")) == []
