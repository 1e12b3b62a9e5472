"""The command line: verify a permit offline.

`verify` needs a trust list and the root's thumbprint, no network, no AWS, and imports neither chalice nor wiring.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from chalicelib import tables
from chalicelib.core.crossing import Place
from chalicelib.core.document import DocumentFindings
from chalicelib.core.errors import TamgaError
from chalicelib.core.hit import OUTCOMES
from chalicelib.core.qr_text import FORM, edge_strip
from chalicelib.core.status_list import StatusList, open_status_list
from chalicelib.core.trust import Trust
from chalicelib.core.trust_list import Pin, open_bundle
from chalicelib.core.verdict import Context, Verdict, judge

app = typer.Typer(no_args_is_help=True, add_completion=True, help=__doc__)
err = Console(stderr=True, highlight=False)

EXIT_CODES: Mapping[str, int] = {
    "accept": 0, "accept_offline": 0, "check": 1, "cannot_tell": 3, "not_valid": 4, "hold": 5,
}  # fmt: skip
COLOURS: Mapping[str, str] = {
    "accept": "green", "accept_offline": "cyan", "check": "yellow", "cannot_tell": "bright_black",
    "not_valid": "magenta", "hold": "red",
}  # fmt: skip
SUFFIXES: Mapping[str, str] = {
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
}  # fmt: skip
TRUST_HELP = (
    "The trust list, as fetched from /trust-list. Fetch it anew: no memory is kept of a newer one, so an old file "
    "passes for the present one until its 60 days are over; the answer says when each list was signed."
)
ROOTS_HERE = Path(".local/roots.txt")
ROOT_HELP = (
    "Lines of `COUNTRY thumbprint`, then `practice` for a practice root: the roots you pinned "
    "(hex, SHA-256 JWK thumbprint)."
)


@app.callback()
def main() -> None:
    """Tamga: CITES permits that are signed, carried in a QR code and used exactly once."""


@app.command()
def verify(
    what: Annotated[str, typer.Argument(help="A file (PDF, PNG, JPEG, or text) or the text of a code.")],
    trust: Annotated[Path, typer.Option(help=TRUST_HELP, dir_okay=False)],
    root: Annotated[Path | None, typer.Option(help=ROOT_HELP, dir_okay=False)] = None,
    status: Annotated[list[Path] | None, typer.Option(help="A status list, as fetched; may be repeated.")] = None,
    direction: Annotated[str, typer.Option(help="export, import, transit, return or none.")] = "none",
    country: Annotated[str | None, typer.Option(help="The country where you check, e.g. DE.")] = None,
    language: Annotated[str, typer.Option(help="en, ru, ky or fr.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="The verdict as JSON.")] = False,
) -> None:
    """Verify a code or a document offline.

    Exit code: 0 genuine as far as can be told offline, 1 compare or ask, 3 no answer, 4 not usable, 5 hold, 2 wrong
    use. Without the register nobody can say whether the permit was used since the status list was signed.
    """
    if direction not in {"export", "import", "transit", "return", "none"}:
        raise _usage("--direction: export, import, transit, return or none")
    now = int(time.time())
    known = _trust(trust, root, now)
    lists = _statuses(status or [], known)
    texts, found = _texts(what)
    verdicts = [
        judge(
            text,
            trust=known,
            status=lists,
            register="not_asked",
            context=Context(
                place=Place(direction, country),
                other_pages=tuple(t for t in texts if t != text),
                offline_limits=tables.offline_limits(),
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
    """1 the pins   2 the lists they believe; the file's own date is when it was fetched."""
    pins_file = root or (ROOTS_HERE if ROOTS_HERE.is_file() else None)
    if pins_file is None:
        raise _usage("--root FILE: whose root do you trust? A trust list is never believed on a root it carries.")
    pins = _pins(_read(pins_file, "--root").decode("utf-8", "replace"))
    data = _read(path, "--trust")
    try:
        lists = open_bundle(data, pins, now=now)
    except TamgaError as error:
        raise _usage(f"--trust: {error.detail}") from None
    fetched = min(int(path.stat().st_mtime), now)
    newest = max((each.seq for each in lists), default=0)
    return Trust(lists, pins, {each.issuer: fetched for each in lists}, newest)


def _pins(text: str) -> tuple[Pin, ...]:
    roots: dict[str, tuple[list[bytes], bool]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        practice = words[2:] == ["practice"]
        if len(words) < 2 or (words[2:] and not practice) or not _thumbprint(words[1]):
            raise _usage(f"--root, line {number}: expected `COUNTRY thumbprint [practice]`")
        thumbprints, kind = roots.setdefault(words[0], ([], practice))
        if kind != practice:
            raise _usage(f"--root, line {number}: real and practice roots of one country are never mixed")
        thumbprints.append(bytes.fromhex(words[1]))
    return tuple(Pin(country, tuple(prints), practice=practice) for country, (prints, practice) in roots.items())


def _thumbprint(word: str) -> bool:
    return len(word) == 64 and all(c in "0123456789abcdef" for c in word)


def _statuses(paths: list[Path], trust: Trust) -> dict[str, StatusList]:
    lists: dict[str, StatusList] = {}
    for path in paths:
        try:
            opened = open_status_list(_read(path, "--status"), trust)
        except TamgaError as error:
            raise _usage(f"--status {path}: {error.detail}") from None
        if opened.uri not in lists or lists[opened.uri].issued_at < opened.issued_at:
            lists[opened.uri] = opened
    return lists


def _texts(what: str) -> tuple[list[str], DocumentFindings | None]:
    """The codes: of a file if there is one of that name, else the argument itself."""
    try:
        path = Path(what)
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        if not FORM.match(what) and not what.startswith(("http", "HC1:", "shc:")):
            raise _usage(f"{what[:80]}: no such file, and no code's text")
        return [what], None
    content_type = SUFFIXES.get(path.suffix.lower())
    data = _read(path, "file")
    if content_type is None:
        return [edge_strip(data.decode("utf-8", "replace"))], None
    from chalicelib.adapters.process_reader import ProcessReader

    try:
        found = ProcessReader(spare=False).read(data, content_type)
    except TamgaError as error:
        err.print(f"[red]The file could not be read:[/red] {escape(error.detail)}")
        raise typer.Exit(3) from None
    if found.trouble:
        err.print(f"[red]The file cannot be opened:[/red] {found.trouble}")
        raise typer.Exit(3)
    return list(found.codes) or [""], found


def _show(verdict: Verdict, trust: Trust, language: str, direction: str, as_json: bool) -> None:
    from chalicelib.core.stage import Stage
    from chalicelib.edges import show
    from chalicelib.edges.times import to_text

    shown = show.verdict(verdict, show.Reader(language=language, stage=Stage(), posts={}, direction=direction))
    shown["trust_lists"] = {each.issuer: to_text(each.seq) for each in trust.lists}
    out = Console(highlight=False)
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    colour = COLOURS[verdict.outcome]
    out.print(f"[bold {colour}]{verdict.outcome}[/]  {escape(shown['words'])}")
    for code in shown["codes"]:
        out.print(f"  [bold]{code['code']}[/] (check {code['check']}) {escape(code['text'])}")
    if shown["permit"]:
        for name, value in shown["permit"].items():
            out.print(f"  {name}: {escape(_plain(value))}", soft_wrap=True)
    out.print(f"  checked at {shown['checked_at']}, lists as of {shown['data_as_of']}")
    for country, signed_at in shown["trust_lists"].items():
        out.print(f"  trust list of {country} signed at {signed_at}")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(path: Path, option: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _usage(f"{option}: {path}: {error.strerror}") from None


def _usage(message: str) -> typer.Exit:
    err.print(f"[red]{escape(message)}[/red]")
    return typer.Exit(2)


if __name__ == "__main__":
    app()
