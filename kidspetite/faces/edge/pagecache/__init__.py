"""Answers the catalogue's pages from memory, before Django is asked; see docs/performance.md."""
