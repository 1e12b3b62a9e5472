"""Scans without a camera: a permit of the paper register by its number, and a file opened at a post."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pikepdf
import pytest
from desk import issued, ok
from enforcing import watched
from http_client import Answer, call, get, post
from office import MemoryOffice
from papers import PAPER, imported, opened
from PIL import Image, ImageDraw
from test_bad_input import picture

from chalicelib.composition import container
from chalicelib.kernel.days import to_text
from chalicelib.kernel.roles import OPERATIONS, ROLES
from chalicelib.verification.services.verify import PAPERS_AT_MOST

POLICE = "a-enforcement"


def look(**changes: Any) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "post": "manas-airport", "direction": "export", "goods_present": True,
            "scanned_at": to_text(container.deps().clock()), **changes}  # fmt: skip


def by_number(number: str = PAPER.number, token: str = "aizada", **changes: Any) -> Answer:
    return post("/v1/scans", look(number=number, **changes), token=token)


def opened_file(data: bytes, kind: str = "image/png", token: str = "aizada", **changes: Any) -> Answer:
    query = look(**{"goods_present": "true", **changes})
    return call("POST", "/v1/scans/document", data=data, content_type=kind, token=token, query=query)


def told(kind: str) -> list[Any]:
    items = ok(get("/v1/alerts", token=POLICE))["items"]
    return [each for each in items if each["kind"] == kind]


def codes(found: dict[str, Any]) -> list[str]:
    return [each["code"] for each in found["codes"]]


def suspended() -> dict[str, Any]:
    permit = issued()
    ok(call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "looked into"}, token="approver"))
    return permit


@pytest.fixture
def paper(office: MemoryOffice) -> str:
    """Id of a paper permit that is on the watch-list by its ring."""
    permit_id = imported(opened(office)).id
    ok(post("/v1/watch-list", watched(value="KG-0118"), token=POLICE), 201)
    return permit_id


def test_stolen_paper_permit_on_watch_list_raises_both_alerts(office: MemoryOffice, paper: str) -> None:
    ok(post(f"/v1/permits/{paper}/lost", {"reason": "a break-in", "how": "stolen"}, token="preparer"))
    body = look(number="kg 117–2026")
    found = ok(post("/v1/scans", body, token="aizada"))
    assert (found["outcome"], found["event_id"]) == ("hold", body["event_id"])
    assert {"D4", "S6"} <= {*codes(found)}
    (hold,), (hit,) = told("hold"), told("watch")
    assert (hold["permit"]["number"], hold["post"]) == (PAPER.number, "manas-airport")
    assert [each["value"] for each in hit["watch"]] == ["KG-0118"]
    ok(post("/v1/scans", body, token="aizada"))  # the same event
    assert (len(told("hold")), len(told("watch"))) == (1, 1)
    assert post("/v1/scans", {**body, "number": "KG-0119/2026"}, token="aizada").slug == "event-id-reused"


def test_paper_permit_is_checked_at_post_and_u5_can_be_cleared(office: MemoryOffice, paper: str) -> None:
    event = {"event_id": str(uuid.uuid4()), "number": PAPER.number, "post": "manas-airport", "direction": "export",
             "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
             "transport_document": "AWB 176-1"}  # fmt: skip
    ok(post("/v1/endorsements", event, token="aizada"), 201)
    assert codes(ok(by_number(post="torugart"))) == ["D4", "U1"]
    asked = look(number=PAPER.number)
    assert codes(ok(post("/v1/scans", asked, token="aizada"))) == ["D4", "U0", "U5"]
    assert "U1" in codes(ok(by_number(same_goods=False)))
    cleared = {"code": "U5", "result": "cleared", "reason": "the same birds"}
    ok(post(f"/v1/scans/{asked['event_id']}/resolve", cleared, token="bekzat"))
    (u5,) = [each for each in ok(by_number(token="bekzat"))["codes"] if each["code"] == "U5"]
    assert u5["cleared"] is True


def test_scans_and_lookups_of_paper_register_share_one_limit(office: MemoryOffice, paper: str) -> None:
    assert by_number("KG-0119/2026").slug == "no-match"
    assert by_number(post="osh-airport", token="elsewhere").slug == "forbidden"
    for _ in range(PAPERS_AT_MOST):
        get("/v1/verify/number", query={"number": PAPER.number}, token="aizada")
    assert by_number().slug == "too-many"
    assert ok(by_number(token="bekzat"))["outcome"] == "check"


def test_suspended_permit_in_file_raises_one_alert(office: MemoryOffice) -> None:
    permit = suspended()
    query = {"event_id": str(uuid.uuid4())}
    found = ok(opened_file(picture(permit["qr"]), **query))
    assert (found["outcome"], found["event_id"], found["document"]["codes"]) == ("hold", query["event_id"], 1)
    (alert,) = told("hold")
    assert (alert["id"], alert["permit"]["number"]) == (f"hold-{query['event_id']}", permit["number"])
    assert ok(opened_file(picture(permit["qr"]), **query))["outcome"] == "hold"  # the same event
    assert len(told("hold")) == 1
    assert opened_file(picture("another"), **query).slug == "event-id-reused"


def test_each_permit_in_file_raises_its_own_alerts(office: MemoryOffice) -> None:
    """The screen shows the gravest permit only, but the findings on the others must reach the desks."""
    one, other, third = suspended(), suspended(), issued()
    ok(post("/v1/watch-list", watched(kind="number", value=third["number"]), token=POLICE), 201)
    query = {"event_id": str(uuid.uuid4())}
    for _ in range(2):
        found = ok(opened_file(picture(third["qr"], one["qr"], other["qr"]), **query))
        assert (found["outcome"], "D3" in codes(found)) == ("hold", True)
    assert {each["permit"]["number"] for each in told("hold")} == {one["number"], other["number"]}
    assert [each["permit"]["number"] for each in told("watch")] == [third["number"]]
    made = {each["id"].partition("-")[2] for each in told("hold") + told("watch")} - {query["event_id"]}
    assert len(made) == 2
    for event_id in made:  # derived ids are refused: a scan under such an id would suppress the alert
        assert post("/v1/scans", look(qr=one["qr"], event_id=event_id), token="bekzat").slug == "invalid"


def test_altered_file_with_genuine_code_raises_f5_alert(office: MemoryOffice) -> None:
    pdf = get(f"/v1/permits/{issued()['id']}/pdf", token="preparer", accept="application/pdf").body
    assert ok(opened_file(pdf, "application/pdf"))["outcome"] == "accept"
    assert told("hold") == []
    found = ok(opened_file(covered(pdf), "application/pdf"))
    assert (found["outcome"], "F5" in codes(found)) == ("hold", True)
    assert "F5" in told("hold")[0]["codes"]


def covered(data: bytes) -> bytes:
    """Return the same print with a picture over its blocks."""
    patch, out = io.BytesIO(), io.BytesIO()
    image = Image.new("RGB", (400, 60), "white")
    ImageDraw.Draw(image).text((10, 10), "200")
    image.save(patch, "PDF")
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(patch) as over:
        pdf.pages[0].add_overlay(over.pages[0], pikepdf.Rectangle(100, 300, 500, 360))
        pdf.save(out)
    return out.getvalue()


def test_file_scan_needs_right_to_scan_at_this_post(office: MemoryOffice) -> None:
    data = picture(issued()["qr"])
    for role in ROLES:
        may = role in OPERATIONS["scan"]
        assert opened_file(data, token=f"a-{role}").status == (200 if may else 403), role
    assert opened_file(data, token="elsewhere").slug == "forbidden"


def test_file_scan_with_invalid_parameters_is_refused(office: MemoryOffice) -> None:
    data = picture(issued()["qr"])
    for wrong in ({"direction": "up"}, {"goods_present": "yes"}, {"event_id": "1"}, {"scanned_at": "today"}):
        assert opened_file(data, **wrong).slug == "invalid", wrong
    assert opened_file(b"%PDF-1.7 no more", "application/pdf").slug == "invalid"
    found = ok(opened_file(picture("AWB 176-12345675")))
    assert (found["outcome"], codes(found)) == ("cannot_tell", ["T4"])
