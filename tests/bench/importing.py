"""Import time of each function before its first answer, compared with the libraries it cannot do without.

Every measurement starts a fresh interpreter with compiled files present. The unit is processor time, because a cold
start has a processor of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from measure import ROUNDS, Figure, Section, Spread

ROOT = Path(__file__).parents[2]
COLD = ROOT / ".local" / "package" / "cold-starts.json"  # result of `make package`, if it was run
CRYPTO = ("cbor2", "cryptography.hazmat.primitives.asymmetric.ec", "cryptography.hazmat.primitives.serialization")
EDGE = ("chalice.app", "pydantic.BaseModel", "pydantic.TypeAdapter", "pydantic.StringConstraints", *CRYPTO)
STORE = ("pynamodb.models", "pynamodb.connection")
MOST = 1.5


@dataclass(frozen=True, slots=True)
class Function:
    """`ours`: all imports until the function answers; `must`: the libraries among them that the work needs."""

    name: str
    ours: tuple[str, ...]
    must: tuple[str, ...]


def ours(names: str) -> tuple[str, ...]:
    return tuple(f"chalicelib.{name}" for name in names.split())


REGISTER = "chalicelib.adapters.aws.register"
STATIC = "chalicelib.adapters.aws.s3"
KMS = "chalicelib.adapters.aws.kms_signer"
FUNCTIONS = (
    Function(
        "HTTP, verify by code",
        (
            "app",
            *ours("platform.country_folder i18n.words platform.restore_lock trust.services.caches"),
            REGISTER,
            STATIC,
            "boto3",
        ),
        (*EDGE, *STORE, "boto3"),
    ),
    Function("HTTP, loaded and not asked yet", ("app",), EDGE),
    Function(
        "access",
        ("chalicelib.composition.access", "chalicelib.adapters.outside.access_tokens"),
        ("chalice.app", "joserfc.jws", "joserfc.jwk", *CRYPTO),
    ),
    Function(
        "issue_permit",
        (
            *ours(
                "composition.jobs platform.country_folder "
                "issuing.services.sign platform.restore_lock trust.services.caches"
            ),
            REGISTER,
            KMS,
            "boto3",
        ),
        (*EDGE, *STORE, "boto3"),
    ),
    Function(
        "print_permit",
        (
            *ours(
                "composition.jobs platform.country_folder "
                "issuing.services.print_permit platform.restore_lock trust.services.caches"
            ),
            "chalicelib.issuing.print.permit_pdf",
            REGISTER,
            KMS,
            "pyhanko.sign.signers",
            "qrcode.main",
            "boto3",
        ),
        (*EDGE, *STORE, "boto3", "reportlab.pdfgen.canvas", "pyhanko.sign.signers", "qrcode.main"),
    ),
    Function(
        "publish_status, publish_due",
        (
            *ours("composition.jobs trust.services.publish_status_lists platform.restore_lock trust.services.caches"),
            REGISTER,
            KMS,
            STATIC,
            "boto3",
        ),
        (*EDGE, *STORE, "boto3"),
    ),
    Function(
        "sweep",
        (*ours("composition.jobs composition.sweep species.services.list_in_use platform.restore_lock"), REGISTER),
        (*EDGE, *STORE),
    ),
    Function(
        "send_notices",
        (
            *ours(
                "composition.jobs platform.country_folder permits.mail alerts.mail expert_questions.mail "
                "suspicions.mail mail.services platform.restore_lock"
            ),
            REGISTER,
            "chalicelib.adapters.aws.mailer",
            "boto3",
        ),
        (*EDGE, *STORE, "boto3"),
    ),
    Function(
        "read_document",
        ours("composition.jobs reading.read_document reading.pdf reading.pictures reading.seals"),
        (*EDGE, "pypdfium2", "zxingcpp", "pikepdf", "PIL.Image"),
    ),
)


def answer() -> Section:
    rows, figures = [], []
    bare = milliseconds(("chalice.app",))
    for function in FUNCTIONS:
        ours, must = milliseconds(function.ours), milliseconds(function.must)
        ratio = ours.median / must.median
        rows.append(
            [function.name, ours.text(digits=0), must.text(digits=0), f"{ratio:.2f}",
             f"{ours.median / bare.median:.1f}"]
        )  # fmt: skip
        if function is FUNCTIONS[0]:
            figures.append(
                Figure("verify's import, in what it must import", f"<= {MOST}", f"{ratio:.2f}", ratio <= MOST)
            )
    return Section(
        "Imports",
        f"Bare chalice: {bare.text(digits=0)} ms. `must` are the libraries that the work is made of (chalice, "
        "pydantic, cryptography, cbor2, PynamoDB, boto3, and for prints and files theirs); the rest is our own code "
        "and what it drags in. The clients' own start (some 200 ms of boto3) comes on top of both.",
        ("function", "ms: median (quartiles)", "must, ms", "ratio", "times bare chalice"),
        rows,
        notes=_cold_starts(),
        figures=figures,
    )


def milliseconds(names: tuple[str, ...]) -> Spread:
    """Measure the processor time of importing these modules (or names in modules) in a fresh interpreter."""
    code = (
        "import sys, time, importlib\n"
        "began = time.process_time()\n"
        "for name in sys.argv[1:]:\n"
        "    module, _, last = name.rpartition('.')\n"
        "    if module == 'pydantic': getattr(importlib.import_module(module), last)\n"
        "    else: importlib.import_module(name)\n"
        "print((time.process_time() - began) * 1000)"
    )
    command = [sys.executable, "-c", code, *names]

    def once() -> float:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
        return float(done.stdout)

    once()
    return Spread.of([once() for _ in range(ROUNDS)])


def _cold_starts() -> str:
    """Describe the cold starts under awslambdaric that `make package` measured here, if any."""
    if not COLD.exists():
        return "Cold starts of the built package under awslambdaric: `make package` measures them."
    told = json.loads(COLD.read_text())
    each = "; ".join(f"{one['name']} {one['cold']:.0f}, warm {one['warm']:.1f}" for one in told["functions"])
    return (
        f"Cold starts of the built package under awslambdaric, in ms, as `make package` measured them at {told['at']} "
        f"({told['rounds']} rounds, {told['unit']}): {each}."
    )
