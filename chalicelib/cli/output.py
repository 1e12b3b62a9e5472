"""What every command does alike: where it writes, how it refuses, with which exit code, and what it works with.

Answers go to stdout (`--json`: one JSON value and nothing else), everything said beside them to stderr.
A command imports services in its body, never at the top: `verify` has to run without them.

What stands on a permit, in lines for whoever answers for it: nothing is cut off on a narrow screen.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from chalicelib.kernel.errors import Invalid, TamgaError, Unavailable
from chalicelib.platform.deps import Deps, Provided

if TYPE_CHECKING:
    from chalicelib.kernel.roles import Actor


def parties(record: Mapping[str, Any]) -> str:
    """`Falcon Centre LLC (KG) -> Abu Dhabi Falcons (AE), purpose B`."""
    sides = (f"{side.get('name')} ({side.get('country')})" for side in (record["exporter"], record["importer"]))
    return f"{' -> '.join(sides)}, purpose {record.get('purpose') or '-'}"


def goods(line: Mapping[str, Any]) -> str:
    """`2 LIV Falco cherrug, Appendix II, source C, marks rings KG-0117`, then description and block 12, if any."""
    what = " ".join(filter(None, (line.get("quantity"), line.get("unit"), line.get("term"), line["scientific_name"])))
    words = [
        what,
        f"Appendix {line.get('appendix') or '-'}",
        f"source {line.get('source') or '-'}",
        f"marks {line.get('marks') or 'none'}",
    ]
    if line.get("description"):
        words.append(str(line["description"]))
    for name, label in (("origin", "origin"), ("last_reexport", "last re-export")):
        if line.get(name):
            words.append(f"{label} {' '.join(str(part) for part in line[name].values() if part)}")
    if line.get("operation_or_acquisition"):
        words.append(f"12b {line['operation_or_acquisition']}")
    if line.get("quota_year"):
        words.append(f"quota of {line['quota_year']}")
    return ", ".join(words)


# docs/OPERATIONS.md, "Exit codes". `verify` and `doctor` have their own.
DONE, REFUSED, USAGE, UNAVAILABLE = 0, 1, 2, 3

SIGN_IN = "--token or TAMGA_TOKEN: an access token of the user pool says who you are"

EVAL = 'eval "$(.venv/bin/python -m local.env)"'  # the configuration of a local run

NOWHERE = f"empty; it says where the register is. Against a local run: {EVAL}"

DIGEST_AT_LEAST = 16  # hex digits, 64 bits: nobody makes another batch that begins alike

out, err = Console(highlight=False), Console(stderr=True, highlight=False)

Token = Annotated[
    str, typer.Option(envvar="TAMGA_TOKEN", help="Your access token of the user pool: who you are is not typed.")
]

AsJson = Annotated[bool, typer.Option("--json", help="The answer as JSON.")]


# Whether `--json` was asked for and nothing has been printed for it
_unanswered: ContextVar[bool] = ContextVar("unanswered", default=False)


def print_json(value: Any) -> None:
    """One JSON value on stdout."""
    _unanswered.set(False)
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def usage(message: str) -> typer.Exit:
    """Raise what this returns: the message on stderr, exit code 2. Name the option or variable first."""
    return stop(message, USAGE)


def stop(message: str, code: int) -> typer.Exit:
    """Raise what this returns: one line on stderr, with `--json` an answer on stdout, and an exit code."""
    err.print(f"[red]{escape(message)}[/red]", soft_wrap=True)
    if _unanswered.get():
        print_json({"error": message, "exit_code": code})
    return typer.Exit(code)


class Commands(TyperGroup):
    """The commands; with `--json` stdout has one JSON value at every end, also where the options are wrong."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        words = sys.argv[1:] if args is None else list(args)
        how = (prog_name, complete_var)
        if "--json" not in words or not standalone_mode:
            return super().main(args, *how, standalone_mode, windows_expand_args, **extra)
        _unanswered.set(True)
        try:
            found = super().main(words, *how, False, windows_expand_args, **extra)
            code = found if isinstance(found, int) else DONE
        except typer.TyperException as error:
            code = stop(error.format_message(), error.exit_code).exit_code
        except typer.Abort:
            code = stop("aborted", REFUSED).exit_code
        if code and _unanswered.get():
            print_json({"error": "refused", "exit_code": code})
        sys.exit(code)


@contextmanager
def refusals() -> Iterator[None]:
    """Turns our errors into lines on stderr and an exit code: `with refusals(): service(...)`.

    `Invalid` -> 2, a line for each field; `Unavailable`, and whatever AWS refuses -> 3; any other refusal -> 1.
    """
    try:
        yield
    except Invalid as error:
        lines = [f"{each.field}: {each.detail}" for each in error.errors] or [error.detail]
        raise stop("\n".join(lines), USAGE) from None
    except Unavailable as error:
        raise stop(f"{error.slug}: {error.detail}" + silent(error), UNAVAILABLE) from None
    except TamgaError as error:
        raise stop(f"{error.slug}: {error.detail}", REFUSED) from None
    except Exception as error:
        if not of_aws(error):
            raise
        raise stop(f"aws: {error}" + silent(error), UNAVAILABLE) from None


def silent(error: BaseException | None) -> str:
    """Who did not answer, where that is behind an error; and what to do where it is an engine on this machine."""
    while error is not None:
        endpoint = getattr(error, "kwargs", {}).get("endpoint_url")
        if endpoint:
            asked = urlsplit(str(endpoint))
            words = f"\n{asked.scheme}://{asked.netloc} does not answer"
            local = asked.hostname in {"127.0.0.1", "localhost"}
            return words + (f" (TAMGA_ENDPOINT); it moves with each start of `make run`: {EVAL}" if local else "")
        error = error.__cause__ or error.__context__
    return ""


def of_aws(error: Exception) -> bool:
    """Whether an AWS library raised it; told by its name, for they are imported only where they are used."""
    return type(error).__module__.partition(".")[0] in {"botocore", "pynamodb"}


class Configured[D: Deps](Provided[[], D]):
    """What a group of commands works with, by the environment's configuration (TAMGA_...; platform/config.py)."""

    def __call__(self) -> D:
        """Exit 2 names what is wrong with the configuration."""
        faults_in_words()
        try:
            where = super().__call__()
        except ValueError as error:
            raise usage(str(error)) from None
        if empty := homeless(where):
            raise usage(f"{', '.join(empty)}: {NOWHERE}")
        return where


def homeless(deps: Deps) -> list[str]:
    """The variables without which there is neither register nor list to look at, if they are empty."""
    needed = {"TAMGA_TABLE": deps.config.table, "TAMGA_STATIC_BUCKET": deps.config.static_bucket}
    return [variable for variable, value in needed.items() if not value]


class _Words(logging.Handler):
    """A line of our log for a person at a terminal: the command itself says what became of it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = json.loads(record.getMessage())
            if line["event"] == "difference":
                words = f"difference: {line['permit_id']}: {line['why']}"
            else:
                words = f"{line['event']}: {line['error']} ({line['where']})"
        except (ValueError, KeyError, TypeError):
            words = record.getMessage()
        err.print(words, style="bright_black", markup=False, soft_wrap=True)


def faults_in_words() -> None:
    """Where nobody has set up a log, its lines would come to the terminal as JSON with frames."""
    logging.lastResort = _Words(logging.WARNING)


def person(deps: Deps, token: str) -> Actor:
    """Who runs this command, as the user pool vouches and the register names them. Exit 2 without a token."""
    if not token:
        raise usage(SIGN_IN)
    with refusals():
        return deps.person(token)


def moment(text: str, option: str) -> int:
    """Whole seconds of `2026-11-25T10:00:00Z`; exit 2 names the option."""
    from chalicelib.kernel.days import from_text

    try:
        return from_text(text)
    except ValueError as error:
        raise usage(f"{option}: expected {error}") from None


def read_file(path: Path, option: str) -> bytes:
    """The file's bytes; exit 2 names the option."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise usage(f"{option}: {path}: {error.strerror}") from None


@contextmanager
def new_file(path: Path, option: str) -> Iterator[Callable[[bytes], None]]:
    """A file that is not there yet, opened before the work whose outcome it keeps: `with new_file(...) as keep:`.

    Exit 2 names the option: nothing is overwritten. Where the work fails the file is gone again.
    """
    try:
        file = path.open("xb")
    except OSError as error:
        raise usage(f"{option}: {path}: {error.strerror}") from None

    def keep(data: bytes) -> None:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            raise usage(f"{option}: {path}: {error.strerror}") from None

    try:
        with file:
            yield keep
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def replace_file(path: Path, data: bytes) -> None:
    """Write beside it, then take its place: a report, state or print that is half there is none. Raises OSError."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def same_digest(given: str, whole: str) -> bool:
    """Whether what a person gave back names this digest: its first 16 hex digits or more."""
    return len(given) >= DIGEST_AT_LEAST and whole.startswith(given.lower())


def progress() -> Progress:
    """A bar on stderr, shown only to a terminal: `with progress() as bar: bar.track(items, description="...")`."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    )
