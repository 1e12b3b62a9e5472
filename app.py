"""The Chalice application: registers all blueprints and does nothing else."""

from chalice.app import Chalice

from chalicelib.composition.routes import EVERY
from chalicelib.http.blueprint import BINARY
from chalicelib.platform import log

log.set_up()
app = Chalice(app_name="tamga", configure_logs=False)
app.api.binary_types = list(BINARY)
for blueprint in EVERY:
    app.register_blueprint(blueprint)
