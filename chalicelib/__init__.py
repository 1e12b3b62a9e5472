"""Tamga: CITES permits that are signed, carried in a QR code and used exactly once."""

__version__ = "0.2.0"
