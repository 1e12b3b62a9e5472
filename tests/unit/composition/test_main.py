"""`tamga verify`: offline verdicts, exit codes, and imports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from life import APPLICATION, SAKER, issued
from office import APPROVER, MemoryOffice
from typer.testing import CliRunner

from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.composition.main import app
from chalicelib.i18n import words
from chalicelib.issuing.services import print_permit
from chalicelib.kernel.days import from_text
from chalicelib.kernel.stage import Stage
from chalicelib.permits.services import change_status
from chalicelib.token import cbor
from chalicelib.trust.model.trust_list import BUNDLE_CAP, encode_bundle, encode_trust_list, thumbprint
from chalicelib.trust.services import publish_trust_list


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("cli")
    office = MemoryOffice(now=int(time.time()) - 60)
    permit, bad = issued(office), issued(office)
    many = issued(office, replace(APPLICATION, lines=(replace(SAKER, quantity="21"),)))
    pages = issued(office, replace(APPLICATION, lines=(replace(SAKER, marks="ring KG-0117, " * 40),) * 5))
    change_status.revoke(bad.id, "false papers", True, APPROVER, office)
    office.publish_due()
    uri = permit.status_uri or ""
    contents = {
        "trust": office.static.read("trust-list")[0],
        "status": office.static.read("s/" + uri.rsplit("/", 1)[1])[0],
        "root": f"KG {office.config.pins['KG'][0]} practice # the practice root\n".encode(),
        "other_root": f"KG {'0' * 64} practice\n".encode(),
        "code": permit.tokens[0].encode() + b"\n",
        "many": many.tokens[0].encode(),
        "pages": pages.tokens[1].encode(),
        "revoked": bad.tokens[0].encode(),
    }
    made = {}
    for name, data in contents.items():
        made[name] = folder / f"{name}.txt"
        made[name].write_bytes(data)
    office.printer.make(permit.id)
    pdf = office.blobs.get(print_permit.print_key(permit, print_permit.marks_of(permit, office.stage))) or b""
    made["pdf"] = folder / "permit.pdf"
    made["pdf"].write_bytes(pdf)
    return made


def run(files: dict[str, Path], what: object, *more: object, root: str = "root") -> tuple[int, dict[str, object]]:
    args = ["verify", str(what), "--trust", str(files["trust"]), "--root", str(files[root]), "--json"]
    result = CliRunner().invoke(app, [*args, *map(str, more)])
    try:
        return result.exit_code, json.loads(result.stdout)
    except json.JSONDecodeError:
        return result.exit_code, {"output": result.output}


def test_genuine_code_with_fresh_status_list_is_accepted_offline(files: dict[str, Path]) -> None:
    code, verdict = run(files, files["code"], "--status", files["status"])
    assert (code, verdict["outcome"]) == (0, "accept_offline")
    assert verdict["permit"]["lines"][0]["scientific_name"] == "Falco cherrug"


def test_answer_has_the_signing_time_of_each_trust_list(files: dict[str, Path]) -> None:
    """The command stores no newest seq, so a person must see the age of the list."""
    _, verdict = run(files, files["code"])
    (signed_at,) = [verdict["trust_lists"]["KG"]]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", signed_at)
    args = ["verify", str(files["code"]), "--trust", str(files["trust"]), "--root", str(files["root"])]
    told = words.moment(from_text(signed_at), "Asia/Bishkek", "en", hours=True)
    assert f"Trust list of KG signed on {told}." in read(CliRunner().invoke(app, args).output)
    help_text = " ".join(CliRunner().invoke(app, ["verify", "--help"], env={"COLUMNS": "300"}).output.split())
    assert "60 days" in help_text


def test_large_quantity_is_never_accepted_offline(files: dict[str, Path]) -> None:
    code, verdict = run(files, files["many"], "--status", files["status"])
    assert (code, verdict["outcome"]) == (1, "check")
    assert [c["code"] for c in verdict["codes"]] == ["L1"]


def test_no_status_list_returns_check(files: dict[str, Path]) -> None:
    code, verdict = run(files, files["code"])
    assert (code, verdict["outcome"]) == (1, "check")
    assert [c["code"] for c in verdict["codes"]] == ["T1"]


def test_code_is_accepted_as_text_and_a_changed_digit_returns_hold(files: dict[str, Path]) -> None:
    text = files["code"].read_text().strip()
    at = len(text) - 30
    forged = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
    assert run(files, text, "--status", files["status"])[0] == 0
    code, verdict = run(files, forged, "--status", files["status"])
    assert (code, verdict["outcome"], verdict["permit"]) == (5, "hold", None)


def test_permit_revoked_for_cause_returns_hold(files: dict[str, Path]) -> None:
    code, verdict = run(files, files["revoked"], "--status", files["status"])
    assert (code, verdict["outcome"]) == (5, "hold")
    assert "S7" in [c["code"] for c in verdict["codes"]]


def test_issuers_own_pdf_is_accepted_offline(files: dict[str, Path]) -> None:
    code, verdict = run(files, files["pdf"], "--status", files["status"])
    assert (code, verdict["outcome"]) == (0, "accept_offline"), verdict["codes"]


def test_trust_list_of_unpinned_root_is_refused(files: dict[str, Path]) -> None:
    code, shown = run(files, files["code"], root="other_root")
    assert code == 2
    assert "root" in str(shown["error"])


@pytest.mark.parametrize("name", ["nofile.pdf", "nowhere/permit.pdf", "."])
def test_missing_file_is_one_line(files: dict[str, Path], name: str) -> None:
    code, shown = run(files, name)
    assert (code, shown["error"]) == (2, f"WHAT: {name}: not the text of a permit's code, and no such file")


def test_unreadable_file_is_one_line(files: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("not one")
    code, shown = run(files, tmp_path / "a.pdf")
    assert (code, shown["error"]) == (3, f"WHAT: {tmp_path}/a.pdf: cannot be opened. Send a PDF, PNG or JPEG file.")


def test_unknown_language_is_refused(files: dict[str, Path]) -> None:
    code, shown = run(files, files["code"], "--language", "de")
    assert (code, shown["error"]) == (2, "--language: give one of en, ru, ky, uz, fr")


def told(files: dict[str, Path], *what: object) -> str:
    """Return the text for a person, without the line breaks of the screen."""
    args = ["verify", *map(str, what), "--trust", str(files["trust"]), "--root", str(files["root"])]
    return read(CliRunner().invoke(app, args).output)


def read(output: str) -> str:
    return " ".join(output.split())


def test_text_has_sentences_and_signed_blocks_as_printed(files: dict[str, Path]) -> None:
    text = told(files, files["many"], "--status", files["status"])
    text = text.removeprefix("A practice sheet: it has no value as a permit. ")
    assert text.startswith("check Compare or ask. What was found L1 No network, and the species or the quantity asks")
    for row in (
        "1 Document EXPORT PERMIT", "3 Importer Abu Dhabi Falcons 3a Country of import United Arab Emirates (AE)",
        "Line A 7/8 Species Falco cherrug 9 Specimens LIV Live 9 Marks rings KG-0117, KG-0118",
        "10 Appendix and source II C 11 Quantity === 21 === no.", "What to do now 1. Compare species, quantity, marks",
    ):  # fmt: skip
        assert row in text
    assert not any(sign in text for sign in '{}"')


def test_practice_permit_is_marked_as_without_value(files: dict[str, Path]) -> None:
    """Anybody may issue in the practice register, and its root is the default in a folder that ran one (`.local`)."""
    assert told(files, files["code"], "--status", files["status"]).startswith("A practice sheet: it has no value")
    assert run(files, files["code"])[1]["practice"] is True
    assert run(files, "HC1:NCFOXN")[1]["practice"] is False  # a code of another system is not marked


def test_text_in_another_language(files: dict[str, Path]) -> None:
    text = told(files, files["code"], "--status", files["status"], "--language", "ru")
    for row in ("Подписано, как напечатано", "3 Импортёр Abu Dhabi Falcons", "Что делать 1. "):
        assert row in text


def test_text_has_no_unverified_field(files: dict[str, Path]) -> None:
    text = files["code"].read_text().strip()
    forged = text[:-30] + str((int(text[-30]) + 1) % 10) + text[-29:]
    shown = told(files, forged, "--status", files["status"])
    assert shown.startswith("hold Hold goods and paper, ask the duty desk. What was found F1 The signature does not")
    assert "What the code says is not shown: it was not verified." in shown
    assert not any(word in shown for word in ("26KG", "Falco", "Abu Dhabi", "rings"))


def test_long_marks_and_several_pages_are_explained(files: dict[str, Path]) -> None:
    text = told(files, files["pages"], "--status", files["status"])
    assert "Pages seen 2 / 2" in text
    assert "Line ? 7/8 Species Falco cherrug" in text  # page 1 was not seen: the letter of the line is unknown
    assert "9 Marks Too long for the code: read them in the register (" in text


def test_code_of_another_system_returns_cannot_tell(files: dict[str, Path]) -> None:
    code, verdict = run(files, "HC1:NCFOXN")
    assert (code, verdict["outcome"]) == (3, "cannot_tell")


@pytest.mark.parametrize("text", ["KG zz", "KG " + "0" * 64 + " real", "KG"])
def test_malformed_root_file_names_its_line(files: dict[str, Path], tmp_path: Path, text: str) -> None:
    bad = tmp_path / "root.txt"
    bad.write_text("# roots\n" + text + "\n")
    result = CliRunner().invoke(
        app, ["verify", "x", "--trust", str(files["trust"]), "--root", str(bad)]
    )  # fmt: skip
    assert result.exit_code == 2
    assert "line 2" in result.output


def test_verifying_a_code_imports_only_what_it_needs(files: dict[str, Path]) -> None:
    script = (
        "import sys\nfrom chalicelib.composition.main import app\n"
        "try: app()\nexcept SystemExit as end: code = end.code\n"
        "bad = [m for m in ('chalice', 'boto3', 'botocore', 'pynamodb', 'reportlab', 'qrcode',"
        " 'chalicelib.composition.container') if m in sys.modules]\n"
        "print(bad, file=sys.stderr)\nsys.exit(99 if bad else code)\n"
    )
    args = ["verify", str(files["code"]), "--trust", str(files["trust"]), "--root", str(files["root"])]
    done = subprocess.run([sys.executable, "-c", script, *args], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr


def test_status_list_counts_for_its_own_party_only(tmp_path: Path) -> None:
    """Another Party's list, pinned before ours, claims our host, prefix and status key and takes nothing from us."""
    office, thief = (
        MemoryOffice(Stage(host="tamga.kg", practice=False), now=int(time.time()) - 60),
        FileSigner.generate(),
    )
    good, bad = issued(office), issued(office)
    change_status.revoke(bad.id, "false papers", True, APPROVER, office)
    office.publish_due()
    own_list = office.first_list()
    keys = tuple(replace(key, compromised=key.purpose == "status") for key in own_list.keys)  # claimed to be stolen
    claimed = replace(own_list, issuer="UZ", root=thief.public_key, keys=keys)
    own = cbor.decode(office.static.read("trust-list")[0], cap=BUNDLE_CAP, depth=1)
    theirs = publish_trust_list.sign_payload(encode_trust_list(claimed), thief)
    path = "s/" + (good.status_uri or "").rsplit("/", 1)[1]
    made = {
        "trust": encode_bundle([*own, theirs]),
        "status": office.static.read(path)[0],
        "root": f"UZ {thumbprint(thief.public_key).hex()}\nKG {office.config.pins['KG'][0]}\n".encode(),
    }
    args = ["--json"]
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        args += [f"--{name}", str(tmp_path / name)]
    results = [CliRunner().invoke(app, ["verify", each.tokens[0], *args]) for each in (good, bad)]
    told = [(each.exit_code, json.loads(each.stdout)["outcome"]) for each in results]
    assert told == [(0, "accept_offline"), (5, "hold")]
    assert json.loads(results[0].stdout)["practice"] is False


def test_single_signed_list_instead_of_a_bundle_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    (alone,) = cbor.decode(files["trust"].read_bytes(), cap=BUNDLE_CAP, depth=1)
    (tmp_path / "trust.txt").write_bytes(alone)
    code, shown = run({**files, "trust": tmp_path / "trust.txt"}, files["code"])
    assert (code, shown["error"]) == (
        2, "--trust: this file is one signed list; give the array of lists that /trust-list serves"
    )  # fmt: skip
