"""Bring a restored register up to date and open it again."""
