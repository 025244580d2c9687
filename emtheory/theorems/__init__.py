"""Theorem files and their verification: loading, cases, search, units of work, results."""
