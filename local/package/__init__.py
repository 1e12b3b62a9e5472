"""The deployment package: locked wheels, chalice's archive trimmed and checked, bill of materials, cold starts."""
