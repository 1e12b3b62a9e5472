"""Use of our import permit by the foreign document that names it, on paper or by code, in one transaction."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import border
import pytest
from desk import ok
from enforcing import LINE, USE, correction, paper
from http_client import Answer, call, get, post
from kinds import APPLICATIONS, BISHKEK_ZOO
from life import SAKER, issued
from office import DAY, MemoryOffice
from process import but

from chalicelib.endorsement.services import paper_stamps
from chalicelib.endorsement.services.requests import Endorsement
from chalicelib.issuing.model import shorten
from chalicelib.kernel.days import to_text
from chalicelib.kernel.errors import NotUsable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.offline.schemas import synced
from chalicelib.offline.services import sync
from chalicelib.people.services import PERSONS, person_key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.record.permit import Line, Party, TokenLine
from chalicelib.uses.use import UsedLine

LEOPARD = {**LINE, "scientific_name": "Uncia uncia", "source": "W", "marks": "chip 7"}  # a synonym
HONEST = Party("Honest Zoo", "1 Chuy, Bishkek", "KG")
ONE = replace(SAKER, scientific_name="Panthera uncia", source="W", marks="chip 7", quantity="1")

SPELLINGS = (  # of one import permit; {}: year, country and serial
    "{}/I", "20{}/I", "KG {}/I", "No {} I", "{}", "{}/E", "{}/IX", "{}/I/1", "{}/1/1", "{}I1", "{}-I.2",
)  # fmt: skip


def ours(office: MemoryOffice, *lines: Line, **changes: Any) -> Dossier:
    """Issue an import permit of ours; by default for one snow leopard."""
    fields = {"importer": BISHKEK_ZOO, "purpose": "Z", "lines": lines or (ONE,), **changes}
    return issued(office, replace(APPLICATIONS["I"], **fields))


def using(quantity: str = "1", document: str = "CMR 1187", **changes: Any) -> dict[str, Any]:
    return {**USE, "lines": [{"line": "A", "quantity": quantity}], "transport_document": document, **changes}


def naming(permit: Dossier, serial: int = 1, quantity: str = "1", **changes: Any) -> dict[str, Any]:
    line = {**LEOPARD, "quantity": quantity} | changes.pop("line", {})
    named = {"number": permit.number, "country": "KG"}
    return paper(number=f"KZ-{serial}/2026", permit={"lines": [line], "import_permit": named}, **changes)


def send(permit: Dossier, serial: int = 1, quantity: str = "1", document: str = "CMR 1187", token: str = "aizada",
         choice: list[dict[str, str]] | None = None, **changes: Any) -> Answer:  # fmt: skip
    done = using(quantity, document, **({"import_permit_lines": choice} if choice else {}))
    return post("/v1/foreign-permits", naming(permit, serial, quantity, endorsed=done, **changes), token=token)


def uses(office: MemoryOffice, permit: Dossier) -> list[tuple[str, str, str]]:
    """Return result, quantities and foreign document of each use that was not withdrawn."""
    return [
        (use.result, "+".join(line.quantity for line in use.lines), use.foreign_document or "")
        for use in store.load(office.register, permit.id).uses
        if use.withdrawn is None
    ]


def at_the_desk(office: MemoryOffice) -> None:
    """Register an officer of the ministry's duty desk under the token `duty`."""
    office.people["duty"] = Actor("u-duty", "Duty Desk", frozenset({"customs"}))
    row = {"name": "Duty Desk", "posts": ["ministry"], "roles": ["customs"]}
    office.register.commit(Put(person_key("u-duty"), row, index={"shelf": PERSONS}))


def held() -> list[list[str]]:
    return [each["codes"] for each in ok(get("/v1/alerts", token="a-enforcement"))["items"]]


def test_endorsed_paper_uses_named_import_permit(office: MemoryOffice) -> None:
    permit = ours(office)
    made = ok(send(permit, document="CMR 1187"), 201)
    (use,) = store.load(office.register, permit.id).uses
    assert (use.event_id, use.kind, use.transport_document, use.post, use.at, use.foreign_document) == (
        f"{made['id']}.import-permit", "import", "CMR 1187", "dostuk", office.now, "KZ KZ1-2026",
    )  # fmt: skip
    assert store.load(office.register, permit.id).use == "imported"
    assert border.status_of(office, permit) == 3
    assert made["remarks"] == []
    assert made["import_permit_use"] == {
        "number": permit.number, "result": "accepted", "lines": [{"line": "A", "quantity": "1"}],
    }  # fmt: skip
    assert held() == []


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_paper_naming_used_import_permit_in_any_spelling_needs_duty_desk(office: MemoryOffice, spelled: str) -> None:
    permit = ours(office)
    ok(send(permit), 201)
    named = replace(permit, number=spelled.format(str(permit.number).partition("/")[0]))
    answer = send(named, 2, document="CMR 2")
    assert (answer.status, answer.slug, answer.json["codes"]) == (409, "not-usable", ["import_permit_used"])
    assert uses(office, permit) == [("accepted", "1", "KZ KZ1-2026")]
    assert held() == [["import_permit_used"]]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_import_permit_in_any_spelling_is_shown_and_used_by_its_number(office: MemoryOffice, spelled: str) -> None:
    permit = ours(office)
    named = replace(permit, number=spelled.format(str(permit.number).partition("/")[0]))
    shown = ok(get("/v1/foreign-permits/import-permit", token="aizada", query={"number": str(named.number)}))
    assert (shown["number"], shown["state"]) == (permit.number, "issued")
    made = ok(send(named), 201)
    assert (made["remarks"], made["import_permit_use"]["number"]) == ([], permit.number)
    assert uses(office, permit) == [("accepted", "1", "KZ KZ1-2026")]


@pytest.mark.parametrize("number", ["26KG000001/I 26KG000002/I", "2026KZ000001/I", "KG 26KG999999/I"])
def test_text_naming_no_single_permit_of_ours_gives_unknown_remark(office: MemoryOffice, number: str) -> None:
    made = ok(send(replace(ours(office), number=number)), 201)
    assert (made["remarks"], made["import_permit_use"]) == (["import_permit_unknown"], None)
    assert held() == [["import_permit_unknown"]]


@pytest.mark.parametrize(
    ("quantity", "document", "codes"),
    [("1", "CMR 1187", ["import_permit_exceeded"]), ("1", "CMR 2", ["import_permit_used"]),
     ("40", "cmr-1187", ["import_permit_exceeded"])],
)  # fmt: skip
def test_second_paper_above_import_permit_needs_duty_desk(
    office: MemoryOffice, quantity: str, document: str, codes: list[str]
) -> None:
    permit = ours(office)
    ok(send(permit), 201)
    answer = send(permit, 2, quantity, document)
    assert (answer.status, answer.slug, answer.json["codes"]) == (409, "not-usable", codes)
    assert uses(office, permit) == [("accepted", "1", "KZ KZ1-2026")]
    assert held() == [codes]
    recorded = ok(post("/v1/foreign-permits", naming(permit, 2, quantity), token="aizada"), 201)
    path = f"/v1/foreign-permits/{recorded['id']}/endorse"
    assert post(path, using(quantity, document), token="aizada").slug == "not-usable"
    at_the_desk(office)
    done = ok(post(path, using(quantity, document), token="duty"))
    assert (done["state"], done["remarks"], done["flagged"]) == ("endorsed", codes, True)
    assert uses(office, permit)[1:] == [("conflict", quantity, "KZ KZ2-2026")]


def test_parts_under_one_waybill_use_import_permit_up_to_its_quantity(office: MemoryOffice) -> None:
    permit = ours(office, replace(ONE, quantity="2"))
    ok(send(permit, 1, document="CMR 1187"), 201)
    office.later(DAY)
    made = ok(send(permit, 2, document="cmr1187"), 201)
    assert (made["remarks"], uses(office, permit)) == (
        [], [("accepted", "1", "KZ KZ1-2026"), ("accepted", "1", "KZ KZ2-2026")])  # fmt: skip
    assert send(permit, 3).json["codes"] == ["import_permit_exceeded"]


def test_equal_papers_at_one_post_are_two_uses(office: MemoryOffice) -> None:
    """Same post, lines, waybill and hour are one crossing of one permit, but two uses for two foreign documents."""
    permit = ours(office)
    ok(send(permit, 1), 201)
    assert send(permit, 2).slug == "not-usable"


@pytest.mark.parametrize(("second", "status"), [("5.5", 201), ("5.6", 409)])
def test_weight_up_to_five_per_cent_above_is_accepted(office: MemoryOffice, second: str, status: int) -> None:
    caviar = replace(ONE, scientific_name="Panthera uncia", term="MEA", quantity="10", unit="KGM", marks="lot 7")
    permit = ours(office, caviar)
    kilos = {"line": {"term": "MEA", "unit": "KGM"}}
    ok(send(permit, 1, "5", **kilos), 201)
    assert send(permit, 2, second, **kilos).status == status


def test_endorsement_of_import_permit_covers_same_goods_as_paper(office: MemoryOffice) -> None:
    """Officers may endorse the import permit itself, before or after the paper. A third animal is refused."""
    permit = ours(office, replace(ONE, quantity="2"))
    border.endorse(office, permit, post="dostuk", direction="import", transport_document="CMR 1187",
                   lines=border.lines("2"))  # fmt: skip
    assert ok(send(permit, 1), 201)["remarks"] == []
    assert ok(send(permit, 2), 201)["remarks"] == []
    assert send(permit, 3).json["codes"] == ["import_permit_exceeded"]
    assert "U2" not in border.look(office, permit, "import", "dostuk").codes
    other = ours(office, replace(ONE, quantity="2"))
    ok(send(other, 4), 201)
    border.endorse(office, other, post="dostuk", direction="import", transport_document="CMR 1187",
                   lines=border.lines("2"))  # fmt: skip


def test_scan_gives_u5_for_30_days_after_use_by_paper_then_u1(office: MemoryOffice) -> None:
    permit = ours(office)
    ok(send(permit), 201)
    for later, code in ((0, "U5"), (30 * DAY, "U5"), (1, "U1")):
        office.later(later)
        assert code in border.look(office, permit, "import", "manas-airport").codes


def test_undo_of_paper_or_of_import_permit_use_withdraws_both(office: MemoryOffice) -> None:
    permit = ours(office)
    made = ok(send(permit), 201)
    ok(post(f"/v1/foreign-permits/{made['id']}/withdraw", {"reason": "another paper"}, token="bekzat"))
    assert uses(office, permit) == []
    assert store.load(office.register, permit.id).use == "unused"
    again = ok(post(f"/v1/foreign-permits/{made['id']}/endorse", using(), token="aizada"))
    assert (again["remarks"], uses(office, permit)) == ([], [("accepted", "1", "KZ KZ1-2026")])
    body = {"event_id": border.new_uuid(), "reason": "entered twice"}
    path = f"/v1/endorsements/{made['id']}.import-permit-2/undo"
    assert post(path, body, token="aizada").slug == "two-people"
    undone = ok(post(path, body, token="bekzat"))
    assert (undone["number"], undone["use"], uses(office, permit)) == (permit.number, "unused", [])
    assert ok(post(path, body, token="bekzat")) == undone
    assert ok(get(f"/v1/foreign-permits/{made['id']}", token="aizada"))["state"] == "recorded"


def test_endorsement_after_undo_keeps_withdrawn_use(office: MemoryOffice) -> None:
    permit = ours(office)
    made = ok(send(permit), 201)
    path = f"/v1/foreign-permits/{made['id']}"
    for _ in range(2):
        ok(post(f"{path}/withdraw", {"reason": "entry error"}, token="bekzat"))
        again = ok(post(f"{path}/endorse", using(), token="aizada"))
        assert again["import_permit_use"]["result"] == "accepted"
    ids = {use.event_id: use.withdrawn is None for use in store.load(office.register, permit.id).uses}
    first = f"{made['id']}.import-permit"
    assert ids == {first: False, f"{first}-2": False, f"{first}-3": True}
    assert again["remarks"] == []
    assert "U7" in border.look(office, permit, "import", "dostuk").codes
    for past in (first, f"{first}-2", f"{first}-4"):
        body = {"event_id": border.new_uuid(), "reason": "entered twice"}
        assert post(f"/v1/endorsements/{past}/undo", body, token="bekzat").slug == "no-match"
    assert uses(office, permit) == [("accepted", "1", "KZ KZ1-2026")]


def test_stamp_is_pending_and_confirmed_on_paper_and_import_permit(office: MemoryOffice) -> None:
    permit = ours(office)
    office.later(DAY)
    stamp = using(stamped_at=to_text(office.now - 7200))
    made = ok(post("/v1/foreign-permits", naming(permit, endorsed=stamp), token="aizada"), 201)
    assert (uses(office, permit), store.load(office.register, permit.id).use) == (
        [("pending", "1", "KZ KZ1-2026")], "unused")  # fmt: skip
    path = f"/v1/endorsements/{made['id']}.import-permit/confirm"
    assert post(path, {}, token="bekzat").slug == "not-usable"
    ok(post(f"/v1/foreign-permits/{made['id']}/confirm", {}, token="bekzat"))
    assert (uses(office, permit), store.load(office.register, permit.id).use) == (
        [("accepted", "1", "KZ KZ1-2026")], "imported")  # fmt: skip
    late = using(document="CMR 2", stamped_at=to_text(office.now - 3600))
    other = ok(post("/v1/foreign-permits", naming(permit, 2, endorsed=late), token="aizada"), 201)
    done = ok(post(f"/v1/foreign-permits/{other['id']}/confirm", {}, token="bekzat"))
    assert (done["remarks"], uses(office, permit)[1]) == (
        ["import_permit_used"], ("conflict", "1", "KZ KZ2-2026"))  # fmt: skip
    assert held() == [["import_permit_used"]]


def test_stamp_on_both_waiting_72_hours_raises_one_alert(office: MemoryOffice) -> None:
    permit = ours(office)
    office.later(DAY)
    stamp = using(stamped_at=to_text(office.now - 7200))
    ok(post("/v1/foreign-permits", naming(permit, endorsed=stamp), token="aizada"), 201)
    office.later(4 * DAY)
    assert paper_stamps.escalate(office) == 1
    (alert,) = ok(get("/v1/alerts", token="a-enforcement"))["items"]
    assert alert["permit"] == {"issuer": "KZ", "number": "KZ1-2026", "unverified": True}


def test_officer_chooses_lines_when_goods_match_no_single_line(office: MemoryOffice) -> None:
    permit = ours(office, replace(ONE, marks="chip 7, male"), replace(ONE, marks="chip 8, female"))
    answer = send(permit)
    assert [(each["field"], each["code"]) for each in answer.json["errors"]] == [("import_permit_lines", "choose")]
    wrong = send(permit, choice=[{"line": "A", "quantity": "1"}])
    assert wrong.json["errors"][0]["field"] == "import_permit_lines"
    chosen = [{"line": "A", "quantity": "0"}, {"line": "B", "quantity": "1"}]
    made = ok(send(permit, choice=chosen), 201)
    assert (made["remarks"], made["import_permit_use"]["lines"]) == ([], chosen)
    assert uses(office, permit) == [("accepted", "0+1", "KZ KZ1-2026")]


def test_chosen_quantity_below_foreign_document_is_refused(office: MemoryOffice) -> None:
    permit = ours(office, replace(ONE, quantity="2"))
    answer = send(permit, quantity="2", choice=[{"line": "A", "quantity": "1"}])
    assert [each["code"] for each in answer.json["errors"]] == ["less"]


def test_lines_of_import_permit_are_shown_before_endorsement(office: MemoryOffice) -> None:
    permit = ours(office, replace(ONE, quantity="2"))
    ok(send(permit), 201)
    query = {"number": str(permit.number).lower()}
    assert ok(get("/v1/foreign-permits/import-permit", token="aizada", query=query)) == {
        "number": permit.number, "state": "issued", "importer": {"name": "Bishkek Zoo", "country": "KG"},
        "lines": [{"line": "A", "scientific_name": "Panthera uncia", "term": "LIV", "quantity": "2", "left": "1"}],
        "used": {"post": "dostuk", "at": to_text(office.now), "transport_document": "CMR 1187"},
    }  # fmt: skip
    unknown = ok(get("/v1/foreign-permits/import-permit", token="aizada", query={"number": "applied for"}))
    assert unknown == {"number": None, "state": "unknown", "importer": None, "lines": [], "used": None}


def test_corrected_paper_uses_other_import_permit(office: MemoryOffice) -> None:
    wrong, right = ours(office), ours(office)
    made = ok(send(wrong), 201)
    ok(post(f"/v1/foreign-permits/{made['id']}/withdraw", {"reason": "wrong number"}, token="bekzat"))
    made = ok(get(f"/v1/foreign-permits/{made['id']}", token="aizada"))
    body = naming(right)
    change = correction(made, number=body["number"], permit=body["permit"])
    ok(call("PUT", f"/v1/foreign-permits/{made['id']}", change, token="aizada"))
    ok(post(f"/v1/foreign-permits/{made['id']}/endorse", using(), token="aizada"))
    assert (uses(office, wrong), uses(office, right)) == ([], [("accepted", "1", "KZ KZ1-2026")])


# foreign documents with a code


def coded(office: MemoryOffice, serial: int = 7, quantity: str = "1", **changes: Any) -> str:
    line = TokenLine(taxon="Panthera uncia", appendix=1, source="W", term="LIV", quantity=quantity)
    return border.from_kazakhstan(office, number=f"26KZ{serial:06d}/E", lines=(line,), **changes)[1]


def asked(office: MemoryOffice, code: str, permit: Dossier | None = None, **changes: Any) -> Endorsement:
    fields: dict[str, Any] = {
        "event_id": border.new_uuid(), "post": "dostuk", "direction": "import", "endorsed_at": office.now,
        "lines": (UsedLine("A", "1"),), "qr": code, "transport_document": "CMR 1187",
        "import_permit": permit.number if permit else None,
    } | changes  # fmt: skip
    return Endorsement(**fields)


def test_endorsed_foreign_code_uses_named_import_permit(office: MemoryOffice) -> None:
    permit, checker = ours(office), border.with_kazakhstan(office)
    one = asked(office, coded(office), permit)
    receipt = border.endorse(office, one, checker=checker)
    assert receipt["import_permit"] == {
        "number": permit.number, "result": "accepted", "lines": [{"line": "A", "quantity": "1"}],
    }  # fmt: skip
    assert "remarks" not in receipt
    assert uses(office, permit) == [("accepted", "1", "KZ 26KZ000007")]
    assert border.endorse(office, one, checker=checker) == receipt
    other = asked(office, coded(office, 8), permit, transport_document="CMR 2")
    with pytest.raises(NotUsable) as refused:
        border.endorse(office, other, checker=checker)
    assert refused.value.extra["codes"] == ["import_permit_used"]
    by_desk = border.endorse(office, replace(other, on_behalf_of="Officer at Dostuk"), checker=checker)
    assert (by_desk["import_permit"]["result"], by_desk["remarks"]) == ("conflict", ["import_permit_used"])
    border.undo(office, one.event_id)
    assert uses(office, permit) == [("conflict", "1", "KZ 26KZ000008")]
    border.undo(office, f"{other.event_id}.import-permit")
    assert uses(office, permit) == []


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_code_naming_used_import_permit_in_any_spelling_needs_duty_desk(office: MemoryOffice, spelled: str) -> None:
    permit, checker = ours(office), border.with_kazakhstan(office)
    border.endorse(office, asked(office, coded(office), permit), checker=checker)
    named = spelled.format(str(permit.number).partition("/")[0])
    other = asked(office, coded(office, 8), transport_document="CMR 2", import_permit=named)
    with pytest.raises(NotUsable) as refused:
        border.endorse(office, other, checker=checker)
    assert refused.value.extra["codes"] == ["import_permit_used"]
    assert uses(office, permit) == [("accepted", "1", "KZ 26KZ000007")]


@pytest.mark.parametrize(
    ("line", "changes", "remarks"),
    [
        ({}, {}, ["no_import_permit"]),
        ({"source": "C"}, {}, None),
        ({"taxon": "Falco cherrug", "appendix": 2}, {}, None),
        ({}, {"direction": "transit"}, None),
        ({}, {"import_permit": "26KG999999/I"}, ["import_permit_unknown"]),
    ],
)
def test_foreign_code_of_appendix_i_without_import_permit_gives_remark(
    office: MemoryOffice, line: dict[str, Any], changes: dict[str, Any], remarks: list[str] | None
) -> None:
    checker = border.with_kazakhstan(office)
    fields = {"importer": border.TokenParty("Zoo", "UZ")} if changes.get("direction") == "transit" else {}
    token = TokenLine(
        **({"taxon": "Panthera uncia", "appendix": 1, "source": "W", "term": "LIV", "quantity": "1"} | line)
    )
    code = border.from_kazakhstan(office, lines=(token,), **fields)[1]
    receipt = border.endorse(office, asked(office, code, **changes), checker=checker)
    assert receipt.get("remarks") == remarks
    assert held() == ([["import_permit_unknown"]] if changes.get("import_permit") else [])


def test_stamp_on_foreign_code_is_confirmed_with_import_permit(office: MemoryOffice) -> None:
    permit, checker = ours(office), border.with_kazakhstan(office)
    one = asked(office, coded(office), permit, recorded="paper")
    assert border.endorse(office, one, checker=checker)["import_permit"]["result"] == "pending"
    receipt = border.confirm(office, one.event_id)
    assert (receipt["import_permit"]["result"], uses(office, permit)) == (
        "accepted", [("accepted", "1", "KZ 26KZ000007")])  # fmt: skip


def test_each_foreign_document_is_one_line_of_annual_report(office: MemoryOffice) -> None:
    """The use of the import permit is no line of its own, neither by paper (also with a stamp entered days later) nor
    by code.
    """
    permit, checker = ours(office, replace(ONE, quantity="3")), border.with_kazakhstan(office)
    office.later(4 * DAY)
    ok(send(permit, 1), 201)
    border.endorse(office, asked(office, coded(office), permit), checker=checker)
    stamp = using(stamped_at=to_text(office.now - 3 * DAY))
    made = ok(post("/v1/foreign-permits", naming(permit, 2, endorsed=stamp), token="aizada"), 201)
    ok(post(f"/v1/foreign-permits/{made['id']}/confirm", {}, token="bekzat"))
    query = {"year": "2026", "kind": "import"}
    report = call("GET", "/v1/reports/annual-trade", query=query, token="a-auditor").body.decode("utf-8-sig")
    rows = [(row["ImportPermit"], row["ExportPermit"], row["Quantity"]) for row in csv.DictReader(io.StringIO(report))]
    numbers = ["26KZ000007/E", "KZ-1/2026", "KZ-2/2026"]
    assert sorted(rows) == sorted((permit.number, number, "1") for number in numbers)


def test_foreign_code_for_another_importer_gives_remark_and_alert(office: MemoryOffice) -> None:
    """A number of an import permit is easy to guess: the next serial of the year."""
    permit, checker = ours(office, importer=HONEST), border.with_kazakhstan(office)
    code = coded(office, importer=border.TokenParty("Smuggler LLC", "KG"))
    receipt = border.endorse(office, asked(office, code, permit), checker=checker)
    assert (receipt["import_permit"]["result"], receipt["remarks"]) == ("accepted", ["import_permit_other_importer"])
    assert held() == [["import_permit_other_importer"]]


def test_foreign_code_with_importer_in_another_spelling_gives_no_remark(office: MemoryOffice) -> None:
    permit, checker = ours(office, importer=HONEST), border.with_kazakhstan(office)
    code = coded(office, importer=border.TokenParty("HONEST-ZOO", "KG"))
    assert "remarks" not in border.endorse(office, asked(office, code, permit), checker=checker)
    assert held() == []


def test_foreign_code_with_shortened_importer_gives_no_remark(office: MemoryOffice) -> None:
    """A code of several pages may have only the beginning of a name, then … (FORMAT.md 1)."""
    importer = replace(HONEST, name="Honest Zoological Garden of the City of Bishkek")
    permit, checker = ours(office, importer=importer), border.with_kazakhstan(office)
    code = coded(office, importer=border.TokenParty(shorten(importer.name or "", 24), "KG"))
    assert "remarks" not in border.endorse(office, asked(office, code, permit), checker=checker)
    assert held() == []


# offline: the goods have already passed


def sent(office: MemoryOffice, *events: dict[str, Any], checker: Any = None) -> list[dict[str, Any]]:
    phone = border.Phone(office, "dostuk")
    return sync.sync(
        phone.batch(events),
        synced,
        phone.actor,
        but(office, checker=lambda: checker or office.checker()),
        person=border.PEOPLE.__getitem__,
    )


def test_offline_papers_use_import_permit_when_sent(office: MemoryOffice) -> None:
    permit = ours(office)
    events = [{**naming(permit, n, endorsed=using()), "kind": "foreign_permit"} for n in (1, 2)]
    one, other = sent(office, *events)
    assert (one["result"], one["remarks"]) == ("stored", [])
    assert (other["result"], other["remarks"]) == ("stored", ["import_permit_exceeded"])
    assert uses(office, permit) == [("accepted", "1", "KZ KZ1-2026"), ("conflict", "1", "KZ KZ2-2026")]
    assert held() == [["import_permit_exceeded"]]
    again = sent(office, *events)
    assert [each["result"] for each in again] == ["duplicate", "duplicate"]
    assert len(uses(office, permit)) == 2


def test_offline_goods_matching_no_line_count_as_whole_import_permit(office: MemoryOffice) -> None:
    permit = ours(office, replace(ONE, marks="chip 7, male"), replace(ONE, marks="chip 8, female"))
    (answer,) = sent(office, {**naming(permit, endorsed=using()), "kind": "foreign_permit"})
    assert (answer["result"], answer["remarks"]) == ("stored", ["import_permit_lines"])
    assert uses(office, permit) == [("conflict", "1+1", "KZ KZ1-2026")]
    assert held() == []


def test_offline_foreign_code_uses_import_permit_when_sent(office: MemoryOffice) -> None:
    permit, checker = ours(office), border.with_kazakhstan(office)
    phone = border.Phone(office, "dostuk")
    one, other = (asked(office, coded(office, n), permit) for n in (7, 8))
    answers = phone.sync(border.event(one), border.event(other), checker=checker)
    assert [each["result"] for each in answers] == ["stored", "stored"]
    assert [each["receipt"]["import_permit"]["result"] for each in answers] == ["accepted", "conflict"]
    assert answers[1]["receipt"]["remarks"] == ["import_permit_exceeded"]
    assert held() == [["import_permit_exceeded"]]


def test_offline_foreign_code_for_another_importer_is_stored_with_remark(office: MemoryOffice) -> None:
    permit, checker = ours(office, importer=HONEST), border.with_kazakhstan(office)
    code = coded(office, importer=border.TokenParty("Smuggler LLC", "KG"))
    (answer,) = border.Phone(office, "dostuk").sync(border.event(asked(office, code, permit)), checker=checker)
    assert (answer["result"], answer["receipt"]["remarks"]) == ("stored", ["import_permit_other_importer"])
    assert held() == [["import_permit_other_importer"]]


def test_event_of_old_scanner_without_import_permit_is_stored(office: MemoryOffice) -> None:
    checker = border.with_kazakhstan(office)
    event = border.event(asked(office, coded(office)))
    assert "import_permit" not in event
    (answer,) = border.Phone(office, "dostuk").sync(event, checker=checker)
    assert (answer["result"], answer["receipt"]["remarks"]) == ("stored", ["no_import_permit"])


def test_revoked_import_permit_gives_remark_and_use_is_stored(office: MemoryOffice) -> None:
    permit = ours(office)
    border.move(office, permit, "revoked")
    made = ok(send(permit), 201)
    assert made["remarks"] == ["import_permit_not_valid"]
    assert uses(office, permit) == [("conflict", "1", "KZ KZ1-2026")]


def test_duplicate_paper_is_duplicate_use_of_import_permit(office: MemoryOffice) -> None:
    """Two officers recorded one paper offline."""
    permit = ours(office)
    events = [{**naming(permit, 1, endorsed=using()), "kind": "foreign_permit"} for _ in (1, 2)]
    answers = sent(office, *events)
    assert [each["receipt"]["result"] for each in answers] == ["accepted", "duplicate"]
    assert [use[0] for use in uses(office, permit)] == ["accepted", "duplicate"]
    assert "U2" not in border.look(office, permit, "import", "dostuk").codes


def test_equal_parts_of_one_code_above_import_permit_are_refused(office: MemoryOffice) -> None:
    """A foreign permit for 40 animals arrives animal by animal at one post.

    Each counts as another animal of the import permit.
    """
    permit, checker = ours(office), border.with_kazakhstan(office)
    code = coded(office, quantity="40")
    border.endorse(office, asked(office, code, permit), checker=checker)
    office.later(60)
    with pytest.raises(NotUsable) as refused:
        border.endorse(office, asked(office, code, permit), checker=checker)
    assert refused.value.extra["codes"] == ["import_permit_exceeded"]
    by_desk = border.endorse(office, asked(office, code, permit, on_behalf_of="Dostuk"), checker=checker)
    assert (by_desk["import_permit"]["result"], by_desk["remarks"]) == ("conflict", ["import_permit_exceeded"])


@pytest.mark.parametrize(("document", "codes"), [("CMR 2", [["U9"]]), ("CMR 1187", [])])
def test_use_beside_waiting_stamp_on_import_permit_raises_u9_alert(
    office: MemoryOffice, document: str, codes: list[list[str]]
) -> None:
    """The alert is for another consignment, not for goods that the permit covers together with the stamp."""
    permit, checker = ours(office, replace(ONE, quantity="2")), border.with_kazakhstan(office)
    border.endorse(office, asked(office, coded(office), permit, recorded="paper"), checker=checker)
    receipt = border.endorse(
        office, asked(office, coded(office, 8), permit, transport_document=document), checker=checker
    )
    assert receipt["import_permit"]["result"] == "accepted"
    assert held() == codes
