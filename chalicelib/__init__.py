"""Tamga: CITES permits that are signed, carried in a QR code and used exactly once."""

__version__ = "0.9.0"
