"""AWS resources around the Chalice functions: `stage/*.yaml`, merged into the package by `template.py`."""
