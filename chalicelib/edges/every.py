"""Every blueprint of the HTTP interface and of the jobs, in the order in which they are registered; with the office."""

from __future__ import annotations

from chalice.app import Blueprint as ChaliceBlueprint

from chalicelib import wiring
from chalicelib.edges import (
    access,
    http_alerts,
    http_border,
    http_bundle,
    http_cases,
    http_deputies,
    http_exchange,
    http_experts,
    http_foreign,
    http_identification,
    http_overrides,
    http_patterns,
    http_people,
    http_permits,
    http_prints,
    http_public,
    http_quotas,
    http_reports,
    http_requirements,
    http_species,
    http_species_lists,
    http_stamps,
    http_take_back,
    jobs,
)
from chalicelib.edges.blueprint import Blueprint

ROUTES: tuple[Blueprint[wiring.Office], ...] = (
    http_public.blueprint,
    http_species.blueprint,
    http_requirements.blueprint,
    http_identification.blueprint,
    http_permits.blueprint,
    http_take_back.blueprint,
    http_prints.blueprint,
    http_overrides.blueprint,
    http_border.blueprint,
    http_alerts.blueprint,
    http_bundle.blueprint,
    http_cases.blueprint,
    http_exchange.blueprint,
    http_experts.blueprint,
    http_foreign.blueprint,
    http_patterns.blueprint,
    http_people.blueprint,
    http_stamps.blueprint,
    http_deputies.blueprint,
    http_quotas.blueprint,
    http_species_lists.blueprint,
    http_reports.blueprint,
)
for each in ROUTES:
    each.office.set(wiring.office)

EVERY: tuple[ChaliceBlueprint, ...] = (access.blueprint, *ROUTES, jobs.blueprint)
