"""Holds the twelve numbered checks of FORMAT.md, the border rules and the sentences."""
