"""Find small changes of the pure packages that no test detects, with mutmut on a copy of the tree.

    python tests/mutation/mutants.py                 the modules of PROMISE
    python tests/mutation/mutants.py all             every module of the pure packages
    python tests/mutation/mutants.py cose claims     these modules

A mutant changes one operator, number, text or argument. The tests are the unit tests of these packages. Survivors and
their changes are written to docs/MUTANTS.md, counted by module. A change without effect counts as a survivor too.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from forked import KILLED, UNCOVERED
from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).parents[2]
DOC = ROOT / "docs" / "MUTANTS.md"
PROMISE = ("verdict", "register_checks", "snapshot", "offline_limit", "single_use", "cose", "qr_text", "claims")
ROOMS = ("kernel", "record", "token", "uses", "verdict")
TESTS = tuple(f"tests/unit/{room}" for room in ROOMS)
GOAL = 0.85  # the least share of killed mutants in each of the modules in PROMISE
COPIED = ("app.py", "chalicelib", "local", "tests", "docs", "pdf_templates", "pyproject.toml", "vendor", "infra")
# tests that need another environment, or compare the source text
LEFT_OUT = "not cwt and not generator_writes"
CONTEXT = 32  # characters shown on either side of a change
ANY_RESULT = "every result counts but pending and duplicate"
# (function, part of the new text) -> reason why this survivor changes nothing; read by `Mutant.same`
SAME: dict[tuple[str, str], str] = {
    ("verdict.judge", "if listed else 1)"): "no trust list is as old as second 1",
    ("verdict.judge", 'value: int | None = ""'): "no table has a row for either",
    ("verdict.judge", 'more: int | None = ""'): "no table has a row for either",
    ("verdict._conclude_early", "n <= result.check"): "its own check is set to fail next",
    ("verdict.conclude", "(results) or True else base"): "a shortcut: the worst of one is that one",
    ("cose._bstr", "(size < 0x10000) and False"): "a shortcut: `cbor.encode` writes the same head",
    ("cose._base64url", 'rstrip("XX=XX")'): "base64 of 32 bytes never ends in X: four bits are left for its end",
    ("qr_text.split_segments", 'text.rindex("#")'): "a text in our form has one #",
    ("single_use.document_key", 'in "XXLNXX"'): "no category of Unicode begins with X",
    ("single_use.check_paired_use", "result=None)"): ANY_RESULT,
}


@dataclass(frozen=True)
class Mutant:
    """`name` is mutmut's: module, function, number. `old`, `new`: the change, in a few words of code."""

    name: str
    outcome: str
    old: str
    new: str

    @property
    def module(self) -> str:
        return self.name.split(".x", 1)[0].rpartition(".")[2]

    @property
    def function(self) -> str:
        return self.name.rpartition(".")[2].removeprefix("x_").partition("__mutmut_")[0]

    @property
    def same(self) -> str | None:
        """The known reason why the change has no effect, or None."""
        return next((why for (where, new), why in SAME.items() if where == self.where and new in self.new), None)

    @property
    def where(self) -> str:
        return f"{self.module}.{self.function}"


def pure_modules() -> tuple[str, ...]:
    paths = (path for room in ROOMS for path in (ROOT / "chalicelib" / room).glob("*.py"))
    return tuple(sorted(path.stem for path in paths if path.stem != "__init__"))


def _place(module: str) -> Path:
    """Return the path of a pure module, relative to the root."""
    (found,) = (path for room in ROOMS for path in (ROOT / "chalicelib" / room).glob(f"{module}.py"))
    return found.relative_to(ROOT)


def run(
    modules: tuple[str, ...], *, tests: Sequence[str] = TESTS, children: int = 2, seconds: float = 7200
) -> list[Mutant]:
    """Test every mutant of these modules.

    Raises RuntimeError with pytest's output if the tests fail unmutated.
    """
    place = _copy(modules)
    sources = _mutate(place, modules)
    names = [name for module in modules for name in sources[module][1]]
    (place / "mutants.json").write_text(json.dumps({"names": names, "children": children}))
    plugins = ["-p", "forked", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile", "mutants"]
    options = [*plugins, "--tb=native", "-k", LEFT_OUT, *tests]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "MUTANT_UNDER_TEST": ""}
    log = place / "pytest.log"
    with log.open("w") as out:
        subprocess.run(
            [sys.executable, "-m", "pytest", *options],
            cwd=place, env=env, stdout=out, stderr=out, timeout=seconds, check=False,
        )  # fmt: skip
    if not (place / "found.json").exists():
        raise RuntimeError(f"pytest came to no end:\n{log.read_text()[-3000:]}")
    found = json.loads((place / "found.json").read_text())
    bodies = {module: _functions(code) for module, (code, _) in sources.items()}
    return [
        Mutant(name, found[name], *_change(bodies[module], name.rpartition(".")[2]))
        for module in modules
        for name in sources[module][1]
    ]


def changes(place: Path, module: str) -> list[Mutant]:
    """Return the mutants of a module, untested. `place`: a folder whose pyproject.toml has the settings of mutmut."""
    with contextlib.chdir(place):
        made = mutate_file_contents(str(ROOT / _place(module)), (ROOT / _place(module)).read_text())
    bodies = _functions(made.code)
    path = ".".join(_place(module).with_suffix("").parts)
    return [Mutant(f"{path}.{name}", "", *_change(bodies, name.rpartition(".")[2])) for name in made.mutant_names]


def rates(mutants: list[Mutant]) -> dict[str, tuple[int, int]]:
    """Return module -> (killed, all)."""
    found: dict[str, tuple[int, int]] = {}
    for each in mutants:
        killed, total = found.get(each.module, (0, 0))
        found[each.module] = (killed + (each.outcome == KILLED), total + 1)
    return found


def _copy(modules: tuple[str, ...]) -> Path:
    """Copy the current tree for mutmut to change."""
    place = ROOT / ".local" / "mutation" / ("-".join(modules) if len(modules) <= len(PROMISE) else "all")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    here = [name for name in COPIED if (ROOT / name).exists()]
    subprocess.run(["cp", "-r", *here, str(place)], cwd=ROOT, check=True)
    own = (ROOT / "pyproject.toml").read_text()
    (place / "pyproject.toml").write_text(f'{own}\n[tool.mutmut]\nsource_paths = ["chalicelib"]\n')
    return place


def _mutate(place: Path, modules: tuple[str, ...]) -> dict[str, tuple[str, list[str]]]:
    """Write the mutants into the copy. Return module -> its mutated source and the mutants' names."""
    sources = {}
    with contextlib.chdir(place):  # mutmut reads its settings from the working directory
        for module in modules:
            path = _place(module)
            made = mutate_file_contents(str(path), path.read_text())
            path.write_text(made.code)
            sources[module] = (
                made.code,
                [f"{'.'.join(path.with_suffix('').parts)}.{name}" for name in made.mutant_names],
            )
    return sources


def _functions(code: str) -> dict[str, list[str]]:
    """Return name -> source lines of each function and method."""
    lines = code.splitlines()
    nodes = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef))
    return {node.name: lines[node.lineno - 1 : node.end_lineno] for node in nodes}


def _change(functions: dict[str, list[str]], name: str) -> tuple[str, str]:
    """Return the words that differ between a mutant and its original, with some context on either side."""
    before, after = functions[f"{name.partition('__mutmut_')[0]}__mutmut_orig"][1:], functions[name][1:]
    blocks = [b for b in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if b[0] != "equal"]
    old = " ".join(line.strip() for _, start, end, _, _ in blocks for line in before[start:end])
    new = " ".join(line.strip() for _, _, _, start, end in blocks for line in after[start:end])
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    return _cut(old, head, len(old) - tail), _cut(new, head, len(new) - tail)


def _alike(one: str, other: str) -> int:
    """Return the length of the common beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut(text: str, start: int, end: int) -> str:
    start, end = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def document(mutants: list[Mutant]) -> str:
    """Return the text of docs/MUTANTS.md, one line for each survivor."""
    table, lists = [], []
    for module, (killed, total) in sorted(rates(mutants).items()):
        left = [each for each in mutants if each.module == module and each.outcome != KILLED]
        same = sum(each.same is not None for each in left)
        table.append(f"| {module} | {total} | {killed} | {100 * killed / total:.1f} % | {same} |")
        if left:
            lists += ["", f"### {module}", "", *map(_line, left)]
    return "\n".join(
        [
            "# Mutants",
            "",
            "Small changes of pure modules that the unit tests of their rooms noticed (killed) or did not. Written by",
            f"`make mutants`, {datetime.now(UTC):%Y-%m-%d}. A change that means the same counts as a survivor too; the",
            "last column says how many of the survivors are known to be such.",
            "",
            "| module | mutants | killed | | the same |",
            "|---|---:|---:|---:|---:|",
            *table,
            "",
            "## Survivors",
            *(lists or ["", "None."]),
            "",
        ]
    )


def _line(mutant: Mutant) -> str:
    note = f" Means the same: {mutant.same}." if mutant.same else ""
    note += " No test reaches it." if mutant.outcome == UNCOVERED else ""
    return f"- `{mutant.function}`: `{mutant.old}` became `{mutant.new}`.{note}"


def main(asked: list[str]) -> int:
    known = pure_modules()
    modules = known if asked == ["all"] else tuple(asked) or PROMISE
    if unknown := set(modules) - set(known):
        print(f"no such module of the pure rooms: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    mutants = run(modules, children=os.cpu_count() or 2)
    for module, (killed, total) in sorted(rates(mutants).items()):
        print(f"{module}: {killed} of {total} killed, {100 * killed / total:.1f} %")
    if set(PROMISE) <= set(modules):
        DOC.write_text(document(mutants))
    else:
        print(*(_line(each) for each in mutants if each.outcome != KILLED), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
