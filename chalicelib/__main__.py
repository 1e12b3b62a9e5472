"""`python -m chalicelib`, which `bin/tamga` runs: the command line under its own name, so that completion knows it."""

from __future__ import annotations

from chalicelib.composition.main import app

if __name__ == "__main__":
    app(prog_name="tamga")
