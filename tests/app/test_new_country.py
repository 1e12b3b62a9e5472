"""Third country by the steps of docs/NEW_COUNTRY.md alone: a folder, a stage, keys and pins, without code.

Bouvet Island is the example, because it has a country code and no ministry that could be confused with this one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from http_client import get
from life import APPLICATION, SAKER, issued
from office import NOW, MemoryOffice
from process import but
from staff import staffed
from two_countries import befriended, kyrgyzstan, their_status, uzbekistan
from typer.testing import CliRunner

from chalicelib.composition import container
from chalicelib.composition.main import app
from chalicelib.kernel.stage import Stage
from chalicelib.people import services as people
from chalicelib.platform import country_folder
from chalicelib.record.permit import Party, SourceDocument
from chalicelib.verdict.border_rules import Place
from chalicelib.verification.services.verify import verify
from local.site import Site

AUTHORITY = {
    "as_of": "2026-11-27", "source": "made up", "name": "Bouvet Board of Wildlife", "name_nb": "Bouvet viltstyre",
    "state": "BOUVET ISLAND", "state_nb": "BOUVETØYA", "address": "Nyrøysa, Bouvet Island",
    "address_nb": "Nyrøysa, Bouvetøya", "country": "BV",
    "offered_first": ["NO", "KG"],
}  # fmt: skip
PLACES = {"airport": [-54.40, 3.29], "ministry": [-54.42, 3.36]}


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    shutil.copytree(country_folder.COUNTRY_FOLDERS, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(country_folder, "COUNTRY_FOLDERS", tmp_path)
    people.posts.cache_clear()
    yield tmp_path
    people.posts.cache_clear()
    container.replace_deps(None)


def step_1(folders: Path) -> None:
    """Create the country folder with the command and fill it in."""
    run = CliRunner().invoke
    assert run(app, ["country", "new", "BV", "--language", "nb"]).exit_code == 0
    assert run(app, ["country", "check", "BV"]).exit_code == 1
    posts = json.loads((folders / "BV" / "posts.json").read_text())
    for post in posts["posts"]:
        post |= {"name": f"Bouvet {post['id']}", "name_nb": f"Bouvet {post['id']}", "at": PLACES[post["id"]]}
    (folders / "BV" / "posts.json").write_text(json.dumps({**posts, "as_of": "2026-11-27"}))
    (folders / "BV" / "authority.json").write_text(json.dumps(AUTHORITY))
    told = run(app, ["country", "check", "BV"])
    assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "BV: complete")


def bouvet() -> MemoryOffice:
    """Steps 3 to 5: the variables, root, keys and people of the country."""
    made = staffed(Stage("BV", "cites.example.bv", zone="Europe/Oslo", practice=False))
    made.config = replace(made.config, place="Nyrøysa")
    return made


def test_permit_of_third_country_is_verified_by_two_others(folders: Path) -> None:
    step_1(folders)
    third, others = bouvet(), (kyrgyzstan(), uzbekistan())
    for other in others:  # step 6
        befriended(other, third)
    goods = replace(SAKER, origin=SourceDocument("BV"), marks="rings BV-0001, BV-0002")
    exporter = Party("Bouvet Falcons", "Nyrøysa 1", "BV")
    importer = Party("Bishkek Zoo", "Mira 1, Bishkek", "KG")
    dossier = issued(third, replace(APPLICATION, exporter=exporter, importer=importer, lines=(goods,)))
    assert dossier.number == "26BV000001/E"
    code = dossier.tokens[0]
    at_home = verify(code, third, place=Place("export", "BV", "airport"))  # fmt: skip
    assert (at_home.outcome, at_home.codes) == ("accept", ())
    their_status(third, dossier)
    for other in others:
        found = verify(code, but(other, now=NOW))
        assert found.permit is not None
        assert found.permit.issuer == "BV"
        assert (found.outcome, found.codes) == ("check", ("T1",))  # its status list was not fetched yet
        strange = code.replace("cites.example.bv", other.stage.host)
        assert verify(strange, but(other, now=NOW)).codes == ("F2",)
    unpinned = kyrgyzstan()
    assert verify(code, but(unpinned, now=NOW)).codes == ("F6",)

    container.replace_deps(third)
    printed = pdfium.PdfDocument(get(f"/v1/permits/{dossier.id}/pdf", token="preparer", ACCEPT="application/pdf").body)
    words = printed[0].get_textpage().get_text_range()
    assert all(each in words for each in ("BOUVETØYA", "Bouvet viltstyre", "Nyrøysa", "26BV000001/E"))
    assert "KYRGYZ REPUBLIC" not in words.upper()
    assert "КЫРГЫЗ" not in words.upper()
    assert "Bouvet" in str(get("/").body)


def test_pages_of_third_country_offer_translated_languages_only(folders: Path) -> None:
    step_1(folders)
    pages = Site({"host": "cites.example.bv", "issuer": "BV", "practice": False})
    shown = pages.find("/1")
    assert shown is not None
    assert b'data-languages="en fr"' in shown.data
