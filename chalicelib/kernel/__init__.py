"""Holds errors, closed vocabularies, codes, document kinds, text, days, numbers, marks, roles, `Stage`, rows."""
