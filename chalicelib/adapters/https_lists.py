"""Fetches what other Parties publish, from the address that is asked for and no other.

1 https, the server's certificate and name verified, TLS 1.2 or later   2 no redirect, no compression, nothing of ours
sent   3 at most so many bytes   4 at most so many seconds, also where each byte comes in time

Asked once: the schedule's next turn asks again.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from functools import cached_property
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from chalicelib.core.errors import TooLarge, Unavailable

SILENT_SECONDS, WHOLE_SECONDS = 4.0, 8.0
MISSING = {403, 404, 410}  # 403: S3's word for it to who may not list
HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Tamga"}


class HttpsLists:
    """`PublishedLists`. `authorities`: file (PEM) of those of the hosts' certificates, empty for the public ones."""

    def __init__(self, *, authorities: str = "") -> None:
        self._authorities = authorities

    def fetch(self, url: str, *, cap: int) -> bytes | None:
        where, late = urlsplit(url), threading.Event()
        connection = HTTPSConnection(
            str(where.hostname), where.port, timeout=SILENT_SECONDS, context=self._context
        )  # 1

        def cut(heard: socket.socket) -> None:
            late.set()
            with suppress(OSError):
                socket.socket.shutdown(heard, socket.SHUT_RDWR)  # whoever reads from it goes on at once

        watch: threading.Timer | None = None
        try:
            connection.connect()
            # 4; the connection lets go of a socket that ends with its answer, so the socket itself is named
            watch = threading.Timer(WHOLE_SECONDS, cut, (connection.sock,))
            watch.daemon = True
            watch.start()
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
            raise TooLarge("What the host sends is too large.")
        return data

    @cached_property
    def _context(self) -> ssl.SSLContext:
        import certifi

        context = ssl.create_default_context(cafile=self._authorities or certifi.where())
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context
