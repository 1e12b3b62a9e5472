"""Which codes may stand on a permit: kinds of document, purposes, sources, specimen terms, units, countries.

Each table cites where it came from. Names are for people: English is the form's first language, the country's
own stand below. Countries live in `countries.py`, the rows of terms in `terms.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from types import MappingProxyType

from chalicelib.core.countries import COUNTRIES, FROM_THE_SEA, ORIGINS, UNKNOWN, VARIOUS
from chalicelib.core.terms import TERM_ROWS

__all__ = [
    "ANIMAL", "COUNTRIES", "FROM_THE_SEA", "KINDS", "KINGDOMS", "NUMBER", "ORIGINS", "PLANT", "PURPOSES", "SOURCES",
    "TERMS", "UNITS", "UNKNOWN", "VARIOUS", "Code", "Kind", "Source", "Unit", "in_base",
]  # fmt: skip

ANIMAL = "Animalia"
PLANT = "Plantae"
KINGDOMS = (ANIMAL, PLANT)


@dataclass(frozen=True, slots=True)
class Code:
    """A code and its names; in Uzbek those that the form prints, the rest is in the pages' catalogues."""

    code: str
    en: str
    ru: str = ""
    ky: str = ""
    _: KW_ONLY
    uz: str = ""


@dataclass(frozen=True, slots=True)
class Kind(Code):
    """A kind of document. `letter`: the suffix of its number and its box 1 (E export, R re-export, I import, O other).

    `many_crossings`: endorsed at each crossing on a continuation sheet and not collected (50 CFR 23.49), instead of
    being used up by one consignment (Art. VI.5).
    """

    letter: str = "O"
    many_crossings: bool = False

    @property
    def single(self) -> bool:
        """One consignment only."""
        return not self.many_crossings


@dataclass(frozen=True, slots=True)
class Source(Code):
    """A source code. `kingdom`: the only kingdom it fits, or None for both."""

    kingdom: str | None = None


@dataclass(frozen=True, slots=True)
class Unit(Code):
    """A unit. 1 of it = `factor` of `base`; two units convert only if they share a base. `symbol` is printed."""

    symbol: str = ""
    base: str = ""
    factor: Decimal = Decimal(1)


def _table[C: Code](rows: Iterable[C]) -> Mapping[str, C]:
    return MappingProxyType({row.code: row for row in rows})


# FORMAT.md 1, `kind`; box 1 of the form and its "other" types (Conf. 12.3, UN/CEFACT toolkit box 1.1).
KINDS: Mapping[str, Kind] = _table(
    (
        Kind("E", "Export permit", "Разрешение на экспорт", "Экспортко уруксат", "E", uz="Eksport uchun ruxsatnoma"),
        Kind(
            "R",
            "Re-export certificate",
            "Сертификат на реэкспорт",
            "Реэкспортко сертификат",
            "R",
            uz="Reeksport sertifikati",
        ),
        Kind("I", "Import permit", "Разрешение на импорт", "Импортко уруксат", "I", uz="Import uchun ruxsatnoma"),
        Kind(
            "OO",
            "Certificate of origin",
            "Сертификат происхождения",
            "Келип чыгышы жөнүндө сертификат",
            uz="Kelib chiqishi haqidagi sertifikat",
        ),
        Kind(
            "OP",
            "Pre-Convention certificate",
            "Доконвенционный сертификат",
            "Конвенцияга чейинки сертификат",
            uz="Konvensiyagacha olingan namuna sertifikati",
        ),
        Kind(
            "OC",
            "Certificate of captive breeding",
            "Сертификат о разведении в неволе",
            "Колдо өстүрүлгөндүгү жөнүндө сертификат",
            uz="Tutqunlikda yetishtirilganlik haqidagi sertifikat",
        ),
        Kind(
            "OA",
            "Certificate of artificial propagation",
            "Сертификат об искусственном выращивании",
            "Жасалма өстүрүлгөндүгү жөнүндө сертификат",
            uz="Sunʼiy ravishda urchitilganlik haqidagi sertifikat",
        ),
        Kind(
            "OT",
            "Travelling-exhibition certificate",
            "Сертификат передвижной выставки",
            "Көчмө көргөзмө сертификаты",
            many_crossings=True,
            uz="Koʻchma koʻrgazma sertifikati",
        ),
        Kind(
            "OW",
            "Certificate of ownership",
            "Сертификат о праве собственности",
            "Менчик укугу жөнүндө сертификат",
            many_crossings=True,
            uz="Mulk huquqi sertifikati",
        ),
        Kind(
            "OM",
            "Musical instrument certificate",
            "Сертификат на музыкальный инструмент",
            "Музыкалык аспапка сертификат",
            many_crossings=True,
            uz="Musiqa asbobi sertifikati",
        ),
        Kind(
            "OS",
            "Sample collection certificate",
            "Сертификат на коллекцию образцов",
            "Үлгүлөр коллекциясына сертификат",
            many_crossings=True,
            uz="Namunalar kolleksiyasi sertifikati",
        ),
        Kind(
            "OI",
            "Certificate of introduction from the sea",
            "Сертификат интродукции из моря",
            "Деңизден алып келүү сертификаты",
            uz="Dengizdan introduksiya qilish sertifikati",
        ),
        Kind(
            "OY",
            "Phytosanitary certificate",
            "Фитосанитарный сертификат",
            "Фитосанитардык сертификат",
            uz="Fitosanitariya sertifikati",
        ),
    )
)

# Conf. 12.3, block 5a; Russian as on the forms of the region.
PURPOSES: Mapping[str, Code] = _table(
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
SOURCES: Mapping[str, Source] = _table(
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
TERMS: Mapping[str, Code] = _table(Code(*row.split(" ", 1)) for row in TERM_ROWS.strip().splitlines())

# UN/CEFACT Recommendation 20, as the CITES trade database takes them; CTM is that database's own code.
# NAR is the same as no unit and is never written (FORMAT.md 1).
NUMBER = "NAR"
UNITS: Mapping[str, Unit] = _table(
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


def in_base(quantity: str, unit: str | None) -> tuple[str, Decimal]:
    """The dimension of a quantity and its amount in that dimension's base unit. No unit: a number of specimens.

    A unit that is not in the table (another Party's token may have one) is a dimension of its own.
    """
    known = UNITS.get(unit or NUMBER)
    return (known.base, Decimal(quantity) * known.factor) if known else (str(unit), Decimal(quantity))
