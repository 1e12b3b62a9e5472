"""Implementations of the ports: on AWS, in this process, and for other hosts."""
