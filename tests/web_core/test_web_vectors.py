"""web/core passes the vectors in Node's test runner, and its complete answers equal Python's."""

from __future__ import annotations

import json
import os
import re
import subprocess

from vectors import make
from web_core.asking import HERE, NODE, VECTORS, Node, agree, needs_node, of_pages, questions

from chalicelib.requirements.services import for_devices

pytestmark = needs_node


def run(name: str) -> int:
    """Run this file in Node and return the number of passed tests."""
    environment = {**os.environ, "TAMGA_TABLE": json.dumps(for_devices(()))}
    done = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", HERE / name], capture_output=True, text=True, check=False,
        env=environment,
    )  # fmt: skip
    failed = re.findall(r"^ *not ok \d+ - (.*)$", done.stdout, re.MULTILINE)
    assert done.returncode == 0, (failed, done.stdout[-4000:], done.stderr)
    return int(re.findall(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[0])


def test_every_vector_passes_in_javascript() -> None:
    assert run("vectors.test.mjs") > sum(len(of_pages(name.removesuffix(".json"))) for name in make.files())


def test_javascript_only_values_pass_in_node() -> None:
    assert run("values.test.mjs") > 5


def test_shared_page_modules_pass_in_node() -> None:
    assert run("shared.test.mjs") == 15


def test_complete_answer_to_each_vector_equals_python(node: Node) -> None:
    """Also facts, events, fields, keys and times.

    Few vectors name these, and only three kinds name all of them.
    """
    others = {"digests", "importers", "names", "papers", "quotas", "species_days"}
    assert set(VECTORS) | others == {name.removesuffix(".json") for name in make.files()}
    agree(node, *questions())
