"""Verdict on a document: the twelve checks of FORMAT.md, the border rules and the sentences."""
