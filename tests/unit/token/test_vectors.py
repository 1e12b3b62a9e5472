"""Shared test vectors: bytes and expectations were made from the text of FORMAT.md, without our code."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from vectors import make, read

from chalicelib.kernel import errors, numbers
from chalicelib.kernel.errors import DecodeError, Invalid
from chalicelib.quotas.model import Quota, bounding
from chalicelib.record import permit
from chalicelib.record.permit import Line
from chalicelib.requirements.model import requirements
from chalicelib.requirements.model.importers import importer_rules
from chalicelib.requirements.services import find_requirements
from chalicelib.species import schemas as species_schemas
from chalicelib.species.model import annotations
from chalicelib.species.model.listing import Listing, Taxon, entry_on
from chalicelib.species.model.name_search import NameSearch, crossed, fold
from chalicelib.token import cbor, check_code, claims, cose, qr_text
from chalicelib.trust.model import status_list, trust_list
from chalicelib.verdict import check_results


def every(name: str) -> Any:
    rows = read.vectors(name)
    return pytest.mark.parametrize("row", rows, ids=[row["name"] for row in rows])


def refused(expect: dict[str, Any], error: DecodeError) -> None:
    assert {"refused": error.code} == expect


@pytest.mark.slow
def test_generator_writes_the_checked_in_vectors() -> None:
    for name, text in make.files().items():
        assert (read.HERE / name).read_text(encoding="utf-8") == text, f"run tests/vectors/make.py: {name}"


@pytest.mark.parametrize("name", [name.removesuffix(".json") for name in make.files()])
def test_vector_names_are_unique_and_reasons_given(name: str) -> None:
    rows = read.vectors(name)
    assert len({row["name"] for row in rows}) == len(rows)
    assert all(set(row) == {"name", "why", "input", "expect"} and row["why"] for row in rows)


def test_every_verdict_code_and_outcome_has_a_vector() -> None:
    rows = [*read.vectors("verdicts"), *read.vectors("directions")]
    assert {code["code"] for row in rows for code in row["expect"]["codes"]} == set(check_results.CHECK_OF)
    assert {row["expect"]["outcome"] for row in rows} == set(check_results.OUTCOMES)


@every("texts")
def test_text_vector(row: Any) -> None:
    try:
        host, token = qr_text.decode_qr(row["input"]["text"])
    except DecodeError as error:
        refused(row["expect"], error)
    else:
        assert row["expect"] == {"host": host, "token": token.hex()}
        assert qr_text.encode_qr(host, token) == row["input"]["text"].replace("TAMGA", "tamga")


@every("cbor")
def test_cbor_vector(row: Any) -> None:
    data = bytes.fromhex(row["input"]["cbor"])
    try:
        value = cbor.decode(data, cap=64, depth=4)
    except errors.CborError:
        assert row["expect"] == {"accepted": False}
    else:
        assert row["expect"] == {"accepted": True}
        assert cbor.encode(value) == data


@every("cose")
def test_cose_vector(row: Any) -> None:
    data = bytes.fromhex(row["input"]["token"])
    try:
        found = cose.decode_sign1(data, cap=2048)
    except DecodeError as error:
        refused(row["expect"], error)
    else:
        parts = {"kid": found.kid, "payload": found.payload, "signature": found.signature}
        assert row["expect"] == {name: part.hex() for name, part in parts.items()}
        assert cose.encode_sign1(found.protected, found.payload, found.signature) == data


@every("claims")
def test_claims_vector(row: Any) -> None:
    payload = bytes.fromhex(row["input"]["payload"])
    try:
        found = claims.decode_claims(payload)
    except DecodeError as error:
        refused(row["expect"], error)
    else:
        assert row["expect"] == {"accepted": True}
        assert claims.encode_claims(found.claims) == payload


def _bytes(given: Any) -> bytes:
    return bytes.fromhex(given["list"]) + bytes(given.get("zeros", 0))


@every("trust_lists")
def test_trust_list_vector(row: Any) -> None:
    try:
        found = trust_list.open_trust_list(_bytes(row["input"]), read.pins(row["input"]["pins"]))
    except DecodeError as error:
        refused(row["expect"], error)
    else:
        assert row["expect"] == {"issuer": found.issuer, "seq": found.seq, "keys": len(found.keys)}


@every("bundles")
def test_bundle_vector(row: Any) -> None:
    given = row["input"]
    try:
        found = trust_list.open_bundle(
            bytes.fromhex(given["bundle"]), read.pins(given["pins"]), newest_seq=given["newest_seq"], now=given["now"]
        )
    except DecodeError as error:
        refused(row["expect"], error)
    else:
        assert row["expect"] == {"lists": {each.issuer: each.seq for each in found}}


@every("status_lists")
def test_status_list_vector(row: Any) -> None:
    given, expect = row["input"], row["expect"]
    newest = given.get("newest_iat", {})
    try:
        found = status_list.open_status_list(_bytes(given), read.trust(given["trust"]), newest_iat=newest)
    except DecodeError as error:
        refused(expect, error)
    else:
        assert (expect["uri"], expect["iat"]) == (found.uri, found.issued_at)
        for index, value in expect.get("values", {}).items():
            assert found.value(int(index)) == value


@every("digests")
def test_digest_vector(row: Any) -> None:
    match row["input"]:
        case {"cti": cti}:
            assert row["expect"] == {"check_code": check_code.check_code(bytes.fromhex(cti))}
        case {"record": record}:
            assert row["expect"] == {"digest": permit.record_digest(record)}
        case {"spki": spki, "signed": signed, "signature": signature}:
            key = cose.load_public_key(bytes.fromhex(spki))
            verified = cose.verify_raw(permit.record_bytes(signed), bytes.fromhex(signature), key)
            assert row["expect"] == {"verified": verified}
        case {"spki": spki}:
            assert row["expect"] == {"kid": cose.key_id(cose.load_public_key(bytes.fromhex(spki))).hex()}


@every("verdicts")
def test_verdict_vector(row: Any) -> None:
    _judged(row)


@every("directions")
def test_direction_vector(row: Any) -> None:
    _judged(row)


@every("papers")
def test_foreign_paper_vector(row: Any) -> None:
    expect, found = row["expect"], read.paper(row["input"])
    assert [(h.code, h.check, h.outcome, h.cleared) for h in found.check_results] == [
        (e["code"], e["check"], e["asks"], e.get("cleared", False)) for e in expect["codes"]
    ]
    assert found.outcome == expect["outcome"]
    assert {str(n): result for n, result in found.checks.items()} == expect["results"]


@every("numbers")
def test_paper_register_number_vector(row: Any) -> None:
    number, expect = row["input"]["number"], row["expect"]
    try:
        found = {"written": numbers.normalise_number(number), "identity": numbers.identity(number)}
        typed = numbers.read_typed_number(number)
        if typed not in {None, found["identity"]}:
            found["typed"] = typed
    except Invalid as error:
        found = {"refused": error.errors[0].code}
    assert found == expect


@every("requirements")
def test_requirement_vector(row: Any) -> None:
    given, expect = row["input"], row["expect"]
    today = date.fromisoformat(given["today"])
    found = requirements.answer(read.question(given["question"]), today=today, issuer=given["issuer"])
    assert found.decision == expect["decision"]
    assert [
        {"kind": d.kind, "issued_by": d.issued_by, "alternatives": list(d.alternatives)} for d in found.documents
    ] == expect["documents"]
    assert [each.code for each in found.reasons] == expect["reasons"]
    assert list(found.other_papers) == expect["other_papers"]
    assert (found.allowance.code if found.allowance else None) == expect["allowance"]


@every("importers")
def test_importer_rules_vector(row: Any) -> None:
    given = row["input"]
    question = requirements.with_origin(read.question(given["question"]), given["issuer"])
    found = importer_rules(map(read.importer_rule, given["rules"]), question, given["names"])
    assert [each.texts["en"] for each in found] == row["expect"]


@every("annotations")
def test_annotation_vector(row: Any) -> None:
    goods, day = read.annotated_goods(row["input"]["goods"]), date.fromisoformat(row["input"]["day"])
    expect = dict(row["expect"])
    forms = expect.pop("forms", None)
    assert annotations.covered(goods, day)._asdict() == expect
    if forms is not None:
        assert list(annotations.form_needed(goods, day)) == forms


@every("species_days")
def test_entry_of_a_day_vector(row: Any) -> None:
    given = row["input"]
    entry, events = read.entry(given["entry"]), tuple(map(read.event, given["changes"]))
    applied, known_from = given["applied"], given["known_from"]
    then = entry_on(entry, events, given["day"], applied=applied, known_from=known_from)
    found, expect = species_schemas.state_json(given["day"], then), dict(row["expect"])
    decision = expect.pop("decision")
    assert {member: found[member] for member in expect} == expect
    history = {entry.scientific_name: events}
    listing = Listing([entry], history=history, in_force=applied, known_from=known_from)
    assert species_schemas.states(entry, listing) == given["states"]
    question = read.question({**given["question"], "subject": None, "on": given["day"]})
    today = date.fromisoformat(applied)
    told = find_requirements("Aa bb", question, listing=listing, today=today, issuer="KG")
    assert told.answer.decision == decision


@every("quotas")
def test_bounding_quotas_vector(row: Any) -> None:
    given = row["input"]
    taxon = given["taxon"]
    above = {"class_name": taxon["class"], "order": taxon["order"], "family": taxon["family"]}
    own = taxon["scientific_name"]
    members = [each.capitalize() for each in taxon.get("covers", {}).get("members", ()) if each != own.lower()]
    listing = Listing([Taxon(own, 2, "Animalia", **above), *(Taxon(name, 1, "Animalia", **above) for name in members)])
    known = [
        Quota(2026, each["scientific_name"], tuple(each["terms"]), tuple(each["sources"]), "1", None, "", "")
        for each in given["quotas"]
    ]
    line = Line(scientific_name=own, term=given["term"], source=given["source"])
    assert [known.index(each) for each in bounding(line, known, listing)] == row["expect"]
    named = frozenset(each.lower() for each in (own, *members))
    bounds = frozenset(taxon.get("covers", {}).get("above", ()))
    covers: Any = species_schemas.covers(listing.taxa[0], listing, named, bounds).get("covers", {})
    assert {name: covers[name] for name in ("members", "above") if covers} == taxon.get("covers", {})


def _judged(row: Any) -> None:
    expect, found = row["expect"], read.judge(row["input"])
    codes = [(h.code, h.check, h.outcome, h.cleared) for h in found.check_results]
    assert codes == [(e["code"], e["check"], e["asks"], e.get("cleared", False)) for e in expect["codes"]]
    assert found.outcome == expect["outcome"]
    assert {str(n): result for n, result in found.checks.items()} == expect["results"]
    assert (found.permit.number if found.permit else None) == expect["permit"]
    assert [page.page[0] if page.page else 1 for page in found.pages] == expect["pages"]
    for each, said in zip(found.check_results, expect["codes"], strict=True):
        assert said.get("facts", {}).items() <= read.plain(dict(each.facts)).items()


@every("names")
def test_name_vector(row: Any) -> None:
    asked, text = row["input"].get("list"), row["input"]["text"]
    if "parents" in row["expect"]:
        assert {"parents": crossed(text)} == row["expect"]
    elif asked is None:
        assert {"folded": fold(text)} == row["expect"]
    else:
        found = [asked[entry][0] for entry, _ in NameSearch(asked).find(text)]
        assert {"found": found} == row["expect"]
