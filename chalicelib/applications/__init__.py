"""Applications: rules of what may be issued, drafts, decisions and overrides."""
