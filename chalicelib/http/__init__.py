"""Is what every route does alike: parsing, problems, the authorizer."""
