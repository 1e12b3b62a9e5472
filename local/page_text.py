"""Fill a page's template: its facts, its head, and only the languages that this country's pages offer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from local.door import Door

NOSCRIPT = (
    '<noscript><main class="page"><p class="sheet">This page needs its program (JavaScript). '
    '<span lang="ky">Бул барак программасыз (JavaScript) иштебейт.</span> '
    '<span lang="uz">Bu sahifa dasturisiz (JavaScript) ishlamaydi.</span> '
    '<span lang="ru">Эта страница не работает без программы (JavaScript).</span></p></main></noscript>'
)

# A dot separates two languages on one line. It is removed with the language behind it.
_SAID = re.compile(r"""(?: ·)?\s*<(span|section)\b[^>]*\slang="(\w+)"[^>]*>.*?</\1>""", re.DOTALL)


def filled(text: str, facts: Mapping[str, str], languages: Collection[str]) -> str:
    """Replace the {{facts}} of a page and remove text in languages that are not offered.

    Text in a language is a `<span lang>` or `<section lang>`. Raises KeyError for an unknown fact.
    """
    known = {**facts, "noscript": NOSCRIPT, "languages": " ".join(languages)}
    whole = re.sub(r"\{\{(\w+)\}\}", lambda match: known[match[1]], text)
    return _SAID.sub(lambda match: match[0] if match[2] in languages else "", whole)


def head(door: Door, root: str, modules: Iterable[str]) -> str:
    """The value of `{{head}}`: no referrer, style sheets, module preloads and the start module."""
    styles = (
        *(("fonts.css",) if door.host == "staff" else ()),
        "design.css",
        *door.styles,
        f"{door.name}/{door.name}.css",
    )
    lines = [
        '<meta name="referrer" content="no-referrer">',
        '<meta name="theme-color" content="#f4f1e9">',
        *(f'<link rel="stylesheet" href="{root}/{each}">' for each in styles),
        *(f'<link rel="modulepreload" href="{root}/{each}">' for each in modules),
        f'<script type="module" src="{root}/{door.start}"></script>',
    ]
    return "\n".join(lines)
