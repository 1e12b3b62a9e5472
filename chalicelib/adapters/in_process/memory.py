"""Ports in memory, for tests and offline tools in place of AWS.

Data is stored as JSON text or bytes, so no caller has a reference into the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote
from uuid import uuid4

from chalicelib.adapters.aws import rows
from chalicelib.kernel.errors import NoMatch, TooLarge, Unavailable
from chalicelib.kernel.rows import Conflict, Key, Put, Row
from chalicelib.mail.services import Mail
from chalicelib.platform import log
from chalicelib.platform.deps import StaticStore
from chalicelib.verdict.file_findings import FileFindings


@dataclass(frozen=True, slots=True)
class _Stored:
    text: str
    version: int
    born: str  # sorts by first write
    index: tuple[tuple[str, str], ...] = ()
    expires: int | None = None

    def row(self, key: Key) -> Row:
        return Row(key, rows.decode_data(self.text), self.version)


class MemoryRegister:
    """`PermitRegister` in a dict behind one lock.

    Expired rows stay, because DynamoDB may delete them, but not at once.
    """

    def __init__(self) -> None:
        self._rows: dict[Key, _Stored] = {}
        self._partitions: dict[str, dict[str, Key]] = {}
        self._writes = 0
        self._lock = Lock()
        self._identity = str(uuid4())

    def identity(self) -> str:
        return self._identity

    def get(self, key: Key) -> Row | None:
        rows.check_key(key)
        with self._lock:
            stored = self._rows.get(key)
        return stored.row(key) if stored else None

    def get_all(self, keys: Iterable[Key]) -> Mapping[Key, Row]:
        asked = tuple(keys)
        for key in asked:
            rows.check_key(key)
        with self._lock:
            found = {key: self._rows[key] for key in asked if key in self._rows}
        return {key: stored.row(key) for key, stored in found.items()}

    def query(
        self,
        partition: str,
        *,
        start: str = "",
        stop: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Sequence[Row]:
        with self._lock:
            found = [
                (key, self._rows[key])
                for sort, key in self._partitions.get(partition, {}).items()
                if start <= sort and (stop is None or sort < stop)
            ]
        found.sort(key=lambda item: item[0].sort, reverse=newest_first)
        return tuple(stored.row(key) for key, stored in found[:limit])

    def commit(self, *puts: Put) -> None:
        texts = rows.encode_puts(puts)
        with self._lock:
            failed = [
                put.key
                for put in puts
                if put.expected_version is not None and self._version(put.key) != put.expected_version
            ]
            if failed:
                raise Conflict(failed)
            for put, text in zip(puts, texts, strict=True):
                self._write(put.key, text, tuple(put.index.items()), put.expires)

    def bump(self, key: Key, *, expires: int | None = None) -> int:
        rows.check_key(key)
        with self._lock:
            stored = self._rows.get(key)
            kept = (stored.text, stored.index, stored.expires) if stored else ("{}", (), None)
            self._write(key, kept[0], kept[1], kept[2] if expires is None else expires)
            return self._version(key)

    def search(
        self, index: str, value: str, *, cursor: str | None = None, limit: int = 50, oldest_first: bool = False
    ) -> tuple[Sequence[Row], str | None]:
        rows.check_search(index, value, limit)
        before = rows.decode_cursor(cursor) if cursor is not None else None
        with self._lock:
            found = [(s.born, key, s) for key, s in self._rows.items() if (index, value) in s.index]
        found.sort(key=lambda item: item[:2], reverse=not oldest_first)
        if before is not None:
            found = [item for item in found if (item[:2] > before if oldest_first else item[:2] < before)]
        page = found[:limit]
        more = rows.encode_cursor(*page[-1][:2]) if len(found) > limit else None
        return tuple(stored.row(key) for _, key, stored in page), more

    def _version(self, key: Key) -> int:
        stored = self._rows.get(key)
        return stored.version if stored else 0

    def _write(self, key: Key, text: str, index: tuple[tuple[str, str], ...], expires: int | None) -> None:
        self._writes += 1
        old = self._rows.get(key)
        born = old.born if old else f"{self._writes:020d}"
        self._partitions.setdefault(key.partition, {})[key.sort] = key
        self._rows[key] = _Stored(text, (old.version if old else 0) + 1, born, index, expires)


class MemoryBlobs:
    """`BlobStore` in a dict."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}
        self._kept: dict[str, int] = {}
        self._lock = Lock()

    def put(self, key: str, data: bytes, *, content_type: str, keep_until: int | None = None) -> bool:
        with self._lock:
            new = key not in self._blobs
            if new:
                self._blobs[key] = bytes(data)
        if keep_until is not None:
            self.keep(key, keep_until)
        return new

    def keep(self, key: str, until: int) -> None:
        with self._lock:
            if key not in self._blobs:
                raise NoMatch("No such file.")
            self._kept[key] = max(until, self._kept.get(key, until))

    def kept_until(self, key: str) -> int | None:
        return self._kept.get(key)

    def get(self, key: str) -> bytes | None:
        return self._blobs.get(key)

    def has(self, key: str) -> bool:
        return key in self._blobs

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self._blobs if key.startswith(prefix)))

    def url(self, key: str, *, name: str, seconds: int = 300) -> str:
        """Address of the right shape under a name that never resolves (RFC 2606)."""
        return f"https://blobs.invalid/{quote(key)}?name={quote(name, safe='')}&seconds={seconds}"


class MemoryStatic:
    """`StaticStore` in a dict. The ETag is a hash of the content, as in S3."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}
        self._lock = Lock()

    def read(self, path: str) -> tuple[bytes, str] | None:
        data = self._objects.get(path)
        return None if data is None else (data, _etag(data))

    def write(self, path: str, data: bytes, *, content_type: str, etag: str | None) -> None:
        with self._lock:
            old = self._objects.get(path)
            if etag != (None if old is None else _etag(old)):
                raise Conflict([Key("static", path)])
            self._objects[path] = bytes(data)


@dataclass(frozen=True, slots=True)
class MemoryIssuer:
    """`PermitIssuer` that calls the service in the same process."""

    service: Callable[[str], object]

    def issue(self, permit_id: str) -> None:
        self.service(permit_id)


@dataclass(frozen=True, slots=True)
class MemoryPrinter:
    """`PermitPrinter` that calls the service in the same process: (permit id, original)."""

    service: Callable[[str, bool], object]

    def make(self, permit_id: str, *, original: bool = False) -> None:
        self.service(permit_id, original)


@dataclass(frozen=True, slots=True)
class MemoryPublisher:
    """`StatusPublisher` that calls the service in the same process. A failure is logged and not raised."""

    service: Callable[[str], object]

    def publish(self, uri: str) -> None:
        try:
            self.service(uri)
        except Exception as error:  # the change of status is stored already; the scheduled run publishes it later
            log.fault(error, "publish")


@dataclass(frozen=True, slots=True)
class MemoryReader:
    """`DocumentReader` that parses in the same process, for our own files and for tests."""

    service: Callable[[bytes, str], FileFindings]

    def read(self, data: bytes, content_type: str) -> FileFindings:
        return self.service(data, content_type)


@dataclass(frozen=True, slots=True)
class MemoryLists:
    """`PublishedLists` of the given hosts (name -> store). Any other host raises `Unavailable`."""

    hosts: Mapping[str, StaticStore]

    def fetch(self, url: str, *, cap: int) -> bytes | None:
        host, _, path = url.removeprefix("https://").partition("/")
        if host not in self.hosts:
            raise Unavailable("The host did not answer.")
        held = self.hosts[host].read(path)
        if held is None:
            return None
        if len(held[0]) > cap:
            raise TooLarge("The answer of the host is too large.")
        return held[0]


class MemoryMailer:
    """`Mailer` that keeps each mail in `sent`."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> str:
        self.sent.append(mail)
        return f"memory-{len(self.sent)}"


def _etag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()}"'
