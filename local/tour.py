"""Shell commands of the tour after `make run`: issue, print, verify, forge, endorse, endorse again, show history."""

from __future__ import annotations

from typing import Any

SHOW = ".venv/bin/python -m local.show"
UUID = ".venv/bin/python -c 'import uuid; print(uuid.uuid4())'"
NOW = "date -u +%Y-%m-%dT%H:%M:%SZ"
JSON = "-H 'Content-Type: application/json'"


def lines(address: str, permit: dict[str, Any], out: str, *, port: int, posts: tuple[str, str]) -> list[str]:
    """The commands, for any POSIX shell in this folder. They can be pasted all at once or one by one, and repeated.

    `permit`: approved, waiting to be issued, with one line. `out`: a folder that exists. `posts`: where it is endorsed,
    and where a second use is tried.
    """
    one, other = (post.upper().replace("-", " ") for post in posts)
    line = f'{{"line":"A","quantity":"{permit["lines"][0]["quantity"]}"}}'
    body = (
        f'{{"event_id":"\'$({UUID})\'","post":"\'$1\'","qr":"\'$QR\'","direction":"export",'
        f'"endorsed_at":"\'$({NOW})\'",'
        f'"lines":[{line}],"transport_document":"AWB 176-12345675"}}'
    )
    verify = """verify '{"qr":"'$QR'"}'"""
    forged = """verify '{"qr":"'$(echo $QR | sed 's/7\\([^7]*\\)$/3\\1/')'"}'"""
    leaving = """verify '{"qr":"'$QR'","direction":"export"}'"""
    return [
        f'T={address}; P=$T/v1/permits/{permit["id"]}; verify() {{ curl -sS $T/v1/verify {JSON} -d "$1"; }}',
        'as() { who=$1; shift; curl -sS -H "Authorization: Bearer '
        f'$(make token ROLE=$who PORT={port})" {JSON} "$@"; }}',
        f"endorse() {{ as customs $T/v1/endorsements -d '{body}'; }}",
        f"echo ISSUE; as preparer -X POST $P/issue -o {out}/tour.json; QR=$({SHOW} qr < {out}/tour.json); echo $QR",
        f"echo PRINT; as preparer -H 'Accept: application/pdf' $P/pdf -o {out}/tour.pdf; ls {out}/tour.pdf",
        f"echo VERIFY; {verify} | {SHOW} outcome words",
        f"echo FORGE A DIGIT; {forged} | {SHOW} outcome words codes",
        f"echo VERIFY THE FILE; curl -sS $T/v1/verify/document -H 'Content-Type: application/pdf' "
        f"--data-binary @{out}/tour.pdf | {SHOW} outcome words codes",
        f"echo ENDORSE AT {one}; endorse {posts[0]} | {SHOW} number kind post lines use",
        f"echo AND AGAIN AT {other}; endorse {posts[1]} | {SHOW} number first_use",
        f"echo AND AT THE EXIT; {leaving} | {SHOW} outcome words codes",
        f"echo WHO DID WHAT; as auditor $P/history | {SHOW} items",
    ]
