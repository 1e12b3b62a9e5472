"""Facts for `doctor` about table, buckets, user pool and functions on the local engine: complete, altered, missing."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.aws.register import definition
from chalicelib.adapters.aws.surroundings import AwsSurroundings
from chalicelib.diagnostics.services import BucketFacts
from chalicelib.kernel.errors import NoMatch, TamgaError
from local import resources
from local.engine import REGION, Engine

pytestmark = pytest.mark.engine


@pytest.fixture
def client(engine: Engine) -> Any:
    return lambda service: make_client(service, region=REGION, endpoint=engine.endpoint)


@pytest.fixture
def name() -> str:
    return f"tamga-{uuid.uuid4().hex[:12]}"


def test_table_as_defined_has_no_differences(client: Any, name: str) -> None:
    resources.ensure_table(client("dynamodb"), name)
    facts = AwsSurroundings(client, name, "").table()
    assert (facts.differs, facts.recovery, facts.protected, facts.expiring) == ((), False, False, True)
    assert facts.server_time is not None
    assert abs(facts.server_time - time.time()) < 60


def test_table_with_recovery_and_protection_is_reported(client: Any, name: str) -> None:
    dynamodb = client("dynamodb")
    dynamodb.create_table(**definition(name), DeletionProtectionEnabled=True)
    setting = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=setting)
    facts = AwsSurroundings(client, name, "").table()
    assert (facts.recovery, facts.protected, facts.expiring) == (True, True, False)


def test_table_of_other_shape_lists_differences(client: Any, name: str) -> None:
    other = definition(name)
    other["KeySchema"] = other["KeySchema"][:1]
    lost, kept, _ = other["GlobalSecondaryIndexes"]
    other["GlobalSecondaryIndexes"] = [{**kept, "KeySchema": kept["KeySchema"][:1]}]
    other["AttributeDefinitions"] = [
        each for each in other["AttributeDefinitions"]
        if each["AttributeName"] in {"pk", kept["KeySchema"][0]["AttributeName"]}
    ]  # fmt: skip
    client("dynamodb").create_table(**other)
    differs = AwsSurroundings(client, name, "").table().differs
    assert differs[:2] == ("its keys differ from the definition", f"index {lost['IndexName']} is missing")
    assert f"index {kept['IndexName']} differs from the definition or is not ready" in differs


def test_missing_resources_raise_no_match(client: Any, name: str) -> None:
    around = AwsSurroundings(client, name, f"{REGION}_nowhere")
    for look in (around.table, lambda: around.bucket(name), lambda: around.function(name)):
        with pytest.raises(NoMatch):
            look()
    with pytest.raises(TamgaError):
        around.second_factor()


def test_bucket_facts_show_versioning_privacy_and_lock(client: Any, name: str) -> None:
    s3 = client("s3")
    resources.ensure_bucket(s3, name)
    around = AwsSurroundings(client, "", "")
    assert around.bucket(name) == BucketFacts(versioned=False, private=False, locked=False)
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=f"{name}-2", CreateBucketConfiguration=where, ObjectLockEnabledForBucket=True)
    s3.put_bucket_versioning(Bucket=f"{name}-2", VersioningConfiguration={"Status": "Enabled"})
    blocks = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=f"{name}-2", PublicAccessBlockConfiguration=blocks)
    assert around.bucket(f"{name}-2") == BucketFacts(versioned=True, private=True, locked=True)


def test_second_factor_of_user_pool_is_reported(client: Any, name: str) -> None:
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    around = AwsSurroundings(client, "", pool)
    assert around.second_factor() == "OFF"
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON"
    )
    assert around.second_factor() == "ON"
