"""The composition root: this process's office, which does each function's work over its ports.

Lazy, as `wired_knowledge.py`, which is what it judges by, and `wired_ports.py`, what stands behind each port.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from chalicelib import log
from chalicelib.config import Config, from_environment
from chalicelib.core.errors import TamgaError
from chalicelib.services import participants
from chalicelib.wired_knowledge import Knowledge

if TYPE_CHECKING:
    from chalicelib.core.dossier import Dossier
    from chalicelib.core.foreign_paper import ForeignPaper
    from chalicelib.core.roles import Actor
    from chalicelib.letterhead import Composer
    from chalicelib.ports import PermitIssuer, PermitPrinter, PermitRegister, Put, Signer, StatusPublisher
    from chalicelib.services.ask_issuer import Exchange
    from chalicelib.services.fetch_lists import Fetched
    from chalicelib.services.participants import Move
    from chalicelib.services.send_notices import Done
    from chalicelib.services.sweep import Swept
    from chalicelib.services.withdraw_endorsement import UndoPaper

CERTIFICATE_DAYS = 3650  # its key retires long before


def provide() -> None:
    """Set what rooms below use of rooms above them. Each is imported at its first call."""
    participants.take_part.set(_take_part)


def _take_part(
    moves: Sequence[Move], actor: Actor, now: int, register: PermitRegister
) -> tuple[list[Dossier], list[Put]]:
    from chalicelib.services.count_quotas import counted

    return counted(moves, actor, now, register)


class Office(Knowledge):
    """Everything that an edge or the CLI needs, by name. Tests make one of memory adapters (`tests/office.py`)."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        provide()

    @cached_property
    def issuer(self) -> PermitIssuer:
        if self.config.issuer_function:
            from chalicelib.adapters.lambda_issuer import LambdaIssuer

            return LambdaIssuer(self._functions, self.config.issuer_function)
        from chalicelib.adapters.memory import MemoryIssuer

        return MemoryIssuer(self.issue_here)

    @cached_property
    def printer(self) -> PermitPrinter:
        if self.config.printer_function:
            from chalicelib.adapters.lambda_printer import LambdaPrinter

            return LambdaPrinter(self._functions, self.config.printer_function)
        from chalicelib.adapters.memory import MemoryPrinter

        return MemoryPrinter(self.print_here)

    @cached_property
    def publisher(self) -> StatusPublisher:
        if self.config.status_function:
            from chalicelib.adapters.lambda_publisher import LambdaPublisher

            return LambdaPublisher(self._functions, self.config.status_function)
        from chalicelib.adapters.memory import MemoryPublisher

        return MemoryPublisher(self.publish_here)

    def person(self, token: str) -> Actor:
        """Whose access token it is, at their posts. Raises `Unauthenticated`."""
        from chalicelib.edges.people import at_their_posts

        return at_their_posts(self.authenticate(token), self.register)

    def caller(self, known: Actor, operation: str, device: str) -> Actor:
        """Who calls (`deps.Deps`)."""
        from chalicelib.edges.people import at_their_posts
        from chalicelib.services import deputies, devices

        actor = deputies.acting(known, lambda: self.stage.today(self.clock()), register=self.register)
        actor.need(operation)  # the service asks again, on what it finds
        if device:
            devices.need_kept(device, register=self.register)
        return at_their_posts(actor, self.register)

    def issue_here(self, permit_id: str) -> None:
        """The issuing function's work: sign what the register says. The print is made when it is first fetched."""
        from chalicelib.services import sign_permit

        sign_permit.sign(
            permit_id,
            register=self.register,
            signers=self.signer,
            trust=self.trust(),
            listing=self.listing,
            stage=self.stage,
            now=self.clock(),
        )

    def print_here(self, permit_id: str, original: bool) -> None:
        """The printing function's work."""
        from chalicelib.services import print_permit

        print_permit.make(
            permit_id,
            register=self.register,
            blobs=self.blobs,
            render=self.render,
            trust=self.trust,
            stage=self.stage,
            now=self.clock(),
            original=original,
        )

    def publish_here(self, uri: str) -> None:
        """The status function's work for one list, at once."""
        from chalicelib.services import publish_status, store

        publish_status.publish(
            uri,
            register=self.register,
            static=self.static,
            signers=self.signer,
            recorded=partial(store.recorded_value, self.register),
            trust=self.trust(),
            stage=self.stage,
            now=self.clock(),
            at_once=True,
            restored=self.gate.shut() is not None,
            report=self._report_unexplained,
        )

    def _report_unexplained(self, count: int) -> None:
        from chalicelib.services.publish_status import UNEXPLAINED_AT_MOST

        log.unexplained(count, stopped=count > UNEXPLAINED_AT_MOST)

    def publish_due(self) -> list[str]:
        """The schedule's work: every list that is due, and the register's mark."""
        from chalicelib.services import publish_status, store
        from chalicelib.services.gate import keep_mark

        def keep() -> None:
            keep_mark(self.register, self.static, self.stage.issuer, self.clock())

        restored = self.gate.shut(at_once=True) is not None
        if restored:
            keep()  # since when it is shut, before a list is kept alive and signed later than that
        try:
            return publish_status.publish_due(
                register=self.register,
                static=self.static,
                signers=self.signer,
                recorded=partial(store.recorded_value, self.register),
                trust=self.trust(),
                stage=self.stage,
                now=self.clock(),
                restored=restored,
                report=self._report_unexplained,
            )
        finally:
            if not restored:
                keep()

    def fetch_lists(self) -> Fetched:
        """The schedule's work: other Parties' status lists. Without the register, which its function may not read."""
        from chalicelib.services import fetch_lists

        def tell(country: str, error: Exception) -> None:
            if isinstance(error, TamgaError):
                log.party(country, "fetch_lists", error.detail)
            else:
                log.fault(error, "fetch_lists")

        return fetch_lists.fetch(
            issuer=self.stage.issuer, pins=self.pins, static=self.static, source=self.published_lists, tell=tell,
            now=self.clock(),
        )  # fmt: skip

    def sweep(self) -> Swept:
        """The schedule's work: what was cut off, unanswered or written past the service (services/sweep.py)."""
        from chalicelib.services.sweep import sweep

        now = self.clock()
        return sweep(
            register=self.register, stage=self.stage, listing=self.listing, posts=self.posts,
            lists=None if self.gate.not_open else lambda uri: self.own_lists.at(uri, now),
            report=lambda found: log.difference(found.permit_id, found.words), now=now,
        )  # fmt: skip

    def send_notices(self) -> Done:
        """The schedule's work: mails to applicants. Nothing while the register is shut, or nobody is named to send."""
        from chalicelib import tables
        from chalicelib.core.address import LANGUAGES
        from chalicelib.letterhead import Letterhead
        from chalicelib.services.send_notices import Done, send

        if not self.config.notices_from or self.gate.shut() is not None:
            return Done()
        authority = tables.authority(self.stage.issuer)
        head = Letterhead(
            page=self.config.exporter_page,
            zone=self.stage.zone,
            practice=self.stage.practice,
            duty=self.stage.duty_number,
            authority={language: authority.get(f"name_{language}", authority["name"]) for language in LANGUAGES},
            posts={language: tables.post_names(language, self.stage.issuer) for language in LANGUAGES},
        )
        return send(
            register=self.register,
            mailer=self.mailer,
            compose=lambda notice, address: self.mails[notice["kind"]](notice, address, head),
            report=lambda error: log.fault(error, "notice"),
            clock=self.clock,
        )

    @cached_property
    def mails(self) -> Mapping[str, Composer]:
        """Kind of notice -> what composes its mail, as each room registers its own."""
        from chalicelib import alert_words, arrival_mail, expert_mail, notice_words, pattern_mail

        rooms = (notice_words, arrival_mail, alert_words, expert_mail, pattern_mail)
        return {kind: compose for room in rooms for kind, compose in room.MAILS.items()}

    @property
    def exchange(self) -> Exchange | None:
        """Asks the issuer of another Party's paper, where it has a service (services/ask_issuer.py)."""
        from chalicelib.services import ask_party

        parties = self.parties
        if parties is None:
            return None

        def asked(paper: ForeignPaper, actor: Actor) -> dict[str, str] | None:
            if paper.issuer not in parties.countries:
                return None
            heard = ask_party.ask(
                paper.issuer, paper.number, actor, services=parties, register=self.register, blobs=self.blobs,
                new_id=self.new_id, now=self.clock(),
            )  # fmt: skip
            return ask_party.about_paper(heard, paper.record)

        return asked

    @property
    def undo_paper(self) -> UndoPaper:
        """For `withdraw_endorsement.undo`."""
        from chalicelib.services.withdraw_foreign import undo_paper

        return undo_paper

    def certificate_of(self, kid: bytes) -> bytes:
        """A new certificate (DER) by which a `pdf` key of ours speaks for itself; raises `Unavailable`."""
        from datetime import UTC, datetime, timedelta

        from chalicelib.documents.seal_pdf import self_issued_certificate

        begins = datetime.fromtimestamp(self.clock(), UTC) - timedelta(days=1)
        return self_issued_certificate(
            self.signer(kid),
            name="Tamga practice" if self.stage.practice else "Tamga",
            country=self.stage.issuer,
            not_before=begins,
            not_after=begins + timedelta(days=CERTIFICATE_DAYS),
            serial=int.from_bytes(self.random_bytes(16)) >> 1 | 1,  # positive, RFC 5280 s. 4.1.2.2
        )

    def ask_certificate(self, kid: bytes) -> bytes:
        """The same, made by the printing function where one is named: no other may use the key."""
        if not self.config.printer_function:
            return self.certificate_of(kid)
        from chalicelib.adapters.lambda_call import call

        return base64.b64decode(call(self._functions, self.config.printer_function, {"certificate_of": kid.hex()}))

    @cached_property
    def render(self) -> Callable[..., bytes]:
        from chalicelib.documents.print_dossier import printer

        return printer(
            sealer=self._seal,
            clock=self.clock,
            stage=self.stage,
            authority=self.authority,
            place=self.config.place,
        )

    @cached_property
    def render_preview(self) -> Callable[..., bytes]:
        """Without a key: the HTTP function itself renders what is no permit."""
        from chalicelib.documents.print_dossier import previewer

        return previewer(stage=self.stage, authority=self.authority, place=self.config.place)

    def workbook(self, sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
        """A report as XLSX: title of a sheet -> its rows."""
        from chalicelib.documents.workbook import workbook

        return workbook(sheets, made_at=self.clock())

    def _seal(self) -> tuple[Signer, bytes]:
        from chalicelib.services import choose_seal

        certificates = [base64.b64decode(text) for text in self.config.pdf_certificate.split(",")]
        mine = self.trust().list_for(self.stage.issuer)
        return choose_seal.seal(mine, certificates, signers=self.signer, now=self.clock())


_office: Office | None = None


def office() -> Office:
    """This process's office, made from the environment at the first call."""
    global _office  # noqa: PLW0603
    if _office is None:
        _office = Office(from_environment())
    return _office


def use(other: Office | None) -> None:
    """Put another office in place (tests, the local run); None: make it from the environment again."""
    global _office  # noqa: PLW0603
    _office = other
