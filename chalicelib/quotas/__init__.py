"""Quotas: the year's figures, and the count of what permits take of them."""
