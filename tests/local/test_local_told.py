"""Output of the local run: the address of each page, caught mails, times in the example data."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local import mails, questions, run, wildlife
from local.client import Refused
from local.country import load_country
from local.desk import ZONE, at
from local.door import doors
from local.place import Place


def mail(moment: float, subject: str) -> dict[str, Any]:
    return {"Timestamp": moment, "Source": "notices@example.kg", "To": ["sunkar@example.kg"], "Subject": subject,
            "BodyText": "Text."}  # fmt: skip


@pytest.mark.parametrize(
    ("country", "people"),
    [("KG", ("ainura", "turgunbek", "bakyt", "aizada or bekzat", "sunkar", "germany.pem")),
     ("UZ", ("dilnoza", "rustam", "sherzod", "aziza or bobur", "buxoro", "practice register of Uzbekistan"))],
)  # fmt: skip
def test_greeting_names_every_page_and_its_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], country: str, people: tuple[str, ...]
) -> None:
    abroad = None if country == "KG" else load_country(country)
    run._print_addresses(Place(tmp_path), "http://127.0.0.1:8000", 8000, 8001, 1.0, abroad)
    header = capsys.readouterr().out
    assert [each for each in people if each not in header] == []
    pages = {page for door in doors() for page in door.pages}
    assert pages == {page for page in pages if re.search(rf"http://127\.0\.0\.1:8000{page}\s", header)}


def test_mails_are_listed_newest_last_with_day_and_zone() -> None:
    noon = datetime(2026, 11, 27, 6, 0, tzinfo=UTC).timestamp()
    text = "\n".join(mails.format_mails([mail(noon + 86_400, "Later"), mail(noon, "First")]))
    assert "\n2026-11-27 12:00:00 UTC+06:00  notices@example.kg" in text
    assert 0 < text.index("First") < text.index("2026-11-28 12:00:00 UTC+06:00") < text.index("Later")
    assert text.endswith("2 mails since the engine started, the newest last")


def test_mails_piped_into_head_exit_cleanly() -> None:
    """The reader closes the pipe before the first line; the output is longer than a pipe holds."""
    code = (
        "import sys; from local import mails; sys.stdin.read()\n"
        "mails.running = lambda *_: {'env': {'TAMGA_ENDPOINT': ''}}\n"
        "one = {'Timestamp': 0, 'Source': '', 'To': [], 'Subject': '', 'BodyText': 'x' * 1000}\n"
        "mails.sent_mails = lambda endpoint: [one] * 1000\n"
        "raise SystemExit(mails.main())"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.close()
        assert (process.stderr.read(), process.wait()) == (b"", 0)


class Nobody:
    """A client of an empty register; `posted` contains the bodies sent."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []

    def get(self, who: tuple[str, str], path: str) -> Any:
        if path in {"/v1/watch-list", "/v1/duty-desks"}:
            return {"items": []}
        raise Refused(path, 404, {})

    def put(self, who: tuple[str, str], path: str, body: Any) -> Any:
        return {}

    def post(self, who: tuple[str, str], path: str, body: dict[str, Any]) -> Any:
        self.posted.append(body)
        return {"answers": []}


def test_example_records_of_officers_have_a_time_of_day() -> None:
    """Not midnight, and in the past even if the example data are created early in the day."""
    client: Any = Nobody()
    today = date(2026, 11, 27)
    wildlife.ensure(client, today)
    questions.ensure(client, today)
    times = [
        datetime.fromisoformat(body["recorded_at"]).astimezone(ZONE) for body in client.posted if "recorded_at" in body
    ]
    assert len(times) == len(set(times)) == 6
    assert {each.date() for each in times} == {today - timedelta(days=1)}
    assert all((each.hour, each.minute) != (0, 0) for each in times)
    assert at(today, "05:40") == "2026-11-26T23:40:00Z"
