"""The container: one client for each service, the right adapter for each port, and every failure logged."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from life import issued
from office import APPROVER, DAY, MemoryOffice

import chalicelib
from chalicelib.adapters.aws.functions import LambdaIssuer, LambdaPrinter, LambdaPublisher, LambdaReader
from chalicelib.adapters.in_process.memory import MemoryIssuer, MemoryPrinter, MemoryPublisher, MemoryRegister
from chalicelib.alerts import mail as alerts_mail
from chalicelib.composition import ports
from chalicelib.composition.caches import BUNDLE_KEPT
from chalicelib.composition.container import Container, container_of
from chalicelib.expert_questions import mail as expert_questions_mail
from chalicelib.kernel.errors import NoMatch, Unavailable
from chalicelib.permits import mail as permits_mail
from chalicelib.permits.services import participants
from chalicelib.permits.services.notices import NOTICE_KINDS
from chalicelib.platform import country_folder
from chalicelib.platform.config import Config
from chalicelib.platform.deps import Provided
from chalicelib.suspicions import mail as suspicions_mail

KID = bytes(8)
PACKAGE = Path(chalicelib.__file__).parent


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The created clients, by service."""
    services: list[str] = []

    def make_client(service: str, **options: Any) -> object:
        services.append(service)
        return object()

    monkeypatch.setattr("chalicelib.adapters.aws.client.make_client", make_client)
    return services


def test_one_client_for_each_service(made: list[str]) -> None:
    names = ("issuer", "printer", "status", "reader")
    office = container_of(Config(keys={KID.hex(): "alias/a"}, **{f"{name}_function": name for name in names}))
    parts = (office.issuer, office.printer, office.publisher, office.reader, office.blobs, office.static)
    kinds = [LambdaIssuer, LambdaPrinter, LambdaPublisher, LambdaReader]
    assert [type(part) for part in parts[:4]] == kinds
    assert office.signer(KID) is office.signer(
        KID
    )  # and its public key is asked for once (tests/contract/test_keys.py)
    assert sorted(made) == ["kms", "lambda", "s3"]


def test_key_that_is_not_configured_raises_unavailable(made: list[str]) -> None:
    with pytest.raises(Unavailable):
        container_of(Config()).signer(KID)


def test_container_makes_quotas_a_participant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(participants, "take_part", Provided())
    container_of(Config())
    assert participants.take_part([], APPROVER, MemoryOffice()) == ([], [])


def test_only_ports_create_a_register() -> None:
    """So no code reaches permits without the container."""
    made = re.compile(r"(?:Dynamo|Memory)Register\(")
    found = [path for path in PACKAGE.rglob("*.py") if made.search(path.read_text("utf-8"))]
    assert found == [Path(ports.__file__)]


def test_each_kind_of_notice_is_mailed_by_one_room() -> None:
    texts = (path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    queued = {kind for text in texts for kind in re.findall(r'"kind": "(\w+)",\s+"owner"', text)}
    permits = {*NOTICE_KINDS.values(), "used", "withdrawn", "ending", "not_left"}
    mails = MemoryOffice().mails
    assert set(mails) == permits | queued
    rooms = (permits_mail, alerts_mail, expert_questions_mail, suspicions_mail)
    assert sum(len(room.MAILS) for room in rooms) == len(mails)


def test_without_functions_the_work_is_done_in_process() -> None:
    office = container_of(Config())
    kinds = [type(part) for part in (office.issuer, office.printer, office.publisher)]
    assert kinds == [MemoryIssuer, MemoryPrinter, MemoryPublisher]


def container_in_memory() -> tuple[Container, MemoryOffice]:
    """A container as the service makes it, over the ports and caches of an office in memory."""
    office = MemoryOffice()
    return Container(office, office.caches, office.clock()), office


def test_time_of_a_request_stays_while_the_clock_goes_on() -> None:
    deps, office = container_in_memory()
    office.later(60)
    assert (deps.now, deps.clock()) == (office.now - 60, office.now)


def test_listing_and_trust_stay_the_same_for_the_whole_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another request may put a new list in the caches meanwhile."""
    deps, office = container_in_memory()
    listing, trust = deps.listing, deps.trust()
    monkeypatch.setattr(office.caches, "species", SimpleNamespace(at=lambda now: None))
    monkeypatch.setattr(office.caches, "trust", SimpleNamespace(at=lambda now: None))
    assert (deps.listing is listing, deps.trust() is trust, deps.checker().trust is trust) == (True, True, True)


def test_another_register_is_used_by_every_part_of_the_container() -> None:
    deps, office = container_in_memory()
    issued(office)
    printer, other = deps.printer, MemoryRegister()
    made = deps.over(other)
    assert (made.register is other, made.now, made.stage) == (True, deps.now, deps.stage)
    assert made.printer is not printer
    with pytest.raises(NoMatch):
        made.issuer.issue("01J0000000000000000000000A")
    assert deps.register is office.register


class Dead:
    def invoke(self, **_: object) -> object:
        raise RuntimeError("AccessDenied")


def fails(_: str) -> None:
    raise KeyError("a bug")


@pytest.mark.parametrize("publisher", [MemoryPublisher(fails), LambdaPublisher(Dead(), "status")], ids=type)
def test_failed_publication_is_logged_and_raises_nothing(publisher: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A revocation stays when its publication fails."""
    logger = logging.getLogger("tamga")
    logger.addHandler(caplog.handler)
    publisher.publish("https://tamga.kg/s/27q1")
    logger.removeHandler(caplog.handler)
    assert any('"event": "fault"' in line and '"where": "publish"' in line for line in caplog.messages)


class Counting:
    """Register that counts its reads."""

    def __init__(self, register: Any) -> None:
        self.register, self.reads = register, 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.reads += name in {"get", "query"}
        return getattr(self.register, name)  # type: ignore[no-any-return]


def test_offline_bundle_is_made_once_a_minute() -> None:
    office = MemoryOffice()
    office.register = counting = Counting(office.register)  # type: ignore[assignment]
    first = office.bundle()
    reads = counting.reads
    assert reads > 0
    office.now += BUNDLE_KEPT - 1
    assert office.bundle() is first
    assert counting.reads == reads
    office.now += 1
    again, etag = office.bundle()
    assert (again["as_of"], etag) == (office.now, first[1])
    assert again["offline_limits"] == dict(country_folder.offline_limits())


def test_checker_has_the_offline_limits() -> None:
    office = MemoryOffice()
    assert office.checker().offline_limits == country_folder.offline_limits()


def test_verdicts_continue_without_the_bucket(tmp_path: Path) -> None:
    from border import look

    office = MemoryOffice()
    permit = issued(office)

    class Gone:
        def read(self, path: str) -> None:
            raise RuntimeError("AccessDenied")

    office.static = Gone()  # type: ignore[assignment]
    office.now += DAY
    assert look(office, permit).outcome == "accept"
