"""A text as a cell of a CSV file that no spreadsheet calculates, and the text again: the one way for every table.

A spreadsheet may split a line at semicolons or tabs though it was written with commas; what was quoted is then not.
"""

from __future__ import annotations

import re

SIGNS = (*"=+-@\uff1d\uff0b\uff0d\uff20", "\t", "\r")  # OWASP, CSV injection; the full-width ones count as the plain
_FIRST = r"(?<![^;\t\r\n])"  # where a cell may begin: a comma inside of a text is quoted
_HARMS = rf"""(?='|"*[{re.escape("".join(SIGNS))}])"""
_UNSAFE, _MARKED = re.compile(_FIRST + _HARMS), re.compile(_FIRST + "'" + _HARMS)


def safe(text: str) -> str:
    """With an apostrophe before what would be calculated, and before each that stands there, so that `plain` knows."""
    return _UNSAFE.sub("'", text)


def plain(cell: str) -> str:
    """The mirror of `safe`."""
    return _MARKED.sub("", cell)
