"""Implement the ports: AWS, in this process, other hosts."""
