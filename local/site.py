"""Which address of the web pages answers with which bytes: a table of exact files, made once (ADR 0019).

1 `web/site.toml`: doors, their pages, each file of a third party    2 our own modules, styles and catalogues, by name:
those of the languages that the country speaks, with the names of its posts; under data/ what the service reads too
3 `stage.json`: what a page has to know of this deployment    4 the version: SHA-256 over all of these; they stand under
/w/<version>/ in the order of the tree, so that an import means the same file here, there and to tsc, and none of them
ever changes    5 the pages, at addresses of their own, which name the version

The same table is served by the local run (local/server.py) and put into the pages' buckets (local/publish_site.py).
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

from chalicelib.composition import container
from chalicelib.kernel.countries import COUNTRIES
from chalicelib.platform.country_folder import authority, offered_first, offline_limits, post_names, spoken
from local import page_text
from local.door import DATA, TYPES, WEB, Door, doors

HOSTS = ("public", "staff")
PACKED = frozenset({".html", ".js", ".css", ".json", ".webmanifest", ".svg", ".vtt", ".wasm"})
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"

# Nothing inline, no eval but that of WebAssembly, nothing from elsewhere; in a frame only what the page itself made (a
# form's preview at the desk). infra/stage/pages.yaml says the same.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "frame-src blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html tamga"
)
FILE_HEADERS: Mapping[str, str] = {"X-Content-Type-Options": "nosniff"}  # few: fifty files bring them
PAGE_HEADERS: Mapping[str, str] = {  # of what a browser opens, or runs as a worker
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
    """What one address answers. `packed`: the same by gzip, where that is shorter."""

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
    """What a page has to know of the deployment; nothing of it is secret."""
    stage = deps.stage
    return {
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
        "rehearsal": _rehearsal(deps),
    }


def _rehearsal(deps: container.Container) -> dict[str, Any] | None:
    """What practice inside a real installation believes: the practice host under roots of its own (ADR 0021)."""
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
    """`find(path)` is the table. `chosen`: the doors that one host has; all of them in the local run."""

    def __init__(self, facts: Mapping[str, Any], chosen: Iterable[Door] | None = None) -> None:
        own = spoken(facts["issuer"])
        self._doors = tuple(
            replace(door, languages=tuple(each for each in door.languages if each in own))
            for door in (doors() if chosen is None else chosen)
        )
        self._facts = facts
        sources = {"stage.json": json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()}  # 3
        for name in dict.fromkeys(name for door in self._doors for name in door.sources()):  # 1, 2
            path = DATA / name.removeprefix("data/") if name.startswith("data/") else WEB / name
            if path.is_file():
                sources[name] = self._with_posts(name, _slim(name, path.read_bytes()))
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
        """Every module that `start` imports, itself first; what it loads later by import() is not among them."""
        found, waiting = dict.fromkeys([start]), [start]
        for name in waiting:
            for other in imports(name, self._sources.get(name, b"").decode()):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return list(found)

    def _of(self, door: Door) -> list[str]:
        """Every file that the door may ask for, by name: what its service worker keeps."""
        return [name for name in dict.fromkeys(("stage.json", *door.sources())) if name in self._sources]

    def _filled(self, door: Door, name: str) -> bytes:
        """A page with its {{facts}}, each escaped. Raises KeyError for one that is unknown: a fault of the page."""
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
def _slim(name: str, data: bytes) -> bytes:
    """Our own code without its whole lines of comment, a third of what a phone loads. Empty lines stand in their place:
    a line in an error is the file's.
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
    """The files below web/ that this module imports; `later`: those too that it loads when needed, by import()."""
    found = (_BUNDLED if name.startswith("node_modules/") else _IMPORT).findall(code)
    found += _LATER.findall(code) if later else []
    return tuple(str((WEB / name).parent.joinpath(each).resolve().relative_to(WEB)) for each in found)


def answer(site: Site, method: str, path: str, headers: Mapping[str, str]) -> Answer | None:
    """What the local run answers (status, headers, body) to a request for a file of the site; None: no such file.

    A page's address without its last slash leads to the page, with nothing of the query (front.yaml does the same).
    """
    found = site.find(path)
    if method not in {"GET", "HEAD"}:
        return None
    if found is None:
        led = {**PAGE_HEADERS, "Location": f"{path}/", "Cache-Control": ASK_EACH_TIME}
        return (301, list(led.items()), b"") if site.find(f"{path}/") else None
    kept = found.cache == FOR_EVER  # then it is never asked for again, and needs no tag
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
