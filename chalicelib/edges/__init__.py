"""HTTP and event handlers; the only importers of chalice besides app.py."""
