"""The `bulk` commands against a running service: from a table to printed permits, each step by its role."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import quota_play
import urllib3
from cli_service import serving
from cli_tables import row, to_csv, to_xlsx
from office import MemoryOffice
from typer.testing import CliRunner, Result

from chalicelib.bulk import batch
from chalicelib.cli import service_client
from chalicelib.composition.main import app
from chalicelib.permits.services import store

BAD = [
    row(ref="bad-kind", document_type="Z"),
    row(ref="bad-code", quantity="0"),
    row(ref="bad-law", purpose="T", source="W", scientific_name="Falco cherrug", valid_until="2028-01-01"),
    row(ref="bad-gap", importer_name=""),
    row(ref="bad-sum", marks="=1+1"),
]

FINDINGS = (("ainura", "legal_acquisition"), ("ainura", "live_transport"), ("turgunbek", "bred_or_propagated"))


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[MemoryOffice, str]]:
    with serving() as made:
        yield made


@pytest.fixture
def office(service: tuple[MemoryOffice, str]) -> MemoryOffice:
    return service[0]


@pytest.fixture
def bulk(service: tuple[MemoryOffice, str]) -> Any:
    def run(who: str, step: str, *args: object, answer: str | None = None, code: int = 0) -> Any:
        """Return the JSON of the command (its text, if `answer` is typed), after a check of its exit code."""
        more = [] if answer is not None else ["--json"]
        result = CliRunner().invoke(
            app, ["bulk", step, *map(str, args), "--server", service[1], "--token", who, *more], input=answer
        )
        assert result.exit_code == code, (result.exit_code, result.output, result.exception)
        return json.loads(result.stdout) if result.stdout.startswith("{") else result.output

    return run


def permits(office: MemoryOffice) -> int:
    return len(office.register.search("shelf", store.SHELF, limit=1000)[0])


def report(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_template_passes_prepare_and_its_example_row_is_skipped(
    bulk: Any, tmp_path: Path, office: MemoryOffice
) -> None:
    for kind in ("E", "R", "I", "OO"):
        result = CliRunner().invoke(app, ["bulk", "template", "--kind", kind])
        (tmp_path / "t.csv").write_text(result.stdout)
        found = bulk("ainura", "prepare", tmp_path / "t.csv", "--dry-run")
        assert (found["permits"], found["refused"]) == (0, [])
        # users copy the example: an origin is only for goods from another country
        assert bool(next(csv.DictReader(result.stdout.splitlines()))["origin_country"]) == (kind in {"I", "R"})
    assert "ISO 3166-1" in CliRunner().invoke(app, ["bulk", "template", "--explain"]).stdout
    assert CliRunner().invoke(app, ["bulk", "template", "--kind", "Q"]).exit_code == 2


def test_warnings_of_the_service_are_reported_and_refuse_nothing(bulk: Any, tmp_path: Path) -> None:
    trophy = row(ref="argali", scientific_name="Ovis ammon", source="W", term="TRO", purpose="H", quantity="1")
    file = to_csv(tmp_path / "argali.csv", [trophy])
    found = bulk("ainura", "prepare", file, "--dry-run")
    assert (found["done"], found["refused"]) == (1, [])
    assert [(each["row"], each["ref"], each["column"], each["rule"]) for each in found["warnings"]] == [
        (2, "argali", "scientific_name", "name_choice"), (2, "argali", "origin_country", "range"),
    ]  # fmt: skip
    assert "[Ovis polii] [Ovis karelini]" in found["warnings"][0]["reason"]
    assert "warning, row 2 (argali), scientific_name: " in bulk("ainura", "prepare", file, "--dry-run", answer="")


def test_table_becomes_printed_permits_and_bad_rows_are_reported(
    bulk: Any, tmp_path: Path, office: MemoryOffice
) -> None:
    before = permits(office)
    rows = [row(ref=f"a-{n}", marks=f"ring {n}") for n in range(3)]
    file = to_xlsx(tmp_path / "permits.xlsx", [*rows, row(ref="a-0", marks="ring 0b", quantity="1"), *BAD])
    found = bulk("ainura", "prepare", file, code=1)
    assert (found["done"], found["permits"]) == (3, 8)
    told = report(tmp_path / "permits.xlsx.report.csv")
    assert {(each["row"], each["ref"], each["column"], each["rule"]) for each in told} >= {
        ("6", "bad-kind", "document_type", "unknown"), ("7", "bad-code", "quantity", "quantity"),
        ("8", "bad-law", "valid_until", "too_late"), ("9", "bad-gap", "importer_name", "required"),
        ("10", "bad-sum", "marks", "formula"),
    }  # fmt: skip
    assert all(each["reason"] for each in told)
    assert next(each["value"] for each in told if each["ref"] == "bad-sum").startswith("'=")
    assert permits(office) == before + 3  # the other rows created nothing

    waiting = bulk("ainura", "find", file, "--kind", "legal_acquisition", "--note", "seen", code=1)
    assert [each["ref"] for each in waiting["waiting"]] == ["a-0", "a-1", "a-2"]
    assert waiting["waiting"][0]["goods"] == "2 LIV Falco cherrug; 1 LIV Falco cherrug"
    for who, kind in (
        ("ainura", "legal_acquisition"),
        ("ainura", "live_transport"),
        ("turgunbek", "bred_or_propagated"),
    ):
        digest = bulk(who, "find", file, "--kind", kind, "--note", "seen", code=1)["digest"]
        assert bulk(who, "find", file, "--kind", kind, "--note", "seen", "--confirm", digest)["done"] == 3
    shown = bulk("bakyt", "approve", file, code=1)  # shown, and nothing done
    assert [each["missing findings"] for each in shown["waiting"]] == ["", "", ""]
    text = bulk("bakyt", "approve", file, answer="n\n", code=1)
    assert f"digest of all: {shown['digest']}\n" in text
    assert "  Altyn Falcon LLC (KG) -> Al Dhafra Falcons (AE), purpose B\n" in text
    assert "  2 LIV Falco cherrug, Appendix II, source C, marks ring 1, live bird, female, origin KG" in text
    assert "Approve these 3?" in text
    bulk("bakyt", "approve", file, "--confirm", "0" * 64, code=2)
    assert bulk("bakyt", "approve", file, "--confirm", shown["digest"])["done"] == 3
    assert bulk("bakyt", "approve", file)["done"] == 0  # nothing waits any more
    assert bulk("ainura", "find", file, "--kind", "legal_acquisition", "--note", "seen")["done"] == 0
    bulk("ainura", "find", file, "--kind", "misspelt", "--note", "seen", code=2)
    bulk("ainura", "find", file, "--kind", "legal_acquisition", "--note", "seen", "--result", "misspelt", code=2)
    numbers = bulk("bakyt", "issue", file)["numbers"]
    assert sorted(numbers) == ["a-0", "a-1", "a-2"]
    assert bulk("ainura", "issue", file)["numbers"] == numbers
    found = bulk("ainura", "print", file, "--to", tmp_path / "out")
    assert found["done"] == 3
    told = bulk("ainura", "print", file, "--to", tmp_path / "out", answer="")  # already printed, and listed again
    assert all(f"{ref}  {path}\n" in told for ref, path in found["files"].items())
    assert sorted(map(Path, found["files"].values())) == sorted((tmp_path / "out").iterdir())
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == sorted(number.replace("/", "-") + ".pdf" for number in numbers.values())
    assert all((tmp_path / "out" / name).read_bytes().startswith(b"%PDF-") for name in names)


def test_quota_year_is_a_column_and_refused_by_row(bulk: Any, tmp_path: Path, office: MemoryOffice) -> None:
    taxon = "Testudo horsfieldii"  # only used here: a taxon with quotas needs one for each year
    quota_play.enter(office, replace(quota_play.QUOTA, taxon=taxon, year=2025, sources=("C",)))
    rows = [
        row(ref="q-old", scientific_name=taxon, quota_year="2025"),
        row(ref="q-none", scientific_name=taxon, quota_year="2024"),
        row(ref="q-odd", scientific_name=taxon, quota_year="25"),
    ]
    file = to_csv(tmp_path / "q.csv", rows)
    assert bulk("ainura", "prepare", file, code=1)["done"] == 1
    told = report(tmp_path / "q.csv.report.csv")
    assert [(each["row"], each["ref"], each["column"], each["value"], each["rule"]) for each in told] == [
        ("3", "q-none", "quota_year", "2024", "no_quota"), ("4", "q-odd", "quota_year", "25", "year"),
    ]  # fmt: skip
    (item,) = json.loads(batch.batch_path(file).read_text(encoding="utf-8"))["items"]
    assert item["ref"] == "q-old"


def test_second_prepare_creates_nothing_twice(bulk: Any, tmp_path: Path, office: MemoryOffice) -> None:
    rows = [row(ref=f"b-{n}", marks=f"b {n}") for n in range(3)]
    file = to_csv(tmp_path / "b.csv", rows[:2])
    bulk("ainura", "prepare", file)
    before = permits(office)
    assert bulk("ainura", "prepare", file)["done"] == 2
    assert permits(office) == before
    to_csv(file, rows)  # one more row
    assert bulk("ainura", "prepare", file)["done"] == 3
    assert permits(office) == before + 1
    batch.batch_path(file).unlink()  # the batch file is lost: the service recognises the Idempotency-Key
    assert bulk("ainura", "prepare", file)["done"] == 3
    assert permits(office) == before + 1
    to_csv(file, [row(ref="b-0", marks="changed"), *rows[1:]])
    (refused,) = bulk("ainura", "prepare", file, code=1)["refused"]
    assert (refused["ref"], refused["rule"]) == ("b-0", "changed")
    assert permits(office) == before + 1


def test_all_faults_of_a_row_are_reported_together(bulk: Any, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "m.csv", [row(ref="m", quantity="1,5", term="XYZ", importer_country="UAE", purpose="Q9")])
    bulk("ainura", "prepare", file, code=1)
    assert {(each["column"], each["rule"]) for each in report(tmp_path / "m.csv.report.csv")} == {
        ("quantity", "comma"), ("term", "unknown"), ("importer_country", "unknown"), ("purpose", "unknown"),
    }  # fmt: skip


def test_prepare_summary_counts_prepared_and_existing_rows(bulk: Any, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "n.csv", [row(ref=f"n-{n}", marks=f"n {n}") for n in range(2)])
    told = bulk("ainura", "prepare", file, "--dry-run", answer="")
    assert "2 ready to prepare (nothing created), 0 refused" in told
    told = bulk("ainura", "prepare", file, answer="")
    needed = "legal_acquisition (preparer), bred_or_propagated (scientist), live_transport (preparer)"
    assert f"findings needed before approval: {needed}\n" in told
    assert "2 prepared, 0 refused" in told
    assert "0 prepared, 2 prepared before, 0 refused" in bulk("ainura", "prepare", file, answer="")


def test_interrupted_prepare_continues_without_duplicates(
    bulk: Any, tmp_path: Path, office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = to_csv(tmp_path / "c.csv", [row(ref=f"c-{n}", marks=f"c {n}") for n in range(4)])
    before = permits(office)
    whole, calls = service_client.ServiceClient.post, []

    def cut(self: service_client.ServiceClient, path: str, body: Any = None, **headers: str) -> service_client.Answer:
        calls.append(path)
        answer = whole(self, path, body, **headers)
        if len(calls) == 5:  # the second permit was created and the response is lost
            raise service_client.NoAnswer("cut")
        return answer

    monkeypatch.setattr(service_client.ServiceClient, "post", cut)
    bulk("ainura", "prepare", file, code=3)
    assert permits(office) == before + 2
    monkeypatch.setattr(service_client.ServiceClient, "post", whole)
    assert bulk("ainura", "prepare", file)["done"] == 4
    assert permits(office) == before + 4


def test_bulk_steps_are_refused_by_the_rules_of_the_service(bulk: Any, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "d.csv", [row(ref="d", marks="d")])
    assert "forbidden" in bulk("bakyt", "prepare", file, code=1)["error"]
    bulk("both", "prepare", file)
    digest = bulk("bakyt", "approve", file, code=1)["digest"]
    (refused,) = bulk("bakyt", "approve", file, "--confirm", digest, code=1)["refused"]
    assert refused["rule"] == "wrong-state"  # findings are missing
    (refused,) = bulk("both", "find", file, "--kind", "bred_or_propagated", "--note", "x", "--confirm", digest, code=1)[
        "refused"
    ]
    assert refused["rule"] == "forbidden"  # only the Scientific Authority records it
    for who, kind in (
        ("ainura", "legal_acquisition"),
        ("ainura", "live_transport"),
        ("turgunbek", "bred_or_propagated"),
    ):
        bulk(who, "find", file, "--kind", kind, "--note", "x", "--confirm", digest)
    (refused,) = bulk("both", "approve", file, "--confirm", digest, code=1)["refused"]
    assert refused["rule"] == "two-people"  # the preparer may not approve
    (refused,) = bulk("ainura", "issue", file, code=1)["refused"]
    assert refused["rule"] == "wrong-state"


def test_approve_does_not_ask_about_permits_without_findings(bulk: Any, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "l.csv", [row(ref="l-0", marks="l 0")])
    bulk("ainura", "prepare", file)
    text = bulk("bakyt", "approve", file, answer="y\n", code=1)
    missing = "legal_acquisition (preparer), bred_or_propagated (scientist), live_transport (preparer)"
    assert f"  findings missing: {missing}\n" in text
    assert "Every application lacks findings" in text
    assert "Approve" not in text
    for who, kind in FINDINGS:
        text = bulk(who, "find", file, "--kind", kind, "--note", "x", answer="y\n")
        assert f"Record {kind} ({'scientist' if who == 'turgunbek' else 'preparer'}): positive on this one?" in text
    to_csv(file, [row(ref="l-0", marks="l 0"), row(ref="l-1", marks="l 1")])
    bulk("ainura", "prepare", file)
    text = bulk("bakyt", "approve", file, answer="y\n", code=1)
    assert "Approve 1 of these 2 (1 lacks findings and will be refused)?" in text
    assert "1 approved, 1 refused" in text


def test_approve_with_digest_of_other_applications_is_refused(bulk: Any, tmp_path: Path, office: MemoryOffice) -> None:
    file = to_csv(tmp_path / "e.csv", [row(ref="e", marks="e")])
    bulk("ainura", "prepare", file)
    kept = json.loads(batch.batch_path(file).read_text())
    old = bulk("bakyt", "approve", file, code=1)["digest"]
    other = to_csv(tmp_path / "f.csv", [row(ref="f", marks="f")])
    bulk("ainura", "prepare", other)
    kept["items"][0]["id"] = json.loads(batch.batch_path(other).read_text())["items"][0]["id"]
    batch.batch_path(file).write_text(json.dumps(kept))  # an attacker points the batch at another application
    bulk("bakyt", "approve", file, "--confirm", old, code=2)


@pytest.mark.parametrize("step", [("approve",), ("find", "--kind", "legal_acquisition", "--note", "x")])
def test_refusal_to_show_a_permit_is_reported_when_nothing_waits(
    bulk: Any, tmp_path: Path, step: tuple[str, ...]
) -> None:
    file = to_csv(tmp_path / "k.csv", [row(ref="k", marks=f"k {step[0]}")])
    bulk("ainura", "prepare", file)
    kept = json.loads(batch.batch_path(file).read_text())
    kept["items"][0]["id"] = "0" * 26  # a permit that does not exist
    batch.batch_path(file).write_text(json.dumps(kept))
    found = bulk("bakyt", step[0], file, *step[1:], "--report", tmp_path / "k.report.csv", code=1)
    assert (found["done"], found["refused"][0]["rule"]) == (0, "no-match")
    assert report(tmp_path / "k.report.csv")[0]["rule"] == "no-match"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Address and Authorization of each request. Each is answered by a redirect to an address without TLS."""
    made: list[tuple[str, str]] = []

    def request(pool: Any, method: str, url: str, **options: Any) -> urllib3.HTTPResponse:
        made.append((url, options["headers"]["Authorization"]))
        return urllib3.HTTPResponse(status=302, headers={"Location": "http://permits.example.kg/v1/permits/check"})

    monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", request)
    return made


@pytest.mark.parametrize(
    "server",
    ["http://permits.example.kg", "HTTP://permits.example.kg", "http://127.0.0.1.example.kg", "http://10.0.0.1",
     "http://127.0.0.1@permits.example.kg", "http://permits.example.kg#127.0.0.1", "//permits.example.kg"],
)  # fmt: skip
def test_token_is_never_sent_without_tls(tmp_path: Path, sent: list[tuple[str, str]], server: str) -> None:
    file = to_csv(tmp_path / "s.csv", [row(ref="s")])
    result = CliRunner().invoke(app, ["bulk", "prepare", str(file), "--server", server, "--token", "secret"])
    assert (result.exit_code, sent) == (2, [])


def test_token_does_not_follow_redirect_to_address_without_tls(tmp_path: Path, sent: list[tuple[str, str]]) -> None:
    file = to_csv(tmp_path / "s.csv", [row(ref="s")])
    result = CliRunner().invoke(app, ["bulk", "prepare", str(file), "--server", "https://x", "--token", "secret"])
    assert (result.exit_code, sent) == (3, [("/v1/permits/check", "Bearer secret")])


def test_server_without_tls_wrong_token_or_file_returns_exit_code_2(tmp_path: Path) -> None:
    file = to_csv(tmp_path / "g.csv", [row(ref="g")])

    def run(*args: str) -> Result:
        return CliRunner().invoke(app, ["bulk", *args])

    for server in ("http://permits.example.kg", "ftp://127.0.0.1", "https://u:p@x", "https://x/path", "nonsense"):
        result = run("prepare", str(file), "--server", server, "--token", "t")
        assert result.exit_code == 2, server
    assert run("prepare", str(file), "--server", "https://x", "--token", "").exit_code == 2
    assert run("prepare", str(tmp_path / "none.csv"), "--server", "https://x", "--token", "t").exit_code == 2
    assert run("approve", str(file), "--server", "http://127.0.0.1:9", "--token", "t").exit_code == 2
    (tmp_path / "g.csv.batch.json").write_text('{"items": [{}], "server": "http://127.0.0.1:9", "file": ""}')
    assert run("approve", str(file), "--server", "http://127.0.0.1:9", "--token", "t").exit_code == 2


def test_unknown_token_asks_to_sign_in(bulk: Any, tmp_path: Path) -> None:
    assert "Sign in" in bulk("nobody", "prepare", to_csv(tmp_path / "h.csv", [row(ref="h")]), code=2)["error"]


def test_service_without_response_is_retried_and_returns_exit_code_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(service_client.time, "sleep", waited.append)
    monkeypatch.setitem(service_client.ServiceClient.__init__.__kwdefaults__, "sleep", waited.append)
    file = to_csv(tmp_path / "i.csv", [row(ref="i")])
    result = CliRunner().invoke(app, ["bulk", "prepare", str(file), "--server", "http://127.0.0.1:9", "--token", "t"])
    assert result.exit_code == 3
    assert len(waited) == service_client.TRIES - 1


def test_report_file_with_json_suffix_is_json(bulk: Any, tmp_path: Path) -> None:
    file = to_csv(tmp_path / "j.csv", BAD[:1])
    bulk("ainura", "prepare", file, "--report", tmp_path / "r.json", code=1)
    (refused,) = json.loads((tmp_path / "r.json").read_text())
    assert (refused["row"], refused["column"]) == (2, "document_type")
