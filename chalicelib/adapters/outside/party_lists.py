"""Download of the lists that other Parties publish, from the given address and no other.

1 https, the server's certificate and name verified, TLS 1.2 or later   2 no redirect, no compression, no cookie or
credential   3 limited bytes   4 limited number of the host's IP addresses, then limited seconds in all, also for a host
that sends single bytes in time

No retry, because the next scheduled run tries again.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from functools import cached_property
from http.client import HTTPS_PORT, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from chalicelib.kernel.errors import TooLarge, Unavailable

SILENT_SECONDS, WHOLE_SECONDS = 4.0, 8.0

ADDRESSES = 3  # addresses of one host to try, each for SILENT_SECONDS at most

MISSING = {403, 404, 410}  # 403: S3's answer for a missing key to a caller without ListBucket

HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Tamga"}


class HttpsLists:
    """`PublishedLists` over HTTPS.

    `authorities`: PEM file of the certification authorities of the hosts' certificates, empty for the public ones.
    """

    def __init__(self, *, authorities: str = "") -> None:
        self._authorities = authorities

    def fetch(self, url: str, *, cap: int) -> bytes | None:
        where, late = urlsplit(url), threading.Event()
        host, port = str(where.hostname), where.port or HTTPS_PORT
        connection = HTTPSConnection(host, port)

        def cut(heard: socket.socket) -> None:
            late.set()
            with suppress(OSError):
                socket.socket.shutdown(heard, socket.SHUT_RDWR)  # a blocked read returns at once

        watch: threading.Timer | None = None
        try:
            heard = self._context.wrap_socket(_reach(host, port), server_hostname=host, do_handshake_on_connect=False)
            connection.sock = heard  # the connection drops it after the answer, so the timer has the socket itself
            watch = threading.Timer(WHOLE_SECONDS, cut, (heard,))  # 4
            watch.daemon = True
            watch.start()
            heard.do_handshake()  # 1
            connection.request("GET", where.path, headers=HEADERS)
            answer = connection.getresponse()
            if answer.status in MISSING:
                return None
            if answer.status != 200:  # 2
                raise Unavailable(f"The host answered {answer.status}.")
            data = answer.read(cap + 1)
        except (OSError, HTTPException):
            raise Unavailable("The host is too slow." if late.is_set() else "The host did not answer.") from None
        finally:
            if watch:
                watch.cancel()
            connection.close()
        if late.is_set():
            raise Unavailable("The host is too slow.")
        if len(data) > cap:  # 3
            raise TooLarge("The answer of the host is too large.")
        return data

    @cached_property
    def _context(self) -> ssl.SSLContext:
        import certifi

        context = ssl.create_default_context(cafile=self._authorities or certifi.where())
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def _reach(host: str, port: int) -> socket.socket:
    """Connect to the first address that answers, of at most three. `create_connection` alone tries all of a name.

    Raises OSError.
    """
    wrong = OSError("The name has no address.")
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:ADDRESSES]:
        try:
            return socket.create_connection((str(address[0]), port), timeout=SILENT_SECONDS)
        except OSError as error:
            wrong = error
    raise wrong
