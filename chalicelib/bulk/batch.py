"""Batch file of `tamga bulk`, and functions that its steps share.

The batch file is beside the table and stores the state of each permit, so an interrupted run can continue. It proves
nothing, because each run asks the service for the present state. Only data of the service, never of the batch file, is
shown and confirmed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape

from chalicelib.cli import tables
from chalicelib.cli.output import (
    DIGEST_AT_LEAST,
    REFUSED,
    UNAVAILABLE,
    goods,
    out,
    parties,
    print_json,
    progress,
    replace_file,
    same_digest,
    stop,
    usage,
)
from chalicelib.cli.service_client import Answer, NoAnswer, ServiceClient
from chalicelib.cli.tables import Refusal
from chalicelib.kernel.roles import FINDING_ROLES
from chalicelib.kernel.text import count_of

SUFFIX = ".batch.json"

BATCH_AT_MOST = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Item:
    """Permit of a batch. `content`: SHA-256 of the fields as created. `number`: None until it is reserved."""

    ref: str
    rows: tuple[int, ...]
    content: str
    id: str
    state: str = "draft"
    number: str | None = None


@dataclass(slots=True)
class BatchFile:
    """Batch file. `server`: address of the service with its permits. `items`: by ref, in the order of the table."""

    path: Path
    server: str
    file: str = ""
    items: dict[str, Item] = field(default_factory=dict)

    def store(self, item: Item) -> None:
        """Store a permit and write the file. Exit 2 if that fails, so that no more permits are created unrecorded."""
        self.items[item.ref] = item
        self.save()

    def save(self) -> None:
        data = {
            "version": 1,
            "server": self.server,
            "file": self.file,
            "items": [asdict(i) for i in self.items.values()],
        }
        try:
            replace_file(self.path, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())
        except OSError as error:
            raise usage(f"{self.path}: {error.strerror}") from None

    def update(self, item: Item, **changes: Any) -> None:
        self.store(replace(item, **changes))


def batch_path(path: Path) -> Path:
    """Path of the batch file beside a table. For the path of a batch file, the same path."""
    return path if path.name.endswith(SUFFIX) else path.with_name(path.name + SUFFIX)


def load(path: Path, server: str) -> BatchFile | None:
    """Load a batch file, or None without one. Exit 2 if it is no batch file, is too large, or is of another service."""
    from pydantic import TypeAdapter, ValidationError

    if not path.exists():
        return None
    try:
        if path.stat().st_size > BATCH_AT_MOST:
            raise usage(f"{path}: too large for a batch file; give the file that `bulk prepare` wrote")
        data = json.loads(path.read_bytes())
        items = TypeAdapter(list[Item]).validate_python(data["items"])
        held = BatchFile(path, str(data["server"]), str(data["file"]), {item.ref: item for item in items})
    except (OSError, ValueError, KeyError, TypeError, ValidationError, RecursionError):
        raise usage(f"{path}: not a batch file that `bulk prepare` wrote") from None
    if held.server != server:
        raise usage(f"--server: the permits of {path} are at {held.server}, not at {server}")
    return held


def content_of(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


OF_A_PERMIT = (
    ("special_conditions", "special conditions"),
    ("stamp_number", "stamp"),
    ("transport_document", "waybill"),
    ("import_permit", "import permit"),
    ("ata_carnet", "ATA carnet"),
    ("retrospective", "issued after the goods moved"),
)

ID = re.compile(r"[0-9A-Z]{26}", re.ASCII)


def open_batch(batch: Path, server: str, token: str) -> tuple[ServiceClient, BatchFile]:
    desk = ServiceClient(server, token)
    path = batch_path(batch)
    held = load(path, desk.server)
    if held is None:
        raise usage(f"{path}: no such file; run `bulk prepare` first, which writes it")
    if not held.items or not all(ID.fullmatch(item.id) for item in held.items.values()):
        raise usage(f"{path}: the batch file has no permits; run `bulk prepare` again")
    return desk, held


def fetch_permits(desk: ServiceClient, held: BatchFile, refused: list[Refusal]) -> list[tuple[Item, Any]]:
    """Fetch every permit of the batch from the service, and update states and numbers in the batch file.

    Adds permits that the service refuses to `refused`.
    """
    found = []
    for item in each_of(list(held.items.values()), "reading"):
        answer = desk.get(address(item))
        if not answer.good:
            refused += [refusal_of(item, code, detail) for _, code, detail in answer.faults()]
            continue
        permit = answer.json
        if (permit["state"], permit["number"]) != (item.state, item.number):
            held.update(item, state=permit["state"], number=permit["number"])
        found.append((held.items[item.ref], permit))
    return found


def step_each(
    waiting: Sequence[tuple[Item, Any]],
    words: str,
    ask: Callable[[Item, Any], Answer],
    held: BatchFile,
    refused: list[Refusal],
) -> int:
    """Send one request for each permit and return the number of successes. Adds the others to `refused`."""
    done = 0
    for item, permit in each_of(waiting, words):
        answer = ask(item, permit)
        if answer.good:
            held.update(held.items[item.ref], state=answer.json["state"], number=answer.json["number"])
            done += 1
        else:
            refused += [refusal_of(item, code, detail) for _, code, detail in answer.faults()]
    return done


def confirm_digest(
    waiting: Sequence[tuple[Item, Any]], words: str, confirm: str, as_json: bool, lacking: int = 0
) -> None:
    """Show the permits as the service has them, and ask for confirmation or check the digest in `confirm`.

    `lacking`: number of permits that the service will refuse, since findings are missing. If it is all, ask nothing.
    Exit 1 without confirmation; with `as_json` and no digest, print and exit 1. Exit 2 if `confirm` is another digest.
    """
    whole = sha256(
        "\n".join(sorted(f"{permit['id']} {permit['digest']}" for _, permit in waiting)).encode()
    ).hexdigest()
    if confirm:
        if not same_digest(confirm, whole):
            raise usage(
                f"--confirm: the waiting applications now have the digest {whole}; read them, then give this digest"
            )
        return
    if as_json:
        print_json({"digest": whole, "waiting": [summary(item, permit) for item, permit in waiting]})
        raise typer.Exit(REFUSED)
    for item, permit in waiting:
        out.print(escape("\n".join(_block(item, permit))), soft_wrap=True)
    out.print(f"digest of all: {whole}", soft_wrap=True)
    if lacking == len(waiting):
        raise stop("Every application lacks findings: record them with `bulk find`. Nothing was done.", REFUSED)
    which = "this one" if len(waiting) == 1 else f"these {len(waiting)}"
    if lacking:
        lack = count_of(lacking, "lacks", "lack")
        which = f"{len(waiting) - lacking} of {which} ({lack} findings and will be refused)"
    if not typer.confirm(f"{words} {which}?", err=True):
        raise stop("Nothing was done.", REFUSED)


def _block(item: Item, permit: Any) -> list[str]:
    """Lines that show one permit. They are no table, since a narrow screen would cut off the goods."""
    digest = str(permit["digest"])[:DIGEST_AT_LEAST]
    lines = [
        f"{item.ref}: {permit.get('document_type')}, valid until {permit.get('valid_until')}, digest {digest}",
        f"  {parties(permit)}",
        *(f"  {goods(line)}" for line in permit.get("lines", [])),
    ]
    for name, label in OF_A_PERMIT:
        value = permit.get(name)
        if value:
            lines.append(f"  {label}: {' '.join(map(str, value.values())) if isinstance(value, dict) else value}")
    missing = missing_findings(permit)
    if missing:
        lines.append(f"  findings missing: {of_whom(missing)}")
    return lines


def of_whom(findings: Iterable[str]) -> str:
    """Findings with their roles: `legal_acquisition (preparer), bred_or_propagated (scientist)`."""
    return ", ".join(f"{kind} ({FINDING_ROLES[kind]})" if kind in FINDING_ROLES else kind for kind in findings)


def summary(item: Item, permit: Any) -> dict[str, str]:
    lines = permit.get("lines", [])
    goods = [f"{x.get('quantity')} {x.get('unit') or ''} {x.get('term')} {x.get('scientific_name')}" for x in lines]
    return {
        "ref": item.ref,
        "kind": str(permit.get("document_type")),
        "exporter": f"{permit['exporter'].get('name')} ({permit['exporter'].get('country')})",
        "importer": f"{permit['importer'].get('name')} ({permit['importer'].get('country')})",
        "valid until": str(permit.get("valid_until")),
        "goods": "; ".join(" ".join(text.split()) for text in goods),
        "missing findings": ", ".join(missing_findings(permit)),
        "digest": str(permit["digest"])[:DIGEST_AT_LEAST],
    }


def missing_findings(permit: Any) -> list[str]:
    there = {finding["kind"] for finding in permit["findings"] if finding["current"]}
    return [kind for kind in permit["findings_needed"] if kind not in there]


def address(item: Item, step: str = "") -> str:
    return f"/v1/permits/{item.id}" + (f"/{step}" if step else "")


def refusal_of(item: Item, code: str, detail: str) -> Refusal:
    return Refusal(item.rows[0] if item.rows else 0, item.ref, "", "", code, detail)


def each_of[T](items: Sequence[T], words: str) -> Iterable[T]:
    with progress() as bar:
        yield from bar.track(items, description=words)


@contextmanager
def reported(refused: list[Refusal], where: Path | None) -> Iterator[None]:
    """Write the report and exit 3 if the service does not answer. The report has the refusals so far."""
    try:
        yield
    except NoAnswer as error:
        tables.write(where, refused)
        raise stop(f"{error}. The finished permits are kept: repeat this command to continue.", UNAVAILABLE) from None
