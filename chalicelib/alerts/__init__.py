"""Notifies the duty desks and keeps the watch-list."""
