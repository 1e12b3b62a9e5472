"""How much of a hostile file is looked at: every bound of the reading side, and the two ways a file can be refused.

Bounds of size and number are checked before anything is decoded. What no count can bound (one page that takes for
ever, a stream that inflates without end) is bounded by the process around it: CPU_SECONDS and MEMORY_BYTES.
"""

from __future__ import annotations

FILE_PAGES = 24  # a permit of 20 pages (FORMAT.md 1: page 1..20) and its continuation sheets

IMAGE_PIXELS = 40_000_000  # above every telephone's usual picture; read from the header, before decoding

SCAN_PIXELS = 12_000_000  # what is searched for codes; larger pictures are shrunk first

PAGE_PIXELS = 9_000_000  # A4 at 300 dpi is 8.7 million

SCAN_DPI, FINE_DPI = 200, 300  # a module of 0.5 mm (FORMAT.md 2) is 4 or 6 pixels

HARD_PAGES = 3  # pages and pictures on which more than one try is spent

CODES = 24  # in one file; more is no permit

CODE_CHARACTERS = 8_000  # no QR symbol holds more (ISO/IEC 18004: 7,089 digits)

CHARACTERS = 60_000  # of one page's text; our densest page has 8,000

OBJECTS = 50_000  # drawn on one page; ours has 400, a re-saved one 1,000

DEPTH = 8  # forms inside forms

SEALS = 8

TOKEN_BYTES = 8_192  # an attached code: at most 5,038 characters (FORMAT.md 2)

RECORD_BYTES = 1024 * 1024  # an attached record: 60 lines

CPU_SECONDS = 1.8  # hostile input is to cost less than 2 s

PAGES_AT_ONCE, MORE_CPU_SECONDS = 8, 0.2  # a page costs 0.13 s: each page beyond the eighth is allowed a little more

MEMORY_BYTES = 512 * 1024 * 1024  # of address space, libraries included


class Refused(Exception):
    """The content's fault. `trouble`: a key of `core.document.TROUBLES`."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble
