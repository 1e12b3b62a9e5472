"""A name as it sounds, in one small alphabet: what Latin, English, Russian and Kyrgyz spellings of it have in common.

`fold('Бүркүт') == fold('burkut')`, `fold('Falco cherrug') == fold('фалько черруг')`. For finding only, never for
comparing: two names may fold alike. The same in `web/core/fold.js` (vectors: names.json).

1 compatibility decomposition, lower case, no marks   2 letter by letter into a-z, the rest parts words
3 pairs of letters that are one sound   4 letters that are written for one another   5 none twice in a row
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")
# After the decomposition й is и and ё is е. Soft and hard signs and apostrophes have no sound.
_LETTERS = {
    **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhie", strict=True)),
    "ж": "j", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": "",
    "ө": "o", "ү": "u", "ң": "ng", "ұ": "u", "қ": "k", "ғ": "g", "һ": "h", "ә": "a", "і": "i",
    "æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "đ": "d", "ı": "i", "œ": "oe", "'": "", "’": "", "ʼ": "", "`": "",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)
_OTHER = re.compile("[^a-z0-9]+")
_PAIRS = {
    "shch": "S", "sch": "S", "sh": "S", "ch": "C", "zh": "j", "dj": "j", "kh": "h", "ph": "f", "th": "t", "rh": "r",
    "ck": "k",
}  # fmt: skip
_PAIR = re.compile("|".join(_PAIRS))  # the longer ones stand first
_ALIKE = str.maketrans({"c": "k", "q": "k", "w": "v", "y": "i", "x": "ks"})
_TWICE = re.compile(r"(.)\1+")


def fold(text: str) -> str:
    """Words of `a-z`, `0-9`, `S` (sh) and `C` (ch) with one space between; "" if nothing of it can be read."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text).lower())  # 1
    plain = _OTHER.sub(" ", plain.translate(_TABLE)).strip()  # 2
    paired = _PAIR.sub(lambda found: _PAIRS[found[0]], plain)  # 3
    return _TWICE.sub(r"\1", paired.translate(_ALIKE))  # 4, 5
