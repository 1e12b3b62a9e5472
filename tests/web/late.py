"""Delayed requests and answers: a test releases them when it wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import APIResponse, Page, Route
from scanning import eventually


class Held:
    """Requests of a page that wait for release.

    With `answered`, the service answers at once and the answer waits.
    """

    def __init__(
        self, page: Page, address: str, asked: Callable[[Any], bool] = lambda _: True, *, answered: bool = False
    ) -> None:
        self.page, self.answered, self.routes = page, answered, list[Route]()
        self.answers = dict[Route, APIResponse]()
        page.route(address, lambda route: self.hold(route) if asked(route.request) else route.continue_())

    def hold(self, route: Route) -> None:
        if self.answered:
            self.answers[route] = route.fetch()
        self.routes.append(route)

    def wait(self, count: int = 1) -> None:
        assert eventually(lambda: self.page.wait_for_timeout(20) is None and len(self.routes) >= count)

    def let(self) -> None:
        """Release the oldest request, and wait until its answer has arrived in the page."""
        route = self.routes.pop(0)
        with self.page.expect_request_finished(lambda request: request == route.request):
            if route in self.answers:
                route.fulfill(response=self.answers[route])
            else:
                route.continue_()
        self.page.wait_for_timeout(300)  # time for the page to process the answer


def reading(permit: str) -> Callable[[Any], bool]:
    return lambda request: request.method == "GET" and request.url.endswith(permit)


def writing(request: Any) -> bool:
    return bool(request.method != "GET")


def go(page: Page, place: str) -> None:
    page.evaluate("(place) => { location.hash = place; }", place)
