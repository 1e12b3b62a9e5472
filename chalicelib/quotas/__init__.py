"""Sets the year's figures and counts what permits take of them."""
