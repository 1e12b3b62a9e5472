"""Puts a sentence into the reader's language."""
