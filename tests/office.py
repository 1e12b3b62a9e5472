"""Whole ministry in memory: the composition root with memory adapters, file keys and a settable clock."""

from __future__ import annotations

import base64
import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from process import Process

from chalicelib.adapters.in_process.memory import MemoryBlobs, MemoryMailer, MemoryRegister, MemoryStatic
from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.issuing.print.seal import self_issued_certificate
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import DecodeError, Unauthenticated, Unavailable
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import Put
from chalicelib.kernel.stage import Stage
from chalicelib.people.services import person_key
from chalicelib.platform.config import Config, practice_hosts
from chalicelib.trust.model.status_list import StatusList, open_status_list
from chalicelib.trust.model.trust_list import Host, TrustKey, TrustList, thumbprint
from chalicelib.trust.services import publish_status_lists, publish_trust_list

NOW = 1_795_600_000  # 2026-11-25
DAY = 86400
APPLICANT = Actor("u-exporter", "Falcon Export LLC", frozenset({"applicant"}))
OTHER_APPLICANT = Actor("u-other", "Other LLC", frozenset({"applicant"}))
PREPARER = Actor("u-prep", "Ainura Preparer", frozenset({"preparer"}))
SCIENTIST = Actor("u-sci", "Dr Scientist", frozenset({"scientist"}))
APPROVER = Actor("u-appr", "Bakyt Approver", frozenset({"approver"}))
ADMIN = Actor("u-admin", "Admin One", frozenset({"admin"}))
ADMIN2 = Actor("u-admin2", "Admin Two", frozenset({"admin"}))
AIZADA = Actor("u-aizada", "Aizada", frozenset({"customs"}), frozenset({"*"}))
BEKZAT = Actor("u-bekzat", "Bekzat", frozenset({"customs"}), frozenset({"*"}))
PERMIT_KINDS = tuple(sorted(KINDS))


def published_lists(office: Process) -> dict[str, StatusList]:
    """The status lists that a verifier would fetch and accept, by address."""
    found = {}
    for uri in publish_status_lists.uris(office.stage, office.clock()):
        held = office.static.read(publish_status_lists.path_of(uri))
        with suppress(DecodeError):  # no longer valid
            found |= {uri: open_status_list(held[0], office.trust())} if held else {}
    return found


class MemoryOffice(Process):
    """The ministry. `now` is the clock. `people`: token -> Actor."""

    def __init__(self, stage: Stage | None = None, *, now: int = NOW) -> None:
        stage = stage or Stage()
        self.now = now
        self.people: dict[str, Actor] = {}
        self.root = FileSigner.generate()
        self.permit_keys = [self.make_key() for _ in range(3)]
        self.status_keys = [self.make_key() for _ in range(2)]
        self.pdf_key = self.make_key()
        self._signers = {s.kid: s for s in (*self.permit_keys, *self.status_keys, self.pdf_key)}
        certificate = self_issued_certificate(
            self.pdf_key,
            name="Tamga practice",
            country=stage.issuer,
            not_before=datetime.fromtimestamp(now, UTC) - timedelta(days=1),
            not_after=datetime.fromtimestamp(now, UTC) + timedelta(days=3650),
            serial=1,
        )
        super().__init__(
            Config(
                stage=stage,
                table="register",
                static_bucket="static",
                practice_hosts=practice_hosts({}) | ({stage.issuer: stage.host} if stage.practice else {}),
                pins={stage.issuer: (thumbprint(self.root.public_key).hex(),)},
                pdf_certificate=base64.b64encode(certificate).decode(),
                notices_from="notices@practice.tamga.kg",
                exchange_host="epix.practice.tamga.kg",
                exporter_page="https://staff.practice.tamga.kg/exporter/",
            )
        )
        self.register = MemoryRegister()
        self.blobs = MemoryBlobs()
        self.static = MemoryStatic()
        self.mailer = MemoryMailer()
        self.certificate = certificate
        self.publish_list(self.first_list())

    def make_key(self) -> FileSigner:
        return FileSigner.generate()

    def clock(self) -> int:
        return self.now

    def authenticate(self, token: str) -> Actor:
        if token not in self.people:
            raise Unauthenticated
        return self.people[token]

    def random_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    def signer(self, kid: bytes) -> FileSigner:
        if kid not in self._signers:
            raise Unavailable("This function may not use that key.")
        return self._signers[kid]

    def signer_by_alias(self, key_id: str) -> FileSigner:
        """The key named by the hex of its kid, in place of a KMS alias."""
        return self.signer(bytes.fromhex(key_id))

    def new_key(self) -> FileSigner:
        """A key that KMS has and no trust list."""
        made = FileSigner.generate()
        self._signers[made.kid] = made
        return made

    def first_list(self) -> TrustList:
        begin = self.now - DAY
        keys = [
            TrustKey(s.kid, s.public_key, "permit", PERMIT_KINDS, begin + i, None, False, None)
            for i, s in enumerate(self.permit_keys)
        ]
        keys += [
            TrustKey(s.kid, s.public_key, "status", (), begin + i, None, False, None)
            for i, s in enumerate(self.status_keys)
        ]
        print_ = sha256(self.certificate).digest()
        keys.append(TrustKey(self.pdf_key.kid, self.pdf_key.public_key, "pdf", (), begin, None, False, print_))
        host = self.stage.host
        return TrustList(
            issuer=self.stage.issuer,
            seq=begin,
            not_before=begin,
            expires_at=begin + 60 * DAY,
            zone=self.stage.zone,
            hosts=(Host(host, begin, None),),
            status_prefix=f"https://{host}/s/",
            keys=tuple(keys),
            root=self.root.public_key,
        )

    def register_person(self, actor: Actor) -> None:
        """Store the ministry's row of a person."""
        data = {"name": actor.name, "roles": sorted(actor.roles), "posts": sorted(actor.posts)}
        self.register.commit(Put(person_key(actor.id), data, expected_version=None))

    def publish_list(self, wanted: TrustList) -> None:
        self.register_person(ADMIN)
        self.register_person(ADMIN2)
        proposal = publish_trust_list.propose(wanted, ADMIN, self)
        publish_trust_list.publish(proposal, ADMIN2, self.root, self)
        self.forget_trust()

    def later(self, seconds: int) -> None:
        self.now += seconds
        self.forget_trust()
