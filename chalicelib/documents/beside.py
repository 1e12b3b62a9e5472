"""What block 5 says beside what was applied for: which permit this one replaces, and which year's quota it draws on."""

from __future__ import annotations

from chalicelib.core.dossier import Dossier
from chalicelib.core.ledger import first
from chalicelib.core.permit import line_letter
from chalicelib.core.stage import Stage
from chalicelib.documents.sheet import Replaces


def replaces_of(dossier: Dossier, stage: Stage) -> Replaces | None:
    """The permit that it stands for, and the day on which the goods left with that one, if they did."""
    if not dossier.replaces_number:
        return None
    left = first(dossier.uses, "export")
    day = stage.today(left.at).isoformat() if left and left.number else None
    return Replaces(dossier.replaces_number, dossier.replaces_reason or "", day)


def other_years(dossier: Dossier, stage: Stage) -> dict[int, tuple[str, ...]]:
    """Year -> letters of the lines that draw on its quota, where that is not the year of issue."""
    issued_in = stage.today(dossier.issued_at).year if dossier.issued_at is not None else None
    lines: dict[int, list[int]] = {}
    for draw in dossier.draws:
        if draw.year != issued_in and draw.line not in lines.setdefault(draw.year, []):
            lines[draw.year].append(draw.line)
    return {year: tuple(line_letter(index) for index in sorted(found)) for year, found in lines.items() if found}
