"""Convert the index of all CITES taxa into the tables of `chalicelib/data/cites`.

    python -m local.cites_base FOLDER [--into chalicelib/data/cites] [--report FILE]

FOLDER has the source files `cites-index-2026.csv.gz`, `changes-2017-2026.csv` and `names-ru.csv`. The report lists
every row that was left out or settled. A Management Authority gets newer data from Species+
(https://speciesplus.net): it asks UNEP-WCMC for access or downloads the listings, and replaces the base with
`tamga species import`.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from chalicelib.kernel.countries import COUNTRIES
from chalicelib.requirements.model.importers import EU
from chalicelib.species.model.base_rows import TAXA_COLUMNS

Row = dict[str, str]

INTO = Path("chalicelib/data/cites")

BASE_DAY, CHECKED_DEFAULT, IN_FORCE, CHECKED = "2017-04-21", "2025-03-06", "2026-03-05", "2026-11-29"

DELAYED = "2027-06-30"  # 5 December 2025 and 18 months is 5 June 2027; the day itself was not seen

CHANGES = (
    "taxon", "what", "not_before", "not_after", "before", "after", "symbol_before", "symbol", "listed_by",
    "populations", "old_name", "source", "sure",
)  # fmt: skip

OLD_CODES = {"AN": "BQ CW SX", "CS": "ME RS"}  # former States and their successors

BASIS = {"index 2017": "Index of CITES Species (UNEP-WCMC), 21 April 2017"}  # basis in the source -> its words

ABOVE_SPECIES = ("genus", "family", "order")

# Appendix of the members that no other row names, where it is not II: the New World vultures are outside the listing
# of their order; the others are in Appendix I, or have all their named species there.
REST = {
    "Anodorhynchus": "I", "Balaenoptera": "I", "Balaenopteridae": "I", "Cathartidae": "0", "Ceratotherium": "I",
    "Hominidae": "I", "Rhinocerotidae": "I", "Tapiridae": "I", "Tapirus": "I", "Vultur": "0",
}  # fmt: skip

# Families of corals whose fossils the Appendices leave out, like those of the stony corals (Scleractinia), although
# the source does not say so: CoP13, Notification 2006/063. Black corals (Antipatharia) have no such note.
FOSSILS = frozenset({"Helioporidae", "Milleporidae", "Stylasteridae", "Tubiporidae"})

# Orders that the source leaves empty.
ORDERS = {
    "Aizoaceae": "Caryophyllales", "Apocynaceae": "Gentianales", "Asclepiadaceae": "Gentianales",
    "Bignoniaceae": "Scrophulariales", "Burseraceae": "Sapindales", "Compositae": "Asterales",
    "Crassulaceae": "Rosales", "Cupressaceae": "Pinales", "Geraniaceae": "Geraniales", "Leguminosae": "Fabales",
    "Passifloraceae": "Violales",
}  # fmt: skip

# Countries that listed a taxon in Appendix III, where the source names none. From general knowledge.
PARTIES = {
    "Acrocephalus rodericanus": "MU", "Baillonius bailloni": "AR", "Bassaricyon gabbii": "CR",
    "Bassariscus sumichrasti": "CR", "Cabassous centralis": "CR", "Calyptocephalella gayi": "CL",
    "Colophon": "ZA", "Dactylocnemis": "NZ", "Galictis vittata": "CR", "Graptemys": "US", "Hoplodactylus": "NZ",
    "Mokopirirakau": "NZ", "Nesoenas mayeri": "MU", "Potamotrygon": "BR", "Pteroglossus castanotis": "AR",
    "Ramphastos dicolorus": "AR", "Sarcoramphus": "HN", "Sciurus deppei": "CR", "Selenidera maculirostris": "AR",
    "Terpsiphone bourbonnensis": "MU", "Toropuku": "NZ", "Tukutuku": "NZ", "Woodworthia": "NZ",
    "Axis porcinus": "PK", "Apalone": "US", "Chelydra": "US", "Choloepus hoffmanni": "CR", "Hyaena hyaena": "PK",
    "Hypancistrus": "BR", "Macrochelys": "US", "Tiliqua adelaidensis": "AU",
}  # fmt: skip

# Synonyms that name the domestic form, which the Appendices except. They are rows of `unlisted.csv`.
DOMESTIC = {
    "bos frontalis", "bos grunniens", "bos taurus", "bubalus bubalis", "camelus bactrianus", "canis familiaris",
    "canis lupus dingo", "canis lupus familiaris", "equus asinus", "felis silvestris catus",
}  # fmt: skip

# Decided row by row: name, column, value, reason.
DECIDED: tuple[tuple[str, str, str, str], ...] = (
    ("Python molurus", "appendix", "I", "Canadian schedule 2025: the whole species; P. bivittatus apart, II"),
    ("Python molurus", "parts", "", "Canadian schedule 2025: the whole species"),
    ("Ursus arctos isabellinus", "appendix", "I", "Canadian schedule 2025 names it in Appendix I"),
    ("Ursus arctos isabellinus", "parts", "", "Canadian schedule 2025 names it in Appendix I"),
    ("Damaliscus pygargus", "appendix", "0", "CoP20 Prop. 1 deleted the bontebok, its only listed part"),
    ("Damaliscus pygargus", "parts", "", "CoP20 Prop. 1 deleted the bontebok, its only listed part"),
    ("Damaliscus pygargus", "since", "2026-03-05", "CoP20 Prop. 1"),
    ("Damaliscus pygargus", "checked", "-", "CoP20 Prop. 1"),
    ("Dasyornis broadbenti", "appendix", "II", "its subspecies litoralis moved to II on 2019-11-26"),
    ("Equus zebra", "parts", "", "both subspecies are in II"),
    ("Pecari tajacu", "parts", "0", "the populations of Mexico and the United States are excepted"),
    ("Anodorhynchus hyacinthinus", "parts", "", "the whole genus is in I"),
    ("Moschus chrysogaster", "parts", "II", "every musk deer is in I or II by its population"),
    ("Catalaphyllia plicata", "appendix", "II", "every stony coral is listed with its order"),
    *((name, "parts", "0", "Brazil listed the population of Brazil; known, not seen") for name in (
        "Potamotrygon", "Potamotrygon amandae", "Potamotrygon brachyura", "Potamotrygon falkneri",
        "Potamotrygon histrix", "Potamotrygon humerosa", "Potamotrygon limai", "Potamotrygon ocellata",
        "Potamotrygon pantanensis", "Potamotrygon rex",
    )),
    ("Capra hircus", "appendix", "0", "the name of the domestic goat; the wild goat has a row of its own"),
    ("Capra hircus", "parts", "", "the name of the domestic goat; the wild goat has a row of its own"),
    ("Capra hircus", "listed_by", "", "the name of the domestic goat; the wild goat has a row of its own"),
    ("Diospyros haplostylis", "parts", "", "lives in Madagascar alone, whose populations are in II"),
    *((name, "parts", "", "the Appendices name it with its varieties") for name in (
        "Aloe compressa", "Aloe compressa var. paucituberculata", "Aloe compressa var. rugosquamosa",
        "Aloe compressa var. schistophila", "Aloe haworthioides", "Aloe haworthioides var. aurantiaca", "Aloe laeta",
        "Aloe laeta var. maniaensis", "Euphorbia cremersii", "Euphorbia cremersii var. rakotozafyi",
        "Euphorbia decaryi", "Euphorbia decaryi var. ampanihyensis", "Euphorbia decaryi var. robinsonii",
        "Euphorbia decaryi var. spirosticha", "Euphorbia moratii", "Euphorbia moratii var. antsingiensis",
        "Euphorbia moratii var. bemarahensis", "Euphorbia moratii var. multiflora",
    )),
)  # fmt: skip

# Accepted names that the Canadian schedule of 2025 changed, where the source keeps the old one.
RENAMED = {"Grus canadensis": "Antigone canadensis"}

# One taxon in two rows that differ in spelling: the first row goes, its names and range go to the second.
MERGED = {"Gyps rueppellii": "Gyps rueppelli"}

# Synonyms that name a taxon of its own: the taxon is not listed.
SPLIT = {
    "cervus canadensis": "the listed deer are subspecies of Cervus elaphus",
    "dracaena marginata": "the houseplant, Dracaena reflexa today; an aloe once had this name",
}

# Synonyms to add: accepted name, synonym, reason.
SYNONYMS: tuple[tuple[str, str, str], ...] = (
    ("Ovis hodgsoni", "Ovis hodgsonii", "spelling in use until 2019"),
    ("Falco peregrinus", "Falco pelegrinoides", "no longer named in the Canadian schedule"),
    ("Manis", "Phataginus", "the eight pangolins stand under Manis"),
    ("Manis", "Smutsia", "the eight pangolins stand under Manis"),
    ("Crocodylus niloticus", "Crocodylus suchus", "split off later; the Appendices know one species"),
    ("Crocodylus cataphractus", "Mecistops cataphractus", "the genus in use today"),
    ("Crocodylus cataphractus", "Mecistops leptorhynchus", "split off later"),
    ("Heloderma horridum charlesbogerti", "Heloderma charlesbogerti", "a species of its own today"),
    ("Cyclopsitta diophthalma coxeni", "Cyclopsitta coxeni", "a species of its own today"),
    ("Sclerocactus brevihamatus tobuschii", "Ancistrocactus tobuschii", "its name in the Appendices before"),
    ("Sclerocactus brevihamatus tobuschii", "Sclerocactus tobuschii", "a species of its own for some"),
    ("Presbytis potenziani", "Presbytis siberu", "split off later"),
    ("Leopardus tigrinus", "Leopardus emiliae", "split off later"),
    ("Chelonoidis niger", "Chelonoidis donfaustoi", "split off later"),
    ("Cattleya jongheana", "Sophronitis jongheana", "a genus in use before"),
    ("Cattleya jongheana", "Hadrolaelia jongheana", "a genus in use before"),
    ("Cattleya lobata", "Sophronitis lobata", "a genus in use before"),
    ("Cattleya lobata", "Hadrolaelia lobata", "a genus in use before"),
)

OPEN_BY_NAME = {
    "Arctocephalus townsendi": "one_source",
    "Grammostola rosea": "one_source",
    "Aloe bergeriana": "one_source",
    "Aloe jeppeae": "one_source",
    "Aloe subspicata": "one_source",
    "Aloe welwitschii": "one_source",
    "Beaucarnea glassiana": "one_source",
    "Beaucarnea hookeri": "one_source",
    "Pelophylax shqipericus": "name",
    "Euphorbia": "part_of_genus",
    "Goniurosaurus": "part_of_genus",
    "Paubrasilia echinata": "annotation",
    "Commiphora wightii": "annotation; delay",
}

WIDE_RANGES = {  # classes, orders and families of the sea, whose range on record is not certain
    "Elasmobranchii", "Anthozoa", "Hydrozoa", "Holothuroidea", "Cephalopoda", "Coelacanthi", "Cetacea", "Sirenia",
    "Cheloniidae", "Dermochelyidae", "Tridacnidae", "Strombidae", "Syngnathidae", "Labridae", "Sciaenidae",
    "Odobenidae", "Otariidae", "Phocidae",
}  # fmt: skip


class Report:
    """Everything that was left out or settled, by topic."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = defaultdict(list)

    def add(self, topic: str, line: str) -> None:
        self._lines[topic].append(line)

    def count(self, topic: str) -> int:
        return len(self._lines[topic])

    def text(self) -> str:
        heads = [f"{topic}: {len(lines)}" for topic, lines in sorted(self._lines.items())]
        bodies = [f"\n{topic}\n" + "".join(f"  {each}\n" for each in lines) for topic, lines in self._lines.items()]
        return "\n".join(heads) + "\n" + "".join(bodies)


def convert(
    index: Sequence[Row], changes: Sequence[Row], russian: Sequence[Row], report: Report
) -> dict[str, tuple[Sequence[str], list[Row]]]:
    """File name -> columns and rows of the tables of the base."""
    kept = _merge([row for row in index if _is_kept(row, report)], report)
    families = _families(kept, report)
    place = {row["family"] or row["order"]: row for row in families}
    codes = _basis_codes(kept)
    split = {row["from"].removesuffix(" (part)") for row in changes if row["from"].endswith(" (part)")}
    parties = _parties(kept)
    taxa = [_taxon(row, codes, split, parties, report) for row in kept]
    _rename(taxa, report)
    ambiguous = _settle_synonyms(taxa, report)
    _decide(taxa, report)
    taxa.sort(key=lambda row: _order(row, place))
    names = {row["name"] for row in taxa}
    renamed = {**RENAMED, **MERGED}
    ru = [
        {"name": renamed.get(row["name"], row["name"]), "ru": row["russian"], "source": row["source"]}
        for row in russian
    ]
    for row in ru:
        if row["name"] not in names:
            report.add("Russian name of no taxon, left out", row["name"])
    ru = sorted((row for row in ru if row["name"] in names), key=lambda row: row["name"])
    basis = sorted(
        ({"code": code, "text": BASIS.get(text, text)} for text, code in codes.items()), key=lambda row: row["code"]
    )
    return {
        "taxa.csv": (TAXA_COLUMNS, taxa),
        "families.csv": (("family", "order", "class", "kingdom"), families),
        "basis.csv": (("code", "text"), basis),
        "changes.csv": (CHANGES, _changes(changes, names, report)),
        "names_ru.csv": (("name", "ru", "source"), ru),
        "ambiguous.csv": (("name", "taxa"), ambiguous),
    }


def edition() -> dict[str, str]:
    return {
        "in_force": IN_FORCE,
        "checked": CHECKED,
        "base_day": BASE_DAY,
        "checked_default": CHECKED_DEFAULT,
        "basis_default": "index-2017",
    }


def _is_kept(row: Row, report: Report) -> bool:
    if '"' in row["name"]:
        report.add("left out: name in quotation marks", row["name"])
    elif row["rank"] == "subfamily":
        report.add("left out: rank", row["name"])
    elif row["rank"] in ABOVE_SPECIES and not row["appendix"]:
        report.add("left out: no Appendix, its family covers it", row["name"])
    else:
        return True
    return False


def _families(rows: Iterable[Row], report: Report) -> list[Row]:
    """Order, class and kingdom of each family, by the majority of its rows."""
    votes: dict[str, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    orders: dict[str, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    for row in rows:
        order = row["order"] or ORDERS.get(row["family"], "")
        own = (order, row["class"], row["kingdom"])
        if row["family"]:
            votes[row["family"]][own] += bool(order)
        else:
            orders[order][own] += 1
    found = {family: max(count, key=lambda each: (count[each], each)) for family, count in votes.items()}
    for row in rows:
        own = (row["order"], row["class"], row["kingdom"])
        if row["family"] and own != found[row["family"]]:
            report.add("family settled by majority", f"{row['name']}: {own} -> {found[row['family']]}")
    with_family = {order for order, _, _ in found.values()}
    made = [
        dict(zip(("family", "order", "class", "kingdom"), (family, *own), strict=True)) for family, own in found.items()
    ]
    for order, count in orders.items():
        if order not in with_family:
            report.add("order without family", order)
            made.append(dict(zip(("family", "order", "class", "kingdom"), ("", *max(count)), strict=True)))
    return sorted(made, key=lambda row: (row["kingdom"], row["class"], row["order"], row["family"]))


def _order(row: Row, place: Mapping[str, Row]) -> tuple[str, ...]:
    if row["family"]:
        own = place[row["family"]]
    else:
        own = next(each for each in place.values() if each["order"] == row["order"])
    above = own["order"], row["family"], "" if row["rank"] in {"family", "order"} else row["name"]
    return own["kingdom"], own["class"], *above


def _basis_codes(rows: Iterable[Row]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for text in sorted({row["basis"] for row in rows}):
        stem = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:28].strip("-")
        used, code = set(codes.values()), stem
        for number in range(2, 99):
            if code not in used:
                break
            code = f"{stem}-{number}"
        codes[text] = code
    return codes


def _parties(rows: Iterable[Row]) -> dict[str, set[str]]:
    """Species -> countries that listed one of its subspecies in Appendix III."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["rank"] in {"subspecies", "variety"} and row["listed_by"]:
            found[" ".join(row["name"].split()[:2])].update(row["listed_by"].split(","))
    return found


def _listing(row: Row) -> list[str]:
    """Appendices of a row, the strictest first, with those of its populations."""
    names = {"0" if each == "NC" else each for each in row["appendix"].split("/") if each}
    for part in row["note"].split(";"):
        before, colon, _ = part.partition(":")
        if colon and before in {"I", "II", "III", "0"}:
            names.add(before)
    if row["note"] == "UA population":
        names.add("0")
    return sorted(names or {"0"}, key=lambda name: len(name) if name != "0" else 4)


def _taxon(row: Row, codes: Mapping[str, str], split: set[str], parties: Mapping[str, set[str]], report: Report) -> Row:
    name, rank = row["name"], row["rank"]
    if rank == "species" and len(name.split()) == 3:
        rank = "subspecies"
        report.add("rank settled by the name", name)
    listing = _listing(row)
    populations = any(re.match(r"(I|II|III|0):", part) for part in row["note"].split(";"))
    if rank in ABOVE_SPECIES and len(listing) > 1:
        if populations:
            appendix, parts = "II", [each for each in ("I", "0") if re.search(rf"(^|;){each}:", row["note"])]
        else:
            appendix, parts = REST.get(name, "II"), []
        report.add(
            "rank above species with several Appendices", f"{rank} {name}: {row['appendix']} -> {appendix} {parts}"
        )
    else:
        appendix, parts = listing[0], listing[1:]
    if not row["appendix"]:
        report.add("no Appendix in the source, taken as not listed", name)
    listed_by = _listed_by(row, parties, report) if "III" in (appendix, *parts) else []
    opened = [each for each in OPEN_BY_NAME.get(name, "").split("; ") if each]
    if row["basis"].startswith("WCMC import") and name.startswith("Gallotia "):
        opened.append("one_source")  # the genus is not listed, so the import alone says that its species are
    if row["note"] == "entry may be delayed to 2027-06-05" and "delay" not in opened:
        opened.append("delay")
    if "perhaps withdrawn" in row["note"]:
        opened.append("withdrawn")
    if "III" in (appendix, *parts) and not listed_by:
        opened.append("party")
        report.add("Appendix III without a country", name)
    native, sure = _range(row, split, report)
    since = "" if row["as_of"] == BASE_DAY or row["note"].startswith("coming:") else row["as_of"]
    checked = "-" if not row["checked"] else "" if row["checked"] == CHECKED_DEFAULT else row["checked"]
    code = codes[row["basis"]]
    return {
        "name": name,
        "rank": "" if rank == "species" else rank,
        "family": row["family"],
        "order": "" if row["family"] else row["order"],
        "appendix": appendix,
        "parts": "; ".join(parts),
        "listed_by": "; ".join(sorted(listed_by)),
        "symbol": row["annotation"],
        "except": _excepted(row),
        "synonyms": row["synonyms"].replace(";", "; "),
        "en": row["english"].replace(";", "; "),
        "fr": row["french"].replace(";", "; "),
        "range": "; ".join(native),
        "range_sure": "y" if sure else "",
        "since": since,
        "checked": checked,
        "basis": "" if code == "index-2017" else code,
        "open": "; ".join(opened),
    }


def _listed_by(row: Row, parties: Mapping[str, set[str]], report: Report) -> list[str]:
    if row["listed_by"] == "EU":
        return sorted(EU)
    if row["listed_by"]:
        return row["listed_by"].split(",")
    name = row["name"]
    known = PARTIES.get(name) or PARTIES.get(name.split()[0])
    if known:
        report.add("Appendix III: country from general knowledge", f"{name}: {known}")
        return [known]
    return sorted(parties.get(name, ()))


def _excepted(row: Row) -> str:
    note = row["note"]
    if "x:fossils" in note or row["family"] in FOSSILS:
        return "fossils"
    if "x:domesticated" in note or row["name"] == "Capra hircus aegagrus":
        return "domesticated"
    return "native_japan" if "native to Japan" in note else ""


def _range(row: Row, split: set[str], report: Report) -> tuple[list[str], bool]:
    """Range States of a row, and whether its range is certain."""
    codes, certain = set(), bool(row["range"])
    for code in row["range"].split():
        if code in COUNTRIES:
            codes.add(code)
            continue
        certain &= code in OLD_CODES
        codes.update(OLD_CODES.get(code, "").split())
        report.add("range: code of no country", f"{row['name']}: {code}")
    known = {row["class"], row["order"], row["family"]}
    certain &= row["basis"].startswith(("index 2017", "renamed from")) and not known & WIDE_RANGES
    certain &= row["rank"] not in ABOVE_SPECIES and row["name"] not in split
    certain &= "range:" not in row["note"] and not row["note"].startswith("includes")
    return sorted(codes), certain


def _settle_synonyms(rows: Sequence[Row], report: Report) -> list[Row]:
    """Leave each synonym to one taxon. Returns the names that several taxa claim, with those taxa."""
    by_name = {row["name"]: row for row in rows}
    accepted = {name.lower() for name in by_name}
    added: dict[str, str] = {}  # synonym -> the taxon that keeps it against any other
    for name, synonym, reason in SYNONYMS:
        if name not in by_name or synonym.lower() in accepted:
            report.add("synonym not added", f"{name}: {synonym}")
            continue
        row = by_name[name]
        row["synonyms"] = "; ".join(dict.fromkeys([*filter(None, row["synonyms"].split("; ")), synonym]))
        added[synonym.lower()] = name
        report.add("synonym added", f"{name}: {synonym}: {reason}")
    claims: dict[str, dict[str, str]] = defaultdict(dict)  # synonym in lower case -> its taxa, with its spelling
    for row in rows:
        for synonym in filter(None, row["synonyms"].split("; ")):
            claims[synonym.lower()].setdefault(row["name"], synonym)
    for row in rows:
        kept: dict[str, str] = {}
        for synonym in filter(None, row["synonyms"].split("; ")):
            key = synonym.lower()
            if key in accepted:
                report.add("synonym left out: accepted name", f"{synonym} of {row['name']}")
            elif key in DOMESTIC:
                report.add("synonym left out: domestic form", f"{synonym} of {row['name']}")
            elif key in SPLIT:
                report.add("synonym left out: a taxon of its own", f"{synonym} of {row['name']}: {SPLIT[key]}")
            elif added.get(key, row["name"]) != row["name"] or (len(claims[key]) > 1 and key not in added):
                report.add("synonym left out: of several taxa", f"{synonym} of {row['name']}")
            else:
                kept.setdefault(key, synonym)
        row["synonyms"] = "; ".join(kept.values())
    settled = accepted | DOMESTIC | SPLIT.keys() | added.keys()
    return [
        {"name": next(iter(taxa.values())), "taxa": "; ".join(sorted(taxa))}
        for key, taxa in sorted(claims.items())
        if len(taxa) > 1 and key not in settled
    ]


def _merge(rows: Sequence[Row], report: Report) -> list[Row]:
    by_name = {row["name"]: row for row in rows}
    for old, new in MERGED.items():
        if old in by_name and new in by_name:
            gone, row = by_name.pop(old), by_name[new]
            filled = {column: row[column] or gone[column] for column in ("english", "french", "range")}
            synonyms = ";".join(filter(None, (row["synonyms"], gone["synonyms"], old)))
            by_name[new] = {**row, **filled, "synonyms": synonyms}
            report.add("merged", f"{old} -> {new}")
    return list(by_name.values())


def _rename(rows: Iterable[Row], report: Report) -> None:
    for row in rows:
        if row["name"] in RENAMED:
            old, row["name"] = row["name"], RENAMED[row["name"]]
            row["synonyms"] = "; ".join(filter(None, (row["synonyms"], old)))
            report.add("renamed", f"{old} -> {row['name']}")


def _decide(rows: Iterable[Row], report: Report) -> None:
    by_name = {row["name"]: row for row in rows}
    for name, column, value, reason in DECIDED:
        if name in by_name:
            report.add("decided", f"{name}, {column}: {by_name[name][column]!r} -> {value!r}: {reason}")
            by_name[name][column] = value


_NOT_DATED = (  # words of the confidence -> bounds of the day
    ("between 2020-08-25 and 2025-03-06", "2020-08-25", "2025-03-06"),
    ("by 2020-08-25", BASE_DAY, "2020-08-25"),
    ("already of 2020-08-25", BASE_DAY, "2020-08-25"),
    ("not in that of 2020-08-25", "2020-08-25", "2025-03-06"),
    ("not named in that of 2020-08-25", "2020-08-25", "2025-03-06"),
    ("until 2024-01", "2024-01-01", "2025-03-06"),
    ("2026-02-19", IN_FORCE, DELAYED),
)


def _changes(rows: Iterable[Row], names: set[str], report: Report) -> list[Row]:
    made = []
    for row in rows:
        taxon = row["taxon"].removesuffix(" spp.")
        if taxon not in names:
            report.add("change of a taxon without a row", taxon)
        first, last = _days(row, report)
        before, after = _appendix(row["from"]), _appendix(row["to"])
        listed = row["change"] == "name" and row["to"] == "II"  # not listed under its old name
        renamed = row["change"] == "name" and not listed
        symbols = [next(iter(re.findall(r"#\d+", row[each])), "") for each in ("from", "annotation")]
        appendix_three = "III" in after.split("; ") and not renamed
        party = row["populations"] if appendix_three else ""
        if before == "III" and after != "III" and not renamed:  # it leaves Appendix III
            party = PARTIES.get(taxon) or PARTIES.get(taxon.split()[0]) or ""
        parties = " ".join(sorted(EU)) if party == "EU" else party
        sure = row["confidence"].split(":")[0].strip() or "known"
        if (
            re.search(r"inferred|believed", row["confidence"] + row["note"])
            or "one secondary source" in row["confidence"]
        ):
            sure = "inferred"
        made.append(
            {
                "taxon": taxon,
                "what": "added" if listed else _what(row),
                "not_before": first,
                "not_after": last,
                "before": "" if renamed else "0" if listed else before,
                "after": "" if renamed else after,
                "symbol_before": symbols[0],
                "symbol": symbols[1],
                "listed_by": "; ".join(sorted(parties.split())),
                "populations": "" if appendix_three else row["populations"],
                "old_name": row["from"] if renamed or listed else "",
                "source": "; ".join(filter(None, (row["source"], row["confidence"], row["note"]))),
                "sure": sure,
            }
        )
    return sorted(made, key=lambda row: (row["taxon"], row["not_before"], row["not_after"], row["what"]))


def _what(row: Row) -> str:
    if row["change"] == "name":
        return "renamed"
    if row["change"] == "moved" and row["populations"] and row["to"] != "III":
        return "population"
    return row["change"]


def _days(row: Row, report: Report) -> tuple[str, str]:
    if row["in_force"] == "2027-06-05":
        return "2027-06-01", DELAYED
    if row["in_force"]:
        return row["in_force"], row["in_force"]
    words = row["confidence"] + " " + row["note"]
    bounds = next(((first, last) for text, first, last in _NOT_DATED if text in words), (BASE_DAY, CHECKED_DEFAULT))
    report.add("change without a day", f"{row['taxon']}: {bounds[0]} to {bounds[1]}")
    return bounds


def _appendix(text: str) -> str:
    """Appendices in the words of a change: `two species II` is a part, so the rest was not listed."""
    names = re.findall(r"\b(III|II|I|0)\b", text)
    if not names:
        return ""
    is_part = "part" in text or "species" in text or re.match(r"[A-Z]\. ", text)
    return "; ".join(dict.fromkeys([*names, *(["0"] if is_part else [])]))


def read(folder: Path) -> tuple[list[Row], list[Row], list[Row]]:
    with gzip.open(folder / "cites-index-2026.csv.gz", "rt", encoding="utf-8", newline="") as file:
        index = list(csv.DictReader(file))
    return index, _rows(folder / "changes-2017-2026.csv"), _rows(folder / "names-ru.csv")


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(tables: Mapping[str, tuple[Sequence[str], list[Row]]], into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for name, (columns, rows) in tables.items():
        with (into / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    (into / "edition.json").write_text(json.dumps(edition(), indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Convert the index of all CITES taxa into the tables of the base.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--into", type=Path, default=INTO)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    report = Report()
    write(convert(*read(options.folder), report), options.into)
    if options.report:
        options.report.write_text(report.text(), encoding="utf-8")
    print(report.text().split("\n\n")[0])


if __name__ == "__main__":
    main()
