"""Sending of due mails, each at most once."""
