"""Parts of the offline bundle: fetched once, again only after a change, within the size limit."""

from __future__ import annotations

import gzip
import json
import random
import uuid
from dataclasses import replace

import pytest
import quota_play
from desk import issued, ok, saker
from http_client import Answer, get
from office import MemoryOffice

from chalicelib.offline.services import bundle as offline_bundle
from chalicelib.offline.services.bundle import USES_AT_MOST
from chalicelib.requirements.model import table

QUOTAS = 200  # a year; more than the number of taxa that officers meet
AT_MOST = 1_500_000  # bytes, compressed, of the bundle and all its parts (ADR 0026)


def bundle(etag: str = "") -> Answer:
    return get("/v1/bundle", token="aizada", **({"IF_NONE_MATCH": etag} if etag else {}))


def part(name: str, etag: str = "") -> Answer:
    return get(f"/v1/bundle/{name}", token="aizada", **({"IF_NONE_MATCH": etag} if etag else {}))


def test_each_part_has_etag_named_in_bundle(office: MemoryOffice) -> None:
    parts = ok(bundle())["parts"]
    assert set(parts) == set(offline_bundle.PARTS)
    for name, etag in parts.items():
        answer = part(name)
        assert answer.headers["etag"] == etag
        assert ok(answer)
        again = part(name, etag)
        assert (again.status, again.body) == (304, b"")
        assert part(name, '"another"').status == 200
    assert part("nothing").slug == "no-match"


def test_changed_part_changes_bundle_and_no_other_part(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline_bundle, "PARTS", {**offline_bundle.PARTS, "more": lambda _: [1]})
    before = bundle()
    office.later(60)
    assert bundle(before.headers["etag"]).status == 304
    monkeypatch.setattr(offline_bundle, "PARTS", {**offline_bundle.PARTS, "more": lambda _: [2]})
    office.later(60)
    old, new = ok(before)["parts"], ok(bundle(before.headers["etag"]))["parts"]
    assert {name for name in new if new[name] != old[name]} == {"more"}


def test_species_part_contains_species_that_officers_meet(office: MemoryOffice) -> None:
    species = ok(part("species"))
    assert species["version"] == office.listing.version
    names = {taxon["scientific_name"] for taxon in species["taxa"]}
    assert {"Falco cherrug", "Panthera uncia", "Testudo horsfieldii", "Acipenser baerii"} <= names
    assert all(taxon["group"] for taxon in species["taxa"])


def test_requirements_part_contains_table_and_translations(office: MemoryOffice) -> None:
    held = ok(part("requirements"))
    assert {row["number"] for row in held["rows"]} == {row.number for row in table.ROWS}
    assert held["stricter"]
    assert {"en", "ru", "ky"} == set(held["importers"][0]["texts"])
    assert set(held["words"]) == {"ky", "ru", "en", "fr"}
    for words in held["words"].values():
        assert {each["why"] for row in held["rows"] for each in row["documents"]} == set(words["why"])
        assert {code for row in held["rows"] for code in row["reasons"]} <= set(words["reasons"])
        assert {each["code"] for each in held["allowances"]} == set(words["allowances"])
    assert "{since}" in held["words"]["ky"]["reasons"]["suspended"]


def test_quotas_part_contains_limits_and_not_amounts_used(office: MemoryOffice) -> None:
    assert ok(part("quotas"))["items"] == []
    quota_play.enter(office)
    quota_play.enter(office, replace(quota_play.QUOTA, year=2025))
    quota_play.enter(office, replace(quota_play.QUOTA, year=2024))
    office.later(60)
    held = part("quotas")
    first, last = ok(held)["items"]
    assert first == {
        "id": "2026-falco-cherrug-liv-w", "year": 2026, "scientific_name": "Falco cherrug", "terms": ["LIV"],
        "sources": ["W"], "quantity": "5", "unit": None, "source": "Order 12", "as_of": "2026-01-15",
    }  # fmt: skip
    assert last["year"] == 2025
    issued(lines=[{**saker()["lines"][0], "source": "W"}])
    assert quota_play.held(office).taken.granted == 2
    office.later(60)
    assert part("quotas", held.headers["etag"]).status == 304
    quota_play.enter(office, replace(quota_play.QUOTA, quantity="6"), "a good year")
    office.later(60)
    assert ok(part("quotas", held.headers["etag"]))["items"][0]["quantity"] == "6"


def test_bundle_and_parts_of_busiest_month_are_within_size_limit(office: MemoryOffice) -> None:
    drawn = random.Random(5)
    uses, left = [], USES_AT_MOST
    while left > 0:
        at = f"2026-11-{drawn.randint(1, 26):02}T{drawn.randint(0, 23):02}:{drawn.randint(0, 59):02}:00Z"
        event = {"event_id": str(uuid.UUID(int=drawn.getrandbits(128))), "kind": "export", "post": "manas-airport",
                 "at": at, "lines": [{"line": "A", "quantity": str(drawn.randint(1, 9))}],
                 "transport_document": f"AWB 706-{drawn.randint(10**7, 10**8)}"}  # fmt: skip
        uses.append(["KG", f"26KG{len(uses):06}/E", event])
        left -= len(json.dumps(uses[-1]))
    for taxon in office.listing.taxa[:QUOTAS]:
        quota_play.enter(office, replace(quota_play.QUOTA, taxon=taxon.scientific_name, source=f"Order {taxon.as_of}"))
    office.later(60)
    told = json.dumps({**ok(bundle()), "uses": uses}).encode()
    sent = [told, *(part(name).body for name in offline_bundle.PARTS)]
    sizes = [len(gzip.compress(body, 6)) for body in sent]
    assert len(sizes) == 4
    assert sum(sizes) < AT_MOST, sizes
