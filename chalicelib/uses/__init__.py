"""Decides whether a permit may be used again: single use, used lines, limits."""
