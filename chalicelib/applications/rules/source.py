"""Source codes that a line may have, and the source of a period of validity."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.applications.rules.validity import VALIDITY
from chalicelib.kernel.codes import SOURCES
from chalicelib.kernel.errors import FieldError
from chalicelib.record.permit import Application, Line


def validity_source(kind: str) -> str:
    return VALIDITY[kind].source


def source_refusals(app: Application, at: str, line: Line) -> Iterator[FieldError]:  # 4
    source = SOURCES.get(line.source or "")
    if source is None:
        return
    if source.kingdom and line.kingdom and source.kingdom != line.kingdom:
        words = f"Block 10: source {source.code} is for {source.kingdom} only, but this taxon is in {line.kingdom}"
        yield FieldError(f"{at}.source", "kingdom", f"{words} (Conf. 12.3).")
    if source.code == "D" and line.appendix not in {1, None}:
        words = "Block 10: source D is for Appendix I only; use C or A (Art. VII(4), Conf. 12.3)."
        yield FieldError(f"{at}.source", "appendix", words)
    if source.code == "U" and not app.special_conditions:
        words = "Block 5: give the reason for source U, unknown (Conf. 12.3)."
        yield FieldError("special_conditions", "source_unknown", words)
    if source.code == "I" and not app.special_conditions:
        words = "Block 5: for source I, give what was seized and its source code before the seizure (Conf. 12.3)."
        yield FieldError("special_conditions", "source_confiscated", words)
