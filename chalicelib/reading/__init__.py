"""Turns a stranger's file into findings, in a process or function without rights."""
