"""Trust lists, keys and their rotation, and status lists."""
