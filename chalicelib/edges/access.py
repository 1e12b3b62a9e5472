"""The function `access` as AWS loads it: the authorizer, with this process's office."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.edges import auth
from chalicelib.edges.auth import access, blueprint

__all__ = ["access", "blueprint"]

auth.authenticate.set(lambda token: wiring.office().authenticate(token))
