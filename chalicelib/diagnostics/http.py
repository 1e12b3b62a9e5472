"""Route for the health of the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib import __version__
from chalicelib.diagnostics.schemas import Check, Health
from chalicelib.http.blueprint import Blueprint, Call, json_response
from chalicelib.kernel.errors import NoMatch, TamgaError
from chalicelib.people.services import person_key

if TYPE_CHECKING:
    from chalicelib.diagnostics.services import DiagnosticsDeps


blueprint: Blueprint[DiagnosticsDeps] = Blueprint(__name__)


@blueprint.route("/v1/health", public=True, returns="Health")
def health(call: Call[DiagnosticsDeps]) -> Response:
    """Report the health of the parts that a verdict needs.

    200 if the register answers, a trust list is in force and no restore lock is on, else 503.
    """
    checks: dict[str, Check] = {
        "register": _answers(lambda: call.deps.register.get(person_key("health"))),
        "trust_list": _answers(lambda: _alive(call)),
    }
    if call.deps.restore_lock.is_locked:
        checks["restore"] = "failed"  # docs/OPERATIONS.md, "Restoring"
    up = all(state == "ok" for state in checks.values())
    body: Health = {"status": "ok" if up else "degraded", "version": __version__, "checks": checks}
    return json_response(body, 200 if up else 503)


def _alive(call: Call[DiagnosticsDeps]) -> None:
    own = call.deps.checker().trust.list_for(call.deps.stage.issuer)
    if own is None or own.expires_at <= call.now:
        raise NoMatch("No trust list in force.")


def _answers(ask: Callable[[], object]) -> Check:
    try:
        ask()
    except TamgaError:
        return "failed"
    return "ok"
