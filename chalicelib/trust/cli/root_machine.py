"""Commands `tamga trust root` and `tamga trust sign`, for the offline machine that has the root key.

They need no AWS and no configuration. They need the carried file, the root key, and the pins. Pins are a file with
lines `COUNTRY thumbprint`, then `practice` for a practice root.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from chalicelib.cli.output import AsJson, err, new_file, out, print_json, read_file, refusals, stop, usage
from chalicelib.platform.config import practice_hosts
from chalicelib.platform.deps import Provided
from chalicelib.trust.cli import proposals
from chalicelib.trust.model.key_rotation import changes
from chalicelib.trust.model.trust_list import Pin, TrustList, load_key, open_trust_list, read_payload, thumbprint

if TYPE_CHECKING:
    from chalicelib.trust.services.ports import Signer


def read_pins(path: Path, option: str) -> tuple[Pin, ...]:
    """Read a file of pins (hex, SHA-256 JWK thumbprints), in the order of the file.

    On a fault, exits with 2 and names the option and the line.
    """
    roots: dict[str, tuple[list[bytes], bool]] = {}
    for number, line in enumerate(read_file(path, option).decode("utf-8", "replace").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        practice = words[2:] == ["practice"]
        if len(words) < 2 or (words[2:] and not practice) or not _thumbprint(words[1]):
            raise usage(f"{option}, line {number}: expected `COUNTRY thumbprint [practice]`")
        thumbprints, kind = roots.setdefault(words[0], ([], practice))
        if kind != practice:
            raise usage(f"{option}, line {number}: a country has either real or practice roots; remove one kind")
        thumbprints.append(bytes.fromhex(words[1]))
    try:
        hosts = practice_hosts(os.environ)
    except ValueError as error:
        raise usage(str(error)) from None
    return tuple(
        Pin(country, tuple(prints), practice, hosts.get(country, "")) for country, (prints, practice) in roots.items()
    )


def _thumbprint(word: str) -> bool:
    return len(word) == 64 and all(c in "0123456789abcdef" for c in word)


new_key: Provided[[Path, str | None], Signer] = Provided()  # makes a key in a new file, under a pass phrase if given

key_in: Provided[[Path, Callable[[], str]], Signer] = Provided()  # reads a key file; asks for its pass phrase if needed

RootKey = Annotated[
    Path,
    typer.Option(help="File of the root's private key, PEM. The command asks for its pass phrase.", dir_okay=False),
]

Yes = Annotated[
    bool, typer.Option("--yes", help="Sign without a question; only after you compared the changes with the minutes.")
]

FORMAT = "tamga-trust-proposal-1"

PHRASE_AT_LEAST = 15  # characters; protects the root key if its file is copied (ASVS 5.0 6.2.1)


def root(
    path: Annotated[Path, typer.Argument(help="New file for the private key.", dir_okay=False)],
    plain: Annotated[
        bool, typer.Option("--plain", help="Store the key without a pass phrase; for practice only.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a root key, offline: the private key in PATH under a pass phrase, the public key in PATH.pub.

    Give PATH.pub to `tamga trust prepare --root`.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    phrase = None
    if not plain:
        phrase = typer.prompt("Pass phrase", hide_input=True, confirmation_prompt=True, err=True)
        if len(phrase) < PHRASE_AT_LEAST:
            raise usage(f"Pass phrase: give at least {PHRASE_AT_LEAST} characters, such as five or six words")
    public = path.with_name(path.name + ".pub")
    with new_file(public, "PATH") as keep:
        try:
            made = new_key(path, phrase)
        except OSError as error:
            raise usage(f"PATH: {path}: {error.strerror}") from None
        keep(load_key(made.public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    print_ = thumbprint(made.public_key).hex()
    if as_json:
        print_json({"thumbprint": print_, "public": str(public)})
        return
    out.print(f"Thumbprint, for the minutes and for the pins of every verifier:\n{print_}", soft_wrap=True)
    out.print(f"Public key: {escape(str(public))}", soft_wrap=True)


def sign(
    file: Annotated[Path, typer.Argument(help="Proposal file that `tamga trust export` wrote.", dir_okay=False)],
    root: RootKey,
    roots: Annotated[
        Path,
        typer.Option(
            help="File of pinned roots: lines `COUNTRY thumbprint`, with `practice` after a practice root.",
            dir_okay=False,
        ),
    ],
    out_file: Annotated[
        Path, typer.Option("--out", help="New file for the signed list; carry it back.", dir_okay=False)
    ],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Check, show and sign a proposal, offline on the machine of the root.

    Needs no AWS and no configuration.
    """
    from chalicelib.trust.services import publish_trust_list

    pins, now = read_pins(roots, "--roots"), int(time.time())
    about, payload, carried = _carried(file)
    read_file(root, "--root")  # a missing file is reported before the person is asked
    with refusals():
        wanted = read_payload(payload)
        old = open_trust_list(carried, pins) if carried is not None else None
        publish_trust_list.check_next(wanted, old, pins=pins, now=now)
    with new_file(out_file, "--out") as keep:
        confirm_signing(about, old, wanted, now, yes)
        with refusals():
            signed = publish_trust_list.sign_payload(payload, read_root(root))
            open_trust_list(signed, pins)
        keep(signed)
    if as_json:
        print_json({"proposal": about["proposal"], "file": str(out_file)})
    else:
        name = escape(str(out_file))
        next_step = f"Carry it back, then run: tamga trust import {about['proposal']} {name}"
        out.print(f"Signed: {name}. {next_step}", soft_wrap=True)


def confirm_signing(about: dict[str, str | None], old: TrustList | None, new: TrustList, now: int, yes: bool) -> None:
    """Show the changes on stderr and ask whether to sign them. Exits with 1 if the answer is no."""
    if yes:
        return
    err.print(f"proposed by {escape(str(about['proposed_by']))} at {about['proposed_at']}: {escape(str(about['why']))}")
    proposals.show_changes(changes(old, new), err)
    if not typer.confirm("Do the minutes say the same? Sign this list?", err=True):
        raise stop("You answered no: nothing was signed.", 1)


def read_root(path: Path) -> Signer:
    read_file(path, "--root")
    try:
        return key_in(path, lambda: str(typer.prompt(f"Pass phrase of {path}", hide_input=True, err=True)))
    except ValueError:
        raise usage(f"--root: {path}: not a P-256 private key, or the pass phrase is wrong") from None


def _carried(file: Path) -> tuple[dict[str, str | None], bytes, bytes | None]:
    try:
        read = json.loads(read_file(file, "FILE"))
        if read["format"] != FORMAT:
            raise ValueError
        about = {name: read[name] for name in ("proposal", "proposed_by", "proposed_at", "why")}
        held = read["in_force"]
        return about, bytes.fromhex(read["payload"]), bytes.fromhex(held) if held is not None else None
    except (ValueError, KeyError, TypeError):
        raise usage(f"FILE: {file}: not a proposal file; give the one that `tamga trust export` wrote") from None
