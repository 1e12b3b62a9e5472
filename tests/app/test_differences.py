"""A difference between register and status list (T8) over HTTP: shown to the ministry, hidden from the exporter."""

from __future__ import annotations

from typing import Any

from desk import issued, ok
from http_client import call, get, post
from office import MemoryOffice
from test_matrix import endorsement_body

from chalicelib.kernel.rows import Put
from chalicelib.permits.services import store


def differing(office: MemoryOffice) -> dict[str, Any]:
    """Issue and use a permit, publish its status list, then remove the use from its row."""
    permit = issued("applicant")
    ok(post("/v1/endorsements", endorsement_body(permit), token="aizada"), 201)
    office.publish_here(store.load(office.register, permit["id"]).status_uri or "")
    office.later(61)  # the service reads its own list once a minute
    row = office.register.get(store.dossier_key(permit["id"]))
    assert row is not None
    data = {**row.data, "uses": [], "version": row.version + 1}
    office.register.commit(Put(row.key, data, expected_version=row.version))
    return permit


def test_exporter_sees_neither_difference_nor_settlement(office: MemoryOffice) -> None:
    path = f"/v1/permits/{differing(office)['id']}"
    assert ok(get(path, token="preparer"))["difference"]["value"] == 3
    assert ok(get(path, token="applicant"))["difference"] is None
    for token in ("approver", "a-admin"):
        body = {"choice": "restore", "reason": "Compared with the book of the post."}
        ok(call("POST", f"{path}/difference", body, token=token))
    whole, own = (
        [each["action"] for each in ok(get(f"{path}/history", token=token))["items"]]
        for token in ("preparer", "applicant")
    )
    assert whole == [*own, "settled"]
