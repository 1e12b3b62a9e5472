"""Reserves the number, signs, prints and seals."""
