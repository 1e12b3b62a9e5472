"""Prints of today in the reader of the previous release: forms and reader are not updated on the same day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kinds import APPLICATIONS
from life import APPLICATION, SAKER, issued
from office import PREPARER, MemoryOffice
from released_reader import judged_by_the_released_reader

from chalicelib.issuing.services import print_permit
from chalicelib.permits.model.dossier import Dossier
from chalicelib.record.permit import Application
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH

LONG = replace(APPLICATION, lines=tuple(replace(SAKER, marks=f"ring KG-{n:04d}", quantity="1") for n in range(9)))


def trusted(office: MemoryOffice) -> dict[str, Any]:
    held = office.static.read(BUNDLE_PATH)
    assert held is not None
    return {
        "bundle": held[0], "pin": office.config.pins["KG"][0], "country": "KG", "practice": office.stage.practice,
        "practice_host": office.config.practice_hosts.get("KG", ""), "now": office.now,
    }  # fmt: skip


def printed(office: MemoryOffice, permit: Dossier, *, original: bool) -> bytes:
    made = print_permit.fetch(permit.id, PREPARER, office, original=original)
    return print_permit.content(made, blobs=office.blobs)


def test_new_print_is_accepted_by_the_released_reader() -> None:
    office = MemoryOffice()
    applications: list[Application] = [*APPLICATIONS.values(), LONG, replace(APPLICATION, form="paper")]
    files, codes = [], []
    for application in applications:
        permit = issued(office, application)
        for original in (False, True):
            files.append(printed(office, permit, original=original))
            codes.append(list(permit.tokens))
    answers = judged_by_the_released_reader(files, codes, **trusted(office))
    assert answers == [{"outcome": "accept", "hits": {}, "trouble": None}] * len(files)


def test_released_reader_rejects_codes_of_another_permit() -> None:
    """The test above can fail, because codes of another permit are not in this file."""
    office = MemoryOffice()
    one, two = issued(office), issued(office, LONG)
    data = printed(office, one, original=True)
    (answer,) = judged_by_the_released_reader([data], [list(two.tokens)], **trusted(office))
    assert answer["outcome"] != "accept"
