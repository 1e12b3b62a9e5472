"""Files that never change, in a bucket; S3's conditional write keeps the first one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import code_of, transient_as_unavailable

PUTS_AT_MOST = 5  # 409: two writers at once, S3 asks to repeat


class S3Blobs:
    """`BlobStore` in `bucket`. IAM: PutObject, GetObject, and ListBucket, or a missing key looks like a missing right.

    After a lost answer the repetition finds our own object and `put` says False: right, the content is there.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, data: bytes, *, content_type: str) -> bool:
        with transient_as_unavailable():
            for attempt in range(1, PUTS_AT_MOST + 1):
                try:
                    self._client.put_object(
                        Bucket=self._bucket, Key=key, Body=data, ContentType=content_type, IfNoneMatch="*"
                    )
                except ClientError as error:
                    if code_of(error) == "PreconditionFailed":
                        return False
                    if code_of(error) != "ConditionalRequestConflict" or attempt == PUTS_AT_MOST:
                        raise
                else:
                    return True
        raise AssertionError  # the last attempt returned or raised

    def get(self, key: str) -> bytes | None:
        with transient_as_unavailable():
            try:
                return bytes(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
            except ClientError as error:
                if code_of(error) == "NoSuchKey":
                    return None
                raise

    def has(self, key: str) -> bool:
        with transient_as_unavailable():
            try:
                self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if code_of(error) == "404":  # an answer to HEAD has no body to carry a better name
                    return False
                raise
        return True

    def url(self, key: str, *, name: str, seconds: int = 300) -> str:
        """Presigned (SigV4), always a download: a file is never shown inside our origin."""
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"  # RFC 6266
        params = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition}
        return str(self._client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds))
