"""Configured addresses of other Parties' services, and the client that a process uses for them."""

from __future__ import annotations

import pytest

from chalicelib.adapters.aws.functions import LambdaParties, from_json, to_json
from chalicelib.adapters.outside.epix import EpixClient
from chalicelib.composition.ports import Ports
from chalicelib.exchange.model.exchanged_permit import ExchangedLine, ExchangedPermit, Other, Reference
from chalicelib.exchange.services.ask_party import PartyAnswer
from chalicelib.kernel.errors import Unavailable
from chalicelib.platform.config import from_env

WHERE = {"TAMGA_EXCHANGE_ENDPOINTS": "UZ=https://epix.example.uz:8443/v1/epix,CH=https://cites.example.ch/"}


def test_exchange_endpoints_have_one_https_address_for_each_party() -> None:
    assert from_env(WHERE).exchange_endpoints["UZ"] == "https://epix.example.uz:8443/v1/epix"
    for bad in ("UZ=http://epix.example.uz/", "uz=https://a/", "UZ=https://a/,UZ=https://b/", "UZ=https://u@a/"):
        with pytest.raises(ValueError, match="TAMGA_EXCHANGE_ENDPOINTS"):
            from_env({"TAMGA_EXCHANGE_ENDPOINTS": bad})


def test_parties_are_asked_by_the_function_when_one_is_configured() -> None:
    assert Ports(from_env({})).parties is None
    assert isinstance(Ports(from_env(WHERE)).parties, EpixClient)
    named = Ports(from_env({**WHERE, "TAMGA_EXCHANGE_FUNCTION": "tamga-practice-ask_party"})).parties
    assert isinstance(named, LambdaParties)
    assert named.countries == {"UZ", "CH"}


def test_answer_through_the_function_is_unchanged() -> None:
    line = ExchangedLine(id="A", operation=Reference(name="bred"), quantity="2")
    for answer in (
        PartyAnswer(b"<a/>", ExchangedPermit(number="1", lines=(line,), other=(Other("a/b", "c"),))),
        PartyAnswer(b"\xff", fault="malformed"),
    ):
        assert from_json(to_json(answer)) == answer


@pytest.mark.parametrize(
    "value", [None, {}, {"data": "?", "fault": "", "permit": None}, {"data": "", "fault": "", "permit": {"number": 7}}]
)
def test_malformed_answer_of_the_function_is_unavailable(value: object) -> None:
    """An attacker may have taken over the function."""
    with pytest.raises(Unavailable):
        from_json(value)
