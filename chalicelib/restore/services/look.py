"""What a restored register lacks that is known outside of it: by the mark, the prints and the published lists.

The steps, in this order; each may be repeated:

1 `look`, here: writes nothing
2-4 `restore_steps`: numbers and permits, status values, that devices send again
5 `open_register`: two people

What nothing outside of the table knows is not in here: uses of the last minute before the loss that no device kept,
uses of papers from before Tamga and of other Parties' permits (they are in no list of ours), drafts, findings, people
and devices as they were struck out since. docs/OPERATIONS.md says who asks whom for these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.issuing.services import print_permit
from chalicelib.kernel.errors import Unavailable, WrongState
from chalicelib.kernel.numbers import NUMBER_FORM
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Conflict, Put, Row
from chalicelib.kernel.stage import Stage
from chalicelib.people.services import need_registered
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.permits.services.inferred_uses import BY_USE, direction
from chalicelib.platform.deps import BlobStore, PermitRegister, StaticStore
from chalicelib.platform.restore_lock import Mark, beneath, counters, locked_at, read_mark, restore_key, why_shut
from chalicelib.record.permit import Permit
from chalicelib.trust.model import status_list
from chalicelib.trust.model.status_list import StatusList
from chalicelib.trust.model.trust import Trust
from chalicelib.trust.services.ports import TrustDeps
from chalicelib.trust.services.publish_status_lists import published, uris
from chalicelib.verdict import verdict
from chalicelib.verdict.token_checks import page_number
from chalicelib.verification.services.foreign_numbers import foreign_key

if TYPE_CHECKING:
    from chalicelib.reading.read_document import DocumentReader

PAGE = 100

SKIP = 1000  # serials: more than are issued in the minute that the mark may be late (10 a second is the goal)


@dataclass(frozen=True, slots=True)
class Paper:
    """A permit of ours as a print shows it, its signatures verified: page -> permit, page -> code."""

    number: str
    pages: Mapping[int, Permit]
    codes: Mapping[int, str]

    @property
    def whole(self) -> bool:
        first = self.pages.get(1)
        return first is not None and set(self.pages) == set(range(1, (first.page[1] if first.page else 1) + 1))


@dataclass(frozen=True, slots=True)
class Behind:
    """An entry whose published value the table does not have. `row` None: the table never gave it out.

    `as_of`: until when the list speaks of what was before the restore. `lifted`: the table says more than the list, so
    that was lifted or undone since the restored moment, or it came in the minute before and was not published yet; or
    a device brought an undo since. No list takes it back: a person decides.
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
class Found:
    """`shut`: why; `serials`: year -> (the table's, the highest known); `papers`: permits on prints that the table does
    not hold; `behind`: as above; `left`: those that `status` left to people; `signing`: numbers of signings that the
    restore cut off; `since`: as `events` set it; `unlisted`: how many papers from before Tamga, and other Parties'
    permits that we endorsed, the table holds. What became of those in the lost hours only books know: they are in no
    list of ours.
    """

    shut: str | None
    serials: Mapping[str, tuple[int, int]]
    papers: tuple[Paper, ...]
    behind: tuple[Behind, ...]
    left: tuple[str, ...]
    lost: tuple[str, ...]
    signing: tuple[str, ...]
    since: int | None
    unlisted: Mapping[str, int]

    @property
    def missing(self) -> list[str]:
        """What stands in the way of opening; nothing does of a register that is open."""
        if self.shut is None:
            return []
        short = [f"numbers of 20{year}" for year, (has, known) in self.serials.items() if has < known]
        short += [f"permit {paper.number} (numbers)" for paper in self.papers]
        if any(each.words not in self.left for each in self.behind):
            short.append("status values")
        if self.since is None:
            short.append("devices are not asked to send again (events)")
        return short


class RestoreDeps(TrustDeps, Protocol):
    """With the reader of prints."""

    @property
    def reader(self) -> DocumentReader: ...


@dataclass(frozen=True, slots=True)
class Restorer:
    """One restore. The register of `deps` may be the locked one: what is re-applied goes beneath the lock."""

    deps: RestoreDeps
    tell: Callable[[str], None] = field(default=lambda words: None)

    @property
    def register(self) -> PermitRegister:
        return self.deps.register

    @property
    def static(self) -> StaticStore:
        return self.deps.static

    @property
    def blobs(self) -> BlobStore:
        return self.deps.blobs

    @property
    def reader(self) -> DocumentReader:
        return self.deps.reader

    @property
    def trust(self) -> Trust:
        return self.deps.trust()

    @property
    def stage(self) -> Stage:
        return self.deps.stage

    @property
    def now(self) -> int:
        return self.deps.now

    @property
    def beneath(self) -> RestoreDeps:
        """The same beneath the lock."""
        return self.deps.over(register=self.table)

    @property
    def table(self) -> PermitRegister:
        return beneath(self.register)

    def need(self, actor: Actor) -> None:
        """An admin, by the token and by the register. Raises `Forbidden`."""
        need_registered(actor, "restore", self.table)

    def need_shut(self) -> None:
        if why_shut(self.table, self.static, self.stage.issuer) is None:
            raise WrongState("This register is open: nothing was restored.")

    def commit(self, *puts: Put) -> None:
        """Beneath the gate. Raises `Unavailable` if another wrote meanwhile; each step may be repeated."""
        try:
            self.table.commit(*puts)
        except Conflict:
            raise Unavailable("Another is at it; try again.") from None

    def noted(self) -> Row | None:
        """The row of this restore, as it is now."""
        return self.table.get(restore_key(self.table))

    def note(self, row: Row | None, *puts: Put, **facts: Any) -> None:
        """Add to the row of this restore that was decided on, with `puts`. Raises `Unavailable` as `commit` does."""
        known = row.data if row else {}
        self.commit(Put(restore_key(self.table), {**known, **facts}, expect=row.version if row else 0), *puts)


def find_missing(restorer: Restorer) -> Found:
    """Step 1. Reads the mark, the prints that no dossier explains, the published lists, every dossier."""
    table, issuer = restorer.table, restorer.stage.issuer
    held = dossiers(table)
    papers = tuple(_papers(restorer, held))
    mark, _ = read_mark(restorer.static)
    given = counters(table, issuer)
    known = dict((mark or Mark("", {})).serials)
    rows = [row for row in table.query(f"NUMBER#{issuer}") if NUMBER_FORM.fullmatch(row.key.sort)]
    numbers = [row.key.sort for row in rows]
    old = {each.id for each in held if each.legacy}  # their numbers were never given out here
    given_out = (row.key.sort for row in rows if row.data.get("permit_id") not in old)
    for number in (*given_out, *(paper.number for paper in papers)):
        known[number[:2]] = max(known.get(number[:2], 0), int(number[4:10]))
    lost = tuple(row.key.sort for row in rows if row.data.get("lost"))
    row = restorer.noted()
    noted = row.data if row else {}
    year = f"{restorer.stage.today(restorer.now).year % 100:02d}"
    shut = why_shut(table, restorer.static, issuer)
    if shut is not None and year not in noted.get("counters", {}):
        known[year] = max(known.get(year, 0), given.get(year, restorer.stage.first_serial - 1)) + SKIP
    return Found(
        shut=shut,
        serials={year: (given.get(year, 0), max(last, given.get(year, 0))) for year, last in sorted(known.items())},
        papers=tuple(paper for paper in papers if paper.number not in numbers or _finishes(paper, held)),
        behind=tuple(behind(restorer, held)),
        left=tuple(noted.get("left", ())),
        lost=lost,
        signing=tuple(sorted(each.number or "" for each in held if each.state == "signing")),
        since=noted.get("since"),
        unlisted={"papers": len(old), "foreign": _foreign(restorer)},
    )


def _foreign(restorer: Restorer) -> int:
    """How many rows there are of permits of the Parties that we believe."""
    others = {each.issuer for each in restorer.trust.lists} - {restorer.stage.issuer}
    return sum(len(restorer.table.query(foreign_key(issuer, "").partition)) for issuer in sorted(others))


def dossiers(register: PermitRegister) -> list[Dossier]:
    """Every permit's file. By the index: nobody writes while the gate is shut."""
    found: list[Dossier] = []
    cursor: str | None = None
    while True:
        rows, cursor = register.search("shelf", store.SHELF, cursor=cursor, limit=PAGE)
        found += [store.load_row(row.data) for row in rows]
        if cursor is None:
            return found


def _papers(restorer: Restorer, held: list[Dossier]) -> Iterator[Paper]:
    """The permits on prints that no issued dossier explains; only codes that a verifier believes."""
    known = {number for each in held if each.tokens and (number := each.number)}
    explained = {key for each in held if each.tokens for key in print_permit.all_keys(each, restorer.stage)}
    papers: dict[str, tuple[dict[int, Permit], dict[int, str]]] = {}
    for key in restorer.blobs.keys("prints/"):
        if key in explained:
            continue
        restorer.tell(key)
        data = restorer.blobs.get(key)
        codes = restorer.reader.read(data, print_permit.CONTENT_TYPE).codes if data else ()
        for code in codes:
            read = verdict.judge(code, trust=restorer.trust, status={}, register="not_asked", now=restorer.now)
            permit = read.permit
            if permit is not None and permit.issuer == restorer.stage.issuer and permit.number not in known:
                pages, texts = papers.setdefault(permit.number, ({}, {}))
                pages[page_number(permit)], texts[page_number(permit)] = permit, code
    for number, (pages, texts) in sorted(papers.items()):
        yield Paper(number, pages, texts)


def dossier_of(paper: Paper, held: Iterable[Dossier]) -> Dossier | None:
    """The approved file with the digest that was signed, any of several alike; or the signing of this very number.

    None as well if a page of the print is not there, or the files alike are of several owners.
    """
    if not paper.whole:
        return None
    digest = paper.pages[1].record_digest
    same = [each for each in held if each.digest and bytes.fromhex(each.digest)[:16] == digest]
    signing = [each for each in same if each.state == "signing" and each.number == paper.number]
    ready = signing or [each for each in same if each.state == "approved"]
    return ready[0] if len({each.owner for each in ready}) == 1 else None


def _finishes(paper: Paper, held: list[Dossier]) -> bool:
    """Whether this print ends a signing that was cut off; one that does not is left to the sweep, as `signing`."""
    dossier = dossier_of(paper, held)
    return dossier is not None and dossier.number == paper.number


def lists(restorer: Restorer) -> Iterator[StatusList]:
    for uri in uris(restorer.stage, restorer.now):
        found = published(uri, static=restorer.static, trust=restorer.trust, stage=restorer.stage)
        if found is not None:
            yield found


def behind(restorer: Restorer, held: list[Dossier]) -> Iterator[Behind]:
    by_entry = {(each.status_uri, each.status_idx): each for each in held if each.status_uri}
    for listed in lists(restorer):
        rows = {int(row.key.sort): int(row.data["value"]) for row in restorer.table.query(f"STATUS#{listed.uri}")}
        values, as_of = listed.entries(), locked_at(restorer.static, listed.issued_at)
        for index in sorted(values.keys() | {index for index, row in rows.items() if row}):
            value, row = values.get(index, status_list.VALID), rows.get(index)
            owner = by_entry.get((listed.uri, index))
            by_use = row in BY_USE and value in {status_list.VALID, status_list.USED}
            if row != value and not (by_use and owner and _used_since(owner, as_of)):
                undone = owner is not None and value in BY_USE and _undone_since(owner, value, as_of)
                yield Behind(
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
    """Whether what the list tells of is a use of before, that a device told us since was none."""
    same = [u for u in dossier.uses if u.kind == direction(dossier.kind, value) and u.received_at < as_of]
    return any(u.withdrawn and u.withdrawn.at >= as_of for u in same) and not any(u.counts for u in same)
