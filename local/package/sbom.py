"""Bill of materials of the deployment package, with licences: CycloneDX 1.6, identical for the same commit.

cyclonedx-py reads names, versions and licences from the METADATA of the unpacked package. This module adds:

- a licence that METADATA gives as free text,
- the SHA-256 of the wheel of each component,
- components compiled into a wheel, from the wheel's own bill (OpenSSL, qpdf, Rust crates),
- the two files of Chalice that the function runs on,
- the species data, which is under terms of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from email.parser import HeaderParser
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name, parse_wheel_filename

from local.package.check import SPECIES

Json = dict[str, Any]

SPECIES_TERMS = "education and non-profit use, with acknowledgement (NOTICE.md)"


def bill(unpacked: Path, whole: Path, wheelhouse: Path, project: Path) -> str:
    """Make the bill as JSON text. It has every component of the package, each with a hash.

    `unpacked`: the deployed package. `whole`: the same before trimming. `project`: the source tree. Raises
    `subprocess.CalledProcessError`.
    """
    made = _cyclonedx(unpacked, project / "pyproject.toml")
    hashes = {
        parse_wheel_filename(path.name)[0]: sha256(path.read_bytes()).hexdigest() for path in wheelhouse.glob("*.whl")
    }
    for component in made["components"]:
        name = canonicalize_name(component["name"])
        if not component.get("licenses") and (words := licence_in_words(unpacked, name)):
            component["licenses"] = [{"license": {"acknowledgement": "declared", "name": words}}]
        component["hashes"] = [{"alg": "SHA-256", "content": hashes[name]}]
        inner = _compiled_in(whole, name, component["version"])
        if inner:
            component["components"] = inner
    made["components"] += [_chalice(unpacked), species_data(unpacked / SPECIES)]
    made["components"].sort(key=lambda component: str(component["name"]).lower())
    return json.dumps(made, indent=1, sort_keys=True) + "\n"


def schema_faults(bill: str) -> list[str]:
    """Validate a complete bill against the CycloneDX schema and return the fault. This takes some seconds."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill)
    return [f"bill of materials: {str(fault)[:400]}"] if fault else []


def _cyclonedx(unpacked: Path, pyproject: Path) -> Json:
    """Run cyclonedx-py on the package. Validation is left to `schema_faults`, which sees the finished bill.

    The tool asks an interpreter for its path. A script in the interpreter's place names the package and nothing else.
    """
    with tempfile.TemporaryDirectory(prefix="tamga-bill-") as scratch:
        python = Path(scratch) / "python"
        python.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps([str(unpacked)])}\nEND\n")
        python.chmod(0o700)
        command = [str(Path(sys.executable).with_name("cyclonedx-py")), "environment", "--output-reproducible"]
        command += ["--pyproject", str(pyproject), "--spec-version", "1.6", "--no-validate", str(python)]
        ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    read: Json = json.loads(ended.stdout)
    return read


def licence_in_words(unpacked: Path, name: str) -> str:
    """The `License` of a distribution's METADATA (free text, PEP 566) if it is one line, else ""."""
    for path in unpacked.glob("*.dist-info/METADATA"):
        read = HeaderParser().parsestr(path.read_text(encoding="utf-8"))
        if canonicalize_name(read["Name"]) == name:
            words = (read["License"] or "").strip()
            return "" if "\n" in words or words.upper() == "UNKNOWN" else words
    return ""


def _compiled_in(whole: Path, name: str, number: str) -> list[Json]:
    """Components in the bills that the wheel itself carries."""
    found = {}
    for path in whole.glob("*.dist-info/sboms/*.json"):
        if canonicalize_name(path.parts[-3].partition("-")[0]) != name:
            continue
        for each in json.loads(path.read_text(encoding="utf-8")).get("components", []):
            if canonicalize_name(each["name"]) != name and each.get("version"):
                kept = {key: each[key] for key in ("name", "version", "purl", "licenses") if each.get(key)}
                found[each["name"], each["version"]] = {"type": "library", **kept}
    return [found[key] for key in sorted(found)]


def _chalice(unpacked: Path) -> Json:
    files = sorted((unpacked / "chalice").glob("*.py"))
    return {
        "bom-ref": "chalice",
        "type": "library",
        "name": "chalice",
        "version": version("chalice"),
        "purl": f"pkg:pypi/chalice@{version('chalice')}",
        "description": f"only {' and '.join(path.name for path in files)}, copied by chalice itself",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "hashes": [{"alg": "SHA-256", "content": sha256(b"".join(path.read_bytes() for path in files)).hexdigest()}],
    }


def species_data(folder: Path) -> Json:
    """All taxa of CITES. The version is the day of the Appendices. `NOTICE.md` there names origin and terms."""
    edition = json.loads((folder / "edition.json").read_text("utf-8"))
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {
        "bom-ref": "cites-species-data",
        "type": "data",
        "name": "CITES species data",
        "version": edition["in_force"],
        "description": f"Data of UNEP-WCMC and others, not under the program's licence; see {SPECIES}NOTICE.md",
        "licenses": [{"license": {"name": SPECIES_TERMS}}],
        "hashes": [{"alg": "SHA-256", "content": sha256(b"".join(path.read_bytes() for path in files)).hexdigest()}],
    }


def licences(component: Json) -> str:
    """The component's licences in a few words."""
    said = []
    for each in component.get("licenses", []):
        inner = each.get("license", {})
        said.append(each.get("expression") or inner.get("id") or inner.get("name", "").rpartition(":: ")[2])
    return " / ".join(dict.fromkeys(said)) or "not declared"


def overview(path: Path) -> str:
    """One line a licence: the number of components, and their names if there are at most three."""
    components = json.loads(path.read_text())["components"]
    counted = Counter(licences(component) for component in components)
    lines = [f"{path.name}: {len(components)} components"]
    for licence, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        names = sorted(str(each["name"]) for each in components if licences(each) == licence)
        lines.append(f"  {count:3} {licence}" + (f" ({', '.join(names)})" if count <= 3 else ""))
    return "\n".join(lines)
