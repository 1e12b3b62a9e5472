"""Another Party's permit of several pages whose pages are uploaded one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from border import Phone, event, from_kazakhstan, lines, new_uuid, with_kazakhstan
from life import endorsement
from office import AIZADA, MemoryOffice

from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import TokenLine
from chalicelib.uses.use import PermittedAmount
from chalicelib.verification.services.accounts import UseAccount, account_of

QUANTITIES = ("2", "3", "4")
RECORD = bytes(16)


def pages(office: MemoryOffice, digest: bytes = RECORD) -> list[str]:
    """The codes of a permit of three pages, one line each."""
    return [
        from_kazakhstan(
            office, cti=bytes([n]) * 16, page=(n, 3), record_digest=digest,
            lines=(TokenLine("Falco cherrug", 2, "W", "LIV", quantity),),
        )[1]
        for n, quantity in enumerate(QUANTITIES, 1)
    ]  # fmt: skip


class Border:
    """A phone at Manas that endorses imports offline."""

    def __init__(self, office: MemoryOffice, permit: Dossier) -> None:
        self.office, self.permit = office, permit
        self.checker, self.phone = with_kazakhstan(office), Phone(office)

    def imports(self, *codes: str, quantities: tuple[str, ...], **changes: Any) -> str:
        asked = endorsement(
            self.office, self.permit, qr=codes[0], other_pages=codes[1:], direction="import", event_id=new_uuid(),
            lines=lines(*quantities), **changes,
        )  # fmt: skip
        (answer,) = self.phone.sync(event(asked, AIZADA), checker=self.checker)
        return str(answer["result"])

    @property
    def account(self) -> UseAccount:
        return account_of("KZ", "26KZ000007/E", self.office)


@pytest.fixture
def border(office: MemoryOffice, permit: Dossier) -> Border:
    return Border(office, permit)


def test_pages_of_later_events_are_merged(office: MemoryOffice, border: Border) -> None:
    one, two, three = pages(office)
    assert border.imports(one, quantities=("1",)) == "stored"
    assert border.account.allowed == {"A": PermittedAmount("2")}
    assert not border.account.seen.complete
    office.later(13 * 3600)
    border.imports(two, three, one, quantities=("1", "1", "1"))
    assert border.account.allowed == {"A": PermittedAmount("2"), "B": PermittedAmount("3"), "C": PermittedAmount("4")}
    assert border.account.seen.complete
    assert [line["quantity"] for line in border.account.signed["lines"]] == list(QUANTITIES)
    office.later(13 * 3600)
    assert border.imports(one, quantities=("1",)) != "rejected"  # a page shown alone has its own lines only
    assert len(border.account.allowed) == 3


def test_nothing_is_divisible_until_all_pages_were_seen(office: MemoryOffice, border: Border) -> None:
    one, _, _ = pages(office)
    assert border.imports(one, quantities=("1",)) == "stored"
    office.later(13 * 3600)
    assert border.imports(one, quantities=("1",)) == "conflict"
    office.later(13 * 3600)
    assert border.account.divisible(border.account.uses[0]) == {}


def test_parts_are_stored_when_all_pages_were_seen(office: MemoryOffice, border: Border) -> None:
    one, two, three = pages(office)
    assert border.imports(one, two, three, quantities=("1", "1", "1")) == "stored"
    office.later(13 * 3600)
    assert border.imports(one, two, three, quantities=("1", "2", "3")) == "stored"


def test_page_of_other_record_is_not_merged(office: MemoryOffice, border: Border) -> None:
    (one, _, _), (_, two, _) = pages(office), pages(office, digest=bytes([7]) * 16)
    assert border.imports(one, quantities=("1",)) == "stored"
    office.later(13 * 3600)
    border.imports(two, quantities=("1",))
    assert border.account.allowed == {"A": PermittedAmount("2")}


def test_row_of_previous_release_takes_pages_shown_now(office: MemoryOffice, border: Border) -> None:
    """c70afb0 stored the quantities that the first event's pages allowed, but not the page numbers."""
    one, two, three = pages(office)
    border.imports(one, quantities=("1",))
    key = Key("FOREIGN#KZ", "26KZ000007/E")
    row = office.register.get(key)
    assert row is not None
    old = {name: value for name, value in row.data.items() if name != "pages"}
    office.register.commit(Put(key, old, expected_version=row.version))
    office.later(13 * 3600)
    border.imports(one, two, three, quantities=("1", "3", "4"))
    assert len(border.account.allowed) == 3
    assert border.account.seen.complete
