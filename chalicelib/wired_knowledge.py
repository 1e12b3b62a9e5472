"""What this process judges by: lists, tables, trust and the offline bundle, each read when it is asked for, and kept.

Lazy, as `wired_ports.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib import log
from chalicelib.config import Config
from chalicelib.wired_ports import Ports

if TYPE_CHECKING:
    from chalicelib.bundle_parts import Part
    from chalicelib.core.ledger import Posts
    from chalicelib.core.listing import Listing
    from chalicelib.core.trust import Trust
    from chalicelib.core.trust_list import Pin
    from chalicelib.documents.sheet import Authority
    from chalicelib.services.hold_lists import HeldLists
    from chalicelib.services.hold_numbers import HeldNumbers
    from chalicelib.services.hold_species import HeldSpecies
    from chalicelib.services.hold_trust import HeldTrust
    from chalicelib.services.make_bundle import Bundle
    from chalicelib.services.verify_permit import Checker

BUNDLE_KEPT = (
    60  # seconds that a process hands out the offline bundle it put together: a read for each list and each day
)


class Knowledge(Ports):
    """Beside the ports, what is read through them."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._trust: HeldTrust | None = None
        self._bundle: tuple[int, Bundle] | None = None
        self._parts: tuple[int, Mapping[str, Part]] | None = None

    @property
    def listing(self) -> Listing:
        """The species list in use (`hold_species.py`). Raises `Unavailable` while none could be read."""
        return self.species.at(self.clock())

    @cached_property
    def species(self) -> HeldSpecies:
        from chalicelib import tables
        from chalicelib.services.hold_species import HeldSpecies, Release

        return HeldSpecies(
            Release(tables.species_rows, tables.listing, tables.listing_of),
            register=self.register,
            report=lambda error: log.fault(error, "species list"),
        )

    @property
    def posts(self) -> Posts:
        from chalicelib import tables

        return tables.posts(self.stage.issuer)

    @property
    def pins(self) -> tuple[Pin, ...]:
        """Our own first: where another Party's list names our host, ours has it (`Trust`)."""
        from chalicelib.core.trust_list import Pin

        return tuple(
            Pin(
                country,
                tuple(bytes.fromhex(t) for t in thumbprints),
                self.stage.practice,
                self.config.practice_hosts.get(country, ""),
            )
            for country, thumbprints in sorted(self.config.pins.items(), key=lambda item: item[0] != self.stage.issuer)
        )

    def trust(self) -> Trust:
        """The published trust lists, as `hold_trust` keeps them. Raises `Unavailable` while there are none."""
        from chalicelib.services.hold_trust import HeldTrust

        if self._trust is None:
            self._trust = HeldTrust(
                self.stage.issuer,
                self.pins,
                register=self.register,
                static=self.static,
                report=lambda error: log.fault(error, "trust"),
            )
        return self._trust.at(self.clock())

    @cached_property
    def numbers(self) -> HeldNumbers:
        from chalicelib.services.hold_numbers import HeldNumbers

        return HeldNumbers()

    @cached_property
    def own_lists(self) -> HeldLists:
        from chalicelib.services.hold_lists import HeldLists
        from chalicelib.services.publish_status import published

        return HeldLists(
            lambda uri: published(uri, static=self.static, trust=self.trust(), stage=self.stage),
            report=lambda error: log.fault(error, "status list"),
        )

    def checker(self) -> Checker:
        from chalicelib import tables
        from chalicelib.services import fetch_lists
        from chalicelib.services.verify_permit import Checker

        return Checker(
            self.stage, self.trust(), self.posts, tables.offline_limits(),
            listed=lambda issuer, uri: (
                self.own_lists.at(uri, self.clock())
                if issuer == self.stage.issuer
                else fetch_lists.listed(issuer, uri, static=self.static, trust=self.trust())
            ),
            numbers=self.numbers,
        )  # fmt: skip

    def bundle(self) -> Bundle:
        """What devices need offline, put together at most once a minute; the permission to ask is the edge's."""
        from chalicelib import tables
        from chalicelib.services import fetch_lists, make_bundle

        now = self.clock()
        if self._bundle is None or not 0 <= now - self._bundle[0] < BUNDLE_KEPT:
            made = make_bundle.bundle(
                register=self.register,
                static=self.static,
                stage=self.stage,
                posts=self.posts,
                offline_limits=tables.offline_limits(),
                party_lists=fetch_lists.kept(self.stage.issuer, pins=self.pins, static=self.static, now=now),
                parts={name: part.etag for name, part in self.bundle_parts().items()},
                tell=lambda country, count: log.party(country, "bundle", f"Lists too large for devices: {count}."),
                now=now,
            )
            self._bundle = (now, made)
        return self._bundle[1]

    def bundle_parts(self) -> Mapping[str, Part]:
        """What is fetched beside the bundle (`bundle_parts.PARTS`), made anew as seldom as the bundle itself."""
        from chalicelib import bundle_parts

        now = self.clock()
        if self._parts is None or not 0 <= now - self._parts[0] < BUNDLE_KEPT:
            self._parts = (now, bundle_parts.made(self))
        return self._parts[1]

    def freshness(self) -> dict[str, int]:
        """What every verifier needs anew in time: whole days of the trust list's life, seconds of the oldest list, how
        many changes are not published after ten minutes."""
        from chalicelib.services import publish_status

        now, trust = self.clock(), self.trust()
        own = trust.list_for(self.stage.issuer)
        return {
            "trust_list_days": max(0, own.expires_at - now) // 86400 if own else 0,
            "oldest_list": publish_status.oldest(static=self.static, trust=trust, stage=self.stage, now=now),
            "late_changes": 0
            if self.gate.not_open
            else publish_status.late_changes(
                register=self.register, static=self.static, trust=trust, stage=self.stage, now=now
            ),
        }

    @cached_property
    def authority(self) -> Authority:
        """Block 6."""
        from chalicelib import tables
        from chalicelib.documents.sheet import Authority

        issuer = self.stage.issuer
        fields, languages = tables.authority(issuer), tables.languages(issuer)
        own = tuple(fields[f"name_{each}"] for each in languages)
        return Authority(fields["name"], own, fields["address"], issuer, languages, tables.state(issuer))
