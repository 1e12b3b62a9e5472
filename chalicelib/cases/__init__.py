"""Keeps seizures and their custody, and exchanges them with the wildlife-crime database."""
