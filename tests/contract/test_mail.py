"""Mail by `ports.Mailer`: accepted once under an id, refused, or not accepted; never sent twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from chalicelib.adapters.aws.client import make_client
from chalicelib.adapters.aws.mailer import SesMailer
from chalicelib.adapters.in_process.memory import MemoryMailer
from chalicelib.kernel.errors import Unavailable
from chalicelib.mail.services import Mail, Mailer, MailRefused
from local.engine import REGION, Engine
from local.mails import sent_mails
from local.resources import ensure_mail

FROM = "notices@practice.tamga.kg"
MAIL = Mail("aigul@example.kg", "МАШЫГУУ · Tamga · 26KG000001/E · Документ берилди", "Документиңиз берилди.\n\nTamga\n")


@dataclass(frozen=True)
class Post:
    """A mailer, and the mails that it sent: (to, subject, body)."""

    mailer: Mailer
    sent: Callable[[], list[tuple[str, str, str]]]


@pytest.fixture(params=["memory", "moto", pytest.param("engine", marks=pytest.mark.engine)])
def post(request: pytest.FixtureRequest, aws_credentials: None) -> Iterator[Post]:
    if request.param == "memory":
        kept = MemoryMailer()
        yield Post(kept, lambda: [(mail.to, mail.subject, mail.body) for mail in kept.sent])
    elif request.param == "moto":
        with mock_aws():
            yield Post(mailer(None), lambda: [(MAIL.to, MAIL.subject, MAIL.body)] * _moto_count())
    else:
        running: Engine = request.getfixturevalue("engine")
        made = mailer(running.endpoint)
        before = len(sent_mails(running.endpoint))
        yield Post(
            made,
            lambda: [(m["To"][0], m["Subject"], m["BodyText"]) for m in sent_mails(running.endpoint)[before:]],
        )


def mailer(endpoint: str | None) -> SesMailer:
    client = make_client("sesv2", region=REGION, endpoint=endpoint, attempts=1)
    ensure_mail(client, FROM.partition("@")[2])
    ensure_mail(client, FROM.partition("@")[2])  # again: it exists already
    return SesMailer(client, FROM)


def _moto_count() -> int:
    from moto.ses.models import ses_backends

    backends = [backend for account in ses_backends.values() for backend in account.values()]
    return sum(len(backend.sent_messages) for backend in backends)


def test_mail_is_sent_unchanged_under_a_new_id(post: Post) -> None:
    one, other = post.mailer.send(MAIL), post.mailer.send(MAIL)
    assert one != other
    assert post.sent() == [(MAIL.to, MAIL.subject, MAIL.body)] * 2


@pytest.mark.engine
def test_unverified_identity_raises_unavailable(engine: Engine) -> None:
    client = make_client("sesv2", region=REGION, endpoint=engine.endpoint, attempts=1)
    before = sent_mails(engine.endpoint)
    with pytest.raises(Unavailable):
        SesMailer(client, "notices@unverified.example").send(MAIL)
    assert sent_mails(engine.endpoint) == before


class Says:
    """A client that raises this error."""

    def __init__(self, error: Exception) -> None:
        self.error, self.asked = error, []  # type: ignore[var-annotated]

    def send_email(self, **asked: Any) -> Any:
        self.asked.append(asked)
        raise self.error


def said(code: str, status: int) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "SendEmail")


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (said("BadRequestException", 400), MailRefused),
        (said("MessageRejected", 400), Unavailable),  # also the response in the SES sandbox
        (said("TooManyRequestsException", 429), Unavailable),
        (said("AccessDeniedException", 403), Unavailable),
        (said("SendingPausedException", 400), Unavailable),
        (EndpointConnectionError(endpoint_url="x"), Unavailable),
        (ConnectTimeoutError(endpoint_url="x"), Unavailable),
        (said("InternalServiceError", 500), ClientError),  # these may have sent it
        (ReadTimeoutError(endpoint_url="x"), ReadTimeoutError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_mail_surely_unsent_is_distinguished_from_mail_perhaps_sent(error: Exception, raised: type[Exception]) -> None:
    client = Says(error)
    with pytest.raises(raised):
        SesMailer(client, FROM).send(MAIL)
    (asked,) = client.asked
    assert asked["FromEmailAddress"] == FROM
    assert asked["Destination"] == {"ToAddresses": [MAIL.to]}
