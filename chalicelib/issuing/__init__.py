"""Issue permits: reserve the number, sign, print and seal."""
