"""Reference data cached in a process between requests: trust, species list, status lists, numbers, offline bundle.

Each is read at its first use, and again after the time that its room sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.platform import log

if TYPE_CHECKING:
    from chalicelib.composition.ports import Ports
    from chalicelib.offline.services.bundle import Bundle, Part
    from chalicelib.species.services.list_in_use import SpeciesDeps, SpeciesListCache
    from chalicelib.trust.model.trust_list import Pin
    from chalicelib.trust.services.caches import StatusListCache, TrustCache
    from chalicelib.verification.services.accounts import NumberCache

BUNDLE_KEPT = 60  # seconds; the bundle is costly: it reads each status list and each day of uses


class Caches:
    """Caches of one process, filled through its ports."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._bundle: tuple[int, Bundle] | None = None
        self._parts: tuple[int, Mapping[str, Part]] | None = None

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pinned roots. Our own Party is first, so that our list wins if another Party's list names our host."""
        from chalicelib.trust.model.trust_list import Pin

        config = self._ports.config
        own_first = sorted(config.pins.items(), key=lambda item: item[0] != config.stage.issuer)
        return tuple(
            Pin(
                country,
                tuple(bytes.fromhex(each) for each in thumbprints),
                config.stage.practice,
                config.practice_hosts.get(country, ""),
            )
            for country, thumbprints in own_first
        )

    @cached_property
    def trust(self) -> TrustCache:
        from chalicelib.trust.services.caches import TrustCache

        return TrustCache(
            self._ports.stage.issuer,
            self.pins,
            register=self._ports.register,
            static=self._ports.static,
            report=lambda error: log.fault(error, "trust"),
        )

    @cached_property
    def species(self) -> SpeciesListCache:
        from chalicelib.species.services import list_in_use
        from chalicelib.species.services.list_in_use import SpeciesListCache

        return SpeciesListCache(
            list_in_use.release(),
            register=self._ports.register,
            report=lambda error: log.fault(error, "species list"),
            today=self._ports.stage.today,
        )

    @cached_property
    def numbers(self) -> NumberCache:
        from chalicelib.verification.services.accounts import NumberCache

        return NumberCache()

    @cached_property
    def own_lists(self) -> StatusListCache:
        from chalicelib.trust.services.caches import StatusListCache
        from chalicelib.trust.services.publish_status_lists import read_published

        ports = self._ports
        return StatusListCache(
            lambda uri: read_published(uri, static=ports.static, trust=self.trust.at(ports.clock()), stage=ports.stage),
            report=lambda error: log.fault(error, "status list"),
        )

    def bundle(self, deps: SpeciesDeps) -> Bundle:
        """Return the offline bundle, made at most once in `BUNDLE_KEPT` seconds."""
        from chalicelib.offline.services import bundle as offline_bundle
        from chalicelib.platform import country_folder
        from chalicelib.trust.services import party_lists

        if self._bundle is None or not 0 <= deps.now - self._bundle[0] < BUNDLE_KEPT:
            made = offline_bundle.bundle(
                deps,
                offline_limits=country_folder.offline_limits(),
                party_lists=party_lists.kept_lists(deps),
                parts={name: part.etag for name, part in self.bundle_parts(deps).items()},
                tell=lambda country, count: log.party_fault(
                    country, "bundle", f"Lists too large for devices: {count}."
                ),
            )
            self._bundle = (deps.now, made)
        return self._bundle[1]

    def bundle_parts(self, deps: SpeciesDeps) -> Mapping[str, Part]:
        """Return the files beside the bundle (`offline/services/bundle.py`), cached as long as the bundle."""
        from chalicelib.offline.services import bundle as offline_bundle

        if self._parts is None or not 0 <= deps.now - self._parts[0] < BUNDLE_KEPT:
            self._parts = (deps.now, offline_bundle.made(deps))
        return self._parts[1]
