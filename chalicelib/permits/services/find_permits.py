"""Lists of permits for the people who work on them, and the permits issued in a year.

The lists are eventually consistent, so no decision depends on one.

The permits of a year are read in order of their numbers, a page at a time, without an index:

NUMBER#<iss>       Tamga's own numbers begin with the year and the issuer (`26KG000123/E`), so a year is a range
LEGACY-LIKE#<iss>  every permit taken over from the paper register, under the identity of its number

A number that was declared void has no permit and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.numbers import NUMBER_FORM
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Row
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import STATES, owns
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.readable import readable

PAGE = 50

WAITING = 200  # permits of one page with `waiting`; a queue that people work through is shorter

PAGES_READ = 10  # index pages that one search reads at most

WORDS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Search:
    """A search for permits, newest first.

    - `words`: a whole number (read consistently), or part of a name, taxon or number.
    - `waiting`: permits that wait longest in their state first. This order is exact within a page. A page has about
      WAITING permits, and the first page has those created first.
    """

    state: str | None = None
    words: str | None = None
    waiting: bool = False


def find(asked: Search, actor: Actor, deps: Deps, *, cursor: str | None = None) -> tuple[list[Dossier], str | None]:
    """Find permits that this actor may see. Returns them and the next cursor.

    An applicant's unsubmitted draft is visible to that applicant only. A row that this release cannot read is left out
    and logged. Raises `Invalid` for an unknown state, or for words above WORDS_AT_MOST characters.
    """
    actor.require("see")
    state, words, waiting = asked.state, (asked.words or "").strip(), asked.waiting
    if state is not None and state not in STATES:
        raise Invalid(FieldError("state", "unknown", f"Must be one of: {', '.join(STATES)}."))
    if len(words) > WORDS_AT_MOST:
        raise Invalid(FieldError("q", "too_long", f"At most {WORDS_AT_MOST} characters."))
    dossier = _by_number(words, deps)
    if dossier is not None or NUMBER_FORM.fullmatch(words.upper()):
        right = dossier is not None and owns(dossier, actor) and state in {None, dossier.state}
        return ([dossier] if dossier and right else []), None
    index, value = ("state", state) if state else ("shelf", store.SHELF)
    if actor.only_own:
        index, value = "owner", actor.id
    found: list[Dossier] = []
    enough = WAITING if waiting else PAGE
    for _ in range(PAGES_READ):
        rows, cursor = deps.register.search(index, value, cursor=cursor, limit=PAGE, oldest_first=waiting)
        dossiers = readable(rows, lambda row: store.load_row(row.data))
        theirs = [d for d in dossiers if owns(d, actor) and (actor.only_own or not d.private)]
        found += [d for d in theirs if state in {None, d.state} and _has(d, words)]
        if cursor is None or len(found) >= enough or (found and not (words or actor.only_own or waiting)):
            break
    return (sorted(found, key=lambda each: each.waiting_since) if waiting else found), cursor


def _by_number(words: str, deps: Deps) -> Dossier | None:
    try:
        return store.find_typed_number(deps.register, deps.stage.issuer, words.upper())
    except Invalid:
        return None


def _has(dossier: Dossier, words: str) -> bool:
    if not words:
        return True
    record = dossier.record
    texts = [
        dossier.number or "",
        *(str(record.get(side, {}).get(name, "")) for side in ("exporter", "importer") for name in NAMES),
        *(str(line.get(name, "")) for line in record.get("lines", ()) for name in ("scientific_name", "common_name")),
    ]
    return any(words.casefold() in text.casefold() for text in texts)


NAMES = ("name", "name_local")

CURSOR_AT_MOST = 64

CHUNK = 500  # rows of one query; the next chunk is read only when it is needed

NUMBERS, PAPERS = "n", "p"  # first letter of a cursor: the part of the enumeration that it is in


def issued(year: int, deps: Deps, *, after: str = "", limit: int) -> tuple[list[Dossier], str | None]:
    """At most `limit` permits of the year, and the next cursor. Raises `Invalid` for an unknown cursor."""
    if after and (len(after) > CURSOR_AT_MOST or after[:1] not in {NUMBERS, PAPERS}):
        raise Invalid(FieldError("cursor", "cursor", "Must be a cursor from the page before of this report."))
    found: list[Dossier] = []
    for at, dossier in _from(year, after, deps):
        if dossier is not None and (at[0] == NUMBERS or deps.stage.today(dossier.issued_at or 0).year == year):
            found.append(dossier)
        if len(found) == limit:
            return found, at
    return found, None


def _from(year: int, after: str, deps: Deps) -> Iterator[tuple[str, Dossier | None]]:
    iss = deps.stage.issuer
    prefix = f"{year % 100:02d}{iss}"
    if after[:1] != PAPERS:
        for row in _rows(f"NUMBER#{iss}", max(prefix, after[1:]), f"{prefix}~", deps.register):
            number = row.key.sort
            if number > after[1:] and NUMBER_FORM.fullmatch(number):
                held = not row.data.get("void") and row.data.get("permit_id")
                yield f"{NUMBERS}{number}", store.load(deps.register, str(held)) if held else None
    past = after[1:] if after[:1] == PAPERS else ""
    for row in _rows(f"LEGACY-LIKE#{iss}", past, None, deps.register):
        if row.key.sort > past:
            yield f"{PAPERS}{row.key.sort}", store.find_number(deps.register, iss, row.key.sort)


def _rows(partition: str, start: str, stop: str | None, register: PermitRegister) -> Iterator[Row]:
    """All rows of [start, stop) in order, one chunk at a time.

    Each chunk after the first begins with the last row of the chunk before, which is skipped.
    """
    last = ""
    while True:
        rows = register.query(partition, start=last or start, stop=stop, limit=CHUNK)
        yield from (row for row in rows if row.key.sort > last)
        if len(rows) < CHUNK:
            return
        last = rows[-1].key.sort
