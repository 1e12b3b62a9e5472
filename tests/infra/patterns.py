"""Matcher of CloudWatch's JSON filter patterns, with the operators used here.

These are `=`, `!=`, `IS FALSE`, `&&`, `||`, parentheses and `*`.

AWS does not document whether `!=` matches a missing member. An alarm must work either way, so `absent_differs` selects
one.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

_TERM = re.compile(r'\$\.([\w.]+)\s*(=|!=)\s*"([^"]*)"|\$\.([\w.]+)\s+IS\s+FALSE')
_TOKEN = re.compile(rf"\s*({_TERM.pattern}|&&|\|\||\(|\))")


def matches(pattern: str, event: dict[str, Any], *, absent_differs: bool) -> bool:
    """True if the pattern matches the log line. Raises ValueError for any other operator."""
    inner, python, at = pattern.strip()[1:-1].strip(), "", 0
    while at < len(inner):
        token = _TOKEN.match(inner, at)
        if token is None:
            raise ValueError(inner[at:])
        at = token.end()
        text = token[1]
        words = {"&&": " and ", "||": " or ", "(": "(", ")": ")"}
        python += words[text] if text in words else str(_holds(text, event, absent_differs))
    return bool(eval(python, {"__builtins__": {}}))  # of True, False, and, or, parentheses


def _holds(text: str, event: dict[str, Any], absent_differs: bool) -> bool:
    term = _TERM.fullmatch(text)
    assert term is not None
    value: Any = event
    for name in (term[1] or term[4]).split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if term[4]:
        return value is False
    if value is None:
        return term[2] == "!=" and absent_differs
    return fnmatchcase(str(value), term[3]) is (term[2] == "=")
