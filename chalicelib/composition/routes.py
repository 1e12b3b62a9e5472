"""All blueprints of the HTTP interface and of the jobs, in the order of registration. Each route gets the container."""

from __future__ import annotations

from chalice.app import Blueprint as ChaliceBlueprint

from chalicelib.alerts import http as alerts_http
from chalicelib.applications import http as applications_http
from chalicelib.breeding import http as breeding_http
from chalicelib.cases import http as cases_http
from chalicelib.composition import access, api_pages, container, jobs
from chalicelib.diagnostics import http as diagnostics_http
from chalicelib.endorsement import http as endorsement_http
from chalicelib.exchange import http as exchange_http
from chalicelib.expert_questions import http as expert_questions_http
from chalicelib.foreign_permits import http as foreign_permits_http
from chalicelib.http.blueprint import Blueprint
from chalicelib.identification import http as identification_http
from chalicelib.issuing import http as issuing_http
from chalicelib.offline import http as offline_http
from chalicelib.people import http as people_http
from chalicelib.permits import http as permits_http
from chalicelib.quotas import http as quotas_http
from chalicelib.reports import http as reports_http
from chalicelib.requirements import http as requirements_http
from chalicelib.species import http as species_http
from chalicelib.stamps import http as stamps_http
from chalicelib.suspicions import http as suspicions_http
from chalicelib.trust import http as trust_http
from chalicelib.verification import http as verification_http

ROUTES: tuple[Blueprint[container.Container], ...] = (
    verification_http.blueprint,
    trust_http.blueprint,
    diagnostics_http.blueprint,
    api_pages.blueprint,
    species_http.blueprint,
    requirements_http.blueprint,
    identification_http.blueprint,
    applications_http.blueprint,
    permits_http.blueprint,
    issuing_http.blueprint,
    endorsement_http.blueprint,
    alerts_http.blueprint,
    offline_http.blueprint,
    cases_http.blueprint,
    exchange_http.blueprint,
    expert_questions_http.blueprint,
    foreign_permits_http.blueprint,
    suspicions_http.blueprint,
    breeding_http.blueprint,
    people_http.blueprint,
    stamps_http.blueprint,
    quotas_http.blueprint,
    reports_http.blueprint,
)

for each in ROUTES:
    each.container.set(container.deps)

EVERY: tuple[ChaliceBlueprint, ...] = (access.blueprint, *ROUTES, jobs.blueprint)
