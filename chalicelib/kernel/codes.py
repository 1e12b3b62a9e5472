"""Codes that a permit may have (purposes, sources, terms, units, Appendices), and the classification of sources.

Each table cites its source. English is the form's first language, and the country's own languages follow it.
Countries are in `countries.py`, kinds of document in `document_kinds.py`, the rows of terms in `terms.py`.

`counted_source` and `is_wild` are the only definition of the sources that count as wild. Restrictions, quotas of some
sources, findings, the rules for Appendix I and the patterns use them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

from chalicelib.kernel.terms import TERM_ROWS

ANIMAL = "Animalia"

PLANT = "Plantae"

KINGDOMS = (ANIMAL, PLANT)


@dataclass(frozen=True, slots=True)
class Code:
    """A code and its names. `uz` has the names that the form prints. The pages' catalogues have the other ones."""

    code: str
    en: str
    ru: str = ""
    ky: str = ""
    _: KW_ONLY
    uz: str = ""


@dataclass(frozen=True, slots=True)
class Source(Code):
    """A source code. `kingdom`: the only kingdom it fits, or None for both."""

    kingdom: str | None = None


@dataclass(frozen=True, slots=True)
class Unit(Code):
    """A unit of quantity: 1 of it is `factor` of `base`.

    Two units convert only if they have the same base. `symbol` is printed on the form.
    """

    symbol: str = ""
    base: str = ""
    factor: Decimal = Decimal(1)


def code_table[C: Code](rows: Iterable[C]) -> Mapping[str, C]:
    return MappingProxyType({row.code: row for row in rows})


# Conf. 12.3, block 5a; Russian as on the forms of the region.
class Purpose(StrEnum):
    """Code of a purpose of trade (Conf. 12.3, box 5a)."""

    COMMERCIAL = "T"
    ZOO = "Z"
    BOTANICAL_GARDEN = "G"
    CIRCUS = "Q"
    SCIENTIFIC = "S"
    HUNTING_TROPHY = "H"
    PERSONAL = "P"
    MEDICAL = "M"
    EDUCATIONAL = "E"
    REINTRODUCTION = "N"
    BREEDING = "B"
    ENFORCEMENT = "L"


PURPOSES: Mapping[str, Code] = code_table(
    (
        Code("T", "Commercial", "Коммерция", "Коммерциялык"),
        Code("Z", "Zoo", "Зоопарк", "Зоопарк"),
        Code("G", "Botanical garden", "Ботанический сад", "Ботаникалык бак"),
        Code("Q", "Circus or travelling exhibition", "Цирк или передвижная выставка", "Цирк же көчмө көргөзмө"),
        Code("S", "Scientific", "Научные цели", "Илимий максат"),
        Code("H", "Hunting trophy", "Охотничий трофей", "Аңчылык олжосу"),
        Code("P", "Personal", "Личное использование", "Жеке пайдалануу"),
        Code(
            "M",
            "Medical (including biomedical research)",
            "Медицинские цели (включая биомедицинские исследования)",
            "Медициналык максат (биомедициналык изилдөөлөр менен кошо)",
        ),
        Code("E", "Educational", "Образовательные цели", "Билим берүү максаты"),
        Code(
            "N",
            "Reintroduction or introduction into the wild",
            "Реинтродукция или интродукция в природу",
            "Жаратылышка кайтаруу же киргизүү",
        ),
        Code(
            "B",
            "Breeding in captivity or artificial propagation",
            "Разведение в неволе или искусственное выращивание",
            "Колдо көбөйтүү же жасалма өстүрүү",
        ),
        Code(
            "L",
            "Law enforcement / judicial / forensic",
            "Правоохранительные / судебные / криминалистические цели",
            "Укук коргоо / сот / криминалистика максаты",
        ),
    )
)

# Conf. 12.3, block 10. Kingdoms: A and Y plants only, C, R and F animals only (UNEP-WCMC trade validation). Y: CoP19.
SOURCES: Mapping[str, Source] = code_table(
    (
        Source("W", "Taken from the wild", "Изъят из дикой природы", "Жапайы жаратылыштан алынган"),
        Source("R", "Ranched", "Выращен на ранчо", "Ранчодо өстүрүлгөн", ANIMAL),
        Source(
            "D",
            "Appendix I, bred or propagated for commercial purposes (Art. VII.4)",
            "Приложение I, разведён или выращен для коммерции (ст. VII.4)",
            "I Тиркеме, коммерция үчүн өстүрүлгөн (VII.4-берене)",
        ),
        Source(
            "A",
            "Artificially propagated plant (Art. VII.5)",
            "Искусственно выращенное растение (ст. VII.5)",
            "Жасалма өстүрүлгөн өсүмдүк (VII.5-берене)",
            PLANT,
        ),
        Source(
            "C",
            "Animal bred in captivity (Art. VII.5)",
            "Животное, разведённое в неволе (ст. VII.5)",
            "Колдо көбөйтүлгөн жаныбар (VII.5-берене)",
            ANIMAL,
        ),
        Source(
            "F",
            "Born in captivity (F1 or later)",
            "Рождён в неволе (F1 и далее)",
            "Колдо туулган (F1 жана андан кийинки)",
            ANIMAL,
        ),
        Source("U", "Source unknown", "Источник неизвестен", "Булагы белгисиз"),
        Source("I", "Confiscated or seized", "Конфискован или изъят", "Конфискацияланган же алып коюлган"),
        Source("O", "Pre-Convention", "Доконвенционный", "Конвенцияга чейинки"),
        Source(
            "X",
            "Taken in the marine environment outside any State's jurisdiction",
            "Добыт в море вне юрисдикции государств",
            "Мамлекеттердин юрисдикциясынан тышкары деңизден алынган",
        ),
        Source(
            "Y",
            "Plant from assisted production",
            "Растение из поддерживаемого производства",
            "Жардам менен өндүрүлгөн өсүмдүк",
            PLANT,
        ),
    )
)

# Block 9: `terms.py`.
TERMS: Mapping[str, Code] = code_table(Code(*row.split(" ", 1)) for row in TERM_ROWS.strip().splitlines())

# UN/CEFACT Recommendation 20, as the CITES trade database accepts them. CTM is that database's own code.
# NAR means the same as no unit and is never written (FORMAT.md 1).
NUMBER = "NAR"

UNITS: Mapping[str, Unit] = code_table(
    (
        Unit(NUMBER, "number of specimens", "штук", "даана", "no.", NUMBER, Decimal(1)),
        Unit("KGM", "kilogram", "килограмм", "килограмм", "kg", "KGM", Decimal(1)),
        Unit("GRM", "gram", "грамм", "грамм", "g", "KGM", Decimal("0.001")),
        Unit("MGM", "milligram", "миллиграмм", "миллиграмм", "mg", "KGM", Decimal("0.000001")),
        Unit("LTR", "litre", "литр", "литр", "l", "LTR", Decimal(1)),
        Unit("MLT", "millilitre", "миллилитр", "миллилитр", "ml", "LTR", Decimal("0.001")),
        Unit("MTR", "metre", "метр", "метр", "m", "MTR", Decimal(1)),
        Unit("CTM", "centimetre", "сантиметр", "сантиметр", "cm", "MTR", Decimal("0.01")),
        Unit("MTK", "square metre", "квадратный метр", "чарчы метр", "m2", "MTK", Decimal(1)),
        Unit("MTQ", "cubic metre", "кубический метр", "куб метр", "m3", "MTQ", Decimal(1)),
        Unit("CMQ", "cubic centimetre", "кубический сантиметр", "куб сантиметр", "cm3", "MTQ", Decimal("0.000001")),
    )
)


def to_base_unit(quantity: str, unit: str | None) -> tuple[str, Decimal]:
    """Convert a quantity to its base unit, and return that base and the amount in it.

    A quantity without a unit is a number of specimens. Another Party's token may have a unit that is not in the table.
    Such a unit is its own base.
    """
    known = UNITS.get(unit or NUMBER)
    return (known.base, Decimal(quantity) * known.factor) if known else (str(unit), Decimal(quantity))


type Appendix = Literal["0", "I", "II", "III"]  # 0: in none

APPENDIX_NAMES: Mapping[int, Appendix] = {0: "0", 1: "I", 2: "II", 3: "III"}

APPENDIX_NUMBERS: Mapping[str, int] = {name: number for number, name in APPENDIX_NAMES.items()}

# Sources to which the rules for wild specimens apply (Conf. 12.3; Conf. 10.16). Y is not artificially propagated, so
# Art. VII(4), (5) do not cover it and Art. III applies (Conf. 11.11).
WILD = frozenset("WRFUXY")

SEIZED = "I"  # exempts from no rule; a second code follows (Conf. 12.3): `IC` is seized and bred in captivity

_AS_WILD = frozenset({SEIZED, "U"})  # seized without a second code, or unknown


def counted_source(source: str | None) -> str:
    """Return the source code whose rules apply, or "" without a source.

    For a seized specimen this is its second code. With several other codes a wild one has priority. A seized specimen
    without a second code counts as W, and so does an unknown source.
    """
    others = [code for code in source or "" if code.isalpha() and code != SEIZED]
    code = next((each for each in others if each in WILD), others[0] if others else (source or "")[:1])
    return "W" if code in _AS_WILD else code


def is_wild(source: str | None) -> bool:
    """True if the rules for specimens from the wild apply."""
    return counted_source(source) in WILD


def applies_to_source(source: str | None, sources: Collection[str]) -> bool:
    """True if a rule or a quota for `sources` applies to this source or to its counted source."""
    return source in sources or counted_source(source) in sources


type Language = Literal["en", "ru", "ky", "uz", "fr"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "ru", "ky", "uz", "fr")

DEFAULT: Final[Language] = "en"
