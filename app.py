"""The Chalice application: every blueprint, and nothing else."""

from chalice.app import Chalice

from chalicelib import log
from chalicelib.edges import auth, http_border, http_permits, http_public, http_species, jobs
from chalicelib.edges.blueprint import BINARY

log.set_up()
app = Chalice(app_name="tamga", configure_logs=False)
app.api.binary_types = list(BINARY)
for edge in (auth, http_public, http_species, http_permits, http_border, jobs):
    app.register_blueprint(edge.blueprint)
