"""Verified pages of another Party's permit, merged over several events under one record digest.

Lines have letters through all pages, so the letters of page 2 are known once page 1 was seen. Until every page was
seen, the total that the permit allows is unknown. Then nothing may arrive in parts, and U2 is not reported.

`signed_record` gives the content of signed pages in the form of a record, for storage beside the permit's uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.kernel.rows import RowData
from chalicelib.record.permit import (
    Application,
    Line,
    Party,
    Permit,
    SourceDocument,
    TokenLine,
    TokenSource,
    line_letter,
    to_record,
)
from chalicelib.uses.use import PermittedAmount
from chalicelib.verdict.token_checks import page_number


def signed_record(pages: Iterable[Permit]) -> RowData:
    """Content of the pages in the form of `permit.to_record`.

    A page has only some members of a record. Lines run on through the pages, but after a missing page they are left
    out. Without page 1 the result is empty.
    """
    in_order = [page for number, page in enumerate(sorted(pages, key=page_number), 1) if page_number(page) == number]
    if not in_order:
        return {}
    first = in_order[0]
    application = Application(
        document_type=first.kind,
        exporter=Party(first.exporter.name, country=first.exporter.country),
        importer=Party(country=first.importer.country),
        purpose=first.purpose,
        lines=tuple(_line(line) for page in in_order for line in page.lines),
    )
    return to_record(application)


def _line(line: TokenLine) -> Line:
    return Line(
        scientific_name=line.taxon,
        appendix=line.appendix,
        source=line.source,
        term=line.term,
        quantity=line.quantity,
        unit=line.unit,
        origin=_source(line.origin),
        last_reexport=_source(line.last_reexport),
    )


def _source(signed: TokenSource | None) -> SourceDocument | None:
    return SourceDocument(signed.country, signed.document, signed.date) if signed else None


@dataclass(frozen=True, slots=True)
class ForeignPages:
    """The pages seen so far.

    `pages`: page number -> its content as a record (`signed_record`), with its own lines. `count`: number of pages of
    the permit. `digest`: digest of their record in hex, "" while no page was seen.
    """

    digest: str = ""
    count: int = 1
    pages: Mapping[int, RowData] = field(default_factory=dict, hash=False)

    def merged(self, shown: Iterable[Permit]) -> ForeignPages:
        """The same with these pages added. Pages of another record are left out."""
        result = self
        for page in shown:
            digest, count = page.record_digest.hex(), page.page[1] if page.page else 1
            if result.digest in {"", digest}:
                said = signed_record((replace(page, page=None),))
                result = ForeignPages(digest, count, {**result.pages, page_number(page): said})
        return result

    @property
    def complete(self) -> bool:
        return len(self.pages) >= self.count

    @property
    def signed(self) -> RowData:
        """The record of page 1 and of the pages that follow it without a gap. It is empty without page 1."""
        lines: list[RowData] = []
        for number in range(1, self.count + 1):
            if number not in self.pages:
                break
            lines += self.pages[number].get("lines", [])
        return {**self.pages[1], "lines": lines} if 1 in self.pages else {}

    @property
    def allowed(self) -> dict[str, PermittedAmount]:
        """Line letter -> amount that these pages permit."""
        lines = self.signed.get("lines", [])
        return {line_letter(i): PermittedAmount(line["quantity"], line.get("unit")) for i, line in enumerate(lines)}

    def dump(self) -> RowData:
        """JSON form for the row of the permit."""
        return {"digest": self.digest, "count": self.count, "pages": {str(n): dict(p) for n, p in self.pages.items()}}


def load_pages(data: RowData) -> ForeignPages:
    pages = {int(number): page for number, page in data["pages"].items()}
    return ForeignPages(data["digest"], data["count"], pages)
