"""Functions and classes of web/core have the names of chalicelib in camelCase (docs/adr/0036, section 6)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "web" / "core"
EXPORT = re.compile(r"^export (?:async )?(?:function|class|const) (\w*[a-z]\w*)", re.MULTILINE)

# Module of web/core and the files of chalicelib that it mirrors. `kernel/errors.py` has the errors of Python's modules.
COUNTERPARTS: dict[str, tuple[str, ...]] = {
    "annotations": ("species/model/annotations.py", "species/model/wild_form.py"),
    "border_rules": ("verdict/border_rules.py",),
    "cbor": ("token/cbor.py", "kernel/errors.py"),
    "check_code": ("token/check_code.py",),
    "check_results": ("verdict/check_results.py",),
    "claims": ("token/claims.py",),
    "codes": ("kernel/codes.py", "kernel/document_kinds.py"),
    "cose": ("token/cose.py", "kernel/errors.py"),
    "countries": ("kernel/countries.py",),
    "errors": ("kernel/errors.py",),
    "importers": ("requirements/model/importers.py",),
    "name_search": ("species/model/name_search.py",),
    "native_range": ("species/model/native_range.py",),
    "numbers": ("kernel/numbers.py",),
    "offline_limit": ("verdict/offline_limit.py",),
    "permit": ("record/permit.py",),
    "qr_text": ("token/qr_text.py",),
    "quotas": ("quotas/model.py",),
    "register_checks": ("verdict/register_checks.py", "verdict/snapshot.py"),
    "requirements": ("requirements/model/requirements.py", "requirements/services.py"),
    "single_use": ("uses/single_use.py", "uses/use.py"),
    "species_day": ("species/model/listing.py",),
    "snapshot_checks": ("verdict/snapshot_checks.py",),
    "stage": ("kernel/stage.py", "kernel/days.py"),
    "status_list": ("trust/model/status_list.py",),
    "text": ("kernel/text.py",),
    "token_checks": ("verdict/token_checks.py",),
    "trust": ("trust/model/trust.py",),
    "trust_list": ("trust/model/trust_list.py",),
    "used_lines": ("uses/single_use.py",),
    "validity": ("applications/rules/validity.py", "kernel/days.py"),
    "verdict": ("verdict/verdict.py",),
}
WITHOUT_COUNTERPART = {"bytes", "zoneinfo"}  # Python's own `bytes` and `zoneinfo`

# Exports that Python does not have under that name, with the reason.
EXCEPTIONS = {
    ("codes", "kindOf"): "`KINDS[code]` in Python",
    ("cose", "isBytes"): "`isinstance(value, bytes)` in Python",
    ("cose", "signRaw"): "devices sign in the browser; the keys of the service are in KMS",
    ("quotas", "ofTaxon"): "a list comprehension in quotas/http.py",
    ("single_use", "amount"): "`Decimal(quantity)` in Python",
    ("single_use", "byTime"): "`key=` of `sorted` in Python",
    ("single_use", "toBaseUnit"): "stands in kernel/codes.py; here it needs `amount`",
    ("species_day", "onDay"): "`Listing.on` in Python, which makes the states that are read here",
    ("text", "compareText"): "Python compares `str` by code points",
    ("text", "loneSurrogate"): "`str.encode` raises in Python",
    ("text", "words"): "`str.split` in Python",
}


def exports(module: str) -> list[str]:
    """Return the exported functions and classes of a module, without constants in capitals."""
    return EXPORT.findall((CORE / f"{module}.js").read_text("utf-8"))


def names_in_python(files: tuple[str, ...]) -> set[str]:
    """Return the functions, methods and classes of these files, without a leading underscore."""
    trees = (ast.parse((ROOT / "chalicelib" / file).read_text("utf-8")) for file in files)
    defined = (ast.FunctionDef, ast.ClassDef)
    return {node.name.lstrip("_") for tree in trees for node in ast.walk(tree) if isinstance(node, defined)}


def in_python(name: str) -> str:
    """Return the Python spelling of a name of JavaScript."""
    return name if name[0].isupper() else re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


def test_every_module_of_web_core_names_its_counterpart() -> None:
    assert {path.stem for path in CORE.glob("*.js")} == {*COUNTERPARTS, *WITHOUT_COUNTERPART}


@pytest.mark.parametrize("module", COUNTERPARTS)
def test_exports_of_web_core_have_the_names_of_python(module: str) -> None:
    known = names_in_python(COUNTERPARTS[module])
    others = {name for name in exports(module) if in_python(name) not in known}
    assert others == {name for where, name in EXCEPTIONS if where == module}


def test_exports_are_found_in_each_form() -> None:
    assert {"judge"} <= set(exports("verdict"))  # async function
    assert {"NameSearch", "parents"} <= set(exports("name_search"))  # class, arrow function
    assert "KID_BYTES" not in exports("cose")
