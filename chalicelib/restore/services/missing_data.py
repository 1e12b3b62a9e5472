"""Find the data that a restored register lacks, from the register mark, the prints and the published lists.

Steps after a restore, in this order; each can be repeated:

1 `find_missing`, in this module: writes nothing
2-4 `replay.py`: numbers and permits, status values, request to devices to send again
5 `open_register.py`: two people

Data that was only in the table cannot be found:

- uses of the last minute before the loss that no device has
- uses of papers from before Tamga and of other Parties' permits, since they are in none of our lists
- drafts and findings
- removals of people and devices

docs/OPERATIONS.md names the people to ask for these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.issuing.services import print_permit
from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import Unavailable, UnreadableRow, WrongState
from chalicelib.kernel.numbers import NUMBER_FORM
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Put, Row
from chalicelib.people.services import need_registered
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.permits.services.inferred_uses import BY_USE, direction
from chalicelib.platform.deps import PermitRegister
from chalicelib.platform.readable import readable
from chalicelib.platform.restore_lock import Mark, counters, locked_at, read_mark, restore_key, why_shut, without_lock
from chalicelib.record.permit import Permit
from chalicelib.trust.model import status_list
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.services.ports import TrustDeps
from chalicelib.trust.services.publish_status_lists import published, uris
from chalicelib.verdict import verdict
from chalicelib.verdict.snapshot import NotAsked
from chalicelib.verdict.token_checks import page_number
from chalicelib.verification.services.foreign_numbers import foreign_key

if TYPE_CHECKING:
    from chalicelib.reading.read_document import DocumentReader

PAGE = 100

SKIP = 1000  # serials: the mark may be a minute old, and the goal is to issue 10 permits a second


@dataclass(frozen=True, slots=True)
class PrintedPermit:
    """Permit of ours from a print, with verified signatures. `pages`: page -> claims. `codes`: page -> code."""

    number: str
    pages: Mapping[int, Permit]
    codes: Mapping[int, str]

    @property
    def whole(self) -> bool:
        first = self.pages.get(1)
        return first is not None and set(self.pages) == set(range(1, (first.page[1] if first.page else 1) + 1))


@dataclass(frozen=True, slots=True)
class StatusDifference:
    """Status entry with another value in the published list (`listed`) than in the table (`row`).

    `row` is None if the table never gave the entry out. `as_of`: time up to which the list shows the register before
    the restore. `lifted` means that no list takes the table's value back, so a person decides. One reason is that the
    list has less than the table. The value was lifted or undone after the restored moment, or set in the minute before
    and not published yet. The other reason is that a device has sent an undo of the listed use since.
    """

    uri: str
    index: int
    as_of: int
    listed: int
    row: int | None
    permit_id: str | None = None
    number: str | None = None
    lifted: bool = False

    @property
    def words(self) -> str:
        return f"{self.number or f'{self.uri} {self.index}'}: {self.row} -> {self.listed}"


@dataclass(frozen=True, slots=True)
class MissingData:
    """Result of `find_missing`.

    `shut` is the reason of the restore lock, or None if the register is open. `serials`: year -> (last serial of the
    table, highest known). `papers`: permits on prints that the table lacks. `behind`: entries that differ from the
    lists. `left`: those that `status` left to people. `lost`: numbers recorded as lost. `signing`: numbers of signings
    that the restore cut off. `since`: moment that `events` recorded. `unlisted`: how many papers from before Tamga, and
    permits of other Parties, the table has. They are in none of our lists, so only the books show their uses in the
    lost hours. `unreadable`: rows of dossiers that this release cannot
    read. The register is not opened with one.
    """

    shut: str | None
    serials: Mapping[str, tuple[int, int]]
    papers: tuple[PrintedPermit, ...]
    behind: tuple[StatusDifference, ...]
    left: tuple[str, ...]
    lost: tuple[str, ...]
    signing: tuple[str, ...]
    since: int | None
    unlisted: Mapping[str, int]
    unreadable: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """Data that must be replayed before the register can be opened, or nothing if it is open."""
        if self.shut is None:
            return []
        short = [f"numbers of 20{year}" for year, (has, known) in self.serials.items() if has < known]
        short += [f"permit {paper.number} (numbers)" for paper in self.papers]
        if any(each.words not in self.left for each in self.behind):
            short.append("status values")
        if self.since is None:
            short.append("the request to devices to send their events again (events)")
        short += [f"row {row}: this release cannot read it" for row in self.unreadable]
        return short


class RestoreDeps(TrustDeps, Protocol):
    """Dependencies of a restore: `TrustDeps` and the reader of prints."""

    @property
    def reader(self) -> DocumentReader: ...


@dataclass(frozen=True, slots=True)
class Restorer:
    """One restore. The register of `deps` may be the locked one, because replayed data is written beneath the lock.

    `on_print`: called with the key of each print before it is read.
    """

    deps: RestoreDeps
    on_print: Callable[[str], None] = field(default=lambda words: None)

    @property
    def beneath(self) -> RestoreDeps:
        """The same dependencies with the register beneath the lock."""
        return self.deps.over(self.table)

    @property
    def table(self) -> PermitRegister:
        return without_lock(self.deps.register)

    def require(self, actor: Actor) -> None:
        """Require an admin, by the token and by the register. Raises `Forbidden`."""
        need_registered(actor, "restore", self.table)

    def require_locked(self) -> None:
        if why_shut(self.table, self.deps.static, self.deps.stage.issuer) is None:
            raise WrongState("This register is open: there is no restore to complete.")

    def commit(self, *puts: Put) -> None:
        """Write beneath the lock. Raises `Unavailable` on a version conflict, so repeat the step."""
        try:
            self.table.commit(*puts)
        except Conflict:
            raise Unavailable("Another person changed this restore at the same time; try again.") from None

    def read_row(self) -> Row | None:
        """Read the row of this restore, or None before the first step."""
        return self.table.get(restore_key(self.table))

    def update_row(self, row: Row | None, *puts: Put, **facts: Any) -> None:
        """Add `facts` to the row of this restore, as read in `row`, in one transaction with `puts`.

        Raises `Unavailable` as `commit` does.
        """
        known = row.data if row else {}
        self.commit(Put(restore_key(self.table), {**known, **facts}, expected_version=row.version if row else 0), *puts)


def find_missing(restorer: Restorer) -> MissingData:
    """Step 1: compare the table with the mark, the prints that belong to no issued dossier, and the published lists.

    Reads every dossier and each of those prints. Writes nothing.
    """
    table, issuer = restorer.table, restorer.deps.stage.issuer
    unreadable: list[str] = []
    held = dossiers(table, skipped=lambda error: unreadable.append(error.row))
    papers = tuple(_papers(restorer, held))
    mark, _ = read_mark(restorer.deps.static)
    given = counters(table, issuer)
    known = dict((mark or Mark("", {})).serials)
    rows = [row for row in table.query(f"NUMBER#{issuer}") if NUMBER_FORM.fullmatch(row.key.sort)]
    numbers = [row.key.sort for row in rows]
    old = {each.id for each in held if each.legacy}  # Tamga never gave out their numbers
    given_out = (row.key.sort for row in rows if row.data.get("permit_id") not in old)
    for number in (*given_out, *(paper.number for paper in papers)):
        known[number[:2]] = max(known.get(number[:2], 0), int(number[4:10]))
    lost = tuple(row.key.sort for row in rows if row.data.get("lost"))
    row = restorer.read_row()
    noted = row.data if row else {}
    year = f"{restorer.deps.stage.today(restorer.deps.now).year % 100:02d}"
    shut = why_shut(table, restorer.deps.static, issuer)
    if shut is not None and year not in noted.get("counters", {}):
        known[year] = max(known.get(year, 0), given.get(year, restorer.deps.stage.first_serial - 1)) + SKIP
    return MissingData(
        shut=shut,
        serials={year: (given.get(year, 0), max(last, given.get(year, 0))) for year, last in sorted(known.items())},
        papers=tuple(paper for paper in papers if paper.number not in numbers or _finishes(paper, held)),
        behind=tuple(behind(restorer, held)),
        left=tuple(noted.get("left", ())),
        lost=lost,
        signing=tuple(sorted(each.number or each.id for each in held if each.state == State.SIGNING)),
        since=noted.get("since"),
        unlisted={"papers": len(old), "foreign": _foreign(restorer)},
        unreadable=tuple(unreadable),
    )


def _foreign(restorer: Restorer) -> int:
    """Number of rows of other Parties' permits, for the Parties with a trust list here."""
    others = {each.issuer for each in restorer.deps.trust().lists} - {restorer.deps.stage.issuer}
    return sum(len(restorer.table.query(foreign_key(issuer, "").partition)) for issuer in sorted(others))


def _refuse(error: UnreadableRow) -> None:
    raise error


def dossiers(register: PermitRegister, *, skipped: Callable[[UnreadableRow], None] = _refuse) -> list[Dossier]:
    """Load every dossier through the index. Its delay does no harm, since the lock stops other writes.

    A step that writes needs all of them: it raises `UnreadableRow`, unless `skipped` reports the row.
    """
    found: list[Dossier] = []
    cursor: str | None = None
    while True:
        rows, cursor = register.search("shelf", store.SHELF, cursor=cursor, limit=PAGE)
        found += readable(rows, lambda row: store.load_row(row.data), skipped=skipped)
        if cursor is None:
            return found


def _papers(restorer: Restorer, held: list[Dossier]) -> Iterator[PrintedPermit]:
    """Permits on prints that belong to no issued dossier. Only codes that pass checks 1-6 count."""
    known = {number for each in held if each.tokens and (number := each.number)}
    explained = {key for each in held if each.tokens for key in print_permit.all_keys(each, restorer.deps.stage)}
    papers: dict[str, tuple[dict[int, Permit], dict[int, str]]] = {}
    deps = restorer.deps
    for key in deps.blobs.keys("prints/"):
        if key in explained:
            continue
        restorer.on_print(key)
        data = deps.blobs.get(key)
        codes = deps.reader.read(data, print_permit.CONTENT_TYPE).codes if data else ()
        for code in codes:
            read = verdict.judge(code, trust=deps.trust(), status={}, register=NotAsked(), now=deps.now)
            permit = read.permit
            if permit is not None and permit.issuer == deps.stage.issuer and permit.number not in known:
                pages, texts = papers.setdefault(permit.number, ({}, {}))
                pages[page_number(permit)], texts[page_number(permit)] = permit, code
    for number, (pages, texts) in sorted(papers.items()):
        yield PrintedPermit(number, pages, texts)


def dossier_of(paper: PrintedPermit, held: Iterable[Dossier]) -> Dossier | None:
    """Find the dossier of a print. It is the one that signs its number, else any approved dossier with the signed
    digest.

    None if there is none, if the print lacks a page, or if those dossiers have several owners.
    """
    if not paper.whole:
        return None
    digest = paper.pages[1].record_digest
    same = [each for each in held if each.digest and bytes.fromhex(each.digest)[:16] == digest]
    signing = [each for each in same if each.state == State.SIGNING and each.number == paper.number]
    ready = signing or [each for each in same if each.state == State.APPROVED]
    return ready[0] if len({each.owner for each in ready}) == 1 else None


def _finishes(paper: PrintedPermit, held: list[Dossier]) -> bool:
    """True if this print completes a signing that was cut off. The sweep gives the other ones up (`signing`)."""
    dossier = dossier_of(paper, held)
    return dossier is not None and dossier.number == paper.number


def lists(restorer: Restorer) -> Iterator[StatusList]:
    for uri in uris(restorer.deps.stage, restorer.deps.now):
        found = published(uri, restorer.deps)
        if found is not None:
            yield found


def behind(restorer: Restorer, held: list[Dossier]) -> Iterator[StatusDifference]:
    by_entry = {(each.status_uri, each.status_idx): each for each in held if each.status_uri}
    for listed in lists(restorer):
        rows = {int(row.key.sort): int(row.data["value"]) for row in restorer.table.query(f"STATUS#{listed.uri}")}
        values, as_of = listed.entries(), locked_at(restorer.deps.static, listed.issued_at)
        for index in sorted(values.keys() | {index for index, row in rows.items() if row}):
            value, row = values.get(index, status_list.VALID), rows.get(index)
            owner = by_entry.get((listed.uri, index))
            by_use = row in BY_USE and value in {status_list.VALID, status_list.USED}
            if row != value and not (by_use and owner and _used_since(owner, as_of)):
                undone = owner is not None and value in BY_USE and _undone_since(owner, value, as_of)
                yield StatusDifference(
                    listed.uri,
                    index,
                    as_of,
                    value,
                    row,
                    owner.id if owner else None,
                    owner.number if owner else None,
                    lifted=by_use or undone or value == status_list.VALID,
                )


def _used_since(dossier: Dossier, as_of: int) -> bool:
    return any(use.counts and use.received_at >= as_of for use in dossier.uses)


def _undone_since(dossier: Dossier, value: int, as_of: int) -> bool:
    """True if the use in the list was received before `as_of`, and a device has withdrawn it since."""
    same = [u for u in dossier.uses if u.kind == direction(dossier.kind, value) and u.received_at < as_of]
    return any(u.withdrawn and u.withdrawn.at >= as_of for u in same) and not any(u.counts for u in same)
