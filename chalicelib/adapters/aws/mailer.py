"""Mail by Amazon SES, under one verified identity."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    SSLError,
)

from chalicelib.adapters.aws.client import code_of
from chalicelib.kernel.errors import Unavailable
from chalicelib.mail.services import Mail, MailRefused

NOT_REACHED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)  # nothing was said yet

WRONG = frozenset({"BadRequestException", "ValidationException", "InvalidParameterValue"})  # of this mail


class SesMailer:
    """`Mailer` over SES's API of version 2.

    `client` must not retry (`aws.make_client("sesv2", attempts=1)`): SES knows no token by which it would take a mail
    once. What it refuses for the account's sake (sandbox, pause, rate, a missing right) may be put right, so that is
    `Unavailable`; an answer that did not come is raised as it is.
    """

    def __init__(self, client: Any, sender: str) -> None:
        self._client, self._sender = client, sender

    def send(self, mail: Mail) -> str:
        content = {
            "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
            "Body": {"Text": {"Data": mail.body, "Charset": "UTF-8"}},
            "Headers": [
                {"Name": "Auto-Submitted", "Value": "auto-generated"}
            ],  # RFC 3834: no answering machine answers
        }
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender, Destination={"ToAddresses": [mail.to]}, Content={"Simple": content}
            )
        except NOT_REACHED as error:
            raise Unavailable("The mail service was not reached.") from error
        except ClientError as error:
            if code_of(error) in WRONG:
                raise MailRefused(code_of(error)) from error
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) >= 500:
                raise
            raise Unavailable("The mail service did not take it.") from error
        return str(answer["MessageId"])
