"""Lists published by other Parties: read from memory and over real TLS from local hosts, also hostile ones."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from party_certificates import Authority, Made

from chalicelib.adapters.in_process.memory import MemoryLists, MemoryStatic
from chalicelib.adapters.outside import party_lists
from chalicelib.adapters.outside.party_lists import HttpsLists
from chalicelib.kernel.errors import TooLarge, Unavailable
from chalicelib.trust.services.party_lists import PublishedLists

YEARS = 3000  # days: the current time of any test run lies within them
OURS, NOBODYS = Authority("Public", YEARS), Authority("Nobody's", YEARS)
LIST = b"a signed list"
PATIENCE = 60  # seconds: the longest time that a hostile host stays connected
Answer = Callable[[BaseHTTPRequestHandler], None]


def found(asked: BaseHTTPRequestHandler) -> None:
    there = asked.path == "/s/27q1"
    asked.send_response(200 if there else 404)
    asked.send_header("Content-Length", str(len(LIST) if there else 0))
    asked.end_headers()
    asked.wfile.write(LIST if there else b"")


@contextmanager
def host(folder: Path, answer: Answer, made: Made | None = None) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None: ...

    made = made or OURS.server()
    own = folder / "host.pem"
    own.write_text(made.certificate + made.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that disconnects is no error
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def client(folder: Path) -> HttpsLists:
    authorities = folder / "public.pem"
    authorities.write_text(OURS.certificate)
    return HttpsLists(authorities=str(authorities))


@pytest.fixture(params=["memory", "https"])
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[PublishedLists, str]]:
    """The port, and a host that publishes one list."""
    if request.param == "memory":
        static = MemoryStatic()
        static.write("s/27q1", LIST, content_type="", etag=None)
        yield MemoryLists({"localhost": static}), "https://localhost"
    else:
        with host(tmp_path, found) as port:
            yield client(tmp_path), f"https://localhost:{port}"


def test_published_list_is_returned_and_missing_one_is_none(hosts: tuple[PublishedLists, str]) -> None:
    lists, where = hosts
    assert lists.fetch(f"{where}/s/27q1", cap=len(LIST)) == LIST
    assert lists.fetch(f"{where}/s/27q2", cap=len(LIST)) is None


def test_list_over_size_limit_is_refused(hosts: tuple[PublishedLists, str]) -> None:
    lists, where = hosts
    with pytest.raises(TooLarge):
        lists.fetch(f"{where}/s/27q1", cap=len(LIST) - 1)


def test_absent_host_raises_unavailable(hosts: tuple[PublishedLists, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            hosts[0].fetch(f"https://localhost:{free.getsockname()[1]}/s/27q1", cap=100)


@pytest.mark.parametrize("made", [OURS.server("elsewhere.example"), NOBODYS.server()], ids=["name", "authority"])
def test_host_is_verified_before_the_request_is_sent(tmp_path: Path, made: Made) -> None:
    asked: list[str] = []
    with host(tmp_path, lambda request: asked.append(request.path), made) as port, pytest.raises(Unavailable):
        client(tmp_path).fetch(f"https://localhost:{port}/s/27q1", cap=100)
    assert asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 204, 206, 500, 503])
def test_redirect_is_not_followed_and_other_status_is_unavailable(tmp_path: Path, status: int) -> None:
    asked: list[str] = []

    def away(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        if request.path != "/s/27q1":
            found(request)
            return
        request.send_response(status)
        request.send_header("Location", "/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with host(tmp_path, away) as port, pytest.raises(Unavailable):
        client(tmp_path).fetch(f"https://localhost:{port}/s/27q1", cap=100)
    assert asked == ["/s/27q1"]


class Slow:
    """A host that sends nothing, or one byte now and then, until the client disconnects.

    `heard_out`: the client stayed to the end.
    """

    def __init__(self, begins: bytes, ends: bytes) -> None:
        self.begins, self.ends = begins, ends
        self.left, self.heard_out = threading.Event(), False

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(self.begins)
        for _ in range(PATIENCE * 20):
            if self.left.wait(0.05):
                return
            request.wfile.write(b"x" if self.begins else b"")
        request.wfile.write(self.ends)
        self.heard_out = True


OK = b"HTTP/1.1 200 OK\r\n"
SLOW = {
    "silent": (b"", OK + b"\r\nx"),
    "in its headers": (OK + b"X: ", b"\r\n\r\nx"),
    "in its body": (OK + b"\r\n", b""),
}


@pytest.mark.parametrize("name", SLOW)
def test_slow_host_is_abandoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(party_lists, "SILENT_SECONDS", 2.0 if name == "silent" else 30.0)
    monkeypatch.setattr(party_lists, "WHOLE_SECONDS", 100.0 if name == "silent" else 2.0)
    slow = Slow(*SLOW[name])
    with host(tmp_path, slow) as port:
        try:
            with pytest.raises(Unavailable):
                client(tmp_path).fetch(f"https://localhost:{port}/s/27q1", cap=1_000_000)
            assert not slow.heard_out
        finally:
            slow.left.set()


def test_host_with_many_silent_addresses_is_abandoned_after_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def silent(address: tuple[str, int], timeout: float) -> socket.socket:
        tried.append(address[0])
        raise TimeoutError

    many = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{n}", 443)) for n in range(70)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: many)
    monkeypatch.setattr(socket, "create_connection", silent)
    with pytest.raises(Unavailable):
        client(tmp_path).fetch("https://localhost/s/27q1", cap=100)
    assert tried == ["192.0.2.0", "192.0.2.1", "192.0.2.2"]


def test_request_has_standard_headers_only(tmp_path: Path) -> None:
    heard: list[set[str]] = []

    def listening(request: BaseHTTPRequestHandler) -> None:
        heard.append({name.lower() for name in request.headers})
        found(request)

    with host(tmp_path, listening) as port:
        client(tmp_path).fetch(f"https://localhost:{port}/s/27q1", cap=100)
    assert heard == [{"host", "accept", "accept-encoding", "user-agent"}]
