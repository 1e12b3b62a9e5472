"""Knows persons, posts, agencies' sight and deputies."""
