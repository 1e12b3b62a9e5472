"""HTTP client on urllib3 for adapters that call other hosts: one request, and its answer unchanged.

1 the server's certificate and name verified, TLS 1.2 or later   2 no redirect, no retry, no decompression
3 limited bytes   4 limited seconds for the connection and for each part of the answer

Two adapters do not use it. `party_lists.py` limits the number of addresses to try and the time of a whole answer with
headers, for which urllib3 has only private members. `species_plus.py` is run by a person, perhaps behind a proxy with
a password, which urllib.request finds and uses by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.kernel.errors import TooLarge, Unavailable

if TYPE_CHECKING:
    import ssl

    from urllib3 import PoolManager

CHUNK = 65_536  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of a host. `headers`: names in upper or lower case."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def pool(*, connect: float, read: float, context: ssl.SSLContext | None = None) -> PoolManager:
    """Make a pool of reusable connections. `context` is that of TLS, by default with the authorities of the machine."""
    import urllib3

    return urllib3.PoolManager(retries=False, ssl_context=context, timeout=urllib3.Timeout(connect=connect, read=read))


def ask(  # noqa: PLR0913 - the request and its two limits
    connections: PoolManager,
    url: str,
    *,
    headers: Mapping[str, str],
    cap: int,
    body: bytes | None = None,
    late: Callable[[], bool] = lambda: False,
) -> Answer:
    """Send a GET, or a POST of `body`, and return the answer.

    `late`: called after each part of the answer. True ends the request, since it takes too long in all.
    Raises `Unavailable` if no complete answer came, and `TooLarge` for more than `cap` bytes.
    """
    import urllib3

    try:
        with connections.request(
            "GET" if body is None else "POST",
            url,
            body=body,
            headers=headers,
            redirect=False,
            preload_content=False,
            decode_content=False,
        ) as answer:
            data = bytearray()
            while chunk := answer.read1(CHUNK, decode_content=False):
                data += chunk
                if len(data) > cap:
                    raise TooLarge("The answer of the host is too large.")
                if late():
                    raise Unavailable("The host is too slow.")
            return Answer(answer.status, answer.headers, bytes(data))
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unavailable(f"The host did not answer ({type(error).__name__}).") from None
