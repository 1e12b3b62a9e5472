"""Client of the Species+ API (v1). It stores each page in a folder, so an interrupted download can continue.

1 the first page gives the number of pages   2 a page that is in the folder is not fetched again
3 a page with another total ends the download: the list changed, and taxa would be missing   4 busy or broken: retry
after a pause

The token goes to one host in one header. It follows no redirect and appears in no file, message or log.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from chalicelib.kernel.errors import FieldError, Forbidden, Invalid, Unavailable

BASE = "https://api.speciesplus.net/api/v1"

PER_PAGE = 500  # maximum of the API

PAGES_AT_MOST = 1000

ANSWER_AT_MOST = 32 * 1024 * 1024  # bytes

PATIENCE = 60  # seconds an answer

TRIES = 5

PAUSE = 2.0  # seconds, doubled with each try

AGAIN = frozenset({404, 408, 429, 500, 502, 503, 504})  # too many requests give 404 (ropensci/rcites)


class _NoRedirect(HTTPRedirectHandler):
    """Handler that turns 3xx into an HTTPError, so the token goes to no other host."""

    def redirect_request(self, *_: Any) -> None:
        return None


def fetcher(token: str, base: str = BASE) -> Callable[[str], bytes]:
    """Make the function that fetches one path below `base` with this token."""
    opener = build_opener(_NoRedirect)

    def fetch(path: str) -> bytes:
        asked = Request(f"{base}/{path}", headers={"X-Authentication-Token": token})  # noqa: S310 - an address of ours
        with opener.open(asked, timeout=PATIENCE) as got:
            data: bytes = got.read(ANSWER_AT_MOST + 1)
        if len(data) > ANSWER_AT_MOST:
            raise ValueError("an answer larger than any page")
        return data

    return fetch


class SpeciesPlusApi:
    """Species+ API with a folder of the answers, unchanged: `page-0001.json` and so on."""

    def __init__(
        self, fetch: Callable[[str], bytes], folder: Path, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._fetch = fetch
        self._folder = folder
        self._sleep = sleep

    def read(self) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
        """Read all pages in order: (page, number of pages, answer).

        Raises `Forbidden` if Species+ refuses the token, and `Unavailable` if no answer came after 5 tries or another
        error status did. Raises `Invalid` for a malformed page, over 1000 pages, or another total than on page 1.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        first = self._page(1)
        total = first["pagination"]["total_entries"]
        pages = max(1, -(-total // first["pagination"]["per_page"]))  # 1
        if pages > PAGES_AT_MOST:
            words = f"{total} taxa are more than the list of CITES can have."
            raise Invalid(FieldError("page 1, total_entries", "too_many", words))
        yield 1, pages, first
        for number in range(2, pages + 1):
            page = self._page(number)
            if page["pagination"]["total_entries"] != total:  # 3
                words = f"{page['pagination']['total_entries']} taxa, but page 1 has {total}"
                words += ": the list changed while it was read. Begin again with an empty folder."
                raise Invalid(FieldError(f"page {number}, total_entries", "another_list", words))
            yield number, pages, page

    def legislation(self, taxon: str) -> Mapping[str, Any]:
        """Read the listings, quotas and suspensions of one taxon by its id, a number.

        Raises `Forbidden`, `Unavailable`, `Invalid`.
        """
        asked = f"taxon_concepts/{int(taxon)}/cites_legislation"
        return self._kept(f"legislation-{int(taxon)}.json", asked, _legislation)

    def _page(self, number: int) -> Mapping[str, Any]:
        asked = f"taxon_concepts?page={number}&per_page={PER_PAGE}"
        return self._kept(f"page-{number:04}.json", asked, lambda data: _answer(data, number))

    def _kept(self, name: str, path: str, read: Callable[[bytes], Mapping[str, Any]]) -> Mapping[str, Any]:
        kept = self._folder / name
        if kept.exists():  # 2
            return read(kept.read_bytes())
        data = self._asked(path)
        answer = read(data)
        part = kept.with_suffix(".part")
        part.write_bytes(data)
        part.replace(kept)
        return answer

    def _asked(self, path: str) -> bytes:  # 4
        for tried in range(TRIES):
            try:
                return self._fetch(path)
            except HTTPError as error:
                if error.code in {401, 403}:
                    raise Forbidden("Species+ does not accept this token. Check the token.") from None
                if error.code not in AGAIN:
                    raise Unavailable(f"Species+ answered {error.code} to {path}.") from None
                said = str(error.code)
            except (URLError, HTTPException, OSError) as error:
                said = type(error).__name__
            if tried < TRIES - 1:
                self._sleep(PAUSE * 2**tried)
        words = f"Species+ does not answer {path} ({said}). The pages that were read are stored in {self._folder}."
        raise Unavailable(words)


def _answer(data: bytes, number: int) -> Mapping[str, Any]:
    """Read a page as the API documents it. Raises `Invalid` with the page if it is malformed."""
    try:
        answer = json.loads(data.decode("utf-8"))
        told = answer["pagination"]
        sound = isinstance(answer["taxon_concepts"], list) and all(
            isinstance(told[name], int) and told[name] > 0 for name in ("current_page", "per_page", "total_entries")
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        sound, told = False, {}
    if not sound or told["current_page"] != number:
        words = "The file is no page of taxa. Delete it and begin again."
        raise Invalid(FieldError(f"page {number}", "malformed", words))
    made: Mapping[str, Any] = answer
    return made


def _legislation(data: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(data.decode("utf-8"))
        sound = all(isinstance(each, dict) for each in answer["cites_listings"])
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        words = "The file is no answer of Species+. Delete it and read again."
        raise Invalid(FieldError("cites_legislation", "malformed", words))
    made: Mapping[str, Any] = answer
    return made
