"""Authorizer of the gateway: Chalice's built-in one, for the access tokens of our user pool.

It only identifies the person. Each route checks the person's rights (`kernel/roles.py`). A Deny therefore always means
"sign in first", and the gateway answers it with 401 (GatewayResponse ACCESS_DENIED). The policy covers every route,
because the gateway may cache it for other calls with the same token.
"""

from __future__ import annotations

from typing import Any

from chalice.app import AuthRequest, AuthResponse, Blueprint

from chalicelib.kernel.errors import Unauthenticated
from chalicelib.kernel.roles import TOKEN_AT_MOST, Actor
from chalicelib.platform import log
from chalicelib.platform.deps import Provided

blueprint = Blueprint("chalicelib.composition.access")  # AWS loads only this module; it sets `authenticate`

TTL = 60  # seconds that the gateway caches an answer

authenticate: Provided[[str], Actor] = Provided()


def bearer(header: str) -> str:
    """Return the token of an Authorization header. Raises `Unauthenticated`."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > TOKEN_AT_MOST or not token.isascii():
        raise Unauthenticated("Send a bearer token.")
    return token


@blueprint.authorizer(ttl_seconds=TTL, name="access")
def access(request: AuthRequest) -> AuthResponse | dict[str, Any]:
    """Return an Allow with the person's id, name and roles, or an explicit Deny, which is logged."""
    log.set_up()  # on AWS this function does not load app.py
    try:
        actor = authenticate(bearer(request.token or ""))
    except Unauthenticated as error:
        log.refusal(error.slug, "access", why=error.detail)
        return denied(request.method_arn)
    return AuthResponse(
        routes=["*"], principal_id=actor.id, context={"name": actor.name, "roles": ",".join(sorted(actor.roles))}
    )


def denied(method_arn: str) -> dict[str, Any]:
    """Return an explicit Deny policy, because an Allow without resources is no valid policy."""
    statement = {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": [method_arn]}
    return {
        "principalId": "nobody",
        "context": {},
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
