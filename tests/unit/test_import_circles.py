"""Import circles outside chalicelib/; import-linter forbids those inside."""

from __future__ import annotations

from local.engine import ROOT
from local.measure import circles, python_imports, web_imports


def test_imports_of_local_form_no_circle() -> None:
    assert circles(python_imports(ROOT, "local")) == []


def test_imports_of_the_pages_form_no_circle() -> None:
    assert circles(web_imports(ROOT)) == []
