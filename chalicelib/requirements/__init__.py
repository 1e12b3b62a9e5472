"""Documents that a movement of goods needs."""
