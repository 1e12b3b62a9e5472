"""Public pages of the service itself: the front page, and the contract as HTML and as OpenAPI.

These pages have no scripts. All other pages are in web/. Every inserted text is escaped. The only style is one inline
sheet, and the page's Content-Security-Policy allows it by its hash.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Any, Final

from chalice.app import Response

from chalicelib.http.blueprint import Blueprint, Call
from chalicelib.i18n.words import label
from chalicelib.kernel.text import N_
from chalicelib.platform import country_folder

blueprint = Blueprint(__name__)

STYLE = """
:root { color-scheme: light dark }
body { font: 1.05rem/1.55 "Noto Sans", system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1.5rem }
h1 { font-size: 1.6rem; line-height: 1.25 } h2 { font-size: 1.2rem; margin-top: 2.2rem }
code, pre { font: .95em ui-monospace, monospace; overflow-wrap: anywhere }
label { display: block; margin: .8rem 0 } input { font: inherit; padding: .5rem; width: 14rem; max-width: 100% }
button { font: inherit; padding: .6rem 1.2rem; min-height: 3.5rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .3rem .6rem
  .3rem 0; border-bottom: 1px solid #8886 }
.practice { border: 3px dashed; padding: .6rem 1rem; font-weight: 600 }
"""


def html(body: str) -> Response:
    """Return a page as a response. Its policy allows only the inline style STYLE and forms to the same host."""
    digest = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    return Response(
        body,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy,
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Language",
        },
    )


def page(title: str, body: str, language: str = "en") -> str:
    """Return a complete HTML document. `body` is our own markup and is not escaped."""
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><main>{body}</main></html>"
    )


LINKS: Final[Mapping[str, str]] = {  # addresses of the public host -> label
    "/1": N_("Check a permit"),
    "/which/": N_("Which permit do I need?"),
    "/training/": N_("Films and practice"),
    "/v1/docs": N_("The interface for programs"),
    "/trust-list.json": N_("The keys that sign"),
}

FRONT: Final = N_("CITES permits")

PRACTICE: Final = N_("Practice register: its permits have no value.")


def front_page(*, authority: str, practice: bool, language: str) -> str:
    """Return the front page in the reader's language: the Management Authority, and links to the pages."""
    ways = "".join(f'<li><a href="{way}">{escape(label(said, language))}</a></li>' for way, said in LINKS.items())
    warning = f'<p class="practice">{escape(label(PRACTICE, language))}</p>' if practice else ""
    title = f"Tamga: {label(FRONT, language)}"
    body = f"<h1>{escape(title)}</h1><p>{escape(authority)}</p>{warning}<ul>{ways}</ul>"
    return page(title, body, language)


def contract(document: Mapping[str, Any]) -> str:
    """Return the OpenAPI document as an HTML page."""
    parts = [f"<h1>{escape(document['info']['title'])} {escape(document['info']['version'])}</h1>"]
    parts.append(f"<p>{escape(document['info']['description'])}</p>")
    parts.append('<p><a href="/v1/openapi.json">The same as OpenAPI 3.1</a></p>')
    for path, item in document["paths"].items():
        for method, operation in item.items():
            parts.append(_operation(path, method, operation))
    parts.append("<h2>Problems</h2><table>")
    for problem in document["components"]["schemas"]["Problem"]["x-problems"]:
        cells = "".join(f"<td>{escape(str(problem[name]))}</td>" for name in ("status", "slug", "title"))
        parts.append(f"<tr>{cells}</tr>")
    parts.append("</table><h2>Schemas</h2>")
    for name, schema in document["components"]["schemas"].items():
        parts.append(f'<h3 id="{escape(name)}">{escape(name)}</h3>{_schema(schema)}')
    return page(str(document["info"]["title"]), "".join(parts))


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    who = "open to everybody" if operation["security"] in ([], [{}, {"bearer": []}]) else "signed in"
    text = (
        f"<h2><code>{escape(method.upper())} {escape(path)}</code></h2><p><b>{_code(operation['summary'])}</b> "
        f"{_code(operation.get('description', ''))} <i>({who})</i></p>"
    )
    for parameter in operation.get("parameters", []):
        need = "required" if parameter.get("required") else "optional"
        text += f"<p><code>{escape(parameter['name'])}</code> in {escape(parameter['in'])}, {need}</p>"
    if "requestBody" in operation:
        text += f"<p>Body: {_content(operation['requestBody']['content'])}</p>"
        for described in operation["requestBody"]["content"].values():
            if "example" in described:
                text += f"<pre>{escape(json.dumps(described['example'], ensure_ascii=False, indent=1))}</pre>"
    for status, answer in operation["responses"].items():
        if status != "default":
            text += f"<p>{escape(status)}: {_content(answer.get('content', {}))}</p>"
    return text


def _code(text: str) -> str:
    """Escape our own text and mark the parts in backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _content(content: Mapping[str, Any]) -> str:
    return ", ".join(
        f"<code>{escape(kind)}</code> {_type(described['schema']) if 'schema' in described else ''}"
        for kind, described in content.items()
    )


def _schema(schema: Mapping[str, Any]) -> str:
    required = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{_type(part)}</td>"
        f"<td>{'required' if name in required else ''}</td></tr>"
        for name, part in schema.get("properties", {}).items()
    )
    described = f"<p>{escape(schema['description'])}</p>" if "description" in schema else ""
    return described + (f"<table>{rows}</table>" if rows else "")


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "enum" in schema:
        return escape(" | ".join("null" if value is None else str(value) for value in schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("const", schema.get("type", "any"))
    return escape(str(" or ".join(kind) if isinstance(kind, list) else kind))


@blueprint.route("/v1/openapi.json", public=True, returns="object")
def openapi_json(call: Call) -> dict[str, Any]:
    """Get this contract as OpenAPI 3.1."""
    from chalicelib.composition import openapi

    return openapi.document(blueprint.current_app.routes, host=call.deps.stage.host)


@blueprint.route("/v1/docs", public=True, returns="html", produces=["text/html"])
def docs(call: Call) -> Response:
    """Get this contract as a page to read."""
    from chalicelib.composition import openapi

    document = openapi.document(blueprint.current_app.routes, host=call.deps.stage.host)
    return html(contract(document))


@blueprint.route("/", public=True, returns="html", produces=["text/html"])
def front(call: Call) -> Response:
    """Get the front page: the issuing authority, and links to the service's pages."""
    stage = call.deps.stage
    names = country_folder.authority(stage.issuer)
    authority = names.get(f"name_{call.language}", names["name"])
    return html(front_page(authority=authority, practice=stage.practice, language=call.language))
