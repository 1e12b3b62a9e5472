"""Make many permits from a table, step by step."""
