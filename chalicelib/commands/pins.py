"""Which roots a person pinned: a file of lines `COUNTRY thumbprint`, then `practice` for a practice root."""

from __future__ import annotations

import os
from pathlib import Path

from chalicelib.commands.shared import read_file, usage
from chalicelib.config import practice_hosts
from chalicelib.core.trust_list import Pin


def read_pins(path: Path, option: str) -> tuple[Pin, ...]:
    """Its pins (hex, SHA-256 JWK thumbprints), in the order of the file; exit 2 names the option and the line."""
    roots: dict[str, tuple[list[bytes], bool]] = {}
    for number, line in enumerate(read_file(path, option).decode("utf-8", "replace").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        practice = words[2:] == ["practice"]
        if len(words) < 2 or (words[2:] and not practice) or not _thumbprint(words[1]):
            raise usage(f"{option}, line {number}: expected `COUNTRY thumbprint [practice]`")
        thumbprints, kind = roots.setdefault(words[0], ([], practice))
        if kind != practice:
            raise usage(f"{option}, line {number}: real and practice roots of one country are never mixed")
        thumbprints.append(bytes.fromhex(words[1]))
    try:
        hosts = practice_hosts(os.environ)
    except ValueError as error:
        raise usage(str(error)) from None
    return tuple(
        Pin(country, tuple(prints), practice, hosts.get(country, "")) for country, (prints, practice) in roots.items()
    )


def _thumbprint(word: str) -> bool:
    return len(word) == 64 and all(c in "0123456789abcdef" for c in word)
