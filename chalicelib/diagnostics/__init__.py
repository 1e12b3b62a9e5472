"""Find problems of a stage or of a country's folder, each with its remedy."""
