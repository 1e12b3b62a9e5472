"""Which characters may stand in a text, and what counts as Latin script."""

from __future__ import annotations

import re
import unicodedata

# FORMAT.md 1: C0, DEL, C1, U+061C, U+200B-200F, U+2028-202E, U+2060-2069, U+FEFF, lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

# Drawn as nothing and no format character (Cf): fillers, joiners, variation selectors (Default_Ignorable_Code_Point of
# Unicode's DerivedCoreProperties.txt), and the empty Braille pattern.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_ACCENTS = {202, 220, 230}  # combining classes: joined below, below, above


def forbidden_characters(text: str) -> bool:
    """True if the text holds a control, direction or invisible character, or half of a surrogate pair."""
    return _FORBIDDEN.search(text) is not None


def unseen_characters(text: str) -> bool:
    """True if the text holds what a print does not show: more than FORMAT.md 1 forbids, so for applications only."""
    return _FILLERS.search(text) is not None or any(unicodedata.category(char) == "Cf" for char in text)


def stray_marks(text: str) -> bool:
    """True if a combining mark is anything but one accent above or below its letter (NFC; of Latin script)."""
    composed = unicodedata.normalize("NFC", text)
    return any(
        unicodedata.category(char).startswith("M")
        and not (before.isalpha() and unicodedata.combining(char) in _ACCENTS)
        for before, char in zip(f" {composed}", composed, strict=False)
    )


def right_to_left(text: str) -> bool:
    """True if the text holds a character beside which digits are drawn in another order than they stand."""
    return any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text)


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
