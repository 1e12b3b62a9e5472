"""One HTTP request to another host over a real connection: whole, broken, slow and too large responses."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib.adapters.outside import http_client
from chalicelib.kernel.errors import TooLarge, Unavailable

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


@contextmanager
def host(*parts: bytes, holds: threading.Event | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """Answer each connection with these bytes and close it (with `holds`: once that is set).

    Yields the address and the list of requests.
    """
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(65_536))
                    for part in parts:
                        connection.sendall(part)
                    if holds is not None:
                        holds.wait(60)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/keys", asked
        if holds is not None:
            holds.set()
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def ask(url: str, *, cap: int = 100, read: float = 30.0, late: bool = False) -> http_client.Answer:
    connections = http_client.pool(connect=3.0, read=read)
    return http_client.ask(connections, url, headers={"User-Agent": "Tamga"}, cap=cap, late=lambda: late)


def test_whole_answer_returns_status_headers_and_bytes() -> None:
    with host(OK, b"keys") as (url, asked):
        answer = ask(url)
    assert (answer.status, answer.headers["content-length"], answer.data) == (200, "4", b"keys")
    assert asked[0].startswith(b"GET /keys HTTP/1.1\r\n")
    assert b"\r\nUser-Agent: Tamga\r\n" in asked[0]


def test_redirect_is_returned_and_not_followed() -> None:
    with host(b"HTTP/1.1 302 Found\r\nLocation: /keys\r\nContent-Length: 0\r\n\r\n") as (url, asked):
        assert ask(url).status == 302
    assert len(asked) == 1


def test_packed_answer_stays_packed() -> None:
    with host(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n", b"\x1f\x8b\x08\x00") as (
        url,
        _,
    ):
        assert ask(url).data == b"\x1f\x8b\x08\x00"


@pytest.mark.parametrize(
    "parts",
    [[], [b"hello\r\n\r\n"], [OK, b"ke"], [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"4\r\nke"]],
    ids=["nothing", "no status line", "cut", "cut chunk"],
)
def test_broken_answer_is_unavailable_and_asked_once(parts: list[bytes]) -> None:
    with host(*parts) as (url, asked):
        with pytest.raises(Unavailable):
            ask(url)
        assert len(asked) == 1


def test_answer_above_the_cap_is_too_large() -> None:
    with host(OK, b"keys") as (url, _):
        assert ask(url, cap=4).data == b"keys"
        with pytest.raises(TooLarge):
            ask(url, cap=3)


@pytest.mark.parametrize("parts", [[], [OK, b"ke"]], ids=["silent", "silent in its body"])
def test_silent_host_is_unavailable(parts: list[bytes]) -> None:
    with host(*parts, holds=threading.Event()) as (url, _), pytest.raises(Unavailable):
        ask(url, read=0.3)


def test_answer_that_takes_too_long_as_a_whole_is_unavailable() -> None:
    with host(OK, b"keys") as (url, _), pytest.raises(Unavailable):
        ask(url, late=True)


def test_host_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            ask(f"http://127.0.0.1:{free.getsockname()[1]}/")
