"""Turns a table into many permits, step by step."""
