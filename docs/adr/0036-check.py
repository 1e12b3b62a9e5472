"""Checks 0036-rooms.tsv against the code of today: `.venv/bin/python docs/adr/0036-check.py`.

1 every file has its lines, every name of a split file goes to one place   2 the number and size of folders
3 imports between rooms point down, inside a room down the floors, from pure files to pure files, and in no circle, but
for the lines of 0036-cuts.tsv
Goes when the last file has moved.
"""
# ruff: noqa: S607, T201

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

HERE = Path(__file__).parent
RECORD = (HERE / "0036-one-room-a-subject.md").read_text("utf-8")
ROOMS = re.findall(r"^\d+\. `(\w+)`", RECORD.partition("## 2. ")[2].partition("## 3. ")[0], re.MULTILINE)
THIRD = dict.fromkeys(("schemas", "mail", "public_view"), 3)
FLOORS = {"http": 4, "cli": 4, **THIRD, "model": 1, "rules": 1}  # any other file: 2
PURE = {"kernel", "record", "token", "uses", "verdict", "patterns"}
EVERY_PART_HAS = {"blueprint", "app", "ONE", "CAP"}  # names that each part of a split file makes for itself
AT_MOST = 25


def table(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text("utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


LINES = table("0036-rooms.tsv")
CUTS = [(importer, imported) for importer, imported, _ in table("0036-cuts.tsv")]
tracked = subprocess.run(
    ["git", "ls-files", "chalicelib", "web/core", "tests/unit"], capture_output=True, text=True, check=True
)
FILES = tracked.stdout.split()
MODULES = {f for f in FILES if f.startswith("chalicelib/") and f.endswith(".py") and not f.endswith("__init__.py")}

goes: dict[str, dict[str, str]] = defaultdict(dict)  # file -> name ("": the rest) -> file tomorrow
for today, tomorrow, remark in LINES:
    for name in remark.removeprefix("names: ").split() if remark.startswith("names: ") else [""]:
        assert name not in goes[today] or today == "-", f"twice: {today} {name}"
        goes[today][name] = tomorrow
if missing := sorted(set(FILES) - goes.keys()):
    raise SystemExit(f"without a line: {missing}")
print("no such file:", sorted(f for f in goes.keys() - set(FILES) - {"-"} if not f.startswith("local/")))

Parts = dict[str, list[ast.AST]]


def parts(file: str) -> Parts:
    """Name -> the statements that make it; of a class or table that is split, `Class.method` and `'key'`."""
    found: Parts = defaultdict(list)
    split = set(goes[file])
    for node in ast.parse(Path(file).read_text("utf-8")).body:
        match node:
            case ast.ClassDef(name=name) if any(each.startswith(name + ".") for each in split):
                for member in node.body:
                    inner = f"{name}.{member.name}" if isinstance(member, ast.FunctionDef) else name
                    found[inner].append(member)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name].append(node)
            case ast.Assign() | ast.AnnAssign():
                value = node.value.args[0] if isinstance(node.value, ast.Call) and node.value.args else node.value
                entries = value if isinstance(value, ast.Dict) else ast.Dict([], [])
                keys = [ast.unparse(key) if key else "" for key in entries.keys]
                cut = not split.isdisjoint(keys)
                for key, entry in zip(keys, entries.values, strict=True):
                    found[key] += [entry] if cut else []
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    for each in ast.walk(target):
                        if isinstance(each, ast.Name):
                            found[each.id] += [] if cut else [node]
            case ast.Import() | ast.ImportFrom():
                pass
            case ast.If() if "TYPE_CHECKING" in ast.unparse(node.test):
                pass
            case _:
                found[""].append(node)
    return found


def imports(file: str) -> dict[str, tuple[str, str]]:
    """Local name -> the file and the name in it ("": the file itself); function-level imports and types too."""
    found = {}
    for node in ast.walk(ast.parse(Path(file).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "chalicelib":
            base = (node.module or "").replace(".", "/")
            for alias in node.names:
                whole = f"{base}/{alias.name}.py"
                found[alias.asname or alias.name] = (whole, "") if whole in MODULES else (f"{base}.py", alias.name)
    return {name: at for name, at in found.items() if at[0] in MODULES}


PARTS = {file: parts(file) for file in MODULES}
IMPORTS = {file: imports(file) for file in MODULES}


def place(file: str, name: str) -> str:
    while name and name not in PARTS[file] and name in IMPORTS[file]:  # handed on from another module
        file, name = IMPORTS[file][name]
    of = goes[file]
    return of.get(name) or of.get("") or next(iter(of.values()))


def uses(file: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    within = [each for each in ast.walk(node) if isinstance(each, ast.Name | ast.Attribute | ast.arg | ast.Constant)]
    own = {each.arg for each in within if isinstance(each, ast.arg)}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        own |= {each.id for each in within if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    bases = {id(each.value) for each in within if isinstance(each, ast.Attribute)}
    for each in within:
        name = each.id if isinstance(each, ast.Name) else each.value if isinstance(each, ast.Constant) else None
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            at, inner = IMPORTS[file].get(each.value.id, ("", "-"))
            if not inner:
                yield at, each.attr
        elif isinstance(name, str) and name in IMPORTS[file]:
            at, inner = IMPORTS[file][name]
            quoted = isinstance(each, ast.Constant) and not name[:1].isupper()  # a string, and no type's name
            if not quoted and (inner or id(each) not in bases):
                yield at, inner
        elif isinstance(each, ast.Name) and name in PARTS[file] and name not in own | EVERY_PART_HAS:
            yield file, str(name)


edges: dict[tuple[str, str], set[str]] = defaultdict(set)
for file in MODULES:
    print(*(f"no such name: {file} {name}" for name in goes[file] if name and name not in PARTS[file]), end="")
    for name, nodes in PARTS[file].items():
        if name in EVERY_PART_HAS:
            continue
        here = place(file, name)
        for node in nodes:
            for at, inner in uses(file, node):
                if (there := place(at, inner)) != here:
                    edges[here, there].add(f"{file}:{name} -> {at}:{inner}")

tomorrow_all = {there for _, there, _ in LINES if there.startswith("chalicelib/") and there.endswith(".py")}
modules = {each for each in tomorrow_all if not each.endswith("__init__.py")}
sizes = Counter(each.rpartition("/")[0] for each in modules)
print(f"modules: {len(MODULES)} -> {len(modules)}; largest folders: {sizes.most_common(2)}")
print("file and folder:", sorted(modules & {f"{each}.py" for each in sizes}))
print("larger than", AT_MOST, [each for each, count in sizes.items() if count > AT_MOST])
counts = Counter(each.split("/")[1] for each in modules)
print("rooms:", ", ".join(f"{room} {counts[room]}" for room in ROOMS), "; others:", sorted(counts.keys() - set(ROOMS)))


def stands(file: str) -> tuple[int, int]:
    """Room and floor, the lowest first."""
    _, room, floor, *_ = [*file.removesuffix(".py").split("/"), ""]
    return -(ROOMS.index(room) if room in ROOMS else 0), FLOORS.get(floor, 2)


def is_pure(file: str) -> bool:
    return file.split("/")[1] in PURE or stands(file)[1] == 1


graph: dict[str, set[str]] = defaultdict(set)
needed = set()
for (here, there), because in sorted(edges.items()):
    pair = here.removeprefix("chalicelib/"), there.removeprefix("chalicelib/")
    if cut := next((each for each in CUTS if all(map(fnmatchcase, pair, each))), None):
        needed.add(cut)
        continue
    graph[here].add(there)
    (room, floor), (room_below, floor_below) = stands(here), stands(there)
    if room_below > room or (room == room_below and floor_below > floor):
        print("UP", *pair, sorted(because))
    if is_pure(here) and not is_pure(there):
        print("IMPURE", *pair, sorted(because))
print("cuts that nothing needs:", sorted(set(CUTS) - needed))
try:
    TopologicalSorter(graph).prepare()
    print("circles: none")
except CycleError as error:
    print("circle:", error.args[1])
