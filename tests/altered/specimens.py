"""Original files for the alterations: prints of two permits and a long one, as their holder downloads them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from life import APPLICATION, SAKER, issued
from office import PREPARER, MemoryOffice
from process import but

from chalicelib.adapters.in_process.memory import MemoryReader
from chalicelib.issuing.services import print_permit
from chalicelib.permits.model.dossier import Dossier
from chalicelib.reading.read_document import read
from chalicelib.record.permit import Application
from chalicelib.verdict.border_rules import Place
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification.services import verify

TWO = APPLICATION  # two birds
MANY = replace(APPLICATION, lines=(replace(SAKER, quantity="200", marks="rings KG-0200 to KG-0399"),))
LONG = replace(APPLICATION, lines=tuple(replace(SAKER, marks=f"ring KG-{n:04d}", quantity="1") for n in range(9)))


@dataclass(frozen=True)
class Desk:
    """One ministry. `two` and `many` are the same form with other goods, `long` has several pages."""

    office: MemoryOffice
    two: Dossier
    many: Dossier
    long: Dossier

    def issue(self, application: Application) -> Dossier:
        return issued(self.office, application)

    def printed(self, dossier: Dossier) -> bytes:
        office = self.office
        made = print_permit.fetch(dossier.id, PREPARER, office)
        return print_permit.content(made, blobs=office.blobs)

    def judged(self, data: bytes, content_type: str = "application/pdf") -> Verdict:
        """The verdict of `POST /v1/verify/document`."""
        office = self.office
        return verify.verify_document(data, content_type, but(office, reader=MemoryReader(read)), place=Place("none"))[
            0
        ]


@cache
def desk() -> Desk:
    office = MemoryOffice()
    return Desk(office, issued(office, TWO), issued(office, MANY), issued(office, LONG))


@cache
def two() -> bytes:
    return desk().printed(desk().two)


@cache
def many() -> bytes:
    return desk().printed(desk().many)
