"""HTTP calls of a post: scans, endorsements, undo, hand-stamped endorsements, devices, sync and bundle."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from desk import issued, of_two_pages, ok
from http_client import Answer, call, get, post
from office import MemoryOffice

from chalicelib.endorsement.schemas import EndorsementBody
from chalicelib.endorsement.services.requests import TEXT_AT_MOST
from chalicelib.kernel.days import to_text
from chalicelib.kernel.rows import Key, Put
from chalicelib.offline.schemas import DeviceBody
from chalicelib.offline.services import devices
from chalicelib.offline.services.devices import NAME_AT_MOST
from chalicelib.permits.services import store

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def event(office: MemoryOffice, qr: str, **changes: Any) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "qr": qr, "post": "manas-airport", "direction": "export",
            "endorsed_at": to_text(office.now), "lines": [{"line": "A", "quantity": "2"}],
            "transport_document": "AWB 176-1", **changes}  # fmt: skip


def look(office: MemoryOffice, qr: str, **changes: Any) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "qr": qr, "post": "manas-airport", "direction": "export",
            "scanned_at": to_text(office.now), "goods_present": True, **changes}  # fmt: skip


def test_scan_returns_verdict_and_is_stored_once(office: MemoryOffice) -> None:
    qr = issued()["qr"]
    body = look(office, qr)
    found = ok(post("/v1/scans", body, token="aizada"))
    assert (found["outcome"], found["event_id"]) == ("accept", body["event_id"])
    assert ok(post("/v1/scans", body, token="aizada"))["outcome"] == "accept"
    answer = post("/v1/scans", {**body, "direction": "import"}, token="aizada")
    assert (answer.status, answer.slug) == (422, "event-id-reused")
    again = ok(post("/v1/scans", look(office, qr), token="aizada"))
    assert "U0" in [code["code"] for code in again["codes"]]


def test_typed_number_is_checked_as_scan_at_this_post(office: MemoryOffice) -> None:
    """A permit endorsed at another post is hold U1 here, by code and by number alike.

    A look-up without a post only asks to compare.
    """
    permit = issued()
    ok(post("/v1/endorsements", event(office, permit["qr"], post="torugart"), token="aizada"), 201)
    asked = {"number": permit["number"], "code": permit["check_code"]}
    scanned, keyed = look(office, permit["qr"]), {**look(office, ""), **asked}
    del keyed["qr"]
    by_code, by_number = (ok(post("/v1/scans", each, token="bekzat")) for each in (scanned, keyed))
    assert by_number["outcome"] == by_code["outcome"] == "hold"
    assert "U1" in [each["code"] for each in by_number["codes"]]
    assert ok(post("/v1/scans", keyed, token="bekzat"))["outcome"] == "hold"  # the same event again
    wrong = {**keyed, "event_id": str(uuid.uuid4()), "code": "AAAA-AAAA"}
    assert post("/v1/scans", wrong, token="bekzat").slug == "no-match"
    neither = {key: value for key, value in wrong.items() if key != "code"}
    refused = post("/v1/scans", neither, token="bekzat")
    assert (refused.slug, refused.json["errors"][0]["field"]) == (
        "invalid",
        "code",
    )  # without a check code only permits of the paper register are accepted


def test_scan_or_endorsement_at_other_officers_post_returns_403(office: MemoryOffice) -> None:
    permit = issued()
    assert post("/v1/scans", look(office, permit["qr"]), token="elsewhere").slug == "forbidden"
    assert post("/v1/endorsements", event(office, permit["qr"]), token="elsewhere").slug == "forbidden"


def test_endorsement_receipt_has_time_officer_lines_and_use(office: MemoryOffice) -> None:
    permit = issued()
    body = event(office, permit["qr"])
    receipt = ok(post("/v1/endorsements", body, token="aizada"), 201)
    assert {"event_id", "number", "kind", "post", "at", "officer", "lines", "state", "use"} <= set(receipt)
    assert receipt["at"] == body["endorsed_at"]
    assert (receipt["officer"], receipt["use"]) == ("Aizada", "exported")
    assert receipt["lines"] == [{"line": "A", "quantity": "2"}]


def test_repeated_refused_endorsement_returns_same_409(office: MemoryOffice) -> None:
    qr = issued()["qr"]
    ok(post("/v1/endorsements", event(office, qr), token="aizada"), 201)
    second = event(office, qr, post="osh-airport")
    first = post("/v1/endorsements", second, token="bekzat")
    assert (first.status, first.slug) == (409, "already-used")
    assert first.json["first_use"] == {
        "at": to_text(office.now), "post": "manas-airport", "lines": [{"line": "A", "quantity": "2"}],
    }  # fmt: skip
    written = office.register._writes
    again = post("/v1/endorsements", second, token="bekzat")
    assert (again.status, again.json["first_use"]) == (409, first.json["first_use"])
    other = post("/v1/endorsements", {**second, "transport_document": "another"}, token="bekzat")
    assert (other.status, other.slug) == (422, "event-id-reused")
    assert post("/v1/endorsements", second, token="aizada").slug == "event-id-reused"
    assert office.register._writes == written, "a refusal is kept once"


def test_endorsement_stored_as_conflict_by_sync_returns_409_with_undo(office: MemoryOffice) -> None:
    """The device's batch arrived before its own request. A response of 200 would report success to the officer."""
    qr = issued()["qr"]
    ok(post("/v1/endorsements", event(office, qr, post="osh-airport"), token="bekzat"), 201)
    second = event(office, qr)
    device = Device()
    (kept,) = ok(device.sync({"kind": "endorsement", **second}))["results"]
    assert kept["result"] == "conflict"
    answer = post("/v1/endorsements", second, token="aizada")
    assert (answer.status, answer.slug) == (409, "kept-as-conflict")
    assert answer.json["receipt"] == kept["receipt"]
    assert answer.json["undo"] == f"/v1/endorsements/{second['event_id']}/undo"
    assert "second use" in answer.json["detail"]
    undone = {"event_id": str(uuid.uuid4()), "reason": "goods still here"}
    assert ok(post(answer.json["undo"], undone, token="bekzat"))["undone"] == second["event_id"]


def test_unheard_event_is_accepted_by_sync_only(office: MemoryOffice) -> None:
    """`unheard`: the device did not receive the refusal. The use then counts as a conflict."""
    qr = issued()["qr"]
    ok(post("/v1/endorsements", event(office, qr, post="osh-airport"), token="bekzat"), 201)
    second = event(office, qr)
    assert post("/v1/endorsements", second, token="aizada").slug == "already-used"
    assert post("/v1/endorsements", {**second, "unheard": True}, token="aizada").slug == "invalid"
    batch = {"kind": "endorsement", **second}
    device = Device()
    (before,) = ok(device.sync(batch))["results"]  # an older scanner sends no `unheard`
    assert (before["result"], before["refused"]) == ("duplicate", True)
    (now,) = ok(device.sync({**batch, "unheard": True}))["results"]
    assert (now["result"], now["receipt"]["result"]) == ("conflict", "conflict")


def test_quantity_above_permitted_returns_422(office: MemoryOffice) -> None:
    answer = post("/v1/endorsements", event(office, issued()["qr"], lines=[{"line": "A", "quantity": "3"}]),
                  token="aizada")  # fmt: skip
    assert (answer.status, answer.slug) == (422, "quantity-exceeded")
    assert answer.json["lines"] == [{"line": "A", "permitted": "2"}]


def test_typed_number_covers_every_page_of_permit(office: MemoryOffice) -> None:
    permit = issued(**of_two_pages())
    body = {**look(office, ""), "number": permit["number"], "code": permit["check_code"]}
    del body["qr"]
    found = ok(post("/v1/scans", body, token="aizada"))
    assert (found["outcome"], len(found["permit"]["lines"])) == ("accept", 5)


def test_endorsement_by_number_and_check_code_is_accepted(office: MemoryOffice) -> None:
    permit = issued()
    body = event(office, "x", number=permit["number"], code=permit["check_code"], on_behalf_of="Ofitser at Dostuk")
    del body["qr"]
    assert ok(post("/v1/endorsements", body, token="aizada"), 201)["use"] == "exported"


def test_endorsement_of_suspended_permit_returns_409_with_s3(office: MemoryOffice) -> None:
    permit = issued()
    ok(post(f"/v1/permits/{permit['id']}/suspend", {"reason": "doubt"}, token="approver"))
    answer = post("/v1/endorsements", event(office, permit["qr"]), token="aizada")
    assert (answer.status, answer.slug, answer.json["codes"]) == (409, "not-usable", ["S3"])


def test_undo_requires_another_person_and_gives_u7(office: MemoryOffice) -> None:
    qr = issued()["qr"]
    body = event(office, qr)
    ok(post("/v1/endorsements", body, token="aizada"), 201)
    path = f"/v1/endorsements/{body['event_id']}/undo"
    undo = {"event_id": str(uuid.uuid4()), "reason": "goods still here"}
    answer = post(path, undo, token="aizada")
    assert (answer.status, answer.slug) == (403, "two-people")
    done = ok(post(path, undo, token="bekzat"))
    assert (done["undone"], done["use"]) == (body["event_id"], "unused")
    assert ok(post(path, undo, token="bekzat")) == done
    assert [each["uncounted"] for each in get("/v1/permits", token="approver").json["items"]] == ["withdrawn"]
    assert "U7" in [code["code"] for code in ok(post("/v1/verify", {"qr": qr}))["codes"]]


def test_photograph_of_earlier_release_is_listed_with_empty_name(office: MemoryOffice) -> None:
    body = event(office, issued()["qr"], recorded="paper")
    ok(post("/v1/endorsements", body, token="aizada"), 201)
    path = f"/v1/endorsements/{body['event_id']}"
    photo = ok(post(f"{path}/photo", data=PNG, content_type="image/png", token="aizada"), 201)
    row = office.register.get(Key(f"PHOTOS#{body['event_id']}", photo["sha256"]))
    assert row is not None
    unnamed = {name: each for name, each in row.data.items() if name != "by_name"}
    office.register.commit(Put(row.key, unnamed, expected_version=row.version))
    (kept,) = ok(get(f"{path}/photos", token="bekzat"))["items"]
    assert kept["by_name"] == ""  # the contract requires the member


def test_hand_stamped_endorsement_waits_for_second_person(office: MemoryOffice) -> None:
    made = issued()
    body = event(office, made["qr"], recorded="paper")
    assert ok(post("/v1/endorsements", body, token="aizada"), 201)["result"] == "pending"
    assert ok(get(f"/v1/permits/{made['id']}", token="approver"))["uncounted"] == "waiting"
    path = f"/v1/endorsements/{body['event_id']}"
    photo = ok(post(f"{path}/photo", data=PNG, content_type="image/png", token="aizada"), 201)
    assert ok(post(f"{path}/photo", data=PNG, content_type="image/png", token="aizada"), 201) == photo
    elsewhere = post(f"{path}/photo", data=PNG, content_type="image/png", token="elsewhere")
    assert (elsewhere.status, elsewhere.slug) == (403, "forbidden")
    assert post(f"{path}/photo", data=b"no", content_type="image/png", token="aizada").slug == "invalid"
    assert post(f"{path}/photo", data=PNG, content_type="application/pdf", token="aizada").status == 415
    (kept,) = ok(get(f"{path}/photos", token="bekzat"))["items"]  # for the second person to compare
    assert (kept["sha256"], kept["by_name"]) == (photo["sha256"], "Aizada")
    shown = call("GET", f"{path}/photos/{kept['sha256']}", token="bekzat", ACCEPT="image/jpeg")
    assert (shown.headers["content-type"], shown.body) == ("image/png", PNG)
    assert "photos" in ok(get(f"{path}/photos/{kept['sha256']}", token="approver"))["url"]
    for sight in (f"{path}/photos", f"{path}/photos/{kept['sha256']}"):
        assert get(sight, token="elsewhere").status == 403
    assert get(f"{path}/photos/{'0' * 64}", token="bekzat").slug == "no-match"
    assert post(f"{path}/confirm", token="aizada").slug == "two-people"
    assert ok(post(f"{path}/confirm", token="bekzat"))["result"] == "accepted"
    assert post("/v1/endorsements/4fd4a5f6-0f7e-4c44-9c3c-222222222222/confirm", token="bekzat").slug == "no-match"


def test_cleared_u5_is_marked_cleared_at_next_scan(office: MemoryOffice) -> None:
    qr = issued()["qr"]
    ok(post("/v1/endorsements", event(office, qr), token="aizada"), 201)
    body = look(office, qr)
    assert [c["code"] for c in ok(post("/v1/scans", body, token="bekzat"))["codes"]] == ["U5"]
    answer = post(f"/v1/scans/{body['event_id']}/resolve", {"code": "U9", "result": "cleared"}, token="bekzat")
    assert answer.slug == "invalid"
    ok(post(f"/v1/scans/{body['event_id']}/resolve", {"code": "U5", "result": "cleared", "reason": "the same"},
            token="bekzat"))  # fmt: skip
    found = ok(post("/v1/scans", look(office, qr), token="aizada"))
    assert [c.get("cleared") for c in found["codes"] if c["code"] == "U5"] == [True]


class Device:
    """Scanner with its own key."""

    def __init__(self, post_id: str = "manas-airport", token: str = "aizada") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.token = token
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.body = {"public_key": base64.b64encode(der).decode(), "post": post_id, "name": "Zebra 3"}
        self.id = ok(post("/v1/devices", self.body, token=token), 201)["device_id"]

    def sync(self, *events: dict[str, Any], **changes: Any) -> Answer:
        said = {"device_id": self.id, "events": list(events)}
        message = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(SHA256())))
        signature = base64.urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).decode().rstrip("=")
        return post("/v1/sync", {**said, "signature": signature, **changes}, token=self.token)


def test_same_public_key_registers_same_device(office: MemoryOffice) -> None:
    device = Device()
    assert ok(post("/v1/devices", device.body, token="bekzat"), 201)["device_id"] == device.id
    assert post("/v1/devices", {**device.body, "public_key": "AAAA"}, token="aizada").slug == "invalid"
    assert post("/v1/devices", {**device.body, "post": "torugart"}, token="aizada").slug == "forbidden"


def test_sync_returns_one_result_per_event(office: MemoryOffice) -> None:
    one, other = issued()["qr"], issued()["qr"]
    device = Device()
    good = {"kind": "endorsement", **event(office, one)}
    scan = {"kind": "scan", **look(office, other)}
    bad = {"kind": "endorsement", "event_id": "broken"}
    odd = {"kind": "dance", "event_id": "e"}
    forged = {"kind": "endorsement", **event(office, other[:-1] + str((int(other[-1]) + 1) % 10))}
    results = ok(device.sync(good, bad, scan, odd, forged))["results"]
    assert [r["result"] for r in results] == ["stored", "rejected", "stored", "rejected", "rejected"]
    assert results[0]["event_id"] == good["event_id"]
    assert [r.get("problem") for r in results] == [None, "invalid", None, "invalid", "not-genuine"]
    again = ok(device.sync(good))["results"]
    assert [(r["result"], r["receipt"]["at"]) for r in again] == [("duplicate", to_text(office.now))]


def test_events_of_lost_device_are_quarantined_and_not_counted(office: MemoryOffice) -> None:
    device = Device()
    assert ok(post(f"/v1/devices/{device.id}/revoke", {}, token="bekzat"))["revoked"] is True
    assert ok(post(f"/v1/devices/{device.id}/revoke", {}, token="bekzat"))["revoked"] is True
    permit = issued()
    said = event(office, permit["qr"])
    broken = {"kind": "endorsement", "event_id": "broken"}
    answers = ok(device.sync({"kind": "endorsement", **said}, broken))["results"]
    told = [(each["result"], each["problem"], each.get("kept")) for each in answers]
    assert told == [
        ("rejected", "forbidden", True),
        ("rejected", "invalid", None),
    ]  # unreadable events are not quarantined
    looked = ok(get(f"/v1/devices/{device.id}/kept", token="a-auditor"))
    assert looked == {"cursor": None, "items": [{
        "event_id": said["event_id"], "kind": "endorsement", "at": said["endorsed_at"], "post": "manas-airport",
        "direction": "export", "officer": "Aizada", "brought_by": "Aizada", "received_at": to_text(office.now),
        "reason": "The device was reported lost before it sent this.", "issuer": "KG", "number": permit["number"],
        "lines": said["lines"], "transport_document": said["transport_document"],
    }]}  # fmt: skip
    assert get(f"/v1/devices/{device.id}/kept", token="elsewhere").slug == "forbidden"
    assert get("/v1/devices/unknown/kept", token="a-auditor").slug == "no-match"
    page = ok(get("/v1/devices", token="a-auditor", query={"post": "manas-airport"}))
    assert [each["steps"] for each in page["items"]] == [["kept"]]
    seen = ok(get(f"/v1/permits/{permit['id']}", token="approver"))
    assert seen["use"] == "unused"


def test_device_list_shows_time_and_sender_of_last_sync(office: MemoryOffice) -> None:
    quiet, busy = Device(), Device(token="bekzat")
    office.now += 60
    ok(busy.sync({"kind": "scan", **look(office, issued()["qr"])}, more=True))
    ok(quiet.sync(alive=True))  # online, with nothing to send
    office.now += 60
    ok(post(f"/v1/devices/{quiet.id}/revoke", {}, token="bekzat"))
    page = ok(get("/v1/devices", token="aizada", query={"post": "manas-airport"}))
    found = {each["device_id"]: each for each in page["items"]}
    begun, begun_later = to_text(office.now - 120), to_text(office.now - 60)
    same = {"post": "manas-airport", "name": "Zebra 3", "registered_at": begun}
    assert found == {
        quiet.id: {
            **same, "device_id": quiet.id, "registered_by": "Aizada", "synced_at": None, "synced_by": "",
            "heard_at": begun_later, "heard_by": "Aizada",
            "sending": False, "revoked": True, "revoked_at": to_text(office.now), "revoked_by": "Bekzat", "steps": [],
        },
        busy.id: {
            **same, "device_id": busy.id, "registered_by": "Bekzat", "synced_at": begun, "synced_by": "Bekzat",
            "heard_at": begun_later, "heard_by": "Bekzat",
            "sending": True, "revoked": False, "revoked_at": None, "revoked_by": "", "steps": ["revoke"],
        },
    }  # fmt: skip
    assert page["cursor"] is None
    assert ok(get("/v1/devices", token="aizada", query={"post": "torugart"}))["items"] == []
    assert get("/v1/devices", token="elsewhere", query={"post": "manas-airport"}).slug == "forbidden"
    assert get("/v1/devices", token="aizada", query={"post": "nowhere"}).slug == "invalid"
    assert get("/v1/devices", token="aizada").slug == "invalid"


def test_device_list_pages_contain_each_device_once(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "LISTED", 2)
    made = {Device().id for _ in range(5)}
    listed: list[str] = []
    cursor = ""
    for size in (2, 2, 1):
        query = {"post": "manas-airport", **({"cursor": cursor} if cursor else {})}
        page = ok(get("/v1/devices", token="aizada", query=query))
        assert len(page["items"]) == size
        listed += [each["device_id"] for each in page["items"]]
        cursor = page["cursor"]
    assert cursor is None
    assert (len(listed), set(listed)) == (5, made)


def test_backlog_sent_in_two_batches_is_not_late(office: MemoryOffice) -> None:
    first, second = issued()["qr"], issued()["qr"]
    device = Device()
    office.later(3 * 86400)
    early = {"kind": "endorsement", **event(office, first, endorsed_at=to_text(office.now - 2 * 86400))}
    other = {"kind": "endorsement", **event(office, second, endorsed_at=to_text(office.now - 86400))}
    assert ok(device.sync(early, more=True))["results"][0]["result"] == "stored"
    assert ok(device.sync(other))["results"][0]["result"] == "stored"
    third = {"kind": "endorsement", **event(office, issued()["qr"], endorsed_at=to_text(office.now - 86400))}
    office.later(60)
    assert ok(device.sync(third))["results"][0]["result"] == "conflict"


def test_second_use_made_offline_is_conflict_and_gives_u4(office: MemoryOffice) -> None:
    qr = issued()["qr"]
    ok(post("/v1/endorsements", event(office, qr), token="aizada"), 201)
    device = Device("osh-airport", "bekzat")
    late = {"kind": "endorsement", **event(office, qr, post="osh-airport", transport_document="other")}
    assert [r["result"] for r in ok(device.sync(late))["results"]] == ["conflict"]
    found = ok(post("/v1/verify", {"qr": qr}))
    assert found["outcome"] == "hold"
    assert "U4" in [code["code"] for code in found["codes"]]


def test_event_of_another_officer_is_stored_under_that_officer(office: MemoryOffice) -> None:
    qr = issued()["qr"]
    device = Device()
    theirs = {"kind": "endorsement", "officer": "u-bekzat", **event(office, qr)}
    assert ok(device.sync(theirs))["results"][0]["receipt"]["officer"] == "Bekzat"
    stranger = {"kind": "endorsement", "officer": "u-nobody", **event(office, issued()["qr"])}
    assert (
        ok(device.sync(stranger))["results"][0]["receipt"]["result"] == "pending"
    )  # unknown officer: the use waits for a second officer


@pytest.mark.parametrize("changes", [
    {"signature": "AAAA"}, {"signature": "A" * 86}, {"device_id": "nobody"}, {"events": []},
], ids=str)  # fmt: skip
def test_sync_with_wrong_signature_or_device_returns_403(office: MemoryOffice, changes: dict[str, Any]) -> None:
    device = Device()
    scan = {"kind": "scan", **look(office, issued()["qr"])}
    answer = device.sync(scan, **changes)
    assert (answer.status, answer.slug) == (403, "forbidden")


def test_undo_made_offline_is_stored(office: MemoryOffice) -> None:
    qr = issued()["qr"]
    body = event(office, qr)
    ok(post("/v1/endorsements", body, token="aizada"), 201)
    device = Device(token="bekzat")
    undo = {"kind": "undo", "event_id": str(uuid.uuid4()), "endorsement": body["event_id"], "reason": "entry error"}
    assert [r["result"] for r in ok(device.sync(undo))["results"]] == ["stored"]


def test_unchanged_bundle_returns_304(office: MemoryOffice) -> None:
    permit = issued()
    answer = get("/v1/bundle", token="aizada")
    bundle = ok(answer)
    assert base64.b64decode(bundle["trust_list"]) == office.static.read("trust-list")[0]
    assert "manas-airport" in [place["id"] for place in bundle["posts"]]
    again = get("/v1/bundle", token="aizada", IF_NONE_MATCH=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    ok(post("/v1/endorsements", event(office, permit["qr"]), token="aizada"), 201)
    office.later(60)
    assert get("/v1/bundle", token="aizada", IF_NONE_MATCH=answer.headers["etag"]).status == 200


def test_maximum_lengths_in_contract_match_the_service() -> None:
    endorsed = EndorsementBody.model_json_schema()["properties"]
    assert endorsed["transport_document"]["maxLength"] == TEXT_AT_MOST
    for name in ("customs_document", "on_behalf_of"):
        assert endorsed[name]["anyOf"][0]["maxLength"] == TEXT_AT_MOST
    assert DeviceBody.model_json_schema()["properties"]["name"]["anyOf"][0]["maxLength"] == NAME_AT_MOST


def test_request_of_lost_device_returns_403(office: MemoryOffice) -> None:
    """The officer's token does not matter, because the scanner names its device in each request."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    made = ok(post("/v1/devices", {"public_key": spki, "post": "manas-airport", "name": "1"}, token="aizada"), 201)
    named = {"TAMGA_DEVICE": made["device_id"]}
    qr = issued()["qr"]
    assert post("/v1/scans", look(office, qr), token="aizada", **named).status == 200
    ok(post(f"/v1/devices/{made['device_id']}/revoke", {}, token="bekzat"))
    asked = (
        ("POST", "/v1/scans", look(office, qr)), ("POST", "/v1/endorsements", event(office, qr)),
        ("GET", "/v1/bundle", None),
    )  # fmt: skip
    for method, path, body in asked:
        answer = call(method, path, body, token="aizada", **named)
        assert (answer.status, answer.slug) == (403, "lost-device"), path
    assert ok(get("/v1/me", token="aizada", **named))  # stored events can still be sent, for investigation
    assert post("/v1/scans", look(office, qr), token="aizada", TAMGA_DEVICE="unknown").status == 200


def test_scan_is_stored_when_concurrent_scan_raises_same_alert(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = issued()
    ok(post(f"/v1/permits/{made['id']}/lost", {"reason": "Left in a taxi.", "how": "stolen"}, token="preparer"))
    quicker, commit = look(office, made["qr"]), office.register.commit

    def second(*puts: Any) -> None:
        if any(put.key.partition.startswith("ALERT-LAST#") for put in puts):
            monkeypatch.setattr(office.register, "commit", commit)
            ok(post("/v1/scans", quicker, token="bekzat"))
        commit(*puts)

    monkeypatch.setattr(office.register, "commit", second)
    body = look(office, made["qr"])
    assert ok(post("/v1/scans", body, token="aizada"))["outcome"] == "hold"
    for each in (body, quicker):
        assert office.register.get(store.event_key(each["event_id"])) is not None
