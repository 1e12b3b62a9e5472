"""Annotations: an example of each rule, and of each fact that may be missing.

expect = result and why; the forms that decide, where the vector names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vectors.scenes import Vector

TODAY = "2026-11-26"
CACTUS = "#4; Mammillaria elongata; Cactaceae"
PEAR = "#4; Opuntia ficus-indica; Cactaceae"
ORCHID = "#4; Dendrobium nobile; Orchidaceae"
VANILLA = "#4; Vanilla planifolia; Orchidaceae"
ROSEWOOD = "#15; Dalbergia melanoxylon; Leguminosae"
SYMBOLS_OF_PARTS = (  # symbol, terms that it names, terms that it leaves out
    ("#3", "ROO", "POW EXT MED FLO"),
    ("#5", "LOG SAW VEN", "PLY CHP WPR CAR SEE"),
    ("#6", "LOG SAW VEN PLY", "WPR CHP"),
    ("#7", "LOG CHP POW EXT", "SAW CAR"),
    ("#8", "ROO POW", "EXT LVS"),
    ("#11", "LOG SAW VEN PLY POW EXT", "COS CAR"),
    ("#12", "LOG SAW VEN PLY EXT", "COS POW"),
    ("#16", "SEE FRU OIL", "LVS BAR"),
    ("#17", "LOG SAW VEN PLY TRW", "WPR CAR"),
)


def case(name: str, why: str, expect: str, of: str, goods: str, **said: Any) -> Vector:
    """Goods and whether they are listed.

    `of`: symbol, taxon and family, `#4; Opuntia ficus-indica; Cactaceae`. `goods`: term, form, source and origin,
    `SEE - A MX`; "-" stands for a missing one. `forms`: the forms that decide. `day` and the others are members.
    """
    symbol, taxon, family = (*(part.strip() for part in of.split(";")), "", "")[:3]
    facts = dict(zip(("term", "form", "source", "origin"), goods.split(), strict=True))
    day, forms = said.pop("day", TODAY), said.pop("forms", None)
    result, _, code = expect.partition(" ")
    given = {"symbol": symbol, "taxon": taxon, "family": family, **{n: c for n, c in facts.items() if c != "-"}, **said}
    return {
        "name": f"{symbol} {name}: {goods}".strip(),
        "why": why,
        "input": {"goods": given, "day": day},
        "expect": {"result": result, "why": code, **({} if forms is None else {"forms": forms.split()})},
    }


def cases() -> list[Vector]:
    return [
        *no_symbol(),
        *seeds_and_flowers(),
        *cultivars(),
        *fruit(),
        *retail(),
        *named_parts(),
        *wood(),
        *by_day(),
        *exceptions(),
    ]


def no_symbol() -> Iterator[Vector]:
    yield case("no annotation", "everything is listed", "listed", "; Panthera uncia; Felidae", "SKI - W KG", forms="")
    yield case("Appendix I plant", "its seeds are listed", "listed", "; Ariocarpus fissuratus; Cactaceae", "SEE - A MX")
    orchid = "; Cypripedium calceolus; Orchidaceae"
    why = "an Appendix I orchid in a sterile container, artificially propagated"
    yield case("Appendix I orchid", why, "outside in_vitro", orchid, "CUL in_vitro A TH", forms="in_vitro")
    yield case("Appendix I orchid", "not of a wild plant", "listed", orchid, "CUL in_vitro W TH", forms="")
    yield case("Appendix I orchid", "the form decides", "ask form", orchid, "CUL - A TH")
    yield case("Appendix I orchid", "a plant in a flask", "outside in_vitro", orchid, "LIV in_vitro A TH", forms="")
    yield case("unknown symbol", "nothing is left out", "listed", "#99; Aaa bbb; Ccc", "SEE - A MX", forms="")


def seeds_and_flowers() -> Iterator[Vector]:
    for symbol in ("#1", "#2"):
        yield case("seeds", f"{symbol} a)", "outside seeds", f"{symbol}; Aaa bbb", "SEE - W -", forms="")
        yield case("pollen", f"{symbol} a)", "outside pollen", f"{symbol}; Aaa bbb", "DER pollen W -")
    yield case("orchid seeds", "#4 a)", "outside seeds", ORCHID, "SEE - - -")
    yield case("cactus seeds", "#4 a), from Mexico", "listed seeds_mx", CACTUS, "SEE - A MX")
    yield case("cactus seeds", "#4 a), not from Mexico", "outside seeds", CACTUS, "SEE - A DE")
    for origin in ("-", "XX"):
        yield case("cactus seeds", "Mexico is possible", "ask origin", CACTUS, f"SEE - A {origin}")
    palm = "#4; Beccariophoenix madagascariensis; Palmae"
    yield case("palm seeds", "#4 a), from Madagascar", "listed seeds_mg", palm, "SEE - W MG")
    yield case("palm seeds", "#4 a), from elsewhere", "outside seeds", palm, "SEE - A TH")
    yield case("in vitro", "#4 b)", "outside in_vitro", ORCHID, "CUL in_vitro A -", forms="in_vitro")
    yield case("a culture", "its form is not given", "ask form", ORCHID, "CUL - A -")
    yield case("a culture", "no sterile container", "listed rest", ORCHID, "CUL other A -")
    yield case("a live plant", "nobody has to be asked for a flask", "listed rest", ORCHID, "LIV - A TH", forms="")
    yield case("a live plant in a flask", "#4 b)", "outside in_vitro", ORCHID, "LIV in_vitro A TH")
    for term in ("CUL", "LIV"):
        yield case("a wild plant in a flask", "#4 b) is for propagated ones", "listed rest", ORCHID,
                   f"{term} in_vitro W TH", forms="")  # fmt: skip
        yield case("a plant in a flask", "the source decides", "ask source", ORCHID, f"{term} in_vitro - TH")
    yield case("cut flowers", "#4 c)", "outside cut_flowers", ORCHID, "FLO - A TH")
    yield case("cut flowers", "of a wild plant", "listed rest", ORCHID, "FLO - W TH")
    yield case("cut flowers", "the source decides", "ask source", ORCHID, "FLO - - TH")
    yield case("cut flowers", "seized without a second code: as wild", "listed rest", ORCHID, "FLO - I TH")


def cultivars() -> Iterator[Vector]:
    """Footnotes: live, propagated plants, if their form is claimed."""
    for of, why in (
        ("#4; Cyclamen persicum; Primulaceae", "cyclamen"),
        ("#4; Gymnocalycium mihanovichii; Cactaceae", "grafted"),
        ("#4; Schlumbergera truncata; Cactaceae", "christmas_cactus"),
        ("#4; Opuntia microdasys; Cactaceae", "species"),
        ("#4; Euphorbia trigona; Euphorbiaceae", "species"),
        ("#4; Euphorbia lactea; Euphorbiaceae", "crested"),
        ("#4; Euphorbia milii; Euphorbiaceae", "hundred"),
        ("#2; Taxus cuspidata; Taxaceae", "yew"),
    ):
        name = of.split("; ")[1]
        yield case(f"a cultivar of {name}", "footnote", f"outside cultivar_{why}", of, "LIV cultivar A NL", forms="")
        yield case(f"a wild plant of {name}", "footnote", "listed rest", of, "LIV cultivar W NL")
        yield case(f"a plant of {name}", "nobody has to be asked", "listed rest", of, "LIV - A NL", forms="")
    milii = "#4; Euphorbia milii; Euphorbiaceae"
    for quantity, unit, result in (
        ("99", "NAR", "listed rest"), ("100", None, "outside cultivar_hundred"), ("99.5", None, "listed rest"),
        ("5", "KGM", "outside cultivar_hundred"), ("few", None, "outside cultivar_hundred"),
    ):  # fmt: skip
        said = {"quantity": quantity, **({"unit": unit} if unit else {})}
        yield case(f"{quantity} {unit}", "100 plants or more", result, milii, "LIV cultivar A NL", **said)
    yield case("stems of a cultivar", "the footnote is for live plants", "ask subgenus",
               "#4; Opuntia microdasys; Cactaceae", "STE cultivar A MX")  # fmt: skip
    yield case("a cultivar of another cactus", "no footnote", "listed rest", CACTUS, "LIV cultivar A NL")


def fruit() -> Iterator[Vector]:
    yield case("vanilla pods", "#4 d)", "outside fruit", VANILLA, "FRU - A MG")
    yield case("vanilla pods", "naturalised or wild", "ask naturalised", VANILLA, "FRU - W MG")
    yield case("vanilla extract", "made of fruit?", "ask form", VANILLA, "EXT - A MG", forms="fruit")
    yield case("vanilla extract", "made of fruit", "outside fruit", VANILLA, "EXT fruit A MG")
    yield case("a vanilla plant", "it is no fruit", "listed rest", VANILLA, "LIV - A MG", forms="")
    yield case("cactus fruit", "#4 d)", "outside fruit", CACTUS, "FRU - A MX")
    yield case(
        "cactus extract of a wild plant", "fruit of a naturalised one", "ask naturalised", CACTUS, "EXT fruit W MX"
    )
    yield case("stems of prickly pear", "#4 e)", "outside stems", PEAR, "STE - A IT")
    yield case("stems of prickly pear", "naturalised or wild", "ask naturalised", PEAR, "STE - W IT")
    yield case(
        "stems of another Opuntia", "of which subgenus", "ask subgenus", "#4; Opuntia xyz; Cactaceae", "STE - A MX"
    )
    yield case("flowers of an Opuntia", "naturalised or wild", "ask naturalised", PEAR, "FLO - W IT")
    yield case("a rainstick", "no fruit, no seed", "listed rest", CACTUS, "CAR - W CL", forms="")


def retail() -> Iterator[Vector]:
    rhodiola = "#2; Rhodiola rosea; Crassulaceae"
    yield case("capsules", "#2 b)", "outside retail", rhodiola, "MED retail W KG", forms="retail")
    yield case("capsules in bulk", "not packed for retail", "listed rest", rhodiola, "MED other W KG")
    yield case("extract", "the form decides", "ask form", rhodiola, "EXT - W KG", forms="retail")
    yield case("roots", "raw material", "listed rest", rhodiola, "ROO - W KG", forms="")
    yield case("roots packed for retail", "#2 b)", "outside retail", rhodiola, "ROO retail W KG")
    yield case("live plants", "never finished", "listed rest", rhodiola, "LIV retail W KG", forms="")
    for term in ("BAR", "LOG", "SAW", "TIM", "TRU", "VEN"):
        yield case("raw wood for retail", "no finished product", "listed rest", "#2; Taxus aaa; Taxaceae",
                   f"{term} retail W NP", forms="")  # fmt: skip
        yield case("raw wood packed for retail", "no finished product", "listed agarwood_retail",
                   "#14; Aquilaria malaccensis; Thymelaeaceae", f"{term} retail W ID", forms="")  # fmt: skip
    yield case("the term is missing", "it decides first", "ask term", rhodiola, "- - W KG")
    aloe = "#4; Aloe ferox; Asphodelaceae"
    yield case("bitter aloe gel", "#4 f)", "outside retail", aloe, "COS retail W ZA", forms="retail")
    yield case("bitter aloe gel in bulk", "#4 f)", "listed rest", aloe, "EXT other W ZA")
    yield case(
        "another aloe",
        "#4 f) does not name it",
        "listed rest",
        "#4; Aloe arborescens; Asphodelaceae",
        "COS retail A ZA",
    )
    gastrodia = "#4; Gastrodia elata; Orchidaceae"
    yield case("orchid cosmetics", "#4 g)", "outside cosmetics", gastrodia, "COS retail A CN",
               forms="retail")  # fmt: skip
    yield case("orchid medicine", "#4 g) is for cosmetics", "listed rest", gastrodia, "MED retail A CN",
               forms="")  # fmt: skip
    hoodia = "#9; Hoodia gordonii; Apocynaceae"
    yield case("hoodia with the label", "#9", "outside labelled", hoodia, "EXT labelled A ZA", forms="labelled")
    for origin, result in (("CN", "listed rest"), ("BW", "outside labelled"), ("NA", "outside labelled")):
        yield case("hoodia with the label", "#9 names three countries", result, hoodia, f"EXT labelled W {origin}")
    yield case("hoodia of an unknown country", "#9 names three countries", "ask origin", hoodia, "EXT labelled W XX")
    for term in ("LIV", "GRS"):
        yield case("live with the label", "#9 leaves parts out", "listed whole", hoodia, f"{term} labelled W ZA",
                   forms="")  # fmt: skip
    yield case("hoodia without the label", "#9", "listed rest", hoodia, "EXT other A ZA")
    coco = "#13; Lodoicea maldivica; Palmae"
    yield case("kernel", "#13", "listed named", coco, "KNL other W SC", forms="")
    yield case("kernel packed for retail", "#13", "outside retail", coco, "KNL retail W SC")
    yield case("a whole nut", "the kernel may be in it", "ask whole_nut", coco, "SEE - W SC")
    agarwood = "#14; Aquilaria malaccensis; Thymelaeaceae"
    yield case("agarwood oil", "#14 f)", "outside retail", agarwood, "OIL retail A ID", forms="retail")
    yield case("agarwood chips packed for retail", "#14 f) leaves them in", "listed agarwood_retail", agarwood,
               "CHP retail A ID", forms="")  # fmt: skip
    yield case("agarwood beads", "#14 f) leaves them in", "listed agarwood_retail", agarwood, "CAR - W ID")
    yield case("agarwood leaves", "#14 d)", "outside agarwood_parts", agarwood, "LVS - A ID")
    yield case("agarwood powder", "exhausted?", "ask form", agarwood, "POW - W ID", forms="retail exhausted")
    yield case("exhausted agarwood powder", "#14 e)", "outside exhausted", agarwood, "POW exhausted W ID")
    yield case("agarwood in vitro", "#14 b)", "outside in_vitro", agarwood, "CUL in_vitro A ID")


def named_parts() -> Iterator[Vector]:
    for symbol, inside, outside in SYMBOLS_OF_PARTS:
        for term in inside.split():
            yield case("a named part", symbol, "listed named", f"{symbol}; Aaa bbb", f"{term} - W -", forms="")
        for term in outside.split():
            yield case("another part", symbol, "outside not_named", f"{symbol}; Aaa bbb", f"{term} - W -", forms="")
        yield case("a live plant", "Art. I(b)(i)", "listed whole", f"{symbol}; Aaa bbb", "LIV - A -")
        yield case("a dried plant", "a whole plant or a part", "ask whole_plant", f"{symbol}; Aaa bbb", "DPL - W -")
    for symbol in ("#5", "#6", "#7", "#11", "#12", "#17"):
        yield case("timber", "sawn or not", "ask timber", f"{symbol}; Aaa bbb", "TIM - W -")
    yield case("oil of rosewood", "extract or product", "ask extract", "#12; Aniba rosaeodora; Lauraceae", "OIL - W BR")
    gecko = "#18; Goniurosaurus kuroiwae; Eublepharidae"
    yield case("eggs", "#18", "listed named", gecko, "EGL - W JP")
    yield case("a live animal", "Art. I(b)(i)", "listed whole_animal", gecko, "LIV - W JP")
    yield case("a skin", "#18", "outside not_named", gecko, "SKI - W JP")
    yield case("a scientific specimen", "whole or a part", "ask stuffed", gecko, "SPE - W JP")


def wood() -> Iterator[Vector]:
    yield case("a rosewood log", "#15", "listed rest", ROSEWOOD, "LOG - W TZ", forms="")
    yield case("rosewood seeds", "#15 a)", "outside rosewood_parts", ROSEWOOD, "SEE - W TZ")
    yield case(
        "a clarinet", "#15 c)", "outside instrument", ROSEWOOD, "WPR instrument W TZ", forms="instrument finished_wood"
    )
    light = {"quantity": "10", "unit": "KGM"}
    yield case("furniture of 10 kg", "#15 b)", "outside finished_wood", ROSEWOOD, "WPR finished_wood W TZ", **light)
    for quantity, unit in (("10000", "GRM"), ("9.999999", "KGM")):
        yield case(f"furniture of {quantity} {unit}", "#15 b)", "outside finished_wood", ROSEWOOD,
                   "WPR finished_wood W TZ", quantity=quantity, unit=unit)  # fmt: skip
    for quantity, unit in (("10000.000001", "GRM"), ("11", "KGM")):
        yield case(f"furniture of {quantity} {unit}", "#15 b)", "listed rest", ROSEWOOD, "WPR finished_wood W TZ",
                   quantity=quantity, unit=unit)  # fmt: skip
    yield case("furniture by the piece", "the weight decides", "ask weight", ROSEWOOD, "WPR finished_wood W TZ",
               quantity="2")  # fmt: skip
    for quantity in ("1,5", "abc", "NaN", "1.50", "-1", "١"):
        yield case(f"furniture of {quantity!r} KGM", "no number: the weight decides", "ask weight", ROSEWOOD,
                   "WPR finished_wood W TZ", quantity=quantity, unit="KGM")  # fmt: skip
    yield case("wood of no known form", "the form decides", "ask form", ROSEWOOD, "WPR - W TZ", **light)
    yield case("half finished wood", "neither of them", "listed rest", ROSEWOOD, "WPR other W TZ", **light)
    mexican = "#15; Dalbergia stevensonii; Leguminosae"
    yield case("from Mexico, a product", "#15 e): #6", "outside not_named", mexican, "WPR other W MX")
    yield case("from Mexico, plywood", "#15 e): #6", "listed named", mexican, "PLY - W MX")
    yield case("perhaps from Mexico", "#15 e)", "ask origin", mexican, "WPR other W -")
    yield case("perhaps from Mexico, a log", "listed either way", "listed rest", mexican, "LOG - W -")
    yield case("a Guibourtia from Mexico", "#15 e) is for Dalbergia", "listed rest",
               "#15; Guibourtia tessmannii; Leguminosae", "WPR other W MX")  # fmt: skip
    thai = "#15; Dalbergia cochinchinensis; Leguminosae"
    yield case(
        "Dalbergia cochinchinensis, an instrument", "#15 d): #4", "listed rest", thai, "WPR instrument W TH", forms=""
    )
    yield case("Dalbergia cochinchinensis, seeds", "#15 d): #4", "outside seeds", thai, "SEE - W TH")


def by_day() -> Iterator[Vector]:
    bow = "#10; Paubrasilia echinata; Leguminosae"
    yield case("a carving before CoP19", "#10 of then", "outside not_named", bow, "CAR - W BR", day="2023-02-22")
    yield case("wood for bows before CoP19", "#10 of then", "ask bow_wood", bow, "WPR - W BR", day="2023-02-22")
    yield case(
        "a carving since CoP19", "#10", "listed rest", bow, "CAR other W BR", day="2023-02-23", forms="instrument"
    )
    yield case("a bow since CoP19", "only re-exports are left out", "ask finished_instrument", bow,
               "WPR instrument W BR", day="2026-03-04")  # fmt: skip
    yield case(
        "a bow since CoP20", "the text was not seen", "ask text_not_seen", bow, "WPR instrument W BR", day="2026-03-05"
    )
    yield case("a log", "on every day", "listed rest", bow, "LOG - W BR", day="2026-03-05")


def exceptions() -> Iterator[Vector]:
    coral = "; Acropora millepora; Acroporidae"
    fossils = {"excepts": ["fossils"]}
    yield case("a fossil coral", "not subject to the Convention", "outside fossil", coral, "COR fossil W ID", **fossils)
    yield case("raw coral", "a fossil?", "ask form", coral, "COR - W ID", forms="fossil", **fossils)
    yield case("raw coral, no fossil", "it is listed", "listed", coral, "COR other W ID", **fossils)
    yield case("live coral", "never a fossil", "listed", coral, "LIV - W ID", forms="", **fossils)
    for term in ("LIV", "MEA", "BOD", "TRO"):
        yield case("claimed to be a fossil", "a living or soft part", "listed", coral, f"{term} fossil W ID", **fossils)
    yield case("powder of a fossil coral", "not subject to the Convention", "outside fossil", coral, "POW fossil W ID",
               **fossils)  # fmt: skip
    tame = {"excepts": ["domesticated"]}
    chinchilla = "; Chinchilla lanigera; Chinchillidae"
    yield case("a farmed chinchilla", "the domestic form has the same name", "ask form", chinchilla, "SKI - C DE",
               forms="domestic", **tame)  # fmt: skip
    yield case("a domestic chinchilla", "not listed", "outside domestic", chinchilla, "SKI domestic C DE", **tame)
    yield case("a wild chinchilla", "the wild form", "listed", chinchilla, "SKI - W CL", forms="", **tame)
    for goods in ("SKI domestic W CL", "SKI domestic I CL", "SKI domestic U CL", "SKI domestic R CL",
                  "TRO domestic C CL"):  # fmt: skip
        yield case("a wild chinchilla claimed domestic", "source or term says that it was wild", "listed", chinchilla,
                   goods, forms="", **tame)  # fmt: skip
    yield case("a hunted chinchilla claimed domestic", "the purpose says that it was wild", "listed", chinchilla,
               "SKI domestic C CL", forms="", purpose="H", **tame)  # fmt: skip
    yield case("a domestic chinchilla of no given source", "nothing says that it was wild", "outside domestic",
               chinchilla, "SKI domestic - DK", **tame)  # fmt: skip
    wolf = "; Canis lupus; Canidae"
    yield case(
        "a wild wolf claimed a dog", "the source says that it was wild", "listed", wolf, "LIV domestic W TJ", **tame
    )
    yield case("a wolf", "nobody has to be asked for a dog", "listed", wolf, "TRO - W KG", forms="", **tame)
    yield case("a dog", "not listed", "outside domestic", wolf, "LIV domestic C KG", **tame)
    gecko = "; Goniurosaurus xyz; Eublepharidae"
    yield case("a gecko from Japan", "native to Japan", "ask native_japan", gecko, "LIV - W JP",
               excepts=["native_japan"])  # fmt: skip
    yield case("a gecko from China", "not native to Japan", "listed", gecko, "LIV - W CN",
               excepts=["native_japan"])  # fmt: skip
    hybrid = {"excepts": ["plant_hybrid"]}
    slipper = "; Paphiopedilum delenatii; Orchidaceae"
    yield case("a hybrid of Appendix I orchids", "cut flowers", "outside cut_flowers", slipper, "FLO - A NL", **hybrid)
    yield case("a hybrid of Appendix I orchids", "seeds", "outside seeds", slipper, "SEE - A NL", **hybrid)
    yield case("a hybrid of Appendix I orchids", "seeds of a wild one", "listed", slipper, "SEE - W NL", **hybrid)
    yield case("a hybrid of Appendix I orchids", "a plant", "listed", slipper, "LIV - A NL", forms="", **hybrid)
    yield case("an unknown exception", "nothing is left out", "listed", wolf, "TRO - W KG", excepts=["other"])
