"""Code that all commands have in common: output, exit codes, tables, calls of the service."""
