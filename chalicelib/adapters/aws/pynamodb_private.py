"""Access to a private member of a PynamoDB model that has no public call. No other module names one.

`_get_connection`: the connection of the model. Transactions need a `Connection`, and a second one would need a second
client (200 ms of a cold start).
"""

from __future__ import annotations

from pynamodb.connection import Connection
from pynamodb.models import Model

CHECKED_WITH = "6.1.0"  # a test fails with another version: review this module, then set the new one


def connection_of(model: type[Model]) -> Connection:
    """Return the connection of the model's table, made at the first call."""
    return model._get_connection().connection
