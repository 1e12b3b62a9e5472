"""Looks for suspicious patterns, keeps the flags and escalates them."""
