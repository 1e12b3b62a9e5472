"""Holds configuration, ports, `Deps`, `transact`, log, restore lock, files, the country's folder."""
