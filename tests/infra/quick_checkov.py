"""checkov with one JSONPath parser for all paths, because without this it builds one for each, 25 of its 30 seconds.

Run by `.venv-infra`, where checkov and its PLY are installed.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from checkov.main import Checkov  # type: ignore[import-not-found]
from ply import yacc  # type: ignore[import-not-found]

made_anew, kept = yacc.yacc, threading.local()  # a parser keeps its stack: one per thread


def made_once(*, module: object, start: str, **options: Any) -> Any:
    known: dict[Any, Any] = vars(kept)
    key = type(module), start
    if key not in known:
        known[key] = made_anew(module=module, start=start, **options)
    return known[key]


if __name__ == "__main__":
    yacc.yacc = made_once
    sys.exit(Checkov().run())
