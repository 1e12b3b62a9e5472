"""web/core does what the vectors say, by Node's own test runner; and says all that Python says of them."""

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
    """How many tests of this file passed."""
    environment = {**os.environ, "TAMGA_TABLE": json.dumps(for_devices(()))}
    done = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", HERE / name], capture_output=True, text=True, check=False,
        env=environment,
    )  # fmt: skip
    failed = re.findall(r"^ *not ok \d+ - (.*)$", done.stdout, re.MULTILINE)
    assert done.returncode == 0, (failed, done.stdout[-4000:], done.stderr)
    return int(re.findall(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[0])


def test_every_vector_holds_in_javascript() -> None:
    assert run("vectors.test.mjs") > sum(len(of_pages(name.removesuffix(".json"))) for name in make.files())


def test_what_only_javascript_can_be_given() -> None:
    assert run("values.test.mjs") > 5


def test_what_the_doors_share() -> None:
    assert run("shared.test.mjs") == 13


def test_all_that_is_read_out_of_a_vector_is_the_same(node: Node) -> None:
    """Facts, events, fields, keys and times too, of which a vector names few; three kinds name all."""
    others = {"digests", "names", "papers", "quotas"}
    assert set(VECTORS) | others == {name.removesuffix(".json") for name in make.files()}
    agree(node, *questions())
