"""What the signed pages of a permit say, in the spelling of a record: for whoever keeps it beside the permit's uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib.core.permit import (
    Application,
    Line,
    Party,
    Permit,
    SourceDocument,
    TokenLine,
    TokenSource,
    to_record,
)
from chalicelib.core.token import page_number


def signed_record(pages: Iterable[Permit]) -> dict[str, Any]:
    """As `permit.to_record` spells it, as far as the pages say it; lines run on through them, unknown after a gap."""
    in_order = [page for number, page in enumerate(sorted(pages, key=page_number), 1) if page_number(page) == number]
    if not in_order:
        return {}
    first = in_order[0]
    application = Application(
        document_type=first.kind, exporter=Party(first.exporter.name, country=first.exporter.country),
        importer=Party(country=first.importer.country), purpose=first.purpose,
        lines=tuple(_line(line) for page in in_order for line in page.lines),
    )  # fmt: skip
    return to_record(application)


def _line(line: TokenLine) -> Line:
    return Line(
        scientific_name=line.taxon, appendix=line.appendix, source=line.source, term=line.term, quantity=line.quantity,
        unit=line.unit, origin=_source(line.origin), last_reexport=_source(line.last_reexport),
    )  # fmt: skip


def _source(signed: TokenSource | None) -> SourceDocument | None:
    return SourceDocument(signed.country, signed.document, signed.date) if signed else None
