"""Bytes to facts: what stands in a file that a stranger sent."""
