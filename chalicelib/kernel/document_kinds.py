"""Kinds of document that Tamga issues, with their names and letters (Res. Conf. 12.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.kernel.codes import Code, code_table


@dataclass(frozen=True, slots=True)
class Kind(Code):
    """A kind of document.

    `letter`: suffix of its number and its choice in box 1 (E export, R re-export, I import, O other).
    `many_crossings`: the document is endorsed at each crossing on a continuation sheet and stays with its holder
    (50 CFR 23.49). Any other document is used up by one consignment (Art. VI.5).
    """

    letter: str = "O"
    many_crossings: bool = False

    @property
    def single(self) -> bool:
        """True if the document is for one consignment only."""
        return not self.many_crossings


class DocumentKind(StrEnum):
    """Code of a kind of document, as in the token and in rows."""

    EXPORT = "E"
    REEXPORT = "R"
    IMPORT = "I"
    ORIGIN = "OO"
    PRE_CONVENTION = "OP"
    CAPTIVE_BREEDING = "OC"
    ARTIFICIAL_PROPAGATION = "OA"
    TRAVELLING_EXHIBITION = "OT"
    OWNERSHIP = "OW"
    MUSICAL_INSTRUMENT = "OM"
    SAMPLE_COLLECTION = "OS"
    INTRODUCTION_FROM_THE_SEA = "OI"
    PHYTOSANITARY = "OY"


# FORMAT.md 1, `kind`; box 1 of the form and its "other" types (Conf. 12.3, UN/CEFACT toolkit box 1.1).
KINDS: Mapping[str, Kind] = code_table(
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
