"""Two ministries in memory, Kyrgyz and Uzbek: each with its own root, keys, hosts, zone, register and people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from life import APPLICATION, SAKER, issued
from office import ADMIN, ADMIN2, MemoryOffice
from staff import staffed

from chalicelib.adapters.in_process.memory import MemoryLists
from chalicelib.kernel.stage import Stage
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import Application, Party, SourceDocument
from chalicelib.token import cbor
from chalicelib.trust.model.trust_list import BUNDLE_CAP, TrustList, open_trust_list, thumbprint
from chalicelib.trust.services import publish_status_lists, publish_trust_list
from chalicelib.trust.services.party_lists import FetchCounts
from chalicelib.verdict.token_checks import read_own

OURS = Stage(host="cites.example.kg", practice=False)
THEIRS = Stage("UZ", "cites.example.uz", zone="Asia/Tashkent", practice=False)
FALCONS = replace(SAKER, origin=SourceDocument("UZ"), marks="rings UZ-0201, UZ-0202")
THEIR_APPLICATION = replace(
    APPLICATION,
    exporter=Party("Buxoro Lochin MChJ", "Navoiy 5, Buxoro", "UZ"),
    importer=Party("Bishkek Zoo", "Mira 1, Bishkek", "KG"),
    lines=(FALCONS,),
)


def kyrgyzstan() -> MemoryOffice:
    return staffed(OURS)


def uzbekistan() -> MemoryOffice:
    """The same code with its own folder of `data/countries`."""
    made = staffed(THEIRS)
    made.config = replace(made.config, exchange_host="epix.example.uz", place="Toshkent")
    return made


def their_permit(theirs: MemoryOffice, application: Application = THEIR_APPLICATION) -> Dossier:
    return issued(theirs, application)


def signed_list(office: MemoryOffice, country: str = "") -> bytes:
    """A signed list from this ministry's published bundle: its own, or another country's."""
    held = office.static.read(publish_trust_list.BUNDLE_PATH)
    assert held is not None
    items: Any = cbor.decode(held[0], cap=BUNDLE_CAP, depth=1)
    return next(item for item in items if open_trust_list(item, office.pins).issuer == (country or office.stage.issuer))


def their_status(theirs: MemoryOffice, dossier: Dossier) -> bytes:
    uri = read_own(dossier.tokens[0]).status_uri
    theirs.later(60)
    theirs.publish_here(uri)
    held = theirs.static.read(publish_status_lists.path_of(uri))
    assert held is not None
    return held[0]


def pinned(office: MemoryOffice, other: MemoryOffice) -> None:
    """Pin the other ministry's root, as TAMGA_PINS does."""
    print_ = thumbprint(other.root.public_key).hex()
    office.config = replace(office.config, pins={**office.config.pins, other.stage.issuer: (print_,)})
    office.forget_trust()


def taken_in(office: MemoryOffice, wanted: TrustList, signed: bytes) -> None:
    """Import another Party's list into the bundle by two admins."""
    proposal = publish_trust_list.propose(wanted, ADMIN, office)
    publish_trust_list.publish_signed(proposal, ADMIN2, signed, office)
    office.forget_trust()


def fetching(office: MemoryOffice, *others: MemoryOffice) -> FetchCounts:
    """Run the scheduled fetch at this ministry, with these other hosts available."""
    office.published_lists = MemoryLists({other.stage.host: other.static for other in others})
    return office.fetch_lists()


def befriended(office: MemoryOffice, other: MemoryOffice) -> None:
    pinned(office, other)
    signed = signed_list(other)
    taken_in(office, open_trust_list(signed, office.pins), signed)
