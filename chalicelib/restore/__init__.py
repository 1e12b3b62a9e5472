"""Brings a restored register up to date and opens it again."""
