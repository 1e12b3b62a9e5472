"""CloudTrail alarms: the filters, tested on events as CloudTrail writes them, detect actions of unknown roles."""

from __future__ import annotations

import re
from typing import Any

import pytest
from merged import merged
from patterns import matches
from test_stage_roles import KEYS, STAGES

ACCOUNT = "123456789012"
PEOPLE = {  # userIdentity, CloudTrail's reference: an IAM user and the account's root have no session issuer
    "root": {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root"},
    "user": {"type": "IAMUser", "userName": "x", "arn": f"arn:aws:iam::{ACCOUNT}:user/x"},
    "another account": {"type": "AWSAccount", "accountId": "210987654321"},
    "another role": {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"userName": "Admin"}}},
}
READ_EITHER_WAY = pytest.mark.parametrize("absent_differs", [True, False])


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def as_role(name: str) -> dict[str, Any]:
    return {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"type": "Role", "userName": name}}}


def pattern_of(stage: str, line: str) -> str:
    made = merged(stage)["Resources"][line]["Properties"]["FilterPattern"]
    text = made["Fn::Sub"] if isinstance(made, dict) else made
    return str(text).replace("${Stage}", stage).replace("${AWS::AccountId}", ACCOUNT)


def role_name(stage: str, role: str) -> str:
    name = merged(stage)["Resources"][role]["Properties"]["RoleName"]["Fn::Sub"]
    return str(name).replace("${Stage}", stage)


def rings(stage: str, line: str, event: dict[str, Any], absent_differs: bool) -> bool:
    return matches(pattern_of(stage, line), event, absent_differs=absent_differs)


@READ_EITHER_WAY
def test_signature_by_other_than_four_signers_raises_alarm(stage: str, absent_differs: bool) -> None:
    signing = {"eventSource": "kms.amazonaws.com", "eventName": "Sign"}

    def heard(who: dict[str, Any], **more: str) -> bool:
        return rings(stage, "SignedByOthersLine", signing | {"userIdentity": who} | more, absent_differs)

    signers = {role for roles in KEYS.values() for role in roles}
    assert len(signers) == 4
    for role in signers:
        assert not heard(as_role(role_name(stage, role))), role
        assert not heard(as_role(role_name(stage, role)), errorCode="")
    for role in ("HttpRole", "AccessRole", "DeskRole", "SweepRole", "ReadDocumentRole", "TrailRole"):
        assert heard(as_role(role_name(stage, role))), role
    assert heard(as_role(f"tamga-{stage}-issue_permit-x"))
    assert all(heard(who) for who in PEOPLE.values())
    assert not heard(PEOPLE["root"], eventName="GetPublicKey")


@READ_EITHER_WAY
def test_row_written_by_other_than_four_writers_raises_alarm(stage: str, absent_differs: bool) -> None:
    writing = {"eventSource": "dynamodb.amazonaws.com", "eventName": "UpdateItem", "readOnly": False}

    def heard(who: dict[str, Any], **more: Any) -> bool:
        return rings(stage, "RegisterWrittenByOthersLine", writing | {"userIdentity": who} | more, absent_differs)

    writers = ("HttpRole", "IssuePermitRole", "SweepRole", "SendNoticesRole")
    assert not [r for r in writers if heard(as_role(role_name(stage, r)))]
    assert heard(as_role(role_name(stage, "DeskRole")))  # expected while the ministry's command line is in use
    assert heard(as_role(role_name(stage, "PublishDueRole")))
    assert all(heard(who) for who in PEOPLE.values())
    assert not heard(PEOPLE["root"], readOnly=True)


@READ_EITHER_WAY
def test_list_written_or_deleted_by_other_role_raises_alarm(stage: str, absent_differs: bool) -> None:
    bucket = f"tamga-{stage}-static-{ACCOUNT}"
    writing = {"eventSource": "s3.amazonaws.com", "eventName": "PutObject", "readOnly": False}

    def heard(who: dict[str, Any], key: str | None, where: str = bucket, **more: Any) -> bool:
        asked = {"bucketName": where} | ({"key": key} if key else {})
        event = writing | {"userIdentity": who, "requestParameters": asked} | more
        return rings(stage, "ListsWrittenByOthersLine", event, absent_differs)

    desk, due, status = (as_role(role_name(stage, r)) for r in ("DeskRole", "PublishDueRole", "PublishStatusRole"))
    assert not heard(due, "s/27q1")
    assert not heard(due, "register-mark")
    assert not heard(status, "s/27q1")
    assert not heard(as_role(role_name(stage, "FetchListsRole")), "s/UZ/27q1")
    assert not heard(desk, "trust-list")
    assert not heard(desk, "trust-list.json")
    assert heard(desk, "register-mark")  # opening is needed once in years: more writes may hide something
    assert heard(as_role(role_name(stage, "HttpRole")), "trust-list")
    for who in PEOPLE.values():
        assert heard(who, "trust-list")
        assert heard(who, "register-mark", eventName="DeleteObject", errorCode="AccessDenied")
        assert heard(who, "register-mark", eventName="DeleteObjectVersion")
        assert heard(who, None, eventName="PutBucketPolicy")  # of the trail's management events
        assert not heard(who, "s/27q1", eventName="GetObject", readOnly=True)
        assert not heard(who, "x", where="another-bucket")


def test_alarm_of_lists_written_by_others_calls_at_night(stage: str) -> None:
    resources = merged(stage)["Resources"]
    alarm = resources["ListsWrittenByOthersAlarm"]["Properties"]
    made = resources["ListsWrittenByOthersLine"]["Properties"]
    assert alarm["AlarmActions"] == [{"Ref": "Call"}]
    assert alarm["MetricName"] == made["MetricTransformations"][0]["MetricName"]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)
    assert made["LogGroupName"] == {"Ref": "TrailLog"}
    assert len(re.sub(r"\s+", " ", pattern_of(stage, "ListsWrittenByOthersLine"))) < 1024  # PutMetricFilter


@READ_EITHER_WAY
@pytest.mark.parametrize(
    "name",
    ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "DeleteLogGroup", "PutRetentionPolicy",
     "DeleteMetricFilter", "PutMetricFilter", "DeleteAlarms", "PutMetricAlarm", "DisableAlarmActions", "DeleteTopic",
     "Unsubscribe", "SetSubscriptionAttributes"],
)  # fmt: skip
def test_change_of_trail_or_alarms_raises_alarm(stage: str, name: str, absent_differs: bool) -> None:
    assert rings(stage, "WatchTouchedLine", {"eventName": name, "userIdentity": PEOPLE["root"]}, absent_differs)
    assert not rings(stage, "WatchTouchedLine", {"eventName": "DescribeAlarms"}, absent_differs)
    alarm = merged(stage)["Resources"]["WatchTouchedAlarm"]["Properties"]
    assert (alarm["MetricName"], alarm["AlarmActions"]) == ("WatchTouched", [{"Ref": "Call"}])
