"""Table of the served pages and files: exactly the content of web/site.toml and the tree, under one version."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kernel.stage import Stage
from chalicelib.people.services import posts
from local import site, web_tables
from local.door import FONTS, WEB, doors
from local.site import Site, answer

FACTS: dict[str, Any] = {"host": "practice.tamga.kg", "issuer": "KG", "practice": True}

SPEECH = """<html data-languages="{{languages}}">
<p>No · <span lang="ky">ky!</span> · <span lang="uz">uz!</span> · <span lang="ru">ru!</span>: <b>1</b></p>
<section class="sheet" lang="en"><p>en!</p></section>
<section class="sheet" lang="ky"><p>ky!</p></section>
<section class="sheet" lang="uz"><p>uz!</p></section>"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small web/ tree: one page, a chain of modules, a third-party file, and unlisted files."""
    files = {
        "site.toml": '[check]\nhost = "public"\npages = {"/1" = "check/index.html"}\nstart = "check/main.js"\n'
        'languages = ["ky", "uz", "ru", "en", "fr"]\nthird_party = ["node_modules/a/a.js"]\n',
        "design.css": "p{}",
        "check/index.html": "{{head}}{{noscript}}{{host}}" + SPEECH,
        "check/main.js": "import { b } from '../shared/b.js';\nimport '../node_modules/a/a.js';\nimport('./late.js');",
        "check/late.js": "",
        "shared/b.js": "export * from './c.js';\n",
        "shared/c.js": "// c",
        **{f"i18n/check.{each}.json": '{"codes":{}}' for each in ("ky", "uz", "ru", "en", "fr")},
        "node_modules/a/a.js": 'import{x}from"./b.js";',
        "node_modules/a/b.js": "",
        "node_modules/secret/s.js": "",
        "check/notes.txt": "",
        "scan/main.js": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr("local.door.WEB", tmp_path)
    monkeypatch.setattr(site, "WEB", tmp_path)
    return tmp_path


def names(made: Site) -> set[str]:
    return {address.removeprefix(f"/w/{made.version}/") for address in made.files}


def test_listed_files_only_have_an_address(tree: Path) -> None:
    assert names(Site(FACTS)) == {
        "/1", "stage.json", "design.css", "check/main.js", "check/late.js", "shared/b.js", "shared/c.js",
        "i18n/check.ky.json", "i18n/check.ru.json", "i18n/check.en.json", "i18n/check.fr.json", "node_modules/a/a.js",
    }  # fmt: skip


def test_page_gets_the_data_folders_that_it_lists(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path_factory.mktemp("data")
    for name in ("aid/words.json", "aid/drawings/horns.svg", "other/secret.json", "species.csv"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("{}")
    monkeypatch.setattr("local.door.DATA", data)
    monkeypatch.setattr(site, "DATA", data)
    assert not any(name.startswith("data/") for name in names(Site(FACTS)))
    (tree / "site.toml").write_text((tree / "site.toml").read_text() + 'data = ["aid"]\n')
    made = Site(FACTS)
    assert {name for name in names(made) if name.startswith("data/")} == {
        "data/aid/words.json",
        "data/aid/drawings/horns.svg",
    }
    assert made.files[f"/w/{made.version}/data/aid/words.json"].data == b"{}"


def test_any_change_makes_another_version(tree: Path) -> None:
    versions = {Site(FACTS).version, Site({**FACTS, "practice": False}).version}
    (tree / "shared/c.js").write_text("d()")
    versions.add(Site(FACTS).version)
    assert len(versions) == 3
    assert Site(FACTS).version in versions


def test_page_links_its_version_and_preloads_its_imports(tree: Path) -> None:
    made = Site(FACTS)
    page = made.files["/1"].data.decode()
    assert f'<script type="module" src="/w/{made.version}/check/main.js"></script>' in page
    assert re.findall(r'stylesheet" href="/w/[^/]+/([^"]+)"', page) == ["design.css", "check/check.css"]
    (tree / "site.toml").write_text((tree / "site.toml").read_text() + 'styles = ["shared/aid.css"]\n')
    styled = Site(FACTS).files["/1"].data.decode()
    assert re.findall(r'stylesheet" href="/w/[^/]+/([^"]+)"', styled) == [
        "design.css",
        "shared/aid.css",
        "check/check.css",
    ]
    assert '<meta name="referrer" content="no-referrer">' in page
    assert "<noscript>" in page
    assert re.findall(r'modulepreload" href="/w/[^/]+/([^"]+)"', page) == [
        "check/main.js", "shared/b.js", "node_modules/a/a.js", "shared/c.js", "node_modules/a/b.js",
    ]  # fmt: skip
    assert "late.js" not in page


def test_every_page_has_the_same_head_and_noscript() -> None:
    for door in doors():
        for name in door.pages.values():
            text = (WEB / name).read_text("utf-8")
            assert ("{{head}}" in text, "<script type=" in text, "{{root}}/design.css" in text) == (True, False, False)
            assert ("{{noscript}}" in text) == (door.name != "check")  # the public check works without scripts


@pytest.mark.parametrize(
    ("country", "post", "name"),
    [("KG", "manas-airport", "Manas Airport"), ("UZ", "tashkent-airport", "Tashkent Airport")],
)
def test_catalogue_names_the_posts_of_the_issuing_country(tree: Path, country: str, post: str, name: str) -> None:
    made = Site({**FACTS, "issuer": country})
    held = json.loads(made.files[f"/w/{made.version}/i18n/check.en.json"].data)
    assert held["codes"]["posts"][post] == name
    assert held["codes"]["posts"].keys() == posts(country).keys()


@pytest.mark.parametrize(("country", "own", "other"), [("KG", "ky", "uz"), ("UZ", "uz", "ky")])
def test_page_offers_languages_of_its_country_and_of_foreigners(tree: Path, country: str, own: str, other: str) -> None:
    made = Site({**FACTS, "issuer": country})
    page = made.files["/1"].data.decode()
    assert f'<html data-languages="{own} ru en fr">' in page
    assert f'<p>No · <span lang="{own}">{own}!</span> · <span lang="ru">ru!</span>: <b>1</b></p>' in page
    assert re.findall(r'<section class="sheet" lang="(..)"><p>..!</p></section>', page) == ["en", own]
    assert f"{other}!" not in page
    assert f'lang="{other}"' not in page  # nor in the text shown without scripts
    assert {name.split(".")[1] for name in names(made) if name.startswith("i18n/")} == {own, "ru", "en", "fr"}


def test_facts_are_escaped_and_unknown_names_refused(tree: Path) -> None:
    assert b"&lt;b&gt;" in Site({**FACTS, "host": "<b>"}).files["/1"].data
    (tree / "check/index.html").write_text("{{nothing}}")
    with pytest.raises(KeyError):
        Site(FACTS)


def test_missing_file_is_logged_and_left_out(tree: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tree / "node_modules/a/a.js").unlink()
    assert "node_modules/a/a.js" not in names(Site(FACTS))
    assert "node_modules/a/a.js" in caplog.text


def test_missing_generated_tables_are_logged(tree: Path, caplog: pytest.LogCaptureFixture) -> None:
    Site(FACTS)
    assert [name for name in web_tables.FILES if f"web/core/generated/{name} is not there" not in caplog.text] == []
    for name in web_tables.FILES:
        (tree / "core/generated").mkdir(parents=True, exist_ok=True)
        (tree / "core/generated" / name).write_text("")
    caplog.clear()
    assert {f"core/generated/{name}" for name in web_tables.FILES} <= names(Site(FACTS))
    assert "core/generated" not in caplog.text


def test_pages_are_revalidated_and_versioned_files_cached(tree: Path) -> None:
    made = Site(FACTS)
    status, headers, body = answer(made, "GET", "/1", {}) or pytest.fail("no page")
    assert (status, dict(headers)["Cache-Control"]) == (200, "no-cache")
    assert body == made.files["/1"].data
    _, headers, _ = answer(made, "GET", f"/w/{made.version}/design.css", {}) or pytest.fail("no file")
    assert dict(headers)["Cache-Control"] == "public, max-age=31536000, immutable"
    assert dict(headers)["Content-Type"] == "text/css; charset=utf-8"
    for path in (
        "/w/0/design.css",
        f"/w/{made.version}/../site.toml",
        "/2",
        f"/w/{made.version}/node_modules/secret/s.js",
    ):
        assert answer(made, "GET", path, {}) is None
    assert answer(made, "POST", "/1", {}) is None


def test_etag_returns_304_and_gzip_is_used(tree: Path) -> None:
    made = Site(FACTS)
    etag = made.files["/1"].etag
    assert dict((answer(made, "GET", "/1", {}) or pytest.fail("no page"))[1])["ETag"] == etag
    for sent in (etag, f"W/{etag}", f'"other", {etag}'):
        status, headers, body = answer(made, "GET", "/1", {"if-none-match": sent}) or pytest.fail("no page")
        assert (status, body) == (304, b"")
        assert dict(headers)["Content-Security-Policy"] == site.POLICY
    status, headers, body = answer(made, "GET", "/1", {"accept-encoding": "gzip, br"}) or pytest.fail("no page")
    assert (status, dict(headers)["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == made.files["/1"].data


def test_whole_line_comments_are_stripped_from_own_modules(tree: Path) -> None:
    code = (
        "// one\nconst a = 'http://x'; // two\n/**\n * three\n */\n  /* four */\n/* five */ b();\nc('/*');\n  // */\n"
    )
    (tree / "shared/c.js").write_text(code)
    made = Site(FACTS)
    served = made.files[f"/w/{made.version}/shared/c.js"].data.decode()
    assert served == "\nconst a = 'http://x'; // two\n\n\n\n\n/* five */ b();\nc('/*');\n\n"
    (tree / "node_modules/a/a.js").write_text(code)
    made = Site(FACTS)
    assert made.files[f"/w/{made.version}/node_modules/a/a.js"].data.decode() == code


def test_content_security_policy_excludes_inline_and_foreign_code() -> None:
    rules = dict(rule.strip().partition(" ")[::2] for rule in site.POLICY.split(";"))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["style-src"] == rules["connect-src"] == rules["font-src"] == rules["worker-src"] == "'self'"
    assert rules["frame-src"] == "blob:"
    assert rules["require-trusted-types-for"] == "'script'"
    assert "unsafe-inline" not in site.POLICY
    assert not re.search(r"https?:|\*", site.POLICY)


def test_real_web_tree_is_complete(caplog: pytest.LogCaptureFixture) -> None:
    if not (WEB / "node_modules/.ready").exists():
        pytest.skip("the packages of web/ could not be set up here (local/make-node says why)")
    made = Site(FACTS)
    assert not caplog.text, "make setup"
    for door in doors():
        assert door.host in site.HOSTS
        for module in made.modules(door.start):
            assert f"/w/{made.version}/{module}" in made.files, f"{door.name} imports {module}, which has no address"
        page = made.files[next(iter(door.pages))].data.decode()
        spoken = [each for each in door.languages if each != "uz"]
        assert f'<html lang="en" data-languages="{" ".join(spoken)}"' in page
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
        assert set(re.findall(r'(?:src|href)="(/w/[^/"]+)/', page)) == {f"/w/{made.version}"}


def test_every_file_named_in_a_style_has_an_address() -> None:
    if not (WEB / "node_modules/.ready").exists():
        pytest.skip("the packages of web/ could not be set up here (local/make-node says why)")
    made = Site(FACTS)
    root = f"/w/{made.version}/"
    named = [
        (address, target)
        for address, file in made.files.items()
        if address.endswith(".css")
        for target in re.findall(r'url\("?([^")]+)"?\)', file.data.decode())
    ]
    assert len(named) >= len(FONTS)
    for address, target in named:
        assert root + str(Path(address.removeprefix(root)).parent / target) in made.files, (address, target)
    public = Site(FACTS, [door for door in doors() if door.host == "public"])
    assert not [address for address in public.files if "font" in address]


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_public_page_explains_checking_without_scripts() -> None:
    """In five languages, with a form that needs no script.

    No link may replace the fragment, because the code follows the #.
    """
    page = _Page((WEB / "check/index.html").read_text("utf-8"))
    assert {"en", "ky", "uz", "ru", "fr"} == {a["lang"] for tag, a in page.found if tag == "section" and "lang" in a}
    assert ("form", "/v1/verify/number") in [(tag, a.get("action")) for tag, a in page.found]
    for _, attributes in page.found:
        for name in ("href", "src", "action"):
            assert (attributes.get(name) or "/").startswith(("/", "{{")), attributes
    text = (WEB / "check/index.html").read_text("utf-8")
    assert text.index('href="{{root}}/check/plain.css"') - text.index("<noscript>") < 40


def test_stage_facts_contain_public_facts_only() -> None:
    from office import MemoryOffice

    office = MemoryOffice()
    people = {"sign_in": "people.example", "client_ids": ("c1", "c2"), "enquiries": "cites@example.org"}
    office.config = replace(office.config, keys={"a" * 16: "secret-key"}, **people)
    facts = site.stage_facts(office)
    assert facts["host"] == "practice.tamga.kg"
    assert facts["pins"] == [{"country": "KG", "thumbprints": list(office.config.pins["KG"]), "practice": True,
                              "practice_host": "practice.tamga.kg"}]  # fmt: skip
    assert facts["authority"]["email"] == "cites@example.org"
    assert facts["sign_in"] == {"host": "people.example", "client_id": "c1"}
    assert set(facts) == {
        "issuer", "host", "zone", "practice", "duty_number", "pins", "authority", "offline_limits", "offered_first",
        "sign_in", "rehearsal", "version",
    }  # fmt: skip


def test_only_real_register_has_practice_facts_with_own_pins() -> None:
    from office import MemoryOffice

    real, practice = MemoryOffice(Stage(host="tamga.kg", practice=False)), MemoryOffice()
    assert site.stage_facts(real)["rehearsal"] is None
    real.config = replace(real.config, practice_pins=practice.config.pins)
    pins = [{"country": "KG", "thumbprints": list(practice.config.pins["KG"]), "practice": True,
             "practice_host": "practice.tamga.kg"}]  # fmt: skip
    facts = site.stage_facts(real)
    assert facts["rehearsal"] == {"host": "practice.tamga.kg", "pins": pins}
    assert [pin["practice"] for pin in facts["pins"]] == [False]
    real.config = replace(real.config, practice_hosts={"UZ": "practice.example.uz"})
    assert site.stage_facts(real)["rehearsal"] is None  # the practice host of another country does not count
    practice.config = replace(practice.config, practice_pins=real.config.pins)
    assert site.stage_facts(practice)["rehearsal"] is None
