"""AWS resources of the local run: table, buckets and keys. Missing ones are created, existing ones never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws.register import definition

LISTED = 3  # keys of each purpose in the first trust list: one in use, two spare (FORMAT.md 4)
KEY_ALIASES = {  # the last of each purpose is in no list yet: for admission, rotation or a compromise
    purpose: tuple(f"{purpose}-{n}" for n in range(1, LISTED + 2)) for purpose in ("permit", "status", "pdf")
}


@dataclass(frozen=True, slots=True)
class Resources:
    """Names of the resources. `keys`: aliases (`alias/<prefix>-permit-1`) by purpose, in order of use."""

    table: str
    blobs: str
    static: str
    keys: dict[str, tuple[str, ...]]


def ensure(*, prefix: str, dynamodb: Any, s3: Any, kms: Any) -> Resources:
    """Create the missing resources of one stage. Safe to repeat. `prefix` names the stage, e.g. `tamga-local`."""
    keys = {purpose: tuple(f"alias/{prefix}-{name}" for name in names) for purpose, names in KEY_ALIASES.items()}
    made = Resources(table=prefix, blobs=f"{prefix}-blobs", static=f"{prefix}-static", keys=keys)
    ensure_table(dynamodb, made.table)
    ensure_bucket(s3, made.blobs)
    ensure_bucket(s3, made.static)
    for aliases in keys.values():
        ensure_keys(kms, aliases)
    return made


def ensure_table(dynamodb: Any, name: str) -> None:
    try:
        dynamodb.create_table(**definition(name))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceInUseException":
            raise
    dynamodb.get_waiter("table_exists").wait(TableName=name)
    described = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if described.get("TimeToLiveStatus") not in {"ENABLED", "ENABLING"}:
        setting = {"Enabled": True, "AttributeName": "expires"}
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=setting)


def ensure_bucket(s3: Any, name: str) -> None:
    try:
        s3.head_bucket(Bucket=name)
    except ClientError:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})


def ensure_mail(ses: Any, domain: str) -> None:
    """Register the mail domain, without which SES does not send. The engine treats it as verified."""
    try:
        ses.get_email_identity(EmailIdentity=domain)
    except ClientError:
        ses.create_email_identity(EmailIdentity=domain)


def ensure_keys(kms: Any, aliases: tuple[str, ...]) -> None:
    """Give each alias a P-256 signing key of its own."""
    pages = kms.get_paginator("list_aliases").paginate()
    there = {entry["AliasName"] for page in pages for entry in page["Aliases"]}
    for alias in aliases:
        if alias not in there:
            key = kms.create_key(
                KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY", Description=alias.removeprefix("alias/")
            )
            kms.create_alias(AliasName=alias, TargetKeyId=key["KeyMetadata"]["KeyId"])
