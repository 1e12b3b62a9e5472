"""Sentences and dates in the reader's language."""
