"""How a run over many rows ends: the report of refused rows (CSV, or JSON by its suffix), a summary, an exit code.

What a spreadsheet would calculate is escaped.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from chalicelib.commands.columns import Refusal
from chalicelib.commands.shared import DONE, REFUSED, err, out, print_json, replace_file, usage
from chalicelib.core.cells import safe

Report = Annotated[Path | None, typer.Option(help="Where refused rows are told: .csv or .json.", dir_okay=False)]

HEADER = ("row", "ref", "column", "value", "rule", "reason")


def write(path: Path | None, refusals: Sequence[Refusal]) -> None:
    """Replace the report as a whole, if one is wanted; exit 2 names the option."""
    if path is None:
        return
    if path.suffix.lower() == ".json":
        data = (json.dumps([asdict(each) for each in refusals], ensure_ascii=False, indent=1) + "\n").encode()
    else:
        text = io.StringIO(newline="")
        rows = csv.writer(text)
        rows.writerow(HEADER)
        for each in refusals:
            rows.writerow([safe(str(part)) for part in astuple(each)])
        data = text.getvalue().encode("utf-8-sig")
    try:
        replace_file(path, data)
    except OSError as error:
        raise usage(f"--report: {path}: {error.strerror}") from None


def finish(
    done: int, refused: Sequence[Refusal], where: Path | None, as_json: bool, said: str = "", **more: Any
) -> None:  # fmt: skip
    """The report, a summary (`said` in place of "N done"), and the exit code: 1 if anything was refused."""
    write(where, refused)
    told = {f"{each.ref or each.row}" for each in refused}
    if as_json:
        rows = [asdict(each) for each in refused]
        print_json({"done": done, "refused": rows, "report": str(where) if where else None, **more})
    else:
        out.print(
            f"{said or f'{done} done'}, {len(told)} refused"
            + (f"; why: {escape(str(where))}" if where and refused else "")
        )
        for each in refused[:20] if where is None else ():
            err.print(escape(f"row {each.row}, {each.ref}: {each.rule}: {each.reason}"), soft_wrap=True)
    raise typer.Exit(REFUSED if refused else DONE)
