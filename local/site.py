"""The web site as a table: address -> bytes, made once from exact files (ADR 0019).

1. `web/site.toml`: doors, their pages, each file of a third party.
2. Our own modules, styles and catalogues, by name. Catalogues are those of the languages that the country offers, with
   the names of its posts. Under data/ are files that the service reads too.
3. `stage.json`: the facts of this deployment that a page needs.
4. The version: SHA-256 over all of these. They have addresses under /w/<version>/ in the order of the tree.
   So an import means the same file in the browser, on disk and to tsc. A file under a version never changes.
5. The pages, at addresses of their own. They name the version.

The local run serves this table (local/server.py), and local/publish_site.py uploads it to the pages' buckets.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from chalicelib import __version__
from chalicelib.composition import container
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.platform.country_folder import (
    authority,
    deployment_languages,
    offered_first,
    offline_limits,
    post_names,
)
from local import page_text
from local.door import DATA, TYPES, WEB, Door, doors

HOSTS = ("public", "staff")
PACKED = frozenset({".html", ".js", ".css", ".json", ".webmanifest", ".svg", ".vtt", ".wasm"})
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"

# Nothing inline, no eval except WebAssembly's, nothing from other origins. Frames show only what the page itself made
# (the form's preview at the desk). infra/stage/pages.yaml has the same policy.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "frame-src blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html tamga"
)
FILE_HEADERS: Mapping[str, str] = {"X-Content-Type-Options": "nosniff"}  # short: a page loads about fifty files
PAGE_HEADERS: Mapping[str, str] = {  # for documents that a browser opens, and for workers
    **FILE_HEADERS,
    "Content-Security-Policy": POLICY,
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}

type Answer = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body

_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^'"();]*?(?:\bfrom\s*)?['"](\.[^'"]+)['"]""", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)$", re.MULTILINE)
_LATER = re.compile(r"""\bimport\(\s*["'](\.[^"']+)["']""")
_BUNDLED = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']""")


@dataclass(frozen=True)
class File:
    """The response of one address. `packed`: the data with gzip, for content types that compress."""

    data: bytes
    content_type: str
    cache: str

    @cached_property
    def etag(self) -> str:
        return f'"{sha256(self.data).hexdigest()[:32]}"'

    @property
    def packed(self) -> bytes | None:
        return _packed(self.data) if _ending(self.content_type) in PACKED else None


def stage_facts(deps: container.Container) -> dict[str, Any]:
    """The facts of the deployment that a page needs. None of them is secret."""
    stage = deps.stage
    return {
        "version": __version__,
        "issuer": stage.issuer,
        "host": stage.host,
        "zone": stage.zone,
        "practice": stage.practice,
        "duty_number": stage.duty_number,
        "pins": [
            {
                "country": pin.country,
                "thumbprints": [each.hex() for each in pin.thumbprints],
                "practice": pin.practice,
                "practice_host": pin.practice_host,
            }
            for pin in deps.pins
        ],
        "authority": {**authority(stage.issuer), "email": deps.config.enquiries},
        "sign_in": {"host": deps.config.sign_in, "client_id": next(iter(deps.config.client_ids), "")},
        "offline_limits": dict(offline_limits()),
        "offered_first": offered_first(stage.issuer),
        "rehearsal": _practice_mode(deps),
    }


def _practice_mode(deps: container.Container) -> dict[str, Any] | None:
    """Host and pinned roots for practice mode inside a real installation (ADR 0021). None where it is not offered."""
    hosts = deps.config.practice_hosts
    own = hosts.get(deps.stage.issuer)
    if deps.stage.practice or not deps.config.practice_pins or own is None:
        return None
    pins = [
        {
            "country": country,
            "thumbprints": list(thumbprints),
            "practice": True,
            "practice_host": hosts.get(country, ""),
        }
        for country, thumbprints in deps.config.practice_pins.items()
    ]
    return {"host": own, "pins": pins}


class Site:
    """The table, where `find(path)` looks an address up.

    `chosen` are the doors of one host, or all of them in the local run.
    """

    def __init__(self, facts: Mapping[str, Any], chosen: Iterable[Door] | None = None) -> None:
        own = deployment_languages(facts["issuer"])
        self._doors = tuple(
            replace(door, languages=tuple(each for each in door.languages if each in own))
            for door in (doors() if chosen is None else chosen)
        )
        self._facts = facts
        sources = {"stage.json": json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()}  # 3
        for name in dict.fromkeys(name for door in self._doors for name in door.sources()):  # 1, 2
            path = DATA / name.removeprefix("data/") if name.startswith("data/") else WEB / name
            if path.is_file():
                sources[name] = self._with_posts(name, _strip_comments(name, path.read_bytes()))
            else:
                logging.getLogger("tamga").error("web/%s is not there: make setup", name)
        whole = sha256()
        for name, data in sorted(sources.items()):
            whole.update(f"{name}\0{len(data)}\0".encode() + data)
        self.version = whole.hexdigest()[:16]  # 4
        self._sources = sources
        self.files = {f"/w/{self.version}/{name}": _file(name, data, FOR_EVER) for name, data in sources.items()}
        for door in self._doors:  # 5
            for address, name in {**door.pages, **door.fixed}.items():
                self.files[address] = _file(name, self._filled(door, name), ASK_EACH_TIME)

    def find(self, path: str) -> File | None:
        return self.files.get(path)

    def _with_posts(self, name: str, data: bytes) -> bytes:
        if not name.startswith("i18n/"):
            return data
        made = json.loads(data)
        made["codes"]["posts"] = post_names(name.split(".")[1], self._facts["issuer"])
        return json.dumps(made, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    def modules(self, start: str) -> list[str]:
        """Every module that `start` imports, itself first. Modules that it loads later by import() are not included."""
        found, waiting = dict.fromkeys([start]), [start]
        for name in waiting:
            for other in imports(name, self._sources.get(name, b"").decode()):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return list(found)

    def _of(self, door: Door) -> list[str]:
        """Names of every file that the door may request. Its service worker keeps them."""
        return [name for name in dict.fromkeys(("stage.json", *door.sources())) if name in self._sources]

    def _filled(self, door: Door, name: str) -> bytes:
        """A page with its {{facts}} filled in. Host and country are escaped.

        Raises KeyError for an unknown fact, as a fault of the page.
        """
        root = f"/w/{self.version}"
        known = {
            "root": root,
            "head": page_text.head(door, root, self.modules(door.start)),
            "version": self.version,
            "door": door.name,
            "page": next(iter(door.pages)),
            "host": escape(str(self._facts["host"])),
            "issuer": self._facts["issuer"],
            "practice": "yes" if self._facts["practice"] else "no",
            "country": escape(COUNTRIES[self._facts["issuer"]]),
            "files": " ".join(f"{root}/{each}" for each in self._of(door)),
        }
        return page_text.filled((WEB / name).read_text("utf-8"), known, door.languages).encode()


@cache
def _packed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


@cache
def _strip_comments(name: str, data: bytes) -> bytes:
    """Our own code without its whole-line comments, which are a third of what a phone loads.

    Empty lines replace them, so that line numbers in errors are those of the file.
    """
    if name.startswith("node_modules/") or Path(name).suffix not in {".js", ".css"}:
        return data
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), data.decode()).encode()


def _file(name: str, data: bytes, cache: str) -> File:
    return File(data, TYPES[Path(name).suffix], cache)


def _ending(content_type: str) -> str:
    return next(ending for ending, known in TYPES.items() if known == content_type)


@cache
def imports(name: str, code: str, *, later: bool = False) -> tuple[str, ...]:
    """Files below web/ that this module imports. `later`: include those that it loads when needed, by import()."""
    found = (_BUNDLED if name.startswith("node_modules/") else _IMPORT).findall(code)
    found += _LATER.findall(code) if later else []
    return tuple(str((WEB / name).parent.joinpath(each).resolve().relative_to(WEB)) for each in found)


def answer(site: Site, method: str, path: str, headers: Mapping[str, str]) -> Answer | None:
    """Respond to a request for a file of the site (status, headers, body), or None if there is no such file.

    An address without the page's final slash redirects to the page and drops the query, as in front.yaml.
    """
    found = site.find(path)
    if method not in {"GET", "HEAD"}:
        return None
    if found is None:
        led = {**PAGE_HEADERS, "Location": f"{path}/", "Cache-Control": ASK_EACH_TIME}
        return (301, list(led.items()), b"") if site.find(f"{path}/") else None
    kept = found.cache == FOR_EVER  # never revalidated, so it needs no ETag
    said = {
        **(FILE_HEADERS if kept else {**PAGE_HEADERS, "ETag": found.etag}),
        "Content-Type": found.content_type,
        "Cache-Control": found.cache,
        "Vary": "Accept-Encoding",
    }
    if not kept and found.etag in {
        tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")
    }:
        return 304, [(name, value) for name, value in said.items() if name != "Content-Type"], b""
    body = found.data
    if found.packed is not None and "gzip" in headers.get("accept-encoding", ""):
        said["Content-Encoding"] = "gzip"
        body = found.packed
    return 200, list(said.items()), body
