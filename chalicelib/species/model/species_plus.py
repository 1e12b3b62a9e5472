"""Reader of taxa from Species+: the CSV of its listings, the index CSV of its Checklist, answers of its API (v1).

1 the header tells the kind of file
2 rows are complete: as many cells as the header, the required ones filled
3 kingdom, rank, Appendices and countries are known values
4 no letters that were read in the wrong encoding
5 rows of one id must not contradict each other; what they add is put together
6 one name is one taxon

A faulty row is reported by file, row and column, and nothing is guessed. Columns: unepwcmc/SAPI,
cites_listings_export.rb and column_display_name_mapping.rb. Members of an answer: unepwcmc/species-api,
taxon_concepts_controller.rb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import Any

from chalicelib.kernel.codes import KINGDOMS
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.kernel.days import day
from chalicelib.kernel.errors import FieldError

Faults = list[FieldError]

RANKS = {
    "ORDER": "order",
    "FAMILY": "family",
    "GENUS": "genus",
    "SPECIES": "species",
    "SUBSPECIES": "subspecies",
    "VARIETY": "variety",
}

HIGHER = frozenset({"KINGDOM", "PHYLUM", "CLASS", "SUBFAMILY"})  # no permit names one

APPENDICES = {"NC": 0, "I": 1, "II": 2, "III": 3}

NAME = re.compile(r"[A-Z][A-Za-zÀ-ÿ×.()'-]*( [A-Za-zÀ-ÿ×.()'-]+){0,5}")

_MISREAD = re.compile("\ufffd|Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]|[ÐÑ][\u0080-\u00bf]")

_TAGS = re.compile("<[^>]*>")

_MARK = re.compile(r"\*\*(NC|I{1,3})\*\* ?")

_QUOTED = re.compile('"([^"]+)"')

_RANKED = re.compile(r"\b(?:var|subsp|ssp|fo?)\. ")

_SPECIES = re.compile(r"[A-Z][a-zà-ÿ-]+(?: [a-zà-ÿ][a-zà-ÿ-]+){1,2}(?![a-zà-ÿ])")

# Our field -> the column in each of the two kinds of file.
LISTINGS = {
    "id": "Id",
    "kingdom": "Kingdom",
    "class_name": "Class",
    "order": "Order",
    "family": "Family",
    "genus": "Genus",
    "name": "Scientific Name",
    "rank": "Rank",
    "listing": "Listing",
    "party": "Party",
    "under": "Listed under",
    "note": "Full note",
    "hash_note": "# Full note",
}

INDEX = {
    "id": "TaxonId",
    "kingdom": "Kingdom",
    "class_name": "Class",
    "order": "Order",
    "family": "Family",
    "genus": "Genus",
    "name": "FullName",
    "rank": "RankName",
    "listing": "CurrentListing",
    "note": "FullAnnotationEnglish",
    "hash_note": "#Annotation",
    "synonyms": "SynonymsWithAuthors",
    "english": "EnglishNames",
}


OPTIONAL = {  # further columns: of one kind of file, or only in a download that asked for them
    "range": "All_DistributionISOCodes",
    "native": "NativeDistributionFullNames",
    "french": "FrenchNames",
    "symbol": "#AnnotationSymbol",
}

_CODES = frozenset(COUNTRIES)

_SYMBOL = re.compile(r"#\d{1,2}")

_NAMED = {name.casefold(): code for code, name in COUNTRIES.items()}

_TURNED = re.compile(r"(.+) \((.+ of)\)")


@dataclass(frozen=True, slots=True)
class Concept:
    """One accepted taxon.

    `listing` has Appendices 0 to 3, or 0 if a part of it is not covered. `at`: file and row where it was read.
    `range_states`: every country that Species+ records, also where it was introduced or is extinct. With
    `range_native`, they are the countries where it is native. `symbol`: the number of its annotation. `since`: the day
    from which the listing is in force, if the file says it.
    """

    id: str
    name: str
    rank: str
    kingdom: str
    listing: frozenset[int]
    class_name: str = ""
    order: str = ""
    family: str = ""
    parties: frozenset[str] = frozenset()
    under: str = ""
    note: str = ""
    synonyms: tuple[str, ...] = ()
    common: tuple[tuple[str, str], ...] = ()  # language, name
    range_states: frozenset[str] = frozenset()
    range_native: bool = False
    symbol: str = ""
    since: str = ""
    at: str = ""


def form_of(header: Sequence[str]) -> Mapping[str, str]:
    """Step 1: the columns of this kind of file. Raises KeyError with the columns that a listings file still lacks."""
    for form in (LISTINGS, INDEX):
        if set(form.values()) <= set(header):
            return form
    raise KeyError(", ".join(sorted(set(LISTINGS.values()) - set(header))))


def from_csv(file: str, cells: Iterable[Sequence[str]], faults: Faults) -> Iterator[Concept]:
    """Taxa of a listings or index CSV, whose first row is the header. Faults are added to `faults`."""
    rows = iter(cells)
    header = [cell.strip() for cell in next(rows, [])]
    try:
        form = form_of(header)
    except KeyError as error:
        faults.append(
            FieldError(f"{file} row 1", "header", f"Not a CSV file of Species+: column {error.args[0]} is missing.")
        )
        return
    known = {**form, **{name: column for name, column in OPTIONAL.items() if column in header}}
    names, needed = list(known), itemgetter(*(header.index(column) for column in known.values()))
    for number, row in enumerate(rows, 2):
        at = f"{file} row {number}"
        if len(row) != len(header):  # 2
            words = f"{len(row)} cells where the header has {len(header)}: the file is cut off or was edited."
            faults.append(FieldError(at, "half", words))
            continue
        yield from _concept(dict(zip(names, map(str.strip, needed(row)), strict=True)), at, form, faults)


def from_answer(answer: Mapping[str, Any], at: str, faults: Faults) -> Iterator[Concept]:
    """Accepted, active taxa of one answer of `GET /api/v1/taxon_concepts`."""
    for number, each in enumerate(answer["taxon_concepts"], 1):
        if not isinstance(each, Mapping):
            faults.append(FieldError(f"{at} taxon {number}", "half", "A taxon must be a JSON object."))
            continue
        if each.get("name_status") == "S" or each.get("active") is False:
            continue
        higher = each.get("higher_taxa") or {}
        listings = each.get("cites_listings") or []
        told = {
            "id": each.get("id"),
            "name": each.get("full_name"),
            "rank": each.get("rank"),
            "listing": each.get("cites_listing"),
            "kingdom": higher.get("kingdom"),
            "class_name": higher.get("class"),
            "order": higher.get("order"),
            "family": higher.get("family"),
            "genus": higher.get("genus"),
            "note": " ".join(f"**{one.get('appendix')}** {one.get('annotation') or ''}" for one in listings),
            "hash_note": " ".join(str(one.get("hash_annotation") or "") for one in listings),
            "party": ",".join(filter(None, map(_party, listings))),
            "since": max((str(one.get("effective_at") or "") for one in listings), default=""),
        }
        synonyms = tuple(str(one.get("full_name", "")) for one in each.get("synonyms") or [])
        common = tuple(
            (str(one.get("language", "")).lower(), str(one.get("name", ""))) for one in each.get("common_names") or []
        )
        texts = {name: "" if value is None else str(value).strip() for name, value in told.items()}
        for concept in _concept(texts, f"{at} taxon {number}", {}, faults):
            yield replace(concept, synonyms=synonyms, common=common)


def parties_of(legislation: Mapping[str, Any]) -> frozenset[str]:
    """Countries that now list it in Appendix III, from `GET /api/v1/taxon_concepts/{id}/cites_legislation`."""
    listings = legislation.get("cites_listings") or []
    current = [one for one in listings if one.get("is_current") is not False and one.get("appendix") == "III"]
    return frozenset(filter(lambda code: code in COUNTRIES, map(_party, current)))


def together(concepts: Iterable[Concept], faults: Faults) -> list[Concept]:
    """Steps 5 and 6: one concept for each id and name, in order of first appearance."""
    by_id: dict[str, Concept] = {}
    for new in concepts:
        old = by_id.get(new.id)
        if old is None:
            by_id[new.id] = new
            continue
        for field in ("name", "rank", "kingdom", "listing"):
            if getattr(old, field) != getattr(new, field):
                words = (
                    f"{_shown(getattr(new, field))}, but {old.at} has {_shown(getattr(old, field))} for id {old.id}."
                )
                faults.append(FieldError(f"{new.at}, {field}", "contradicts", words))
        by_id[new.id] = replace(
            old,
            parties=old.parties | new.parties,
            symbol=old.symbol or new.symbol,
            since=max(old.since, new.since),
            under=old.under or new.under,
            note=old.note or new.note,
            synonyms=tuple(dict.fromkeys((*old.synonyms, *new.synonyms))),
            common=tuple(dict.fromkeys((*old.common, *new.common))),
            range_states=old.range_states | new.range_states,
            range_native=old.range_native or new.range_native,
        )
    by_name: dict[tuple[str, str], Concept] = {}
    for each in by_id.values():
        first = by_name.setdefault((each.name.lower(), each.kingdom), each)
        if first is not each:
            words = f"{each.name} is id {each.id} here and id {first.id} in {first.at}."
            faults.append(FieldError(f"{each.at}, name", "contradicts", words))
    return list(by_id.values())


def _concept(told: Mapping[str, str], at: str, form: Mapping[str, str], faults: Faults) -> Iterator[Concept]:
    """The taxon of one row or member. None if no permit names its rank, if it is not listed, or if it has a fault."""

    def fault(field: str, code: str, words: str) -> None:
        faults.append(FieldError(f"{at}, {form.get(field, field)}", code, words))

    before = len(faults)
    rank = told["rank"].upper()
    if rank in HIGHER:
        return
    for field in ("id", "name", "rank", "kingdom"):  # 2
        if not told[field]:
            fault(field, "half", "Must not be empty.")
    for field, text in told.items():  # 4
        if not text.isascii() and _MISREAD.search(text):
            fault(field, "encoding", f"Letters from a wrong encoding: {text[:40]!r}.")
    if told["kingdom"] and told["kingdom"] not in KINGDOMS:  # 3
        fault("kingdom", "unknown", f"{told['kingdom']!r}: expected {' or '.join(KINGDOMS)}.")
    if rank and rank not in RANKS:
        fault("rank", "unknown", f"{told['rank']!r} is not a rank of Species+.")
    if told["name"] and not NAME.fullmatch(told["name"]):
        fault("name", "malformed", f"{told['name'][:60]!r} is not a scientific name.")
    elif rank in ("SPECIES", "SUBSPECIES") and told["genus"] and told["name"].split(" ")[0] != told["genus"]:
        fault("genus", "contradicts", f"{told['genus']!r} is not the genus of the name {told['name']!r}.")
    listing = _listing(told["listing"])
    if listing is None:
        fault("listing", "unknown", f"{told['listing'][:20]!r}: expected I, II, III or NC, separated by slashes.")
    parties = {code.strip() for code in told.get("party", "").split(",") if code.strip()}
    if not parties <= _CODES:
        fault("party", "unknown", f"{', '.join(sorted(parties - _CODES))[:60]}: expected ISO 3166-1 codes.")
    if len(faults) > before or not listing or listing == {0}:
        return
    native = _native(told.get("native", ""))
    symbol = _SYMBOL.search(told.get("symbol", "") or told["hash_note"])
    since = day(told.get("since"))
    yield Concept(
        id=told["id"],
        name=told["name"],
        rank=RANKS[rank],
        kingdom=told["kingdom"],
        listing=listing,
        class_name=told["class_name"],
        order=told["order"],
        family=told["family"],
        parties=frozenset(parties),
        under=told.get("under", ""),
        note=_words(told["note"], told["hash_note"]),
        synonyms=_synonyms(told.get("synonyms", "")),
        common=(
            *(("en", name) for name in _several(told.get("english", ""))),
            *(("fr", name) for name in _several(told.get("french", ""))),
        ),
        range_states=native or frozenset(_several(told.get("range", ""))) & _CODES,
        range_native=bool(native),
        symbol=symbol[0] if symbol else "",
        since=since.isoformat() if since else "",
        at=at,
    )


@lru_cache(maxsize=256)
def _listing(text: str) -> frozenset[int] | None:
    """Appendices of a cell, empty if not listed, or None if the text is something else."""
    parts = [part.strip() for part in text.split("/") if part.strip()]
    if any(part not in APPENDICES for part in parts) or len(set(parts)) != len(parts):
        return None
    return frozenset(APPENDICES[part] for part in parts)


def _party(listing: Any) -> str:
    party = listing.get("party") if isinstance(listing, Mapping) else None
    return str(party.get("iso_code2") or "") if isinstance(party, Mapping) else str(party or "")


@lru_cache(maxsize=4096)
def _native(text: str) -> frozenset[str]:
    """Codes of these countries in words, or none if any of them is not known: a part of a range is no range."""
    found = [_code_of(name.strip().casefold()) for name in text.split(",") if name.strip()]
    return frozenset(filter(None, found)) if all(found) else frozenset()


def _code_of(name: str) -> str | None:
    """The code of a country. Species+ writes `Bolivia (Plurinational State of)` for Plurinational State of Bolivia."""
    turned = _TURNED.fullmatch(name)
    return _NAMED.get(name) or (_NAMED.get(f"{turned[2]} {turned[1]}") if turned else None)


@lru_cache(maxsize=256)  # thirty thousand orchids share one note of 2,000 letters
def _words(note: str, hash_note: str) -> str:
    plain = " ".join(_TAGS.sub("", f"{note} {hash_note}").replace("\\n", " ").split())
    return " ".join(_MARK.sub(r"App. \1: ", plain).split()).strip()


def _several(text: str) -> tuple[str, ...]:
    """Members of a list cell, written `"a", "b"` by the Checklist or `a, b`."""
    if not text:
        return ()
    found = _QUOTED.findall(text) or text.split(",")
    return tuple(part.strip() for part in found if part.strip())


def _synonyms(text: str) -> tuple[str, ...]:
    """Scientific names from a text with authors, which contain commas too."""
    return tuple(dict.fromkeys(_SPECIES.findall(_RANKED.sub("", text)))) if text else ()


def _shown(value: Any) -> str:
    if isinstance(value, frozenset):
        return "/".join(name for name, number in APPENDICES.items() if number in value) or "nothing"
    return repr(value)
