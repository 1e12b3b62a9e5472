"""The form as it would print, before anything is issued: for the people who prepare and approve it.

Nothing is signed, stored or numbered, so the function that answers needs no key. The pages are cut as at issue; the
index of a status list, which is drawn then, counts with the longest that it can be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.core import lifecycle, rules
from chalicelib.core.codes import KINDS
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import Invalid
from chalicelib.core.listing import Listing
from chalicelib.core.pages import paginate
from chalicelib.core.permit import Permit, from_record, to_record
from chalicelib.core.roles import Actor
from chalicelib.core.stage import Stage
from chalicelib.core.status_list import ENTRIES, list_uri
from chalicelib.ports import PermitRegister
from chalicelib.services import quotas, store

MARK = "PREVIEW"
FILE_NAME = "preview-no-permit.pdf"

type Render = Callable[[Dossier, Dossier | None, frozenset[str], tuple[Permit, ...]], bytes]


def preview(
    permit_id: str,
    actor: Actor,
    *,
    register: PermitRegister,
    listing: Listing,
    stage: Stage,
    render: Render,
    now: int,
) -> bytes:
    """A PDF that says of itself that it is no permit.

    Raises `Invalid` naming every field that the form still lacks, `WrongState` once a number was given, `Forbidden`.
    """
    actor.need("preview")
    dossier = store.load(register, permit_id, actor)
    lifecycle.after(dossier, "preview")
    application = from_record(dossier.record)
    gaps = rules.missing(application, listing)
    if gaps:
        raise Invalid(*gaps)
    application = rules.complete(application, listing)
    kind, expires_at = application.document_type or "", rules.expires_at(application.valid_until or "", stage.zone)
    pages = paginate(
        application,
        issuer=stage.issuer,
        number=f"{stage.today(now):%y}{stage.issuer}000000/{KINDS[kind].letter}",
        issued_at=now,
        expires_at=expires_at,
        status_uri=list_uri(stage.lists_at, expires_at),
        status_idx=ENTRIES - 1,
        record_digest=bytes(16),
        ctis=lambda: bytes(16),
        host=stage.host,
        kid=bytes(8),
    )
    replaced = store.load(register, dossier.replaces) if dossier.replaces else None
    marks = frozenset({MARK, "PRACTICE"} if stage.practice else {MARK})
    draws = quotas.foreseen(application, replaced, register=register, listing=listing, stage=stage, now=now)
    shown = replace(dossier, record=to_record(application), draws=draws, issued_at=now)
    return render(shown, replaced, marks, pages)
