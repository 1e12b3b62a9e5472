"""The table of annotations: the parts, derivatives and forms of goods that a listing leaves out or names.

`RULES` has the rules of each symbol (`#1` to `#18`), `EXCEPTIONS` those of each code of `Taxon.excepts`. `NAMED` has
those of a family whose exception has no symbol. The first rule that matches decides (`annotations.py`). Sources: the
annotations to the Appendices as of `AS_OF`, in own words, and the Convention.

A symbol of plants names parts and derivatives only. A whole plant, alive or dead, is always a specimen (Art. I(b)(i)),
so a list of named parts also covers live plants. In Appendix I all parts and derivatives are specimens, so no symbol
applies there (Art. I(b)(iii)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from types import MappingProxyType


class Covered(StrEnum):
    """Whether goods are in the listing of their taxon, outside it, or a person must say."""

    LISTED = "listed"
    OUTSIDE = "outside"
    ASK = "ask"


AS_OF = "2025-03-06"  # day of the texts; the texts of CoP20 (in force 2026-03-05) were not seen

FORMS = (  # states of goods that an annotation names
    "retail",
    "instrument",
    "finished_wood",
    "in_vitro",
    "cut_flower",
    "pollen",
    "fruit",
    "exhausted",
    "labelled",
    "fossil",
    "domestic",
    "cultivar",
)

DOMESTIC = "domestic"

CULTIVAR = "cultivar"  # without this claim the plants are taken for others of their species

OTHER = "other"  # none of the forms that were offered


@dataclass(frozen=True, slots=True)
class AnnotationRule:
    """A rule of an annotation, with the conditions that all have to hold. An empty set accepts everything.

    - `why`: code of its sentence, `annotation_<why>` in requirements/services.py.
    - `taxa`: names, each with everything below it. `families`: names of families.
    - `most`: the heaviest consignment in kilograms, or "" for any. `least`: the smallest number of specimens in one. A
      number that is not given is taken to be large enough.
    - `since`, `until`: the rule holds from `since` until the day before `until`.
    - `assumed`: goods whose form is not given have another form. Without it, the form has to be asked.
    - `follows`: the symbol whose rules decide instead of `result`.
    - `not_wild`: it is not for goods whose source, term or purpose says that the animal was wild (`wild_form.py`).
    """

    result: Covered
    why: str
    terms: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    taxa: frozenset[str] = frozenset()
    most: str = ""
    since: date | None = None
    until: date | None = None
    assumed: bool = False
    follows: str = ""
    least: str = ""
    not_wild: bool = False


def _rule(  # noqa: PLR0913 - one parameter for each condition of a row
    result: Covered,
    why: str,
    *,
    terms: str = "",
    forms: str = "",
    sources: str = "",
    origins: str = "",
    families: str = "",
    taxa: tuple[str, ...] = (),
    most: str = "",
    since: date | None = None,
    until: date | None = None,
    assumed: bool = False,
    follows: str = "",
    least: str = "",
    not_wild: bool = False,
) -> AnnotationRule:
    return AnnotationRule(
        result,
        why,
        _codes(terms),
        _codes(forms),
        _codes(sources),
        _codes(origins),
        _codes(families),
        frozenset(taxa),
        most,
        since,
        until,
        assumed,
        follows,
        least,
        not_wild,
    )


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


LISTED, OUTSIDE, ASK = Covered.LISTED, Covered.OUTSIDE, Covered.ASK

_PROPAGATED = "A D"  # sources of artificially propagated plants

_LIVE = "LIV GRS"

_PRODUCTS = "COS DER EXT MED OIL POW WAX"  # terms of goods that are often packed for retail

_RAW_MATERIAL = "BAR LOG SAW TIM TRU VEN"  # terms of goods that are no finished product in any packing

_WORKED_WOOD = "CAR DER JWL WPR"

_REST = _rule(LISTED, "rest")

_NO_OTHER_PART = (
    _rule(LISTED, "whole", terms=_LIVE),
    _rule(ASK, "whole_plant", terms="CUL DPL SPE"),  # a dead plant or a part; tissue or a plant
    _rule(OUTSIDE, "not_named"),
)

_SEEDS = _rule(OUTSIDE, "seeds", terms="SEE")

_POLLEN = _rule(OUTSIDE, "pollen", terms="DER POW", forms="pollen", assumed=True)

_IN_VITRO = (
    _rule(OUTSIDE, "in_vitro", terms="CUL", forms="in_vitro", sources=_PROPAGATED),
    _rule(OUTSIDE, "in_vitro", terms="LIV", forms="in_vitro", sources=_PROPAGATED, assumed=True),
)

_CUT_FLOWERS = (
    _rule(OUTSIDE, "cut_flowers", terms="FLO", sources=_PROPAGATED),
    _rule(OUTSIDE, "cut_flowers", terms="LIV", forms="cut_flower", sources=_PROPAGATED, assumed=True),
)

_RETAIL = (
    _rule(LISTED, "rest", terms=f"{_LIVE} {_RAW_MATERIAL}"),
    _rule(OUTSIDE, "retail", terms=_PRODUCTS, forms="retail"),
    _rule(OUTSIDE, "retail", forms="retail", assumed=True),
)


def _fruit(*, families: str = "", taxa: tuple[str, ...] = ()) -> tuple[AnnotationRule, ...]:
    """Fruit and what is made of it, of plants that are propagated, or naturalised outside their range."""
    of = partial(_rule, families=families, taxa=taxa)
    made = "EXT OIL POW"
    return (
        of(OUTSIDE, "fruit", terms="FRU", sources=_PROPAGATED),
        of(ASK, "naturalised", terms="FRU"),
        of(OUTSIDE, "fruit", terms=made, forms="fruit", sources=_PROPAGATED),
        of(ASK, "naturalised", terms=made, forms="fruit"),
        of(OUTSIDE, "fruit", forms="fruit", sources=_PROPAGATED, assumed=True),
        of(ASK, "naturalised", forms="fruit", assumed=True),
    )


def _stems(result: Covered, why: str, taxon: str) -> tuple[AnnotationRule, ...]:
    """Stems and flowers of cacti that are grown for food: plants that are propagated, or naturalised."""
    return (
        _rule(result, why, terms="STE", sources=_PROPAGATED, taxa=(taxon,)),
        _rule(ASK, "naturalised", terms="FLO STE", taxa=(taxon,)),
    )


def _cultivar(why: str, taxon: str, *, least: str = "") -> AnnotationRule:
    """A cultivar, hybrid or mutant that a footnote of the Appendices leaves out. It is a live, propagated plant.

    Without a form the plants are taken for others of their species. The sentence of `why` states the conditions.
    """
    return _rule(
        OUTSIDE, f"cultivar_{why}", terms="LIV", forms=CULTIVAR, sources=_PROPAGATED, taxa=(taxon,), assumed=True,
        least=least,
    )  # fmt: skip


_CULTIVARS = (  # footnotes to Cyclamen spp., Cactaceae spp. and Euphorbia spp.
    _cultivar("cyclamen", "Cyclamen persicum"),
    _cultivar("grafted", "Gymnocalycium mihanovichii"),
    _cultivar("christmas_cactus", "Schlumbergera"),
    _cultivar("species", "Opuntia microdasys"),
    _cultivar("species", "Euphorbia trigona"),
    _cultivar("crested", "Euphorbia lactea"),
    _cultivar("hundred", "Euphorbia milii", least="100"),
)

_COSMETIC_ORCHIDS = (
    "Bletilla striata",
    "Cycnoches cooperi",
    "Gastrodia elata",
    "Phalaenopsis amabilis",
    "Phalaenopsis lobbii",
)

_RETAIL_PLANTS = ("Aloe ferox", "Euphorbia antisyphilitica")

_BOWS_LISTED, _BOWS_REVISED = date(2023, 2, 23), date(2026, 3, 5)

_RULES: dict[str, tuple[AnnotationRule, ...]] = {
    "#1": (
        _SEEDS,
        _POLLEN,
        *_IN_VITRO,
        *_CUT_FLOWERS,
        *_fruit(taxa=("Vanilla",)),
        _REST,
    ),
    "#2": (_SEEDS, _POLLEN, _cultivar("yew", "Taxus cuspidata"), *_RETAIL, _REST),
    "#3": (_rule(LISTED, "named", terms="ROO"), *_NO_OTHER_PART),
    "#4": (
        *_CULTIVARS,
        _rule(LISTED, "seeds_mx", terms="SEE", families="Cactaceae", origins="MX"),
        _rule(LISTED, "seeds_mg", terms="SEE", origins="MG", taxa=(
            "Beccariophoenix madagascariensis", "Dypsis decaryi", "Chrysalidocarpus decaryi")),
        _SEEDS,
        _POLLEN,
        *_IN_VITRO,
        *_CUT_FLOWERS,
        *_fruit(taxa=("Vanilla",)),
        *_stems(OUTSIDE, "stems", "Opuntia ficus-indica"),
        *_stems(OUTSIDE, "stems", "Selenicereus"),
        *_stems(ASK, "subgenus", "Opuntia"),
        *_fruit(families="Cactaceae"),
        _rule(OUTSIDE, "retail", terms=_PRODUCTS, forms="retail", taxa=_RETAIL_PLANTS),
        _rule(OUTSIDE, "cosmetics", terms="COS", forms="retail", taxa=_COSMETIC_ORCHIDS),
        _REST,
    ),
    "#5": (_rule(LISTED, "named", terms="LOG SAW VEN"), _rule(ASK, "timber", terms="TIM"), *_NO_OTHER_PART),
    "#6": (_rule(LISTED, "named", terms="LOG PLY SAW VEN"), _rule(ASK, "timber", terms="TIM"), *_NO_OTHER_PART),
    "#7": (_rule(LISTED, "named", terms="CHP EXT LOG POW"), _rule(ASK, "timber", terms="TIM"), *_NO_OTHER_PART),
    "#8": (_rule(LISTED, "named", terms="POW ROO"), *_NO_OTHER_PART),
    "#9": (
        _rule(LISTED, "whole", terms=_LIVE),
        _rule(OUTSIDE, "labelled", terms=_PRODUCTS, forms="labelled", origins="BW NA ZA"),
        _rule(OUTSIDE, "labelled", forms="labelled", origins="BW NA ZA", assumed=True),
        _REST,
    ),
    "#10": (
        _rule(LISTED, "named", terms="LOG SAW VEN", until=_BOWS_LISTED),
        _rule(ASK, "bow_wood", terms="DER TIM WPR", until=_BOWS_LISTED),
        _rule(LISTED, "whole", terms=_LIVE, until=_BOWS_LISTED),
        _rule(ASK, "whole_plant", terms="CUL DPL SPE", until=_BOWS_LISTED),
        _rule(OUTSIDE, "not_named", until=_BOWS_LISTED),
        _rule(ASK, "finished_instrument", terms=_WORKED_WOOD, forms="instrument", until=_BOWS_REVISED),
        _rule(ASK, "text_not_seen", terms=_WORKED_WOOD, forms="instrument", since=_BOWS_REVISED),
        _REST,
    ),
    "#11": (
        _rule(LISTED, "named", terms="EXT LOG PLY POW SAW VEN"),
        _rule(ASK, "timber", terms="TIM"),
        _rule(ASK, "extract", terms="OIL"),
        *_NO_OTHER_PART,
    ),
    "#12": (
        _rule(LISTED, "named", terms="EXT LOG PLY SAW VEN"),
        _rule(ASK, "timber", terms="TIM"),
        _rule(ASK, "extract", terms="OIL"),
        *_NO_OTHER_PART,
    ),
    "#13": (
        _rule(OUTSIDE, "retail", terms=_PRODUCTS, forms="retail"),
        _rule(OUTSIDE, "retail", terms="KNL", forms="retail", assumed=True),
        _rule(LISTED, "named", terms=f"{_PRODUCTS} KNL"),
        _rule(ASK, "whole_nut", terms="FRU SEE"),
        *_NO_OTHER_PART,
    ),
    "#14": (
        _rule(OUTSIDE, "agarwood_parts", terms="FRU LVS SEE"),
        _POLLEN,
        *_IN_VITRO,
        _rule(OUTSIDE, "exhausted", terms="POW", forms="exhausted"),
        _rule(LISTED, "agarwood_retail", terms=f"CAR CHP JWL {_LIVE} {_RAW_MATERIAL}"),
        _rule(OUTSIDE, "retail", terms=f"{_PRODUCTS} WPR", forms="retail"),
        _rule(OUTSIDE, "retail", forms="retail", assumed=True),
        _REST,
    ),
    "#15": (
        _rule(LISTED, "", taxa=("Dalbergia cochinchinensis",), follows="#4"),
        _rule(LISTED, "", taxa=("Dalbergia",), origins="MX", follows="#6"),
        _rule(OUTSIDE, "rosewood_parts", terms="FLO FRU LVS SEE"),
        _rule(OUTSIDE, "rosewood_parts", terms="DER POW", forms="pollen", assumed=True),
        _rule(OUTSIDE, "instrument", terms=_WORKED_WOOD, forms="instrument"),
        _rule(OUTSIDE, "finished_wood", terms=_WORKED_WOOD, forms="finished_wood", most="10"),
        _REST,
    ),
    "#16": (_rule(LISTED, "named", terms="FRU OIL SEE"), *_NO_OTHER_PART),
    "#17": (
        _rule(LISTED, "named", terms="LOG PLY SAW TRW VEN"),
        _rule(ASK, "timber", terms="TIM"),
        *_NO_OTHER_PART,
    ),
    "#18": (
        _rule(LISTED, "named", terms="EGG EGL"),
        _rule(LISTED, "whole_animal", terms="BOD LIV"),  # Art. I(b)(i)
        _rule(ASK, "stuffed", terms="SPE TRO"),
        _rule(OUTSIDE, "not_named"),
    ),
}  # fmt: skip

RULES: Mapping[str, tuple[AnnotationRule, ...]] = MappingProxyType(_RULES)

_SAME_NAME = ("Chinchilla", "Capra aegagrus", "Capra hircus")  # the domestic form has the name of the listed taxon

EXCEPTIONS: Mapping[str, tuple[AnnotationRule, ...]] = MappingProxyType(
    {
        "fossils": (
            _rule(OUTSIDE, "fossil", terms="CAR COR JWL SPE", forms="fossil"),
            _rule(OUTSIDE, "fossil", terms="BOC BOP DER POW SHE SKE", forms="fossil", assumed=True),
        ),
        "domesticated": (
            _rule(OUTSIDE, "domestic", forms=DOMESTIC, sources="C D F O", taxa=_SAME_NAME, not_wild=True),
            _rule(OUTSIDE, "domestic", forms=DOMESTIC, assumed=True, not_wild=True),
        ),
        "native_japan": (_rule(ASK, "native_japan", origins="JP"),),
        "plant_hybrid": (  # of Appendix I parents, artificially propagated (Conf. 11.11)
            _rule(OUTSIDE, "seeds", terms="SEE", sources=_PROPAGATED),
            _rule(OUTSIDE, "pollen", terms="DER POW", forms="pollen", sources=_PROPAGATED, assumed=True),
            *_CUT_FLOWERS,
            _rule(OUTSIDE, "in_vitro", terms="CUL", forms="in_vitro", sources=_PROPAGATED),
            _rule(OUTSIDE, "in_vitro", terms="LIV", forms="in_vitro", sources=_PROPAGATED, assumed=True),
        ),
    }
)

NAMED: Mapping[str, tuple[AnnotationRule, ...]] = MappingProxyType(
    {
        "Orchidaceae": (  # Appendix I; only of plants that are artificially propagated
            _rule(OUTSIDE, "in_vitro", terms="CUL", forms="in_vitro", sources=_PROPAGATED),
            _rule(OUTSIDE, "in_vitro", terms="LIV", forms="in_vitro", sources=_PROPAGATED, assumed=True),
        )
    }
)
