"""Key ceremonies by command line on the local engine: rotation, compromise, and the verdicts on permits afterwards.

The tests form one story, in order. Each command runs in a new container with nothing but the stage's configuration.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from life import issued
from process import Process
from typer.testing import CliRunner

from chalicelib.composition import container
from chalicelib.composition.main import app
from chalicelib.diagnostics.services import CHECKS
from chalicelib.issuing.services import print_permit
from chalicelib.kernel.days import to_text
from chalicelib.permits.model.dossier import Dossier
from chalicelib.platform import country_folder
from chalicelib.platform.config import from_env
from chalicelib.reading import read_document
from chalicelib.token import cose
from chalicelib.token.qr_text import token_of
from chalicelib.trust.model.key_rotation import NOTICE
from chalicelib.verdict.snapshot import Context, NotAsked
from chalicelib.verdict.verdict import judge
from chalicelib.verification.services.verify import verify
from local import setup, token
from local.engine import CREDENTIALS, ROOT, Engine
from local.place import Place

pytestmark = [pytest.mark.engine, pytest.mark.slow]


class Clocked(Process):
    """A container for `life.py`. Its clock is `ahead` of the machine's."""

    ahead = 0

    @property
    def now(self) -> int:
        return self.clock()

    def clock(self) -> int:
        return super().clock() + self.ahead


class Stage:
    """A stage of the local engine and the two administrators of its keys."""

    def __init__(self, place: Place, engine: Engine) -> None:
        self.place = place
        self.ahead = 0
        self.ready = setup.prepare(place, engine)
        self.tokens = {
            name: token.token(self.ready.pool, self.ready.table, name, ["admin"]) for name in ("gulnara", "marat")
        }

    def run(self, *words: object, by: str = "") -> Result:
        container.replace_deps(self.office())
        try:
            env = {"TAMGA_TOKEN": self.tokens.get(by, ""), "COLUMNS": "250"}
            return CliRunner().invoke(app, [*map(str, words)], env=env)
        finally:
            container.replace_deps(None)

    def ask(self, *words: object, by: str = "") -> Any:
        done = self.run(*words, "--json", by=by)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def publish(self, *words: object) -> None:
        proposal = self.ask(*words, by="gulnara")["proposal"]
        args = ("trust", "publish", proposal, "--root", self.place.root_key, "--yes")
        assert self.run(*args, by="gulnara").exit_code == 1
        self.ask(*args, by="marat")
        time.sleep(1.1)  # times in a trust list are whole seconds

    def keys(self, purpose: str) -> dict[str, str]:
        return {
            key["kms_key"].rpartition("/")[2].removeprefix("tamga-local-"): key["state"]
            for key in self.ask("keys", "list")["keys"]
            if key["purpose"] == purpose
        }

    def signing(self, purpose: str) -> str:
        keys = self.ask("keys", "list")["keys"]
        (kid,) = [key["kid"] for key in keys if (key["purpose"], key["state"]) == (purpose, "signing")]
        return str(kid)

    def office(self) -> Clocked:
        """A new process, which reads the newest trust list."""
        made = Clocked(from_env(self.ready.env))
        made.ahead = self.ahead
        return made


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, aws_credentials: None) -> Iterator[Stage]:
    place = Place(tmp_path_factory.mktemp("ceremony"))
    with Engine(place.engine) as engine:
        yield Stage(place, engine)


def signed_by(permit: Dossier) -> str:
    return cose.decode_sign1(token_of(permit.tokens[0]), cap=4096).kid.hex()


def verdict(office: Clocked, permit: Dossier, *, online: bool = True) -> tuple[str, list[str]]:
    if online:
        found = verify(permit.tokens[0], office)
    else:
        context = Context(offline_limits=country_folder.offline_limits())
        found = judge(
            permit.tokens[0], trust=office.trust(), status={}, register=NotAsked(), context=context, now=office.now
        )
    return found.outcome, [hit.code for hit in found.check_results]


def test_permit_key_is_rotated_used_and_compromised(stage: Stage) -> None:
    assert stage.keys("permit") == {"permit-1": "signing", "permit-2": "spare 1", "permit-3": "spare 2"}
    assert stage.ask("keys", "list")["due"] == {}
    before = issued(stage.office())

    at = to_text(stage.office().now + NOTICE + 60)
    stage.publish("keys", "rotate", "alias/tamga-local-permit-4", "--purpose", "permit", "--at", at)
    assert stage.keys("permit")["permit-1"] == f"signing until {at}"
    between = issued(stage.office())
    stage.ahead = NOTICE + 61
    states = stage.keys("permit")
    assert [states[f"permit-{n}"] for n in (1, 2, 3)] == ["retired", "signing", "spare 1"]
    assert states["permit-4"].startswith("spare 2 from ")
    stage.ask("publish")
    after = issued(stage.office())
    aliases = {kid: alias.rpartition("-")[2] for kid, alias in stage.office().config.keys.items()}
    assert [aliases[signed_by(permit)] for permit in (before, between, after)] == ["1", "1", "2"]
    for permit in (before, between, after):
        assert verdict(stage.office(), permit) == ("accept", [])

    stage.publish("keys", "compromised", signed_by(after), "--since", "2026-11-25T00:00:00Z")
    assert list(stage.keys("permit").values())[1:3] == ["compromised", "signing"]
    assert list(stage.ask("keys", "list")["due"]) == ["spares-permit"]
    assert verdict(stage.office(), after) == ("check", ["F2"])
    assert verdict(stage.office(), after, online=False)[0] != "accept_offline"
    assert verdict(stage.office(), before) == ("accept", [])
    assert aliases[signed_by(issued(stage.office()))] == "3"


def test_status_lists_are_signed_by_spare_after_compromise(stage: Stage) -> None:
    permit = issued(stage.office())
    stage.ask("publish", "--now")
    stage.publish("keys", "compromised", stage.signing("status"), "--spare", "alias/tamga-local-status-4")
    assert permit.status_uri in stage.ask("publish")["published"]
    assert verdict(stage.office(), permit) == ("accept", [])


def test_prints_are_sealed_by_spare_after_compromise(stage: Stage) -> None:
    spare = ("--spare", "alias/tamga-local-pdf-4", "--certificate", stage.place.certificate(4))
    stage.publish("keys", "compromised", stage.signing("pdf"), *spare)
    office = stage.office()
    permit = issued(office)
    office.print_here(permit.id, False)
    data = office.blobs.get(print_permit.print_key(permit, print_permit.marks_of(permit, office.stage))) or b""
    (seal,) = read_document.read(data, "application/pdf").seals
    assert (seal.intact, seal.fingerprint) == (True, sha256(stage.place.certificate(2).read_bytes()).hexdigest())


def test_trust_list_is_signed_on_another_machine(stage: Stage, tmp_path: Path) -> None:
    proposal = stage.ask("trust", "prepare", by="gulnara")["proposal"]
    assert "~ valid" in stage.run("trust", "show", proposal).stdout
    carried, signed = tmp_path / "carried", tmp_path / "signed"
    stage.ask("trust", "export", proposal, "--out", carried, by="marat")
    stage.ask(
        "trust", "sign", carried, "--root", stage.place.root_key, "--roots", stage.place.roots, "--out", signed, "--yes"
    )
    done = stage.ask("trust", "import", proposal, signed, by="marat")
    assert done["seq"] == stage.office().trust().lists[0].seq


def test_doctor_on_local_stage_reports_warnings_and_no_problem(stage: Stage) -> None:
    done = stage.run("doctor", "--json")
    shown = json.loads(done.stdout)
    assert (done.exit_code, shown["grade"]) == (1, "warning"), shown
    assert {each["check"] for each in shown["findings"]} == set(CHECKS)
    assert {each["check"] for each in shown["findings"] if each["grade"] == "warning"} >= {1, 2, 3, 4, 8, 10}


def test_command_line_needs_the_configuration_only(stage: Stage) -> None:
    env = {"PATH": os.environ["PATH"], **CREDENTIALS, **stage.ready.env}
    command = [ROOT / "bin" / "tamga", "sweep", "--json"]
    done = subprocess.run(command, env=env, cwd="/", capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["voided"] == []
