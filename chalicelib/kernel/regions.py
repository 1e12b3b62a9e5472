"""Regions of the world: the 22 sub-regions of UN M49 by country, and the regions that touch each other.

Two regions touch if they share a land border, or a strait or a narrow sea between them that animals cross.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

# United Nations, Standard country or area codes for statistical use (M49). TW by its place.
_REGIONS = """
northern_africa DZ EG EH LY MA SD TN
eastern_africa BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW
middle_africa AO CD CF CG CM GA GQ ST TD
southern_africa BW LS NA SZ ZA
western_africa BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG
caribbean AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI
central_america BZ CR GT HN MX NI PA SV
south_america AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE
northern_america BM CA GL PM US
central_asia KG KZ TJ TM UZ
eastern_asia CN HK JP KP KR MN MO TW
south_eastern_asia BN ID KH LA MM MY PH SG TH TL VN
southern_asia AF BD BT IN IR LK MV NP PK
western_asia AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE
eastern_europe BG BY CZ HU MD PL RO RU SK UA
northern_europe AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ
southern_europe AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA
western_europe AT BE CH DE FR LI LU MC NL
australia_and_new_zealand AU CC CX HM NF NZ
melanesia FJ NC PG SB VU
micronesia FM GU KI MH MP NR PW UM
polynesia AS CK NU PF PN TK TO TV WF WS
"""

_TOUCHING = """
northern_africa eastern_africa
northern_africa middle_africa
northern_africa western_africa
northern_africa western_asia
northern_africa southern_europe
eastern_africa middle_africa
eastern_africa southern_africa
eastern_africa western_asia
middle_africa southern_africa
middle_africa western_africa
caribbean central_america
caribbean south_america
caribbean northern_america
central_america south_america
central_america northern_america
northern_america eastern_europe
northern_america northern_europe
central_asia eastern_asia
central_asia southern_asia
central_asia western_asia
central_asia eastern_europe
eastern_asia south_eastern_asia
eastern_asia southern_asia
eastern_asia eastern_europe
south_eastern_asia southern_asia
south_eastern_asia australia_and_new_zealand
south_eastern_asia melanesia
south_eastern_asia micronesia
southern_asia western_asia
western_asia eastern_europe
western_asia southern_europe
eastern_europe northern_europe
eastern_europe southern_europe
eastern_europe western_europe
northern_europe western_europe
southern_europe western_europe
australia_and_new_zealand melanesia
australia_and_new_zealand polynesia
melanesia micronesia
melanesia polynesia
micronesia polynesia
"""


def _by_country() -> Mapping[str, str]:
    rows = (line.split() for line in _REGIONS.strip().splitlines())
    return MappingProxyType({country: region for region, *countries in rows for country in countries})


def _neighbours() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in (line.split() for line in _TOUCHING.strip().splitlines()):
        found[one].add(other)
        found[other].add(one)
    return MappingProxyType({region: frozenset(others) for region, others in found.items()})


REGION_OF: Mapping[str, str] = _by_country()  # country -> region; Antarctica is in none

TOUCHING: Mapping[str, frozenset[str]] = _neighbours()  # region -> regions that touch it


def far_from(country: str, countries: Iterable[str]) -> bool:
    """True if none of these countries lies in the region of the country or in one that touches it.

    False if the region of any of them is not known.
    """
    here = REGION_OF.get(country)
    there = {REGION_OF.get(each) for each in countries}
    if here is None or None in there:
        return False
    return not there & {here, *TOUCHING[here]}
