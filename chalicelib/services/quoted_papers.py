"""Which of our permits and applications name the same paper: a permit of ours that is re-exported, an import permit.

QUOTED#<country>  <name>#<permit id>   an application that names this country's paper; written before it is submitted
                                       and before it gets its number, and only an index: the dossier says what counts
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.core import quoted_papers
from chalicelib.core.dossier import Dossier
from chalicelib.core.errors import FieldError, Invalid
from chalicelib.core.listing import Listing
from chalicelib.core.permit import Application, from_record
from chalicelib.core.quoted_papers import Balance, Quote
from chalicelib.core.rules import complete
from chalicelib.core.stage import Stage
from chalicelib.ports import Key, PermitRegister, Put
from chalicelib.services import store

NOT_ASKED_FOR = frozenset({"draft", "returned", "refused", "void", "replaced"})
AT_ONCE = 50  # rows of a transaction


def remember(dossier: Dossier, *, register: PermitRegister, listing: Listing, stage: Stage) -> None:
    """Write a row for each paper that this application names and others may name too."""
    application = complete(from_record(dossier.record), listing)
    papers = {(stage.issuer, each.name) for each in quoted_papers.quotes(application, stage.issuer) if each.name}
    if permit := quoted_papers.import_permit(application):
        papers.add(permit)
    puts = [
        Put(Key(f"QUOTED#{country}", f"{name}#{dossier.id}"), {"permit_id": dossier.id}, expect=None)
        for country, name in sorted(papers)
    ]
    for at in range(0, len(puts), AT_ONCE):
        register.commit(*puts[at : at + AT_ONCE])


def refusals(
    dossier: Dossier | None,
    application: Application,
    *,
    register: PermitRegister,
    listing: Listing,
    stage: Stage,
    now: int,
) -> tuple[FieldError, ...]:
    """Each paper of ours that a re-export names and the register does not bear out, line by line."""
    balances: dict[str, Balance] = {}
    found = []
    own = {dossier.id, dossier.replaces} if dossier else set()
    for quote in quoted_papers.quotes(application, stage.issuer):
        name = quote.name or quote.number
        if name not in balances:
            balances[name] = Balance(_ours(quote, register, stage), listing)
            others = () if balances[name].ours is None else _naming(stage.issuer, quote.name, register)
            for other in others:
                if other.id not in own and quoted_papers.counts(other, now):
                    quoted_papers.take_other(balances[name], other, quote.name, stage.issuer)
        line = application.lines[quote.line]
        limit, missing = balances[name].take(line, quoted_papers.quantity_of(line))
        if missing > 0 or balances[name].ours is None:
            found.append(quoted_papers.fault(quote, limit, missing))
    return tuple(found)


def same_import_permit(dossier: Dossier, *, register: PermitRegister, listing: Listing) -> tuple[Dossier, ...]:
    """Other Appendix I exports, applied for or issued, that name the import permit of this one."""
    permit = quoted_papers.import_permit(complete(from_record(dossier.record), listing))
    if permit is None:
        return ()
    own = {dossier.id, dossier.replaces, dossier.replaced_by}
    return tuple(
        other
        for other in _naming(*permit, register)
        if other.id not in own
        and other.state not in NOT_ASKED_FOR
        and quoted_papers.import_permit(complete(from_record(other.record), listing)) == permit
    )


def _ours(quote: Quote, register: PermitRegister, stage: Stage) -> Dossier | None:
    try:
        return store.find_number(register, stage.issuer, quote.number)
    except Invalid:  # it is no number
        return None


def _naming(country: str, name: str, register: PermitRegister) -> Iterator[Dossier]:
    for row in register.query(f"QUOTED#{country}", start=f"{name}#", stop=f"{name}$"):
        yield store.load(register, str(row.data["permit_id"]))
