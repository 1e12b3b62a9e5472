"""Workshop sheets: the scanner's verdict on each of the twenty sheets matches the trainer's answer key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from http_client import call
from office import MemoryOffice
from staff import staffed

from app import app
from chalicelib.adapters.in_process.memory import MemoryReader
from chalicelib.applications.rules import check
from chalicelib.applications.schemas import ApplicationBody
from chalicelib.composition import container
from chalicelib.kernel.stage import Stage
from chalicelib.platform.country_folder import post_names
from chalicelib.reading.read_document import read
from chalicelib.species.services.list_in_use import listing
from local import server
from local.client import Client
from local.desk import default_person
from local.workshop import cards, make
from local.workshop.papers import PAPERS


@pytest.fixture(scope="module")
def office() -> Iterator[MemoryOffice]:
    made = staffed()
    made.reader = MemoryReader(read)
    container.replace_deps(made)
    yield made
    container.replace_deps(None)


@pytest.fixture(scope="module")
def client(office: MemoryOffice) -> Iterator[Client]:
    running = server.create(app, 0)
    threading.Thread(target=running.run, daemon=True).start()
    yield Client(f"http://127.0.0.1:{running.effective_port}", lambda name, role: name if role == "customs" else role)
    running.task_dispatcher.shutdown(cancel_pending=True, timeout=5)


@pytest.fixture(scope="module")
def pack(office: MemoryOffice, client: Client, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, Any]]:
    folder = tmp_path_factory.mktemp("workshop")
    return folder, make.make(client, folder, datetime.fromtimestamp(office.now, UTC), "test")


def codes_on(sheet: bytes) -> list[str]:
    """Codes read from the sheet at 150 dpi, the resolution of a cheap printer."""
    with pypdfium2.PdfDocument(sheet) as document:
        pictures = [page.render(scale=150 / 72).to_pil() for page in document]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.slow
@pytest.mark.parametrize("number", [*PAPERS])
def test_verdict_on_sheet_matches_answer_key(pack: tuple[Path, dict[int, Any]], number: int) -> None:
    codes = codes_on((pack[0] / "sheets" / f"{number:02d}.pdf").read_bytes())
    wanted = PAPERS[number].outcome
    assert bool(codes) == bool(wanted)
    if wanted:
        asked = {"qr": codes[0], "other_pages": codes[1:], "direction": "export"}
        said = call("POST", "/v1/verify", asked).json
        assert said["outcome"] == wanted, said["codes"]


HELD_AS_OTHERS = {"export", "export_part"}  # used for one consignment: other goods are held (U1), the rest lapsed


def test_answer_key_refuses_held_and_unusable_sheets() -> None:
    for row in cards.sheets():
        paper = PAPERS[row["sheet"]]
        if paper.outcome in {"hold", "not_valid"} or paper.then in HELD_AS_OTHERS:
            assert row["decision"] == "refuse", row["sheet"]


@pytest.mark.parametrize("number", [4, 5])
def test_used_sheets_name_the_first_post_of_the_list(
    client: Client, pack: tuple[Path, dict[int, Any]], number: int
) -> None:
    first, name = next(iter(post_names("en", "KG").items()))
    held = client.get(default_person("preparer"), f"/v1/permits/{pack[1][number]['id']}")
    assert [use["post"] for use in held["uses"]] == [first]
    assert f"post {name}" in cards.sheets()[number - 1]["why"]


def test_sheet_that_expires_at_midnight_is_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make, "_here", lambda place: None)
    monkeypatch.setattr(make, "make", lambda *args: {})
    assert make.main([]) == 0
    assert "Sheet 15 expires today" in capsys.readouterr().out
    assert "the day the sheets were made" in cards.sheets()[14]["why"]


def test_every_page_or_slip_has_its_sheet_number(pack: tuple[Path, dict[int, Any]]) -> None:
    for number, permit in pack[1].items():
        sheet = pack[0] / "sheets" / f"{number:02d}.pdf"
        slip = sheet.with_stem(f"{number:02d}-slip")
        sealed = b"/ByteRange" in sheet.read_bytes()
        assert slip.exists() == sealed, number
        with pypdfium2.PdfDocument(slip if sealed else sheet) as document:
            said = [page.get_textpage().get_text_range().split() for page in document]
        assert all(str(number) in words for words in said), number
        assert not sealed or permit["number"] in said[0]


def test_every_sheet_has_goods_and_decision() -> None:
    rows = cards.sheets()
    assert [row["sheet"] for row in rows] == [*PAPERS] == [*range(1, 21)]
    assert {row["decision"] for row in rows} == {*cards.DECISIONS}
    for row in rows:  # released only if the scanner accepts; an accepted sheet may still be stopped by eye
        assert row["decision"] != "release" or PAPERS[row["sheet"]].outcome in {"accept", "check"}


@pytest.mark.parametrize("number", [*PAPERS])
def test_application_of_every_sheet_is_lawful(number: int) -> None:
    today = datetime(2026, 11, 26, tzinfo=UTC).date()
    application = ApplicationBody.model_validate(PAPERS[number].fields(today)).application()
    assert check.check(application, listing(), today=today, issuer=Stage().issuer) == ()


def test_sheets_are_refused_on_real_register(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "page", lambda self, path: b'<html lang="en" data-practice="no">')
    with pytest.raises(make.NotPractice, match="not a practice register"):
        make.make(client, tmp_path, datetime.now(UTC), "real")
    assert not list(tmp_path.iterdir())


def test_remote_stage_needs_tokens_of_every_role(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokens = tmp_path / "tokens.json"
    for text, told in (
        ("[]", "role -> token"),
        ('{"applicant": "a", "preparer": "b"}', "approver, customs, scientist"),
    ):
        tokens.write_text(text)
        assert make.main(["--address", "https://practice.example", "--tokens", str(tokens)]) == 2
        assert told in capsys.readouterr().err
    with pytest.raises(SystemExit):
        make.main(["--address", "https://practice.example"])
