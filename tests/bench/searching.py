"""Search of a typed name in all names of the species list, and the load of the list.

The baseline of the search is rapidfuzz alone: it compares the typed text with every name in lower case and knows no
other spelling. The baseline of the load is Python's csv reader over the largest file of the base.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable

from measure import QUICK, Figure, Section, Spread, ratios, spreads
from rapidfuzz import fuzz, process

from chalicelib.platform.country_folder import DATA
from chalicelib.species.services import list_in_use

MOST = 50.0  # milliseconds of a search
TEXTS = {
    "a whole name": "Falco cherrug",
    "a name that is still being typed": "dendrob",
    "a common name in Russian": "снежный барс",
    "two words with a slip each": "snoe lepard",
    "six misspelt words": "parfumed orhid of the tropicl forrest",
}
LOAD = """
import resource, time
from chalicelib.species.services import list_in_use
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
found = list_in_use.listing()
loaded = time.process_time() - began
found.search("falco")
print(loaded, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def answer() -> Section:
    listing = list_in_use.listing()
    names = [name for taxon in listing.taxa for name in (taxon.scientific_name, *taxon.synonyms, *taxon.also)]
    names += [name for taxon in listing.taxa for name in taxon.names.values()]
    lower = [name.lower() for name in names]
    listing.search("falco cherugg")  # the index and its letter groups are there
    rows: list[list[str]] = []
    slowest = 0.0
    for what, text in TEXTS.items():
        found = spreads({"rapidfuzz": (_compared(text, lower), 1), "ours": (_searched(text), 20)})
        slowest = max(slowest, found["ours"].high / 1000)
        rows += [[f"{what}: {row[0]}", *row[1:]] for row in ratios(found, "rapidfuzz")]
    loads = [_load() for _ in range(3 if QUICK else 5)]
    load, first = (Spread.of([each[place] * 1e6 for each in loads]) for place in (0, 1))
    read = spreads({"csv": (_read, 1)})["csv"]
    rows += [
        ["load: csv.reader over taxa.csv alone", "1.00", read.text(digits=1)],
        ["load: the whole list, judged by day", f"{load.median / read.median:.2f}", load.text(digits=1)],
        ["load: the list and the first search", f"{first.median / read.median:.2f}", first.text(digits=1)],
    ]
    memory = max(each[2] for each in loads) / 1024
    return Section(
        "Search in the species list",
        f"{len(listing.taxa):,} entries with {len(names):,} names. The list takes {memory:.0f} MB of memory.",
        ("what", "ratio", "µs of processor time: median (quartiles)"),
        rows,
        figures=[Figure("a search in all names of the list", f"< {MOST:.0f} ms", f"{slowest:.1f} ms", slowest < MOST)],
    )


def _searched(text: str) -> Callable[[], object]:
    return lambda: list_in_use.listing().search(text)


def _compared(text: str, names: list[str]) -> Callable[[], object]:
    return lambda: process.extract(text.lower(), names, scorer=fuzz.ratio, limit=20)


def _read() -> int:
    with (DATA / "cites" / "taxa.csv").open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def _load() -> tuple[float, float, float]:
    """Seconds of processor time until the list stands, and until its first search; kilobytes of memory."""
    done = subprocess.run([sys.executable, "-c", LOAD], check=True, capture_output=True, text=True)
    loaded, searched, memory = map(float, done.stdout.split())
    return loaded, searched, memory
