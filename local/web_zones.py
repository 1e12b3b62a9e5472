"""Time zones of web/core: the rules of PyPI's `tzdata` as text. web_tables.py writes them, zoneinfo.js reads them.

A zone is its rule in POSIX form, the last line of its file (RFC 9636 s. 3.3). For most zones it is valid from now on. A
few have changes in 2026-2036, which precede the rule. Earlier times are left out, because Tamga signed nothing before
2026.

A line is a rule and the names of its zones. A line that begins with a blank continues the names. A rule is in POSIX
form. Where a zone changes between 2026 and 2036, it is `offset,at:offset,...;rule`, with offsets in seconds east of UTC
and times in seconds since 1970. The first change after 2036 follows, if the file has one.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from importlib.resources import files

SINCE, UNTIL = 1_767_225_600, 2_114_380_800  # 2026-01-01, 2037-01-01
WIDTH = 120


def header(data: bytes, at: int) -> tuple[int, ...]:
    """Counts in a header: isut, isstd, leap, time, type, char (RFC 9636 s. 3.1)."""
    return struct.unpack(">6l", data[at + 20 : at + 44])


def rule_of(data: bytes) -> str:
    """The rule of a TZif file for the time since 2026."""
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
    within = [change for change in changes if SINCE < change[0] < UNTIL]
    beyond = [change for change in changes if change[0] >= UNTIL]
    # zoneinfo.js applies the rule from the last change on; a file's rule begins after all of its changes
    later = [f"{moment}:{offset}" for moment, offset in (*within, *beyond[:1])]
    if not later:
        return rule
    first = [offset for moment, offset in changes if moment <= SINCE][-1]
    return f"{','.join([str(first), *later])};{rule}"


def text() -> str:
    """All names of the IANA database under their rules."""
    zones: dict[str, list[str]] = defaultdict(list)
    for name in sorted((files("tzdata") / "zones").read_text().split()):
        zones[rule_of(files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes())].append(name)
    lines = []
    for rule, names in sorted(zones.items()):
        line = rule
        for name in names:
            if len(line) + len(name) >= WIDTH:
                lines.append(line)
                line = ""
            line += f" {name}"
        lines.append(line)
    return "\n".join(lines)
