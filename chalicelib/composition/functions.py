"""Work of our other functions (composition/jobs.py). It runs in this process if no function is configured."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from chalicelib.kernel.days import DAY
from chalicelib.kernel.errors import TamgaError
from chalicelib.platform import log

if TYPE_CHECKING:
    from chalicelib.composition.sweep import SweepResult
    from chalicelib.issuing.services.ports import PrintDeps
    from chalicelib.mail.letterhead import Composer
    from chalicelib.mail.services import Mailer, MailRun
    from chalicelib.platform.restore_lock import RestoreLock
    from chalicelib.trust.services.party_lists import FetchCounts, FetchDeps
    from chalicelib.trust.services.ports import Signer

    class FunctionDeps(PrintDeps, FetchDeps, Protocol):
        """Dependencies of the functions."""

        @property
        def restore_lock(self) -> RestoreLock: ...
        @property
        def mailer(self) -> Mailer: ...
        @property
        def mails(self) -> Mapping[str, Composer]: ...


CERTIFICATE_DAYS = 3650  # the key is retired long before that


def issue(permit_id: str, deps: FunctionDeps) -> None:
    """Issuing function: sign the intent in the register. The print is made later, at its first download."""
    from chalicelib.issuing.services import sign

    sign.sign(permit_id, deps)


def print_permit(permit_id: str, original: bool, deps: FunctionDeps) -> None:
    """Printing function: make the print of a permit, sealed with the `pdf` key."""
    from chalicelib.issuing.services import print_permit

    print_permit.make(permit_id, deps, original=original)


def publish_status(uri: str, deps: FunctionDeps) -> None:
    """Status function: publish one status list at once."""
    from chalicelib.permits.services import store
    from chalicelib.trust.services import publish_status_lists

    publish_status_lists.publish(
        uri,
        deps,
        recorded=partial(store.recorded_value, deps.register),
        at_once=True,
        restored=deps.restore_lock.shut() is not None,
        report=_report_unexplained,
    )


def _report_unexplained(count: int) -> None:
    from chalicelib.trust.services.publish_status_lists import UNEXPLAINED_AT_MOST

    log.unexplained_entries(count, stopped=count > UNEXPLAINED_AT_MOST)


def publish_due(deps: FunctionDeps) -> list[str]:
    """Scheduled job: publish every status list that is due, and keep the register mark."""
    from chalicelib.permits.services import store
    from chalicelib.platform.restore_lock import keep_mark
    from chalicelib.trust.services import publish_status_lists

    def keep() -> None:
        keep_mark(deps.register, deps.static, deps.stage.issuer, deps.clock())

    restored = deps.restore_lock.shut(at_once=True) is not None
    if restored:
        keep()  # record the start of the lock before a list is renewed with a later signing time
    try:
        return publish_status_lists.publish_due(
            deps, recorded=partial(store.recorded_value, deps.register), restored=restored, report=_report_unexplained
        )
    finally:
        if not restored:
            keep()


def freshness(deps: FunctionDeps) -> dict[str, int]:
    """Return the figures that alarms watch for the lists that verifiers need.

    `trust_list_days`: whole days until our trust list expires. `oldest_list`: age of the oldest status list in seconds.
    `late_changes`: changes that are not published after ten minutes.
    """
    from chalicelib.trust.services import publish_status_lists

    trust = deps.trust()
    own = trust.list_for(deps.stage.issuer)
    return {
        "trust_list_days": max(0, own.expires_at - deps.now) // DAY if own else 0,
        "oldest_list": publish_status_lists.oldest(deps),
        "late_changes": 0 if deps.restore_lock.is_locked else publish_status_lists.late_changes(deps),
    }


def fetch_lists(deps: FunctionDeps) -> FetchCounts:
    """Scheduled job: fetch other Parties' status lists, without the register, which the function cannot read."""
    from chalicelib.trust.services import party_lists

    def tell(country: str, error: Exception) -> None:
        if isinstance(error, TamgaError):
            log.party_fault(country, "fetch_lists", error.detail)
        else:
            log.fault(error, "fetch_lists")

    return party_lists.fetch(deps, report_fault=tell)


def sweep(deps: FunctionDeps) -> SweepResult:
    """Scheduled job: the sweep (composition/sweep.py): cut-off signings, missing answers, writes outside the service.

    A locked register is not compared with the status lists.
    """
    from chalicelib.composition import sweep

    return sweep.sweep(
        deps,
        lists=None if deps.restore_lock.is_locked else lambda uri: deps.own_lists.at(uri, deps.now),
        report=lambda found: log.difference(found.permit_id, found.words),
    )


def send_notices(deps: FunctionDeps) -> MailRun:
    """Scheduled job: send due mails. It sends none while the register is locked or if no sender is configured."""
    from chalicelib.mail.letterhead import Letterhead
    from chalicelib.mail.services import LANGUAGES, MailRun, send
    from chalicelib.platform import country_folder

    if not deps.config.notices_from or deps.restore_lock.shut() is not None:
        return MailRun()
    authority = country_folder.authority(deps.stage.issuer)
    head = Letterhead(
        page=deps.config.exporter_page,
        zone=deps.stage.zone,
        practice=deps.stage.practice,
        duty=deps.stage.duty_number,
        authority={language: authority.get(f"name_{language}", authority["name"]) for language in LANGUAGES},
        posts={language: country_folder.post_names(language, deps.stage.issuer) for language in LANGUAGES},
    )
    mails = deps.mails
    return send(
        deps,
        mailer=deps.mailer,
        compose=lambda notice, address: mails[notice["kind"]](notice, address, head),
        report=lambda error: log.fault(error, "notice"),
    )


def certificate_of(kid: bytes, deps: FunctionDeps) -> bytes:
    """Return a new self-issued certificate (DER) of our `pdf` key. Raises `Unavailable`."""
    from chalicelib.issuing.print.seal import self_issued_certificate

    begins = datetime.fromtimestamp(deps.now, UTC) - timedelta(days=1)
    return self_issued_certificate(
        deps.signer(kid),
        name="Tamga practice" if deps.stage.practice else "Tamga",
        country=deps.stage.issuer,
        not_before=begins,
        not_after=begins + timedelta(days=CERTIFICATE_DAYS),
        serial=int.from_bytes(deps.random_bytes(16)) >> 1 | 1,  # positive, RFC 5280 s. 4.1.2.2
    )


def seal(deps: FunctionDeps) -> tuple[Signer, bytes]:
    """Return the signer of the `pdf` key in use, and its certificate (DER)."""
    from chalicelib.trust.services import signing

    certificates = [base64.b64decode(text) for text in deps.config.pdf_certificate.split(",")]
    mine = deps.trust().list_for(deps.stage.issuer)
    return signing.choose_seal_key(mine, certificates, signers=deps.signer, now=deps.clock())
