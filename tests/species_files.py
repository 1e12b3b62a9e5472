"""Files as Species+ exports them: their columns, a few taxa, and a list as large as CITES."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from chalicelib.species.model.listing import Listing, Restriction

LISTINGS = (
    "Id", "Kingdom", "Phylum", "Class", "Order", "Family", "Genus", "Species", "Subspecies", "Scientific Name",
    "Author", "Rank", "Listing", "Party", "Listed under", "Full note", "# Full note", "All_DistributionFullNames",
    "All_DistributionISOCodes", "NativeDistributionFullNames", "Introduced_Distribution",
    "Introduced(?)_Distribution", "Reintroduced_Distribution", "Extinct_Distribution", "Extinct(?)_Distribution",
    "Distribution_Uncertain",
)  # fmt: skip
INDEX = (
    "TaxonId", "Kingdom", "Phylum", "Class", "Order", "Family", "Genus", "Species", "Subspecies", "FullName",
    "AuthorYear", "RankName", "CurrentListing", "FullAnnotationEnglish", "AnnotationEnglish", "AnnotationSpanish",
    "AnnotationFrench", "#AnnotationSymbol", "#Annotation", "SynonymsWithAuthors", "EnglishNames", "SpanishNames",
    "FrenchNames", "CitesAccepted", "All_DistributionISOCodes", "All_DistributionFullNames",
)  # fmt: skip
WORDS = ("ba", "ce", "chi", "da", "dro", "fer", "gla", "hy", "ki", "lo", "mon", "nu", "pha", "rhi", "sco", "tri", "xy")

Row = Mapping[str, str]


def listing(taxon_id: str, name: str, appendix: str, rank: str = "SPECIES", **more: str) -> dict[str, str]:
    """A row of the listings export; `more` by column, with `_` for a space."""
    genus, _, rest = name.partition(" ")
    row = {
        "Id": taxon_id, "Kingdom": "Animalia", "Phylum": "Chordata", "Class": "Aves", "Order": "Falconiformes",
        "Family": "Falconidae", "Genus": genus, "Species": rest.partition(" ")[0], "Scientific Name": name,
        "Author": "Gray, 1834", "Rank": rank, "Listing": appendix, "Listed under": name,
        "Full note": f"**{appendix}** ",
    }  # fmt: skip
    return row | {column.replace("_", " "): text for column, text in more.items()}


def text(rows: Iterable[Row], columns: Sequence[str] = LISTINGS, separator: str = ",") -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, delimiter=separator, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def concept(taxon_id: int, name: str, appendix: str | None, rank: str = "SPECIES", **more: Any) -> dict[str, Any]:
    """A member of `taxon_concepts` as in the API's documentation."""
    listings = [{"appendix": part, "annotation": None, "hash_annotation": None} for part in (appendix or "").split("/")]
    return {
        "id": taxon_id, "full_name": name, "author_year": "(Linnaeus, 1758)", "rank": rank, "name_status": "A",
        "updated_at": "2026-11-01T15:39:51.620Z", "active": True, "cites_listing": appendix,
        "higher_taxa": {"kingdom": "Animalia", "phylum": "Chordata", "class": "Mammalia", "order": "Carnivora",
                        "family": "Canidae"},
        "synonyms": [], "common_names": [], "cites_listings": listings if appendix else [], **more,
    }  # fmt: skip


def page(number: int, total: int, taxa: Sequence[Any], per_page: int = 500) -> bytes:
    told = {"current_page": number, "per_page": per_page, "total_entries": total}
    return json.dumps({"pagination": told, "taxon_concepts": taxa}).encode()


def whole_of_cites(count: int = 40_000) -> list[dict[str, str]]:
    """As many taxa as CITES lists, under invented names, and they are the same each time."""
    drawn = random.Random(40)

    def word(least: int, most: int) -> str:
        return "".join(drawn.choice(WORDS) for _ in range(drawn.randint(least, most)))

    genera = sorted({word(3, 4).capitalize() for _ in range(4000)})
    names: dict[str, None] = {}
    while len(names) < count:
        names.setdefault(f"{drawn.choice(genera)} {word(3, 5)}us")
    return [
        listing(str(100_000 + number), name, drawn.choice(("I", "II", "II", "II")), **{"Kingdom": "Plantae"})
        for number, name in enumerate(names)
    ]


def with_restrictions(listing: Listing, *rules: Restriction) -> Listing:
    """The same list with these suspensions alone. It shares the names, because building 38,000 takes its time."""
    made = copy(listing)
    made._root, made._days = made, {}  # its states on other days have the same suspensions
    made.restrictions = tuple(replace(rule, taxon=listing.accepted_name(rule.taxon) or rule.taxon) for rule in rules)
    return made
