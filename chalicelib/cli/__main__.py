"""`python -m chalicelib.cli`: the former name of `python -m chalicelib`, kept for scripts that use it."""

from __future__ import annotations

import runpy

if __name__ == "__main__":
    runpy.run_module("chalicelib", run_name="__main__")
