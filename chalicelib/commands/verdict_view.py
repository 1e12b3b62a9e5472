"""A verdict for a person at a terminal: outcome, reasons, signed fields beside the form's blocks, what to do now.

Only what the verdict verified is printed: the texts of the blocks are made anew out of the token, in the very words
that the print has, so that they can be compared with the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from chalicelib import words
from chalicelib.commands import labels
from chalicelib.commands.shared import out
from chalicelib.core.permit import MarksDigest
from chalicelib.core.printed_form import ROWS, form_blocks
from chalicelib.core.stage import zone_named
from chalicelib.core.verdict import Verdict

COLOURS: Mapping[str, str] = {
    "accept": "green", "accept_offline": "cyan", "check": "yellow", "cannot_tell": "bright_black",
    "not_valid": "magenta", "hold": "red",
}  # fmt: skip
REASON_FIRST = frozenset({"check", "not_valid", "cannot_tell"})  # their headline repeats the first reason

type Row = tuple[str, str, str]  # number of the block, what it holds, the text


def print_verdict(
    verdict: Verdict, shown: Mapping[str, Any], trust_lists: Mapping[str, int], zone: str, language: str,
    *, practice: bool,
) -> None:  # fmt: skip
    """`shown`: the same verdict as JSON. `trust_lists`: Party -> when its list was signed; `zone`: of these hours.
    `practice`: it is of a practice register, which is said before all else."""
    if practice:
        out.print(f"[bold red]{escape(words.text('T7', language))}[/]")
    headline = words.outcome(verdict.outcome, language) if verdict.outcome in REASON_FIRST else shown["words"]
    out.print(f"[bold {COLOURS[verdict.outcome]}]{verdict.outcome}[/]  {escape(headline)}")
    _section(labels.FOUND, ((code["code"], code["text"]) for code in shown["codes"]), language)
    if verdict.permit is None:
        out.print(f"\n{escape(words.label(labels.NOT_SHOWN, language))}")
    else:
        letters = [line.get("line", "?") for line in shown["permit"]["lines"]]
        _section(labels.SIGNED, _signed(verdict, letters, language), language)
    _section(labels.STEPS, ((f"{n}.", step) for n, step in enumerate(shown["steps"], 1)), language)

    def moment(at: int) -> str:
        return words.moment(at, zone, language, hours=True)

    times = {"at": moment(verdict.checked_at), "when": moment(verdict.data_as_of)}
    told = [words.label(labels.CHECKED, language, **times)]
    told += [
        words.label(labels.TRUST_LIST, language, country=country, when=moment(signed_at))
        for country, signed_at in trust_lists.items()
    ]
    out.print("\n" + escape("\n".join(told)), style="bright_black")


def _section(heading: str, rows: Iterable[tuple[str, ...]], language: str) -> None:
    """A heading and what stands under it; nothing where there is nothing."""
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row("", *(Text(text, overflow="fold") for text in row))
    if table.row_count:
        out.print(f"\n[bold]{escape(words.label(heading, language))}[/bold]")
        out.print(table)


def _signed(verdict: Verdict, letters: Iterable[str], language: str) -> Iterator[Row]:
    """The signed blocks of the pages that were seen, in the order of the form; `letters`: of the lines."""
    zone, pages = zone_named(verdict.zone), sorted(verdict.pages, key=lambda page: page.page or (1, 1))
    first = form_blocks(pages[0], zone)
    for name, (number, label) in labels.BLOCKS.items():
        if name in first:
            yield number, words.label(label, language), first[name]
    if seen := [page.page for page in pages if page.page]:
        numbers = ", ".join(str(number) for number, _ in seen)
        yield "", words.label(labels.PAGES, language), f"{numbers} / {seen[0][1]}"
    named = iter(letters)
    for page in pages:
        blocks = form_blocks(page, zone)
        for row, line in zip(ROWS, page.lines, strict=False):
            yield "", words.label(labels.LINE, language, letter=next(named)), ""
            if isinstance(line.marks, MarksDigest):
                blocks[f"9m{row}"] = words.label(labels.DIGEST, language, count=line.marks.count)
            for name, (number, label) in labels.LINE_BLOCKS.items():
                if name + row in blocks:
                    yield number, f"  {words.label(label, language)}", blocks[name + row]
