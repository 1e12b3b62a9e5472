"""Records of another Party's papers without a code that we can check: storage, look-up, remarks.

FOREIGN-PAPER#<id>       RECORD             content of the paper, endorsement, answers of the issuer
                         HISTORY#<version>  who did what when
FOREIGN-NUMBER#<country> <identity>         uses of papers of this number, in any spelling (foreign_numbers.py)
EVENT#<id>               -                  the request that made the record (the id is the officer's event id)
PHOTOS#<id>              <sha256>           photographs of the paper (endorsement/services/photographs.py)

`used_since` lists other Parties' documents for the pattern rules, used here by code, or recorded from paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

from pydantic import TypeAdapter

from chalicelib.kernel.errors import NoMatch, UnreadableRow
from chalicelib.kernel.numbers import identity
from chalicelib.kernel.roles import ENFORCEMENT, MINISTRY, Actor
from chalicelib.kernel.rows import Key, Put, Row, RowData
from chalicelib.patterns.window import ForeignDocument
from chalicelib.permits.services import store
from chalicelib.platform.country_folder import DUTY_POST
from chalicelib.platform.deps import PermitRegister
from chalicelib.platform.readable import decoded, log_row, readable
from chalicelib.record.permit import from_record
from chalicelib.uses.use import Use
from chalicelib.verification.model.foreign_permit import ForeignPermit, remarks, used_twice
from chalicelib.verification.services import import_permits
from chalicelib.verification.services.foreign_numbers import BY_CODE, ForeignNumber, number_of, numbers_of
from chalicelib.verification.services.verify import VerifyDeps

SHELF = "foreign-permits"

PAGE = 50


@cache
def _paper() -> TypeAdapter[ForeignPermit]:
    return TypeAdapter(ForeignPermit)


@dataclass(frozen=True, slots=True)
class RemarkedPaper:
    """A paper with its remarks, and everything known of its number."""

    paper: ForeignPermit
    remarks: tuple[str, ...]
    number: ForeignNumber


def record_key(paper_id: str) -> Key:
    return Key(f"FOREIGN-PAPER#{paper_id}", "RECORD")


def load(paper_id: str, register: PermitRegister) -> ForeignPermit:
    row = register.get(record_key(paper_id))
    if row is None:
        raise NoMatch("No such record of a foreign permit.")
    return _read(row)


def _read(row: Row) -> ForeignPermit:
    """The paper of a row. Raises `UnreadableRow`, also for an endorsement with an unknown direction or result."""
    paper = decoded(_paper(), row.data, row.key)
    try:
        _ = paper.use
    except ValueError:
        raise UnreadableRow(f"{row.key.partition}/{row.key.sort}") from None
    return paper


def puts(paper: ForeignPermit, actor: Actor, now: int, action: str, detail: RowData | None = None) -> tuple[Put, Put]:
    """Return the writes of a paper: its record and a row of its history.

    `paper` has the new version. The commit fails if the stored record does not have the version before it.
    """
    data = _paper().dump_python(paper, mode="json", exclude_defaults=True)
    entry = {"at": now, "by": actor.id, "by_name": actor.name, "action": action, "detail": dict(detail or {})}
    index = {"shelf": SHELF, "owner": f"foreign-permits#{paper.post}"}
    return (
        Put(record_key(paper.id), data, expected_version=paper.version - 1, index=index),
        Put(Key(f"FOREIGN-PAPER#{paper.id}", f"HISTORY#{paper.version:08d}"), entry, expected_version=0),
    )


def content(paper: ForeignPermit) -> RowData:
    """Content of a paper as flat members, under the names of the API: `permit.lines[0].quantity`, `sealed`.

    Its endorsement is one member, `endorsed`, and is not flattened.
    """
    data = _paper().dump_python(paper, mode="json", exclude_defaults=True)
    read = {name: data.get(name) for name in ("direction", "issuer", "number", "issued_on", "note")}
    return dict(_flat({**read, "sealed": paper.sealed, "permit": data["record"]}, "")) | (
        {"endorsed": data["endorsed"]} if paper.endorsed else {}
    )


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _flat(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _flat(each, f"{path}[{index}]")
    elif value not in (None, ""):
        yield path, value


def may_edit(actor: Actor, post: str) -> bool:
    """True if the actor works with papers of this post.

    Officers work with papers of their own posts, ministry and enforcement with all.
    """
    return not actor.roles.isdisjoint(MINISTRY | ENFORCEMENT) or post in actor.posts or "*" in actor.posts


def may_see(actor: Actor, post: str) -> bool:
    """True if the actor may see papers of this post. The duty desk sees those of every post."""
    return may_edit(actor, post) or DUTY_POST in actor.posts


def need_sight(actor: Actor, paper: ForeignPermit) -> None:
    """Raise `Forbidden`, or `NoMatch` for a paper of a post that the actor may not see."""
    actor.require("see_foreign")
    if not may_see(actor, paper.post):
        raise NoMatch("No such record of a foreign permit.")


def with_remarks(paper: ForeignPermit, number: ForeignNumber, deps: VerifyDeps) -> RemarkedPaper:
    """The paper with its remarks. `number`: everything known of its number."""
    checker = deps.checker()
    known = used_twice(paper, number.against(paper))  # if two papers were used, this remark is enough
    if not known and number.surplus(paper, checker.posts):
        known = ("surplus",)
    if number.unconfirmed(checker.posts, paper):
        known = (*known, "stamp_waits")
    if checker.trust.list_for(paper.issuer) is not None:
        known = (*known, "party_has_codes")
    odd = remarks(
        paper,
        deps.listing,
        known=(*known, *import_permits.of(paper, deps)),
        today=checker.stage.today(deps.now),
        ours=checker.stage.issuer,
    )
    return RemarkedPaper(paper, odd, number)


def find(paper_id: str, actor: Actor, deps: VerifyDeps) -> RemarkedPaper:
    """The paper with its remarks. Raises `Forbidden`, and `NoMatch` also for a post that the actor may not see."""
    paper = load(paper_id, deps.register)
    need_sight(actor, paper)
    number = number_of(paper.issuer, paper.number, deps.register)
    return with_remarks(paper, number, deps)


def listed(actor: Actor, deps: VerifyDeps, *, cursor: str | None = None) -> tuple[list[RemarkedPaper], str | None]:
    """One page of papers that the actor may see, newest first, with the cursor of the next page. Raises `Forbidden`."""
    actor.require("see_foreign")
    rows, cursor = deps.register.search("shelf", SHELF, cursor=cursor, limit=PAGE)
    seen = [paper for paper in readable(rows, _read) if may_see(actor, paper.post)]
    numbers = numbers_of([(paper.issuer, paper.number) for paper in seen], deps.register)
    return [with_remarks(paper, numbers[paper.issuer, paper.number], deps) for paper in seen], cursor


def _refuse(error: UnreadableRow) -> None:
    raise error


def recorded_since(
    since: int, register: PermitRegister, *, skipped: Callable[[UnreadableRow], None] = _refuse
) -> Iterator[ForeignPermit]:
    """Every paper recorded since then, newest first, for reports. The caller checks the permission.

    A report needs all of them: it raises `UnreadableRow`, unless `skipped` reports the row.
    """
    cursor: str | None = None
    while True:
        rows, cursor = register.search("shelf", SHELF, cursor=cursor, limit=PAGE)
        papers = list(readable(rows, _read, skipped=skipped))
        yield from (paper for paper in papers if paper.received_at >= since)
        if cursor is None or any(paper.received_at < since for paper in papers):
            return


def history(
    paper_id: str, actor: Actor, *, register: PermitRegister, cursor: str | None = None
) -> tuple[list[RowData], str | None]:
    need_sight(actor, load(paper_id, register))
    return store.history_page(register, f"FOREIGN-PAPER#{paper_id}", cursor)


USES_PAGE = 100


def used_since(begin: int, at_most: int, register: PermitRegister) -> tuple[tuple[ForeignDocument, ...], bool]:
    """Documents used by code or recorded from paper since `begin`, and True if `at_most` left out none.

    Each number occurs once, earliest first. `at_most` limits them. Rows that cannot be read are left out and logged.
    """
    rows, complete = _by_code(begin, at_most, register)
    unread: list[str] = []

    def skipped(error: UnreadableRow) -> None:
        log_row(error)
        unread.append(error.row)

    papers = list(islice(recorded_since(begin, register, skipped=skipped), at_most + 1))
    found: dict[tuple[str, str], ForeignDocument] = {}
    for row, uses in readable(rows, lambda row: (row, store.load_uses(row.data["uses"], row.key)), skipped=skipped):
        data = row.data
        at = min((use.received_at for use in uses), default=begin)
        made = _shown(data["issuer"], data["number"], data["kind"], data.get("signed", {}), uses, at)
        found[made.issuer, identity(made.number)] = made
    for paper in papers[:at_most]:
        uses = (paper.use,) if paper.use else ()
        read = _shown(paper.issuer, paper.number, paper.record["document_type"], paper.record, uses, paper.received_at)
        first = found.get((paper.issuer, paper.identity), read)  # the content of a code comes before a reading
        both = first.uses if first is read else (*first.uses, *uses)
        found[paper.issuer, paper.identity] = replace(first, uses=both, at=min(first.at, read.at))
    return tuple(sorted(found.values(), key=lambda each: each.at)), complete and not unread and len(papers) <= at_most


def _shown(issuer: str, number: str, kind: str, record: RowData, uses: tuple[Use, ...], at: int) -> ForeignDocument:  # noqa: PLR0913 - each part of the document is named
    said = from_record(record)
    return ForeignDocument(
        issuer,
        number,
        kind,
        said.exporter.name or "",
        said.exporter.country or issuer,
        said.importer.country or "",
        said.lines,
        uses,
        at,
    )


def _by_code(begin: int, at_most: int, register: PermitRegister) -> tuple[list[Row], bool]:
    """Rows of uses by code since `begin`, and True if `at_most` left out none.

    The shelf is in the order of first use, so the search ends at a row without a use since `begin`.
    """
    found: list[Row] = []
    cursor: str | None = None
    while len(found) < at_most:
        rows, cursor = register.search("shelf", BY_CODE, cursor=cursor, limit=USES_PAGE)
        found += rows
        if cursor is None or any(all(use.get("received_at", 0) < begin for use in row.data["uses"]) for row in rows):
            return found, True
    return found, False
