"""Whether dossier, status row, published list and history of our permits agree: each difference by name.

1 row: there, of this permit, with the value that the dossier has
2 list: no value that the dossier neither confirms nor explains; signed after the last change, the very value
3 history: goes as far as the dossier, and every use that it names is there

COMPARISON  RUN  where the sweep goes on; every permit has its turn within a day or two. A row of c70afb0 that names no
permit gets its permit's id at its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.core import list_check
from chalicelib.core.dossier import Dossier, confirmed, lowered_at, status_value
from chalicelib.core.lifecycle import ISSUED_ONCE
from chalicelib.core.status_list import ENTRIES, StatusList
from chalicelib.ports import Conflict, Key, PermitRegister, Put
from chalicelib.services import store

PAGE = 100  # permits that a sweep compares: 28,800 a day
RUN = Key("COMPARISON", "RUN")

Lists = Callable[[str], StatusList | None]  # address -> our list as it is published


@dataclass(frozen=True, slots=True)
class Difference:
    """`words`: which of the four differ, and how."""

    permit_id: str
    number: str
    words: str


def sweep(*, register: PermitRegister, lists: Lists, report: Callable[[Difference], None]) -> int:
    """Compare the next PAGE permits; how many differences were reported."""
    run = register.get(RUN)
    rows, cursor = register.search("shelf", store.SHELF, cursor=run.data["cursor"] if run else None, limit=PAGE)
    found = [each for row in rows for each in compared(store.load_row(row.data).id, register=register, lists=lists)]
    for difference in found:
        report(difference)
    for row in rows:
        _name_entry(store.load_row(row.data), register)
    with suppress(Conflict):  # another sweep goes on
        register.commit(Put(RUN, {"cursor": cursor}, expect=run.version if run else 0))
    return len(found)


def everything(*, register: PermitRegister, lists: Lists) -> Iterator[Difference]:
    """The differences of every permit. The index only finds candidates, each row is read consistently."""
    cursor: str | None = None
    while True:
        rows, cursor = register.search("shelf", store.SHELF, cursor=cursor, limit=PAGE)
        for row in rows:
            yield from compared(store.load_row(row.data).id, register=register, lists=lists)
        if cursor is None:
            return


def compared(permit_id: str, *, register: PermitRegister, lists: Lists) -> list[Difference]:
    """The differences of one permit; none of one that changes meanwhile."""
    dossier = store.load(register, permit_id)
    if dossier.state not in ISSUED_ONCE or dossier.legacy:
        return []
    found = [Difference(dossier.id, dossier.number or "", words) for words in _words(dossier, register, lists)]
    return found if found and store.load(register, permit_id).version == dossier.version else []


def _words(dossier: Dossier, register: PermitRegister, lists: Lists) -> Iterator[str]:
    uri, index, value = dossier.status_uri or "", dossier.status_idx or 0, status_value(dossier)
    row = register.get(store.status_key(uri, index))  # 1
    if row is None:
        yield "status row: there is none"
    elif row.data.get("permit_id", dossier.id) != dossier.id:
        yield "status row: it is another permit's"
    elif row.data["value"] != value:
        yield f"status row has {row.data['value']}, dossier {value}"
    history = register.query(f"PERMIT#{dossier.id}", start="HISTORY#", stop="HISTORY$")
    last = history[-1] if history else None
    listed = lists(uri)  # 2
    if listed is not None and index < ENTRIES:
        published = listed.value(index)
        settled = last is not None and last.data["at"] < listed.issued_at - list_check.BEFORE_LIST
        more = list_check.unexplained(published, confirmed(dossier), lowered_at(dossier), listed.issued_at)
        if more or (settled and published != value):
            yield f"list has {published}, dossier {value}"
    if last is None or int(last.key.sort[8:16]) != dossier.version or last.data["to"] != dossier.state:  # 3
        yield "history does not end with the dossier's version and state"
    here = {use.event_id for use in dossier.uses}
    named = [each.data["detail"] for each in history if each.data["action"] in {"endorse", "sync"}]
    gone = [each["event_id"] for each in named if "of" not in each and each.get("event_id") not in here]
    if gone:
        yield f"history names uses that the dossier has not: {', '.join(gone)}"


def _name_entry(dossier: Dossier, register: PermitRegister) -> None:
    """Write the permit's id into its status row, where the release before left it out."""
    if dossier.state not in ISSUED_ONCE or dossier.status_uri is None or dossier.status_idx is None:
        return
    row = register.get(store.status_key(dossier.status_uri, dossier.status_idx))
    if row is None or "permit_id" in row.data:
        return
    with suppress(Conflict):  # it was written meanwhile, with the id
        register.commit(Put(row.key, {**row.data, "permit_id": dossier.id}, expect=row.version))
