"""Is what every command does alike: output, exit codes, tables, calls of the service."""
