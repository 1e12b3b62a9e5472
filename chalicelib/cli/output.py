"""Output, refusals, exit codes and dependencies of all commands.

Answers go to stdout (with `--json` one JSON value and nothing else), every other message to stderr. A command imports
services in its body, never at the top, because `verify` must run without them.

`parties` and `goods` format a permit as lines for the person who decides. They cut off nothing on a narrow screen.
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
    """Format both parties and the purpose: `Falcon Centre LLC (KG) -> Abu Dhabi Falcons (AE), purpose B`."""
    sides = (f"{side.get('name')} ({side.get('country')})" for side in (record["exporter"], record["importer"]))
    return f"{' -> '.join(sides)}, purpose {record.get('purpose') or '-'}"


def goods(line: Mapping[str, Any]) -> str:
    """Format a line of goods: `2 LIV Falco cherrug, Appendix II, source C, marks rings KG-0117`.

    Description, blocks 12, 12a and 12b, and the year of the quota follow if they are filled in.
    """
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


# Exit codes of docs/OPERATIONS.md, "Exit codes"; `verify` and `doctor` have their own.
DONE, REFUSED, USAGE, UNAVAILABLE = 0, 1, 2, 3

SIGN_IN = "--token or TAMGA_TOKEN: give a valid access token of the user pool; it identifies you"

EVAL = 'eval "$(.venv/bin/python -m local.env)"'  # sets the configuration of a local run

NO_REGISTER = f"not set; load the stage's configuration (docs/runbooks/command-line.md). For a local run: {EVAL}"

DIGEST_AT_LEAST = 16  # hex digits, 64 bits: a second batch with the same start is not feasible

out, err = Console(highlight=False), Console(stderr=True, highlight=False)

Token = Annotated[
    str, typer.Option(envvar="TAMGA_TOKEN", help="Your access token of the user pool; it identifies you.")
]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]


# True while `--json` was given and no JSON has been printed
_unanswered: ContextVar[bool] = ContextVar("unanswered", default=False)


def print_json(value: Any) -> None:
    """Print one JSON value on stdout."""
    _unanswered.set(False)
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def usage(message: str) -> typer.Exit:
    """Print the message on stderr and return an exit with code 2, which the caller raises.

    The message begins with the option or variable.
    """
    return stop(message, USAGE)


def stop(message: str, code: int) -> typer.Exit:
    """Print the message on stderr, with `--json` also JSON on stdout, and return an exit, which the caller raises."""
    err.print(f"[red]{escape(message)}[/red]", soft_wrap=True)
    if _unanswered.get():
        print_json({"error": message, "exit_code": code})
    return typer.Exit(code)


class Commands(TyperGroup):
    """Group of all commands. With `--json` it always prints one JSON value on stdout, even if the options are wrong."""

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
            code = stop("stopped at the question; nothing was confirmed", REFUSED).exit_code
        if code and _unanswered.get():
            print_json({"error": "refused", "exit_code": code})
        sys.exit(code)


@contextmanager
def refusals() -> Iterator[None]:
    """Convert our errors to lines on stderr and an exit code: `with refusals(): service(...)`.

    `Invalid` -> 2, with a line for each field; `Unavailable` and any error of AWS -> 3; any other refusal -> 1.
    """
    try:
        yield
    except Invalid as error:
        lines = [f"{each.field}: {each.detail}" for each in error.errors] or [error.detail]
        raise stop("\n".join(lines), USAGE) from None
    except Unavailable as error:
        raise stop(f"{error.slug}: {error}" + endpoint_hint(error), UNAVAILABLE) from None
    except TamgaError as error:
        raise stop(f"{error.slug}: {error.detail}", REFUSED) from None
    except Exception as error:
        if not is_aws_error(error):
            raise
        raise stop(f"aws: {error}" + endpoint_hint(error), UNAVAILABLE) from None


def endpoint_hint(error: BaseException | None) -> str:
    """Return a line that names the endpoint that did not answer, or "" if the error names none.

    For an engine on this machine it adds how to set the endpoint again.
    """
    while error is not None:
        endpoint = getattr(error, "kwargs", {}).get("endpoint_url")
        if endpoint:
            asked = urlsplit(str(endpoint))
            words = f"\n{asked.scheme}://{asked.netloc} does not answer"
            local = asked.hostname in {"127.0.0.1", "localhost"}
            return words + (f" (TAMGA_ENDPOINT). Each `make run` has a new port; set it again: {EVAL}" if local else "")
        error = error.__cause__ or error.__context__
    return ""


def is_aws_error(error: Exception) -> bool:
    """True if an AWS library raised the error. Its module's name decides, because those libraries may not be loaded."""
    return type(error).__module__.partition(".")[0] in {"botocore", "pynamodb"}


class Configured[D: Deps](Provided[[], D]):
    """Dependencies of a group of commands, from the environment's configuration (TAMGA_...; platform/config.py)."""

    def __call__(self) -> D:
        """Return the dependencies. A wrong or missing variable is exit 2 with its name."""
        faults_in_words()
        try:
            where = super().__call__()
        except ValueError as error:
            raise usage(str(error)) from None
        if empty := missing_variables(where):
            raise usage(f"{', '.join(empty)}: {NO_REGISTER}")
        return where


def missing_variables(deps: Deps) -> list[str]:
    """Return the empty ones of the variables that name the register and the store of the published lists."""
    needed = {"TAMGA_TABLE": deps.config.table, "TAMGA_STATIC_BUCKET": deps.config.static_bucket}
    return [variable for variable, value in needed.items() if not value]


class _PlainLogHandler(logging.Handler):
    """Log handler that prints a log line as words on stderr. The command itself prints the result."""

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
    """Print log lines as words if no log is set up. Otherwise the terminal shows JSON with stack frames."""
    logging.lastResort = _PlainLogHandler(logging.WARNING)


def person(deps: Deps, token: str) -> Actor:
    """Return the person who runs the command, from the access token and the register. Exit 2 without a token."""
    if not token:
        raise usage(SIGN_IN)
    with refusals():
        return deps.person(token)


def moment(text: str, option: str) -> int:
    """Parse `2026-11-25T10:00:00Z` to whole seconds. A malformed time is exit 2 with the option's name."""
    from chalicelib.kernel.days import from_text

    try:
        return from_text(text)
    except ValueError as error:
        raise usage(f"{option}: expected {error}") from None


def read_file(path: Path, option: str) -> bytes:
    """Read a file's bytes. A failure is exit 2 with the option's name."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise usage(f"{option}: {path}: {error.strerror}") from None


@contextmanager
def new_file(path: Path, option: str) -> Iterator[Callable[[bytes], None]]:
    """Create a new file before the work whose result it stores: `with new_file(...) as keep:`.

    An existing file is never overwritten. It is exit 2 with the option's name. If the work fails, the file is deleted.
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
    """Replace a file atomically, so that no half-written file remains, by writing a second file and then renaming it.

    Raises OSError.
    """
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def same_digest(given: str, whole: str) -> bool:
    """True if `given`, which a person typed, is at least the first 16 hex digits of this digest."""
    return len(given) >= DIGEST_AT_LEAST and whole.startswith(given.lower())


def progress() -> Progress:
    """Return a progress bar on stderr, visible only at a terminal.

    Usage: `with progress() as bar: bar.track(items, description="...")`.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    )
