"""Take over permits that were issued on paper before Tamga."""
