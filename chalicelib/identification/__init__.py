"""Identification aid for goods in the hand: questions, candidates and their sources."""
