"""Finds what is wrong with a stage or with a country's folder, and says what to do."""
