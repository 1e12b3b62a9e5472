"""Answers to another Party's questions about our permits: identity, access, and the permit.

1 certificate: readable, in time, on the access list of an active Party   2 not too many questions an hour
3 the Party may ask this, and asks about our permits   4 the permit exists, and concerns the Party or its question has
the check code of the paper   5 the permit is in force   6 final: it has been used   7 journal entry before the answer

An unknown number, another's permit and a wrong check code get the same answer, so numbers cannot be tried out.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chalicelib.exchange.model.operations import FINAL
from chalicelib.exchange.model.party_certificate import PartyCertificate, read_certificate
from chalicelib.exchange.services import parties
from chalicelib.exchange.services.parties import Entry, Party, party
from chalicelib.kernel.days import HOUR
from chalicelib.kernel.enums import State
from chalicelib.kernel.errors import ExchangeRefused, Invalid, TamgaError, TooLarge, TooMany
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Key
from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.model.lifecycle import ISSUED_ONCE
from chalicelib.permits.services import store
from chalicelib.platform.deps import Deps
from chalicelib.record.permit import from_record
from chalicelib.token.check_code import normal_check_code
from chalicelib.uses.single_use import first_use

CALLS_AT_MOST = 600  # an hour and Party: a busy border's day

MISSES_AT_MOST = 30  # of these, for permits that were refused


@dataclass(frozen=True, slots=True)
class Caller:
    """A Party that was let in, with its certificate."""

    party: Party
    certificate: PartyCertificate

    @property
    def country(self) -> str:
        return self.party.country

    @property
    def actor(self) -> Actor:
        """The actor for the history: no person of ours, and without a role."""
        return Actor(f"party:{self.country}", f"Management Authority of {self.country}", frozenset())


@dataclass(frozen=True, slots=True)
class PartyQuestion:
    """One question. `token`: the check code of the paper, if given. `correlation_id`: of the call, for the journal."""

    operation: str
    number: str = ""
    token: str = ""
    country: str = ""
    correlation_id: str = ""


def identify(pem: str, deps: Deps) -> Caller:
    """Identify the calling Party. Raises `ExchangeRefused` (CertificateMissing, CallerNotFound), `TooMany`."""
    certificate = read_certificate(pem)  # 1
    if not certificate.not_before <= deps.now < certificate.not_after:
        raise ExchangeRefused("The client certificate has expired or is not valid yet.", fault="CertificateMissing")
    found = party(certificate.country, deps.register)
    if found is None or not found.active or certificate.thumbprint not in found.certificates:
        raise ExchangeRefused("This certificate is not on the access list.", fault="CallerNotFound")
    hour = str(deps.now // HOUR)
    calls = Key(f"EXCHANGE-CALLS#{found.country}", hour)
    if deps.register.bump(calls, expires=deps.now + 2 * HOUR) > CALLS_AT_MOST:  # 2
        raise TooMany("Too many requests in this hour. Try again in an hour.", retry_after=HOUR)
    return Caller(found, certificate)


def permit_for(asked: PartyQuestion, caller: Caller, deps: Deps) -> Dossier:
    """Return the permit if this Party may see it (3, 4). Raises `ExchangeRefused`, `TooMany`."""
    allowed(asked, caller)
    if asked.country != deps.stage.issuer:
        words = f"This service answers only for IsoCountryCode {deps.stage.issuer}."
        raise ExchangeRefused(words, fault="CalleeNotFound")
    refused_calls = Key(f"EXCHANGE-MISSES#{caller.country}", str(deps.now // HOUR))
    row = deps.register.get(refused_calls)
    if row is not None and row.version >= MISSES_AT_MOST:
        raise _too_many()
    try:
        found = store.find_number(deps.register, deps.stage.issuer, asked.number)
    except Invalid:
        found = None
    if found is None or found.state not in ISSUED_ONCE or not concerns(found, caller.country, asked.token):  # 4
        if (
            deps.register.bump(refused_calls, expires=deps.now + 2 * HOUR) > MISSES_AT_MOST
        ):  # also for calls at the same time, so that together they learn no more
            raise _too_many()
        raise ExchangeRefused(
            "No permit with this number names your country. If you have the document, send its check code.",
            fault="PermitNotFound",
        )
    return found


def _too_many() -> TooMany:
    return TooMany("Too many requests for permits that were not found. Try again in an hour.", retry_after=HOUR)


def allowed(asked: PartyQuestion, caller: Caller) -> None:
    """Check that the Party may ask this operation (3). Raises `ExchangeRefused` (AdapterNotAvailable)."""
    if asked.operation not in caller.party.may:
        raise ExchangeRefused("The access list does not allow you this operation.", fault="AdapterNotAvailable")


def concerns(dossier: Dossier, country: str, token: str) -> bool:
    """True if the country is in block 3, 4, 12 or 12a. If the question has a check code, the code alone decides.

    A check code that is given has to be right.
    """
    if token:
        given, right = normal_check_code(token), dossier.check_code
        return bool(given and right) and hmac.compare_digest(str(right), str(given))
    application = from_record(dossier.record)
    named = {application.exporter.country, application.importer.country}
    for line in application.lines:
        named |= {source.country for source in (line.origin, line.last_reexport) if source}
    return country in named


def in_force(dossier: Dossier, asked: PartyQuestion) -> None:
    """Check 5 and 6. Raises `ExchangeRefused` (NotInForce, NotFinal), because the XML has no place for a state."""
    if dossier.state != State.ISSUED:
        raise ExchangeRefused(f"This permit is {dossier.state}: do not accept it, and ask us.", fault="NotInForce")
    if asked.operation == FINAL and first_use(dossier.uses, "export", "import") is None:
        raise ExchangeRefused("This permit has not been endorsed yet: ask for the non-final one.", fault="NotFinal")


@contextmanager
def journaled(asked: PartyQuestion, caller: Caller, deps: Deps) -> Iterator[Callable[..., None]]:
    """Journal a call (7): `with journaled(...) as keep: ...; keep("answered", digest, permit_id)`.

    Refusals are journaled too.
    """

    def keep(outcome: str, digest: str = "", permit_id: str = "") -> None:
        deps.register.commit(*parties.puts(entry(asked, caller, outcome, deps, digest), permit_id))

    try:
        yield keep
    except (ExchangeRefused, Invalid, TooLarge, TooMany) as error:
        keep(name_of(error))
        raise


def entry(asked: PartyQuestion, caller: Caller, outcome: str, deps: Deps, digest: str = "") -> Entry:
    return Entry(
        deps.new_id(),
        deps.now,
        caller.country,
        "they",
        asked.operation,
        asked.number,
        outcome,
        digest,
        caller.certificate.serial,
        caller.certificate.thumbprint,
        correlation_id=asked.correlation_id,
    )


def name_of(error: TamgaError) -> str:
    return error.name if isinstance(error, ExchangeRefused) else error.slug
