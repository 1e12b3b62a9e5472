"""The private member of a PynamoDB model, for which it has no public call. No other module names one.

`_get_connection`: the connection that the model itself uses. Transactions need a `Connection`, and a second one would
cost a second client (200 ms of a cold start).
"""

from __future__ import annotations

from pynamodb.connection import Connection
from pynamodb.models import Model

CHECKED_WITH = "6.1.0"  # a test fails with another version until this module is looked through


def connection_of(model: type[Model]) -> Connection:
    """The connection of this model's table; made at the first call."""
    return model._get_connection().connection
