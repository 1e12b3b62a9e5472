"""Former name of `python -m chalicelib`: `python -m chalicelib.cli` still works for scripts that use it."""

from __future__ import annotations

import runpy

if __name__ == "__main__":
    runpy.run_module("chalicelib", run_name="__main__")
