"""Which characters may stand in a text, and what counts as Latin script."""

from __future__ import annotations

import re
import unicodedata

# FORMAT.md 1: C0, DEL, C1, U+061C, U+200B-200F, U+2028-202E, U+2060-2069, U+FEFF, lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def forbidden_characters(text: str) -> bool:
    """True if the text holds a control, direction or invisible character, or half of a surrogate pair."""
    return _FORBIDDEN.search(text) is not None


def foreign_letters(text: str) -> str:
    """The letters and digits of the text that are not Latin script, each once, in order; "" if there are none.

    Combining marks and modifier letters (Uzbek U+02BB) pass; other letters are Latin by their Unicode name.
    Unassigned and private characters are never Latin.
    """
    return "".join(dict.fromkeys(char for char in text if not _latin(char)))


def _latin(char: str) -> bool:
    if char.isascii():
        return True
    category = unicodedata.category(char)
    if category in {"Nd", "Nl", "Cn", "Co", "Cs"}:
        return False
    if not category.startswith("L"):
        return True
    return char in "ªº" or unicodedata.name(char, "").startswith(("LATIN ", "MODIFIER LETTER "))
