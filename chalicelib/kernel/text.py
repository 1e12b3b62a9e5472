"""Checks and forms of text: allowed characters, Latin script, CSV cells, English counts, and reasons.

Every CSV table uses `escape_cell` and `unescape_cell`. `escape_cell` escapes a cell that a spreadsheet would calculate
as a formula, and `unescape_cell` removes the escape. A spreadsheet may split a line at semicolons or tabs although
commas were written, and then ignores the quotes. So `escape_cell` also escapes after each semicolon, tab and line break
inside a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from chalicelib.kernel.errors import FieldError, Invalid

EMAIL_AT_MOST = 254  # RFC 5321 s. 4.5.3.1.3, without the angle brackets

# Of RFC 5322's dot-atom only letters, digits and . _ + - are allowed. Other characters could begin a header, an address
# list or a route.
EMAIL = re.compile(
    r"(?=.{1,64}@)[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])",
    re.ASCII,
)

# Lower case, at least two labels (RFC 1123 s. 2.1).
HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)  # lower-case hex

DASHES = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d_]")

CELL_AT_MOST = 4000  # characters in a cell of an uploaded table

FORMULA_SIGNS = (*"=+-@\uff1d\uff0b\uff0d\uff20", "\t", "\r")  # OWASP, CSV injection; full-width signs count too

_FIRST = r"(?<![^;\t\r\n])"  # possible start of a cell; not after a comma, because a text with a comma is quoted

_HARMS = rf"""(?='|"*[{re.escape("".join(FORMULA_SIGNS))}])"""

_UNSAFE, _MARKED = re.compile(_FIRST + _HARMS), re.compile(_FIRST + "'" + _HARMS)


def escape_cell(text: str) -> str:
    """Put an apostrophe before each part that a spreadsheet would calculate.

    An apostrophe at such a place is doubled, so that `unescape_cell` restores the text.
    """
    return _UNSAFE.sub("'", text)


def unescape_cell(cell: str) -> str:
    """Remove the apostrophes that `escape_cell` added."""
    return _MARKED.sub("", cell)


def csv_row(cells: Iterable[str]) -> str:
    """Format one row of a CSV report, escaped and quoted, with CRLF."""
    return ",".join(_cell(text) for text in cells) + "\r\n"


def _cell(text: str) -> str:
    text = escape_cell(text)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def count_of(number: int, one: str, many: str = "") -> str:
    """Format a count in English: `1 minute`, `2 minutes`.

    `many`: the plural if it is not `one` with an s. Both forms may include a verb.
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def split_cell(cell: str) -> list[str]:
    """Split a cell at semicolons, without blanks and empty parts."""
    if ";" not in cell:  # fast path: true for nearly all of forty thousand rows
        return [cell.strip()] if cell and not cell.isspace() else []
    return [part.strip() for part in cell.split(";") if part.strip()]


# FORMAT.md 1: C0, DEL, C1, U+061C, U+200B-200F, U+2028-202E, U+2060-2069, U+FEFF, lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

# Invisible characters that are not format characters (Cf): fillers, joiners, variation selectors
# (Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt), and the empty Braille pattern.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)

_ACCENTS = {202, 220, 230}  # combining classes: joined below, below, above


def forbidden_characters(text: str) -> bool:
    """True if the text has a control, direction or invisible character, or half of a surrogate pair."""
    return _FORBIDDEN.search(text) is not None


def unseen_characters(text: str) -> bool:
    """True if the text has a character that a print does not show.

    These are more characters than FORMAT.md 1 forbids, so only applications are checked for them.
    """
    return _FILLERS.search(text) is not None or any(unicodedata.category(char) == "Cf" for char in text)


def stray_marks(text: str) -> bool:
    """True if the text, in NFC, has a combining mark other than one accent above or below a letter.

    Meant for Latin script.
    """
    composed = unicodedata.normalize("NFC", text)
    return any(
        unicodedata.category(char).startswith("M")
        and not (before.isalpha() and unicodedata.combining(char) in _ACCENTS)
        for before, char in zip(f" {composed}", composed, strict=False)
    )


def right_to_left(text: str) -> bool:
    """True if the text has a right-to-left character, which changes the order of digits beside it on the print."""
    return any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text)


def foreign_letters(text: str) -> str:
    """Return the letters and digits that are not Latin script, each once, in order, or "" if there are none.

    Combining marks and modifier letters (Uzbek U+02BB) pass. Other letters are Latin by their Unicode name.
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


def N_(message: str) -> str:
    """Return the message unchanged. Babel finds messages for the catalogues by this function's name."""
    return message


REASON_AT_MOST = 2000  # characters


def checked_reason(reason: str, field: str = "reason", *, required: bool = True) -> str:
    """Return the reason if it is valid: 1 to 2,000 characters, none of `forbidden_characters`.

    It may be empty if it is not `required`. Raises `Invalid` for `field`.
    """
    if required and not reason.strip():
        raise Invalid(FieldError(field, "required", "Give the reason in words."))
    if len(reason) > REASON_AT_MOST:
        raise Invalid(FieldError(field, "too_long", f"At most {REASON_AT_MOST} characters."))
    if forbidden_characters(reason):
        raise Invalid(
            FieldError(field, "characters", "Control characters and text-direction characters are not allowed.")
        )
    return reason
