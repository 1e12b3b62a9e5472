"""HTTP with urllib3, for each adapter that asks another host: one request, and the answer as it came.

1 the server's certificate and name verified, TLS 1.2 or later   2 no redirect followed, nothing repeated, nothing
unpacked   3 at most so many bytes   4 at most so many seconds each for the connection and for each part of the answer

`party_lists.py` does without it: it bounds the addresses that are tried, and the time of a whole answer with its
headers, which urllib3 can do by private members alone. `species_plus.py`, too: a person runs it, perhaps behind a
proxy with a password, which urllib.request finds and uses by itself.
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
    """`headers`: by any spelling of their names."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def pool(*, connect: float, read: float, context: ssl.SSLContext | None = None) -> PoolManager:
    """Connections that are kept for the next request. `context`: of TLS; without it the machine's own authorities."""
    import urllib3

    return urllib3.PoolManager(retries=False, ssl_context=context, timeout=urllib3.Timeout(connect=connect, read=read))


def ask(
    connections: PoolManager,
    url: str,
    *,
    headers: Mapping[str, str],
    cap: int,
    body: bytes | None = None,
    late: Callable[[], bool] = lambda: False,
) -> Answer:
    """GET, or POST of `body`. `late`: asked after each part of the answer, whether it took too long as a whole.

    Raises `Unavailable` where no whole answer came, and `TooLarge`.
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
                    raise TooLarge("What the host sends is too large.")
                if late():
                    raise Unavailable("The host is too slow.")
            return Answer(answer.status, answer.headers, bytes(data))
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unavailable(f"The host did not answer ({type(error).__name__}).") from None
