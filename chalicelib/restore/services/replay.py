"""What a restored register is told again before it opens: steps 2-4 of restore/services/look.py. Each may be repeated.

2 `numbers`    counters past the highest serial known, the present year's by SKIP more for what nobody saw; a permit
               that left as a print gets its number, status entry and codes back if its approved file is there, else the
               number is kept as lost
3 `status`     entries that the published lists have and the table has not; a permit behind its entry is corrected, with
               a line in its history that says from which list
4 `events`     from this time on devices are asked to send everything again (`resend_since` in their bundle)
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.kernel.errors import FieldError, Invalid, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model.dossier import Dossier, Intent, status_value
from chalicelib.permits.services import store
from chalicelib.permits.services.inferred_uses import BY_USE, direction, inferred, is_inferred
from chalicelib.restore.services.look import Behind, Paper, Restorer, behind, dossier_of, dossiers, find_missing
from chalicelib.token.check_code import check_code
from chalicelib.token.cose import decode_sign1
from chalicelib.token.qr_text import decode_qr
from chalicelib.trust.model import status_list
from chalicelib.uses import use_limits
from chalicelib.verdict.token_checks import TOKEN_CAP

TELLING = frozenset({*BY_USE, status_list.SUSPENDED, status_list.LOST})  # the last two hide a use, if there was one


def numbers(actor: Actor, restorer: Restorer) -> dict[str, list[str]]:
    """Step 2: {"counters": [...], "recovered": [...], "lost": [...]}, what was done now."""
    restorer.need(actor)
    restorer.need_shut()
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
    """Step 3: {"corrected": [...], "entries": [...], "left": [...]}; `left`: what a person has to decide.

    What is left stands in the way of nothing: both who open the register are told of it (open_register.py).
    """
    restorer.need(actor)
    restorer.need_shut()
    done: dict[str, list[str]] = {"corrected": [], "entries": [], "left": []}
    noted = restorer.noted()
    held = {dossier.id: dossier for dossier in dossiers(restorer.table)}
    for each in behind(restorer, list(held.values())):
        dossier = held.get(each.permit_id or "")
        if each.lifted:
            done["left"].append(each.words)
            continue
        if dossier is None:
            restorer.commit(*store.status_puts(each.uri, each.index, each.listed, restorer.now))
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
        restorer.note(noted, left=done["left"])
    return done


def events(since: int, actor: Actor, restorer: Restorer) -> int:
    """Step 4: from which time on devices send everything again, also what they were told is stored.

    Whoever proposed to open the register proposed another moment: that is proposed anew.
    """
    restorer.need(actor)
    restorer.need_shut()
    if not 0 < since <= restorer.now:
        raise Invalid(FieldError("since", "time", "The moment that the table was restored to."))
    restorer.note(restorer.noted(), since=since, at=restorer.now, by=actor.id, by_name=actor.name, proposal=None)
    return since


def _count_on(year: str, known: int, restorer: Restorer) -> None:
    """The counter on `known`; where a year begins for Tamga stays, or is what `issue_permit` would begin with."""
    counter = Key(f"COUNTER#{restorer.stage.issuer}", year)
    row, noted = restorer.table.get(counter), restorer.noted()
    data = {"first": restorer.stage.first_serial, **(row.data if row else {}), "last": known}
    restorer.note(
        noted,
        Put(counter, data, expect=row.version if row else 0),
        counters={**(noted.data.get("counters", {}) if noted else {}), year: known},
    )


def _recovered(paper: Paper, old: Dossier, actor: Actor, restorer: Restorer) -> tuple[Dossier, tuple[Put, ...]]:
    """The file as `sign_permit` would have stored it, with the codes that are out, and the writes that make it so."""
    first = paper.pages[1]
    tokens = tuple(paper.codes[page] for page in sorted(paper.codes))
    signed = [decode_sign1(decode_qr(text)[1], cap=TOKEN_CAP) for text in tokens]
    attempt = old.intent.attempt if old.intent else 0
    intent = Intent(
        attempt=attempt if old.state == "signing" else attempt + 1,
        started_at=first.issued_at,
        kid=signed[0].kid.hex(),
        pages=tuple((each.protected.hex(), each.payload.hex()) for each in signed),
    )
    new = old.but(
        state="issued",
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
    number = store.number_key(restorer.stage.issuer, paper.number)
    puts: tuple[Put, ...] = () if restorer.table.get(number) else (Put(number, {"permit_id": old.id}),)
    entry = status_list.status_key(first.status_uri, first.status_idx)
    if old.state != "signing" and restorer.table.get(entry) is not None:
        raise WrongState(f"The entry of {paper.number} in its status list belongs to another number.")
    changes = []
    if old.replaces:  # as sign_permit does: one of the two is usable
        replaced = store.load(restorer.table, old.replaces)
        begins = use_limits.carried_over(replaced.kind, replaced.uses)
        uses = tuple(replace(u, number=u.number or replaced.number) for u in begins)
        new = replace(new, uses=uses, confirmations=replaced.confirmations)
        ended = replaced.but(state="replaced", replaced_by=new.id, replaced_by_number=new.number)
        changes = [(replaced, store.Change(ended, "restored", {"by": new.number}))]
    made = store.Change(new, "restored", {"number": paper.number, "from": "print"}, puts)
    return new, store.puts_of(actor, restorer.beneath, (replace(old, status_idx=None), made), *changes)


def _lost(paper: Paper, actor: Actor, restorer: Restorer) -> tuple[Put, ...]:
    """No file: the number and the entry are never given out again, and the register says F3 of it."""
    shown = paper.pages[min(paper.pages)]
    data = {"lost": True, "at": restorer.now, "by": actor.id, "status": [shown.status_uri, shown.status_idx]}
    puts = [Put(store.number_key(restorer.stage.issuer, paper.number), {**data, "codes": list(paper.codes.values())})]
    if restorer.table.get(status_list.status_key(shown.status_uri, shown.status_idx)) is None:
        puts += store.status_puts(shown.status_uri, shown.status_idx, 0, restorer.now)
    return tuple(puts)


def _corrected(
    old: Dossier, each: Behind, held: list[Dossier], actor: Actor, restorer: Restorer
) -> tuple[Dossier | None, tuple[Put, ...]]:
    """The file as the list says it is, and what goes with it; None where it cannot be brought there.

    A suspension or loss that the list no longer has is not lifted here, but a use that came after it is told.
    """
    puts: tuple[Put, ...] = ()
    match each.listed:
        case status_list.REVOKED | status_list.FOR_CAUSE:
            new = old.but(state="revoked", for_cause=each.listed == status_list.FOR_CAUSE)
        case status_list.SUSPENDED:
            new = old.but(state="suspended")
        case status_list.LOST:
            ended = old.state in {"replaced", "revoked"}
            new = old.but(state=old.state if ended else "lost", missing=old.missing or "lost")
        case status_list.REPLACED:
            heir = next((h for h in held if h.replaces == old.id and h.state == "issued"), None)
            new = old.but(
                state="replaced",
                replaced_by=heir.id if heir else None,
                replaced_by_number=heir.number if heir else None,
            )
        case _:
            new = old.but()
    if old.state == "signing":
        return None, ()
    kind = direction(old.kind, each.listed)
    if (
        each.listed in TELLING
        and new.state in {"issued", "suspended", "lost"}
        and not is_inferred(old.uses, kind, each.as_of)
    ):
        made = inferred(old, each.listed, each.as_of, restorer.stage.issuer, actor.id, restorer.now)
        if made:
            new, puts = replace(new, uses=(*old.uses, made[0])), (made[1],)
    if status_value(new) == each.listed:
        return new, puts
    return (old.but(uses=new.uses), puts) if puts else (None, ())
