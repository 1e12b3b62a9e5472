"""Replay known data into a restored register before it opens: steps 2-4 of `missing_data.py`.

Each step can be repeated.

2 `numbers`    Raise the counters to the highest known serial, and that of the present year by SKIP more, for serials
               that left no trace. A permit on a print gets its number, status entry and codes back if its approved
               dossier is there. Otherwise its number is recorded as lost.
3 `status`     Write entries of the published lists that the table lacks. Correct each permit that is behind its entry,
               with a line in its history that names the list.
4 `events`     Ask devices to send all events since a moment again (`resend_since` in their bundle).
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import FieldError, Invalid, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier, Intent, status_value
from chalicelib.permits.services import store
from chalicelib.permits.services.inferred_uses import BY_USE, direction, inferred, is_inferred
from chalicelib.restore.services.missing_data import (
    PrintedPermit,
    Restorer,
    StatusDifference,
    behind,
    dossier_of,
    dossiers,
    find_missing,
)
from chalicelib.token.check_code import check_code
from chalicelib.token.cose import decode_sign1
from chalicelib.token.qr_text import decode_qr
from chalicelib.trust.model import status_list
from chalicelib.uses import use_limits
from chalicelib.verdict.token_checks import TOKEN_CAP

SHOWS_USE = frozenset({*BY_USE, status_list.SUSPENDED, status_list.LOST})  # the last two may hide a use


def numbers(actor: Actor, restorer: Restorer) -> dict[str, list[str]]:
    """Step 2: raise counters and recover permits from prints.

    Returns the changes of this run: {"counters": [...], "recovered": [...], "lost": [...]}. Raises `Forbidden`,
    `Unavailable`, and `WrongState` if the register is open, or a status entry belongs to another number.
    """
    restorer.require(actor)
    restorer.require_locked()
    found = find_missing(restorer)
    done: dict[str, list[str]] = {"counters": [], "recovered": [], "lost": []}
    for year, (has, known) in found.serials.items():
        if has < known:
            _count_on(year, known, restorer)
            done["counters"].append(f"{year}: {has} -> {known}")
    held = {dossier.id: dossier for dossier in dossiers(restorer.table)}
    for paper in found.papers:
        dossier = dossier_of(paper, held.values())
        if dossier is not None:
            held[dossier.id], puts = _recovered(paper, dossier, actor, restorer)
            restorer.commit(*puts)
            done["recovered"].append(paper.number)
        else:
            restorer.commit(*_lost(paper, actor, restorer))
            done["lost"].append(paper.number)
    return done


def status(actor: Actor, restorer: Restorer) -> dict[str, list[str]]:
    """Step 3: correct permits and entries by the published status lists.

    Returns {"corrected": [...], "entries": [...], "left": [...]}, where `left` has the entries that a person has to
    decide. Those do not prevent opening, because both people who open the register see them (`open_register.py`).
    Raises `Forbidden`, `Unavailable`, and `WrongState` if the register is open.
    """
    restorer.require(actor)
    restorer.require_locked()
    done: dict[str, list[str]] = {"corrected": [], "entries": [], "left": []}
    noted = restorer.read_row()
    held = {dossier.id: dossier for dossier in dossiers(restorer.table)}
    for each in behind(restorer, list(held.values())):
        dossier = held.get(each.permit_id or "")
        if each.lifted:
            done["left"].append(each.words)
            continue
        if dossier is None:
            restorer.commit(*store.status_puts(each.uri, each.index, each.listed, restorer.deps.now))
            done["entries"].append(each.words)
            continue
        new, puts = _corrected(dossier, each, list(held.values()), actor, restorer)
        if new is not None:
            detail = {"list": each.uri, "value": each.listed, "was": each.row}
            made = store.Change(new, "restored", detail, puts)
            restorer.commit(*store.puts_of(actor, restorer.beneath, (dossier, made)))
        there = new is not None and status_value(new) == each.listed
        done["corrected" if there else "left"].append(each.words)
    if done["left"] != (noted.data.get("left", []) if noted else []):
        restorer.update_row(noted, left=done["left"])
    return done


def events(since: int, actor: Actor, restorer: Restorer) -> int:
    """Step 4: ask devices to send all events since `since` again, also those confirmed as stored.

    A proposal to open ends, since it has another moment. Make a new one. Raises `Forbidden`, `Unavailable`,
    `WrongState` if the register is open, and `Invalid` if the moment is in the future.
    """
    restorer.require(actor)
    restorer.require_locked()
    if not 0 < since <= restorer.deps.now:
        words = "Must be the time to which the table was restored, not later than now."
        raise Invalid(FieldError("since", "time", words))
    restorer.update_row(
        restorer.read_row(), since=since, at=restorer.deps.now, by=actor.id, by_name=actor.name, proposal=None
    )
    return since


def _count_on(year: str, known: int, restorer: Restorer) -> None:
    """Set a year's counter to `known`. Its first serial stays, or is the one with which an issue would begin."""
    counter = Key(f"COUNTER#{restorer.deps.stage.issuer}", year)
    row, noted = restorer.table.get(counter), restorer.read_row()
    data = {"first": restorer.deps.stage.first_serial, **(row.data if row else {}), "last": known}
    restorer.update_row(
        noted,
        Put(counter, data, expected_version=row.version if row else 0),
        counters={**(noted.data.get("counters", {}) if noted else {}), year: known},
    )


def _recovered(paper: PrintedPermit, old: Dossier, actor: Actor, restorer: Restorer) -> tuple[Dossier, tuple[Put, ...]]:
    """Make the dossier as step 8 of signing would have stored it, with the codes of the print, and the writes for it.

    Raises `WrongState`: its entry in the status list belongs to another number.
    """
    first = paper.pages[1]
    tokens = tuple(paper.codes[page] for page in sorted(paper.codes))
    signed = [decode_sign1(decode_qr(text)[1], cap=TOKEN_CAP) for text in tokens]
    attempt = old.intent.attempt if old.intent else 0
    intent = Intent(
        attempt=attempt if old.state == State.SIGNING else attempt + 1,
        started_at=first.issued_at,
        kid=signed[0].kid.hex(),
        pages=tuple((each.protected.hex(), each.payload.hex()) for each in signed),
    )
    new = old.but(
        state=State.ISSUED,
        number=paper.number,
        status_uri=first.status_uri,
        status_idx=first.status_idx,
        expires_at=first.expires_at,
        issued_at=first.issued_at,
        intent=intent,
        tokens=tokens,
        check_code=check_code(first.cti),
        last_actions={**old.last_actions, "signed": actor.id},
    )
    number = store.number_key(restorer.deps.stage.issuer, paper.number)
    puts: tuple[Put, ...] = () if restorer.table.get(number) else (Put(number, {"permit_id": old.id}),)
    entry = status_list.status_key(first.status_uri, first.status_idx)
    if old.state != State.SIGNING and restorer.table.get(entry) is not None:
        raise WrongState(f"The entry of {paper.number} in its status list belongs to another number.")
    changes = []
    if old.replaces:  # as in step 8 of signing, so that only one of the two is usable
        replaced = store.load(restorer.table, old.replaces)
        begins = use_limits.carried_over(replaced.kind, replaced.uses)
        uses = tuple(replace(u, number=u.number or replaced.number) for u in begins)
        new = replace(new, uses=uses, confirmations=replaced.confirmations)
        ended = replaced.but(state=State.REPLACED, replaced_by=new.id, replaced_by_number=new.number)
        changes = [(replaced, store.Change(ended, "restored", {"by": new.number}))]
    made = store.Change(new, "restored", {"number": paper.number, "from": "print"}, puts)
    return new, store.puts_of(actor, restorer.beneath, (replace(old, status_idx=None), made), *changes)


def _lost(paper: PrintedPermit, actor: Actor, restorer: Restorer) -> tuple[Put, ...]:
    """Writes for a print without a dossier, so that number and entry are never given out again, and verdicts on it say
    F3.
    """
    shown = paper.pages[min(paper.pages)]
    data = {"lost": True, "at": restorer.deps.now, "by": actor.id, "status": [shown.status_uri, shown.status_idx]}
    number = store.number_key(restorer.deps.stage.issuer, paper.number)
    puts = [Put(number, {**data, "codes": list(paper.codes.values())})]
    if restorer.table.get(status_list.status_key(shown.status_uri, shown.status_idx)) is None:
        puts += store.status_puts(shown.status_uri, shown.status_idx, 0, restorer.deps.now)
    return tuple(puts)


def _corrected(
    old: Dossier, each: StatusDifference, held: list[Dossier], actor: Actor, restorer: Restorer
) -> tuple[Dossier | None, tuple[Put, ...]]:
    """Correct the dossier by its list entry, and return it with the writes for it, or None if nothing can be corrected.

    A suspension or loss that the list no longer has is not lifted here. A use that the list shows is still inferred.
    """
    puts: tuple[Put, ...] = ()
    match each.listed:
        case status_list.REVOKED | status_list.FOR_CAUSE:
            new = old.but(state=State.REVOKED, for_cause=each.listed == status_list.FOR_CAUSE)
        case status_list.SUSPENDED:
            new = old.but(state=State.SUSPENDED)
        case status_list.LOST:
            ended = old.state in {State.REPLACED, State.REVOKED}
            new = old.but(state=old.state if ended else "lost", missing=old.missing or "lost")
        case status_list.REPLACED:
            replacement = next((h for h in held if h.replaces == old.id and h.state == State.ISSUED), None)
            new = old.but(
                state=State.REPLACED,
                replaced_by=replacement.id if replacement else None,
                replaced_by_number=replacement.number if replacement else None,
            )
        case _:
            new = old.but()
    if old.state == State.SIGNING:
        return None, ()
    kind = direction(old.kind, each.listed)
    if (
        each.listed in SHOWS_USE
        and new.state in {State.ISSUED, State.SUSPENDED, State.LOST}
        and not is_inferred(old.uses, kind, each.as_of)
    ):
        made = inferred(old, each.listed, each.as_of, actor.id, restorer.deps)
        if made:
            new, puts = replace(new, uses=(*old.uses, made[0])), (made[1],)
    if status_value(new) == each.listed:
        return new, puts
    return (old.but(uses=new.uses), puts) if puts else (None, ())
