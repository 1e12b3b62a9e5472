"""Exchange over real mutual TLS between local ports with test authorities: client, server and hostile peers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from desk import issued, ok
from http_client import GATEWAY, call, get
from office import PREPARER, MemoryOffice
from party_certificates import Authority, Made
from test_exchange import listed

from chalicelib.adapters.outside import epix
from chalicelib.adapters.outside.epix import EpixClient
from chalicelib.exchange.epix.soap import CONFIRM, FINAL, NON_FINAL, STATE
from chalicelib.exchange.model.operations import MESSAGE_CAP
from chalicelib.kernel.errors import Unavailable
from local.mutual_tls import serving

HUB = Path(__file__).parents[1] / "unit" / "exchange" / "epix-v2-response.xml"
YEARS = 3000  # days; the validity includes the real time of the test run
XML = [("Content-Type", "text/xml; charset=utf-8")]
OURS, THEIRS, NOBODYS = (Authority(name, YEARS) for name in ("Ours", "Theirs", "Nobody's"))
EMIRATES, UZBEKISTAN = THEIRS.client("AE"), THEIRS.client("UZ")


def pem(folder: Path, name: str, *texts: str) -> Path:
    path = folder / name
    path.write_text("".join(texts))
    return path


@contextmanager
def port(folder: Path, application: Callable[..., Any], host: Made | None = None) -> Iterator[int]:
    made = host or OURS.server()
    own = pem(folder, f"host-{made.thumbprint[:8]}.pem", made.certificate, made.key)
    with serving(application, certificate=own, authorities=pem(folder, "clients.pem", THEIRS.certificate)) as number:
        yield number


def client(folder: Path, number: int, who: Made = EMIRATES, country: str = "KG", **more: Any) -> EpixClient:
    return EpixClient(
        {country: f"https://localhost:{number}/v1/epix"}, credentials=lambda: who.certificate + who.key,
        authorities=str(pem(folder, "servers.pem", OURS.certificate)), **more,
    )  # fmt: skip


def test_party_is_identified_by_its_certificate(office: MemoryOffice, tmp_path: Path) -> None:
    ok(listed(EMIRATES))
    permit = issued()
    with port(tmp_path, GATEWAY) as number:
        emirates = client(tmp_path, number)
        assert emirates.send("KG", STATE, "").fault == ""
        answer = emirates.send("KG", NON_FINAL, permit["number"])
        assert answer.permit is not None
        assert answer.permit.lines[0].scientific_name == "Falco cherrug"
        assert emirates.send("KG", FINAL, permit["number"]).fault == "NotFinal"
        assert emirates.send("KG", CONFIRM, permit["number"], lines=[("A", "2")]).fault == ""
        uzbeks = client(tmp_path, number, UZBEKISTAN)
        assert uzbeks.send("KG", NON_FINAL, permit["number"]).fault == "CallerNotFound"
        with pytest.raises(Unavailable):  # unknown authority: TLS refuses the connection
            client(tmp_path, number, NOBODYS.client("AE")).send("KG", NON_FINAL, permit["number"])
    calls = ok(get(f"/v1/permits/{permit['id']}/exchange", token="preparer"))["calls"]
    assert {each["thumbprint"] for each in calls} == {EMIRATES.thumbprint}
    assert calls[-1]["digest"] == sha256(answer.data).hexdigest()


@pytest.mark.parametrize("host", [OURS.server("elsewhere.example"), NOBODYS.server()], ids=["name", "authority"])
def test_server_certificate_is_verified_before_request_is_sent(tmp_path: Path, host: Made) -> None:
    heard: list[Any] = []

    def listening(environ: Any, start: Any) -> list[bytes]:
        heard.append(environ)
        return []

    with port(tmp_path, listening, host) as number, pytest.raises(Unavailable):
        client(tmp_path, number).send("KG", NON_FINAL, "26KG000001/E")
    assert heard == []


def test_malformed_client_certificate_raises_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        EpixClient({"KG": "https://localhost:1/"}, credentials=lambda: "no certificate").send("KG", STATE, "")


class Theirs:
    """Another Party's service with given responses in turn, of which the last one repeats."""

    def __init__(self, *answers: tuple[str, list[tuple[str, str]], bytes]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, environ: Any, start: Any) -> Any:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.asked += 1
        status, headers, body = self.answers[min(self.asked, len(self.answers)) - 1]
        start(status, list(headers))  # a copy, because wsgiref changes the list
        return [body]


GOOD = ("200 OK", XML, HUB.read_bytes())
NOT_ANSWERS = {
    "a redirect": ("302 Found", [("Location", "https://localhost:9/")], b""),
    "busy": ("503 Service Unavailable", [], b""),
    "a page": ("200 OK", [("Content-Type", "text/html")], b"<html/>"),
    "packed": ("200 OK", [*XML, ("Content-Encoding", "gzip")], b"\x1f\x8b"),
    "too much": ("200 OK", XML, b" " * (MESSAGE_CAP + 1)),
}


@pytest.mark.parametrize("name", NOT_ANSWERS)
def test_unusable_response_is_retried_once(tmp_path: Path, name: str) -> None:
    theirs = Theirs(NOT_ANSWERS[name])
    with port(tmp_path, theirs) as number:
        with pytest.raises(Unavailable):
            client(tmp_path, number).send("KG", NON_FINAL, "XA000000")
        assert theirs.asked == 2
        theirs.answers.append(GOOD)
        assert client(tmp_path, number).send("KG", NON_FINAL, "XA000000").permit is not None


def test_report_of_arrival_is_not_retried(tmp_path: Path) -> None:
    theirs = Theirs(NOT_ANSWERS["busy"])
    with port(tmp_path, theirs) as number, pytest.raises(Unavailable):
        client(tmp_path, number).send("KG", CONFIRM, "XA000000", lines=[("A", "1")])
    assert theirs.asked == 1


def test_slow_response_is_aborted_after_time_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epix, "WHOLE_SECONDS", 0.3)

    dripped = 0

    def dripping(environ: Any, start: Any) -> Iterator[bytes]:
        nonlocal dripped
        start("200 OK", list(XML))
        for _ in range(1200):
            time.sleep(0.05)
            dripped += 1
            yield b" "

    with port(tmp_path, dripping) as number:
        with pytest.raises(Unavailable):
            client(tmp_path, number).send("KG", NON_FINAL, "XA000000")
        assert dripped < 1200


@pytest.fixture
def asking(office: MemoryOffice, tmp_path: Path) -> Iterator[Theirs]:
    """Our ministry, with the test service as that of Switzerland."""
    theirs = Theirs(GOOD)
    with port(tmp_path, theirs) as number:
        office.parties = client(tmp_path, number, country="CH")
        yield theirs


def ask(**changes: Any) -> Any:
    return call("POST", "/v1/exchange/ask", {"country": "CH", "number": "XA000000", **changes}, token="aizada")


def test_response_is_stored_with_its_bytes_and_journalled(office: MemoryOffice, asking: Theirs) -> None:
    made = ok(ask(), 201)
    assert made["permit"]["number"] == "XA000000"
    assert made["permit"]["lines"][1]["scientific_name"] == "Crocodylus siamensis"
    assert made["words"][0] == "R XA000000: 2014-01-06 - 2014-07-05"
    digest = sha256(HUB.read_bytes()).hexdigest()
    assert (made["call"]["outcome"], made["call"]["digest"], made["call"]["by_name"]) == ("answered", digest, "Aizada")
    assert office.blobs.get(f"papers/{digest}") == HUB.read_bytes()
    (kept,) = ok(get("/v1/exchange/asked", token="approver", query={"country": "CH", "number": "XA000000"}))["items"]
    assert kept == made["call"]
    (written,) = ok(get("/v1/exchange/parties/CH/calls", token="a-auditor"))["items"]
    assert written == kept


def test_fault_malformed_response_and_outage_are_journalled(office: MemoryOffice, asking: Theirs) -> None:
    fault = b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><e:Fault><faultcode>e:Client" \
            b"</faultcode><faultstring>CallerNotFound</faultstring></e:Fault></e:Body></e:Envelope>"  # fmt: skip
    asking.answers = [("500 Internal Server Error", XML, fault), ("200 OK", XML, b"<a/>"), NOT_ANSWERS["busy"]]
    outcomes = [ok(ask(), 201) for _ in range(3)]
    assert [each["call"]["outcome"] for each in outcomes] == ["CallerNotFound", "malformed", "unavailable"]
    assert [each["permit"] for each in outcomes] == [None, None, None]
    assert "digest" not in outcomes[-1]["call"]


def test_request_to_party_without_service_returns_no_match(office: MemoryOffice, asking: Theirs) -> None:
    assert ask(country="UZ").slug == "no-match"
    office.parties = None
    assert ok(get("/v1/exchange/services", token="aizada"))["items"] == []
    assert ask().slug == "no-match"
    assert call("POST", "/v1/exchange/ask", {"country": "CH", "number": "1"}, token="a-auditor").slug == "forbidden"


def test_foreign_paper_is_compared_with_permit_sent_by_issuer(office: MemoryOffice, asking: Theirs) -> None:
    line = {"scientific_name": "Alligator mississippiensis", "term": "LPS", "source": "W", "quantity": "5"}
    other = {**line, "scientific_name": "Crocodylus siamensis", "source": "D", "quantity": "12"}
    record = {"document_type": "R", "valid_until": "2014-07-05", "importer": {"country": "XB"}, "lines": [line, other]}
    paper = SimpleNamespace(issuer="CH", number="XA000000", record=record)
    assert office.exchange is not None
    found = office.exchange(paper, PREPARER)  # type: ignore[arg-type]
    assert found is not None
    assert found["result"] == "differs"
    assert found["text"].splitlines()[-1] == "Differs from the paper: lines[1].quantity"
    other["quantity"] = "10"
    same = office.exchange(paper, PREPARER)  # type: ignore[arg-type]
    assert same is not None
    assert same["result"] == "confirmed"
    asking.answers = [NOT_ANSWERS["busy"]]
    assert office.exchange(paper, PREPARER) is None  # type: ignore[arg-type]  # the ministry then sends a letter
