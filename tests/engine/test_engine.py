"""Local engine: it keeps all data over a restart, and stops with all its processes."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from dispositions import with_sigint

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.kernel.rows import Key, Put, Row
from local import engine as module
from local import resources
from local.engine import REGION, Engine, EngineError

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("aws_credentials")]


def clients(engine: Engine) -> dict[str, object]:
    return {name: make_client(name, region=REGION, endpoint=engine.endpoint) for name in ("dynamodb", "s3", "kms")}


def alive(pid: int) -> bool:
    return module._is_engine(pid)


def runs(pid: int) -> bool:
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(said.strip()) and not said.startswith("Z")


def test_resources_and_data_survive_restart(tmp_path: Path) -> None:
    digest = bytes(32)
    with Engine(tmp_path) as first:
        made = resources.ensure(prefix="tamga-test", **clients(first))
        kms, s3 = (make_client(name, region=REGION, endpoint=first.endpoint) for name in ("kms", "s3"))
        key = kms.get_public_key(KeyId=made.keys["permit"][0])
        s3.put_object(Bucket=made.blobs, Key="a", Body=b"pdf", ContentType="application/pdf")
        DynamoRegister(made.table, region=REGION, endpoint=first.endpoint).commit(
            Put(Key("permit", "a"), {"n": 1}, index={"state": "draft"})
        )
        pid = first.pid
    assert not alive(pid)
    with Engine(tmp_path) as second:
        assert resources.ensure(prefix="tamga-test", **clients(second)) == made
        kms, s3 = (make_client(name, region=REGION, endpoint=second.endpoint) for name in ("kms", "s3"))
        again = kms.get_public_key(KeyId=made.keys["permit"][0])
        assert (again["PublicKey"], again["KeyId"]) == (key["PublicKey"], key["KeyId"])
        assert kms.sign(KeyId=key["KeyId"], Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256")
        assert s3.get_object(Bucket=made.blobs, Key="a")["Body"].read() == b"pdf"
        register = DynamoRegister(made.table, region=REGION, endpoint=second.endpoint)
        row = Row(Key("permit", "a"), {"n": 1}, 1)
        assert register.get(row.key) == row
        assert register.search("state", "draft") == ((row,), None)
        described = clients(second)["dynamodb"].describe_time_to_live(TableName=made.table)
        assert described["TimeToLiveDescription"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
        assert len(kms.list_keys()["Keys"]) == 12  # of each purpose: one in use, two spare, one not in a list yet


def test_process_started_by_function_ends_with_engine(tmp_path: Path) -> None:
    """The engine runs each function in a process that could outlive it, and leaves its unpacked code behind."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        source = "import subprocess\ndef call(event, context):\n    return subprocess.Popen(['sleep', '60']).pid\n"
        archive.writestr("work.py", source)
    with Engine(tmp_path) as running:
        functions = make_client("lambda", region=REGION, endpoint=running.endpoint)
        functions.create_function(
            FunctionName="work", Runtime="python3.13", Handler="work.call", Code={"ZipFile": code.getvalue()},
            Role="arn:aws:iam::000000000000:role/none",
        )  # fmt: skip
        started = json.loads(functions.invoke(FunctionName="work")["Payload"].read())
        assert list((tmp_path / "tmp").glob("*work*"))
        assert runs(started)
    end = time.monotonic() + 60
    while runs(started):  # killed, but still ending
        assert time.monotonic() < end
    with Engine(tmp_path):
        assert not list((tmp_path / "tmp").glob("*work*"))


def test_engine_listens_on_this_machine_only(engine: Engine) -> None:
    with socket.socket() as other:
        other.settimeout(1)
        with pytest.raises(OSError, match=r".*"):
            other.connect(("127.0.0.2", engine.port))


def test_engine_on_port_in_use_raises_engine_error(engine: Engine) -> None:
    with pytest.raises(EngineError):
        Engine(port=engine.port).start()


def test_orphaned_engine_is_stopped_gracefully_at_next_start(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from local.engine import Engine, CREDENTIALS, REGION\n"
        "from chalicelib.adapters.aws.client import make_client\n"
        "engine = Engine(Path(sys.argv[1])).start(); os.environ.update(CREDENTIALS)\n"
        "make_client('s3', region=REGION, endpoint=engine.endpoint).create_bucket(Bucket='kept',\n"
        "    CreateBucketConfiguration={'LocationConstraint': REGION})\n"
        "print(engine.pid, flush=True); os._exit(1)\n"
    )
    root = Path(module.__file__).parents[1]
    died = subprocess.run(
        [sys.executable, "-c", script, tmp_path], cwd=root, capture_output=True, text=True, check=False
    )
    orphan = int(died.stdout)
    assert alive(orphan)
    with Engine(tmp_path) as running:
        assert not alive(orphan)
        s3 = make_client("s3", region=REGION, endpoint=running.endpoint)
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["kept"]


def test_pid_file_of_another_program_kills_nothing(tmp_path: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        (tmp_path / "engine.pid").write_text(str(bystander.pid))
        with Engine(tmp_path):
            assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.parametrize("before", [signal.SIG_DFL, signal.SIG_IGN], ids=["terminal", "background"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_engine_and_saves_data(tmp_path: Path, number: signal.Signals, before: signal.Handlers) -> None:
    """In a terminal the whole group gets SIGINT, but the engine gets its signal from the parent only.

    A shell starts background processes with SIGINT ignored.
    """
    root = Path(module.__file__).parents[1]
    command = [sys.executable, "-m", "local.engine", str(tmp_path)]
    parent = subprocess.Popen(
        with_sigint(before, command), cwd=root, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert parent.stdout
    assert parent.stdout.readline().startswith("http://127.0.0.1:")
    child = int((tmp_path / "engine.pid").read_text())
    os.killpg(parent.pid, number)
    assert parent.wait(60) == 0
    parent.stdout.close()
    assert not alive(child)
    assert not (tmp_path / "engine.pid").exists()


def test_missing_environment_raises_engine_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="missing"):
        Engine(python=tmp_path / "python").start()


def test_engine_that_does_not_start_reports_the_reason(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such module\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(EngineError, match=r"code 3\. Its log:\s+no such module"):  # without waiting for the time-out
        Engine(python=broken).start()
