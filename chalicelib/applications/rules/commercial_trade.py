"""Purposes that a source and an Appendix allow: no commercial trade in Appendix I (Res. Conf. 5.10).

Animals bred in captivity for commerce need an operation in the CITES register, source D (Art. VII(4), Conf. 12.10).
Plants propagated for commerce do not: registration of a nursery is voluntary (Conf. 9.19, 11.11).
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.kernel.codes import PLANT, Purpose, counted_source, is_wild
from chalicelib.kernel.document_kinds import DocumentKind
from chalicelib.kernel.errors import FieldError, Stop
from chalicelib.record.permit import Application, Line

# Kinds of document for goods that may be sold.
TRADED = frozenset({
    DocumentKind.EXPORT, DocumentKind.REEXPORT, DocumentKind.IMPORT, DocumentKind.CAPTIVE_BREEDING,
    DocumentKind.ARTIFICIAL_PROPAGATION, DocumentKind.INTRODUCTION_FROM_THE_SEA,
})  # fmt: skip


def purpose_refusals(app: Application, index: int, line: Line) -> Iterator[FieldError]:  # 6
    at = f"lines[{index}]"
    if line.appendix != 1 or app.purpose != Purpose.COMMERCIAL or app.document_type not in TRADED:
        return
    if is_wild(line.source):
        words = "Block 5a: Appendix I specimens from the wild must not be traded for commercial purposes"
        words += f" (Art. III(3)(c), III(5)(c), Conf. 5.10), {at}."
        yield FieldError("purpose", "commercial", words, Stop(index))
    elif counted_source(line.source) in {"A", "C"} and line.kingdom != PLANT:
        words = "Block 5a: commercial trade in bred Appendix I animals needs source D"
        yield FieldError("purpose", "commercial", f"{words} (Art. VII(4), Conf. 12.10), {at}.")
