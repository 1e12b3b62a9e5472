"""Print, before `make test` begins, what it cannot test on this machine.

Reasons are a missing account, printer or phone, and missing programs.
"""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from local.browser import CHROMIUM, MISSING

ROOT = Path(__file__).parents[1]
LIMITS: tuple[tuple[str, str], ...] = (
    ("real KMS, IAM, DynamoDB throttling and index lag", "the tests run on a local engine"),
    ("a print on paper, a photograph by a phone", "codes are read from rendered pages at 100, 150 and 300 dpi instead"),
    ("PDF/A-3 conformance", "the tests check the metadata; only veraPDF can check conformance"),
    ("a time-stamp on the seal", "there is no time-stamp authority yet (PAdES level B-B)"),
)


def main() -> None:
    print("Not tested on this machine:")
    for what, why in LIMITS:
        print(f"  {what}: {why}")
    if shutil.which("pdftocairo") is None:
        print("  attachments and an honest re-save by poppler: not installed (Debian: poppler-utils)")
    if shutil.which("qpdf") is None:
        print("  a print's structure by qpdf: not installed (Debian: qpdf)")
    if shutil.which("mutool") is None:
        print("  a print's attachments by MuPDF: not installed (Debian: mupdf-tools)")
    if not (ROOT / "tests/interop/node_modules/.ready").exists():
        print("  tokens and lists read by @auth0/cose on Node: not installed (run local/make-node to see why)")
    if not (ROOT / ".venv-node/node").exists():
        print("  web/core, the pages' own verifier: Node is not installed (run local/make-node to see why)")
    if not CHROMIUM:
        print(f"  the web pages in a browser, and a re-save by a browser's print: {MISSING}")
    if not (ROOT / "web/node_modules/.ready").exists():
        print("  the web pages in a browser: the packages of web/ are not installed (run local/make-node to see why)")
    if find_spec("atheris") is None:
        print("  fuzzing by atheris: no wheel for this machine; the same checks run on seeds and mutations")
    if shutil.which("gs") is None:
        print("  a re-save by Ghostscript: not installed (Debian: ghostscript)")


if __name__ == "__main__":
    main()
