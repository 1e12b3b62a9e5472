"""Judges a code, a file or a number against the register, and decides what each reader may see."""
