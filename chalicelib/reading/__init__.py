"""Parsers for hostile files (PDF, PNG, JPEG), run in a process or function without rights."""
