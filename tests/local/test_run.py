"""`make run` for its user: a new folder, a tour that works, a quick restart that keeps all data."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dispositions import with_sigint
from playwright.sync_api import Page, expect, sync_playwright

from local.browser import CHROMIUM, MISSING
from local.engine import ROOT
from local.ministry import STORIES
from local.place import HOME, Place

pytestmark = [pytest.mark.engine, pytest.mark.slow]
SECOND_START = 60.0  # seconds; 1.2 on a quiet machine, but other tests run at the same time


class Run:
    """One `python -m local.run` in a folder, for the home country or another one."""

    def __init__(self, folder: Path, port: int = 0, country: str = HOME) -> None:
        self.place = Place(folder).of(country)
        self.env = {**os.environ, "TAMGA_LOCAL": str(folder), "PYTHONUNBUFFERED": "1"}
        self.said: list[str] = []
        began = time.monotonic()
        self.process = subprocess.Popen(
            with_sigint(
                signal.SIG_IGN, [sys.executable, "-m", "local.run", "--port", str(port), "--country", country]
            ),
            cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("echo WHO"):
                break
        self.seconds = time.monotonic() - began
        assert self.process.poll() is None, self.text
        self.about: dict[str, Any] = json.loads(self.place.running.read_text())

    @property
    def text(self) -> str:
        return "".join(self.said)

    @property
    def tour(self) -> str:
        begin = next(index for index, line in enumerate(self.said) if line.startswith("T="))
        return "".join(self.said[begin:])

    def get(self, path: str, token: str = "") -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.about['port']}{path}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def token(self, *words: str) -> str:
        made = subprocess.run(
            ["make", "token", f"PORT={self.about['port']}", *words],
            cwd=ROOT, env=self.env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert made.stdout.count("\n") == 1
        return made.stdout.strip()

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[Run]:
    run = Run(folder)
    yield run
    if run.process.poll() is None:
        run.stop()


def permits(run: Run) -> dict[str, dict[str, Any]]:
    token, found, cursor = run.token("ROLE=auditor"), {}, ""
    while cursor is not None:
        page = run.get(f"/v1/permits{'?cursor=' + cursor if cursor else ''}", token)
        found |= {item["id"]: item for item in page["items"]}
        cursor = page["cursor"]
    return found


def test_new_folder_becomes_a_ministry_with_example_data(first: Run) -> None:
    assert first.get("/v1/health")["status"] == "ok"
    made = json.loads(first.place.seeded.read_text())
    found = permits(first)
    for story in STORIES:  # drafts are not on the ministry's list
        state = found[made[story.name]]["state"] if made[story.name] in found else "draft"
        assert state == story.ends, story.name
    assert {item["use"] for item in found.values()} >= {"unused", "exported", "imported"}
    prints = list(first.place.samples.glob("*.pdf"))
    assert len(prints) == sum(story.ends in {"issued", "lost", "revoked", "suspended", "replaced"} for story in STORIES)
    assert (first.place.samples / "nine-birds-on-three-pages-3.png").exists()


def test_progress_lines_come_between_pages_answer_and_ready(first: Run) -> None:
    answer, *told = re.findall(r"The pages answer|example data: +\d+ %|\(ready after", first.text)
    *shares, ready = (each.removeprefix("example data:").strip(" %") for each in told)
    assert (answer, ready) == ("The pages answer", "(ready after")
    assert [int(each) for each in shares] == sorted({int(each) for each in shares})
    assert (int(shares[0]), int(shares[-1]) > 90) == (0, True)


def test_same_name_is_same_person_in_every_role(first: Run) -> None:
    from local.people import groups_in, subject_in

    aizada, again = first.token("ROLE=customs", "NAME=aizada"), first.token("ROLE=customs")
    bekzat, elsewhere = first.token("ROLE=customs", "NAME=bekzat"), first.token("ROLE=border", "NAME=bekzat")
    assert subject_in(aizada) == subject_in(again) != subject_in(bekzat) == subject_in(elsewhere)
    assert groups_in(elsewhere) == {"border"}
    stranger = first.token("ROLE=customs", "NAME=stranger")
    assert first.get("/v1/bundle", stranger)


def test_tour_works_when_pasted_twice(first: Run) -> None:
    for time_pasted in (1, 2):
        pasted = subprocess.run(
            ["sh"], input=first.tour, cwd=ROOT, env=first.env, capture_output=True, text=True, check=False, timeout=60
        )
        parts = dict(zip(*[iter(split(pasted.stdout))] * 2, strict=True))
        assert parts["ISSUE"].startswith("https://practice.tamga.kg/1#"), pasted.stderr
        assert parts["PRINT"].strip() == str(first.place.samples / "tour.pdf")
        assert (first.place.samples / "tour.pdf").read_bytes().startswith(b"%PDF-1.7")
        assert parts["FORGE A DIGIT"].startswith(("hold\n", "do_not_accept\n"))
        assert '"F' in parts["FORGE A DIGIT"]
        assert '"post": "manas-airport"' in parts["AND AGAIN AT OSH AIRPORT"]
        assert '"action": "endorse"' in parts["WHO DID WHAT"]
        if time_pasted == 1:
            assert parts["VERIFY"].startswith("accept\n")
            assert parts["VERIFY THE FILE"].startswith("accept\n")
            assert parts["ENDORSE AT MANAS AIRPORT"].splitlines()[1:3] == ["export", "manas-airport"]
            assert pasted.stderr.strip() == "409 already-used: This permit has been used."
        assert '"U5"' in parts["AND AT THE EXIT"]


def split(text: str) -> list[str]:
    """Split the output into title, text, title, text."""
    parts: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.strip().isupper() and line.strip().replace(" ", "").isalpha():
            parts += [line.strip(), ""]
        else:
            parts[-1] += line
    return parts


def test_published_lists_verify_a_print_offline(first: Run, tmp_path: Path) -> None:
    """As docs/TOUR.md does.

    With the trust list alone the status is unknown (T1), and with the status list it is known.
    """

    def fetched(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{first.about['port']}/{path}", timeout=30) as answer:
            (tmp_path / path.replace("/", "-")).write_bytes(answer.read())
        return str(tmp_path / path.replace("/", "-"))

    def verified(*options: str) -> tuple[int, dict[str, Any]]:
        sample = str(first.place.samples / "argali-trophy-to-spain.pdf")
        command = [sys.executable, "-m", "chalicelib", "verify", sample, "--trust", trust_list, "--root",
                   str(first.place.roots), "--direction", "import", "--json", *options]  # fmt: skip
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    trust_list = fetched("trust-list")
    code, alone = verified()
    assert (code, alone["outcome"], [each["code"] for each in alone["codes"]]) == (1, "check", ["T1"])
    year, month, _ = alone["permit"]["valid_until"].split("-")
    code, both = verified("--status", fetched(f"s/{year[2:]}q{(int(month) + 2) // 3}"))
    assert (code, both["outcome"], both["codes"]) == (0, "accept_offline", [])
    assert both["permit"] == alone["permit"]


def test_exchange_example_of_document_works(first: Run) -> None:
    """docs/EXCHANGE.md, "Trying it", with the folder and port of this run."""
    text = (ROOT / "docs" / "EXCHANGE.md").read_text().partition("## Trying it")[2]
    command = text.partition("```sh\n")[2].partition("```")[0]
    port = re.search(r"https://localhost:([0-9]+)/v1/epix", first.text)
    assert port
    here = command.replace(".local/exchange", str(first.place.folder / "exchange")).replace(":8001", f":{port[1]}")
    answer = subprocess.run(["sh", "-ec", here], check=False, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "GetFinalCitesCertificateResponse" in answer.stdout, answer.stdout + answer.stderr


def test_command_line_reaches_the_running_stage(first: Run) -> None:
    script = 'eval "$(.venv/bin/python -m local.env)"; echo $TAMGA_SERVER >&2; bin/tamga keys list --json'
    done = subprocess.run(
        ["/bin/sh", "-c", script], cwd=ROOT, env=first.env, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == f"http://127.0.0.1:{first.about['port']}"
    shown = json.loads(done.stdout)
    assert (shown["due"], {key["kms"] for key in shown["keys"]}) == ({}, {"same"})


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason=MISSING)
def test_example_people_sign_in_at_the_pages(first: Run) -> None:
    """Sign-in through the engine's user pool: with one tap, and with a first password that is changed."""
    address = f"http://127.0.0.1:{first.about['port']}"
    with (
        sync_playwright() as started,
        started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as chromium,
    ):

        def visit(path: str, enter: str) -> Page:
            page = chromium.new_context(locale="en").new_page()
            page.goto(address + path)
            page.get_by_role("button", name=enter).click()
            page.get_by_role("heading", name="Sign in to the practice ministry").wait_for()
            return page

        page = visit("/desk/", "Go to the sign-in page")
        page.get_by_role("button", name="Ainura").click()
        expect(page.get_by_role("banner")).to_contain_text("prepares permits")
        assert "code=" not in page.url
        expect(page.locator("table.queue tbody tr").first).to_be_visible()

        chosen = "Aa1-chosen-by-meerim"
        page = visit("/desk/", "Go to the sign-in page")
        page.get_by_role("button", name="Meerim").click()
        page.locator("#answer").fill(chosen)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("banner")).to_contain_text("Meerim Bekova")
        for given, word in ((first.place.password(), "Wrong, or out of time."), (chosen, "Meerim Bekova")):
            page = visit("/desk/", "Go to the sign-in page")
            page.get_by_label("Name").fill("meerim")
            page.get_by_label("Password").fill(given)
            page.get_by_role("button", name="Sign in", exact=True).click()
            expect(page.locator("body")).to_contain_text(word)

        page = visit("/scan/", "Sign in")
        page.get_by_role("button", name="Aizada").click()
        expect(page.locator("#post")).to_be_visible()
        page = visit("/exporter/", "Sign in")
        page.get_by_role("button", name="Sunkar").click()
        expect(page.locator(".cards li").first).to_be_visible()


def test_second_run_in_running_folder_is_refused(first: Run) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "local.run", "--port", "0"],
        cwd=ROOT, env=first.env, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"in use by another run, on port {first.about['port']}" in second.stderr


def test_stopped_and_killed_run_keep_all_data_and_restart_quickly(first: Run, folder: Path) -> None:
    """The engine outlives a killed run. The next start finds it, lets it save and continues."""
    before = permits(first)
    number = next(item["number"] for item in before.values() if item["use"] == "exported")
    assert first.stop(signal.SIGINT) == 0
    assert not first.place.running.exists()
    again = Run(folder)
    try:
        assert again.seconds < SECOND_START
        assert "example data" not in again.text
        after = permits(again)
        assert before.items() <= after.items()
        assert number in {item["number"] for item in after.values() if item["use"] == "exported"}
        assert again.get("/v1/health")["status"] == "ok"
    finally:
        assert again.stop(signal.SIGKILL) == -signal.SIGKILL
    assert again.place.running.exists()
    last = Run(folder)
    try:
        assert after.items() <= permits(last).items()
        assert last.about["pid"] != again.about["pid"]
    finally:
        assert last.stop(signal.SIGTERM) == 0


def test_port_in_use_is_reported(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {**os.environ, "TAMGA_LOCAL": str(tmp_path)}
        refused = subprocess.run(
            [sys.executable, "-m", "local.run", "--port", str(port)],
            cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert refused.returncode == 1
    assert f"Port {port} is in use by another program" in refused.stderr
    assert not Place(tmp_path).engine.exists()  # reported before anything is created
