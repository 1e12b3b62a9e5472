"""Import a package's handlers from its folder alone. Run as `python -I -S -B alone.py FOLDER WHAT ...`, no environment.

WHAT is one or more handlers, each of which is imported and must be callable. Or WHAT is a folder. Then every module of
its chalicelib is imported, with everything that an import there names, also inside functions. Standard output: the
names of all loaded modules, as JSON. A module that comes neither from the folder nor from Python itself is a failure.
"""

import ast
import importlib
import json
import os
import sys
import sysconfig


def named_imports(folder: str) -> list[str]:
    """Every module of `chalicelib` and every imported name, with `package.name` for what may be a module."""
    names: set[str] = set()
    for directory, _, files in os.walk(os.path.join(folder, "chalicelib")):
        for file in sorted(each for each in files if each.endswith(".py")):
            path = os.path.join(directory, file)
            names.add(os.path.relpath(path, folder)[:-3].replace(os.sep, ".").removesuffix(".__init__"))
            with open(path, encoding="utf-8") as source:
                tree = ast.parse(source.read())
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    names.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module)
                    names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return sorted(name for name in names if not name.endswith("__main__"))


def import_named(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:  # in `from package import name`, the name may be no module
        package, _, last = name.rpartition(".")
        if error.name != name or not package or not hasattr(importlib.import_module(package), last):
            raise


def strangers(folder: str) -> list[str]:
    """Loaded modules that come from elsewhere."""
    own = (folder + os.sep, *(sysconfig.get_path(each) + os.sep for each in ("stdlib", "platstdlib")))
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items() if "main__" not in name}
    return sorted(
        name
        for name, file in files.items()
        if file and (not os.path.abspath(file).startswith(own) or "site-packages" in file.removeprefix(folder))
    )


def main(folder: str, *what: str) -> str | int:
    folder = os.path.abspath(folder)
    sys.path.insert(0, folder)
    for each in what:
        if os.path.isdir(each):
            for name in named_imports(each):
                import_named(name)
        else:
            module, _, name = each.rpartition(".")
            if not callable(getattr(importlib.import_module(module), name)):
                return f"{each} cannot be called"
    if strangers(folder):
        return f"from elsewhere: {', '.join(strangers(folder))}"
    json.dump(sorted(sys.modules), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
