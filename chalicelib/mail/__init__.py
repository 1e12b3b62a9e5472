"""Sends due mails, each at most once."""
