"""Holds the rules of what may be issued, the drafts, the decisions and the overrides."""
