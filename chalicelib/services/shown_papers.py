"""Other Parties' documents that were used here, by their code or read off the paper, as the pattern rules want them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from chalicelib.core.ledger import Use
from chalicelib.core.legacy_number import identity
from chalicelib.core.patterns.window import Shown
from chalicelib.core.permit import from_record
from chalicelib.ports import PermitRegister, Row
from chalicelib.services import foreign_papers, store
from chalicelib.services.foreign_numbers import BY_CODE

PAGE = 100


def since(begin: int, at_most: int, register: PermitRegister) -> tuple[tuple[Shown, ...], bool]:
    """What was used from then on, each number once, first to last; whether the bound let in all of it."""
    rows, complete = _by_code(begin, at_most, register)
    papers = list(islice(foreign_papers.recorded_since(begin, register), at_most + 1))
    found: dict[tuple[str, str], Shown] = {}
    for row in rows:
        data, uses = row.data, store.load_uses(row.data["uses"])
        at = min((use.received_at for use in uses), default=begin)
        made = _shown(data["issuer"], data["number"], data["kind"], data.get("signed", {}), uses, at)
        found[made.issuer, identity(made.number)] = made
    for paper in papers[:at_most]:
        uses = (paper.use,) if paper.use else ()
        read = _shown(paper.issuer, paper.number, paper.record["document_type"], paper.record, uses, paper.received_at)
        first = found.get((paper.issuer, paper.identity), read)  # what a code says stands before what was read
        both = first.uses if first is read else (*first.uses, *uses)
        found[paper.issuer, paper.identity] = replace(first, uses=both, at=min(first.at, read.at))
    return tuple(sorted(found.values(), key=lambda each: each.at)), complete and len(papers) <= at_most


def _shown(
    issuer: str, number: str, kind: str, record: Mapping[str, Any], uses: tuple[Use, ...], at: int
) -> Shown:  # fmt: skip
    said = from_record(record)
    return Shown(
        issuer, number, kind, said.exporter.name or "", said.exporter.country or issuer, said.importer.country or "",
        said.lines, uses, at,
    )  # fmt: skip


def _by_code(begin: int, at_most: int, register: PermitRegister) -> tuple[list[Row], bool]:
    """The shelf is in the order of first use: it ends where nothing was used since."""
    found: list[Row] = []
    cursor: str | None = None
    while len(found) < at_most:
        rows, cursor = register.search("shelf", BY_CODE, cursor=cursor, limit=PAGE)
        found += rows
        if cursor is None or any(all(use.get("received_at", 0) < begin for use in row.data["uses"]) for row in rows):
            return found, True
    return found, False
