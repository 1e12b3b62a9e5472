"""What `make test` cannot show on any machine without an account, a printer or a phone; said before it begins."""

from __future__ import annotations

import shutil

LIMITS: tuple[tuple[str, str], ...] = (
    ("real KMS, IAM, DynamoDB throttling and index lag", "the tests run on a local engine"),
    ("a print on paper, a photograph by a phone", "codes are read from rendered pages at 100, 150 and 300 dpi instead"),
    ("PDF/A-3 conformance", "the metadata are there; only veraPDF could say whether the file conforms"),
    ("a time-stamp on the seal", "there is no time-stamp authority yet (PAdES level B-B)"),
)


def main() -> None:
    print("not tested here:")
    for what, why in LIMITS:
        print(f"  {what}: {why}")
    if shutil.which("pdftocairo") is None:
        print("  an honest re-save by pdftocairo: the program is not here (Debian: poppler-utils)")


if __name__ == "__main__":
    main()
