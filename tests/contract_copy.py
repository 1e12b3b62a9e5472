"""Fixed copy of the API contract and example responses (tests/fixtures/contract.json.gz), and comparison of contracts.

Write a new copy: `PYTHONPATH=.:tests:tests/app .venv/bin/python tests/contract_copy.py`.
"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import test_matrix
from desk import issued, ok
from http_client import call, get, post
from staff import staffed

from chalicelib.composition import container
from chalicelib.kernel.roles import OPERATIONS

COPY = Path(__file__).with_name("fixtures") / "contract.json.gz"
PROSE = frozenset({"title", "description", "summary"})
NAMED = frozenset({"properties", "patternProperties", "paths", "responses", "content", "headers", "securitySchemes"})
VALUES = frozenset({"example", "examples", "default"})  # data, compared unchanged
ORDERED = frozenset({"prefixItems"})
REF = "#/components/schemas/"
NULL = {"type": "null"}
TYPES = {str: "string", int: "integer", bool: "boolean", float: "number"}
SAYS_NOTHING = (("default", None), ("required", []), ("additionalProperties", True))


def load() -> Any:
    """The copy, in the form of `of_today`."""
    return json.loads(gzip.decompress(COPY.read_bytes()))


def of_today() -> dict[str, Any]:
    """`contract`: the OpenAPI document. `answers`: one response of each operation (method, path, status, body)."""
    container.replace_deps(staffed())
    contract = ok(get("/v1/openapi.json"))
    answers = every_operation() + public_operations()
    container.replace_deps(None)
    return {"contract": contract, "answers": answers}


def simplified(document: dict[str, Any]) -> Any:
    """The document with references resolved and prose removed.

    Null, constants and unordered lists have one form each.
    """
    parts = document["components"]["schemas"]
    whole = {name: part for name, part in document.items() if name not in {"info", "components"}}
    return _simple(whole, parts, "", ()) | {
        "securitySchemes": _simple(document["components"]["securitySchemes"], parts, "securitySchemes", ())
    }


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Path and both values of each difference between two simplified documents."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            here = f"{path}.{name}" if path else name
            if name not in after:
                yield f"{here}: gone, was {_short(before[name])}"
            elif name not in before:
                yield f"{here}: new, {_short(after[name])}"
            else:
                yield from differences(before[name], after[name], here)
    elif isinstance(before, list) and isinstance(after, list):
        gone, new = [each for each in before if each not in after], [each for each in after if each not in before]
        if len(gone) == len(new) == 1:
            yield from differences(gone[0], new[0], f"{path}[{before.index(gone[0])}]")
        elif before != after:
            yield f"{path}: gone {_short(gone)}, new {_short(new)}"
    elif before != after or type(before) is not type(after):
        yield f"{path}: was {_short(before)}, is {_short(after)}"


def _short(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= 200 else f"{text[:200]} ..."


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _simple(node: Any, parts: dict[str, Any], within: str, opened: tuple[str, ...]) -> Any:
    """Simplify a node. `within`: the member that contains it. `opened`: names of the references being resolved."""
    if within in VALUES:
        return node
    if isinstance(node, list):
        made = [_simple(each, parts, "", opened) for each in node]
        return made if within in ORDERED else sorted(made, key=_text)
    if not isinstance(node, dict):
        return node
    if within in NAMED:
        return {name: _simple(each, parts, "", opened) for name, each in node.items()}
    if "$ref" in node:
        name = node["$ref"].removeprefix(REF)
        if name in opened:  # a recursive schema is identified by its distance to the root, because names do not count
            return {"within itself": len(opened) - opened.index(name)}
        beside = {key: each for key, each in node.items() if key != "$ref"}
        return _simple(parts[name] | beside, parts, "", (*opened, name))
    return _one_spelling({name: _simple(each, parts, name, opened) for name, each in node.items() if name not in PROSE})


def _one_spelling(schema: dict[str, Any]) -> dict[str, Any]:
    """Normalise a schema: null as `nullable`, `const` as an `enum`. Drop redundant types and a default of null."""
    made = {name: each for name, each in schema.items() if (name, each) not in SAYS_NOTHING}
    if "const" in made:
        made["enum"] = [made.pop("const")]
    if isinstance(made.get("type"), list):
        made["anyOf"] = [{"type": each} for each in made.pop("type")]
    if None in made.get("enum", ()):
        made |= {"enum": [each for each in made["enum"] if each is not None], "nullable": True}
    if "enum" in made and {TYPES.get(type(each)) for each in made["enum"]} == {made.get("type")}:
        del made["type"]
    for union in ("anyOf", "oneOf", "allOf"):
        if union not in made:
            continue
        options = made.pop(union)
        left = [each for each in options if each != NULL]
        if len(left) < len(options):
            made["nullable"] = True
        made |= left[0] if len(left) == 1 else {union: left}
    return made


def every_operation() -> list[dict[str, Any]]:
    """Call each operation of the role matrix once, by a permitted role; return the responses.

    Each kind of row is then present.
    """
    answers = []
    waiting = get("/v1/species-lists", token="a-admin").json.get("proposed")
    if waiting:  # only one can be proposed at a time; another one follows below
        ok(post(f"/v1/species-lists/{waiting['digest']}/reject", {"reason": "an example"}, token="approver"))
    for operation in test_matrix.ALL:
        role = min(OPERATIONS[operation.name] & operation.also)
        try:
            state = operation.state("a-applicant") if operation.state else None
        except AssertionError as error:
            print(f"{operation.method} {operation.path}: {error}"[:300], flush=True)
            continue
        answer = test_matrix.ask(operation, role, state)
        if answer.status not in {200, 201, 202}:
            print(f"{operation.method} {operation.path}: {answer.status} {answer.body[:200]!r}", flush=True)
        elif answer.headers.get("content-type", "").startswith("application/json"):
            answers.append({"method": operation.method, "path": operation.path, "status": answer.status,
                            "body": answer.json})  # fmt: skip
    return answers


def public_operations() -> list[dict[str, Any]]:
    """Responses of public operations, which are not in the role matrix."""
    permit = issued()
    asked: list[tuple[str, str, dict[str, str], Any]] = [
        ("GET", "/v1/health", {}, None),
        ("GET", "/v1/trust-list.json", {}, None),
        ("GET", "/v1/species", {"q": "falco"}, None),
        ("GET", "/v1/species/falco-cherrug", {}, None),
        ("GET", "/v1/identification", {}, None),
        ("GET", "/v1/identification/argali-horn", {}, None),
        ("GET", "/v1/requirements", {"species": "Falco cherrug", "direction": "export", "source": "C"}, None),
        ("POST", "/v1/verify", {}, {"qr": permit["qr"], "direction": "export"}),
        ("POST", "/v1/verify", {}, {"qr": "nonsense"}),
        ("GET", "/v1/verify/number", {"number": permit["number"], "code": permit["check_code"]}, None),
    ]
    return [
        {"method": method, "path": path, "status": 200, "body": ok(call(method, path, body, query=query))}
        for method, path, query, body in asked
    ]


def main() -> None:
    logging.getLogger("tamga").setLevel(logging.ERROR)
    text = json.dumps(of_today(), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    COPY.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
