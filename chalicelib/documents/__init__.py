"""Permits to bytes: the CITES form, its codes and its seal."""
