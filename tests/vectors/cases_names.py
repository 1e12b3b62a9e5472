"""Search of typed names in a list of a dozen taxa. The folded forms are written by hand."""

from __future__ import annotations

from typing import Any

Vector = dict[str, Any]

# Names of each taxon: scientific, synonyms, then common names.
LIST = [
    ["Falco", "Falcons", "Соколы"],
    ["Falco cherrug", "Saker", "Балобан", "Ителги"],
    ["Falco peregrinus", "Peregrine Falcon", "Duck Hawk", "Сапсан", "Ылаачын"],
    ["Falco rusticolus", "Gyrfalcon", "Кречет", "Ак шумкар"],
    ["Panthera uncia", "Uncia uncia", "Snow Leopard", "Снежный барс", "Илбирс", "Panthère des neiges"],
    ["Panthera pardus", "Leopard", "Леопард"],
    ["Aquila chrysaetos", "Golden Eagle", "Беркут", "Бүркүт"],
    ["Testudo horsfieldii", "Agrionemys horsfieldii", "Afghan Tortoise", "Среднеазиатская черепаха", "Ташбака"],
    ["Otocolobus manul", "Felis manul", "Pallas's Cat", "Манул"],
    ["Haliaeetus albicilla", "White-tailed Eagle", "Орлан-белохвост"],
    ["Canis lupus", "Wolf", "Волк", "Карышкыр", "Loup gris"],
    ["Dalbergia sacerdotum"],
    ["Gekko gecko", "Tokay"],
    ["Gekko vittatus", "Lined Gecko"],
    ["Gekko swinhonis"],
    ["Ovis polii", "Ovis ammon polii", "Marco Polo Sheep", "Архар Марко Поло", "Аркар"],
]

_FOLDED = [
    ("Kyrgyz letters", "Бүркүт", "burkut"),
    ("as people without that keyboard write it", "BURKUT", "burkut"),
    ("with marks", "Bürküt", "burkut"),
    ("a long vowel", "Ылаачын", "ilaCin"),
    ("the same in Latin letters", "ylaachyn", "ilaCin"),
    ("Latin, read as Russians do", "Falco cherrug", "falko Cerug"),
    ("the same in Russian letters", "фалько черруг", "falko Cerug"),
    ("an apostrophe is no letter", "Pallas's Cat", "palas kat"),
    ("a typographic one neither", "Pallas’s Cat", "palas kat"),
    ("ё is е, й is и", "Ёжик-сойка", "ejik soika"),
    ("j, zh and ж", "jolbors", "jolbors"),
    ("the second", "ZHOLBORS", "jolbors"),
    ("the third", "Жолборс", "jolbors"),
    ("щ and its long spelling", "shchuka Щука", "Suka Suka"),
    ("Greek pairs of letters", "Rhynchophthalmus", "rinCoftalmus"),
    ("x", "Oryx", "oriks"),
    ("letters that no decomposition reaches", "Æsalon Øre ßa", "aesalon ore sa"),
    ("full width", "Ｆａｌｃｏ", "falko"),
    ("other signs part words", "  Grus_(virgo)/grus, 2 ", "grus virgo grus 2"),
    ("French with its marks", "Panthère d'Œrsted", "pantere doersted"),
    ("control characters and other signs of ASCII", "Falco\tcher\x00rug`s|[]{}~^@\\#", "falko Cer rugs"),
    ("ASCII with one other letter", "Rhynchophthalmus é", "rinCoftalmus e"),
    ("nothing that can be read", "…—！", ""),
    ("a script that it does not know", "雪豹", ""),
    ("nothing", "", ""),
]

# Name of the case, typed text, expected entries in order, by their scientific name.
_FOUND = [
    ("whole name first, then those that begin with it", "falco",
     ["Falco", "Falco cherrug", "Falco peregrinus", "Falco rusticolus"]),
    ("whole scientific name", "Falco cherrug", ["Falco cherrug"]),
    ("any case and spacing", "  fALCO   CHERRUG ", ["Falco cherrug"]),
    ("words begun", "fal che", ["Falco cherrug"]),
    ("a slip in the epithet", "Falco cherug", ["Falco cherrug"]),
    ("a slip in both", "Falko cherugg", ["Falco cherrug"]),
    ("Latin in Russian letters", "фалько черруг", ["Falco cherrug"]),
    ("Russian", "балобан", ["Falco cherrug"]),
    ("Russian with a wrong vowel", "балабан", ["Falco cherrug"]),
    ("Russian in Latin letters", "baloban", ["Falco cherrug"]),
    ("Kyrgyz", "ителги", ["Falco cherrug"]),
    ("Kyrgyz in Latin letters, letters swapped", "itegli", ["Falco cherrug"]),
    ("Kyrgyz without its letters", "буркут", ["Aquila chrysaetos"]),
    ("a synonym", "uncia uncia", ["Panthera uncia"]),
    ("a common name before the longer one that has it", "leopard", ["Panthera pardus", "Panthera uncia"]),
    ("two words with a slip each", "snoe lepard", ["Panthera uncia"]),
    ("a case of declension", "черепахи", ["Testudo horsfieldii"]),
    ("the words in another order", "leopard snow", ["Panthera uncia"]),
    ("words of one name only", "uncia илбирс", []),
    ("half of a name with a hyphen", "белохвост", ["Haliaeetus albicilla"]),
    ("an apostrophe left out", "pallas cat", ["Otocolobus manul"]),
    ("four letters with a slip", "sakr", ["Falco cherrug", "Dalbergia sacerdotum"]),
    ("three letters with a slip", "vlf", []),
    ("two slips in eight letters", "horsfildi", ["Testudo horsfieldii"]),
    ("two slips in seven", "sapzann", ["Falco peregrinus"]),
    ("still being typed, with a slip", "peregi", ["Falco peregrinus"]),
    ("an old combination of three words", "ovis ammon polii", ["Ovis polii"]),
    ("French", "panthère des neiges", ["Panthera uncia"]),
    ("French without marks", "panthere des neiges", ["Panthera uncia"]),
    ("French with a slip in each word", "loupe griss", ["Canis lupus"]),
    ("an exact word, not one that only begins like it in sound", "saker", ["Falco cherrug"]),
    ("the same word still being typed", "sake", ["Falco cherrug", "Dalbergia sacerdotum"]),
    ("an exact word, and whole words of the same sound", "gecko", ["Gekko gecko", "Gekko vittatus", "Gekko swinhonis"]),
    ("nothing like it", "bdgmwrt", []),
    ("nothing", "  ", []),
    ("a word of a thousand letters", "w" + "olf" * 333, []),
]  # fmt: skip


# Names at equal edit distance from the typed "cat".
_CATS = [["Felis chaus", "Jungle Cat"], ["Ailurus fulgens", "Cat Bear"], ["Felis catus", "Cat"]]


def cases() -> list[Vector]:
    folded = [
        {
            "name": f"folded: {name}",
            "why": "species/model/name_search.py",
            "input": {"text": text},
            "expect": {"folded": expect},
        }
        for name, text, expect in _FOLDED
    ]
    found = [
        {
            "name": f"found: {name}",
            "why": "species/model/name_search.py",
            "input": {"text": text, "list": LIST},
            "expect": {"found": expect},
        }
        for name, text, expect in _FOUND
    ]
    order = {
        "name": "found: the whole name, then names that begin so, then those that have the word",
        "why": "species/model/name_search.py",
        "input": {"text": "cat", "list": _CATS},
        "expect": {"found": ["Felis catus", "Ailurus fulgens", "Felis chaus"]},
    }
    crosses = [
        {"name": f"crossed: {text}", "why": "species/model/name_resolution.py, Conf. 10.17 (Rev. CoP14)",
         "input": {"text": text},
         "expect": {"parents": parents}}
        for text, parents in (
            ("Falco rusticolus x Falco cherrug", [["falco", "rusticolus"], ["falco", "cherrug"]]),
            ("Кречет × балобан", [["кречет"], ["балобан"]]),
            ("(Falco cherrug/F. peregrinus) hybrid", [["falco", "cherrug"], ["f.", "peregrinus"], []]),
            ("Xenopus laevis", [["xenopus", "laevis"]]),
        )
    ]  # fmt: skip
    return [*folded, *found, order, *crosses]
