"""Entry point of the function `access` on AWS: the authorizer with this process's container."""

from __future__ import annotations

from chalicelib.composition import container
from chalicelib.http import authorizer
from chalicelib.http.authorizer import access, blueprint

__all__ = ["access", "blueprint"]

authorizer.authenticate.set(lambda token: container.deps().authenticate(token))
