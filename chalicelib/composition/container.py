"""Which adapter stands behind which port in this process.

Lazy: nothing is made on import, and what only one function needs is imported where it is used, because every function
begins here.

`Knowledge` is what this process judges by: lists, tables, trust and the offline bundle, each read when it is asked for,
and kept. `Office` is the composition root: it does each function's work over the ports.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.days import DAY
from chalicelib.kernel.errors import TamgaError, Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.permits.services import participants
from chalicelib.platform import log
from chalicelib.platform.config import Config, from_environment

if TYPE_CHECKING:
    from chalicelib.composition.sweep import Swept
    from chalicelib.diagnostics.services import Surroundings
    from chalicelib.endorsement.services.withdraw import UndoPaper
    from chalicelib.exchange.services.ask_party import PartyServices
    from chalicelib.foreign_permits.services.enquiry import Exchange
    from chalicelib.issuing.print.sheet import Authority
    from chalicelib.issuing.services.print_permit import PermitPrinter
    from chalicelib.issuing.services.sign import PermitIssuer
    from chalicelib.kernel.rows import Put
    from chalicelib.mail.letterhead import Composer
    from chalicelib.mail.services import Done, Mailer
    from chalicelib.offline.services.bundle import Bundle, Part
    from chalicelib.people.model import Posts
    from chalicelib.permits.model.dossier import Dossier
    from chalicelib.permits.services.participants import Move
    from chalicelib.platform.deps import BlobStore, PermitRegister, StaticStore
    from chalicelib.platform.restore_lock import RestoreLock
    from chalicelib.reading.read_document import DocumentReader
    from chalicelib.species.model.listing import Listing
    from chalicelib.species.services.list_in_use import SpeciesListCache
    from chalicelib.trust.model.trust import Trust
    from chalicelib.trust.model.trust_list import Pin
    from chalicelib.trust.services.caches import StatusListCache, TrustCache
    from chalicelib.trust.services.party_lists import Fetched, PublishedLists
    from chalicelib.trust.services.publish_status_lists import StatusPublisher
    from chalicelib.trust.services.signing import Signer
    from chalicelib.verification.model.foreign_permit import ForeignPermit
    from chalicelib.verification.services.accounts import HeldNumbers
    from chalicelib.verification.services.verify import Checker


CERTIFICATE_DAYS = 3650  # its key retires long before
# Seconds that a process hands out the offline bundle it put together: a read for each list and each day.
BUNDLE_KEPT = 60


class Ports:
    """The ports of a process by name, with its clock, ids and random bytes.

    What another function does, or else this process itself, `container.Office` adds: issuer, printer, publisher.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self._kms_signers: dict[bytes, Signer] = {}

    @property
    def stage(self) -> Stage:
        return self.config.stage

    def clock(self) -> int:
        """Whole seconds since 1970, UTC."""
        return int(time.time())

    def new_id(self) -> str:
        """A ULID: sorts by time, tells nothing else."""
        from ulid import ULID

        return str(ULID())

    def random_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    @cached_property
    def register(self) -> PermitRegister:
        from chalicelib.adapters.aws.register import DynamoRegister
        from chalicelib.platform.restore_lock import LockedRegister

        table = DynamoRegister(self.config.table, region=self.config.region, endpoint=self.config.endpoint)
        return LockedRegister(table, self.gate)

    @cached_property
    def parties(self) -> PartyServices | None:
        """Other Parties' services; None where no address of any is configured."""
        if not self.config.exchange_endpoints:
            return None
        if self.config.exchange_function:
            from chalicelib.adapters.aws.functions import LambdaParties

            countries = frozenset(self.config.exchange_endpoints)
            return LambdaParties(self._functions, self.config.exchange_function, countries)
        return self.epix

    @cached_property
    def epix(self) -> PartyServices:
        """For the function that asks them itself."""
        from chalicelib.adapters.outside.epix import EpixClient

        return EpixClient(
            self.config.exchange_endpoints,
            credentials=self._party_credentials,
            authorities=self.config.exchange_authorities,
        )

    def _party_credentials(self) -> str:
        """Our client certificate and its key, PEM."""
        where = self.config.exchange_credentials
        if not where:
            raise Unavailable("No client certificate for other Parties is configured.")
        if where.startswith("secret:"):
            secret = self._client("secretsmanager").get_secret_value(SecretId=where.removeprefix("secret:"))
            return str(secret["SecretString"])
        try:
            return Path(where).read_text("ascii")
        except (OSError, ValueError):
            raise Unavailable("Our client certificate for other Parties cannot be read.") from None

    @cached_property
    def published_lists(self) -> PublishedLists:
        """Other Parties' hosts."""
        from chalicelib.adapters.outside.party_lists import HttpsLists

        return HttpsLists()

    @cached_property
    def gate(self) -> RestoreLock:
        """Whether the register is one that was restored and is not open yet."""
        from chalicelib.platform.restore_lock import RestoreLock

        return RestoreLock(
            self.stage.issuer,
            register=lambda: self.register,
            static=lambda: self.static,
            clock=self.clock,
            report=lambda error: log.fault(error, "gate"),
        )

    @cached_property
    def blobs(self) -> BlobStore:
        from chalicelib.adapters.aws.s3 import S3Blobs

        return S3Blobs(self._s3, self.config.files_bucket, lock=self.config.files_lock)

    @cached_property
    def static(self) -> StaticStore:
        from chalicelib.adapters.aws.s3 import S3Static

        return S3Static(self._s3, self.config.static_bucket)

    @cached_property
    def reader(self) -> DocumentReader:
        if self.config.reader_function:
            from chalicelib.adapters.aws.functions import LambdaReader

            return LambdaReader(self._functions, self.config.reader_function)
        from chalicelib.adapters.in_process.reader import ProcessReader

        return ProcessReader()

    @cached_property
    def authenticate(self) -> Callable[[str], Actor]:
        """The person behind an access token, without posts; raises `Unauthenticated`."""
        from chalicelib.adapters.outside.access_tokens import AccessTokens

        return AccessTokens(
            issuer=self.config.token_issuer,
            client_ids=self.config.client_ids,
            fetch=self.token_keys,
            clock=self.clock,
        )

    @cached_property
    def token_keys(self) -> Callable[[], bytes]:
        """Fetches the keys that access tokens are signed with (JWKS)."""
        from chalicelib.adapters.outside.access_tokens import fetch_from

        return fetch_from(self.config.jwks_url)

    def signer(self, kid: bytes) -> Signer:
        """The signer of this key; raises `Unavailable` for a key that this function was not given."""
        key_id = self.config.keys.get(kid.hex())
        if key_id is None:
            raise Unavailable("This function may not use that key.")
        if kid not in self._kms_signers:
            self._kms_signers[kid] = self.key_named(key_id)  # kept, for it keeps the public key that it asked for
        return self._kms_signers[kid]

    def key_named(self, key_id: str) -> Signer:
        """The signer of a KMS key by id, ARN or alias, whether it is configured or not: for who runs the keys."""
        from chalicelib.adapters.aws.kms_signer import KmsSigner

        return KmsSigner(self._kms, key_id)

    @cached_property
    def mailer(self) -> Mailer:
        from chalicelib.adapters.aws.mailer import SesMailer

        return SesMailer(self._client("sesv2", attempts=1), self.config.notices_from)

    @cached_property
    def surroundings(self) -> Surroundings:
        from chalicelib.adapters.aws.surroundings import AwsSurroundings

        pool = self.config.token_issuer.rpartition("/")[2]
        return AwsSurroundings(self._client, self.config.table, pool)

    @cached_property
    def _kms(self) -> Any:
        return self._client("kms", attempts=1)

    @cached_property
    def _s3(self) -> Any:
        return self._client("s3")

    @cached_property
    def _functions(self) -> Any:
        from chalicelib.adapters.aws.functions import READ_SECONDS

        return self._client("lambda", attempts=1, read_seconds=READ_SECONDS)

    def _client(self, service: str, **options: Any) -> Any:
        from chalicelib.adapters.aws.client import make_client

        return make_client(service, region=self.config.region, endpoint=self.config.endpoint, **options)


class Knowledge(Ports):
    """Beside the ports, what is read through them."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._trust: TrustCache | None = None
        self._bundle: tuple[int, Bundle] | None = None
        self._parts: tuple[int, Mapping[str, Part]] | None = None

    @property
    def listing(self) -> Listing:
        """The species list in use (`species/services/list_in_use.py`). Raises `Unavailable` while none could be
        read."""
        return self.species.at(self.clock())

    @cached_property
    def species(self) -> SpeciesListCache:
        from chalicelib.species.services import list_in_use
        from chalicelib.species.services.list_in_use import Release, SpeciesListCache

        return SpeciesListCache(
            Release(list_in_use.species_rows, list_in_use.listing, list_in_use.listing_of),
            register=self.register,
            report=lambda error: log.fault(error, "species list"),
        )

    @property
    def posts(self) -> Posts:
        from chalicelib.people import services as people

        return people.posts(self.stage.issuer)

    @property
    def pins(self) -> tuple[Pin, ...]:
        """Our own first: where another Party's list names our host, ours has it (`Trust`)."""
        from chalicelib.trust.model.trust_list import Pin

        return tuple(
            Pin(
                country,
                tuple(bytes.fromhex(t) for t in thumbprints),
                self.stage.practice,
                self.config.practice_hosts.get(country, ""),
            )
            for country, thumbprints in sorted(self.config.pins.items(), key=lambda item: item[0] != self.stage.issuer)
        )

    def trust(self) -> Trust:
        """The published trust lists, as `hold_trust` keeps them. Raises `Unavailable` while there are none."""
        from chalicelib.trust.services.caches import TrustCache

        if self._trust is None:
            self._trust = TrustCache(
                self.stage.issuer,
                self.pins,
                register=self.register,
                static=self.static,
                report=lambda error: log.fault(error, "trust"),
            )
        return self._trust.at(self.clock())

    @cached_property
    def numbers(self) -> HeldNumbers:
        from chalicelib.verification.services.accounts import HeldNumbers

        return HeldNumbers()

    @cached_property
    def own_lists(self) -> StatusListCache:
        from chalicelib.trust.services.caches import StatusListCache
        from chalicelib.trust.services.publish_status_lists import published

        return StatusListCache(
            lambda uri: published(uri, static=self.static, trust=self.trust(), stage=self.stage),
            report=lambda error: log.fault(error, "status list"),
        )

    def checker(self) -> Checker:
        from chalicelib.platform import country_folder
        from chalicelib.trust.services import party_lists
        from chalicelib.verification.services.verify import Checker

        return Checker(
            self.stage,
            self.trust(),
            self.posts,
            country_folder.offline_limits(),
            listed=lambda issuer, uri: (
                self.own_lists.at(uri, self.clock())
                if issuer == self.stage.issuer
                else party_lists.listed(issuer, uri, static=self.static, trust=self.trust())
            ),
            numbers=self.numbers,
        )

    def bundle(self) -> Bundle:
        """What devices need offline, put together at most once a minute; the permission to ask is the edge's."""
        from chalicelib.offline.services import bundle as offline_bundle
        from chalicelib.platform import country_folder
        from chalicelib.trust.services import party_lists

        now = self.clock()
        if self._bundle is None or not 0 <= now - self._bundle[0] < BUNDLE_KEPT:
            made = offline_bundle.bundle(
                register=self.register,
                static=self.static,
                stage=self.stage,
                posts=self.posts,
                offline_limits=country_folder.offline_limits(),
                party_lists=party_lists.kept(self.stage.issuer, pins=self.pins, static=self.static, now=now),
                parts={name: part.etag for name, part in self.bundle_parts().items()},
                tell=lambda country, count: log.party(country, "bundle", f"Lists too large for devices: {count}."),
                now=now,
            )
            self._bundle = (now, made)
        return self._bundle[1]

    def bundle_parts(self) -> Mapping[str, Part]:
        """What is fetched beside the bundle (`bundle_parts.PARTS`), made anew as seldom as the bundle itself."""
        from chalicelib.offline.services import bundle as offline_bundle

        now = self.clock()
        if self._parts is None or not 0 <= now - self._parts[0] < BUNDLE_KEPT:
            self._parts = (now, offline_bundle.made(self))
        return self._parts[1]

    def freshness(self) -> dict[str, int]:
        """What every verifier needs anew in time: whole days of the trust list's life, seconds of the oldest list, how
        many changes are not published after ten minutes."""
        from chalicelib.trust.services import publish_status_lists

        now, trust = self.clock(), self.trust()
        own = trust.list_for(self.stage.issuer)
        return {
            "trust_list_days": max(0, own.expires_at - now) // DAY if own else 0,
            "oldest_list": publish_status_lists.oldest(static=self.static, trust=trust, stage=self.stage, now=now),
            "late_changes": 0
            if self.gate.not_open
            else publish_status_lists.late_changes(
                register=self.register, static=self.static, trust=trust, stage=self.stage, now=now
            ),
        }

    @cached_property
    def authority(self) -> Authority:
        """Block 6."""
        from chalicelib.issuing.print.sheet import Authority
        from chalicelib.platform import country_folder

        issuer = self.stage.issuer
        fields, languages = country_folder.authority(issuer), country_folder.languages(issuer)
        own = tuple(fields[f"name_{each}"] for each in languages)
        return Authority(fields["name"], own, fields["address"], issuer, languages, country_folder.state(issuer))


def provide() -> None:
    """Set what rooms below use of rooms above them. Each is imported at its first call."""
    participants.take_part.set(_take_part)


def _take_part(
    moves: Sequence[Move], actor: Actor, now: int, register: PermitRegister
) -> tuple[list[Dossier], list[Put]]:
    from chalicelib.quotas.services.count import participate

    return participate(moves, actor, now, register)


class Office(Knowledge):
    """Everything that an edge or the CLI needs, by name. Tests make one of memory adapters (`tests/office.py`)."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        provide()

    @cached_property
    def issuer(self) -> PermitIssuer:
        if self.config.issuer_function:
            from chalicelib.adapters.aws.functions import LambdaIssuer

            return LambdaIssuer(self._functions, self.config.issuer_function)
        from chalicelib.adapters.in_process.memory import MemoryIssuer

        return MemoryIssuer(self.issue_here)

    @cached_property
    def printer(self) -> PermitPrinter:
        if self.config.printer_function:
            from chalicelib.adapters.aws.functions import LambdaPrinter

            return LambdaPrinter(self._functions, self.config.printer_function)
        from chalicelib.adapters.in_process.memory import MemoryPrinter

        return MemoryPrinter(self.print_here)

    @cached_property
    def publisher(self) -> StatusPublisher:
        if self.config.status_function:
            from chalicelib.adapters.aws.functions import LambdaPublisher

            return LambdaPublisher(self._functions, self.config.status_function)
        from chalicelib.adapters.in_process.memory import MemoryPublisher

        return MemoryPublisher(self.publish_here)

    def person(self, token: str) -> Actor:
        """Whose access token it is, at their posts. Raises `Unauthenticated`."""
        from chalicelib.people.services import at_their_posts

        return at_their_posts(self.authenticate(token), self.register)

    def caller(self, known: Actor, operation: str, device: str) -> Actor:
        """Who calls (`deps.Deps`)."""
        from chalicelib.offline.services import devices
        from chalicelib.people import services as people
        from chalicelib.people.services import at_their_posts

        actor = people.acting(known, lambda: self.stage.today(self.clock()), register=self.register)
        actor.need(operation)  # the service asks again, on what it finds
        if device:
            devices.need_kept(device, register=self.register)
        return at_their_posts(actor, self.register)

    def issue_here(self, permit_id: str) -> None:
        """The issuing function's work: sign what the register says. The print is made when it is first fetched."""
        from chalicelib.issuing.services import sign

        sign.sign(
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
        from chalicelib.issuing.services import print_permit

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
        from chalicelib.permits.services import store
        from chalicelib.trust.services import publish_status_lists

        publish_status_lists.publish(
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
        from chalicelib.trust.services.publish_status_lists import UNEXPLAINED_AT_MOST

        log.unexplained(count, stopped=count > UNEXPLAINED_AT_MOST)

    def publish_due(self) -> list[str]:
        """The schedule's work: every list that is due, and the register's mark."""
        from chalicelib.permits.services import store
        from chalicelib.platform.restore_lock import keep_mark
        from chalicelib.trust.services import publish_status_lists

        def keep() -> None:
            keep_mark(self.register, self.static, self.stage.issuer, self.clock())

        restored = self.gate.shut(at_once=True) is not None
        if restored:
            keep()  # since when it is shut, before a list is kept alive and signed later than that
        try:
            return publish_status_lists.publish_due(
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
        from chalicelib.trust.services import party_lists

        def tell(country: str, error: Exception) -> None:
            if isinstance(error, TamgaError):
                log.party(country, "fetch_lists", error.detail)
            else:
                log.fault(error, "fetch_lists")

        return party_lists.fetch(
            issuer=self.stage.issuer,
            pins=self.pins,
            static=self.static,
            source=self.published_lists,
            tell=tell,
            now=self.clock(),
        )

    def sweep(self) -> Swept:
        """The schedule's work: what was cut off, unanswered or written past the service (composition/sweep.py)."""
        from chalicelib.composition.sweep import sweep

        now = self.clock()
        return sweep(
            register=self.register,
            stage=self.stage,
            listing=self.listing,
            posts=self.posts,
            lists=None if self.gate.not_open else lambda uri: self.own_lists.at(uri, now),
            report=lambda found: log.difference(found.permit_id, found.words),
            now=now,
        )

    def send_notices(self) -> Done:
        """The schedule's work: mails to applicants. Nothing while the register is shut, or nobody is named to send."""
        from chalicelib.mail.letterhead import Letterhead
        from chalicelib.mail.services import LANGUAGES, Done, send
        from chalicelib.platform import country_folder

        if not self.config.notices_from or self.gate.shut() is not None:
            return Done()
        authority = country_folder.authority(self.stage.issuer)
        head = Letterhead(
            page=self.config.exporter_page,
            zone=self.stage.zone,
            practice=self.stage.practice,
            duty=self.stage.duty_number,
            authority={language: authority.get(f"name_{language}", authority["name"]) for language in LANGUAGES},
            posts={language: country_folder.post_names(language, self.stage.issuer) for language in LANGUAGES},
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
        from chalicelib.alerts import mail as alerts_mail
        from chalicelib.expert_questions import mail as expert_questions_mail
        from chalicelib.permits import mail as permits_mail
        from chalicelib.suspicions import mail as suspicions_mail

        rooms = (permits_mail, permits_mail, alerts_mail, expert_questions_mail, suspicions_mail)
        return {kind: compose for room in rooms for kind, compose in room.MAILS.items()}

    @property
    def exchange(self) -> Exchange | None:
        """Asks the issuer of another Party's paper, where it has a service (foreign_permits/services/enquiry.py)."""
        from chalicelib.exchange.services import ask_party

        parties = self.parties
        if parties is None:
            return None

        def asked(paper: ForeignPermit, actor: Actor) -> dict[str, str] | None:
            if paper.issuer not in parties.countries:
                return None
            heard = ask_party.ask(
                paper.issuer,
                paper.number,
                actor,
                services=parties,
                register=self.register,
                blobs=self.blobs,
                new_id=self.new_id,
                now=self.clock(),
            )
            return ask_party.about_paper(heard, paper.record)

        return asked

    @property
    def undo_paper(self) -> UndoPaper:
        """For `withdraw_endorsement.undo`."""
        from chalicelib.foreign_permits.services.changes import undo_paper

        return undo_paper

    def certificate_of(self, kid: bytes) -> bytes:
        """A new certificate (DER) by which a `pdf` key of ours speaks for itself; raises `Unavailable`."""
        from datetime import UTC, datetime, timedelta

        from chalicelib.issuing.print.seal import self_issued_certificate

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
        from chalicelib.adapters.aws.functions import call

        return base64.b64decode(call(self._functions, self.config.printer_function, {"certificate_of": kid.hex()}))

    @cached_property
    def render(self) -> Callable[..., bytes]:
        from chalicelib.issuing.print.permit_pdf import printer

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
        from chalicelib.issuing.print.permit_pdf import previewer

        return previewer(stage=self.stage, authority=self.authority, place=self.config.place)

    def workbook(self, sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
        """A report as XLSX: title of a sheet -> its rows."""
        from chalicelib.reports.services.illegal_trade import workbook

        return workbook(sheets, made_at=self.clock())

    def _seal(self) -> tuple[Signer, bytes]:
        from chalicelib.trust.services import signing

        certificates = [base64.b64decode(text) for text in self.config.pdf_certificate.split(",")]
        mine = self.trust().list_for(self.stage.issuer)
        return signing.seal(mine, certificates, signers=self.signer, now=self.clock())


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
