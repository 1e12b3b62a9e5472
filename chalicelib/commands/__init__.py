"""The command line's groups, one a file. Importing any of them imports neither chalice, wiring nor an AWS library."""
