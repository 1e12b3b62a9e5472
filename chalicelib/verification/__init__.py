"""Verdicts with the register: on a code, a file or a number, and what each reader may see of them."""
