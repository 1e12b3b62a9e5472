"""Labels around a verdict on a terminal, in English: headings, and names of the form's blocks.

`words.label` translates them for the reader. Blocks have the names of record/block_texts.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.kernel.text import N_

FOUND: Final = N_("What was found")
SIGNED: Final = N_("Signed, in the words of the print: compare with the paper and the goods")
LINE: Final = N_("Line {letter}")
STEPS: Final = N_("What to do now")
NOT_SHOWN: Final = N_("What the code says is not shown: it was not verified.")
CHECKED: Final = N_("Checked on {at}, by lists of {when}.")
TRUST_LIST: Final = N_("Trust list of {country} signed on {when}.")
PAGES: Final = N_("Pages seen")
DIGEST: Final = N_("Too long for the code: read them in the register ({count} characters).")

# Name of the block -> its number on the paper, and its label.
BLOCKS: Final[Mapping[str, tuple[str, str]]] = {
    "1": ("1", N_("Number")),
    "kind": ("1", N_("Document")),
    "2": ("2", N_("Valid until")),
    "3": ("3", N_("Importer")),
    "3a": ("3a", N_("Country of import")),
    "4": ("4", N_("Exporter")),
    "4-country": ("4", N_("Country of the exporter")),
    "5a": ("5a", N_("Purpose")),
    "5b": ("5b", N_("Security stamp")),
    "13": ("13", N_("Issued on")),
}
LINE_BLOCKS: Final[Mapping[str, tuple[str, str]]] = {
    "7-8": ("7/8", N_("Species")),
    "9": ("9", N_("Specimens")),
    "9m": ("9", N_("Marks")),
    "10": ("10", N_("Appendix and source")),
    "11": ("11", N_("Quantity")),
    "12": ("12", N_("Country of origin")),
    "12a": ("12a", N_("Last re-export")),
    "12b": ("12b", N_("Operation or acquisition")),
}
