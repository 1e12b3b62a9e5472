"""Process and its current time in one object, so that a test sets a port, calls a job and changes the clock."""

from __future__ import annotations

from copy import copy
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

from chalicelib.composition import container, functions
from chalicelib.composition.caches import Caches
from chalicelib.composition.container import Container
from chalicelib.composition.ports import Ports

if TYPE_CHECKING:
    from chalicelib.composition.sweep import SweepResult
    from chalicelib.mail.services import MailRun
    from chalicelib.platform.config import Config
    from chalicelib.platform.deps import PermitRegister
    from chalicelib.species.model.listing import Listing
    from chalicelib.trust.model.trust import Trust
    from chalicelib.trust.services.party_lists import FetchCounts


class Process(Ports, Container):
    """A container whose `config`, ports and caches may be set. Subclasses define `now`."""

    __setattr__ = object.__setattr__  # a Container of the service is frozen

    def __init__(self, config: Config) -> None:
        Ports.__init__(self, config)
        self.caches = Caches(self)
        container.provide()

    @property
    def ports(self) -> Self:  # type: ignore[override]
        return self

    @property
    def listing(self) -> Listing:  # type: ignore[override]  # `now` moves
        return self.species.at(self.now)

    @property
    def _trust(self) -> Trust:  # type: ignore[override]
        return self.caches.trust.at(self.now)

    def over(self, register: PermitRegister) -> Self:
        return but(self, register=register)  # type: ignore[no-any-return]

    def forget(self) -> None:
        """Reset to a process that has just begun: no cached lists, functions looked up again."""
        self.caches = Caches(self)
        for name in ("issuer", "printer", "publisher"):
            self.__dict__.pop(name, None)

    def forget_trust(self) -> None:
        self.caches.__dict__.pop("trust", None)

    def forget_bundle(self) -> None:
        self.caches._bundle = None

    def publish_due(self) -> list[str]:
        return functions.publish_due(self)

    def publish_here(self, uri: str) -> None:
        functions.publish_status(uri, self)

    def issue_here(self, permit_id: str) -> None:
        functions.issue(permit_id, self)

    def print_here(self, permit_id: str, original: bool) -> None:
        functions.print_permit(permit_id, original, self)

    def certificate_of(self, kid: bytes) -> bytes:
        return functions.certificate_of(kid, self)

    def fetch_lists(self) -> FetchCounts:
        return functions.fetch_lists(self)

    def sweep(self) -> SweepResult:
        return functions.sweep(self)

    def send_notices(self) -> MailRun:
        return functions.send_notices(self)

    def freshness(self) -> dict[str, int]:
        return functions.freshness(self)


def but(deps: Any, **given: Any) -> Any:
    """The same deps with other ports, or at another time."""
    fixed = {name: given.pop(name) for name in list(given) if isinstance(getattr(type(deps), name, None), property)}
    other = copy(deps)
    vars(other).update(given)
    if fixed:
        other.__class__ = type(type(deps).__name__, (type(deps),), fixed)
    return other


def deps_of(**given: Any) -> Any:
    """Deps with these ports and values only."""
    if "checker" in given:
        checker = given["checker"]()
        given = {"stage": checker.stage, "posts": checker.posts, "trust": lambda: checker.trust} | given
    return SimpleNamespace(**given)
