"""Makes `Deps`, registers routes and commands, and holds the entry points of all functions."""
