"""The command `tamga verify`: check a code or a document offline, with a trust list and the root's thumbprint only.

It uses no network and no AWS. This module and everything that it calls import neither chalice nor the container.

The verdict for the terminal has the outcome, the reasons, the signed fields beside the blocks of the form, and the next
steps. Only verified data is printed. The texts of the blocks are made again from the token, in the words of the print.
So they can be compared with the paper.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from chalicelib.cli.output import AsJson, out, print_json, read_file, stop, usage
from chalicelib.i18n import words
from chalicelib.kernel import codes
from chalicelib.kernel.days import zone_named
from chalicelib.kernel.enums import SCAN_DIRECTIONS, UNREADABLE_FILE_REASONS
from chalicelib.kernel.errors import TamgaError
from chalicelib.platform import country_folder
from chalicelib.platform.deps import Provided
from chalicelib.record.block_texts import ROWS, form_blocks
from chalicelib.record.permit import MarksDigest
from chalicelib.token.cose import TAG_AND_ARRAY
from chalicelib.token.qr_text import FORM, strip_keyboard_suffix
from chalicelib.trust.cli.root_machine import read_pins
from chalicelib.trust.model.status_list import StatusList, open_status_list
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.model.trust_list import open_bundle
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.check_results import OUTCOMES
from chalicelib.verdict.file_findings import FileFindings
from chalicelib.verdict.snapshot import Context, NotAsked
from chalicelib.verdict.token_checks import read_own
from chalicelib.verdict.verdict import Verdict, judge
from chalicelib.verification import labels, public_view

if TYPE_CHECKING:
    from chalicelib.verification import schemas

COLOURS: Mapping[str, str] = {
    "accept": "green",
    "accept_offline": "cyan",
    "check": "yellow",
    "cannot_tell": "bright_black",
    "not_valid": "magenta",
    "hold": "red",
}

REASON_FIRST = frozenset({"check", "not_valid", "cannot_tell"})  # their headline repeats the first reason

type Row = tuple[str, str, str]  # number of the block, its name, its text


def print_verdict(
    verdict: Verdict,
    shown: schemas.Verdict,
    trust_lists: Mapping[str, int],
    language: str,
    *,
    practice: bool,
) -> None:
    """Print a verdict for a person at a terminal.

    `shown`: the same verdict as JSON. `trust_lists`: Party -> time when its list was signed. `practice`: the permit is
    from a practice register; this is printed first.
    """
    from chalicelib.kernel.stage import Stage

    if practice:
        out.print(f"[bold red]{escape(public_view.text('T7', language))}[/]")
    headline = public_view.outcome(verdict.outcome, language) if verdict.outcome in REASON_FIRST else shown["words"]
    out.print(f"[bold {COLOURS[verdict.outcome]}]{verdict.outcome}[/]  {escape(headline)}")
    _section(labels.FOUND, ((code["code"], code["text"]) for code in shown["codes"]), language)
    permit = shown["permit"]
    if permit is None:
        out.print(f"\n{escape(words.label(labels.NOT_SHOWN, language))}")
    else:
        letters = [line.get("line", "?") for line in permit["lines"]]
        _section(labels.SIGNED, _signed(verdict, letters, language), language)
    _section(labels.STEPS, ((f"{n}.", step) for n, step in enumerate(shown["steps"], 1)), language)

    def moment(at: int) -> str:
        return words.moment(at, Stage().zone, language, hours=True)

    times = {"at": moment(verdict.checked_at), "when": moment(verdict.data_as_of)}
    told = [words.label(labels.CHECKED, language, **times)]
    told += [
        words.label(labels.TRUST_LIST, language, country=country, when=moment(signed_at))
        for country, signed_at in trust_lists.items()
    ]
    out.print("\n" + escape("\n".join(told)), style="bright_black")


def _section(heading: str, rows: Iterable[tuple[str, ...]], language: str) -> None:
    """Print a heading with its rows, or nothing if there are no rows."""
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row("", *(Text(text, overflow="fold") for text in row))
    if table.row_count:
        out.print(f"\n[bold]{escape(words.label(heading, language))}[/bold]")
        out.print(table)


def _signed(verdict: Verdict, letters: Iterable[str], language: str) -> Iterator[Row]:
    """The signed blocks of the pages that were seen, in the order of the form. `letters`: letters of the lines."""
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


read_document: Provided[[bytes, str], FileFindings] = Provided()  # arguments: a file, its content type

EXIT_CODES: Mapping[str, int] = {
    "accept": 0,
    "accept_offline": 0,
    "check": 1,
    "cannot_tell": 3,
    "not_valid": 4,
    "hold": 5,
}

SUFFIXES: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".heic": "image/heic",
    ".heif": "image/heif",
}

TRUST_HELP = (
    "File of trust lists, downloaded from /trust-list. Download it again before each check: the command accepts an old "
    "file until its lists expire (60 days). The answer shows when each list was signed."
)

ROOTS_HERE = Path(".local/roots.txt")

ROOT_HELP = (
    "File of pinned roots: lines `COUNTRY thumbprint` (SHA-256 JWK thumbprint, hex), with `practice` after a practice "
    f"root. Without it: {ROOTS_HERE}, if it exists."
)


def verify(
    what: Annotated[str, typer.Argument(help="File (PDF, PNG, JPEG or text), or the text of a code.")],
    trust: Annotated[Path, typer.Option(help=TRUST_HELP, dir_okay=False)],
    root: Annotated[Path | None, typer.Option(help=ROOT_HELP, dir_okay=False)] = None,
    status: Annotated[
        list[Path] | None, typer.Option(help="File of a status list, as downloaded. Repeat it for more.")
    ] = None,
    direction: Annotated[
        str, typer.Option(help="Direction of the goods: export, import, transit, return or none.")
    ] = "none",
    country: Annotated[str | None, typer.Option(help="Country where you check, ISO 3166-1 code, such as DE.")] = None,
    language: Annotated[str, typer.Option(help="Language of the answer: en, ru, ky, uz or fr.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Verify a code or a document offline.

    An offline check cannot see a use that was recorded after the status list was signed.

    Exit code: 0 genuine as far as an offline check can show, 1 compare or ask, 2 wrong use, 3 no answer, 4 not usable,
    5 hold.
    """
    if direction not in SCAN_DIRECTIONS:
        raise usage("--direction: give export, import, transit, return or none")
    if language not in codes.LANGUAGES:
        raise usage(f"--language: give one of {', '.join(codes.LANGUAGES)}")
    now = int(time.time())
    known = _trust(trust, root, now)
    lists = _statuses(status or [], known)
    texts, found = _texts(what)
    verdicts = [
        judge(
            text,
            trust=known,
            status=lists.get(_claimed_party(text), {}),
            register=NotAsked(),
            context=Context(
                place=Place(direction, country),
                other_pages=tuple(t for t in texts if t != text),
                offline_limits=country_folder.offline_limits(),
            ),
            document=found,
            now=now,
        )
        for text in texts
    ]
    ours = [v for v in verdicts if v.codes != ("T4",)] or verdicts
    verdict = min(ours, key=lambda v: OUTCOMES.index(v.outcome))
    _show(verdict, known, language, direction, as_json)
    raise typer.Exit(EXIT_CODES[verdict.outcome])


def _trust(path: Path, root: Path | None, now: int) -> Trust:
    """The trust for this check.

    1 read the pins
    2 open the lists that the pins confirm; the date of the file is taken as the time when it was fetched
    """
    pins_file = root or (ROOTS_HERE if ROOTS_HERE.is_file() else None)
    if pins_file is None:
        raise usage("--root: give a file of the roots that you trust; a trust list cannot confirm its own root")
    pins = read_pins(pins_file, "--root")
    data = read_file(path, "--trust")
    if data.startswith(TAG_AND_ARRAY):  # one signed list instead of a bundle
        raise usage("--trust: this file is one signed list; give the array of lists that /trust-list serves")
    try:
        lists = open_bundle(data, pins, now=now)
    except TamgaError as error:
        raise usage(f"--trust: {error.detail}") from None
    fetched = min(int(path.stat().st_mtime), now)
    newest = max((each.seq for each in lists if each.issuer == pins[0].country), default=0)
    return Trust(lists, pins, {each.issuer: fetched for each in lists}, newest)


def _statuses(paths: list[Path], trust: Trust) -> dict[str, dict[str, StatusList]]:
    """Party -> address -> the newest status list under that Party's own keys, as on a device."""
    lists: dict[str, dict[str, StatusList]] = {}
    for path in paths:
        found = [_opened(path, trust, party.issuer) for party in trust.lists]
        opened = [each for each in found if isinstance(each, StatusList)]
        if not opened:
            raise usage(f"--status {path}: {'; '.join(dict.fromkeys(map(str, found)))}")
        for each in opened:
            held = lists.setdefault(each.issuer, {})
            if each.uri not in held or held[each.uri].issued_at < each.issued_at:
                held[each.uri] = each
    return lists


def _opened(path: Path, trust: Trust, issuer: str) -> StatusList | str:
    """The status list if it is under this Party's keys, else the reason why it is not."""
    try:
        return open_status_list(read_file(path, "--status"), trust, issuer=issuer)
    except TamgaError as error:
        return error.detail


def _claimed_party(text: str) -> str:
    """The Party that the code claims, unverified. It only selects status lists.

    `judge` accepts no status list of another Party.
    """
    try:
        return read_own(text).issuer
    except TamgaError:
        return ""


def _texts(what: str) -> tuple[list[str], FileFindings | None]:
    """The codes, from the file if there is one of that name, else the argument itself."""
    try:
        path = Path(what)
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        if not FORM.match(what) and not what.startswith(("http", "HC1:", "shc:")):
            raise usage(f"WHAT: {what[:80]}: not the text of a permit's code, and no such file")
        return [what], None
    content_type = SUFFIXES.get(path.suffix.lower())
    data = read_file(path, "file")
    if content_type is None:
        return [strip_keyboard_suffix(data.decode("utf-8", "replace"))], None
    try:
        found = read_document(data, content_type)
    except TamgaError as error:
        raise stop(f"WHAT: {what}: could not be read: {error.detail}", EXIT_CODES["cannot_tell"]) from None
    if found.trouble:
        raise stop(
            f"WHAT: {what}: cannot be opened. {UNREADABLE_FILE_REASONS[found.trouble]}", EXIT_CODES["cannot_tell"]
        )
    return list(found.codes) or [""], found


def _show(verdict: Verdict, trust: Trust, language: str, direction: str, as_json: bool) -> None:
    from chalicelib.kernel.days import to_text
    from chalicelib.kernel.stage import Stage
    from chalicelib.people import readers

    reader = readers.Reader(language=language, stage=Stage(), posts={}, direction=direction)
    shown = public_view.verdict(verdict, reader)
    signed_at = {each.issuer: each.seq for each in trust.lists}
    practice = _is_practice(verdict, trust)
    if as_json:
        dates = {country: to_text(at) for country, at in signed_at.items()}
        print_json({**shown, "practice": practice, "trust_lists": dates})
    else:
        print_verdict(verdict, shown, signed_at, language, practice=practice)


def _is_practice(verdict: Verdict, trust: Trust) -> bool:
    """True if the permit is from a pinned practice register, genuine there, without value as a permit."""
    return verdict.permit is not None and any(
        pin.practice and pin.country == verdict.permit.issuer for pin in trust.pins
    )
