"""Pattern rules over uses of other Parties' documents: dead animals, transit, re-exports."""

from __future__ import annotations

from dataclasses import replace

import border
import life
import token_maker
from border import with_kazakhstan
from foreign_play import Presented, read_off
from office import AIZADA, MemoryOffice
from process import but

from chalicelib.endorsement.services import endorse
from chalicelib.kernel.days import DAY
from chalicelib.patterns.table import find
from chalicelib.patterns.window import YEAR, Flag
from chalicelib.record.permit import TokenParty, TokenSource
from chalicelib.suspicions.services import pattern_search
from chalicelib.suspicions.services.pattern_search import NEWS
from chalicelib.uses.use import UsedLine
from chalicelib.verification.services import foreign_records


def flags(office: MemoryOffice) -> dict[str, Flag]:
    window, complete = pattern_search.collect(office)
    assert complete
    return {flag.rule: flag for flag in find(window)}


def for_the_emirates(office: MemoryOffice) -> Presented:
    permit = Presented(office.register, office, with_kazakhstan(office), token_maker.FALCON.quantity)
    importer = TokenParty("Dubai Zoo", "AE")
    permit.code = border.from_kazakhstan(office, number=permit.number, importer=importer)[1]
    return permit


def test_dead_animals_are_counted_across_documents_of_one_exporter() -> None:
    office = MemoryOffice()
    checker = with_kazakhstan(office)
    for n in range(3):
        assert "dead_of_exporter" not in flags(office)
        permit = Presented(office.register, office, checker, quantity="20")
        asked = permit.asked_by_code("dostuk", transport_document=f"AWB 157-{n:08d}")
        asked = replace(asked, lines=(UsedLine("A", "20", "2"),))
        endorse.endorse(asked, AIZADA, but(office, checker=lambda: checker))
        office.later(DAY)
    flag = flags(office)["dead_of_exporter"]
    assert flag.facts == {"exporter": "Almaty Falcons", "count": 3, "total": 3, "dead": "6", "quantity": "60"}
    assert [identity for identity, _ in flag.permits] == ["", "", ""]


def test_transit_back_at_same_post_is_flagged() -> None:
    office = MemoryOffice()
    permit = for_the_emirates(office)
    permit.by_code("torugart", direction="transit")
    office.later(2 * DAY)
    permit.by_code("torugart", direction="transit")
    assert flags(office)["transit_in_circle"].facts["number"] == permit.number


def test_reexport_from_country_without_import_of_ours_is_flagged() -> None:
    """Our permit went to the Emirates. Kazakhstan re-exports the goods without a document of the Emirates."""
    office = MemoryOffice()
    checker = with_kazakhstan(office)
    ours = life.issued(office)
    assert ours.record["importer"]["country"] == "AE"
    origin = TokenSource("KG", ours.number, "2026-09-01")
    line = replace(token_maker.FALCON, origin=origin)
    for number, made in (("26KZ000008/R", replace(line, last_reexport=TokenSource("AE", "AE-1"))),
                         ("26KZ000009/R", line)):  # fmt: skip
        assert "never_went_there" not in flags(office)
        _, code = border.from_kazakhstan(office, number=number, kind="R", lines=(made,))
        shown = Presented(office.register, office, checker)
        asked = replace(shown.asked_by_code("dostuk"), qr=code)
        endorse.endorse(asked, AIZADA, but(office, checker=lambda: checker))
    flag = flags(office)["never_went_there"]
    assert (flag.facts["number"], flag.facts["destination"]) == ("26KZ000009/R", "AE")


def test_number_used_by_paper_and_code_counts_as_one_permit() -> None:
    office = MemoryOffice()
    permit = for_the_emirates(office)
    permit.as_paper("dostuk", document="CMR 1", permit=read_off("1"))
    office.later(60)
    (read,), complete = foreign_records.used_since(office.now - NEWS - YEAR, 100, office.register)
    assert (complete, read.destination, len(read.uses)) == (True, "KG", 1)
    permit.by_code("torugart", direction="transit")
    (both,), _ = foreign_records.used_since(office.now - NEWS - YEAR, 100, office.register)
    assert (both.exporter_name, {use.kind for use in both.uses}) == ("Almaty Falcons", {"import", "transit"})
    assert (both.at, both.destination) == (read.at, "AE")  # the code's destination replaces the one read from paper
    _, complete = foreign_records.used_since(office.now - NEWS - YEAR, 0, office.register)
    assert not complete
