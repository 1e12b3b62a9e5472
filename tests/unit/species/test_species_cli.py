"""The `tamga species` commands: changes are shown before they are written, and an API import can continue."""

from __future__ import annotations

import csv
import io
import json
import shutil
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
from species_files import concept, listing, page, text
from typer.testing import CliRunner, Result

from chalicelib.adapters.outside import species_plus
from chalicelib.adapters.outside.species_plus import TRIES, SpeciesPlusApi
from chalicelib.composition.main import app
from chalicelib.kernel.errors import Forbidden, Invalid, Unavailable
from chalicelib.species import cli
from chalicelib.species.cli import OURS, TOKEN
from chalicelib.species.model.list_rows import csv_text
from chalicelib.species.services import list_in_use

SECRET = "8QW6Qgh57sBG2k0gtt"  # the example token of the API's documentation


SOME = ("Falco cherrug", "Aquila heliaca", "Capra sibirica", "Canis aureus", "Saiga tatarica", "Rhodiola")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A small list of its own, in one file."""
    rows = [row for row in list_in_use.release_rows(unlisted=False) if row["scientific_name"] in SOME]
    path = tmp_path / "species.csv"
    path.write_text(csv_text(rows), "utf-8")
    return path


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the base."""
    return Path(shutil.copytree(OURS, tmp_path / "cites"))


def run(*words: object, **env: str) -> Result:
    return CliRunner().invoke(app, ["species", *map(str, words)], env={TOKEN: "", **env})


def export(folder: Path, *rows: dict[str, str], separator: str = ",") -> Path:
    path = folder / "cites_listings_2026-11-20 10-30_comma_separated.csv"
    path.write_text(text(rows, separator=separator), "utf-8-sig")
    return path


SAKER = listing("8934", "Falco cherrug", "I", Class="Aves")
NEW = listing("5", "Falco novus", "II")


def test_import_without_write_shows_changes_and_writes_nothing(ours: Path, tmp_path: Path) -> None:
    before = ours.read_bytes()
    told = run("import", export(tmp_path, SAKER, NEW), "--list", ours)
    assert told.exit_code == 0
    assert "Falco cherrug: II -> I" in told.stdout
    assert "1 new" in told.stdout
    assert "not written" in told.stdout
    assert ours.read_bytes() == before


@pytest.mark.parametrize("separator", [",", ";"])
def test_import_with_write_updates_the_list_and_report(ours: Path, tmp_path: Path, separator: str) -> None:
    report = tmp_path / "report.csv"
    file = export(tmp_path, SAKER, NEW, separator=separator)
    told = run("import", file, "--list", ours, "--write", "--report", report, "--json")
    assert json.loads(told.stdout)["counts"] == {"appendix": 1, "added": 1, "since": 1, "annotation": 1}
    rows = list(csv.DictReader(io.StringIO(ours.read_text("utf-8"))))
    (saker,) = [row for row in rows if row["scientific_name"] == "Falco cherrug"]
    assert (saker["appendix"], saker["ky"], saker["as_of"]) == ("I", "Ителги", "2026-11-20")
    assert "appendix,Falco cherrug,II,I" in report.read_text("utf-8-sig")
    assert run("check", "--list", ours).exit_code == 0
    # the same file again changes nothing
    assert run("import", file, "--list", ours, "--json").stdout.count("Falco cherrug") == 0


def test_import_into_the_base_writes_its_tables_and_days(base: Path, tmp_path: Path) -> None:
    before = (base / "taxa.csv").read_text("utf-8").splitlines()
    novelty = NEW | {"Family": "Novidae", "Order": "Noviformes"}
    told = run("import", export(tmp_path, SAKER, novelty), "--list", base, "--write", "--in-force", "2026-11-01")
    assert told.exit_code == 0
    after = (base / "taxa.csv").read_text("utf-8").splitlines()
    changed = [line for line in after if line not in set(before)]
    assert [line.split(",")[0] for line in changed] == ["Falco cherrug", "Falco novus"]
    assert ",I,,," in changed[0]
    assert changed[0].endswith("2026-11-20,2026-11-20,species-2026-11-20,,8934,App. I:,index-2017")
    assert "Novidae,Noviformes,Aves,Animalia" in (base / "families.csv").read_text("utf-8")
    edition = json.loads((base / "edition.json").read_text("utf-8"))
    assert (edition["in_force"], edition["base_day"]) == ("2026-11-01", "2017-04-21")


def test_import_into_the_base_keeps_id_note_and_source_of_the_range(base: Path, tmp_path: Path) -> None:
    note = SAKER | {"Full note": "**I** A note of the listing."}
    assert run("import", export(tmp_path, note), "--list", base, "--write").exit_code == 0
    (saker,) = [row for row in list_in_use.base_rows_of(base) if row["scientific_name"] == "Falco cherrug"]
    assert (saker["species_plus_id"], saker["source"]) == ("8934", "Species+, 2026-11-20")
    assert saker["annotation"] == "App. I: A note of the listing."
    assert saker["range_source"] == "Index of CITES Species (UNEP-WCMC), 21 April 2017"


def test_next_import_under_another_name_renames_the_row(base: Path, tmp_path: Path) -> None:
    hawk = listing("4407", "Accipiter badius", "II", Class="Aves", Family="Accipitridae")
    assert run("import", export(tmp_path, hawk), "--list", base, "--write").exit_code == 0
    new = listing("4407", "Tachyspiza badia", "II", Class="Aves", Family="Accipitridae")
    told = run("import", export(tmp_path, new), "--list", base, "--write", "--as-of", "2026-11-21", "--json")
    assert json.loads(told.stdout)["counts"] == {"renamed": 1}
    (found,) = [row for row in list_in_use.base_rows_of(base) if row["scientific_name"] == "Tachyspiza badia"]
    assert (found["ru"], "Accipiter badius" in found["synonyms"]) == ("Тювик", True)


@pytest.mark.parametrize("kept", range(5))
def test_base_written_in_part_stays_readable(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """The disk is full after some of the tables."""
    written = []

    def replace(path: Path, data: bytes) -> None:
        if len(written) == kept:
            raise OSError(28, "No space left on device")
        written.append(path.name)
        path.write_bytes(data)

    monkeypatch.setattr(cli, "replace_file", replace)
    novelty = NEW | {"Family": "Novidae", "Order": "Noviformes"}
    assert run("import", export(tmp_path, SAKER, novelty), "--list", base, "--write").exit_code == 2
    assert len(list(list_in_use.base_rows_of(base))) >= 38_000


def test_import_into_the_base_without_changes_writes_the_same_bytes(base: Path, tmp_path: Path) -> None:
    """A download that is older than every row leaves the tables as they are."""
    before = {path.name: path.read_bytes() for path in base.iterdir()}
    file = export(tmp_path, SAKER)
    assert run("import", file, "--list", base, "--write", "--as-of", "2017-04-21").exit_code == 0
    assert {path.name: path.read_bytes() for path in base.iterdir()} == before


def test_import_with_one_wrong_row_writes_nothing(ours: Path, tmp_path: Path) -> None:
    before = ours.read_bytes()
    told = run("import", export(tmp_path, NEW, SAKER | {"Listing": "V"}), "--list", ours, "--write")
    assert told.exit_code == 1
    assert "row 3, Listing" in told.stderr
    assert ours.read_bytes() == before


def test_import_that_would_break_the_list_writes_nothing(ours: Path, tmp_path: Path) -> None:
    before = ours.read_bytes()
    nobody = listing("6", "Falco tertius", "III")  # Appendix III without a country that listed it
    told = run("import", export(tmp_path, NEW, nobody), "--list", ours, "--write")
    assert told.exit_code == 1
    assert "Falco tertius, listed_by" in told.stderr
    assert ours.read_bytes() == before
    assert "1 in Appendix III without a country" in run("import", export(tmp_path, NEW, nobody), "--list", ours).stdout


def test_file_in_another_encoding_is_refused_by_row(ours: Path, tmp_path: Path) -> None:
    file = tmp_path / "cites_listings_2026-11-20.csv"
    file.write_bytes(text([NEW, SAKER | {"Author": "Grév"}]).encode("cp1252"))
    told = run("import", file, "--list", ours)
    assert (told.exit_code, "row 3" in told.stderr, "UTF-8" in told.stderr) == (1, True, True)


def test_file_truncated_inside_a_quotation_is_refused(ours: Path, tmp_path: Path) -> None:
    file = tmp_path / "cites_listings_2026-11-20.csv"
    file.write_text(text([NEW, SAKER | {"Full note": "a, b"}]).rpartition(", b")[0], "utf-8")
    told = run("import", file, "--list", ours)
    assert told.exit_code == 1
    assert "cut off" in told.stderr


def test_import_without_date_file_or_token_is_refused(ours: Path, tmp_path: Path) -> None:
    nameless = tmp_path / "listings.csv"
    nameless.write_text(text([NEW]), "utf-8")
    assert "--as-of" in run("import", nameless, "--list", ours).stderr
    assert run("import", nameless, "--list", ours, "--as-of", "2026-11-20").exit_code == 0
    assert run("import", "--list", ours).exit_code == 2
    assert TOKEN in run("import", "--api", tmp_path / "pages").stderr


def test_check_reports_a_wrong_list_by_column(ours: Path) -> None:
    ours.write_text(ours.read_text("utf-8").replace(",PK,", ",Pakistan,", 1), "utf-8")
    told = run("check", "--list", ours)
    assert told.exit_code == 1
    assert "listed_by" in told.stderr


def test_packaged_list_passes_the_check() -> None:
    told = json.loads(run("check", "--json").stdout)
    assert told["version"] == list_in_use.listing().version
    native = {each.scientific_name for each in list_in_use.listing().taxa if each.group == "native"}
    assert not native & set(told["undecided"])
    assert told["not_in_it"] == [
        "changes of Appendix III after 2025-03-06",
        "names of plants after 2017-04-21",
        "reservations",
        "quotas and suspensions of other countries",
    ]
    lines = " ".join(run("check").stdout.split())
    assert (
        "Not in it: changes of Appendix III after 2025-03-06; names of plants after 2017-04-21; reservations" in lines
    )


class Service:
    """A fake Species+ API. `broken` maps page numbers to errors, each raised once."""

    def __init__(self, *pages: bytes, broken: dict[int, list[Exception]] | None = None, **more: bytes) -> None:
        self.pages = pages
        self.broken = broken or {}
        self.more = more
        self.asked: list[int] = []

    def __call__(self, path: str) -> bytes:
        if "legislation" in path:
            return self.more["legislation"]
        number = int(path.partition("page=")[2].partition("&")[0])
        self.asked.append(number)
        if self.broken.get(number):
            raise self.broken[number].pop(0)
        return self.pages[number - 1]


def refusal(code: int) -> HTTPError:
    return HTTPError("https://x", code, "", Message(), None)


def pages() -> list[bytes]:
    return [page(number, 3, [concept(number, f"Canis a{'b' * number}", "II")], per_page=1) for number in (1, 2, 3)]


def read(service: Any, folder: Path) -> list[int]:
    return [number for number, _, _ in SpeciesPlusApi(service, folder, sleep=lambda _: None).read()]


def test_interrupted_api_import_continues_at_the_missing_page(tmp_path: Path) -> None:
    cut = Service(*pages(), broken={3: [URLError("gone")] * TRIES})
    with pytest.raises(Unavailable, match="are stored in"):
        read(cut, tmp_path)
    again = Service(*pages())
    assert read(again, tmp_path) == [1, 2, 3]
    assert again.asked == [3]
    assert not list(tmp_path.glob("*.part"))


def test_busy_api_is_retried(tmp_path: Path) -> None:
    busy = Service(*pages(), broken={2: [refusal(429), refusal(503), TimeoutError()]})
    assert read(busy, tmp_path) == [1, 2, 3]
    assert busy.asked == [1, 2, 2, 2, 2, 3]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({1: [refusal(401)]}, Forbidden), ({2: [refusal(400)]}, Unavailable), ({2: [refusal(302)]}, Unavailable),
    ],
)  # fmt: skip
def test_refusal_of_api_is_not_retried(
    tmp_path: Path, wrong: dict[int, list[Exception]], error: type[Exception]
) -> None:
    with pytest.raises(error):
        read(Service(*pages(), broken=wrong), tmp_path)


@pytest.mark.parametrize(
    "second",
    [page(2, 4, [], per_page=1), page(3, 3, [], per_page=1), b"<html>", b"{}", page(2, 3, [])[:-9],
     b'{"pagination": [], "taxon_concepts": []}'],
)  # fmt: skip
def test_malformed_or_mismatched_page_is_refused(tmp_path: Path, second: bytes) -> None:
    first, _, third = pages()
    with pytest.raises(Invalid):
        read(Service(first, second, third), tmp_path)


def test_import_from_api_keeps_the_token_out_of_files_and_output(
    ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jackal = concept(9412, "Canis aureus", "III")
    law = json.dumps({"cites_listings": [{"appendix": "III", "is_current": True, "party": {"iso_code2": "NP"}}]})
    service = Service(page(1, 2, [jackal, concept(77, "Canis ??", "II")]), legislation=law.encode())
    monkeypatch.setattr(species_plus, "fetcher", lambda token: service if token == SECRET else None)
    refused = run("import", "--api", tmp_path / "a", "--list", ours, **{TOKEN: SECRET})
    assert "page 1 taxon 2" in refused.stderr
    service.pages = (page(1, 1, [jackal]),)
    told = run("import", "--api", tmp_path / "b", "--list", ours, **{TOKEN: SECRET})
    assert "Canis aureus: IN -> NP" in told.stdout
    kept = b"".join(file.read_bytes() for file in (tmp_path / "b").iterdir())
    assert SECRET.encode() not in kept + refused.output.encode() + told.output.encode()
