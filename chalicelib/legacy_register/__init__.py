"""Takes over permits issued on paper before Tamga."""
