"""`tamga verify`: a code or a document, offline, with nothing but a trust list and the root's thumbprint.

No network, no AWS: this module and what it calls import neither chalice nor wiring.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from chalicelib import tables, words
from chalicelib.commands.pins import read_pins
from chalicelib.commands.shared import AsJson, print_json, read_file, stop, usage
from chalicelib.commands.verdict_view import print_verdict
from chalicelib.core.crossing import Place
from chalicelib.core.document import TROUBLES, DocumentFindings
from chalicelib.core.errors import TamgaError
from chalicelib.core.hit import OUTCOMES
from chalicelib.core.qr_text import FORM, edge_strip
from chalicelib.core.status_list import StatusList, open_status_list
from chalicelib.core.token import read_own
from chalicelib.core.trust import Trust
from chalicelib.core.trust_list import open_bundle
from chalicelib.core.verdict import Context, Verdict, judge
from chalicelib.deps import Provided

read_document: Provided[[bytes, str], DocumentFindings] = Provided()  # of a file and its content type

EXIT_CODES: Mapping[str, int] = {
    "accept": 0, "accept_offline": 0, "check": 1, "cannot_tell": 3, "not_valid": 4, "hold": 5,
}  # fmt: skip
SUFFIXES: Mapping[str, str] = {
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
    ".heic": "image/heic", ".heif": "image/heif",
}  # fmt: skip
SIGN1 = b"\xd2\x84"  # CBOR tag 18 and an array of four (RFC 9052 s. 4.2): a signed list by itself
TRUST_HELP = (
    "The trust list, as fetched from /trust-list. Fetch it anew: no memory is kept of a newer one, so an old file "
    "passes for the present one until its 60 days are over; the answer says when each list was signed."
)
ROOTS_HERE = Path(".local/roots.txt")
ROOT_HELP = (
    "Lines of `COUNTRY thumbprint`, then `practice` for a practice root: the roots you pinned "
    "(hex, SHA-256 JWK thumbprint)."
)


def verify(
    what: Annotated[str, typer.Argument(help="A file (PDF, PNG, JPEG, or text) or the text of a code.")],
    trust: Annotated[Path, typer.Option(help=TRUST_HELP, dir_okay=False)],
    root: Annotated[Path | None, typer.Option(help=ROOT_HELP, dir_okay=False)] = None,
    status: Annotated[list[Path] | None, typer.Option(help="A status list, as fetched; may be repeated.")] = None,
    direction: Annotated[str, typer.Option(help="export, import, transit, return or none.")] = "none",
    country: Annotated[str | None, typer.Option(help="The country where you check, e.g. DE.")] = None,
    language: Annotated[str, typer.Option(help="en, ru, ky, uz or fr.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Verify a code or a document offline.

    Exit code: 0 genuine as far as can be told offline, 1 compare or ask, 3 no answer, 4 not usable, 5 hold, 2 wrong
    use. Without the register nobody can say whether the permit was used since the status list was signed.
    """
    if direction not in {"export", "import", "transit", "return", "none"}:
        raise usage("--direction: export, import, transit, return or none")
    if language not in words.LANGUAGES:
        raise usage(f"--language: {', '.join(words.LANGUAGES)}")
    now = int(time.time())
    known = _trust(trust, root, now)
    lists = _statuses(status or [], known)
    texts, found = _texts(what)
    verdicts = [
        judge(
            text,
            trust=known,
            status=lists.get(_claimed_party(text), {}),
            register="not_asked",
            context=Context(
                place=Place(direction, country),
                other_pages=tuple(t for t in texts if t != text),
                offline_limits=tables.offline_limits(),
            ),
            document=found,
            now=now,
        )
        for text in texts
    ]
    ours = [v for v in verdicts if v.codes != ("T4",)] or verdicts
    verdict = min(ours, key=lambda v: OUTCOMES.index(v.outcome))
    _show(verdict, known, language, direction, as_json)
    raise typer.Exit(EXIT_CODES[verdict.outcome])


def _trust(path: Path, root: Path | None, now: int) -> Trust:
    """1 the pins   2 the lists they believe; the file's own date is when it was fetched."""
    pins_file = root or (ROOTS_HERE if ROOTS_HERE.is_file() else None)
    if pins_file is None:
        raise usage("--root FILE: whose root do you trust? A trust list is never believed on a root it carries.")
    pins = read_pins(pins_file, "--root")
    data = read_file(path, "--trust")
    if data.startswith(SIGN1):
        raise usage("--trust: one signed list; a bundle is an array of them, as /trust-list serves it")
    try:
        lists = open_bundle(data, pins, now=now)
    except TamgaError as error:
        raise usage(f"--trust: {error.detail}") from None
    fetched = min(int(path.stat().st_mtime), now)
    newest = max((each.seq for each in lists if each.issuer == pins[0].country), default=0)
    return Trust(lists, pins, {each.issuer: fetched for each in lists}, newest)


def _statuses(paths: list[Path], trust: Trust) -> dict[str, dict[str, StatusList]]:
    """Party -> address -> the newest list under that Party's own keys, as a device holds them."""
    lists: dict[str, dict[str, StatusList]] = {}
    for path in paths:
        found = [_opened(path, trust, party.issuer) for party in trust.lists]
        opened = [each for each in found if isinstance(each, StatusList)]
        if not opened:
            raise usage(f"--status {path}: {'; '.join(dict.fromkeys(map(str, found)))}")
        for each in opened:
            held = lists.setdefault(each.issuer, {})
            if each.uri not in held or held[each.uri].issued_at < each.issued_at:
                held[each.uri] = each
    return lists


def _opened(path: Path, trust: Trust, issuer: str) -> StatusList | str:
    """The list under this Party's keys, or why it is none of its."""
    try:
        return open_status_list(read_file(path, "--status"), trust, issuer=issuer)
    except TamgaError as error:
        return error.detail


def _claimed_party(text: str) -> str:
    """Whose permit the code says it is, which chooses the lists only: `judge` believes no other's."""
    try:
        return read_own(text).issuer
    except TamgaError:
        return ""


def _texts(what: str) -> tuple[list[str], DocumentFindings | None]:
    """The codes: of a file if there is one of that name, else the argument itself."""
    try:
        path = Path(what)
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        if not FORM.match(what) and not what.startswith(("http", "HC1:", "shc:")):
            raise usage(f"{what[:80]}: no such file")
        return [what], None
    content_type = SUFFIXES.get(path.suffix.lower())
    data = read_file(path, "file")
    if content_type is None:
        return [edge_strip(data.decode("utf-8", "replace"))], None
    try:
        found = read_document(data, content_type)
    except TamgaError as error:
        raise stop(f"{what}: could not be read: {error.detail}", EXIT_CODES["cannot_tell"]) from None
    if found.trouble:
        raise stop(f"{what}: cannot be opened. {TROUBLES[found.trouble]}", EXIT_CODES["cannot_tell"])
    return list(found.codes) or [""], found


def _show(verdict: Verdict, trust: Trust, language: str, direction: str, as_json: bool) -> None:
    from chalicelib.core.stage import Stage
    from chalicelib.edges import show
    from chalicelib.edges.times import to_text

    stage = Stage()
    shown = show.verdict(verdict, show.Reader(language=language, stage=stage, posts={}, direction=direction))
    signed_at = {each.issuer: each.seq for each in trust.lists}
    practice = _is_practice(verdict, trust)
    if as_json:
        dates = {country: to_text(at) for country, at in signed_at.items()}
        print_json({**shown, "practice": practice, "trust_lists": dates})
    else:
        print_verdict(verdict, shown, signed_at, stage.zone, language, practice=practice)


def _is_practice(verdict: Verdict, trust: Trust) -> bool:
    """Whether the permit is one of a practice register that was pinned: genuine there, worth nothing anywhere."""
    return verdict.permit is not None and any(
        pin.practice and pin.country == verdict.permit.issuer for pin in trust.pins
    )
