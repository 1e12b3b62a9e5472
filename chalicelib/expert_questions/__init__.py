"""Lets an officer ask the Scientific Authority what goods are."""
