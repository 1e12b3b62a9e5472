"""Keeps the stock of security stamps."""
