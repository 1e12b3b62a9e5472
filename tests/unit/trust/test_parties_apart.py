"""Hosts, status prefixes and keys of Parties: a trust list may not name another Party's, or it could speak for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from staff import staffed
from two_countries import befriended, kyrgyzstan, pinned, signed_list, taken_in, uzbekistan

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.stage import Stage
from chalicelib.trust.model.trust_list import TrustList, encode_bundle, encode_trust_list, open_trust_list
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH, check_no_overlap, sign_payload


@pytest.mark.parametrize("taken", ["hosts", "status_prefix", "keys"])
def test_hosts_prefixes_and_keys_of_other_party_are_refused(taken: str) -> None:
    ours, theirs = kyrgyzstan(), uzbekistan()
    third = staffed(Stage("KZ", "cites.example.kz", zone="Asia/Almaty", practice=False))
    befriended(ours, third)
    pinned(ours, theirs)
    kazakh = open_trust_list(signed_list(third), ours.pins)
    honest = open_trust_list(signed_list(theirs), ours.pins)
    (status, *_) = [key for key in kazakh.keys if key.purpose == "status"]
    more = (*honest.hosts, *kazakh.hosts)
    wanted: TrustList = {
        "hosts": replace(honest, hosts=more),
        "status_prefix": replace(honest, hosts=more, status_prefix=kazakh.status_prefix),
        "keys": replace(honest, keys=(*honest.keys, status)),
    }[taken]
    with pytest.raises(Invalid) as refused:
        taken_in(ours, wanted, sign_payload(encode_trust_list(wanted), theirs.root))
    named = {each.field: (each.code, each.detail) for each in refused.value.errors}
    assert named[taken] == ("another-party", "The trust list of KZ already has it. Choose another one.")
    taken_in(ours, honest, signed_list(theirs))
    assert {each.issuer for each in ours.trust().lists} == {"KG", "KZ", "UZ"}


def test_first_holder_is_renewed_despite_later_claim() -> None:
    ours, theirs = kyrgyzstan(), uzbekistan()
    pinned(ours, theirs)
    own = open_trust_list(signed_list(ours), ours.pins)
    honest = open_trust_list(signed_list(theirs), ours.pins)
    claiming = replace(honest, hosts=(*honest.hosts, *own.hosts), keys=own.keys)
    bundle = encode_bundle([signed_list(ours), sign_payload(encode_trust_list(claiming), theirs.root)])
    ours.static.write(BUNDLE_PATH, bundle, content_type="", etag=ours.static.read(BUNDLE_PATH)[1])  # type: ignore[index]
    check_no_overlap(own, ours)
