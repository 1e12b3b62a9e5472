"""Search for names in the species list: a fold of spellings, and ranked matches word by word.

The same in `web/core/name_search.js` (vectors: names.json).

Search. Each typed word must equal, begin or resemble a word of one and the same name. Resembling counts only where no
name matches otherwise.

1 split the typed text into words
2 for each word, take the words of the list that equal it or begin with it
3 keep the names that have such a word for each typed word
4 if there is none, repeat with words that resemble it: one slip in 4 to 7 letters, two in more
5 order: fewest slips, the whole name, its beginning, the shorter name, the order of the list
6 if a name has each word exactly as typed (`saker`), leave out names with words that only sound like the beginning
  (`sacerdotum`)

Fold. `fold` reduces Latin, English, Russian and Kyrgyz spellings of a name to their common sounds in a small alphabet:
`fold('Бүркүт') == fold('burkut')`, `fold('Falco cherrug') == fold('фалько черруг')`. Use it to search, never to
compare, because two different names may fold alike.

1 compatibility decomposition, lower case, no marks
2 map letter by letter into a-z; any other character separates words
3 replace pairs of letters that are one sound
4 merge letters that are written for one another
5 reduce a letter repeated in a row to one
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

_MARKS = re.compile("[\u0300-\u036f]")

# The decomposition turns й into и and ё into е. Soft and hard signs and apostrophes have no sound.
_LETTERS = {
    **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhie", strict=True)),
    "ж": "j", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": "",
    "ө": "o", "ү": "u", "ң": "ng", "ұ": "u", "қ": "k", "ғ": "g", "һ": "h", "ә": "a", "і": "i",
    "æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "đ": "d", "ı": "i", "œ": "oe", "'": "", "’": "", "ʼ": "", "`": "",
}  # fmt: skip

_TABLE = str.maketrans(_LETTERS)

_OTHER = re.compile("[^a-z0-9]+")

# Steps 1 and 2 for text in ASCII, as most of the list is: the same result in a third of the time
_ASCII = str.maketrans(
    {code: "" if chr(code) in "'`" else chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
)

_PAIRS = {
    "shch": "S",
    "sch": "S",
    "sh": "S",
    "ch": "C",
    "zh": "j",
    "dj": "j",
    "kh": "h",
    "ph": "f",
    "th": "t",
    "rh": "r",
    "ck": "k",
}

_PAIR = re.compile("|".join(_PAIRS))  # longer alternatives come first

_ALIKE = str.maketrans({"c": "k", "q": "k", "w": "v", "y": "i", "x": "ks"})

_TWICE = re.compile(r"(.)\1+")


def fold(text: str) -> str:
    """Fold a name into words of `a-z`, `0-9`, `S` (sh) and `C` (ch) with single spaces, or "" if none is left."""
    return " ".join(_sound(word) for word in _plain_words(text))


def _plain_words(text: str) -> list[str]:
    if text.isascii():
        return text.translate(_ASCII).split()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text).lower())  # 1
    return _OTHER.sub(" ", plain.translate(_TABLE)).split()  # 2


def _sound(word: str) -> str:
    paired = _PAIR.sub(lambda found: _PAIRS[found[0]], word)  # 3
    return _TWICE.sub(r"\1", paired.translate(_ALIKE))  # 4, 5


PARENTS_AT_MOST = 4  # parents of a hybrid: breeders name at most the grandparents

WORDS_AT_MOST = 6  # typed words that are searched for

LETTERS_AT_MOST = 40  # letters of one typed word

BEGINNINGS_AT_MOST = 500  # words of the list that begin with a typed word, in alphabetical order

LOOKED_AT = 300  # words that share most letter groups with a misspelled one

EXACT, BEGINS, SLIP = 0, 1, 4

CROSS = frozenset({"x", "х", "χ", "hybrid", "hybrids", "hybr.", "hybr", "hyb.", "hyb"})

_CROSS_SIGN = re.compile(r"[×✕✖/&+]")


def crossed(name: str) -> list[list[str]]:
    """Words on each side of the cross signs of a hybrid's name, in lower case, or one list if it is no hybrid."""
    parts: list[list[str]] = [[]]
    for word in _CROSS_SIGN.sub(" x ", name).replace("(", " ").replace(")", " ").casefold().split():
        if word in CROSS:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def parents(name: str) -> list[list[str]]:
    """Words of each different parent of a hybrid, or one list for any other name."""
    return [list(words) for words in dict.fromkeys(tuple(words) for words in crossed(name) if words)]


class NameSearch:
    """Search index over entries, each a list of names.

    All of CITES takes about 0.4 s to index, once in a process. The first misspelled word adds 0.2 s for the letter
    groups. A search takes a few milliseconds.
    """

    def __init__(self, entries: Iterable[Sequence[str]]) -> None:
        self._names: list[tuple[int, int, str]] = []  # entry, index of its name, folded name
        self._spelt: list[str] = []  # the same names as written
        having: dict[str, list[int]] = {}  # word -> names that have it, ascending
        sounds: dict[str, str] = {}  # most words are in many names
        for entry, names in enumerate(entries):
            for place, name in enumerate(names):
                words = []
                for plain in _plain_words(name):
                    sound = sounds.get(plain)
                    if sound is None:
                        sound = sounds[plain] = _sound(plain)
                    words.append(sound)
                for word in set(words):
                    having.setdefault(word, []).append(len(self._names))
                self._names.append((entry, place, " ".join(words)))
                self._spelt.append(name)
        self._having: Mapping[str, list[int]] = having
        self._words = sorted(having)

    @cached_property
    def _sharing(self) -> Mapping[str, list[int]]:
        """Three letters -> words that have them, for misspelled words only."""
        sharing: dict[str, list[int]] = {}
        for number, word in enumerate(self._words):
            for gram in _grams(word):
                sharing.setdefault(gram, []).append(number)
        return sharing

    def find(self, text: str, limit: int = 20) -> list[tuple[int, int]]:
        """The best `limit` entries as (entry, index of its name). Each entry is there once, with its best name."""
        wanted = [word[:LETTERS_AT_MOST] for word in fold(text).split(" ") if word][:WORDS_AT_MOST]  # 1
        if not wanted:
            return []
        found = self._fitting([self._beginning(word) for word in wanted])  # 2, 3
        if not found:
            found = self._fitting([{**self._resembling(word), **self._beginning(word)} for word in wanted])  # 4
        whole = " ".join(wanted)
        best: dict[int, tuple[int, int, int, int, int, int]] = {}
        for number, cost in found.items():
            entry, place, name = self._names[number]
            start = 0 if name == whole else 1 if name.startswith(whole) else 2
            key = (cost, start, name.count(" "), entry, place, number)
            if entry not in best or key < best[entry]:
                best[entry] = key
        ordered, typed = sorted(best.values()), frozenset(_plain_words(text))  # 5
        if any(not cost and typed <= set(_plain_words(self._spelt[number])) for cost, *_, number in ordered):  # 6
            ordered = [each for each in ordered if not each[0] or self._begins_so(each[-1], typed)]
        return [(entry, place) for *_, entry, place, _ in ordered[:limit]]

    def _begins_so(self, number: int, typed: Iterable[str]) -> bool:
        """True if for each typed word the name has a word that begins with its very letters."""
        words = _plain_words(self._spelt[number])
        return all(any(word.startswith(each) for word in words) for each in typed)

    def _fitting(self, costs: Sequence[Mapping[str, int]]) -> dict[int, int]:
        """Names that have a word for each typed word, with the total cost of these words."""
        found: dict[int, int] | None = None
        for words in costs:
            here: dict[int, int] = {}
            for word, cost in words.items():
                for number in self._having[word]:
                    if (found is None or number in found) and cost < here.get(number, 1 << 20):
                        here[number] = cost
            found = here if found is None else {number: found[number] + cost for number, cost in here.items()}
        return found or {}

    def _beginning(self, typed: str) -> dict[str, int]:
        words = {}
        first = bisect_left(self._words, typed)
        for word in self._words[first : first + BEGINNINGS_AT_MOST]:
            if not word.startswith(typed):
                break
            words[word] = EXACT if word == typed else BEGINS
        return words

    def _resembling(self, typed: str) -> dict[str, int]:
        slips = 0 if len(typed) < 4 else 1 if len(typed) < 8 else 2
        if not slips:
            return {}
        shared: Counter[int] = Counter()
        for gram in _grams(typed):
            shared.update(self._sharing.get(gram, ()))
        enough = max(1, len(typed) - 4 * slips)  # two swapped letters change four letter groups
        likely = sorted(
            (-count, abs(len(self._words[number]) - len(typed)), number)
            for number, count in shared.items()
            if count >= enough
        )
        words = {}
        for _, _, number in likely[:LOOKED_AT]:
            apart, begins = distances(typed, self._words[number], slips)
            cost = min(SLIP * apart, SLIP * begins + BEGINS)
            if min(apart, begins) <= slips:
                words[self._words[number]] = cost
        return words


def distances(typed: str, word: str, most: int) -> tuple[int, int]:
    """Edit distances from `typed` to the word, and to the nearest beginning of the word.

    An edit inserts, deletes or changes a letter, or swaps two neighbours. Distances up to `most` are exact. A
    larger one only exceeds `most`.
    """
    from rapidfuzz.distance import OSA  # here, because only a search needs it

    ends = range(max(0, len(typed) - most), min(len(word), len(typed) + most) + 1)
    begins = (OSA.distance(typed, word[:end], score_cutoff=most) for end in ends)
    return OSA.distance(typed, word, score_cutoff=most), min(begins, default=most + 1)


def _grams(word: str) -> Iterator[str]:
    """Each letter of the word together with the two letters before it."""
    padded = f"  {word}"
    return (padded[at : at + 3] for at in range(len(word)))
