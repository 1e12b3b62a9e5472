"""Whether files keep the promises of `ports.BlobStore` and `ports.StaticStore`."""

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


def test_the_first_content_of_a_blob_stays(blobs: BlobStore, fresh: str) -> None:
    key = f"pdf/{fresh}/26KG000123-E.pdf"
    assert (blobs.get(key), blobs.has(key)) == (None, False)
    assert blobs.put(key, PDF, content_type="application/pdf") is True
    assert blobs.put(key, b"other", content_type="application/pdf") is False
    assert blobs.put(key, PDF, content_type="application/pdf") is False
    assert (blobs.get(key), blobs.has(key)) == (PDF, True)


def test_a_file_is_kept_and_only_ever_longer(blobs: BlobStore, fresh: str) -> None:
    assert blobs.put(fresh, PDF, content_type="application/pdf") is True
    assert blobs.kept_until(fresh) is None
    for asked, kept in ((LATER, LATER), (LATER - 60, LATER), (LATER, LATER), (LATER + 60, LATER + 60)):
        blobs.keep(fresh, asked)
        assert blobs.kept_until(fresh) == kept


def test_a_file_is_kept_from_the_moment_it_is_put(blobs: BlobStore, fresh: str) -> None:
    assert blobs.put(fresh, PDF, content_type="application/pdf", keep_until=LATER) is True
    assert blobs.kept_until(fresh) == LATER
    assert blobs.put(fresh, b"other", content_type="application/pdf", keep_until=LATER + 60) is False
    assert (blobs.get(fresh), blobs.kept_until(fresh)) == (PDF, LATER + 60)


def test_what_is_not_there_cannot_be_kept(blobs: BlobStore, fresh: str) -> None:
    with pytest.raises(NoMatch):
        blobs.keep(fresh, LATER)
    assert blobs.kept_until(fresh) is None


@pytest.mark.engine
def test_nobody_deletes_what_is_kept(engine_stores: Stores, fresh: str) -> None:
    """The bucket's own power, by which a mode would be worth nothing without it."""
    s3 = engine_stores.s3
    engine_stores.blobs.put(fresh, PDF, content_type="application/pdf", keep_until=int(time.time()) + 86400)
    version = s3.head_object(Bucket="tamga-blobs", Key=fresh)["VersionId"]
    for how in ({}, {"BypassGovernanceRetention": True}):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket="tamga-blobs", Key=fresh, VersionId=version, **how)


@pytest.mark.engine
def test_a_bucket_without_a_lock_keeps_nothing(engine_stores: Stores, fresh: str) -> None:
    plain = S3Blobs(engine_stores.s3, "tamga-static")
    assert plain.put(fresh, PDF, content_type="application/pdf", keep_until=LATER) is True
    plain.keep(fresh, LATER)
    assert plain.kept_until(fresh) is None


def test_a_blob_may_be_empty(blobs: BlobStore, fresh: str) -> None:
    assert blobs.put(fresh, b"", content_type="text/plain") is True
    assert blobs.get(fresh) == b""
    assert blobs.put(fresh, b"x", content_type="text/plain") is False


def test_the_store_keeps_its_own_bytes(blobs: BlobStore, fresh: str) -> None:
    mine = bytearray(b"abc")
    blobs.put(fresh, mine, content_type="text/plain")
    mine[0] = 0
    assert blobs.get(fresh) == b"abc"


def test_an_address_names_the_file(blobs: BlobStore, fresh: str) -> None:
    assert "26KG000123-E.pdf" in blobs.url(fresh, name="26KG000123-E.pdf")


@pytest.mark.engine
def test_a_presigned_address_downloads_and_cannot_be_altered(engine_stores: Stores, fresh: str) -> None:
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
def test_one_of_many_writers_is_first(engine_stores: Stores, fresh: str) -> None:
    def write(n: int) -> bool:
        return engine_stores.blobs.put(fresh, b"%d" % n, content_type="text/plain")

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(16)))
    assert won.count(True) == 1
    assert engine_stores.blobs.get(fresh) == b"%d" % won.index(True)


def test_a_list_is_made_once_and_replaced_by_who_saw_it(static: StaticStore, fresh: str) -> None:
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


def test_a_list_that_is_not_there_is_not_replaced(static: StaticStore, fresh: str) -> None:
    with pytest.raises(Conflict):
        static.write(fresh, b"1", content_type="application/cbor", etag='"d41d8cd98f00b204e9800998ecf8427e"')
    assert static.read(fresh) is None


@pytest.mark.engine
def test_one_of_many_publishers_replaces(engine_stores: Stores, fresh: str) -> None:
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
def test_a_list_lies_where_the_web_looks_for_it(engine_stores: Stores, fresh: str) -> None:
    engine_stores.static.write(f"/s/{fresh}", b"1", content_type="application/statuslist+cwt", etag=None)
    found = engine_stores.s3.get_object(Bucket="tamga-static", Key=f"public/s/{fresh}")
    assert (found["ContentType"], found["CacheControl"]) == ("application/statuslist+cwt", "max-age=60")


def test_keys_lists_what_begins_so_however_many(blobs: BlobStore, fresh: str) -> None:
    names = [f"prints/{fresh}/{n:04d}.pdf" for n in range(12)]
    for name in (*names, f"papers/{fresh}"):
        blobs.put(name, PDF, content_type="application/pdf")
    assert list(blobs.keys(f"prints/{fresh}/")) == names
    assert list(blobs.keys(f"none/{fresh}")) == []


def test_a_writer_who_is_always_too_late_is_told_to_try_again(fresh: str) -> None:
    """S3 answers 409 to two writers at once; five times is busy, and no fault of ours."""

    class Busy:
        tries = 0

        def put_object(self, **_: object) -> None:
            self.tries += 1
            raise ClientError({"Error": {"Code": "ConditionalRequestConflict"}}, "PutObject")

    client = Busy()
    with pytest.raises(Unavailable):
        S3Blobs(client, "bucket").put(fresh, PDF, content_type="application/pdf")
    assert client.tries == 5
