"""Holds the dossier, its lifecycle, rows, history and notices, changes of its status, and differences
from the published list.
"""
