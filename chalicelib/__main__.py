"""Entry point of `python -m chalicelib`, which `bin/tamga` runs. Shell completion needs the program name `tamga`."""

from __future__ import annotations

from chalicelib.composition.main import app

if __name__ == "__main__":
    app(prog_name="tamga")
