"""Says which documents a movement of goods needs."""
