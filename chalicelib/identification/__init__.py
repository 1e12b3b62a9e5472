"""Is the aid that names goods in the hand."""
