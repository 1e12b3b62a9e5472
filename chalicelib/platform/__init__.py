"""Configuration, ports, `Deps`, `transact`, log, restore lock, uploaded files, the country's folder."""
