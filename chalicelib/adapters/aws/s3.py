"""S3 stores: `S3Blobs` for files that never change, `S3Static` for published lists.

`S3Blobs`: the conditional write keeps the first version of a file, the object lock protects it from deletion.
`S3Static`: a list is replaced as a whole, under the ETag that the writer read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.adapters.aws.client import code_of, transient_as_unavailable
from chalicelib.kernel.errors import NoMatch
from chalicelib.kernel.rows import Conflict, Key

PUTS_AT_MOST = 5  # on 409 (two writers at once) S3 asks to retry


class S3Blobs:
    """`BlobStore` in `bucket`. IAM: PutObject, GetObject, ListBucket (without it a missing key looks like a 403).

    `lock`: mode of the bucket's object lock, GOVERNANCE or COMPLIANCE, which also needs GetObjectRetention and
    PutObjectRetention. If empty, the bucket has no lock, and `keep` does nothing. After a lost answer the retry finds
    our own object and `put` returns False. This is correct, because the content is stored.
    """

    def __init__(self, client: Any, bucket: str, *, lock: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._lock = lock

    def put(self, key: str, data: bytes, *, content_type: str, keep_until: int | None = None) -> bool:
        new = self._put(key, data, content_type, keep_until)
        if not new and keep_until is not None:
            self.keep(key, keep_until)
        return new

    def _put(self, key: str, data: bytes, content_type: str, keep_until: int | None) -> bool:
        kept: dict[str, Any] = {}
        if self._lock and keep_until is not None:
            kept = {"ObjectLockMode": self._lock, "ObjectLockRetainUntilDate": _time(keep_until)}
        with transient_as_unavailable():
            for attempt in range(1, PUTS_AT_MOST + 1):
                try:
                    self._client.put_object(
                        Bucket=self._bucket, Key=key, Body=data, ContentType=content_type, IfNoneMatch="*", **kept
                    )
                except ClientError as error:
                    if code_of(error) == "PreconditionFailed":
                        return False
                    if code_of(error) != "ConditionalRequestConflict" or attempt == PUTS_AT_MOST:
                        raise
                else:
                    return True
        raise AssertionError  # the last attempt returned or raised

    def keep(self, key: str, until: int) -> None:
        """Extend the retention of a file. Read it first, since S3 refuses to shorten it.

        A refusal is no error if another writer set a later day meanwhile.
        """
        if not self._lock or self._kept(key) >= until:
            return
        retention = {"Mode": self._lock, "RetainUntilDate": _time(until)}
        with transient_as_unavailable():
            try:
                self._client.put_object_retention(Bucket=self._bucket, Key=key, Retention=retention)
            except ClientError as error:
                if code_of(error) != "AccessDenied" or self._kept(key) < until:
                    raise

    def kept_until(self, key: str) -> int | None:
        try:
            return self._kept(key) or None
        except NoMatch:
            return None

    def _kept(self, key: str) -> int:
        """Retention of a file, Unix seconds, or 0 without one. Raises `NoMatch`: no such file."""
        found = self._head(key)
        if found is None:
            raise NoMatch("No such file.")
        until = found.get("ObjectLockRetainUntilDate")  # absent without the right GetObjectRetention
        return 0 if until is None else int(until.timestamp())

    def get(self, key: str) -> bytes | None:
        with transient_as_unavailable():
            try:
                return bytes(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
            except ClientError as error:
                if code_of(error) == "NoSuchKey":
                    return None
                raise

    def has(self, key: str) -> bool:
        return self._head(key) is not None

    def _head(self, key: str) -> dict[str, Any] | None:
        with transient_as_unavailable():
            try:
                found: dict[str, Any] = self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if code_of(error) == "404":  # the answer to HEAD has no body, so no error name
                    return None
                raise
        return found

    def keys(self, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with transient_as_unavailable():
            for page in pages:
                yield from (str(item["Key"]) for item in page.get("Contents", ()))

    def url(self, key: str, *, name: str, seconds: int = 300) -> str:
        """Presigned address (SigV4), always a download, so that no file is displayed in our origin."""
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"  # RFC 6266
        params = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition}
        return str(self._client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds))


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


LOST = {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}  # 412, 409, 404 of an If-Match


class S3Static:
    """`StaticStore` in `bucket` under `prefix`. IAM: PutObject, GetObject, ListBucket."""

    def __init__(self, client: Any, bucket: str, *, prefix: str = "", cache_control: str = "max-age=60") -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._cache_control = cache_control

    def read(self, path: str) -> tuple[bytes, str] | None:
        with transient_as_unavailable():
            try:
                found = self._client.get_object(Bucket=self._bucket, Key=self._key(path))
                return bytes(found["Body"].read()), str(found["ETag"])
            except ClientError as error:
                if code_of(error) == "NoSuchKey":
                    return None
                raise

    def write(self, path: str, data: bytes, *, content_type: str, etag: str | None) -> None:
        """Write a list if its ETag is still `etag` (None: if it does not exist). Raises `Conflict`.

        A retry after a lost answer may conflict with our own write, so read again and compare.
        """
        guard = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        with transient_as_unavailable():
            try:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=self._key(path),
                    Body=data,
                    ContentType=content_type,
                    CacheControl=self._cache_control,
                    **guard,
                )
            except ClientError as error:
                if code_of(error) not in LOST:
                    raise
                raise Conflict([Key("static", path)]) from None

    def _key(self, path: str) -> str:
        return self._prefix + path.lstrip("/")
