"""IAM roles and keys: each function has its own role with the rights it needs, each key its permitted users."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from merged import merged

from chalicelib.diagnostics import cli as diagnostics_cli

STAGES = ("practice", "production")
FUNCTIONS = {
    "APIHandler": "Http",
    "Access": "Access",
    "IssuePermit": "IssuePermit",
    "PrintPermit": "PrintPermit",
    "PublishStatus": "PublishStatus",
    "PublishDue": "PublishDue",
    "ReadDocument": "ReadDocument",
    "Sweep": "Sweep",
    "SendNotices": "SendNotices",
    "AskParty": "AskParty",
    "FetchLists": "FetchLists",
}
KEYS = {
    "permit": ("IssuePermitRole",),
    "status": ("PublishStatusRole", "PublishDueRole"),
    "pdf": ("PrintPermitRole",),
}
ROWS_READ = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:DescribeTable"}
LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
IDENTITY = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailDomain}"
RESTORED = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${RestoredTable}"
# Role -> every action that a statement allows. Each added right needs a reason.
RIGHTS = {
    "HttpRole": LOG | ROWS_READ | {
        "dynamodb:UpdateItem", "s3:GetObject", "s3:GetObjectRetention", "s3:PutObject", "s3:PutObjectRetention",
        "s3:ListBucket", "lambda:InvokeFunction",
    },
    "AccessRole": LOG,
    "IssuePermitRole": LOG | ROWS_READ | {
        "dynamodb:UpdateItem", "s3:GetObject", "s3:ListBucket", "kms:Sign", "kms:GetPublicKey",
    },
    "PrintPermitRole": LOG | ROWS_READ | {
        "s3:GetObject", "s3:GetObjectRetention", "s3:PutObject", "s3:PutObjectRetention", "s3:ListBucket", "kms:Sign",
        "kms:GetPublicKey",
    },
    "PublishStatusRole": LOG | ROWS_READ | {
        "s3:GetObject", "s3:PutObject", "s3:ListBucket", "kms:Sign", "kms:GetPublicKey",
    },
    "PublishDueRole": LOG | ROWS_READ | {
        "s3:GetObject", "s3:PutObject", "s3:ListBucket", "kms:Sign", "kms:GetPublicKey", "sqs:SendMessage",
    },
    "SweepRole": LOG | ROWS_READ | {"dynamodb:UpdateItem", "s3:GetObject", "s3:ListBucket", "sqs:SendMessage"},
    "ReadDocumentRole": LOG,
    "AskPartyRole": LOG | {"secretsmanager:GetSecretValue"},  # our client certificate, and nothing else of ours
    "FetchListsRole": LOG | {"s3:GetObject", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage"},
    "SendNoticesRole": LOG | ROWS_READ | {
        "dynamodb:UpdateItem", "s3:GetObject", "s3:ListBucket", "ses:SendEmail", "sqs:SendMessage",
    },
}  # fmt: skip


@pytest.fixture(params=STAGES)
def resources(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = merged(request.param)["Resources"]
    return found


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def of_type(resources: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: one["Properties"] for name, one in resources.items() if one["Type"] == kind}


def statements(resources: dict[str, Any], role: str, effect: str = "Allow") -> Iterator[dict[str, Any]]:
    """Statements of every policy attached to a role in this template."""
    for policy in of_type(resources, "AWS::IAM::Policy").values():
        if {"Ref": role} in policy["Roles"]:
            yield from (s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == effect)


def targets(statement: dict[str, Any]) -> Iterator[Any]:
    """Resources of a statement, or for a choice, both."""
    for resource in listed(statement["Resource"]):
        choices = resource["Fn::If"][1:] if "Fn::If" in resource else [resource]
        yield from (one for one in choices if one != {"Ref": "AWS::NoValue"})


def arn(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


def test_each_function_has_its_own_role(resources: dict[str, Any]) -> None:
    functions = of_type(resources, "AWS::Serverless::Function")
    assert {name: one["Role"] for name, one in functions.items()} == {f: arn(f"{r}Role") for f, r in FUNCTIONS.items()}
    lambdas = [
        name for name, role in of_type(resources, "AWS::IAM::Role").items()
        if role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}
    ]  # fmt: skip
    assert sorted(lambdas) == sorted(RIGHTS)
    for name in lambdas:
        assert "Policies" not in resources[name]["Properties"]
    for name in functions:
        assert resources[name]["DependsOn"] == [f"{FUNCTIONS[name]}Policy"]  # no function is created before its rights


@pytest.mark.parametrize("role", RIGHTS)
def test_role_has_exactly_these_rights(resources: dict[str, Any], role: str) -> None:
    found = list(statements(resources, role))
    assert {action for s in found for action in listed(s["Action"])} == RIGHTS[role]
    for statement in found:
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        for resource in targets(statement):
            assert isinstance(resource, dict), resource  # of this stack, never a wildcard over other resources
            if "Ref" in resource:  # a secret's ARN
                assert resource["Ref"] == "ExchangeClient"
            elif "Fn::GetAtt" in resource:
                assert resource["Fn::GetAtt"][0] in resources
            else:
                text = resource["Fn::Sub"]
                assert text.startswith(RESTORED) or text == IDENTITY or text.split(".")[0][2:] in resources, text


def test_no_role_has_managed_policies_except_the_reader(resources: dict[str, Any]) -> None:
    """Lambda needs one to put the reader into a network. The reader's own code is denied everything."""
    managed = {name: resources[name]["Properties"].get("ManagedPolicyArns", []) for name in RIGHTS}
    eni = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"}
    assert {name: arns for name, arns in managed.items() if arns} == {"ReadDocumentRole": [eni]}


def test_code_that_reads_files_has_no_rights(resources: dict[str, Any]) -> None:
    (denied,) = statements(resources, "ReadDocumentRole", "Deny")
    assert (denied["Action"], denied["Resource"]) == ("*", "*")
    assert list(denied["Condition"]) == ["ArnEquals"]
    function = denied["Condition"]["ArnEquals"]["lambda:SourceFunctionArn"]["Fn::Sub"]
    name = resources["ReadDocument"]["Properties"]["FunctionName"]["Fn::Sub"]
    assert function.endswith(f":function:{name}")
    assert "Environment" not in resources["ReadDocument"]["Properties"]


def test_each_function_writes_its_own_log_only(resources: dict[str, Any]) -> None:
    for function, role in FUNCTIONS.items():
        (log,) = [s["Resource"] for s in statements(resources, f"{role}Role") if set(listed(s["Action"])) == LOG]
        assert log == arn(f"{role}Log")
        name = resources[function]["Properties"]["FunctionName"]["Fn::Sub"]
        assert resources[f"{role}Log"]["Properties"]["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/{name}"}
        assert resources[function]["Properties"]["LoggingConfig"] == {"LogGroup": {"Ref": f"{role}Log"}}


@pytest.mark.parametrize("purpose", KEYS)
def test_key_of_one_purpose_signs_for_its_roles_only(resources: dict[str, Any], purpose: str) -> None:
    keys = [f"{purpose.title()}Key{n}" for n in (1, 2, 3)]
    signers = [arn(role) for role in KEYS[purpose]]
    for key in keys:
        made = resources[key]["Properties"]
        assert (made["KeySpec"], made["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
        policy = made["KeyPolicy"]["Statement"]
        (sign,) = [s for s in policy if s["Effect"] == "Allow" and "kms:Sign" in listed(s["Action"])]
        assert sign["Principal"] == {"AWS": signers}
        assert sign["Condition"]["StringEquals"] == {
            "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST",
        }  # fmt: skip
        (others,) = [s for s in policy if s["Sid"] == "NobodyElseSigns"]
        assert (others["Effect"], others["Principal"], others["Action"]) == ("Deny", {"AWS": "*"}, ["kms:Sign"])
        assert others["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": signers}}
        alias = f"alias/tamga-${{Stage}}-{purpose}-{key[-1]}"
        held = [one for one in of_type(resources, "AWS::KMS::Alias").values() if one["TargetKeyId"] == {"Ref": key}]
        assert [one["AliasName"] for one in held] == [{"Fn::Sub": alias}]
    for role in RIGHTS:
        reached = [r for s in statements(resources, role) if "kms:Sign" in listed(s["Action"]) for r in s["Resource"]]
        if role in KEYS[purpose]:
            assert reached == [arn(key) for key in keys]
        else:
            assert not [key for key in keys if arn(key) in reached]


def test_permit_keys_are_used_by_one_function(resources: dict[str, Any]) -> None:
    assert KEYS["permit"] == ("IssuePermitRole",)
    users = [name for name, one in of_type(resources, "AWS::Serverless::Function").items()
             if one["Role"] == arn("IssuePermitRole")]  # fmt: skip
    assert users == ["IssuePermit"]


def test_no_principal_both_writes_key_policies_and_signs(resources: dict[str, Any]) -> None:
    """Over all key policies, PutKeyPolicy excludes Sign, and Sign excludes PutKeyPolicy."""
    for name, key in of_type(resources, "AWS::KMS::Key").items():
        policy = key["KeyPolicy"]["Statement"]
        allowed = [s for s in policy if s["Effect"] == "Allow"]
        assert not [s for s in allowed for a in listed(s["Action"]) if "*" in a], name
        assert not [s for s in allowed if s["Principal"] in ("*", {"AWS": "*"})], name
        writers = {json.dumps(s["Principal"]) for s in allowed if "kms:PutKeyPolicy" in listed(s["Action"])}
        root = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
        assert writers == {json.dumps(p) for p in ({"AWS": {"Ref": "KeyAdministratorArn"}}, root)}
        (recover,) = [s for s in allowed if s["Sid"] == "Recover"]
        assert recover["Action"] == ["kms:PutKeyPolicy"]  # and only the root user itself, not the users that IAM allows
        assert recover["Condition"] == {"ArnEquals": {"aws:PrincipalArn": root["AWS"]}}
        if key.get("KeyUsage") != "SIGN_VERIFY":
            assert not [s for s in allowed if "kms:Sign" in listed(s["Action"])]
            continue
        denied = {s["Sid"]: s for s in policy if s["Effect"] == "Deny"}
        assert denied["AdministratorsNeverSign"]["Principal"] == {"AWS": {"Ref": "KeyAdministratorArn"}}
        assert denied["AdministratorsNeverSign"]["Action"] == ["kms:Sign"]
        assert denied["NobodyLends"]["Action"] == ["kms:CreateGrant"]
        (sign,) = [s for s in allowed if "kms:Sign" in listed(s["Action"])]
        assert denied["SignersNeverAdminister"]["Principal"] == sign["Principal"]
        assert "kms:PutKeyPolicy" in denied["SignersNeverAdminister"]["Action"]
    roles = [s for role in RIGHTS for s in statements(resources, role)]
    assert not [s for s in roles if "kms:PutKeyPolicy" in listed(s["Action"])]


def test_no_key_of_stack_is_the_trust_lists_root(resources: dict[str, Any]) -> None:
    signing = [n for n, k in of_type(resources, "AWS::KMS::Key").items() if k.get("KeyUsage") == "SIGN_VERIFY"]
    assert sorted(signing) == sorted(f"{p.title()}Key{n}" for p in KEYS for n in (1, 2, 3))


def test_desk_role_signs_nothing_and_no_function_has_it(resources: dict[str, Any]) -> None:
    trust = resources["DeskRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert [one["Principal"] for one in trust] == [{"AWS": {"Ref": "DeskArn"}}]
    actions = {action for s in statements(resources, "DeskRole") for action in listed(s["Action"])}
    assert actions == ROWS_READ | {
        "dynamodb:UpdateItem", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive", "s3:GetObject",
        "s3:PutObject", "s3:ListBucket", "s3:GetBucketVersioning", "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketObjectLockConfiguration", "lambda:InvokeFunction", "lambda:GetFunctionConfiguration",
        "kms:GetPublicKey", "cognito-idp:GetUserPoolMfaConfig",
    }  # fmt: skip
    called = [
        r for s in statements(resources, "DeskRole") if s["Action"] == ["lambda:InvokeFunction"] for r in targets(s)
    ]
    # The role that writes rows cannot have them signed. A print may be a stranger's file, so the reader opens it.
    assert called == [arn("PrintPermit"), arn("PublishStatus"), arn("ReadDocument")]


def test_desk_role_reads_prints_and_no_other_file(resources: dict[str, Any]) -> None:
    """Only `tamga restore` opens files.

    A print brought by a holder is stored apart from the files that are downloaded.
    """
    found = {
        (action, json.dumps(target)) for s in statements(resources, "DeskRole") for target in targets(s)
        if "Files" in json.dumps(target) for action in listed(s["Action"]) if "Bucket" not in action
    }  # fmt: skip
    prints, brought = ({"Fn::Sub": f"${{Files.Arn}}/{path}"} for path in ("prints/*", "prints/by-hand/*"))
    assert found == {("s3:GetObject", json.dumps(prints)), ("s3:PutObject", json.dumps(brought))}


def test_desk_role_inspects_a_restored_table_like_the_register(resources: dict[str, Any]) -> None:
    for action in ("dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive"):
        (statement,) = [s for s in statements(resources, "DeskRole") if action in listed(s["Action"])]
        assert {json.dumps(arn("Register")), json.dumps({"Fn::Sub": RESTORED})} <= {
            json.dumps(r) for r in targets(statement)
        }


def test_desk_role_reads_the_functions_variables(resources: dict[str, Any]) -> None:
    """The command line uses the HTTP function's variables. `doctor` reads each function that they name.

    It reports a function that it may not read as a problem.
    """
    (asked,) = [s for s in statements(resources, "DeskRole") if s["Action"] == ["lambda:GetFunctionConfiguration"]]
    told = resources["APIHandler"]["Properties"]["Environment"]["Variables"]
    named = {told[variable]["Ref"] for variable in diagnostics_cli.FUNCTIONS}
    assert {target["Fn::GetAtt"][0] for target in targets(asked)} == {"APIHandler", *named}


def test_role_has_no_right_twice(resources: dict[str, Any]) -> None:
    for role in (*RIGHTS, "DeskRole"):
        given = [
            (a, json.dumps(r)) for s in statements(resources, role) for a in listed(s["Action"]) for r in targets(s)
        ]
        assert len(given) == len(set(given)), role


def test_mail_function_sends_from_one_address_and_reads_no_permit(resources: dict[str, Any]) -> None:
    found = list(statements(resources, "SendNoticesRole"))
    (mail,) = [s for s in found if "ses:SendEmail" in listed(s["Action"])]
    sender = {"Fn::Sub": "notices@${MailDomain}"}
    assert mail["Condition"] == {"StringEquals": {"ses:FromAddress": sender}}
    assert mail["Resource"] == {"Fn::Sub": IDENTITY}
    assert resources["SendNotices"]["Properties"]["Environment"]["Variables"]["TAMGA_NOTICES_FROM"] == sender
    assert resources["MailIdentity"]["Properties"]["EmailIdentity"] == {"Ref": "MailDomain"}
    rows = [s for s in found if any(a.startswith("dynamodb:") for a in listed(s["Action"]))]
    reached: dict[str, set[str]] = {}
    for statement in rows:
        if listed(statement["Action"]) == ["dynamodb:DescribeTable"]:
            continue  # describes the table, not its content
        ((_, keys),) = statement["Condition"].items()
        (leading,) = keys.values()
        assert list(keys) == ["dynamodb:LeadingKeys"]
        for action in listed(statement["Action"]):
            names = {one["Fn::Sub"] if isinstance(one, dict) else one for one in leading}
            reached[action] = reached.get(action, set()) | names
    own = {"NOTICE#*", "NOTICES#*", "NOTIFY#*"}
    assert reached == {
        "dynamodb:GetItem": own, "dynamodb:BatchGetItem": own, "dynamodb:UpdateItem": own,
        "dynamodb:Query": {"notice", "notice#*", "COUNTER#${Issuer}"},
    }  # fmt: skip
    others = {role for role in (*RIGHTS, "DeskRole") for s in statements(resources, role)
              if any(action.startswith("ses:") for action in listed(s["Action"]))}  # fmt: skip
    assert others == {"SendNoticesRole"}


def test_list_fetcher_reaches_lists_of_other_parties_only(resources: dict[str, Any]) -> None:
    reached = {
        (action, target.get("Fn::Sub")) for s in statements(resources, "FetchListsRole") for target in targets(s)
        for action in listed(s["Action"]) if action.startswith("s3:") and action != "s3:ListBucket"
    }  # fmt: skip
    assert reached == {
        ("s3:GetObject", "${Static.Arn}/trust-list"),
        ("s3:GetObject", "${Static.Arn}/s/??/*"),
        ("s3:PutObject", "${Static.Arn}/s/??/*"),
    }
    (listing,) = (s for s in statements(resources, "FetchListsRole") if "s3:ListBucket" in listed(s["Action"]))
    assert listing["Condition"] == {"StringLikeIfExists": {"s3:prefix": ["trust-list", "s/??/*"]}}


def test_http_function_locks_stored_files_and_only_reads_prints(resources: dict[str, Any]) -> None:
    held = {
        path for s in statements(resources, "HttpRole") for path in targets(s)
        if {"s3:GetObjectRetention", "s3:PutObjectRetention", "s3:PutObject"} & set(listed(s["Action"]))
        for path in [path["Fn::Sub"]]
    }  # fmt: skip
    assert held == {"${Files.Arn}/papers/*", "${Files.Arn}/photos/*"}


@pytest.mark.parametrize(
    ("path", "writers"),
    [
        ("trust-list", {"DeskRole"}),
        ("trust-list.json", {"DeskRole"}),
        ("register-mark", {"DeskRole", "PublishDueRole"}),
        ("s/*", {"PublishStatusRole", "PublishDueRole"}),
        ("s/??/*", {"FetchListsRole"}),
    ],
)
def test_published_objects_have_exactly_these_writers(resources: dict[str, Any], path: str, writers: set[str]) -> None:
    """No function writes a trust list, because people do, with the root."""
    found = {
        role for role in (*RIGHTS, "DeskRole") for s in statements(resources, role)
        if "s3:PutObject" in listed(s["Action"]) for r in targets(s)
        if r == {"Fn::Sub": f"${{Static.Arn}}/{path}"} or r == {"Fn::Sub": "${Static.Arn}/*"}
    }  # fmt: skip
    assert found == writers
