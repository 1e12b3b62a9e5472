"""Client of other Parties' EPIX services over mutual TLS.

1 https, the server's certificate and name verified, TLS 1.2 or later, our certificate presented   2 no redirect, no
compression, no cookie   3 limited bytes and seconds   4 without a usable answer a question is sent once more, a report
never

A Party needs no configuration but its address.
"""

from __future__ import annotations

import os
import ssl
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.adapters.outside import http_client
from chalicelib.exchange.model.operations import CONFIRM, MESSAGE_CAP
from chalicelib.exchange.services.ask_party import PartyAnswer
from chalicelib.kernel.errors import ExchangeRefused, Invalid, TooLarge, Unavailable

if TYPE_CHECKING:
    from urllib3 import PoolManager

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 6.0, 14.0  # the second try ends within 23 s, before the caller's

TRIES = 2

XML = ("text/xml", "application/xml", "application/soap+xml", "multipart/related")


class EpixClient:
    """`PartyServices` over HTTPS.

    `endpoints`: country -> address. `credentials`: returns our certificate and key, PEM. `authorities`: file of the
    certification authorities of the services' certificates, empty for the public ones.
    """

    def __init__(
        self,
        endpoints: Mapping[str, str],
        *,
        credentials: Callable[[], str],
        authorities: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoints = dict(endpoints)
        self._credentials = credentials
        self._authorities = authorities
        self._clock = clock

    @property
    def countries(self) -> frozenset[str]:
        return frozenset(self._endpoints)

    def send(
        self, country: str, operation: str, number: str, *, token: str = "", lines: Sequence[tuple[str, str]] = ()
    ) -> PartyAnswer:
        from chalicelib.exchange.epix.soap import Position, Question, write_question

        positions = tuple(Position(*line) for line in lines)
        question = Question(operation, number=number, token=token, country=country, positions=positions)
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"urn:{operation}"',
            "Accept": "text/xml",
            "Accept-Encoding": "identity",
            "User-Agent": "Tamga",
        }
        body, ends = write_question(question), self._clock() + WHOLE_SECONDS
        for turn in range(1 if operation == CONFIRM else TRIES):  # 4
            came = self._post(self._endpoints[country], body, headers, ends)
            if came is not None:
                return read(*came, operation)
            if turn + 1 < TRIES and self._clock() >= ends:
                break
        raise Unavailable("The other Party's service did not answer.")

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], ends: float) -> tuple[bytes, str] | None:
        """Send one request. Returns the answer's bytes and content type, or None without a usable answer."""
        connections = self._pool  # outside the try: without our certificate, raise and send nothing
        try:
            answer = http_client.ask(
                connections, url, headers=headers, cap=MESSAGE_CAP, body=body, late=lambda: self._clock() >= ends
            )  # 3
        except (Unavailable, TooLarge):
            return None
        kind = answer.headers.get("Content-Type", "")
        if (
            kind.partition(";")[0].strip().lower() not in XML
            or answer.status not in {200, 500}
            or answer.headers.get("Content-Encoding")
        ):
            return None
        return answer.data, kind

    @cached_property
    def _pool(self) -> PoolManager:
        return http_client.pool(connect=CONNECT_SECONDS, read=READ_SECONDS, context=self._context())

    def _context(self) -> ssl.SSLContext:  # 1
        """Make the TLS context with our certificate. Raises `Unavailable`: our certificate cannot be used."""
        import certifi

        context = ssl.create_default_context(cafile=self._authorities or certifi.where())
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:  # ssl only reads files; 0600 for our user alone
            os.fchmod(file.fileno(), 0o600)
            file.write(self._credentials())
            file.flush()
            try:
                context.load_cert_chain(file.name)
            except (ssl.SSLError, OSError) as error:
                raise Unavailable("Our client certificate for other Parties cannot be used.") from error
        return context


def read(data: bytes, content_type: str, operation: str) -> PartyAnswer:
    """Read an answer. A refusal gives its name as `fault`, a message that is no answer `malformed`. Keep all bytes."""
    from chalicelib.exchange.epix.soap import read_answer, root_part

    try:
        return PartyAnswer(data, read_answer(root_part(data, content_type), operation).permit)
    except ExchangeRefused as refused:
        return PartyAnswer(data, fault=refused.name)
    except (Invalid, TooLarge):
        return PartyAnswer(data, fault="malformed")
