"""The dossier: its lifecycle, rows, history, notices, changes of status, and differences from the status list."""
