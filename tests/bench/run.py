"""What things cost, as ratios against a named baseline measured in the same run: `make bench`.

Medians of interleaved rounds on this process's own CPU time. A benchmark is not a test: it fails nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from life import APPLICATION, SAKER, approved, issue, issued
from office import MemoryOffice
from rich.console import Console
from rich.table import Table

from chalicelib.core import cose, qr_text, verdict
from chalicelib.core.permit import Application
from chalicelib.core.stage import Stage

ROUNDS = 15
SHORT_HOST = Stage(host="check.go.kg", practice=False)


def medians(tasks: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """name -> median microseconds of one call; the tasks take turns, so that noise falls on all of them."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, (task, count) in tasks.items():
            start = time.process_time_ns()
            for _ in range(count):
                task()
            times[name].append((time.process_time_ns() - start) / count / 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def verifying(office: MemoryOffice) -> Table:
    permit = issued(office)
    text, trust = permit.tokens[0], office.trust()
    office.publish_due()
    status = {permit.status_uri or "": _list(office, permit.status_uri or "")}
    token = qr_text.decode_qr(text)[1]
    sign1 = cose.decode_sign1(token, cap=2048)
    key = trust.public_key(trust.lists[0].keys[0])
    der, message, how = (
        cose.der_signature(sign1.signature),
        cose.to_be_signed(sign1.protected, sign1.payload),
        ec.ECDSA(hashes.SHA256()),
    )

    def judged() -> object:
        return verdict.judge(text, trust=trust, status=status, register="not_asked", now=office.now)

    assert judged().outcome == "accept_offline"  # type: ignore[attr-defined]
    found = medians(
        {
            "a bare P-256 verification": (lambda: key.verify(der, message, how), 300),
            "the whole verdict, one line, cached lists, no register": (judged, 300),
            "  digits to bytes": (lambda: qr_text.decode_qr(text), 300),
            "  CBOR and COSE": (lambda: cose.decode_sign1(token, cap=2048), 300),
        }
    )
    return _table("Verifying", found, "a bare P-256 verification")


def issuing(office: MemoryOffice) -> Table:
    ready = [approved(office) for _ in range(ROUNDS * 2 + 2)]
    warm = issue(office, ready.pop())
    office.printer.make(warm.id)
    signer, digest = office.permit_keys[0], bytes(32)
    made: list[str] = []

    def issue_one() -> None:
        made.append(issue(office, ready.pop()).id)

    found = medians(
        {
            "a bare P-256 signature": (lambda: signer.sign_digest(digest), 100),
            "issue: rules, intent, sign, judge, store": (issue_one, 2),
            "print: render, attach, seal": (lambda: office.printer.make(made.pop()), 2),
        }
    )
    found["one permit, PDF and seal included"] = sum(list(found.values())[1:])
    return _table("Issuing (memory ports, local keys)", found, "a bare P-256 signature")


def sizes() -> Table:
    import qrcode

    table = Table(title="Sizes, host of 10 characters", title_justify="left")
    for column in ("lines", "token bytes", "QR version (M)", "digits"):
        table.add_column(column, justify="right")
    office = MemoryOffice(replace(SHORT_HOST, host="tamga.kg.x"))
    plain = replace(SAKER, marks="ring KG-0117", quantity="1")
    others = ("Falco peregrinus", "Aquila chrysaetos", "Buteo buteo")
    lines = (plain, *(replace(plain, scientific_name=name, marks="ring KG-01") for name in others[1:]), plain)
    for count in (1, 2, 4):
        application: Application = replace(APPLICATION, lines=lines[:count])
        text = issued(office, application).tokens[0]
        prefix, digits = qr_text.segments(text)
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(qrcode.util.QRData(prefix.encode(), mode=qrcode.util.MODE_8BIT_BYTE))
        code.add_data(qrcode.util.QRData(digits, mode=qrcode.util.MODE_NUMBER))
        code.make(fit=True)
        table.add_row(str(count), str(len(qr_text.decode_qr(text)[1])), str(code.version), str(len(digits)))
    return table


def _list(office: MemoryOffice, uri: str) -> verdict.StatusList:
    from office import published_lists

    return published_lists(office)[uri]


def _table(title: str, found: dict[str, float], baseline: str) -> Table:
    table = Table(title=f"{title}: times of {baseline} (= 1.00)", title_justify="left")
    table.add_column("what")
    table.add_column("ratio", justify="right")
    table.add_column("median µs here", justify="right")
    for name, value in found.items():
        table.add_row(name, f"{value / found[baseline]:.2f}", f"{value:,.0f}")
    return table


def main() -> None:
    console = Console()
    office = MemoryOffice()
    for table in (verifying(office), issuing(office), sizes()):
        console.print(table)


if __name__ == "__main__":
    main()
