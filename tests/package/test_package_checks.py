"""Checks of the deployment package: each fault is named, tested on small archives."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from local.package import build, check, sbom, trim
from local.package.wheels import PackageError, wheelhouse

TEMPLATES = ("cites_v1/layout.toml", "cites_v1/texts.toml")
LOCK = "six==1.17.0 --hash=sha256:" + "0" * 64 + "\n"
GOOD = {
    "app.py": "",
    "chalice/app.py": "",
    "chalicelib/__init__.py": "",
    "chalicelib/data/fonts/Bold.ttf": "",
    "chalicelib/data/fonts/Regular.ttf": "",
    "chalicelib/data/fonts/microtext.json": "",
    **{f"chalicelib/data/cites/{name}": "" for name in check.SPECIES_FILES},
    "chalicelib/locale/en/LC_MESSAGES/tamga.mo": "",
    "pdf_templates/cites_v1/layout.toml": "",
    "pdf_templates/cites_v1/texts.toml": "",
    "six.py": "",
    "six-1.17.0.dist-info/METADATA": "Name: six\nVersion: 1.17.0\n",
    "six-1.17.0.dist-info/RECORD": "six.py,,\nsix-1.17.0.dist-info/METADATA,,\n",
}


def archive(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "deployment.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return path


def faults(folder: Path, files: dict[str, str]) -> list[str]:
    lock = folder / "requirements.lock"
    lock.write_text(LOCK)
    return check.faults(archive(folder, files), templates=TEMPLATES, languages=("en",), lock=lock)


def test_complete_package_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"big": "0" * (check.BYTES_AT_MOST + 1)}, "at most 130,000,000"),
        ({"chalicelib/__pycache__/a.cpython-313.pyc": ""}, "compiled: chalicelib/__pycache__"),
        ({"six.pyc": ""}, "compiled: six.pyc"),
        ({"tests/test_a.py": ""}, "must not be in the package: tests/"),
        ({"local/setup.py": ""}, "must not be in the package: local/"),
        ({"chalice/deploy/packager.py": ""}, "must not be in the package: chalice/deploy/"),
        ({"pip/__init__.py": ""}, "must not be in the package: pip/"),
        ({"rich-15.0.0.dist-info/METADATA": "Name: rich\n"}, "in the package, but not in the lock: rich"),
    ],
)
def test_superfluous_file_is_reported(tmp_path: Path, more: dict[str, str], said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, GOOD | more))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pdf_templates/cites_v1/texts.toml", "left out: pdf_templates/cites_v1/texts.toml"),
        ("chalicelib/data/fonts/Bold.ttf", "left out: chalicelib/data/fonts/Bold.ttf"),
        ("chalicelib/data/cites/NOTICE.md", "left out: chalicelib/data/cites/NOTICE.md"),
        ("chalicelib/locale/en/LC_MESSAGES/tamga.mo", "left out: chalicelib/locale/en"),
        ("six-1.17.0.dist-info/METADATA", "in the lock, but not in the package: six 1.17.0"),
    ],
)
def test_missing_file_is_reported(tmp_path: Path, name: str, said: str) -> None:
    found = faults(tmp_path, {path: text for path, text in GOOD.items() if path != name})
    assert any(said in fault for fault in found)


def test_required_species_files_are_those_of_the_release() -> None:
    folder = Path(__file__).parents[2] / check.SPECIES
    assert sorted(path.name for path in folder.iterdir()) == sorted(check.SPECIES_FILES)


def test_size_of_species_data_is_given_in_words(tmp_path: Path) -> None:
    files = GOOD | {"chalicelib/data/cites/taxa.csv": "0" * 3_200_000}
    assert check.species_size(archive(tmp_path, files)) == "species data: 0.0 MB, 3.2 MB unzipped"


def test_failed_dependency_in_chalice_output_is_reported() -> None:
    output = "Creating deployment package.\n\nCould not install dependencies:\ncbor2==6.2.1\nYou will have to ...\n"
    assert check.output_faults(output)[0].startswith("chalice: Could not install dependencies:\ncbor2==6.2.1")
    assert check.output_faults("Creating deployment package.\n") == []


def test_missing_wheel_raises_package_error(tmp_path: Path) -> None:
    """No file of any registry has this hash, and no partial download is kept."""
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK)
    with pytest.raises(PackageError, match=r"requirements\.lock"):
        wheelhouse(lock, tmp_path / "wheels")
    assert not list((tmp_path / "wheels").glob("*"))


def test_unknown_commit_raises_package_error(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="git archive"):
        build.build("practice", commit="no-such-commit", out=tmp_path)


def test_failed_import_is_reported(tmp_path: Path) -> None:
    """Four faulty packages:

    * 1: a handler that imports a missing module
    * 2: a missing module that a function imports
    * 3: a module from outside the package
    * 4: a module that was left out and is imported
    """
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "__init__.py").write_text("")
    (tmp_path / "chalicelib" / "good.py").write_text("def call(): pass\n")
    (tmp_path / "chalicelib" / "bad.py").write_text("import nowhere_at_all\ndef call(): pass\n")
    assert check.import_alone(tmp_path, "chalicelib.good.call")
    with pytest.raises(PackageError, match="nowhere_at_all"):
        check.import_alone(tmp_path, "chalicelib.bad.call")  # 1
    (tmp_path / "chalicelib" / "bad.py").write_text("def call():\n    import nowhere_at_all\n")
    assert check.import_alone(tmp_path, "chalicelib.bad.call")
    with pytest.raises(PackageError, match="nowhere_at_all"):
        check.import_alone(tmp_path, str(tmp_path))  # 2
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    (elsewhere / "stray.py").write_text("")
    text = f"import sys\nsys.path.append({str(elsewhere)!r})\nimport stray\ndef call(): pass\n"
    (tmp_path / "chalicelib" / "bad.py").write_text(text)
    with pytest.raises(PackageError, match="from elsewhere: stray"):
        check.import_alone(tmp_path, "chalicelib.bad.call")  # 3
    whole = tmp_path.parent / f"{tmp_path.name}-whole"
    (tmp_path / "chalicelib" / "bad.py").write_text("import half\ndef call(): pass\n")
    (tmp_path / "half.py").write_text("try:\n    import extra\nexcept ImportError:\n    pass\n")
    shutil.copytree(tmp_path, whole)
    (whole / "extra.py").write_text("")
    assert check.import_faults(tmp_path, whole, ["chalicelib.good.call"]) == [
        "removed by trim.py, but imported: extra"
    ]  # 4


def test_invalid_cyclonedx_bill_is_reported() -> None:
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "x"}]}
    assert sbom.schema_faults(json.dumps(bill)) == []
    bill["components"] = [{"type": "library", "name": "x", "hashes": [{"alg": "SHA256", "content": "ab"}]}]
    (said,) = sbom.schema_faults(json.dumps(bill))
    assert "SHA256" in said


def test_bill_names_species_data_with_day_and_terms(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / check.SPECIES
    made = sbom.species_data(folder)
    assert (made["name"], made["version"]) == ("CITES species data", "2026-03-05")
    assert f"{check.SPECIES}NOTICE.md" in made["description"]
    assert sbom.licences(made) == sbom.SPECIES_TERMS
    notice = (folder / "NOTICE.md").read_text("utf-8")
    assert all(word in notice for word in ("educational or non-profit", "acknowledgement"))
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [made]}
    assert sbom.schema_faults(json.dumps(bill)) == []
    changed = shutil.copytree(folder, tmp_path / "cites")
    (changed / "taxa.csv").write_text("other")
    assert sbom.species_data(changed)["hashes"] != made["hashes"]


def test_trimmed_archive_is_reproducible_and_keeps_needed_files(tmp_path: Path) -> None:
    more = {
        "botocore/data/ec2/2016/service-2.json.gz": "",
        "botocore/data/s3/2006/service-2.json.gz": "",
        "botocore/data/s3/2006/examples-1.json": "",
        "botocore/data/endpoints.json": "",
        "chalicelib/__pycache__/a.pyc": "",
        "chalicelib/data/identification/words.json": "",
        "chalicelib/data/identification/drawings/horns.svg": "",
        "six.pyi": "",
        "rich/__init__.py": "",
        "rich-15.0.0.dist-info/METADATA": "Name: rich\n",
        "rich-15.0.0.dist-info/RECORD": "rich/__init__.py,,\n",
    }
    source = archive(tmp_path, GOOD | more)
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    trim.trim(source, first)
    trim.trim(archive(tmp_path, dict(reversed((GOOD | more).items()))), second)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as opened:
        kept = set(opened.namelist())
    gone = {"six-1.17.0.dist-info/RECORD"}
    models = {"botocore/data/s3/2006/service-2.json.gz", "botocore/data/endpoints.json"}
    assert kept == (GOOD.keys() - gone) | models | {"chalicelib/data/identification/words.json"}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("License: BSD-3-Clause, dependency licenses\n", "BSD-3-Clause, dependency licenses"),
        ("License: UNKNOWN\n", ""),
        ("License: A whole licence\n        whose second line is here\n", ""),
        ("", ""),
    ],
)
def test_licence_text_is_returned_and_unknown_is_empty(tmp_path: Path, header: str, words: str) -> None:
    folder = tmp_path / "py_two-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Name: Py_Two\nVersion: 1.0\n{header}\nLicense: of the description\n")
    assert sbom.licence_in_words(tmp_path, "py-two") == words
    assert sbom.licence_in_words(tmp_path, "another") == ""
    assert sbom.licences({}) == "not declared"


def test_left_out_packages_are_in_the_lock() -> None:
    from local.engine import ROOT
    from local.package.lock import pins

    assert trim.WITHOUT.keys() <= pins(ROOT / "requirements.lock").keys()


def test_every_aws_client_has_its_model_in_the_package() -> None:
    wired = Path("chalicelib/composition/ports.py").read_text()
    made = set(re.findall(r'_client\("([a-z0-9-]+)"', wired))
    assert {"s3", "kms", "sesv2"} <= made <= set(trim.CLIENTS)
