"""Published lists in a bucket, each replaced as a whole and only by a writer who saw the last one."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import code_of, transient_as_unavailable
from chalicelib.ports import Conflict, Key

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
        """A lost answer and its repetition may end in `Conflict` against our own write: read again and compare."""
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
