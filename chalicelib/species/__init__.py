"""Is the species list: Appendices, names, search, and how a new list is put in use."""
