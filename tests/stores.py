"""Stores behind the ports, in memory or on AWS, for the contract tests and the races."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.adapters.aws.s3 import S3Blobs, S3Static
from chalicelib.platform.deps import BlobStore, PermitRegister, StaticStore
from local import resources
from local.engine import REGION

TABLE = "tamga-contract"
LOCK = "COMPLIANCE"  # the stricter mode: no user can delete, with any rights


@dataclass(frozen=True)
class Stores:
    """The stores of one backend. `s3`: its client, if there is one."""

    name: str
    register: PermitRegister
    blobs: BlobStore
    static: StaticStore
    s3: Any = None


def on_aws(name: str, endpoint: str | None) -> Stores:
    dynamodb, s3 = (make_client(service, region=REGION, endpoint=endpoint) for service in ("dynamodb", "s3"))
    resources.ensure_table(dynamodb, TABLE)
    resources.ensure_bucket(s3, "tamga-static")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):  # as infra/ does: an object lock cannot be added later
        s3.create_bucket(
            Bucket="tamga-blobs",
            ObjectLockEnabledForBucket=True,
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
    register = DynamoRegister(TABLE, region=REGION, endpoint=endpoint)
    blobs = S3Blobs(s3, "tamga-blobs", lock=LOCK)
    return Stores(name, register, blobs, S3Static(s3, "tamga-static", prefix="public/"), s3)
