"""Upload of the pages to their buckets: complete, files before pages, and on repetition the pages only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local import publish_site
from local.door import WEB, Door, doors
from local.site import Site

FACTS: dict[str, Any] = {"host": "practice.tamga.kg", "issuer": "KG", "practice": True}
PIN = "KG=" + "ab" * 32


@pytest.fixture
def buckets(aws_credentials: None) -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="eu-central-1")
        for name in ("public", "staff"):
            client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield client


@pytest.fixture
def made() -> Site:
    if not (WEB / "node_modules/.ready").exists():
        pytest.skip("the packages of web/ could not be set up here (local/make-node says why)")
    return Site(FACTS, [door for door in doors() if door.host == "public"])


def test_every_file_is_uploaded_with_type_and_cache_time(buckets: Any, made: Site) -> None:
    written = publish_site.publish(made, buckets, "public", lambda text: None)
    assert written == len(made.files)
    for address, file in made.files.items():
        held = buckets.get_object(Bucket="public", Key=address.removeprefix("/"))
        assert held["Body"].read() == file.data
        assert (held["ContentType"], held["CacheControl"]) == (file.content_type, file.cache)


def test_pages_are_uploaded_last_and_alone_on_repetition(buckets: Any, made: Site) -> None:
    keys: list[str] = []
    put = buckets.put_object
    buckets.put_object = lambda **asked: keys.append(asked["Key"]) or put(**asked)
    publish_site.publish(made, buckets, "public", lambda text: None)
    pages = [
        address.removeprefix("/")
        for door in doors()
        if door.host == "public"
        for address in {**door.pages, **door.fixed}
    ]
    assert sorted(keys[-len(pages) :]) == sorted(pages)
    assert all(key.startswith(f"w/{made.version}/") for key in keys[: -len(pages)])
    keys.clear()
    publish_site.publish(made, buckets, "public", lambda text: None)
    assert sorted(keys) == sorted(pages)


def test_command_reads_the_stage_from_the_environment(
    buckets: Any, made: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("TAMGA_HOST", "check.example.kg")
    monkeypatch.setenv("TAMGA_PRACTICE", "no")
    assert publish_site.main(["--public", "public"]) == 1
    assert "TAMGA_PINS" in capsys.readouterr().err
    monkeypatch.setenv("TAMGA_PINS", PIN)
    assert publish_site.main(["--public", "public"]) == 0
    page = buckets.get_object(Bucket="public", Key="1")["Body"].read().decode()
    assert "https://check.example.kg/1" in page
    assert 'data-practice="no"' in page


def test_incomplete_site_is_not_published(
    buckets: Any, made: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("TAMGA_PINS", PIN)
    whole = Door.sources
    monkeypatch.setattr(Door, "sources", lambda door: [*whole(door), "node_modules/gone.js"])
    assert publish_site.main(["--public", "public"]) == 1
    assert "gone.js" in capsys.readouterr().err
    assert "Contents" not in buckets.list_objects_v2(Bucket="public")
