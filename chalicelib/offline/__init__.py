"""Registers devices, makes their bundle, and takes in what they recorded without a connection."""
