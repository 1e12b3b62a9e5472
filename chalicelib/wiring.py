"""The composition root: this process's office, which does each function's work over its ports.

Lazy, as `wired_ports.py`, which says what stands behind each port.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib import log
from chalicelib.config import Config, from_environment
from chalicelib.core.errors import TamgaError
from chalicelib.wired_ports import Ports

if TYPE_CHECKING:
    from chalicelib.bundle_parts import Part
    from chalicelib.core.foreign_paper import ForeignPaper
    from chalicelib.core.ledger import Posts
    from chalicelib.core.listing import Listing
    from chalicelib.core.roles import Actor
    from chalicelib.core.trust import Trust
    from chalicelib.core.trust_list import Pin
    from chalicelib.documents.sheet import Authority
    from chalicelib.ports import PermitIssuer, PermitPrinter, Signer, StatusPublisher
    from chalicelib.services.ask_issuer import Exchange
    from chalicelib.services.fetch_lists import Fetched
    from chalicelib.services.hold_numbers import HeldNumbers
    from chalicelib.services.hold_trust import HeldTrust
    from chalicelib.services.make_bundle import Bundle
    from chalicelib.services.send_notices import Done
    from chalicelib.services.verify_permit import Checker

CERTIFICATE_DAYS = 3650  # its key retires long before
BUNDLE_KEPT = 60  # seconds that a process hands out the offline bundle it put together: half a hundred reads


class Office(Ports):
    """Everything that an edge or the CLI needs, by name. Tests make one of memory adapters (`tests/office.py`)."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._trust: HeldTrust | None = None
        self._bundle: tuple[int, Bundle] | None = None
        self._parts: tuple[int, Mapping[str, Part]] | None = None

    @property
    def listing(self) -> Listing:
        from chalicelib import tables

        return tables.listing()

    @property
    def posts(self) -> Posts:
        from chalicelib import tables

        return tables.posts(self.stage.issuer)

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

    @property
    def pins(self) -> tuple[Pin, ...]:
        """Our own first: where another Party's list names our host, ours has it (`Trust`)."""
        from chalicelib.core.trust_list import Pin

        return tuple(
            Pin(country, tuple(bytes.fromhex(t) for t in thumbprints), practice=self.stage.practice)
            for country, thumbprints in sorted(self.config.pins.items(), key=lambda item: item[0] != self.stage.issuer)
        )

    def trust(self) -> Trust:
        """The published trust lists, as `hold_trust` keeps them. Raises `Unavailable` while there are none."""
        from chalicelib.services.hold_trust import HeldTrust

        if self._trust is None:
            self._trust = HeldTrust(
                self.stage.issuer,
                self.pins,
                register=self.register,
                static=self.static,
                report=lambda error: log.fault(error, "trust"),
            )
        return self._trust.at(self.clock())

    @cached_property
    def numbers(self) -> HeldNumbers:
        from chalicelib.services.hold_numbers import HeldNumbers

        return HeldNumbers()

    def checker(self) -> Checker:
        from chalicelib import tables
        from chalicelib.services import fetch_lists
        from chalicelib.services.verify_permit import Checker

        return Checker(
            self.stage, self.trust(), self.posts, tables.offline_limits(),
            listed=lambda issuer, uri: fetch_lists.listed(
                issuer, uri, static=self.static, trust=self.trust(), stage=self.stage
            ),
            numbers=self.numbers,
        )  # fmt: skip

    def bundle(self) -> Bundle:
        """What devices need offline, put together at most once a minute; the permission to ask is the edge's."""
        from chalicelib import tables
        from chalicelib.services import fetch_lists, make_bundle

        now = self.clock()
        if self._bundle is None or not 0 <= now - self._bundle[0] < BUNDLE_KEPT:
            made = make_bundle.bundle(
                register=self.register,
                static=self.static,
                stage=self.stage,
                posts=self.posts,
                offline_limits=tables.offline_limits(),
                party_lists=fetch_lists.kept(self.stage.issuer, pins=self.pins, static=self.static, now=now),
                parts={name: part.etag for name, part in self.bundle_parts().items()},
                now=now,
            )
            self._bundle = (now, made)
        return self._bundle[1]

    def bundle_parts(self) -> Mapping[str, Part]:
        """What is fetched beside the bundle (`bundle_parts.PARTS`), made anew as seldom as the bundle itself."""
        from chalicelib import bundle_parts

        now = self.clock()
        if self._parts is None or not 0 <= now - self._parts[0] < BUNDLE_KEPT:
            self._parts = (now, bundle_parts.made(self))
        return self._parts[1]

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
            stage=self.stage,
            original=original,
        )

    def publish_here(self, uri: str) -> None:
        """The status function's work for one list, at once."""
        from chalicelib.services import publish_status

        publish_status.publish(
            uri,
            register=self.register,
            static=self.static,
            signers=self.signer,
            trust=self.trust(),
            stage=self.stage,
            now=self.clock(),
            at_once=True,
            restored=self.gate.shut() is not None,
        )

    def publish_due(self) -> list[str]:
        """The schedule's work: every list that is due, and the register's mark."""
        from chalicelib.services import publish_status
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
                trust=self.trust(),
                stage=self.stage,
                now=self.clock(),
                restored=restored,
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

    def send_notices(self) -> Done:
        """The schedule's work: mails to applicants. Nothing while the register is shut, or nobody is named to send."""
        from chalicelib import notice_words, tables
        from chalicelib.core.address import LANGUAGES
        from chalicelib.services.send_notices import Done, send

        if not self.config.notices_from or self.gate.shut() is not None:
            return Done()
        authority = tables.authority(self.stage.issuer)
        head = notice_words.Letterhead(
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
            compose=lambda notice, address: notice_words.compose(notice, address, head),
            report=lambda error: log.fault(error, "notice"),
            clock=self.clock,
        )

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

    def freshness(self) -> dict[str, int]:
        """What every verifier needs anew in time: whole days of the trust list's life, seconds of the oldest list."""
        from chalicelib.services import publish_status

        now, trust = self.clock(), self.trust()
        own = trust.list_for(self.stage.issuer)
        return {
            "trust_list_days": max(0, own.expires_at - now) // 86400 if own else 0,
            "oldest_list": publish_status.oldest(static=self.static, trust=trust, stage=self.stage, now=now),
        }

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

    @cached_property
    def authority(self) -> Authority:
        """Block 6."""
        from chalicelib import tables
        from chalicelib.documents.sheet import Authority

        fields = tables.authority(self.stage.issuer)
        own = tuple(text for name, text in fields.items() if name.startswith("name_"))
        return Authority(fields["name"], own, fields["address"], fields["country"])

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
