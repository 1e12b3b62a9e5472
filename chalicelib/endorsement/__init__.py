"""Writes and withdraws block 14, confirms paper stamps, keeps scans and photographs."""
