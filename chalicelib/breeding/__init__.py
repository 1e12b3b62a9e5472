"""Registers breeding and propagating operations with their yield."""
