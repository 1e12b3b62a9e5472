"""`make deploy-local`: deploy the packaged stack to the local engine and use it through its gateway.

CloudFormation of the engine makes the stack.

1. Make the package of HEAD, unless it exists.
2. Start the engine; upload the archive to its S3.
3. CreateStack, before any key id is known.
4. The ceremony: certificates, and a trust list by two people (local/setup.py).
5. A change set with the values that are known now: kids, certificates, pin.
6. The life of a permit through API gateway and functions (local/smoke.py).

Any failure ends the run with exit code 1. The engine is stopped in every case, and nothing is kept.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from chalicelib.adapters.aws.kms_signer import KmsSigner
from chalicelib.adapters.aws.s3 import S3Static
from chalicelib.kernel.enums import KeyPurpose
from local import people, setup, smoke
from local.engine import Engine, EngineError
from local.package import build
from local.package.wheels import PackageError
from local.place import Place
from local.resources import ensure_mail
from local.run import hide_aws_accounts
from local.stack import Stack
from local.stopping import scratch, until_stopped

STAGE = "practice"
STACK = f"tamga-{STAGE}"
CODE = "tamga-code"  # bucket
SECONDS = 300  # time limit for a stack; enough on a busy machine
# Resource types that the engine's CloudFormation does not support; no function uses one of them.
UNKNOWN = ("AWS::Cognito::UserPoolRiskConfigurationAttachment", "AWS::Cognito::ManagedLoginBranding")
NOT_SHOWN = (
    "CloudFront, its hosts and the firewall in front of the gateway (left out of this stack)",
    "IAM: the engine checks no policy; tests/infra/ reads the policies instead",
    "KMS key policies, alarms, the network without internet access, log retention, throttling",
    "Amazon Linux and Lambda's own sandbox: functions run in a Python 3.13 of this machine, the engine's packages "
    "behind theirs (make package imports them alone)",
    "the gateway's own answers as problems (infra/gateway_responses.py)",
    "second factors and sign-in pages: the smoke test signs in with a password",
)


class DeployError(RuntimeError):
    """Raised when the stack cannot be created or updated."""


def packaged(say: Callable[[str], None], *, any_commit: bool = False) -> Path:
    """Return the folder of the package of HEAD. `any_commit`: take the last package, of any commit."""
    made = build.OUT / STAGE
    if any_commit and (made / "commit").exists():
        return made
    if not (made / "commit").exists() or (made / "commit").read_text() != build.commit_id("HEAD"):
        say("packaging HEAD (make package)")
        build.build(STAGE)
    return made


def template(made: Path, bucket: str, key: str) -> tuple[str, list[str]]:
    """The stack's template for the engine, and the names of the resources left out of it."""
    held = json.loads((made / "sam-engine.json").read_text())
    dropped = [name for name, each in held["Resources"].items() if each["Type"] in UNKNOWN]
    for name in dropped:
        del held["Resources"][name]
    for each in held["Resources"].values():
        if each["Type"] == "AWS::Serverless::Function":
            each["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    return json.dumps(held), dropped


def create(engine: Engine, made: Path, say: Callable[[str], None]) -> Stack:
    """Start the stack: steps 2 and 3. Raises `DeployError`."""
    stack = Stack(engine, "", {}, {})
    s3 = stack.client("s3")
    s3.create_bucket(Bucket=CODE, CreateBucketConfiguration={"LocationConstraint": engine.region})
    s3.upload_file(str(made / "deployment.zip"), CODE, "deployment.zip")
    text, dropped = template(made, CODE, "deployment.zip")
    s3.put_object(Bucket=CODE, Key="sam.json", Body=text.encode())
    address = f"{engine.endpoint}/{CODE}/sam.json"
    if dropped:
        say(f"left out, because the engine does not support them: {', '.join(dropped)}")
    parameters = {
        "KeyAdministratorArn": "arn:aws:iam::000000000000:role/administrator",
        "DeskArn": "arn:aws:iam::000000000000:role/people-of-the-desk",
        "Issuer": setup.STAGE.issuer,
        "PublicHost": setup.STAGE.host,
        "StaffHost": f"staff.{setup.STAGE.host}",
        "MailDomain": setup.STAGE.host,
        "DutyNumber": setup.STAGE.duty_number,
        "EngineEndpoint": engine.endpoint,
    }
    outputs = _deploy(stack, "CREATE", address, parameters)
    say(f"CreateStack: {len(json.loads(text)['Resources'])} resources, API {outputs['RestAPIId']}")
    made_stack = Stack(engine, address, outputs, parameters)
    _complete(made_stack, json.loads(text)["Resources"])
    say("set after the stack, because the engine ignores them: object lock of the files, binary types of the API")
    return made_stack


def _complete(stack: Stack, resources: Mapping[str, Any]) -> None:
    """Set what the engine's CloudFormation ignores, and the mail domain, which is in AWS's template only."""
    ensure_mail(stack.client("sesv2"), stack.parameters["MailDomain"])
    lock = resources["Files"]["Properties"]["ObjectLockConfiguration"]
    stack.client("s3").put_object_lock_configuration(Bucket=stack.outputs["FilesBucket"], ObjectLockConfiguration=lock)
    types = resources["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]
    patch = {"patchOperations": [{"op": "replace", "path": "/binaryMediaTypes", "value": types}]}
    request = urllib.request.Request(  # without the SDK: AWS takes the types one by one; the engine would keep the "~1"
        f"{stack.engine.endpoint}/restapis/{stack.outputs['RestAPIId']}",
        json.dumps(patch).encode(),
        {"Content-Type": "application/json"},
        method="PATCH",
    )
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30).close()


def configure(stack: Stack, place: Place, say: Callable[[str], None]) -> tuple[Stack, people.Pool]:
    """Configure the stack: steps 4 and 5. Raises `DeployError`."""
    kms, static = stack.client("kms"), S3Static(stack.client("s3"), stack.outputs["StaticBucket"])
    signers = {
        purpose: tuple(KmsSigner(kms, f"alias/{STACK}-{purpose}-{number}") for number in (1, 2, 3))
        for purpose in setup.PURPOSES
    }
    place.folder.mkdir(parents=True, exist_ok=True)
    pool = stack.pool(place.password())
    pin, certificates = setup.ceremony(place, signers, static, pool, stack.outputs["RegisterTable"])
    say("trust list: proposed by one admin, published by another; the root key is outside the stack")
    kids = {name: ",".join(signer.kid.hex() for signer in signers[name]) for name in setup.PURPOSES}
    parameters = {
        **stack.parameters,
        "PermitKids": kids[KeyPurpose.PERMIT],
        "StatusKids": kids[KeyPurpose.STATUS],
        "PdfKids": kids[KeyPurpose.PDF],
        "PdfCertificate": ",".join(base64.b64encode(each).decode() for each in certificates),
        "Pins": f"{pin.country}={'+'.join(each.hex() for each in pin.thumbprints)}",
    }
    outputs = _deploy(stack, "UPDATE", stack.template, parameters)
    say("change set: the functions now have key ids, certificates and the pinned root")
    return Stack(stack.engine, stack.template, outputs, parameters), pool


def _deploy(stack: Stack, kind: str, address: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Execute one change set and return the stack's outputs. Raises `DeployError`."""
    cloud = stack.client("cloudformation")
    name = f"{STACK}-{kind.lower()}-{int(time.time())}"
    try:
        cloud.create_change_set(
            StackName=STACK,
            ChangeSetName=name,
            ChangeSetType=kind,
            TemplateURL=address,
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        pause = {"Delay": 1, "MaxAttempts": SECONDS}
        cloud.get_waiter("change_set_create_complete").wait(StackName=STACK, ChangeSetName=name, WaiterConfig=pause)
        cloud.execute_change_set(StackName=STACK, ChangeSetName=name)
        cloud.get_waiter(f"stack_{kind.lower()}_complete").wait(StackName=STACK, WaiterConfig=pause)
    except (ClientError, WaiterError) as error:
        raise DeployError(f"{kind} of {STACK}: {error}\n{_reasons(cloud)}") from error
    outputs = cloud.describe_stacks(StackName=STACK)["Stacks"][0].get("Outputs", [])
    return {each["OutputKey"]: each["OutputValue"] for each in outputs}


def _reasons(cloud: Any) -> str:
    try:
        events = cloud.describe_stack_events(StackName=STACK)["StackEvents"]
    except ClientError as error:
        return str(error)
    told = [each for each in events if each.get("ResourceStatusReason")]
    return "\n".join("  {LogicalResourceId} {ResourceStatus}: {ResourceStatusReason}".format(**each) for each in told)


def _faults(stack: Stack) -> list[str]:
    """The last lines about faults in the logs of the functions, at most three a function."""
    logs = stack.client("logs")
    lines: list[str] = []
    for group in logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]:
        name = group["logGroupName"]
        events = logs.filter_log_events(logGroupName=name)["events"]
        told = [each["message"].strip() for each in events if "fault" in each["message"] or "rror" in each["message"]]
        lines += [f"{name}: {message[:500]}" for message in told[-3:]]
    return lines


def run(say: Callable[[str], None], *, any_commit: bool = False) -> None:
    """Run steps 1 to 6. Raises `DeployError`, `PackageError`, `EngineError`, `smoke.SmokeError`."""
    made = packaged(say, any_commit=any_commit)  # 1
    with scratch("deploy") as folder, Engine() as engine:
        stack = create(engine, made, say)  # 2, 3
        stack, pool = configure(stack, Place(folder / "stage"), say)  # 4, 5
        try:
            smoke.run(stack, pool, say)  # 6
        except smoke.SmokeError as error:
            raise smoke.SmokeError(*error.args, *_faults(stack)) from error


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make deploy-local", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--any-commit", action="store_true", help="use the existing package, of any commit")
    any_commit = parser.parse_args(arguments).any_commit
    hide_aws_accounts()
    return until_stopped(lambda: _deployed(any_commit=any_commit))


def _deployed(*, any_commit: bool) -> int:
    """Call `run`, print its progress and faults, and return the exit code."""
    began = time.monotonic()
    try:
        run(lambda text: print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True), any_commit=any_commit)
    except (DeployError, PackageError, EngineError, smoke.SmokeError) as error:
        print("deploy-local failed:", *error.args, sep="\n  ", file=sys.stderr)
        return 1
    print("\nNot tested by this deployment:")
    for each in NOT_SHOWN:
        print(f"  {each}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
