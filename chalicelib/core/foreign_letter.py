"""The letter by which the ministry asks another Party whether a permit is its own: English, ready to send.

It holds what stands on the paper and nothing of our officers; whoever reads it needs no account anywhere.
"""

from __future__ import annotations

from datetime import date

from chalicelib.core.foreign_paper import ForeignPaper
from chalicelib.core.permit import from_record, line_letter

CONTACTS = "CITES website, cites.org, National contacts and information"
COPY = " A copy of the paper is attached."


def letter(
    paper: ForeignPaper, *, country: str, authority: str, address: str, reference: str, pictured: bool, today: date
) -> str:
    """`country`: the issuing Party's English name; `reference`: by which the answer is found again; `pictured`: there
    are photographs of the paper to go with it. The address is for the sender to look up: it is not ours to keep."""
    application = from_record(paper.record)
    lines = []
    for index, line in enumerate(application.lines):
        origin = f", origin {line.origin.country}" if line.origin and line.origin.country else ""
        marks = f", marks {line.marks}" if line.marks else ""
        amount = f"{line.quantity} {line.unit}" if line.unit else f"{line.quantity}"
        lines.append(
            f"  {line_letter(index)}  {line.scientific_name}, term {line.term}, quantity {amount}, "
            f"source {line.source or '-'}{origin}{marks}"
        )
    exporter, importer = application.exporter, application.importer
    return "\n".join(
        [
            f"To: CITES Management Authority of {country}",
            f"[Enter its address: {CONTACTS}]",
            f"From: {authority}, {address}",
            f"Date: {today.isoformat()}",
            f"Our reference: {reference}",
            "",
            f"Request for verification of CITES document {paper.number}",
            "",
            "The document described below was presented at our border. Please tell us whether you issued it, whether",
            "it is valid, and whether the particulars agree with your records." + (COPY if pictured else ""),
            "",
            f"Number: {paper.number}",
            f"Kind: {application.document_type}",
            f"Issued on: {paper.issued_on or 'not legible'}",
            f"Last day of validity: {application.valid_until or 'not legible'}",
            f"Exporter: {exporter.name or '-'}, {exporter.country or '-'}",
            f"Importer: {importer.name or '-'}, {importer.country or '-'}",
            f"Purpose: {application.purpose or '-'}",
            f"Security stamp: {application.stamp_number or '-'}",
            "Specimens:",
            *lines,
            "",
            "Until you answer, the goods may be waiting: a short answer by e-mail helps. Please name our reference.",
            "",
            authority,
        ]
    )
