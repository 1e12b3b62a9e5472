"""Errors, closed vocabularies, codes, document kinds, text, days, numbers, marks, roles, `Stage`, rows, file limits."""
