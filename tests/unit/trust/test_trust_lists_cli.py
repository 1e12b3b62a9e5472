"""`tamga trust`: one person prepares a list, another reads and publishes it, and a root may sign it offline."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desk_of_keys import A, B, Desk
from office import MemoryOffice
from process import but
from two_countries import pinned, uzbekistan
from typer.testing import CliRunner

from chalicelib.adapters.in_process.memory import MemoryRegister, MemoryStatic
from chalicelib.adapters.in_process.signer import FileSigner
from chalicelib.composition import container
from chalicelib.composition.main import app
from chalicelib.kernel.stage import Stage
from chalicelib.trust.model.trust_list import encode_bundle, encode_trust_list, thumbprint
from chalicelib.trust.services import publish_trust_list

ROOT = Path(__file__).parents[3]
PHRASE = "correct horse\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield Desk(tmp_path)
    container.replace_deps(None)


def test_list_is_renewed_by_two_people(desk: Desk) -> None:
    before = desk.current
    after = desk.publish("trust", "prepare")
    assert after.seq > before.seq
    assert after.keys == before.keys


def test_proposal_is_shown_in_words(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MemoryOffice(Stage(host="tamga.kg", practice=False)))
    proposal = desk.ask("trust", "prepare", "--add-host", "permits.kg", as_=A)
    said = desk.run("trust", "show", proposal["proposal"]).stdout
    assert "proposed by: Admin One" in said
    assert "+ host permits.kg" in said
    assert "speaks from 2027-01-23T09:46:40Z" in said
    whole = desk.ask("trust", "show", proposal["proposal"], "--whole")
    assert whole["why"] == "trust prepare: add host permits.kg"
    assert {each["name"] for each in whole["changes"]} == {"number", "valid", "host permits.kg"}
    for key in desk.current.keys:
        assert thumbprint(key.public_key).hex() in whole["list"][f"key {key.kid.hex()}"]
    assert whole["list"]["root"] == f"thumbprint {desk.office.config.pins['KG'][0]}"


def test_practice_register_refuses_real_host(desk: Desk) -> None:
    done = desk.run("trust", "prepare", "--add-host", "permits.kg", as_=A)
    assert (done.exit_code, "never mixed" in done.stderr) == (1, True)


def test_proposer_cannot_publish(desk: Desk) -> None:
    proposal = desk.ask("trust", "prepare", as_=A)["proposal"]
    args = ("trust", "publish", proposal, "--root", desk.root, "--yes")
    for token in (A, "token-of-p", "forged", ""):
        done = desk.run(*args, as_=token, input=PHRASE)
        assert done.exit_code == (2 if not token else 1), done.output
    assert "two-people" in desk.run(*args, as_=A, input=PHRASE).stderr
    assert desk.run("trust", "publish", "unknown", "--root", desk.root, as_=B, input=PHRASE).exit_code == 1


def test_wrong_pass_phrase_publishes_nothing(desk: Desk) -> None:
    proposal = desk.ask("trust", "prepare", as_=A)["proposal"]
    before = desk.current
    args = ("trust", "publish", proposal, "--root", desk.root, "--yes")
    wrong = desk.run(*args, as_=B, input="battery staple\n")
    assert wrong.exit_code == 2
    assert "--root" in wrong.stderr
    assert desk.current == before
    desk.keep_root(None)
    assert desk.run(*args, as_=B).exit_code == 0


def test_missing_root_file_fails_before_confirmation(desk: Desk) -> None:
    proposal = desk.ask("trust", "prepare", as_=A)["proposal"]
    carried = desk.folder / "carried-to.json"
    desk.ask("trust", "export", proposal, "--out", carried, as_=B)
    for words in (
        ("publish", proposal),
        ("sign", carried, "--roots", desk.roots, "--out", desk.folder / "not-signed"),
    ):
        done = desk.run("trust", *words, "--root", desk.folder / "missing.pem", as_=B, input="y\n")
        assert (done.exit_code, "No such file" in done.stderr, "Sign this list?" in done.stderr) == (2, True, False)


def test_nothing_is_signed_without_confirmation(desk: Desk) -> None:
    proposal = desk.ask("trust", "prepare", as_=A)["proposal"]
    before = desk.current
    done = desk.run("trust", "publish", proposal, "--root", desk.root, as_=B, input="n\n")
    assert done.exit_code == 1
    assert "nothing was signed" in done.stderr
    assert desk.current == before
    assert desk.run("trust", "publish", proposal, "--root", desk.root, as_=B, input="y\n" + PHRASE).exit_code == 0
    assert desk.current != before


def test_other_root_is_refused_before_publication(desk: Desk) -> None:
    proposal = desk.ask("trust", "prepare", as_=A)["proposal"]
    other = desk.folder / "other.pem"
    FileSigner.generate(other)
    done = desk.run("trust", "publish", proposal, "--root", other, "--yes", as_=B)
    assert done.exit_code == 2
    assert "root: Must be the root key that the list names." in done.stderr


def offline(*words: object, input: str = "") -> subprocess.CompletedProcess[str]:  # noqa: A002
    """Run the CLI as on the root's machine: no configuration, no credentials.

    Exit 99 if it imported a network module.
    """
    script = (
        "import sys\nfrom chalicelib.composition.main import app\n"
        "try: app()\nexcept SystemExit as end: code = end.code\n"
        "bad = [m for m in ('chalice', 'boto3', 'botocore', 'pynamodb',"
        " 'chalicelib.composition.container') if m in sys.modules]\n"
        "print(bad, file=sys.stderr)\nsys.exit(99 if bad else code)\n"
    )
    env = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=env, input=input, capture_output=True, text=True, check=False)


def test_root_signs_on_machine_without_network(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MemoryOffice(now=int(time.time())))
    desk.keep_root(None)
    proposal = desk.ask("trust", "prepare", as_=A)["proposal"]
    carried, signed = tmp_path / "carried.json", tmp_path / "signed"
    assert desk.run("trust", "export", proposal, "--out", carried, as_=A).exit_code == 1  # the second person exports
    desk.ask("trust", "export", proposal, "--out", carried, as_=B)
    args = ("trust", "sign", carried, "--root", desk.root, "--roots", desk.roots, "--out", signed)
    refused = offline(*args, input="n\n")
    assert (refused.returncode, signed.exists()) == (1, False), refused.stderr
    done = offline(*args, input="y\n")
    assert done.returncode == 0, done.stderr
    assert "proposed by Admin One" in done.stderr
    assert desk.run("trust", "import", proposal, signed, as_=A).exit_code == 1
    before = desk.current
    desk.ask("trust", "import", proposal, signed, as_=B)
    assert desk.current.seq > before.seq
    container.replace_deps(None)


def test_existing_output_file_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, MemoryOffice(now=int(time.time())))
    desk.keep_root(None)
    proposal = desk.ask("trust", "prepare", as_=A)["proposal"]
    carried = tmp_path / "carried.json"
    for there, why in ((tmp_path / "none" / "file", "No such file"), (desk.roots, "File exists")):
        before = desk.roots.read_bytes()
        done = desk.run("trust", "export", proposal, "--out", there, as_=B)
        assert (done.exit_code, f"--out: {there}: {why}" in done.stderr) == (2, True), done.output
        desk.ask("trust", "export", proposal, "--out", carried, as_=B)
        args = ("trust", "sign", carried, "--root", desk.root, "--roots", desk.roots, "--yes", "--out")
        done = desk.run(*args, there)
        assert (done.exit_code, f"--out: {there}: {why}" in done.stderr) == (2, True), done.output
        assert desk.roots.read_bytes() == before
        carried.unlink()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    done = desk.run("trust", "export", proposal, "--out", carried, as_=B)
    assert (done.exit_code, "No space left" in done.stderr, carried.exists()) == (2, True, False), done.output
    container.replace_deps(None)


def test_faulty_line_of_pins_names_option_and_line(tmp_path: Path) -> None:
    (tmp_path / "carried").write_text("{}")
    (tmp_path / "roots").write_text("# ours\nKG 00\n")
    args = ("trust", "sign", tmp_path / "carried", "--root", tmp_path / "r", "--roots", tmp_path / "roots")
    done = CliRunner().invoke(app, [str(word) for word in (*args, "--out", tmp_path / "signed")])
    assert (done.exit_code, "--roots, line 2: expected" in done.stderr) == (2, True), done.output


def test_offline_signing_checks_succession(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MemoryOffice(now=int(time.time())))
    desk.keep_root(None)
    proposal = desk.ask("trust", "prepare", as_=A)["proposal"]
    carried, signed = tmp_path / "carried.json", tmp_path / "signed"
    desk.ask("trust", "export", proposal, "--out", carried, as_=B)
    args = ("trust", "sign", carried, "--root", desk.root, "--roots", desk.roots, "--out", signed, "--yes")
    about = json.loads(carried.read_text())
    desk.publish("keys", "retire", desk.office.status_keys[0].kid.hex())  # meanwhile another list was published
    held = desk.office.static.read("trust-list")
    assert held is not None
    newer = publish_trust_list.in_force("KG", desk.office)
    assert newer is not None
    carried.write_text(json.dumps({**about, "in_force": newer[0].hex()}))
    done = offline(*args)
    assert (done.returncode, signed.exists()) == (2, False), done.stderr
    assert "must retire in the future, and must not return after it retired" in done.stderr
    carried.write_text(json.dumps({**about, "payload": about["payload"][:-2]}))
    assert offline(*args).returncode == 1
    carried.write_text("{}")
    assert offline(*args).returncode == 2
    container.replace_deps(None)


def test_root_is_created_once_under_pass_phrase(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path, long = tmp_path / "next.pem", "correct horse battery staple"
    assert desk.run("trust", "root", path, input="one two\none two\n").exit_code == 2
    assert not path.exists()
    made = desk.run("trust", "root", path, "--json", input=f"{long}\n{long}\n")
    assert made.exit_code == 0, made.output
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    signer = FileSigner(path, long)
    assert thumbprint(signer.public_key).hex() in made.stdout
    assert desk.run("trust", "root", path, "--plain").exit_code == 2
    (tmp_path / "other.pem.pub").write_bytes(b"another root's")
    refused = desk.run("trust", "root", tmp_path / "other.pem", "--plain")
    assert (refused.exit_code, "File exists" in refused.stderr) == (2, True)
    assert not (tmp_path / "other.pem").exists()
    assert (tmp_path / "other.pem.pub").read_bytes() == b"another root's"
    container.replace_deps(None)


def test_first_list_of_a_stage(desk: Desk) -> None:
    office = desk.office
    office.static, office.register = MemoryStatic(), MemoryRegister()
    for person in office.people.values():
        office.register_person(person)
    keys = [office.new_key().kid.hex() for _ in range(7)]
    certificate = desk.folder / "pdf.der"
    desk.ask("keys", "kid", keys[6], "--certificate", certificate)
    words: list[object] = ["trust", "prepare", "--first", "--root", desk.folder / "root.pub"]
    for key in keys[:3]:
        words += ["--permit", key]
    for key in keys[3:6]:
        words += ["--status", key]
    listed = desk.publish(*words, "--pdf", f"{keys[6]}={certificate}")
    assert [key.kid.hex() for key in listed.keys] == keys
    assert (listed.issuer, listed.zone, listed.hosts[0].name) == ("KG", "Asia/Bishkek", "practice.tamga.kg")
    assert desk.states()["permit"] == ["signing", "spare 1", "spare 2"]
    again = desk.run(*words, as_=A)
    assert (again.exit_code, "has a trust list already" in again.stderr) == (2, True)


def test_next_pinned_root_takes_over(desk: Desk) -> None:
    path = desk.folder / "next.pem"
    desk.run("trust", "root", path, "--plain")
    both = (*desk.office.config.pins["KG"], thumbprint(FileSigner(path).public_key).hex())
    unpinned = desk.run("trust", "prepare", "--root", f"{path}.pub", as_=A)
    assert (unpinned.exit_code, "not pinned" in unpinned.stderr) == (1, True)
    desk.office.config = replace(desk.office.config, pins={"KG": both})
    proposal = desk.ask("trust", "prepare", "--root", f"{path}.pub", as_=A)["proposal"]
    assert desk.run("trust", "publish", proposal, "--root", path, "--yes", as_=B).exit_code == 0
    assert thumbprint(desk.current.root).hex() == both[1]


def test_other_partys_list_is_imported_by_two_people(tmp_path: Path) -> None:
    ours, theirs = MemoryOffice(Stage(host="tamga.kg", practice=False)), uzbekistan()
    desk, published, signed = Desk(tmp_path, ours), tmp_path / "trust-list", tmp_path / "uz.list"
    held = theirs.static.read(publish_trust_list.BUNDLE_PATH)
    assert held is not None
    published.write_bytes(held[0])
    refused = desk.run("trust", "take", "UZ", str(published), "--out", str(signed), as_=A)
    assert (refused.exit_code, "not pinned" in refused.stderr, signed.exists()) == (1, True, False)
    pinned(ours, theirs)
    wanted = replace(publish_trust_list.in_force("UZ", but(theirs, pins=ours.pins))[1], keys=desk.current.keys)  # type: ignore[index]
    claiming = tmp_path / "claiming"
    claiming.write_bytes(encode_bundle([publish_trust_list.sign_payload(encode_trust_list(wanted), theirs.root)]))
    refused = desk.run("trust", "take", "UZ", str(claiming), "--out", str(signed), as_=A)
    assert (refused.exit_code, "KG already has it" in refused.stderr, signed.exists()) == (2, True, False)
    proposal = desk.ask("trust", "take", "UZ", str(published), "--out", str(signed), as_=A)["proposal"]
    said = desk.run("trust", "show", proposal).stdout
    assert "why: trust take: UZ" in said
    assert "host cites.example.uz" in said
    assert "tamga.kg" not in said  # compared with their list in force, not with ours
    assert "two-people" in desk.run("trust", "import", proposal, str(signed), as_=A).stderr
    done = desk.run("trust", "import", proposal, str(signed), as_=B)
    assert "of UZ, valid until" in done.stdout
    ours.forget_trust()
    assert [each.issuer for each in ours.trust().lists] == ["KG", "UZ"]
    empty = desk.run("trust", "take", "KG", str(published), "--out", str(tmp_path / "no"), as_=A)
    assert empty.exit_code == 1
