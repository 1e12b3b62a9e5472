"""Composition root: makes `Deps`, registers routes and commands, and has the entry points of all functions."""
