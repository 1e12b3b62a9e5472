"""Sheets to print in tests: realistic ones, long ones, every kind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta, timezone

from chalicelib.issuing.print.sheet import Authority, Sheet
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.permits.model.block_5 import Replaces
from chalicelib.platform import country_folder
from chalicelib.record.permit import (
    Application,
    ImportPermit,
    Line,
    Party,
    Permit,
    SourceDocument,
    TokenLine,
    TokenParty,
    TokenSource,
    to_record,
)
from chalicelib.token.qr_text import encode_qr

BISHKEK = timezone(timedelta(hours=6))
HOST = "practice.tamga.kg"
AUTHORITY = Authority(
    "Ministry of Natural Resources, Ecology and Technical Supervision of the Kyrgyz Republic",
    (
        "Кыргыз Республикасынын Жаратылыш ресурстары, экология жана техникалык көзөмөл министрлиги",
        "Министерство природных ресурсов, экологии и технического надзора Кыргызской Республики",
    ),
    "Bishkek, Kyrgyz Republic", "KG", ("ky", "ru"), country_folder.state("KG"),
)  # fmt: skip
ISSUED_AT = 1_795_478_400  # 2026-11-24

LINES = (
    Line("Falco cherrug", "Saker falcon / Ителги", "1 female, hatched 2025", "closed ring KG-0117", 2, "Animalia", "C",
         "LIV", "1"),
    Line("Ovis ammon", "Argali", "horns, skull and cape of one male", "tag KG-H-2026-044", 2, "Animalia", "W",
         "TRO", "1"),
    Line("Testudo horsfieldii", "Central Asian tortoise", "subadult", "PIT 643094100123456", 2, "Animalia", "C", "LIV",
         "120"),
    Line("Acipenser baerii", "Siberian sturgeon", "caviar in tins", "label BAE/C/KZ/2026/12/0041", 2, "Animalia", "C",
         "CAV", "12.5", "KGM", SourceDocument("KZ", "KZ-2026-0311", "2026-05-02"), SourceDocument("RU", "26RU004411",
         "2026-08-19"), "Op. 12-KZ"),
    Line("Capra sibirica", "Siberian ibex", "trophy", "tag KG-H-2026-091", 3, "Animalia", "W", "TRO", "2"),
)  # fmt: skip


def code_text(size: int, host: str = HOST) -> str:
    """The text of a code with a token of so many bytes, in a fixed order that appears random."""
    return encode_qr(host, b"".join(hashlib.sha512(bytes([index])).digest() for index in range(9))[:size])


def token_line(line: Line) -> TokenLine:
    def source(value: SourceDocument | None) -> TokenSource | None:
        return TokenSource(value.country or "XX", value.document, value.date) if value else None

    return TokenLine(
        line.scientific_name or "", line.appendix or 0, line.source or "W", line.term or "LIV", line.quantity or "1",
        line.unit, line.marks, source(line.origin), source(line.last_reexport), line.operation_or_acquisition,
    )  # fmt: skip


def sheet(
    kind: str = "E",
    lines: Sequence[Line] = LINES[:1],
    *,
    exporter: str = "Sunkar Falcon Breeding Centre LLC",
    importer: str = "Al Ain Falcon Hospital and Breeding",
    address: str = "12 Ibraimov Street, Bishkek 720021",
    conditions: str | None = None,
    form: str = "paper",
    mark: frozenset[str] = frozenset(),
    sizes: Sequence[int] = (334, 376, 420, 458),
    replaces: Replaces | None = None,
    retrospective: str | None = None,
) -> Sheet:
    application = Application(
        kind, "2027-05-23", Party(exporter, address, "KG", "«Сункар» ЖЧК"), Party(importer, "PO Box 999, Al Ain", "AE"),
        conditions, "T", "2098148", form, tuple(lines), "AWB 176-12345675",
        ImportPermit("AE-2026-55120", "AE", "2026-10-30") if kind == "E" else None, retrospective,
    )  # fmt: skip
    pages = [tuple(lines[start : start + 4]) for start in range(0, len(lines), 4)]
    permits = tuple(
        Permit(
            "KG", f"26KG000123/{KINDS[kind].letter}", kind, TokenParty(exporter, "KG"), TokenParty(importer, "AE"), "T",
            tuple(token_line(line) for line in page), b"r" * 16, bytes([index]) * 16, ISSUED_AT, 1_811_095_200,
            f"https://{HOST}/s/27q2", 77, "2098148", (index + 1, len(pages)) if len(pages) > 1 else None,
        )
        for index, page in enumerate(pages)
    )  # fmt: skip
    record = json.dumps(to_record(application), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    texts = tuple(code_text(sizes[len(page) - 1] + index) for index, page in enumerate(pages))
    return Sheet(
        application, permits, texts, "7K3Q-9XVM", HOST, AUTHORITY, "Bishkek",
        "A. Toktogulova, Head of CITES Department", BISHKEK, record,
        quotas={0: "12 / 40 (2026)"}, replaces=replaces, mark=mark,
    )  # fmt: skip
