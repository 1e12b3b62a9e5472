"""Worked examples of FORMAT.md: our code reads the published bytes and makes the same ones."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from vectors import format_examples, read
from vectors.craft import NUMBER, T

from chalicelib.kernel.errors import Forbidden
from chalicelib.offline.services.devices import Device, check_signature
from chalicelib.record import permit
from chalicelib.token import check_code, claims, cose, qr_text
from chalicelib.trust.model import status_list, trust, trust_list
from chalicelib.verdict import check_results, verdict
from chalicelib.verdict.snapshot import NotAsked

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "FORMAT.md").read_text(encoding="utf-8")


def examples() -> dict[str, str]:
    """Every `name = value` of the ```example blocks. A long value continues on lines with two leading spaces."""
    found: dict[str, str] = {}
    for block in re.findall(r"```example\n(.*?)```", TEXT, re.S):
        name = ""
        for line in block.splitlines():
            if line.startswith("  "):
                found[name] += line[2:]
            else:
                name, value = line.split(" =", 1)
                found[name] = value.removeprefix(" ")
    return found


SAID = examples()


def raw(name: str) -> bytes:
    return bytes.fromhex(SAID[name])


def test_examples_equal_the_generated_ones() -> None:
    made: dict[str, str] = {}
    for block in format_examples.examples().values():
        made |= block
    assert made == SAID


@pytest.mark.parametrize("name", ["KG root", "KG permit", "KG status", "KG pdf", "KG device"])
def test_example_keys_follow_from_their_names(name: str) -> None:
    number = int.from_bytes(sha256(f"tamga test key: {name}".encode()).digest()) % (cose.ORDER - 1) + 1
    assert raw(f"{name} private") == number.to_bytes(32)
    public = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    assert cose.coordinates(public) == (raw(f"{name} x"), raw(f"{name} y"))
    assert cose.thumbprint(public) == raw(f"{name} thumbprint")


def test_example_permit_has_the_published_record_token_and_text() -> None:
    record = json.loads(SAID["record"])
    assert permit.record_bytes(record).decode() == SAID["record"]
    assert permit.record_digest(record) == SAID["digest"]
    sign1 = cose.decode_sign1(raw("token"), cap=2048)
    assert (sign1.protected, sign1.payload) == (raw("protected"), raw("payload"))
    assert cose.encode_protected(raw("KG permit thumbprint")[:8]) == sign1.protected
    assert cose.to_be_signed(sign1.protected, sign1.payload) == raw("signed")
    assert qr_text.encode_qr("tamga.kg", raw("token")) == SAID["text"]
    read_back = claims.decode_claims(sign1.payload).claims
    assert read_back.number == NUMBER
    assert read_back.record_digest.hex() == SAID["digest"][:32]
    assert check_code.check_code(read_back.cti) == SAID["check code"]


def test_example_lists_give_the_published_verdict() -> None:
    country, print_of = SAID["pin"].split()
    pin = trust_list.Pin(country, (bytes.fromhex(print_of),))
    found = trust_list.open_trust_list(raw("trust list"), [pin])
    known = trust.Trust((found,), (pin,), {country: T}, found.seq)
    listed = status_list.open_status_list(raw("status list"), known)
    assert (listed.value(4711), listed.value(4710)) == (3, 0)
    judged = verdict.judge(SAID["text"], trust=known, status={listed.uri: listed}, register=NotAsked(), now=T)
    assert (judged.outcome, judged.codes) == ("check", ("U5",))


def test_example_signature_of_the_device_is_valid() -> None:
    said = json.loads(SAID["signed by device"])
    spki = cose.public_bytes(cose.public_key_xy(raw("KG device x"), raw("KG device y")))
    device = Device(said["device_id"], "manas-airport", base64.b64encode(spki).decode())
    check_signature(device, said["events"], SAID["signature"])
    with pytest.raises(Forbidden):
        check_signature(device, [*said["events"], {}], SAID["signature"])


def rows(heading: str) -> list[list[str]]:
    body = TEXT.split(heading, 1)[1].split("\n\n", 1)[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if line.startswith("| ")
    ]


def test_table_of_verdict_codes_equals_code_and_vectors() -> None:
    found: dict[str, set[int]] = {}
    for codes, checks, *_ in rows("| code | check | when | asks for |\n"):
        for code in codes.split():
            found.setdefault(code, set()).update(map(int, re.findall(r"\d+", checks)))
    assert set(found) == set(check_results.CHECK_OF)
    for code, check in check_results.CHECK_OF.items():
        assert check in found[code], code
    seen: dict[str, set[int]] = {}
    for row in [*read.vectors("verdicts"), *read.vectors("directions")]:
        for each in row["expect"]["codes"]:
            seen.setdefault(each["code"], set()).add(each["check"])
    assert seen == found


def test_table_of_checks_equals_the_code() -> None:
    numbers = [int(row[0].split()[0]) for row in rows("| check | passes if | else |\n") if row[0][0].isdigit()]
    assert numbers == list(check_results.CHECKS)


def test_direction_table_equals_the_vectors() -> None:
    """Each cell of the document has exactly the codes of the vectors for that cell."""
    table = TEXT.split("**For one consignment**", 1)[1].split("**Import permit**", 1)[0]
    cells: dict[tuple[str, str], set[str]] = {}
    for line in table.splitlines():
        if line.startswith("| ") and not line.startswith("| direction"):
            direction, *found = [cell.strip() for cell in line.strip("|").split("|")]
            for state, cell in zip(("unused", "exported", "imported"), found, strict=True):
                cells[direction, state] = set(re.findall(r"[UP]\d", cell))
    seen: dict[tuple[str, str], set[str]] = {cell: set() for cell in cells}
    for row in read.vectors("directions"):
        register: Any = row["input"]["register"]
        if isinstance(register, str) or register["kind"] in {"I", "OT", "OW", "OM", "OS"}:
            continue
        if any(use["result"] == "pending" for use in register["uses"]):
            continue
        kinds = {use["kind"] for use in register["uses"]}
        state = "imported" if "import" in kinds else "exported" if kinds else "unused"
        seen[row["input"]["context"]["direction"], state] |= {code["code"] for code in row["expect"]["codes"]}
    assert seen == cells


def test_u9_table_equals_the_vectors() -> None:
    """Each cell has the codes of one unconfirmed export or import, alone on a permit."""
    body = TEXT.split("**U9**", 1)[1].split("**By status value**", 1)[0]
    cells: dict[tuple[str, str], bool] = {}
    for line in body.splitlines():
        if line.startswith("| ") and not line.startswith("| direction"):
            direction, *found = [cell.strip() for cell in line.strip("|").split("|")]
            cells |= {(direction, way): "U9" in cell for way, cell in zip(("export", "import"), found, strict=True)}
    seen: dict[tuple[str, str], set[bool]] = {cell: set() for cell in cells}
    groups = {"I": "import permit, any"} | dict.fromkeys(("OT", "OW", "OM", "OS"), "many crossings, any")
    for row in read.vectors("directions"):
        register: Any = row["input"]["register"]
        waiting = [] if isinstance(register, str) else register["uses"]
        if not waiting or any(use["result"] != "pending" for use in waiting):
            continue
        direction = groups.get(register["kind"], row["input"]["context"]["direction"])
        for use in waiting:
            seen[direction, use["kind"]].add("U9" in {code["code"] for code in row["expect"]["codes"]})
    assert seen == {cell: {said} for cell, said in cells.items()}


def test_python_snippet_equals_the_tested_one() -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    assert snippet.strip() == format_examples.SNIPPET.strip()
    assert len([line for line in snippet.splitlines() if line.strip()]) <= 10
