"""Who may come in at all: Chalice's built-in authorizer, over the access tokens of our user pool.

It only says who asks; what a person may do is decided where it is done (core.roles). A deny is therefore always
"sign in first", and the gateway answers it with 401 (GatewayResponse ACCESS_DENIED). The policy covers every route,
because the gateway may keep it for other calls with the same token.
"""

from __future__ import annotations

from typing import Any

from chalice.app import AuthRequest, AuthResponse, Blueprint

from chalicelib.kernel.errors import Unauthenticated
from chalicelib.kernel.roles import TOKEN_AT_MOST, Actor
from chalicelib.platform import log
from chalicelib.platform.deps import Provided

blueprint = Blueprint("chalicelib.composition.access")  # which AWS loads, alone: it sets `authenticate`

TTL = 60  # seconds that the gateway keeps an answer

authenticate: Provided[[str], Actor] = Provided()


def bearer(header: str) -> str:
    """The token of an Authorization header; raises `Unauthenticated`."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > TOKEN_AT_MOST or not token.isascii():
        raise Unauthenticated("Send a bearer token.")
    return token


@blueprint.authorizer(ttl_seconds=TTL, name="access")
def access(request: AuthRequest) -> AuthResponse | dict[str, Any]:
    """Allow with the person's id, name and roles, or an explicit Deny, which leaves a line."""
    log.set_up()  # on AWS app.py is not loaded
    try:
        actor = authenticate(bearer(request.token or ""))
    except Unauthenticated as error:
        log.refused(error.slug, "access", why=error.detail)
        return denied(request.method_arn)
    return AuthResponse(
        routes=["*"], principal_id=actor.id, context={"name": actor.name, "roles": ",".join(sorted(actor.roles))}
    )


def denied(method_arn: str) -> dict[str, Any]:
    """An Allow without resources is no valid policy: deny in so many words."""
    statement = {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": [method_arn]}
    return {
        "principalId": "nobody",
        "context": {},
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
