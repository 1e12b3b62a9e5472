"""Contract of `ports.BlobStore` and `ports.StaticStore` on every implementation."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from stores import Stores

from chalicelib.adapters.aws.s3 import S3Blobs
from chalicelib.kernel.errors import NoMatch, Unavailable
from chalicelib.kernel.rows import Conflict, Key
from chalicelib.platform.deps import BlobStore, StaticStore

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
LATER = int(time.time()) + 86400


def test_first_content_of_blob_is_kept(blobs: BlobStore, fresh: str) -> None:
    key = f"pdf/{fresh}/26KG000123-E.pdf"
    assert (blobs.get(key), blobs.has(key)) == (None, False)
    assert blobs.put(key, PDF, content_type="application/pdf") is True
    assert blobs.put(key, b"other", content_type="application/pdf") is False
    assert blobs.put(key, PDF, content_type="application/pdf") is False
    assert (blobs.get(key), blobs.has(key)) == (PDF, True)


def test_retention_is_only_ever_extended(blobs: BlobStore, fresh: str) -> None:
    assert blobs.put(fresh, PDF, content_type="application/pdf") is True
    assert blobs.kept_until(fresh) is None
    for asked, kept in ((LATER, LATER), (LATER - 60, LATER), (LATER, LATER), (LATER + 60, LATER + 60)):
        blobs.keep(fresh, asked)
        assert blobs.kept_until(fresh) == kept


def test_retention_begins_with_the_put(blobs: BlobStore, fresh: str) -> None:
    assert blobs.put(fresh, PDF, content_type="application/pdf", keep_until=LATER) is True
    assert blobs.kept_until(fresh) == LATER
    assert blobs.put(fresh, b"other", content_type="application/pdf", keep_until=LATER + 60) is False
    assert (blobs.get(fresh), blobs.kept_until(fresh)) == (PDF, LATER + 60)


def test_retention_of_missing_file_raises_no_match(blobs: BlobStore, fresh: str) -> None:
    with pytest.raises(NoMatch):
        blobs.keep(fresh, LATER)
    assert blobs.kept_until(fresh) is None


@pytest.mark.engine
def test_retained_file_cannot_be_deleted(engine_stores: Stores, fresh: str) -> None:
    """The bucket itself refuses, because without its object lock the retention mode has no effect."""
    s3 = engine_stores.s3
    engine_stores.blobs.put(fresh, PDF, content_type="application/pdf", keep_until=int(time.time()) + 86400)
    version = s3.head_object(Bucket="tamga-blobs", Key=fresh)["VersionId"]
    for how in ({}, {"BypassGovernanceRetention": True}):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket="tamga-blobs", Key=fresh, VersionId=version, **how)


@pytest.mark.engine
def test_bucket_without_object_lock_retains_nothing(engine_stores: Stores, fresh: str) -> None:
    plain = S3Blobs(engine_stores.s3, "tamga-static")
    assert plain.put(fresh, PDF, content_type="application/pdf", keep_until=LATER) is True
    plain.keep(fresh, LATER)
    assert plain.kept_until(fresh) is None


def test_blob_may_be_empty(blobs: BlobStore, fresh: str) -> None:
    assert blobs.put(fresh, b"", content_type="text/plain") is True
    assert blobs.get(fresh) == b""
    assert blobs.put(fresh, b"x", content_type="text/plain") is False


def test_blob_store_copies_the_bytes(blobs: BlobStore, fresh: str) -> None:
    mine = bytearray(b"abc")
    blobs.put(fresh, mine, content_type="text/plain")
    mine[0] = 0
    assert blobs.get(fresh) == b"abc"


def test_address_contains_the_file_name(blobs: BlobStore, fresh: str) -> None:
    assert "26KG000123-E.pdf" in blobs.url(fresh, name="26KG000123-E.pdf")


@pytest.mark.engine
def test_presigned_address_downloads_and_cannot_be_altered(engine_stores: Stores, fresh: str) -> None:
    engine_stores.blobs.put(fresh, PDF, content_type="application/pdf")
    engine_stores.blobs.put(fresh + "2", b"other", content_type="application/pdf")
    address = engine_stores.blobs.url(fresh, name='Уруксат "26".pdf', seconds=60)
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == PDF
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == (
            "attachment; filename=\"_______ _26_.pdf\"; filename*=UTF-8''"
            "%D0%A3%D1%80%D1%83%D0%BA%D1%81%D0%B0%D1%82%20%2226%22.pdf"
        )
    for forged in (address.replace(fresh, fresh + "2", 1), address.replace("Expires=60", "Expires=600")):
        assert forged != address
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(forged)
        assert refused.value.code == 403


@pytest.mark.engine
def test_one_of_sixteen_parallel_puts_succeeds(engine_stores: Stores, fresh: str) -> None:
    def write(n: int) -> bool:
        return engine_stores.blobs.put(fresh, b"%d" % n, content_type="text/plain")

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(16)))
    assert won.count(True) == 1
    assert engine_stores.blobs.get(fresh) == b"%d" % won.index(True)


def test_static_write_needs_current_etag(static: StaticStore, fresh: str) -> None:
    path = f"/s/{fresh}"
    assert static.read(path) is None
    static.write(path, b"1", content_type="application/cbor", etag=None)
    with pytest.raises(Conflict) as refused:
        static.write(path, b"2", content_type="application/cbor", etag=None)
    assert refused.value.keys == (Key("static", path),)
    content, first = static.read(path) or (None, "")
    assert content == b"1"
    static.write(path, b"2", content_type="application/cbor", etag=first)
    with pytest.raises(Conflict):
        static.write(path, b"3", content_type="application/cbor", etag=first)
    content, second = static.read(path) or (None, "")
    assert content == b"2"
    assert second != first


def test_static_write_with_etag_of_missing_file_conflicts(static: StaticStore, fresh: str) -> None:
    with pytest.raises(Conflict):
        static.write(fresh, b"1", content_type="application/cbor", etag='"d41d8cd98f00b204e9800998ecf8427e"')
    assert static.read(fresh) is None


@pytest.mark.engine
def test_one_of_sixteen_parallel_writes_succeeds(engine_stores: Stores, fresh: str) -> None:
    static = engine_stores.static
    static.write(fresh, b"0", content_type="text/plain", etag=None)
    _, etag = static.read(fresh) or (b"", "")

    def publish(n: int) -> bool:
        try:
            static.write(fresh, b"%d" % n, content_type="text/plain", etag=etag)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(publish, range(1, 17)))
    assert won.count(True) == 1
    assert (static.read(fresh) or (b"",))[0] == b"%d" % (won.index(True) + 1)


@pytest.mark.engine
def test_static_file_is_stored_under_public_with_cache_headers(engine_stores: Stores, fresh: str) -> None:
    engine_stores.static.write(f"/s/{fresh}", b"1", content_type="application/statuslist+cwt", etag=None)
    found = engine_stores.s3.get_object(Bucket="tamga-static", Key=f"public/s/{fresh}")
    assert (found["ContentType"], found["CacheControl"]) == ("application/statuslist+cwt", "max-age=60")


def test_keys_lists_every_name_with_prefix_in_order(blobs: BlobStore, fresh: str) -> None:
    names = [f"prints/{fresh}/{n:04d}.pdf" for n in range(12)]
    for name in (*names, f"papers/{fresh}"):
        blobs.put(name, PDF, content_type="application/pdf")
    assert list(blobs.keys(f"prints/{fresh}/")) == names
    assert list(blobs.keys(f"none/{fresh}")) == []


def test_put_after_five_conflicts_raises_unavailable(fresh: str) -> None:
    """S3 answers 409 to two writers at once.

    Five times means a busy store, not a fault of the caller.
    """

    class Busy:
        tries = 0

        def put_object(self, **_: object) -> None:
            self.tries += 1
            raise ClientError({"Error": {"Code": "ConditionalRequestConflict"}}, "PutObject")

    client = Busy()
    with pytest.raises(Unavailable):
        S3Blobs(client, "bucket").put(fresh, PDF, content_type="application/pdf")
    assert client.tries == 5
