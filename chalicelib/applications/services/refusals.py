"""Refusals of an application as of today, less the hard stops that an approver let pass.

This module joins the refusals of the rules (`applications/rules/check.py`) with those that need the register. It is
called before submission, approval, reservation of a number and signing.

The register shows which of our permits and applications name the same document. It is a permit of ours that is
re-exported, or an import permit.

QUOTED#<country>  <name>#<permit id>   an application that names this country's document; written before it is submitted
                                       and before it gets its number; only an index, the dossier says what counts
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from chalicelib.applications.rules import check, quoted_permits
from chalicelib.applications.rules.check import complete, digest_of
from chalicelib.applications.rules.quoted_permits import Balance, Quote
from chalicelib.kernel.enums import State, UseState
from chalicelib.kernel.errors import DigestMismatch, FieldError, Invalid, WrongState
from chalicelib.kernel.rows import Key, Put
from chalicelib.permits.model import lifecycle
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.overrides import remaining, valid_overrides
from chalicelib.permits.services import store
from chalicelib.permits.services.change_status import require_findings
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.quotas.services import check_application
from chalicelib.record.permit import Application, from_record, record_digest
from chalicelib.species.services.list_in_use import SpeciesDeps

NOT_ASKED_FOR = frozenset({"draft", "returned", "refused", "void", "replaced"})

AT_ONCE = 50  # rows of a transaction


def index_quoted_documents(dossier: Dossier, deps: SpeciesDeps) -> None:
    """Write a row for each document that this application names and other applications may name too."""
    application = complete(from_record(dossier.record), deps.listing, issuer=deps.stage.issuer)
    papers = {
        (deps.stage.issuer, each.name) for each in quoted_permits.quotes(application, deps.stage.issuer) if each.name
    }
    if permit := quoted_permits.import_permit(application):
        papers.add(permit)
    puts = [
        Put(Key(f"QUOTED#{country}", f"{name}#{dossier.id}"), {"permit_id": dossier.id}, expected_version=None)
        for country, name in sorted(papers)
    ]
    for at in range(0, len(puts), AT_ONCE):
        deps.register.commit(*puts[at : at + AT_ONCE])


def refusals(dossier: Dossier | None, application: Application, deps: SpeciesDeps) -> tuple[FieldError, ...]:
    """A refusal for each line of a re-export whose named permit of ours the register does not confirm."""
    balances: dict[str, Balance] = {}
    found = []
    own = {dossier.id, dossier.replaces} if dossier else set()
    for quote in quoted_permits.quotes(application, deps.stage.issuer):
        name = quote.name or quote.number
        if name not in balances:
            balances[name] = Balance(_ours(quote, deps), deps.listing)
            others = () if balances[name].ours is None else _naming(deps.stage.issuer, quote.name, deps.register)
            for other in others:
                if other.id not in own and quoted_permits.counts(other, deps.now):
                    quoted_permits.take_other(balances[name], other, quote.name, deps.stage.issuer)
        line = application.lines[quote.line]
        limit, missing = balances[name].take(line, quoted_permits.quantity_of(line))
        if missing > 0 or balances[name].ours is None:
            found.append(quoted_permits.fault(quote, limit, missing))
    return tuple(found)


def same_import_permit(dossier: Dossier, deps: SpeciesDeps) -> tuple[Dossier, ...]:
    """Other Appendix I exports, applied for or issued, that name the same import permit."""
    permit = quoted_permits.import_permit(complete(from_record(dossier.record), deps.listing, issuer=deps.stage.issuer))
    if permit is None:
        return ()
    own = {dossier.id, dossier.replaces, dossier.replaced_by}
    return tuple(
        other
        for other in _naming(*permit, deps.register)
        if other.id not in own
        and other.state not in NOT_ASKED_FOR
        and quoted_permits.import_permit(complete(from_record(other.record), deps.listing, issuer=deps.stage.issuer))
        == permit
    )


def _ours(quote: Quote, deps: Deps) -> Dossier | None:
    try:
        return store.find_number(deps.register, deps.stage.issuer, quote.number)
    except Invalid:  # not a number
        return None


def _naming(country: str, name: str, register: PermitRegister) -> Iterator[Dossier]:
    for row in register.query(f"QUOTED#{country}", start=f"{name}#", stop=f"{name}$"):
        yield store.load(register, str(row.data["permit_id"]))


def all_refusals(dossier: Dossier | None, application: Application, deps: SpeciesDeps) -> tuple[FieldError, ...]:
    """All refusals, including the stops that an override lets pass."""
    found = check.check(application, deps.listing, today=deps.stage.today(deps.now), issuer=deps.stage.issuer)
    found += check_application.refusals(dossier, application, deps)
    return found + refusals(dossier, application, deps)


def refusals_of(dossier: Dossier | None, application: Application, deps: SpeciesDeps) -> tuple[FieldError, ...]:
    """The refusals that remain for this dossier's application. `dossier` is None for an application without a draft."""
    found = all_refusals(dossier, application, deps)
    return (
        remaining(found, valid_overrides(dossier, digest_of(dossier, deps.listing, issuer=deps.stage.issuer)))
        if dossier
        else found
    )


GOODS = ("scientific_name", "term", "source", "unit")  # fields of a line that the replacement of a used permit keeps

RETURN_IT = "Return it, so that it is submitted and approved again."  # `approve` is not possible from `approved`


def recheck(dossier: Dossier, replaced: Dossier | None, deps: SpeciesDeps) -> Application:
    """Check rules, findings, digest and second person again, before a number is reserved and before signing.

    Returns the application. Raises `WrongState`, `DigestMismatch`, `TwoPeople`, `Invalid`.
    """
    if dossier.approval is None or dossier.approval.digest != dossier.digest:
        raise WrongState(f"This application has no approval for its present content. {RETURN_IT}")
    if record_digest(dossier.record) != dossier.digest:
        raise DigestMismatch(f"The application differs from the one that was approved. {RETURN_IT}")
    lifecycle.require_second_person(dossier, dossier.approval.same_person_ids)
    require_findings(dossier)
    application = from_record(dossier.record)
    errors = [*check.missing_origin(application), *refusals_of(dossier, application, deps)]
    if replaced is not None:
        if replaced.state not in {State.ISSUED, State.LOST}:
            raise WrongState(
                "The permit to be replaced is no longer in force, so it cannot be replaced.", state=replaced.state
            )
        if replaced.use != UseState.UNUSED and application.valid_until != replaced.record.get("valid_until"):
            errors.append(
                FieldError("valid_until", "used", "Block 2: must be the last day of the used permit that it replaces.")
            )
        if replaced.uses and application.document_type != replaced.kind:
            errors.append(
                FieldError("document_type", "used", "Block 1: must be the kind of the used permit that it replaces.")
            )
        if replaced.uses:
            errors += _more(application, from_record(replaced.record))
    if errors:
        raise Invalid(*errors)
    return application


def _more(application: Application, used: Application) -> Iterator[FieldError]:
    """Refusals where the replacement of a used permit covers other goods than that permit, or more of them.

    The goods were counted where they left.
    """
    for index, line in enumerate(application.lines):
        was = used.lines[index] if index < len(used.lines) else None
        if was is None or any(getattr(line, name) != getattr(was, name) for name in GOODS):
            words = "Taxon, term, source and unit must be those of the same line of the used permit that it replaces."
            yield FieldError(f"lines[{index}].scientific_name", "used", words)
        elif Decimal(line.quantity or "0") > Decimal(was.quantity or "0"):
            words = "Block 11: must not be more than in the used permit that it replaces."
            yield FieldError(f"lines[{index}].quantity", "used", words)
