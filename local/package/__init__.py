"""The deployment package: locked wheels, chalice's archive trimmed and checked, its bill, its cold starts."""
