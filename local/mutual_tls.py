"""A port with mutual TLS: it accepts only client certificates of known authorities, as the exchange's host does on AWS.

The application gets the certificate that TLS verified in the WSGI environ (`server.CLIENT_CERTIFICATE`). No request
header can set that entry.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from local.server import CLIENT_CERTIFICATE, HOST


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = 30  # seconds, for clients that send nothing

    def setup(self) -> None:
        self.request.do_handshake()  # in this client's thread: a slow handshake must not block the accepting thread
        super().setup()

    def get_environ(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_environ()
        shown = self.connection.getpeercert(binary_form=True)
        found[CLIENT_CERTIFICATE] = ssl.DER_cert_to_PEM_cert(shown) if shown else ""
        return found

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Log nothing, because the application logs the request."""


@contextmanager
def serving(application: Callable[..., Any], *, certificate: Path, authorities: Path, port: int = 0) -> Iterator[int]:
    """Serve `application` (WSGI) and yield the port.

    `certificate`: the host's own, with its key, PEM. `authorities`: of the clients' certificates, PEM.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate)
    context.load_verify_locations(authorities)
    context.verify_mode = ssl.CERT_REQUIRED
    server = _Server((HOST, port), _Handler)
    server.set_app(application)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients without certificates are expected
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield int(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
