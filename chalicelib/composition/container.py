"""Container: the dependencies of all routes, commands and functions.

`Container` implements every room's `Deps` for one moment. Its ports (composition/ports.py) and caches
(composition/caches.py) live as long as the process. Nothing is made on import, because every function starts here and
uses only a part of it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from chalicelib.composition.caches import Caches
from chalicelib.composition.ports import Ports
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.stage import Stage
from chalicelib.permits.services import participants
from chalicelib.platform.config import Config, from_environment

if TYPE_CHECKING:
    from chalicelib.diagnostics.services import Surroundings
    from chalicelib.endorsement.services.withdraw import UndoPaper
    from chalicelib.exchange.services.ask_party import PartyServices
    from chalicelib.foreign_permits.services.enquiry import Exchange
    from chalicelib.issuing.print.sheet import Authority, IssuingOffice
    from chalicelib.issuing.services.ports import PermitIssuer, PermitPrinter
    from chalicelib.kernel.rows import Put
    from chalicelib.mail.letterhead import Composer
    from chalicelib.mail.services import Mailer
    from chalicelib.offline.services.bundle import Bundle, Part
    from chalicelib.people.model import Posts
    from chalicelib.permits.model.dossier import Dossier
    from chalicelib.permits.services.participants import DossierChange
    from chalicelib.platform.deps import BlobStore, Deps, PermitRegister, StaticStore
    from chalicelib.platform.restore_lock import RestoreLock
    from chalicelib.reading.read_document import DocumentReader
    from chalicelib.species.model.listing import Listing
    from chalicelib.species.services.list_in_use import SpeciesListCache
    from chalicelib.trust.model.trust import Trust
    from chalicelib.trust.model.trust_list import Pin
    from chalicelib.trust.services.caches import StatusListCache
    from chalicelib.trust.services.party_lists import PublishedLists
    from chalicelib.trust.services.ports import Signer, StatusPublisher
    from chalicelib.verification.model.foreign_permit import ForeignPermit
    from chalicelib.verification.services.verify import Checker


@dataclass(frozen=True, eq=False, repr=False)
class Container:
    """Dependencies of one request, command or run of a function. `now`: its time, seconds since 1970, UTC.

    Tests use one with ports in memory and their own clock (`tests/office.py`).
    """

    ports: Ports
    caches: Caches
    now: int

    def over(self, register: PermitRegister) -> Self:
        """Return the same dependencies over another register."""
        other = replace(self)
        vars(other)["register"] = register  # in place of the cached property
        return other

    def clock(self) -> int:
        """Return the current time in seconds since 1970. It is later than `now` in work that takes long."""
        return self.ports.clock()

    def new_id(self) -> str:
        return self.ports.new_id()

    def random_bytes(self, count: int) -> bytes:
        return self.ports.random_bytes(count)

    def signer(self, kid: bytes) -> Signer:
        return self.ports.signer(kid)

    def signer_by_alias(self, key_id: str) -> Signer:
        return self.ports.signer_by_alias(key_id)

    @cached_property
    def config(self) -> Config:
        return self.ports.config

    @cached_property
    def stage(self) -> Stage:
        return self.ports.stage

    @cached_property
    def register(self) -> PermitRegister:
        return self.ports.register

    @cached_property
    def blobs(self) -> BlobStore:
        return self.ports.blobs

    @cached_property
    def static(self) -> StaticStore:
        return self.ports.static

    @cached_property
    def restore_lock(self) -> RestoreLock:
        return self.ports.restore_lock

    @cached_property
    def reader(self) -> DocumentReader:
        return self.ports.reader

    @cached_property
    def mailer(self) -> Mailer:
        return self.ports.mailer

    @cached_property
    def surroundings(self) -> Surroundings:
        return self.ports.surroundings

    @cached_property
    def parties(self) -> PartyServices | None:
        return self.ports.parties

    @cached_property
    def published_lists(self) -> PublishedLists:
        return self.ports.published_lists

    @cached_property
    def authenticate(self) -> Callable[[str], Actor]:
        return self.ports.authenticate

    @cached_property
    def token_keys(self) -> Callable[[], bytes]:
        return self.ports.token_keys

    @property
    def pins(self) -> tuple[Pin, ...]:
        return self.caches.pins

    @property
    def species(self) -> SpeciesListCache:
        return self.caches.species

    @property
    def own_lists(self) -> StatusListCache:
        return self.caches.own_lists

    @cached_property
    def listing(self) -> Listing:
        """The species list in use, the same for the whole request. Raises `Unavailable` if none could be read yet."""
        return self.species.at(self.now)

    @property
    def posts(self) -> Posts:
        from chalicelib.people import services as people

        return people.posts(self.stage.issuer)

    @cached_property
    def _trust(self) -> Trust:
        return self.caches.trust.at(self.now)

    def trust(self) -> Trust:
        """Return the published trust lists, the same for the whole request. Raises `Unavailable` if there are none."""
        return self._trust

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
                self.own_lists.at(uri, self.now)
                if issuer == self.stage.issuer
                else party_lists.kept_list_or_none(issuer, uri, self)
            ),
            numbers=self.caches.numbers,
        )

    def bundle(self) -> Bundle:
        return self.caches.bundle(self)

    def bundle_parts(self) -> Mapping[str, Part]:
        return self.caches.bundle_parts(self)

    @cached_property
    def issuer(self) -> PermitIssuer:
        """The issuing function, or this process if none is configured."""
        if self.config.issuer_function:
            from chalicelib.adapters.aws.functions import LambdaIssuer

            return LambdaIssuer(self.ports.functions, self.config.issuer_function)
        from chalicelib.adapters.in_process.memory import MemoryIssuer
        from chalicelib.composition import functions

        return MemoryIssuer(lambda permit_id: functions.issue(permit_id, self))

    @cached_property
    def printer(self) -> PermitPrinter:
        """The printing function, or this process if none is configured."""
        if self.config.printer_function:
            from chalicelib.adapters.aws.functions import LambdaPrinter

            return LambdaPrinter(self.ports.functions, self.config.printer_function)
        from chalicelib.adapters.in_process.memory import MemoryPrinter
        from chalicelib.composition import functions

        return MemoryPrinter(lambda permit_id, original: functions.print_permit(permit_id, original, self))

    @cached_property
    def publisher(self) -> StatusPublisher:
        """The status function, or this process if none is configured."""
        if self.config.status_function:
            from chalicelib.adapters.aws.functions import LambdaPublisher

            return LambdaPublisher(self.ports.functions, self.config.status_function)
        from chalicelib.adapters.in_process.memory import MemoryPublisher
        from chalicelib.composition import functions

        return MemoryPublisher(lambda uri: functions.publish_status(uri, self))

    def make_certificate(self, kid: bytes) -> bytes:
        """Return a new self-issued certificate (DER) of a `pdf` key. Raises `Unavailable`.

        The printing function makes it if one is configured, because no other function may use the key.
        """
        from chalicelib.adapters.aws.functions import call
        from chalicelib.composition import functions

        if not self.config.printer_function:
            return functions.certificate_of(kid, self)
        answer = call(self.ports.functions, self.config.printer_function, {"certificate_of": kid.hex()})
        return base64.b64decode(answer)

    def person(self, token: str) -> Actor:
        """Return the person of this access token, with their posts. Raises `Unauthenticated`."""
        from chalicelib.people.services import with_posts

        return with_posts(self.ports.authenticate(token), self.register)

    def caller(self, known: Actor, operation: str, device: str) -> Actor:
        """Return the authenticated caller (see `platform/deps.py`)."""
        from chalicelib.offline.services import devices
        from chalicelib.people import services as people

        actor = people.with_deputy_role(known, lambda: self.stage.today(self.now), register=self.register)
        actor.require(operation)  # the service checks again, with the rows that it reads
        if device:
            devices.check_not_lost(device, register=self.register)
        return people.with_posts(actor, self.register)

    @property
    def mails(self) -> Mapping[str, Composer]:
        """Kind of notice -> composer of its mail, from the tables of the rooms."""
        from chalicelib.alerts import mail as alerts_mail
        from chalicelib.expert_questions import mail as expert_questions_mail
        from chalicelib.permits import mail as permits_mail
        from chalicelib.suspicions import mail as suspicions_mail

        rooms = (permits_mail, alerts_mail, expert_questions_mail, suspicions_mail)
        return {kind: compose for room in rooms for kind, compose in room.MAILS.items()}

    @property
    def exchange(self) -> Exchange | None:
        """Query of the issuer of another Party's permit, if it has a service (foreign_permits/services/enquiry.py)."""
        from chalicelib.exchange.services import ask_party

        parties = self.parties
        if parties is None:
            return None

        def asked(paper: ForeignPermit, actor: Actor) -> dict[str, str] | None:
            if paper.issuer not in parties.countries:
                return None
            question = ask_party.QuestionToParty(paper.issuer, paper.number)
            heard = ask_party.request_permit(question, actor, self)
            return ask_party.as_enquiry_answer(heard, paper.record)

        return asked

    @property
    def undo_paper(self) -> UndoPaper:
        """Function that `withdraw.undo` calls for another Party's permit."""
        from chalicelib.foreign_permits.services.changes import undo_paper

        return undo_paper

    @property
    def authority(self) -> Authority:
        """The Management Authority, as block 6 and the form's head print it."""
        from chalicelib.issuing.print.sheet import Authority
        from chalicelib.platform import country_folder

        issuer = self.stage.issuer
        fields, languages = country_folder.authority(issuer), country_folder.languages(issuer)
        own = tuple(fields[f"name_{each}"] for each in languages)
        return Authority(fields["name"], own, fields["address"], issuer, languages, country_folder.state(issuer))

    @property
    def issuing_office(self) -> IssuingOffice:
        from chalicelib.issuing.print.sheet import IssuingOffice

        return IssuingOffice(self.stage, self.authority, self.config.place)

    @cached_property
    def render(self) -> Callable[..., bytes]:
        from chalicelib.composition import functions
        from chalicelib.issuing.print.permit_pdf import printer

        return printer(self.issuing_office, sealer=lambda: functions.seal(self), clock=self.clock)

    @cached_property
    def render_preview(self) -> Callable[..., bytes]:
        """Renderer of previews. It needs no key, so the HTTP function renders previews itself. They are no permits."""
        from chalicelib.issuing.print.permit_pdf import previewer

        return previewer(self.issuing_office)

    def workbook(self, sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
        """Return a report as XLSX. `sheets`: title of a sheet -> its rows."""
        from chalicelib.reports.services.illegal_trade import workbook

        return workbook(sheets, made_at=self.now)


def provide() -> None:
    """Set the functions that lower rooms call in higher rooms. Each is imported at its first call."""
    participants.take_part.set(_take_part)


def _take_part(moves: Sequence[DossierChange], actor: Actor, deps: Deps) -> tuple[list[Dossier], list[Put]]:
    from chalicelib.quotas.services.count import participate

    return participate(moves, actor, deps)


_process: tuple[Ports, Caches] | None = None

_replaced: Container | None = None


def container_of(config: Config) -> Container:
    """Return a container with new ports and caches, at the current time."""
    provide()
    ports = Ports(config)
    return Container(ports, Caches(ports), ports.clock())


def deps() -> Container:
    """Return this process's container at the current time.

    The first call makes the ports and caches from the environment.
    """
    global _process  # noqa: PLW0603
    if _replaced is not None:
        return _replaced
    if _process is None:
        first = container_of(from_environment())
        _process = first.ports, first.caches
    ports, caches = _process
    return Container(ports, caches, ports.clock())


def replace_deps(other: Container | None) -> None:
    """Replace the container, for tests. After None (also in the local run), `deps` makes a new one."""
    global _process, _replaced
    _process, _replaced = None, other
