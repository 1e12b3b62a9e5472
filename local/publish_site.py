"""Upload the web pages of a stage to their buckets: files of a new version first, then the pages that name it.

    python -m local.publish_site --public BUCKET --staff BUCKET [--endpoint URL]

Open pages of an old version keep working, because nothing is deleted, and only pages are overwritten. The environment's
TAMGA_* variables name the stage (docs/OPERATIONS.md). Credentials and region are the SDK's.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from chalicelib.composition import container
from chalicelib.platform.config import from_env
from local.door import doors
from local.site import FOR_EVER, HOSTS, Site, stage_facts


def publish(site: Site, client: Any, bucket: str, say: Callable[[str], None]) -> int:
    """Upload the site and return the number of objects written.

    A file of this version that exists is not uploaded again, because it is the same.
    """
    pages = [address for address, file in site.files.items() if file.cache != FOR_EVER]
    held = {
        item["Key"]
        for answer in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"w/{site.version}/")
        for item in answer.get("Contents", ())
    }
    files = [address for address in site.files if address not in pages and address.removeprefix("/") not in held]
    for address in [*files, *pages]:
        file = site.files[address]
        client.put_object(
            Bucket=bucket,
            Key=address.removeprefix("/"),
            Body=file.data,
            ContentType=file.content_type,
            CacheControl=file.cache,
        )
    say(f"{bucket}: version {site.version}, {len(files)} files written, {len(held)} unchanged, {len(pages)} pages")
    return len(files) + len(pages)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.publish_site", description=__doc__.splitlines()[0])
    for host in HOSTS:
        parser.add_argument(f"--{host}", metavar="BUCKET", help=f"the bucket of the {host} host's pages")
    parser.add_argument("--endpoint", help="address of a local engine; default: AWS")
    asked = parser.parse_args(arguments)
    missing = _Missing()
    logging.getLogger("tamga").addHandler(missing)
    facts = stage_facts(container.container_of(from_env(os.environ)))
    if not facts["pins"]:
        print(
            "TAMGA_PINS: not set. The pages need the roots to trust: set it, then repeat the command.", file=sys.stderr
        )
        return 1
    import boto3

    client = boto3.client("s3", endpoint_url=asked.endpoint)
    for host in HOSTS:
        chosen = [door for door in doors() if door.host == host]
        if (bucket := getattr(asked, host)) and chosen:
            site = Site(facts, chosen)
            if missing.seen:  # an incomplete site is not published
                print("\n".join(missing.seen), file=sys.stderr)
                return 1
            publish(site, client, bucket, print)
    return 0


class _Missing(logging.Handler):
    """Collects the files that `Site` reports missing."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())


if __name__ == "__main__":
    raise SystemExit(main())
