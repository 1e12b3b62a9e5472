"""Whether the desk has words for every refusal of an application: what it lacks would stand there in English."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = ("rules", "kind_rules", "line_rules", "shape", "quotas", "pages", "stamps", "deputies", "watch", "overrides")
_MADE = re.compile(r'(?:FieldError|fault)\(\s*(?:f?"[^"]*"|[\w.]+),\s*"(\w+)"')
SCREENLESS = {"pages"}  # no answer of a person's leads to it


def test_the_desk_has_words_for_every_code_of_the_rules() -> None:
    sources = [(ROOT / f"chalicelib/core/{name}.py").read_text("utf-8") for name in RULES]
    codes = {code for source in sources for code in _MADE.findall(source)} - SCREENLESS
    words = set(re.findall(r"^ {4}(\w+): t\(", (ROOT / "web/desk/faults.js").read_text("utf-8"), re.MULTILINE))
    assert len(codes) > 40
    assert sorted(codes - words) == []
