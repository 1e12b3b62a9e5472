"""What stands in a page besides its own text: its facts, its head, and nothing in a language not spoken here."""

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

# Between two languages of one line stands a dot, which goes with the one behind it.
_SAID = re.compile(r"""(?: ·)?\s*<(span|section)\b[^>]*\slang="(\w+)"[^>]*>.*?</\1>""", re.DOTALL)


def filled(text: str, facts: Mapping[str, str], languages: Collection[str]) -> str:
    """The text with its {{facts}}, and of what it says in several languages (`<span lang>`, `<section lang>`) these.
    Raises KeyError for a fact that is unknown.
    """
    known = {**facts, "noscript": NOSCRIPT, "languages": " ".join(languages)}
    whole = re.sub(r"\{\{(\w+)\}\}", lambda match: known[match[1]], text)
    return _SAID.sub(lambda match: match[0] if match[2] in languages else "", whole)


def head(door: Door, root: str, modules: Iterable[str]) -> str:
    """`{{head}}`: no address of the page is told to others; its styles, its program."""
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
