"""Stored data: it cannot be lost, read or deleted by accident, and two stages share no name."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from merged import merged
from test_stage_roles import STAGES, listed, of_type

from chalicelib.adapters.aws import register
from chalicelib.applications.rules.validity import VALIDITY
from chalicelib.permits.services.store import KEPT_AFTER_EXPIRY
from infra.template import us_east_1

NAMES = {  # properties with a resource's name, where CloudFormation lets the template choose
    "AlarmName", "AliasName", "BucketName", "ClientName", "DashboardName", "Domain", "FunctionName", "GroupName",
    "LogGroupName", "Name", "PolicyName", "QueueName", "RoleName", "TableName", "TopicName", "TrailName",
    "UserPoolName",
}  # fmt: skip


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def template(stage: str) -> dict[str, Any]:
    return merged(stage)


@pytest.fixture
def resources(template: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"]
    return found


def test_table_definition_matches_the_adapter(resources: dict[str, Any]) -> None:
    table = resources["Register"]["Properties"]
    wanted = register.definition("x")
    del wanted["TableName"]
    assert {name: table[name] for name in wanted} == wanted
    assert table["TableName"] == {"Fn::Sub": "tamga-${Stage}"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_table_has_recovery_deletion_protection_and_encryption(resources: dict[str, Any]) -> None:
    table = resources["Register"]["Properties"]
    assert table["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35,
    }  # fmt: skip
    assert table["DeletionProtectionEnabled"] is True
    assert table["SSESpecification"] == {
        "SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Fn::GetAtt": ["DataKey", "Arn"]},
    }  # fmt: skip


def test_stored_data_is_retained_when_stack_is_deleted(resources: dict[str, Any]) -> None:
    kept = {
        "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Cognito::UserPool", "AWS::Logs::LogGroup",
    }  # fmt: skip
    found = [one for one in resources.values() if one["Type"] in kept]
    assert {one["Type"] for one in found} == kept
    assert all(one.get("DeletionPolicy") == one.get("UpdateReplacePolicy") == "Retain" for one in found)


def test_buckets_are_private_versioned_and_tls_only(resources: dict[str, Any]) -> None:
    buckets = of_type(resources, "AWS::S3::Bucket")
    assert set(buckets) == {"Files", "Static", "Logs", "TrailFiles", "PublicPages", "StaffPages", "Truststore"}
    policies = {
        p["Bucket"]["Ref"]: p["PolicyDocument"]["Statement"]
        for p in of_type(resources, "AWS::S3::BucketPolicy").values()
    }
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["BucketEncryption"]
        refused = {
            "TlsOnly": {"Bool": {"aws:SecureTransport": "false"}},
            "ModernTlsOnly": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        }
        for sid, condition in refused.items():
            (tls,) = [s for s in policies[name] if s["Sid"] == sid]
            assert (tls["Effect"], tls["Principal"], tls["Action"]) == ("Deny", "*", "s3:*")
            assert tls["Condition"] == condition
        for statement in policies[name]:
            assert statement["Effect"] == "Deny" or "Service" in statement["Principal"]
            assert statement["Effect"] == "Deny" or statement["Condition"]["StringEquals"]


def test_files_bucket_has_object_lock_and_own_key(template: dict[str, Any], stage: str) -> None:
    files = template["Resources"]["Files"]["Properties"]
    assert files["ObjectLockEnabled"] is True
    assert files["ObjectLockConfiguration"] == {"ObjectLockEnabled": "Enabled"}
    (rule,) = files["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["DataKey", "Arn"]},
    }  # fmt: skip
    assert "ExpirationInDays" not in json.dumps(files)
    (never,) = [
        s for s in template["Resources"]["FilesPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        if s["Sid"] == "FunctionsDeleteNothing"
    ]  # fmt: skip
    assert {"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"} <= set(never["Action"])
    mode = template["Mappings"]["Stages"][stage]["FilesLock"]
    assert mode == {"practice": "GOVERNANCE", "production": "COMPLIANCE"}[stage]
    for function in ("APIHandler", "PrintPermit"):
        variables = template["Resources"][function]["Properties"]["Environment"]["Variables"]
        assert variables["TAMGA_FILES_LOCK"] == {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "FilesLock"]}


def test_replaced_status_lists_are_deleted_after_a_week(resources: dict[str, Any]) -> None:
    """Another Party may sign 18 full lists again at each turn, so 90 days of them were about 30 GB."""
    rules = resources["Static"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (old,) = [rule for rule in rules if "NoncurrentVersionExpiration" in rule]
    assert (old["Status"], old["Prefix"]) == ("Enabled", "s/")
    assert old["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}


def test_trail_is_locked_longer_than_any_permit(template: dict[str, Any], stage: str) -> None:
    resources, differ = template["Resources"], template["Mappings"]["Stages"][stage]
    bucket = resources["TrailFiles"]["Properties"]
    days, mode = ({"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, name]} for name in ("TrailDays", "FilesLock"))
    assert resources["Trail"]["Properties"]["S3BucketName"] == {"Ref": "TrailFiles"}
    assert bucket["ObjectLockEnabled"] is True
    assert bucket["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": mode, "Days": days}},
    }  # fmt: skip
    (ends,) = [rule for rule in bucket["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in rule]
    assert ends["ExpirationInDays"] == days
    # S3 delivers no access log into a bucket with a lock (S3 User Guide, "Object Lock considerations")
    targets = [one.get("LoggingConfiguration", {}) for one in of_type(resources, "AWS::S3::Bucket").values()]
    assert {"Ref": "TrailFiles"} not in [one.get("DestinationBucketName") for one in targets]
    if stage == "production":
        longest = max(validity.months for validity in VALIDITY.values())
        assert differ["TrailDays"] * 86400 >= KEPT_AFTER_EXPIRY + (longest * 31) * 86400  # as long as its files do


def test_published_objects_cannot_be_deleted(resources: dict[str, Any]) -> None:
    """Without `register-mark` a restored table would open by itself.

    The policy does not apply to lifecycle rules.
    """
    policy = resources["StaticPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (never,) = [s for s in policy if "s3:DeleteObject" in listed(s["Action"])]
    assert (never["Effect"], never["Principal"]) == ("Deny", "*")
    assert set(never["Action"]) == {"s3:DeleteObject", "s3:DeleteObjectVersion"}
    assert never["Resource"] == {"Fn::Sub": "${Static.Arn}/*"}
    assert "Condition" not in never


def test_data_key_rotates_and_is_used_through_a_store_only(resources: dict[str, Any]) -> None:
    key = resources["DataKey"]["Properties"]
    assert key["EnableKeyRotation"] is True
    for statement in key["KeyPolicy"]["Statement"]:
        opens = {"kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"} & set(listed(statement["Action"]))
        if statement["Effect"] == "Allow" and opens:
            assert statement["Condition"], statement["Sid"]
            via = statement["Condition"].get("StringEquals", {})
            assert "Service" in statement["Principal"] or "kms:ViaService" in via


def test_logs_expire_and_are_encrypted(resources: dict[str, Any]) -> None:
    for log in of_type(resources, "AWS::Logs::LogGroup").values():
        assert log["RetentionInDays"] == {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "LogDays"]}
        assert log["KmsKeyId"] == {"Fn::GetAtt": ["DataKey", "Arn"]}


def names_in(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [name for one in value for name in names_in(one)]
    if not isinstance(value, dict):
        return []
    mine = [one for name, one in value.items() if name in NAMES]
    return mine + [name for one in value.values() for name in names_in(one)]


def test_every_chosen_name_contains_the_stage(template: dict[str, Any], stage: str) -> None:
    """CloudFormation makes the other names, different for each stack."""
    east = us_east_1()
    checked = 0
    for one in (*template["Resources"].values(), *east["Resources"].values()):
        if one["Type"] in {"AWS::Cognito::UserPoolGroup", "AWS::CloudWatch::Alarm"}:
            assert one["Properties"].get("UserPoolId", {"Ref": "People"}) == {"Ref": "People"}
        properties = {
            name: value for name, value in one["Properties"].items() if name in NAMES and not isinstance(value, dict)
        }
        inside = {n: v for n, v in one["Properties"].items() if n in NAMES and isinstance(v, dict)}
        if one["Type"] != "AWS::Cognito::UserPoolGroup":
            assert not properties, (one["Type"], properties)
        for value in inside.values():
            assert "${Stage}" in json.dumps(value) or next(iter(value)) in {"Ref", "Fn::GetAtt"}, value
            checked += 1
    assert checked > 80
    assert template["Parameters"]["Stage"]["AllowedValues"] == [stage]
    assert template["Parameters"]["Stage"]["Default"] == stage


def test_stage_refuses_restored_table_of_another_stage(template: dict[str, Any], stage: str) -> None:
    taken = re.compile(template["Parameters"]["RestoredTable"]["AllowedPattern"])
    (other,) = set(STAGES) - {stage}
    assert [bool(taken.fullmatch(name)) for name in ("", f"tamga-{stage}-2026-11-25")] == [True, True]
    for name in (f"tamga-{other}", f"tamga-{other}-2026-11-25", f"tamga-{stage}", "tamga-x", f"tamga-{stage}x-1"):
        assert not taken.fullmatch(name), name


def test_stages_differ_in_their_name_only() -> None:
    """Production then does what was tried in practice."""
    texts = {stage: json.dumps({**merged(stage), "Mappings": None}, sort_keys=True) for stage in STAGES}
    assert texts["practice"] != texts["production"]
    assert texts["practice"].replace("practice", "production") == texts["production"].replace("practice", "production")


def test_template_is_within_cloudformation_limits(template: dict[str, Any]) -> None:
    assert len(json.dumps(template)) < 500_000  # 1 MB, and SAM's transform adds to it
    assert len(template["Resources"]) < 400  # 500
    assert len(template["Parameters"]) < 150  # 200


def test_no_policy_has_a_wildcard_for_the_stage(resources: dict[str, Any]) -> None:
    """A star in place of the stage would give rights to another stage."""
    for one in resources.values():
        for text in re.findall(r"tamga-[^\"]*", json.dumps(one)):
            assert not text.startswith("tamga-*"), text
