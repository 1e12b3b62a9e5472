"""Mailer over Amazon SES, with one verified identity as sender."""

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

NOT_REACHED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)  # no request was sent

WRONG = frozenset({"BadRequestException", "ValidationException", "InvalidParameterValue"})  # this mail is invalid


class SesMailer:
    """`Mailer` over the SES API, version 2.

    `client` must not retry (`make_client("sesv2", attempts=1)`): SES has no idempotency token, so a retry may send the
    mail twice. Raises `MailRefused` if SES refuses this mail. Raises `Unavailable` if SES was not reached, or refuses
    because of the account (sandbox, pause, rate, a missing right), which can be corrected. After a lost answer or a 5xx
    it raises botocore's error unchanged.
    """

    def __init__(self, client: Any, sender: str) -> None:
        self._client, self._sender = client, sender

    def send(self, mail: Mail) -> str:
        content = {
            "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
            "Body": {"Text": {"Data": mail.body, "Charset": "UTF-8"}},
            "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],  # RFC 3834: no automatic replies
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
            raise Unavailable("The mail service did not accept the mail.") from error
        return str(answer["MessageId"])
