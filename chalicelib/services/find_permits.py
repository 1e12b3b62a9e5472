"""Lists of permits for the people who work on them; eventually consistent, so no decision stands on one."""

from __future__ import annotations

from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.legacy_number import TAMGA, identity
from chalicelib.core.lifecycle import STATES, owns
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.ports import PermitRegister
from chalicelib.services import store

PAGE = 50
WAITING = 200  # a queue that people work through is shorter
PAGES_READ = 10  # of the index, for a search in words
WORDS_AT_MOST = 100


def find(
    actor: Actor,
    *,
    register: PermitRegister,
    stage: Stage,
    state: str | None = None,
    words: str | None = None,
    waiting: bool = False,
    cursor: str | None = None,
) -> tuple[list[Dossier], str | None]:
    """Permits that this actor may see, newest first, and the next cursor; of applicants' drafts each sees their own.

    `words`: a whole number (answered consistently), or a part of a name, taxon or number. `waiting`: those first that
    have waited longest in their state, exactly among the WAITING that were made first, and so on.
    """
    actor.need("see")
    if state is not None and state not in STATES:
        raise Invalid(FieldError("state", "unknown", f"One of: {', '.join(STATES)}."))
    words = (words or "").strip()
    if len(words) > WORDS_AT_MOST:
        raise Invalid(FieldError("q", "too_long", f"At most {WORDS_AT_MOST} characters."))
    dossier = _by_number(words, register, stage)
    if dossier is not None or TAMGA.fullmatch(words.upper()):
        right = dossier is not None and owns(dossier, actor) and state in {None, dossier.state}
        return ([dossier] if dossier and right else []), None
    index, value = ("owner", actor.id) if actor.only_own else ("state", state) if state else ("shelf", store.SHELF)
    found: list[Dossier] = []
    enough = WAITING if waiting else PAGE
    for _ in range(PAGES_READ):
        rows, cursor = register.search(index, value, cursor=cursor, limit=PAGE, oldest_first=waiting)
        dossiers = [store.load_row(row.data) for row in rows]
        theirs = [d for d in dossiers if owns(d, actor) and (actor.only_own or not d.private)]
        found += [d for d in theirs if state in {None, d.state} and _has(d, words)]
        if cursor is None or len(found) >= enough or (found and not (words or actor.only_own or waiting)):
            break
    return (sorted(found, key=lambda each: each.waiting_since) if waiting else found), cursor


def _by_number(words: str, register: PermitRegister, stage: Stage) -> Dossier | None:
    try:
        return store.find_number(register, stage.issuer, identity(words.upper()))
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
