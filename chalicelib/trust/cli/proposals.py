"""Functions shared by `tamga keys` and `tamga trust`: read the list in force and KMS keys, propose the next list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from chalicelib.cli.output import out, person, print_json, read_file, refusals, usage
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.trust.model.key_rotation import Change, changes, due
from chalicelib.trust.model.trust_list import PURPOSES, TrustKey, TrustList

if TYPE_CHECKING:
    from chalicelib.trust.services.ports import TrustDeps


def list_in_force(deps: TrustDeps, country: str = "") -> TrustList | None:
    """Return our own trust list (or that of `country`) as it is in the bucket now, or None before the first."""
    from chalicelib.trust.services import publish_trust_list

    with refusals():
        held = publish_trust_list.in_force(country or deps.stage.issuer, deps)
    return held[1] if held else None


def current(deps: TrustDeps) -> TrustList:
    """Return our own trust list in force. Exits with 2 before the first."""
    return require_list(list_in_force(deps))


def require_list(found: TrustList | None) -> TrustList:
    """Return the given list. Exits with 2 if it is None, because there is no first list yet."""
    if found is None:
        raise usage("There is no trust list yet; propose the first one with `tamga trust prepare --first`")
    return found


def purpose_of(text: str) -> KeyPurpose:
    for purpose in PURPOSES:
        if purpose == text:
            return purpose
    raise usage(f"--purpose: give one of {', '.join(PURPOSES)}")


def kinds_of(text: str, purpose: KeyPurpose, listed: TrustList | None) -> tuple[str, ...]:
    """Parse `--kinds`, such as `E,I`.

    Without it, return the kinds of the list's permit keys, or all. Permit keys only.
    """
    if purpose != KeyPurpose.PERMIT:
        if text:
            raise usage("--kinds: only a permit key has kinds of document; leave the option out")
        return ()
    usual = {kind for key in listed.keys for kind in key.kinds} if listed else set()
    asked = {kind.strip() for kind in text.split(",")} if text else usual or set(KINDS)
    if not asked <= KINDS.keys():
        raise usage(
            f"--kinds: unknown: {', '.join(sorted(asked - KINDS.keys()))}; give some of {','.join(sorted(KINDS))}"
        )
    return tuple(sorted(asked))


@dataclass(frozen=True, slots=True)
class KeyDescription:
    """A new key as a command describes it.

    `alias`: alias, id or ARN in KMS. `kinds`: as typed (`kinds_of`). `certificate`: the file of a `pdf` key's
    certificate.
    """

    alias: str
    purpose: KeyPurpose
    kinds: str = ""
    certificate: Path | None = None


def key_of(key: KeyDescription, listed: TrustList | None, deps: TrustDeps, *, not_before: int) -> TrustKey:
    """Read a KMS key as a key of a trust list. A `pdf` key gets its certificate's fingerprint."""
    alias, kinds = key.alias, kinds_of(key.kinds, key.purpose, listed)
    with refusals():
        try:
            signer = deps.signer_by_alias(alias)
            kid, public_key = signer.kid, signer.public_key
        except ValueError as error:
            raise usage(f"{alias}: {error}") from None
        except Exception as error:
            if getattr(error, "response", {}).get("Error", {}).get("Code") != "NotFoundException":
                raise
            raise usage(f"{alias}: KMS has no such key; give its alias, id or ARN") from None
    fingerprint = None
    if key.purpose == KeyPurpose.PDF:
        if key.certificate is None:
            raise usage("--certificate: a pdf key needs its certificate; make it with `tamga keys kid --certificate`")
        data = read_file(key.certificate, "--certificate")
        if certified_key(data) != public_key:
            raise usage(f"--certificate: {key.certificate} is not the certificate of {alias}")
        fingerprint = sha256(data).digest()
    elif key.certificate is not None:
        raise usage("--certificate: only a pdf key has a certificate; leave the option out")
    return TrustKey(kid, public_key, key.purpose, kinds, not_before, fingerprint=fingerprint)


def certified_key(certificate: bytes) -> bytes | None:
    """Return the public key (SPKI, DER) of a certificate in DER, or None if it is no certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except ValueError:
        return None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def propose(
    deps: TrustDeps, token: str, why: str, as_json: bool, make: Callable[[TrustList | None, int], TrustList]
) -> None:
    """Propose the next trust list, as person A. Make it from the list in force, record it, and print its changes."""
    from chalicelib.trust.services import publish_trust_list

    actor = person(deps, token)
    old, now = list_in_force(deps), deps.now
    with refusals():
        wanted = make(old, now)
        publish_trust_list.check_next(wanted, old, pins=deps.pins, now=now)
        proposal = publish_trust_list.propose(wanted, actor, deps, why=why)
    found = changes(old, wanted)
    still = due(wanted, now)
    if as_json:
        print_json({"proposal": proposal, "why": why, "changes": changes_json(found), "due": still})
        return
    show_changes(found)
    for words in still.values():
        out.print(f"[yellow]still due:[/yellow] {escape(words)}", soft_wrap=True)
    out.print(
        f"Proposal [bold]{proposal}[/bold]. Next, a second person runs: tamga trust show {proposal}", soft_wrap=True
    )


def changes_json(found: tuple[Change, ...]) -> list[dict[str, str | None]]:
    return [{"name": each.name, "before": each.before, "after": each.after} for each in found]


def show_changes(found: tuple[Change, ...], to: Console = out) -> None:
    """Print each change as a paragraph, nothing shortened, because people compare them with paper."""
    for each in found:
        mark = "~"
        if each.before is None:
            mark = "+"
        elif each.after is None:
            mark = "-"
        to.print(f"[bold]{mark} {escape(each.name)}[/bold]")
        for label, words in (("was", each.before), ("is", each.after)):
            if words is not None:
                to.print(f"    {label + ':':4} {escape(words)}", soft_wrap=True)
