"""What became of each permit of a file: kept beside it, so that a run that was cut off goes on where it stopped.

It is a memory, not a proof: what is approved or issued is asked of the service each time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from chalicelib.commands.shared import replace_file, usage

SUFFIX = ".batch.json"
BATCH_AT_MOST = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Item:
    """`content`: SHA-256 of what was created; `number`: once it is issued."""

    ref: str
    rows: tuple[int, ...]
    content: str
    id: str
    state: str = "draft"
    number: str | None = None


@dataclass(slots=True)
class BatchFile:
    """`server`: where its permits are. `items`: by ref, in the order of the file."""

    path: Path
    server: str
    file: str = ""
    items: dict[str, Item] = field(default_factory=dict)

    def keep(self, item: Item) -> None:
        """Remember it, on the disk too. Exit 2 if it cannot be written: without it nothing is created."""
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

    def move(self, item: Item, **changes: Any) -> None:
        self.keep(replace(item, **changes))


def beside(path: Path) -> Path:
    """Where the state of a file of permits is kept; a batch file is its own."""
    return path if path.name.endswith(SUFFIX) else path.with_name(path.name + SUFFIX)


def load(path: Path, server: str) -> BatchFile | None:
    """What is kept, or None. Exit 2 for a file that is none of ours, or of another service."""
    from pydantic import TypeAdapter, ValidationError

    if not path.exists():
        return None
    try:
        if path.stat().st_size > BATCH_AT_MOST:
            raise usage(f"{path}: too large for a batch file")
        data = json.loads(path.read_bytes())
        items = TypeAdapter(list[Item]).validate_python(data["items"])
        held = BatchFile(path, str(data["server"]), str(data["file"]), {item.ref: item for item in items})
    except (OSError, ValueError, KeyError, TypeError, ValidationError, RecursionError):
        raise usage(f"{path}: not a batch file that `bulk prepare` wrote") from None
    if held.server != server:
        raise usage(f"{path}: its permits are at {held.server}, not at {server}")
    return held


def content_of(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
