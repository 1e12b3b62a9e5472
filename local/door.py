"""The doors of the web pages as listed in `web/site.toml`: host, pages, and the files that each door needs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local import web_tables

WEB = Path(__file__).resolve().parents[1] / "web"
DATA = WEB.parent / "chalicelib" / "data"
FONTS = tuple(
    f"node_modules/@fontsource/noto-sans/files/noto-sans-{subset}-{weight}-normal.woff2"
    for weight in (400, 700)
    for subset in ("latin", "cyrillic", "cyrillic-ext")
)
TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".vtt": "text/vtt; charset=utf-8",
    ".webm": "video/webm",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}
OWN = frozenset(TYPES) - {".html"}


@dataclass(frozen=True)
class Door:
    """One table of `site.toml`: a group of pages under one name and host."""

    name: str
    host: str
    pages: Mapping[str, str]
    start: str
    languages: tuple[str, ...]
    third_party: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()  # style sheets of shared/, loaded before the door's own
    data: tuple[str, ...] = ()  # folders of chalicelib/data that its pages read as they are
    fixed: Mapping[str, str] = field(default_factory=dict)  # address -> file with a fixed address: a service worker

    def sources(self) -> Iterator[str]:
        """Names of its files: below web/, and those of chalicelib/data below data/."""
        yield "design.css"
        if self.host == "staff":  # the public page uses the phone's own font (ADR 0019)
            yield "fonts.css"
            yield from FONTS
        for folder in ("core", "shared", self.name):
            yield from (str(path.relative_to(WEB)) for path in sorted((WEB / folder).rglob("*")) if path.suffix in OWN)
        yield from (f"core/generated/{name}" for name in web_tables.FILES)  # by name: `Site` reports a missing one
        for folder in self.data:
            yield from (f"data/{path.relative_to(DATA)}" for path in sorted((DATA / folder).rglob("*.*")))
        yield from (f"i18n/{self.name}.{language}.json" for language in self.languages)
        yield from self.third_party


def doors() -> tuple[Door, ...]:
    """Read `web/site.toml`."""
    tables = tomllib.loads((WEB / "site.toml").read_text("utf-8"))
    return tuple(_door(name, table) for name, table in tables.items())


def _door(name: str, table: Mapping[str, Any]) -> Door:
    lists = {key: tuple(table.get(key, ())) for key in ("languages", "third_party", "styles", "data")}
    return Door(name, **{**table, **lists})
