"""Changes of a trust list in words for both people, and the due actions."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from trust_maker import DAY, NEXT, NOW, PDF, PERMIT, SPARE_1, STATUS, key, kid, trust_list

from chalicelib.kernel.stage import Stage
from chalicelib.trust.model import key_rotation
from chalicelib.trust.model.key_rotation import changes, describe_list
from chalicelib.trust.model.trust_list import Host, TrustKey, TrustList, encode_trust_list, thumbprint

BASE = trust_list()


def test_change_of_any_list_field_is_described() -> None:
    """A field that is added to the dataclass later needs a description too."""
    other: dict[str, object] = {
        "issuer": "KZ", "seq": NOW + 1, "not_before": NOW + 1, "expires_at": NOW + DAY, "zone": "Asia/Almaty",
        "hosts": (Host("tamga.kg", NOW, NOW + 9),), "status_prefix": "https://x.kg/s/", "keys": BASE.keys[::-1],
        "root": key(NEXT).public_key,
    }  # fmt: skip
    assert set(other) == {field.name for field in fields(TrustList)}
    for name, value in other.items():
        assert changes(BASE, replace(BASE, **{name: value})), name


def test_change_of_any_key_field_is_described() -> None:
    pdf = next(each for each in BASE.keys if each.kid == kid(PDF))
    other: dict[str, object] = {
        "kid": kid(NEXT), "public_key": key(NEXT).public_key, "purpose": "status", "kinds": ("E",),
        "not_before": NOW + 1, "retired_at": NOW + 2, "compromised": True, "fingerprint": bytes(32),
    }  # fmt: skip
    assert set(other) == {field.name for field in fields(TrustKey)}
    for name, value in other.items():
        keys = tuple(replace(each, **{name: value}) if each == pdf else each for each in BASE.keys)
        assert changes(BASE, replace(BASE, keys=keys)), name


def test_added_and_removed_keys_are_described() -> None:
    new = replace(BASE, keys=(*BASE.keys[1:], key(NEXT, not_before=BASE.expires_at)))
    found = {each.name: (each.before is None, each.after is None) for each in changes(BASE, new)}
    assert found[f"key {kid(NEXT).hex()}"] == (True, False)
    assert found[f"key {kid(PERMIT).hex()}"] == (False, True)
    assert changes(BASE, BASE) == ()
    assert {each.name for each in changes(None, BASE)} == set(describe_list(BASE))


def test_key_description() -> None:
    words = describe_list(BASE)[f"key {kid(PDF).hex()}"]
    assert words == (
        f"pdf; signs from 2027-01-15T08:00:00Z; thumbprint {thumbprint(key(PDF).public_key).hex()}; "
        f"certificate {bytes([PDF] * 32).hex()}"
    )


def due(trust_list_: TrustList, now: int) -> list[str]:
    return list(key_rotation.due(trust_list_, now))


def test_due_actions() -> None:
    lacking = ["spares-status", "spares-pdf"]
    assert due(BASE, NOW) == lacking
    assert due(BASE, BASE.expires_at - 30 * DAY - 1) == lacking
    assert due(BASE, BASE.expires_at - 30 * DAY) == ["renew", *lacking]
    assert due(BASE, BASE.expires_at - 10 * DAY) == ["renew-now", *lacking]
    assert due(BASE, BASE.expires_at) == ["expired", *lacking]
    old = replace(BASE, expires_at=NOW + 400 * DAY)
    assert due(old, NOW + 365 * DAY) == ["rotate-permit", "rotate-status", "spares-status", "rotate-pdf", "spares-pdf"]
    struck = key_rotation.compromise(BASE, kid(PERMIT), NOW + 1)
    assert due(struck, NOW + 1) == ["spares-permit", *lacking]
    assert key_rotation.due(struck, NOW + 1)["spares-permit"] == "1 spare permit key missing; admit a new one"
    none = replace(BASE, keys=tuple(each for each in BASE.keys if each.purpose != "pdf"))
    assert "no-key-pdf" in due(none, NOW)


def test_order_of_signing_keys() -> None:
    assert [each.kid for each in key_rotation.keys_in_turn(BASE, "permit")][:2] == [kid(PERMIT), kid(SPARE_1)]
    ended = replace(BASE, keys=tuple(replace(k, retired_at=NOW + 5) if k.kid == kid(STATUS) else k for k in BASE.keys))
    assert kid(STATUS) not in {each.kid for each in key_rotation.keys_in_turn(ended, "status")}


@pytest.mark.parametrize("status_host", ["", "lists.practice.kg"])
def test_first_list_of_a_stage(status_host: str) -> None:
    stage = Stage(status_host=status_host)
    made = key_rotation.begin(stage, BASE.keys, BASE.root, NOW)
    assert encode_trust_list(made)
    assert (made.seq, made.expires_at - NOW, made.keys) == (NOW, 60 * DAY, BASE.keys)
    assert [host.name for host in made.hosts] == [stage.host, *([status_host] if status_host else [])]
    assert made.status_prefix == f"https://{stage.lists_at}/s/"
