"""`make bench`: measure every figure in one run. Then print them and write docs/BENCHMARKS.md.

It is not a test and never fails.

make bench                            some ten minutes
make bench QUICK=1                    two, with fewer rounds; writes nothing
make bench ONLY=verifying,sizing      some questions; writes nothing
make bench SIZES=1000,100000,1000000  with a million permits: some twenty minutes more, 10 GB of memory
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import costing
import growing
import importing
import issuing
import searching
import serving
import sizing
import verifying
from measure import QUICK, ROUNDS, Section
from rich.console import Console
from rich.table import Table
from served import machine

DOC = Path(__file__).parents[2] / "docs" / "BENCHMARKS.md"
QUESTIONS: dict[str, Callable[[], Section]] = {
    "verifying": verifying.answer,
    "sizing": sizing.answer,
    "importing": importing.answer,
    "searching": searching.answer,
    "issuing": issuing.answer,
    "serving": serving.answer,
    "growing": growing.answer,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default="", help=f"some of {', '.join(QUESTIONS)}, separated by commas")
    names = [name for name in parser.parse_args().only.split(",") if name] or list(QUESTIONS)
    console = Console()
    about = machine()
    began = time.monotonic()
    sections: list[Section] = []
    for name in names:
        console.print(f"{datetime.now(UTC):%H:%M:%S} {name} ...")
        section = QUESTIONS[name]()
        show(console, section)
        sections.append(section)
        if name == "serving":
            sections.append(costing.answer(serving.verification_seconds()))
            show(console, sections[-1])
    minutes = (time.monotonic() - began) / 60
    figures = Section("Figures", "", (), (), figures=[figure for section in sections for figure in section.figures])
    show(console, figures)
    console.print(f"{minutes:.1f} minutes")
    if names == list(QUESTIONS) and not QUICK:
        DOC.write_text(document(sections, figures, about, minutes))
        console.print(f"written: {DOC.relative_to(DOC.parents[1])}")


def show(console: Console, section: Section) -> None:
    if section.rows:
        table = Table(title=section.title, title_justify="left")
        for number, column in enumerate(section.columns):
            table.add_column(column, justify="left" if number == 0 else "right")
        for row in section.rows:
            table.add_row(*(cell.replace("**", "") for cell in row))
        console.print(table)
    if section.notes:
        console.print(section.notes)
    for figure in section.figures:
        console.print(
            f"  {figure.name}: {figure.found} ({figure.asked}) {'reached' if figure.reached else 'NOT REACHED'}"
        )


def document(sections: list[Section], figures: Section, about: dict[str, object], minutes: float) -> str:
    """Return the text of docs/BENCHMARKS.md."""
    parts = [
        "# Benchmarks",
        f"Written by `make bench` in {minutes:.0f} minutes on {datetime.now(UTC):%Y-%m-%d}, commit "
        f"`{about['commit']}`: {about['cores']} cores of {about['processor']}, {platform.system()}, Python "
        f"{platform.python_version()}, load {about['load']} before it began. Run it again on a machine that does "
        "nothing else; ratios travel between machines, milliseconds do not. Each figure is the median of "
        f"{ROUNDS} rounds in which what is compared takes turns, or of as many calls as the text says, with the "
        "quartiles in brackets. The engine is an emulator in Python on the same cores: DynamoDB is another, and its "
        "latency is not here. `tests/bench/` has one file a question.",
        "## What was asked",
        table(("figure", "asked", "found", ""), [
            [f.name, f.asked, f.found, "reached" if f.reached else "**not reached**"] for f in figures.figures]),
    ]  # fmt: skip
    for section in sections:
        parts += [f"## {section.title}", section.words, table(section.columns, section.rows)]
        if section.notes:
            parts.append(section.notes)
    return "\n\n".join(parts) + "\n"


def table(columns: object, rows: object) -> str:
    """Format a Markdown table, with the first column left-aligned and the others right-aligned."""
    names, lines = list(columns), [list(row) for row in rows]  # type: ignore[call-overload]
    head = [f"| {' | '.join(names)} |", f"|---|{'---:|' * (len(names) - 1)}"]
    return "\n".join([*head, *(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)])


if __name__ == "__main__":
    main()
