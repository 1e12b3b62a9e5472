"""Writes web/core/tzdata.js out of PyPI's `tzdata`: `python tests/web_core/make_tzdata.py`.

A zone is its rule in POSIX form (the last line of its file, RFC 9636 s. 3.3), which holds from now on for all but a
few; those have their changes of 2026-2036 in front of it. Before 2026 Tamga has signed nothing.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

FILE = Path(__file__).parents[2] / "web" / "core" / "tzdata.js"
SINCE, UNTIL = 1_767_225_600, 2_114_380_800  # 2026-01-01, 2037-01-01
WIDTH = 120
HEADER = """/**
 * Which time zones there are, and their rules: all names of the IANA database, {release}. Written by
 * tests/web_core/make_tzdata.py; how it is read: zoneinfo.js.
 *
 * A line: a rule and the names that follow it; blanks go on with the names. A rule of POSIX form, or, where a zone
 * changes between 2026 and 2036, `offset,at:offset,...;rule`: seconds east of UTC, since 1970.
 */

export const ZONES = `
"""


def header(data: bytes, at: int) -> tuple[int, ...]:
    """isut, isstd, leap, time, type, char counts (RFC 9636 s. 3.1)."""
    return struct.unpack(">6l", data[at + 20 : at + 44])


def rule_of(data: bytes) -> str:
    """What this file says of the time since 2026."""
    isut, isstd, leap, times, types, chars = header(data, 0)
    second = 44 + times * 5 + types * 6 + chars + leap * 8 + isstd + isut
    isut, isstd, leap, times, types, chars = header(data, second)
    at = second + 44
    moments = struct.unpack(f">{times}q", data[at : at + 8 * times])
    kinds = data[at + 8 * times : at + 9 * times]
    at += 9 * times
    offsets = [struct.unpack(">l", data[at + 6 * i : at + 6 * i + 4])[0] for i in range(types)]
    rule = data[at + types * 6 + chars + leap * 12 + isstd + isut :].strip(b"\n").decode()
    changes = [(moment, offsets[kind]) for moment, kind in zip(moments, kinds, strict=True)]
    later = [f"{moment}:{offset}" for moment, offset in changes if SINCE < moment < UNTIL]
    if not later:
        return rule
    first = [offset for moment, offset in changes if moment <= SINCE][-1]
    return f"{','.join([str(first), *later])};{rule}"


def text() -> str:
    """The file, whole."""
    zones: dict[str, list[str]] = defaultdict(list)
    for name in sorted((files("tzdata") / "zones").read_text().split()):
        zones[rule_of(files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes())].append(name)
    lines = [HEADER.format(release=f"tzdata {version('tzdata')}").rstrip("\n")]
    for rule, names in sorted(zones.items()):
        line = rule
        for name in names:
            if len(line) + len(name) >= WIDTH:
                lines.append(line)
                line = ""
            line += f" {name}"
        lines.append(line)
    return "\n".join([*lines, "`;", ""])


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
