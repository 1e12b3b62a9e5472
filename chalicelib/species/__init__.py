"""The species list: Appendices, names and search, and the two-person step that puts a new list in use."""
