"""Sends and receives permits between Parties (EPIX, CITESEPermit XML)."""
