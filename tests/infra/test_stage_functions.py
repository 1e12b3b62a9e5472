"""Functions of a stage: exact environment variables, limits, alarms."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from merged import ROOT, merged
from test_stage_roles import STAGES, of_type

from chalicelib.mail.services import CLAIMED_FOR, LONG_ENOUGH
from chalicelib.platform.config import from_env

OFFICE = {
    "TAMGA_ISSUER", "TAMGA_HOST", "TAMGA_STATUS_HOST", "TAMGA_ZONE", "TAMGA_PRACTICE", "TAMGA_FIRST_SERIAL",
    "TAMGA_DUTY_NUMBER", "TAMGA_PLACE", "TAMGA_TABLE", "TAMGA_STATIC_BUCKET", "TAMGA_PINS", "TAMGA_PRACTICE_HOSTS",
}  # fmt: skip
TOKENS = {"TAMGA_TOKEN_ISSUER", "TAMGA_JWKS_URL", "TAMGA_CLIENT_IDS"}
FILES = {"TAMGA_FILES_BUCKET", "TAMGA_FILES_LOCK"}
ARN = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890a"
CALLED = {
    "TAMGA_ISSUER_FUNCTION": "IssuePermit",
    "TAMGA_PRINTER_FUNCTION": "PrintPermit",
    "TAMGA_STATUS_FUNCTION": "PublishStatus",
    "TAMGA_READER_FUNCTION": "ReadDocument",
    "TAMGA_EXCHANGE_FUNCTION": "AskParty",
}
TOLD = {
    "APIHandler": OFFICE
    | TOKENS
    | FILES
    | set(CALLED)
    | {"TAMGA_PAPER_UNTIL", "TAMGA_EXCHANGE_HOST", "TAMGA_EXCHANGE_ENDPOINTS"},  # copied for the desk
    "Access": TOKENS,
    "IssuePermit": OFFICE | {"TAMGA_KEYS"},
    "PrintPermit": OFFICE | FILES | {"TAMGA_KEYS", "TAMGA_PDF_CERTIFICATE"},
    "PublishStatus": OFFICE | {"TAMGA_KEYS"},
    "PublishDue": OFFICE | {"TAMGA_KEYS"},
    "Sweep": OFFICE | {"TAMGA_KEYS"},
    "ReadDocument": set(),
    "AskParty": {"TAMGA_EXCHANGE_ENDPOINTS", "TAMGA_EXCHANGE_CREDENTIALS"},
    "FetchLists": {"TAMGA_ISSUER", "TAMGA_PRACTICE", "TAMGA_STATIC_BUCKET", "TAMGA_PINS", "TAMGA_PRACTICE_HOSTS"},
    "SendNotices": {
        "TAMGA_ISSUER",
        "TAMGA_ZONE",
        "TAMGA_PRACTICE",
        "TAMGA_DUTY_NUMBER",
        "TAMGA_TABLE",
        "TAMGA_STATIC_BUCKET",
        "TAMGA_NOTICES_FROM",
        "TAMGA_EXPORTER_PAGE",
    },
}


@pytest.fixture(params=STAGES)
def resources(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = merged(request.param)["Resources"]
    return found


def variables(resources: dict[str, Any], function: str) -> dict[str, Any]:
    found: dict[str, Any] = resources[function]["Properties"].get("Environment", {}).get("Variables", {})
    return found


def test_each_function_gets_exactly_its_variables(resources: dict[str, Any]) -> None:
    assert {name: set(variables(resources, name)) for name in TOLD} == TOLD
    known = set(re.findall(r"TAMGA_[A-Z_]+", (ROOT / "chalicelib" / "platform" / "config.py").read_text()))
    known |= {f"TAMGA_{name}_FUNCTION" for name in ("ISSUER", "PRINTER", "READER", "STATUS", "EXCHANGE")}
    assert set().union(*TOLD.values()) <= known


def test_last_day_of_paper_import_is_set_by_the_deployment(resources: dict[str, Any]) -> None:
    assert variables(resources, "APIHandler")["TAMGA_PAPER_UNTIL"] == {"Ref": "PaperUntil"}
    asked = merged("production")["Parameters"]["PaperUntil"]
    assert asked["Default"] == ""
    for given in ("", "2026-12-31"):
        assert re.fullmatch(asked["AllowedPattern"], given)
        assert from_env({"TAMGA_PAPER_UNTIL": given}).stage.paper_until == given


@pytest.mark.parametrize("stage", ["practice", "production"])
def test_issuer_has_no_default(stage: str) -> None:
    """CloudFormation then refuses a new country that omits it, instead of installing Kyrgyzstan."""
    assert "Default" not in merged(stage)["Parameters"]["Issuer"]


def test_restored_table_replaces_the_register(resources: dict[str, Any]) -> None:
    table = {"Fn::If": ["IsRestored", {"Ref": "RestoredTable"}, {"Ref": "Register"}]}
    assert all(
        variables(resources, name)["TAMGA_TABLE"] == table for name, told in TOLD.items() if "TAMGA_TABLE" in told
    )


def test_api_function_calls_the_right_functions_and_has_no_keys(resources: dict[str, Any]) -> None:
    told = variables(resources, "APIHandler")
    assert {name: told[name] for name in CALLED} == {name: {"Ref": function} for name, function in CALLED.items()}
    assert "TAMGA_KEYS" not in told


@pytest.mark.parametrize(
    ("function", "purpose"),
    [("IssuePermit", "Permit"), ("PrintPermit", "Pdf"), ("PublishStatus", "Status"), ("PublishDue", "Status")],
)
def test_each_signing_function_knows_its_own_keys_only(resources: dict[str, Any], function: str, purpose: str) -> None:
    condition, filled_in, otherwise = variables(resources, function)["TAMGA_KEYS"]["Fn::If"]
    text, kids = filled_in["Fn::Sub"]
    assert (condition, otherwise) == (f"Has{purpose}Kids", "")
    assert [kid["Fn::Select"] for kid in kids.values()] == [[n, {"Ref": f"{purpose}Kids"}] for n in (0, 1, 2)]
    given = merged("practice")
    assert given["Parameters"][f"{purpose}Kids"]["Default"] == "none,none,none"  # a Select always finds three
    assert given["Conditions"][f"Has{purpose}Kids"] == {
        "Fn::Not": [{"Fn::Equals": [{"Fn::Select": [0, {"Ref": f"{purpose}Kids"}]}, "none"]}]
    }
    for n, word in enumerate(kids, start=1):
        text = text.replace(f"${{{word}}}", f"{n:016x}").replace(f"${{{purpose}Key{n}.Arn}}", f"{ARN}{n}")
    assert from_env({"TAMGA_KEYS": text}).keys == {f"{n:016x}": f"{ARN}{n}" for n in (1, 2, 3)}


def test_scheduled_jobs_run_one_at_a_time_with_dead_letter_queue(resources: dict[str, Any]) -> None:
    for function in ("PublishDue", "Sweep", "SendNotices", "FetchLists"):
        made = resources[function]["Properties"]
        queue = {"Fn::GetAtt": [f"{function}Left", "Arn"]}
        assert made["ReservedConcurrentExecutions"] == 1
        assert made["DeadLetterQueue"] == {"Type": "SQS", "TargetArn": queue}
        (event,) = made["Events"].values()
        assert event["Type"] == "Schedule"
        assert event["Properties"]["DeadLetterConfig"] == {"Arn": queue}
        assert resources[f"{function}Left"]["Properties"]["SqsManagedSseEnabled"] is True


def test_reader_of_files_has_no_network_access(resources: dict[str, Any]) -> None:
    net = resources["ReadDocument"]["Properties"]["VpcConfig"]
    assert net["SubnetIds"] == [{"Ref": "CellA"}, {"Ref": "CellB"}]
    assert net["SecurityGroupIds"] == [{"Fn::GetAtt": ["CellGroup", "GroupId"]}]
    doors = ("InternetGateway", "NatGateway", "VPCEndpoint", "VPCGatewayAttachment", "Route", "TransitGateway",
             "VPCPeeringConnection", "NetworkAclEntry", "EgressOnlyInternetGateway")  # fmt: skip
    assert not [one["Type"] for one in resources.values() if one["Type"] in {f"AWS::EC2::{door}" for door in doors}]
    group = resources["CellGroup"]["Properties"]
    assert "SecurityGroupIngress" not in group
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["127.0.0.1/32"]
    assert {one["SubnetId"]["Ref"] for one in of_type(resources, "AWS::EC2::SubnetNetworkAclAssociation").values()} == {
        "CellA", "CellB",
    }  # fmt: skip
    assert resources["ReadDocument"]["Properties"]["ReservedConcurrentExecutions"] <= 50


def test_function_timeouts_are_below_the_gateways_except_long_lists(
    resources: dict[str, Any],
) -> None:
    functions = of_type(resources, "AWS::Serverless::Function")
    assert functions["APIHandler"]["Timeout"] == 60  # the gateway's limit is 29 s: a long list is still read to its end
    for name in ("IssuePermit", "PrintPermit", "PublishStatus", "ReadDocument", "AskParty", "Access"):
        assert functions[name]["Timeout"] < 29
    assert functions["PublishDue"]["Timeout"] < 60
    assert LONG_ENOUGH < functions["SendNotices"]["Timeout"] < min(60, CLAIMED_FOR)
    assert all(one["Runtime"] == "python3.13" for one in functions.values())
    assert all(one["MemorySize"] >= 512 for one in functions.values())


def test_every_alarm_has_topic_and_metric(resources: dict[str, Any]) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    topics = of_type(resources, "AWS::SNS::Topic")
    made = {f["MetricTransformations"][0]["MetricName"] for f in of_type(resources, "AWS::Logs::MetricFilter").values()}
    own = {"Fn::Sub": "tamga/${Stage}"}
    watched = set()
    for alarm in alarms.values():
        assert {one["Ref"] for one in alarm["AlarmActions"]} <= set(topics)
        if alarm.get("Namespace") == own:
            watched.add(alarm["MetricName"])
    assert watched <= made
    assert made - watched == {"Issued", "PermitSignatures"}  # compared with each other on the dashboard
    assert all(topic["KmsMasterKeyId"] == {"Ref": "DataKey"} and topic["Subscription"] for topic in topics.values())


def test_scheduled_job_that_stops_raises_alarm(resources: dict[str, Any]) -> None:
    silent = {
        name.removesuffix("SilentAlarm")
        for name, one in of_type(resources, "AWS::CloudWatch::Alarm").items()
        if one["TreatMissingData"] == "breaching"
    }
    assert silent == {"Publisher", "Fetcher", "Sweep", "SendNotices"}


def test_log_filters_match_routes_jobs_and_members_of_the_code(resources: dict[str, Any]) -> None:
    """Routes, jobs and members of the patterns exist in the code."""
    from app import app

    text = json.dumps(of_type(resources, "AWS::Logs::MetricFilter"))
    routes = set(re.findall(r'\$\.route = \\+"([^"\\]+)', text))
    assert routes
    assert routes <= set(app.routes)
    jobs = set(re.findall(r'\$\.job = \\+"([^"\\]+)', text))
    assert jobs == {"publish_due", "fetch_lists", "sweep", "send_notices"} == {e.name for e in app.event_sources}
    entry = ROOT / "chalicelib" / "composition"
    source = (entry / "jobs.py").read_text() + (entry / "functions.py").read_text()
    lines = (ROOT / "chalicelib" / "platform" / "log.py").read_text()
    for member in re.findall(r'"MetricValue": "\$\.(\w+)"', text):
        assert f'"{member}":' in source or f"{member}=" in lines


def test_row_written_by_unknown_role_raises_alarm(resources: dict[str, Any]) -> None:
    kept = {one["Name"]: one["FieldSelectors"] for one in resources["Trail"]["Properties"]["AdvancedEventSelectors"]}
    fields = {one["Field"]: one for one in kept["register-written"]}
    assert fields["resources.type"]["Equals"] == ["AWS::DynamoDB::Table"]
    assert fields["readOnly"]["Equals"] == ["false"]
    (table,) = fields["resources.ARN"]["StartsWith"]
    assert table["Fn::Sub"].endswith(":table/tamga-${Stage}")
    pattern = resources["RegisterWrittenByOthersLine"]["Properties"]["FilterPattern"]["Fn::Sub"]
    writers = {
        name.removesuffix("Policy") for name, policy in of_type(resources, "AWS::IAM::Policy").items()
        if "dynamodb:UpdateItem" in json.dumps(policy) and name != "DeskPolicy"
    }  # fmt: skip
    assert {f"tamga-${{Stage}}-{one}" for one in ("http", "issue_permit", "sweep", "send_notices")} == set(
        re.findall(r'userName != "([^"]+)"', pattern)
    )
    assert writers == {"Http", "IssuePermit", "Sweep", "SendNotices"}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("PeopleChangedLine", ("AdminAddUserToGroup", "AdminSetUserPassword", "SetUserPoolMfaConfig")),
        ("CodeChangedLine", ("UpdateFunctionCode*", "UpdateFunctionConfiguration*")),
        ("KeyTouchedLine", ("PutKeyPolicy", "DisableKey", "ScheduleKeyDeletion")),
    ],
)
def test_change_that_defeats_two_person_rule_raises_alarm(
    resources: dict[str, Any], line: str, names: tuple[str]
) -> None:
    filtered = resources[line]["Properties"]
    assert filtered["LogGroupName"] == {"Ref": "TrailLog"}
    assert all(f'$.eventName = "{name}"' in filtered["FilterPattern"] for name in names)


def test_every_writing_function_is_watched_for_faults(resources: dict[str, Any]) -> None:
    groups = {
        f["LogGroupName"]["Ref"] for f in of_type(resources, "AWS::Logs::MetricFilter").values()
        if f["FilterPattern"] == '{ $.event = "fault" }'
    }  # fmt: skip
    assert groups == {f"{name}Log" for name in (*TOLD, "Http") if name not in {"APIHandler", "Access"}}


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_is_watched_for_errors_and_throttles(resources: dict[str, Any], metric: str) -> None:
    """A function that crashes, or runs out of memory or time, writes no line of ours."""
    watched = set()
    for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values():
        for one in [alarm, *(e["MetricStat"]["Metric"] for e in alarm.get("Metrics", ()) if "MetricStat" in e)]:
            if (one.get("Namespace"), one.get("MetricName")) == ("AWS/Lambda", metric):
                watched |= {each["Value"]["Ref"] for each in one["Dimensions"]}
    clock = {"PublishDue", "Sweep", "SendNotices", "FetchLists"}  # one at a time: a refused call is repeated
    functions = set(of_type(resources, "AWS::Serverless::Function"))
    assert watched == functions - (clock if metric == "Throttles" else set())


def test_dashboard_is_valid_json(resources: dict[str, Any]) -> None:
    text, words = resources["Board"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert len(json.loads(text)["widgets"]) == 6
    assert words == {"Table": {"Fn::If": ["IsRestored", {"Ref": "RestoredTable"}, {"Ref": "Register"}]}}
    assert re.findall(r'"TableName", "([^"]*)"', text) == ["${Table}"]
