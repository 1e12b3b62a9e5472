"""Encodes and decodes: CBOR, COSE, claims, QR text, check code."""
