"""Suspicious patterns: small named rules over plain values; `table.py` lists them."""
