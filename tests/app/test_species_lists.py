"""Species lists over HTTP: uploaded by one person, published by another, in use at once; a faulty file is refused."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import ok
from http_client import Answer, call
from office import MemoryOffice
from species_files import listing, text
from staff import PEOPLE, staffed

from chalicelib.composition import container
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.species.model import list_changes, list_rows
from chalicelib.species.model.list_rows import OLD_COLUMNS, csv_text
from chalicelib.species.model.upload import Upload
from chalicelib.species.services import list_in_use, propose_list

SAKER = listing("8934", "Falco cherrug", "I", Class="Aves")
NEW = listing("5", "Falco novus", "II", Class="Aves")
BOTH = Actor("u-both", "Both", frozenset({"admin", "approver"}))


SOME = ("Aquila heliaca", "Canis aureus", "Choloepus hoffmanni", "Iguana iguana", "Rhodiola rosea")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base of a few taxa and their overlay, because to merge 38,000 rows and to build their list takes seconds."""
    list_in_use.listing()  # the list of the release stays whole
    lines, rows = list_in_use.read_lines, list_in_use.species_rows()

    def read(name: str | Path) -> Iterator[list[str]]:
        return (line for line in lines(name) if line[0] in SOME or line[2] == "Falconidae")

    kept = {line[0] for line in read("cites/taxa.csv")}
    overlay = [row for row in rows if row["kingdom"] or row["scientific_name"] in kept]
    monkeypatch.setattr(list_in_use, "read_lines", read)
    monkeypatch.setattr(list_in_use, "species_rows", lambda: overlay)


@pytest.fixture
def ministry(few: None) -> Iterator[MemoryOffice]:
    yield from _ministry()


@pytest.fixture
def whole_ministry() -> Iterator[MemoryOffice]:
    """With the base of the release."""
    yield from _ministry()


def _ministry() -> Iterator[MemoryOffice]:
    made = staffed()
    made.people["both"] = BOTH
    made.register_person(BOTH)
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


def upload(content: str, token: str = "a-admin", **query: str) -> Answer:
    data = gzip.compress(content.encode(), mtime=0)
    asked = {"name": "cites_listings.csv", "as_of": "2026-11-20", **query}
    return call("POST", "/v1/species-lists", data=data, content_type="application/gzip", token=token, query=asked)


def appendix(name: str = "falco-cherrug") -> str:
    return str(ok(call("GET", f"/v1/species/{name}"))["appendix"])


def test_list_is_uploaded_by_one_person_and_published_by_another(ministry: MemoryOffice) -> None:
    told = ok(upload(text([SAKER, NEW])), 201)
    assert told["counts"] == {"appendix": 1, "added": 1, "since": 1, "annotation": 1}
    assert {"what": "appendix", "name": "Falco cherrug", "before": "II", "after": "I"} in told["changes"]
    assert appendix() == "II"  # nothing is in use yet
    waiting = ok(call("GET", "/v1/species-lists", token="approver"))
    assert (waiting["in_use"]["release"], waiting["proposed"]["digest"]) == (True, told["digest"])
    table = call("GET", f"/v1/species-lists/{told['digest']}/changes", token="approver")
    assert "appendix,Falco cherrug,II,I" in str(table.body)
    done = ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    assert (done["state"], done["decided_by_name"]) == ("published", PEOPLE["approver"].name)
    assert appendix() == "I"
    assert ok(call("GET", "/v1/identification/saker"))["appendix"] == "I"
    assert ok(call("GET", "/v1/species", query={"q": "novus"}))["items"][0]["scientific_name"] == "Falco novus"
    assert ok(call("GET", "/v1/species/falco-cherrug"))["names"]["ky"] == "Ителги"
    after = ok(call("GET", "/v1/species-lists", token="a-auditor"))
    assert (after["in_use"]["release"], after["proposed"]) == (False, None)
    assert after["items"][0]["by_name"] == PEOPLE["a-admin"].name


def test_devices_get_published_list(ministry: MemoryOffice) -> None:
    before = ok(call("GET", "/v1/bundle/species", token="aizada"))
    told = ok(upload(text([SAKER])), 201)
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    ministry.now += 61
    after = ok(call("GET", "/v1/bundle/species", token="aizada"))
    (saker,) = [each for each in after["taxa"] if each["scientific_name"] == "Falco cherrug"]
    assert (saker["appendix"], before["version"] != after["version"]) == ("I", True)


def test_other_process_uses_published_list_within_a_minute(ministry: MemoryOffice) -> None:
    other = staffed()
    other.register, other.now = ministry.register, ministry.now
    assert other.listing.find("Falco cherrug").appendix == 2  # type: ignore[union-attr]
    told = ok(upload(text([SAKER])), 201)
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    other.now += 61
    assert other.listing.find("Falco cherrug").appendix == 1  # type: ignore[union-attr]
    assert other.listing.version == ministry.listing.version


def test_publishing_own_upload_returns_two_people(ministry: MemoryOffice) -> None:
    told = ok(upload(text([SAKER]), token="both"), 201)
    mine = call("POST", f"/v1/species-lists/{told['digest']}/publish", token="both")
    assert (mine.status, mine.slug) == (403, "two-people")
    assert appendix() == "II"
    ok(call("POST", f"/v1/species-lists/{told['digest']}/reject", {"reason": "mine"}, token="both"))
    late = call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver")
    assert (late.status, late.slug) == (409, "wrong-state")


def test_faults_are_returned_by_row_and_column_and_nothing_is_stored(ministry: MemoryOffice) -> None:
    refused = upload(text([SAKER | {"Listing": "V"}, NEW, NEW | {"Id": "6", "Kingdom": "Fungi"}]))
    assert (refused.status, refused.slug) == (422, "invalid")
    assert {each["field"] for each in refused.json["errors"]} == {
        "cites_listings.csv row 2, Listing", "cites_listings.csv row 4, Kingdom"}  # fmt: skip
    assert ok(call("GET", "/v1/species-lists", token="a-admin"))["proposed"] is None


def packed(content: bytes) -> bytes:
    """Return the content as gzip without a time, so the test ids are then the same on every worker."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"no gzip", "malformed", id="no gzip"),
        pytest.param(packed(text([SAKER]).encode())[:-20], "half", id="the end is missing"),
        pytest.param(packed(text([SAKER]).encode() + "\xe4".encode("latin-1")), "encoding", id="not UTF-8"),
        pytest.param(packed(b""), "header", id="nothing in it"),
        pytest.param(packed(text([SAKER]).encode() + b'5,"Animalia'), "half", id="a row is cut"),
    ],
)
def test_damaged_file_returns_422_with_reason(ministry: MemoryOffice, data: bytes, code: str) -> None:
    answer = call("POST", "/v1/species-lists", data=data, content_type="application/gzip", token="a-admin",
                  query={"name": "a.csv", "as_of": "2026-11-20"})  # fmt: skip
    assert (answer.status, answer.json["errors"][0]["code"]) == (422, code)


def test_upload_with_invalid_day_is_refused(ministry: MemoryOffice) -> None:
    answer = upload(text([SAKER]), as_of="2026-02-31")
    assert [each["field"] for each in answer.json["errors"]] == ["as_of"]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"in_force": "2026-99-99"}, "in_force", "date"),
        ({"in_force": "2026-02-31"}, "in_force", "date"),
        ({"in_force": "2027-01-01"}, "in_force", "future"),
        ({"in_force": "2026-11-21"}, "in_force", "contradicts"),
        ({"as_of": "2027-01-01"}, "as_of", "future"),
    ],
)
def test_upload_with_a_day_that_cannot_be_is_refused(
    ministry: MemoryOffice, query: dict[str, str], field: str, code: str
) -> None:
    """A published list in force on 2026-99-99 let every reader fail from the next year on."""
    answer = upload(text([SAKER]), **query)
    assert (field, code) in {(each["field"], each["code"]) for each in answer.json["errors"]}
    assert ok(upload(text([SAKER]), in_force="2026-11-20"), 201)["in_force"] == "2026-11-20"


@pytest.mark.parametrize("column", ["as_of", "since", "checked"])
def test_own_row_with_a_day_in_the_future_is_refused(ministry: MemoryOffice, column: str) -> None:
    (saker,) = in_use("Falco cherrug")
    answer = upload(csv_text([saker | {"appendix": "I", "as_of": "2026-11-20", column: "2027-01-01"}]))
    assert (f"Falco cherrug, {column}", "future") in {(each["field"], each["code"]) for each in answer.json["errors"]}


def test_stored_list_with_a_wrong_day_is_read_on_every_later_day(ministry: MemoryOffice) -> None:
    digest = ok(upload(text([SAKER])), 201)["digest"]
    ok(call("POST", f"/v1/species-lists/{digest}/publish", token="approver"))
    row = ministry.register.get(propose_list.CURRENT)
    assert row is not None
    ministry.register.commit(
        Put(propose_list.CURRENT, row.data | {"in_force": "2026-99-99"}, expected_version=row.version)
    )
    later = staffed()
    later.register, later.now = ministry.register, ministry.now + 60 * 24 * 3600
    assert later.listing.find("Falco cherrug").appendix == 1  # type: ignore[union-attr]


def test_waiting_list_of_another_person_is_not_replaced(ministry: MemoryOffice) -> None:
    ok(upload(text([SAKER])), 201)
    second = upload(text([NEW]), token="both")
    assert (second.status, second.slug) == (409, "wrong-state")
    ok(upload(text([SAKER, NEW])), 201)  # the sender's own waiting list is replaced


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were read."""
    found: list[str] = []
    true = list_changes.read

    def read(upload: Upload, *more: Any) -> Any:
        found.append(upload.file)
        return true(upload, *more)

    monkeypatch.setattr(list_changes, "read", read)
    return found


def test_repeated_upload_returns_stored_result_without_reading_file(ministry: MemoryOffice, reads: list[str]) -> None:
    """The gateway closes the connection after 29 s while the function continues.

    The repetition must not read the file again.
    """
    first = ok(upload(text([SAKER])), 201)
    assert ok(upload(text([SAKER])), 201) == first
    assert len(reads) == 1
    assert (
        ok(upload(text([SAKER]), as_of="2026-11-21"), 201)["as_of"] != first["as_of"]
    )  # another day is another request
    ok(upload(text([SAKER, NEW])), 201)
    ok(upload(text([SAKER])), 201)  # the sender's own waiting list is replaced
    assert len(reads) == 4


def test_repeated_faulty_upload_returns_stored_faults_for_one_hour(ministry: MemoryOffice, reads: list[str]) -> None:
    wrong = text([SAKER | {"Listing": "V"}])
    first = upload(wrong)
    again = upload(wrong)
    assert (again.status, again.json["errors"], again.json["detail"]) == (
        422,
        first.json["errors"],
        first.json["detail"],
    )
    assert len(reads) == 1
    assert (
        upload(wrong, token="both").json["errors"] == first.json["errors"]
    )  # the result is stored for its sender only
    assert len(reads) == 2
    ministry.now += 3600
    upload(wrong)
    assert len(reads) == 3  # a corrected program may read the file differently


def test_decided_list_is_read_again_on_upload(ministry: MemoryOffice, reads: list[str]) -> None:
    told = ok(upload(text([SAKER])), 201)
    ok(call("POST", f"/v1/species-lists/{told['digest']}/reject", {"reason": "not yet"}, token="approver"))
    assert ok(upload(text([SAKER])), 201)["state"] == "proposed"
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    same = upload(text([SAKER]))
    assert (same.status, same.json["errors"][0]["code"]) == (422, "nothing")
    assert len(reads) == 3


def test_concurrent_uploads_of_same_file_return_same_result(
    ministry: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is slow. Its sender repeats the upload, and the repetition finishes first."""
    true, told = list_rows.csv_text, []

    def slow(rows: Any) -> str:
        monkeypatch.setattr(list_rows, "csv_text", true)
        told.append(ok(upload(text([SAKER])), 201))
        return true(rows)

    monkeypatch.setattr(list_rows, "csv_text", slow)
    assert [ok(upload(text([SAKER])), 201)] == told

    def overtaken(rows: Any) -> str:
        monkeypatch.setattr(list_rows, "csv_text", true)
        ok(upload(text([SAKER, NEW])), 201)
        return true(rows)

    monkeypatch.setattr(list_rows, "csv_text", overtaken)
    late = upload(text([NEW]))
    assert (late.status, late.slug) == (409, "wrong-state")


def in_use(*names: str) -> list[dict[str, str]]:
    """Rows of the list in use, as `tamga species` writes them."""
    found = {row["scientific_name"]: row for row in list_in_use.release_rows(unlisted=False)}
    return [dict(found[name]) for name in names]


def test_refusal_too_large_for_a_row_is_returned_and_not_stored(ministry: MemoryOffice, reads: list[str]) -> None:
    drawn = random.Random(7)
    names = ["".join(drawn.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(120_000)) for _ in range(9)]
    (row,) = in_use("Falco cherrug")
    monster = csv_text([row | {"scientific_name": name, "appendix": "V", "as_of": "2026-11-20"} for name in names])
    assert [upload(monster).status for _ in range(2)] == [422, 422]
    assert len(reads) == 2


def test_contradicting_or_unchanged_list_is_refused(ministry: MemoryOffice) -> None:
    rows = in_use("Falco cherrug", "Aquila heliaca")
    twice = upload(csv_text([*rows, rows[0]]))
    assert (twice.status, twice.json["errors"][0]["code"]) == (422, "contradicts")
    same = upload(csv_text(rows))
    assert (same.status, same.json["errors"][0]["code"]) == (422, "nothing")


def test_own_rows_of_a_later_day_replace_those_in_use(ministry: MemoryOffice) -> None:
    (saker,) = in_use("Falco cherrug")
    told = ok(upload(csv_text([saker | {"appendix": "I", "as_of": "2026-11-20"}])), 201)
    assert told["changes"] == [
        {"what": "appendix", "name": "Falco cherrug", "before": "II", "after": "I"},
        {"what": "since", "name": "Falco cherrug", "before": saker["since"], "after": ""},
    ]
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    assert (appendix(), appendix("aquila-heliaca")) == ("I", "I")
    assert ministry.listing.find("Falco cherrug").symbol == saker["symbol"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("symbol", "#16", "symbol"), ("except", "domesticated; fossils", "except"), ("kingdom", "Plantae", "kingdom"),
        ("order", "Perciformes", "order"),
    ],
)  # fmt: skip
def test_change_that_keeps_the_appendix_is_shown(ministry: MemoryOffice, column: str, value: str, what: str) -> None:
    (saker,) = in_use("Falco cherrug")
    told = ok(upload(csv_text([saker | {column: value, "as_of": "2026-11-20"}])), 201)
    change = {"what": what, "name": "Falco cherrug", "before": saker[column], "after": value}
    assert (told["counts"], told["changes"]) == ({what: 1}, [change])
    table = call("GET", f"/v1/species-lists/{told['digest']}/changes", token="approver")
    assert f"{what},Falco cherrug,{saker[column]},{value}" in str(table.body)


def test_synonym_of_a_stricter_taxon_is_refused(ministry: MemoryOffice) -> None:
    (saker,) = in_use("Falco cherrug")
    refused = upload(csv_text([saker | {"synonyms": "Aquila heliaca orientalis", "as_of": "2026-11-20"}]))
    assert [each["field"] for each in refused.json["errors"]] == ["Falco cherrug, synonyms"]


def test_list_with_later_days_alone_is_refused(ministry: MemoryOffice) -> None:
    (saker,) = in_use("Falco cherrug")
    refused = upload(csv_text([saker | {"as_of": "2026-11-20"}]))
    assert [each["code"] for each in refused.json["errors"]] == ["nothing"]


def test_stored_list_without_a_visible_change_is_not_published(ministry: MemoryOffice) -> None:
    """A release before this one stored such lists."""
    digest = ok(upload(text([SAKER])), 201)["digest"]
    row = ministry.register.get(propose_list.PROPOSED)
    assert row is not None
    ministry.register.commit(Put(propose_list.PROPOSED, row.data | {"counts": {}}, expected_version=row.version))
    answer = call("POST", f"/v1/species-lists/{digest}/publish", token="approver")
    assert (answer.status, answer.json["errors"][0]["code"]) == (422, "nothing")


def test_own_rows_without_a_later_day_are_refused(ministry: MemoryOffice) -> None:
    (saker,) = in_use("Falco cherrug")
    refused = upload(csv_text([saker | {"appendix": "I"}]))
    assert [(each["field"], each["code"]) for each in refused.json["errors"]] == [("Falco cherrug, as_of", "older")]


def old_text(*rows: dict[str, str]) -> str:
    """Rows as a release before the base wrote them: with 21 columns."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, OLD_COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def test_list_with_the_columns_of_before_is_accepted(ministry: MemoryOffice) -> None:
    (rose,) = in_use("Rhodiola rosea")
    told = ok(upload(old_text(rose | {"appendix": "I", "as_of": "2026-11-20"})), 201)
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    found = ministry.listing.find("Rhodiola rosea")
    assert found is not None
    assert (found.appendix, found.symbol) == (1, "#2")


def test_whole_list_with_few_taxa_is_refused_unless_confirmed(ministry: MemoryOffice) -> None:
    refused = upload(text([SAKER]), whole="true")
    assert [each["code"] for each in refused.json["errors"]] == ["too_few"]
    told = ok(upload(text([SAKER]), whole="true", replace="true"), 201)
    assert told["counts"]["removed"] > len(SOME)
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    assert ministry.listing.find("Iguana iguana") is None
    assert appendix() == "I"


def test_row_of_species_plus_older_than_the_list_is_left_out(ministry: MemoryOffice) -> None:
    told = ok(upload(text([SAKER, NEW]), as_of="2024-01-01"), 201)
    assert told["counts"] == {"older": 1, "added": 1}
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    assert appendix() == "II"


def test_published_list_of_before_the_base_does_not_take_it_back(ministry: MemoryOffice) -> None:
    """A register of an earlier release has a head without `whole` and a text with 21 columns."""
    sloth, saker = in_use("Choloepus hoffmanni", "Falco cherrug")
    sloth |= {"appendix": "III", "listed_by": "CR", "as_of": "2026-01-15"}
    publish_as_before(ministry, old_text(sloth, saker | {"appendix": "I", "as_of": "2026-01-15"}))
    found = [ministry.listing.find(name) for name in ("Choloepus hoffmanni", "Falco cherrug")]
    assert [each and each.appendix for each in found] == [2, 1]
    assert found[1] is not None
    assert found[1].names["ky"] == "Ителги"
    assert ministry.listing.find("Iguana iguana")


def publish_as_before(office: MemoryOffice, content: str) -> None:
    """Put a list in use as the release before the base stored it."""
    digest = hashlib.sha256(content.encode()).hexdigest()
    (part,) = propose_list.pack_parts(content)
    head = {
        "digest": digest, "state": "published", "taxa": 2, "as_of": "2026-01-15", "parts": 1, "change_parts": 0,
        "based_on": "", "counts": {}, "file": "list.csv", "by": "a", "by_name": "A", "at": 1,
    }  # fmt: skip
    office.register.commit(
        Put(Key(f"SPECIES-LIST#{digest}", "LIST#00"), {"packed": part}, expected_version=None),
        Put(propose_list.CURRENT, head, expected_version=0),
    )
    office.now += 61


def test_upload_needs_role_in_register_too(ministry: MemoryOffice) -> None:
    ministry.people["stranger"] = Actor("u-stranger", "Stranger", frozenset({"admin"}))
    answer = upload(text([SAKER]), token="stranger")
    assert (answer.status, answer.slug) == (403, "forbidden")


def test_list_altered_in_register_cannot_be_published(ministry: MemoryOffice) -> None:

    told = ok(upload(text([SAKER])), 201)
    key = Key(f"SPECIES-LIST#{told['digest']}", "LIST#00")
    ministry.register.commit(Put(key, {"packed": "eJwDAAAAAAE="}, expected_version=None))
    answer = call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver")
    assert answer.status == 503


@pytest.mark.slow
def test_upload_into_the_whole_list_changes_its_rows_alone(whole_ministry: MemoryOffice) -> None:
    before = {each.scientific_name: each for each in whole_ministry.listing.taxa}
    told = ok(upload(text([SAKER, NEW])), 201)
    assert told["counts"] == {"appendix": 1, "added": 1, "since": 1, "annotation": 1}
    ok(call("POST", f"/v1/species-lists/{told['digest']}/publish", token="approver"))
    after = {each.scientific_name: each for each in whole_ministry.listing.taxa}
    assert {name for name in after if after[name] != before.get(name)} == {"Falco cherrug", "Falco novus"}
    assert before.keys() <= after.keys()
