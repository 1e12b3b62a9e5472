"""What stands around the Chalice functions on AWS: `stage/*.yaml`, merged into the package by `template.py`."""
