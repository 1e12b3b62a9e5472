"""Set-up of a stage: repeatable, a trust list by two people, the root key out of the application's reach."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.applications import schemas as applications_schemas
from chalicelib.applications.services import draft as applications_draft
from chalicelib.composition import functions
from chalicelib.composition.container import Container, container_of
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.mail import services as mail_services
from chalicelib.platform.config import from_env
from chalicelib.trust.model.key_rotation import due, spares_missing
from local import setup
from local.engine import Engine
from local.mails import sent_mails
from local.ministry import tour_fields
from local.place import Place

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def own_engine(place: Place, aws_credentials: None) -> Iterator[Engine]:
    with Engine(place.engine) as running:
        yield running


@pytest.fixture(scope="module")
def ready(place: Place, own_engine: Engine) -> setup.PreparedStage:
    return setup.prepare(place, own_engine)


@pytest.fixture(scope="module")
def office(ready: setup.PreparedStage) -> Container:
    return container_of(from_env(ready.env))


def test_listed_keys_have_spares_and_certificates(office: Container) -> None:
    (current,) = office.trust().lists
    now = int(time.time())
    assert spares_missing(current) == {}
    assert due(current, now) == {}
    pdf = [key.fingerprint for key in current.keys if key.purpose == "pdf"]
    certificates = [base64.b64decode(text) for text in office.config.pdf_certificate.split(",")]
    assert pdf == [sha256(each).digest() for each in certificates[:3]]
    for key in current.keys:
        assert office.signer(key.kid).kid == key.kid


def test_one_key_of_each_purpose_is_ready_to_be_listed(office: Container) -> None:
    (current,) = office.trust().lists
    listed = {key.kid.hex() for key in current.keys}
    fresh = [alias for kid, alias in office.config.keys.items() if kid not in listed]
    assert fresh == ["alias/tamga-local-permit-4", "alias/tamga-local-status-4", "alias/tamga-local-pdf-4"]


def test_application_cannot_reach_the_root_key(place: Place, ready: setup.PreparedStage, office: Container) -> None:
    root = setup.root_signer(place)
    with pytest.raises(Unavailable):
        office.signer(root.kid)
    assert root.kid.hex() not in ready.env["TAMGA_KEYS"]
    assert not any(str(place.root_key) in value or "PRIVATE KEY" in value for value in ready.env.values())


def test_trust_list_was_proposed_and_published_by_two_people(ready: setup.PreparedStage, own_engine: Engine) -> None:
    from boto3.dynamodb.types import TypeDeserializer

    from chalicelib.adapters.aws.client import make_client

    items = make_client("dynamodb", region=own_engine.region, endpoint=own_engine.endpoint).scan(TableName=ready.table)
    rows = [{name: TypeDeserializer().deserialize(value) for name, value in item.items()} for item in items["Items"]]
    proposals = [row for row in rows if any(str(value).startswith("TRUST-PROPOSAL#") for value in row.values())]
    assert len(proposals) == 1
    partition = next(str(v) for v in proposals[0].values() if str(v).startswith("TRUST-PROPOSAL#"))
    register = DynamoRegister(ready.table, region=own_engine.region, endpoint=own_engine.endpoint)
    (row,) = register.query(partition)
    assert row.data["by"] != row.data["published_by"]


def test_repeated_setup_changes_nothing(
    place: Place, own_engine: Engine, ready: setup.PreparedStage, office: Container
) -> None:
    before = office.static.read("trust-list")
    assert setup.prepare(place, own_engine) == ready
    assert office.static.read("trust-list") == before


def test_old_trust_list_is_renewed(
    place: Place, own_engine: Engine, office: Container, monkeypatch: pytest.MonkeyPatch, ready: setup.PreparedStage
) -> None:
    (old,) = office.trust().lists
    monkeypatch.setattr(setup, "RENEW_BEFORE", 61 * 86400)
    setup.prepare(place, own_engine)
    (new,) = container_of(from_env(ready.env)).trust().lists
    assert new.seq > old.seq
    assert new.keys == old.keys
    assert Path(place.roots).read_text().split()[1] == ready.env["TAMGA_PINS"].removeprefix("KG=")


def test_applicant_gets_one_mail_through_the_engine(office: Container, own_engine: Engine) -> None:
    """Covers the engine's table and index, its SES, and our texts.

    A due notice is found, claimed, sent and marked.
    """
    applicant = Actor("u-mailed", "Mailed LLC", frozenset({"applicant"}))
    wanted = applications_schemas.ApplicationBody(**tour_fields(office.stage.today(office.clock()))).application()
    mail_services.set_address(("mailed@example.kg", "ky"), applicant, office)
    draft = applications_draft.create(wanted, applicant, office)
    applications_draft.submit(draft.id, applicant, office)
    assert [functions.send_notices(office).sent for _ in range(2)] == [1, 0]
    (mail,) = [each for each in sent_mails(own_engine.endpoint) if each["To"] == ["mailed@example.kg"]]
    assert (mail["Source"], mail["Subject"]) == ("notices@practice.tamga.kg", "МАШЫГУУ · Tamga · Арыз алынды")
    assert draft.id in mail["BodyText"]
