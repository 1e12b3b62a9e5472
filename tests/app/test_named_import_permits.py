"""Our import permits named on foreign papers of Appendix I: looked up in the register, with remarks and alerts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import border
import pytest
from desk import ok
from enforcing import LINE, USE, correction, paper
from http_client import call, get, post
from kinds import APPLICATIONS, BISHKEK_ZOO
from life import SAKER, issued
from office import DAY, MemoryOffice

from chalicelib.offline.schemas import synced
from chalicelib.offline.services import sync
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import Party

HONEST = Party("Honest Zoo", "1 Chuy, Bishkek", "KG")
LEOPARD = {**LINE, "scientific_name": "Uncia uncia", "source": "W", "marks": "chip 7"}  # a synonym


def ours(office: MemoryOffice, species: str = "Panthera uncia", kind: str = "I", **changes: Any) -> Dossier:
    line = replace(SAKER, scientific_name=species, source="W" if kind == "I" else "C", marks="chip 7")
    importer = {"importer": BISHKEK_ZOO} if kind == "I" else {}
    return issued(office, replace(APPLICATIONS[kind], purpose="Z", lines=(line,), **(importer | changes)))


def naming(number: str, country: str | None = "KG", **changes: Any) -> dict[str, Any]:
    named = {"number": number, **({"country": country} if country else {})}
    return paper(**({"permit": {"lines": [LEOPARD], "import_permit": named}} | changes))


def recorded(number: str, **changes: Any) -> Any:
    return ok(post("/v1/foreign-permits", naming(number, **changes), token="aizada"), 201)


def held() -> list[list[str]]:
    return [each["codes"] for each in ok(get("/v1/alerts", token="a-enforcement"))["items"]]


def used(office: MemoryOffice, permit: Dossier, where: str = "manas-airport", **changes: Any) -> None:
    border.endorse(office, permit, post=where, direction="import", transport_document="CMR 1187", **changes)


def unknown(office: MemoryOffice) -> str:
    return "26KG999999/I"


def junk(office: MemoryOffice) -> str:
    return "applied for"


def another_kind(office: MemoryOffice) -> str:
    return str(ours(office, "Falco cherrug", "E").number)


def suspended(office: MemoryOffice) -> str:
    permit = ours(office)
    border.move(office, permit, "suspended")
    return str(permit.number)


def expired(office: MemoryOffice) -> str:
    permit = ours(office)
    assert permit.expires_at
    office.later(permit.expires_at - office.now)
    return str(permit.number)


def used_before(office: MemoryOffice) -> str:
    permit = ours(office)
    used(office, permit)
    office.later(4 * DAY)
    return str(permit.number)


def used_elsewhere(office: MemoryOffice) -> str:
    permit = ours(office)
    used(office, permit)
    return str(permit.number)


def other_species(office: MemoryOffice) -> str:
    return str(ours(office, "Falco cherrug").number)


def other_importer(office: MemoryOffice) -> str:
    return str(ours(office, importer=HONEST).number)


WRONG: dict[str, tuple[Callable[[MemoryOffice], str], str]] = {
    "no such number": (unknown, "unknown"), "no number at all": (junk, "unknown"),
    "an export permit": (another_kind, "other_kind"),
    "suspended": (suspended, "not_valid"), "expired": (expired, "not_valid"), "used before": (used_before, "used"),
    "used at another post": (used_elsewhere, "used"), "for other goods": (other_species, "other_goods"),
    "for another importer": (other_importer, "other_importer"),
}  # fmt: skip


@pytest.mark.parametrize(("made", "what"), WRONG.values(), ids=WRONG)
def test_unusable_import_permit_gives_remark_and_alert_and_paper_is_stored(
    office: MemoryOffice, made: Callable[[MemoryOffice], str], what: str
) -> None:
    told = recorded(made(office))
    assert f"import_permit_{what}" in told["remarks"]
    assert (told["flagged"], held()) == (True, [[f"import_permit_{what}"]])
    entry = ok(get("/v1/foreign-permits", token="aizada"))["items"][0]
    assert (entry["flagged"], entry["remarks"][0]) == (True, f"import_permit_{what}")


def test_paper_for_another_importer_is_endorsed_with_remark_and_alert(office: MemoryOffice) -> None:
    """As for goods of another species, the remark refuses nothing: the officer and the duty desk compare the names."""
    permit = ours(office, importer=HONEST)
    made = recorded(str(permit.number), endorsed=USE)
    assert (made["state"], made["remarks"], made["import_permit_use"]["result"]) == (
        "endorsed", ["import_permit_other_importer"], "accepted")  # fmt: skip
    assert made["permit"]["importer"]["name"] == "Bishkek Zoo"
    assert made["import_permit_importer"] == {"name": "Honest Zoo", "country": "KG"}
    assert held() == [["import_permit_other_importer"]]
    for reader in ("preparer", "a-enforcement"):
        read = ok(get(f"/v1/foreign-permits/{made['id']}", token=reader))
        assert read["import_permit_importer"] == {"name": "Honest Zoo", "country": "KG"}


@pytest.mark.parametrize(
    ("name", "remarks"),
    [("HONEST ZOO", []), ("“Honest-Zoo”", []), ("Honest Zoo LLC", ["import_permit_other_importer"]),
     (None, ["import_permit_other_importer"])],
)  # fmt: skip
def test_importer_on_paper_is_compared_without_case_and_punctuation(
    office: MemoryOffice, name: str | None, remarks: list[str]
) -> None:
    number = str(ours(office, importer=HONEST).number)
    content = naming(number)["permit"]
    made = recorded(number, permit={**content, "importer": {**({"name": name} if name else {}), "country": "KG"}})
    assert made["remarks"] == remarks


def test_importer_shown_to_officer_has_no_address(office: MemoryOffice) -> None:
    """Officers see name and country, as in a verdict. The look-up is for those who record foreign papers only."""
    query = {"number": other_importer(office)}
    path = "/v1/foreign-permits/import-permit"
    shown = ok(get(path, token="aizada", query=query))
    assert shown["importer"] == {"name": "Honest Zoo", "country": "KG"}
    assert get(path, token="preparer", query=query).status == 403
    assert get(path, query=query).status == 401


def test_paper_naming_no_permit_of_ours_shows_no_importer(office: MemoryOffice) -> None:
    assert recorded("26KG999999/I")["import_permit_importer"] is None


def test_matching_import_permit_gives_no_remark_before_or_after_use(office: MemoryOffice) -> None:
    permit = ours(office)
    made = recorded(str(permit.number), post="manas-airport", country=None)
    assert (made["remarks"], made["flagged"]) == ([], False)
    used(office, permit)
    one = f"/v1/foreign-permits/{made['id']}"
    assert ok(post(f"{one}/endorse", USE, token="aizada"))["remarks"] == []
    office.later(60 * DAY)
    border.move(office, permit, "suspended")
    assert (
        ok(get(one, token="aizada"))["remarks"] == []
    )  # a later state of the import permit does not concern these goods
    assert held() == []


def test_later_use_of_import_permit_gives_no_remark_on_earlier_paper(office: MemoryOffice) -> None:
    permit = ours(office)
    made = recorded(str(permit.number))
    office.later(10 * DAY)
    used(office, permit)
    assert ok(get(f"/v1/foreign-permits/{made['id']}", token="aizada"))["remarks"] == []


def test_later_part_under_same_waybill_is_covered_by_import_permit(office: MemoryOffice) -> None:
    permit = ours(office)
    used(office, permit, lines=border.lines("1"))
    office.later(4 * DAY)
    refused = post("/v1/foreign-permits", naming(str(permit.number), endorsed={**USE, "transport_document": "CMR 2"}),
                   token="aizada")  # fmt: skip
    assert (refused.slug, refused.json["codes"]) == ("not-usable", ["import_permit_used"])
    made = recorded(str(permit.number), endorsed={**USE, "transport_document": "CMR 1187"})
    assert made["remarks"] == []


def test_import_permit_revoked_before_endorsement_gives_remark(office: MemoryOffice) -> None:
    permit = ours(office)
    made = recorded(str(permit.number))
    assert held() == []
    border.move(office, permit, "revoked")
    done = ok(post(f"/v1/foreign-permits/{made['id']}/endorse", USE, token="aizada"))
    assert (done["state"], done["remarks"], held()) == (
        "endorsed", ["import_permit_not_valid"], [["import_permit_not_valid"]])  # fmt: skip


def test_corrected_import_permit_number_is_looked_up(office: MemoryOffice) -> None:
    made = recorded(str(ours(office).number))
    wrong = {"lines": [LEOPARD], "import_permit": {"number": "26KG999999/I", "country": "KG"}}
    one = f"/v1/foreign-permits/{made['id']}"
    told = ok(call("PUT", one, correction(made, permit=wrong), token="aizada"))
    assert (told["remarks"], held()) == (["import_permit_unknown"], [["import_permit_unknown"]])


@pytest.mark.parametrize("named", [{"number": "DE-7", "country": "DE"}, {"country": "KG"}])
def test_paper_naming_no_permit_of_ours_gives_no_import_permit_remark(
    office: MemoryOffice, named: dict[str, str]
) -> None:
    made = recorded("", permit={"lines": [LEOPARD], "import_permit": named})
    assert (made["remarks"], made["flagged"]) == (["no_import_permit"], False)


def test_goods_in_transit_need_no_import_permit(office: MemoryOffice) -> None:
    assert recorded("26KG999999/I", direction="transit")["remarks"] == []


def test_offline_paper_with_unknown_import_permit_is_stored_with_remark(office: MemoryOffice) -> None:
    phone = border.Phone(office, "dostuk")
    event = {**naming("26KG999999/I", endorsed=USE), "kind": "foreign_permit"}
    (answer,) = sync.sync(phone.batch([event]), synced, phone.actor, office, person=border.PEOPLE.__getitem__)
    assert (answer["result"], answer["remarks"], held()) == (
        "stored", ["import_permit_unknown"], [["import_permit_unknown"]])  # fmt: skip


def test_locked_restored_register_gives_no_remark(office: MemoryOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    made = recorded("26KG999999/I")
    monkeypatch.setattr("chalicelib.verification.services.import_permits.is_locked", lambda register: True)
    assert ok(get(f"/v1/foreign-permits/{made['id']}", token="aizada"))["remarks"] == []
