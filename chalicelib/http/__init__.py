"""HTTP code that all routes have in common: parsing, problems, the authorizer."""
