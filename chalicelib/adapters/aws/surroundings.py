"""Read-only facts about a stage's table, buckets, user pool and functions on AWS (`Surroundings`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws.client import code_of
from chalicelib.adapters.aws.register import definition
from chalicelib.diagnostics.services import BucketFacts, TableFacts
from chalicelib.kernel.errors import Forbidden, NoMatch, Unavailable

ABSENT = frozenset(
    {
        "ResourceNotFoundException",
        "NoSuchBucket",
        "404",
        "NoSuchPublicAccessBlockConfiguration",
        "ObjectLockConfigurationNotFoundError",
        "NotFoundException",
    }
)

REFUSED = frozenset({"AccessDenied", "AccessDeniedException", "403"})


class AwsSurroundings:
    """`Surroundings` on AWS. `client`: service name -> boto3 client. `pool`: id of the user pool."""

    def __init__(self, client: Callable[[str], Any], table: str, pool: str) -> None:
        self._client, self._table, self._pool = client, table, pool

    def table(self) -> TableFacts:
        dynamodb = self._client("dynamodb")
        with _aws_errors("the table"):
            answer = dynamodb.describe_table(TableName=self._table)
            backups = dynamodb.describe_continuous_backups(TableName=self._table)["ContinuousBackupsDescription"]
            life = dynamodb.describe_time_to_live(TableName=self._table)["TimeToLiveDescription"]
        found = answer["Table"]
        date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        recovery = backups.get("PointInTimeRecoveryDescription", {})
        return TableFacts(
            differs=_differs(found, definition(self._table)),
            recovery=recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
            protected=bool(found.get("DeletionProtectionEnabled")),
            expiring=life.get("TimeToLiveStatus") == "ENABLED" and life.get("AttributeName") == "expires",
            server_time=int(parsedate_to_datetime(date).timestamp()) if date else None,
        )

    def bucket(self, name: str) -> BucketFacts:
        s3 = self._client("s3")
        with _aws_errors(name):
            versioned = s3.get_bucket_versioning(Bucket=name).get("Status") == "Enabled"
        return BucketFacts(
            versioned,
            _has(s3.get_public_access_block, name, _private),
            _has(s3.get_object_lock_configuration, name, _locked),
        )

    def second_factor(self) -> str:
        with _aws_errors("the user pool"):
            return str(self._client("cognito-idp").get_user_pool_mfa_config(UserPoolId=self._pool)["MfaConfiguration"])

    def function(self, name: str) -> str:
        with _aws_errors(name):
            return str(self._client("lambda").get_function_configuration(FunctionName=name).get("State", "Active"))


def _differs(found: dict[str, Any], wanted: dict[str, Any]) -> tuple[str, ...]:
    said = [] if found["TableStatus"] == "ACTIVE" else [f"its status is {found['TableStatus']}"]
    if found["KeySchema"] != wanted["KeySchema"]:
        said.append("its keys differ from the definition")
    there = {index["IndexName"]: index for index in found.get("GlobalSecondaryIndexes", ())}
    for index in wanted["GlobalSecondaryIndexes"]:
        held = there.get(index["IndexName"])
        if held is None:
            said.append(f"index {index['IndexName']} is missing")
        elif held["KeySchema"] != index["KeySchema"] or held.get("IndexStatus", "ACTIVE") != "ACTIVE":
            said.append(f"index {index['IndexName']} differs from the definition or is not ready")
    return tuple(said)


def _has(call: Callable[..., Any], name: str, holds: Callable[[dict[str, Any]], bool]) -> bool:
    """True if the bucket's configuration satisfies `holds`. False without a configuration."""
    try:
        with _aws_errors(name):
            return holds(call(Bucket=name))
    except NoMatch:
        return False


def _private(answer: dict[str, Any]) -> bool:
    blocks = answer["PublicAccessBlockConfiguration"]
    names = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    return all(blocks.get(name) for name in names)


def _locked(answer: dict[str, Any]) -> bool:
    return bool(answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled")


@contextmanager
def _aws_errors(what: str) -> Iterator[None]:
    """Turn AWS errors into `NoMatch`, `Forbidden` or `Unavailable`, with AWS's code, on which the operator acts."""
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        if code in ABSENT:
            raise NoMatch(f"{what} does not exist ({code})") from error
        if code in REFUSED:
            raise Forbidden(f"you may not read {what}: AWS refuses {error.operation_name}") from error
        raise Unavailable(f"{what}: {code}") from error
    except (BotoCoreError, ValueError) as error:
        raise Unavailable(f"{what}: {error}") from error
