"""Encoders and decoders of the permit token: CBOR, COSE, claims, QR text, check code."""
