"""The local run: the whole of Tamga on one machine, with an engine in the place of AWS."""
