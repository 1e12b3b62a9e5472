"""Counting of `make measure`."""

from __future__ import annotations

from pathlib import Path

from local.measure import figures

FILES = {
    "chalicelib/__init__.py": "from chalicelib.a import one",
    "chalicelib/a.py": "from typing import Any\nfrom chalicelib import b\ndef one(a, b, c, d, e, *, f): pass\n",
    "chalicelib/b.py": "def late():\n    from chalicelib.rooms.c import x\n",
    "chalicelib/rooms/c.py": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from chalicelib.a import one\n"
        "def six(self, a, b, c, d, e, f, g): pass\n"
        "x: dict[str, Any] = {}  # fmt: skip\ny: Mapping[str, Any] = {}\n"
    ),
    "chalicelib/rooms/d.py": (
        "for attempt in range(TRIES):\n    try:\n        commit()\n    except (Conflict, Lost):\n        pass\n"
        "for each in range(DAYS):\n    for attempt in range(8):\n        try:\n            commit()\n"
        "        except ports.Conflict:\n            pass\n"
        "for each in rows:\n    try:\n        commit()\n    except Conflict:\n        pass\n"
    ),
    "chalicelib/rooms/e.py": (
        "permit.state == 'issued'\n'import' != row['direction']\nrow.get('kind') in {'a', 'b'}\nresult not in ('x',)\n"
        "permit.state == State.ISSUED\nrow['name'] == 'issued'\nkind in KINDS\n"
    ),
    "local/a.py": '"""What whoever asks was told: everything; at once. Short."""\nfrom local import b\n',
    "tests/test_a.py": '"""Tests of a few things.\n\nEach is quick."""\ndef test_a(): pass\ndef test_'
    + "b" * 71
    + "(): pass\n",
    "local/b.py": "import os\n",
    "web/desk/a.js": 'import { b } from "./b.js";\n',
    "web/desk/b.js": 'export { c } from "../shared/c.js";\n',
    "web/shared/c.js": '/** @typedef {import("../desk/d.js").D} D */\nimport {\n  a,\n} from "../desk/a.js";\n',
    "web/desk/d.js": 'import { a } from "./a.js";\nawait import("./d.js");\n',
}


def test_figures_of_an_example_folder_are_counted(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert list(figures(tmp_path)) == [
        ("modules of chalicelib, without __init__.py", 5, ""),
        ("modules of the largest folder", 3, "chalicelib/rooms"),
        ("import circles of chalicelib", 1, "chalicelib.a chalicelib.b chalicelib.rooms.c"),
        ("import circles of local", 0, ""),
        ("import circles of web", 1, "desk/a.js desk/b.js shared/c.js"),
        ("functions above five parameters", 2, ""),
        ("functions above six parameters", 1, ""),
        ("dict[str, Any]", 1, ""),
        ("Mapping[str, Any]", 1, ""),
        ("retry loops on a conflict", 2, ""),
        ("string literals compared with an enumerated field", 4, ""),
        ("# fmt: skip", 1, ""),
        ("words of the old dialect in docstrings", 2, ""),
        ("semicolons and colons a hundred docstrings", 100, ""),
        ("words a hundred sentences", 425, ""),
        ("docstrings of a hundred whose first line asks", 50, ""),
        ("test names above 75 characters", 1, "of 2"),
        ("commit subjects above 72 characters", 0, "of 0"),
    ]
