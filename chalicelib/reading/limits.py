"""Limits for reading hostile files, and the exception that refuses one.

Limits of size and number are checked before anything is decoded. No count can limit a page that never ends or a stream
that inflates without end. The process around the parsers limits these: CPU_SECONDS and MEMORY_BYTES.
"""

from __future__ import annotations

FILE_PAGES = 24  # a permit of 20 pages (FORMAT.md 1: page 1..20) and its continuation sheets

IMAGE_PIXELS = 40_000_000  # above the usual picture of any telephone; read from the header, before decoding

SCAN_PIXELS = 12_000_000  # size of a picture that is searched for codes; larger ones are shrunk first

PAGE_PIXELS = 9_000_000  # A4 at 300 dpi is 8.7 million

SCAN_DPI, FINE_DPI = 200, 300  # a module of 0.5 mm (FORMAT.md 2) is 4 or 6 pixels

HARD_PAGES = 3  # pages that are searched with every attempt if the file showed no code

CODES = 24  # codes in one file; a permit has fewer

CODE_CHARACTERS = 8_000  # no QR symbol holds more (ISO/IEC 18004: 7,089 digits)

CHARACTERS = 60_000  # characters on one page; our densest page has 8,000

OBJECTS = 50_000  # objects drawn on one page; our form has 400, a re-saved one 1,000

DEPTH = 8  # levels of form XObjects inside one another

SEALS = 8

TOKEN_BYTES = 8_192  # an attached code has at most 5,038 characters (FORMAT.md 2)

RECORD_BYTES = 1024 * 1024  # an attached record has at most 60 lines

CPU_SECONDS = 1.8  # hostile input must cost less than 2 s

PAGES_AT_ONCE, MORE_CPU_SECONDS = 8, 0.2  # a page costs 0.13 s: each page beyond the eighth adds a little time

MEMORY_BYTES = 512 * 1024 * 1024  # address space, libraries included


class Refused(Exception):
    """The file is refused because of its content. `trouble`: a key of `kernel.enums.UNREADABLE_FILE_REASONS`."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble
