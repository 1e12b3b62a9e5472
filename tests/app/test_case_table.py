"""Import and export of cases for the ministry's database. Its ids are kept, and a repeated import changes nothing."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from desk import ok
from enforcing import CARRIER, found
from http_client import call, get, post
from office import MemoryOffice

from chalicelib.cases.model.table import COLUMNS, NEEDED
from chalicelib.endorsement.services.requests import is_uuid
from chalicelib.kernel.text import FORMULA_SIGNS, escape_cell, unescape_cell

POLICE = "a-enforcement"
HEADER = "database_id,occurred_on,agency,reason,scientific_name,term,quantity,person_role,person_name,post"
ROWS = (
    "WL-1,2025-08-11,customs,no_document,Falco cherrug,LIV,4,carrier,Ivan Testov,manas-airport",
    "WL-1,,,,Falco peregrinus,LIV,1,,,",
    "WL-2,2025-09-01,police,undeclared,Saiga tatarica,HOR,12,,,dostuk",
)


def send(text: str | bytes, token: str = POLICE) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return call("POST", "/v1/cases/table", data=data, content_type="text/csv", token=token)


def table(*rows: str) -> str:
    return "\n".join((HEADER, *rows)) + "\n"


def exported(people: bool = False) -> str:
    query = {"people": "true"} if people else {}
    return call("GET", "/v1/cases/table", token=POLICE, query=query).body.decode("utf-8-sig")


def cases() -> list[Any]:
    items = ok(get("/v1/cases", token=POLICE))["items"]
    return [ok(get(f"/v1/cases/{each['id']}", token=POLICE)) for each in items]


def counted(answer: Any) -> tuple[int, int, int, int]:
    told = ok(answer)
    assert told["refused"] == []
    return told["stored"], told["linked"], told["updated"], told["unchanged"]


def test_import_stores_cases_once_with_database_ids(office: MemoryOffice) -> None:
    assert counted(send(table(*ROWS))) == (2, 0, 0, 0)
    assert counted(send("\ufeff" + table(*ROWS).replace(",", ";"))) == (0, 0, 0, 2)  # as a spreadsheet saves it
    second, first = sorted(cases(), key=lambda each: each["database_id"], reverse=True)
    assert [line["quantity"] for line in first["goods"]] == ["4", "1"]
    assert (first["database_id"], first["people"][0]["name"], first["post"]) == ("WL-1", "Ivan Testov", "manas-airport")
    assert not is_uuid(first["id"])  # so that nobody can open a case under this id first and block the row
    assert (second["origin_of_record"], second["occurred_at"]) == ("import", "2025-08-31T18:00:00Z")


def test_import_of_unlisted_species_is_stored_and_noted_by_row(office: MemoryOffice) -> None:
    told = ok(send(table(*ROWS[:2], "WL-3,2025-09-02,police,undeclared,Nonsensus falsus,HOR,1,,,dostuk")))
    assert (told["stored"], told["refused"]) == (2, [])
    assert [(each["row"], each["ref"], each["column"], each["code"]) for each in told["noted"]] == [
        (4, "WL-3", "scientific_name", "not_in_list"),
    ]  # fmt: skip
    assert "Nonsensus falsus" in told["noted"][0]["detail"]


def test_export_has_accepted_name_beside_written_name(office: MemoryOffice) -> None:
    rows = ("WL-4,2025-09-03,police,undeclared,Agrionemys horsfieldii,LIV,3,,,dostuk",
            "WL-5,2025-09-03,police,undeclared,Nonsensus falsus,HOR,1,,,dostuk")  # fmt: skip
    assert counted(send(table(*rows))) == (2, 0, 0, 0)
    lines = {case["database_id"]: case["goods"][0] for case in cases()}
    assert [(lines[each]["scientific_name"], lines[each]["accepted_name"]) for each in ("WL-4", "WL-5")] == [
        ("Agrionemys horsfieldii", "Testudo horsfieldii"), ("Nonsensus falsus", None),
    ]  # fmt: skip
    out = {row["database_id"]: row["accepted_name"] for row in csv.DictReader(io.StringIO(exported()))}
    assert out == {"WL-4": "Testudo horsfieldii", "WL-5": ""}
    assert counted(send(exported())) == (0, 0, 0, 2)


def test_changed_row_updates_case_unless_amended_here(office: MemoryOffice) -> None:
    send(table(*ROWS))
    changed = [each.replace(",12,", ",13,") for each in ROWS]
    assert counted(send(table(*changed))) == (0, 0, 1, 1)
    (saiga,) = [each for each in cases() if each["database_id"] == "WL-2"]
    assert saiga["goods"][0]["quantity"] == "13"
    body = {"kind": "seizure", "agency": "police", "reason": "undeclared", "goods": saiga["goods"], "law": "art. 1"}
    ok(call("PUT", f"/v1/cases/{saiga['id']}", {**body, "version": saiga["version"]}, token=POLICE))
    told = ok(send(table(*ROWS)))
    assert [(each["row"], each["ref"], each["code"]) for each in told["refused"]] == [(4, "WL-2", "changed_here")]
    assert next(each for each in cases() if each["database_id"] == "WL-2")["law"] == "art. 1"


def test_changed_row_keeps_earlier_version_and_closed_case_is_refused(office: MemoryOffice) -> None:
    send(table(*ROWS))
    assert counted(send(table(ROWS[0].replace("Ivan", "Petr"), *ROWS[1:]))) == (0, 0, 1, 1)
    (falcons,) = [each for each in cases() if each["database_id"] == "WL-1"]
    assert (falcons["people"][0]["name"], falcons["earlier"]) == ("Petr Testov", [1])
    one = f"/v1/cases/{falcons['id']}"
    assert ok(get(f"{one}/versions/1", token=POLICE))["people"][0]["name"] == "Ivan Testov"
    ok(post(f"{one}/followups", {"kind": "closed", "text": "Fine paid."}, token=POLICE), 201)
    told = ok(send(table(*ROWS)))
    assert [(each["row"], each["ref"], each["code"]) for each in told["refused"]] == [(2, "WL-1", "closed")]
    assert ok(get(one, token=POLICE))["people"][0]["name"] == "Petr Testov"


def test_own_case_gets_database_id_and_is_not_duplicated(office: MemoryOffice) -> None:
    made = ok(post("/v1/cases", found(), token="aizada"), 201)
    head, row = exported().splitlines()[:2]
    assert row.startswith(f",{made['id']},")
    assert counted(send(f"{head}\n" + row.replace(",", "WL-9,", 1))) == (0, 1, 0, 0)
    assert counted(send(f"{head}\n" + row.replace(",", "WL-9,", 1))) == (0, 0, 0, 1)
    (case,) = cases()
    assert (case["database_id"], case["people"]) == ("WL-9", [CARRIER])


def test_row_fills_empty_fields_of_own_case_and_notes_differences(office: MemoryOffice) -> None:
    made = ok(post("/v1/cases", found(), token="aizada"), 201)
    row = next(csv.DictReader(io.StringIO(exported())))
    row |= {"database_id": "WL-9", "sanction": "Fine of 30,000 som", "departure": "UZ", "quantity": "7"}
    row |= {"value": "5000", "currency": "KGS", "concealment": "In a spare tyre."}
    told = ok(send("\n".join((",".join(row), ",".join(f'"{cell}"' for cell in row.values())))))
    assert [(each["row"], each["ref"], each["column"], each["code"]) for each in told["noted"]] == [
        (2, "WL-9", "concealment", "kept_ours"), (2, "WL-9", "quantity", "kept_ours"),
    ]  # fmt: skip
    (case,) = cases()
    assert (told["linked"], case["database_id"], case["people"], case["earlier"]) == (1, "WL-9", [CARRIER], [1])
    assert (case["sanction"], case["route"]["departure"], case["value"]["amount"]) == (row["sanction"], "UZ", "5000")
    assert (case["concealment"], case["goods"][0]["quantity"]) == (made["concealment"], made["goods"][0]["quantity"])


def test_closed_own_case_is_linked_and_missing_fields_are_noted(office: MemoryOffice) -> None:
    made = ok(post("/v1/cases", found(), token="aizada"), 201)
    ok(post(f"/v1/cases/{made['id']}/followups", {"kind": "closed", "text": "Fine paid."}, token=POLICE), 201)
    row = next(csv.DictReader(io.StringIO(exported()))) | {"database_id": "WL-9", "sanction": "Fine"}
    told = ok(send("\n".join((",".join(row), ",".join(f'"{cell}"' for cell in row.values())))))
    assert (told["linked"], [each["column"] for each in told["noted"]]) == (1, ["sanction"])
    assert not cases()[0].get("sanction")


def test_own_case_without_database_id_gives_one_fault_per_case(office: MemoryOffice) -> None:
    ok(
        post("/v1/cases", found(goods=[*found()["goods"], {**found()["goods"][0], "quantity": "1"}]), token="aizada"),
        201,
    )
    ok(post("/v1/cases", found(), token="aizada"), 201)
    text = exported(people=True)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3
    told = ok(send(text))["refused"]
    assert [(each["column"], each["code"]) for each in told] == [("database_id", "required")] * 2
    assert [each["row"] for each in told] == [2, 3 if rows[0]["tamga_id"] != rows[1]["tamga_id"] else 4]
    assert "Enter its id in the other database" in told[0]["detail"]


def test_changed_row_of_own_case_is_refused(office: MemoryOffice) -> None:
    made = ok(post("/v1/cases", found(), token="aizada"), 201)
    head, row = exported().splitlines()[:2]
    linked = row.replace(",", "WL-9,", 1)
    send(f"{head}\n{linked}")
    told = ok(send(f"{head}\n" + linked.replace("Falco cherrug", "Falco peregrinus")))
    assert [(each["ref"], each["code"]) for each in told["refused"]] == [("WL-9", "changed_here")]
    other = ok(post("/v1/cases", found(), token="aizada"), 201)
    told = ok(
        send(f"{head}\n" + linked.replace(made["id"], other["id"]))
    )  # this database id belongs to another case here
    assert [(each["ref"], each["code"]) for each in told["refused"]] == [("WL-9", "linked_elsewhere")]
    assert {each["goods"][0]["scientific_name"] for each in cases()} == {"Falco cherrug"}


def test_people_are_exported_to_enforcement_on_request_only(office: MemoryOffice) -> None:
    ok(post("/v1/cases", found(), token="aizada"), 201)
    assert "Ivan" not in exported()
    assert "Ivan Testov" in exported(people=True)
    assert call("GET", "/v1/cases/table", token="approver", query={"people": "true"}).slug == "forbidden"


def test_export_hides_parts_that_agency_may_not_see(office: MemoryOffice) -> None:
    """The ministry may not see the vehicle. Its page hid it, but the exported table contained it."""
    made = ok(post("/v1/cases", found(vehicle="01 KG 777 AAA"), token="aizada"), 201)
    assert "01 KG 777 AAA" in exported()
    for token in ("approver", "a-auditor"):
        assert "vehicle" not in ok(get(f"/v1/cases/{made['id']}", token=token))
        text = call("GET", "/v1/cases/table", token=token).body.decode("utf-8-sig")
        assert made["id"] in text
        assert "01 KG 777 AAA" not in text


def test_export_of_people_is_recorded_in_history_of_each_case(office: MemoryOffice) -> None:
    made = ok(post("/v1/cases", found(), token="aizada"), 201)
    nobody = ok(post("/v1/cases", found(people=[]), token="aizada"), 201)
    exported()
    exported(people=True)
    exported(people=True)  # in the same second: once
    lines = [ok(get(f"/v1/cases/{each['id']}/history", token="a-auditor"))["items"] for each in (made, nobody)]
    assert [[(line["action"], line["by_name"]) for line in each] for each in lines] == [
        [("record", "Aizada"), ("read_people", "A enforcement")], [("record", "Aizada")],
    ]  # fmt: skip


def test_second_database_id_for_linked_case_is_refused(office: MemoryOffice) -> None:
    ok(post("/v1/cases", found(), token="aizada"), 201)
    head, row = exported().splitlines()[:2]
    assert counted(send(f"{head}\n" + row.replace(",", "WL-9,", 1))) == (0, 1, 0, 0)
    told = ok(send(f"{head}\n" + row.replace(",", "WL-10,", 1)))
    assert [(each["row"], each["ref"], each["column"], each["code"]) for each in told["refused"]] == [
        (2, "WL-10", "tamga_id", "linked_elsewhere"),
    ]  # fmt: skip
    assert (told["linked"], [each["database_id"] for each in cases()]) == (0, ["WL-9"])


def test_exported_table_is_imported_unchanged(office: MemoryOffice) -> None:
    send(table(*ROWS))
    whole = {
        "database_id": "WL-5", "occurred_on": "2025-10-02", "post": "dostuk", "place": "'=Osh; -1", "kind": "detention",
        "direction": "export", "agency": "border", "reason": "undeclared", "origin": "KG", "departure": "KG",
        "transit": "TR;AE", "destination": "SA", "transport": "air", "document": "+7-1", "vehicle": "@777",
        "concealment": 'In "tubes";=1', "detection": "xray", "value": "500", "currency": "USD", "permit_issuer": "KZ",
        "permit_number": "KZ-1", "law": "art. 1", "sanction": "=fine", "disposal": "stored", "note": "a;'=b, c",
        "common_name": "-falcon", "scientific_name": "Falco cherrug",
        "accepted_name": "Falco cherrug", "term": "LIV", "quantity": "2.5", "unit": "KGM",
        "marks": "@1", "appendix": "I", "description": "';", "person_role": "carrier", "person_name": "=Petr",
        "person_nationality": "KZ", "person_born": "1981-04-02", "person_document": "-1", "person_note": "=tall",
    }  # fmt: skip
    assert {*whole} == {*COLUMNS} - {"tamga_id"}
    text = io.StringIO()
    csv.writer(text).writerows([whole, [escape_cell(each) for each in whole.values()]])
    assert counted(send(text.getvalue())) == (1, 0, 0, 0)
    before, out = cases(), exported(people=True)
    (kept,) = [each for each in before if each["database_id"] == "WL-5"]
    assert [kept[name] for name in ("place", "vehicle", "concealment", "note")] == [
        whole[name] for name in ("place", "vehicle", "concealment", "note")
    ]
    assert counted(send(out)) == (0, 0, 0, 3)
    assert (cases(), exported(people=True)) == (before, out)
    told = dict(zip(COLUMNS, next(row for row in csv.reader(io.StringIO(out)) if row[0] == "WL-5"), strict=True))
    assert {name: unescape_cell(cell) for name, cell in told.items() if name != "tamga_id"} == whole


def test_unclosed_quote_is_reported_with_line_where_it_opens(office: MemoryOffice) -> None:
    note = f"{HEADER},note"
    rows = (f'{ROWS[0]},"two\nlines"', f'{ROWS[2]},"open', ROWS[2].replace("WL-2", "WL-8") + ",")
    (told,) = ok(send("\n".join((note, *rows)) + "\n"))["refused"]
    assert (told["row"], told["code"]) == (3, "open_quote")  # the row as a spreadsheet counts
    assert "line 4 " in told["detail"]  # the line as an editor counts
    assert cases() == []


def test_all_fields_of_person_survive_export_and_import(office: MemoryOffice) -> None:
    person = {**CARRIER, "born": "1981-04-02", "note": "wears a hat"}
    ok(post("/v1/cases", found(people=[person]), token="aizada"), 201)
    head, row = exported(people=True).splitlines()
    assert {"1981-04-02", "wears a hat"} <= set(row.split(","))
    told = ok(send(f"{head}\nWL-9{row}"))
    assert (told["linked"], told["noted"], told["refused"]) == (1, [], [])


def test_exported_cells_are_no_spreadsheet_formulas(office: MemoryOffice) -> None:
    ok(post("/v1/cases", found(note="=HYPERLINK(1)", vehicle="-1+1", place="@x"), token="aizada"), 201)
    cells = [cell for row in exported(people=True).splitlines()[1:] for cell in row.split(",")]
    assert not [cell for cell in cells if cell.startswith(FORMULA_SIGNS)]
    assert "'=HYPERLINK(1)" in cells


APART = table(ROWS[0], ROWS[2], ROWS[1])  # the rows of WL-1 are not adjacent: only WL-2 is imported
WRONG = {
    "no such column": (table(*ROWS).replace("quantity", "amount"),
                       {(1, "amount", "unknown_column"), (1, "quantity", "required")}),
    "not UTF-8": (table(*ROWS).replace("Ivan", "Иван").encode("cp1251"), {(2, "", "encoding")}),
    "no id": (table(ROWS[2].replace("WL-2", "")), {(2, "database_id", "required")}),
    "no day": (table(ROWS[2].replace("2025-09-01", "1.9.2025")), {(2, "occurred_on", "date")}),
    "no such species term": (table(ROWS[2].replace("HOR", "QQQ")), {(2, "term", "unknown")}),
    "half of a row": (table("WL-3,2025-09-01,police,,,,,,,dostuk"),
       {(2, "reason", "required"), (2, "goods", "required")}),
    "rows apart": (APART, {(2, "database_id", "scattered"), (4, "database_id", "scattered")}),
    "contradiction": (table(ROWS[0], "WL-1,2025-08-12,,,Falco peregrinus,LIV,1,,,"), {(3, "occurred_on", "differs")}),
    "a post of nowhere": (table(ROWS[2] + "moon"), {(2, "post", "unknown")}),
    "no post and no place": (table(ROWS[2].replace("dostuk", "")), {(2, "post", "required")}),
    "a person without a role": (table(ROWS[0].replace("carrier", "")), {(2, "person_role", "required")}),
    "an open quote": (table(*ROWS[:2], ROWS[2].replace("Saiga", '"Saiga'), ROWS[2].replace("WL-2", "WL-8")),
                      {(4, "", "open_quote")}),
    "an open quote before others": (
        table(ROWS[0].replace("Ivan", '"Ivan'), ROWS[1].replace("Falco", '"Falco"')), {(2, "", "open_quote")}),
    "an open quote in the header": (table(*ROWS).replace("agency", '"agency'), {(1, "", "open_quote")}),
    "an open quote that a later one seems to end": (
        table(ROWS[0].replace("Ivan", '"Ivan'), ROWS[1], ROWS[2].replace("tatarica", 'tatarica"')),
        {(2, "", "open_quote")}),
    "more after a quoted cell": (table(ROWS[0], ROWS[2].replace("Saiga", '"Saiga" ')), {(3, "", "open_quote")}),
    "empty": ("\n", {(1, name, "required") for name in NEEDED}),
}  # fmt: skip


@pytest.mark.parametrize(("file", "told"), WRONG.values(), ids=WRONG)
def test_faulty_case_is_refused_by_row_and_column_others_are_stored(
    office: MemoryOffice, file: str | bytes, told: set[tuple[int, str, str]]
) -> None:
    answer = ok(send(file))
    assert {(each["row"], each["column"], each["code"]) for each in answer["refused"]} == told
    assert (answer["stored"], len(cases())) == (int(file == APART), int(file == APART))
    assert set(COLUMNS) >= {each["column"] for each in answer["refused"]} - {"", "amount", "goods"}
    good = ROWS[2].replace("WL-2", "WL-77")
    assert ok(send(table(ROWS[2].replace("HOR", "QQQ"), good)))["stored"] == 1
